"""Plain text: bytes to lines to blocks, in memory that does not grow with the text; its head.

A text is read twice. The first pass decodes it, finds what is wrong with it and notes the few
facts about the whole that the second needs; the second yields a block for each line that is not
blank. Where the lines are broken by hand, one pass more finds out what to join. `base_text` says
which text the blocks hold.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from reader.encoding import WIDER, decode_portions, recognise, require_encoding
from reader.errors import SourceError
from reader.files import is_pipe, open_file, read_file, readable_name
from reader.model import Block, BlockKind, Document, DocumentWarning, Metadata, Stream
from reader.options import SourceOptions
from reader.scripts import has_han, without_unseen
from reader.sources.line_context import Line, TextFacts, forms_of
from reader.sources.line_features import text_shape
from reader.sources.line_joining import (
    PAGE_NUMBERS,
    SAMPLE,
    LineJoiner,
    is_page_number,
    line_joiner,
)
from reader.sources.line_patterns import (
    AUTHOR,
    CHAPTER_LINE,
    DATE,
    DATED,
    LABEL_SIGNS,
    MARKED_CHAPTER,
    REPORTED,
    WHITE_LINE,
    Pattern,
    label,
)
from reader.sources.line_shapes import chat_names, is_chat_head
from reader.sources.line_structure import recognise_blocks, unmarked
from reader.sources.losses import Losses

__all__ = [
    "FRONT",
    "LONGEST_LINE",
    "add_facts",
    "base_text",
    "from_file",
    "from_text",
    "front_matter",
    "is_foreign",
    "lines_and_facts",
    "read_plain",
    "require_chinese",
    "stream_plain",
]

LONGEST_LINE = 5_000_000
"""Characters. A line is a paragraph, and one longer than five novels is something else."""

_PORTION = 1 << 20
_PIECE = 1 << 10
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
    if is_pipe(path):  # it can be read but once
        data = read_file(path)
        return _stream(lambda: io.BytesIO(data), path, options)
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


def base_text(text: str, *, unwrap: bool | None = None) -> str:
    """The text that the document made of `text` holds: its lines without the blank ones.

    Line ends become line feeds; control characters that XML forbids and light markup are gone;
    all else, indents and trailing spaces included, is as written. Lines broken by hand are joined
    and page numbers left out, unless `unwrap` is False.

    >>> base_text("# 題目\\r\\n\\r\\n　　正文。 \\r\\n")
    '題目\\n　　正文。 '
    """
    whole = "".join(_with_line_feeds([text]))
    lines = _Lines(lambda: iter([whole]), unwrap)
    return "\n".join(filter(str.strip, (unmarked(line.text) for line in lines)))


def lines_and_facts(text: str, *, unwrap: bool | None = None) -> tuple[list[Line], TextFacts]:
    """The lines of a text of which kinds are told, and what is known of it before that."""
    lines = _Lines(lambda: iter([text]), unwrap)
    return list(lines), lines.facts(add_facts(TextFacts(), text))


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
    first_pass = _FirstPass()
    for portion in portions():
        first_pass.add(portion)
    _require_chinese(first_pass, path, options)
    lines = _Lines(portions, options.unwrap)
    facts = lines.facts(first_pass.facts)
    head = front_matter(list(islice(recognise_blocks(lines, facts), FRONT)))
    # What the caller says wins over what the text says of itself, and that over the file name.
    metadata = from_file(options.override(head), path)
    lines.warnings += first_pass.all_warnings()
    lines.counts = True
    return Stream(metadata, recognise_blocks(lines, facts), warnings=lines.warnings)


def from_file(metadata: Metadata, path: Path | None) -> Metadata:
    """The same with the name of its file, for a title too where there is none."""
    if path is None:
        return metadata
    title = metadata.title or readable_name(path.stem)
    return replace(metadata, title=title, source=readable_name(path.name))


def _require_chinese(first_pass: _FirstPass, path: Path | None, options: SourceOptions) -> None:
    if not first_pass.has_text:
        raise SourceError("is empty", path=path)
    require_chinese(first_pass.has_han, path, options)


def is_foreign(options: SourceOptions) -> bool:
    """Whether the text was said to be in another language, as a translation is."""
    return bool(options.language) and not options.language.lower().startswith("zh")


def require_chinese(has_chinese: bool, path: Path | None, options: SourceOptions) -> None:
    """Raise `SourceError` for a text without Chinese that should have some."""
    if not (has_chinese or is_foreign(options)):
        raise SourceError("has no Chinese text", path=path)


def _decoded(opener: Opener, encoding: str, path: Path | None) -> Portions:
    return lambda: _whole_lines(_with_line_feeds(decode_portions(opener, encoding, path)), path)


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


class _Lines:
    """The lines of a text as often as they are asked for, joined where they are broken by hand."""

    def __init__(self, portions: Portions, unwrap: bool | None) -> None:
        self._portions = portions
        self._keeps_all = unwrap is False
        self.warnings: list[DocumentWarning] = []
        self.counts = False
        """Whether what goes is counted, as the lines pass, in `warnings`."""
        self._sample = list(islice(_lines(portions()), SAMPLE))
        chat = chat_names([line.text.strip() for line in self._sample])
        # The lines of a chat are short, of one length as often as not, and each is whole.
        asked = False if unwrap is None and chat is not None else unwrap
        self._joiner = line_joiner(self._sample, asked=asked)
        if self._joiner is not None:
            self._joiner.look(_lines(portions()))

    def __iter__(self) -> Iterator[Line]:
        lines = _lines(self._portions())
        if self._joiner is not None:
            return self._joined(self._joiner, lines)
        return lines if self._keeps_all else self._without_page_numbers(lines)

    def facts(self, facts: TextFacts) -> TextFacts:
        """The facts of the text as its lines are now."""
        if self._joiner is None:
            return self._with_forms(facts, self._sample)
        sample = list(islice(self._joiner.lines(_lines(self._portions())), SAMPLE))
        gaps = [line.gap for line in self._joiner.lines(_lines(self._portions()))]
        return self._with_forms(facts._replace(lines=len(gaps), gaps=sum(gaps[1:])), sample)

    @staticmethod
    def _with_forms(facts: TextFacts, sample: Sequence[Line]) -> TextFacts:
        facts = facts._replace(forms=forms_of(sample))
        return facts._replace(shape=text_shape(sample, facts))

    def _joined(self, joiner: LineJoiner, lines: Iterable[Line]) -> Iterator[Line]:
        losses = Losses()
        yield from joiner.lines(lines, losses)
        if self.counts:
            self.warnings += [*joiner.warnings(), *losses.warnings()]

    def _without_page_numbers(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines but for those that say that they are a page's number."""
        losses = Losses()
        gap = False
        for line in lines:
            if is_page_number(line.text.strip()):
                losses.add(PAGE_NUMBERS, line.text)
                gap = gap or line.gap
            else:
                yield Line(line.text, True) if gap else line
                gap = False
        if self.counts:
            self.warnings += losses.warnings()


