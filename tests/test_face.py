"""The library as a person meets it: texts in, readings out, errors that say what is allowed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st
from lxml import etree

import reader
from reader import Entry, Glossary, Notation, ReaderError, RenderOptions, Script
from reader.errors import LayerError, OptionError, SourceError, WriteError
from reader.model import Block, Document, Metadata, Reading, ReadingSource, Token, TokenKind
from reader.pinyin import line
from tests.laws import examples

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "texts"
TEXT = "園區\n\n他在重慶的銀行工作，說：「P2P金融——很好……」第3章《紅樓夢》是2025年的。\n\n一點兒"

pieces = st.sampled_from(
    [
        *"銀行重慶張江的了一不長好說。，「」《》 ",
        "蓋章經濟",
        "P2P金融",
        "2025年",
        "abc",
        "——",
        "　",
        "\n",
    ]
)
texts = st.lists(pieces, min_size=1, max_size=20).map(lambda some: "好" + "".join(some))


# ---- what annotate takes ----


@examples(20)
@given(texts)
def test_a_text_is_annotated_as_its_document(text: str) -> None:
    annotated = reader.annotate(text)
    assert annotated == reader.annotate(reader.read_text(text))
    assert annotated == reader.annotate_stream(text).gather()


def test_a_path_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(TEXT, encoding="utf-8")

    class Place(os.PathLike[str]):
        def __fspath__(self) -> str:
            return str(path)

    expected = reader.annotate(reader.read(path))
    assert reader.annotate(path) == reader.annotate(Place()) == expected
    assert reader.annotate_stream(path).gather() == expected


def test_a_name_of_a_file_is_no_text(tmp_path: Path) -> None:
    there = tmp_path / "書.txt"
    there.write_text(TEXT, encoding="utf-8")
    for name in ("article.txt", "a/b.epub", str(there)):
        with pytest.raises(OptionError, match=re.escape(f"give pathlib.Path({name!r})")):
            reader.annotate(name)
    assert reader.annotate("書.txt").text == "書.txt"
    with pytest.raises(SourceError, match="no Chinese text"):
        reader.annotate("hello")
    wrong: Any
    for wrong in (3, None, b"text", ["好"]):
        with pytest.raises(OptionError, match=r"a str \(a text\), a path \(a file\) or a Document"):
            reader.annotate(wrong)


ROWS = (Entry("銀行", syllables=("yin2", "hang2"), gloss="bank"), Entry("園區", gloss="park"))


def test_a_glossary_is_a_file_rows_or_a_glossary(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("term,pinyin,gloss\n銀行,yínháng,bank\n園區,,park\n", encoding="utf-8")
    given: Any
    of_path, of_rows = Glossary.load(path), Glossary(ROWS)
    document = reader.read_text(TEXT)
    expected = reader.annotate(document, glossary=of_path)
    for given in (path, str(path), of_path):
        assert reader.annotate(TEXT, glossary=given) == expected
        assert reader.Recipe(glossary=given).glossary is not None
    expected = reader.annotate(document, glossary=of_rows)
    for given in (ROWS, list(ROWS), iter(ROWS), of_rows):
        assert reader.annotate(TEXT, glossary=given) == expected
    english = reader.read_text("Park\n\nHe works at a bank.\n\nA bit", language="en")
    for given in (ROWS, of_rows):
        assert reader.align(document, english, glossary=given).translation is not None
    for given in (3, ["銀行"], [("銀行", "bank")], object()):
        with pytest.raises(OptionError, match=r"a Glossary, the path of a CSV file, or rows"):
            reader.annotate(TEXT, glossary=given)
    with pytest.raises(OptionError, match=r"Glossary\.loads"):
        reader.annotate(TEXT, glossary="term,gloss\n銀行,bank")


# ---- readings as people write them ----


def rendered(document: Document, notation: Notation) -> list[str]:
    """The readings of the tokens, as the JSON writer shows them."""
    file = io.BytesIO()
    reader.write(document, file, RenderOptions(notation=notation), to="json")
    blocks = json.loads(file.getvalue())["blocks"]
    tokens = (token for block in blocks for token in block.get("tokens", ()))
    return [token.get("reading", {}).get("rendered", "") for token in tokens]


def tokens_of(document: Document) -> list[Token]:
    return [token for block in document.blocks for token in block.tokens]


@examples(20)
@given(texts, st.sampled_from(Notation))
def test_tokens_are_spelled_as_writers_show_them(text: str, notation: Notation) -> None:
    document = reader.annotate(text, glossary=Glossary.default())
    tokens = tokens_of(document)
    assert [token.spelled(notation) for token in tokens] == rendered(document, notation)
    assert [token.spelled(str(notation)) for token in tokens] == rendered(document, notation)
    assert [token.pinyin for token in tokens] == rendered(document, Notation.PINYIN)


@pytest.mark.parametrize("name", ["two-parks", "market"])
def test_the_pinyin_of_tokens_is_what_stands_above_them(name: str) -> None:
    document = reader.annotate(TEXTS / f"{name}.txt")
    file = io.BytesIO()
    reader.write(document, file, to="html")
    page = etree.fromstring(file.getvalue(), etree.HTMLParser())
    body = page.xpath("//section[contains(@class, 'chapter')]//rt")
    assert isinstance(body, list)
    above = "".join("".join(map(str, rt.itertext())) for rt in body)  # type: ignore[union-attr]
    # Latin letters of a word stand below, in the text itself.
    read = "".join(
        re.sub(r"^[A-Z0-9][A-Z0-9+.-]* |[0-9]+ ?", "", token.pinyin)
        for token in tokens_of(document)
    )
    assert squeezed(above) == squeezed(read)


def squeezed(text: str) -> str:
    return "".join(text.split())


@examples(20)
@given(texts, st.sampled_from(Notation))
def test_the_pinyin_of_the_whole_has_that_of_each_token(text: str, notation: Notation) -> None:
    document = reader.annotate(text)
    lines = document.pinyin(notation).split("\n")
    assert len(lines) == len(document.blocks)
    for shown, block in zip(lines, document.blocks, strict=True):
        assert shown == block.pinyin(notation) == shown.strip()
        assert "  " not in shown
        words = [t for t in block.tokens if t.kind not in (TokenKind.PUNCTUATION, TokenKind.SPACE)]
        at = 0
        for word in words:
            spelling = word.spelled(notation) or word.text
            at = shown.index(spelling, at) + len(spelling)


def test_the_pinyin_of_a_text() -> None:
    document = reader.annotate(TEXT)
    assert document.pinyin() == (
        "yuánqū\n"
        "tā zài Chóngqìng de yínháng gōngzuò, shuō: “P2P jīnróng — hěn hǎo…”"
        " dì 3 zhāng 《Hónglóu Mèng》 shì 2025 nián de.\n"
        "yīdiǎnr"
    )
    zhuyin = document.pinyin("zhuyin").split("\n")
    assert zhuyin[0] == "ㄩㄢˊ ㄑㄩ"
    assert " ㄍㄨㄥ ㄗㄨㄛˋ，ㄕㄨㄛ：「P2P ㄐㄧㄣ ㄖㄨㄥˊ" in zhuyin[1]
    assert document.blocks[0].tokens[0].spelled("wade-giles") == "yüan²-chʻü¹"


def test_what_was_not_read_has_no_pinyin() -> None:
    for document in (reader.read_text(TEXT), reader.annotate(TEXT, layers=["words"])):
        with pytest.raises(LayerError, match="annotate the text first"):
            document.pinyin()
    assert reader.annotate(TEXT, layers=["readings"]).pinyin() == reader.annotate(TEXT).pinyin()
    token = Token("銀行", reading=Reading(("yin2", "hang2"), ReadingSource.DICTIONARY))
    by_hand = Document(Metadata(), (Block("銀行", tokens=(token,)), Block("")))
    assert by_hand.pinyin() == "yínháng\n"
    assert replace(token, proper=True).pinyin == "Yínháng"
    assert Token("銀行").pinyin == Token("。", TokenKind.PUNCTUATION).pinyin == ""
    odd = Token("銀行", reading=Reading(("?", "x"), ReadingSource.TEXT))
    assert odd.pinyin == "? x"


@pytest.mark.parametrize(
    "spelled",
    [
        lambda notation: Token("好").spelled(notation),
        lambda notation: reader.annotate("好").pinyin(notation),
        lambda notation: reader.annotate("好").blocks[0].pinyin(notation),
    ],
)
def test_another_notation_is_refused_with_those_that_there_are(
    spelled: Callable[[Any], str],
) -> None:
    for wrong in ("bopomofo", "", None, 3):
        message = "notation is .*, which is not one of pinyin, numbers, zhuyin, wade-giles"
        with pytest.raises(OptionError, match=message):
            spelled(wrong)


@given(
    st.lists(
        st.tuples(st.text("ab", min_size=1), st.just(True))
        | st.tuples(st.text('，。「」（）"—· \t', min_size=1), st.just(False))
    )
)
def test_a_line_has_words_and_marks_in_their_order(parts: list[tuple[str, bool]]) -> None:
    shown = line(parts)
    assert [c for c in shown if c.isalpha()] == [
        c for word, _ in parts for c in word if c.isalpha()
    ]
    assert shown.strip() == shown
    assert "  " not in shown
    assert not re.search(r"\s[,.)”]", shown)


# ---- errors, and the README ----


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [
        (lambda wrong: reader.annotate("好", options=wrong), "AnnotateOptions"),
        (lambda wrong: reader.annotate("好", layers=wrong), "words, .*senses"),
        (lambda wrong: reader.build("a.txt", "a.html", wrong), "Recipe"),
        (lambda wrong: reader.read_text(wrong), "str"),
        (lambda wrong: reader.read_bytes(wrong), "bytes"),
        (lambda wrong: reader.read(wrong), "str or PathLike"),
        (lambda wrong: reader.write(wrong, "a.html"), "Document or Stream"),
        (lambda wrong: reader.write(reader.annotate("好"), "a.html", wrong), "RenderOptions"),
        (lambda wrong: reader.align(reader.annotate("好"), wrong), "Document or Translation"),
        (lambda wrong: reader.align(wrong, reader.annotate("好")), "Document"),
    ],
)
def test_a_wrong_argument_is_answered_with_what_is_allowed(
    asked: Callable[[Any], object], allowed: str
) -> None:
    with pytest.raises(OptionError, match=allowed):
        asked(3)


def test_a_layer_that_is_missing_is_asked_for_by_name() -> None:
    document = reader.annotate("他在銀行工作。", layers=["words", "readings", "notes", "sentences"])
    for script in (Script.SIMPLIFIED, Script.TRADITIONAL, Script.BOTH):
        with pytest.raises(WriteError, match="has not got: scripts; annotate the text with them"):
            reader.write(document, "a.html", options=RenderOptions(script=script, static=True))


@pytest.mark.parametrize("text", ["", " \n", "hello"])
def test_a_text_without_a_file_is_named_in_its_error(text: str) -> None:
    for read in (reader.annotate, reader.read_text, lambda text: reader.read_bytes(text.encode())):
        with pytest.raises(SourceError, match=r"^the text: (is empty|has no Chinese text)$"):
            read(text)


def test_the_readme_prints_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert blocks
    for name in ("texts", "glossary.csv"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(printed):
        for block in blocks:
            exec(block, names)
    said = [comment for block in blocks for comment in re.findall(r"^# (.*)$", block, re.M)]
    assert said
    assert printed.getvalue().splitlines() == said


def test_every_error_of_the_library_is_one_family() -> None:
    assert issubclass(OptionError, ReaderError)
    assert issubclass(LayerError, ReaderError)
