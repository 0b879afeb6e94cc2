"""The most likely way to cut a run of Simplified characters into words and people's names.

A unigram lattice: every dictionary word, and every possible name, has a cost, and the cheapest
path wins. Where nothing reaches across a place the text falls apart into stretches that know
nothing of each other, so each distinct stretch is solved once and remembered, which gives the
same words as solving the whole. Time is linear in the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from reader.annotate.kinds import HAN, NAME, PERSON
from reader.lexicon import Lexicon

UNKNOWN = 2500
"""The cost of a character that is no word: dearer than any that is."""
PERSON_COST = {1: 900, 2: 600}
"""What it costs that here stands a person's name, by the length of the given name."""
REMEMBERED = 200_000
"""Entries that each memory holds before it starts afresh."""

Reach: TypeAlias = int | tuple[int, tuple[str, ...]]
"""What begins with a pair: nothing (0), so many characters, or longer words, longest first."""
Piece: TypeAlias = int
"""A word: its length and, above the lowest eight bits, its kind."""
Step: TypeAlias = tuple[int, int, tuple[Piece, ...]]
"""A way on from one place: how far, its cost, and the words it is made of."""
BITS = 8
_LONGEST = (1 << BITS) - 1


class Lattice:
    """Cuts runs of Han characters; remembers pairs and stretches it has met."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._names = lexicon.names()
        self._reach: dict[str, Reach] = {}
        self._steps: dict[str, tuple[tuple[str, Step], ...]] = {}
        self._stretches: dict[str, tuple[Piece, ...]] = {}

    def cut(self, run: str) -> list[Piece]:
        """The words of `run`, in order; their lengths add up to its own."""
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
                    last = at + (reach if type(reach) is int else _longest(reach, run, at))
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
        """How far what begins with `pair` reaches."""
        if len(self._reach) > REMEMBERED:
            self._reach.clear()
        words = {word for word, _, _ in self._lexicon.starting(pair)}
        base = 2 if pair in words else 0
        if len(pair) == 2:
            base = max(base, self._name_reach(pair))
        longer = sorted((word for word in words if len(word) > max(base, 2)), key=len)
        reach: Reach = (base, tuple(reversed(longer))) if longer else base
        self._reach[pair] = reach
        return reach

    def _name_reach(self, pair: str) -> int:
        """How far a name that begins with `pair` may reach."""
        names = self._names
        if pair in names["surname"]:
            return 4
        if pair[0] not in names["surname"]:
            return 0
        if pair[1] in names["first"]:
            return 3
        return 2 if pair[1] in names["single"] else 0

    def _solve(self, stretch: str) -> tuple[Piece, ...]:
        """The cheapest words that tile `stretch`; the longer first word on a tie."""
        size = len(stretch)
        best = [0] * (size + 1)
        chosen: list[tuple[Piece, ...]] = [()] * size
        for at in range(size - 1, -1, -1):
            best[at] = 1 << 60
            for length, cost, pieces in self._ways(stretch, at):
                total = cost + best[at + length]
                if total < best[at]:
                    best[at], chosen[at] = total, pieces
        path: list[Piece] = []
        at = 0
        while at < size:
            path += chosen[at]
            at += sum(piece & _LONGEST for piece in chosen[at])
        if len(self._stretches) > REMEMBERED:
            self._stretches.clear()
        solved = self._stretches[stretch] = tuple(path)
        return solved

    def _ways(self, stretch: str, at: int) -> Iterator[Step]:
        pair = stretch[at : at + 2]
        steps = self._steps.get(pair)
        if steps is None:
            steps = self._learn_steps(pair)
        for word, step in steps:
            if stretch.startswith(word, at):
                yield step
        if pair[0] in self._names["surname"] or pair in self._names["surname"]:
            yield from self._people(stretch, at)

    def _learn_steps(self, pair: str) -> tuple[tuple[str, Step], ...]:
        """The words that begin with `pair`, longest first, and its first character alone."""
        if len(self._steps) > REMEMBERED:
            self._steps.clear()
        words = sorted(self._lexicon.starting(pair), key=lambda word: -len(word[0]))
        steps = [(word, (len(word), cost, _pieces(len(word), split))) for word, cost, split in words]
        alone = self._lexicon.character_cost(pair[0])
        steps.append((pair[0], (1, UNKNOWN if alone is None else alone, (1,))))
        learnt = self._steps[pair] = tuple(steps)
        return learnt

    def _people(self, stretch: str, at: int) -> Iterator[Step]:
        """The names that may begin at `at`: a surname and one or two characters."""
        names = self._names
        for size in (2, 1):
            cost = names["surname"].get(stretch[at : at + size])
            if cost is None or len(stretch) < at + size + 1:
                continue
            first = stretch[at + size]
            pieces = size | PERSON << BITS
            if (single := names["single"].get(first)) is not None:
                step = (pieces, 1 | PERSON << BITS)
                yield size + 1, cost + single + PERSON_COST[1], step
            second = names["last"].get(stretch[at + size + 1 : at + size + 2])
            if second is not None and (given := names["first"].get(first)) is not None:
                step = (pieces, 2 | PERSON << BITS)
                yield size + 2, cost + given + second + PERSON_COST[2], step


def _pieces(length: int, split: str) -> tuple[Piece, ...]:
    if not split:
        return (min(length, _LONGEST) | HAN << BITS,)
    size, kind = int(split[0]), (PERSON if split[1] == "p" else NAME) << BITS
    return size | kind, (length - size) | kind


def _longest(reach: tuple[int, tuple[str, ...]], run: str, at: int) -> int:
    """The length of the longest word of `reach` that stands at `at`; its base where none does."""
    for word in reach[1]:
        if run.startswith(word, at):
            return len(word)
    return reach[0]
