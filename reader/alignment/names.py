"""Chinese names in Latin letters as evidence: 梁文鋒 and *Liang Wenfeng*, 蔣 and *Chiang*.

Only the spellings that the translation has are looked for, so that a text of ten thousand
characters is not turned into ten thousand keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

_CAPITALISED = re.compile(r"\b[A-Z][a-zü]+(?:['’-][A-Za-zü]+)*")
_LONGEST = 3
"""Characters of a name written as one word."""

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
_ABROAD = {
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
        self._wanted = frozenset(wanted)
        longest = max(map(len, self._wanted), default=0)
        self._prefixes = frozenset(name[:n] for name in self._wanted for n in range(1, longest + 1))
        self._readings = readings
        self._spelled: dict[str, frozenset[str]] = {}
        self.found: set[str] = set()
        """The spellings found so far."""

    def find(self, text: str) -> list[str]:
        """The wanted keys that runs of two or three characters of `text` spell, in order.

        One character alone counts only as a surname spelled the Hong Kong way: single syllables
        fit too much. `text` is Simplified.
        """
        found: list[str] = []
        for start, character in enumerate(text):
            for key in self._first(character):
                found += self._extend(text, start + 1, key, 1)
            surname = _ABROAD.get(character)
            if surname in self._wanted:
                found.append(surname)
        self.found.update(found)
        return found

    def _extend(self, text: str, at: int, key: str, length: int) -> Iterator[str]:
        if length == _LONGEST or at == len(text):
            return
        for syllable in self._spellings(text[at]):
            longer = key + syllable
            if longer in self._prefixes:
                if longer in self._wanted:
                    yield longer
                yield from self._extend(text, at + 1, longer, length + 1)

    def _first(self, character: str) -> list[str]:
        return [key for key in self._spellings(character) if key in self._prefixes]

    def _spellings(self, character: str) -> frozenset[str]:
        known = self._spelled.get(character)
        if known is None:
            every = (spellings(syllable) for syllable in self._readings(character))
            known = self._spelled[character] = frozenset().union(*every)
        return known
