"""Numbers written in Han characters: each is one word, as is an ordinal with 第."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reader.annotation.kinds import BITS, HAN, LENGTH, Step

LEADING = "零〇一二三四五六七八九十百千两"
"""What a number may begin with."""
WITHIN = LEADING + "万亿"
TENS = "十百千万亿"
SOME = "几数"
"""They stand before tens and more (几千亿); the first of them after tens too (十几), and alone."""
ORDINAL = "第"
COUNTED = "个人"
DIGITS = frozenset(WITHIN + SOME)
NUMBER_STARTS = DIGITS | {ORDINAL}
NUMBER_SECONDS = DIGITS | {COUNTED[0]}
NUMBER_COST = 700
"""What it costs that here stands a number, however long."""
COUNTED_COST = 450
"""What it costs that 个 counts people after a number: 三个人 is not three individuals."""


@cache
def _number() -> re.Pattern[str]:
    return re.compile(
        rf"{ORDINAL}?(?:[{SOME}](?=[{TENS}])|[{LEADING}])"
        rf"(?:[{WITHIN}]|(?<=[{TENS}]){SOME[0]}(?![{TENS}]))*"
        rf"|{ORDINAL}?{SOME[0]}"
    )


def number_reach(pair: str) -> int:
    """How far a number that begins with `pair` reaches at least; 0 where none does."""
    if pair[0] in DIGITS and pair[1:] == COUNTED[0]:
        return 3
    return 2 if pair[1:] in DIGITS and (pair[0] in DIGITS or pair[0] == ORDINAL) else 0


def number_steps(stretch: str, at: int) -> Iterator[Step]:
    """The number of two characters or more that begins at `at`, and any that counts people."""
    match = _number().match(stretch, at)
    if match is None:
        return
    length = min(match.end() - at, LENGTH)
    number = length | HAN << BITS
    if length > 1:
        yield length, NUMBER_COST, (number,)
    if stretch.startswith(COUNTED, at + length):
        yield length + 1, COUNTED_COST, (number, 1 | HAN << BITS)
