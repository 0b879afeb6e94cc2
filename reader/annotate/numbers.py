"""Numbers written in Han characters: each is one word, as is an ordinal with 第."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.annotate.kinds import BITS, HAN, Step

DIGITS = frozenset("零〇一二三四五六七八九十百千万亿两")
_NUMBER = re.compile(r"第?[零〇一二三四五六七八九十百千两][零〇一二三四五六七八九十百千万亿两]*|第")
NUMBER_COST = 700
"""What it costs that here stands a number, however long."""


def number_reach(pair: str) -> int:
    """How far a number that begins with `pair` reaches at least; 0 where none does."""
    return 2 if pair[1:] in DIGITS and (pair[0] in DIGITS or pair[0] == "第") else 0


def number_steps(stretch: str, at: int) -> Iterator[Step]:
    """The number of two characters or more that begins at `at`."""
    match = _NUMBER.match(stretch, at)
    if match is not None and match.end() > at + 1:
        length = min(match.end() - at, (1 << BITS) - 1)
        yield length, NUMBER_COST, (length | HAN << BITS,)
