"""Pronunciation: how each word of a block is read, where that is known from, and how surely."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache, reduce
from operator import add, mul
from threading import get_ident
from typing import Any, TypeAlias

from reader.annotation.classifier import Classifier
from reader.annotation.features import NEARBY, Features, OverlappingWords
from reader.annotation.person_names import NameReadings
from reader.annotation.reading_candidates import ReadingCandidates, ReadingLookup, Syllables, sure
from reader.annotation.spoken_numbers import spoken_number
from reader.annotation.word_candidates import NUMBER, PERSON, Word
from reader.core import choose
from reader.lexicon import Lexicon
from reader.model import Reading, ReadingSource

REMEMBERED = 60_000
"""Entries that the memories of words hold before all of them start afresh."""
OFFERED = 0.002
"""Readings less likely than this are no alternatives."""
MOST = 4
"""How many alternatives are kept."""

Read: TypeAlias = Callable[[Sequence[Word], str, str], list[Reading | None]]

Judged: TypeAlias = list[tuple[str, float]]
"""The syllables on offer at a place with their probabilities, best first."""


class ReadingResolver:
    """Reads the words of a text's blocks; a word that is read alike has one object as its reading.

    In this order: a dictionary word with one reading in the text's own script; the classifier,
    for words and characters that stay open; names; each character's usual reading. Glossary rows
    come before all of these and are the annotator's.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        classifier: Classifier | None = None,
        *,
        read_numbers: bool = False,
    ) -> None:
        self._classifier = classifier or Classifier.load()
        self._lexicon = lexicon
        self._overlapping = OverlappingWords(lexicon)
        self._lookup = ReadingLookup(lexicon, self._classifier, self._overlapping)
        self._names = NameReadings(lexicon, self._lookup)
        self._numbers = read_numbers
        self._known: dict[tuple[str, str], ReadingCandidates | Reading | None] = {}
        self._people: dict[tuple[str, str, bool], ReadingCandidates | Reading | None] = {}
        self._read: Read = choose(self._compiled, lambda: self._interpreted)

    def read(self, words: Sequence[Word], text: str, shadow: str) -> list[Reading | None]:
        """A reading for each word of `text`, in order; None for what is not read or not known.

        `shadow` is the text in Simplified characters, position by position.
        """
        if max(len(self._known), len(self._people)) > REMEMBERED:
            self._known.clear()
            self._people.clear()
        return self._read(words, text, shadow)

    def _interpreted(self, words: Sequence[Word], text: str, shadow: str) -> list[Reading | None]:
        readings: list[Reading | None] = []
        add, known = readings.append, self._known.get
        for at, (start, end, kind) in enumerate(words):
            reading: ReadingCandidates | Reading | None
            if kind == PERSON:
                reading = self._person(words, at, text, shadow)
            elif kind < NUMBER:
                key = text[start:end], shadow[start:end]
                reading = known(key)
                if reading is None:
                    reading = self._known[key] = self._learn(*key)
            else:
                reading = self._number(words, at, text, shadow)
            if isinstance(reading, ReadingCandidates):
                reading = self._decide(reading, shadow, words, at)
            add(reading)
        return readings

    def _compiled(self, core: Any) -> Read:
        """What `_interpreted` does, compiled: it asks about words that it meets first."""
        compiled = core.ReadingResolver(
            self._lexicon.table,
            self._classifier,
            NEARBY,
            OFFERED,
            MOST,
            self._numbers,
            ReadingCandidates,
            Reading,
            (ReadingSource.DICTIONARY, ReadingSource.MODEL, ReadingSource.NAME),
            (sure(False), sure(True)),
        )
        # What it keeps of this object is nothing: so neither keeps the other alive.
        return lambda words, text, shadow: compiled.read(words, text, shadow, self)

    @cached_property
    def _features(self) -> Features:
        return Features(self._lexicon, self._classifier.classes, self._overlapping)

    def _learn(self, word: str, simplified: str) -> ReadingCandidates | Reading | None:
        """The reading of a word that is settled, the candidates of one that is not."""
        if syllables := self._lookup.plain(word, simplified):
            return self._plain(syllables, self._classifier.unambiguous(simplified))
        return self._learn_not_plain(word, simplified)

    def _learn_not_plain(self, word: str, simplified: str) -> ReadingCandidates | Reading | None:
        candidates = self._lookup.not_plain(word, simplified)
        return candidates if candidates is None or candidates.open else self._settled(candidates)

    def _plain(self, syllables: Syllables, unambiguous: bool) -> Reading:
        return self._reading(syllables, ReadingSource.DICTIONARY, sure(unambiguous))

    def _settled(self, candidates: ReadingCandidates) -> Reading:
        spoken = [syllables for syllables, _ in candidates.readings]
        return self._reading(
            spoken[0], candidates.source, candidates.probability, spoken[1:], candidates.breaks
        )

    def _reading(
        self,
        syllables: Syllables,
        source: ReadingSource,
        probability: float,
        others: Sequence[Syllables] = (),
        breaks: tuple[int, ...] = (),
    ) -> Reading:
        return Reading(syllables, source, _rounded(probability), tuple(others[:MOST]), breaks)

    def _decide(
        self, candidates: ReadingCandidates, shadow: str, words: Sequence[Word], at: int
    ) -> Reading:
        """The reading of an open word in its place."""
        asked = self._asked(candidates, shadow, words, at)
        if len(candidates.readings) > 1:
            return self._among(candidates, asked)
        return self._character_by_character(candidates, asked)

    def _asked(
        self, candidates: ReadingCandidates, shadow: str, words: Sequence[Word], at: int
    ) -> list[tuple[int, Judged]]:
        """What the classifier says of each open offset."""
        start = words[at][0]
        judged = []
        for offset, offered in candidates.open:
            context = self._features.context(shadow, start + offset, words, at)
            character = shadow[start + offset]
            weights = self._classifier.weigh(character, context)
            judged.append((offset, self._classifier.judge(character, weights, offered)))
        return judged

    def _among(self, candidates: ReadingCandidates, asked: Iterable[tuple[int, Judged]]) -> Reading:
        """One of several whole readings: their shares beforehand times what the context says."""
        table = {offset: dict(judged) for offset, judged in asked}
        scored = [
            (
                share * reduce(mul, (t.get(spoken[o], 0.0) for o, t in table.items()), 1.0),
                spoken,
            )
            for spoken, share in candidates.readings
        ]
        total = reduce(add, (score for score, _ in scored))
        if not total:
            return self._settled(candidates)
        scored.sort(key=lambda pair: -pair[0])
        others = [spoken for _, spoken in scored[1:]]
        sure = scored[0][0] / total
        return self._reading(scored[0][1], ReadingSource.MODEL, sure, others, candidates.breaks)

    def _character_by_character(
        self, candidates: ReadingCandidates, asked: Sequence[tuple[int, Judged]]
    ) -> Reading:
        """The first reading with the best answer at every open offset."""
        best = list(candidates.readings[0][0])
        sure = 1.0
        for offset, judged in asked:
            best[offset] = judged[0][0]
            sure *= judged[0][1]
        others = []
        for offset, judged in asked:
            for syllable, probability in judged[1:]:
                if probability >= OFFERED:
                    other = [*best]
                    other[offset] = syllable
                    others.append((probability, tuple(other)))
        others.sort(key=lambda pair: -pair[0])
        name = candidates.source is ReadingSource.NAME
        source = ReadingSource.NAME if name else ReadingSource.MODEL
        return self._reading(tuple(best), source, sure, [syllables for _, syllables in others])

    def _person(
        self, words: Sequence[Word], at: int, text: str, shadow: str
    ) -> ReadingCandidates | Reading | None:
        start, end, _ = words[at]
        given = at > 0 and words[at - 1][1] == start and words[at - 1][2] == PERSON
        key = text[start:end], shadow[start:end], given
        if key not in self._people:
            self._people[key] = self._learn_person(*key)
        return self._people[key]

    def _learn_person(
        self, word: str, simplified: str, given: bool
    ) -> ReadingCandidates | Reading | None:
        candidates = self._names.candidates(word, simplified, given=given)
        return candidates if candidates is None or candidates.open else self._settled(candidates)

    def _number(self, words: Sequence[Word], at: int, text: str, shadow: str) -> Reading | None:
        """A number read aloud; None for one in which nothing can be said."""
        start, end, kind = words[at]
        if kind != NUMBER or not self._numbers:
            return None
        # What stands around it is looked at in the text: signs have no other form.
        return spoken_number(shadow, start, end)


