"""Lists of known words in the formats in which people have them; which one is told by its content.

- Anki decks (`.apkg`, `.colpkg`): `anki_decks`.
- A table whose first line names its columns, at tabs, commas, semicolons or bars: of Lute (`term`,
  `status`), of LinguaCafe (`Lemma`, `Word`, `Level`), anybody's (`word`, `pinyin`, `state`).
- Text exported from Anki, which begins with `#separator`; it has no intervals, so all is known.
- Terms exported from LWT: eight columns without names, the fifth a status.
- Words exported from Pleco: `简体[繁體]`, pinyin and definition at tabs, categories after `//`.
- A table without names, as our own pages export it: the columns are told by what stands in them.
- Anything else: words, a line each or with white space between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import TypeAlias

from reader.learner.known_tables import (
    SAMPLE,
    SEPARATORS,
    STATUSES,
    Columns,
    cells_at,
    guessed,
    named,
    words_in,
)
from reader.learner.states import KnownRow, State

__all__ = ["reader_of"]

Rows: TypeAlias = Iterable[KnownRow]


def reader_of(lines: Sequence[str]) -> Callable[[Iterable[str]], Rows] | None:
    """What reads a list that has such first lines; None for a plain one."""
    head = list(filter(str.strip, lines))
    if not head:
        return None
    if head[0].startswith("#separator"):
        return _anki_text
    if named(head[0]):
        return _named
    return _reader_by_look(head)


def _reader_by_look(head: Sequence[str]) -> Callable[[Iterable[str]], Rows] | None:
    """What reads a list whose first lines say nothing of it."""
    if any(line.startswith("//") or _PLECO.match(line) for line in head):
        return _pleco
    for columns in _LWT:
        if all(_is_lwt(line.split("\t"), columns) for line in head):
            return partial(_lwt, columns=columns)
    rows = [line for line in head if not line.startswith("#")]
    for sign in SEPARATORS:
        if 2 * sum(sign in line for line in rows) > len(rows):
            return partial(_table, sign=sign)
    return None


# ---- tables ----


def _table(lines: Iterable[str], sign: str) -> Rows:
    """A table without names, which pages of ours export too."""
    rows = cells_at((line for line in lines if line[:1] != "#"), sign)
    sample = list(islice(rows, SAMPLE))
    return guessed(sample).rows(chain(sample, rows))


def _named(lines: Iterable[str]) -> Rows:
    left = iter(lines)
    found = named(next(filter(str.strip, left)))
    assert found is not None
    sign, columns = found
    return columns.rows(cells_at(left, sign))


# ---- of programs ----

_PLECO = re.compile(r"[^\s\[\]]+\[[^\s\[\]]+\]\t")


def _pleco(lines: Iterable[str]) -> Iterator[KnownRow]:
    for line in lines:
        word, tab, rest = line.partition("\t")
        if line[:2] == "//":
            continue
        # `//` marks in the reading where words meet.
        reading = rest.partition("\t")[0].replace("//", " ") if tab else ""
        for each in words_in(word.partition("[")[0]):
            yield each, reading, State.KNOWN


_LWT = (
    Columns(0, 3, 4, STATUSES, usual=None),
    Columns(0, 2, 3, STATUSES, usual=None),
)
"""Today's eight columns, and the seven of before, without a sentence."""


def _is_lwt(cells: Sequence[str], columns: Columns) -> bool:
    at = columns.state
    return len(cells) >= at + 3 and cells[at].isdigit() and cells[at] in STATUSES


def _lwt(lines: Iterable[str], columns: Columns) -> Rows:
    return columns.rows(line.split("\t") for line in lines)


_NAMED = {
    "tab": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "space": " ",
    "colon": ":",
}
_OWN_COLUMNS = ("guid", "notetype", "deck", "tags")
"""What an export puts before and behind the fields of a note."""


def _anki_text(lines: Iterable[str]) -> Rows:
    heads: dict[str, str] = {}
    left = iter(lines)
    for line in left:
        if not line.startswith("#"):
            left = chain([line], left)
            break
        name, _, value = line[1:].partition(":")
        heads[name.strip().lower()] = value.strip()
    sign = heads.get("separator") or "tab"
    numbers = (heads.get(f"{name} column", "") for name in _OWN_COLUMNS)
    others = {int(number) - 1 for number in numbers if number.isdecimal() and len(number) < 4}
    rows = cells_at(left, _NAMED.get(sign.lower(), sign[:1]))
    sample = list(islice(rows, SAMPLE))
    own = [[cell for at, cell in enumerate(cells) if at not in others] for cells in sample]
    columns = guessed(own, is_deck=True).among(others)
    return columns.rows(chain(sample, rows))
