"""Pinyin in words, as GB/T 16159 has it: gàizhāng jīngjì, Běijīng Dàxué, P2P jīnróng."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from reader.annotation import annotate
from reader.annotation.doubts import find_doubts, glossary_rows
from reader.glossary import Entry, Glossary
from reader.markup import Dialect
from reader.model import Block, Document, Metadata, Note, Reading, ReadingSource, Span, Token
from reader.options import Notation, RenderOptions, Ruby
from reader.pinyin import SYLLABLES, parse, render_word
from reader.sources import read_text
from reader.writers.notes import reading_of
from reader.writers.pronunciation import SentenceReadings
from reader.writers.word_markup import Form, WordMarkup

SOUNDS = st.sampled_from(sorted(base + tone for base in SYLLABLES for tone in "12345"))
WORDS = st.lists(st.lists(SOUNDS, min_size=1, max_size=3), min_size=1, max_size=4)
"""What is read as one token, in words."""


def joined(words: list[list[str]]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The syllables of words, and where one ends and the next begins."""
    syllables: tuple[str, ...] = ()
    breaks = []
    for word in words:
        breaks.append(len(syllables))
        syllables += tuple(word)
    return syllables, tuple(breaks[1:])


def token(words: list[list[str]], *, proper: bool = False) -> Token:
    syllables, breaks = joined(words)
    reading = Reading(syllables, ReadingSource.GLOSSARY, breaks=breaks)
    return Token("字" * len(syllables), reading=reading, proper=proper)


def shown(found: Token, ruby: Ruby = Ruby.WORD) -> list[str]:
    """What stands above the token."""
    markup = WordMarkup(Dialect(epub=False), Form(ruby=ruby)).join([found])
    return re.findall(r"<rt[^>]*>([^<]*)</rt>", markup)


@given(WORDS)
def test_breaks_put_in_spaces_and_nothing_else(words: list[list[str]]) -> None:
    syllables, breaks = joined(words)
    for notation in (Notation.PINYIN, Notation.NUMBERS, Notation.WADE_GILES):
        apart = [render_word(word, notation) for word in words]
        assert render_word(syllables, notation, breaks=breaks) == " ".join(apart)
        named = render_word(syllables, notation, breaks=breaks, capital=True)
        assert named == " ".join(word[0].upper() + word[1:] for word in apart)
    zhuyin = render_word(syllables, Notation.ZHUYIN, breaks=breaks)
    assert zhuyin == render_word(syllables, Notation.ZHUYIN)
    assert parse(render_word(syllables, Notation.PINYIN, breaks=breaks)) == syllables


@given(WORDS)
def test_a_row_is_read_in_the_words_it_is_written_in(words: list[list[str]]) -> None:
    syllables, breaks = joined(words)
    pinyin = render_word(syllables, Notation.PINYIN, breaks=breaks)
    term = "字" * len(syllables)
    if len(syllables) > 1 and not any(syllable[-1] != "5" for syllable in syllables):
        return  # A row without any tone is refused.
    (entry,) = Glossary.loads(f"term,simplified,pinyin,gloss\n{term},{term},{pinyin},x")
    assert (entry.syllables, entry.breaks) == (syllables, breaks)


@pytest.mark.parametrize(
    ("term", "pinyin", "breaks"),
    [
        ("蓋章經濟", "gàizhāngjīngjì", ()),
        ("蓋章經濟", "gai4 zhang1 jing1 ji4", ()),
        ("蓋章經濟", "gai4zhang1 jing1ji4", (2,)),
        ("東數西算", "dōng shù xī suàn", (1, 2, 3)),
        ("P2P金融市場", "P2P jīnróng shìchǎng", (5,)),
        ("一手交錢，一手交貨", "yīshǒu jiāo qián, yīshǒu jiāo huò", (2, 3, 5, 7, 8)),
    ],
)
def test_spacing_of_rows(term: str, pinyin: str, breaks: tuple[int, ...]) -> None:
    (entry,) = Glossary.loads(f'term,pinyin,gloss\n{term},"{pinyin}",x')
    assert entry.breaks == breaks


@pytest.mark.parametrize("capitals", [(2,), (1, 1), (-1,), (1, 0)])
def test_capitals_are_inside_and_in_order(capitals: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="capitals"):
        Reading(("nei4", "juan3"), ReadingSource.NAME, capitals=capitals)
    with pytest.raises(ValueError, match="capitals"):
        Note(0, 2, "內卷", "内卷", "內卷", ("nei4", "juan3"), "x", capitals=capitals)
    with pytest.raises(ValueError, match="capitals"):
        Entry("內卷", syllables=("nei4", "juan3"), capitals=capitals)
    with pytest.raises(ValueError, match="capitals"):
        Reading(("nei4", ""), ReadingSource.NAME, capitals=(1,))


