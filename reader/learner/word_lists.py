"""The words of a text to learn, in the order in which they are best learnt."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from reader.errors import one_of
from reader.learner.counts import VocabularyWord
from reader.learner.decisions import Knowledge
from reader.lexicon.lexicon import Lexicon

__all__ = ["ListOrder", "words_to_learn"]

_LAST = 1 << 16


class ListOrder(StrEnum):
    """The order of a list of words."""

    COVERAGE = "coverage"
    """First what the text has most often: each word makes most of it known."""
    TEXT = "text"
    """As the text has them."""
    FREQUENCY = "frequency"
    """First what Chinese texts in general have most often."""


def words_to_learn(
    vocabulary: Iterable[VocabularyWord], by: ListOrder | str = ListOrder.COVERAGE
) -> list[VocabularyWord]:
    """The unknown words of a text; not names, and not compounds that are clear from their parts.

    >>> import reader
    >>> document = reader.annotate("他把芯片放在银行里。芯片！")
    >>> words = reader.vocabulary(document, reader.Learner(level="2"))
    >>> [word.simplified for word in words_to_learn(words, "coverage")]
    ['芯片', '把']
    """
    by = one_of(ListOrder, "by", by)
    found = [
        word for word in vocabulary if word.knowledge is Knowledge.UNKNOWN and not word.by_parts
    ]
    if by is ListOrder.COVERAGE:
        found.sort(key=lambda word: (-word.count, word.level.rank if word.level else _LAST))
    elif by is ListOrder.FREQUENCY:
        lexicon = Lexicon.default()
        found.sort(key=lambda word: -lexicon.frequency(word.simplified))
    return found
