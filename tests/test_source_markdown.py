"""Markdown: its inline structure as marks, its blocks as blocks, its images beside it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader.errors import ReaderError, SourceError
from reader.model import Block, BlockKind, Document, MarkKind
from reader.options import SourceOptions
from reader.sources.losses import count_of
from reader.sources.markdown import read_markdown
from tests.laws import examples

PIXEL = b"\x89PNG\r\n\x1a\n"


def read(text: str, path: Path | None = None) -> Document:
    return read_markdown(text.encode(), path=path, options=SourceOptions())


def covered(block: Block) -> list[tuple[str, str]]:
    return [(mark.kind.value, block.text[mark.start : mark.end]) for mark in block.marks]


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in document.blocks]


@examples(50)
@given(st.text() | st.text(st.sampled_from("甲乙a *_`[]()!#>-1.|\n\t<&>\\~^:\"'{}"), max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ReaderError):
        document = read(text.encode("utf-8", "replace").decode())
        for block in document.blocks:
            assert block.kind is BlockKind.CODE or "\n" not in block.text


@examples(40)
@given(st.lists(st.text(st.sampled_from("張江高科技園區"), min_size=1, max_size=8), min_size=1))
def test_words_of_every_paragraph_are_kept(words: list[str]) -> None:
    document = read("\n\n".join(f"{word}**{word}**\n續{word}" for word in words))
    assert [block.text for block in document.blocks] == [f"{w}{w}續{w}" for w in words]


def test_inline_structure() -> None:
    (block,) = read("張江*高*科**技**`x`[園](https://a.b/)~~區~~").blocks
    assert block.text == "張江高科技x園區"
    assert covered(block) == [
        ("emphasis", "高"),
        ("strong", "技"),
        ("code", "x"),
        ("link", "園"),
        ("strike", "區"),
    ]


def test_headings_lists_quotations_code_tables() -> None:
    document = read(
        "# 題\n\n文：王芳\n\n## 節\n\n3. 甲\n   - 乙\n4. 丙\n\n> 丁\n\n```\n戊\n  己\n```\n\n"
        "| 庚 | 辛 |\n|---|---|\n| 壬 | 癸 |\n\n---\n"
    )
    assert kinds(document) == [
        ("title", "題"),
        ("byline", "文：王芳"),
        ("heading", "節"),
        ("list-item", "甲"),
        ("list-item", "乙"),
        ("list-item", "丙"),
        ("quotation", "丁"),
        ("code", "戊\n  己"),
        ("row", "庚\u3000辛"),
        ("row", "壬\u3000癸"),
        ("separator", ""),
    ]
    items = [block for block in document.blocks if block.kind is BlockKind.LIST_ITEM]
    assert [(item.ordinal, item.level) for item in items] == [("3.", 1), ("", 2), ("4.", 1)]
    assert (document.metadata.title, document.metadata.authors) == ("題", ("王芳",))


def test_footnotes() -> None:
    text, note = read("甲[^a]乙。\n\n[^a]: 註*腳*。\n").blocks
    (reference,) = [m for m in text.marks if m.kind is MarkKind.NOTE_REFERENCE]
    assert (note.kind, note.text, note.id) == (
        BlockKind.FOOTNOTE,
        "註腳。",
        reference.get("target"),
    )
    assert text.text == "甲[1]乙。"


def test_line_ends_between_chinese_characters_are_no_spaces() -> None:
    (block,) = read("一行\n二行\nthree\nfour  \n五").blocks
    assert block.text == "一行二行 three four五"
    assert [(m.kind, m.start) for m in block.marks] == [
        (MarkKind.LINE_BREAK, len("一行二行 three four"))
    ]


def test_images_beside_the_text(tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "圖 1.png").write_bytes(PIXEL)
    (tmp_path / "secret.png").write_bytes(PIXEL)
    (tmp_path / "book" / "link.png").symlink_to(tmp_path / "secret.png")
    text = (
        "![園區](圖%201.png)\n\n甲![](圖%201.png)乙\n\n![](../secret.png)![](link.png)"
        "![](https://example.org/x.png)![](/etc/passwd)![](lost.png)![](file:///etc/x.png)\n"
    )
    document = read(text, tmp_path / "book" / "a.md")
    picture, inline = document.blocks
    assert (picture.kind, picture.text, picture.resource) == (BlockKind.IMAGE, "園區", "圖 1.png")
    assert [(m.kind, m.get("resource")) for m in inline.marks] == [(MarkKind.IMAGE, "圖 1.png")]
    assert [(r.name, r.data) for r in document.resources] == [("圖 1.png", PIXEL)]
    assert len(document.warnings) == 6
    assert {warning.code for warning in document.warnings} == {"image-left-out"}


def test_a_header_of_fields() -> None:
    text = '---\ntitle: "題"\nauthor: [甲, 乙]\ndate: 2025-03-01\nlang: zh-TW\n---\n丙\n'
    metadata = read(text).metadata
    assert (metadata.title, metadata.authors, metadata.date) == ("題", ("甲", "乙"), "2025-03-01")
    assert metadata.language == "zh-Hant-TW"


@pytest.mark.parametrize(
    "data",
    [b"", b" \n", b"x " + b"<b>" * 50_000, b"\x00\x01\x02\xff" * 9, b"<!-- -->", b"%PDF-1.7"],
)
def test_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(SourceError):
        read_markdown(data, path=Path("a.md"), options=SourceOptions())


@pytest.mark.parametrize("depth", [20, 60, 99])
def test_lists_as_deep_as_anybody_writes_them(depth: int) -> None:
    text = "".join(f"{'  ' * level}- 第{level}层\n" for level in range(depth))
    blocks = read(text).blocks
    assert [block.text for block in blocks] == [f"第{level}层" for level in range(depth)]
    assert [block.level for block in blocks] == list(range(1, depth + 1))


@pytest.mark.parametrize("depth", [25, 150])
def test_quotations_in_quotations(depth: int) -> None:
    assert kinds(read("> " * depth + "引文\n")) == [("quotation", "引文")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\ntitle: 題\n---\n甲\n\n" + "> " * 250 + "乙\n", 6),
        ("".join(f"{'  ' * level}- 甲\n" for level in range(150)), 100),
        ("> " * 60 + "甲\n" + "乙\n" * 2_500, 1),
    ],
)
def test_what_is_nested_too_deeply_is_refused_by_its_line(text: str, line: int) -> None:
    with pytest.raises(SourceError, match="nested more than") as caught:
        read(text, Path("a.md"))
    assert caught.value.line == line


def test_what_commonmark_leaves_out_is_kept() -> None:
    document = read(
        "甲[^a]。\n\n[^a]: 注一\n\n[^b]: 没人提\n\n"
        "| 子 | 丑 |\n|---|---|\n| 寅 | 卯 | 辰 \\| 巳 |\n\n"
        "[注]: 见上文。\n"
    )
    assert [text for _, text in kinds(document)] == [
        "甲[1]。",
        "没人提",
        "子\u3000丑",
        "寅\u3000卯\u3000辰 | 巳",
        "[注]: 见上文。",
        "注一",
    ]
    assert document.warnings == ()


def test_what_is_left_out_is_counted_by_its_line() -> None:
    document = read(
        "---\ntitle: 題\ntags: 甲\n---\n甲\n\n<!-- 乙 -->\n\n"
        "[丙]: https://a.b/丁\n\n```js 例\nx\n```\n"
    )
    assert [(warning.line, count_of(warning)) for warning in document.warnings] == [
        (2, 6),
        (11, 3),
        (9, 17),
        (None, 1),
    ]


def test_a_header_that_says_english_is_not_believed() -> None:
    document = read("---\nlang: en\n---\n他在银行工作。\n")
    assert document.metadata.language == "zh"
    assert [warning.code for warning in document.warnings] == ["foreign-language"]
