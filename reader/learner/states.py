"""How well a word is known, and where a scheme teaches it: what the lists are made of."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from reader.errors import ReaderError

__all__ = ["KnownRow", "KnownWordsError", "State", "WordLevel"]


class KnownWordsError(ReaderError):
    """A list of known words that cannot be read, or holds none."""


class State(StrEnum):
    """How well a word is known; in this order, of two that are said of a word the later counts."""

    UNKNOWN = "unknown"
    LEARNING = "learning"
    IGNORED = "ignored"
    """Counted as known, and left alone: a name, a word of no interest."""
    KNOWN = "known"


KnownRow: TypeAlias = tuple[str, str, State]
"""A word in either script; its reading as pinyin of any kind, or `""`; its state."""


class WordLevel(NamedTuple):
    """Where a scheme teaches a word."""

    label: str
    """As the scheme has it: `"7-9"`."""
    rank: int
    """Its place in the order of labels, 0 for the easiest."""
    mended: str = ""
    """How it was found where the list does not have the word so: `"rule"`, from another form of it,
    or the name of the older list; `""` for what the list has."""
