"""TEI: the whole model there and back, valid by our schema, its base text simple to have."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, strategies as st

from reader.errors import SourceError, WriteError
from reader.layers import evident_layers
from reader.markup import etree
from reader.model import (
    Block,
    BlockKind,
    Correction,
    Document,
    Mark,
    MarkKind,
    Metadata,
    Note,
    Reading,
    ReadingSource,
    Span,
    Stream,
    Token,
    TokenKind,
)
from reader.options import Notation, Pinyin, RenderOptions, Ruby, Script, SourceOptions
from reader.sources.tei import read_tei
from reader.writers.tei import write_tei
from tests.laws import examples
from tests.strategies import documents, texts

SCHEMA = etree.RelaxNG(etree.fromstring((files("reader") / "data" / "reader-tei.rng").read_bytes()))
NS = {"t": "http://www.tei-c.org/ns/1.0"}
OPTIONS = st.builds(
    RenderOptions,
    script=st.sampled_from(Script),
    pinyin=st.sampled_from([Pinyin.ALL, Pinyin.NOTES, Pinyin.NONE]),
    notation=st.sampled_from(Notation),
    ruby=st.sampled_from(Ruby),
    sandhi=st.booleans(),
    spacing=st.booleans(),
)


def written(document: Document | Stream, options: RenderOptions | None = None) -> bytes:
    file = io.BytesIO()
    write_tei(document, file, options or RenderOptions())
    return file.getvalue()


def read(data: bytes, **choices: Any) -> Document:
    return read_tei(data, path=None, options=SourceOptions(**choices))


def evident(document: Document) -> Document:
    """The document with those layers that it shows: TEI does not say which were run."""
    return replace(document, layers=evident_layers(document.blocks))


@examples(50)
@given(documents(), OPTIONS)
def test_there_and_back(document: Document, options: RenderOptions) -> None:
    data = written(document, options)
    SCHEMA.assertValid(etree.fromstring(data))
    assert read(data) == evident(document)
    assert written(document, options) == data


@given(documents(), OPTIONS)
def test_the_short_way_for_terms_in_sentences_writes_what_the_long_way_does(
    document: Document, options: RenderOptions
) -> None:
    plain = tuple(replace(block, marks=(), corrections=()) for block in document.blocks)
    document = replace(document, blocks=plain)
    short = written(document, options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reader.writers.tei_inline._nests", lambda *_: False)
        assert written(document, options) == short


@examples(30)
@given(documents(), OPTIONS)
def test_the_base_text_is_a_simple_query(document: Document, options: RenderOptions) -> None:
    """Text of `w`, `pc` and `c`, less `corr` and the second `seg` of a choice."""
    root = etree.fromstring(written(document, options))
    for number, block in enumerate(document.blocks):
        if block.tokens:
            assert base_text(blocks_of(root)[number]) == block.text


def blocks_of(root: etree._Element) -> list[etree._Element]:
    found: Any = root.xpath(
        "t:text[1]/t:body//*[@xml:id][not(ancestor::t:s)]"
        "[self::t:p or self::t:head or self::t:byline or self::t:ab or self::t:quote"
        " or self::t:l or self::t:note or self::t:figure or self::t:item]",
        namespaces=NS,
    )
    return list(found)


def base_text(block: etree._Element) -> str:
    outside: Any = block.xpath("ancestor-or-self::t:item", namespaces=NS)
    found: Any = block.xpath(
        ".//text()[ancestor::t:w or ancestor::t:pc or ancestor::t:c]"
        "[not(ancestor::t:corr) and not(ancestor::t:seg[preceding-sibling::t:seg])]"
        "[count(ancestor::t:item) = $depth]",
        namespaces=NS,
        depth=len(outside),
    )
    return "".join(found)


@examples(20)
@given(documents())
def test_a_stream_is_written_as_its_document(document: Document) -> None:
    stream = Stream(
        document.metadata,
        iter(document.blocks),
        document.translation,
        list(document.warnings),
        document.resources,
    )
    assert written(stream) == written(document)


@examples(30)
@given(documents(text=texts(min_size=1, controls=True, surrogates=True)))
def test_what_xml_cannot_carry_is_refused(document: Document) -> None:
    data = b""
    with suppress(WriteError):
        data = written(document)
    assert not data or read(data) == evident(document)


WORD = Token(
    "覆雜",
    simplified="复杂",
    traditional="複雜",
    reading=Reading(("fu4", "za2"), ReadingSource.DICTIONARY, 0.93, (("fu4", "za5"),)),
    senses=("complicated",),
    levels=(("hsk2025", "3"),),
)


def one(block: Block, **options: Any) -> str:
    """The element of a document's only block."""
    document = Document(Metadata(language="zh-Hant"), (block,))
    data = written(document, RenderOptions(**options))
    assert read(data) == evident(document)
    return data.decode().partition("<body>\n")[2].partition("\n</body>")[0]