@pytest.mark.parametrize("breaks", [(0,), (2,), (1, 1), (-1,)])
def test_breaks_are_inside_and_in_order(breaks: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="breaks"):
        Reading(("nei4", "juan3"), ReadingSource.NAME, breaks=breaks)
    with pytest.raises(ValueError, match="breaks"):
        Note(0, 2, "內卷", "内卷", "內卷", ("nei4", "juan3"), "x", breaks=breaks)
    with pytest.raises(ValueError, match="breaks"):
        Entry("內卷", syllables=("nei4", "juan3"), breaks=breaks)


@given(WORDS, st.booleans(), st.data())
def test_parts_of_a_token_are_parts_of_its_pinyin(
    words: list[list[str]], proper: bool, data: st.DataObject
) -> None:
    found = token(words, proper=proper)
    at = data.draw(st.integers(0, len(found.text)))
    fragments = WordMarkup(Dialect(epub=False), Form(ruby=Ruby.CHARACTER))
    halves = fragments.part(found, 0, at) + fragments.part(found, at, len(found.text))
    characters = re.findall(r"<rt[^>]*>([^<]*)</rt>", halves)
    assert characters == shown(found, Ruby.CHARACTER)
    assert [c[0].isupper() for c in characters] == [
        proper and not number for word in words for number in range(len(word))
    ]


def test_a_sentence_gives_its_first_word_a_capital_and_names_each() -> None:
    term = token([["gai4", "zhang1"], ["jing1", "ji4"]])
    name = token([["bei3", "jing1"], ["da4", "xue2"]], proper=True)
    block = Block("字" * 8, tokens=(term, name), sentences=(Span(0, 8),))
    first, second = SentenceReadings(RenderOptions(spacing=True)).tokens(block)
    assert shown(first) == ["Gàizhāng jīngjì"]
    assert shown(second) == ["Běijīng Dàxué"]
    assert shown(term) == ["gàizhāng jīngjì"]


def test_sandhi_stays_inside_the_words_of_a_term() -> None:
    whole, apart = [["zhan3", "lan3", "guan3", "li3"]], [["zhan3", "lan3"], ["guan3", "li3"]]
    speaker = SentenceReadings(RenderOptions(sandhi=True))
    spoken = [speaker.tokens(Block("字字字字", tokens=(token(w),)))[0] for w in (whole, apart)]
    assert [shown(one) for one in spoken] == [["zhánlánguánlǐ"], ["zhánlǎn guánlǐ"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("一月一日放假。", "yīyuèyīrìfàngjià"),
        ("今天是十一月一号。", "jīntiānshìshíyīyuèyīhào"),
        ("他等了一日。", "tāděngleyírì"),
    ],
)
def test_days_and_months_are_counted_without_sandhi(text: str, said: str) -> None:
    (block,) = annotate(read_text(text)).blocks
    speaker = SentenceReadings(RenderOptions(sandhi=True))
    assert "".join(word for one in speaker.tokens(block) for word in shown(one)) == said


def test_what_annotation_knows_of_words_in_words() -> None:
    table = Glossary.loads("term,pinyin,gloss\n蓋章經濟,gàizhāng jīngjì,x\nP2P金融,P2P jīnróng,x")
    text = "北京大學的P2P金融是蓋章經濟，中華人民共和國也有。"
    (block,) = annotate(Document(Metadata(), (Block(text),)), glossary=table).blocks
    read = {t.text: shown(t) for t in block.tokens if t.reading and len(t.text) > 2}
    assert read == {
        "北京大學": ["Běijīng Dàxué"],
        "P2P金融": ["jīnróng"],
        "蓋章經濟": ["gàizhāng jīngjì"],
        "中華人民共和國": ["Zhōnghuá Rénmín Gònghéguó"],
    }
    notes = [reading_of(note, Notation.PINYIN) for note in block.notes]
    assert notes == ["P2P jīnróng", "gàizhāng jīngjì"]
    assert reading_of(block.notes[0], Notation.ZHUYIN) == "P2P ㄐㄧㄣ ㄖㄨㄥˊ"


