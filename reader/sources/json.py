"""JSON as `reader.writers.json` writes it, read back to an equal document."""

from __future__ import annotations

import binascii
import gc
import json
import re
from base64 import b64decode
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from reader.encoding import require_encoding
from reader.errors import SourceError
from reader.layers import evident_layers
from reader.lexicon.levels import hsk_level
from reader.model import (
    Block,
    BlockKind,
    Correction,
    Cue,
    Document,
    DocumentWarning,
    Levels,
    Link,
    Mark,
    MarkKind,
    Metadata,
    Note,
    Reading,
    ReadingSource,
    Resource,
    Segment,
    Span,
    Token,
    TokenKind,
    Translation,
)
from reader.options import SourceOptions
from reader.pinyin.syllables import check_syllables

__all__ = ["read_json"]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

_REQUIRED: Any = object()


class _Malformed(ValueError):
    """A value that is not of the right kind; the message begins with its location."""


class _Object:
    """A JSON object and its location in the document, such as `blocks[3].tokens[0]`.

    Each method takes one field; without a default, the field must be there. What is not of the
    right type raises `_Malformed`.
    """

    __slots__ = ("_parent", "_step", "value")

    def __init__(self, value: Any, step: str, parent: _Object | None = None) -> None:
        self._parent = parent
        self._step = step
        if not isinstance(value, dict):
            raise self.wrong("is not an object")
        self.value: dict[str, Any] = value

    @property
    def location(self) -> str:
        before = self._parent.location if self._parent else ""
        return f"{before}.{self._step}" if before else self._step

    def wrong(self, message: str) -> _Malformed:
        """An error that says where it is.

        >>> str(_Object({}, "blocks[0]").wrong('"text" is missing'))
        'blocks[0]: "text" is missing'
        """
        location = self.location
        return _Malformed(f"{location}: {message}" if location else message)

    def build(self, make: Callable[..., T], *values: Any) -> T:
        """What `make` makes of `values`; a value it refuses is wrong here."""
        try:
            return make(*values)
        except _Malformed:
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
        value = self.value.get(name, False)
        if not isinstance(value, bool):
            raise self.wrong(f'"{name}" is not true or false')
        return value

    def number(self, name: str, default: float = _REQUIRED) -> float:
        value = self.value.get(name, default)
        if value is not _REQUIRED and type(value) is int:
            return self.build(float, value)
        return self._field(name, default, float, "a number")

    def choice(self, name: str, kinds: type[E], default: E = _REQUIRED) -> E:
        value = self.text(name, default)
        try:
            return kinds(value)
        except ValueError:
            known = ", ".join(kinds)
            raise self.wrong(f'"{name}" is {value!r}, not one of {known}') from None

    def texts(self, name: str) -> tuple[str, ...]:
        return self._texts(self._list(name), name)

    def lists(self, name: str) -> tuple[tuple[str, ...], ...]:
        """A list of lists of strings."""
        return tuple(self._texts(item, name) for item in self._list(name))

    def integers(self, name: str) -> tuple[int, ...]:
        value = self._list(name)
        if not all(type(item) is int for item in value):
            raise self.wrong(f'"{name}" does not hold integers')
        return tuple(value)

    def items(self) -> tuple[tuple[str, str], ...]:
        """Every field, all of them strings."""
        return tuple((name, self.text(name)) for name in self.value)

    def pairs(self, name: str, make: Callable[[int, int], T]) -> Iterator[T]:
        """What is made of each `[start, end]` in a list."""
        for pair in self._list(name):
            if not isinstance(pair, list) or [type(end) for end in pair] != [int, int]:
                raise self.wrong(f'"{name}" holds {pair!r}, not [start, end]')
            yield self.build(make, *pair)

    def child(self, name: str) -> _Object:
        return _Object(self.value.get(name), name, self)

    def each(self, name: str, read: Callable[[_Object], T]) -> Iterator[T]:
        """What `read` makes of each object in a list."""
        for number, value in enumerate(self._list(name)):
            yield read(_Object(value, f"{name}[{number}]", self))

    def _list(self, name: str) -> list[Any]:
        value = self.value.get(name, [])
        if not isinstance(value, list):
            raise self.wrong(f'"{name}" is not a list')
        return value

    def _texts(self, value: Any, name: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(f'"{name}" does not hold strings')
        return tuple(value)

    def _field(self, name: str, default: T, kind: type[T], called: str) -> T:
        value = self.value.get(name, default)
        if value is _REQUIRED:
            raise self.wrong(f'"{name}" is missing')
        # bool is an int to Python, but not to JSON.
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.wrong(f'"{name}" is not {called}')
        return value


_FORMAT = "annotated-reader"
_VERSION = 2
_READ_VERSIONS = (1, _VERSION)
"""Of version 1 a token's `level` was an integer of HSK 2025, 7 for 7-9, and no layers were said."""


def read_json(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in `data`.

    Raises `SourceError` with the line where it is not JSON, and with the location
    in it (`blocks[3].tokens[0].reading`) where it is not a document.
    """
    try:
        with _without_garbage_collection():
            document = _document(_Object(_parse(_decode(data, path, options), path), ""))
    except _Malformed as error:
        raise SourceError(str(error), path=path) from error
    except RecursionError as error:
        raise SourceError("is not a document: nested too deeply", path=path) from error
    return replace(document, metadata=options.override(document.metadata))


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """No garbage collection: there are no cycles, and looking for them takes most of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _decode(data: bytes, path: Path | None, options: SourceOptions) -> str:
    encoding = options.encoding or json.detect_encoding(data)
    try:
        return data.removeprefix(BOM_UTF8).decode(require_encoding(encoding))
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not {error.encoding}"
        raise SourceError(message, path=path) from error


def _parse(text: str, path: Path | None) -> Any:
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        excerpt = text[max(0, error.pos - 20) : error.pos + 20].strip()
        message = f"is not JSON: {error.msg} (column {error.colno})"
        raise SourceError(message, path=path, line=error.lineno, excerpt=excerpt) from error
    except SourceError as error:
        raise SourceError(error.message, path=path) from error
    except ValueError as error:  # Python's own limit
        raise SourceError("is not JSON: a number has too many digits", path=path) from error
    if _HALF.search(text):
        _refuse_halves(value, path)
    return value


_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def _refuse_halves(value: Any, path: Path | None) -> None:
    """JSON can spell half of a pair of surrogates, which nothing can write or send."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        message = f"lone surrogate U+{ord(error.object[error.start]):04X} is half a character"
        excerpt = error.object[max(0, error.start - 20) : error.start + 20]
        raise SourceError(message, path=path, excerpt=excerpt) from None


def _refuse_constant(name: str) -> float:
    raise SourceError(f"is not JSON: {name} is not a number")


def _document(root: _Object) -> Document:
    if root.text("format", "") != _FORMAT:
        raise root.wrong(f'"format" is not "{_FORMAT}"')
    version = root.integer("version")
    if version not in _READ_VERSIONS:
        raise root.wrong(f'"version" is not {_VERSION}; a newer release of reader may know it')
    reader = _Blocks()
    blocks = tuple(root.each("blocks", reader.read))
    return root.build(
        Document,
        _metadata(root.child("metadata")),
        blocks,
        _translation(root.child("translation"), reader) if root.has("translation") else None,
        tuple(root.each("warnings", _warning)),
        tuple(root.each("resources", _resource)),
        evident_layers(blocks) if version == 1 else root.texts("layers"),
    )


def _metadata(fields: _Object) -> Metadata:
    names = ("title", "date", "publisher", "description", "identifier", "rights", "source")
    texts = {name: fields.text(name, "") for name in (*names, "traditional")}
    return Metadata(authors=fields.texts("authors"), language=fields.text("language"), **texts)


def _translation(fields: _Object, blocks: _Blocks) -> Translation:
    return Translation(
        fields.text("language"),
        tuple(fields.each("blocks", blocks.read)),
        tuple(fields.each("links", _link)),
        fields.text("translator", ""),
        fields.flag("machine"),
    )


class _Blocks:
    """Reads blocks; tokens that are equal become one object."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}

    def read(self, fields: _Object) -> Block:
        return fields.build(
            Block,
            fields.text("text"),
            fields.choice("kind", BlockKind, BlockKind.PARAGRAPH),
            tuple(fields.each("tokens", self._token)),
            _marks(fields),
            tuple(fields.each("notes", _note)),
            tuple(fields.pairs("sentences", Span)),
            tuple(fields.each("corrections", _correction)),
            fields.integer("level", 1),
            *(fields.text(name, "") for name in ("language", "id", "resource", "ordinal")),
            _cue(fields.child("cue")) if fields.has("cue") else None,
        )

    def _token(self, fields: _Object) -> Token:
        # Printing a token costs a fifth of building one, and most have been seen before.
        key = repr(fields.value)
        token = self._tokens.get(key)
        if token is None:
            token = self._tokens[key] = _token(fields)
        return token


def _cue(fields: _Object) -> Cue:
    times = fields.integer("start"), fields.integer("end")
    return fields.build(
        Cue, *times, *(fields.text(name, "") for name in ("position", "speaker", "style"))
    )


def _token(fields: _Object) -> Token:
    return fields.build(
        Token,
        fields.text("text"),
        fields.choice("kind", TokenKind, TokenKind.WORD),
        fields.text("simplified", ""),
        fields.text("traditional", ""),
        _reading(fields.child("reading")) if fields.has("reading") else None,
        fields.flag("proper"),
        fields.texts("senses"),
        _levels(fields),
    )


def _levels(fields: _Object) -> Levels:
    if fields.has("levels"):
        return tuple(sorted(fields.child("levels").items()))
    if fields.has("level"):  # of version 1
        return fields.build(hsk_level, fields.integer("level"))
    return ()


def _reading(fields: _Object) -> Reading:
    return fields.build(
        Reading,
        fields.build(check_syllables, fields.texts("syllables")),
        fields.choice("source", ReadingSource),
        fields.number("probability", 1.0),
        tuple(
            fields.build(check_syllables, syllables) for syllables in fields.lists("alternatives")
        ),
        fields.integers("breaks"),
        fields.integers("capitals"),
    )


MOST_MARKS = 512
"""Marks over one place."""
MOST_CROSSING = 64
"""Marks that begin in one mark and end after it, at one place: elements nest, so where a mark ends
these are closed and opened again, and a document of many would be written as the square of it."""


def _marks(fields: _Object) -> tuple[Mark, ...]:
    marks = tuple(fields.each("marks", _mark))
    if len(marks) > MOST_CROSSING:
        _check_nesting(fields, [(mark.start, mark.end) for mark in marks if mark.start < mark.end])
    return marks


def _check_nesting(fields: _Object, spans: list[tuple[int, int]]) -> None:
    starting = sorted(spans, key=lambda span: (-span[0], span[1]))
    ends: list[int] = []
    """Of what is open, the outermost first."""
    for bound in sorted({bound for span in spans for bound in span}):
        ended = next((at for at, end in enumerate(ends) if end <= bound), len(ends))
        ends[ended:] = [end for end in ends[ended:] if end > bound]
        if len(ends) - ended > MOST_CROSSING:
            raise fields.wrong(f"more than {MOST_CROSSING} marks cross at {bound}")
        while starting and starting[-1][0] == bound:
            ends.append(starting.pop()[1])
        if len(ends) > MOST_MARKS:
            raise fields.wrong(f"more than {MOST_MARKS} marks lie over {bound}")


def _mark(fields: _Object) -> Mark:
    attributes = fields.child("attributes") if fields.has("attributes") else None
    return fields.build(
        Mark,
        fields.integer("start"),
        fields.integer("end"),
        fields.choice("kind", MarkKind),
        tuple(attributes.items()) if attributes else (),
    )


def _note(fields: _Object) -> Note:
    return fields.build(
        Note,
        fields.integer("start"),
        fields.integer("end"),
        fields.text("term"),
        fields.text("simplified"),
        fields.text("traditional"),
        fields.build(check_syllables, fields.texts("syllables")),
        fields.text("gloss"),
        fields.text("text", ""),
        fields.texts("tags"),
        fields.integers("breaks"),
        fields.integers("capitals"),
    )


def _correction(fields: _Object) -> Correction:
    return fields.build(
        Correction,
        fields.integer("start"),
        fields.integer("end"),
        fields.text("corrected"),
        fields.text("reason"),
        fields.number("probability", 1.0),
    )


def _link(fields: _Object) -> Link:
    return fields.build(
        Link,
        tuple(fields.each("sources", _segment)),
        tuple(fields.each("targets", _segment)),
        fields.number("score", 1.0),
        fields.flag("by_hand"),
    )


def _segment(fields: _Object) -> Segment:
    sentence = fields.integer("sentence") if fields.has("sentence") else None
    return Segment(fields.integer("block"), sentence)


def _warning(fields: _Object) -> DocumentWarning:
    numbers = ("block", "start", "end", "line")
    return DocumentWarning(
        fields.text("message"),
        fields.text("code", ""),
        *(fields.integer(name) if fields.has(name) else None for name in numbers),
    )


def _resource(fields: _Object) -> Resource:
    try:
        data = b64decode(fields.text("data"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise fields.wrong(f'"data" is not base64: {error}') from error
    return fields.build(Resource, fields.text("name"), fields.text("media_type"), data)
