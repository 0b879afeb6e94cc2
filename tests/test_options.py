"""Choices: wrong values fail where they are given, and say what is allowed."""

from __future__ import annotations

import math
from dataclasses import Field, fields
from enum import StrEnum
from typing import Any

import pytest

import reader
from reader.errors import OptionError
from reader.options import (
    OF_A_LEARNER,
    AlignOptions,
    AnnotateOptions,
    BookOptions,
    Layout,
    Limits,
    Notation,
    RenderOptions,
    Ruby,
    ServerOptions,
    SourceOptions,
    Standard,
    TranslateOptions,
)
from reader.writers.epub import EpubOptions

KINDS: tuple[type[Any], ...] = (
    AlignOptions, AnnotateOptions, BookOptions, EpubOptions, Limits, RenderOptions, ServerOptions,
    SourceOptions, TranslateOptions,
)  # fmt: skip
FIELDS = [(kind, field) for kind in KINDS for field in fields(kind)]
CHOICES = [(kind, field) for kind, field in FIELDS if isinstance(field.default, StrEnum)]
SIMPLE = [(kind, field) for kind, field in FIELDS if isinstance(field.default, bool | int | str)]


@pytest.mark.parametrize(("kind", "field"), CHOICES)
def test_each_choice_may_be_given_by_its_name(kind: type[Any], field: Field[Any]) -> None:
    enum: Any = type(field.default)
    members = list(enum)
    for member in members:
        if member in OF_A_LEARNER:  # these want one
            continue
        plain, given = kind(**{field.name: str(member)}), kind(**{field.name: member})
        assert plain == given
        assert getattr(plain, field.name) is member
    for wrong in ("x", "", 3, None, [member]):
        with pytest.raises(OptionError) as error:
            kind(**{field.name: wrong})
        assert str(error.value) == (
            f"{field.name} is {wrong!r}, which is not one of {', '.join(members)}"
        )


@pytest.mark.parametrize(("kind", "field"), SIMPLE)
def test_a_value_of_another_type_says_what_is_allowed(kind: type[Any], field: Field[Any]) -> None:
    for wrong in (["x"], {"a": 1}, object(), 3.5 if field.type == "int" else b"x"):
        with pytest.raises(OptionError, match=rf"^{field.name} is .*, (and|which is) not "):
            kind(**{field.name: wrong})


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("source", "SourceOptions"), ("annotate", "AnnotateOptions"), ("render", "RenderOptions"),
        ("align", "AlignOptions"), ("book", "BookOptions"), ("glossary", "rows"), ("to", "str"),
        ("repair", "bool"),
    ],
)  # fmt: skip
def test_parts_of_a_recipe_are_of_their_types(name: str, allowed: str) -> None:
    with pytest.raises(OptionError, match=rf"^{name} is .*{allowed}"):
        reader.Recipe(**{name: 3})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "choices", "allowed"),
    [
        (RenderOptions, {"notation": "bopomofo"}, "pinyin, numbers, zhuyin, wade-giles"),
        (RenderOptions, {"ruby": "char"}, "word, character"),
        (RenderOptions, {"layout": "x"}, "columns"),
        (RenderOptions, {"script": None}, "as-is, simplified, traditional, both"),
        (RenderOptions, {"every": "no"}, "True or False"),
        (EpubOptions, {"pinyin": "some"}, "all, notes, none"),
        (AnnotateOptions, {"standard": "x"}, "prc, taiwan"),
        (AnnotateOptions, {"language": "chinese!"}, "BCP 47"),
        (AnnotateOptions, {"language": "chinese"}, "BCP 47 tag, such as zh-Hans"),
        (AnnotateOptions, {"language": "fr"}, "not Chinese: zh-Hans, zh-Hant, zh-Hant-TW"),
        (SourceOptions, {"language": "chinese"}, "BCP 47 tag, such as zh-Hans or en"),
        (ServerOptions, {"timeout": math.inf}, "from 0 to 10,000,000 seconds"),
        (ServerOptions, {"backoff": -1}, "from 0 to 10,000,000 seconds"),
        (ServerOptions, {"temperature": math.nan}, "less than 0"),
    ],
)
def test_wrong_values_fail_where_they_are_given(
    kind: type[Any], choices: dict[str, Any], allowed: str
) -> None:
    with pytest.raises(OptionError, match=allowed) as error:
        kind(**choices)
    assert str(next(iter(choices.values()))) in str(error.value)


def test_plain_strings_become_members() -> None:
    choices: dict[str, Any] = {"notation": "zhuyin", "ruby": "character", "layout": "after"}
    options = RenderOptions(**choices)
    assert options == RenderOptions(
        notation=Notation.ZHUYIN, ruby=Ruby.CHARACTER, layout=Layout.AFTER
    )
    assert options.notation is Notation.ZHUYIN
    standard: Any = "taiwan"
    assert AnnotateOptions(standard=standard).standard is Standard.TAIWAN
