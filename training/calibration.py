"""How sure the model may be: what its probabilities were worth on sentences it had not seen."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from math import exp

import numpy as np
from sklearn.isotonic import IsotonicRegression

from training.model import Case, Key, Priors, shared_names, train

SEED = 20250101
KNOTS = [0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 0.999, 1.0]


def folds(count: int, number: int) -> list[list[int]]:
    """The indices below `count` in `number` parts, shuffled the same way each time."""
    order = list(range(count))
    random.Random(SEED).shuffle(order)
    return [order[part::number] for part in range(number)]


def raw_prediction(weights: Mapping[Key, float], priors: Priors, case: Case) -> tuple[str, float]:
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
    """How often a probability is right, from sentences that did not train: knots and values.

    Only sentences of which none was chosen for its reading say that.
    """
    sure: list[float] = []
    right: list[bool] = []
    for held_out in folds(len(sentences), 3):
        hidden = set(held_out)
        weights = train([c for n, c in enumerate(sentences) if n not in hidden] + [*words], priors)
        for number in held_out:
            case = sentences[number]
            if not case.drawn and len(priors.candidates(case.character)) > 1:
                syllable, probability = raw_prediction(weights, priors, case)
                sure.append(probability)
                right.append(syllable == case.syllable)
    fitted = IsotonicRegression(y_min=0.05, y_max=0.9995, out_of_bounds="clip")
    fitted.fit(sure, right)
    values = np.maximum.accumulate(fitted.predict(KNOTS))
    return KNOTS, [round(float(value), 4) for value in values]
