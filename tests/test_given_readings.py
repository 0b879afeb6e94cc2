"""Readings that the text itself gives: in brackets, behind the word, as ruby of the source."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader.annotation import annotate
from reader.glossary import Glossary
from reader.lexicon import Lexicon
from reader.model import Block, Document, Mark, MarkKind, Metadata, Reading, ReadingSource
from reader.options import Notation, SourceOptions
from reader.pinyin import SYLLABLES, is_syllable, parse_zhuyin, render_word
from reader.sources import read
from reader.sources.html import read_html
from tests import books
from tests.growth import grows_in_proportion

CHARACTERS = "还還行長长重好中藏差参發发都得说說乐樂调調朝传傳数數着著地了盡率冲血薄露"
NOTATIONS = st.sampled_from((Notation.PINYIN, Notation.NUMBERS, Notation.ZHUYIN))
AROUND = st.sampled_from(("（{}）", "({})", "[{}]", "（音{}）", "（{}，又一讀）", " {}"))


@st.composite
def spoken_words(draw: st.DrawFn) -> tuple[str, tuple[str, ...]]:
    """Characters, and any of the readings that they have."""
    word = draw(st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=4))
    syllables = tuple(draw(st.sampled_from(Lexicon.default().readings(c))) for c in word)
    return word, syllables


def annotated(text: str, **options: object) -> Block:
    document = Document(Metadata(), (Block(text),))
    (block,) = annotate(document, **options).blocks  # type: ignore[arg-type]
    return block


def syllables_of(block: Block) -> list[str]:
    """The syllable of each code point, `""` where it is not read."""
    return [
        syllable
        for token in block.tokens
        for syllable in (token.reading.syllables if token.reading else ("",) * len(token.text))
    ]


def given_by_text(block: Block) -> dict[str, str]:
    return {
        token.text: " ".join(token.reading.syllables)
        for token in block.tokens
        if token.reading is not None and token.reading.source is ReadingSource.TEXT
    }


@given(spoken_words(), NOTATIONS, AROUND, st.sampled_from(("", "他把", "他說，")))
def test_what_the_text_gives_is_taken(
    word: tuple[str, tuple[str, ...]], notation: Notation, around: str, before: str
) -> None:
    """Any reading that a dictionary has for each of the characters, in whatever notation."""
    characters, syllables = word
    if all(syllable[-1] == "5" for syllable in syllables):
        return  # Without any tone only one syllable is taken, and only in brackets.
    if around == " {}" and syllables[-1][-1] == "5":
        return  # What stands behind its word without brackets ends with a tone.
    text = before + characters + around.format(render_word(syllables, notation)) + "。"
    block = annotated(text)
    assert "".join(token.text for token in block.tokens) == text
    start = len(before)
    assert tuple(syllables_of(block)[start : start + len(characters)]) == syllables
    for first, _, token in block.token_spans():
        if start <= first < start + len(characters):
            assert token.reading is not None
            assert token.reading.source is ReadingSource.TEXT
            assert token.reading.probability == 1.0


@given(spoken_words())
def test_ruby_of_the_source_is_taken(word: tuple[str, tuple[str, ...]]) -> None:
    characters, syllables = word
    above = render_word(syllables, Notation.ZHUYIN)
    mark = Mark(1, 1 + len(characters), MarkKind.READING, (("text", above),))
    document = Document(Metadata(), (Block(f"他{characters}。", marks=(mark,)),))
    (block,) = annotate(document).blocks
    assert tuple(syllables_of(block)[1:-1]) == syllables
    assert block.marks == (mark,)


GLOSSES = (
    *("Apple an WHO Ma China café Li ㄅ".split()),
    *("1980 http://a.b C4 e.g. Ali Peking".split()),
)


@given(
    st.text(st.sampled_from(CHARACTERS + "他安李馬在"), min_size=1, max_size=4),
    st.sampled_from([*map("（{}）".format, GLOSSES), "（he）said", " said", "(A1)", " à Paris"]),
)
def test_what_is_no_reading_is_not_taken(word: str, gloss: str) -> None:
    assert given_by_text(annotated(word + gloss)) == {}


@given(
    st.lists(
        st.sampled_from([*"长長还（）() ,ˊˋ ㄓㄤzhǎnga1ü'：/”。", "zhǎng", "(huan2)", "ㄓㄤˇ"]),
        max_size=40,
    ).map("".join)
)
def test_no_text_is_lost_or_refused(text: str) -> None:
    assert "".join(token.text for token in annotated(text).tokens) == text


EXAMPLES = {
    "还（huán）书": {"还": "huan2"},
    "還(huan2)書": {"還": "huan2"},
    "長 zhǎng: to grow": {"長": "zhang3"},
    "行（ㄏㄤˊ）列": {"行": "hang2"},
    "的（ㄉㄧˊ）確": {"的": "di2"},
    "「行」（háng）": {"行": "hang2"},
    "银行（yínháng）": {"银行": "yin2 hang2"},
    "一个（yí gè）": {"一": "yi1", "个": "ge4"},
    "不是（bú shì）": {"不是": "bu4 shi4"},
    "朋友（péngyou）": {"朋友": "peng2 you5"},
    "花儿（huār）": {"花儿": "hua1 r5"},
    "得（de）": {"得": "de5"},
    "看得见 kàn de jiàn": {"看得见": "kan4 de5 jian4"},
    "我 wǒ 去 qù": {"我": "wo3", "去": "qu4"},
    "和（ㄏㄢˋ）": {"和": "han4"},
    "音乐（lè）": {"音乐": "yin1 le4"},
    "着（zháo/zhe）": {},
    "你好（ní hǎo）": {},
    "上海（Shanghai）": {},
    "长（zhǎng、cháng）": {},
    "长（zhǎng, cháng）": {},
    "长（zhǎng，长大）": {"长": "zhang3"},
}


@pytest.mark.parametrize("text", EXAMPLES)
def test_examples(text: str) -> None:
    assert given_by_text(annotated(text)) == EXAMPLES[text]


def test_it_is_taken_at_that_place_alone() -> None:
    block = annotated("还（hái）有，还书。")
    assert [s for c, s in zip(block.text, syllables_of(block), strict=True) if c == "还"] == [
        "hai2",
        "huan2",
    ]


def test_the_rest_of_the_word_is_as_sure_as_before() -> None:
    plain = annotated("长长").tokens[0].reading
    (token, *_) = annotated("长长（zhǎng）").tokens
    assert plain is not None
    assert token.reading is not None
    assert token.reading.syllables[-1] == "zhang3"
    assert all(other[-1] == "zhang3" for other in token.reading.alternatives)


def test_a_glossary_row_is_stronger() -> None:
    table = Glossary.loads("term,pinyin,gloss\n还书,huán shū,x")
    block = annotated("还书（hái shū）。", glossary=table)
    assert block.tokens[0].reading == Reading(
        ("huan2", "shu1"), ReadingSource.GLOSSARY, breaks=(1,)
    )


def test_names_without_tones_are_read_by_their_letters() -> None:
    block = annotated("作家乐黛云（Yue Daiyun）说")
    assert syllables_of(block)[2:5] == ["yue4", "dai4", "yun2"]


@given(
    st.lists(
        st.sampled_from(sorted(base + tone for base in SYLLABLES for tone in "12345")), min_size=1
    )
)
def test_zhuyin_is_read_as_it_is_written(syllables: list[str]) -> None:
    if "er1" in syllables[1:]:
        return  # It is written as the suffix is.
    assert parse_zhuyin(render_word(syllables, Notation.ZHUYIN)) == tuple(syllables)


@given(st.text(st.sampled_from("ㄓㄨㄤㄅㄧ一ˊˇ˙ a")))
def test_zhuyin_is_syllables_or_refused(text: str) -> None:
    try:
        parsed = parse_zhuyin(text)
    except ValueError:
        return
    assert all(map(is_syllable, parsed))


# ---- ruby in sources ----

RUBIES = {
    "我<ruby>漢<rp>(</rp><rt>ㄏㄢˋ</rt><rp>)</rp>字<rt>ㄗˋ</rt></ruby>。": [
        ("漢", "ㄏㄢˋ"),
        ("字", "ㄗˋ"),
    ],
    "我 <ruby>漢字<rt>hàn zì</rt></ruby>。": [("漢字", "hàn zì")],
    "<ruby><rb>漢</rb><rb>字</rb><rt>hàn</rt><rt>zì</rt></ruby>": [("漢", "hàn"), ("字", "zì")],
    "<ruby><b>漢</b>字<rt><i>hàn</i> zì</rt></ruby>": [("漢字", "hàn zì")],
    "<ruby>\n 漢\n <rt>hàn</rt>\n 字\n <rt>zì</rt>\n</ruby>": [("漢", "hàn"), ("字", "zì")],
    "<ruby><rt>x</rt>字<rt></rt></ruby>": [],
    "<ruby>漢<ruby>字<rt>zì</rt></ruby><rt>x</rt></ruby>": None,
}
"""Markup, and what is kept of its ruby; None where that is anyone's guess."""


