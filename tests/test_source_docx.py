"""Word documents: structure kept, hostile containers refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.errors import ContainerError, SourceError
from reader.model import BlockKind, Document, MarkKind
from reader.options import SourceOptions
from reader.sources.docx import read_docx
from tests.books import packed
from tests.word import FOOTNOTE, PICTURE, document, link, paragraph, run


def read(data: bytes) -> Document:
    return read_docx(data, path=Path("a.docx"), options=SourceOptions())


def test_structure() -> None:
    found = read(
        document(
            paragraph(run("題目"), style="Title"),
            paragraph(run("甲"), run("乙", "b"), run("丙", "i"), link("丁"), FOOTNOTE),
            paragraph(run("節"), style="H1"),
            paragraph(run("小節"), style="H2"),
            paragraph(run("一"), level=0),
            paragraph(run("二"), level=1),
            paragraph(PICTURE),
            paragraph(run("引"), style="Q"),
        )
    )
    assert [(block.kind.value, block.text, block.level) for block in found.blocks] == [
        ("title", "題目", 1),
        ("paragraph", "甲乙丙丁[1]", 1),
        ("heading", "節", 1),
        ("heading", "小節", 2),
        ("list-item", "一", 1),
        ("list-item", "二", 2),
        ("image", "園區", 1),
        ("quotation", "引", 1),
        ("footnote", "註腳內容", 1),
    ]
    kinds = [mark.kind for mark in found.blocks[1].marks]
    assert kinds[:3] == [MarkKind.STRONG, MarkKind.EMPHASIS, MarkKind.LINK]
    assert MarkKind.NOTE_REFERENCE in kinds
    assert found.blocks[6].resource == found.resources[0].name
    assert (found.metadata.title, found.metadata.authors) == ("文件", ("王芳",))
    assert found.metadata.source == "a.docx"


def test_a_word_across_runs_is_one_text() -> None:
    (block,) = read(document(paragraph(run("園"), run("區", "b")))).blocks
    assert (block.kind, block.text) == (BlockKind.PARAGRAPH, "園區")


BOMB = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a zip"),
        (b"PK\x03\x04 nothing", "not a zip"),
        (packed({"a.txt": "x"}), "word/document.xml is missing"),
        (packed({"../x": "x", "word/document.xml": "<a/>"}), "outside"),
        (document(**{"word/big.xml": b" " * (4 << 20)}), "times its compressed size"),
        (document(**{"word/styles.xml": BOMB.encode()}), "document type"),
        (document(**{"word/styles.xml": BOMB.encode("utf-16")}), "document type"),
    ],
    ids=("empty", "damaged", "other", "outside", "bomb", "entities", "entities in UTF-16"),
)
def test_hostile_containers_are_refused(data: bytes, said: str) -> None:
    with pytest.raises(ContainerError, match=said):
        read(data)


@pytest.mark.parametrize(
    "data",
    [document(**{"word/document.xml": b"<a>"}), document(paragraph())],
    ids=("not XML", "no text"),
)
def test_what_cannot_be_read_is_one_message(data: bytes) -> None:
    with pytest.raises(SourceError):
        read(data)
