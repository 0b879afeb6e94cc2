"""Pairs made by hand, found again among the sentences of the two texts."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from reader.alignment.units import Unit
from reader.errors import AlignmentError


@dataclass(frozen=True, slots=True)
class Pair:
    """Sentences that answer each other, as text; either side may be empty."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    score: float | None = None
    """None where nobody said: neither sure nor unsure."""
    path: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The same as half-open ranges of units, None for an empty side."""

    sources: tuple[int, int] | None
    targets: tuple[int, int] | None
    pair: Pair


def locate(pairs: Iterable[Pair], sources: Sequence[Unit], targets: Sequence[Unit]) -> list[Anchor]:
    """The pairs by number, in text order. A row with an empty cell and no score says nothing.

    Raises `AlignmentError` with path and line for sentences that are in neither text, that are
    used twice, or whose pair crosses one before it.
    """
    here, there = _Side(sources, "text"), _Side(targets, "translation")
    found: list[Anchor] = []
    for pair in pairs:
        ends = here.find(pair, pair.sources), there.find(pair, pair.targets)
        if all(ends) or pair.score is not None:
            found.append(Anchor(ends[0], ends[1], pair))
    _check_order(found)
    return found


class _Side:
    """One text, without white space, and where its units begin in it."""

    def __init__(self, units: Sequence[Unit], name: str) -> None:
        pieces = [_bare(unit.text) for unit in units]
        self._text = "".join(pieces)
        self._starts = [0, *accumulate(map(len, pieces))]
        self._name = name
        self._after = 0

    def find(self, pair: Pair, sentences: tuple[str, ...]) -> tuple[int, int] | None:
        """The units that `sentences` are: the next ones after those found before, or any."""
        wanted = _bare("".join(sentences))
        if not wanted:
            return None
        # A spreadsheet puts quotation marks around a cell that has a comma.
        quoted = len(wanted) > 2 and wanted[0] == wanted[-1] == '"'
        for spelled in (wanted, wanted[1:-1]) if quoted else (wanted,):
            for start in (self._after, 0):
                found = self._from(spelled, start)
                if found is not None:
                    self._after = self._starts[found[1]]
                    return found
        inside = wanted in self._text
        problem = "is not made of whole sentences of" if inside else "is not in"
        raise _error(f"this {problem} the {self._name}", pair, " ".join(sentences))

    def _from(self, wanted: str, start: int) -> tuple[int, int] | None:
        at = self._text.find(wanted, start)
        while at >= 0:
            first = bisect_left(self._starts, at)
            last = bisect_left(self._starts, at + len(wanted))
            if self._starts[first] == at and self._starts[last] == at + len(wanted):
                return first, last
            at = self._text.find(wanted, at + 1)
        return None


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _check_order(found: Sequence[Anchor]) -> None:
    """Raises for pairs that overlap or cross; the order in the file is the order of the text."""
    ends = [0, 0]
    for anchor in found:
        for side, span in enumerate((anchor.sources, anchor.targets)):
            if span is None:
                continue
            if span[0] < ends[side]:
                text = " ".join((anchor.pair.sources, anchor.pair.targets)[side])
                raise _error(
                    "this sentence stands before, or in, an earlier row: rows must follow both "
                    "texts, each sentence once",
                    anchor.pair,
                    text,
                )
            ends[side] = span[1]


def _error(message: str, pair: Pair, excerpt: str) -> AlignmentError:
    return AlignmentError(message, path=pair.path, line=pair.line, excerpt=excerpt)
