"""Glossary terms in a block: the words they fix, and the notes they make."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from reader.annotate.kinds import HAN, TERM, Word
from reader.model import Note, Reading, ReadingSource

if TYPE_CHECKING:
    from reader.glossary import Glossary, Match


class Terms(NamedTuple):
    """What the glossary says of one block."""

    words: list[Word]
    """In order, never overlapping: terms, or the words that they are cut into."""
    notes: tuple[Note, ...]
    readings: dict[int, Reading]
    """By the start of the word: the reading that the row gives."""


NONE = Terms([], (), {})


class Terminology:
    """Finds a glossary's terms; each row's readings are made once."""

    def __init__(self, glossary: Glossary | None) -> None:
        self._glossary = glossary
        self._readings: dict[tuple[str, ...], Reading] = {}

    def find(self, text: str, shadow: str) -> Terms:
        """The terms of a block, in order."""
        matches = self._glossary.find(text, shadow) if self._glossary else []
        if not matches:
            return NONE
        words: list[Word] = []
        readings: dict[int, Reading] = {}
        for match in matches:
            cut = _words(match)
            words += cut
            if any(match.entry.syllables):
                readings |= self._read(match, cut)
        return Terms(words, tuple(_notes(matches)), readings)

    def _read(self, match: Match, words: Iterable[Word]) -> dict[int, Reading]:
        found = {}
        for start, end, _ in words:
            syllables = match.entry.syllables[start - match.start : end - match.start]
            if any(syllables):
                reading = self._readings.get(syllables)
                if reading is None:
                    reading = Reading(syllables, ReadingSource.GLOSSARY)
                    self._readings[syllables] = reading
                found[start] = reading
        return found


def _words(match: Match) -> list[Word]:
    if not match.entry.cut:
        return [(match.start, match.end, TERM)]
    words = []
    start = match.start
    for part in match.entry.cut:
        words.append((start, start + len(part), HAN))
        start += len(part)
    return words


def _notes(matches: Iterable[Match]) -> Iterable[Note]:
    for start, end, entry in ((m.start, m.end, m.entry) for m in matches):
        if entry.gloss:
            yield Note(
                start,
                end,
                entry.term,
                entry.simplified,
                entry.traditional,
                entry.syllables,
                entry.gloss,
                entry.note,
                entry.tags,
            )
