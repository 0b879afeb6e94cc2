"""How much of a document a learner knows, or one of each level would; and the words of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from reader.learner.decisions import Knowledge, Learner
from reader.learner.schemes import WordLevel
from reader.learner.states import State
from reader.lexicon.homographs import Syllables
from reader.model import Flow, Token
from reader.scripts import is_han

__all__ = ["Coverage", "LevelCount", "Share", "Uses", "VocabularyWord", "coverage", "vocabulary"]

KNOWN = (Knowledge.KNOWN, Knowledge.IGNORED, Knowledge.DOUBTFUL)
"""What counts as known. A doubtful word is one that the learner knows; it is the reading shown
that is not sure."""
WORDS = (*KNOWN, Knowledge.LEARNING, Knowledge.UNKNOWN)
"""What is counted: names, numbers and what is no word are apart."""


class Share(NamedTuple):
    """What a reader knows of a text: shares of 0 to 1, and 1 of a text without words."""

    strict: float
    """Of its running words."""
    with_parts: float
    """The same, with compounds understood from their parts."""
    characters: float
    """Of its running characters."""


@dataclass(frozen=True, slots=True)
class LevelCount:
    """The words of a text that a scheme teaches at one level, names and numbers left out."""

    label: str
    """`""` for what the scheme does not teach."""
    tokens: int
    types: int
    characters: int
    """Running characters that the scheme teaches at this level."""
    tokens_with_parts: int
    """Running words, where a compound off the list stands at the level that knows its parts."""
    types_with_parts: int
    known: Share
    """What a reader knows who has this level, and the learner's list; of the last row, of what no
    level teaches, what one of the highest knows."""


@dataclass(frozen=True, slots=True)
class VocabularyWord:
    """A word of a document, by Simplified form and reading."""

    simplified: str
    traditional: str
    syllables: Syllables
    """As read where it first stands; `()` where it is not read."""
    senses: tuple[str, ...]
    """Of this reading; `()` without the layer `senses`."""
    knowledge: Knowledge
    by_parts: bool
    """Unknown, and understood from its parts."""
    level: WordLevel | None
    count: int
    """How often the document has it."""
    doubtful: int
    """And how often its reading is doubtful."""
    block: int
    """Of its first use: the index in `Document.blocks`."""
    start: int
    """And the offset in there."""
    token: Token
    """As it first stands."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a document a learner knows."""

    tokens: Counter[Knowledge]
    """Running words of each kind."""
    types: Counter[Knowledge]
    """Different words of each kind."""
    by_parts: int
    """Of the unknown running words those understood from their parts."""
    characters: int
    """Running characters of the words that are counted."""
    known_characters: int
    levels: tuple[LevelCount, ...]
    """Of each level of the scheme, and last of what it does not teach."""

    @property
    def words(self) -> int:
        """Running words that are counted: without names, numbers, and what is no word."""
        return sum(self.tokens[kind] for kind in WORDS)

    @property
    def different(self) -> int:
        """Different words that are counted."""
        return sum(self.types[kind] for kind in WORDS)

    @property
    def strict(self) -> float:
        """The share of running words that is known, 0 to 1; 1 of a text without words."""
        return _share(sum(self.tokens[kind] for kind in KNOWN), self.words)

    @property
    def with_parts(self) -> float:
        """The same, with compounds understood from their parts."""
        return _share(sum(self.tokens[kind] for kind in KNOWN) + self.by_parts, self.words)

    @property
    def share(self) -> Share:
        """The three figures, none of which says enough alone."""
        known = _share(self.known_characters, self.characters)
        return Share(self.strict, self.with_parts, known)

    def first_level(self, share: float) -> tuple[str | None, str | None]:
        """The first levels whose readers know that share of the words: strictly, and with parts.
        None where no level does."""
        return (
            next((at.label for at in self.levels if at.known.strict >= share and at.label), None),
            next(
                (at.label for at in self.levels if at.known.with_parts >= share and at.label), None
            ),
        )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


# ---- the words of a document ----


@dataclass(slots=True)
class _Use:
    """A token that a document has, where it first stands, and how often."""

    token: Token
    block: int
    start: int
    count: int = 1


@dataclass(slots=True)
class _Word:
    """All uses of one word."""

    first: _Use
    knowledge: Knowledge
    count: int
    doubtful: int

    def add(self, use: _Use, knowledge: Knowledge) -> None:
        self.count += use.count
        if knowledge is Knowledge.DOUBTFUL:
            self.doubtful += use.count
        elif self.knowledge is Knowledge.DOUBTFUL:
            self.knowledge = knowledge


class Uses(tuple[_Use, ...]):
    """The tokens of a document as they are counted: of a stream, which can be read only once."""

    __slots__ = ()

    @classmethod
    def of(cls, document: Flow | Uses) -> Uses:
        """In the order of the text."""
        return document if isinstance(document, Uses) else cls(_uses(document))


def _uses(document: Flow) -> Iterable[_Use]:
    # Equal tokens are mostly one object: a novel has some thousand of them.
    found: dict[int, _Use] = {}
    for index, block in enumerate(document.blocks):
        start = 0
        for token in block.tokens:
            use = found.get(id(token))
            if use is None:
                # It holds the token, so that no other gets the same place.
                found[id(token)] = _Use(token, index, start)
            else:
                use.count += 1
            start += len(token.text)
    return found.values()


