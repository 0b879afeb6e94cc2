"""The learner, and what it says of each word of a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from reader.caching import BoundedCache
from reader.learner.known_words import NONE, KnownWords
from reader.learner.schemes import Scheme, WordLevel
from reader.learner.states import State
from reader.lexicon.homographs import Homographs, Syllables
from reader.lexicon.lexicon import Lexicon
from reader.model import ReadingSource, Token, TokenKind

__all__ = ["Knowledge", "Learner", "counted_apart", "homographs", "is_person"]

_REMEMBERED = 1 << 16
_WORD, _NUMBER = TokenKind.WORD, TokenKind.NUMBER
"""Python 3.11 takes longer to find a member of an enumeration than for all that is done here."""


class Knowledge(StrEnum):
    """What a learner knows of a token. `help` is due for `UNKNOWN`, `LEARNING`, `DOUBTFUL`."""

    UNKNOWN = "unknown"
    LEARNING = "learning"
    KNOWN = "known"
    IGNORED = "ignored"
    """As known, since the learner's list says so."""
    DOUBTFUL = "doubtful"
    """Known, if it is what it seems: how it is read here is less sure than `Learner.sure`."""
    NAME = "name"
    """A name that neither the list nor the level has; counted apart."""
    NUMBER = "number"
    """In digits or in characters (二十三); counted apart, but for those that a list has (十)."""
    OTHER = "other"
    """No Chinese word: punctuation, spaces, Latin letters, symbols."""


@dataclass(frozen=True)
class Learner:
    """Who reads: a level of a scheme, a list of known words, or both.

    A word is known if the list says so, or if the list does not have it and its level is not above
    the learner's. With neither level nor list every word is unknown. A learner is a value: it
    may be pickled, and its `repr` tells it from others.

    >>> learner = Learner(level="3", known=KnownWords.of(["银行"]))
    >>> learner
    Learner(level='3', known=<KnownWords: 1 words, 570ae1b4>, scheme='hsk2025', sure=0.95)
    >>> Learner(level="8")
    Traceback (most recent call last):
    reader.errors.OptionError: level is '8', which hsk2025 does not have: 1, 2, 3, 4, 5, 6, 7-9
    """

    level: str = ""
    """A label of the scheme; `""` for none."""
    known: KnownWords = NONE
    scheme: str = "hsk2025"
    """`hsk2025`, `hsk2021`, `hsk2`, or the path of a file (`Scheme.load`)."""
    sure: float = 0.95
    """Words whose reading is less sure than this are doubtful."""
    _scheme: Scheme = field(init=False, repr=False, compare=False)
    _rank: int = field(init=False, repr=False, compare=False)
    _listed: Collection[str] = field(init=False, repr=False, compare=False)
    _cache: BoundedCache[int, tuple[Token, Knowledge]] = field(
        init=False, repr=False, compare=False
    )

    _compounds: BoundedCache[tuple[str, Syllables], bool] = field(
        init=False, repr=False, compare=False
    )
    _state: Callable[[str, Syllables], State | None] = field(init=False, repr=False, compare=False)
    """How well a word so read is known by the list, else by the level."""

    def __post_init__(self) -> None:
        scheme = Scheme.load(self.scheme)
        object.__setattr__(self, "_scheme", scheme)
        object.__setattr__(self, "_rank", scheme.rank(self.level) if self.level else -1)
        object.__setattr__(self, "_listed", self.known.words)
        object.__setattr__(self, "_cache", BoundedCache(_REMEMBERED))
        object.__setattr__(self, "_compounds", BoundedCache(_REMEMBERED))
        object.__setattr__(self, "_state", lru_cache(maxsize=_REMEMBERED)(self._state_of))

    def __reduce__(self) -> tuple[object, ...]:
        return Learner, (self.level, self.known, self.scheme, self.sure)

    @property
    def levels(self) -> Scheme:
        """The scheme itself: its title, labels and words."""
        return self._scheme

    @property
    def rank(self) -> int:
        """The place of the level in the scheme's order; -1 without one."""
        return self._rank

    def lists(self, token: Token) -> bool:
        """Whether the list has the word, so read, in whatever state."""
        return self.known.state(token.simplified, _read(token), homographs()) is not None

    def knows(self, token: Token) -> Knowledge:
        """What the learner knows of a token, strictly: a compound is not known by its parts.

        Needs the layers words and readings; a token without a reading is asked by its spelling.
        """
        # Equal tokens are mostly one object, and a novel has some ten thousand of them.
        found = self._cache.get(id(token))
        if found is not None and found[0] is token:
            return found[1]
        knowledge = self.decide(token)
        self._cache.remember(id(token), (token, knowledge))
        return knowledge

    def level_of(self, token: Token) -> WordLevel | None:
        """The level of a word, so read, in the learner's scheme; None off the list or no word."""
        if token.kind is not TokenKind.WORD or is_person(token):
            return None
        return _level(self._scheme, token.simplified, _read(token))

    def is_hard(self, token: Token) -> bool:
        """Whether an unknown word is two levels or more above the learner's, or off the list."""
        if self.knows(token) not in (Knowledge.UNKNOWN, Knowledge.LEARNING):
            return False
        level = self.level_of(token)
        return level is None or level.rank >= self._rank + 2

    def word(self, token: Token) -> tuple[str, Syllables]:
        """What makes a word one and the same, wherever it stands: its Simplified form, and its
        reading where the dictionary has several for that form, else `()`."""
        return token.simplified, homographs().which(token.simplified, _read(token))

    def knows_parts(self, token: Token) -> bool:
        """Whether an unknown compound is understood from parts that are known (`parts`).

        Never a word that the scheme itself teaches later, that the list has as unknown or being
        learnt, or a name.
        """
        key = token.simplified, _read(token)
        found = self._compounds.get(key)
        if found is None:
            found = self._compounds.remember(key, self._falls_apart(token))
        return found

    def _falls_apart(self, token: Token) -> bool:
        if self.knows(token) is not Knowledge.UNKNOWN or self.level_of(token) is not None:
            return False
        # For the report alone: books never ask.
        from reader.learner.parts import Compound, known_by_parts

        whole = Compound(token.simplified, _read(token))
        return not self.lists(token) and known_by_parts(whole, self.knows_word, Lexicon.default())

    def knows_word(self, word: str, syllables: Syllables) -> bool:
        """Whether a Simplified word, so read, is known: by the list, else by the level."""
        state = self.known.state(word, syllables, homographs())
        if state is not None:
            return state in (State.KNOWN, State.IGNORED)
        level = _level(self._scheme, word, syllables)
        return level is not None and level.rank <= self._rank

    def decide(self, token: Token) -> Knowledge:
        """As `knows`, for who asks once: nothing is remembered."""
        if token.kind is not _WORD:
            return Knowledge.NUMBER if token.kind is _NUMBER else Knowledge.OTHER
        word = token.simplified
        # Most different words of a text are in no list, which is quickly asked.
        if word in self._listed or self._scheme.may_teach(word):
            return self._of_listed(token)
        if token.proper or word[0] in _NUMERALS:
            return counted_apart(token) or _UNKNOWN
        return _UNKNOWN

    def _of_listed(self, token: Token) -> Knowledge:
        """What the learner knows of a word that the list or the scheme may have."""
        # Tokens that differ only in how sure their readings are come by the hundred.
        state = self._state(token.simplified, _read(token))
        if token.proper and state is not State.IGNORED and is_person(token):
            return Knowledge.NAME
        if state is None:
            return counted_apart(token) or _UNKNOWN
        if state is _KNOWN and _certainty(token) < self.sure:
            return Knowledge.DOUBTFUL
        return _OF_STATE[state]

    def _state_of(self, word: str, syllables: Syllables) -> State | None:
        state = self.known.state(word, syllables, homographs())
        if state is not None:
            return state
        level = self._scheme.level(word, syllables, homographs())
        if level is None:
            return None
        return _KNOWN if level.rank <= self._rank else State.UNKNOWN


