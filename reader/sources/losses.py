"""What a source leaves out on purpose, counted: no text is lost without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from reader.markup import XML_FORBIDDEN
from reader.model import DocumentWarning

__all__ = ["BACKLINKS", "LEFT_OUT", "PICTURES", "Losses", "count_of", "pictures_left_out"]

BACKLINKS = "links back from notes"
"""A kind: outputs have their own."""

LEFT_OUT = "left-out"
"""Code of these warnings."""

PICTURES = "image-left-out"
"""Code of the warnings that tell of pictures."""

_SHOWN = 20
_COUNT = re.compile(r" ([\d,]+) characters?(?:,|$)")


@dataclass(slots=True)
class _Loss:
    parts: int
    characters: int
    line: int | None
    place: str
    excerpt: str


class Losses:
    """Counts what is left out, by its kind: how much it is, where it first stands, how it begins.

    >>> losses = Losses()
    >>> losses.add("navigation", "首页 新闻", line=3)
    >>> losses.add("navigation", "体育")
    >>> losses.warnings()[0].message
    'left out as navigation: 2 parts, 6 characters, the first “首页 新闻”'
    """

    def __init__(self, *, made: Iterable[str] = ()) -> None:
        """What was made on the way, and stands in no source, is of the kinds `made`: no loss."""
        self._by_kind: dict[str, _Loss] = {}
        self._made = frozenset(made)

    def add(self, kind: str, text: str, *, line: int | None = None, place: str = "") -> None:
        """One part of the source, with all its text; one without any is no loss.

        `place` is the file in the source, where it has several, that the line is of.
        """
        characters = sum(map(len, text.split()))
        if not characters or kind in self._made:
            return
        loss = self._by_kind.get(kind)
        if loss is None:
            loss = self._by_kind[kind] = _Loss(0, 0, line, place, _beginning(text))
        loss.parts += 1
        loss.characters += characters

    def warnings(self) -> list[DocumentWarning]:
        """One for each kind."""
        return [
            DocumentWarning(_message(kind, loss), LEFT_OUT, line=None if loss.place else loss.line)
            for kind, loss in self._by_kind.items()
        ]


def _beginning(text: str) -> str:
    words = " ".join(re.sub(XML_FORBIDDEN, "", text[: 50 * _SHOWN]).split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"


def _message(kind: str, loss: _Loss) -> str:
    parts = "1 part" if loss.parts == 1 else f"{loss.parts:,} parts"
    unit = "character" if loss.characters == 1 else "characters"
    first = "" if loss.parts == 1 else "the first "
    if loss.place:
        line = f", line {loss.line}" if loss.line else ""
        first += f"in {loss.place}{line}: "
    return f"left out as {kind}: {parts}, {loss.characters:,} {unit}, {first}“{loss.excerpt}”"


def count_of(warning: DocumentWarning) -> int:
    """The characters that a warning of this kind counts; white space is not counted.

    >>> losses = Losses()
    >>> losses.add("comments", "好 " * 1200)
    >>> count_of(losses.warnings()[0])
    1200
    """
    found = _COUNT.search(warning.message) if warning.code == LEFT_OUT else None
    return int(found[1].replace(",", "")) if found else 0


def pictures_left_out(count: int) -> tuple[DocumentWarning, ...]:
    """That a format's pictures are not read, if there are any; they have no text to count."""
    if not count:
        return ()
    number = "1 image was" if count == 1 else f"{count:,} images were"
    return (DocumentWarning(f"{number} left out: none is read from this format", PICTURES),)
