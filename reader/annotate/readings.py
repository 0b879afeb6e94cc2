"""How each word of a block is read, where that is known from, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import mul

from reader.annotate.choices import Choice, Choices, Syllables
from reader.annotate.classifier import Classifier
from reader.annotate.digits import read_digits
from reader.annotate.features import Features
from reader.annotate.kinds import NUMBER, PERSON, Word
from reader.annotate.surnames import Surnames
from reader.lexicon import Lexicon
from reader.model import Reading, ReadingSource
from reader.options import AnnotateOptions

REMEMBERED = 200_000
"""Entries that each memory holds before it starts afresh."""
OFFERED = 0.002
"""Readings less likely than this are no alternatives."""
MOST = 4
"""How many alternatives are kept."""


class Reader:
    """Reads the words of a text's blocks; equal readings are one object.

    In this order: a dictionary word with one reading in the text's own script; the classifier,
    for words and characters that stay open; names; each character's usual reading. Glossary rows
    come before all of these and are the annotator's.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        classifier: Classifier | None = None,
        options: AnnotateOptions | None = None,
        language: str = "",
    ) -> None:
        options = options or AnnotateOptions()
        self._classifier = classifier or Classifier.load()
        self._choices = Choices(lexicon, self._classifier, options.standard)
        self._surnames = Surnames(lexicon, self._choices)
        self._features = Features(lexicon)
        self._numbers = options.read_numbers
        self._known: dict[tuple[str, str], Choice | Reading | None] = {}
        self._readings: dict[Reading, Reading] = {}

    def read(self, words: Sequence[Word], text: str, shadow: str) -> list[Reading | None]:
        """A reading for each word of `text`, in order; None for what is not read or not known.

        `shadow` is the text in Simplified characters, position by position.
        """
        readings: list[Reading | None] = []
        add, known = readings.append, self._known
        missing = object()
        for at, (start, end, kind) in enumerate(words):
            if kind >= NUMBER:
                add(self._number(words, at, text, shadow) if self._numbers else None)
                continue
            if kind == PERSON:
                add(self._person(words, at, text, shadow))
                continue
            found = known.get((text[start:end], shadow[start:end]), missing)
            if found is missing:
                found = self._learn(text[start:end], shadow[start:end])
            add(self._decide(found, shadow, words, at) if type(found) is Choice else found)  # type: ignore[arg-type]
        return readings

    def _learn(self, word: str, simplified: str) -> Choice | Reading | None:
        """The reading of a word that is settled, the choice of one that is not."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
            self._readings.clear()
        choice: Choice | Reading | None = self._choices.choice(word, simplified)
        if choice is not None and not choice.open:
            choice = self._settled(choice)
        self._known[word, simplified] = choice
        return choice

    def _settled(self, choice: Choice) -> Reading:
        spoken = [syllables for syllables, _ in choice.readings]
        return self._reading(spoken[0], choice.source, choice.probability, spoken[1:])

    def _reading(
        self,
        syllables: Syllables,
        source: ReadingSource,
        probability: float,
        others: Sequence[Syllables] = (),
    ) -> Reading:
        sure = min(max(probability, 0.0), 0.999)
        rounded = round(sure, 2) if sure < 0.99 else round(sure, 3)
        reading = Reading(syllables, source, rounded, tuple(others[:MOST]))
        return self._readings.setdefault(reading, reading)

    def _decide(self, choice: Choice, shadow: str, words: Sequence[Word], at: int) -> Reading:
        """The reading of an open word in its place."""
        asked = self._asked(choice, shadow, words, at)
        if len(choice.readings) > 1:
            return self._among(choice, asked)
        return self._character_by_character(choice, shadow, words[at][0], asked)

    def _asked(
        self, choice: Choice, shadow: str, words: Sequence[Word], at: int
    ) -> dict[int, list[tuple[str, float]]]:
        """What the classifier says of each open offset."""
        start = words[at][0]
        answers = {}
        for offset, offered in choice.open:
            context = self._features.context(shadow, start + offset, words, at)
            answers[offset] = self._classifier.predict(
                shadow[start + offset], context.features, context.evidence, offered
            )
        return answers

    def _among(self, choice: Choice, asked: dict[int, list[tuple[str, float]]]) -> Reading:
        """One of several whole readings: their shares beforehand times what the context says."""
        table = {offset: dict(answers) for offset, answers in asked.items()}
        scored = [
            (
                share * reduce(mul, (t.get(spoken[o], 0.0) for o, t in table.items()), 1.0),
                spoken,
            )
            for spoken, share in choice.readings
        ]
        total = sum(score for score, _ in scored)
        if not total:
            return self._settled(choice)
        scored.sort(key=lambda pair: -pair[0])
        others = [spoken for _, spoken in scored[1:]]
        return self._reading(scored[0][1], ReadingSource.MODEL, scored[0][0] / total, others)

    def _character_by_character(
        self, choice: Choice, shadow: str, start: int, asked: dict[int, list[tuple[str, float]]]
    ) -> Reading:
        """The first reading with the best answer at every open offset."""
        best = list(choice.readings[0][0])
        sure = 1.0
        for offset, answers in asked.items():
            best[offset] = self._choices.local(shadow[start + offset], answers[0][0])
            sure *= answers[0][1]
        others = []
        for offset, answers in asked.items():
            for syllable, probability in answers[1:]:
                if probability >= OFFERED:
                    other = [*best]
                    other[offset] = self._choices.local(shadow[start + offset], syllable)
                    others.append((probability, tuple(other)))
        others.sort(key=lambda pair: -pair[0])
        spoken = dict.fromkeys(syllables for _, syllables in others)
        spoken.pop(tuple(best), None)
        name = choice.source is ReadingSource.NAME
        source = ReadingSource.NAME if name else ReadingSource.MODEL
        return self._reading(tuple(best), source, sure, [*spoken])

    def _person(self, words: Sequence[Word], at: int, text: str, shadow: str) -> Reading | None:
        start, end, _ = words[at]
        given = at > 0 and words[at - 1][1] == start and words[at - 1][2] == PERSON
        choice = self._surnames.choice(text[start:end], shadow[start:end], given=given)
        if choice is None:
            return None
        return self._decide(choice, shadow, words, at) if choice.open else self._settled(choice)

    def _number(self, words: Sequence[Word], at: int, text: str, shadow: str) -> Reading | None:
        """A number read aloud; None for one in which nothing can be said."""
        start, end, kind = words[at]
        if kind != NUMBER:
            return None
        spoken = read_digits(text[start:end], shadow[max(0, start - 1) : start], shadow[end:])
        return self._reading(spoken, ReadingSource.DEFAULT, 0.95) if any(spoken) else None