_KNOWN, _UNKNOWN = State.KNOWN, Knowledge.UNKNOWN
_OF_STATE = {state: Knowledge(state.value) for state in State}


def counted_apart(token: Token) -> Knowledge | None:
    """What a word is that neither list nor level has, if it is a name or a number."""
    if token.proper:
        return Knowledge.NAME
    word = token.simplified
    is_number = word[0] in _NUMERALS and _NUMERAL.fullmatch(word)
    return Knowledge.NUMBER if is_number else None


_NUMERALS = frozenset("第几数〇零一二三四五六七八九十百千两")
_NUMERAL = re.compile(
    "第?[几数]?[〇零一二三四五六七八九十百千两]++[几多余]?[〇零一二三四五六七八九十百千万亿两]*+"
    "(?:分之[〇零一二三四五六七八九十百千万亿两]++)?"
)


def is_person(token: Token) -> bool:
    """Whether a token was read as a person's name."""
    reading = token.reading
    return token.proper and reading is not None and reading.source is ReadingSource.NAME


def _certainty(token: Token) -> float:
    return token.reading.probability if token.reading is not None else 1.0


def _read(token: Token) -> Syllables:
    return token.reading.syllables if token.reading is not None else ()


@lru_cache(maxsize=1)
def homographs() -> Homographs:
    """One for all learners of a process."""
    return Homographs(Lexicon.default())


@lru_cache(maxsize=_REMEMBERED)
def _level(scheme: Scheme, word: str, syllables: Syllables) -> WordLevel | None:
    return scheme.level(word, syllables, homographs())
