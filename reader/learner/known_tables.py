"""Tables of words: which column has the word, which its reading and its state, and the rows.

Columns are told by their names in the first line, in English or Chinese, or else by what stands in
the first rows: the one with most words, the one whose cells are read as the words beside them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from operator import itemgetter
from typing import cast

from reader.learner.anki_fields import LONGEST, is_reading, plain, reading_among, word_among
from reader.learner.lines import READING_NAMES, WORD_NAMES
from reader.learner.states import KnownRow, State
from reader.scripts import has_han

__all__ = [
    "SAMPLE",
    "SEPARATORS",
    "STATUSES",
    "Columns",
    "cells_at",
    "guessed",
    "named",
    "words_in",
]

SEPARATORS = "\t,;|"
_NOWHERE = 1 << 16
"""Stands for the place of a column that there is not."""
SAMPLE = 200
"""Rows that tell the columns of a table without names."""

# ---- states ----

STATES: Mapping[str, State | None] = {state.value: state for state in State}
STATUSES: Mapping[str, State | None] = {
    **STATES,
    **dict.fromkeys(("1", "2", "3", "4", ""), State.LEARNING),
    **dict.fromkeys(("5", "99", "w"), State.KNOWN),
    **dict.fromkeys(("98", "i"), State.IGNORED),
}
"""Of Lute and LWT. 5 is called learned there; 0, of words met and nothing more, is left out."""
STAGES: Mapping[str, State | None] = {
    **STATES,
    "1": State.IGNORED,
    "0": State.KNOWN,
    **{str(stage): State.LEARNING for stage in range(-7, 0)},
}
"""Of what LinguaCafe exports, where 2 is a new word."""
LEVELS: Mapping[str, State | None] = {
    **STATES,
    "learned": State.KNOWN,
    **{str(level): State.LEARNING for level in range(1, 8)},
}
"""Of what LinguaCafe imports, as people write it."""


@dataclass(frozen=True)
class Columns:
    """Where the cells of a table are, and what its states are called."""

    word: int
    reading: int = _NOWHERE
    state: int = _NOWHERE
    states: Mapping[str, State | None] = field(default_factory=lambda: STATES)
    usual: State | None = State.KNOWN
    """The state of a row whose own is not one of those; None leaves it out."""
    is_deck: bool = False
    """A table of notes: what is longer than a word is none, and stands in another field."""
    others: frozenset[int] = frozenset()
    """Of a table of notes, what is no field of theirs."""

    def rows(self, table: Iterable[Sequence[str]]) -> list[KnownRow]:
        """Word, reading or `""`, and state of each row that has a word."""
        states = _Asked(self.states, self.usual)
        left = iter(table)
        found: list[KnownRow] = []
        while batch := list(islice(left, _BATCH)):
            words, readings = _column(self.word, batch), _column(self.reading, batch)
            given = list(map(states.__getitem__, _column(self.state, batch)))
            # Nearly all are plain, and lists are long.
            if not _are_plain(words):
                found += self._of_any_rows(words, readings, given, batch)
                continue
            if self.is_deck and not _are_plain_readings(readings):
                readings = [
                    reading
                    if _PLAIN_READING.fullmatch(reading)
                    else _reading(reading, self._own(cells), word)
                    for word, reading, cells in zip(words, readings, batch, strict=True)
                ]
            rows = cast("Iterable[KnownRow]", zip(words, readings, given, strict=True))
            found += filter(itemgetter(2), rows) if None in given else rows
        return found

    def _of_any_rows(
        self,
        words: Sequence[str],
        readings: Sequence[str],
        states: Sequence[State | None],
        batch: Sequence[Sequence[str]],
    ) -> Iterator[KnownRow]:
        words_of = self._of_note if self.is_deck else self._of_row
        for word, reading, state, cells in zip(words, readings, states, batch, strict=True):
            if state is None:
                continue
            if not self.is_deck and _is_plain(word):
                yield word, reading, state
            else:
                for each, its_reading in words_of(word, reading, self._own(cells)):
                    yield each, its_reading, state

    def among(self, others: Collection[int]) -> Columns:
        """These columns in a table that has others too, which are no fields of its notes."""

        def place(at: int) -> int:
            for other in sorted(others) if at != _NOWHERE else ():
                at += other <= at
            return at

        word, reading, state = map(place, (self.word, self.reading, self.state))
        return replace(self, word=word, reading=reading, state=state, others=frozenset(others))

    def _own(self, cells: Sequence[str]) -> Sequence[str]:
        """The cells that are a note's, or all of a row."""
        if not self.others:
            return cells
        return [cell for at, cell in enumerate(cells) if at not in self.others]

    def _of_row(self, word: str, reading: str, cells: Sequence[str]) -> list[tuple[str, str]]:
        return [(each, reading) for each in words_in(word) or self._elsewhere(cells)]

    def _of_note(self, word: str, reading: str, cells: Sequence[str]) -> list[tuple[str, str]]:
        word = _word_of_note(word, cells)
        return [(word, _reading(reading, cells, word))] if word else []

    def _elsewhere(self, cells: Sequence[str]) -> Sequence[str]:
        """The words of a row that has none in its column."""
        word = word_among(cells)
        return (word,) if word else next(filter(None, map(words_in, cells)), ())


