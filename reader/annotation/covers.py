"""Dictionary words that lie across a place of a text, whether or not the text was cut so."""

from __future__ import annotations

from reader.lexicon import Lexicon
from reader.lexicon.records import INDEXED_LENGTHS, WordReadings, find_readings

LONGEST = max(INDEXED_LENGTHS)
"""The longest dictionary word, in characters, that is looked for around a character."""
REMEMBERED = 20_000
"""Pairs that are held before the memory starts afresh."""

_SHORTEST = INDEXED_LENGTHS[:1]


class Covers:
    """Looks words up by their first two characters; remembers what begins with a pair."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._after: dict[str, str] = {}
        self._pairs: dict[str, str] = {}

    def word(self, word: str) -> WordReadings | None:
        """What the dictionaries say of a whole word; None for one that is in none."""
        if len(word) > LONGEST:
            return self._long(word)
        record = self._starting(word[:2])
        return find_readings(record, word[2:]) if record else None

    def across(self, shadow: str, index: int) -> list[tuple[int, int, WordReadings]]:
        """The words that lie across `shadow[index]`: how long, where in them, what is said.

        Longer ones first, and of equals those that begin first.
        """
        found: list[tuple[int, int, WordReadings]] = []
        follows = self._after.get
        for start in range(max(0, index - LONGEST + 1), min(index + 1, len(shadow) - 1)):
            first = shadow[start]
            after = follows(first)
            if after is None:
                after = self._after[first] = self._lexicon.reading_index_seconds(first)
            if shadow[start + 1] in after:
                record = self._starting(shadow[start : start + 2])
                # Most pairs begin no word that goes on as the text does: its third character
                # is nowhere in their record.
                longer = shadow[start + 2 : start + 3] in record
                for length in INDEXED_LENGTHS if longer else _SHORTEST:
                    end = start + length
                    if index < end <= len(shadow):
                        spoken = find_readings(record, shadow[start + 2 : end])
                        if spoken is not None:
                            found.append((length, index - start, spoken))
        if len(found) > 1:
            found.sort(key=_by_length, reverse=True)
        return found

    def _starting(self, pair: str) -> str:
        record = self._pairs.get(pair)
        if record is None:
            if len(self._pairs) > REMEMBERED:
                self._pairs.clear()
            record = self._pairs[pair] = self._lexicon.reading_index(pair)
        return record

    def _long(self, word: str) -> WordReadings | None:
        entries = self._lexicon.entries(word)
        readings = frozenset(e.syllables for e in entries if len(e.syllables) == len(word))
        kind = "p" if entries and entries[0].phrase else "c"
        return WordReadings(kind, readings, plain=False) if readings else None


def _by_length(found: tuple[int, int, WordReadings]) -> tuple[int, int]:
    return found[:2]
