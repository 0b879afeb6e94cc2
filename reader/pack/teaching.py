"""All that is in a pack of a text, as values: sheets and keys are both made of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from reader.errors import SourceError, require
from reader.learner import Knowledge, Learner, VocabularyWord
from reader.learner.counts import Share
from reader.learner.level_report import ALONE, LevelReport, report
from reader.learner.word_lists import words_to_learn
from reader.lexicon.glosses import BOUND, Glosses
from reader.model import Document, ReadingSource, Token
from reader.pack.exercises import Cloze, Match, Order, Tones
from reader.pack.text_lines import Line, numbered_lines

__all__ = ["Pack", "TaughtWord"]

FEWEST, MOST = 10, 20
"""Words to teach before reading: as many as let the text be read alone, within these."""
NAMES = 20
"""Names in the box of names, at most."""


@dataclass(frozen=True, slots=True)
class TaughtWord:
    """A word to teach before the text is read."""

    token: Token
    gloss: str
    level: str
    """`""` for one that the scheme does not teach."""
    count: int
    """How often the text has it."""


Name: TypeAlias = "tuple[Token, ...]"
"""A name of the text; family name and given name are two tokens."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a teacher needs of one text for one class.

    The same document, learner and seed give the same pack. What a text has not enough for is None,
    or empty.

    >>> import reader
    >>> document = reader.annotate("他把芯片放在银行里。芯片！")
    >>> pack = Pack.of(document, Learner(level="3"))
    >>> [word.token.text for word in pack.taught], pack.cloze
    (['芯片'], None)
    """

    document: Document
    report: LevelReport
    seed: int
    taught: tuple[TaughtWord, ...]
    """Those that raise the coverage most, first."""
    with_them: Share
    """What is known of the text once they are."""
    names: tuple[Name, ...]
    lines: tuple[Line, ...]
    cloze: Cloze | None
    match: Match | None
    tones: Tones | None
    orders: tuple[Order, ...]

    @classmethod
    def of(cls, document: Document, learner: Learner, *, seed: int = 1, name: str = "") -> Pack:
        """The pack of a document with the layers words, readings, senses and sentences.

        `name` is that of the text's file. A learner with neither level nor list is one of the level
        that reads the text with help. Raises `SourceError` for a text without Chinese words,
        `OptionError` for a seed that is no number.
        """
        require(int, "seed", seed)
        found = report(document, learner, name)
        if not found.words:
            raise SourceError("has no Chinese words to make a pack of", path=name or None)
        learner = found.learner
        glosses = Glosses.default()
        # A name that is spelled as a word is not taught as that word.
        listed = [
            word
            for word in words_to_learn(found.words)
            if glosses.listed(word.token) and not _is_part(word)
        ]
        taught = listed[: _enough(found, listed)]
        # What else may be matched, where few words are to be learnt: the hardest of the known.
        known = [word for word in found.words if word.knowledge is Knowledge.KNOWN and word.level]
        known.sort(key=lambda word: -word.level.rank if word.level else 0)
        return cls(
            document,
            found,
            seed,
            tuple(_taught(word, glosses) for word in taught),
            _share_with(found, taught),
            tuple(dict.fromkeys(_names(document, learner)))[:NAMES],
            numbered_lines(document.blocks),
            Cloze.of(document, learner, taught, seed),
            Match.of([*listed, *known], seed),
            Tones.of(document, learner, taught, seed),
            Order.of(document, seed),
        )

    @property
    def left_out(self) -> tuple[str, ...]:
        """Names of the exercises that the text has not enough for."""
        exercises = {"cloze": self.cloze, "match": self.match, "tones": self.tones}
        found = [name for name, exercise in exercises.items() if exercise is None]
        return (*found, *([] if self.orders else ["order"]))

    @property
    def for_level(self) -> Learner:
        """Who the pack is for."""
        return self.report.learner


def _names(document: Document, learner: Learner) -> Iterator[Name]:
    """The names of a document, in its order."""
    for block in document.blocks:
        name: list[Token] = []
        for token in block.tokens:
            is_name = learner.knows(token) is Knowledge.NAME
            if name and not (is_name and _is_person(name[-1]) and _is_person(token)):
                yield tuple(name)
                name = []
            if is_name:
                name.append(token)
        if name:
            yield tuple(name)


def _is_person(token: Token) -> bool:
    return token.reading is not None and token.reading.source is ReadingSource.NAME


def _is_part(word: VocabularyWord) -> bool:
    """Whether a word is a character that is none by itself: mostly a piece of a name (中芯国际)."""
    senses = word.token.senses
    return word.level is None and len(word.simplified) == 1 and senses[0].startswith(BOUND)


def _enough(found: LevelReport, words: list[VocabularyWord]) -> int:
    """How many words are taught: until the text can be read alone, within bounds."""
    known = found.coverage.strict
    for count, word in enumerate(words[:MOST]):
        if known >= ALONE and count >= FEWEST:
            return count
        known += word.count / found.coverage.words
    return MOST


def _taught(word: VocabularyWord, glosses: Glosses) -> TaughtWord:
    level = word.level.label if word.level else ""
    return TaughtWord(word.token, glosses.listed(word.token), level, word.count)


def _share_with(found: LevelReport, taught: list[VocabularyWord]) -> Share:
    """The shares of running words that are known with those taught; the characters as before."""
    share, words = found.coverage.share, max(found.coverage.words, 1)
    more = sum(word.count for word in taught) / words
    return share._replace(strict=share.strict + more, with_parts=share.with_parts + more)
