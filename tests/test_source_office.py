"""Rich Text and OpenDocument: what they say as text, and what is refused or bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from reader import sources
from reader.errors import ReaderError, SourceError
from reader.model import BlockKind, Document, MarkKind
from tests.books import packed
from tests.growth import grows_in_proportion

TEXTS = st.text(st.sampled_from("他们在银行工作。Ab{}\\ 𠮷é-'12"), min_size=1, max_size=30).map(
    lambda text: f"他{text.strip()}。"
)


def rtf(body: str, head: str = "") -> bytes:
    return (r"{\rtf1\ansi\ansicpg936\deff0" + head + body + "}").encode("ascii")


def escaped(text: str, how: str) -> str:
    """A text as RTF says it: by Unicode, or by the bytes of a code page where they are enough."""
    parts = []
    for character in text:
        if character in "\\{}":
            parts.append("\\" + character)
        elif character.isascii():
            parts.append(character)
        elif how == "bytes" and _bytes(character):
            parts.append("".join(f"\\'{byte:02x}" for byte in _bytes(character)))
        else:
            units = character.encode("utf-16-le")
            codes = [int.from_bytes(units[at : at + 2], "little", signed=True) for at in (0, 2)]
            parts += [f"\\u{code}?" for code in codes[: len(units) // 2]]
    return "".join(parts)


def _bytes(character: str) -> bytes:
    return character.encode("gbk", "ignore")


def read(data: bytes, suffix: str = ".rtf") -> Document:
    return sources.read_bytes(data, suffix=suffix)


@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(["bytes", "unicode"]))
def test_rtf_has_its_paragraphs(texts: list[str], how: str) -> None:
    body = "\\par\r\n".join(f"{{\\f0\\b {escaped(text, how)}}}" for text in texts)
    assert [block.text for block in read(rtf(body)).blocks] == texts


def test_what_rtf_says_twice_is_read_once_in_unicode() -> None:
    data = rb"{\rtf1\ansi \u20013?{\upr{x}{\*\ud{\u25991?}}}\u23383?\par}"
    assert sources.read_bytes(data, suffix=".rtf").text == "中文字"


def test_rtf_fonts_levels_notes_headers_and_cells() -> None:
    head = (
        r"{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\fnil\fcharset136 PMingLiU;}}"
        r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}}{\*\generator x;}"
    )
    big5 = "".join(f"\\'{byte:02x}" for byte in "繁體".encode("big5"))
    document = read(
        rtf(
            rf"{{\header {escaped('页眉', 'bytes')}}}\pard\s1 {escaped('标题', 'bytes')}\par\pard "
            rf"{escaped('第一段', 'bytes')}{{\footnote {escaped('注释。', 'unicode')}}}"
            rf"{escaped('还有。', 'bytes')}\par {{\f1 {big5}}}\cell "
            rf"{escaped('格', 'bytes')}\cell\row ",
            head,
        )
    )
    assert [block.text for block in document.blocks] == [
        "标题",
        "第一段还有。",
        "注释。",
        "繁體　格",
    ]
    assert document.blocks[0].kind is BlockKind.HEADING
    assert ["page headers" in warning.message for warning in document.warnings] == [True]


def test_rows_and_lists_of_rtf_are_what_the_file_says() -> None:
    rows = [("树种", "数量"), ("槐树", "五棵")]
    table = "".join(
        "\\trowd " + "".join(rf"{escaped(cell, 'unicode')}\cell " for cell in row) + r"\row "
        for row in rows
    )
    listed = rf"\pard\ls1 {escaped('浇水', 'bytes')}\par {escaped('松土', 'bytes')}\par "
    after = rf"\pard {escaped('他走了', 'bytes')}\par "
    document = read(rtf(rf"{escaped('题目', 'bytes')}\par " + table + listed + after))
    assert [(block.kind.value, block.text) for block in document.blocks][1:-1] == [
        *(("row", "　".join(row)) for row in rows),
        *(("list-item", "浇水"), ("list-item", "松土")),
    ]


@pytest.mark.parametrize("junk", ["{", r"{\pict", "\\'b0", r"\u-1 "])
def test_hostile_rtf_takes_no_longer_than_it_is(junk: str) -> None:
    begin = escaped("好的。", "bytes") + r"\par "
    grows_in_proportion(read, lambda size: rtf(begin + junk * size), 100_000)


def test_pictures_of_rtf_are_leapt_over() -> None:
    def pictures(size: int) -> bytes:
        picture = b"{\\pict\\pngblip " + (b"0123456789abcdef" * 8 + b"\n") * size + b"}"
        return b"{\\rtf1\\ansi " + picture + b"{\\pict\\bin4 }}{\\}" + rb"\u22909?\u30340?\par}"

    document = read(pictures(150_000))
    assert document.text == "好的"
    assert [w.message for w in document.warnings] == [
        "2 images were left out: none is read from this format"
    ]
    grows_in_proportion(read, pictures, 150_000)


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"hello", "is no RTF"), (b"{\\rtf1 Hello}", "no Chinese"), (b"{\\rtf1 }", "is empty")],
)
def test_what_is_no_rtf_is_one_message(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read(data)


NAMES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        *[("office", "office"), ("text", "text"), ("table", "table"), ("style", "style")],
        ("fo", "xsl-fo-compatible"),
        ("draw", "drawing"),
        ("svg", "svg-compatible"),
    ]
)


def odt(body: str, styles: str = "", members: dict[str, bytes] | None = None) -> bytes:
    content = (
        f'<office:document-content {NAMES} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    return packed({"content.xml": content, **(members or {})})


def test_odt_has_headings_lists_tables_notes_ruby_and_emphasis() -> None:
    style = (
        '<style:style style:name="T1"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    document = read(
        odt(
            '<text:p text:style-name="Title">湖</text:p><text:h text:outline-level="1">一</text:h>'
            '<text:p>他<text:span text:style-name="T1">很高</text:span>，<text:s text:c="2"/>走'
            "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注。</text:p>"
            "</text:note-body></text:note>了。<office:annotation><text:p>批注</text:p></office:annotation>"
            "<text:ruby><text:ruby-base>还</text:ruby-base><text:ruby-text>huán</text:ruby-text>"
            "</text:ruby>书</text:p><text:list><text:list-item><text:p>甲</text:p></text:list-item>"
            "</text:list><table:table><table:table-row><table:table-cell><text:p>子</text:p>"
            "</table:table-cell><table:table-cell><text:p>丑</text:p></table:table-cell>"
            "</table:table-row></table:table>",
            style,
        ),
        ".odt",
    )
    found = [(block.kind.value, block.text) for block in document.blocks]
    assert found[:2] == [("title", "湖"), ("heading", "一")]
    assert ("list-item", "甲") in found
    assert ("row", "子　丑") in found
    assert any(kind == "footnote" and "注。" in text for kind, text in found)
    text = document.blocks[2]
    kinds = {mark.kind: text.text[mark.start : mark.end] for mark in text.marks}
    assert kinds[MarkKind.STRONG] == "很高"
    assert kinds[MarkKind.READING] == "还"
    assert any("comments" in warning.message for warning in document.warnings)


def test_pictures_of_odt_are_read_or_named() -> None:
    shown = '<draw:frame><draw:image xlink:href="{}"/><svg:desc>{}</svg:desc></draw:frame>'
    chart = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    frames = [("Pictures/湖.png", "湖"), ("Pictures/a.emf", "山"), ("../out.png", "树")]
    body = "".join(f"<text:p>好{shown.format(*frame)}</text:p>" for frame in frames)
    box = "<draw:frame><draw:text-box><text:p>框里的字</text:p></draw:text-box></draw:frame>"
    data = odt(f"{body}<text:p>{chart}</text:p>{box}", members={"Pictures/湖.png": b"\x89PNG"})
    document = read(data, ".odt")
    assert [(each.name, each.data) for each in document.resources] == [("湖.png", b"\x89PNG")]
    assert [block.text for block in document.blocks] == ["好", "好", "好", "框里的字"]
    assert [warning.message for warning in document.warnings] == [
        "image left out, not an image that books can show: Pictures/a.emf (“山”)",
        "image left out, no such file: ../out.png (“树”)",
        "image left out, not an image that books can show: ./Object 1",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"PK\x03\x04", "zip"),
        (odt("<text:p/>"), "no text"),
        (odt("<text:p>a</text:q>"), "not well-formed"),
    ],
)
def test_what_is_no_odt_is_one_message(data: bytes, message: str) -> None:
    with pytest.raises(ReaderError, match=message):
        read(data, ".odt")


@pytest.mark.parametrize("part", ["<text:s/>", "<text:span>他</text:span>", "<text:bookmark/>好"])
def test_many_spaces_and_spans_take_no_longer_than_they_are(part: str) -> None:
    grows_in_proportion(
        lambda data: read(data, ".odt"),
        lambda size: odt(f"<text:p>好{part * size}</text:p>"),
        30_000,
    )
