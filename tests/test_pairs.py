"""Pairs files and translation memories: written, read back, and refused with their line."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader.alignment import Pair, align, pairs_of, read_pairs, read_tmx, write_pairs, write_tmx
from reader.errors import AlignmentError, WriteError
from reader.markup import etree
from reader.model import Block, Document, Link, Metadata, Segment, Span, Translation
from tests.aligned import PAIRS, check_laws, document, sentence_links, translation_of
from tests.laws import examples

HEADER = "score\tsource\ttarget\n"


@cache
def sample() -> Document:
    chinese = [[zh for zh, _ in PAIRS[:8]], [zh for zh, _ in PAIRS[8:]]]
    english = [f"{PAIRS[0][1][:-1]}, and {PAIRS[1][1]}", *(en for _, en in PAIRS[2:8])]
    return align(document(chinese), document([english, [en for _, en in PAIRS[9:]]], "en"))


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_file_is_what_it_is_said_to_be(tmp_path: Path) -> None:
    write_pairs(sample(), tmp_path / "pairs.tsv")
    rows = (tmp_path / "pairs.tsv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == HEADER.rstrip("\n")
    cells = [row.split("\t") for row in rows[1:]]
    assert all(len(row) == 3 for row in cells)
    assert [PAIRS[0][0] + " ⏎ " + PAIRS[1][0]] == [c for _, c, _ in cells if " ⏎ " in c]
    assert ["", PAIRS[8][0], ""] in cells
    assert all(0 <= float(score) <= 1 for score, _, target in cells if target)


def test_writing_and_reading_keep_links_and_scores(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    write_pairs(sample(), path)
    assert [(p.sources, p.targets) for p in read_pairs(path)] == [
        (p.sources, p.targets) for p in pairs_of(sample())
    ]
    again = align(sample(), translation_of(sample()), anchors=read_pairs(path))
    check_laws(again)
    assert [(x.sources, x.targets) for x in sentence_links(again)] == [
        (x.sources, x.targets) for x in sentence_links(sample())
    ]
    out = io.BytesIO()
    write_pairs(again, out)
    assert out.getvalue() == path.read_bytes()


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    lambda text: text.strip() == text and "⏎" not in text and '""' not in text
)


@examples(30)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=5))
def test_any_sentence_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, some: list[tuple[str, str]]
) -> None:
    blocks = [
        tuple(Block(pair[k], sentences=(Span(0, len(pair[k])),)) for pair in some) for k in (0, 1)
    ]
    links = tuple(Link((Segment(n, 0),), (Segment(n, 0),), 0.5) for n in range(len(some)))
    linked = Document(Metadata(), blocks[0], Translation("en", blocks[1], links))
    path = tmp_path_factory.mktemp("pairs") / "p.tsv"
    write_pairs(linked, path)
    back = read_pairs(path)
    assert [(p.sources, p.targets, p.score) for p in back] == [
        ((" ".join(a.split()),), (" ".join(b.split()),), 0.5) for a, b in some
    ]


def test_what_spreadsheets_do_to_a_file_is_undone(tmp_path: Path) -> None:
    text = '\ufeffscore\tsource\ttarget\r\n0,9\t"「走吧。」"\t"""Go!"" he said."\t\r\n\r\n'
    [pair] = read_pairs(write(tmp_path / "p.tsv", text))
    assert (pair.score, pair.targets, pair.line) == (0.9, ('"Go!" he said.',), 2)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p.tsv:1: the first line must be the header"),
        ("source\ttarget\n", "p.tsv:1: the first line must be the header"),
        (HEADER + "1\t好。\tGood.\n1\t好。\n", "p.tsv:3: a row has 3 cells"),
        (HEADER + "1\t好。\tGood.\tmore\n", "p.tsv:2: a row has 3 cells"),
        (HEADER + "sure\t好。\tGood.\n", "p.tsv:2: a score is a number"),
        (HEADER + "1.5\t好。\tGood.\n", "p.tsv:2: a score is a number"),
        (HEADER + "nan\t好。\tGood.\n", "p.tsv:2: a score is a number"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(AlignmentError) as caught:
        read_pairs(write(tmp_path / "p.tsv", text))
    assert message in str(caught.value)


def test_a_sentence_in_neither_text_is_named_with_its_line(tmp_path: Path) -> None:
    row = f"1\t{PAIRS[2][0]}\tA sentence that stands nowhere.\n"
    path = write(tmp_path / "p.tsv", f"{HEADER}1\t{PAIRS[0][0]}\t\n{row}")
    with pytest.raises(AlignmentError, match=r"p\.tsv:3: this is not in the translation") as caught:
        align(sample(), translation_of(sample()), anchors=read_pairs(path))
    assert "stands nowhere" in str(caught.value)


def test_files_that_cannot_be_read_or_written(tmp_path: Path) -> None:
    with pytest.raises(AlignmentError, match="no such file"):
        read_pairs(tmp_path / "none.tsv")
    (tmp_path / "latin.tsv").write_bytes(b"score\tsource\ttarget\n1\t\xff\xfe\n")
    with pytest.raises(AlignmentError, match="not UTF-8"):
        read_pairs(tmp_path / "latin.tsv")
    with pytest.raises(WriteError):
        write_pairs(sample(), tmp_path / "no" / "pairs.tsv")


def test_tmx_holds_every_pair_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "memory.tmx"
    write_tmx(sample(), path)
    root = etree.parse(str(path)).getroot()
    assert (root.tag, root.get("version"), root[0].tag, root[1].tag) == (
        "tmx", "1.4", "header", "body",
    )  # fmt: skip
    assert root[0].get("srclang") == "zh-Hant"
    back = read_tmx(path)
    linked = [p for p in pairs_of(sample()) if p.sources and p.targets]
    assert ["".join(p.sources) for p in back] == ["".join(p.sources) for p in linked]
    again = align(sample(), translation_of(sample()), anchors=back)
    assert [(x.sources, x.targets) for x in sentence_links(again)] == [
        (x.sources, x.targets) for x in sentence_links(sample())
    ]
    other = tmp_path / "again.tmx"
    write_tmx(sample(), other)
    assert other.read_bytes() == path.read_bytes()


def test_tmx_of_other_programs_is_read(tmp_path: Path) -> None:
    text = """<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd">
    <tmx version="1.4"><header/><body>
      <tu><tuv xml:lang="ZH-CN"><seg>他<bpt i="1">&lt;b></bpt>走<ept i="1"/>了。</seg></tuv>
          <tuv xml:lang="EN-US"><seg>He <hi>left</hi>.</seg></tuv></tu>
      <tu><tuv lang="zh_TW"><seg>好。</seg></tuv><tuv xml:lang="de"><seg>Gut.</seg></tuv></tu>
    </body></tmx>"""
    [pair] = read_tmx(write(tmp_path / "m.tmx", text))
    assert (pair.sources, pair.targets, pair.score) == (("他走了。",), ("He left.",), 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<tmx><body>",
        "<html/>",
        '<!DOCTYPE t [<!ENTITY a "&b;"><!ENTITY b "&a;">]><t>&a;</t>',
    ],
)
def test_what_is_not_tmx_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(AlignmentError, match="not a TMX file"):
        read_tmx(write(tmp_path / "m.tmx", text))


