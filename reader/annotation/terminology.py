"""Glossary terms in a block: the words and readings that their rows fix, and their notes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from reader.annotation.word_candidates import COMMON, HAN, NAME, TERM, Word
from reader.model import Note, Reading, ReadingSource, Token
from reader.scripts import to_traditional

if TYPE_CHECKING:
    from reader.glossary import Entry, Glossary


class Terms(NamedTuple):
    """What the glossary says of one block."""

    words: list[Word]
    """In order, never overlapping: terms, or the words that they are cut into."""
    notes: tuple[Note, ...]
    readings: dict[int, Reading]
    """By the start of the word: the reading that the row gives."""
    forms: dict[int, str]
    """By the start of the word: the Traditional form that the row gives."""


NO_TERMS = Terms([], (), {}, {})


class _Row(NamedTuple):
    """What a row makes of its term wherever it stands; offsets are from the term's start."""

    words: tuple[Word, ...]
    readings: tuple[tuple[int, Reading], ...]
    """By the start of the word."""
    forms: tuple[tuple[int, str], ...]
    """By the start of the word."""
    note: tuple[Any, ...]
    """The fields of its notes but for their place; empty where it makes none."""


class Terminology:
    """Finds a glossary's terms; what each row makes of its term is worked out once."""

    def __init__(self, glossary: Glossary | None, *, forms: bool = False) -> None:
        """`forms` is whether Traditional forms are wanted: to tell them may take OpenCC."""
        self._glossary = glossary
        self._forms = forms
        # By identity: to hash an entry takes longer than all else done here.
        self._rows: dict[int, _Row] = {}
        self._readings: dict[tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]], Reading] = {}

    def find(self, text: str, shadow: str) -> Terms:
        """The terms of a block, in order."""
        matches = self._glossary.find(text, shadow) if self._glossary else []
        if not matches:
            return NO_TERMS
        words: list[Word] = []
        notes: list[Note] = []
        readings: dict[int, Reading] = {}
        forms: dict[int, str] = {}
        for match in matches:
            start, entry = match.start, match.entry
            row = self._rows.get(id(entry)) or self._row(entry)
            for first, last, kind in row.words:
                words.append((start + first, start + last, kind))
            for first, reading in row.readings:
                readings[start + first] = reading
            for first, form in row.forms:
                forms[start + first] = form
            if row.note:
                notes.append(Note(start, match.end, *row.note))
        return Terms(words, tuple(notes), readings, forms)

    def _row(self, entry: Entry) -> _Row:
        words = _words(entry)
        note = (
            entry.term,
            entry.simplified,
            entry.traditional,
            entry.syllables,
            entry.gloss,
            entry.note,
            entry.tags,
            _breaks(entry),
            entry.capitals,
        )
        forms = [(first, entry.traditional[first:last]) for first, last, _ in words]
        row = _Row(
            words,
            tuple(self._read(entry, words)),
            tuple(forms) if self._forms and _gives_traditional(entry) else (),
            note if entry.gloss else (),
        )
        self._rows[id(entry)] = row
        return row

    def _read(self, entry: Entry, words: Iterable[Word]) -> Iterator[tuple[int, Reading]]:
        for first, last, _ in words:
            syllables = entry.syllables[first:last]
            if any(syllables):
                breaks = tuple([at - first for at in entry.breaks if first < at < last])
                capitals = tuple([at - first for at in entry.capitals if first <= at < last])
                key = syllables, breaks, capitals
                reading = self._readings.get(key)
                if reading is None:
                    reading = Reading(
                        syllables, ReadingSource.GLOSSARY, breaks=breaks, capitals=capitals
                    )
                    self._readings[key] = reading
                yield first, reading


def _words(entry: Entry) -> tuple[Word, ...]:
    kind = HAN if entry.words else TERM
    ends = accumulate(map(len, entry.words or (entry.term,)), initial=0)
    return tuple((start, end, _kind(entry, start, end, kind)) for start, end in pairwise(ends))


def _kind(entry: Entry, start: int, end: int, otherwise: int) -> int:
    """The kind of a term's word: a row that gives its reading says whether it is a name."""
    if not any(entry.syllables[start:end]):
        return otherwise
    return NAME if any(start <= at < end for at in entry.capitals) else COMMON


def _gives_traditional(entry: Entry) -> bool:
    """Whether a row says how its term is written in Traditional; else OpenCC has."""
    derived = to_traditional(entry.term) if entry.term == entry.simplified else ""
    return entry.traditional != derived


def _breaks(entry: Entry) -> tuple[int, ...]:
    """Where the pinyin of a term takes a space: as its row writes it, and where it is cut."""
    if not entry.words or not any(entry.syllables):
        return entry.breaks
    bounds = accumulate(map(len, entry.words[:-1]))
    return tuple(sorted({*entry.breaks, *bounds}))


def read_notes(
    notes: tuple[Note, ...], words: Sequence[Word], tokens: Sequence[Token], *, forms: bool
) -> tuple[Note, ...]:
    """The notes, those whose row gives no pinyin with the readings of the block's own words, and
    with `forms` all with the Traditional forms of these."""
    if not forms and all(any(note.syllables) for note in notes):
        return notes
    return tuple(_completed(note, words, tokens, forms=forms) for note in notes)


def _completed(note: Note, words: Sequence[Word], tokens: Sequence[Token], *, forms: bool) -> Note:
    first = bisect_left(words, (note.start,))
    if forms:
        last = bisect_left(words, (note.end,), first)
        form = "".join([token.traditional for token in tokens[first:last]])
        if len(form) == len(note.term) and form != note.traditional:
            note = replace(note, traditional=form)
    return note if any(note.syllables) else _read(note, words, tokens, first)


def _read(note: Note, words: Sequence[Word], tokens: Sequence[Token], at: int) -> Note:
    """The note read as the words that begin at `at` are."""
    syllables: list[str] = []
    breaks: list[int] = []
    capitals: list[int] = []
    while at < len(words) and words[at][1] <= note.end:
        start, end, _ = words[at]
        reading = tokens[at].reading
        offset = start - note.start
        breaks.append(offset)
        if reading is None:
            syllables += [""] * (end - start)
        else:
            syllables += reading.syllables
            breaks += [offset + inner for inner in reading.breaks]
            capitals += [offset + inner for inner in tokens[at].capitals]
        at += 1
    if not any(syllables) or len(syllables) != len(note.term):
        return note
    return replace(
        note, syllables=tuple(syllables), breaks=tuple(breaks[1:]), capitals=tuple(capitals)
    )
