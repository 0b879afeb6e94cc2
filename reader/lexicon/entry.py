"""What the dictionary knows of a word."""

from __future__ import annotations

import re
from typing import NamedTuple


class LexEntry(NamedTuple):
    """One dictionary article: a word in one reading.

    `traditional`, `simplified` and `syllables` have one character, or syllable, for each code
    point of the word; syllables are numbered pinyin in lower case, `""` for a Latin letter.
    """

    traditional: str
    simplified: str
    syllables: tuple[str, ...]
    senses: tuple[str, ...] = ()
    """English glosses, most usual first; empty where only the reading is known."""
    taiwan_syllables: tuple[str, ...] = ()
    """The reading in Taiwan, where the dictionary says that it differs."""
    proper: bool = False
    """A proper name: the dictionary writes its pinyin with a capital."""
    breaks: tuple[int, ...] = ()
    """Where, inside a name, the dictionary's capitals begin another word: 孙|中山, 北京|市."""
    phrase: bool = False
    """From the phrase readings, not from the dictionary of words."""

    @property
    def surname(self) -> bool:
        """Whether this is the article of a family name."""
        return any(sense.startswith(_SURNAME) for sense in self.senses)

    @property
    def person(self) -> bool:
        """Whether this is the article of a person, whose years follow the name."""
        return len(self.breaks) == 1 and bool(_LIFE.search(self.senses[0]))

    @property
    def variant(self) -> bool:
        """Whether the article only says that this is another way to write a word."""
        return bool(self.senses) and self.senses[0].startswith(_VARIANT)


_LIFE = re.compile(r"\(.*\d{2,4}")
_SURNAME = ("surname ", "two-character surname ", "compound surname ")
_VARIANT = (
    "variant of ",
    "old variant of ",
    "archaic variant of ",
    "erroneous variant of ",
    "Japanese variant of ",
    "nonstandard ",
    "unofficial variant ",
    "used in ",
    "see ",
    "erhua variant of ",
)
