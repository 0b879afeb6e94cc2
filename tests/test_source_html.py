"""Saved pages: the main text, its structure, and nothing from outside."""

from __future__ import annotations

import base64
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from reader.annotation import annotate
from reader.errors import ReaderError, SourceError
from reader.model import BlockKind, Document, MarkKind
from reader.options import SourceOptions
from reader.sources.html import read_html
from reader.writers import write
from tests.books import png
from tests.samples import LAYERS

SENTENCE = "張江高科技園區成立於一九九二年，是中國最早的高新區之一，三十年來引來了許多企業。"


def read(page: str | bytes, path: Path | None = None, **choices: Any) -> Document:
    data = page.encode() if isinstance(page, str) else page
    return read_html(data, path=path, options=SourceOptions(**choices))


INLINE = st.sampled_from(("b", "i", "a", "span", "code", "sup", "u"))
BLOCK = st.sampled_from(("p", "div", "blockquote", "section", "ul><li", "h2", "pre", "td"))
WORDS = st.text(st.sampled_from("張江高科技園區ab ，。"), min_size=1, max_size=6)


def wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def around(name: str, content: str) -> str:
        names = name.split("><")
        return f"<{name}>{content}" + "".join(f"</{each}>" for each in reversed(names))

    names = st.one_of(INLINE, BLOCK)
    return st.builds(around, names, st.lists(inner, min_size=1, max_size=3).map("".join))


@settings(max_examples=150, deadline=None)
@given(st.recursive(WORDS, wrapped, max_leaves=12))
def test_no_character_is_lost_or_doubled(body: str) -> None:
    page = f"<!DOCTYPE html><body><p>甲</p>{body}<p>乙</p></body>"
    document = read(page, whole=True)
    text = "".join("".join(block.text for block in document.blocks).split())
    source = "".join(part.partition(">")[2] if "<" in page else "" for part in page.split("<"))
    assert text == "".join(source.split())


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(lambda t: f"<p>好{t}".encode("utf-8", "replace"))
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(ReaderError):
        read(data, whole=True)


def page(body: str, head: str = "") -> str:
    menu = "".join(f'<li><a href="/{n}">欄目{n}</a></li>' for n in range(9))
    return (
        f'<html lang="zh-HK"><head><title>題 - 某網</title>{head}</head><body>'
        f'<div class="nav"><ul>{menu}</ul></div><div class="content">{body}</div>'
        '<div class="footer">版權所有</div></body></html>'
    )


def test_the_main_text_is_found() -> None:
    body = "<h1>題目</h1>" + f"<p>{SENTENCE}<b>粗</b></p>" * 5
    document = read(page(body))
    assert [block.kind for block in document.blocks[:2]] == [BlockKind.TITLE, BlockKind.PARAGRAPH]
    assert "版權所有" not in document.text
    assert "欄目" not in document.text
    assert "版權所有" in read(page(body), whole=True).text


def test_metadata() -> None:
    head = (
        '<meta property="og:title" content="題"><meta name="author" content="王芳">'
        '<meta property="article:published_time" content="2025-03-01T08:00:00+08:00">'
    )
    metadata = read(page(f"<p>{SENTENCE}</p>" * 5, head)).metadata
    assert (metadata.title, metadata.authors, metadata.date) == ("題", ("王芳",), "2025-03-01")
    assert metadata.language == "zh-Hant-HK"


def test_what_no_output_can_carry_is_left_out_of_metadata_and_languages() -> None:
    markup = (
        '<html lang="中文"><head><meta name="author" content="王&#1;芳"></head>'
        '<body><p lang="zh CN">他說<i lang="x<y">好</i>。</p></body></html>'
    )
    document = read(markup, whole=True)
    assert document.metadata.authors == ("王芳",)
    assert document.metadata.language == "zh"
    assert [block.language for block in document.blocks] == [""] * len(document.blocks)
    for name in ("epub", "tei", "html"):
        write(replace(document, layers=LAYERS), BytesIO(), to=name)


CONTROLS = ("\x01", "\x0b", "&#1;", "&#x1F;", "&#xFFFE;", "\uffff")
PNG = base64.b64encode(png()).decode()
CONTROLLED = f"""<title>題{{0}}目</title><meta name="author" content="王{{0}}芳">
<h1 id="a{{0}}b">題{{0}}目</h1><p class="x{{0}}">他在
<img alt="圓{{0}}點" src="data:image/png;base64,{PNG}">
<a href="https://example.org/a{{0}}b" title="x{{0}}">重{{0}}慶</a>的
<a href="#a{{0}}b">銀行</a>工作。</p>
<ruby>長<rt>zh{{0}}ang3</rt></ruby><pre id="y{{0}}">甲{{0}}
乙</pre><table><tr><td>丙{{0}}</td><td>丁</td></tr></table><ol><li value="3{{0}}">戊</ol>"""


