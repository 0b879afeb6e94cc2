"""Keys that look alike in both languages: numbers, names in Latin letters, punctuation.

The term *cognate* is that of Simard, Foster and Isabelle (1992), who aligned by them.

Numbers: one key for a quantity, however either language writes it. *3個月* and *three months*
share `#3`, *一九九二年* and *1992* share `#1992`, *1.5億* and *150 million* share `#150000000`,
*幾千億* and *hundreds of billions* share `#~11` (the power of ten), *三月* and *March* share `#m3`,
*90年代* and *the 1990s* share `#90s`.

Names: *梁文鋒* and *Liang Wenfeng*, *蔣* and *Chiang*. Only the spellings that the translation has
are looked for, so that a text of ten thousand characters is not turned into ten thousand keys.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

_LARGEST = 1e15
"""From here on a number is no quantity that two texts would share, but a run of digits."""

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0, "○": 0, "两": 2, "兩": 2, "壹": 1, "贰": 2, "叁": 3, "廿": 20, "卅": 30,
}  # fmt: skip
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
_LARGE_UNITS = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_VAGUE = "几幾数數"
_HAN = "".join((*_DIGITS, *_SMALL_UNITS, *_LARGE_UNITS))
_CHINESE_NUMBER = re.compile(
    rf"(?P<percent>百分之)?(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?[{_HAN}多余餘]*|[{_VAGUE}{_HAN}]+)"
    r"\s?(?P<after>年代|[月成])?"
)
_NARROW = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")

_UNIT_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINAL_WORDS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
).split()
_NUMBER_VALUES = (
    {word: number for number, word in enumerate(_UNIT_WORDS)}
    | {word: 10 * number for number, word in enumerate(_TENS_WORDS, 2)}
    | {word: number for number, word in enumerate(_ORDINAL_WORDS)}
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
_NUMBER_WORDS = "|".join(sorted(_NUMBER_VALUES, key=len, reverse=True))
_SCALE_WORDS = "|".join(sorted(_SCALES, key=len, reverse=True))
_ENGLISH_NUMBER = re.compile(
    rf"\b(?P<vague>{'|'.join(_PLURALS)})(?:\s+of\s+(?P<of>thousands|millions|billions|trillions))?\b"
    r"|(?<![\w.])(?P<decade>(?:1[5-9]|20)?[0-9]0)['’]?s\b"
    r"|(?P<digits>[0-9][0-9,]*(?:\.[0-9]+)?)(?:st|nd|rd|th)?"
    rf"(?P<scales>(?:[\s-]?(?:{_SCALE_WORDS})\b)*)"
    rf"|\b(?P<words>(?:{_NUMBER_WORDS})(?:(?:\s+and)?[\s-]+(?:{_NUMBER_WORDS}|{_SCALE_WORDS})\b)*)\b",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b(?P<month>{'|'.join(_MONTHS)})\b|\b(?P<short>Jan|Feb|Mar|Apr|Jun|Jul|Aug|"
                    r"Sept?|Oct|Nov|Dec)\b")  # fmt: skip

_CAPITALISED = re.compile(r"\b[A-Z][a-zü]+(?:['’-][A-Za-zü]+)*")
_SYLLABLES = 3
"""Characters of a name written as one word."""
_LONGEST_NAME = 8 * _SYLLABLES
"""Letters of such a name, at most: *zhuang* has six, *lyuan* five."""

# Pinyin spellings and the Wade-Giles ones that differ, without tones, apostrophes or diaereses:
# initials and finals are replaced in this order.
_WADE_GILES = (
    (re.compile(r"^zhi$"), "chih"),
    (re.compile(r"^chi$"), "chih"),
    (re.compile(r"^shi$"), "shih"),
    (re.compile(r"^ri$"), "jih"),
    (re.compile(r"^[zc]i$"), "tzu"),
    (re.compile(r"^si$"), "ssu"),
    (re.compile(r"^(zh|j|q)"), "ch"),
    (re.compile(r"^x"), "hs"),
    (re.compile(r"^[zc](?!h)"), "ts"),
    (re.compile(r"^b"), "p"),
    (re.compile(r"^d"), "t"),
    (re.compile(r"^g"), "k"),
    (re.compile(r"^r"), "j"),
    (re.compile(r"ong$"), "ung"),
    (re.compile(r"ian$"), "ien"),
    (re.compile(r"^(ch|hs)uan$"), r"\1uan"),
    (re.compile(r"^yan$"), "yen"),
    (re.compile(r"ie$"), "ieh"),
    (re.compile(r"^ye$"), "yeh"),
    (re.compile(r"ue$"), "ueh"),
    (re.compile(r"^you$"), "yu"),
    (re.compile(r"^(k|kh|h)e$"), r"\1o"),
    (re.compile(r"(?<![khaeiou])uo$"), "o"),
)
_HONG_KONG = {
    "陈": "chan", "黄": "wong", "王": "wong", "李": "lee", "张": "cheung", "林": "lam",
    "吴": "ng", "刘": "lau", "郑": "cheng", "梁": "leung", "何": "ho", "周": "chow",
    "叶": "yip", "罗": "law", "郭": "kwok", "曾": "tsang", "谢": "tse", "邓": "tang",
    "许": "hui", "冯": "fung", "徐": "tsui", "杨": "yeung", "朱": "chu", "马": "ma",
    "蔡": "choi", "苏": "so", "潘": "poon", "卢": "lo", "钟": "chung", "汪": "wang",
    "高": "ko", "胡": "wu", "余": "yu", "戴": "tai", "谭": "tam", "赵": "chiu",
    "孙": "sun", "廖": "liu", "方": "fong", "江": "kong", "沈": "shum", "董": "tung",
    "莫": "mok", "关": "kwan", "霍": "fok", "邱": "yau", "彭": "pang", "程": "ching",
    "姚": "yiu", "袁": "yuen", "杜": "to", "严": "yim", "简": "kan", "翁": "yung",
}  # fmt: skip
"""Surnames as Hong Kong spells them; the Mandarin spellings come from their readings."""

_MARKS = dict(zip('？?！!：:；;「『“«„"', "??!!::;;" + 6 * '"', strict=True))
"""Punctuation that translators keep."""
_QUOTES = frozenset('"“”„«»「」『』')


def chinese_numbers(text: str) -> list[str]:
    """The keys of the numbers in Chinese `text`.

    >>> chinese_numbers("三個月後，1992年，幾千億，百分之三十，九十年代")
    ['#3', '#1992', '#~11', '#30', '#90s']
    """
    matches = _CHINESE_NUMBER.finditer(text.translate(_NARROW))
    return [key for match in matches if (key := _chinese_key(match))]


def _chinese_key(match: re.Match[str]) -> str:
    number, after = match["number"].rstrip("多余餘"), match["after"]
    if number[0] in _VAGUE:
        power = _power(number[1:])
        return f"#~{power}" if power else ""
    value = _chinese_value(number)
    # 一 alone is mostly an article.
    if value is None or (number == "一" and after != "月"):
        return ""
    return _quantity_key(value, after)


def _quantity_key(value: float, counted: str | None) -> str:
    """The key of `value` decades (年代), months (月), tenths (成), or anything else."""
    if value >= _LARGEST:
        return ""
    if counted == "年代":
        return f"#{int(value) % 100}s"
    if counted == "月" and 1 <= value <= 12:
        return f"#m{int(value)}"
    return _key(value * 10 if counted == "成" and value < 10 else value)


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
    # 1.5億, 3千: digits first, then units that multiply.
    if split:
        value = float(number[:split].replace(",", ""))
        for unit in number[split:]:
            value *= _SMALL_UNITS.get(unit) or _LARGE_UNITS.get(unit) or 1
        return value
    # 一九九二: digits read one by one, as in years.
    if all(c in _DIGITS for c in number) and len(number) > 1:
        return float("".join(str(_DIGITS[c]) for c in number))
    return _numeral(number)


def _numeral(number: str) -> float | None:
    """The value of a number in numerals; infinite for what is too large to be a quantity."""
    total = section = digit = 0
    seen = False
    for character in number:
        if character in _DIGITS:
            digit, seen = _DIGITS[character], True
        elif character in _SMALL_UNITS:
            # 十五 is 15 without a one before it, but 百 and 千 alone are no number.
            section += (digit or 1) * _SMALL_UNITS[character]
            digit, seen = 0, seen or character in "十拾"
        elif seen:
            total = (total + section + digit) * _LARGE_UNITS.get(character, 1)
            section = digit = 0
            if total >= _LARGEST:  # 万万万…: the number would have as many digits as the text
                return math.inf
    return float(total + section + digit) if seen else None


def english_numbers(text: str) -> tuple[list[str], str]:
    """The keys of the numbers in English `text`, and the text without them.

    >>> english_numbers("In March 1992, hundreds of billions; twenty-five 3.5 million")[0]
    ['#m3', '#1992', '#~11', '#25', '#3500000']
    """
    # Months with their capital only: *march* and *may* are words too.
    keys = [f"#m{_month(match[0])}" for match in _MONTH.finditer(text)]
    keys += [key for match in _ENGLISH_NUMBER.finditer(text) for key in _english_keys(match)]
    return keys, _ENGLISH_NUMBER.sub(" ", text)


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
    """The value of a number in words, *three hundred and five thousand*; infinite if too large."""
    total = section = 0
    for word in words:
        if word in _NUMBER_VALUES:
            section += _NUMBER_VALUES[word]
        elif word == "hundred":
            section = (section or 1) * 100
        elif word in _SCALES:
            total += (section or 1) * _SCALES[word]
            section = 0
        if max(total, section) >= _LARGEST:  # *one hundred one hundred one hundred …*
            return math.inf
    return float(total + section)


def _key(value: float) -> str:
    return f"#{value:.10g}" if value < _LARGEST else ""


@cache
def spellings(syllable: str) -> frozenset[str]:
    """How a numbered pinyin syllable is written in names, without its tone.

    >>> sorted(spellings("zhang1"))
    ['chang', 'zhang']
    """
    plain = syllable.lower().rstrip("12345").replace("u:", "ü").replace("v", "ü")
    bare = plain.replace("ü", "u")
    if not bare.isascii() or not bare.isalpha():
        return frozenset()
    return frozenset({bare, plain.replace("ü", "yu"), wade_giles(bare)})


@cache
def wade_giles(pinyin: str) -> str:
    """Wade-Giles of a toneless syllable as newspapers printed it, without marks.

    >>> [wade_giles(syllable) for syllable in ("jiang", "xian", "guo", "zhou")]
    ['chiang', 'hsien', 'kuo', 'chou']
    """
    for pattern, instead in _WADE_GILES:
        pinyin = pattern.sub(instead, pinyin)
    return pinyin


def names_in(text: str) -> Iterator[str]:
    """The capitalised words of a translation as keys, letters only, and those of neighbours joined.

    >>> list(names_in("Mr. Liang Wen-feng of Xi'an"))
    ['mr', 'liang', 'wenfeng', 'liangwenfeng', 'xian']
    """
    before, end = "", -1
    for match in _CAPITALISED.finditer(text):
        key = re.sub(r"[^a-z]", "", match[0].lower().replace("ü", "u"))
        yield key
        if before and text[end : match.start()] == " ":
            yield before + key
        before, end = key, match.end()


class NameFinder:
    """Finds, in Chinese text, the characters that a spelling of the translation may stand for.

    `readings` gives the numbered pinyin a character may have; `wanted` are keys of `names_in`.
    """

    def __init__(self, wanted: Iterable[str], readings: Callable[[str], Iterable[str]]) -> None:
        self._wanted = frozenset(name for name in wanted if len(name) <= _LONGEST_NAME)
        longest = max(map(len, self._wanted), default=0)
        self._prefixes = frozenset(name[:n] for name in self._wanted for n in range(1, longest + 1))
        self._readings = readings
        self._spelled: dict[str, frozenset[str]] = {}
        self.matched: set[str] = set()
        """The spellings that the Chinese text was seen to have."""

    def find(self, text: str) -> list[str]:
        """The wanted keys that runs of two or three characters of `text` spell, in order.

        One character alone counts only as a surname spelled the Hong Kong way: single syllables
        fit too much. `text` is Simplified.
        """
        names: list[str] = []
        for start, character in enumerate(text):
            for key in self._spellings(character):
                if key in self._prefixes:
                    names += self._extend(text, start + 1, key, 1)
            surname = _HONG_KONG.get(character)
            if surname in self._wanted:
                names.append(surname)
        self.matched.update(names)
        return names

    def _extend(self, text: str, at: int, key: str, length: int) -> Iterator[str]:
        """The wanted names that begin with `key`, which `length` characters before `at` spell."""
        if length == _SYLLABLES or at == len(text):
            return
        for syllable in self._spellings(text[at]):
            longer = key + syllable
            # A set of prefixes, not a search in the names: most syllables lead nowhere.
            if longer in self._prefixes:
                if longer in self._wanted:
                    yield longer
                yield from self._extend(text, at + 1, longer, length + 1)

    def _spellings(self, character: str) -> frozenset[str]:
        spelled = self._spelled.get(character)
        if spelled is None:
            every = (spellings(syllable) for syllable in self._readings(character))
            spelled = self._spelled[character] = frozenset().union(*every)
        return spelled


def mark_keys(text: str) -> list[str]:
    """The punctuation of `text` that is evidence, each mark once, the same in every language.

    >>> mark_keys("「誰？」她問。") == mark_keys('"Who?" she asked.')
    True
    """
    marks = {_MARKS[c] for c in text if c in _MARKS}
    ends = {key for key, end in (("“", text[:1]), ("”", text[-1:])) if end in _QUOTES}
    return sorted(marks | ends)
