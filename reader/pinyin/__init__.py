"""Mandarin syllables: what is one, how they are read from text and written down.

A syllable is numbered pinyin: `gai4`, `lü4`, neutral tone `5`, the suffix of 儿化 `r5`. `""` stands
for a character that is not read. Citation tones are stored; `sandhi` gives them as spoken.
"""

from reader.pinyin.notations import render_syllable, render_word, ways_to_write
from reader.pinyin.parsing import parse
from reader.pinyin.spoken import sandhi
from reader.pinyin.syllables import ERHUA, SYLLABLES, is_syllable

__all__ = [
    "ERHUA",
    "SYLLABLES",
    "is_syllable",
    "parse",
    "render_syllable",
    "render_word",
    "sandhi",
    "ways_to_write",
]
