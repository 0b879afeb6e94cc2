"""Which of its words a spelling is: 长 read cháng is one, 长 read zhǎng another."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from reader.lexicon.lexicon import Lexicon

__all__ = ["Homographs", "Syllables"]

Syllables: TypeAlias = tuple[str, ...]
"""A reading: numbered pinyin, one for each character, as in `Reading.syllables`."""

_REMEMBERED = 1 << 16


class Homographs:
    """Words told apart by their readings, where the dictionary has several for one spelling.

    Readings of names, of mere variants and of phrase lists are not counted: 还 is read as a word
    in two ways, not in three for the family name.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.readings = lru_cache(maxsize=_REMEMBERED)(self._readings)
        """The readings of a Simplified word, the usual one first; mostly one."""
        self.all_readings = lru_cache(maxsize=_REMEMBERED)(self._all_readings)
        """Those of variants too, such as 花儿."""
        self.which = lru_cache(maxsize=_REMEMBERED)(self._which)
        """What tells this word from others of its spelling: the dictionary's reading, or `()`.

        `()` stands for the one word of a spelling that has one reading, and where nothing tells:
        no reading is given, or one that the dictionary does not have.
        """

    def _readings(self, word: str) -> tuple[Syllables, ...]:
        entries = [
            entry
            for entry in self._lexicon.brief_entries(word)
            if not (entry.proper or entry.variant or entry.phrase) and entry.simplified == word
        ]
        found = list(dict.fromkeys(entry.syllables for entry in entries))
        if len(word) == 1 and len(found) > 1:
            usual = {syllable: at for at, syllable in enumerate(self._lexicon.readings(word))}
            found.sort(key=lambda syllables: usual.get(syllables[0], len(usual)))
        return tuple(found)

    def _all_readings(self, word: str) -> tuple[Syllables, ...]:
        entries = self._lexicon.brief_entries(word)
        return tuple(
            dict.fromkeys(entry.syllables for entry in entries if entry.simplified == word)
        )

    def _which(self, word: str, syllables: Syllables) -> Syllables:
        readings = self.readings(word)
        if len(readings) < 2 or not syllables:
            return ()
        if syllables in readings:
            return syllables
        for entry in self._lexicon.brief_entries(word):
            if entry.taiwan_syllables == syllables and entry.syllables in readings:
                return entry.syllables
        return ()