RT = '<rt type="pinyin" xml:lang="zh-Latn-pinyin">fùzá</rt>'


def test_a_word() -> None:
    block = Block("覆雜。", tokens=(WORD, Token("。", TokenKind.PUNCTUATION)))
    word = '<ruby><rb><w lemmaRef="#w1">覆雜</w></rb>' + RT + "</ruby><pc>。</pc>"
    assert one(block) == f'<p xml:id="b0">{word}</p>'
    assert (
        one(block, pinyin=Pinyin.NONE) == '<p xml:id="b0"><w lemmaRef="#w1">覆雜</w><pc>。</pc></p>'
    )
    assert 'xml:lang="zh-Bopo">ㄈㄨˋ ㄗㄚˊ</rt>' in one(block, notation=Notation.ZHUYIN)
    forms = '<choice><seg xml:lang="zh-Hant">覆雜</seg><seg xml:lang="zh-Hans">复杂</seg></choice>'
    assert forms in one(block, script=Script.BOTH)


def test_a_correction_inside_a_word_and_across_words() -> None:
    slip = Correction(0, 1, "複", "no such word", 0.9)
    block = Block("覆雜", tokens=(WORD,), corrections=(slip,))
    choice = '<choice><sic>覆</sic><corr cert="0.9" ana="#r1">複</corr></choice>'
    assert f'<w lemmaRef="#w1">{choice}雜</w>' in one(block)
    block = Block(
        "覆雜", tokens=(Token("覆"), Token("雜")), corrections=(Correction(0, 2, "複雜", "?"),)
    )
    words = "<sic><w>覆</w><w>雜</w></sic>"
    assert f'<choice>{words}<corr cert="1.0" ana="#r1">複雜</corr></choice>' in one(block)


def test_spans_that_nest_are_elements() -> None:
    note = Note(2, 3, "丙", "丙", "丙", ("bing3",), "third")
    block = Block(
        "甲乙丙",
        tokens=(Token("甲"), Token("乙"), Token("丙")),
        marks=(Mark(1, 3, MarkKind.LINK, (("href", "#fn 1"),)), Mark(2, 2, MarkKind.LINE_BREAK)),
        notes=(note,),
        sentences=(Span(0, 3),),
    )
    inner = '<w>乙</w><lb/><term ref="#g1"><w>丙</w></term>'
    link = f'<ref target="#s-fn_20_1">{inner}</ref>'
    assert one(block) == f'<p xml:id="b0"><s xml:id="b0.s1"><w>甲</w>{link}</s></p>'


def test_spans_that_cross_stand_off() -> None:
    block = Block(
        "甲乙丙",
        tokens=(Token("甲"), Token("乙丙")),
        marks=(Mark(0, 2, MarkKind.STRONG),),
        sentences=(Span(0, 1), Span(1, 3)),
    )
    content, _, beside = one(block).partition("<spanGrp>")
    assert content == (
        '<p xml:id="b0"><anchor xml:id="b0.a1"/><s xml:id="b0.s1"><w>甲</w></s>'
        '<s xml:id="b0.s2"><w>乙<anchor xml:id="b0.a2"/>丙</w></s>'
    )
    span = '<span type="mark" subtype="strong" n="0" from="#b0.a1" to="#b0.a2"/>'
    assert beside == f"{span}</spanGrp></p>"


@pytest.mark.parametrize(
    "mark",
    [
        Mark(0, 1, MarkKind.LINK, (("href", "not a url"),)),
        Mark(0, 1, MarkKind.LINK, (("href", "https://例え.jp/ü#%41"),)),
        Mark(0, 1, MarkKind.LINK, (("href", ""),)),
        Mark(0, 1, MarkKind.LINK, (("href", "x"), ("title", " 'y\"\n"))),
        Mark(0, 1, MarkKind.EMPHASIS, (("odd name", ""),)),
        Mark(0, 1, MarkKind.LANGUAGE, (("lang", "no language"),)),
        Mark(0, 1, MarkKind.LANGUAGE),
        Mark(0, 2, MarkKind.ANCHOR, (("id", "x"),)),
        Mark(0, 2, MarkKind.LINE_BREAK),
        Mark(0, 0, MarkKind.STRONG),
    ],
    ids=str,
)
def test_unusual_marks_come_back(mark: Mark) -> None:
    document = Document(Metadata(), (Block("好的", tokens=(Token("好的"),), marks=(mark, mark)),))
    data = written(document)
    SCHEMA.assertValid(etree.fromstring(data))
    assert read(data) == evident(document)


