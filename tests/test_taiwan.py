"""Taiwan's readings: the rows, that all of them are applied, and that nothing else changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader.annotation.annotator import Annotator
from reader.annotation.tokens import TaiwanRow, TaiwanTokens, taiwan_rows
from reader.glossary import Glossary
from reader.lexicon import Lexicon
from reader.model import Block, Reading, ReadingSource, Token, TokenKind
from reader.options import AnnotateOptions, Standard
from reader.pinyin import is_syllable
from reader.scripts import simplify
from training.taiwan import undecided

TEXTS = sorted(Path(__file__).parents[1].glob("texts/*.txt"))
CLAUSES = [c for text in TEXTS for c in text.read_text("utf-8").replace("\n", "，").split("，")]
MARKED = "".join(dict.fromkeys("".join(row.word for row in taiwan_rows())))
TEXT = st.lists(
    st.one_of(st.sampled_from(CLAUSES), st.sampled_from(MARKED), st.sampled_from("，的一三")),
    max_size=8,
).map("".join)


@cache
def annotator(standard: Standard) -> Annotator:
    return Annotator(Lexicon.default(), None, AnnotateOptions(standard=standard), "zh-Hant-TW")


@cache
def taiwan() -> TaiwanTokens:
    return TaiwanTokens(Lexicon.default())


def spoken(text: str, standard: Standard = Standard.TAIWAN) -> str:
    """The syllables of a text, one after the other."""
    tokens = annotator(standard).block(Block(text)).tokens
    return " ".join(" ".join(t.reading.syllables) for t in tokens if t.reading is not None)


def token(text: str, syllables: tuple[str, ...], **fields: ReadingSource) -> Token:
    source = fields.get("source", ReadingSource.DICTIONARY)
    return Token(text, simplified=simplify(text), reading=Reading(syllables, source))


def said(*tokens: Token) -> list[tuple[str, ...]]:
    return [found.reading.syllables for found in taiwan().of(tokens) if found.reading]


# ---- the rows ----


def test_rows_are_readings_of_their_words() -> None:
    keys = Counter((row.word, row.mainland) for row in taiwan_rows())
    assert max(keys.values()) == 1
    for row in taiwan_rows():
        assert len(row.word) == len(row.mainland) == len(row.taiwan), row
        assert all(map(is_syllable, (*row.mainland, *row.taiwan))), row
        assert row.source in ("MOE 1999", "CC-CEDICT", "unverified"), row
        assert (len(row.word) > 1) == (row.scope == "word"), row


@pytest.mark.parametrize("row", taiwan_rows(), ids=lambda row: f"{row.word}-{row.mainland[-1]}")
def test_every_row_is_applied(row: TaiwanRow) -> None:
    found = token(row.word, row.mainland)
    if row.scope == "joining":
        he, ta = token("他", ("ta1",)), token("她", ("ta1",))
        assert said(he, found, ta)[1] == row.taiwan
        assert said(he, found)[1] == row.mainland
    elif row.scope == "measure":
        assert said(token("三", ("san1",)), found)[1] == row.taiwan
        assert said(found) == [row.mainland]
    else:
        assert said(found) == [row.taiwan]
        longer = replace(
            found,
            text=f"㐀{row.word}",
            simplified=f"㐀{found.simplified}",
            traditional=f"㐀{row.word}",
            reading=Reading(("qiu1", *row.mainland), ReadingSource.MODEL),
        )
        assert said(longer) == [("qiu1", *row.taiwan)]


def test_every_mark_of_the_dictionary_on_a_character_is_decided() -> None:
    assert list(undecided()) == []


def test_marks_that_are_not_followed_are_rows_too() -> None:
    assert spoken("亞洲法國") == "ya4 zhou1 fa3 guo2"


# ---- what changes, and what does not ----


@given(TEXT)
def test_only_syllables_change(text: str) -> None:
    mainland = annotator(Standard.PRC).block(Block(text)).tokens
    for one, other in zip(
        mainland, annotator(Standard.TAIWAN).block(Block(text)).tokens, strict=True
    ):
        if one.reading is None:
            assert other == one
            continue
        assert other.reading is not None
        kept = replace(
            other.reading,
            syllables=one.reading.syllables,
            alternatives=one.reading.alternatives,
        )
        assert replace(other, reading=kept) == one
        assert other.reading.syllables not in other.reading.alternatives


@given(TEXT)
def test_equal_tokens_are_one_object(text: str) -> None:
    tokens = annotator(Standard.TAIWAN).block(Block(text)).tokens
    assert len({id(found) for found in tokens}) == len(set(tokens))


@given(st.sampled_from([row for row in taiwan_rows() if row.scope == "character"]))
def test_a_reading_that_someone_gave_stays(row: TaiwanRow) -> None:
    for source in (ReadingSource.GLOSSARY, ReadingSource.TEXT):
        assert said(token(row.word, row.mainland, source=source)) == [row.mainland]


def test_a_glossary_row_stays() -> None:
    table = Glossary.loads("term,pinyin,gloss\n研究,yánjiū,x")
    options = AnnotateOptions(standard=Standard.TAIWAN)
    (found,) = Annotator(Lexicon.default(), table, options).block(Block("研究")).tokens
    assert found.reading is not None
    assert found.reading.syllables == ("yan2", "jiu1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我和你研究", "wo3 han4 ni3 yan2 jiu4"),
        ("和平的總和", "he2 ping2 de5 zong3 he2"),
        ("星期一休息", "xing1 qi2 yi1 xiu1 xi2"),
        ("包括垃圾車", "bao1 gua1 le4 se4 che1"),
        ("人質的品質", "ren2 zhi4 de5 pin3 zhi2"),
        ("從來沒說服", "cong2 lai2 mei2 shui4 fu2"),
        ("從容的隨從", "cong1 rong2 de5 sui2 zong4"),
        ("三匹馬很多", "san1 pi1 ma3 hen3 duo1"),
        ("說服力", "shui4 fu2 li4"),
        ("勝利與勝任", "sheng4 li4 yu3 sheng1 ren4"),
        ("認識的朋友", "ren4 shi4 de5 peng2 you3"),
        ("謝謝媽媽", "xie4 xie5 ma1 ma5"),
        ("扭曲的曲線", "niu3 qu1 de5 qu1 xian4"),
        ("玩具", "wan2 ju4"),
        ("危險的企業", "wei2 xian3 de5 qi4 ye4"),
        ("古蹟的痕跡", "gu3 ji1 de5 hen2 ji1"),
        ("挾持", "xia2 chi2"),
        ("綜合", "zong4 he2"),
        ("驚蟄", "jing1 zhi2"),
        ("樸素的波濤", "pu2 su4 de5 bo1 tao2"),
        ("束縛與友誼", "shu4 fu2 yu3 you3 yi2"),
    ],
)
def test_sentences(text: str, expected: str) -> None:
    assert spoken(text) == expected


def test_simplified_text_is_read_so_too() -> None:
    assert spoken("研究企业的质量") == "yan2 jiu4 qi4 ye4 de5 zhi2 liang4"


def test_numbers_count_before_a_measure_word() -> None:
    number = Token("3", TokenKind.NUMBER)
    assert said(number, token("匹", ("pi3",))) == [("pi1",)]
