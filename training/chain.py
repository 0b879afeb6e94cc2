"""A linear chain of kinds: what speaks for each kind of a line by its features, and for each after
another, learnt for whole texts at once (a conditional random field)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.optimize import minimize

Floats = NDArray[np.float64]

PENALTY, PENALTY_STEPS = 5.0, 0.3
"""L2 on the weights of features, and on those of kinds after kinds."""
RARE = 6
"""Features of fewer lines are left out."""
STEPS = 60
_NEVER = -1e9


class Chain(NamedTuple):
    """The lines of one text."""

    lines: tuple[tuple[str, ...], ...]
    """The features of each."""
    kinds: tuple[int | None, ...]
    """The kind of each; None where it is not known."""
    fixed: tuple[int | None, ...]
    """The kind of a line that is not asked."""
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Learnt:
    """What speaks for kinds."""

    features: dict[str, int]
    weights: Floats
    """A row for each feature, a column for each kind."""
    steps: Floats
    """A row for each kind, a column for the one after it."""

    def scores(self, lines: Sequence[Sequence[str]]) -> Floats:
        return np.asarray(_matrix(lines, self.features) @ self.weights)

    def likeliest(self, scores: Floats, fixed: Sequence[int | None]) -> list[int]:
        """The kinds of the lines of a text (Viterbi), of which some may be fixed."""
        for place, kind in enumerate(fixed):
            if kind is not None:
                scores[place] = np.where(np.arange(scores.shape[1]) == kind, 0, _NEVER)
        best, came = scores[0], []
        for row in scores[1:]:
            sums = best[:, None] + self.steps
            came.append(sums.argmax(0))
            best = sums.max(0) + row
        found = [int(best.argmax())]
        for places in reversed(came):
            found.append(int(places[found[-1]]))
        return found[::-1]


def learn(chains: Sequence[Chain], kinds: int) -> Learnt:
    """Weights with which the kinds of the chains are likely."""
    counts = Counter(feature for chain in chains for line in chain.lines for feature in set(line))
    names = sorted(feature for feature, count in counts.items() if count >= RARE)
    features = {name: place for place, name in enumerate(names)}
    task = _Task(chains, features, kinds)
    size = len(features) * kinds
    found = minimize(
        task.loss,
        np.zeros(size + kinds * kinds),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": STEPS},
    )
    weights = found.x[:size].reshape(-1, kinds)
    return Learnt(features, weights, found.x[size:].reshape(kinds, kinds))


def _matrix(lines: Sequence[Sequence[str]], features: dict[str, int]) -> Any:
    places: list[int] = []
    ends = [0]
    for line in lines:
        places += sorted({features[name] for name in line if name in features})
        ends.append(len(places))
    ones = np.ones(len(places))
    return sparse.csr_matrix((ones, places, ends), shape=(len(lines), len(features)))


def _log_sum(values: Floats, axis: int) -> Floats:
    most = values.max(axis, keepdims=True)
    total: Floats = np.log(np.exp(values - most).sum(axis)) + most.squeeze(axis)
    return total


class _Task:
    """The loss of weights and how it changes with them; all texts side by side, longest first."""

    def __init__(self, chains: Sequence[Chain], features: dict[str, int], kinds: int) -> None:
        chains = sorted(chains, key=lambda chain: -len(chain.lines))
        lines = [line for chain in chains for line in chain.lines]
        self.matrix = _matrix(lines, features)
        self.transposed = self.matrix.T.tocsr()
        self.kinds = kinds
        self.weights = np.array([chain.weight for chain in chains])
        self.of_lines = np.repeat(self.weights, [len(chain.lines) for chain in chains])
        self.ends = np.array([len(chain.lines) for chain in chains])
        begins = np.concatenate([[0], np.cumsum(self.ends)[:-1]])
        longest = int(self.ends.max())
        self.active = [int((self.ends > place).sum()) for place in range(longest)]
        self.places = [begins[: self.active[place]] + place for place in range(longest)]
        self.allowed = _allowed([kind for chain in chains for kind in chain.fixed], kinds)
        known = [kind for chain in chains for kind in chain.kinds]
        self.true = np.minimum(self.allowed, _allowed(known, kinds))

    def loss(self, values: Floats) -> tuple[float, Floats]:
        size = self.matrix.shape[1] * self.kinds
        weights, steps = (
            values[:size].reshape(-1, self.kinds),
            values[size:].reshape(self.kinds, self.kinds),
        )
        scores = self.matrix @ weights
        free, of_lines, of_steps = self._expected(scores + self.allowed, steps)
        true, true_lines, true_steps = self._expected(scores + self.true, steps)
        loss = (self.weights * (free - true)).sum()
        loss += PENALTY / 2 * (weights**2).sum() + PENALTY_STEPS / 2 * (steps**2).sum()
        by_line = (of_lines - true_lines) * self.of_lines[:, None]
        change = self.transposed @ by_line + PENALTY * weights
        change_steps = of_steps - true_steps + PENALTY_STEPS * steps
        return float(loss), np.concatenate([change.ravel(), change_steps.ravel()])

    def _expected(self, scores: Floats, steps: Floats) -> tuple[Floats, Floats, Floats]:
        """Of each text the logarithm of the sum of all ways; how likely kinds and steps are."""
        before = self._forward(scores, steps)
        after = self._backward(scores, steps)
        last = np.array([before[end - 1][i] for i, end in enumerate(self.ends)])
        whole = _log_sum(last, 1)
        of_lines = np.zeros_like(scores)
        of_steps = np.zeros_like(steps)
        for place, active in enumerate(self.active):
            at = self.places[place]
            of_lines[at] = np.exp(before[place] + after[place] - whole[:active, None])
            if place:
                ways = before[place - 1][:active, :, None] + steps[None]
                ways = ways + (after[place] + scores[at])[:, None, :] - whole[:active, None, None]
                of_steps += (np.exp(ways) * self.weights[:active, None, None]).sum(0)
        return whole, of_lines, of_steps

    def _forward(self, scores: Floats, steps: Floats) -> list[Floats]:
        found = [scores[self.places[0]]]
        for place in range(1, len(self.active)):
            ways = found[-1][: self.active[place], :, None] + steps[None]
            found.append(scores[self.places[place]] + _log_sum(ways, 1))
        return found

    def _backward(self, scores: Floats, steps: Floats) -> list[Floats]:
        found = [np.zeros((self.active[-1], self.kinds))]
        for place in range(len(self.active) - 1, 0, -1):
            ways = steps[None] + (found[-1] + scores[self.places[place]])[:, None, :]
            row = np.zeros((self.active[place - 1], self.kinds))
            row[: self.active[place]] = _log_sum(ways, 2)
            found.append(row)
        return found[::-1]


def _allowed(kinds: Sequence[int | None], many: int) -> Floats:
    rows = np.zeros((len(kinds), many))
    for place, kind in enumerate(kinds):
        if kind is not None:
            rows[place] = _NEVER
            rows[place, kind] = 0
    return rows
