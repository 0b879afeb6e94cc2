"""Where in the plane of source × target units the path can run: a band around sure points.

Keys that are rare on both sides and translate each other mark points; those are gathered in coarse
squares, and the heaviest monotone chain of squares is the way. The band spans, at every point of
the chain, the rectangle from the point before to the point after, and a margin, so that one false
point does no harm. A missing chapter is a rectangle that is long and thin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reader.alignment.evidence import LiftTable
from reader.alignment.units import Floats, Ints, KeyIndex, np

_SMALL = 120
"""With so few units on one side, and not many more on the other, the band is the whole plane."""
_RARE = 6
"""Occurrences of a key that may mark points."""
_SQUARES = 2500
"""Squares along the longer side, at most: what the chain is looked for in is their square."""
_MARGIN = 12
_WIDEST = 300
"""Targets in one row of the band, at most."""
_NARROWEST = 60
_MOST = 600_000
"""Cells of a band, if it need be no narrower than that, where no point is to be trusted."""
_CELL = 6
_CLOSE = 10
"""Units to either side of a path already found."""


@dataclass(frozen=True, slots=True)
class Band:
    """For `i` sources behind (0 to N), the targets behind, `low[i]` to `high[i]`, both included.

    Both ascend; the first row holds 0 and the last all targets.
    """

    low: Ints
    high: Ints

    @property
    def cells(self) -> int:
        return int((self.high - self.low + 1).sum())


def search_band(source: KeyIndex, target: KeyIndex, table: LiftTable) -> Band:
    """The band in which to search, of a width that does not grow with the text."""
    rows, columns = source.size, target.size
    if min(rows, columns) <= _SMALL and max(rows, columns) <= 10 * _SMALL:
        return Band(np.zeros(rows + 1, np.int64), np.full(rows + 1, columns, np.int64))
    cell = max(_CELL, -(-max(rows, columns) // _SQUARES))
    weights = _squares(source, target, table, cell)
    chain = [(cell * i, cell * j) for i, j in _heaviest_chain(weights)]
    points = [(0, 0), *chain, (rows, columns)]
    band = _band_through(points, rows, columns, margin=_MARGIN + cell)
    if band.cells <= _WIDEST * (rows + columns):
        return band
    # A false point in a far corner: with it the band would be half of the plane.
    middle = np.arange(rows + 1) * columns // rows
    wide = max(_NARROWEST, min(_WIDEST, _MOST // rows)) // 2
    return Band(np.maximum(0, middle - wide), np.minimum(columns, middle + wide))


def band_near(path: Sequence[tuple[int, int]], rows: int, columns: int) -> Band:
    """The band close to a path already found, given as the cells that it passes, in order."""
    first, last = np.full(rows + 1, columns), np.zeros(rows + 1, np.int64)
    for i, j in ((0, 0), *path):
        first[i], last[i] = min(first[i], j), max(last[i], j)
    first = np.minimum.accumulate(first[::-1])[::-1]
    last = np.maximum.accumulate(last)
    # As wide in both directions: where the path is steep, columns alone would leave no room.
    behind = np.arange(rows + 1)
    low = np.maximum(0, first[np.maximum(behind - _CLOSE, 0)] - _CLOSE)
    high = np.minimum(columns, last[np.minimum(behind + _CLOSE, rows)] + _CLOSE)
    return Band(low, high)


def _squares(source: KeyIndex, target: KeyIndex, table: LiftTable, cell: int) -> Floats:
    """The weight of the points in every square of `cell` × `cell` units, above chance."""
    shape = (source.size // cell + 1, target.size // cell + 1)
    rows, columns, weights = _points(source, target, table)
    flat = (rows // cell) * shape[1] + columns // cell
    held = np.bincount(flat, weights, minlength=shape[0] * shape[1]).reshape(shape)
    # What a square holds by chance: all points spread evenly, and some room above that.
    noise = float(3.0 * weights.sum() / (shape[0] * shape[1]) + 0.25)
    surplus: Floats = np.maximum(held - noise, 0.0)
    return surplus


def _points(source: KeyIndex, target: KeyIndex, table: LiftTable) -> tuple[Ints, Ints, Floats]:
    """Pairs of units with rare keys that translate each other, and the weight of each."""
    source_units, target_units = _units_by_key(source), _units_by_key(target)
    rows: list[Ints] = []
    columns: list[Ints] = []
    for key in np.flatnonzero(source.counts <= _RARE):
        for translation in table.targets[table.starts[key] : table.starts[key + 1]]:
            if target.counts[translation] <= _RARE:
                sources, targets = source_units[key], target_units[translation]
                rows.append(np.repeat(sources, len(targets)))
                columns.append(np.tile(targets, len(sources)))
    # A pair of keys has one vote, shared among its points.
    weights = [np.full(len(points), 1.0 / len(points)) for points in rows]
    if not rows:
        return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
    return np.concatenate(rows), np.concatenate(columns), np.concatenate(weights)


def _units_by_key(index: KeyIndex) -> list[Ints]:
    """For each key, the units that hold it."""
    owners = np.repeat(np.arange(index.size), np.diff(index.starts))
    order = np.argsort(index.keys, kind="stable")
    return np.split(owners[order], np.cumsum(index.counts)[:-1])


def _heaviest_chain(weights: Floats) -> list[tuple[int, int]]:
    """The squares of the heaviest ascending chain, in order."""
    # In single precision: 25 MiB at 2500 squares a side, and nothing here is closer than that.
    best = np.zeros((weights.shape[0] + 1, weights.shape[1] + 1), np.float32)
    for i, row in enumerate(weights):
        taken = best[i, :-1] + row
        best[i + 1, 1:] = np.maximum.accumulate(np.maximum(taken, best[i, 1:]))
    # Back from the end, by the step that lost nothing.
    chain: list[tuple[int, int]] = []
    i, j = weights.shape
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            chain.append((i, j))
    return chain[::-1]


def _band_through(points: list[tuple[int, int]], rows: int, columns: int, margin: int) -> Band:
    """The band of the rectangles between every point and the next but one."""
    low = np.full(rows + 1, columns, np.int64)
    high = np.zeros(rows + 1, np.int64)
    for before, after in zip(points, [*points[2:], points[-1]], strict=False):
        top, bottom = max(0, before[0] - margin), min(rows, after[0] + margin)
        left, right = max(0, before[1] - margin), min(columns, after[1] + margin)
        _widen(low, high, (top, left), (bottom, right))
    low[0], high[rows] = 0, columns
    # Bounds must ascend, or a monotone path could not leave a row that reaches further than the
    # next one.
    low = np.minimum.accumulate(low[::-1])[::-1]
    high = np.maximum.accumulate(high)
    return Band(low, high)


def _widen(low: Ints, high: Ints, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Adds a rectangle to the band; of a huge one, only the surroundings of its diagonal."""
    (top, left), (bottom, right) = start, end
    tall, wide = bottom - top, right - left
    if min(tall, wide) <= _WIDEST:
        lows, highs = np.full(tall + 1, left), np.full(tall + 1, right)
    else:
        diagonal = left + (np.arange(tall + 1) * wide) // max(tall, 1)
        lows = np.maximum(left, diagonal - _WIDEST // 2)
        highs = np.minimum(right, diagonal + _WIDEST // 2)
    low[top : bottom + 1] = np.minimum(low[top : bottom + 1], lows)
    high[top : bottom + 1] = np.maximum(high[top : bottom + 1], highs)
