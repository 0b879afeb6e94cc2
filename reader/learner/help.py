"""Which words of a page help a learner: the policy of writers for one who reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from reader.learner.decisions import Knowledge, Learner
from reader.lexicon.glosses import Glosses
from reader.model import Token, TokenKind
from reader.options import OF_A_LEARNER, Gloss, GlossWords, Pinyin, WordDisplay

__all__ = ["LearnerPolicy"]

_SHOWN, _BARE = WordDisplay(), WordDisplay(reading=False)
_HELPED = frozenset((Knowledge.UNKNOWN, Knowledge.LEARNING, Knowledge.DOUBTFUL))
_ONCE = frozenset((GlossWords.FIRST, GlossWords.HARD))


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
    gloss_words: GlossWords | None = None
    """Which words have a gloss too; None for none. Words that are being learnt have none."""
    gloss: Gloss = Gloss.LIST
    """Where it will stand (`RenderOptions.gloss`): notes hold all senses, a text the shortest."""
    language: str = "en"
    """BCP 47 of the senses (`AnnotateOptions.gloss_language`)."""
    constant: ClassVar[None] = None

    @property
    def in_terms(self) -> WordDisplay | None:
        """Readings of glossary terms alone, for `Pinyin.NOTES`."""
        return _SHOWN if self.words is Pinyin.NOTES else None

    @property
    def layers(self) -> frozenset[str]:
        """Senses, for glosses."""
        return frozenset() if self._is_bare else frozenset({"senses"})

    @property
    def _is_bare(self) -> bool:
        return self.gloss_words is None or self.gloss is Gloss.NONE

    def start_chapter(self) -> Callable[[Token], WordDisplay]:
        """What is asked of each word of one chapter, in the order of the text."""
        has_reading, gloss_of = self._readings(), self._glosses()

        def display(token: Token) -> WordDisplay:
            is_read, gloss = has_reading(token), gloss_of(token)
            if gloss:
                return WordDisplay(is_read, gloss=gloss)
            return _SHOWN if is_read else _BARE

        return display

    def is_fixed(self, token: Token) -> bool:
        """Whether a word shows the same wherever it stands: a name does not, nor one that has
        help at its first use alone."""
        knowledge = self.learner.knows(token)
        if knowledge is Knowledge.NAME:
            return self.words not in OF_A_LEARNER
        once = self.words is Pinyin.FIRST or (not self._is_bare and self.gloss_words in _ONCE)
        return not once or knowledge not in _HELPED

    def _readings(self) -> Callable[[Token], bool]:
        """Whether a word carries its reading, asked in the order of the text."""
        words, knows, word = self.words, self.learner.knows, self.learner.word
        if words not in OF_A_LEARNER:
            return lambda token: words is Pinyin.ALL
        is_first = _Firsts()

        def has_reading(token: Token) -> bool:
            knowledge = knows(token)
            if knowledge is Knowledge.NAME:
                return is_first(token.simplified)
            if knowledge not in _HELPED:
                return False
            if words is Pinyin.HARD and not self.learner.is_hard(token):
                return False
            return words is not Pinyin.FIRST or is_first(word(token))

        return has_reading

    def _glosses(self) -> Callable[[Token], str]:
        """The gloss of a word, or `""`, asked in the order of the text."""
        if self._is_bare:
            return lambda token: ""
        is_first, word = _Firsts(), self.learner.word
        once = self.gloss_words in _ONCE

        def gloss_of(token: Token) -> str:
            if not self._has_gloss(token):
                return ""
            gloss = self._gloss(token)
            return gloss if gloss and (not once or is_first(word(token))) else ""

        return gloss_of

    def _has_gloss(self, token: Token) -> bool:
        if token.kind is not TokenKind.WORD or token.proper:
            return False
        if self.gloss_words is GlossWords.ALL:
            return True
        if self.gloss_words is GlossWords.HARD and not self.learner.is_hard(token):
            return False
        return self.learner.knows(token) is Knowledge.UNKNOWN

    def _gloss(self, token: Token) -> str:
        """As much of the meaning as there is room for where it stands."""
        glosses = Glosses.default(self.language)
        if self.gloss is Gloss.NOTES:
            return "; ".join(glosses.senses(token))
        return glosses.listed(token) if self.gloss is Gloss.LIST else glosses.short(token)


class _Firsts:
    """Whether something is asked for the first time."""

    def __init__(self) -> None:
        self._seen: set[object] = set()

    def __call__(self, key: object) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True
