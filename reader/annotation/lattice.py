"""The most likely way to cut a run of Simplified characters into words, numbers and names.

A unigram lattice: every dictionary word, and every number or name that may stand somewhere, has
a cost, and the cheapest path wins. Where nothing reaches across a place the text falls apart
into stretches that know nothing of each other, so each distinct stretch is solved once and
remembered, which gives the same words as solving the whole. Time is linear in the text.
"""

from __future__ import annotations

from typing import TypeAlias

from reader.annotation.kinds import Piece, Step
from reader.annotation.names import Names
from reader.annotation.numbers import NUMBER_SECONDS, NUMBER_STARTS, number_reach, number_steps
from reader.annotation.vocabulary import KINDS_OF_PLACES, Vocabulary, Words, is_name
from reader.lexicon import Lexicon

REMEMBERED = 30_000
"""Entries that each memory holds before it starts afresh; more would cost memory, not time."""
RUNS = 10_000
"""Runs that are remembered: clauses come back in some texts, and it costs little to ask."""
LONGEST_STRETCH = 64
"""Longer stretches (nonsense, all numerals or surnames) are solved but not remembered."""

Reach: TypeAlias = int | Words
"""How far what begins with a pair reaches: so many characters, or as far as one of the words."""
_ALONE: Step = (1, 0, (1,))


class Lattice:
    """Cuts runs of Han characters; remembers pairs and stretches it has met."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._vocabulary = Vocabulary(lexicon)
        self._names = Names(lexicon)
        self._reach: dict[str, Reach] = {}
        self._following: dict[str, str] = {}
        self._base: dict[str, int] = {}
        self._words: dict[str, Words] = {}
        self._runs: dict[str, list[Piece]] = {}
        self._stretches: dict[str, tuple[Piece, ...]] = {}

    def cut(self, run: str, after: str = "") -> list[Piece]:
        """The words of `run`, in order; their lengths add up to its own.

        `after` are the first Han characters of a word, already known, that follows: no name ends
        where a longer word goes on into them.
        """
        key = f"{run}|{after}" if after else run
        found = self._runs.get(key)
        if found is None:
            if len(self._reach) > REMEMBERED:
                # Never within a run: what is known of its pairs must be known to its end.
                for memory in (self._reach, self._base, self._words):
                    memory.clear()
            found = self._cut(run, after)
            if len(run) <= LONGEST_STRETCH:
                if len(self._runs) > RUNS:
                    self._runs.clear()
                self._runs[key] = found
        return found

    def _cut(self, run: str, after: str) -> list[Piece]:
        pieces: list[Piece] = []
        follows, solved = self._following.get, self._stretches.get
        starts, seconds = self._names.starts, self._names.seconds
        size = len(run)
        start = 0
        while start < size:
            end, at = start + 1, start
            while at < end and at + 1 < size:
                first, second = run[at], run[at + 1]
                following = follows(first)
                if following is None:
                    following = self._follow(first)
                if second in following or (first in starts and second in seconds):
                    last = at + self._far(run, at)
                    if last > end:
                        end = last if last < size else size
                at += 1
            if end == start + 1:
                pieces.append(1)
            else:
                stretch = run[start:end]
                if end == size and after:
                    pieces += self._solve(stretch, after)
                else:
                    pieces += solved(stretch) or self._remember(stretch)
            start = end
        return pieces

    def _follow(self, first: str) -> str:
        """The characters that may stand after `first` in a word or number."""
        following = self._vocabulary.following(first)
        if first in NUMBER_STARTS:
            following += "".join(sorted(NUMBER_SECONDS))
        self._following[first] = following
        return following

    def _far(self, run: str, at: int) -> int:
        """How far what begins at `at` reaches; 0 where nothing does."""
        pair = run[at : at + 2]
        reach = self._reach.get(pair)
        if reach is None:
            reach = self._learn(pair)
        return reach if isinstance(reach, int) else self._longest(reach, run, at)

    def _learn(self, pair: str) -> Reach:
        base = self._names.reach(pair) if pair[0] in self._names.starts else 0
        if pair[0] in NUMBER_STARTS:
            base = max(base, number_reach(pair))
        words = self._vocabulary.words(pair)
        reach: Reach = base
        if words is not None:
            self._words[pair] = words
            self._base[pair] = base
            plain = words.lengths == (2,) and not is_name(words.steps[pair])
            reach = max(base, 2) if plain else words
        self._reach[pair] = reach
        return reach

    def _longest(self, words: Words, run: str, at: int) -> int:
        """How far the longest of these words that stands at `at` reaches, or a name may."""
        base = self._base[run[at : at + 2]]
        for length in words.lengths:
            step = words.steps.get(run[at : at + length])
            if step is not None:
                if run[at + length : at + length + 1] in KINDS_OF_PLACES and is_name(step):
                    length += 1
                return max(base, length)
        return base

    def _remember(self, stretch: str) -> tuple[Piece, ...]:
        solved = self._solve(stretch)
        if len(stretch) <= LONGEST_STRETCH:
            if len(self._stretches) > REMEMBERED:
                self._stretches.clear()
            self._stretches[stretch] = solved
        return solved

    def _solve(self, stretch: str, after: str = "") -> tuple[Piece, ...]:
        """The cheapest words that tile `stretch`; on a tie the longer first word."""
        size = len(stretch)
        best = [0] * (size + 1)
        chosen: list[Step] = [_ALONE] * size
        for at in range(size - 1, -1, -1):
            step = _ALONE
            least = self._vocabulary.cost(stretch[at]) + best[at + 1]
            for way in self._ways(stretch, at, after):
                total = way[1] + best[at + way[0]]
                if total <= least:
                    least, step = total, way
            best[at], chosen[at] = least, step
        path: list[Piece] = []
        at = 0
        while at < size:
            path += chosen[at][2]
            at += chosen[at][0]
        return tuple(path)

    def _ways(self, stretch: str, at: int, after: str) -> list[Step]:
        """What may begin at `at`, but for a character alone."""
        ways: list[Step] = []
        if words := self._beginning(stretch[at : at + 2]):
            for length in reversed(words.lengths):
                step = words.steps.get(stretch[at : at + length])
                if step is not None:
                    ways.append(step)
                    kind = stretch[at + length : at + length + 1]
                    if kind in KINDS_OF_PLACES and is_name(step):
                        ways.append(self._vocabulary.place(step, kind))
        if stretch[at] in NUMBER_STARTS:
            ways += number_steps(stretch, at)
        if stretch[at] in self._names.starts:
            text = stretch + after
            ways += [way for way in self._names.steps(stretch, at) if self._may_end(text, at, way)]
        return ways

    def _beginning(self, pair: str) -> Words | None:
        """The words that begin with a pair."""
        if len(pair) > 1 and pair not in self._reach:
            following = self._following.get(pair[0])
            if pair[1] in (self._follow(pair[0]) if following is None else following):
                self._learn(pair)
        return self._words.get(pair)

    def _may_end(self, text: str, at: int, name: Step) -> bool:
        """Whether no long word begins with a given name's last character: not 张江高|科技."""
        last = at + name[0] - 1
        words = self._beginning(text[last : last + 2])
        return (
            not words
            or len(name[2]) < 2
            or not any(
                length > 2 and text[last : last + length] in words.steps
                for length in words.lengths
                if last + length <= len(text)
            )
        )