def shared_resolver(lexicon: Lexicon, *, read_numbers: bool = False) -> ReadingResolver:
    """One for all texts of a thread, which share what it remembers."""
    return _shared(lexicon, read_numbers, get_ident())


# One a thread: a memory is emptied when it is full, whoever reads it.
@lru_cache(maxsize=4)
def _shared(lexicon: Lexicon, read_numbers: bool, _thread: int) -> ReadingResolver:
    return ReadingResolver(lexicon, read_numbers=read_numbers)


@lru_cache(maxsize=1024)
def _rounded(probability: float) -> float:
    """A probability as it is said: two places, three where it is near 1."""
    sure = min(max(probability, 0.0), 0.999)
    # Not `round`, which looks at the decimal digits where two are as near.
    return int(sure * 100.0 + 0.5) / 100 if sure < 0.99 else int(sure * 1000.0 + 0.5) / 1000


_ASKED = re.compile("[不没]")


def read_questions(words: Sequence[Word], shadow: str, readings: list[Reading | None]) -> None:
    """Read the first half of 漂|不|漂亮 as the word that it begins, and both of 长不长 alike, in
    `readings`."""
    for match in _ASKED.finditer(shadow):
        middle = match.start()
        if middle and shadow[middle - 1] == shadow[middle + 1 : middle + 2]:
            _read_question(words, middle, readings)


def _read_question(words: Sequence[Word], middle: int, readings: list[Reading | None]) -> None:
    at = bisect_left(words, (middle, middle + 1, 0))
    if at == 0 or (asked := readings[at - 1]) is None:
        return
    if words[at - 1][:2] == (middle - 1, middle + 2):
        _, no, again = asked.syllables
        readings[at - 1] = replace(asked, syllables=(again, no, again))
    elif at < len(words) - 1 and words[at][:2] == (middle, middle + 1):
        whole = readings[at + 1]
        if whole and words[at - 1][0] == middle - 1 and len(whole.syllables) > 1:
            readings[at - 1] = replace(asked, syllables=whole.syllables[:1], alternatives=())