def _lines(portions: Iterable[str]) -> Iterator[Line]:
    """The lines that are not blank, and whether a blank one stands before each."""
    gap = True
    for portion in portions:
        clean = _FORBIDDEN.sub("", portion) if _FORBIDDEN.search(portion) else portion
        clean = without_unseen(clean)
        for text in clean.split("\n"):
            if not text or text.isspace():
                gap = True
            else:
                yield Line(text, gap)
                gap = False


@dataclass(slots=True)
class _FirstPass:
    """What the first pass learns of the text; it grows portion by portion."""

    facts: TextFacts = field(default_factory=TextFacts)
    warnings: list[DocumentWarning] = field(default_factory=list)
    lines: int = 0
    unnamed: int = 0
    has_text: bool = False
    has_han: bool = False

    def add(self, portion: str) -> None:
        forbidden = _FORBIDDEN.search(portion) is not None
        if forbidden or not _is_nfc(portion):
            self._look_closely(portion)
            portion = _FORBIDDEN.sub("", portion)
        self.has_text = self.has_text or not (portion == "" or portion.isspace())
        self.has_han = self.has_han or has_han(portion)
        self.facts = add_facts(self.facts, portion)
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
    if not _is_nfc(line):
        different = next(c for c in _clusters(line) if unicodedata.normalize("NFC", c) != c)
        codes = " ".join(f"U+{ord(c):04X}" for c in different)
        yield "not-nfc", f"{different!r} ({codes}) is not in Unicode's normal form C; kept"


def _is_nfc(text: str) -> bool:
    """Whether `text` is in normal form C, asked piece by piece.

    The marks on one character are sorted, which takes the square of their number.
    """
    start = 0
    while start < len(text):
        end = start + _PIECE
        while text[end : end + 1] >= "\u0300" and end < start + 2 * _PIECE and _joins(text[end]):
            end += 1
        if not unicodedata.is_normalized("NFC", text[start:end]):
            return False
        start = end
    return True


def _joins(character: str) -> bool:
    """Whether a character may be composed with the one before it."""
    return unicodedata.combining(character) > 0 or "\u1161" <= character <= "\u11c2"


