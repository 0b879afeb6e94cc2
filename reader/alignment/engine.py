"""Units in, beads out: table, corridor, evidence and prior brought together in one lattice."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from reader.alignment.arrays import Floats, np
from reader.alignment.corridor import Corridor, corridor, near
from reader.alignment.evidence import LONGEST, Evidence, Row
from reader.alignment.learn import learnt
from reader.alignment.path import Bead, Lattice, beads, shifted
from reader.alignment.prior import SHAPES, Prior, shapes_seen
from reader.alignment.scorers import Scorer, Similarity
from reader.alignment.table import Table, Weights, side, table
from reader.alignment.units import Unit

_TEMPER = 0.5
"""Words of one sentence are not independent witnesses: their evidence counts for this much."""
_UNSEEN = -20.0
_USUAL, _ROOM = math.log(1.3), 0.4
"""How much longer translations are than Chinese, a character counted as three letters."""
_SURE, _ENOUGH = 0.95, 20
"""From so many sure links the ratio is taken when alignment is done again."""


@dataclass(frozen=True, slots=True)
class Judges:
    """What decides: the meanings of words, and a scorer from outside if one is named."""

    meanings: Callable[[str], Weights]
    scorer: Scorer | None = None
    languages: tuple[str, str] = ("zh", "en")


def path(sources: Sequence[Unit], targets: Sequence[Unit], judges: Judges) -> list[Bead]:
    """The path through all units of both sides, in order, with posteriors."""
    if not sources or not targets:
        return _one_sided(len(sources), len(targets))
    sizes = len(sources), len(targets)
    here, there = side([unit.keys for unit in sources]), side([unit.keys for unit in targets])
    pairs = table(here, there, judges.meanings)
    similarity = None
    if judges.scorer is not None:
        similarity = Similarity(judges.scorer, sources, targets, judges.languages)

    def once(prior: Prior, pairs: Table, band: Corridor) -> list[Bead]:
        scores = _Scores(Evidence(here, there, pairs), prior, similarity)
        return beads(Lattice(band, tuple(SHAPES), scores.row))

    usual = Prior(sources, targets, _expected_ratio(sources, targets), SHAPES)
    found = once(usual, pairs, corridor(here, there, pairs))
    shapes = shapes_seen((len(bead.sources), len(bead.targets)) for bead in found)
    seen = Prior(sources, targets, _seen_ratio(found, sources, targets), shapes)
    return once(seen, learnt(here, there, pairs, found), near(_cells(found), *sizes))


def _cells(found: Sequence[Bead]) -> list[tuple[int, int]]:
    """Sources and targets behind, after every bead."""
    sources = accumulate(len(bead.sources) for bead in found)
    targets = accumulate(len(bead.targets) for bead in found)
    return list(zip(sources, targets, strict=True))


def _expected_ratio(sources: Sequence[Unit], targets: Sequence[Unit]) -> float:
    """The ratio of the whole lengths, but no ratio that only a missing chapter explains."""
    ratio = math.log(sum(unit.length for unit in targets) / sum(unit.length for unit in sources))
    return min(max(ratio, _USUAL - _ROOM), _USUAL + _ROOM)


def _seen_ratio(found: Sequence[Bead], sources: Sequence[Unit], targets: Sequence[Unit]) -> float:
    """The median ratio over the links that are as good as sure."""
    ratios = [
        math.log(targets[bead.targets[0]].length / sources[bead.sources[0]].length)
        for bead in found
        if len(bead.sources) == len(bead.targets) == 1 and bead.probability > _SURE
    ]
    enough = len(ratios) >= _ENOUGH
    return statistics.median(ratios) if enough else _expected_ratio(sources, targets)


def _one_sided(sources: int, targets: int) -> list[Bead]:
    alone = [Bead((i,), (), 1.0) for i in range(sources)]
    return alone + [Bead((), (j,), 1.0) for j in range(targets)]


class _Scores:
    """The scores of one row of the lattice after another."""

    def __init__(self, evidence: Evidence, prior: Prior, similarity: Similarity | None) -> None:
        self._evidence, self._prior, self._similarity = evidence, prior, similarity
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
                if self._similarity is not None:
                    scores[k] += self._similarity.row(m, n, i, low, high)
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
