"""The two texts as alignment sees them: sentences as units, their keys as numbers, beads of units.

Also the one door to numpy: everything that does arithmetic on units takes it from here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from reader.model import Block, BlockKind, Segment
from reader.sentences import sentences_of

__all__ = [
    "ArrayLike",
    "Bead",
    "Floats",
    "Ints",
    "KeyIndex",
    "Unit",
    "index_keys",
    "np",
    "text_length",
    "units",
    "with_sentences",
]

ArrayLike: TypeAlias = npt.ArrayLike
Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]

_SILENT = frozenset({BlockKind.IMAGE, BlockKind.SEPARATOR})
"""Kinds that are never aligned: they hold nothing to translate."""
_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.SUBTITLE, BlockKind.HEADING})
_KINDS = dict.fromkeys(_HEADINGS, 1) | {BlockKind.CAPTION: 2, BlockKind.LIST_ITEM: 3}


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence: its place, its text, what it says, and how long it is in source characters."""

    segment: Segment
    text: str
    keys: tuple[str, ...] = field(default=(), repr=False)
    """What it says, comparable across languages (`reader.alignment.keys`)."""
    length: float = 1.0
    first: bool = False
    """The first sentence of its block."""
    kind: int = 0
    """0 running text, 1 heading, 2 caption, 3 list item."""

    def with_keys(self, keys: Sequence[str]) -> Unit:
        return replace(self, keys=tuple(keys))


@dataclass(frozen=True, slots=True)
class Bead:
    """Units that correspond, by number, and the posterior of their correspondence.

    The term is Gale and Church's (1993): a bead holds m sources and n targets, either may be none.
    """

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    probability: float


def with_sentences(blocks: Sequence[Block], language: str) -> tuple[Block, ...]:
    """The blocks with their sentences, found where they are missing."""
    return tuple(
        block
        if block.sentences or not block.text or block.kind in _SILENT
        else replace(block, sentences=sentences_of(block, language))
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
        if block.kind not in _SILENT
        for index, span in enumerate(block.sentences)
    ]


def text_length(text: str) -> float:
    """A length that both scripts share: a Han character counts as three letters.

    >>> text_length("好 ok")
    5.0
    """
    # Ideographs, kana and Hangul, and all planes above. White space counts nothing, but no text is
    # of length 0: logarithms are taken of it.
    wide = sum("\u2e80" <= c <= "\u9fff" or "\uac00" <= c <= "\ufaff" or c > "\uffff" for c in text)
    return 3.0 * wide + sum(not c.isspace() for c in text) - wide or 1.0


@dataclass(frozen=True, slots=True)
class KeyIndex:
    """The keys of a text's units as numbers: those of unit `i` are `keys[starts[i]:starts[i + 1]]`.

    >>> index = index_keys([["经济", "#3"], [], ["#3"]])
    >>> index.vocabulary, index.counts.tolist(), index.keys.tolist(), index.starts.tolist()
    (('经济', '#3'), [1, 2], [0, 1, 1], [0, 2, 2, 3])
    """

    vocabulary: tuple[str, ...]
    counts: Ints
    """Occurrences of each key of the vocabulary."""
    keys: Ints
    starts: Ints

    @property
    def size(self) -> int:
        """How many units there are."""
        return len(self.starts) - 1

    def of(self, unit: int) -> Ints:
        return self.keys[self.starts[unit] : self.starts[unit + 1]]


def index_keys(keys: Sequence[Sequence[str]]) -> KeyIndex:
    """Numbers for the keys of every unit, in order of first occurrence."""
    counts = Counter(key for unit in keys for key in unit)
    number = {key: index for index, key in enumerate(counts)}
    sizes = [0, *(len(unit) for unit in keys)]
    return KeyIndex(
        tuple(counts),
        np.fromiter(counts.values(), np.int64, len(counts)),
        np.fromiter((number[key] for unit in keys for key in unit), np.int64, sum(sizes)),
        np.cumsum(sizes, dtype=np.int64),
    )
