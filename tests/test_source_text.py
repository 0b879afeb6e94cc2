"""Plain text: encodings, what becomes of each line, and what is said of bad files."""

from __future__ import annotations

import codecs
import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from reader import SourceOptions, sources
from reader.errors import OptionError, ReaderError, SourceError
from reader.model import Block, BlockKind, Document
from reader.sources import line_structure as structure, text
from reader.sources.text import LONGEST_LINE, base_text

STRUCTURE = sorted((Path(__file__).parent / "data" / "structure").glob("*.txt"))

# Texts as people write them, and what a program may hand over: odd white space, marks, controls.
LINES = st.text(
    st.sampled_from(
        "他說好的我們在北京。，！？「」:：*#>|\\!()（）[]【】圖一二12.、- \t\u3000\r\n\x07\ufeffé"
    ),
    max_size=60,
)
TEXTS = st.lists(LINES, max_size=12).map("\n".join)
SIMPLIFIED = "今天的天气很好，我们去公园走一走。他说：“这里的人真多啊！”"
TRADITIONAL = "今天的天氣很好，我們去公園走一走。他說：「這裡的人真多啊！」"


def read(content: str) -> Document | None:
    """The document, or None for the one error that a text without Chinese may give."""
    try:
        return sources.read_text(content)
    except SourceError:
        return None


@given(TEXTS)
def test_base_text_is_the_lines_of_the_text(content: str) -> None:
    document = read(content)
    if document is not None:
        assert document.text == base_text(content)


@given(st.text(max_size=80))
def test_any_unicode_is_read_or_refused_with_one_message(content: str) -> None:
    document = read(content)
    if document is not None:
        assert document.text == base_text(content)


@given(TEXTS)
def test_line_ends_do_not_matter(content: str) -> None:
    plain = content.replace("\r\n", "\n").replace("\r", "\n")
    assert read(plain) == read(plain.replace("\n", "\r\n")) == read(plain.replace("\n", "\r"))


_SIGNS = (
    *(
        "——",
        "（",
        "）",
        "「",
        "」",
        "。",
        "！",
        "：",
        "、",
        "　",
        " ",
        "…",
        "第",
        "章",
        "一",
        "12",
        "[",
    ),
    *(
        "記者王芳",
        "報導",
        "編輯",
        "作者",
        "圖為",
        "新華社",
        "Chapter 1",
        "By ",
        "王芳",
        "》",
        "*",
        "# ",
    ),
)


_SOME_SIGNS = st.lists(st.sampled_from(_SIGNS), max_size=3).map("".join)
_LINES = st.builds(
    lambda start, clauses, end, gap: structure.Line(start + "他說的話，" * clauses + end, gap),
    _SOME_SIGNS,
    st.integers(0, 12),
    _SOME_SIGNS,
    st.booleans(),
).filter(lambda line: bool(line.text.strip()))


@given(st.lists(_LINES, min_size=1, max_size=9))
def test_lines_of_any_length_are_what_the_rules_say(lines: list[structure.Line]) -> None:
    lines = [structure.Line("題", gap=True), structure.Line("他說好。" * 20, gap=True), *lines]
    facts = text.add_facts(structure.TextFacts(), "\n\n".join(line.text for line in lines))
    short = list(structure.recognise_blocks(lines, facts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structure, "_is_plain", lambda *_: False)
        assert list(structure.recognise_blocks(lines, facts)) == short


@given(
    st.lists(
        st.sampled_from(
            [
                "他說好。" * 30,
                "（一）好" + "。話" * 60,
                "話" * 90 + "。(新華社)",
                "> 引" * 40,
                "短行",
                "——魯迅",
                "　　　　　深" + "話" * 70,
                "【編者按】好",
                "圖為" + "好" * 80,
                "",
                "第一章 起",
            ]
        ),
        max_size=9,
    )
)
def test_the_short_way_for_paragraphs_gives_what_the_rules_give(lines: list[str]) -> None:
    seen = [structure.Line(line, gap=True) for line in ["題", *lines] if line]
    facts = text.add_facts(structure.TextFacts(), "\n\n".join(lines))
    short = list(structure.recognise_blocks(seen, facts))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structure, "_is_plain", lambda *_: False)
        assert list(structure.recognise_blocks(seen, facts)) == short


