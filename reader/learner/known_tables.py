"""Tables of words: which column has the word, which its reading and its state, and the rows.

Columns are told by their names in the first line, in English or Chinese, or else by what stands in
the first rows: the one with most words, the one whose cells are read as the words beside them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter

from reader.learner.anki_fields import LONGEST, is_reading, plain, reading_among, word_among
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

    def rows(self, table: Iterable[Sequence[str]]) -> list[KnownRow]:
        """Word, reading or `""`, and state of each row that has a word."""
        is_table, states = not self.is_deck, _Asked(self.states, self.usual)
        words_of = self._of_row if is_table else self._of_note
        # What there is no column for stands behind the cells.
        at = [place if place != _NOWHERE else -1 for place in (self.word, self.reading, self.state)]
        pick, width = itemgetter(*at), max(at) + 2
        found: list[KnownRow] = []
        add = found.append
        for cells in table:
            whole = len(cells) + 1 >= width
            word, reading, cell = pick([*cells, ""] if whole else self._wide(cells, width))
            state = states[cell]
            if state is None:
                continue
            # Nearly all are plain, and lists are long.
            if _is_plain(word):
                add((word, reading if is_table else _reading(reading, cells, word), state))
            else:
                found += [(*each, state) for each in words_of(word, reading, cells)]
        return found

    @staticmethod
    def _wide(cells: Sequence[str], width: int) -> list[str]:
        return [*cells, *[""] * (width - len(cells))]

    def _of_row(self, word: str, reading: str, cells: Sequence[str]) -> list[tuple[str, str]]:
        return [(each, reading) for each in words_in(word) or self._elsewhere(cells)]

    def _of_note(self, word: str, reading: str, cells: Sequence[str]) -> list[tuple[str, str]]:
        word = _word_of_note(word, cells)
        return [(word, _reading(reading, cells, word))] if word else []

    def _elsewhere(self, cells: Sequence[str]) -> Sequence[str]:
        """The words of a row that has none in its column."""
        word = word_among(cells)
        return (word,) if word else next(filter(None, map(words_in, cells)), ())


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


_TONES = re.compile("[āáǎàōóǒòēéěèīíǐìūúǔùǖǘǚǜńňǹḿˊˇˋˉ1-4\u0300\u0301\u0304\u030c]", re.I)


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


def cells_at(lines: Sequence[str], sign: str) -> Iterable[Sequence[str]]:
    """The cells of each line. One in quotes goes over several: exports have notes in them."""
    if '"' in "\n".join(lines):
        return csv.reader(lines, delimiter=sign)
    return (line.split(sign) for line in lines)


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

_WORD_NAMES = (
    "word term simplified hanzi headword traditional chinese vocabulary vocab character characters"
    " 简体 簡體 简体字 簡體字 词语 詞語 单词 單詞 生词 生詞 词汇 詞彙"
    " 词 詞 字词 字詞 汉字 漢字 中文 繁体 繁體 繁体字 繁體字"
).split()
_READING_NAMES = (
    "reading pinyin pronunciation romanization romanisation 拼音 读音 讀音 发音 發音"
).split()
_STATE_NAMES = ("state", "状态", "狀態")


def named(line: str) -> tuple[str, Columns] | None:
    """The separator and the columns of a table whose first line names them; None for another."""
    sign = _separator_of(line)
    if not sign:
        return None
    cells = next(iter(cells_at([line], sign)), [])
    names = [plain(cell).lower() for cell in cells]
    word = _place(_WORD_NAMES, names)
    if word == _NOWHERE or any(map(_is_data, names)):
        return None
    return sign, _with_states(Columns(word, _place(_READING_NAMES, names)), sign, names)


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
