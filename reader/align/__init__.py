"""Alignment of a text with its translation: blocks and sentences, linked and scored.

Names are imported when they are first used: numpy takes a tenth of a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reader.align.aligner import align
    from reader.align.anchors import Pair
    from reader.align.files import find_translation
    from reader.align.options import AlignOptions
    from reader.align.pairs import pairs_of, read_pairs, write_pairs
    from reader.align.scorers import Scorer
    from reader.align.tmx import read_tmx, write_tmx

_HOMES = {
    "align": "aligner",
    "AlignOptions": "options",
    "Pair": "anchors",
    "Scorer": "scorers",
    "find_translation": "files",
    "pairs_of": "pairs",
    "read_pairs": "pairs",
    "read_tmx": "tmx",
    "write_pairs": "pairs",
    "write_tmx": "tmx",
}

__all__ = [
    "AlignOptions",
    "Pair",
    "Scorer",
    "align",
    "find_translation",
    "pairs_of",
    "read_pairs",
    "read_tmx",
    "write_pairs",
    "write_tmx",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"reader.align.{_HOMES[name]}"), name)
