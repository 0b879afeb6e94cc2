"""Annotation: laws that hold for any text, and what learners are promised of words."""

from __future__ import annotations

import operator
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader.annotation import Annotator, annotate, annotate_stream, repair
from reader.annotation.segmentation import WordSegmenter
from reader.annotation.word_candidates import PERSON
from reader.errors import OptionError
from reader.glossary import Entry, Glossary
from reader.layers import REQUIRES
from reader.lexicon import Lexicon
from reader.model import (
    Block,
    BlockKind,
    Document,
    Metadata,
    ReadingSource,
    Stream,
    Token,
    TokenKind,
    Translation,
)
from reader.options import AnnotateOptions
from reader.scripts import simplify, to_traditional
from reader.sources import read_text
from tests.laws import examples
from tests.strategies import texts

TEXTS = Path(__file__).parents[1] / "texts"
LEXICON = Lexicon.default()
SEGMENTER = WordSegmenter(LEXICON)
ANNOTATORS = {
    language: Annotator(LEXICON, None, None, language)
    for language in ("zh-Hans", "zh-Hant", "zh-Hant-TW", "zh-Hant-HK")
}
ODD = st.text(
    st.one_of(
        st.sampled_from(
            "一二三两百第儿了看好不只覆雜特征張王司马斯克拉葛\U000e0100\ufe00·20%aZ.-_'々〇𠀀"
        ),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)
COMMON = st.text(
    st.sampled_from(list("这里有一个学生说中国话发展经济为了长大行重还都得地的")), max_size=30
)


def words(text: str) -> list[str]:
    return [text[start:end] for start, end, _ in SEGMENTER.segment(text, simplify(text))]


def block(text: str, language: str = "zh-Hans") -> Block:
    return ANNOTATORS[language].block(Block(text))


def people(text: str) -> list[str]:
    return [text[s:e] for s, e, kind in SEGMENTER.segment(text, simplify(text)) if kind == PERSON]


@given(st.one_of(ODD, texts(controls=True, surrogates=True)), st.sampled_from([*ANNOTATORS]))
def test_tokens_tile_any_text(text: str, language: str) -> None:
    annotated = block(text, language)
    assert "".join(token.text for token in annotated.tokens) == text
    for token in annotated.tokens:
        assert len(token.simplified) == len(token.traditional) == len(token.text)
        if token.reading is not None:
            assert len(token.reading.syllables) == len(token.text)
            assert token.kind == TokenKind.WORD
    for correction in annotated.corrections:
        assert len(correction.corrected) == correction.end - correction.start


@given(st.one_of(ODD, COMMON))
def test_annotating_again_changes_nothing(text: str) -> None:
    once = block(text, "zh-Hant")
    assert ANNOTATORS["zh-Hant"].block(once) == once
    assert Annotator(LEXICON, None, None, "zh-Hant").block(Block(text)) == once


@given(COMMON)
def test_both_scripts_have_the_same_words(text: str) -> None:
    traditional = to_traditional(text)
    if simplify(traditional) == text:
        assert list(map(len, words(traditional))) == list(map(len, words(text)))


@given(COMMON, COMMON)
def test_punctuation_parts_what_stands_beside_it(one: str, other: str) -> None:
    # Names are told by two characters to either side, so two marks part all.
    assert words(f"{one}。，{other}") == [*words(f"{one}。，"), *words(f"。，{other}")[2:]]


def test_equal_tokens_are_one_object() -> None:
    annotated = block("学生说话，学生说话。")
    assert (
        annotated.tokens[0] is annotated.tokens[annotated.tokens[1:].index(annotated.tokens[0]) + 1]
    )


@examples(10)
@given(ODD.filter(bool))
def test_time_is_linear(text: str) -> None:
    pieces = text * (20_000 // len(text))

    def seconds(count: int) -> float:
        started = time.process_time()
        SEGMENTER.segment(pieces * count, simplify(pieces * count))
        return time.process_time() - started

    seconds(1)
    assert seconds(4) < 12 * seconds(1) + 0.2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("損失幾千億美金", "損失 幾千億 美金"),
        ("他看一看，想了想", "他 看一看 ， 想了想"),
        ("好不好？走走", "好不好 ？ 走走"),
        ("一共四百五十万人", "一共 四百五十万 人"),
        ("第十八届", "第十八 届"),
        ("2025年", "2025 年"),
        ("十幾個人", "十幾 個 人"),
        ("PPT+膽量", "PPT + 膽量"),
        ("all in P2P", "all   in   P2P"),
        ("3.5%的5G", "3.5% 的 5G"),
        ("唱卡拉OK穿T恤", "唱 卡拉OK 穿 T恤"),
        ("画儿和歌儿", "画儿 和 歌儿"),
        ("余杭區", "余杭 區"),
        ("任正非和歐陽修", "任 正非 和 歐陽 修"),
        ("尉迟恭", "尉迟 恭"),
        ("阿里巴巴和英特爾", "阿里巴巴 和 英特爾"),
        ("馬爾克斯·加西亞", "馬爾克斯 · 加西亞"),
        ("葛\U000e0100城", "葛\U000e0100 城"),
    ],
)
def test_words(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize("name", "李佳琦 单田芳 查良镛 曾国藩 區志堅 司馬光 尉迟恭".split())
def test_people_are_surname_and_given_name(name: str) -> None:
    for text in (name, f"听说{name}来了"):
        assert "".join(people(text)) == name
        assert len(people(text)) == 2


@pytest.mark.parametrize("text", ["任先生", "單女士", "查教授", "區博士", "歐陽老師"])
def test_a_surname_before_a_title(text: str) -> None:
    assert people(text) == [text[:-2]]


@pytest.mark.parametrize("text", ["任何人都高兴", "曾经向上", "单位解决", "成功和平安"])
def test_ordinary_words_are_no_people(text: str) -> None:
    assert people(text) == []


def test_names_are_proper() -> None:
    tokens = {token.text: token for token in block("王小明住在杭州，天气很好。").tokens}
    assert tokens["杭州"].proper
    assert tokens["王"].proper
    assert not tokens["天气"].proper


def test_senses_levels_and_both_scripts() -> None:
    (token,) = block("头发").tokens
    assert (token.traditional, token.levels) == ("頭髮", (("hsk2025", "3"),))
    assert token.senses
    plain = Annotator(LEXICON, language="zh-Hans", layers=["readings"])
    (token,) = plain.block(Block("头发")).tokens
    assert (token.senses, token.levels) == ((), ())


@pytest.mark.parametrize("name", ["market", "two-parks"])
def test_what_is_not_wanted_changes_nothing_else(name: str) -> None:
    text = simplify((TEXTS / f"{name}.txt").read_text("utf-8"))
    both = block(text).tokens
    without = set(REQUIRES) - {"scripts"}
    one = Annotator(LEXICON, language="zh-Hans", layers=without)
    assert one.layers == tuple(sorted(without))
    found = one.block(Block(text)).tokens
    assert all(token.traditional == token.text for token in found)
    assert found == tuple(replace(token, traditional=token.text) for token in both)


@pytest.mark.parametrize("text", ["\ue000", "ひらがな", "한국", "👩\u200d💻", "\U0010fffd"])
def test_what_is_not_chinese_is_not_read(text: str) -> None:
    assert all(token.reading is None for token in block(text).tokens)


def test_an_unknown_character_is_warned_of() -> None:
    document = annotate(Document(Metadata(language="zh-Hant"), (Block("好"), Block("𰿿字"))))
    unread = [token for token in document.blocks[1].tokens if token.reading is None]
    (warning,) = document.warnings
    assert (warning.code, warning.block, warning.start, warning.end) == ("no-reading", 1, 0, 1)
    assert [token.text for token in unread] == ["𰿿"]


def test_code_and_other_languages_are_not_read() -> None:
    document = annotate(
        Document(
            Metadata(),
            (Block("打印 print", BlockKind.CODE), Block("漢字", language="ja"), Block("汉字")),
        )
    )
    assert [any(token.reading for token in b.tokens) for b in document.blocks] == [
        False,
        False,
        True,
    ]


GLOSSARY = Glossary(
    [
        Entry(
            "張江",
            "张江",
            "張江",
            ("zhang1", "jiang1"),
            "a district of Shanghai",
            "note",
            ("place",),
        ),
        Entry("P2P金融", gloss="peer-to-peer lending"),
        Entry("高科技園區", "高科技园区", words=("高科技", "園區")),
    ]
)


def test_glossary_terms_fix_words_readings_and_notes() -> None:
    annotator = Annotator(LEXICON, GLOSSARY, None, "zh-Hant")
    annotated = annotator.block(Block("張江高科技園區的P2P金融"))
    assert [token.text for token in annotated.tokens] == ["張江", "高科技", "園區", "的", "P2P金融"]
    assert [(n.start, n.end, n.gloss) for n in annotated.notes] == [
        (0, 2, "a district of Shanghai"),
        (8, 13, "peer-to-peer lending"),
    ]
    first, last = annotated.tokens[0].reading, annotated.tokens[-1].reading
    assert first is not None
    assert last is not None
    assert (first.source, first.syllables) == (ReadingSource.GLOSSARY, ("zhang1", "jiang1"))
    assert last.syllables == ("", "", "", "jin1", "rong2")


def slips(text: str) -> dict[str, str]:
    return {text[c.start : c.end]: c.corrected for c in block(text, "zh-Hant").corrections}


def test_slips_of_conversion_are_read_as_what_was_meant() -> None:
    assert slips("流程覆雜，押註足球") == {"覆雜": "複雜", "押註": "押注"}
    assert slips("羅氏制藥，定制特征") == {"制藥": "製藥", "定制": "定製", "特征": "特徵"}
    assert slips("一只眼注冊皇後頭發") == {
        "只": "隻",
        "注冊": "註冊",
        "皇後": "皇后",
        "頭發": "頭髮",
    }
    tokens = {token.text: token for token in block("流程覆雜", "zh-Hant").tokens}
    reading = tokens["覆雜"].reading
    assert reading is not None
    assert reading.syllables == ("fu4", "za2")
    assert (tokens["覆雜"].simplified, tokens["覆雜"].traditional) == ("复杂", "複雜")


@pytest.mark.parametrize(
    "text",
    [
        "台灣的臺北、周末和週末、回覆與恢復",
        "他只有一個，這只是開始，一只能用一次",
        "皇后和以後，頭髮發展，制度製造",
    ],
)
def test_good_texts_have_no_slips(text: str) -> None:
    assert slips(text) == {}


def test_slips_are_left_alone_when_asked_and_in_simplified_text() -> None:
    options = AnnotateOptions(corrections=False)
    assert Annotator(LEXICON, None, options, "zh-Hant").block(Block("覆雜")).corrections == ()
    assert block("特征复杂").corrections == ()


def test_repair_makes_the_corrections() -> None:
    document = Document(Metadata(language="zh-Hant"), (Block("流程覆雜"), Block("很好")))
    repaired = repair(document)
    assert repaired == repair(annotate(document)) or repaired.text == "流程複雜\n很好"
    assert repaired.text == "流程複雜\n很好"
    assert annotate(repaired).blocks[0].corrections == ()


def test_the_language_is_detected_told_or_kept() -> None:
    document = Document(Metadata(), (Block("這裏的衞生很好，巴士也快"),))
    assert annotate(document).metadata.language == "zh-Hant-HK"
    told = annotate(document, options=AnnotateOptions(language="zh-Hant-TW"))
    assert told.metadata.language == "zh-Hant-TW"


def test_chinese_that_is_said_to_be_english_is_read_and_that_is_said() -> None:
    document = annotate(Document(Metadata(language="en"), (Block("他在银行工作。"),)))
    assert document.metadata.language == "zh-Hans"
    assert any(token.reading for token in document.blocks[0].tokens)
    (warning,) = document.warnings
    assert "said to be en" in warning.message


def test_words_that_only_this_text_has() -> None:
    sentences = ["張江的人說張江好。", "他在張江，張江很大。", "張江尚早，去張江的路上。"]
    document = annotate(Document(Metadata(), tuple(map(Block, sentences))))
    found = [token.text for b in document.blocks for token in b.tokens if "張" in token.text]
    assert found == ["張江"] * 6
    assert " ".join(words("張江很大")) == "張 江 很 大"


def test_words_cut_by_hand_are_not_put_together_again() -> None:
    text = "張江的人說張江好。他在張江，張江很大。去張江高科技園區。"
    glossary = Glossary.loads("term,gloss,words\n張江,,張|江\n")
    (block,) = annotate(Document(Metadata(), (Block(text),)), glossary=glossary).blocks
    assert "張江" not in [token.text for token in block.tokens]


def test_no_text_learns_from_another() -> None:
    taught = Document(Metadata(), (Block("張江的人說張江好。他在張江，張江很大。"),))
    other = Document(Metadata(), (Block("張江尚早，他還在還書。"),))
    alone = annotate(other, lexicon=Lexicon.open())
    lexicon = Lexicon.open()
    before = annotate(taught, lexicon=lexicon)
    assert annotate(other, lexicon=lexicon) == alone
    assert annotate(taught, lexicon=lexicon) == before


def test_texts_of_one_lexicon_share_their_tokens() -> None:
    document = Document(Metadata(language="zh-Hans"), (Block("你好"),))
    first, again = (annotate(document, lexicon=LEXICON).blocks[0] for _ in range(2))
    assert all(map(operator.is_, first.tokens, again.tokens))


def test_streams_may_take_turns() -> None:
    texts = ["張江的人說張江好。他在張江，張江很大。", "張江尚早，他還在還書。"]
    documents = [Document(Metadata(), (Block(text), Block("再說。"))) for text in texts]
    streams = [annotate_stream(document, lexicon=LEXICON) for document in documents]
    turns = zip(*(stream.blocks for stream in streams), strict=True)
    alone = [annotate(document, lexicon=LEXICON).blocks for document in documents]
    assert list(turns) == list(zip(*alone, strict=True))


def test_a_stream_flows() -> None:
    taken = []

    def blocks() -> object:
        for number in range(500):
            taken.append(number)
            yield Block("很好")

    stream = annotate_stream(Stream(Metadata(), blocks()))  # type: ignore[arg-type]
    assert len(taken) < 100
    assert all(isinstance(token, Token) for b in stream.blocks for token in b.tokens)
    assert len(taken) == 500


def test_a_translation_stays() -> None:
    translation = Translation("en", (Block("Good"),))
    document = Document(Metadata(), (Block("很好"),), translation)
    assert annotate(document).translation == translation


def test_a_language_that_no_output_can_carry_is_refused() -> None:
    with pytest.raises(OptionError, match="zh_TW"):
        AnnotateOptions(language="zh_TW")


def test_a_common_noun_that_a_word_list_calls_a_person_takes_no_capital() -> None:
    document = annotate(read_text("銀杏樹下，老先生說科學城的小姑娘認識王小明。"))
    proper = {token.text for block in document.blocks for token in block.tokens if token.proper}
    assert proper == {"王", "小明"}


def test_no_name_takes_the_beginning_of_a_longer_word_that_a_term_hides() -> None:
    """高科技 goes on into the term, so 張江高 is nobody."""
    glossary = Glossary([Entry("科技園區", "科技园区", gloss="science park")])
    document = annotate(read_text("他在張江高科技園區工作。"), glossary=glossary)
    assert "江高" not in [token.text for token in document.blocks[0].tokens]
