"""Examples turned into cases of the model, with the very code that reads texts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from reader.annotation.classifier import named
from reader.annotation.features import INSIDE, Features
from reader.annotation.segmentation import WordSegmenter
from reader.annotation.word_candidates import Word
from reader.lexicon import LexEntry, Lexicon
from reader.lexicon.lexicon import data_files
from reader.lexicon.packages import read_cedict, read_characters
from training.data import Example
from training.model import Case, Priors

WordShares = dict[str, list[tuple[str, float]]]
"""Words with their readings (syllables, spaces between) and the share of each."""

OTHERWISE = 2
"""So many sentences overrule the dictionary's reading, unless that is a neutral tone: many corpora
write none."""
ENOUGH, ALWAYS = 15, 0.99
"""How many sentences with a character as a word by itself, and what share of them read it so,
make the classifier superfluous there."""
LEAST = 0.02
"""The share that the dictionary's own reading keeps."""
_EDGES = frozenset("^$")


def known_readings(examples: Iterable[Example]) -> Priors:
    """The candidates of every ambiguous character, with what is known of each beforehand."""
    files = data_files()
    in_words, single = _dictionary_readings(entry.whole() for entry in read_cedict(files["cedict"]))
    for example in examples:
        in_words[example.text[example.index]][example.syllable] += 0
    first = {character: listed[0] for character, listed in read_characters(files["characters"])}
    return Priors(
        {
            character: {
                syllable: _prior(counts, syllable, tuple(single[character]), first.get(character))
                for syllable in sorted(counts)
            }
            for character, counts in in_words.items()
            if len(counts) > 1
        }
    )


def _dictionary_readings(
    entries: Iterable[LexEntry],
) -> tuple[dict[str, Counter[str]], dict[str, dict[str, None]]]:
    """By character how often words of up to five read it so, and its readings by itself."""
    in_words: dict[str, Counter[str]] = defaultdict(Counter)
    single: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in entries:
        if len(entry.simplified) == 1 and not entry.variant and not entry.proper:
            single[entry.simplified][entry.syllables[0]] = None
        if len(entry.simplified) < 6:
            for character, syllable in zip(entry.simplified, entry.syllables, strict=True):
                if syllable and " " not in syllable:
                    in_words[character][syllable] += 1
    return in_words, single


def _prior(
    counts: Counter[str], syllable: str, single: tuple[str, ...], first: str | None
) -> tuple[str, ...]:
    share = counts[syllable] / max(1, counts.total())
    names = [f"q{int(share * 8)}"]
    if syllable in single:
        names.append(f"s{min(single.index(syllable), 2)}/{min(len(single), 3)}")
    if syllable == first:
        names.append("first")
    if syllable.endswith("5"):
        names.append("neutral")
    return tuple(names)


class CaseMaker:
    """Makes cases of examples, segmented into words as texts are."""

    def __init__(self, lexicon: Lexicon, classes: Sequence[Sequence[str]]) -> None:
        self._lexicon = lexicon
        self._segmenter = WordSegmenter(lexicon)
        self._features = Features(lexicon, named(*classes))
        self._words: tuple[str, Sequence[Word]] = ("", ())

    def case(self, example: Example) -> Case:
        text, index = example.text, example.index
        if not example.whole and self._lexicon.entries(text):
            context = self._features.word(text, index, 0, len(text))
            features = context.features
        else:
            words = self._segmented(text)
            at = next(n for n, word in enumerate(words) if word[0] <= index < word[1])
            context = self._features.context(text, index, words, at)
            features = context.features
            if not example.whole:
                features = _of_part(features, at == 0, at == len(words) - 1)
            elif example.piece:
                features = _within(features)
        return Case(
            text[index],
            example.syllable,
            tuple(sorted(features)),
            tuple(context.evidence),
            example.weight,
            example.whole,
            example.drawn,
        )

    def _segmented(self, text: str) -> Sequence[Word]:
        """The words of a text; examples of one text come one after the other."""
        if self._words[0] != text:
            self._words = text, self._segmenter.segment(text, text)
        return self._words[1]


def _of_part(features: Iterable[str], first: bool, last: bool) -> list[str]:
    """The features that a word which the lexicon lacks has in every text.

    What stands around it is not known. Nor may it tell how its characters are read as words by
    themselves: a list of words is no text.
    """
    beyond = "P" * first + "N" * last
    kept = [name for name in _within(features) if name[0] not in beyond]
    return [n for n in kept if n[0] not in INSIDE] if "l0/1" in kept else kept


def _within(features: Iterable[str]) -> list[str]:
    """The features that do not look beyond the ends of the text."""
    return [name for name in features if not _EDGES.intersection(name)]


def contested(examples: Iterable[Example], lexicon: Lexicon) -> WordShares:
    """Dictionary words with one reading that sentences read otherwise, with what they say."""
    segmenter = WordSegmenter(lexicon)
    seen: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for example in examples:
        for start, end, _ in segmenter.segment(example.text, example.text):
            if start <= example.index < end and end - start > 1:
                word = example.text[start:end]
                seen[word, example.index - start][example.syllable] += 1
    shares_by_word: WordShares = {}
    for (word, offset), counts in sorted(seen.items()):
        reading = _only_reading(word, lexicon)
        if reading and word not in shares_by_word:
            shares = _shares(reading, offset, counts)
            if len(shares) > 1:
                shares_by_word[word] = shares
    return shares_by_word


def _shares(reading: tuple[str, ...], offset: int, counts: Counter[str]) -> list[tuple[str, float]]:
    """The word's readings with their shares, the dictionary's own among them."""
    if reading[offset].endswith("5"):
        return []
    total = counts.total()
    shares = {reading[offset]: max(LEAST, counts[reading[offset]] / total)}
    for syllable, count in counts.items():
        if syllable != reading[offset] and count >= OTHERWISE:
            shares[syllable] = count / total
    whole = sum(shares.values())
    ordered = sorted(shares.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        (" ".join((*reading[:offset], syllable, *reading[offset + 1 :])), round(share / whole, 3))
        for syllable, share in ordered
    ]


def by_themselves(cases: Iterable[Case]) -> tuple[dict[str, tuple[str, float]], str]:
    """Characters that sentences read in one way wherever they are a word by themselves, with
    that reading and its share; and the other characters that sentences have so."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        if case.whole and "l0/1" in case.features:
            seen[case.character][case.syllable] += 1
    settled: dict[str, tuple[str, float]] = {}
    open_: list[str] = []
    for character, counts in sorted(seen.items()):
        syllable, count = counts.most_common(1)[0]
        share = count / counts.total()
        if counts.total() >= ENOUGH and share >= ALWAYS:
            settled[character] = syllable, round(min(share, 0.997), 3)
        else:
            open_.append(character)
    return settled, "".join(open_)


def _only_reading(word: str, lexicon: Lexicon) -> tuple[str, ...]:
    readings = {entry.syllables for entry in lexicon.entries(word) if not entry.variant}
    return readings.pop() if len(readings) == 1 else ()
