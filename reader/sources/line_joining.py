"""Lines broken by hand, as in a text out of a PDF or an e-mail: found, and joined to paragraphs.

A line was broken because what comes next had no room: with the first piece of the next line it
would be longer than the lines of the text are. Where most lines are so, and end inside sentences,
the text is broken by hand. Page numbers and running heads, which stand between such lines, go.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

import reader.sources.line_patterns as patterns
from reader.model import DocumentWarning
from reader.sources.line_context import Line
from reader.sources.line_patterns import (
    CLOSED,
    CLOSERS,
    OPENING_QUOTES,
    columns,
    is_closed,
    is_sentence,
)
from reader.sources.line_shapes import counted
from reader.sources.losses import Losses

__all__ = [
    "PAGE_NUMBERS",
    "RUNNING_HEADS",
    "SAMPLE",
    "LineJoiner",
    "before_joined",
    "first_piece",
    "is_page_number",
    "line_joiner",
]

PAGE_NUMBERS = "page numbers"
RUNNING_HEADS = "running heads"
"""What is left out as."""
SAMPLE = 2_000
"""Lines by which it is decided: a text is broken in one way from beginning to end."""
_NARROWEST, _WIDEST = 22, 140  # columns of a broken line
_SLACK = 4  # columns by which even lines differ: punctuation, proportional type
_BAND = 0.15  # of the lines, at least, that are as long as the longest but for the slack
_LONGER = 0.03  # of the lines, at most, that are longer still
_FULL = 0.25  # of the lines, at least, that were broken because the next piece had no room
_CLOSED, _SENTENCES = 0.4, 0.15  # of these, at most, that end as a clause or as a sentence does
_CLAUSES = 0.6  # of these, at most, that end as a clause does where hardly any ends a sentence
_INNER = 0.5  # of these, at least, with a sentence's marks or several words inside
_ENTRIES = 0.5  # of the lines, at most, that begin with a number
_OUTSIDE = 0.3  # of the lines, at most, that begin further out than the others
_PAGE = 8  # lines, at least, between two page numbers
_HEAD = 0.7  # of a full line, at most, that a running head takes
_LONGEST_PARAGRAPH = 100_000
_MOST_HEADS = 20_000
"""Short lines that are kept to see whether they come again."""

_INSIDE = re.compile(r"[，。、；：！？,;:“”「」（）()](?=.)|\w \w+ \w+ \w")
_PIECE = re.compile(r"[^\W\d_\u2e80-\uffff]{1,40}|[\w.%-]{1,40}?(?=[\u2e80-\uffff]|\s|$)|.")
_NUMBERED = r"\d{1,4}"
_BETWEEN = r"[-—–－―·•・~～]{1,2}"
_PAGE_SIGNS = frozenset("第Pp-—–－―·•・~～")
_PAGE_NUMBER = re.compile(
    rf"第\s*{_NUMBERED}\s*[頁页](?:\s*[/／,，]?\s*共\s*{_NUMBERED}\s*[頁页])?"
    rf"|{_BETWEEN}\s*{_NUMBERED}\s*{_BETWEEN}|[Pp]age\s+{_NUMBERED}(?:\s+of\s+{_NUMBERED})?"
)
_NUMBER = re.compile(_NUMBERED)
_WITH_NUMBER = re.compile(
    r"(?P<first>\d{1,4})[\s|｜·•]+(?P<after>\S.{1,60})|(?P<before>.{0,60}\S)[\s|｜·•]+(?P<last>\d{1,4})"
)
_VARYING = re.compile(r"[\d\s|｜·•—–-]+")
_HANGING = CLOSED + CLOSERS
_HYPHENS = "-\u2010\u00ad"


def is_page_number(text: str) -> bool:
    """Whether a line says of itself that it is the number of a page.

    >>> is_page_number("— 12 —"), is_page_number("第 3 页 共 10 页"), is_page_number("12")
    (True, True, False)
    """
    return len(text) <= 40 and text[0] in _PAGE_SIGNS and bool(_PAGE_NUMBER.fullmatch(text))


def line_joiner(sample: Sequence[Line], *, asked: bool | None = None) -> LineJoiner | None:
    """What joins the lines of a text that begins with `sample`; None for one that is not broken.

    `asked` is what the caller says of it: True, whatever it looks like; False, it is not.
    """
    if asked is False or not sample:
        return None
    base = _base([_indent(line.text) for line in sample])
    width = _width([columns(line.text.rstrip()) for line in sample])
    joiner = LineJoiner(width, base, forced=asked is True)
    return joiner if asked or _is_broken(sample, joiner) else None


def _base(indents: Sequence[int]) -> int:
    """The white space before all lines but a few, such as the title."""
    counts = Counter(indents)
    return next(indent for indent in sorted(counts) if counts[indent] > _OUTSIDE * len(indents))


def _width(widths: Sequence[int]) -> int:
    """The greatest length that several of the lines come near to."""
    counts = Counter(widths)
    least = max(2.0, _BAND * len(widths))
    for width in sorted(counts, reverse=True):
        if sum(counts[width - less] for less in range(_SLACK + 1)) >= least:
            return width
    return max(widths)


def _is_broken(sample: Sequence[Line], joiner: LineJoiner) -> bool:
    width = joiner.width
    if not _NARROWEST <= width <= _WIDEST:
        return False
    longer = sum(columns(line.text.rstrip()) > width + _SLACK for line in sample)
    if longer > _LONGER * len(sample):
        return False
    pairs = pairwise(sample)
    full = [
        (line.text.strip(), after.text.strip())
        for line, after in pairs
        if not after.gap and joiner.is_full(line.text, after.text)
    ]
    if sum(counted(line.text.strip()) is not None for line in sample) > _ENTRIES * len(sample):
        return False
    return len(full) >= max(2, _FULL * len(sample)) and _end_inside(full)


def _end_inside(full: Sequence[tuple[str, str]]) -> bool:
    """Whether the lines end inside sentences, and are no verse: a line of it is a unit."""
    closed = sum(is_closed(text) for text, _ in full)
    sentences = sum(is_sentence(text) for text, _ in full)
    few = closed <= _CLAUSES * len(full) and sentences <= _SENTENCES * len(full)
    inner = sum(_INSIDE.search(text) is not None for text, _ in full)
    latin = [after for text, after in full if text[-1].isascii() and after[0].isascii()]
    capital = sum(after[0].isupper() for after in latin)
    return (
        (closed <= _CLOSED * len(full) or few)
        and inner >= _INNER * len(full)
        and capital <= max(1, len(latin) / 2)
    )


@dataclass(slots=True)
class LineJoiner:
    """Joins the lines of one text. `look` is for its lines first, then `lines` may be."""

    width: int
    """Columns of a line that is full."""
    base: int
    """Columns of white space before every line."""
    forced: bool = False
    furniture: dict[int, str] = field(default_factory=dict)
    """Which lines go, counted from 0 without the blank ones, and what they are."""
    broken: int = 0
    """Lines that were joined to the one before."""
    joined: int = 0
    """Paragraphs that they make with others."""

    def is_full(self, text: str, after: str) -> bool:
        """Whether the first piece of the next line would have had no room at the end of this."""
        piece = first_piece(after.strip())
        return columns(text.rstrip()) + columns(piece) > self.width - _SLACK + 1

    def look(self, lines: Iterable[Line]) -> None:
        """Find the page numbers and running heads among all lines of the text."""
        self.furniture = _furniture(lines, self)

    def lines(self, lines: Iterable[Line], losses: Losses | None = None) -> Iterator[Line]:
        """The lines of the text as they were before they were broken."""
        self.broken = self.joined = 0
        paragraph: _Paragraph | None = None
        for line, crossed in self._kept(lines, losses):
            if paragraph is not None and self._goes_on(paragraph, line, crossed=crossed):
                self.broken += 1
                self.joined += len(paragraph.parts) == 1
                paragraph.add(line.text)
                continue
            if paragraph is not None:
                yield paragraph.line()
            paragraph = _Paragraph(line)
        if paragraph is not None:
            yield paragraph.line()

    def _kept(self, lines: Iterable[Line], losses: Losses | None) -> Iterator[tuple[Line, bool]]:
        """The lines that stay, and whether one that goes stood before each."""
        gap = crossed = False
        for number, line in enumerate(lines):
            gap = gap or line.gap
            kind = self.furniture.get(number)
            if kind is None:
                yield Line(line.text, gap), crossed
                gap = False
            elif losses is not None:
                losses.add(kind, line.text)
            crossed = kind is not None

    def warnings(self) -> list[DocumentWarning]:
        """What is to be said of the lines that were joined."""
        if not self.broken:
            return []
        message = (
            f"the lines of {self.joined:,} paragraphs were broken by hand: {self.broken:,} of "
            f"them were joined (--no-unwrap keeps them)"
        )
        return [DocumentWarning(message, "unwrapped")]

    def _goes_on(self, paragraph: _Paragraph, line: Line, *, crossed: bool) -> bool:
        """Whether a line goes on the paragraph before it, perhaps from the page before."""
        last, text = paragraph.last, line.text.strip()
        closed = is_closed(last.strip())
        if (line.gap and (closed or not crossed)) or paragraph.size > _LONGEST_PARAGRAPH:
            return False
        if self._is_indented(paragraph, line) or _begins_anew(line.text, closed=closed):
            return False
        if self.forced and (self.width < _NARROWEST or not closed):
            return not closed
        return self.is_full(last, text)

    def _is_indented(self, paragraph: _Paragraph, line: Line) -> bool:
        """Whether a line begins further in than those before it."""
        indent = _indent(line.text) - self.base
        further = indent > _indent(paragraph.last) - self.base
        return indent >= 2 and (further or len(paragraph.parts) == 1)


class _Paragraph:
    """Lines that are joined to one."""

    def __init__(self, line: Line) -> None:
        self.parts = [line.text]
        self.last = line.text
        """The last of its lines, as it was."""
        self.size = len(line.text)
        self._gap = line.gap

    def line(self) -> Line:
        return Line("".join(self.parts), self._gap)

    def add(self, text: str) -> None:
        after = text.strip()
        self.parts[-1] = before_joined(self.parts[-1], after)
        self.parts.append(after)
        self.last = text
        self.size += len(text)


def _begins_anew(line: str, *, closed: bool) -> bool:
    """Whether a line is a paragraph of its own by what it begins with; after a sentence more is."""
    text = line.strip()
    if patterns.MARKUP.match(line) or patterns.SEPARATOR.fullmatch(text):
        return True
    if patterns.CAPTION.match(text) or patterns.EDITORS_NOTE.match(text):
        return True
    starts = patterns.list_style(text) or patterns.CHAPTER.match(text) or counted(text)
    return closed and (text[0] in OPENING_QUOTES or starts is not None)


def _indent(text: str) -> int:
    return columns(text[: len(text) - len(text.lstrip())])


def first_piece(text: str) -> str:
    """What would have stood on the line before: a character or a word, and marks after it."""
    found = _PIECE.match(text)
    piece = found[0] if found else ""
    end = len(piece)
    while end < min(len(text), len(piece) + 3) and text[end] in _HANGING:
        end += 1
    return text[:end]


def before_joined(before: str, after: str) -> str:
    """A line as it stands before the rest of its paragraph: with a space, or without its hyphen.

    >>> before_joined("to be re-", "paired"), before_joined("old", "men"), before_joined("他", "在")
    ('to be re', 'old ', '他')
    """
    before = before.rstrip()
    if _is_hyphenated(before, after):
        return before[:-1]
    return f"{before} " if _is_latin(before[-1:]) and _is_latin(after[:1]) else before


def _is_hyphenated(before: str, after: str) -> bool:
    """Whether a word of Latin letters was cut at the end of the line."""
    letters = before[-2:-1].islower() and after[:1].islower() and after[:1].isascii()
    return before[-1:] in _HYPHENS and letters


def _is_latin(character: str) -> bool:
    return character < "\u2e80" and character not in "“”‘’…—"


@dataclass(slots=True)
class _Number:
    """A line that may be the number of a page: where it stands, and what is around it."""

    at: int
    value: int
    sure: bool
    """It says so itself, or stands inside a sentence."""
    near: list[tuple[int, str]] = field(default_factory=list)
    """The short lines before and after it that may be running heads."""


def _furniture(lines: Iterable[Line], joiner: LineJoiner) -> dict[int, str]:
    numbers, seen, heads_with = _numbers(lines, joiner)
    counted = _counted(numbers)
    found = dict.fromkeys(_numbered_heads(heads_with), RUNNING_HEADS)
    for number in numbers:
        heads = [at for at, text in number.near if seen[_VARYING.sub("", text)] > 1]
        if number.sure or number.at in counted or heads:
            found[number.at] = PAGE_NUMBERS
            found.update(dict.fromkeys(heads, RUNNING_HEADS))
    return found


def _numbered_heads(heads: Mapping[str, Sequence[tuple[int, int]]]) -> Iterator[int]:
    """Where heads stand that have the number of their page in them, and come again with others."""
    for places in heads.values():
        for (one, value), (other, next_value) in pairwise(places):
            if next_value - value in (1, 2) and other - one >= 3:
                yield from (one, other)


def _counted(numbers: Sequence[_Number]) -> set[int]:
    """Where the numbers stand that count pages, one after another; the last page may be short."""
    found: set[int] = set()
    for one, other in pairwise(numbers):
        page = other.at - one.at >= _PAGE or one.sure or one.at in found
        if page and other.value == one.value + 1:
            found |= {one.at, other.at}
    return found


Heads: TypeAlias = dict[str, list[tuple[int, int]]]
"""Short lines that begin or end with a number, by the rest of them: where, and which number."""


def _numbers(
    lines: Iterable[Line], joiner: LineJoiner
) -> tuple[list[_Number], Counter[str], Heads]:
    """Every line that may be a page's number, and how often each short line is there."""
    numbers: list[_Number] = []
    seen: Counter[str] = Counter()
    heads: Heads = {}
    # The line before, if it is short; the last that is no number.
    near: tuple[int, str] | None = None
    last = ""
    for at, line in enumerate(lines):
        text = line.text.strip()
        short = columns(text) <= _HEAD * joiner.width
        if short and (_NUMBER.fullmatch(text) or is_page_number(text)):
            value = int("".join(filter(str.isdecimal, text))[:8])
            inside = bool(last) and not is_closed(last) and columns(last) > _HEAD * joiner.width
            numbers.append(_Number(at, value, is_page_number(text) or inside))
            numbers[-1].near += [near] if near else []
            near = None
            continue
        near = (at, text) if short and not is_closed(text) else None
        if near:
            _count(near, numbers, seen)
            _count_head(near, heads)
        last = text
    return numbers, seen, heads


def _count_head(near: tuple[int, str], heads: Heads) -> None:
    found = _WITH_NUMBER.fullmatch(near[1])
    if found is None or len(heads) >= _MOST_HEADS:
        return
    number, name = found["first"] or found["last"], found["after"] or found["before"]
    heads.setdefault(name.strip(), []).append((near[0], int(number)))


def _count(near: tuple[int, str], numbers: Sequence[_Number], seen: Counter[str]) -> None:
    """A short line, which may be a running head: with the number before it, and how often."""
    if numbers and numbers[-1].at == near[0] - 1:
        numbers[-1].near.append(near)
    name = _VARYING.sub("", near[1])
    if name in seen or len(seen) < _MOST_HEADS:
        seen[name] += 1
