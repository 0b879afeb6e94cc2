"""Numbers: those written in Han characters as candidate words, and digits read aloud.

A number in Han characters is one word, as is an ordinal with 第. A digit may carry several
syllables (the 3 of 3,000 is `san1 qian1`) or none (its zeros), so that what is spoken stands over
what is written.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from reader.annotation.word_candidates import (
    BITS,
    CHARACTER_CLASSES,
    HAN,
    KINDS_OF_PLACES,
    Candidate,
    Step,
    WordCandidates,
    ranges,
    symbol,
)

LEADING = "零〇一二三四五六七八九十百千两"
"""What a number may begin with."""
WITHIN = LEADING + "万亿"
TENS = "十百千万亿"
SOME = "几数"
"""They stand before tens and more (几千亿); the first of them after tens too (十几), and alone."""
ORDINAL = "第"
COUNTED = "个人"
_NUMERALS = (LEADING, WITHIN, TENS, SOME, SOME[0], ORDINAL, COUNTED[0], COUNTED[1])


def character_flags(character: str) -> int:
    """What a character may be, as bits, for the compiled core: of the classes that runs are told
    by (`CHARACTER_CLASSES`), then of those of numbers, then a kind of place; above them the kind
    that it has as a symbol."""
    # One loop over all ranges: a novel has thousands of characters, and each is asked about once.
    single, several = _ranges()
    flags = single.get(character, 0) | symbol(character) << 24
    for first, last, flag in several:
        if first <= character <= last:
            flags |= flag
    return flags


@cache
def _ranges() -> tuple[dict[str, int], list[tuple[str, str, int]]]:
    """The bits of the classes of characters that are named one by one, and those of ranges."""
    classes = [*map(ranges, CHARACTER_CLASSES)]
    classes += [zip(each, each, strict=True) for each in (*_NUMERALS, "".join(KINDS_OF_PLACES))]
    single: dict[str, int] = defaultdict(int)
    several: list[tuple[str, str, int]] = []
    for bit, each in enumerate(classes):
        for first, last in each:
            if first == last:
                single[first] |= 1 << bit
            else:
                several.append((first, last, 1 << bit))
    return single, several


NUMBER_COST = 700
"""What it costs that here stands a number, however long."""
LONGEST = 32
"""Characters of a number, at most: a page of nothing but 一 is looked through once, not from each
of them."""
COUNTED_COST = 450
"""What it costs that 个 counts people after a number: 三个人 is not three individuals."""


@cache
def _number() -> re.Pattern[str]:
    return re.compile(
        rf"{ORDINAL}?(?:[{SOME}](?=[{TENS}])|[{LEADING}])"
        rf"(?:[{WITHIN}]|(?<=[{TENS}]){SOME[0]}(?![{TENS}]))*"
        rf"|{ORDINAL}?{SOME[0]}"
    )


def number_candidates(
    text: str, at: int, end: int, words: WordCandidates, weights: Mapping[str, int]
) -> Iterator[Candidate]:
    """The number of two characters or more that begins at `at`, and any with what it counts: a
    measure word, which has the feature `q` with itself, or 个人."""
    match = _number().match(text, at, min(end, at + LONGEST))
    if match is None:
        return
    length = match.end() - at
    number = length | HAN << BITS
    cost = words.alone(text[at]).cost if length == 1 else NUMBER_COST
    if length > 1:
        yield Step(length, cost, (number,)), ()
    after = at + length
    if after < end and (unit := "q" + text[after]) in weights:
        counted = cost + words.alone(text[after]).cost + weights[unit] + weights.get("Tq", 0)
        yield Step(length + 1, counted, (number, 1)), ((unit, "Tq"),)
    if text.startswith(COUNTED, after, end):
        yield Step(length + 1, COUNTED_COST, (number, 1)), ()


DIGIT_SYLLABLES = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")
TWO = "liang3"
YAO = "yao1"
POINT = "dian3"
_PLACES = ("", "shi2", "bai3", "qian1")
_GROUPS = ("", "wan4", "yi4", "wan4 yi4")
_RATES = {"%": "bai3 fen1 zhi1", "％": "bai3 fen1 zhi1", "‰": "qian1 fen1 zhi1"}
_WIDE = str.maketrans("０１２３４５６７８９．，：", "0123456789.,:")
_QUANTITY = r"(\d{1,3}(?:,\d{3})+|\d{1,16})(?:\.(\d+))?([%％‰]?)"
_TIME = r"(\d{1,2}):(\d\d)"
_NOT_TWO = frozenset(
    "月日号號楼樓班路级級环環线線等手维維区區组組栋棟单單两兩十比是的和加减減乘除在或与與及到至、"
)
"""After these, and after 第, 2 is èr; before other measure words it is liǎng."""


def read_digits(number: str, before: str = "", after: str = "") -> tuple[str, ...]:
    """The syllables over each character of `number`; `before` and `after` are its neighbours.

    >>> read_digits("2025", after="年")
    ('er4', 'ling2', 'er4', 'wu3')
    >>> read_digits("1,050")
    ('yi1 qian1', '', 'ling2', 'wu3 shi2', '')
    >>> read_digits("2", after="个")
    ('liang3',)

    Years and what begins with 0 are read digit by digit, anything else as a quantity.
    """
    plain = number.translate(_WIDE)
    # 2025年 is said as a year, 2000人 as a number of people; 3.5年 and 10年 are lengths of time.
    if len(plain) == 4 and plain.isdigit() and after[:1] == "年":
        return digit_by_digit(plain)
    if time := re.fullmatch(_TIME, plain):
        return (*quantity(time[1]), POINT, *_minutes(time[2]))
    match = re.fullmatch(_QUANTITY, plain)
    # 007 and 0571 are codes; so is what is longer than 万亿 can say, or has two points.
    if match is None or (len(match[1]) > 1 and plain[0] == "0"):
        return digit_by_digit(plain)
    if plain == "2" and _is_before_measure(before, after):
        return (TWO,)
    whole, decimals, rate = match.groups()
    spoken = [*quantity(whole)]
    if decimals:
        spoken += [POINT, *digit_by_digit(decimals)]
    if rate:
        spoken = [f"{_RATES[rate]} {spoken[0]}", *spoken[1:], ""]
    return tuple(spoken)


def _is_before_measure(before: str, after: str) -> bool:
    return before[-1:] != "第" and after[:1] >= "一" and after[:1] not in _NOT_TWO


def _minutes(digits: str) -> tuple[str, ...]:
    if digits[0] == "0":
        return ("", "") if digits[1] == "0" else digit_by_digit(digits)
    return quantity(digits)


def digit_by_digit(text: str, *, yao: bool = False) -> tuple[str, ...]:
    """Each digit by itself, a point too; 1 is yāo in the numbers of telephones and rooms."""
    one = YAO if yao else DIGIT_SYLLABLES[1]
    return tuple(
        one if c == "1" else DIGIT_SYLLABLES[int(c)] if c.isdecimal() else POINT if c == "." else ""
        for c in text
    )


def quantity(text: str) -> tuple[str, ...]:
    """A whole number: each digit with its place, each group of four with its name."""
    digits = text.replace(",", "")
    spoken = [""] * len(digits)
    gap = False
    for at, digit in enumerate(digits):
        group, place = divmod(len(digits) - 1 - at, 4)
        if digit == "0":
            gap = gap or at > 0
        else:
            zero = "ling2 " if gap and not spoken[at - 1] else ""
            spoken[at] = f"{zero}{DIGIT_SYLLABLES[int(digit)]} {_PLACES[place]}".strip()
            gap = False
        if place == 0 and group and digits[max(0, at - 3) : at + 1].strip("0"):
            name = _group_name(group, digits[at + 1 : at + 5])
            spoken[at] = f"{spoken[at]} {name}".strip()
    spoken = _shortened(digits, spoken)
    rest = iter(spoken)
    return tuple("" if c == "," else next(rest) for c in text)


def _group_name(group: int, following: str) -> str:
    """What a group of four is called: 万 of the 万亿 is enough where 亿 comes with those after."""
    return "wan4" if group == 3 and following.strip("0") else _GROUPS[group]


def _shortened(digits: str, spoken: list[str]) -> list[str]:
    """Zeros take their `ling2` back from the digit after them; 十 needs no 一 at the start."""
    for at in range(1, len(spoken)):
        if spoken[at].startswith("ling2 ") and not spoken[at - 1]:
            first = at - 1
            while first > 0 and not spoken[first - 1] and digits[first - 1] == "0":
                first -= 1
            spoken[first], spoken[at] = "ling2", spoken[at].removeprefix("ling2 ")
    if spoken[0].startswith("yi1 shi2"):
        spoken[0] = spoken[0].removeprefix("yi1 ")
    return spoken if any(spoken) else [DIGIT_SYLLABLES[0], *spoken[1:]]