@pytest.mark.parametrize(
    "start", ["=", "+", "@", "-", "'=", "''+", "'", '"=', "\"'=", "=cmd|'/C calc'!A0, "]
)
def test_a_spreadsheet_runs_no_cell_and_the_text_is_read_back(tmp_path: Path, start: str) -> None:
    chinese, english = f"{start}你好，世界。", f"{start}Hello, world."
    links = (Link((Segment(0, 0),), (Segment(0, 0),), 0.9),)
    blocks = tuple(Block(text, sentences=(Span(0, len(text)),)) for text in (chinese, english))
    translation = Translation("en", blocks[1:], links)
    write_pairs(Document(Metadata(), blocks[:1], translation), tmp_path / "pairs.tsv")
    lines = (tmp_path / "pairs.tsv").read_text("utf-8").splitlines()
    assert not {cell[:1] for cell in lines[1].split("\t")} & set("=+@-")
    (pair,) = read_pairs(tmp_path / "pairs.tsv")
    assert (pair.sources, pair.targets) == ((chinese,), (english,))
    # As a spreadsheet saves it, quoted for the comma: `align` takes the quotation marks off.
    saved = "\t".join(f'"{cell}"' if "," in cell else cell for cell in lines[1].split("\t"))
    (pair,) = read_pairs(write(tmp_path / "saved.tsv", HEADER + saved + "\n"))
    assert (pair.sources[0].strip('"'), pair.targets[0].strip('"')) == (
        chinese.strip('"'),
        english.strip('"'),
    )


def test_a_document_without_a_translation_has_no_pairs() -> None:
    assert pairs_of(Document(Metadata(), (Block("好。"),))) == []
    assert Pair(("好。",), ()).score is None


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_pairs_saved_by_a_spreadsheet_are_found(tmp_path: Path, codec: str) -> None:
    """Excel saves tabs in UTF-16, and puts quotation marks around a cell that has a comma."""
    write_pairs(sample(), tmp_path / "pairs.tsv")
    rows = (tmp_path / "pairs.tsv").read_text("utf-8").splitlines()
    cells = [
        [f'"{c.replace(chr(34), 2 * chr(34))}"' if set(c) & {",", '"'} else c for c in row]
        for row in (line.split("\t") for line in rows)
    ]
    saved = "\r\n".join("\t".join(row) for row in cells) + "\r\n"
    (tmp_path / "saved.tsv").write_bytes(saved.encode(codec))
    assert any(cell.startswith('"') for row in cells for cell in row)
    original, again = (
        align(sample(), translation_of(sample()), anchors=read_pairs(tmp_path / name))
        for name in ("pairs.tsv", "saved.tsv")
    )
    assert sentence_links(again) == sentence_links(original)