@given(TEXTS, st.sampled_from([1, 7, 64]))
def test_a_stream_gives_the_same_document(content: str, portion: int) -> None:
    data = content.encode()
    try:
        document = sources.read_bytes(data)
    except SourceError:
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_PORTION", portion)
        assert text.read_plain(data, path=None, options=SourceOptions()) == document


@pytest.mark.parametrize("path", STRUCTURE, ids=lambda path: path.stem)
def test_structure(path: Path) -> None:
    """Golden cases: `kind|line`, and blank lines as they are."""
    rows = [line.partition("|") for line in path.read_text(encoding="utf-8").split("\n")]
    language = "en" if path.stem.endswith("english") else ""
    document = sources.read_text("\n".join(line for _, _, line in rows), language=language)
    found = [shown(block) for block in document.blocks]
    assert found == [kind for kind, _, line in rows if line.strip()]


def shown(block: Block) -> str:
    return f"{block.kind}{block.level}" if block.kind is BlockKind.HEADING else str(block.kind)


ENCODINGS = {
    "utf-8": SIMPLIFIED,
    "utf-8-sig": TRADITIONAL,
    "utf-16": TRADITIONAL,
    "utf-16-le": SIMPLIFIED,
    "utf-16-be": TRADITIONAL,
    "utf-32": SIMPLIFIED,
    "gb18030": SIMPLIFIED,
    "gbk": TRADITIONAL,
    "gb2312": SIMPLIFIED,
    "big5": TRADITIONAL,
    "cp950": TRADITIONAL + "邊‧陸",
    "big5hkscs": TRADITIONAL + "佢哋喺嗰度，嚟㗎咩？",
}


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("length", [8, 12, 1000])
def test_encoding_is_recognised(encoding: str, length: int) -> None:
    content = (ENCODINGS[encoding] * 40)[:length] if length < 100 else ENCODINGS[encoding] * 40
    assert sources.read_bytes(content.encode(encoding)).text == content


@given(st.text(st.sampled_from(SIMPLIFIED), min_size=8, max_size=200))
def test_a_named_encoding_is_used(content: str) -> None:
    data = content.encode("gb18030")
    assert sources.read_bytes(data, encoding="gbk", language="en").text == content


def test_a_long_text_in_ascii_before_the_first_chinese() -> None:
    content = "plain words\n" * 20_000 + SIMPLIFIED
    assert sources.read_bytes(content.encode("gb18030")).text.endswith(SIMPLIFIED)


def test_hong_kong_characters_far_into_a_big5_text() -> None:
    content = f"{TRADITIONAL}\n" * 3000 + "佢哋喺嗰度。"
    assert sources.read_bytes(content.encode("big5hkscs")).text.endswith("佢哋喺嗰度。")


@pytest.mark.parametrize(("encoding", "offset"), [("utf-8", 2_000_002), ("gb18030", 1_200_000)])
def test_damage_is_reported_at_its_offset(tmp_path: Path, encoding: str, offset: int) -> None:
    data = bytearray((SIMPLIFIED * 50 + "\n").encode(encoding) * 800)
    start = len(data[:offset].decode(encoding, "ignore").encode(encoding))
    data[start : start + 1] = b"\xff"
    path = tmp_path / "damaged.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=f"0xff at byte offset {start} is not") as error:
        sources.read(path)
    assert str(error.value).startswith(str(path))


