"""Levels of words by scheme: what a token accepts."""

from __future__ import annotations

import pytest

from reader.lexicon.levels import SCHEMES, level_record, levels_of
from reader.model import Levels, Token


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ((("hsk2025", "1"), ("hsk2", "1")), "not sorted"),
        ((("hsk2025", "1"), ("hsk2025", "2")), "one a scheme"),
        ((("hsk2025", ""),), "not a level"),
        ((("", "1"),), "not a level"),
        ((("hsk 2025", "1"),), "not a level"),
    ],
)
def test_levels_are_sorted_one_a_scheme_and_never_empty(levels: Levels, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Token("好", levels=levels)


def test_a_record_holds_the_levels_of_a_token() -> None:
    for scheme, labels in SCHEMES.items():
        for label in labels:
            levels = (("another", "A1"), (scheme, label))
            assert Token("好", levels=levels_of(level_record(reversed(levels)))).levels == levels
