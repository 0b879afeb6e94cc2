"""Lists of known words in the formats in which people have them; which one is told by its content.

- Anki decks (`.apkg`, `.colpkg`): `anki_decks`.
- A table whose first line names its columns, at tabs, commas or semicolons: of Lute (`term`,
  `status`), of LinguaCafe (`word`, `lemma`, `stage`), anybody's (`word`, `pinyin`, `state`).
- Text exported from Anki, which begins with `#separator`; it has no intervals, so all is known.
- Terms exported from LWT: eight columns without names, the fifth a status.
- Words exported from Pleco: `简体[繁體]`, pinyin and definition at tabs, categories after `//`.
- Anything else: a word a line, perhaps with its reading, its state and more behind tabs, as our own
  pages export it; or words with white space between them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TypeAlias

from reader.files import read_file
from reader.learner.anki_fields import reading_among, word_among
from reader.learner.lines import decoded_list
from reader.learner.states import KnownRow, KnownWordsError, State
from reader.scripts import has_han

__all__ = ["read_known"]

FilePath: TypeAlias = "str | PathLike[str]"
Rows: TypeAlias = Iterable[KnownRow]


def read_known(path: FilePath) -> list[KnownRow]:
    """The rows of a file: word, reading or `""`, state; a word may come more than once.

    Raises `KnownWordsError` for a file that cannot be read, or has no Chinese word in it.
    """
    data = read_file(Path(path), kind="a list of words", error=KnownWordsError)
    if data[:4] == b"PK\x03\x04":
        # Databases, and what packs them, are loaded by those alone who have a deck.
        from reader.learner.anki_decks import read_deck

        return read_deck(data, path)
    text = decoded_list(data, path, KnownWordsError)
    lines = text.split("\n") if "\r" not in text else re.split("\r\n|\n|\r", text)
    try:
        rows = list(_reader_of(lines)(lines))
    except csv.Error as error:  # a cell of more than 128 KiB: its quotation mark is not closed
        message = "has a cell without end: a quotation mark is not closed"
        raise KnownWordsError(message, path=path) from error
    if not rows:
        why = "is empty" if not text.strip() else "has no Chinese word in it"
        raise KnownWordsError(why, path=path)
    return rows


def _reader_of(lines: Sequence[str]) -> Callable[[Sequence[str]], Rows]:
    head = [line for line in lines[:50] if line.strip()]
    if not head:
        return _plain
    if head[0].startswith("#separator"):
        return _anki_text
    if _columns(head[0]):
        return _table
    if any(line.startswith("//") or _PLECO.match(line) for line in head):
        return _pleco
    if all(_is_lwt(line.split("\t")) for line in head):
        return _lwt
    return _plain


# ---- what a list says of a word ----

_KNOWN = State.KNOWN
_STATES = {state.value: state for state in State}
_STATUSES = {
    **dict.fromkeys(("1", "2", "3", "4"), State.LEARNING),
    **dict.fromkeys(("5", "99", "W"), State.KNOWN),
    **dict.fromkeys(("98", "I"), State.IGNORED),
}
"""Of Lute and LWT. 5 is called learned there; 0, of words met and nothing more, is left out."""
_STAGES = {
    "1": State.IGNORED,
    "0": State.KNOWN,
    **{str(stage): State.LEARNING for stage in range(-7, 0)},
}
"""Of LinguaCafe, where 2 is a new word."""


def _word(cell: str) -> str:
    """A cell that is a Chinese word, without what lists put around; `""` for any other."""
    word = cell.strip(_AROUND)
    # Nearly all are plain, and lists are long. Lute puts spaces of no width into its terms.
    if "一" <= word[:1] <= "\u9fff" and " " not in word and "\u200b" not in word:
        return word
    word = word.replace(" ", "").replace("\u200b", "")
    return word if has_han(word) else ""


_AROUND = " \u3000\xa0\u200b\ufeff\r"


# ---- plain lists, and our own ----


def _plain(lines: Iterable[str]) -> Iterator[KnownRow]:
    for line in lines:
        if "\t" in line:
            if row := _row(line.split("\t")):
                yield row
        elif line.startswith("#"):
            continue
        elif "," in line or ";" in line:
            if row := _row(_cells(line, "," if "," in line else ";")):
                yield row
        else:
            for part in line.split():
                if word := _word(part):
                    yield word, "", _KNOWN


def _row(cells: Sequence[str]) -> KnownRow | None:
    """A word, and behind it what there is of its reading, its state, a date."""
    word = _word(cells[0])
    if not word:
        return None
    second = cells[1].strip() if len(cells) > 1 else ""
    if second in _STATES:
        return word, "", _STATES[second]
    third = cells[2].strip().lower() if len(cells) > 2 else ""
    return word, second, _STATES.get(third, _KNOWN)


# ---- tables with names of columns ----

_NAMES = {
    "word": ("word", "term", "simplified", "hanzi", "headword", "traditional", "chinese", "汉字"),
    "reading": ("reading", "pinyin", "pronunciation", "romanization", "拼音"),
    "state": ("state",),
    "status": ("status",),
    "stage": ("stage",),
    "lemma": ("lemma",),
    "level": ("level",),
}


_HAN_NAMES = {name for names in _NAMES.values() for name in names if has_han(name)}


def _columns(line: str) -> dict[str, int]:
    """Which columns a first line names; none where it is no such line."""
    sign = next((sign for sign in "\t,;" if sign in line), "")
    if not sign:
        return {}
    named = [cell.strip().strip("\ufeff").lower() for cell in _cells(line, sign)]
    if any(has_han(cell) and cell not in _HAN_NAMES for cell in named):
        return {}
    places = {kind: _first_of(names, named) for kind, names in _NAMES.items()}
    found = {kind: at for kind, at in places.items() if at >= 0}
    return found if "word" in found else {}


def _first_of(names: Sequence[str], named: Sequence[str]) -> int:
    """Where the first of the names that there are stands; -1 for none."""
    return next((named.index(name) for name in names if name in named), -1)


def _table(lines: Sequence[str]) -> Iterator[KnownRow]:
    first = next(at for at, line in enumerate(lines) if line.strip())
    head = lines[first]
    columns = _columns(head)
    sign = next(sign for sign in "\t,;" if sign in head)
    word_at, reading_at = columns["word"], columns.get("reading", MANY)
    state_of = _state_reader(columns)
    for cells in _rows_of(lines[first + 1 :], sign):
        word = _word(cells[word_at]) if len(cells) > word_at else ""
        state = state_of(cells) if word else None
        if state is not None:
            yield word, cells[reading_at].strip() if len(cells) > reading_at else "", state


def _rows_of(lines: Sequence[str], sign: str) -> Iterable[list[str]]:
    """The cells of each row. One in quotes goes over several lines: exports have notes in them."""
    if any('"' in line for line in lines):
        return csv.reader(lines, delimiter=sign)
    return (line.split(sign) for line in lines)


MANY = 1 << 16
"""Stands for the place of a column that there is not."""


def _state_reader(columns: dict[str, int]) -> Callable[[Sequence[str]], State | None]:
    """What finds the state that a row gives; known where no column says, None for a word merely
    met."""

    def cell(cells: Sequence[str], at: int) -> str:
        return cells[at].strip() if len(cells) > at else ""

    def by_status(cells: Sequence[str]) -> State | None:
        value = cell(cells, columns["status"])
        return _STATES.get(value.lower()) or _STATUSES.get(value.upper() or "1")

    def by_stage(cells: Sequence[str]) -> State | None:
        stage, level = (columns.get(name, MANY) for name in ("stage", "level"))
        return _STAGES.get(cell(cells, stage) or cell(cells, level))

    at = columns.get("state", MANY)
    if "status" in columns:
        return by_status
    if "stage" in columns or "lemma" in columns:
        return by_stage
    return lambda cells: _STATES.get(cell(cells, at).lower(), State.KNOWN)


def _cells(line: str, sign: str) -> list[str]:
    if '"' not in line:
        return line.split(sign)
    return next(csv.reader([line], delimiter=sign), [])


# ---- of programs ----

_PLECO = re.compile(r"[^\s\[\]]+\[[^\s\[\]]+\]\t")


def _pleco(lines: Iterable[str]) -> Iterator[KnownRow]:
    for line in lines:
        cells = line.split("\t")
        word = _word(cells[0].partition("[")[0])
        if word and not line.startswith("//"):
            # `//` marks in the reading where words meet.
            yield word, cells[1].replace("//", " ") if len(cells) > 1 else "", State.KNOWN


def _is_lwt(cells: Sequence[str]) -> bool:
    return len(cells) >= 7 and cells[4].strip() in _STATUSES


def _lwt(lines: Iterable[str]) -> Iterator[KnownRow]:
    for line in lines:
        cells = line.split("\t")
        if len(cells) > 4 and (word := _word(cells[0])):
            state = _STATUSES.get(cells[4].strip())
            if state is not None:
                yield word, cells[3].strip(), state


_SEPARATORS = {
    "tab": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
    "colon": ":",
}
_OWN_COLUMNS = ("guid", "notetype", "deck", "tags")
"""What an export puts before and behind the fields of a note."""


def _anki_text(lines: Sequence[str]) -> Iterator[KnownRow]:
    heads: dict[str, str] = {}
    first = 0
    for first, line in enumerate(lines):  # noqa: B007
        if not line.startswith("#"):
            break
        name, _, value = line[1:].partition(":")
        heads[name.strip().lower()] = value.strip()
    sign = heads.get("separator") or "tab"
    numbers = (heads.get(f"{name} column", "") for name in _OWN_COLUMNS)
    own = {int(number) - 1 for number in numbers if number.isdecimal() and len(number) < 4}
    for cells in csv.reader(lines[first:], delimiter=_SEPARATORS.get(sign.lower(), sign[:1])):
        fields = [cell for at, cell in enumerate(cells) if at not in own]
        if word := word_among(fields):
            yield word, reading_among(fields, word), State.KNOWN
