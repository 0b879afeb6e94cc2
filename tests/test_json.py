"""JSON: the whole model there and back, by its schema."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, strategies as st

from reader.errors import SourceError, WriteError
from reader.layers import REQUIRES
from reader.model import (
    Block,
    Document,
    Mark,
    MarkKind,
    Metadata,
    Reading,
    ReadingSource,
    Stream,
    Token,
    TokenKind,
)
from reader.options import Notation, RenderOptions, SourceOptions
from reader.sources.json import read_json
from reader.writers.json import write_json
from tests.laws import examples
from tests.strategies import documents, texts

HEAD = {"format": "annotated-reader", "version": 2, "metadata": {"language": "zh"}}
OLD = Path(__file__).parent / "data" / "version-1.json"
SCHEMA = json.loads((files("reader") / "data" / "reader.schema.json").read_text("utf-8"))


def written(document: Document | Stream, options: RenderOptions | None = None) -> bytes:
    file = io.BytesIO()
    write_json(document, file, options or RenderOptions())
    return file.getvalue()


def read(data: bytes, **choices: Any) -> Document:
    return read_json(data, path=None, options=SourceOptions(**choices))


@examples(50)
@given(
    documents(text=texts(min_size=1, controls=True)),
    st.sets(st.sampled_from([*REQUIRES, "etymology"])),
)
def test_there_and_back(document: Document, layers: set[str]) -> None:
    document = replace(document, layers=tuple(sorted(layers)))
    data = written(document)
    assert read(data) == document
    assert written(document) == data
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(data))


@examples(20)
@given(documents())
def test_a_stream_is_written_as_its_document(document: Document) -> None:
    stream = Stream(
        document.metadata,
        iter(document.blocks),
        document.translation,
        list(document.warnings),
        document.resources,
        document.layers,
    )
    assert written(stream) == written(document)


def test_what_programs_see() -> None:
    reading = Reading(("xi1", "an1"), ReadingSource.NAME)
    city = Token("西安", reading=reading, proper=True, senses=("Xi'an",))
    block = Block("西安。", tokens=(city, Token("。", TokenKind.PUNCTUATION)))
    data = written(Document(Metadata("西安"), (block,)), RenderOptions(notation=Notation.NUMBERS))
    assert json.loads(data)["blocks"][0]["tokens"] == [
        {
            "text": "西安",
            "reading": {"syllables": ["xi1", "an1"], "source": "name", "rendered": "Xi1an1"},
            "proper": True,
            "senses": ["Xi'an"],
        },
        {"text": "。", "kind": "punctuation"},
    ]


def test_levels_are_an_object() -> None:
    levels = (("hsk2", "6"), ("hsk2025", "7-9"))
    data = written(Document(Metadata(), (Block("好", tokens=(Token("好", levels=levels),)),)))
    (token,) = json.loads(data)["blocks"][0]["tokens"]
    assert token == {"text": "好", "levels": {"hsk2": "6", "hsk2025": "7-9"}}
    turned = data.replace(b'"hsk2": "6", "hsk2025": "7-9"', b'"hsk2025": "7-9", "hsk2": "6"')
    assert turned != data
    assert read(turned) == read(data)


def test_a_file_of_version_1_is_read() -> None:
    document = read(OLD.read_bytes())
    by_text = {token.text: token.levels for token in document.blocks[0].tokens}
    assert by_text == {
        "学生": (("hsk2025", "1"),),
        "一丝不苟": (("hsk2025", "7-9"),),
        "。": (),
    }
    assert document.layers == ("levels", "readings", "scripts", "senses", "sentences", "words")
    new = written(document)
    assert json.loads(new)["version"] == 2
    assert read(new) == document


def test_equal_tokens_come_back_as_one_object() -> None:
    data = written(Document(Metadata(), (Block("好。好。"),)))
    value = json.loads(data)
    value["blocks"][0]["tokens"] = [{"text": "好"}, {"text": "。"}] * 2
    tokens = read(json.dumps(value).encode()).blocks[0].tokens
    assert tokens[0] is tokens[2]


def places(value: Any, path: str = "") -> Iterator[tuple[str, Any, str | int]]:
    """Every value inside `value`: the message's idea of where it is, its container and its key."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(items):
        yield path, value, key
        if isinstance(inner, dict | list):
            step = f"[{key}]" if isinstance(key, int) else f".{key}"
            yield from places(inner, f"{path}{step}".removeprefix("."))


WRONG: tuple[Any, ...] = (None, 7, -1, "x", [], {}, [[]], True)


