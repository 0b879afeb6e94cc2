"""Subtitles: a cue a block, with its times and place; of two languages in one file a translation.

Lines of a cue become one text, a space between them, with a mark where they end: subtitles have
few punctuation marks, and no word goes on in the next line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from reader.encoding import decoded
from reader.errors import SourceError
from reader.markup import XML_FORBIDDEN
from reader.model import (
    Block,
    Cue,
    Document,
    DocumentWarning,
    Link,
    Mark,
    MarkKind,
    Metadata,
    Resource,
    Segment,
    Translation,
)
from reader.options import SourceOptions
from reader.scripts import has_han
from reader.sources.losses import Losses
from reader.sources.text import from_file, is_foreign, require_chinese
from reader.subtitles import DRAWING, STYLES, Event, parsed, styles_of

__all__ = ["read_ass", "read_srt", "read_vtt"]

_BILINGUAL = 0.6
"""Of the cues with Chinese, at least, that have a line in Latin letters too."""
_NAMED = 50
"""Places that are named one by one; those after them are counted."""

_STAMP = r"(-?)\s*(?:(?:\d{1,4}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}|\d{1,4}:\d{1,2}:\d{1,2}:\d{3})"
_COLONS = re.compile(r"(:\d{1,2}:\d{1,2}):(\d{3})(?!\d)")
"""Milliseconds behind a colon, as some programs write them."""
_TIMES = re.compile(rf"^[ \t]*+{_STAMP}[ \t]*-->[ \t]*+{_STAMP}(?P<settings>[^\n]*)$")
_NEGATIVE = re.compile(r"(?<!-)-\s?(?:\d{1,4}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}")
_ARROW = re.compile(r"(?<!-)-++\s?>")
_DIALOGUE = re.compile(
    r"^\s*(?:Dialogue|Comment):([^,]*),\s*(-?[\d:.]+)\s*,\s*(-?[\d:.]+)\s*(?:,[^,]*){6},"
)
_ASS_STAMP = re.compile(r"-?\d{1,4}:\d{1,2}:\d{1,2}(?:[.:]\d{1,3})?")
_TAG = re.compile(
    r"<(?P<end>/?)\s*(?P<name>[a-zA-Z]{1,10}|\d[\d:.]*)(?P<rest>[^<>]{0,200})>|\{(?P<tags>[^{}]{0,400})\}"
)
_PLACE = re.compile(r"\\(?:an?\d{1,2}|pos\([^)]{1,60}\)|move\([^)]{1,80}\))")
_SWITCH = re.compile(r"\\([ibus])(\d{0,3})(?![a-z(])")
_SPACE = re.compile(r"[ \t\xa0\u200b\u200e\u200f\u202a-\u202e\ufeff]+")
_KINDS = {
    "i": MarkKind.EMPHASIS,
    "b": MarkKind.STRONG,
    "u": MarkKind.UNDERLINE,
    "s": MarkKind.STRIKE,
}


def read_srt(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in SubRip subtitles.

    Cues that cannot be read are left out with a warning that has their line. Raises `SourceError`
    for what cannot be decoded or has no cue.
    """
    return _read(data, path, options, "srt", _srt_lines)


