"""The plainest readings: a word's first dictionary article, else each character's default."""

from __future__ import annotations

from collections.abc import Sequence

from reader.annotate.kinds import NUMBER, Word
from reader.lexicon import Lexicon
from reader.model import Reading, ReadingSource


class PlainReader:
    """Reads words by the lexicon alone."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._known: dict[tuple[str, str], Reading | None] = {}

    def read(self, words: Sequence[Word], text: str, shadow: str) -> list[Reading | None]:
        """A reading for each word, None for what is not read."""
        return [
            None if kind >= NUMBER else self._read(text[start:end], shadow[start:end])
            for start, end, kind in words
        ]

    def _read(self, word: str, simplified: str) -> Reading | None:
        key = word, simplified
        if key not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[key] = self._look_up(word, simplified)
        return self._known[key]

    def _look_up(self, word: str, simplified: str) -> Reading | None:
        entries = self._lexicon.entries(word, simplified)
        if entries:
            others = dict.fromkeys(e.syllables for e in entries[1:])
            others.pop(entries[0].syllables, None)
            alternatives = tuple(o for o in others if len(o) == len(word))
            return Reading(entries[0].syllables, ReadingSource.DICTIONARY, 1.0, alternatives)
        syllables = tuple((self._lexicon.readings(c) or ("",))[0] for c in word)
        return Reading(syllables, ReadingSource.DEFAULT, 0.5) if any(syllables) else None