@given(WORDS, st.data())
def test_capitals_follow_the_row_in_every_notation(
    words: list[list[str]], data: st.DataObject
) -> None:
    """Wherever the row writes one, at a word's start or inside it, and nowhere else."""
    syllables, breaks = joined(words)
    capitals = tuple(sorted(data.draw(st.sets(st.sampled_from(range(len(syllables)))))))
    written = render_word(syllables, Notation.PINYIN, breaks=breaks, capital=capitals)
    term = "字" * len(syllables)
    if len(syllables) > 1 and all(syllable[-1] == "5" for syllable in syllables):
        return  # A row without any tone is refused.
    (entry,) = table = Glossary.loads(f"term,simplified,pinyin,gloss\n{term},{term},{written},x")
    (block,) = annotate(Document(Metadata(), (Block(term),)), glossary=table).blocks
    (found,) = block.tokens
    assert found.proper == bool(entry.capitals)
    for notation in Notation:
        expected = render_word(syllables, notation, breaks=entry.breaks, capital=entry.capitals)
        markup = WordMarkup(Dialect(epub=False), Form(notation=notation)).join([found])
        assert re.findall(r"<rt[^>]*>([^<]*)</rt>", markup) == [expected]
        assert reading_of(block.notes[0], notation) == expected
    # Of a word all in capitals only the first is one.
    if not any(sum(map(str.isalpha, word)) > 1 and word.isupper() for word in written.split()):
        assert entry.capitals == capitals
        assert shown(found) == [written]


@pytest.mark.parametrize(
    ("term", "pinyin", "shows", "proper"),
    [
        ("张江", "Zhāng Jiāng", "Zhāng Jiāng", True),
        ("张江", "Zhang1 jiang1", "Zhāngjiāng", True),
        ("北京", "běijīng", "běijīng", False),
        ("北京", "BĚIJĪNG", "Běijīng", True),
        ("北京大学", "Běijīng dàxué", "Běijīng dàxué", True),
        ("西安", "Xī'Ān", "Xī'Ān", True),
        ("新浦东", "xīn Pǔdōng", "xīn Pǔdōng", True),
        ("女儿国", "Nǚ'érguó", "Nǚ'érguó", True),
        ("女儿国", "NV3 er2 Guo2", "Nǚ'érGuó", True),
    ],
)
def test_a_row_says_what_is_a_name(term: str, pinyin: str, shows: str, proper: bool) -> None:
    table = Glossary.loads(f"term,pinyin,gloss\n{term},{pinyin},x")
    (block,) = annotate(Document(Metadata(), (Block(f"在{term}。"),)), glossary=table).blocks
    _, found, _ = block.tokens
    assert (shown(found), found.proper) == ([shows], proper)
    assert reading_of(block.notes[0], Notation.PINYIN) == shows


def test_each_word_of_a_term_is_a_name_or_none() -> None:
    row = "张江高科技园区,Zhāngjiāng gāokējì yuánqū,x,张江|高科技|园区"
    table = Glossary.loads(f"term,pinyin,gloss,words\n{row}")
    (block,) = annotate(Document(Metadata(), (Block("张江高科技园区"),)), glossary=table).blocks
    assert [t.proper for t in block.tokens] == [True, False, False]
    assert [*map(shown, block.tokens)] == [["Zhāngjiāng"], ["gāokējì"], ["yuánqū"]]
    assert reading_of(block.notes[0], Notation.PINYIN) == "Zhāngjiāng gāokējì yuánqū"


def test_a_sentence_begins_with_a_capital_before_a_name_inside_its_first_word() -> None:
    reading = Reading(("xin1", "pu3", "dong1"), ReadingSource.GLOSSARY, breaks=(1,), capitals=(1,))
    name = Token("新浦東", reading=reading, proper=True)
    (first,) = SentenceReadings(RenderOptions(spacing=True)).tokens(Block("新浦東", tokens=(name,)))
    assert shown(first) == ["Xīn Pǔdōng"]


def test_the_row_of_a_doubt_keeps_a_name_a_name() -> None:
    found = find_doubts(annotate(Document(Metadata(), (Block("长北京。"),))))
    (entry,) = Glossary.loads(glossary_rows(found))
    assert (entry.words, entry.capitals) == (("长", "北京"), (1,))


def test_a_row_without_pinyin_is_read_as_its_words_are() -> None:
    table = Glossary(
        [
            Entry("北京大學出版社", "北京大学出版社", gloss="x", words=("北京大學", "出版社")),
            Entry("北京大學", "北京大学", gloss="x"),
        ]
    )
    text = "北京大學出版社在北京大學。"
    (block,) = annotate(Document(Metadata(), (Block(text),)), glossary=table).blocks
    assert [(note.syllables, note.breaks) for note in block.notes] == [
        (tuple("bei3 jing1 da4 xue2 chu1 ban3 she4".split()), (2, 4)),
        (tuple("bei3 jing1 da4 xue2".split()), (2,)),
    ]


def test_rows_of_doubts_are_written_in_words() -> None:
    found = find_doubts(annotate(Document(Metadata(), (Block("她会都会地。教会很大。"),))))
    for entry in Glossary.loads(glossary_rows(found)):
        ends = {0, len(entry.term), *entry.breaks}
        cuts = [0]
        for part in entry.words:
            cuts.append(cuts[-1] + len(part))
        assert all((a, b) in set(pairwise(sorted(ends))) for a, b in pairwise(cuts))
