"""Mandarin syllables: what is one, how they are read from text and written down.

A syllable is numbered pinyin: `gai4`, `lü4`, neutral tone `5`, the suffix of 儿化 `r5`. `""` stands
for a character that is not read. Citation tones are stored; `apply_sandhi` gives those of
connected speech.
"""

from reader.pinyin.given import Piece, without_given
from reader.pinyin.notations import (
    Notation,
    parse_zhuyin,
    render_syllable,
    render_word,
    ways_to_write,
)
from reader.pinyin.sandhi import apply_sandhi
from reader.pinyin.spelling import groups, line, render, runs, spelled
from reader.pinyin.syllables import ERHUA, SYLLABLES, capitals, is_syllable, parse

__all__ = [
    "ERHUA",
    "SYLLABLES",
    "Notation",
    "Piece",
    "apply_sandhi",
    "capitals",
    "groups",
    "is_syllable",
    "line",
    "parse",
    "parse_zhuyin",
    "render",
    "render_syllable",
    "render_word",
    "runs",
    "spelled",
    "ways_to_write",
    "without_given",
]
