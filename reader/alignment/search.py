"""The best path of beads: which runs of source units correspond to which target units, how surely.

The scores of all beads that end in a cell of the band are summed forwards and backwards (the
forward-backward algorithm over all monotone paths), which gives every bead a posterior; the path
chosen is the one whose beads have the greatest sum of posteriors, so that a bead is taken for being
likely itself and not for lying on the single likeliest path.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reader.alignment.band import Band
from reader.alignment.units import Bead, Floats, np

Shape = tuple[int, int]
_NEVER = -1e9
"""The logarithm of no chance at all; no infinity, so that differences stay numbers."""
# What is missing from a translation is a sentence (the shapes 1:0 and 0:1) or a chapter: a gap
# that is dear to begin and to end, and cheap to go on with.
_OPEN, _EXTEND, _CLOSE = np.log(0.001), np.log(0.95), np.log(0.05)


class Lattice:
    """The beads of a band with their scores.

    `rows[i][k]` holds the scores of shape `shapes[k]` for beads that end after `i` sources and
    after `low[i]` to `high[i]` targets.
    """

    def __init__(
        self,
        band: Band,
        shapes: tuple[Shape, ...],
        score: Callable[[int, int, int], Floats],
    ) -> None:
        self.shapes = shapes
        self.low = band.low.tolist()
        self.high = band.high.tolist()
        self.rows = [score(i, self.low[i], self.high[i]) for i in range(len(self.low))]
        for i, row in enumerate(self.rows):
            self._forbid(i, row)

    def _forbid(self, i: int, row: Floats) -> None:
        """Makes beads impossible that would begin outside the plane."""
        for k, (m, n) in enumerate(self.shapes):
            row[k, : max(0, n - self.low[i])] = _NEVER
            if m > i:
                row[k] = _NEVER

    def before(self, values: list[Floats], i: int, shape: Shape, blank: float) -> Floats:
        """The `values` of the cells where beads of `shape` that end in row `i` begin."""
        m, n = shape
        return shifted(values[i - m], self.low[i - m], self.low[i] - n, self.high[i] - n, blank)

    def after(
        self, values: Sequence[Floats], i: int, shape: Shape, at: int | None = None
    ) -> Floats:
        """The `values` of row `i` (or `values[at]`) for the cells where its beads begin."""
        m, n = shape
        row = values[i if at is None else at]
        return shifted(row, self.low[i] - n, self.low[i - m], self.high[i - m], _NEVER)


def shifted(values: Floats, low: int, start: int, end: int, blank: float) -> Floats:
    """`values`, whose first is at place `low`, at places `start` to `end`; `blank` elsewhere.

    Places are those of the last axis.
    """
    first, last = max(start, low), min(end, low + values.shape[-1] - 1)
    if first == start and last == end:
        return values[..., start - low : end - low + 1]
    result = np.empty((*values.shape[:-1], end - start + 1))
    result.fill(blank)
    if first <= last:
        result[..., first - start : last - start + 1] = values[..., first - low : last - low + 1]
    return result


def best_beads(lattice: Lattice) -> list[Bead]:
    """The chosen path, from the first units to the last. The lattice's scores are used up."""
    return _trace(lattice, _posteriors(lattice))


@dataclass(frozen=True, slots=True)
class _Sums:
    """Logarithms of sums over paths, a row for each number of sources.

    Forwards, of paths that reach a cell: `free` to go on in any way, or inside a long gap in the
    `source` or `target`. Backwards, of paths that leave it; there, `entered` is for those that come
    into the cell by a bead, and `free` for those that may also have come by a gap.
    """

    free: list[Floats]
    source: list[Floats]
    target: list[Floats]
    entered: list[Floats]


def _posteriors(lattice: Lattice) -> list[Floats]:
    """The probability of every bead, in place of the scores in `Lattice.rows`."""
    ahead, behind = _forwards(lattice), _backwards(lattice)
    total = ahead.free[-1][-1]
    for i, logs in enumerate(lattice.rows):
        logs -= total
        for k, shape in enumerate(lattice.shapes):
            if shape[0] > i:
                logs[k] = _NEVER
                continue
            leaving = behind.entered[i] if shape[0] else behind.free[i]
            logs[k] += leaving + lattice.before(ahead.free, i, shape, _NEVER)
        # A unit without a counterpart may be one of a long gap instead.
        for shape, before, after in (
            ((1, 0), ahead.source[i], behind.source[i]),
            ((0, 1), ahead.target[i], behind.target[i]),
        ):
            k = lattice.shapes.index(shape)
            logs[k] = np.logaddexp(logs[k], before + after - total)
        np.exp(np.minimum(logs, 0.0), out=logs)
    return lattice.rows


