"""What a learner knows of a text: by level, by list, by reading."""

from __future__ import annotations

import pickle

import pytest

import reader
from reader import Knowledge, KnownWords, Learner, State


@pytest.fixture(scope="module")
def article() -> reader.Document:
    text = "他还没还银行行长的书。王小安十三岁，长大了，在上海。芯片卡脖子！"
    return reader.annotate(reader.read_text(text))


def known(document: reader.Document, learner: Learner) -> dict[str, Knowledge]:
    return {
        f"{token.text} {' '.join(token.reading.syllables if token.reading else ())}": (
            learner.knows(token)
        )
        for block in document.blocks
        for token in block.tokens
    }


def test_without_level_and_list_every_word_is_unknown(article: reader.Document) -> None:
    kinds = set(known(article, Learner()).values())
    unknown = {Knowledge.UNKNOWN, Knowledge.NAME, Knowledge.NUMBER, Knowledge.OTHER}
    assert kinds == unknown
    assert reader.coverage(article, Learner()).strict == 0.0


def test_a_level_knows_words_in_their_readings(article: reader.Document) -> None:
    found = known(article, Learner(level="1", sure=0.0))
    assert found["还 hai2"] is Knowledge.KNOWN
    assert found["还 huan2"] is Knowledge.UNKNOWN
    assert found["小安 xiao3 an1"] is Knowledge.NAME
    assert found["十三 shi2 san1"] is Knowledge.NUMBER


def test_a_list_tells_readings_apart_where_the_dictionary_does(article: reader.Document) -> None:
    listed = KnownWords([("還", "huán", State.KNOWN), ("银行", "?", State.LEARNING)])
    found = known(article, Learner(known=listed, sure=0.0))
    assert found["还 huan2"] is Knowledge.KNOWN
    assert found["还 hai2"] is Knowledge.UNKNOWN
    assert found["银行 yin2 hang2"] is Knowledge.LEARNING


def test_a_learner_can_be_sent_to_another_process(article: reader.Document) -> None:
    learner = Learner(level="2", known=KnownWords.of(["芯片"]))
    sent = pickle.loads(pickle.dumps(learner))
    assert sent == learner
    assert repr(sent) == repr(learner)
    assert known(article, sent) == known(article, learner)


def test_every_word_of_a_text_is_in_its_vocabulary_once(article: reader.Document) -> None:
    learner = Learner(level="1")
    words = reader.vocabulary(article, learner)
    counted = reader.coverage(article, learner)
    assert sum(word.count for word in words) == counted.words + counted.tokens[Knowledge.NAME]
    assert len(words) == len({(w.simplified, w.syllables, w.knowledge) for w in words})
