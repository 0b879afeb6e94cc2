"""EPUB as a source, and XHTML that is not quite XML."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from reader.epub.passages import scan
from reader.epub.repair import mended, read_xhtml, repair
from reader.errors import ContainerError, SourceError
from reader.model import Block, BlockKind, Document, Mark, MarkKind
from reader.sources import read, read_bytes
from reader.sources.losses import count_of
from tests import books
from tests.laws import examples
from tests.xhtml import canonical, xhtml


@pytest.fixture
def everything(tmp_path: Path) -> Path:
    path = tmp_path / "book.epub"
    path.write_bytes(books.packed(books.everything()))
    return path


def test_blocks_in_reading_order(everything: Path) -> None:
    document = read(everything)
    texts = [block.text for block in document.blocks]
    assert texts[:2] == ["第一章　在路上", "他在银行工作，后来去了北京大学。"]
    assert texts.index("直排的一章") < texts.index("In English") < texts.index("长的说明。回去")
    assert "目录" not in texts
    assert document.metadata.title == "一本书"
    assert document.metadata.authors == ("作者",)


@pytest.mark.parametrize("codec", ["gbk", "gb18030", "utf-16", "utf-8"])
def test_documents_in_the_encoding_that_they_declare(codec: str) -> None:
    page = books.page("<p>他在银行工作。</p>").decode()
    declared = re.sub(r"\A(?:<\?.*?\?>)?", f'<?xml version="1.0" encoding="{codec}"?>', page)
    document = read_bytes(books.packed(books.single(declared.encode(codec))), suffix=".epub")
    assert document.text.endswith("他在银行工作。")
    assert not document.warnings


def test_kinds_marks_and_pictures(everything: Path) -> None:
    document = read(everything)
    by_text = {block.text: block for block in document.blocks}
    assert by_text["第一章　在路上"].kind is BlockKind.HEADING
    assert by_text["引用的话。"].kind is BlockKind.QUOTATION
    assert by_text['如果 真:\n    打印("你好")'].kind is BlockKind.CODE
    assert by_text["小项"].level == 2
    assert by_text["一个圆点"].kind is BlockKind.IMAGE
    assert by_text["In English"].language == "en"
    assert Mark(3, 4, MarkKind.STRONG) in by_text["他在银行工作，后来去了北京大学。"].marks
    note = by_text["脚注的文字。"]
    said = next(block for block in document.blocks if block.text.startswith("他说1得"))
    assert note.kind is BlockKind.FOOTNOTE
    assert note.id == said.marks[-1].get("target")
    assert document.resources[0].data == books.png()


def test_words_across_lines_and_existing_ruby(everything: Path) -> None:
    texts = [block.text for block in read(everything).blocks]
    assert "床前明月光，疑是地上霜。银行。" in texts
    assert "漢字和注音。" in texts
    assert any(text.endswith("换行的中文。") for text in texts)


def from_book(*bodies: str, **more: Any) -> Document:
    return read_bytes(books.chapters(*bodies, **more), suffix=".epub")


def marks(block: Block, kind: MarkKind) -> list[tuple[str, str]]:
    return [
        (block.text[m.start : m.end], m.get("target") or m.get("href"))
        for m in block.marks
        if m.kind is kind
    ]


@pytest.mark.parametrize("type", ['epub:type="noteref"', 'role="doc-noteref"', 'id="r"'])
@pytest.mark.parametrize("place", ["", "1.xhtml"])
def test_references_to_notes_are_kept_here_and_across_documents(type: str, place: str) -> None:
    back = "0.xhtml" if place else ""
    text = f'<p>他说<a {type} href="{place}#n">[1]</a>得对。</p>'
    note = f'<aside id="n"><p><a href="{back}#r">[1]</a> 注释。</p></aside>'
    if 'id="r"' not in type:
        note = '<aside id="n" epub:type="footnote" role="doc-footnote"><p>注释。</p></aside>'
    found = from_book(text, note) if place else from_book(text + note)
    said, explained = found.blocks
    assert said.text == "他说[1]得对。"
    assert (explained.kind, explained.text) == (BlockKind.FOOTNOTE, "注释。")
    assert marks(said, MarkKind.NOTE_REFERENCE) == [("[1]", explained.id)]
    assert explained.id


def test_links_lead_into_the_book() -> None:
    first, second = from_book(
        '<p>见<a href="1.xhtml">下章</a>和<a href="1.xhtml#p">下文</a>，'
        '<a href="a.pdf">外面</a>，<a href="https://example.org/">网上</a>。</p>',
        '<div id="x"><p>下<span id="p">章</span><i id="q">的</i>话。</p></div>',
    ).blocks
    assert marks(first, MarkKind.LINK) == [
        ("下章", "#d1"),
        ("下文", "#d1-p"),
        ("网上", "https://example.org/"),
    ]
    anchors = [m.get("id") for m in second.marks if m.kind is MarkKind.ANCHOR]
    assert second.id == "d1-x"
    assert sorted(anchors) == ["d1", "d1-p"]


PARTS = (
    "<p>新<ins>加</ins>的<dfn>词</dfn>，<cite>书</cite>。</p>"
    "<ol start='3'><li>甲</li><li>乙</li></ol>"
    "<table><tr><th>名</th><td>值</td></tr></table><dl><dt>词</dt><dd>解</dd></dl>"
    '<p>公式<math xmlns="http://www.w3.org/1998/Math/MathML"><msup><mi>x</mi><mn>2</mn></msup></math>。'
    "</p>"
)


def test_a_book_gives_what_a_page_gives() -> None:
    page = read_bytes(f"<html><body>{PARTS}</body></html>".encode(), suffix=".html", whole=True)
    assert from_book(PARTS).blocks == page.blocks
    kinds = [mark.kind for mark in page.blocks[0].marks]
    assert kinds == [MarkKind.UNDERLINE, MarkKind.EMPHASIS, MarkKind.EMPHASIS]
    assert [block.ordinal for block in page.blocks[1:3]] == ["3.", "4."]
    assert page.blocks[3].text == "名\u3000值"
    assert page.blocks[-1].text == "公式x2。"


def test_hidden_notes_are_notes_and_other_hidden_text_is_counted() -> None:
    document = from_book(
        '<p>他<a epub:type="noteref" href="#n">*</a>说。</p><p hidden="">不见</p>'
        '<section hidden=""><aside id="n" epub:type="footnote">注。</aside></section>'
    )
    assert [(b.kind.value, b.text) for b in document.blocks] == [
        ("paragraph", "他*说。"),
        ("footnote", "注。"),
    ]
    assert [count_of(warning) for warning in document.warnings] == [2]


def test_a_cover_drawn_as_svg_is_a_picture() -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<image xlink:href="c.png"/></svg>'
    )
    document = from_book(f"<div>{svg}</div><p>甲</p>", more={"c.png": books.png()})
    assert [block.kind for block in document.blocks] == [BlockKind.IMAGE, BlockKind.PARAGRAPH]
    assert document.resources[0].data == books.png()


def test_what_of_a_book_is_not_read_is_said() -> None:
    data = books.unpacked(
        books.chapters("<p>甲</p>", more={"more.xhtml": books.page("<p>乙丙</p>")})
    )
    data["OEBPS/content.opf"] = data["OEBPS/content.opf"].replace(
        b"</manifest><spine>",
        b'<item id="a" href="gone.xhtml" media-type="application/xhtml+xml"/>'
        b'<item id="b" href="a.svg" media-type="image/svg+xml"/></manifest><spine>'
        b'<itemref idref="a"/><itemref idref="b"/>',
    )
    data["OEBPS/a.svg"] = b"<svg/>"
    document = read_bytes(books.packed(data), suffix=".epub")
    assert document.text == "甲"
    said = "\n".join(warning.message for warning in document.warnings)
    assert "gone.xhtml: in the spine, but not in the book" in said
    assert "a.svg: image/svg+xml is not read" in said
    assert (
        "documents outside the reading order: 1 part, 2 characters, in OEBPS/more.xhtml: “乙丙”"
        in said
    )


@pytest.mark.parametrize("package", ["en", "zh-CN"])
def test_a_book_that_says_it_is_english_is_read_and_that_is_said(package: str) -> None:
    document = from_book("<p>他在银行工作。</p><p>1999</p>", lang="en", package=package)
    assert document.metadata.language == "zh"
    assert [block.language for block in document.blocks] == ["", ""]
    messages = [w.message for w in document.warnings if w.code == "foreign-language"]
    assert messages
    assert all("said to be en; read as Chinese" in message for message in messages)


def test_an_english_chapter_stays_english() -> None:
    document = from_book("<p>He said 你好 to them all.</p>", lang="en")
    assert [block.language for block in document.blocks] == ["en"]
    assert document.warnings == ()


def test_marks_go_on_through_blocks() -> None:
    for block in from_book("<span lang='ja'><b><p>甲</p><p>乙</p></b></span>").blocks:
        assert [m.kind for m in block.marks] == [MarkKind.LANGUAGE, MarkKind.STRONG]


def test_a_hostile_book_is_refused_here_too(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"PK\3\4")
    with pytest.raises(ContainerError, match="not a zip file"):
        read(path)


@examples(32)
@given(xhtml())
def test_what_is_well_formed_needs_no_mending(data: bytes) -> None:
    text = data.decode().replace("\r\n", "\n")
    assert canonical(mended(text).encode()) == canonical(text.encode())


@examples(32)
@given(xhtml(), st.data())
def test_broken_documents_are_repaired_or_refused(data: bytes, draw: st.DataObject) -> None:
    """Whatever is cut out of a document, what comes back is well-formed."""
    text = data.decode()
    start = draw.draw(st.integers(0, len(text)))
    broken = text[:start] + text[start + draw.draw(st.integers(0, 12)) :]
    with suppress(SourceError):
        source, _, _ = read_xhtml(broken.encode(), name="x.xhtml")
        assert scan(source.data).source == source.data


@given(st.text(alphabet="<>/&;!-[]'\"= abp银行\n", max_size=60))
def test_repair_ends(text: str) -> None:
    error = SourceError("not well-formed", path="x.xhtml")
    with suppress(SourceError):
        repaired = repair(f"<html><body>{text}</body></html>", error)
        assert scan(repaired.encode()).source == repaired.encode()
