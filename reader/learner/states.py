"""How well a word is known, and what a list of known words is made of."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeAlias

from reader.errors import ReaderError

__all__ = ["KnownRow", "KnownWordsError", "State"]


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
