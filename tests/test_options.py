"""Choices: wrong values fail where they are given, and say what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from reader.errors import OptionError
from reader.options import AnnotateOptions, Layout, Notation, RenderOptions, Ruby, Standard
from reader.writers.epub import EpubOptions


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
