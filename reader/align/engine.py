"""Units in, beads out: table, corridor, evidence and prior brought together in one lattice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from reader.align.corridor import corridor
from reader.align.evidence import LONGEST, Evidence, Row
from reader.align.path import Bead, Lattice, beads, shifted
from reader.align.prior import SHAPES, Prior
from reader.align.table import Floats, Side, Table, Weights, side, table
from reader.align.units import Unit

_TEMPER = 0.5
"""Words of one sentence are not independent witnesses: their evidence counts for this much."""
_UNSEEN = -20.0


def path(
    sources: Sequence[Unit], targets: Sequence[Unit], meanings: Callable[[str], Weights]
) -> list[Bead]:
    """The path through all units of both sides, in order, with posteriors."""
    if not sources or not targets:
        return _one_sided(len(sources), len(targets))
    here, there = side([unit.keys for unit in sources]), side([unit.keys for unit in targets])
    pairs = table(here, there, meanings)
    return beads(_lattice(sources, targets, here, there, pairs))


def _one_sided(sources: int, targets: int) -> list[Bead]:
    return [Bead((i, i + 1), (0, 0), 1.0) for i in range(sources)] + [
        Bead((sources, sources), (j, j + 1), 1.0) for j in range(targets)
    ]


def _lattice(
    sources: Sequence[Unit], targets: Sequence[Unit], here: Side, there: Side, pairs: Table
) -> Lattice:
    scores = _Scores(Evidence(here, there, pairs), Prior(sources, targets))
    return Lattice(corridor(here, there, pairs), tuple(SHAPES), scores.row)


class _Scores:
    """The scores of one row of the lattice after another."""

    def __init__(self, evidence: Evidence, prior: Prior) -> None:
        self._evidence, self._prior = evidence, prior
        self._recent: list[Row] = []

    def row(self, i: int, low: int, high: int) -> Floats:
        """Scores (shapes, high - low + 1) of the links that end after `i` sources."""
        if i:
            row = self._evidence.row(i - 1, max(0, low - LONGEST), high)
            self._recent = [row, *self._recent[: LONGEST - 1]]
        scores = np.stack([self._prior.row(shape, i, low, high) for shape in SHAPES])
        for k, (m, n) in enumerate(SHAPES):
            if m and n and m <= i:
                scores[k] += _TEMPER * self._words(m, n, low, high)
        return scores

    def _words(self, m: int, n: int, low: int, high: int) -> Floats:
        """The mean of both directions' evidence for `m` sources against `n` targets."""
        latest = self._recent[0]
        sums = np.zeros(latest.forward.shape[1] + 1)
        np.cumsum(latest.forward[m - 1], out=sums[1:])
        ends = np.arange(low, high + 1) - latest.low
        forward = sums[ends] - sums[np.maximum(ends - n, 0)]
        backward = np.zeros(len(ends))
        for row in self._recent[:m]:
            backward += shifted(row.backward[n - 1], row.low, low - 1, high - 1, _UNSEEN)
        return 0.5 * (forward + backward)
