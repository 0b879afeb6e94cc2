"""Which words of a page help a learner: the policy of writers for one who reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
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

    @cached_property
    def _is_bare(self) -> bool:
        return self.gloss_words is None or self.gloss is Gloss.NONE

    def start_chapter(self) -> Callable[[Token], WordDisplay]:
        """What is asked of each word of one chapter, in the order of the text."""
        knows, word, is_first, is_first_gloss = (
            self.learner.knows,
            self.learner.word,
            _Firsts(),
            _Firsts(),
        )
        reads_once, glosses_once = self.words is Pinyin.FIRST, self.gloss_words in _ONCE

        def display(token: Token) -> WordDisplay:
            knowledge = knows(token)
            is_read, gloss = self._is_read(token, knowledge), self._gloss(token, knowledge)
            if is_read and knowledge is Knowledge.NAME and self.words in OF_A_LEARNER:
                is_read = is_first(token.simplified)
            elif is_read and reads_once:
                is_read = is_first(word(token))
            if gloss and glosses_once and not is_first_gloss(word(token)):
                gloss = ""
            return _displayed(is_read, gloss)

        return display

    @property
    def usual(self) -> Callable[[Token], tuple[WordDisplay, bool]]:
        """What a word shows from its second use in a chapter on, and whether it may show more at
        the first: a name, and a word that has help once."""
        decide, alike = self.learner.decide, self._alike
        glossed: Callable[[Token, Knowledge], tuple[WordDisplay, bool]] = self._usual
        if self.gloss_words is GlossWords.UNKNOWN and self.words is not Pinyin.HARD:
            # Then the unknown are glossed, whose glosses alone differ: a novel has ten thousand.
            glossed = self._usual_unknown()

        def usual(token: Token) -> tuple[WordDisplay, bool]:
            knowledge = decide(token)
            return alike.get(knowledge) or glossed(token, knowledge)

        return usual

    def _usual_unknown(self) -> Callable[[Token, Knowledge], tuple[WordDisplay, bool]]:
        is_read = self.words in OF_A_LEARNER or self.words is Pinyin.ALL
        is_once = is_read and self._is_read_once(Knowledge.UNKNOWN)
        shown = is_read and not is_once
        bare, gloss_of = (_displayed(shown, ""), is_once), self._gloss_of

        def usual(token: Token, _: Knowledge) -> tuple[WordDisplay, bool]:
            gloss = "" if token.proper else gloss_of(token)
            return (WordDisplay(shown, (), "", gloss), is_once) if gloss else bare

        return usual

    def _usual(self, token: Token, knowledge: Knowledge) -> tuple[WordDisplay, bool]:
        is_read, gloss = self._is_read(token, knowledge), self._gloss(token, knowledge)
        is_read_once = is_read and self._is_read_once(knowledge)
        is_glossed_once = bool(gloss) and self.gloss_words in _ONCE
        later = _displayed(is_read and not is_read_once, "" if is_glossed_once else gloss)
        return later, is_read_once or is_glossed_once

    @cached_property
    def _alike(self) -> Mapping[Knowledge, tuple[WordDisplay, bool]]:
        """What `usual` says of words of which nothing more has to be known."""
        found: dict[Knowledge, tuple[WordDisplay, bool]] = {}
        for knowledge in Knowledge:
            is_helped = knowledge in _HELPED
            may_have_gloss = not self._is_bare and (
                self.gloss_words is GlossWords.ALL or knowledge is Knowledge.UNKNOWN
            )
            if not may_have_gloss and not (is_helped and self.words is Pinyin.HARD):
                is_read = (
                    is_helped or knowledge is Knowledge.NAME
                    if self.words in OF_A_LEARNER
                    else self.words is Pinyin.ALL
                )
                is_once = is_read and self._is_read_once(knowledge)
                found[knowledge] = _displayed(is_read and not is_once, ""), is_once
        return found

    def _is_read_once(self, knowledge: Knowledge) -> bool:
        """Whether a word that is read is so at its first use in a chapter alone."""
        is_name = knowledge is Knowledge.NAME and self.words in OF_A_LEARNER
        return is_name or self.words is Pinyin.FIRST

    def _is_read(self, token: Token, knowledge: Knowledge) -> bool:
        """Whether a word carries its reading, at its first use at least."""
        if self.words not in OF_A_LEARNER:
            return self.words is Pinyin.ALL
        if knowledge not in _HELPED:
            return knowledge is Knowledge.NAME
        return self.words is not Pinyin.HARD or self.learner.is_hard(token)

    def _gloss(self, token: Token, knowledge: Knowledge) -> str:
        """The gloss of a word, at its first use at least, or `""`."""
        if self._is_bare or token.proper or token.kind is not TokenKind.WORD:
            return ""
        if self.gloss_words is not GlossWords.ALL:
            if knowledge is not Knowledge.UNKNOWN:
                return ""
            if self.gloss_words is GlossWords.HARD and not self.learner.is_hard(token):
                return ""
        return self._gloss_of(token)

    @property
    def _gloss_of(self) -> Callable[[Token], str]:
        """As much of the meaning of a word as there is room for."""
        glosses = Glosses.default(self.language)
        if self.gloss is Gloss.NOTES:
            return glosses.noted
        return glosses.listed if self.gloss is Gloss.LIST else glosses.short


def _displayed(is_read: bool, gloss: str) -> WordDisplay:
    if gloss:
        return WordDisplay(is_read, (), "", gloss)
    return _SHOWN if is_read else _BARE


class _Firsts:
    """Whether something is asked for the first time."""

    def __init__(self) -> None:
        self._seen: set[object] = set()

    def __call__(self, key: object) -> bool:
        if key in self._seen:
            return False
        self._seen.add(key)
        return True
