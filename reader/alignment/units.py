"""The two sides as alignment sees them: units in order, each with keys, a length and a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reader.model import Block, BlockKind, Segment
from reader.sentences import split_sentences

SILENT = frozenset({BlockKind.IMAGE, BlockKind.SEPARATOR})
"""Kinds that are never aligned: they hold nothing to translate."""
_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.HEADING})
_KINDS = dict.fromkeys(_HEADINGS, 1) | {BlockKind.CAPTION: 2, BlockKind.LIST_ITEM: 3}


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence: its place, its text, what it says, and how long it is in source characters."""

    segment: Segment
    text: str
    keys: tuple[str, ...] = field(default=(), repr=False)
    length: float = 1.0
    first: bool = False
    """The first sentence of its block."""
    kind: int = 0
    """0 running text, 1 heading, 2 caption, 3 list item."""

    def with_keys(self, keys: Sequence[str]) -> Unit:
        return replace(self, keys=tuple(keys))


def with_sentences(blocks: Sequence[Block], language: str) -> tuple[Block, ...]:
    """The blocks with their sentences, found where they are missing."""
    return tuple(
        block
        if block.sentences or not block.text or block.kind in SILENT
        else replace(block, sentences=split_sentences(block.text, block.language or language))
        for block in blocks
    )


def units(blocks: Sequence[Block]) -> list[Unit]:
    """Every sentence of every block that takes part, in order."""
    return [
        Unit(
            Segment(number, index),
            text := block.text[span.start : span.end],
            length=text_length(text),
            first=index == 0,
            kind=_KINDS.get(block.kind, 0),
        )
        for number, block in enumerate(blocks)
        if block.kind not in SILENT
        for index, span in enumerate(block.sentences)
    ]


def text_length(text: str) -> float:
    """A length that both scripts share: a Han character counts as three letters.

    >>> text_length("好 ok")
    5.0
    """
    wide = sum("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ufaff" or c > "\uffff" for c in text)
    return 3.0 * wide + sum(not c.isspace() for c in text) - wide or 1.0
