"""What a sentence says, as keys that can be compared across languages.

A key is a Chinese word in its Simplified form (`经济`), the stem of a word of an alphabet
(`econom`), or a number (`#1992`). Keys that both sides share are evidence by themselves; Chinese
words answer the stems of their dictionary glosses (`meanings`).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import Protocol

from reader.alignment.english import WORD, content_stems, stem
from reader.alignment.names import NameFinder, names_in
from reader.alignment.numbers import chinese_numbers, english_numbers

_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+")
_LATIN_RUN = re.compile(
    r"[^\W\d_\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+(?:['’][A-Za-z]+)*"
)
_LONGEST = 8
"""Characters of the longest word looked for."""
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|（[^）]*）")
_NOT_A_GLOSS = ("CL:", "see ", "variant of ", "old variant of ", "also written ", "Taiwan pr.")
_FUNCTION = frozenset(
    "的了着过在是和与及或也都就还而但被把将对从向于以为之其这那此该我你他她它们吗呢吧啊个"
)
"""Characters that, alone, say little: left out."""


class Dictionary(Protocol):
    """What alignment asks of a lexicon; `reader.lexicon.Lexicon` is one."""

    def entries(self, word: str) -> Iterable[Article]: ...
    def starting(self, pair: str) -> Iterable[tuple[str, int, str]]: ...
    def readings(self, character: str) -> tuple[str, ...]: ...


class Article(Protocol):
    @property
    def senses(self) -> tuple[str, ...]: ...
    @property
    def traditional(self) -> str: ...


_MARKS = dict(zip('？?！!：:；;「『“«„"', "??!!::;;" + 6 * '"', strict=True))
"""Punctuation that translators keep."""


_QUOTES = frozenset('"“”„«»「」『』')


def mark_keys(text: str) -> list[str]:
    """The punctuation of `text` that is evidence, each mark once, the same in every language.

    >>> mark_keys("「誰？」她問。") == mark_keys('"Who?" she asked.')
    True
    """
    found = {_MARKS[c] for c in text if c in _MARKS}
    ends = {key for key, end in (("“", text[:1]), ("”", text[-1:])) if end in _QUOTES}
    return sorted(found | ends)


class ChineseWords:
    """Turns Simplified text into keys, by greedy longest match over the dictionary's words.

    `names` are the spellings to look for, `terms` Simplified glossary terms.
    """

    def __init__(
        self, dictionary: Dictionary, names: Iterable[str] = (), terms: Iterable[str] = ()
    ) -> None:
        self._dictionary = dictionary
        self.names = NameFinder(names, dictionary.readings)
        self._starting: dict[str, tuple[str, ...]] = {}
        self._terms: dict[str, list[str]] = {}
        for term in terms:
            if len(term) > 1:
                self._terms.setdefault(term[:2], []).append(term)

    def keys(self, text: str) -> list[str]:
        """The keys of `text`: its words, numbers, Latin words, and names as spelled abroad."""
        found = chinese_numbers(text)
        for run in _HAN_RUN.findall(text):
            found += self._words(run)
            found += [stem(name) for name in self.names.find(run)]
        found += [stem(word) for word in _LATIN_RUN.findall(text)]
        return found

    def _words(self, run: str) -> list[str]:
        words: list[str] = []
        start = 0
        while start < len(run):
            word = self._longest(run, start)
            if len(word) > 1 or word not in _FUNCTION:
                words.append(word)
            start += len(word)
        return words

    def _longest(self, run: str, start: int) -> str:
        pair = run[start : start + 2]
        words = self._starting.get(pair)
        if words is None:
            words = self._starting[pair] = self._all_starting(pair)
        return next((word for word in words if run.startswith(word, start)), run[start])

    def _all_starting(self, pair: str) -> tuple[str, ...]:
        """The words that begin with `pair`, longest first, a glossary's before a dictionary's."""
        terms = self._terms.get(pair, [])
        words = [item[0] for item in self._dictionary.starting(pair)] if len(pair) == 2 else []
        known = (word for word in words if len(word) <= _LONGEST)
        return (*sorted(terms, key=len, reverse=True), *sorted(known, key=len, reverse=True))


def alphabet_keys(text: str, language: str, names: Container[str] = ()) -> list[str]:
    """The keys of a text in an alphabet: English in stems, other languages in lower case.

    `names` are the spellings of names that the Chinese text has.
    """
    numbers, rest = english_numbers(text)
    if language.split("-")[0].lower() in ("en", ""):
        words = content_stems(rest)
    else:
        words = [word.lower() for word in WORD.findall(rest)]
    spelled = [stem(name) for name in names_in(text) if name in names]
    return numbers + words + [name for name in spelled if name not in words]


@lru_cache(maxsize=1 << 16)
def gloss_stems(senses: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """The stems of dictionary glosses, each with its share, first senses weighing a little more.

    >>> gloss_stems(("to improve; to make better", "improvement", "CL:個|个[ge4]"))
    (('improv', 2.0), ('mak', 0.5), ('good', 0.5))
    """
    shares: dict[str, float] = {}
    for sense in senses:
        if sense.startswith(_NOT_A_GLOSS):
            continue
        for gloss in _ASIDE.sub(" ", sense.removeprefix("surname ")).split(";"):
            stems = content_stems(gloss)
            for one in stems:
                shares[one] = shares.get(one, 0.0) + 1.0 / len(stems)
    return tuple(shares.items())


def meanings(
    word: str, dictionary: Dictionary, glosses: dict[str, str]
) -> tuple[tuple[str, float], ...]:
    """The stems that may translate the Chinese `word`, with weights.

    `glosses` are a glossary's, by Simplified term; they come before the dictionary's.
    """
    if word in glosses:
        return gloss_stems(tuple(glosses[word].split(";")))
    senses = [sense for article in dictionary.entries(word) for sense in article.senses]
    if senses or len(word) < 3:
        return gloss_stems(tuple(senses))
    return _by_parts(word, dictionary)


def _by_parts(word: str, dictionary: Dictionary) -> tuple[tuple[str, float], ...]:
    """What the halves of a word without an article mean (机器学习: 机器 and 学习)."""
    cut = len(word) // 2
    halves = (word[:cut], word[cut:])
    senses = [s for half in halves for article in dictionary.entries(half) for s in article.senses]
    return gloss_stems(tuple(senses))
