"""Words that only this text has: pairs of characters, alone in the dictionary's eyes, that recur.

A place or firm that no dictionary lists (張江, 中芯) falls into characters. Where a text has the
same two side by side again and again, and hardly ever apart, they are taken for a word.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from reader.annotate.kinds import HAN, NAME, PERSON, Word
from reader.lexicon import Lexicon

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


def join(
    given: Sequence[Word], shadow: str, pattern: re.Pattern[str], kinds: Mapping[str, int]
) -> Sequence[Word]:
    """Words with each pair that `pattern` finds, where it is two words, made one of its kind.

    What was taken for more of a given name stands by itself.
    """
    # A text has few such pairs, and most of its blocks none of them.
    for pair in kinds:
        if pair in shadow:
            break
    else:
        return given
    words = list(given)
    for match in pattern.finditer(shadow):
        start, end = match.span()
        at = bisect_left(words, (start,))
        if words[at : at + 2] == [(start, start + 1, HAN), (start + 1, end, HAN)]:
            words[at : at + 2] = [(start, end, kinds[match[0]])]
        elif words[at : at + 1] == [(start, start + 1, PERSON)] and at + 1 < len(words):
            last = words[at + 1][1]
            rest = [(end, last, HAN)] if last > end else []
            words[at : at + 2] = [(start, end, NAME), *rest]
    return words
