"""Which keys of the two sides answer each other, and how strongly: a sparse table of lifts.

The lift of a pair is p(w, t) / (p(w) p(t)): how many times more often a target key stands in the
translation of a source key than anywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reader.alignment.arrays import Floats, Ints, np

Weights = Iterable[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Side:
    """The keys of one side's units as numbers: those of unit `i` are `tokens[at[i]:at[i + 1]]`."""

    names: tuple[str, ...]
    counts: Ints
    tokens: Ints
    at: Ints

    @property
    def size(self) -> int:
        return len(self.at) - 1

    def of(self, unit: int) -> Ints:
        return self.tokens[self.at[unit] : self.at[unit + 1]]


def side(keys: Sequence[Sequence[str]]) -> Side:
    """Numbers for the keys of every unit, in order of first occurrence."""
    counts = Counter(key for unit in keys for key in unit)
    number = {name: index for index, name in enumerate(counts)}
    sizes = [0, *(len(unit) for unit in keys)]
    return Side(
        tuple(counts),
        np.fromiter(counts.values(), np.int64, len(counts)),
        np.fromiter((number[key] for unit in keys for key in unit), np.int64, sum(sizes)),
        np.cumsum(sizes, dtype=np.int64),
    )


@dataclass(frozen=True, slots=True)
class Table:
    """For each source key `w`, its target keys `targets[at[w]:at[w + 1]]` and their lifts.

    `forward` holds p(t | w) / p(t), `backward` p(w | t) / p(w).
    """

    at: Ints
    targets: Ints
    forward: Floats
    backward: Floats
    weights: Floats
    """Of the pairs, before they were brought to probabilities."""


def table(source: Side, target: Side, meanings: Callable[[str], Weights]) -> Table:
    """The pairs of keys that are equal, or that `meanings` gives for a source key."""
    number = {name: index for index, name in enumerate(target.names)}
    rows: list[int] = []
    columns: list[int] = []
    weights: list[float] = []
    for row, name in enumerate(source.names):
        answers = {name: 1.0} if name in number else dict(meanings(name))
        for answer, weight in answers.items():
            column = number.get(answer)
            if column is not None:
                rows.append(row)
                columns.append(column)
                weights.append(weight)
    return from_pairs(
        source, target, np.array(rows, np.int64), np.array(columns, np.int64), np.array(weights)
    )


def from_pairs(source: Side, target: Side, rows: Ints, columns: Ints, weights: Floats) -> Table:
    """The table of the given pairs, their weights brought to probabilities both ways.

    `rows` ascends.
    """
    weights = weights.astype(np.float64)
    occurring = weights * np.sqrt(target.counts[columns])
    forward = occurring / _sums(rows, occurring, len(source.names))[rows]
    joint = weights * np.sqrt(source.counts[rows])
    backward = joint / _sums(columns, joint, len(target.names))[columns]
    return Table(
        np.searchsorted(rows, np.arange(len(source.names) + 1)).astype(np.int64),
        columns,
        forward * target.counts.sum() / target.counts[columns],
        backward * source.counts.sum() / source.counts[rows],
        weights,
    )


def _sums(keys: Ints, values: Floats, size: int) -> Floats:
    return np.bincount(keys, values, minlength=size).astype(np.float64)