def rubies(block: Block) -> list[tuple[str, str]]:
    marks = [mark for mark in block.marks if mark.kind is MarkKind.READING]
    return [(block.text[mark.start : mark.end], mark.get("text")) for mark in marks]


@pytest.mark.parametrize("markup", RUBIES)
def test_ruby_of_a_page(markup: str) -> None:
    page = f"<html><body><p>{markup}</p></body></html>".encode()
    (block,) = read_html(page, path=None, options=SourceOptions(whole=True)).blocks
    assert RUBIES[markup] in (None, rubies(block))
    assert "hàn" not in block.text
    assert "ㄏㄢˋ" not in block.text


@pytest.mark.parametrize("markup", RUBIES)
def test_ruby_of_a_book(tmp_path: Path, markup: str) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(books.packed(books.single(books.page(f"<p>{markup}</p>"))))
    (block,) = (block for block in read(path).blocks if block.marks or "字" in block.text)
    assert RUBIES[markup] in (None, rubies(block))
    assert "hàn" not in block.text
    assert "ㄏㄢˋ" not in block.text


def test_a_block_in_ruby_ends_it() -> None:
    page = "<div>字<ruby>好<div>漢</div><rt>hàn</rt>字<rt>zì</rt></ruby>字</div>".encode()
    blocks = read_html(page, path=None, options=SourceOptions(whole=True)).blocks
    assert [block.text for block in blocks] == ["字好", "漢", "字字"]


@pytest.mark.parametrize("piece", ["长（", "长（zhǎng", "zhǎng ", "长 zhǎng ", "ㄓ", "a'", "长[音"])
def test_it_takes_time_in_proportion(piece: str) -> None:
    grows_in_proportion(annotated, lambda size: piece * (size // len(piece)), 16_000)
