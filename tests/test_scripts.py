"""Scripts: what is converted keeps its places; script and region are detected."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from reader.errors import OptionError
from reader.scripts import (
    convert,
    detect,
    simplify,
    simplify_each,
    to_traditional,
    to_traditional_each,
)

REGIONS = ["zh-Hant", "zh-Hant-TW", "zh-Hant-HK"]
anything = st.text(st.characters(exclude_categories=[]), max_size=60)
"""Lone surrogates, too."""


@given(anything)
def test_conversion_keeps_the_length_and_every_other_character(text: str) -> None:
    for converted in (simplify(text), *(to_traditional(text, region) for region in REGIONS)):
        assert len(converted) == len(text)
        for old, new in zip(text, converted, strict=True):
            assert old == new or ord(old) > 0x2E80


@given(st.lists(st.text("著裏衞生麼頭髮乾隆粧徵縣", max_size=5), min_size=1, max_size=5))
def test_what_one_line_has_changes_no_other(lines: list[str]) -> None:
    assert simplify("\n".join(lines)) == "\n".join(map(simplify, lines))


@given(st.lists(anything | st.text("著裏衞生麼頭髮乾隆\n\ud800", max_size=9), max_size=6))
def test_texts_converted_together_are_as_each_converted_alone(texts: list[str]) -> None:
    for language in ("", "zh-Hans", "zh-Hant-HK"):
        assert simplify_each(texts, language) == [simplify(text, language) for text in texts]
        alone = [to_traditional(text, language) for text in texts]
        assert to_traditional_each(texts, language) == alone


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=40))
def test_simplified_text_stays_simplified(text: str) -> None:
    once = simplify(text)
    assert len(simplify(once)) == len(once)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("他说这里的卫生很好。", "zh-Hans"),
        ("他說這裡的衛生很好，網路也快。", "zh-Hant-TW"),
        ("他說這裏的衞生很好，巴士也快。", "zh-Hant-HK"),
        ("他說得對。", "zh-Hant"),
        ("一二三", "zh-Hans"),
        ("", "zh-Hans"),
        ("龜", "zh-Hant"),
        ("hello", "zh-Hans"),
    ],
)
def test_script_and_region(text: str, language: str) -> None:
    assert detect([text]) == language


def test_detection_reads_no_more_than_a_sample() -> None:
    def endless() -> object:
        while True:
            yield "這裡說話" * 1000

    assert detect(endless()) == "zh-Hant-TW"  # type: ignore[arg-type]


def test_regional_characters_become_simplified() -> None:
    assert (
        simplify("着手、著作、衞生、化粧、看著、裏面、裡面")
        == "着手、著作、卫生、化妆、看着、里面、里面"
    )


def test_vocabulary_configs_may_change_the_length() -> None:
    assert convert("計程車", "tw2sp") == "出租车"
    with pytest.raises(OptionError, match="nonsense"):
        convert("字", "nonsense")
