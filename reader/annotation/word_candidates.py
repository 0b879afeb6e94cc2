"""Candidate words: what may begin at a place of a text, and the kinds that words are of.

The lexicon's words, and what is made of them (看一看, 轻轻|地). `numbers` and `person_names` have
candidates of their own; `lattice` chooses among all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from reader.caching import BoundedCache
from reader.lexicon import Lexicon

Word: TypeAlias = tuple[int, int, int]
"""`start`, `end` and kind (one of the constants below) of a stretch of a block's text."""

HAN = 0
"""A word of the lexicon, or a character that is none."""
PERSON = 1
"""A person's name: surname, given name, or both."""
NAME = 2
"""Another proper name: a place, an organisation, a transliteration."""
TERM = 3
"""A glossary term whose row gives no reading."""
COMMON = 4
"""A glossary term, or a word of one, that its row reads without a capital: it is no name."""
NUMBER = 5
LATIN = 6
PUNCTUATION = 7
SPACE = 8
OTHER = 9

READ = (HAN, PERSON, NAME, TERM, COMMON)
"""The kinds that have readings; all of them are below `NUMBER`."""

BITS = 20
LENGTH = (1 << BITS) - 1
Piece: TypeAlias = int
"""A word of a run: its length in the lowest bits (`LENGTH`), its kind above them."""


class Step(NamedTuple):
    """A way on from one place of a text."""

    length: int
    cost: int
    pieces: tuple[Piece, ...]
    """The words it is made of."""


IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors, which stay with the character before them."""
# Letters of alphabets, by block: a class made with `\w` would take 10 ms to compile.
LETTERS = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u037d\u0386-\u10ff"
    "\u1200-\u1fff\uff21-\uff3a\uff41-\uff5a"
)
DIGITS = "0-9０-９"
SPACES = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
JOIN_LETTERS = "'’.&_-"
JOIN_DIGITS = ".,:．，"
RATES = "%％‰"
LATIN_RUN = rf"[{DIGITS}]*[{LETTERS}](?:[{JOIN_LETTERS}]?[{DIGITS}{LETTERS}])*"
NUMBER_RUN = rf"[{DIGITS}]+(?:[{JOIN_DIGITS}][{DIGITS}]+)*[{RATES}]?"
"""Patterns of words with Latin letters, and of other numbers in digits."""
SYLLABARIES = ("ぁ-ヿ", "ㄅ-ㄯㆠ-ㆿ", "가-힣")
CHARACTER_CLASSES = (
    IDEOGRAPHS,
    SELECTORS,
    LETTERS,
    DIGITS,
    SPACES,
    *SYLLABARIES,
)
"""Classes of characters as regular expressions write them, less the brackets."""


def ranges(characters: str) -> Iterator[tuple[str, str]]:
    """The first and the last of each range of one of `CHARACTER_CLASSES`.

    >>> list(ranges("A-Z'_-"))
    [('A', 'Z'), ("'", "'"), ('_', '_'), ('-', '-')]
    """
    at = 0
    while at < len(characters):
        last = at + 2 if characters[at + 1 : at + 2] == "-" and at + 2 < len(characters) else at
        yield characters[at], characters[last]
        at = last + 1


Candidate: TypeAlias = tuple[Step, tuple[tuple[str, ...], ...]]
"""A step, with what its features cost, and these, in groups that candidates share: each is a letter
and what was seen."""


@lru_cache(maxsize=4096)
def symbol(character: str) -> int:
    """The kind of a character that belongs to no run: punctuation or anything else."""
    return PUNCTUATION if unicodedata.category(character).startswith("P") else OTHER


TWICE = 250
"""What saying two characters twice each costs more than these."""
UNKNOWN = 2500
"""The cost of a character that is no word: dearer than any that is."""
ERHUA = "nvaqstfdzbil"
"""Parts of speech of words that 儿 may be added to."""
KINDS_OF_PLACES = frozenset("省市县区州乡镇村屯郡街路巷桥河江湖岛山岭峰谷溪港湾寺庙宫")
"""What a place's name may be followed by, as a word of its own: 余杭|区, 呼兰|河."""
_KINDS = {"h": HAN, "p": PERSON, "n": NAME}


class WordCandidates:
    """Words of the lexicon, and what is made of them, by the two characters they begin with."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._alone = BoundedCache[str, Step](20_000)
        self._words = BoundedCache[str, dict[str, Step]](30_000)

    def alone(self, character: str) -> Step:
        """A character as a word by itself."""
        step = self._alone.get(character)
        if step is None:
            cost = self._lexicon.character_cost(character)
            step = self._alone.remember(character, Step(1, UNKNOWN if cost is None else cost, (1,)))
        return step

    def steps(self, text: str, at: int, end: int) -> Iterator[Step]:
        """The words that begin at `at` and end by `end`, shorter ones first."""
        words = self._beginning(text[at : at + 2])
        for word, step in words.items():
            if text.startswith(word, at, end):
                yield step
                if step.pieces == (step.length | NAME << BITS,):
                    yield from self.with_kind(step, text, at, end)
        if at + 4 <= end and text[at] == text[at + 1] and text[at + 2] == text[at + 3]:
            # Two characters, each said twice: 歪歪扭扭; but 爷爷|捶捶, as 爷爷 is a word.
            twice = self.alone(text[at]).cost + TWICE
            known = words.get(text[at : at + 2])
            if known is None or known.cost >= twice:
                yield Step(4, twice + self.alone(text[at + 2]).cost, (4,))

    def with_kind(self, step: Step, text: str, at: int, end: int) -> Iterator[Step]:
        """A name and the kind of place that stands after it, where one does."""
        after = at + step.length
        kind = text[after : after + 1] if after < end else ""
        if kind in KINDS_OF_PLACES:
            cost = step.cost + self.alone(kind).cost
            yield Step(step.length + 1, cost, (*step.pieces, 1 | NAME << BITS))

    def longest(self, text: str, at: int) -> int:
        """How long the longest word is that begins at `at`; 0 where none does."""
        words = self._beginning(text[at : at + 2])
        return max((len(word) for word in words if text.startswith(word, at)), default=0)

    def _beginning(self, pair: str) -> dict[str, Step]:
        steps = self._words.get(pair)
        if steps is None:
            words = sorted(self._lexicon.lattice_words(pair), key=lambda row: len(row[0]))
            steps = {
                word: Step(len(word), cost, _pieces(len(word), split))
                for word, cost, split in words
            }
            self._words.remember(pair, steps)
        return steps


@lru_cache(maxsize=256)
def _pieces(length: int, split: str) -> tuple[Piece, ...]:
    """The words that a word of the lattice falls into (see `Lexicon.lattice_words`)."""
    if split == "n":
        return (length | NAME << BITS,)
    pairs = zip(split[::2], split[1::2], strict=True)
    return tuple(int(size) | _KINDS[kind] << BITS for size, kind in pairs) or (length,)
