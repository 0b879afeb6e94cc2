"""How much of a document a learner knows, and which words they do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reader.learner.decisions import Knowledge, Learner
from reader.learner.schemes import WordLevel
from reader.lexicon.homographs import Syllables
from reader.model import Flow, Token

__all__ = ["Coverage", "VocabularyWord", "coverage", "vocabulary"]

KNOWN = (Knowledge.KNOWN, Knowledge.IGNORED, Knowledge.DOUBTFUL)
"""What counts as known. A doubtful word is one that the learner knows; it is the reading shown
that is not sure."""
WORDS = (*KNOWN, Knowledge.LEARNING, Knowledge.UNKNOWN)
"""What is counted: names, numbers and what is no word are apart."""


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

    @property
    def words(self) -> int:
        """Running words that are counted: without names, numbers, and what is no word."""
        return sum(self.tokens[kind] for kind in WORDS)

    @property
    def strict(self) -> float:
        """The share of running words that is known, 0 to 1; 1 of a text without words."""
        return _share(sum(self.tokens[kind] for kind in KNOWN), self.words)

    @property
    def with_parts(self) -> float:
        """The same, with compounds understood from their parts."""
        return _share(sum(self.tokens[kind] for kind in KNOWN) + self.by_parts, self.words)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def vocabulary(document: Flow, learner: Learner) -> tuple[VocabularyWord, ...]:
    """Every word of a document, in the order of their first use: names too, which say so; not
    punctuation, numbers and Latin letters.

    Needs the layers words and readings, and senses where those are wanted.
    """
    found: dict[tuple[str, Syllables, bool], list[object]] = {}
    counts: Counter[tuple[str, Syllables, bool]] = Counter()
    for index, block in enumerate(document.blocks):
        for start, _, token in block.token_spans():
            knowledge = learner.knows(token)
            if knowledge in (Knowledge.OTHER, Knowledge.NUMBER):
                continue
            key = (*learner.word(token), knowledge is Knowledge.NAME)
            counts[key] += 1
            first = found.setdefault(key, [token, knowledge, index, start])
            if first[1] is Knowledge.DOUBTFUL:
                first[1] = knowledge
    return tuple(_word(learner, counts[key], *first) for key, first in found.items())  # type: ignore[arg-type]


def _word(
    learner: Learner, count: int, token: Token, knowledge: Knowledge, block: int, start: int
) -> VocabularyWord:
    return VocabularyWord(
        token.simplified,
        token.traditional,
        token.reading.syllables if token.reading else (),
        token.senses,
        knowledge,
        learner.knows_parts(token),
        learner.level_of(token),
        count,
        block,
        start,
        token,
    )


def coverage(document: Flow, learner: Learner) -> Coverage:
    """How much of a document the learner knows.

    Needs the layers words and readings.
    """
    tokens: Counter[Knowledge] = Counter()
    types: Counter[Knowledge] = Counter()
    by_parts = 0
    seen: set[tuple[str, Syllables, bool]] = set()
    for block in document.blocks:
        for token in block.tokens:
            knowledge = learner.knows(token)
            tokens[knowledge] += 1
            key = (*learner.word(token), knowledge is Knowledge.NAME)
            if key not in seen:
                seen.add(key)
                types[knowledge] += 1
            by_parts += knowledge is Knowledge.UNKNOWN and learner.knows_parts(token)
    return Coverage(tokens, types, by_parts)