@examples(20)
@given(documents(translated=True))
def test_any_value_that_is_wrong_is_refused_or_ignored(document: Document) -> None:
    whole = json.loads(written(document))
    for number, (_, container, key) in enumerate(list(places(whole))):
        kept = container[key]
        for turn in (0, 3):  # there are places of each kind for all that is wrong
            container[key] = WRONG[(number + turn) % len(WRONG)]
            with suppress(SourceError):
                read(json.dumps(whole).encode())
        container[key] = kept


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Expecting value"),
        (b'{"format":', "Expecting value"),
        (b'{\n"a": 1,,\n}', "2: is not JSON"),
        (b"\xff\xfe\xfd", "byte"),
        (b"[]", "is not an object"),
        (b"{}", '"format" is not'),
        (b"[" * 100_000, "nested too deeply"),
        (b"1" * 10_000, "is not JSON"),
        (b'{"format": "annotated-reader", "version": 3}', "newer release"),
        (b'{"format": "annotated-reader", "version": 2}', "metadata: is not an object"),
    ],
)
def test_bad_input_is_one_message(data: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        read_json(data, path=None, options=SourceOptions())


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({}, r'blocks\[1\]: "text" is missing'),
        ({"text": "好", "kind": "poem"}, r"blocks\[1\]: \"kind\" is 'poem', not one of"),
        ({"text": "好", "tokens": [{"text": "不"}]}, r"blocks\[1\]: tokens do not tile"),
        ({"text": "好", "tokens": [{"text": ""}]}, r"blocks\[1\].tokens\[0\]: a token needs text"),
        (
            {"text": "好", "tokens": [{"text": "好", "reading": {"syllables": []}}]},
            r'blocks\[1\].tokens\[0\].reading: "source" is missing',
        ),
        (
            {"text": "好", "tokens": [{"text": "好", "levels": {"hsk2025": 7}}]},
            r'blocks\[1\].tokens\[0\].levels: "hsk2025" is not a string',
        ),
        (
            {"text": "好", "tokens": [{"text": "好", "levels": {"hsk2025": ""}}]},
            r"blocks\[1\].tokens\[0\]: 'hsk2025': '' is not a level",
        ),
        (
            {"text": "好", "tokens": [{"text": "好", "level": 8}]},
            r"blocks\[1\].tokens\[0\]: 8 is no level of HSK",
        ),
        ({"text": "好", "sentences": [[0, 9]]}, r"blocks\[1\]: a span ends outside"),
        ({"text": "好", "sentences": [[0]]}, r"not \[start, end\]"),
        (
            {
                "text": "好",
                "tokens": [
                    {"text": "好", "reading": {"syllables": ["hǎo"], "source": "dictionary"}}
                ],
            },
            r"blocks\[1\].tokens\[0\].reading: 'hǎo' is not a syllable of numbered pinyin",
        ),
        (
            {
                "text": "好",
                "tokens": [
                    {
                        "text": "好",
                        "reading": {"syllables": ["hao3"], "source": "model", "breaks": [1]},
                    }
                ],
            },
            r"blocks\[1\].tokens\[0\].reading: breaks \(1,\) are not inside 1 characters",
        ),
    ],
)
def test_an_invalid_model_is_refused_with_its_place(block: dict[str, Any], said: str) -> None:
    data = json.dumps(HEAD | {"blocks": [{"text": "一"}, block]}).encode()
    with pytest.raises(SourceError, match=said):
        read(data)


def test_options_win_over_what_is_stored() -> None:
    data = written(Document(Metadata("甲", ("乙",)), (Block("好"),)))
    assert read(data, title="丙", language="zh-Hant").metadata.title == "丙"
    assert read(data, title="丙", language="zh-Hant").metadata.authors == ("乙",)


def test_lone_surrogates_are_refused() -> None:
    with pytest.raises(WriteError, match=r"U\+D800"):
        written(Document(Metadata(), (Block("一\ud800二"),)))


def test_half_a_character_is_refused_where_it_is_read() -> None:
    data = written(Document(Metadata(), (Block("一二"),)))
    with pytest.raises(SourceError, match=r"lone surrogate U\+D800 is half a character"):
        read(data.replace("一".encode(), rb"\ud800"))
    assert read(data.replace("一".encode(), rb"\\ud800")).blocks[0].text == r"\ud800二"
    assert read(data.replace("一".encode(), rb"\ud83d\ude00")).blocks[0].text == "😀二"


def test_marks_that_cross_without_bound_are_refused() -> None:
    """Elements nest: n marks, each begun in the one before and ending after it, are n * n tags."""
    crossing = [Mark(at, 400 + at, MarkKind.EMPHASIS) for at in range(300)]
    few = Document(Metadata("zh"), (Block("字" * 800, marks=tuple(crossing[:64])),))
    assert read(written(few)) == few
    many = Document(Metadata("zh"), (Block("字" * 800, marks=tuple(crossing)),))
    with pytest.raises(SourceError, match=r"blocks\[0\]: more than 64 marks cross at 400"):
        read(written(many))
