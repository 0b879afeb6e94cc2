"""Pages of lines, as a PDF has them, made the text that was set in them.

Lines are known by where they stand: heads and numbers of pages by the margin, columns by the
gutter between them, paragraphs by indents, gaps, and lines that end early.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import reader.sources.line_patterns as patterns
from reader.model import CELL_GAP
from reader.sources.line_joining import (
    PAGE_NUMBERS,
    RUNNING_HEADS,
    before_joined,
    first_piece,
    is_page_number,
)
from reader.sources.line_patterns import columns, is_closed
from reader.sources.losses import Losses

__all__ = ["PageLine", "Paragraph", "body_size", "paragraphs"]


class PageLine(NamedTuple):
    """A line of a page, or a part of one that stands apart, in points.

    Of vertical lines `start` and `end` are from the top, `top` is from the right.
    """

    text: str
    start: float
    end: float
    top: float
    size: float
    is_row: bool = False
    """Whether it is a row of a table, with `CELL_GAP` between its cells."""


class Paragraph(NamedTuple):
    """Lines that belong together."""

    text: str
    size: float
    gap: bool
    """Whether more room is before it than between its lines."""
    page: int
    is_row: bool = False


Page = Sequence[PageLine]

_EDGES = 2
"""Lines at the top and at the bottom of a page that may be its head and its number."""
_SAME = 0.12  # of the size by which lines of one paragraph differ at most
_ROOM = 1.4  # times the usual distance of two lines that parts paragraphs
_INDENT = 0.8  # of a character, at least
_VARYING = re.compile(r"[\d\s|｜·•—–-]+")
_NUMBER = re.compile(r"[\divxlcIVXLC一二三四五六七八九十〇]{1,5}|\d{1,4}\s*/\s*\d{1,4}")
_PRINTED = re.compile(
    r"(?:file|https?)://\S+(?:\s+\d+/\d+)?|\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? ?\d.{0,80}"
)
"""What browsers put on the pages that they print."""


def body_size(pages: Iterable[Page]) -> float:
    """The size of most of the text."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def paragraphs(pages: Sequence[Page], losses: Losses) -> Iterator[Paragraph]:
    """The paragraphs of the pages; heads and numbers of pages are left out, and counted."""
    size = body_size(pages)
    flow = _Flow()
    gutter: float | None = None
    for number, page in enumerate(_without_edges(pages, losses), 1):
        body, notes = _notes(page, size)
        body = _with_rows(body)
        gutter = _gutter(body, gutter)
        for column in _columns(body, gutter):
            yield from flow.column(column, number)
        flow.notes += [(note, number) for note in notes]
    yield from flow.rest()


# Heads and numbers of pages.


def _without_edges(pages: Sequence[Page], losses: Losses) -> Iterator[Page]:
    names: Counter[str] = Counter()
    for page in pages:
        names.update({_VARYING.sub("", line.text) for line in _edges(page)})
    first = _first_number(pages)
    for at, page in enumerate(pages):
        counted = None if first is None else str(first + at)
        gone = [
            line
            for line in _edges(page)
            if line.text == counted or _is_furniture(line, page, names, len(pages))
        ]
        for line in gone:
            losses.add(_kind_of_edge(line.text), line.text)
        # By identity: a page may have the same line twice.
        left_out = set(map(id, gone))
        yield [line for line in page if id(line) not in left_out] if gone else page


def _kind_of_edge(text: str) -> str:
    number = _NUMBER.fullmatch(text) or is_page_number(text)
    return PAGE_NUMBERS if number else RUNNING_HEADS


def _first_number(pages: Sequence[Page]) -> int | None:
    """The number of the first page, if at the edges of most of the pages they are counted."""
    firsts = Counter(
        int(line.text) - at
        for at, page in enumerate(pages)
        for line in _edges(page)
        if line.text.isdecimal() and line.text.isascii() and len(line.text) < _DIGITS
    )
    if not firsts:
        return None
    first, count = firsts.most_common(1)[0]
    return first if count > 1 and 2 * count > len(pages) else None


_DIGITS = 5
"""Of the number of a page, fewer."""


def _edges(page: Page) -> list[PageLine]:
    """The lines nearest to the top and to the bottom; all that are beside vertical ones."""
    outside = [line for line in page if line.top < 0]
    lines = sorted((line for line in page if line.top >= 0), key=lambda line: line.top)
    few = lines if len(lines) <= 2 * _EDGES else [*lines[:_EDGES], *lines[-_EDGES:]]
    return [*outside, *few]


def _is_furniture(line: PageLine, page: Page, names: Counter[str], pages: int) -> bool:
    if is_page_number(line.text) or _PRINTED.fullmatch(line.text):
        return True
    if not _stands_apart(line, page):
        return False
    if _NUMBER.fullmatch(line.text):
        return True
    name = _VARYING.sub("", line.text)
    return bool(name) and not is_closed(line.text) and names[name] >= max(2, min(3, pages / 2))


