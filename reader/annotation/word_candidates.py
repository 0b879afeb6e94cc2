"""Candidate words: what may begin at a place of a text, and the kinds that words are of.

The lexicon's words, and what is made of them (看一看, 轻轻|地), by the two characters they begin
with. `numbers` and `person_names` have candidates of their own; `lattice` chooses among all.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeAlias

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
Step: TypeAlias = tuple[int, int, tuple[Piece, ...]]
"""A way on from one place of a text: how far, its cost, and the words it is made of."""


@lru_cache(maxsize=4096)
def symbol(character: str) -> int:
    """The kind of a character that belongs to no run: punctuation or anything else."""
    return PUNCTUATION if unicodedata.category(character).startswith("P") else OTHER


UNKNOWN = 2500
"""The cost of a character that is no word: dearer than any that is."""
MADE = 250
"""What doubling a word costs more than the word."""

AGAIN = frozenset("一了不没")
"""What may stand between a verb and itself: 看一看, 想了想, 是不是."""
ERHUA = "nvaqstf"
"""Parts of speech of words that 儿 may be added to."""
GOT = "得"
"""What makes strings of a verb before it: 看|得|到."""
DOUBLED = ("v", "a", "q", "z")
"""How the parts of speech of what may be doubled begin: verbs, adjectives, measures,
descriptions."""
_DOUBLED_ADVERB = ("d", "z", "a", "v")
ADVERBIAL = 200
"""The cost of 地 behind a doubled adverb, where hardly anything else stands: 轻轻|地|点头."""
PERCEIVED = frozenset("看听望瞧见闻找摸买碰够")
"""Verbs that 得到 as a verb does not follow: 看|得|到."""
_NEVER_DOUBLED = frozenset("是有在到来去会能要得没为让被把给对向从与和跟同于以着过了说")
KINDS_OF_PLACES = frozenset("省市县区州乡镇村")


class Candidates(NamedTuple):
    """The words that begin with one pair of characters."""

    lengths: tuple[int, ...]
    """The lengths that occur, longest first."""
    steps: dict[str, Step]


class WordCandidates:
    """Candidate words by the two characters they begin with: those of the lexicon, and doubled
    ones. Pairs are for the caller to remember."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._costs: dict[str, int] = {}

    def following(self, first: str) -> str:
        """The characters that may stand second in words that begin with `first`."""
        following = self._lexicon.lattice_seconds(first)
        if self._lexicon.tag(first).startswith(DOUBLED):
            following += "".join(sorted(AGAIN)) + first
        return following + GOT if first in PERCEIVED else following

    def words(self, pair: str) -> Candidates | None:
        """The words that begin with `pair`; None where there is none."""
        steps: dict[str, Step] = dict(self._made(pair))
        for word, cost, split in self._lexicon.lattice_words(pair):
            steps[word] = len(word), cost, _pieces(len(word), split)
        steps |= self._phrases(pair, steps)
        return Candidates(_longest_first(frozenset(map(len, steps))), steps) if steps else None

    def cost(self, character: str) -> int:
        """The cost of a character as a word by itself."""
        cost = self._costs.get(character)
        if cost is None:
            found = self._lexicon.character_cost(character)
            cost = self._costs[character] = UNKNOWN if found is None else found
        return cost

    def place(self, step: Step, kind: str) -> Step:
        """A place's name and what kind of place it is, each a word: 余杭|区."""
        length, cost, pieces = step
        return length + 1, cost + self.cost(kind), (*pieces, 1 | NAME << BITS)

    def _phrases(self, pair: str, steps: Mapping[str, Step]) -> dict[str, Step]:
        """Strings of words that are likelier than each word by itself: 轻轻|地, 看|得|到."""
        if pair in steps and pair[0] == pair[1] and self._is_adverb(pair):
            return {pair + "地": (3, steps[pair][1] + ADVERBIAL, (*steps[pair][2], 1))}
        if pair[0] in PERCEIVED and pair[1] == GOT:
            return {pair + "到": (3, self.cost(pair[0]) + self.cost("到"), (1, 1, 1))}
        return {}

    def _is_adverb(self, word: str) -> bool:
        return (self._lexicon.tag(word) or self._lexicon.tag(word[0])).startswith(_DOUBLED_ADVERB)

    def _made(self, pair: str) -> Iterator[tuple[str, Step]]:
        """A word doubled: 走走, 看一看, 好不好."""
        first, second = pair[0], pair[1:]
        if second != first and second not in AGAIN:
            return
        if not self._lexicon.tag(first).startswith(DOUBLED):
            return
        if second in AGAIN and (second in "不没" or first not in _NEVER_DOUBLED):
            yield pair + first, (3, self.cost(first) + MADE, (3,))
        elif second == first and first not in _NEVER_DOUBLED:
            yield pair, (2, self.cost(first) + MADE, (2,))


@lru_cache(maxsize=256)
def _longest_first(lengths: frozenset[int]) -> tuple[int, ...]:
    return tuple(sorted(lengths, reverse=True))


@lru_cache(maxsize=256)
def _pieces(length: int, split: str) -> tuple[Piece, ...]:
    """The words that a word of the lexicon falls into (see `Lexicon.lattice_words`)."""
    if not split or split[0] == "0":
        return (length | (NAME if split else HAN) << BITS,)
    size, kind = int(split[0]), (PERSON if split[1] == "p" else NAME) << BITS
    return size | kind, (length - size) | kind


def is_name(step: Step) -> bool:
    """Whether a word of the lexicon is a name of one word."""
    return step[2] == (step[0] | NAME << BITS,)
