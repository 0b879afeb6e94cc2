"""How much better two runs of units explain each other than chance, by their keys.

A sparse table says which keys translate each other, and how strongly: the lift of a pair is
p(w, t) / (p(w) p(t)), how many times more often a target key stands in the translation of a source
key than anywhere. It comes from a dictionary first, and then also from the text itself: a
dictionary does not know how this translator renders 内卷, or the names in this book; the beads
already sure do. They also make alignment work where no dictionary helps, between Chinese and any
other language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reader.alignment.units import Bead, Floats, Ints, KeyIndex, np

LONGEST = 4
"""Units on one side of a bead, at most."""
_EXPLAINED = 0.45
"""The share of content words that a dictionary explains in a faithful translation."""
_DENSE = 1 << 22
"""Cells of one dense intermediate array, at most (32 MiB): a unit may be a whole file."""

_SURE = 0.8
"""The posterior from which the text is learnt from."""
_TOGETHER = 2
"""Beads in which two keys must meet."""
_DICE = 0.3
_MOST = 40
"""Keys of one side of a bead that is learnt from: longer ones say little."""
_TRUST = 1.0
_SPACE = 1 << 32

Weights: TypeAlias = Iterable[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class LiftTable:
    """For each source key `w`, its target keys `targets[starts[w]:starts[w + 1]]` and their lifts.

    `forward` holds p(t | w) / p(t), `backward` p(w | t) / p(w).
    """

    starts: Ints
    targets: Ints
    forward: Floats
    backward: Floats
    weights: Floats
    """Of the pairs, before they were brought to probabilities."""


def lift_table(source: KeyIndex, target: KeyIndex, meanings: Callable[[str], Weights]) -> LiftTable:
    """The pairs of keys that are equal, or that `meanings` gives for a source key."""
    number = {key: index for index, key in enumerate(target.vocabulary)}
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for row, key in enumerate(source.vocabulary):
        translations = {key: 1.0} if key in number else dict(meanings(key))
        for translation, weight in translations.items():
            column = number.get(translation)
            if column is not None:
                rows.append(row)
                columns.append(column)
                weights.append(weight)
    return _table(
        source, target, np.array(rows, np.int64), np.array(columns, np.int64), np.array(weights)
    )


def with_learnt_pairs(
    table: LiftTable, source: KeyIndex, target: KeyIndex, beads: Sequence[Bead]
) -> LiftTable:
    """The table with the pairs that the sure beads show, and those they bear out heavier."""
    pairs, dice = _associated(source, target, beads)
    known = np.repeat(np.arange(len(source.vocabulary)), np.diff(table.starts))
    codes = np.concatenate([known * _SPACE + table.targets, pairs])
    weights = np.concatenate([table.weights, _TRUST * dice])
    unique, inverse = np.unique(codes, return_inverse=True)
    total = np.bincount(inverse, weights).astype(np.float64)
    return _table(source, target, unique // _SPACE, unique % _SPACE, total)


def _table(
    source: KeyIndex, target: KeyIndex, rows: Ints, columns: Ints, weights: Floats
) -> LiftTable:
    """The table of the given pairs, their weights brought to probabilities both ways.

    `rows` ascends.
    """
    weights = weights.astype(np.float64)
    # A key that occurs often takes a larger part of what translates it, but less than in
    # proportion: the square root keeps 的 and *the* from taking everything.
    occurring = weights * np.sqrt(target.counts[columns])
    forward = occurring / _totals(rows, occurring, len(source.vocabulary))[rows]
    joint = weights * np.sqrt(source.counts[rows])
    backward = joint / _totals(columns, joint, len(target.vocabulary))[columns]
    return LiftTable(
        np.searchsorted(rows, np.arange(len(source.vocabulary) + 1)).astype(np.int64),
        columns,
        forward * target.counts.sum() / target.counts[columns],
        backward * source.counts.sum() / source.counts[rows],
        weights,
    )


def _totals(groups: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(groups, values, minlength=size).astype(np.float64)


def _associated(source: KeyIndex, target: KeyIndex, beads: Sequence[Bead]) -> tuple[Ints, Floats]:
    """Pairs of keys, as one number each, that meet in the beads far more than apart."""
    met: list[Ints] = []
    source_keys: list[Ints] = []
    target_keys: list[Ints] = []
    for of_source, of_target in _sure_keys(source, target, beads):
        source_keys.append(of_source)
        target_keys.append(of_target)
        met.append((of_source[:, None] * _SPACE + of_target[None, :]).ravel())
    if not met:
        return np.zeros(0, np.int64), np.zeros(0)
    codes, counts = np.unique(np.concatenate(met), return_counts=True)
    often = counts >= _TOGETHER
    codes, counts = codes[often], counts[often]
    sources = np.bincount(np.concatenate(source_keys), minlength=len(source.vocabulary))
    targets = np.bincount(np.concatenate(target_keys), minlength=len(target.vocabulary))
    dice = 2.0 * counts / (sources[codes // _SPACE] + targets[codes % _SPACE])
    close = dice >= _DICE
    return codes[close], dice[close]


def _sure_keys(
    source: KeyIndex, target: KeyIndex, beads: Sequence[Bead]
) -> Iterator[tuple[Ints, Ints]]:
    """The distinct keys of either side of every sure bead."""
    for bead in beads:
        if bead.sources and bead.targets and bead.probability >= _SURE:
            of_source = np.unique(np.concatenate([source.of(i) for i in bead.sources]))
            of_target = np.unique(np.concatenate([target.of(j) for j in bead.targets]))
            if max(len(of_source), len(of_target)) <= _MOST:
                yield of_source, of_target


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Evidence for the beads that end with one source unit, over targets `low` to `high`.

    Both arrays are (LONGEST, high - low): row `m - 1` of `forward` is for m sources against one
    target, row `n - 1` of `backward` for one source against n targets. Kept apart so that any m:n
    is a sum of a few rows.
    """

    low: int
    forward: Floats
    backward: Floats


