"""Words that only this text has: pairs of characters, alone in the dictionary's eyes, that recur.

A place or firm that no dictionary lists (張江, 中芯) falls into characters. Where a text has the
same two side by side again and again, and hardly ever apart, they are taken for a word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias

from reader.annotation.kinds import HAN, NAME, PERSON, Word
from reader.lexicon import Lexicon

Join: TypeAlias = Callable[[Sequence[Word], str], Sequence[Word]]

TIMES = 4
"""How often a pair must occur."""
TOGETHER = 0.8
"""The share of the rarer character's occurrences, alone, that must be in the pair."""
NAMES = 2
"""How often a pair must be taken for a person's name to be one, of whatever kind, everywhere."""
SELDOM = 60_000
"""One of the two must be less frequent than this (see `Lexicon.frequency`)."""
_ANYWHERE = frozenset(
    "的了是在不有和就都也很这那我你他她它们与对为以而被把让给从到上下个一二三两等及或之其最更每各某仍则又还"
)
"""Characters that stand beside anything."""


def recurring(lexicon: Lexicon, cuts: Iterable[tuple[str, Sequence[Word]]]) -> dict[str, int]:
    """The pairs that recur in these texts (in Simplified), given with their words: their kinds."""
    alone: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    people: Counter[str] = Counter()
    for shadow, words in cuts:
        alone.update(shadow[s:e] for s, e, kind in words if e - s == 1 and kind <= PERSON)
        people.update(shadow[start : start + 2] for start, _, kind in words if kind == PERSON)
        pairs.update(
            shadow[start:end]
            for (start, middle, one), (_, end, other) in pairwise(words)
            if end - start == 2 and middle - start == 1 and one == other <= PERSON
        )
    return {
        pair: NAME if people[pair] >= NAMES else HAN
        for pair, count in pairs.items()
        if count >= TIMES
        and count >= TOGETHER * min(alone[pair[0]], alone[pair[1]])
        and pair[0] != pair[1]
        and _ANYWHERE.isdisjoint(pair)
        and min(map(lexicon.frequency, pair)) < SELDOM
    }


def joiner(kinds: dict[str, int]) -> Join:
    """Makes one word of each pair that is two words in a text, given those and it in Simplified.

    What was taken for more of a given name stands by itself.
    """
    pattern = re.compile("|".join(map(re.escape, sorted(kinds))))

    def join(given: Sequence[Word], shadow: str) -> Sequence[Word]:
        matches = [*pattern.finditer(shadow)]
        # A text has few such pairs, and most of its blocks none of them.
        if not matches:
            return given
        words = list(given)
        for match in matches:
            _join_at(words, match.start(), kinds[match[0]])
        return words

    return join


def _join_at(words: list[Word], start: int, kind: int) -> None:
    at, end = bisect_left(words, (start,)), start + 2
    if words[at : at + 2] == [(start, start + 1, HAN), (start + 1, end, HAN)]:
        words[at : at + 2] = [(start, end, kind)]
    elif words[at : at + 1] == [(start, start + 1, PERSON)] and at + 1 < len(words):
        last = words[at + 1][1]
        rest = [(end, last, HAN)] if last > end else []
        words[at : at + 2] = [(start, end, NAME), *rest]
