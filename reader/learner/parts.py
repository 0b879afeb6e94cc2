"""Compounds that are understood from their parts: only with proof.

A learner who knows 看 and 到 understands 看到; who knows 方便 and 当 does not understand 便当. A
word counts only where it falls into parts that the learner knows in the readings that they have
here, and is

- a form that grammar makes: doubled (看看, 高高兴兴), asked (是不是), counted (三月, 一次), pointed
  at (这位, 每天), with a complement (听到, 看不见), a place (门外), 们 or a negation;
- or longer than two characters, of words; or of two: then the dictionary must say so. What it says
  is compared with what it says of the parts: 树根 is "tree roots", of 树 "tree" and 根 "root", and
  雨伞 an "umbrella", as 伞 is.

A word that the dictionary explains otherwise than by its parts does not count, whatever its form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from reader.lexicon.homographs import Syllables
from reader.lexicon.lexicon import Lexicon
from reader.pinyin import ERHUA

__all__ = ["Compound", "known_by_parts"]

Knows: TypeAlias = Callable[[str, Syllables], bool]

LONGEST = 8
MAIN = 4
"""Senses of a part, the usual ones first, that may explain a word: 方 is "just" in its twelfth."""


class Compound(NamedTuple):
    """A Simplified word and its reading."""

    word: str
    syllables: Syllables

    def part(self, start: int, end: int) -> Compound:
        return Compound(self.word[start:end], self.syllables[start:end])


def known_by_parts(whole: Compound, knows: Knows, lexicon: Lexicon) -> bool:
    """Whether a word that is not known itself is clear from parts that are."""
    if not 2 <= len(whole.word) <= LONGEST or len(whole.syllables) != len(whole.word):
        return False
    judge = _Judge(knows, lexicon)
    if whole.syllables[-1] == ERHUA:
        # 儿 changes no word of several characters, and what stands before it is not cut in two for
        # its sake (心地|儿). One character with it, where no list has that, is as often a name.
        return len(whole.word) > 2 and judge.known(whole.part(0, len(whole.word) - 1))
    return any(rule(whole, judge) for rule in _RULES)


class _Judge:
    """What a rule asks of parts."""

    def __init__(self, knows: Knows, lexicon: Lexicon) -> None:
        self._knows = knows
        self._lexicon = lexicon

    def known(self, part: Compound) -> bool:
        return self._knows(*part)

    def tag(self, word: str) -> str:
        return self._lexicon.tag(word)

    def explained(self, whole: Compound) -> bool:
        """Whether the dictionary has the word as a word of its own."""
        return bool(_senses(self._lexicon, whole))

    def agrees(self, whole: Compound, *parts: Compound) -> bool:
        """Whether the dictionary explains the word by its parts, if it explains it at all."""
        return not self.explained(whole) or bool(self._shares(whole, parts, None))

    def shows(self, whole: Compound, *parts: Compound) -> bool:
        """Whether the dictionary proves the word by its parts, if it explains it at all."""
        return not self.explained(whole) or self.proves(whole, *parts)

    def proves(self, whole: Compound, *parts: Compound) -> bool:
        """Whether the dictionary explains the word by its parts in every sense, and in the first
        by nothing else, which says something of each part."""
        own = [_stems(_without_asides(self._text(part, MAIN))) for part in parts]
        shares = self._shares(whole, parts, MAIN)
        if not shares or any(share < 0.5 for _, share in shares):
            return False
        first, share = shares[0]
        return share == 1.0 and all(first & each for each in own)

    def repeats(self, whole: Compound, *parts: Compound) -> bool:
        """Whether the dictionary says of the word nothing but what it says of its parts, be it of
        one alone, as of 雨伞, an "umbrella", of 伞. What stands in brackets may be a trade's."""
        senses = _senses(self._lexicon, whole)
        if any("(" in sense or "[" in sense for sense in senses):
            return False
        shares = self._shares(whole, parts, MAIN)
        return bool(shares) and all(share == 1.0 for _, share in shares)

    def says(self, whole: Compound, part: Compound) -> bool:
        """Whether what the dictionary says of the word first, it says of one of its parts."""
        own = _stems(_without_asides(self._text(part, None)))
        explained = (_stems(sense) for sense in _glosses(_senses(self._lexicon, whole)))
        first = next(filter(None, explained), frozenset())
        return 2 * len(first & own) >= len(first) > 0

    def measures(self, part: Compound) -> bool:
        """Whether a word is a measure word, among other things."""
        senses = _senses(self._lexicon, part)
        return self.tag(part.word).startswith("q") or any(map(_MEASURE.match, senses))

    def _shares(
        self, whole: Compound, parts: Sequence[Compound], senses: int | None
    ) -> list[tuple[frozenset[str], float]]:
        """Each sense of the word, with the share of it that is said by the parts too; nothing
        where that is less than half of most senses."""
        said = frozenset().union(*(_stems(self._text(part, senses)) for part in parts))
        explained = [_stems(sense) for sense in _glosses(_senses(self._lexicon, whole))]
        shares = [(stems, len(stems & said) / len(stems)) for stems in explained if stems]
        likely = sum(share >= 0.5 for _, share in shares)
        return shares if 3 * likely >= 2 * len(shares) else []

    def _text(self, part: Compound, senses: int | None) -> str:
        return " ".join(_senses(self._lexicon, part)[:senses])