def read_vtt(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The same of WebVTT, whose comments and styles are left out."""
    return _read(data, path, options, "vtt", _vtt_lines)


def read_ass(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The same of Advanced SubStation Alpha; comments and drawings are left out."""
    return _read(data, path, options, "ass", _ass_lines)


@dataclass(slots=True)
class _Found:
    """What is found in a file besides its cues."""

    losses: Losses = field(default_factory=Losses)
    warnings: list[DocumentWarning] = field(default_factory=list)
    unnamed: int = 0
    places: list[tuple[int, str]] = field(default_factory=list)
    """Line and settings of each cue, in order."""

    def warn(self, message: str, line: int) -> None:
        if len(self.warnings) < _NAMED:
            self.warnings.append(DocumentWarning(message, "cue", line=line))
        else:
            self.unnamed += 1

    def all_warnings(self) -> tuple[DocumentWarning, ...]:
        more = f"{self.unnamed} more such warnings"
        counted = [DocumentWarning(more, "cue")] if self.unnamed else []
        return (*self.warnings, *counted, *self.losses.warnings())


Prepare = Callable[[list[str], _Found], Iterable[str]]
"""The lines that pysubs2 is given; what it would lose, or take for text, is found before."""


def _read(
    data: bytes, path: Path | None, options: SourceOptions, format: str, prepare: Prepare
) -> Document:
    found = _Found()
    text = (_mixed(data, options, found) or decoded(data, path, options)).removeprefix("\ufeff")
    lines = re.sub(XML_FORBIDDEN, "", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    prepared = "\n".join(prepare(lines, found))
    try:
        events = parsed(prepared, format)
        styles = styles_of(prepared) if format == "ass" else ""
    except ValueError as error:
        raise SourceError(f"cannot be read as .{format}: {error}", path=path) from error
    cues = list(_cues(events, found))
    if not cues:
        raise SourceError("holds no subtitles", path=path)
    require_chinese(any(has_han(block.text) for block in cues), path, options)
    cues.sort(key=lambda block: block.cue.start if block.cue else 0)
    document = _document(cues, found, path, options)
    return replace(document, resources=_resources(styles))


_TOLD = 2
"""Han characters in UTF-8 by which a line is told from one of another encoding."""


def _mixed(data: bytes, options: SourceOptions, found: _Found) -> str:
    """The text of a file of which some lines are in UTF-8 and others are not; "" of any other.

    Subtitles are put together from several files, and no encoding reads them all.
    """
    if options.encoding is not None or b"\0" in data or is_encoded(data, "utf-8"):
        return ""
    lines = data.split(b"\n")
    told = [_is_utf_8(line) for line in lines]
    other = [at for at, line in enumerate(lines) if not is_encoded(line, "utf-8")]
    if not any(told) or not all(is_encoded(lines[at], "gb18030") for at in other):
        return ""
    found.warn("lines are in UTF-8 and in GB18030", other[0] + 1)
    ours = frozenset(other)
    return "\n".join(
        line.decode("gb18030" if at in ours else "utf-8") for at, line in enumerate(lines)
    )


def _is_utf_8(line: bytes) -> bool:
    if line.isascii() or not is_encoded(line, "utf-8"):
        return False
    return sum("\u4e00" <= c <= "\u9fff" for c in line.decode()) >= _TOLD


def is_encoded(data: bytes, encoding: str) -> bool:
    """Whether bytes can be read in an encoding."""
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _document(
    cues: Sequence[Block], found: _Found, path: Path | None, options: SourceOptions
) -> Document:
    metadata = from_file(options.override(Metadata()), path)
    blocks, translation = (tuple(cues), None) if is_foreign(options) else _split(cues)
    return Document(metadata, blocks, translation, found.all_warnings())


def _resources(styles: str) -> tuple[Resource, ...]:
    return (Resource("styles.ass", STYLES, styles.encode()),) if styles else ()


# The lines of each format.


def _srt_lines(lines: list[str], found: _Found) -> list[str]:
    """The lines from the first time on, without cues whose times are broken.

    A number stands before every cue and after the last, as pysubs2 takes one away from each text.
    """
    kept: list[str] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        timed = _TIMES.match(line) is not None
        end = at + 1
        if timed or _is_broken(line):
            if kept and kept[-1].strip().isdecimal():
                kept.pop()
            end = end if timed else _end_of_cue(lines, at)
        if timed:
            found.places.append((at + 1, ""))
            kept += ["", "0", _COLONS.sub(r"\1,\2", _unsigned(line, at, found))]
        elif _is_broken(line):
            found.losses.add("cues without times", "\n".join(lines[at:end]), line=at + 1)
        else:
            kept += _text_of_cue(line, at, found)
        at = end
    # No run of blank lines: pysubs2 looks through it once for each.
    runs = (line for before, line in pairwise(["", *kept]) if line.strip() or before.strip())
    return [*runs, "", "0"]


def _is_broken(line: str) -> bool:
    """Whether a line wants to be the times of a cue, and does not say them."""
    return _ARROW.search(line) is not None and any(map(str.isdecimal, line))


def _unsigned(line: str, at: int, found: _Found) -> str:
    """The line of times with zero for those less than zero, which pysubs2 would take for more."""
    unsigned, count = _NEGATIVE.subn("00:00:00.000", line)
    if count:
        found.warn("a time is less than zero; zero is taken", at + 1)
    return unsigned


def _text_of_cue(line: str, at: int, found: _Found) -> list[str]:
    if not line.strip() and not found.places:
        return []
    if found.places or line.strip().isdecimal():
        return [line]
    found.losses.add("text before the first cue", line, line=at + 1)
    return []


def _end_of_cue(lines: Sequence[str], at: int) -> int:
    """The line after the cue whose times stand at `at`: a blank one, or that before new times."""
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _TIMES.match(lines[end]):
        end += 1
    before = end < len(lines) and lines[end].strip() and lines[end - 1].strip().isdecimal()
    return end - 1 if before and end - 1 > at else end


def _vtt_lines(lines: list[str], found: _Found) -> Iterator[str]:
    """The times and texts of the cues, without their names, comments and styles."""
    yield "WEBVTT\n"
    for first, part in _parts(lines):
        timed = next((at for at, line in enumerate(part[:2]) if _TIMES.match(line)), None)
        if timed is None:
            word = part[0].split(maxsplit=1)[0] if part[0].strip() else ""
            kind = _VTT_PARTS.get(word.removeprefix("\ufeff"), "cues without times")
            if word != "WEBVTT":
                found.losses.add(kind, "\n".join(part), line=first)
            continue
        times = _TIMES.match(part[timed])
        assert times is not None
        found.places.append((first + timed, " ".join(times["settings"].split())))
        yield _unsigned(part[timed], first + timed - 1, found)
        yield from (*part[timed + 1 :], "")


_VTT_PARTS = {"NOTE": "comments", "STYLE": "styles", "REGION": "styles"}


def _parts(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines that are not blank, with the number of the first."""
    part: list[str] = []
    for number, line in enumerate((*lines, ""), 1):
        if line.strip():
            part.append(line)
        elif part:
            yield number - len(part), part
            part = []


def _ass_lines(lines: list[str], found: _Found) -> Iterator[str]:
    """The lines without events that are broken."""
    for number, line in enumerate(lines, 1):
        if line.lstrip().startswith(("Dialogue:", "Comment:")):
            event = _DIALOGUE.match(line)
            if event is None or not all(map(_ASS_STAMP.fullmatch, event.group(2, 3))):
                found.losses.add("cues without times", line, line=number)
                continue
            found.places.append((number, ""))
        if not line.startswith(("fontname:", "filename:")):
            yield line


# The cues of a file, as blocks.


def _cues(events: Sequence[Event], found: _Found) -> Iterator[Block]:
    places = [*found.places, *[(0, "")] * (len(events) - len(found.places))]
    overlaps, before = [], 0
    for event, (line, settings) in zip(events, places, strict=False):
        if event.comment:
            found.losses.add("comments", event.text, line=line)
            continue
        if DRAWING.search(event.text):
            event = _without_drawings(event, found, line)
        block = _block(event._replace(settings=settings), found, line)
        if block is None or block.cue is None:
            continue
        if block.cue.start < before:
            overlaps.append(line)
        before = max(before, block.cue.end)
        yield block
    if overlaps:
        cues = "a cue begins" if len(overlaps) == 1 else f"{len(overlaps):,} cues begin"
        message = f"{cues} before the one before has ended"
        found.warn(message, overlaps[0])


_DRAWN = re.compile(
    r"\{[^{}]{0,400}\\p[1-9][^{}]{0,400}\}[^{}]*+(?:\{(?![^{}]{0,400}\\p0)[^{}]{0,400}\}[^{}]*+){0,99}"
)


def _without_drawings(event: Event, found: _Found, line: int) -> Event:
    """The event without the outlines in it, which go on to a tag that ends them."""
    for drawn in _DRAWN.finditer(event.text):
        found.losses.add("drawings", drawn[0], line=line)
    return event._replace(text=_DRAWN.sub("", event.text))


def _block(event: Event, found: _Found, line: int) -> Block | None:
    """The cue as a block; None if it shows no text."""
    text = _CueText(event)
    if not text.text:
        return None
    start, end = max(0, event.start), max(0, event.end)
    if (start, end) != (event.start, event.end):
        found.warn("a time is less than zero; zero is taken", line)
    if end < start:
        found.warn("the cue ends before it begins; it is taken to end where it begins", line)
        end = start
    position = event.settings or text.position
    cue = Cue(start, end, position, event.speaker or text.speaker, event.style)
    return Block(text.text, marks=tuple(text.marks), cue=cue)


class _CueText:
    """The text of a cue without its tags, which become marks, its place and who speaks."""

    def __init__(self, event: Event) -> None:
        self.marks: list[Mark] = []
        self.position = ""
        self.speaker = ""
        self._parts: list[str] = []
        self._size = 0
        self._opened: dict[str, int] = {}
        self._silent = self._takes = False
        self._base = 0
        self._reading: list[str] = []
        at = 0
        for match in _TAG.finditer(event.text):
            self._add(event.text[at : match.start()])
            at = match.end()
            if match["tags"] is None:
                self._element(match)
            elif "\\" in match["tags"]:
                self._override(match["tags"])
            elif not event.style:  # in ASS it is a comment of the editor
                self._add(match[0])
        self._add(event.text[at:])
        self._finish()

    def _add(self, text: str) -> None:
        if self._silent:
            if self._takes:
                self._reading.append(html.unescape(text))
            return
        for number, line in enumerate(html.unescape(text).split("\n")):
            if number:
                self._end_line()
            line = _SPACE.sub(" ", line)
            self._append(line.lstrip() if self._ends_with_space() else line)

    def _append(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._size += len(text)

    def _ends_with_space(self) -> bool:
        return not self._parts or self._parts[-1][-1] == " "

    def _end_line(self) -> None:
        if not self._ends_with_space():
            self._append(" ")
        if self._parts:
            self.marks.append(Mark(self._size, self._size, MarkKind.LINE_BREAK))

    def _element(self, match: re.Match[str]) -> None:
        name = match["name"].lower()
        if name in _KINDS:
            self._switch(name, on=not match["end"])
        elif name == "v" and not match["end"]:
            # <v.loud 王芳>: a class stands before who speaks.
            said = re.sub(r"^\.\S*", "", match["rest"])
            self.speaker = self.speaker or " ".join(said.split())
        elif name == "ruby":
            self._base = self._size
        elif name in ("rt", "rp"):
            self._above(name, ends=bool(match["end"]))

    def _above(self, name: str, *, ends: bool) -> None:
        """What stands above the text from `ruby` on, or from the last that stood above some."""
        self._silent = not ends
        if name == "rp":
            return
        reading = " ".join("".join(self._reading).split())
        if ends and reading and self._base < self._size:
            self.marks.append(Mark(self._base, self._size, MarkKind.READING, (("text", reading),)))
        if ends:
            self._base = self._size
        self._reading = []
        self._takes = not ends

    def _override(self, tags: str) -> None:
        self.position += "".join(_PLACE.findall(tags))
        if re.search(r"\\r(?![a-z])", tags):
            for name in tuple(self._opened):
                self._switch(name, on=False)
        for name, value in _SWITCH.findall(tags):
            self._switch(name, on=value not in ("", "0"))

    def _switch(self, name: str, *, on: bool) -> None:
        start = self._opened.pop(name, None)
        if start is not None and start < self._size:
            self.marks.append(Mark(start, self._size, _KINDS[name]))
        if on:
            self._opened[name] = self._size

    def _finish(self) -> None:
        for name in tuple(self._opened):
            self._switch(name, on=False)
        self.text = "".join(self._parts).rstrip()
        size = len(self.text)
        marks = [replace(mark, end=min(mark.end, size)) for mark in self.marks if mark.start < size]
        # Blank lines of a cue would be several breaks at one place.
        self.marks = list(dict.fromkeys(marks))


# Two languages in one file.


def _split(cues: Sequence[Block]) -> tuple[tuple[Block, ...], Translation | None]:
    """The Chinese of each cue, and its Latin lines as a translation where most have both."""
    parts = [_languages(cue) for cue in cues]
    chinese = sum(has_han(cue.text) for cue in cues)
    both = sum(one is not None and other is not None for one, other in parts)
    if both < 3 or both < _BILINGUAL * chinese:
        return tuple(cues), None
    blocks: list[Block] = []
    translated: list[Block] = []
    links: list[Link] = []
    for one, other in parts:
        if other is not None:
            translated.append(other)
        if one is not None:
            blocks.append(one)
        sources = (Segment(len(blocks) - 1),) if one is not None else ()
        targets = (Segment(len(translated) - 1),) if other is not None else ()
        links.append(Link(sources, targets))
    return tuple(blocks), Translation("en", tuple(translated), tuple(links))


def _languages(cue: Block) -> tuple[Block | None, Block | None]:
    """The lines with Chinese characters, and those in Latin letters without any."""
    breaks = [mark.start for mark in cue.marks if mark.kind is MarkKind.LINE_BREAK]
    lines = [(a, b) for a, b in zip([0, *breaks], [*breaks, len(cue.text)], strict=True)]
    latin = [(a, b) for a, b in lines if _is_latin(cue.text[a:b])]
    other = [each for each in lines if each not in latin]
    return _part(cue, other), _part(cue, latin)


def _is_latin(text: str) -> bool:
    return not has_han(text) and any("A" <= c <= "z" and c.isalpha() for c in text)


def _part(cue: Block, lines: Sequence[tuple[int, int]]) -> Block | None:
    """The cue with some of its lines, which stand together."""
    if not lines:
        return None
    start, end = lines[0][0], lines[-1][1]
    if sum(b - a for a, b in lines) != end - start:
        # Lines of the two by turns: without marks, which would have to move.
        text = " ".join(cue.text[a:b].strip() for a, b in lines)
        return replace(cue, text=text, marks=())
    text = cue.text[start:end].rstrip()
    marks = [
        replace(mark, start=max(mark.start, start) - start, end=min(mark.end - start, len(text)))
        for mark in cue.marks
        if start < mark.end and mark.start < start + len(text)
    ]
    return replace(cue, text=text, marks=tuple(mark for mark in marks if _within(mark, text)))


def _within(mark: Mark, text: str) -> bool:
    return mark.start < mark.end or 0 < mark.start < len(text)
