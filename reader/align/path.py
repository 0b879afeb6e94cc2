"""The path: which runs of source units answer which runs of target units, and how surely.

The scores of all links that end in a cell of the corridor are summed forwards and backwards
(the sum over all monotone paths), which gives every link a posterior; the path chosen is the one
whose links have the greatest sum of posteriors, so that a link is taken for being likely itself
and not for lying on the single best path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reader.align.corridor import Corridor
from reader.align.table import Floats

Shape = tuple[int, int]
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Bead:
    """The numbers of the units on either side, and the posterior of their link."""

    sources: tuple[int, ...]
    targets: tuple[int, ...]
    probability: float


class Lattice:
    """The links of a corridor with their scores.

    `rows[i][k]` holds the scores of shape `shapes[k]` for links that end after `i` sources and
    after `low[i]` to `high[i]` targets.
    """

    def __init__(
        self,
        corridor: Corridor,
        shapes: tuple[Shape, ...],
        score: Callable[[int, int, int], Floats],
    ) -> None:
        self.corridor = corridor
        self.shapes = shapes
        self.low = corridor.low.tolist()
        self.high = corridor.high.tolist()
        self.rows = [score(i, self.low[i], self.high[i]) for i in range(len(self.low))]
        for i, row in enumerate(self.rows):
            self._forbid(i, row)

    def _forbid(self, i: int, row: Floats) -> None:
        """Links that would begin outside the plane."""
        for k, (m, n) in enumerate(self.shapes):
            row[k, : max(0, n - self.low[i])] = _NEVER
            if m > i:
                row[k] = _NEVER

    def before(self, values: list[Floats], i: int, shape: Shape, blank: float) -> Floats:
        """The `values` of the cells where links of `shape` that end in row `i` begin."""
        m, n = shape
        return shifted(values[i - m], self.low[i - m], self.low[i] - n, self.high[i] - n, blank)


def shifted(values: Floats, low: int, start: int, end: int, blank: float) -> Floats:
    """`values`, whose first is at place `low`, at places `start` to `end`; `blank` elsewhere."""
    first, last = max(start, low), min(end, low + len(values) - 1)
    if first == start and last == end:
        return values[start - low : end - low + 1]
    result = np.full(end - start + 1, blank)
    if first <= last:
        result[first - start : last - start + 1] = values[first - low : last - low + 1]
    return result


def beads(lattice: Lattice) -> list[Bead]:
    """The chosen path, from the first units to the last."""
    posteriors = _posteriors(lattice)
    return _trace(lattice, posteriors)


def _posteriors(lattice: Lattice) -> list[Floats]:
    """The probability of every link, in the shape of `Lattice.rows`."""
    ahead = _forwards(lattice)
    behind = _backwards(lattice)
    total = ahead[-1][-1]
    result = []
    for i, row in enumerate(lattice.rows):
        logs = row + behind[i] - total
        for k, shape in enumerate(lattice.shapes):
            if shape[0] <= i:
                logs[k] += lattice.before(ahead, i, shape, _NEVER)
            else:
                logs[k] = _NEVER
        result.append(np.exp(np.minimum(logs, 0.0)))
    return result


def _forwards(lattice: Lattice) -> list[Floats]:
    ahead: list[Floats] = []
    for i, row in enumerate(lattice.rows):
        ahead.append(np.full(row.shape[1], _NEVER))
        sums = ahead[i].copy()
        gap = np.zeros(row.shape[1])
        if i == 0 and lattice.low[0] == 0:
            sums[0] = 0.0
        for k, shape in enumerate(lattice.shapes):
            if shape[0] == 0:
                gap = row[k]
            elif shape[0] <= i:
                sums = np.logaddexp(sums, row[k] + lattice.before(ahead, i, shape, _NEVER))
        ahead[i] = _along(sums, gap)
    return ahead


def _along(sums: Floats, gap: Floats) -> Floats:
    """Adds the links of no source: each cell may be reached from the one before it."""
    steps = gap.copy()
    steps[0] = 0.0
    steps = np.cumsum(steps)
    return np.logaddexp.accumulate(sums - steps) + steps


def _backwards(lattice: Lattice) -> list[Floats]:
    size = len(lattice.rows)
    behind = [np.full(row.shape[1], _NEVER) for row in lattice.rows]
    behind[-1][-1] = 0.0
    for i in range(size - 1, -1, -1):
        gap = lattice.rows[i][lattice.shapes.index((0, 1))]
        # The gap at a cell leads into it: going back, the step from it is that of the next.
        steps = np.append(gap[1:], 0.0)
        behind[i] = _along(behind[i][::-1], np.append(0.0, steps[::-1][1:]))[::-1]
        _hand_back(lattice, behind, i)
    return behind


def _hand_back(lattice: Lattice, behind: list[Floats], i: int) -> None:
    """Adds the links that end in row `i` to the cells in which they begin."""
    for k, (m, n) in enumerate(lattice.shapes):
        if not 0 < m <= i:
            continue
        sums = lattice.rows[i][k] + behind[i]
        there = shifted(sums, lattice.low[i] - n, lattice.low[i - m], lattice.high[i - m], _NEVER)
        behind[i - m] = np.logaddexp(behind[i - m], there)


def _trace(lattice: Lattice, posteriors: list[Floats]) -> list[Bead]:
    best, choices = _greatest(lattice, posteriors)
    found: list[Bead] = []
    i, j = len(best) - 1, lattice.high[-1]
    while i or j:
        k = int(choices[i][j - lattice.low[i]])
        m, n = lattice.shapes[k]
        probability = float(posteriors[i][k, j - lattice.low[i]])
        ends = tuple(range(i - m, i)), tuple(range(j - n, j))
        found.append(Bead(*ends, min(probability, 1.0)))
        i, j = i - m, j - n
    return found[::-1]


def _greatest(lattice: Lattice, posteriors: list[Floats]) -> tuple[list[Floats], list[Floats]]:
    """For every cell, the greatest sum of posteriors on the way to it, and its last shape."""
    best: list[Floats] = []
    choices: list[Floats] = []
    for i, row in enumerate(posteriors):
        best.append(np.full(row.shape[1], _NEVER))
        options = np.full(row.shape, _NEVER)
        across = lattice.shapes.index((0, 1))
        for k, (m, n) in enumerate(lattice.shapes):
            if 0 < m <= i:
                # A link counts for the units it joins; one that joins none, for half of one.
                gain = row[k] * ((m + n) / 2 if n else 0.5)
                options[k] = gain + lattice.before(best, i, (m, n), _NEVER)
        if i == 0 and lattice.low[0] == 0:
            options[across, 0] = 0.0
        top = options.max(axis=0)
        steps = np.cumsum(np.append(0.0, 0.5 * row[across][1:]))
        reached = np.maximum.accumulate(top - steps) + steps
        choice = options.argmax(axis=0)
        choice[reached > top + 1e-9] = across
        best[i] = reached
        choices.append(choice.astype(np.float64))
    return best, choices
