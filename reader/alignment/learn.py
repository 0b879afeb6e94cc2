"""What the text itself teaches: words that answer each other in its sure links.

A dictionary does not know how this translator renders 内卷, or the names in this book; the links
already sure do. They also make alignment work where no dictionary helps, between Chinese and any
other language.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reader.alignment.arrays import Floats, Ints, np
from reader.alignment.path import Bead
from reader.alignment.table import Side, Table, from_pairs

_SURE = 0.8
_TOGETHER = 2
"""Links in which two words must meet."""
_DICE = 0.3
_MOST = 40
"""Keys of one side of a link that is learnt from: longer ones say little."""
_TRUST = 1.0
_SPACE = 1 << 32


def learnt(source: Side, target: Side, table: Table, beads: Sequence[Bead]) -> Table:
    """The table with the pairs that the sure beads show, and those they bear out heavier."""
    pairs, dice = _associated(source, target, beads)
    known = np.repeat(np.arange(len(source.names)), np.diff(table.at))
    codes = np.concatenate([known * _SPACE + table.targets, pairs])
    weights = np.concatenate([table.weights, _TRUST * dice])
    unique, inverse = np.unique(codes, return_inverse=True)
    total = np.bincount(inverse, weights).astype(np.float64)
    return from_pairs(source, target, unique // _SPACE, unique % _SPACE, total)


def _associated(source: Side, target: Side, beads: Sequence[Bead]) -> tuple[Ints, Floats]:
    """Pairs of keys, as one number each, that meet in the beads far more than apart."""
    met, here, there = [], [], []
    for keys, answers in _content(source, target, beads):
        here.append(keys)
        there.append(answers)
        met.append((keys[:, None] * _SPACE + answers[None, :]).ravel())
    if not met:
        return np.zeros(0, np.int64), np.zeros(0)
    codes, counts = np.unique(np.concatenate(met), return_counts=True)
    often = counts >= _TOGETHER
    codes, counts = codes[often], counts[often]
    sources = np.bincount(np.concatenate(here), minlength=len(source.names))
    targets = np.bincount(np.concatenate(there), minlength=len(target.names))
    dice = 2.0 * counts / (sources[codes // _SPACE] + targets[codes % _SPACE])
    close = dice >= _DICE
    return codes[close], dice[close]


def _content(source: Side, target: Side, beads: Sequence[Bead]) -> Iterator[tuple[Ints, Ints]]:
    """The distinct keys of either side of every sure bead."""
    for bead in beads:
        if bead.sources and bead.targets and bead.probability >= _SURE:
            keys = np.unique(np.concatenate([source.of(i) for i in bead.sources]))
            answers = np.unique(np.concatenate([target.of(j) for j in bead.targets]))
            if max(len(keys), len(answers)) <= _MOST:
                yield keys, answers
