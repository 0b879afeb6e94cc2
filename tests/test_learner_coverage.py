"""Coverage, against a count of its own; and what a reader of each level would know."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import reader
from reader import Document, Knowledge, KnownWords, Learner, Token
from reader.learner.counts import Uses
from tests.laws import examples

TEXTS = Path(__file__).parent.parent / "texts"
READ = ("words", "readings")
SAMPLES = {
    name: reader.annotate(TEXTS / f"{name}.txt", layers=READ) for name in ("market", "umbrella")
}
WORDS = sorted(
    {token.simplified for each in SAMPLES.values() for at in each.blocks for token in at.tokens}
)
COUNTED = ("unknown", "learning", "known", "ignored", "doubtful")

learners = st.builds(
    lambda level, known, scheme: Learner(level, KnownWords.of(known), scheme),
    st.sampled_from(["", "1", "4", "6"]),
    st.sets(st.sampled_from(WORDS), max_size=200),
    st.sampled_from(["hsk2025", "hsk2021", "hsk2"]),
)
documents = st.sampled_from(sorted(SAMPLES)).map(SAMPLES.__getitem__)


def tokens(document: Document) -> list[Token]:
    return [token for block in document.blocks for token in block.tokens]


def words(document: Document, learner: Learner) -> list[Token]:
    """The running words that count, one by one."""
    return [token for token in tokens(document) if learner.knows(token).value in COUNTED]


def share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


@examples(10)
@given(documents, learners)
def test_coverage_equals_an_independent_count(document: Document, learner: Learner) -> None:
    found = reader.coverage(document, learner)
    running = words(document, learner)
    assert found.words == len(running)
    for kind in Knowledge:
        assert found.tokens[kind] == sum(learner.knows(at) is kind for at in tokens(document))
    known = [at for at in running if learner.knows(at).value not in ("unknown", "learning")]
    parts = [at for at in running if at not in known and learner.knows_parts(at)]
    assert found.strict == share(len(known), len(running))
    assert found.with_parts == share(len(known) + len(parts), len(running))
    han = [c for at in running for c in at.simplified if reader.scripts.is_han(c)]
    assert found.characters == len(han)


@examples(6)
@given(documents, learners)
def test_each_level_is_what_a_reader_of_that_level_knows(
    document: Document, learner: Learner
) -> None:
    found = reader.coverage(document, learner)
    running = words(document, learner)
    at_level = Counter(
        level.label if (level := learner.level_of(token)) else "" for token in running
    )
    assert {row.label: row.tokens for row in found.levels} == {
        row.label: at_level[row.label] for row in found.levels
    }
    for of in ("tokens", "tokens_with_parts"):
        assert sum(getattr(row, of) for row in found.levels) == len(running)
    for of in ("types", "types_with_parts"):
        assert sum(getattr(row, of) for row in found.levels) == found.different
    assert sum(row.characters for row in found.levels) == found.characters
    for row in found.levels[:-1]:
        own = reader.coverage(document, replace(learner, level=row.label))
        assert row.known == pytest.approx(own.share)


@examples(6)
@given(documents, learners)
def test_who_knows_more_knows_more_of_every_text(document: Document, learner: Learner) -> None:
    rows = [row.known for row in reader.coverage(document, learner).levels]
    for lower, higher in pairwise(rows):
        assert all(one <= other for one, other in zip(lower, higher, strict=True))
    assert all(row.strict <= row.with_parts for row in rows)


@examples(10)
@given(documents, learners)
def test_a_stream_is_counted_as_its_document_is(document: Document, learner: Learner) -> None:
    stream = reader.Stream(document.metadata, iter(document.blocks))
    uses = Uses.of(stream)
    found, words_of_it = reader.coverage(uses, learner), reader.vocabulary(uses, learner)
    assert found == reader.coverage(document, learner)
    assert words_of_it == reader.vocabulary(document, learner)
    assert sum(word.doubtful for word in words_of_it) == found.tokens[Knowledge.DOUBTFUL]


@pytest.mark.parametrize("text", ["", "。", "2024", "Hello, world."])
def test_a_text_without_words_is_known_by_everyone(text: str) -> None:
    block = reader.Block(text)
    found = reader.coverage(Document(reader.Metadata(), (block,)), Learner())
    assert (found.words, found.different, found.share) == (0, 0, (1.0, 1.0, 1.0))
    assert found.first_level(0.98) == ("1", "1")
