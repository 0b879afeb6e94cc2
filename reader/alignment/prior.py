"""What is known of links before any word is looked at: their shapes, lengths and places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reader.alignment.arrays import Floats, Ints, np
from reader.alignment.units import Unit

# Sources and targets of a link, and how often that shape occurs.
SHAPES: dict[tuple[int, int], float] = {
    (1, 1): 0.82,
    (1, 2): 0.05, (2, 1): 0.05, (2, 2): 0.008,
    (1, 3): 0.006, (3, 1): 0.006, (2, 3): 0.002, (3, 2): 0.002,
    (1, 4): 0.0015, (4, 1): 0.0015,
    (1, 0): 0.025, (0, 1): 0.025,
}  # fmt: skip
Shapes: TypeAlias = Mapping[tuple[int, int], float]
_FIRM = 60
"""Links that it takes to bring the frequencies of shapes half-way to those that were seen."""
_SPREAD, _JITTER = 0.035, 4.0
"""Variance of the log ratio of lengths: a constant part, and one that falls with length."""
_CLIP = 6.0
_BOTH_START, _ONE_STARTS, _CROSSES = 0.6, -0.6, -0.8
"""Evidence from paragraph ends: both sides begin one here, only one does, the link spans one."""
_PARAGRAPHS = 0.7
"""Paragraphs for a sentence, at most, for their ends to be evidence."""
_SAME_KIND, _OTHER_KIND = 2.0, -2.0


@dataclass(frozen=True, slots=True)
class Line:
    """One side's lengths and structure as sums, so that any run is a difference of two."""

    ends: Floats
    starts: Floats
    first: Floats
    kinds: Floats
    mean: float
    variance: float
    """Of the logarithm of the units' lengths."""


def line(units: Sequence[Unit]) -> Line:
    lengths = np.array([unit.length for unit in units], np.float64)
    logs = np.log(lengths) if len(lengths) else np.zeros(1)
    first = np.array([unit.first for unit in units], np.float64)
    return Line(
        np.concatenate([[0.0], np.cumsum(lengths)]),
        np.concatenate([[0.0], np.cumsum(first)]),
        np.append(first, 1.0),
        np.array([unit.kind for unit in units] or [0], np.float64),
        float(logs.mean()),
        float(logs.var()) + 0.05,
    )


def _has_paragraphs(side: Line) -> bool:
    """Whether paragraph ends say something: not where every sentence is a paragraph, or all are."""
    starts = side.starts[-1]
    return bool(2 <= starts <= _PARAGRAPHS * (len(side.starts) - 1))


def shapes_seen(found: Iterable[tuple[int, int]]) -> Shapes:
    """How often shapes occur, after those of the links that were found: translators differ."""
    counts = Counter(found)
    total = sum(counts.values()) + _FIRM
    return {shape: (usual * _FIRM + counts[shape]) / total for shape, usual in SHAPES.items()}


class Prior:
    """The logarithms of shape, length and structure for links that end after `i` sources.

    `ratio` is the logarithm of how much longer a translation is than its text, `shapes` how often
    every shape occurs.
    """

    def __init__(
        self, sources: Sequence[Unit], targets: Sequence[Unit], ratio: float, shapes: Shapes
    ) -> None:
        self._shapes = shapes
        self._source, self._target = line(sources), line(targets)
        self._ratio = ratio
        self._structured = all(map(_has_paragraphs, (self._source, self._target)))
        self._kinds = set(self._source.kinds) & set(self._target.kinds) - {0.0}

    def row(self, shape: tuple[int, int], i: int, low: int, high: int) -> Floats:
        """For the shape's links that end after `i` sources and after `low` to `high` targets.

        Places where fewer targets than the shape needs lie behind hold no sense.
        """
        m, n = shape
        if m > i:
            return np.zeros(high - low + 1)
        ends = np.arange(low, high + 1)
        starts = np.maximum(ends - n, 0)
        prior = np.log(self._shapes[shape])
        if not m or not n:
            return np.full(len(ends), prior)
        score = self._places(i - m, i, starts, ends)
        score += self._length(i - m, i, starts, ends) + prior
        return score

    def _length(self, start: int, end: int, starts: Ints, ends: Ints) -> Floats:
        """How much likelier the targets' length is beside these sources than by itself."""
        source, target = self._source, self._target
        length = source.ends[end] - source.ends[start]
        other = np.maximum(target.ends[ends] - target.ends[starts], 1.0)
        counts = np.maximum(ends - starts, 1)
        variance = _SPREAD + _JITTER / length
        together = _normal(np.log(other) - np.log(length) - self._ratio, variance)
        alone = _normal(np.log(other) - target.mean - np.log(counts), target.variance)
        surplus: Floats = np.clip(together - alone, -_CLIP, _CLIP)
        return surplus

    def _places(self, start: int, end: int, starts: Ints, ends: Ints) -> Floats:
        source, target = self._source, self._target
        kind = source.kinds[start]
        other = target.kinds[np.minimum(starts, len(target.kinds) - 1)]
        known = np.isin(other, list(self._kinds)) | (kind in self._kinds)
        score: Floats = np.where(known, np.where(other == kind, _SAME_KIND, _OTHER_KIND), 0.0)
        if kind == 0:
            score = np.minimum(score, 0.0)
        if not self._structured:
            return score
        here, there = source.first[start], target.first[starts]
        score += np.where(here == there, here * _BOTH_START, _ONE_STARTS)
        inside = source.starts[end] - source.starts[start + 1]
        within = target.starts[ends] - target.starts[np.minimum(starts + 1, ends)]
        score += _CROSSES * np.abs(inside - within)
        return score


def _normal(deviation: Floats, variance: float) -> Floats:
    density: Floats = -0.5 * (deviation**2 / variance + np.log(variance))
    return density