def _words(document: Flow | Uses, learner: Learner) -> tuple[list[_Word], Counter[Knowledge]]:
    """The words in the order of their first use, and how often each kind of them stands there."""
    words: dict[tuple[str, Syllables, bool], _Word] = {}
    tokens: Counter[Knowledge] = Counter()
    for use in Uses.of(document):
        knowledge = learner.knows(use.token)
        tokens[knowledge] += use.count
        key = (*learner.word(use.token), knowledge is Knowledge.NAME)
        word = words.get(key)
        if word is None:
            doubtful = use.count if knowledge is Knowledge.DOUBTFUL else 0
            words[key] = _Word(use, knowledge, use.count, doubtful)
        else:
            word.add(use, knowledge)
    return list(words.values()), tokens


def vocabulary(document: Flow | Uses, learner: Learner) -> tuple[VocabularyWord, ...]:
    """Every word of a document, in the order of their first use: names too, which say so; not
    punctuation, numbers and Latin letters.

    Needs the layers words and readings, and senses where those are wanted.
    """
    words, _ = _words(document, learner)
    left_out = (Knowledge.OTHER, Knowledge.NUMBER)
    return tuple(_described(word, learner) for word in words if word.knowledge not in left_out)


def _described(word: _Word, learner: Learner) -> VocabularyWord:
    token = word.first.token
    return VocabularyWord(
        token.simplified,
        token.traditional,
        token.reading.syllables if token.reading else (),
        token.senses,
        word.knowledge,
        learner.knows_parts(token),
        learner.level_of(token),
        word.count,
        word.doubtful,
        word.first.block,
        word.first.start,
        token,
    )


# ---- what is known of them ----


def coverage(document: Flow | Uses, learner: Learner) -> Coverage:
    """How much of a document the learner knows, and one of each level of the scheme would.

    Needs the layers words and readings.
    """
    words, tokens = _words(document, learner)
    types = Counter(word.knowledge for word in words)
    listed = [word for word in words if word.knowledge in WORDS]
    characters: Counter[str] = Counter()
    for word in listed:
        for character in word.first.token.simplified:
            if is_han(character):
                characters[character] += word.count
    known = _Characters(learner)
    return Coverage(
        tokens,
        types,
        sum(
            word.count
            for word in listed
            if word.knowledge is Knowledge.UNKNOWN and learner.knows_parts(word.first.token)
        ),
        characters.total(),
        known.count(characters, learner.rank),
        _levels(listed, characters, learner, known),
    )


class _Characters:
    """Which characters readers know: those of their level, and of the words of their list."""

    def __init__(self, learner: Learner) -> None:
        self._levels = learner.levels.characters
        states = (State.KNOWN, State.IGNORED)
        self._listed = {c for word, _, state in learner.known if state in states for c in word}

    def rank(self, character: str) -> int | None:
        """Of the level that teaches it; None for one that no level does."""
        level = self._levels.get(character)
        return level.rank if level else None

    def count(self, characters: Mapping[str, int], rank: int) -> int:
        """How many of them a reader of this rank knows."""
        return sum(
            count
            for character, count in characters.items()
            if character in self._listed
            or ((taught := self.rank(character)) is not None and taught <= rank)
        )


class _Ranks(NamedTuple):
    """From which level on a word is known; -1 is one who has the list alone, `NEVER` no level."""

    uses: int
    taught: int | None
    """Where the scheme has it."""
    strict: int
    parts: int


NEVER = 1 << 16


def _levels(
    words: Sequence[_Word], characters: Mapping[str, int], learner: Learner, known: _Characters
) -> tuple[LevelCount, ...]:
    labels = learner.levels.labels
    readers = [replace(learner, level=label) for label in ("", *labels)]
    ranked = [_ranks(word, readers) for word in words]

    def at(rank: int | None, label: str) -> LevelCount:
        taught = [row.uses for row in ranked if row.taught == rank]
        placed = [row.uses for row in ranked if _place(row) == rank]
        highest = len(labels) - 1 if rank is None else rank
        share = Share(
            _share(sum(row.uses for row in ranked if row.strict <= highest), sum(uses)),
            _share(sum(row.uses for row in ranked if row.parts <= highest), sum(uses)),
            _share(known.count(characters, highest), sum(characters.values())),
        )
        own = sum(count for c, count in characters.items() if known.rank(c) == rank)
        return LevelCount(label, sum(taught), len(taught), own, sum(placed), len(placed), share)

    uses = [word.count for word in words]
    return (*(at(rank, label) for rank, label in enumerate(labels)), at(None, ""))


def _place(row: _Ranks) -> int | None:
    """The level at which a word stands that may be known by its parts."""
    return max(row.parts, 0) if row.taught is None and row.parts < NEVER else row.taught


def _ranks(word: _Word, readers: Sequence[Learner]) -> _Ranks:
    token, nobody = word.first.token, readers[0]
    level = nobody.level_of(token)
    if nobody.lists(token):
        strict = -1 if word.knowledge in KNOWN else NEVER
        return _Ranks(word.count, level.rank if level else None, strict, strict)
    if level is not None:
        return _Ranks(word.count, level.rank, level.rank, level.rank)
    # Who knows more knows more parts: nearly all fall at the highest level, and at once.
    by_parts = NEVER
    if readers[-1].knows_parts(token):
        by_parts = next(at for at, one in enumerate(readers, -1) if one.knows_parts(token))
    return _Ranks(word.count, None, NEVER, by_parts)
