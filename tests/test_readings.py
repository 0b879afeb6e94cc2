"""Readings: laws over any text, hard phrases in both scripts, calibration."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader import sources
from reader.annotation import Annotator, annotate
from reader.annotation.classifier import DATA, Classifier, named
from reader.annotation.features import Features, OverlappingWords
from reader.annotation.numbers import read_digits
from reader.annotation.segmentation import WordSegmenter
from reader.annotation.word_candidates import PUNCTUATION
from reader.errors import LexiconError
from reader.glossary import Glossary
from reader.lexicon import Lexicon
from reader.model import (
    Block,
    Document,
    Metadata,
    Reading,
    ReadingSource,
    Token,
    TokenKind,
)
from reader.options import AnnotateOptions, Standard
from tests.growth import grows_in_proportion
from tests.laws import examples

PHRASES = Path(__file__).parent / "data" / "hard_phrases.tsv"
HAN = st.text(
    st.one_of(
        st.sampled_from(
            "的了着著得地为為中和还還长長行重都只隻发發髮干乾幹当當与與任单單一不兒儿々〇，。A5"
        ),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=24,
)


@lru_cache(maxsize=8)
def annotator(
    language: str = "zh-Hans", *, numbers: bool = False, taiwan: bool = False
) -> Annotator:
    standard = Standard.TAIWAN if taiwan else Standard.PRC
    options = AnnotateOptions(read_numbers=numbers, standard=standard)
    return Annotator(Lexicon.default(), None, options, language)


def tokens(text: str, language: str = "zh-Hans", **options: bool) -> tuple[Token, ...]:
    return annotator(language, **options).block(Block(text)).tokens


def spoken(text: str, language: str = "zh-Hans", **options: bool) -> list[str]:
    """A syllable for each character."""
    return [
        syllable
        for token in tokens(text, language, **options)
        for syllable in (token.reading.syllables if token.reading else ("",) * len(token.text))
    ]


def document(text: str, *, glossary: Glossary | None = None) -> Document:
    return annotate(Document(Metadata(), (Block(text),)), glossary=glossary)


def phrases() -> Iterator[tuple[str, str, int, str]]:
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            traditional, simplified, _, at, syllable = line.split("\t")
            yield traditional, "zh-Hant-TW", int(at), syllable
            yield simplified, "zh-Hans", int(at), syllable


@pytest.mark.parametrize(("text", "language", "at", "syllable"), [*phrases()])
def test_hard_phrases(text: str, language: str, at: int, syllable: str) -> None:
    assert spoken(text, language)[at] == syllable


@given(HAN, st.sampled_from(["zh-Hans", "zh-Hant-TW", "zh-Hant-HK"]))
@examples(50)
def test_any_text_has_sound_readings(text: str, language: str) -> None:
    found = tokens(text, language)
    for token in found:
        reading = token.reading
        if reading is None:
            continue
        assert token.kind is TokenKind.WORD
        assert len(reading.syllables) == len(token.text)
        assert 0.0 <= reading.probability <= 1.0
        assert len({reading.syllables, *reading.alternatives}) == 1 + len(reading.alternatives)
    assert found == tokens(text, language)


@given(HAN)
@examples(20)
def test_what_was_read_before_changes_nothing(text: str) -> None:
    fresh = Annotator(Lexicon.open(), None, None, "zh-Hant-TW")
    assert fresh.block(Block(text)).tokens == tokens(text, "zh-Hant-TW")


def test_a_word_that_is_read_alike_has_one_object_as_its_reading() -> None:
    read = [(t.text, t.reading) for t in tokens("他慢慢地走。她慢慢地走。") if t.reading]
    assert len({id(reading) for _, reading in read}) == len(set(read)) == 5


def test_a_glossary_row_wins_over_the_dictionary() -> None:
    glossary = Glossary.loads("term,pinyin,gloss\n銀行,yin2 xing2,nonsense\n")
    (block,) = document("銀行很大。", glossary=glossary).blocks
    reading = block.tokens[0].reading
    assert reading == Reading(("yin2", "xing2"), ReadingSource.GLOSSARY)


@pytest.mark.parametrize("text", ["\ue000", "𮯠"])
def test_what_nobody_can_read_has_no_reading(text: str) -> None:
    for token in tokens(f"我{text}你"):
        if token.text == text:
            assert token.reading is None


def test_an_unread_character_is_warned_of() -> None:
    found = document("我𮯠你")
    unread = [t for t in found.blocks[0].tokens if t.kind is TokenKind.WORD and not t.reading]
    assert bool(unread) == any(w.code == "no-reading" for w in found.warnings)


@pytest.mark.parametrize(
    ("text", "syllables"),
    [
        ("任先生", "ren2"), ("單小姐", "shan4"), ("查先生", "zha1"), ("曾老師", "zeng1"),
        ("解先生", "xie4"), ("仇先生", "qiu2"), ("尉遲恭", "yu4 chi2"),
    ],
)  # fmt: skip
def test_surnames_have_their_own_readings(text: str, syllables: str) -> None:
    expected = syllables.split()
    assert spoken(f"{text}來了。", "zh-Hant-TW")[: len(expected)] == expected


def test_hair_is_not_sent() -> None:
    found = {t.text: t.reading for t in tokens("髮", "zh-Hant-TW")}
    assert found["髮"] is not None
    assert found["髮"].syllables == ("fa4",)
    assert found["髮"].source is ReadingSource.DICTIONARY


@pytest.mark.parametrize(
    ("word", "prc", "taiwan"),
    [("企業", "qi3 ye4", "qi4 ye4"), ("垃圾", "la1 ji1", "le4 se4"),
     ("研究", "yan2 jiu1", "yan2 jiu4"),
     ("星期", "xing1 qi1", "xing1 qi2")],
)  # fmt: skip
def test_two_standards(word: str, prc: str, taiwan: str) -> None:
    assert spoken(word, "zh-Hant-TW") == prc.split()
    assert spoken(word, "zh-Hant-TW", taiwan=True) == taiwan.split()


@pytest.mark.parametrize(
    ("number", "before", "after", "said"),
    [
        ("2025", "", "年", "er4|ling2|er4|wu3"),
        ("3", "", "个", "san1"),
        ("2", "", "个", "liang3"),
        ("2", "第", "章", "er4"),
        ("12.5%", "", "", "bai3 fen1 zhi1 shi2|er4|dian3|wu3|"),
        ("1,000", "", "", "yi1 qian1||||"),
        ("1005", "", "", "yi1 qian1|ling2||wu3"),
        ("20030000", "", "", "er4 qian1|ling2||san1 wan4||||"),
        ("10:05", "", "", "shi2||dian3|ling2|wu3"),
        ("007", "", "", "ling2|ling2|qi1"),
    ],
)
def test_numbers_read_aloud(number: str, before: str, after: str, said: str) -> None:
    assert read_digits(number, before, after) == tuple(said.split("|"))


@given(st.from_regex(r"[0-9０-９]{1,20}([.,:][0-9]{1,4}){0,2}[%‰]?", fullmatch=True))
def test_any_number_is_said_over_its_digits(number: str) -> None:
    said = read_digits(number)
    assert len(said) == len(number)
    assert any(said)


SPOKEN_NUMBERS = """
有20多个人: yǒu èrshí duō gè rén
早上08:30出发: zǎoshang bā diǎn sānshí chūfā
我的电话是13800138000: wǒ de diànhuà shì yāo sān bā líng líng yāo sān bā líng líng líng
985高校: jiǔ bā wǔ gāoxiào
占1/2: zhàn èrfēnzhīyī
花了3.5亿元: huā le sān diǎn wǔ yì yuán
日期2025-03-18: rìqī èr líng èr wǔ nián sān yuè shíbārì
第3名: dì sān míng
打折50%: dǎzhé bǎifēnzhīwǔshí
价格￥12.5: jiàgé shí'èr diǎn wǔyuán
比分10:1: bǐfēn shí bǐ yī
要3-5天: yào sān dào wǔ tiān
身高1.5米: shēngāo yī diǎn wǔ mǐ
2024年: èr líng èr sì nián
第101条: dì yībǎi líng yī tiáo
24小时营业: èrshísì xiǎoshí yíngyè
5G手机: wǔ G shǒujī
A4纸: A sì zhǐ
COVID-19疫情: COVID shíjiǔ yìqíng
PM2.5指数: PM èr diǎn wǔ zhǐshù
P2P金融: P2P jīnróng
T恤: T xù
打110报警: dǎ yāo yāo líng bàojǐng
110个: yībǎi yīshí gè
90后: jiǔ líng hòu
2022-2023赛季: èr líng èr èr dào èr líng èr sān sàijì
301室: sān líng yāo shì
零下20℃: língxià èrshí shèshìdù
2楼有2个: èr lóu yǒu liǎng gè
1,000,000人: yībǎi wàn rén
电话010-62345678: diànhuà líng yāo líng liù èr sān sì wǔ liù qī bā
第1/10页: dì yī/shí yè
第3-5页: dì sān dào wǔ yè
急救120，火警119: jíjiù yāo èr líng, huǒjǐng yāo yāo jiǔ
打110分: dǎ yībǎi yīshí fēn
转801: zhuǎn bābǎi líng yī
62345678转801: liùqiān èrbǎi sānshísìwàn wǔqiān liùbǎi qīshíbā zhuǎn bā líng yāo
密码是8866: mìmǎ shì bā bā liù liù
比分是21:19: bǐfēn shì èrshíyī bǐ shíjiǔ
98年毕业: jiǔ bā nián bìyè
90年代: jiǔshí niándài
上午8:00-11:30: shàngwǔ bā diǎn dào shíyī diǎn sānshí
零下，-3度: língxià, língxià sān dù
9·11事件: jiǔ yī yī shìjiàn
747飞机: qī sì qī fēijī
重5kg: zhòng wǔ gōngjīn
高180cm: gāo yībǎi bāshí límǐ
5G手机: wǔ G shǒujī
"""


@pytest.mark.parametrize("row", SPOKEN_NUMBERS.strip().splitlines())
def test_digits_are_said_as_people_say_them(row: str) -> None:
    text, _, pinyin = row.partition(": ")
    options = AnnotateOptions(read_numbers=True)
    assert annotate(sources.read_text(text), options=options).pinyin() == pinyin


@given(
    st.text(st.sampled_from("0123456789.,:/-%￥$～℃年月日个第A电话 5G"), min_size=1, max_size=30)
)
def test_whatever_is_written_in_digits_keeps_its_text(text: str) -> None:
    options = AnnotateOptions(read_numbers=True)
    document = annotate(sources.read_text(f"好{text}"), options=options)
    assert "".join(token.text for token in document.blocks[0].tokens) == f"好{text}"
    # No digit of a number is left in what is said of it.
    for token in document.blocks[0].tokens:
        if token.kind is TokenKind.NUMBER:
            assert not any(map(str.isdecimal, token.pinyin))


@pytest.mark.parametrize("part", ["1-", "1/2 ", "￥1 ", "2025-03-18", "1", "1.", "1:"])
def test_many_numbers_take_no_longer_than_they_are(part: str) -> None:
    options = AnnotateOptions(read_numbers=True)
    grows_in_proportion(
        lambda text: annotate(sources.read_text(text), options=options),
        lambda size: "好" + part * size,
        4_000,
    )


def test_numbers_are_unread_unless_asked() -> None:
    assert spoken("2025年")[:4] == [""] * 4
    assert spoken("2025年", numbers=True)[:4] == ["er4", "ling2", "er4", "wu3"]


@given(HAN)
@examples(30)
def test_a_place_is_judged_by_the_features_that_training_names(text: str) -> None:
    lexicon, classifier = Lexicon.default(), Classifier.load()
    words = WordSegmenter(lexicon).segment(text, text)
    for at, (start, end, _) in enumerate(words):
        for index in range(start, end):
            if (character := text[index]) in classifier:
                context = Features(lexicon, classifier.classes).context(text, index, words, at)
                weights = classifier.weigh(character, context)
                named = classifier.predict(character, context.features, context.evidence)
                assert classifier.judge(character, weights) == named


def test_neighbours_are_seen_by_their_classes_and_what_has_none_by_itself() -> None:
    features = Features(Lexicon.default(), named(["山水", "人"], ["山", "水", "人"]))
    context = features.context("水行了", 1, [(0, 1, 0), (1, 2, 0), (2, 3, 0)], 1)
    seen = {name[0]: name[1:] for name in context.features if name[0] in "abxy"}
    assert seen == {"a": "山", "x": "水", "b": "了", "y": "了"}


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        ("为|你|说", {"g": "1", "h": "2"}),
        ("为|王|，|说", {"g": "-", "h": "1"}),
        ("为", {"g": "-", "h": "0"}),
        ("为|一|二|三|四|五|六|说", {"g": "5", "h": "7"}),
        ("为|一|二|三|四|五|六|七|八|说", {"g": "-", "h": "8"}),
    ],
)
def test_of_a_clause_is_seen_where_its_first_verb_and_its_end_are(
    words: str, seen: dict[str, str]
) -> None:
    placed, at = [], 0
    for word in words.split("|"):
        kind = PUNCTUATION if word == "，" else 0
        placed.append((at, at + len(word), kind))
        at += len(word)
    features = Features(Lexicon.default(), {})
    context = features.context(words.replace("|", ""), 0, placed, 0)
    assert {n[0]: n[1:] for n in context.features if n[0] in "gh"} == seen


def test_most_characters_have_classes() -> None:
    classes = Classifier.load().classes
    assert len(classes) > 5000
    assert classes["张"] == classes["李"]
    assert classes["张"] != classes["吃"]


@given(HAN, st.integers(0, 23))
@examples(40)
def test_overlapping_words_are_the_dictionary_words_across_a_place(text: str, index: int) -> None:
    lexicon = Lexicon.default()
    index %= len(text)
    expected = [
        (size, index - start, frozenset(entry.syllables for entry in lexicon.entries(word)))
        for size in (4, 3, 2)
        for start in range(max(0, index - size + 1), min(index, len(text) - size) + 1)
        if lexicon.entries(word := text[start : start + size])
    ]
    across = OverlappingWords(lexicon).across(text, index)
    assert [(size, at, spoken.readings) for size, at, spoken in across] == expected


def test_the_classifier_is_small_and_calibrated() -> None:
    assert DATA.stat().st_size <= 1_300_000
    classifier = Classifier.load()
    answers = classifier.predict("得", ["p睡", "n很"], [])
    assert sum(probability for _, probability in answers) == pytest.approx(1.0)
    assert [p for _, p in answers[1:]] == sorted((p for _, p in answers[1:]), reverse=True)


def test_sure_readings_of_hard_phrases_are_right_as_often_as_they_say() -> None:
    sure = []
    for text, language, at, syllable in phrases():
        place = 0
        for token in tokens(text, language):
            if place <= at < place + len(token.text) and token.reading:
                right = token.reading.syllables[at - place] == syllable
                sure.append((token.reading.probability, right))
            place += len(token.text)
    said = sum(probability for probability, _ in sure)
    assert sum(right for _, right in sure) >= said - 2


def test_a_missing_classifier_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot load the classifier"):
        Classifier.load(tmp_path / "none.bin")
    (tmp_path / "bad.bin").write_bytes(b"nothing of the kind")
    with pytest.raises(LexiconError, match="not a table"):
        Classifier.load(tmp_path / "bad.bin")


def test_a_traditional_character_keeps_readings_that_its_simplified_form_lacks() -> None:
    """閤 is simplified as 合, which the classifier knows as hé and gě only."""
    block = Annotator(Lexicon.default(), language="zh-Hant").block(Block("他出了閤。"))
    (token,) = [token for token in block.tokens if token.text == "閤"]
    assert token.reading is not None
    assert token.reading.syllables == ("ge2",)