def test_an_id_that_stands_twice() -> None:
    anchors = tuple(Mark(i, i, MarkKind.ANCHOR, (("id", "x"),)) for i in (0, 1))
    document = Document(Metadata(), (Block("甲", id="x"), Block("乙", id="x", marks=anchors)))
    data = written(document)
    SCHEMA.assertValid(etree.fromstring(data))
    assert read(data) == evident(document)


def test_lists_nest_and_headings_divide() -> None:
    levels = [(BlockKind.HEADING, 1), (BlockKind.LIST_ITEM, 1), (BlockKind.LIST_ITEM, 2)]
    levels += [(BlockKind.LIST_ITEM, 1), (BlockKind.HEADING, 2), (BlockKind.HEADING, 1)]
    found = tuple(Block(str(n), kind, level=level) for n, (kind, level) in enumerate(levels))
    root = etree.fromstring(written(Document(Metadata(), found)))
    assert root.xpath("count(//t:body/t:div)", namespaces=NS) == 2
    assert root.xpath("string(//t:div/t:list/t:item/t:list/t:item)", namespaces=NS) == "2"
    assert root.xpath("string(//t:div/t:div/t:head)", namespaces=NS) == "4"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not well-formed"),
        (b"<TEI>", "not well-formed"),
        (b"<TEI/>", "root element"),
        (b'<TEI xmlns="http://www.tei-c.org/ns/1.0"/>', "not as reader writes it"),
        (
            b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><TEI xmlns='
            b'"http://www.tei-c.org/ns/1.0">&e;</TEI>',
            "entities",
        ),
        (b"<a>" * 100_000, "not well-formed"),
    ],
)
def test_bad_input_is_one_message(data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read(data)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('lemmaRef="#w1"', 'lemmaRef="#w9"', "#w9 is not in the lexicon"),
        ("<pc>。</pc>", "<blink>。</blink>", "<blink> does not belong here"),
        ("<pc>。</pc>", "。", "do not tile"),
        ("<p ", "<sp ", "well-formed"),
        ('resp="#reading.dictionary"', 'resp="#me"', "ReadingSource"),
        ('cert="0.93"', 'cert="often"', "could not convert"),
        ("fu4 za2</pron>", "fu4 zá</pron>", "'zá' is not a syllable of numbered pinyin"),
        ("fu4 za2</pron>", "fu4 za2 |</pron>", r"breaks \(2,\) are not inside"),
    ],
)
def test_a_document_that_was_spoilt_is_refused(old: str, new: str, said: str) -> None:
    block = Block("覆雜。", tokens=(WORD, Token("。", TokenKind.PUNCTUATION)))
    data = written(Document(Metadata(), (block,))).decode()
    assert old in data
    with pytest.raises(SourceError, match=said):
        read(data.replace(old, new, 1).encode())


def test_options_win_over_what_is_stored() -> None:
    data = written(replace(Document(Metadata("甲", ("乙",)), (Block("好"),))))
    assert read(data, title="丙").metadata.title == "丙"
    assert read(data, title="丙").metadata.authors == ("乙",)


def test_levels_by_scheme() -> None:
    token = Token("好", levels=(("hsk2", "6"), ("hsk2025", "7-9")))
    document = Document(Metadata(), (Block("好", tokens=(token,)),))
    data = written(document).decode()
    usages = '<usg type="hsk2">6</usg><usg type="hsk2025">7-9</usg>'
    assert usages in data
    assert read(data.encode()) == evident(document)
    # As files were written before levels had schemes: HSK 2025 by number, 7 for 7-9.
    old = data.replace(usages, '<usg type="hsk">7</usg>').encode()
    (block,) = read(old).blocks
    assert block.tokens[0].levels == (("hsk2025", "7-9"),)


def test_the_schema_is_strict() -> None:
    data = written(Document(Metadata(), (Block("好", tokens=(Token("好"),)),))).decode()
    assert SCHEMA.validate(etree.fromstring(data.encode()))
    for old, new in (("<w>", '<w pos="x">'), ("<p ", "<lg "), ('xml:id="b0"', "")):
        changed = data.replace(old, new).replace(
            "</p>\n</body>", "</lg>\n</body>" if new == "<lg " else "</p>\n</body>"
        )
        assert not SCHEMA.validate(etree.fromstring(changed.encode()))