def _forwards(lattice: Lattice) -> _Sums:
    sums = _Sums([], [], [], [])
    gap = _long_gap(lattice)
    for i, row in enumerate(lattice.rows):
        blank = np.full(row.shape[1], _NEVER)
        sums.free.append(blank)
        entered, source = blank.copy(), blank
        if i == 0 and lattice.low[0] == 0:
            entered[0] = 0.0
        for k, shape in enumerate(lattice.shapes):
            if 0 < shape[0] <= i:
                step = row[k] + lattice.before(sums.free, i, shape, _NEVER)
                entered = np.logaddexp(entered, step)
        if i:
            opened = lattice.before(sums.free, i, (1, 0), _NEVER) + _OPEN
            source = np.logaddexp(opened, lattice.before(sums.source, i, (1, 0), _NEVER) + _EXTEND)
        entered = np.logaddexp(entered, source + _CLOSE)
        opened = np.empty(len(entered))
        opened[0] = _NEVER
        np.add(entered[:-1], _OPEN, out=opened[1:])
        target = _along(opened, gap[: len(opened)])
        sums.source.append(source)
        sums.target.append(target)
        across = _way(lattice.rows[i][lattice.shapes.index((0, 1))])
        sums.free[i] = _along(np.logaddexp(entered, target + _CLOSE), across)
    return sums


def _long_gap(lattice: Lattice) -> Floats:
    """The way on inside a gap, as long as the longest row."""
    steps = np.empty(max(row.shape[1] for row in lattice.rows))
    steps.fill(_EXTEND)
    return _way(steps)


def _way(steps: Floats) -> Floats:
    """What all steps cost from the first cell on; the first of them leads nowhere."""
    way = steps.copy()
    way[0] = 0.0
    return way.cumsum(out=way)


def _along(sums: Floats, way: Floats) -> Floats:
    """Each cell may also be reached from the one before it, by the way between them."""
    # sums[j] + steps[j + 1] + … + steps[k], summed over j: with the steps taken out once, what
    # is left is a running logarithm of a sum.
    return np.logaddexp.accumulate(sums - way) + way


def _back_along(sums: Floats, way: Floats) -> Floats:
    """The same from the last cell to the first."""
    return _along(sums[::-1], way)[::-1]


def _backwards(lattice: Lattice) -> _Sums:
    blanks = [np.full(row.shape[1], _NEVER) for row in lattice.rows]
    sums = _Sums(list(blanks), list(blanks), list(blanks), list(blanks))
    gap, across = _long_gap(lattice), lattice.shapes.index((0, 1))
    last = len(blanks) - 1
    sums.free[last] = blanks[last].copy()
    sums.free[last][-1] = 0.0
    for i in range(last, -1, -1):
        # The step that leads into the last cell is the first one back.
        back = np.empty(len(blanks[i]))
        back[1:] = lattice.rows[i][across][:0:-1]
        sums.free[i] = _back_along(sums.free[i], _way(back))
        sums.target[i] = _back_along(sums.free[i] + _CLOSE, gap[: len(back)])
        opened = np.empty(len(back))
        opened[-1] = _NEVER
        np.add(sums.target[i][1:], _OPEN, out=opened[:-1])
        sums.entered[i] = np.logaddexp(sums.free[i], opened)
        sums.source[i] = sums.entered[i] + _CLOSE
        if i < last:
            on = lattice.after(sums.source, i + 1, (1, 0)) + _EXTEND
            sums.source[i] = np.logaddexp(sums.source[i], on)
        if i:
            _add_to_starts(lattice, sums, i)
    return sums


def _add_to_starts(lattice: Lattice, sums: _Sums, i: int) -> None:
    """Adds the beads and gaps that end in row `i` to the cells in which they begin."""
    for k, (m, n) in enumerate(lattice.shapes):
        if 0 < m <= i:
            step = [lattice.rows[i][k] + sums.entered[i]]
            leaving = lattice.after(step, i, (m, n), at=0)
            sums.free[i - m] = np.logaddexp(sums.free[i - m], leaving)
    opened = lattice.after(sums.source, i, (1, 0)) + _OPEN
    sums.free[i - 1] = np.logaddexp(sums.free[i - 1], opened)


def _trace(lattice: Lattice, posteriors: list[Floats]) -> list[Bead]:
    best, choices = _greatest(lattice, posteriors)
    beads: list[Bead] = []
    i, j = len(best) - 1, lattice.high[-1]
    while i or j:
        k = int(choices[i][j - lattice.low[i]])
        m, n = lattice.shapes[k]
        probability = float(posteriors[i][k, j - lattice.low[i]])
        ends = tuple(range(i - m, i)), tuple(range(j - n, j))
        beads.append(Bead(*ends, min(probability, 1.0)))
        i, j = i - m, j - n
    return beads[::-1]


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
                # A bead counts for the units it joins; one that joins none, for half of one.
                gain = row[k] * ((m + n) / 2 if n else 0.5)
                options[k] = gain + lattice.before(best, i, (m, n), _NEVER)
        if i == 0 and lattice.low[0] == 0:
            options[across, 0] = 0.0
        top = options.max(axis=0)
        steps = _way(0.5 * row[across])
        reached = np.maximum.accumulate(top - steps) + steps
        choice = options.argmax(axis=0)
        choice[reached > top + 1e-9] = across
        best[i] = reached
        choices.append(choice.astype(np.float64))
    return best, choices
