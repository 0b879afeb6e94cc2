"""The most likely way to cut a run of Simplified characters into words, numbers and names.

A unigram lattice: every dictionary word, and every number or name that may stand somewhere, has
a cost, and the cheapest path wins. Where nothing reaches across a place the text falls apart
into stretches that know nothing of each other, so each distinct stretch is solved once and
remembered, which gives the same words as solving the whole. Time is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from reader.annotate.kinds import Piece, Step
from reader.annotate.names import Names
from reader.annotate.numbers import number_reach, number_steps
from reader.annotate.vocabulary import Vocabulary
from reader.lexicon import Lexicon

REMEMBERED = 200_000
"""Entries that each memory holds before it starts afresh."""
RUNS = 20_000
"""Runs that are remembered: clauses come back in some texts, and it costs little to ask."""
LONGEST_STRETCH = 64
"""Longer stretches (nonsense, all numerals or surnames) are solved but not remembered."""

Reach: TypeAlias = int | tuple[int, tuple[int, ...], frozenset[str]]
"""How far what begins with a pair reaches: so many characters, or else at least so many,
then the lengths of longer words, longest first, and these words."""


class Lattice:
    """Cuts runs of Han characters; remembers pairs and stretches it has met."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._vocabulary = Vocabulary(lexicon)
        self._names = Names(lexicon)
        self._reach: dict[str, Reach] = {}
        self._runs: dict[str, list[Piece]] = {}
        self._stretches: dict[str, tuple[Piece, ...]] = {}

    def cut(self, run: str) -> list[Piece]:
        """The words of `run`, in order; their lengths add up to its own."""
        found = self._runs.get(run)
        if found is None:
            found = self._cut(run)
            if len(run) <= LONGEST_STRETCH:
                if len(self._runs) > RUNS:
                    self._runs.clear()
                self._runs[run] = found
        return found

    def _cut(self, run: str) -> list[Piece]:
        pieces: list[Piece] = []
        known, solved = self._reach.get, self._stretches.get
        size = len(run)
        start = 0
        while start < size:
            end, at = start + 1, start
            while at < end:
                reach = known(run[at : at + 2])
                if reach is None:
                    reach = self._learn(run[at : at + 2])
                if reach:
                    last = at + (reach if isinstance(reach, int) else _longest(reach, run, at))
                    if last > end:
                        end = last
                at += 1
            if end > size:
                end = size
            if end == start + 1:
                pieces.append(1)
            else:
                stretch = run[start:end]
                pieces += solved(stretch) or self._solve(stretch)
            start = end
        return pieces

    def _learn(self, pair: str) -> Reach:
        """How far what begins with `pair` reaches; 0 where nothing does."""
        if len(pair) < 2:
            return 0
        words = [word for word, _ in self._vocabulary.words(pair) if len(word) > 1]
        base = max(self._names.reach(pair), number_reach(pair), 2 * (pair in words))
        longer = frozenset(word for word in words if len(word) > max(base, 2))
        lengths = tuple(sorted({len(word) for word in longer}, reverse=True))
        if len(self._reach) > REMEMBERED:
            self._reach.clear()
        reach = self._reach[pair] = (base, lengths, longer) if longer else base
        return reach

    def _solve(self, stretch: str) -> tuple[Piece, ...]:
        """The cheapest words that tile `stretch`; on a tie the longer first word."""
        size = len(stretch)
        best = [0] * (size + 1)
        chosen: list[tuple[Piece, ...]] = [()] * size
        lengths = [1] * size
        for at in range(size - 1, -1, -1):
            best[at] = 1 << 60
            for length, cost, pieces in self._steps(stretch, at):
                total = cost + best[at + length]
                if total < best[at]:
                    best[at], chosen[at], lengths[at] = total, pieces, length
        path: list[Piece] = []
        at = 0
        while at < size:
            path += chosen[at]
            at += lengths[at]
        solved = tuple(path)
        if size <= LONGEST_STRETCH:
            if len(self._stretches) > REMEMBERED:
                self._stretches.clear()
            self._stretches[stretch] = solved
        return solved

    def _steps(self, stretch: str, at: int) -> Iterator[Step]:
        for word, step in self._vocabulary.words(stretch[at : at + 2]):
            if stretch.startswith(word, at):
                yield step
        yield from number_steps(stretch, at)
        yield from self._names.steps(stretch, at)


def _longest(reach: tuple[int, tuple[int, ...], frozenset[str]], run: str, at: int) -> int:
    """The length of the longest word of `reach` that stands at `at`; its base where none does."""
    base, lengths, words = reach
    for length in lengths:
        if run[at : at + length] in words:
            return length
    return base