BAD = {
    "empty": (b"", "is empty"),
    "blank": (b" \r\n\xe3\x80\x80\n", "is empty"),
    "mark": (codecs.BOM_UTF8, "is empty"),
    "english": (b"Only English here.\n", "no Chinese"),
    "pdf": (b"%PDF-1.7\n\xe2\xe3", "is a PDF"),
    "zip": (b"PK\x03\x04\x00\x00", "zip container"),
    "binary": (bytes(range(256)) * 20, "binary file"),
    "noise": (b"\xfd\xfe\xff\x81\x8d\x8f\x90\x9d" * 50, "is not a text"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_chinese_text_is_refused(tmp_path: Path, name: str) -> None:
    data, message = BAD[name]
    path = tmp_path / f"{name}.txt"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=message) as error:
        sources.read(path)
    assert error.value.path == str(path)


def test_missing_folder_and_unknown_kind(tmp_path: Path) -> None:
    (tmp_path / "x.xyz").write_text(SIMPLIFIED, encoding="utf-8")
    for path, message in [
        (tmp_path / "missing.txt", "no such file"),
        (tmp_path / "missing.xyz", "no such file"),
        (tmp_path, "folder"),
        (tmp_path / "x.xyz", "cannot be read; known are .txt"),
    ]:
        for reader in (sources.read, sources.read_stream):
            with pytest.raises(SourceError, match=message):
                reader(path)


def test_unknown_encoding_is_an_option_error() -> None:
    for name in ("klingon", "base64"):
        with pytest.raises(OptionError, match=name):
            sources.read_bytes(SIMPLIFIED.encode(), encoding=name)


def test_a_line_without_end_is_refused_and_a_million_characters_are_not() -> None:
    assert len(sources.read_text("好" * 1_000_000).blocks) == 1
    with pytest.raises(SourceError, match="longer than") as error:
        sources.read_text("題\n" + "好" * (LONGEST_LINE + 2_000_000))
    assert error.value.line == 2


def test_controls_are_removed_with_a_warning_that_names_them() -> None:
    document = sources.read_text("第一行\x00好\x07\n\n第二行\x0c好")
    assert document.text == "第一行好\n第二行好"
    assert [(w.code, w.line) for w in document.warnings] == [
        ("control-character", 1),
        ("control-character", 3),
    ]
    assert "U+0000, U+0007" in document.warnings[0].message


def test_many_warnings_are_counted() -> None:
    document = sources.read_text("好\x07\n" * 5000)
    assert len(document.warnings) == 101
    assert "4900" in document.warnings[-1].message


def test_what_is_not_nfc_is_kept_and_named() -> None:
    content = "cafe\u0301 的咖啡 \uf967"
    document = sources.read_text(content)
    assert document.text == content
    assert not unicodedata.is_normalized("NFC", document.text)
    (warning,) = document.warnings
    assert (warning.code, warning.line) == ("not-nfc", 1)


def test_lone_surrogates_are_refused_with_their_line() -> None:
    with pytest.raises(SourceError, match="U\\+D800") as error:
        sources.read_text("好\n\ud800")
    assert error.value.line == 2


def test_an_error_without_a_file_says_that_its_number_is_a_line() -> None:
    with pytest.raises(SourceError) as error:
        sources.read_text("标题\n\n坏\ud800字")
    assert str(error.value) == "line 3: lone surrogate U+D800 is half a character"


def test_white_space_and_half_width_punctuation_are_kept() -> None:
    content = "\u3000\u3000他說:「好,去吧.」 \n 　走了!"
    assert sources.read_text(content).text == content


def test_metadata_of_the_head(tmp_path: Path) -> None:
    path = tmp_path / "article.txt"
    path.write_text(
        "湖邊\n\n文／王芳、李明　圖：陳晨\n更新：2024年3月9日\n\n湖水很清。\n", encoding="utf-8"
    )
    metadata = sources.read(path).metadata
    assert (metadata.title, metadata.authors, metadata.date) == (
        "湖邊",
        ("王芳", "李明"),
        "2024-03-09",
    )
    assert (metadata.source, metadata.language) == ("article.txt", "zh")
    chosen = sources.read(
        path, title="山", authors=("張三",), language="zh-Hant", date="2020"
    ).metadata
    assert (chosen.title, chosen.authors, chosen.date) == ("山", ("張三",), "2020")
    assert chosen.language == "zh-Hant"


def test_a_file_without_title_is_named_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "無題.txt"
    path.write_text("下雨了。", encoding="utf-8")
    assert sources.read(path).metadata.title == "無題"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "idna"])
