"""Saved pages: the main text, its structure, and nothing from outside."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from reader.annotation import annotate
from reader.errors import ReaderError, SourceError
from reader.model import BlockKind, Document, MarkKind
from reader.options import SourceOptions
from reader.sources.html import read_html
from reader.sources.losses import count_of
from reader.writers import write
from tests import pages
from tests.books import png
from tests.laws import examples
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


@examples(50)
@given(st.recursive(WORDS, wrapped, max_leaves=12))
def test_no_character_is_lost_or_doubled(body: str) -> None:
    page = f"<!DOCTYPE html><body><p>甲</p>{body}<p>乙</p></body>"
    document = read(page, whole=True)
    text = "".join("".join(block.text for block in document.blocks).split())
    source = "".join(part.partition(">")[2] if "<" in page else "" for part in page.split("<"))
    assert text == "".join(source.split())


@examples(40)
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


# What a page's text is, and what stands beside it


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("shape", pages.SHAPES)
def test_all_of_the_text_is_kept_and_what_is_beside_it_is_counted(shape: str) -> None:
    made = pages.SHAPES[shape]()
    document = read(pages.plain(made))
    text = squeezed(document.text)
    assert [piece for piece in pages.kept(made) if squeezed(piece) not in text] == []
    assert [piece for piece in pages.left(made) if squeezed(piece) in text] == []
    beside = sum(len(squeezed(piece)) for piece in pages.left(made))
    assert sum(map(count_of, document.warnings)) >= beside


@pytest.mark.parametrize("shape", pages.SHAPES)
def test_the_title_is_the_h1_and_no_other_heading(shape: str) -> None:
    made = pages.plain(pages.SHAPES[shape]())
    titles = [b.text for b in read(made).blocks if b.kind is BlockKind.TITLE]
    heading = re.search(r"<h1[^>]*>([^<]*)</h1>", made)
    assert titles == ([heading[1]] if heading and shape != "title_in_h2" else [])


def test_all_of_a_page_can_be_had() -> None:
    made = pages.news()
    text = squeezed(read(pages.plain(made), whole=True).text)
    pieces = [*pages.kept(made), *pages.left(made)]
    assert [piece for piece in pieces if squeezed(piece) not in text] == []


def test_warnings_say_what_was_left_out_and_where() -> None:
    page = (
        "<html><body>\n<nav><a href='/'>首页</a> <a href='/n'>新闻</a></nav>\n"
        f"<p>{SENTENCE}</p>\n<p hidden>不见</p>\n<script>var a = '字';</script>\n"
        "<!-- 编者的话 -->\n<div class='comments'>说得好。</div></body></html>"
    )
    document = read(page)
    assert document.text == SENTENCE
    assert [(warning.code, warning.line, warning.message) for warning in document.warnings] == [
        ("left-out", 2, "left out as navigation: 1 part, 4 characters, “首页 新闻”"),
        ("left-out", 4, "left out as hidden text: 1 part, 2 characters, “不见”"),
        ("left-out", 5, "left out as scripts and styles: 1 part, 9 characters, “var a = '字';”"),
        ("left-out", 6, "left out as comments in the markup: 1 part, 4 characters, “编者的话”"),
        ("left-out", 7, "left out as readers' comments: 1 part, 4 characters, “说得好。”"),
    ]


@pytest.mark.parametrize("hiding", ['style="visibility: hidden"', 'style="display:none"', "hidden"])
def test_a_text_that_a_script_is_to_show_is_read(hiding: str) -> None:
    page = f"<div>分享</div><div id=text {hiding}>{f'<p>{SENTENCE}</p>' * 3}</div>"
    assert read(page).text.count(SENTENCE) == 3


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>甲。</p></body></html><p>乙。</p>丙",
        "<ul>甲<li>乙</li>丙</ul>",
        "<table><tr>甲<td>乙</td>丙</tr></table>",
        "<p>甲<math><mi>乙</mi><mo>丙</mo></math></p>",
        "<form><p>甲乙丙</p><input></form>",
        "<p>甲<a name=n></a><b>乙<p>丙</b>",
    ],
)
def test_no_place_loses_its_text(page: str) -> None:
    assert squeezed(read(page).text).replace("。", "") == "甲乙丙"


def test_what_is_nested_beyond_the_parser_is_refused() -> None:
    with pytest.raises(SourceError, match="nested too deeply"):
        read("<div>" * 3000 + "甲" + "</div>" * 3000 + "<p>乙</p>")


def test_elements_nested_as_deep_as_the_parser_goes_are_read() -> None:
    assert read("<div><b>" * 1000 + "甲").text == "甲"


def test_a_formula_is_text_with_its_places_as_marks() -> None:
    page = (
        "<p>求<math><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac><mo>=</mo>"
        "<msup><mi>x</mi><mn>2</mn></msup><mo>,</mo><msqrt><mi>y</mi></msqrt></math>。</p>"
    )
    (block,) = read(page).blocks
    assert block.text == "求(a+1)/2=x2,√(y)。"
    assert [(m.kind, block.text[m.start : m.end]) for m in block.marks] == [
        (MarkKind.SUPERSCRIPT, "2")
    ]


def test_a_page_that_says_it_is_english_is_read_and_that_is_said() -> None:
    page = (
        f'<html lang="en-US"><body><p lang="en">{SENTENCE}</p><p lang="en">Hello</p></body></html>'
    )
    document = read(page)
    assert [block.language for block in document.blocks] == ["", "en"]
    messages = [w.message for w in document.warnings if w.code == "foreign-language"]
    assert len(messages) == 2
    assert all("said to be en" in message for message in messages)


def test_cells_with_lists_and_rows_of_one_cell_are_blocks() -> None:
    page = (
        "<table><tr><td colspan=2>甲</td></tr><tr><td>乙</td><td>丙</td></tr>"
        "<tr><td><ol start=3><li>丁</li></ol></td><td>戊</td></tr></table>"
    )
    found = [(b.kind.value, b.text, b.ordinal) for b in read(page).blocks]
    assert found == [
        ("paragraph", "甲", ""),
        ("row", "乙\u3000丙", ""),
        ("list-item", "丁", "3."),
        ("paragraph", "戊", ""),
    ]


def test_marks_go_on_through_blocks() -> None:
    page = "<span lang=ja><a href='#x'><p>甲</p><p>乙</p></a></span>"
    for block in read(page).blocks:
        assert [m.kind for m in block.marks] == [MarkKind.LANGUAGE, MarkKind.LINK]


def test_every_id_can_be_led_to() -> None:
    page = '<div id="a"><section id="b"><p id="c">甲</p></section></div><p><a id="d"></a>乙</p>'
    blocks = read(page).blocks
    ids = [m.get("id") for b in blocks for m in b.marks if m.kind is MarkKind.ANCHOR]
    assert sorted([*filter(None, (b.id for b in blocks)), *ids]) == ["a", "b", "c", "d"]


def test_a_chapter_that_links_back_to_the_contents_is_no_note() -> None:
    page = (
        '<ul><li><a id="t1" href="#c1">1</a></li></ul>'
        '<h2 id="c1"><a href="#t1">一</a></h2><div id="d"><h3>甲</h3><a href="#t1">1</a></div>'
    )
    kinds = {block.kind for block in read(page, whole=True).blocks}
    assert BlockKind.FOOTNOTE not in kinds


def test_notes_whose_target_is_in_a_line() -> None:
    page = (
        '<p>他说<a id="r1" href="#n1">①</a>得对。</p><p><a id="n1" href="#r1">①</a> 注释的话。</p>'
    )
    text, note = read(page, whole=True).blocks
    assert text.text == "他说①得对。"
    assert (note.kind, note.text, note.id) == (BlockKind.FOOTNOTE, "注释的话。", "n1")


def test_a_comment_before_the_sign_of_a_note_is_no_text() -> None:
    page = (
        '<p>他说<a id="r1" href="#n1">①</a>得对。</p>'
        '<p><!-- 注 --><a id="n1" href="#r1">①</a> 注释的话。</p>'
    )
    assert read(page, whole=True).blocks[1].kind is BlockKind.FOOTNOTE


@pytest.mark.parametrize("whole", [False, True])
def test_empty_elements_of_xhtml_are_empty(whole: bool) -> None:
    page = (
        '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" '
        '"http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="zh"><head><title/>'
        f'<script src="a.js"/></head><body><a id="a"/><h1>题</h1><p>甲&nbsp;乙{SENTENCE}</p>'
        "<textarea/><p>丙<br/>丁</p></body></html>"
    )
    blocks = read(page, whole=whole).blocks
    assert [block.text for block in blocks] == ["题", f"甲\xa0乙{SENTENCE}", "丙丁"]
    assert blocks[0].kind is BlockKind.TITLE


def test_what_follows_a_place_to_break_is_kept() -> None:
    document = read("<p>北京银<wbr>行很大</p><p>长<wbr/>江</p>")
    assert [block.text for block in document.blocks] == ["北京银行很大", "长江"]


def test_places_to_break_are_not_nested() -> None:
    assert len(read(f"<p>{'银<wbr>行<WBR class=x />' * 2000}</p>").text) == 4000


def test_rows_know_where_their_table_begins_and_what_is_its_head() -> None:
    head = "<thead><tr><th>书名<th>作者</thead>"
    page = f"<p>前</p><table>{head}<tr><td>红楼　梦<td>曹</table><table><tr><th>甲<td>乙</table>"
    found = [(b.kind.value, b.text, b.level) for b in read(f"<html lang=zh>{page}").blocks]
    assert found == [
        ("paragraph", "前", 1),
        ("row", "书名\u3000作者", 3),
        # What divides cells stands in none of them.
        ("row", "红楼 梦\u3000曹", 1),
        ("row", "甲\u3000乙", 2),
    ]