def _stands_apart(line: PageLine, page: Page) -> bool:
    """Whether the line is further from the next than lines of the text are, or of another size."""
    others = [other for other in page if other is not line]
    if not others:
        return True
    nearest = min(abs(other.top - line.top) for other in others)
    size = median(other.size for other in others)
    pitch = max(line.size, _pitch(sorted(others, key=lambda other: other.top)))
    return nearest > _ROOM * pitch or abs(line.size - size) > _SAME * size


def _notes(page: Page, size: float) -> tuple[Page, Page]:
    """The body of a page, and the small lines under it."""
    lines = sorted(page, key=lambda line: line.top)
    count = 0
    while count < len(lines) and lines[-1 - count].size < (1 - _SAME) * size:
        count += 1
    if not count or count == len(lines):
        return page, []
    notes = lines[-count:]
    small = frozenset(notes)
    return [line for line in page if line not in small], notes


# Tables.


def _with_rows(page: Page) -> list[PageLine]:
    """The lines, those that stand beside one another in a table as one."""
    rows: dict[int, list[PageLine]] = {}
    for line in page:
        rows.setdefault(round(line.top / max(line.size / 3, 1)), []).append(line)
    tables = [at for run in _runs_of_rows(rows) if _is_table(run) for at in run]
    made = {id(line): _row(rows_line) for rows_line in tables for line in rows_line[:1]}
    gone = {id(line) for rows_line in tables for line in rows_line[1:]}
    return [made.get(id(line), line) for line in page if id(line) not in gone]


def _runs_of_rows(rows: Mapping[int, list[PageLine]]) -> Iterator[list[list[PageLine]]]:
    """Lines of two parts and more that follow one another, each from left to right."""
    run: list[list[PageLine]] = []
    for _, row in sorted(rows.items()):
        if len(row) > 1:
            run.append(sorted(row, key=lambda line: line.start))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_table(run: Sequence[Sequence[PageLine]]) -> bool:
    """Whether they are the cells of a table, and not lines of columns: few reach the next one."""
    if len(run) < _ROWS:
        return False
    if min(map(len, run)) > _CELLS and len({len(row) for row in run}) == 1:
        return True
    filled = max(row[0].end for row in run)
    full = sum(filled - row[0].end < row[0].size for row in run)
    return 2 * full < len(run) and max(len(part.text) for row in run for part in row) < _IN_CELL


_ROWS, _CELLS, _IN_CELL = 2, 2, 25


def _row(parts: Sequence[PageLine]) -> PageLine:
    text = CELL_GAP.join(part.text for part in parts)
    return parts[0]._replace(text=text, end=max(part.end for part in parts), is_row=True)


# Columns.


def _columns(page: Page, gutter: float | None) -> list[list[PageLine]]:
    """The columns of a page, in the order they are read in; lines across both stand together."""
    if gutter is None:
        return [_rows(page)]
    columns: list[list[PageLine]] = []
    left: list[PageLine] = []
    right: list[PageLine] = []
    across: list[PageLine] = []
    for line in sorted(page, key=lambda line: line.top):
        if line.end <= gutter:
            left.append(line)
        elif line.start >= gutter:
            right.append(line)
        elif right:
            left, below = _balanced(left, right)
            columns += [across, left, right]
            left, right, across = [], [], [*below, line]
        else:  # a line that ends early is of those across
            across += [*left, line]
            left = []
    columns += [across, left, right] if right else [[*across, *left]]
    return [_rows(each) for each in columns if each]


def _balanced(left: list[PageLine], right: list[PageLine]) -> tuple[list[PageLine], list[PageLine]]:
    """The first of two columns that end together, and the lines that stand below both."""
    end = max((line.top + line.size / 2 for line in right), default=float("inf"))
    below = [line for line in left if line.top > end]
    # A column may be longer by a line.
    if len(below) == 1 and patterns.list_style(below[0].text) is None:
        return left, []
    return [line for line in left if line.top <= end], below


def _gutter(page: Page, before: float | None) -> float | None:
    """Where the room between two columns is; where it was `before`, if few lines are to tell."""
    kept = before if before and not any(line.start < before < line.end for line in page) else None
    return _seen_gutter(page) or kept if len(page) >= 6 else kept


def _seen_gutter(page: Page) -> float | None:
    left, right = min(line.start for line in page), max(line.end for line in page)
    places = [left + (right - left) * part / 20 for part in range(7, 14)]
    gutter = min(places, key=lambda at: _crossing(page, at))
    one = [line for line in page if line.end <= gutter]
    other = [line for line in page if line.start >= gutter]
    apart = min(len(one), len(other)) >= 3 and 4 * _crossing(page, gutter) <= len(page)
    return gutter if apart and _are_columns(one, other) else None


