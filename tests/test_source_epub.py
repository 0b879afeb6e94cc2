"""EPUB as a source, and XHTML that is not quite XML."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from reader.epub.passages import scan
from reader.epub.repair import mended, read_xhtml, repair
from reader.errors import ContainerError, SourceError
from reader.model import BlockKind, Mark, MarkKind
from reader.sources import read
from tests import books
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
    note = by_text["脚注的文字。↩"]
    said = next(block for block in document.blocks if block.text.startswith("他说得"))
    assert note.kind is BlockKind.FOOTNOTE
    assert note.id == said.marks[0].get("target")
    assert document.resources[0].data == books.png()


def test_words_across_lines_and_existing_ruby(everything: Path) -> None:
    texts = [block.text for block in read(everything).blocks]
    assert "床前明月光，疑是地上霜。银行。" in texts
    assert "漢字和注音。" in texts
    assert any(text.endswith("换行的中文。") for text in texts)


def test_a_hostile_book_is_refused_here_too(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"PK\3\4")
    with pytest.raises(ContainerError, match="not a zip file"):
        read(path)


@settings(max_examples=80, deadline=None)
@given(xhtml())
def test_what_is_well_formed_needs_no_mending(data: bytes) -> None:
    text = data.decode().replace("\r\n", "\n")
    assert canonical(mended(text).encode()) == canonical(text.encode())


@settings(max_examples=80, deadline=None)
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