def _clusters(line: str) -> list[str]:
    """Each character with the combining ones after it; the line itself if none shows it."""
    return [
        *re.findall(r".[\u0300-\u036f\u0591-\u1dff\u20d0-\u20ff\u3099\u309a]{0,64}", line),
        line,
    ]


def add_facts(facts: TextFacts, portion: str) -> TextFacts:
    """`facts` of a text that goes on with the lines of `portion`."""
    gaps = _count(WHITE_LINE, f"\n{portion}\n", "\n")
    return TextFacts(
        facts.lines + portion.count("\n") + 1 - gaps,
        facts.gaps + gaps,
        facts.chapters + _count(CHAPTER_LINE, portion, "第", "hapter", "HAPTER"),
        facts.marked_chapters + _count(MARKED_CHAPTER, portion, "# "),
        facts.forms,
        facts.shape,
    )


def _count(pattern: Pattern, text: str, *needed: str) -> int:
    """How often the pattern matches in the text; not tried where none of `needed` is there."""
    if not any(string in text for string in needed):
        return 0
    return sum(1 for _ in pattern.compiled.finditer(text))


FRONT = 12
"""Blocks in which the head of a text ends."""


def front_matter(blocks: Sequence[Block]) -> Metadata:
    """Title, authors and date as the first blocks of a text give them.

    >>> front_matter([Block("文：王芳、李明", BlockKind.BYLINE)]).authors
    ('王芳', '李明')
    """
    title = next((block.text.strip() for block in blocks if block.kind is BlockKind.TITLE), "")
    fields = [field for line in _bylines(blocks) for field in _fields(line)]
    authors = (name for kind, value in fields if kind in AUTHOR for name in _names(value))
    dates = (_date(value) for kind, value in fields if kind in DATED)
    return Metadata(
        title=title, authors=tuple(dict.fromkeys(authors)), date=next(filter(None, dates), "")
    )


def _bylines(blocks: Sequence[Block]) -> Iterator[str]:
    """Those of the whole text: not the author of its second poem, or who writes in a chat."""
    before: BlockKind | None = None
    for block in blocks:
        text = block.text.strip()
        whole = block.kind is BlockKind.BYLINE and before is not BlockKind.HEADING
        if whole and not is_chat_head(text) and text[-1] not in ":：":
            yield text
        before = block.kind


def _fields(line: str) -> Iterator[tuple[str, str]]:
    """Label and value of each part of a byline; a name or date alone is given its label."""
    reported = REPORTED.fullmatch(line)
    if reported:
        yield "author", reported["names"]
        return
    rest = line[1:-1] if line[0] in "（(【[" and line[-1] in "）)】]" else line
    name = label(rest)
    if name is None:
        yield ("date" if DATE.fullmatch(line) else "author"), line
    while name is not None:
        value, rest = _up_to_next_label(rest[len(name) :].lstrip(LABEL_SIGNS + " \u3000"))
        yield name, value
        name = label(rest)


def _up_to_next_label(text: str) -> tuple[str, str]:
    """The value that `text` begins with, and what follows from the next label on.

    >>> _up_to_next_label("王芳　圖：李明")
    ('王芳', '圖：李明')
    """
    parts = re.split(r"([\s|｜丨│]+)", text)
    for i in range(0, len(parts), 2):
        if parts[i] and label("".join(parts[i : i + 3])) is not None:
            return "".join(parts[:i]).strip(), "".join(parts[i:])
    return text.strip(), ""


def _names(value: str) -> Iterator[str]:
    parts = re.split(r"[、,，&／/;；]|(?<!\s)\s++and\s", value)
    return filter(None, map(str.strip, parts))


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _date(value: str) -> str:
    """The date in ISO 8601, as much as is there.

    >>> _date("2025年3月1日"), _date("18 March 2025"), _date("March 2025"), _date("昨天")
    ('2025-03-01', '2025-03-18', '2025-03', '')
    """
    match = re.search(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?", value)
    if match:
        return "-".join(part.zfill(2) for part in match.groups() if part)
    return _english_date(re.findall(r"[A-Za-z]+|\d+", value))


def _english_date(words: list[str]) -> str:
    month = next((w for w in words if w[:3].lower() in _MONTHS), "")
    year = next((w for w in words if w.isdigit() and len(w) == 4), "")
    day = next((w for w in words if w.isdigit() and len(w) < 3), "")
    if not (year and month):
        return ""
    number = _MONTHS.index(month[:3].lower()) + 1
    return "-".join([year, f"{number:02}", *([day.zfill(2)] if day else [])])