# ---- what the dictionary says ----

_MEASURE = re.compile(r"\(?(?:[Cc]lassifier|measure word)")
_ASIDE = re.compile(r"\([^)]{0,300}+\)|\[[^\]]{0,300}+\]")
_EMPTY = frozenset(
    "a an the to of in on at for by with and or s sth sb be is are used lit fig abbr etc esp "
    "as from".split()
)
_ENDINGS = re.compile("(?:ies|es|s|ing|ed|e|y)$")


@lru_cache(maxsize=1 << 14)
def _senses(lexicon: Lexicon, part: Compound) -> tuple[str, ...]:
    """The glosses of a word so read; of all its readings where the dictionary has not this one."""
    entries = [
        entry
        for entry in lexicon.entries(part.word)
        if entry.senses and entry.simplified == part.word and not entry.surname
    ]
    exact = [entry for entry in entries if entry.syllables == part.syllables]
    return tuple(sense for entry in exact or entries for sense in entry.senses)


def _glosses(senses: Sequence[str]) -> Iterator[str]:
    for sense in senses:
        yield from re.split("[;,]", _without_asides(sense))


def _without_asides(text: str) -> str:
    return _ASIDE.sub("", text)


@lru_cache(maxsize=1 << 14)
def _stems(text: str) -> frozenset[str]:
    """The words of a gloss that say something, by their beginnings.

    >>> sorted(_stems("to drink (alcohol)")), sorted(_stems("the nation's banks"))
    (['alcoh', 'drink'], ['bank', 'natio'])
    """
    words = re.findall("[a-z]+", text.lower())
    return frozenset((_ENDINGS.sub("", word) or word)[:5] for word in words if word not in _EMPTY)


# ---- forms that grammar makes ----

_NUMERAL = re.compile("第?[〇零一二三四五六七八九十百千万亿两几数半]+")
_TIMES = frozenset("年月日号点天岁")
_LOOSE = frozenset("一百千万数")
"""Numbers that also stand for "all" and "many", or are other words."""
_DOUBLING = re.compile(
    r"(?P<base>.)(?P=base)|(?P<one>.)(?P=one)(?P<two>.)(?P=two)|(?P<pair>..)(?P=pair)"
)
_ASKED = re.compile(r"(.)[不没一了](\1.?)|(..)[不没]\3")
_POINTERS = frozenset("这那哪每各某")
_NEGATIONS = frozenset("不没")
_MODALS = frozenset("会能该想敢肯愿应")
_PLACES = frozenset("里上下中内外边旁前后")
_RESULTS = frozenset(
    "到 完 动 清 懂 掉 进 出 回 住 走 来 去 上 下 起 过 给 在 成 为 着 向 入 开 "
    "进来 进去 出来 出去 回来 回去 上来 上去 下来 下去 起来 过来 过去 清楚".split()
)
_WITH_INFIX = (_RESULTS | {"见"}) - frozenset(
    "上 下 起 来 去 过 住 开 给 在 为 着 向 成 过来 过去 起来".split()
)


def _doubled(whole: Compound, judge: _Judge) -> bool:
    match = _DOUBLING.fullmatch(whole.word)
    if match is None:
        return False
    if match["base"]:
        # 看看 and 慢慢; the dictionary has those that mean something else: 婆婆, 万万.
        base = whole.part(0, 1)
        if judge.tag(base.word)[:1] not in ("v", "a", "d", "q") or not judge.known(base):
            return False
        if judge.explained(whole):
            return judge.says(whole, base)
        return not judge.tag(base.word).startswith("q")
    if match["one"]:
        base = Compound(match["one"] + match["two"], whole.syllables[0:3:2])
        return judge.known(base)
    return judge.known(whole.part(0, 2))


def _asked(whole: Compound, judge: _Judge) -> bool:
    match = _ASKED.fullmatch(whole.word)
    if match is None or (whole.word[1] in "一了" and not judge.tag(whole.word[0]).startswith("v")):
        return False
    # What stands last is whole: 喜不喜欢 asks of 喜欢.
    base = match[2] or match[3]
    return judge.known(whole.part(len(whole.word) - len(base), len(whole.word)))


