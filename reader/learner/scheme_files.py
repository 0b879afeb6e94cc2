"""A scheme of levels in a file: a syllabus that may not be shipped, a textbook's lessons.

    # title: Our textbook, volume 1
    # levels: Lesson 1, Lesson 2
    銀行	yínháng	Lesson 1
    长	cháng	Lesson 2

One word a line, in either script; tabs, commas or semicolons between word, reading (which may be
left out, as a column or as a cell) and level. A first line may name the columns. The order of the
levels is what `# levels:` says; else by their numbers, where they differ in these alone; else that
of the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from reader.errors import ReaderError, printable
from reader.files import read_file, readable_name
from reader.learner.lines import READING_NAMES, WORD_NAMES, Line, cells_of, lines_of
from reader.learner.states import WordLevel
from reader.lexicon.homographs import Syllables
from reader.pinyin import parse
from reader.scripts import has_han, simplify_each

__all__ = ["SchemeError", "SchemeFile", "read_scheme"]


class SchemeError(ReaderError):
    """A file of levels with rows that cannot be used; the message lists them all."""


class SchemeFile(NamedTuple):
    """What a file says: rows of a Simplified word, its reading or `()`, and its level."""

    name: str
    title: str
    labels: tuple[str, ...]
    rows: list[tuple[str, Syllables, WordLevel]]


COLUMNS = {
    "word": WORD_NAMES,
    "reading": READING_NAMES,
    "level": "level lesson hsk tocfl band unit 级别 級別 等级 等級 级 級 课 課 单元 單元".split(),
}
"""What a column may be called, in any case."""
SHOWN = 60
LONGEST = 40
"""Characters of a level's name."""


@dataclass
class _Row:
    line: Line
    word: str
    reading: str
    label: str
    syllables: Syllables = ()
    problem: str = ""


def read_scheme(path: str) -> SchemeFile:
    """The scheme in a file; `SchemeError` names every row that cannot be used."""
    data = read_file(Path(path), kind="a list of levels", error=SchemeError)
    lines = list(lines_of(data, path, SchemeError))
    declared = _labels(_declared(lines, "levels"))
    allowed = frozenset(declared)
    rows = list(_rows(lines))
    for row in rows:
        row.problem = _problem(row, allowed)
    if bad := [row for row in rows if row.problem]:
        raise _error(bad, path)
    if not rows:
        raise SchemeError("has no word with a level", path=path)
    labels = declared or _ordered(dict.fromkeys(row.label for row in rows))
    levels = {label: WordLevel(label, rank) for rank, label in enumerate(labels)}
    words = simplify_each([row.word for row in rows], "zh-Hans")
    name = readable_name(Path(path).name)
    return SchemeFile(
        name,
        _declared(lines, "title") or name,
        labels,
        [(word, row.syllables, levels[row.label]) for word, row in zip(words, rows, strict=True)],
    )


def _declared(lines: Iterable[Line], what: str) -> str:
    """What a comment at the beginning of a line says: `# levels: A1, A2`."""
    pattern = re.compile(rf"#\s*{what}\s*[:：]\s*(.+)", re.I)
    found = (pattern.match(line.text.strip()) for line in lines)
    return next((match[1].strip() for match in found if match), "")


def _labels(declared: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(label for part in re.split("[,，;]", declared) if (label := part.strip()))
    )


def _rows(lines: Sequence[Line]) -> Iterator[_Row]:
    columns: list[str] | None = None
    first = True
    for line in lines:
        if not line.text.strip() or line.text.lstrip().startswith("#"):
            continue
        cells = cells_of(line.text)
        if first and (columns := _columns(cells)):
            missing = [name for name in ("word", "level") if name not in columns]
            if missing:
                problem = f"no column is called {' or '.join(missing)}"
                yield _Row(line, "?", "", "?", problem=problem)
                return
        else:
            yield _row(line, cells, columns)
        first = False


def _columns(cells: Sequence[str]) -> list[str] | None:
    """What the columns are that a first line names; None for a line that is a word's."""
    named = [_column(cell) for cell in cells]
    is_head = not COLUMNS.keys().isdisjoint(named)
    if any(map(has_han, cells)):
        # 级 is a word, too.
        is_head = {"word", "level"} <= set(named)
    return named if is_head else None


def _column(cell: str) -> str:
    name = cell.strip().lower()
    return next((column for column, names in COLUMNS.items() if name in names), name)


def _row(line: Line, cells: Sequence[str], columns: Sequence[str] | None) -> _Row:
    if columns is None:
        columns = ("word", "level") if len(cells) == 2 else ("word", "reading", "level")
        if len(cells) > 3:
            problem = "more than word, reading and level: a first line must name the columns"
            return _Row(line, "?", "", "?", problem=problem)
    named: dict[str, str] = {}
    for column, cell in zip(columns, cells, strict=False):
        named.setdefault(column, cell)
    return _Row(
        line,
        named.get("word", ""),
        named.get("reading", ""),
        named.get("level", ""),
    )


def _problem(row: _Row, declared: Collection[str]) -> str:
    if row.problem:
        return row.problem
    if not has_han(row.word):
        return "no Chinese word" if row.word else "word is empty"
    if not row.label:
        return "level is empty"
    if len(row.label) > LONGEST:
        return f"level is longer than {LONGEST} characters"
    if declared and row.label not in declared:
        return f"level {row.label!r} is not one of those declared"
    if row.reading:
        try:
            row.syllables = parse(row.reading)
        except ValueError as error:
            return str(error)
        if len(row.syllables) != len(row.word):
            return f"{len(row.syllables)} syllables for {len(row.word)} characters"
    return ""


def _ordered(labels: Iterable[str]) -> tuple[str, ...]:
    """By number, where labels are numbers, or differ in their numbers alone."""
    listed = list(labels)
    shapes = {re.sub(r"\d+", "", label.strip()).strip("- –") for label in listed}
    if len(shapes) == 1 and all(re.search(r"\d", label) for label in listed):
        return tuple(sorted(listed, key=lambda at: [int(n) for n in re.findall(r"\d+", at)]))
    return tuple(listed)


def _error(rows: Sequence[_Row], path: str) -> SchemeError:
    first = rows[0]
    if len(rows) == 1:
        return SchemeError(
            first.problem, path=path, line=first.line.number, excerpt=first.line.text
        )
    listed = "".join(
        f"\n    {row.line.number}: {row.problem}: {printable(row.line.text[:SHOWN])}"
        for row in rows
    )
    return SchemeError(f"{len(rows)} rows cannot be used:{listed}", path=path)
