"""Fields of a JSON object, each checked as it is taken, and every complaint with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Any, TypeVar

__all__ = ["Fields", "Malformed"]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_REQUIRED: Any = object()


class Malformed(ValueError):
    """A value that is not what its place asks for; the message begins with the place."""


class Fields:
    """A JSON object and its place in the document, such as `blocks[3].tokens[0]`.

    Each method takes one field; without a default, the field must be there. What is not of the
    right type raises `Malformed`.
    """

    __slots__ = ("_parent", "_step", "value")

    def __init__(self, value: Any, step: str, parent: Fields | None = None) -> None:
        self._parent = parent
        self._step = step
        if not isinstance(value, dict):
            raise self.wrong("is not an object")
        self.value: dict[str, Any] = value

    @property
    def place(self) -> str:
        before = self._parent.place if self._parent else ""
        return f"{before}.{self._step}" if before else self._step

    def wrong(self, message: str) -> Malformed:
        """An error that says where it is.

        >>> str(Fields({}, "blocks[0]").wrong('"text" is missing'))
        'blocks[0]: "text" is missing'
        """
        place = self.place
        return Malformed(f"{place}: {message}" if place else message)

    def build(self, make: Callable[..., T], *values: Any) -> T:
        """What `make` makes of `values`; a value it refuses is wrong here."""
        try:
            return make(*values)
        except Malformed:
            raise
        except ValueError as error:
            raise self.wrong(str(error)) from error

    def has(self, name: str) -> bool:
        return self.value.get(name) is not None

    def text(self, name: str, default: str = _REQUIRED) -> str:
        return self._field(name, default, str, "a string")

    def integer(self, name: str, default: int = _REQUIRED) -> int:
        return self._field(name, default, int, "an integer")

    def flag(self, name: str) -> bool:
        found = self.value.get(name, False)
        if not isinstance(found, bool):
            raise self.wrong(f'"{name}" is not true or false')
        return found

    def number(self, name: str, default: float = _REQUIRED) -> float:
        found = self.value.get(name, default)
        if found is not _REQUIRED and type(found) is int:
            return self.build(float, found)
        return self._field(name, default, float, "a number")

    def choice(self, name: str, kinds: type[E], default: E = _REQUIRED) -> E:
        found = self.text(name, default)
        try:
            return kinds(found)
        except ValueError:
            known = ", ".join(kinds)
            raise self.wrong(f'"{name}" is {found!r}, not one of {known}') from None

    def texts(self, name: str) -> tuple[str, ...]:
        return self._texts(self._list(name), name)

    def lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of strings."""
        return tuple(self._texts(each, name) for each in self._list(name))

    def integers(self, name: str) -> tuple[int, ...]:
        found = self._list(name)
        if not all(type(each) is int for each in found):
            raise self.wrong(f'"{name}" does not hold integers')
        return tuple(found)

    def items(self) -> tuple[tuple[str, str], ...]:
        """Every field, all of them strings."""
        return tuple((name, self.text(name)) for name in self.value)

    def pairs(self, name: str, make: Callable[[int, int], T]) -> Iterator[T]:
        """What is made of each `[start, end]` in a list."""
        for pair in self._list(name):
            if not isinstance(pair, list) or [type(end) for end in pair] != [int, int]:
                raise self.wrong(f'"{name}" holds {pair!r}, not [start, end]')
            yield self.build(make, *pair)

    def child(self, name: str) -> Fields:
        return Fields(self.value.get(name), name, self)

    def each(self, name: str, read: Callable[[Fields], T]) -> Iterator[T]:
        """What `read` makes of each object in a list."""
        for number, value in enumerate(self._list(name)):
            yield read(Fields(value, f"{name}[{number}]", self))

    def _list(self, name: str) -> list[Any]:
        found = self.value.get(name, [])
        if not isinstance(found, list):
            raise self.wrong(f'"{name}" is not a list')
        return found

    def _texts(self, found: Any, name: str) -> tuple[str, ...]:
        if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
            raise self.wrong(f'"{name}" does not hold strings')
        return tuple(found)

    def _field(self, name: str, default: T, kind: type[T], called: str) -> T:
        found = self.value.get(name, default)
        if found is _REQUIRED:
            raise self.wrong(f'"{name}" is missing')
        # bool is an int to Python, but not to JSON.
        if not isinstance(found, kind) or isinstance(found, bool):
            raise self.wrong(f'"{name}" is not {called}')
        return found
