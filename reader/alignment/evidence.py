"""How much better two runs of units explain each other than chance, by their words.

A target key is drawn either from the language at large or from the meanings of the source run:
log((1 - g) + g · mean lift), summed over the keys of the target, after Moore (2002), and the
same the other way round. The sums are kept apart so that any m:n is a sum of a few rows:
`forward[m - 1]` for m sources against one target, `backward[n - 1]` for one source against n.
"""

from __future__ import annotations

from dataclasses import dataclass

from reader.alignment.arrays import Floats, Ints, np
from reader.alignment.table import Side, Table

LONGEST = 4
"""Units on one side of a link, at most."""
_EXPLAINED = 0.45
"""The share of content words that a dictionary explains in a faithful translation."""


@dataclass(frozen=True, slots=True)
class Row:
    """Evidence for the links that end with one source unit, over targets `low` to `high`.

    Both arrays are (LONGEST, high - low).
    """

    low: int
    forward: Floats
    backward: Floats


class Evidence:
    """Evaluates one source unit after another against a window of targets."""

    def __init__(self, source: Side, target: Side, table: Table) -> None:
        self._source, self._target, self._table = source, target, table
        self._recent: list[tuple[Ints, Floats, int]] = []
        self._sums = np.zeros((LONGEST, len(target.names)))
        widest = int(np.diff(source.at).max(initial=1))
        self._board = np.zeros((widest, len(target.names)))

    def row(self, unit: int, low: int, high: int) -> Row:
        """Evidence for source `unit` against targets `low:high`; call for units in order."""
        wider = max(0, low - LONGEST + 1)
        at = self._target.at[wider : high + 1]
        tokens = self._target.tokens[at[0] : at[-1]]
        at = at - at[0]
        owners, columns, forward, backward = self._answers(unit)
        self._remember(unit, columns, forward)
        skip = low - wider
        return Row(
            low,
            self._forward(tokens, at)[:, skip:],
            self._backward(unit, owners, columns, backward, tokens, at)[:, skip:],
        )

    def _answers(self, unit: int) -> tuple[Ints, Ints, Floats, Floats]:
        """The table's entries for the keys of `unit`; owners number its keys."""
        keys = self._source.of(unit)
        starts, ends = self._table.at[keys], self._table.at[keys + 1]
        sizes = ends - starts
        owners = np.repeat(np.arange(len(keys)), sizes)
        entries = np.arange(sizes.sum()) + np.repeat(ends - np.cumsum(sizes), sizes)
        table = self._table
        return owners, table.targets[entries], table.forward[entries], table.backward[entries]

    def _remember(self, unit: int, columns: Ints, lifts: Floats) -> None:
        """Keeps what the last units expect: row `m - 1` of `_sums` is that of the last m."""
        size = len(self._source.of(unit))
        self._recent = [(columns, lifts, size), *self._recent[: LONGEST - 1]]

    def _forward(self, tokens: Ints, at: Ints) -> Floats:
        result = np.empty((LONGEST, len(at) - 1))
        expected = np.zeros(len(tokens))
        vector = self._sums[0]
        size = 0
        for m in range(LONGEST):
            if m < len(self._recent):
                columns, lifts, length = self._recent[m]
                np.add.at(vector, columns, lifts)
                expected += vector[tokens]
                vector[columns] = 0.0
                size += length
            logs = np.log((1 - _EXPLAINED) + _EXPLAINED * expected / max(size, 1))
            result[m] = _per_unit(logs, at)
        return result

    def _backward(
        self, unit: int, owners: Ints, columns: Ints, lifts: Floats, tokens: Ints, at: Ints
    ) -> Floats:
        size = len(self._source.of(unit))
        result = np.zeros((LONGEST, len(at) - 1))
        if not size:
            return result
        self._board[owners, columns] = lifts
        found = self._board[:size, tokens]
        self._board[owners, columns] = 0.0
        found = _per_unit(found, at)
        lengths = np.diff(at).astype(np.float64)
        for n in range(LONGEST):
            total = _trailing(found, n + 1) / np.maximum(_trailing(lengths, n + 1), 1.0)
            result[n] = np.log((1 - _EXPLAINED) + _EXPLAINED * total).sum(axis=0)
        return result


def _per_unit(values: Floats, at: Ints) -> Floats:
    """Sums of the last axis between the offsets `at`."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums[..., at[1:]] - sums[..., at[:-1]]


def _trailing(values: Floats, count: int) -> Floats:
    """For each place, the sum of the `count` values that end there."""
    total = values.copy()
    for back in range(1, count):
        total[..., back:] += values[..., :-back]
    return total