def _crossing(page: Page, at: float) -> int:
    return sum(line.start < at < line.end for line in page)


def _are_columns(one: Page, other: Page) -> bool:
    """Whether lines of text stand beside one another, and not the cells of a table."""
    filled = sum(columns(line.text) for line in one) / len(one) > 12
    tops = sorted(line.top for line in other)
    beside = 0
    for line in one:
        at = bisect_left(tops, line.top - line.size / 2)
        beside += at < len(tops) and tops[at] < line.top + line.size / 2
    return filled and beside >= 3


def _rows(page: Page) -> list[PageLine]:
    """The lines with the parts of each that stand apart, as cells of a table do, put together."""
    rows: list[PageLine] = []
    for line in page:
        last = rows[-1] if rows else None
        if (
            last
            and not (last.is_row or line.is_row)
            and abs(last.top - line.top) < last.size / 3
            and line.start >= last.end
        ):
            rows[-1] = last._replace(text=f"{last.text}{CELL_GAP}{line.text}", end=line.end)
        else:
            rows.append(line)
    return rows


# Paragraphs.


class _Flow:
    """Joins lines to paragraphs, across columns and pages."""

    def __init__(self) -> None:
        self.notes: list[tuple[PageLine, int]] = []
        self._parts: list[str] = []
        self._first: PageLine | None = None
        self._last: PageLine | None = None
        self._right = 0.0
        self._gap = True
        self._page = 1

    def column(self, lines: Sequence[PageLine], page: int) -> Iterator[Paragraph]:
        """The paragraphs that end in a column."""
        left, right = _margins(lines)
        pitch = _pitch(lines)
        above: PageLine | None = None
        for line in lines:
            apart = above is not None and line.top - above.top > _ROOM * max(pitch, line.size)
            if self._last is None or not self._goes_on(line, above, left, apart=apart):
                yield from self.rest()
                self._begin(line, page, gap=apart or (above is None and self._is_new(line)))
            else:
                self._parts[-1] = before_joined(self._parts[-1], line.text)
                self._parts.append(line.text)
            self._last = above = line
            self._right = right

    def _begin(self, line: PageLine, page: int, *, gap: bool) -> None:
        self._parts, self._first, self._page, self._gap = [line.text], line, page, gap

    def _is_new(self, line: PageLine) -> bool:
        """At the head of a column it is not seen whether room was left before a paragraph."""
        return self._first is None or abs(self._first.size - line.size) > _SAME * line.size

    def rest(self) -> Iterator[Paragraph]:
        """The paragraph that was going on, and the notes under the pages that it was on."""
        if self._first is not None:
            first = self._first
            text = "".join(self._parts)
            yield Paragraph(text, first.size, self._gap, self._page, first.is_row)
        for note, page in self.notes:
            yield Paragraph(note.text, note.size, True, page)
        self.notes = []
        self._parts, self._last = [], None

    def _goes_on(self, line: PageLine, above: PageLine | None, left: float, *, apart: bool) -> bool:
        last = self._last
        assert last is not None
        if last.is_row or line.is_row:
            return False
        if apart or abs(last.size - line.size) > _SAME * line.size:
            return False
        if self._begins(line, above, left):
            return False
        room = columns(first_piece(line.text)) / 2 * line.size
        return last.end + room > self._right - line.size / 2

    def _begins(self, line: PageLine, above: PageLine | None, left: float) -> bool:
        """Whether a line begins a paragraph, by its indent or by what it begins with."""
        deeper = above is None or line.start > above.start + _INDENT * line.size / 2
        if line.start > left + _INDENT * line.size and (deeper or len(self._parts) == 1):
            return True
        style = patterns.list_style(line.text)
        if style is not None and style == patterns.list_style(self._parts[0]):
            return True
        listed = style or patterns.CHAPTER.match(line.text)
        anew = listed or (above is None and not self._is_indented())
        return bool(anew) and is_closed(self._parts[-1])

    def _is_indented(self) -> bool:
        """Whether the paragraph that is going on began further in than it went on."""
        first, last = self._first, self._last
        return bool(first and last and first.start > last.start + _INDENT * last.size)


def _margins(lines: Sequence[PageLine]) -> tuple[float, float]:
    if not lines:
        return 0.0, 0.0
    ends = sorted(line.end for line in lines)
    return min(line.start for line in lines), ends[-1 - len(ends) // 20]


def _pitch(lines: Sequence[PageLine]) -> float:
    """The usual distance from line to line."""
    steps = [b.top - a.top for a, b in pairwise(lines) if b.top > a.top]
    counts = Counter(round(step) for step in steps)
    return float(counts.most_common(1)[0][0]) if counts else 0.0
