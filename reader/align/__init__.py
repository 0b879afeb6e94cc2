"""Alignment of a text with its translation: blocks and sentences, linked and scored.

What does the work is imported when it is first used: numpy takes a tenth of a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reader.align.anchors import Pair
    from reader.align.files import find_translation
    from reader.align.keys import Terms
    from reader.align.options import AlignOptions
    from reader.align.pairs import pairs_of, read_pairs, write_pairs
    from reader.align.rebuild import translation_from
    from reader.align.scorers import Scorer
    from reader.align.tmx import read_tmx, write_tmx
    from reader.align.words import Dictionary
    from reader.model import Document, Translation

_HOMES = {
    "AlignOptions": "options",
    "Pair": "anchors",
    "Scorer": "scorers",
    "find_translation": "files",
    "pairs_of": "pairs",
    "read_pairs": "pairs",
    "read_tmx": "tmx",
    "translation_from": "rebuild",
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
    "translation_from",
    "write_pairs",
    "write_tmx",
]


def align(
    document: Document,
    translation: Document | Translation,
    *,
    anchors: Iterable[Pair] = (),
    lexicon: Dictionary | None = None,
    glossary: Terms | None = None,
    options: AlignOptions | None = None,
) -> Document:
    """The document with its translation beside it, blocks and sentences linked and scored.

    Links are monotone, and a sentence or block is in one link at most. What scores less than
    `options.cut_off` is not linked. `anchors` are pairs made by hand (`read_pairs`): they stand as
    they are. Without `lexicon` the installed one is opened. Raises `AlignmentError` when the
    translation is empty, in another language, of another text, or an anchor is in neither text.
    """
    from reader.align import aligner

    return aligner.align(document, translation, anchors, lexicon, glossary, options)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"reader.align.{_HOMES[name]}"), name)
