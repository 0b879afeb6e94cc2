"""Links between blocks, from the beads of their sentences.

Two blocks answer each other where a good part of the smaller one's text is linked with the other:
a paragraph end moved by a sentence does not tie four paragraphs together. Blocks tied to each
other directly or through a third make one link.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from reader.alignment.path import Bead
from reader.alignment.units import Unit
from reader.model import Link, Segment

_SHARE = 0.34
"""The part of a block's text that must answer the other block."""
_BETWEEN = 0.3
"""What is left of the doubt about two blocks whose neighbours on both sides are linked."""
Edge = tuple[int, int]


def block_links(
    beads: Iterable[Bead], sources: Sequence[Unit], targets: Sequence[Unit], cut_off: float
) -> list[Link]:
    """The links of blocks that score `cut_off` or more, in text order."""
    ties, doubts = _ties(beads, sources, targets)
    lengths = _lengths(sources), _lengths(targets)
    edges = [
        (a, b)
        for (a, b), tied in ties.items()
        if max(tied[0] / lengths[0][a], tied[1] / lengths[1][b]) >= _SHARE
    ]
    doubts = _settled(edges, doubts, cut_off)
    return [
        _link(group, doubts) for group in _groups(e for e in edges if _sure(doubts[e], cut_off))
    ]


def _sure(doubt: float, cut_off: float) -> bool:
    return 1.0 - doubt >= cut_off


def _settled(edges: Sequence[Edge], doubts: dict[Edge, float], cut_off: float) -> dict[Edge, float]:
    """The doubts of blocks, less where the blocks before and after are sure of each other.

    Its sentences may be cut so differently that no link of theirs is sure: a paragraph between two
    that are linked has its answer all the same.
    """
    sure = {edge for edge in edges if _sure(doubts[edge], cut_off)}
    return {
        (a, b): doubts[a, b] * (_BETWEEN if {(a - 1, b - 1), (a + 1, b + 1)} <= sure else 1.0)
        for a, b in edges
    }


def _ties(
    beads: Iterable[Bead], sources: Sequence[Unit], targets: Sequence[Unit]
) -> tuple[dict[Edge, list[float]], dict[Edge, float]]:
    """For each pair of blocks: the linked length of either; the chance that no bead is right."""
    ties: dict[Edge, list[float]] = defaultdict(lambda: [0.0, 0.0])
    doubts: dict[Edge, float] = defaultdict(lambda: 1.0)
    for bead in beads:
        here = [sources[i] for i in bead.sources]
        there = [targets[j] for j in bead.targets]
        for a in {unit.segment.block for unit in here}:
            for b in {unit.segment.block for unit in there}:
                ties[a, b][0] += _within(here, a)
                ties[a, b][1] += _within(there, b)
                doubts[a, b] *= 1.0 - bead.probability
    return ties, doubts


def _within(units: Sequence[Unit], block: int) -> float:
    return sum(unit.length for unit in units if unit.segment.block == block)


def _lengths(units: Sequence[Unit]) -> dict[int, float]:
    lengths: dict[int, float] = defaultdict(float)
    for unit in units:
        lengths[unit.segment.block] += unit.length
    return lengths


def _groups(edges: Iterable[Edge]) -> list[list[Edge]]:
    """Edges that share a block, together.

    Beads ascend on both sides; within one of several sentences on either side edges may cross.
    """
    groups: list[list[Edge]] = []
    reached = -1
    for edge in sorted(edges):
        if groups and (groups[-1][-1][0] == edge[0] or edge[1] <= reached):
            groups[-1].append(edge)
        else:
            groups.append([edge])
        reached = max(reached, edge[1])
    return groups


def _link(group: list[Edge], doubts: dict[Edge, float]) -> Link:
    return Link(
        tuple(Segment(a) for a in sorted({a for a, _ in group})),
        tuple(Segment(b) for b in sorted({b for _, b in group})),
        round(min(1.0 - doubts[edge] for edge in group), 4),
    )