class Evidence:
    """Evaluates one source unit after another against a window of targets.

    A target key is drawn either from the language at large or from the meanings of the source run:
    log((1 - g) + g · mean lift), summed over the keys of the target, after Moore (2002), and the
    same the other way round.
    """

    def __init__(self, source: KeyIndex, target: KeyIndex, table: LiftTable) -> None:
        self._source, self._target, self._table = source, target, table
        self._recent: list[tuple[Ints, Floats, int]] = []
        self._expected = np.zeros(len(target.vocabulary))
        widest = int(np.diff(source.starts).max(initial=1))
        rows = min(widest, max(1, _DENSE // max(1, len(target.vocabulary))))
        self._board = np.zeros((rows, len(target.vocabulary)))

    def row(self, unit: int, low: int, high: int) -> EvidenceRow:
        """Evidence for source `unit` against targets `low:high`; call for units in order."""
        wider = max(0, low - LONGEST + 1)
        starts = self._target.starts[wider : high + 1]
        keys = self._target.keys[starts[0] : starts[-1]]
        starts = starts - starts[0]
        owners, columns, forward, backward = self._translations(unit)
        # What the last units lead one to expect, the latest first.
        size = len(self._source.of(unit))
        self._recent = [(columns, forward, size), *self._recent[: LONGEST - 1]]
        skip = low - wider
        return EvidenceRow(
            low,
            self._forward(keys, starts)[:, skip:],
            self._backward(size, owners, columns, backward, keys, starts)[:, skip:],
        )

    def _translations(self, unit: int) -> tuple[Ints, Ints, Floats, Floats]:
        """The table's rows for the keys of `unit`, end to end; `owners` numbers its keys."""
        keys = self._source.of(unit)
        table = self._table
        ends = table.starts[keys + 1]
        sizes = ends - table.starts[keys]
        owners = np.repeat(np.arange(len(keys)), sizes)
        entries = np.arange(sizes.sum()) + np.repeat(ends - np.cumsum(sizes), sizes)
        return owners, table.targets[entries], table.forward[entries], table.backward[entries]

    def _forward(self, keys: Ints, starts: Ints) -> Floats:
        result = np.empty((LONGEST, len(starts) - 1))
        expected = np.zeros(len(keys))
        vector = self._expected
        size = 0
        for m in range(LONGEST):
            if m < len(self._recent):
                columns, lifts, length = self._recent[m]
                # Not `vector[columns] += lifts`: two keys may have the same translation.
                np.add.at(vector, columns, lifts)
                expected += vector[keys]
                # Cleared by its columns alone: it has a cell for each word of the translation.
                vector[columns] = 0.0
                size += length
            logs = np.log((1 - _EXPLAINED) + _EXPLAINED * expected / max(size, 1))
            result[m] = _per_unit(logs, starts)
        return result

    def _backward(
        self, size: int, owners: Ints, columns: Ints, lifts: Floats, keys: Ints, starts: Ints
    ) -> Floats:
        result = np.zeros((LONGEST, len(starts) - 1))
        if not size:
            return result
        explained = self._lifts_per_unit(size, owners, columns, lifts, keys, starts)
        lengths = np.diff(starts).astype(np.float64)
        for n in range(LONGEST):
            total = _trailing(explained, n + 1) / np.maximum(_trailing(lengths, n + 1), 1.0)
            result[n] = np.log((1 - _EXPLAINED) + _EXPLAINED * total).sum(axis=0)
        return result

    def _lifts_per_unit(
        self, size: int, owners: Ints, columns: Ints, lifts: Floats, keys: Ints, starts: Ints
    ) -> Floats:
        """The sum of lifts of each of `size` source keys in each target unit: (size, units).

        A portion of the source keys at a time: keys × keys would not fit into memory where both
        texts are one long sentence.
        """
        rows = min(len(self._board), max(1, _DENSE // max(1, len(keys))))
        portions: list[Floats] = []
        for first in range(0, size, rows):
            start, end = np.searchsorted(owners, (first, first + rows))
            cells = owners[start:end] - first, columns[start:end]
            self._board[cells] = lifts[start:end]
            portion = self._board[: min(rows, size - first), keys]
            self._board[cells] = 0.0
            portions.append(_per_unit(portion, starts))
        return portions[0] if len(portions) == 1 else np.concatenate(portions)


def _per_unit(values: Floats, starts: Ints) -> Floats:
    """Sums of the last axis between the offsets `starts`."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    values.cumsum(axis=-1, out=sums[..., 1:])
    return sums[..., starts[1:]] - sums[..., starts[:-1]]


def _trailing(values: Floats, count: int) -> Floats:
    """For each place, the sum of the `count` values that end there."""
    total = values.copy()
    for back in range(1, count):
        total[..., back:] += values[..., :-back]
    return total
