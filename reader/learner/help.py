"""Which words of a page help a learner: the policy of writers for one who reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from reader.learner.decisions import Knowledge, Learner
from reader.model import Token
from reader.options import Pinyin, WordDisplay

__all__ = ["LearnerPolicy"]

_SHOWN, _BARE = WordDisplay(), WordDisplay(reading=False)
_HELPED = frozenset((Knowledge.UNKNOWN, Knowledge.LEARNING, Knowledge.DOUBTFUL))


@dataclass(frozen=True)
class LearnerPolicy:
    """Shows the readings of what a learner does not know, and of nothing else.

    Of `UNKNOWN`: words that are unknown (strictly: also where their parts are known), that are
    being learnt, or whose reading is doubtful, and names at their first use in a chapter. `FIRST`
    shows an unknown word once a chapter, `HARD` those two levels above the learner or off the list.

    >>> from reader.learner import Learner
    >>> LearnerPolicy(Learner(level="3"), Pinyin.FIRST).words
    <Pinyin.FIRST: 'first'>
    """

    learner: Learner
    words: Pinyin = Pinyin.UNKNOWN
    constant: ClassVar[None] = None
    in_terms: ClassVar[None] = None
    layers: ClassVar[frozenset[str]] = frozenset()

    def start_chapter(self) -> Callable[[Token], WordDisplay]:
        """What is asked of each word of one chapter, in the order of the text."""
        seen: set[object] = set()
        knows, word = self.learner.knows, self.learner.word

        def is_first(key: object) -> bool:
            if key in seen:
                return False
            seen.add(key)
            return True

        def display(token: Token) -> WordDisplay:
            knowledge = knows(token)
            if knowledge is Knowledge.NAME:
                return _SHOWN if is_first(token.simplified) else _BARE
            if knowledge not in _HELPED:
                return _BARE
            if self.words is Pinyin.HARD and not self.learner.is_hard(token):
                return _BARE
            return _SHOWN if self.words is not Pinyin.FIRST or is_first(word(token)) else _BARE

        return display