@pytest.mark.parametrize("control", CONTROLS)
def test_controls_are_left_out_of_text_and_attributes_with_a_warning(control: str) -> None:
    for whole in (True, False):
        found = read(CONTROLLED.format(control), whole=whole)
        assert replace(found, warnings=()) == read(CONTROLLED.format(""), whole=whole)
        if found != read(CONTROLLED.format(""), whole=whole):
            assert {warning.code for warning in found.warnings} == {"control-character"}
        for to in ("html", "epub", "tei"):
            write(annotate(found), BytesIO(), to=to)
    assert found.warnings or control.startswith("&#")


def test_a_page_that_hides_itself_is_read_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    for attribute in ("hidden", "style='display:none'", "style='display:none' class='a<b'"):
        document = read(f"<html {attribute}><body {attribute}><p>{SENTENCE}</p></body></html>")
        assert [block.text for block in document.blocks] == [SENTENCE]
    assert capfd.readouterr() == ("", "")


def test_ruby_scripts_and_hidden_text_are_left_out() -> None:
    body = (
        "<p><ruby>蓋<rb>章</rb><rp>(</rp><rt>gài</rt><rp>)</rp></ruby>經濟<script>x()</script>"
        '<style>p{}</style><span hidden>甲</span><i style="display: none">乙</i></p>'
    )
    assert [block.text for block in read(body, whole=True).blocks] == ["蓋章經濟"]


def test_links_languages_breaks_and_anchors() -> None:
    body = '<p>甲<a href="#x" id="y">乙</a><i lang="en">two</i><br>丙</p>'
    (block,) = read(body, whole=True).blocks
    assert block.text == "甲乙two丙"
    found = [(mark.kind, mark.start, mark.end, mark.attributes) for mark in block.marks]
    assert (
        found
        == [
            (MarkKind.ANCHOR, 1, 1, (("id", "y"),)),
            (MarkKind.LINK, 1, 2, (("href", "#x"),)),
            (MarkKind.EMPHASIS, 2, 5, ()),
            (MarkKind.LINE_BREAK, 5, 5, ()),
        ]
        or (MarkKind.LANGUAGE, 2, 5, (("lang", "en"),)) in found
    )


def test_footnotes_in_the_manner_of_wikipedia() -> None:
    body = (
        '<p>甲<sup id="r1"><a href="#n1">[1]</a></sup></p>'
        '<ol><li id="n1"><a href="#r1">↑</a> 註腳</li></ol>'
    )
    text, note = read(body, whole=True).blocks
    assert (note.kind, note.text, note.id) == (BlockKind.FOOTNOTE, "註腳", "n1")
    assert [m.get("target") for m in text.marks if m.kind is MarkKind.NOTE_REFERENCE] == ["n1"]


def test_pictures_in_the_page_and_beside_it(tmp_path: Path) -> None:
    data = base64.b64encode(b"\x89PNG").decode()
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8")
    body = (
        f'<figure><img src="data:image/png;base64,{data}" alt="園區">'
        "<figcaption>圖為園區</figcaption></figure>"
        '<p>甲<img src="a.jpg"><img src="//example.org/b.png"></p>'
    )
    document = read(body, tmp_path / "p.html", whole=True)
    kinds = [block.kind for block in document.blocks]
    assert kinds == [BlockKind.IMAGE, BlockKind.CAPTION, BlockKind.PARAGRAPH]
    assert [resource.data for resource in document.resources] == [b"\x89PNG", b"\xff\xd8"]
    assert [warning.code for warning in document.warnings] == ["image-left-out"]


@pytest.mark.parametrize("name", ["utf-8", "gb2312", "gbk", "big5", "utf-16"])
def test_encodings(name: str) -> None:
    text = "张江高科技园区" if name.startswith("gb") else "張江高科技園區的人"
    markup = f'<html><head><meta charset="{name}"></head><body><p>{text}</p></body></html>'
    assert read(markup.encode(name), whole=True).text == text


def test_a_declaration_that_lies_is_not_believed() -> None:
    markup = '<meta charset="utf-8"><p>张江高科技园区的人们说这是一个好地方</p>'
    assert "张江" in read(markup.encode("gb18030"), whole=True).text


@pytest.mark.parametrize(
    "data", [b"", b"<html></html>", b"<script>x</script>", b"%PDF-1.7", b"<b>" * 50_000]
)
def test_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read(data)


def test_paragraphs_that_old_pages_part_with_breaks() -> None:
    page = (
        "<html lang=zh><body><font>楼主说：<b>银行。<br><br>　　第二</b>段。<br>　　第三段<br>一行"
        "</font></body></html>"
    )
    document = read_html(page.encode(), path=None, options=SourceOptions(whole=True))
    texts = [block.text for block in document.blocks]
    assert texts == ["楼主说：银行。", "　　第二段。", "　　第三段一行"]
    marks = [[(m.start, m.end, m.kind.value) for m in block.marks] for block in document.blocks]
    assert marks == [[(4, 7, "strong")], [(0, 4, "strong")], [(5, 5, "line-break")]]


def test_menus_in_a_table_of_layout_are_left_out() -> None:
    text = "他在银行工作了很多年，后来去了重庆。" * 5
    page = f"<table><tr><td><nav><a href='/'>首页</a></nav>{text}</td></tr></table>"
    assert [block.text for block in read(page).blocks] == [text]
