"""Numbers as evidence: one key for a quantity, however either language writes it.

*3個月* and *three months* share `#3`, *一九九二年* and *1992* share `#1992`, *1.5億* and *150
million* share `#150000000`, *幾千億* and *hundreds of billions* share `#~11` (the power of ten),
*三月* and *March* share `#m3`, *90年代* and *the 1990s* share `#90s`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "○": 0, "两": 2, "兩": 2, "壹": 1, "贰": 2, "叁": 3, "廿": 20, "卅": 30,
}  # fmt: skip
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_VAGUE = "几幾数數"
_HAN = "".join((*_DIGITS, *_SMALL_UNITS, *_LARGE_UNITS))
_CHINESE = re.compile(
    rf"(?P<percent>百分之)?(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?[{_HAN}多余餘]*|[{_VAGUE}{_HAN}]+)"
    r"\s?(?P<after>年代|[月成])?"
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
).split()
_WORDS = (
    {word: number for number, word in enumerate(_UNITS)}
    | {word: 10 * number for number, word in enumerate(_TENS, 2)}
    | {word: number for number, word in enumerate(_ORDINALS)}
    | {"twice": 2, "thrice": 3, "dozen": 12}
)
_SCALES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "k": 10**3, "mn": 10**6, "bn": 10**9, "tn": 10**12,
}  # fmt: skip
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_PLURALS = {"tens": 1, "dozens": 1, "hundreds": 2, "thousands": 3, "millions": 6, "billions": 9}
_NUMBER_WORDS = "|".join(sorted(_WORDS, key=len, reverse=True))
_SCALE_WORDS = "|".join(sorted(_SCALES, key=len, reverse=True))
_ENGLISH = re.compile(
    rf"\b(?P<vague>{'|'.join(_PLURALS)})(?:\s+of\s+(?P<of>thousands|millions|billions|trillions))?\b"
    r"|(?<![\w.])(?P<decade>(?:1[5-9]|20)?[0-9]0)['’]?s\b"
    r"|(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)(?:st|nd|rd|th)?"
    rf"(?P<scales>(?:[\s-]?(?:{_SCALE_WORDS})\b)*)"
    rf"|\b(?P<words>(?:{_NUMBER_WORDS})(?:(?:\s+and)?[\s-]+(?:{_NUMBER_WORDS}|{_SCALE_WORDS})\b)*)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b(?P<month>{'|'.join(_MONTHS)})\b|\b(?P<short>Jan|Feb|Mar|Apr|Jun|Jul|Aug|"
                    r"Sept?|Oct|Nov|Dec)\b")  # fmt: skip


def chinese_numbers(text: str) -> list[str]:
    """The keys of the numbers in Chinese `text`.

    >>> chinese_numbers("三個月後，1992年，幾千億，百分之三十，九十年代")
    ['#3', '#1992', '#~11', '#30', '#90s']
    """
    found = _CHINESE.finditer(text.translate(_FULL_WIDTH))
    return [key for match in found if (key := _chinese_key(match))]


def _chinese_key(match: re.Match[str]) -> str:
    number, after = match["number"].rstrip("多余餘"), match["after"]
    if number[0] in _VAGUE:
        power = _power(number[1:])
        return f"#~{power}" if power else ""
    value = _chinese_value(number)
    if value is None or (value == 1 and number == "一" and after != "月"):
        return ""
    if after == "年代":
        return f"#{int(value) % 100}s"
    if after == "月" and 1 <= value <= 12:
        return f"#m{int(value)}"
    return _key(value * 10 if after == "成" and value < 10 else value)


def _power(units: str) -> int:
    """The power of ten of a run of units: 千億 is 11."""
    power = 0
    for unit in units:
        size = _SMALL_UNITS.get(unit) or _LARGE_UNITS.get(unit)
        if size is None:
            break
        power += len(str(size)) - 1
    return power


def _chinese_value(number: str) -> float | None:
    """The value of `number`: digits, numerals, or both (1.5億); None for what is no number."""
    split = next((i for i, c in enumerate(number) if c not in "0123456789.,"), len(number))
    if split:
        value = float(number[:split].replace(",", ""))
        for unit in number[split:]:
            value *= _SMALL_UNITS.get(unit) or _LARGE_UNITS.get(unit) or 1
        return value
    if all(c in _DIGITS for c in number) and len(number) > 1:
        return float("".join(str(_DIGITS[c]) for c in number))
    return _numeral(number)


def _numeral(number: str) -> float | None:
    total = section = digit = 0
    seen = False
    for character in number:
        if character in _DIGITS:
            digit, seen = _DIGITS[character], True
        elif character in _SMALL_UNITS:
            section += (digit or 1) * _SMALL_UNITS[character]
            digit, seen = 0, seen or character in "十拾"
        elif seen:
            total = (total + section + digit) * _LARGE_UNITS.get(character, 1)
            section = digit = 0
    return float(total + section + digit) if seen else None


def english_numbers(text: str) -> tuple[list[str], str]:
    """The keys of the numbers in English `text`, and the text without them.

    >>> english_numbers("In March 1992, hundreds of billions; twenty-five 3.5 million")[0]
    ['#m3', '#1992', '#~11', '#25', '#3500000']
    """
    keys = [f"#m{_month(match[0])}" for match in _MONTH.finditer(text)]
    keys += [key for match in _ENGLISH.finditer(text) for key in _english_keys(match)]
    return keys, _ENGLISH.sub(" ", text)


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS, 1) if month.startswith(name[:3]))


def _english_keys(match: re.Match[str]) -> Iterator[str]:
    if match["vague"]:
        power = _PLURALS[match["vague"].lower()]
        if match["of"]:
            power += {"t": 3, "m": 6, "b": 9}.get(match["of"][0].lower(), 0)
            power += 9 if match["of"].lower() == "trillions" else 0
        yield f"#~{power}"
    elif match["decade"]:
        yield f"#{int(match['decade']) % 100}s"
    elif match["digits"]:
        value = float(match["digits"].replace(",", ""))
        for scale in re.findall(r"[a-z]+", match["scales"].lower()):
            value *= _SCALES[scale]
        yield _key(value)
    else:
        value = _worded(re.findall(r"[a-z]+", match["words"].lower()))
        if value != 1:
            yield _key(value)


def _worded(words: list[str]) -> float:
    """The value of a number in words: *three hundred and five thousand*."""
    total = section = 0
    for word in words:
        if word in _WORDS:
            section += _WORDS[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _SCALES:
            total += (section or 1) * _SCALES[word]
            section = 0
    return float(total + section)


def _key(value: float) -> str:
    return f"#{value:.10g}" if value < 1e15 else ""