_BATCH = 256
"""Rows that are looked at together."""


def _column(at: int, rows: Sequence[Sequence[str]]) -> list[str]:
    """The cells of a column, empty where a row is too short or there is no such column."""
    if at == _NOWHERE:
        return [""] * len(rows)
    try:
        return list(map(itemgetter(at), rows))
    except IndexError:
        return [cells[at] if at < len(cells) else "" for cells in rows]


class _Asked(dict[str, "State | None"]):
    """States by cells as they stand."""

    def __init__(self, states: Mapping[str, State | None], usual: State | None) -> None:
        super().__init__()
        self._states, self._usual = states, usual

    def __missing__(self, cell: str) -> State | None:
        state = self[cell] = self._states.get(cell.strip().lower(), self._usual)
        return state


def _word_of_note(cell: str, cells: Sequence[str]) -> str:
    """The word of a note: in the usual field, or else in another."""
    word = plain(cell)
    return word if _is_plain(word) else word_among(cells)


def _reading(cell: str, cells: Sequence[str], word: str) -> str:
    """The reading of a note: in the usual field, or else in another."""
    return _toned(cell) or reading_among(list(filter(_TONES.search, cells)), word)


_HAN = re.compile("[\u4e00-\u9fff]")
_is_plain = re.compile(f"{_HAN.pattern}{{1,{LONGEST}}}").fullmatch
_ALL_HAN = re.compile(f"{_HAN.pattern}++")


def _are_plain(words: Sequence[str]) -> bool:
    """What `_is_plain` says of each."""
    return (
        all(words) and max(map(len, words)) <= LONGEST and bool(_ALL_HAN.fullmatch("".join(words)))
    )


_MARKED = "āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿ"
_TONES = re.compile(f"[{_MARKED}ˊˇˋˉ1-4\u0300\u0301\u0304\u030c]", re.I)
_SPELLED = f"[a-zA-Zü{_MARKED}' ]"
_PLAIN_READING = re.compile(f"(?<!{_SPELLED})[a-zA-Zü]*+[{_MARKED}]{_SPELLED}*+(?<![' ])")
"""What `_toned` takes as it stands: most readings are this."""
_PLAIN_READINGS = re.compile(f"(?>(?:{_PLAIN_READING.pattern}\n)*)")


def _are_plain_readings(readings: Sequence[str]) -> bool:
    """Whether each is such a one."""
    return _PLAIN_READINGS.fullmatch("\n".join((*readings, ""))) is not None


def _toned(cell: str) -> str:
    """A cell of a note that says how its word is read: a gloss may look like pinyin (to, hen)."""
    if not _TONES.search(cell):
        return ""
    text = plain(cell)
    return "" if _HAN.search(text) else text


# ---- cells ----


def _separator_of(line: str) -> str:
    """What stands between the cells of a line; `""` where nothing does."""
    return next((sign for sign in SEPARATORS if sign in line), "")


def cells_at(lines: Iterable[str], sign: str) -> Iterator[list[str]]:
    """The cells of each line. One in quotes goes over several: exports have notes in them."""
    left = iter(lines)
    quoted: list[str] = []
    reader = csv.reader(_first(quoted, left), delimiter=sign)
    for line in left:
        if '"' in line:
            quoted.append(line)
            yield next(reader)
        else:
            # As most are, and lists are long: Python's reader takes three times as long.
            yield line.split(sign)


def _first(lines: list[str], others: Iterator[str]) -> Iterator[str]:
    """The line that is put into `lines`, before the next of the others."""
    while True:
        line = lines.pop() if lines else next(others, None)
        if line is None:
            return
        yield line


_AROUND = " \u3000\xa0\u200b\ufeff\r"
_BRACKETED = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]*+)[)）\]】〕]")
_BETWEEN = re.compile("[/|｜、，,；;]")
_NUMBERED = re.compile(r"(?<=[^\W0-9０-９])[0-9０-９]++$")


