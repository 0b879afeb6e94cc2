"""Plain text: bytes to lines to blocks, in memory that does not grow with the text.

A text is read twice. The first pass decodes it, finds what is wrong with it and notes the few
facts about the whole that the second needs; the second yields a block for each line that is not
blank. `base_text` says which text the blocks hold.
"""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from reader.errors import SourceError
from reader.files import open_file, readable_name
from reader.model import Block, Document, DocumentWarning, Metadata, Stream
from reader.options import SourceOptions
from reader.sources.encoding import WIDER, recognise, require_encoding
from reader.sources.line_patterns import FRONT, front_matter, has_han
from reader.sources.line_structure import Facts, Line, recognise_blocks, unmarked

__all__ = ["LONGEST_LINE", "base_text", "from_text", "read_plain", "stream_plain"]

LONGEST_LINE = 5_000_000
"""Characters. A line is a paragraph, and one longer than five novels is something else."""

_PORTION = 1 << 20
_NAMED = 100
"""Lines whose control characters are named one by one; those after them are counted."""

# What XML 1.0, production 2, forbids, without the surrogates, which no decoder lets through.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = "[\ud800-\udfff]"

Opener = Callable[[], BinaryIO]
Portions = Callable[[], Iterator[str]]
"""The text from its beginning, in parts of whole lines, a line feed understood between them."""


