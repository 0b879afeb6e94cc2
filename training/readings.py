"""Train the classifier of readings: `python training/readings.py DATA [OUT]`.

`DATA` is the folder with `polyphones/`; of it `cpp-dev` and `g2pl-train` train. The rest comes
from the dictionaries that the package depends on and from `training/*.tsv`. Nothing is random but
the folds of the calibration, whose seed is fixed: the same inputs give the same file.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import exp
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
from sklearn.isotonic import IsotonicRegression

from reader.annotate.classifier import DATA, Classifier
from reader.annotate.features import Features
from reader.annotate.words import Cutter
from reader.lexicon import Lexicon
from reader.lexicon.packages import data_files, read_cedict, read_characters
from training.data import Example, read_examples, read_sentences, read_words
from training.model import Case, Key, Priors, shared_names, train
from training.pack import pack

HERE = Path(__file__).parent
SEED = 20250101
FOLDS = 5
LEXICAL_WEIGHT = 0.1
"""What a dictionary word counts beside a sentence."""
THRESHOLD = 0.04
"""Smaller weights do not ship."""
SOME, MANY, MAJORITY = 3, 10, 0.75
"""How many sentences, and what share of them, overrule the dictionary's reading of a word."""


def corpora(folder: Path) -> tuple[list[Example], list[Example]]:
    """The sentences that may train: CPP's and g2pL's with our own."""
    polyphones = folder / "polyphones"
    ours = list(read_examples(HERE / "examples.tsv"))
    return read_sentences(polyphones, "cpp-dev"), [
        *read_sentences(polyphones, "g2pl-train"),
        *ours,
    ]


def known_readings(examples: Iterable[Example]) -> Priors:
    """The candidates of every ambiguous character, with what is known of each beforehand."""
    files = data_files()
    in_words: dict[str, Counter[str]] = defaultdict(Counter)
    single: dict[str, dict[str, None]] = defaultdict(dict)
    for entry in read_cedict(files["cedict"]):
        if len(entry.simplified) == 1 and not entry.variant and not entry.proper:
            single[entry.simplified][entry.syllables[0]] = None
        if len(entry.simplified) < 6:
            for character, syllable in zip(entry.simplified, entry.syllables, strict=True):
                if syllable and " " not in syllable:
                    in_words[character][syllable] += 1
    for example in examples:
        in_words[example.text[example.index]][example.syllable] += 0
    first = {character: found[0] for character, found in read_characters(files["characters"])}
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


class Maker:
    """Makes cases of examples, cut into words as texts are."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._cutter = Cutter(lexicon)
        self._features = Features(lexicon)

    def case(self, example: Example) -> Case:
        text, index = example.text, example.index
        if example.whole:
            words = self._cutter.cut(text, text)
            at = next(n for n, word in enumerate(words) if word[0] <= index < word[1])
            context = self._features.context(text, index, words, at)
        else:
            context = self._features.word(text, index, 0, len(text))
        return Case(
            text[index],
            example.syllable,
            tuple(context.features),
            tuple(context.evidence),
            example.weight,
            example.whole,
        )

    def contested(self, examples: Iterable[Example]) -> dict[str, tuple[str, float]]:
        """Dictionary words that sentences read otherwise, again and again.

        A neutral tone of the dictionary is given up for the full tone only where that is usual:
        many corpora write the full tone everywhere.
        """
        seen: dict[tuple[str, int, str], Counter[str]] = defaultdict(Counter)
        for example in examples:
            text = example.text
            for start, end, _ in self._cutter.cut(text, text):
                if start <= example.index < end and end - start > 1:
                    spoken = self._only_reading(text[start:end])
                    if spoken:
                        key = text[start:end], example.index - start, " ".join(spoken)
                        seen[key][example.syllable] += 1
        found: dict[str, tuple[str, float]] = {}
        for (word, offset, spoken), counts in sorted(seen.items()):
            syllables = found[word][0].split(" ") if word in found else spoken.split(" ")
            best, count = counts.most_common(1)[0]
            share = count / counts.total()
            least = MANY if syllables[offset].endswith("5") else SOME
            if best != syllables[offset] and count >= least and share >= MAJORITY:
                syllables[offset] = best
                found[word] = " ".join(syllables), round(min(share, 0.98), 2)
        return found

    def _only_reading(self, word: str) -> tuple[str, ...]:
        entries = [e for e in self._lexicon.entries(word) if not e.variant]
        readings = {e.syllables for e in entries}
        return readings.pop() if len(readings) == 1 else ()


def folds(count: int, number: int = FOLDS) -> list[list[int]]:
    """The indices below `count` in `number` parts, shuffled the same way each time."""
    order = list(range(count))
    random.Random(SEED).shuffle(order)
    return [order[part::number] for part in range(number)]


def raw_prediction(weights: dict[Key, float], priors: Priors, case: Case) -> tuple[str, float]:
    """The best reading by unpacked weights, and its uncalibrated probability."""
    scores = {}
    for syllable in priors.candidates(case.character):
        names = shared_names(priors, case.character, syllable, case.evidence, True)
        score = sum(weights.get(name, 0.0) for name in names)
        for name in (*case.features, "*1"):
            score += weights.get((case.character, syllable, name), 0.0)
        scores[syllable] = score
    highest = max(scores.values())
    total = sum(exp(score - highest) for score in scores.values())
    return max(scores, key=lambda syllable: scores[syllable]), 1 / total


def calibrate(
    sentences: Sequence[Case], words: Sequence[Case], priors: Priors
) -> tuple[list[float], list[float]]:
    """How often a probability is right, from sentences that did not train: knots and values."""
    sure: list[float] = []
    right: list[bool] = []
    for held_out in folds(len(sentences), 3):
        hidden = set(held_out)
        weights = train([c for n, c in enumerate(sentences) if n not in hidden] + [*words], priors)
        for number in held_out:
            case = sentences[number]
            if len(priors.candidates(case.character)) > 1:
                syllable, probability = raw_prediction(weights, priors, case)
                sure.append(probability)
                right.append(syllable == case.syllable)
    fitted = IsotonicRegression(y_min=0.05, y_max=0.9995, out_of_bounds="clip")
    fitted.fit(sure, right)
    knots = [0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 0.999, 1.0]
    values = np.maximum.accumulate(fitted.predict(knots))
    return knots, [round(float(value), 4) for value in values]


def main(folder: str, out: str = str(DATA)) -> None:
    cpp, others = corpora(Path(folder))
    priors = known_readings([*cpp, *others])
    maker = Maker(Lexicon.open())
    sentences = [maker.case(example) for example in [*cpp, *others]]
    words = [maker.case(e) for e in read_words(priors.features, LEXICAL_WEIGHT)]
    calibration = calibrate(sentences, words, priors)
    weights = train([*sentences, *words], priors)
    settled = maker.contested([*cpp, *others]) | dict(read_settled(HERE / "words.tsv"))
    data = pack(weights, priors, calibration, settled, THRESHOLD)
    Classifier(data)
    Path(out).write_bytes(data)
    print(f"{out}: {len(data):,} bytes, {len(priors.features)} characters")
    print("calibration:", *zip(*calibration, strict=True))


def read_settled(path: Path) -> Iterable[tuple[str, tuple[str, float]]]:
    """Words whose usual reading the dictionary does not tell, that reading, and its share."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, syllables, share = line.split("\t")
            yield word, (syllables, float(share))


if __name__ == "__main__":
    main(*sys.argv[1:])
