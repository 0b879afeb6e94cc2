"""A line of a text with what is around it, and what its own form tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from reader.model import Block, BlockKind
from reader.sources import patterns

__all__ = ["Facts", "Line", "Place", "columns", "is_closed", "is_sentence", "is_speech"]


class Line(NamedTuple):
    """A line that is not blank."""

    text: str
    gap: bool
    """Whether a blank line, or the beginning, stands before it."""


class Facts(NamedTuple):
    """What is known of the whole text before its blocks are recognised."""

    lines: int = 0
    gaps: int = 0
    chapters: int = 0
    """Headings such as 第一章."""
    marked_chapters: int = 0
    """Lines of light markup that begin with a single `#`."""

    def with_portion(self, portion: str) -> Facts:
        gaps = _count(patterns.WHITE_LINE, f"\n{portion}\n", "\n")
        return Facts(
            self.lines + portion.count("\n") + 1 - gaps,
            self.gaps + gaps,
            self.chapters + _count(patterns.CHAPTER_LINE, portion, "第", "hapter", "HAPTER"),
            self.marked_chapters + _count(patterns.MARKED_CHAPTER, portion, "# "),
        )

    @property
    def spaced(self) -> bool:
        """Whether blank lines, not line ends, part the paragraphs."""
        return self.gaps > 0.4 * self.lines


def _count(sign: patterns.Sign, text: str, *needed: str) -> int:
    """How often the sign stands in the text; it is not tried where nothing needed is there."""
    if not any(string in text for string in needed):
        return 0
    return sum(1 for _ in sign.pattern.finditer(text))


@dataclass(slots=True)
class Place:
    """A line with what is around it."""

    line: Line
    text: str
    """The line without the white space around it."""
    following: tuple[Line, ...]
    facts: Facts
    before: tuple[Block, ...]
    """The last blocks, the latest first; empty at the beginning."""
    in_head: bool
    """Nothing but title and bylines stand before it."""
    width: int = field(init=False)

    def __post_init__(self) -> None:
        self.width = columns(self.text)

    @property
    def previous(self) -> BlockKind | None:
        return self.before[0].kind if self.before else None

    @property
    def next(self) -> str:
        return self.following[0].text.strip() if self.following else ""


def is_closed(text: str) -> bool:
    """Whether the text ends as a sentence or clause does, brackets and quotes apart."""
    bare = text.rstrip(patterns.CLOSERS)
    return not bare or bare[-1] in patterns.CLOSED


def is_sentence(text: str) -> bool:
    bare = text.rstrip(patterns.CLOSERS)
    return bool(bare) and bare[-1] in patterns.FULL_STOPS


def is_speech(text: str) -> bool:
    """Words that someone says: quoted from the beginning, or after a colon."""
    if patterns.SPEECH.search(text):
        return True
    return text[0] in patterns.OPENING_QUOTES and (
        text[-1] in patterns.CLOSING_QUOTES
        or not any(quote in text for quote in patterns.CLOSING_QUOTES)
    )


def columns(text: str) -> int:
    """Columns on a screen, near enough: in UTF-8 a letter has one byte and a character three."""
    return (len(text) + len(text.encode())) // 2