def read_plain(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in the bytes of a plain text; the rules are in docs/text-format.md."""
    return _stream(lambda: io.BytesIO(data), path, options).gather()


def stream_plain(path: Path, *, options: SourceOptions) -> Stream:
    """The same, block by block, in constant memory; the file must not change meanwhile."""
    return _stream(lambda: open_file(path), path, options)


def from_text(text: str, *, options: SourceOptions) -> Document:
    """The document in a text already decoded."""
    found = re.search(_SURROGATE, text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        code = ord(found.group())
        raise SourceError(f"lone surrogate U+{code:04X} is half a character", line=line)

    def portions() -> Iterator[str]:
        parts = (text[i : i + _PORTION] for i in range(0, len(text), _PORTION))
        return _whole_lines(_with_line_feeds(parts), None)

    return _assemble(portions, None, options).gather()


def base_text(text: str) -> str:
    """The text that the document made of `text` holds: its lines without the blank ones.

    Line ends become line feeds; control characters that XML forbids and light markup are gone;
    all else, indents and trailing spaces included, is as written.

    >>> base_text("# 題目\\r\\n\\r\\n　　正文。 \\r\\n")
    '題目\\n　　正文。 '
    """
    whole = "".join(_with_line_feeds([text]))
    lines = (unmarked(line) for line in _FORBIDDEN.sub("", whole).split("\n"))
    return "\n".join(line for line in lines if line and not line.isspace())


def _stream(opener: Opener, path: Path | None, options: SourceOptions) -> Stream:
    if options.encoding is not None:
        return _assemble(_decoded(opener, require_encoding(options.encoding), path), path, options)
    with opener() as file:
        encoding = recognise(file, path)
    try:
        return _assemble(_decoded(opener, encoding, path), path, options)
    except SourceError:
        if encoding not in WIDER:
            raise
        return _assemble(_decoded(opener, WIDER[encoding], path), path, options)


def _assemble(portions: Portions, path: Path | None, options: SourceOptions) -> Stream:
    """Both passes: the first now, the second as the blocks are taken."""
    survey = _Survey()
    for portion in portions():
        survey.add(portion)
    _require_chinese(survey, path, options)
    head = front_matter(list(islice(_blocks(portions, survey.facts), FRONT)))
    metadata = _metadata(head, options, path)
    return Stream(metadata, _blocks(portions, survey.facts), warnings=survey.all_warnings())


def _metadata(head: Metadata, options: SourceOptions, path: Path | None) -> Metadata:
    """What the caller says wins over what the text says of itself, and that over the file name."""
    metadata = options.override(head)
    if path is None:
        return metadata
    title = metadata.title or readable_name(path.stem)
    return replace(metadata, title=title, source=readable_name(path.name))


def _require_chinese(survey: _Survey, path: Path | None, options: SourceOptions) -> None:
    if not survey.has_text:
        raise SourceError("is empty", path=path)
    foreign = options.language and not options.language.lower().startswith("zh")
    if not foreign and not survey.has_han:
        raise SourceError("has no Chinese text", path=path)


def _decoded(opener: Opener, encoding: str, path: Path | None) -> Portions:
    return lambda: _whole_lines(_with_line_feeds(_decode(opener, encoding, path)), path)


def _decode(opener: Opener, encoding: str, path: Path | None) -> Iterator[str]:
    """The file in portions; bytes that do not decode are an error with their offset in it."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    with opener() as file:
        while True:
            data = file.read(_PORTION)
            start = offset - len(decoder.getstate()[0])
            try:
                yield decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                raise _undecodable(error, start, encoding, path) from None
            except UnicodeError as error:
                # What a codec says of the whole: UTF-16 that has no byte order mark.
                raise SourceError(f"is not {encoding.upper()}: {error}", path=path) from None
            if not data:
                return
            offset += len(data)


def _undecodable(
    error: UnicodeDecodeError, start: int, encoding: str, path: str | PathLike[str] | None
) -> SourceError:
    byte = error.object[error.start]
    return SourceError(
        f"byte 0x{byte:02x} at byte offset {start + error.start} is not {encoding.upper()}",
        path=path,
    )


def _with_line_feeds(parts: Iterable[str]) -> Iterator[str]:
    """The same text without byte order mark, CRLF and CR made LF."""
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    at_start = True
    for part in parts:
        if at_start and part:
            part, at_start = part.removeprefix("\ufeff"), False
        yield newlines.decode(part)
    yield newlines.decode("", final=True)


def _whole_lines(parts: Iterable[str], path: Path | None) -> Iterator[str]:
    """The same text cut at line feeds only, which are left out; a line too long is an error."""
    held: list[str] = []
    lines = length = 0
    for part in parts:
        head, feed, tail = part.rpartition("\n")
        if feed:
            whole = "".join([*held, head])
            lines += whole.count("\n") + 1
            yield whole
            held, length = [], 0
        held.append(tail)
        length += len(tail)
        if length > LONGEST_LINE:
            message = f"the line is longer than {LONGEST_LINE:,} characters: not a paragraph"
            raise SourceError(message, path=path, line=lines + 1)
    yield "".join(held)


def _blocks(portions: Portions, facts: Facts) -> Iterator[Block]:
    return recognise_blocks(_lines(portions()), facts)


def _lines(portions: Iterable[str]) -> Iterator[Line]:
    """The lines that are not blank, and whether a blank one stands before each."""
    gap = True
    for portion in portions:
        clean = _FORBIDDEN.sub("", portion) if _FORBIDDEN.search(portion) else portion
        for text in clean.split("\n"):
            if not text or text.isspace():
                gap = True
            else:
                yield Line(text, gap)
                gap = False


@dataclass(slots=True)
class _Survey:
    """What the first pass learns of the text; it grows portion by portion."""

    facts: Facts = field(default_factory=Facts)
    warnings: list[DocumentWarning] = field(default_factory=list)
    lines: int = 0
    unnamed: int = 0
    has_text: bool = False
    has_han: bool = False

    def add(self, portion: str) -> None:
        forbidden = _FORBIDDEN.search(portion) is not None
        if forbidden or not unicodedata.is_normalized("NFC", portion):
            self._look_closely(portion)
            portion = _FORBIDDEN.sub("", portion)
        self.has_text = self.has_text or not (portion == "" or portion.isspace())
        self.has_han = self.has_han or has_han(portion)
        self.facts = self.facts.with_portion(portion)
        self.lines += portion.count("\n") + 1

    def all_warnings(self) -> list[DocumentWarning]:
        if not self.unnamed:
            return self.warnings
        message = f"{self.unnamed} more such warnings"
        return [*self.warnings, DocumentWarning(message, "control-character")]

    def _look_closely(self, portion: str) -> None:
        for number, line in enumerate(portion.split("\n"), self.lines + 1):
            for code, message in _complaints(line):
                if len(self.warnings) < _NAMED:
                    self.warnings.append(DocumentWarning(message, code, line=number))
                else:
                    self.unnamed += 1


def _complaints(line: str) -> Iterator[tuple[str, str]]:
    """Code and message for what is removed from a line, and for what is odd in it."""
    controls = _FORBIDDEN.findall(line)
    if controls:
        names = ", ".join(f"U+{ord(c):04X}" for c in dict.fromkeys(controls))
        yield "control-character", f"removed {names}, which XML cannot hold"
    if not unicodedata.is_normalized("NFC", line):
        different = next(c for c in _clusters(line) if unicodedata.normalize("NFC", c) != c)
        codes = " ".join(f"U+{ord(c):04X}" for c in different)
        yield "not-nfc", f"{different!r} ({codes}) is not in Unicode's normal form C; kept"


def _clusters(line: str) -> list[str]:
    """Each character with the combining ones after it; the line itself if none shows it."""
    return [*re.findall(r".[\u0300-\u036f\u0591-\u1dff\u20d0-\u20ff\u3099\u309a]*", line), line]
