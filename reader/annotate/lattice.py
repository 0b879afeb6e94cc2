"""The most likely way to cut a run of Simplified characters into words of the lexicon.

A unigram lattice: every dictionary word has a cost, and the cheapest path wins. Where no word
reaches across a place the text falls apart into stretches that know nothing of each other, so
each distinct stretch is solved once and remembered, which gives the same words as solving the
whole. Time is linear in the text.
"""

from __future__ import annotations

from typing import TypeAlias

from reader.lexicon import Lexicon

UNKNOWN = 2500
"""The cost of a character that is no word: dearer than any that is."""
REMEMBERED = 200_000
"""Entries that each memory holds before it starts afresh."""

Reach: TypeAlias = int | tuple[int, tuple[str, ...]]
"""What begins with a pair: nothing (0), the pair alone (2), or longer words, longest first."""


class Lattice:
    """Cuts runs of Han characters; remembers pairs and stretches it has met."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._reach: dict[str, Reach] = {}
        self._costs: dict[str, int] = {}
        self._stretches: dict[str, tuple[int, ...]] = {}

    def cut(self, run: str) -> list[int]:
        """The lengths of the words of `run`, in order; their sum is its length."""
        lengths: list[int] = []
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
                    last = at + (reach if type(reach) is int else _longest(reach, run, at))
                    if last > end:
                        end = last
                at += 1
            if end == start + 1:
                lengths.append(1)
            else:
                stretch = run[start:end]
                lengths += solved(stretch) or self._solve(stretch)
            start = end
        return lengths

    def _learn(self, pair: str) -> Reach:
        """What the lexicon has that begins with `pair`."""
        if len(self._reach) > REMEMBERED:
            self._reach.clear()
        words = dict(self._lexicon.starting(pair)) if len(pair) == 2 else {}
        base = 2 if pair in words else 0
        longer = sorted((word for word in words if len(word) > 2), key=len, reverse=True)
        reach: Reach = (base, tuple(longer)) if longer else base
        self._reach[pair] = reach
        return reach

    def _cost(self, word: str) -> int:
        cost = self._costs.get(word)
        if cost is None:
            if len(self._costs) > REMEMBERED:
                self._costs.clear()
            found = self._lexicon.character_cost(word)
            cost = self._costs[word] = UNKNOWN if found is None else found
        return cost

    def _solve(self, stretch: str) -> tuple[int, ...]:
        """The lengths of the cheapest words that tile `stretch`; the longer first word on a tie."""
        size = len(stretch)
        best = [0] * (size + 1)
        lengths = [1] * size
        for at in range(size - 1, -1, -1):
            best[at] = self._cost(stretch[at]) + best[at + 1]
            for word, cost in self._lexicon.starting(stretch[at : at + 2]):
                if stretch.startswith(word, at):
                    total = cost + best[at + len(word)]
                    if total <= best[at]:
                        best[at], lengths[at] = total, len(word)
        path: list[int] = []
        at = 0
        while at < size:
            path.append(lengths[at])
            at += lengths[at]
        if len(self._stretches) > REMEMBERED:
            self._stretches.clear()
        solved = self._stretches[stretch] = tuple(path)
        return solved


def _longest(reach: tuple[int, tuple[str, ...]], run: str, at: int) -> int:
    """The length of the longest word of `reach` that stands at `at`; 0 where none does."""
    for word in reach[1]:
        if run.startswith(word, at):
            return len(word)
    return reach[0]
