"""EPUBs as EPUBCheck sees them, and as it does not."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from reader.errors import WriteError
from reader.markup import Dialect
from reader.model import Block, BlockKind, Document, Metadata, Note
from reader.options import (
    LabelLanguage,
    Layout,
    Notation,
    Notes,
    Pinyin,
    RenderOptions,
    Ruby,
    Script,
)
from reader.writers import write
from reader.writers.epub import EpubOptions
from reader.writers.notes import describe
from tests.books import unpacked
from tests.checkers import epubcheck, needs_java
from tests.laws import examples
from tests.policies import Everything
from tests.samples import LAYERS, article, bilingual, block, novel
from tests.strategies import documents
from tests.written import XHTML, Element, content_documents, documents_in, parsed, text_of

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
TYPE = "{http://www.idpf.org/2007/ops}type"

LAYOUTS = [RenderOptions(layout=layout) for layout in Layout]
COMBINATIONS = [
    *LAYOUTS,
    *(RenderOptions(script=script, ruby=Ruby.CHARACTER) for script in Script),
    *(RenderOptions(notation=notation, sandhi=True, spacing=True) for notation in Notation),
    *(
        RenderOptions(pinyin=pinyin, notes=notes, every=True, layout=Layout.NOTES)
        for pinyin, notes in (
            (Pinyin.ALL, Notes.POPUP),
            (Pinyin.NOTES, Notes.END),
            (Pinyin.NONE, Notes.NONE),
            (Pinyin.NONE, Notes.POPUP),
            (Pinyin.NOTES, Notes.NONE),
        )
    ),
    RenderOptions(script=Script.BOTH, notes=Notes.END, layout=Layout.COLUMNS),
    RenderOptions(policy=Everything()),
    RenderOptions(labels=LabelLanguage.ZH_HANT, notes=Notes.END, layout=Layout.AFTER),
    EpubOptions(cover=False, modified=datetime(2025, 3, 1, 8, tzinfo=UTC)),
]


def epub(document: Document, options: RenderOptions | None = None) -> bytes:
    file = BytesIO()
    write(document, file, options, to="epub")
    return file.getvalue()


def member(data: bytes, name: str) -> bytes:
    return unpacked(data)[name]


def package(data: bytes) -> Element:
    return parsed(member(data, "OEBPS/package.opf"))


def properties(data: bytes, name: str) -> list[str | None]:
    return [meta.text for meta in package(data).iter(f"{OPF}meta") if meta.get("property") == name]


@needs_java
@pytest.mark.java
def test_epubcheck_has_nothing_to_say(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    for number, options in enumerate(COMBINATIONS):
        for document in (article(), bilingual())[number % 3 > 0 :]:
            write(document, path, options)
            assert epubcheck(path) == [], options
    empty = Document(Metadata(), (), layers=LAYERS)
    for document in (novel(), empty, replace(empty, blocks=(Block(" "),))):
        write(document, path)
        assert epubcheck(path) == []


@needs_java
@pytest.mark.java
@settings(
    examples(10),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(document=documents())
def test_epubcheck_has_nothing_to_say_of_any_document(tmp_path: Path, document: Document) -> None:
    path = tmp_path / "book.epub"
    write(replace(document, layers=LAYERS), path)
    assert epubcheck(path) == []


def test_the_container_begins_with_its_type_and_is_sorted_and_dated_alike() -> None:
    data = epub(article())
    assert data[30:58] == b"mimetypeapplication/epub+zip"
    with ZipFile(BytesIO(data)) as archive:
        members = archive.infolist()
        assert archive.testzip() is None
    assert members[0].compress_type == ZIP_STORED
    assert not members[0].extra
    names = [info.filename for info in members[1:]]
    assert names == sorted(names)
    assert {info.date_time for info in members} == {(1980, 1, 1, 0, 0, 0)}


def test_identity_comes_from_the_content() -> None:
    one, other = article(), replace(article(), blocks=article().blocks[:-2])

    def identifier(document: Document, options: RenderOptions | None = None) -> str:
        return str(next(package(epub(document, options)).iter(f"{DC}identifier")).text)

    assert identifier(one) == identifier(one)
    assert identifier(one) != identifier(other)
    assert identifier(one) != identifier(one, RenderOptions(notation=Notation.ZHUYIN))
    assert identifier(one).startswith("urn:uuid:")


def test_the_date_of_modification_is_told_or_the_texts_own() -> None:
    assert properties(epub(article()), "dcterms:modified") == ["2025-03-01T00:00:00Z"]
    file = BytesIO()
    write(article(), file, to="epub", modified=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert properties(file.getvalue(), "dcterms:modified") == ["2026-01-02T03:04:05Z"]


def test_what_is_no_date_is_none_of_the_package() -> None:
    """Reading systems sort by it, and EPUBCheck warns of it."""
    for date, found in (("2025-02-31", []), ("去年", []), ("2025-03", ["2025-03"])):
        document = replace(article(), metadata=Metadata("題", date=date))
        data = epub(document)
        assert [element.text for element in package(data).iter(f"{DC}date")] == found


@pytest.mark.parametrize("to", ["epub", "tei", "html"])
@pytest.mark.parametrize("name", ["title", "authors", "date", "publisher", "rights", "source"])
def test_metadata_that_xml_cannot_hold_is_a_write_error(to: str, name: str) -> None:
    for bad in ("\x00", "\ud800", "\uffff"):
        value: Any = (bad,) if name == "authors" else bad
        document = Document(Metadata(**{name: value}), (Block("文。"),), layers=LAYERS)
        with pytest.raises(WriteError, match="cannot stand in XML"):
            write(document, BytesIO(), to=to)


def test_languages_are_chinese_first() -> None:
    for script, language in ((Script.AS_IS, "zh-Hant"), (Script.SIMPLIFIED, "zh-Hans")):
        data = epub(bilingual(), RenderOptions(script=script))
        found = [element.text for element in package(data).iter(f"{DC}language")]
        assert found == [language, "en"]
        assert content_documents(data)[0].get("lang") == language


def test_accessibility_metadata_says_what_is_true() -> None:
    data = epub(article())
    assert properties(data, "schema:accessMode") == ["textual", "visual"]
    assert properties(data, "schema:accessModeSufficient") == ["textual"]
    assert properties(data, "schema:accessibilityHazard") == ["none"]
    assert properties(data, "schema:accessibilitySummary")
    features = set(properties(data, "schema:accessibilityFeature"))
    assert {"tableOfContents", "readingOrder", "alternativeText", "rubyAnnotations"} <= features
    bare = epub(novel(1), RenderOptions(pinyin=Pinyin.NONE))
    assert "rubyAnnotations" not in properties(bare, "schema:accessibilityFeature")
    assert properties(bare, "schema:accessMode") == ["textual"]
    assert properties(data, "dcterms:conformsTo") == []


def test_a_word_is_one_ruby_with_one_reading_or_one_of_pairs() -> None:
    def rubies(options: RenderOptions) -> list[Element]:
        return list(content_documents(epub(article(), options))[0].iter(f"{XHTML}ruby"))

    words = rubies(RenderOptions())
    assert all(len(ruby.findall(f"{XHTML}rt")) == 1 for ruby in words)
    assert [rt.text for rt in words[0].iter(f"{XHTML}rt")] == ["cháguǎn"]
    pairs = rubies(RenderOptions(ruby=Ruby.CHARACTER))
    assert [rt.text for rt in pairs[0].iter(f"{XHTML}rt")] == ["chá", "guǎn"]
    assert all(ruby.findall(f"{XHTML}rp") for ruby in (*words, *pairs))
    capitals = [rt.text for ruby in words for rt in ruby.iter(f"{XHTML}rt")]
    assert "Xī'ān" in capitals
    assert "huār" in capitals


def test_notes_open_where_reading_systems_look_for_them() -> None:
    root = content_documents(epub(article()))[0]
    notes = [aside for aside in root.iter(f"{XHTML}aside") if "note" in aside.get("class", "")]
    assert len(notes) == 1
    assert notes[0].get(TYPE) == "footnote"
    assert not list(notes[0].iter(f"{XHTML}ruby"))
    assert len(text_of(notes[0])) >= 9
    references = [a for a in root.iter(f"{XHTML}a") if a.get(TYPE) == "noteref"]
    ours = [a for a in references if a.get("href") == f"#{notes[0].get('id')}"]
    assert ours[0].get("role") == "doc-noteref"
    back = next(a for a in notes[0].iter(f"{XHTML}a") if a.get("role") == "doc-backlink")
    assert back.get("href") == f"#{ours[0].get('id')}"
    every = content_documents(epub(article(), RenderOptions(every=True)))[0]
    assert len([a for a in every.iter(f"{XHTML}a") if a.get("class") == "ref"]) > len(ours)


@pytest.mark.parametrize(("term", "other"), [("內卷", [("zh-Hans", "内卷")]), ("躺平", [])])
def test_each_part_of_a_note_has_its_own_language(term: str, other: list[tuple[str, str]]) -> None:
    simplified = term.replace("內", "内")
    note = Note(0, 2, term, simplified, term, ("a1", "a1"), "the rat race")
    spans = parsed(f"<p>{describe(Dialect(epub=False), note, RenderOptions())}</p>".encode())
    said = [(span.get("lang"), span.text) for span in spans.iter("span")]
    assert said == [*other, ("en", ": the rat race")]


def test_an_authors_footnote_stands_in_the_document_that_refers_to_it() -> None:
    root = content_documents(epub(article()))[0]
    note = next(a for a in root.iter(f"{XHTML}aside") if a.get("id") == "s-fn1")
    reference = next(a for a in root.iter(f"{XHTML}a") if a.get("class") == "fn")
    assert reference.get("href") == "c00001.xhtml#s-fn1"
    assert "賣" in text_of(note)


def test_long_texts_have_a_document_for_each_chapter_and_short_ones_do_not() -> None:
    data = epub(novel())
    roots = content_documents(data)
    assert len(roots) == 6
    for root in roots[1:]:
        assert root.find(f".//{XHTML}h1") is not None
        assert len([a for a in root.iter(f"{XHTML}a") if a.get("class") == "ref"]) == 1
    nav = documents_in(data)["OEBPS/nav.xhtml"]
    toc = next(nav.iter(f"{XHTML}nav"))
    assert len(list(toc.iter(f"{XHTML}a"))) == 8
    assert not list(nav.iter(f"{XHTML}ruby"))
    assert len(content_documents(epub(article()))) == 1


def test_the_glossary_leads_back_to_every_place() -> None:
    data = epub(novel())
    glossary = documents_in(data)["OEBPS/glossary.xhtml"]
    links = [a.get("href") for a in glossary.iter(f"{XHTML}a")]
    assert len(links) == 5 * 1
    assert links[0] == "c00002.xhtml#r1"


def test_unsafe_links_lose_their_target_and_keep_their_text() -> None:
    markup = member(epub(article()), "OEBPS/c00001.xhtml").decode()
    assert "javascript" not in markup
    assert 'href="https://example.org/?a=1&amp;b=二%20三"' in markup


def test_a_machine_translation_says_so() -> None:
    data = epub(bilingual())
    assert "made by a machine" in member(data, "OEBPS/colophon.xhtml").decode()
    assert "made by a machine" in (properties(data, "schema:accessibilitySummary")[0] or "")


@pytest.mark.parametrize("layout", Layout)
def test_what_has_no_counterpart_is_marked(layout: Layout) -> None:
    root = content_documents(epub(bilingual(), RenderOptions(layout=layout)))[0]
    text = text_of(root)
    assert text.count("Only in the translation:") == 1
    assert text.count("No translation") >= 5
    assert text.count("Only the translator knows this.") == 1


def test_a_book_can_go_down_a_pipe(tmp_path: Path) -> None:
    fifo = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert fifo.stdin is not None
    write(article(), fifo.stdin, to="epub")  # type: ignore[arg-type]
    out, _ = fifo.communicate()
    assert out == epub(article())


def test_tones_as_spoken_and_capitals_are_renderings_only() -> None:
    document = Document(Metadata(language="zh-Hant"), (block("不|笑|。"),), layers=LAYERS)

    def readings(options: RenderOptions) -> list[str | None]:
        return [rt.text for rt in content_documents(epub(document, options))[0].iter(f"{XHTML}rt")]

    assert readings(RenderOptions()) == ["bù", "xiào"]
    assert readings(RenderOptions(sandhi=True)) == ["bú", "xiào"]
    assert readings(RenderOptions(spacing=True)) == ["Bù", "xiào"]
    assert readings(RenderOptions(sandhi=True, notation=Notation.NUMBERS)) == ["bu2", "xiao4"]


def test_lists_nest_and_have_bullets_or_their_own_numbers() -> None:
    rows = [("甲", 1, ""), ("乙", 1, "•"), ("一", 2, "1."), ("二", 2, "2."), ("丙", 1, "-")]
    item = BlockKind.LIST_ITEM
    items = [block(text, item, level=depth, ordinal=mark) for text, depth, mark in rows]
    document = Document(
        Metadata(title="单"), (*items, block("完"), block("一", item)), layers=LAYERS
    )
    (markup,) = content_documents(epub(document))
    lists = [e for e in markup.iter() if e.tag in (f"{XHTML}ul", f"{XHTML}ol")]
    assert [e.tag.removeprefix(XHTML) for e in lists] == ["ul", "ol", "ul"]
    assert [len(e) for e in lists] == [3, 2, 1]
    assert lists[1].getparent() is lists[0][1]
    assert [e.text for e in markup.iter(f"{XHTML}span") if e.get("class") == "ordinal added"] == [
        "1. ",
        "2. ",
    ]


@pytest.mark.parametrize("options", [*LAYOUTS, RenderOptions(Script.BOTH)])
def test_rows_are_tables(options: RenderOptions) -> None:
    rows = [("書名\u3000作者", 3), ("金\u3000\u3000老張", 1), ("第一\u3000章", 2)]
    text = [Block("前。"), *(Block(t, BlockKind.ROW, level=n) for t, n in rows), Block("後。")]
    markup = body_of(Document(Metadata(title="表"), tuple(text), layers=LAYERS), options)
    tables = list(markup.iter(f"{XHTML}table"))
    shown = [[[c.text for c in row] for row in table] for table in tables]
    # The gap stays at the end of a cell: it is part of the text.
    assert shown == [
        [["書名\u3000", "作者"], ["金\u3000", "\u3000", "老張"]],
        [["第一\u3000", "章"]],
    ]
    assert [[cell.tag for cell in table[0]] for table in tables] == [
        [f"{XHTML}th"] * 2,
        [f"{XHTML}td"] * 2,
    ]


def body_of(document: Document, options: RenderOptions) -> Element:
    (markup,) = content_documents(epub(document, options))
    return markup
