"""Train the classifier of readings: `python training/readings.py DATA [OUT]`.

`DATA` is the folder with `polyphones/`; of it `cpp-dev` and `g2pl-train` train. The rest comes
from the dictionaries that the package depends on and from `training/*.tsv`. Nothing is random but
the folds of the calibration, whose seed is fixed: the same inputs give the same file.
"""

from __future__ import annotations

import sys
from collections.abc import Container, Sequence
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from reader.annotation.classifier import DATA
from reader.lexicon import Lexicon
from training.calibration import calibrate
from training.cases import CaseMaker, WordShares, by_themselves, contested, known_readings
from training.chosen import chosen_readings
from training.classes import read_classes
from training.data import (
    Example,
    read_examples,
    read_more_words,
    read_pieces,
    read_sentences,
    read_words,
)
from training.model import train
from training.pack import Calibration, pack
from training.running_text import reading_examples

HERE = Path(__file__).parent
LEXICAL_WEIGHT = 0.1
"""What a dictionary word counts where a sentence counts 1."""
LISTED_WEIGHT = 0.03
"""What a word counts that only larger lists have, which were partly made by machine."""
RUNNING_WEIGHT = 2.0
"""What a character of running text counts: it comes as readers meet it."""
CHOSEN_WEIGHT = 1.0
"""What a character counts that was hard, and of which a person chose the reading."""
PIECE_WEIGHT = 0.5
"""What a piece of our own counts for the commonest reading of a character."""
THRESHOLD = 0.09
"""Smaller weights do not ship."""
UNCALIBRATED: Calibration = ([0.0, 1.0], [0.0, 1.0])


def corpora(folder: Path) -> tuple[list[Example], list[Example]]:
    """The sentences that may train: CPP's; and g2pL's with our own and running text."""
    polyphones = folder / "polyphones"
    return (
        read_sentences(polyphones, "cpp-dev"),
        [
            *read_sentences(polyphones, "g2pl-train", drawn="b"),
            *read_examples(HERE / "examples.tsv"),
            *read_pieces(HERE / "pieces.tsv", PIECE_WEIGHT),
            *reading_examples(folder, RUNNING_WEIGHT),
            *chosen_readings(folder, CHOSEN_WEIGHT),
        ],
    )


class Material:
    """Sentences and dictionary words prepared for training, once for any number of trainings."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._lexicon = Lexicon.open()
        self._examples = examples
        self._classes = read_classes()
        maker = CaseMaker(self._lexicon, self._classes)
        self._sentences = [maker.case(example) for example in examples]
        ambiguous = known_readings(examples).features
        self._words = [
            *(maker.case(e) for e in read_words(ambiguous, LEXICAL_WEIGHT)),
            *(maker.case(e) for e in read_more_words(ambiguous, LISTED_WEIGHT)),
        ]

    def fit(
        self, without: Container[int] = (), calibration: Calibration | None = UNCALIBRATED
    ) -> bytes:
        """The classifier that all examples but those `without` give, as the bytes of its file.

        `calibration` is made by cross-validation where it is None: three more trainings.
        """
        kept = [n for n in range(len(self._examples)) if n not in without]
        examples = [self._examples[n] for n in kept]
        sentences = [self._sentences[n] for n in kept]
        priors = known_readings(examples)
        if calibration is None:
            calibration = calibrate(sentences, self._words, priors)
        shares = contested(examples, self._lexicon) | read_word_shares(HERE / "words.tsv")
        weights = train([*sentences, *self._words], priors)
        alone = by_themselves(sentences)
        return pack(weights, priors, calibration, shares, alone, self._classes, THRESHOLD)


def read_word_shares(path: Path) -> WordShares:
    """Words whose usual reading the dictionary does not tell: their readings and the shares."""
    shares: WordShares = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            word, syllables, share = line.split("\t")
            shares.setdefault(word, []).append((syllables, float(share)))
    return shares


def main(folder: str, out: str = str(DATA)) -> None:
    """Train on everything that may train, and write the file."""
    cpp, others = corpora(Path(folder))
    data = Material([*cpp, *others]).fit(calibration=None)
    Path(out).write_bytes(data)
    print(f"{out}: {len(data):,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