def test_a_wrong_encoding_is_one_message(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(SIMPLIFIED.encode("utf-16-le"))
    with pytest.raises(SourceError, match=r"text\.txt: "):
        sources.read(path, encoding=encoding)


def test_a_file_name_that_is_no_utf8_still_gives_a_title(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.txt")
    path.write_text(SIMPLIFIED, "utf-8")
    metadata = sources.read(path).metadata
    assert (metadata.title, metadata.source) == ("\ufffd", "\ufffd.txt")


@pytest.mark.parametrize(
    "choices",
    [
        {"title": "a\x01b"},
        {"authors": ("王芳", "\ud800")},
        {"authors": "王芳"},
        {"date": "2025-02-31"},
        {"date": "yesterday"},
        {"language": "zh Hans"},
        {"language": "zh-<b>"},
    ],
    ids=repr,
)
def test_what_the_caller_says_is_checked_before_the_work(choices: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match=r"title|author|date|language"):
        sources.read_text(SIMPLIFIED, **choices)


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("記者陳美玲／台北報導", "陳美玲"),
        ("〔记者 王小明 北京报道〕", "王小明"),
        ("本報記者張三 香港專電", "張三"),
    ],
)
def test_a_reporters_line_is_a_byline_above_the_text_and_under_it(line: str, author: str) -> None:
    above = sources.read_text(f"標題\n\n{line}\n\n{TRADITIONAL}")
    assert above.blocks[1].kind is BlockKind.BYLINE
    assert above.metadata.authors == (author,)
    under = sources.read_text(f"標題\n\n{TRADITIONAL}\n\n（{line.strip('〔〕')}）")
    assert under.blocks[-1].kind is BlockKind.BYLINE


def test_a_magazine_text_as_it_is_copied_from_a_phone() -> None:
    document = sources.read_text(
        f"题目\n\n文丨王小北\n编辑 | 李雷\n出品｜深度观察（ID：shendu）\n\n{SIMPLIFIED}\n\n"
        f"01\n\n离开的人\n\n{SIMPLIFIED}\n\n图源：网络\n\n02\n留下的人\n\n{SIMPLIFIED}"
    )
    kinds = "TITLE BYLINE BYLINE BYLINE PARAGRAPH HEADING HEADING PARAGRAPH CAPTION HEADING HEADING"
    assert [block.kind.name for block in document.blocks] == [*kinds.split(), "PARAGRAPH"]
    assert document.metadata.authors == ("王小北",)


def test_the_first_question_of_an_interview_is_no_byline() -> None:
    document = sources.read_text("专访陈教授\n\n记者：您怎么看？\n\n陈教授：是好事。")
    assert document.blocks[1].kind is BlockKind.PARAGRAPH


def test_a_line_all_in_brackets_is_no_caption() -> None:
    document = sources.read_text(f"標題\n\n{TRADITIONAL}\n\n（轉載自友刊）")
    assert document.blocks[-1].kind is BlockKind.PARAGRAPH


def test_errors_are_one_family() -> None:
    assert issubclass(SourceError, ReaderError)


VERSES = (
    "床前明月光 疑是地上霜 舉頭望明月 低頭思故鄉 春眠不覺曉 處處聞啼鳥 夜來風雨聲 花落知多少"
).split()


@pytest.mark.parametrize("size", [2, 4, 8])
def test_stanzas_begin_behind_blank_lines(size: int) -> None:
    stanzas = ["\n".join(VERSES[at : at + size]) for at in range(0, len(VERSES), size)]
    document = sources.read_text("靜夜\n李白\n\n" + "\n\n".join(stanzas) + "\n")
    verse = [block.level for block in document.blocks if block.kind is BlockKind.VERSE]
    assert verse == [2 if at and at % size == 0 else 1 for at in range(len(VERSES))]


def test_blank_lines_behind_each_line_part_no_stanzas() -> None:
    blocks = sources.read_text("靜夜\n李白\n\n" + "\n\n".join(VERSES)).blocks
    assert {block.level for block in blocks if block.kind is BlockKind.VERSE} == {1}
