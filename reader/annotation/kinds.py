"""The kinds of words that a text is cut into."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TypeAlias

Word: TypeAlias = tuple[int, int, int]
"""`start`, `end` and kind (one of the constants below) of a stretch of a block's text."""

HAN = 0
"""A word of the lexicon, or a character that is none."""
PERSON = 1
"""A person's name: surname, given name, or both."""
NAME = 2
"""Another proper name: a place, an organisation, a transliteration."""
TERM = 3
"""A glossary term; its row may fix the reading."""
NUMBER = 4
LATIN = 5
PUNCTUATION = 6
SPACE = 7
OTHER = 8

READ = (HAN, PERSON, NAME, TERM)
"""The kinds that have readings; all of them are below `NUMBER`."""

BITS = 20
LENGTH = (1 << BITS) - 1
Piece: TypeAlias = int
"""A word of a run: its length in the lowest bits (`LENGTH`), its kind above them."""
Step: TypeAlias = tuple[int, int, tuple[Piece, ...]]
"""A way on from one place of a text: how far, its cost, and the words it is made of."""


@lru_cache(maxsize=4096)
def symbol(character: str) -> int:
    """The kind of a character that belongs to no run: punctuation or anything else."""
    return PUNCTUATION if unicodedata.category(character).startswith("P") else OTHER
