"""A softmax over the readings of each character, learnt for all characters at once.

Two kinds of weights: those of one character and one of its readings, for every feature of the
context; and those that all characters share, which say how far dictionary evidence is to be
trusted. The shared ones carry characters that have few examples of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import scipy.sparse as sparse
from scipy.optimize import minimize

from reader.annotation.features import Evidence

Key: TypeAlias = tuple[str, str, str] | str
"""Character, reading and feature; or the name of a shared weight."""

PENALTY = 0.05
"""L2 on the weights of one character."""
PENALTY_SHARED = 0.05
PENALTY_BIAS = 0.05
RARE = 2
"""Features of a character seen less often than this are left out."""
STEPS = 150
BIAS = "*"
"""What a reading has in any context. Sets that were not drawn as texts come have one of their own
beside it, by a letter, so that the bias itself keeps to how often readings occur in running text:
those do not ship."""


@dataclass(frozen=True, slots=True)
class Case:
    """An example as the model sees it."""

    character: str
    syllable: str
    features: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    weight: float = 1.0
    whole: bool = True
    drawn: str = ""


@dataclass(frozen=True, slots=True)
class Priors:
    """What is known of a character's readings before any example: static shared features."""

    features: Mapping[str, Mapping[str, tuple[str, ...]]]
    """Names by character and reading; the readings are the candidates."""

    def candidates(self, character: str) -> tuple[str, ...]:
        return tuple(self.features.get(character, ()))


def shared_names(
    priors: Priors, character: str, syllable: str, evidence: Sequence[Evidence], whole: bool
) -> list[str]:
    """The shared weights that speak for or against `syllable`.

    Dictionary words as examples have weights of their own: there the dictionary is always right.
    """
    names = [f"{'+' if syllable in readings else '-'}{kind}" for kind, readings in evidence]
    names += priors.features[character][syllable]
    return names if whole else [name + "~" for name in names]


def train(cases: Sequence[Case], priors: Priors) -> dict[Key, float]:
    """The weights that make the examples likeliest, under a normal prior.

    Deterministic: L-BFGS from zero. Examples whose reading is no candidate are left out.
    """
    used = [case for case in cases if case.syllable in priors.candidates(case.character)]
    ids: dict[Key, int] = {}
    columns: list[int] = []
    bounds, groups, gold = [0], [], []
    for number, (case, kept) in enumerate(zip(used, _frequent_features(used), strict=True)):
        for syllable in priors.candidates(case.character):
            shared = shared_names(priors, case.character, syllable, case.evidence, case.whole)
            columns += [ids.setdefault(name, len(ids)) for name in shared]
            columns += [ids.setdefault((case.character, syllable, n), len(ids)) for n in kept]
            bounds.append(len(columns))
            groups.append(number)
            gold.append(syllable == case.syllable)
    ones = np.ones(len(columns), np.float32)
    shape = (len(groups), len(ids))
    matrix = sparse.csr_matrix((ones, np.array(columns, np.int32), np.array(bounds)), shape)
    weights = np.array([case.weight for case in used])
    theta = _minimum(matrix, np.array(groups), np.array(gold), weights, _penalties(ids))
    return {key: float(theta[column]) for key, column in ids.items()}


def _frequent_features(cases: Sequence[Case]) -> Iterator[list[str]]:
    """Of each case the features that are not rare with its character, and its bias."""
    seen = Counter((case.character, name) for case in cases for name in case.features)
    for case in cases:
        kept = [name for name in case.features if seen[case.character, name] >= RARE]
        yield [*kept, BIAS + str(int(case.whole)), *([BIAS + case.drawn] if case.drawn else [])]


def _penalties(ids: Mapping[Key, int]) -> np.ndarray:
    penalties = np.empty(len(ids))
    for key, column in ids.items():
        if isinstance(key, str):
            penalties[column] = PENALTY_SHARED
        else:
            penalties[column] = PENALTY_BIAS if key[2].startswith(BIAS) else PENALTY
    return penalties


def _minimum(
    matrix: sparse.csr_matrix,
    groups: np.ndarray,
    gold: np.ndarray,
    weights: np.ndarray,
    penalties: np.ndarray,
) -> np.ndarray:
    transposed = matrix.T.tocsr()
    starts = np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]])
    row_weights = weights[groups]

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        scores = (matrix @ theta.astype(np.float32)).astype(np.float64)
        highest = np.maximum.reduceat(scores, starts)
        powers = np.exp(scores - highest[groups])
        totals = np.add.reduceat(powers, starts)
        value = (weights * (np.log(totals) + highest)).sum() - (row_weights * scores * gold).sum()
        error = (powers / totals[groups] - gold) * row_weights
        gradient = (transposed @ error.astype(np.float32)).astype(np.float64)
        return value + 0.5 * (penalties * theta**2).sum(), gradient + penalties * theta

    options = {"maxiter": STEPS, "maxcor": 8}
    start = np.zeros(len(penalties))
    solution = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
    return np.asarray(solution.x)
