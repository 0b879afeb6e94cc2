"""Glossary terms in a block: the words they fix, and the notes they make."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from reader.annotate.kinds import HAN, TERM, Word
from reader.model import Note, Reading, ReadingSource

if TYPE_CHECKING:
    from reader.glossary import Entry, Glossary, Match


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
        self._readings: dict[tuple[tuple[str, ...], tuple[int, ...]], Reading] = {}

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
            first, last = start - match.start, end - match.start
            syllables = match.entry.syllables[first:last]
            if any(syllables):
                breaks = tuple([at - first for at in match.entry.breaks if first < at < last])
                reading = self._readings.get((syllables, breaks))
                if reading is None:
                    reading = Reading(syllables, ReadingSource.GLOSSARY, breaks=breaks)
                    self._readings[syllables, breaks] = reading
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
                _breaks(entry),
            )


def _breaks(entry: Entry) -> tuple[int, ...]:
    """Where the pinyin of a term takes a space: as its row writes it, and where it is cut."""
    if not entry.cut or not any(entry.syllables):
        return entry.breaks
    bounds = accumulate(map(len, entry.cut[:-1]))
    return tuple(sorted({*entry.breaks, *bounds}))


def told(
    notes: tuple[Note, ...], words: Sequence[Word], readings: Sequence[Reading | None]
) -> tuple[Note, ...]:
    """The notes, those whose row gives no pinyin with the readings of the block's own words."""
    if all(any(note.syllables) for note in notes):
        return notes
    return tuple(
        note
        if any(note.syllables)
        else _read(note, words, readings, bisect_left(words, (note.start,)))
        for note in notes
    )


def _read(note: Note, words: Sequence[Word], readings: Sequence[Reading | None], at: int) -> Note:
    """The note read as the words that begin at `at` are."""
    syllables: list[str] = []
    breaks: list[int] = []
    while at < len(words) and words[at][1] <= note.end:
        start, end, _ = words[at]
        reading = readings[at]
        offset = start - note.start
        breaks.append(offset)
        if reading is None:
            syllables += [""] * (end - start)
        else:
            syllables += reading.syllables
            breaks += [offset + inner for inner in reading.breaks]
        at += 1
    if not any(syllables) or len(syllables) != len(note.term):
        return note
    return replace(note, syllables=tuple(syllables), breaks=tuple(breaks[1:]))