def _counted(whole: Compound, judge: _Judge) -> bool:
    if whole.word[:-1] in ("星期", "礼拜", "周"):
        return (
            judge.known(whole.part(0, len(whole.word) - 1)) and whole.word[-1] in "一二三四五六日"
        )
    number = _NUMERAL.match(whole.word)
    if number is None or number.end() == len(whole.word):
        return number is not None
    rest = whole.part(number.end(), len(whole.word))
    if not judge.known(rest):
        return False
    if rest.word not in _TIMES and not judge.tag(rest.word).startswith("q"):
        # 一对 is of a measure word that is mostly another, as 八方 is, which means "everywhere".
        return judge.measures(rest) and judge.agrees(whole, whole.part(0, number.end()), rest)
    # 三月 is "March" and 三次 "thrice": by the rule; 一时 and 万岁 are more than they say.
    plain = number[0] not in _LOOSE
    return plain or judge.agrees(whole, whole.part(0, number.end()), rest)


def _pointed(whole: Compound, judge: _Judge) -> bool:
    """这位, 每天, 各人: this one, each one."""
    rest = whole.part(1, len(whole.word))
    if whole.word[0] not in _POINTERS or not judge.known(whole.part(0, 1)):
        return False
    is_one = rest.word in _TIMES or rest.word == "人" or judge.measures(rest)
    return is_one and judge.known(rest)


def _with_complement(whole: Compound, judge: _Judge) -> bool:
    cuts = (
        (whole.part(0, at), whole.part(at, len(whole.word))) for at in range(1, len(whole.word))
    )
    return any(_completed(whole, verb, rest, judge) for verb, rest in cuts)


def _completed(whole: Compound, verb: Compound, rest: Compound, judge: _Judge) -> bool:
    infix = len(rest.word) > 1 and rest.word[0] in "得不"
    result = rest.part(1, len(rest.word)) if infix else rest
    if result.word not in (_WITH_INFIX if infix else _RESULTS):
        return False
    if not (judge.tag(verb.word).startswith("v") and judge.known(verb) and judge.known(result)):
        return False
    # 生来 is "by nature"; the dictionary has what is said with these words otherwise.
    if result.word in ("来", "去"):
        return not judge.explained(whole)
    if result.word == "上":
        return judge.proves(whole, verb, result)
    # 伸出 is "to extend", as 伸 is: the dictionary leaves out what goes without saying.
    return infix or judge.shows(whole, verb, result) or judge.says(whole, verb)


def _placed(whole: Compound, judge: _Judge) -> bool:
    last = len(whole.word) - 1
    thing, place = whole.part(0, last), whole.part(last, last + 1)
    return (
        place.word in _PLACES
        and judge.tag(thing.word)[:1] in ("n", "s")
        and judge.known(thing)
        and judge.known(place)
        and judge.shows(whole, thing, place)
    )


def _many(whole: Compound, judge: _Judge) -> bool:
    last = len(whole.word) - 1
    person = whole.part(0, last)
    return (
        whole.word[last] == "们"
        and judge.known(person)
        and judge.agrees(whole, person, whole.part(last, last + 1))
    )


def _negated(whole: Compound, judge: _Judge) -> bool:
    rest = whole.part(1, len(whole.word))
    return (
        whole.word[0] in _NEGATIONS
        and judge.tag(rest.word)[:1] in ("v", "a")
        and judge.known(rest)
        and (rest.word in _MODALS or judge.agrees(whole, whole.part(0, 1), rest))
    )


# ---- words of words ----


def _joined(whole: Compound, judge: _Judge) -> bool:
    """Known words side by side, of which one at least is longer than a character."""
    for at in range(1, len(whole.word)):
        parts = whole.part(0, at), whole.part(at, len(whole.word))
        longer = max(len(part.word) for part in parts) > 1
        if longer and all(map(judge.known, parts)):
            # 连续性 is "continuity", which 连续 says alone: what 性 adds has no English word.
            repeated = judge.tag(whole.word)[:1] in ("n", "v") and judge.repeats(whole, *parts)
            if repeated or judge.shows(whole, *parts):
                return True
    return False


def _proved(whole: Compound, judge: _Judge) -> bool:
    """Two characters that are words, if the dictionary explains the word by both of them, or two
    nouns that it repeats."""
    parts = whole.part(0, 1), whole.part(1, 2)
    if len(whole.word) != 2 or not all(map(judge.known, parts)):
        return False
    tags = {judge.tag(word)[:1] for word in (whole.word, *whole.word)}
    return judge.proves(whole, *parts) or (tags == {"n"} and judge.repeats(whole, *parts))


_RULES = (
    _doubled,
    _asked,
    _counted,
    _pointed,
    _with_complement,
    _placed,
    _many,
    _negated,
    _joined,
    _proved,
)