def words_in(cell: str) -> Sequence[str]:
    """The Chinese words of a cell, without what lists put around them and between.

    >>> words_in("爸爸｜爸"), words_in("没（有）"), words_in("点1"), words_in(" 卡拉OK ")
    (['爸爸', '爸'], ['没', '没有'], ['点'], ['卡拉OK'])
    """
    cell = cell.strip(_AROUND)
    if "一" <= cell[:1] <= "\u9fff" and cell.isalpha():
        return [cell]
    # Lute puts spaces of no width into its terms, and readings of Anki stand in brackets.
    cell = cell.replace(" ", "").replace("\u200b", "")
    if not has_han(cell):
        return []
    if "<" in cell or "&" in cell or "{" in cell:
        cell = plain(cell)
    forms = [_BRACKETED.sub("", cell)]
    if any(map(has_han, _BRACKETED.findall(cell))):
        forms.append(_BRACKETED.sub(r"\1", cell))
    parts = (_NUMBERED.sub("", part) for form in forms for part in _BETWEEN.split(form))
    return list(dict.fromkeys(part for part in parts if has_han(part)))


# ---- columns by their names ----

_STATE_NAMES = ("state", "状态", "狀態")


def named(line: str) -> tuple[str, Columns] | None:
    """The separator and the columns of a table whose first line names them; None for another."""
    sign = _separator_of(line)
    if not sign:
        return None
    cells = next(iter(cells_at([line], sign)), [])
    names = [plain(cell).lower() for cell in cells]
    word = _place(WORD_NAMES, names)
    if word == _NOWHERE or any(map(_is_data, names)):
        return None
    return sign, _with_states(Columns(word, _place(READING_NAMES, names)), sign, names)


def _with_states(columns: Columns, sign: str, names: Sequence[str]) -> Columns:
    """The columns with the one of states, and what these are called by the program whose it is."""
    states, at = STATES, _place(_STATE_NAMES, names)
    if "status" in names:
        states, at = STATUSES, names.index("status")
    elif "stage" in names or "lemma" in names:
        at = next((names.index(name) for name in ("stage", "level") if name in names), _NOWHERE)
        # As exported, between bars; what is imported has words and numbers from 1.
        states = STAGES if "stage" in names or sign == "|" else LEVELS
    is_programs = states is not STATES and at != _NOWHERE
    return replace(columns, state=at, states=states, usual=None if is_programs else State.KNOWN)


def _place(wanted: Sequence[str], names: Sequence[str]) -> int:
    """The first of the columns that is called so; or whose name has such a name as a word."""
    exact = next((names.index(name) for name in wanted if name in names), _NOWHERE)
    if exact != _NOWHERE:
        return exact
    split = [set(re.split(r"[\s_()（）/-]+", name)) for name in names]
    found = (at for name in wanted for at, parts in enumerate(split) if name in parts)
    return next(found, _NOWHERE)


def _is_data(name: str) -> bool:
    """Whether what would be a column's name is a reading, or a sentence."""
    return is_reading(name) or len(name) > 40


# ---- columns by what stands in them ----


def guessed(rows: Sequence[Sequence[str]], *, is_deck: bool = False) -> Columns:
    """The columns of a table without names, by its first rows; `is_deck` as that of `Columns`."""
    sample = list(filter(any, rows))
    width = max(map(len, sample), default=0)

    def share(at: int, fits: Callable[[Sequence[str], str], bool]) -> float:
        filled = [cells for cells in sample if len(cells) > at and cells[at].strip()]
        return sum(fits(cells, cells[at]) for cells in filled) / len(filled) if filled else 0.0

    def first(fits: Callable[[Sequence[str], str], bool], least: float) -> int:
        shares = [share(at, fits) for at in range(width)]
        most = max(shares, default=0.0)
        return shares.index(most) if most > least else _NOWHERE

    # Once a row: a stranger's may have thousands of cells.
    words = {id(cells): word_among(cells) for cells in sample}
    word = first(lambda cells, cell: bool(word_among((cell,))), 0.0)
    reading = first(lambda cells, cell: bool(reading_among((cell,), words[id(cells)])), _MOST)
    state = first(lambda cells, cell: cell.strip() in STATES, 1 - 1 / (SAMPLE + 1))
    return Columns(min(word, width), reading, state, is_deck=is_deck)


_MOST = 0.5
"""A column is one of readings where more of its cells than this are."""
