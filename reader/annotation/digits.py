"""Numbers read aloud: which syllables stand over which digit.

A digit may carry several syllables (the 3 of 3,000 is `san1 qian1`) or none (its zeros), so that
what is said stands over what is written.
"""

from __future__ import annotations

import re

DIGITS = ("ling2", "yi1", "er4", "san1", "si4", "wu3", "liu4", "qi1", "ba1", "jiu3")
TWO = "liang3"
POINT = "dian3"
_PLACES = ("", "shi2", "bai3", "qian1")
_GROUPS = ("", "wan4", "yi4", "wan4 yi4")
_RATES = {"%": "bai3 fen1 zhi1", "％": "bai3 fen1 zhi1", "‰": "qian1 fen1 zhi1"}
_WIDE = str.maketrans("０１２３４５６７８９．，：", "0123456789.,:")
_QUANTITY = r"(\d{1,3}(?:,\d{3})+|\d{1,16})(?:\.(\d+))?([%％‰]?)"
_TIME = r"(\d{1,2}):(\d\d)"
_NOT_TWO = frozenset("月日号")
"""After these, and after 第, 2 is èr; before other measure words it is liǎng."""


def read_digits(number: str, before: str = "", after: str = "") -> tuple[str, ...]:
    """What is said over each character of `number`; `before` and `after` are its neighbours.

    >>> read_digits("2025", after="年")
    ('er4', 'ling2', 'er4', 'wu3')
    >>> read_digits("1,050")
    ('yi1 qian1', '', 'ling2', 'wu3 shi2', '')
    >>> read_digits("2", after="个")
    ('liang3',)

    Years and what begins with 0 are read digit by digit, anything else as a quantity.
    """
    plain = number.translate(_WIDE)
    if len(plain) == 4 and plain.isdigit() and after[:1] == "年":
        return _one_by_one(plain)
    time = re.fullmatch(_TIME, plain)
    if time:
        return (*_quantity(time[1]), POINT, *_minutes(time[2]))
    match = re.fullmatch(_QUANTITY, plain)
    if match is None or (len(match[1]) > 1 and plain[0] == "0"):
        return _one_by_one(plain)
    if plain == "2" and _counts(before, after):
        return (TWO,)
    whole, decimals, rate = match.groups()
    said = [*_quantity(whole)]
    if decimals:
        said += [POINT, *_one_by_one(decimals)]
    if rate:
        said = [f"{_RATES[rate]} {said[0]}", *said[1:], ""]
    return tuple(said)


def _counts(before: str, after: str) -> bool:
    return before[-1:] != "第" and after[:1] >= "一" and after[:1] not in _NOT_TWO


def _minutes(digits: str) -> tuple[str, ...]:
    if digits[0] == "0":
        return ("", "") if digits[1] == "0" else _one_by_one(digits)
    return _quantity(digits)


def _one_by_one(text: str) -> tuple[str, ...]:
    return tuple(DIGITS[int(c)] if c.isdecimal() else POINT if c == "." else "" for c in text)


def _quantity(text: str) -> tuple[str, ...]:
    """A whole number: each digit with its place, each group of four with its name."""
    digits = [c for c in text if c != ","]
    said = [""] * len(digits)
    size = len(digits)
    gap = False
    for at, digit in enumerate(digits):
        group, place = divmod(size - 1 - at, 4)
        if digit != "0":
            said[at] = ("ling2 " if gap and not said[at - 1] else "") + DIGITS[int(digit)]
            said[at] += f" {_PLACES[place]}" if place else ""
        gap = gap or (digit == "0" and at > 0)
        if digit != "0":
            gap = False
        if place == 0 and group and any(d != "0" for d in digits[max(0, at - 3) : at + 1]):
            name = (
                "wan4" if group == 3 and set(digits[at + 1 : at + 5]) != {"0"} else _GROUPS[group]
            )
            said[at] = f"{said[at]} {name}".strip()
    return _with_commas(text, _shortened(digits, said))


def _shortened(digits: list[str], said: list[str]) -> list[str]:
    """Zeros take their `ling2` back from the digit after them; 十 needs no 一 at the start."""
    for at in range(1, len(said)):
        if said[at].startswith("ling2 ") and not said[at - 1]:
            first = at - 1
            while first > 0 and not said[first - 1] and digits[first - 1] == "0":
                first -= 1
            said[first], said[at] = "ling2", said[at].removeprefix("ling2 ")
    if said[0].startswith("yi1 shi2"):
        said[0] = said[0].removeprefix("yi1 ")
    return said if any(said) else [DIGITS[0], *said[1:]]


def _with_commas(text: str, said: list[str]) -> tuple[str, ...]:
    given = iter(said)
    return tuple("" if c == "," else next(given) for c in text)
