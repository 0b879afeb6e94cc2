"""Links from beads and by hand: between sentences, and between the blocks that hold them.

Two blocks correspond where a good part of the smaller one's text is linked with the other: a
paragraph end moved by a sentence does not tie four paragraphs together. Blocks tied to each other
directly or through a third make one link.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

from reader.alignment.pairs import Pair, in_order, without_spaces
from reader.alignment.units import Bead, Unit
from reader.errors import AlignmentError
from reader.model import Link, Segment

_SHARE = 0.34
"""The part of a block's text that must correspond to the other block."""
_BETWEEN = 0.3
"""What is left of the doubt about two blocks whose neighbours on both sides are linked."""

Edge: TypeAlias = tuple[int, int]
"""A block of the text and one of the translation, by number."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A pair made by hand as half-open ranges of units, None for an empty side."""

    sources: tuple[int, int] | None
    targets: tuple[int, int] | None
    pair: Pair


def locate(pairs: Iterable[Pair], sources: Sequence[Unit], targets: Sequence[Unit]) -> list[Anchor]:
    """The pairs among the units, in text order. A row with an empty cell and no score says nothing.

    Raises `AlignmentError` with path and line for sentences that are in neither text, that are
    used twice, or whose pair crosses one before it.
    """
    in_text, in_translation = _Finder(sources, "text"), _Finder(targets, "translation")
    anchors: list[Anchor] = []
    # Pairs come in text order, so each is looked for after the one before it first: sentences that
    # recur (他笑了。) would else all be found at their first place.
    for pair in pairs:
        spans = in_text.find(pair, pair.sources), in_translation.find(pair, pair.targets)
        if all(spans) or pair.score is not None:
            anchors.append(Anchor(spans[0], spans[1], pair))
    _check_order(anchors)
    return anchors


class _Finder:
    """One text, without white space, and where its units begin in it."""

    def __init__(self, units: Sequence[Unit], name: str) -> None:
        pieces = [without_spaces(unit.text) for unit in units]
        self._text = "".join(pieces)
        self._starts = [0, *accumulate(map(len, pieces))]
        self._name = name
        self._after = 0

    def find(self, pair: Pair, sentences: tuple[str, ...]) -> tuple[int, int] | None:
        """The units that `sentences` are: the next ones after those found before, or any.

        None for no sentence at all.
        """
        text = without_spaces("".join(sentences))
        if not text:
            return None
        # A spreadsheet puts quotation marks around a cell that has a comma.
        quoted = len(text) > 2 and text[0] == text[-1] == '"'
        for spelling in (text, text[1:-1]) if quoted else (text,):
            for start in (self._after, 0):
                span = self._whole_units(spelling, start)
                if span is not None:
                    self._after = self._starts[span[1]]
                    return span
        inside = text in self._text
        problem = "is not made of whole sentences of" if inside else "is not in"
        raise _error(f"this {problem} the {self._name}", pair, " ".join(sentences))

    def _whole_units(self, text: str, start: int) -> tuple[int, int] | None:
        """The first place from `start` on where `text` begins and ends with a unit."""
        at = self._text.find(text, start)
        while at >= 0:
            first = bisect_left(self._starts, at)
            last = bisect_left(self._starts, at + len(text))
            if self._starts[first] == at and self._starts[last] == at + len(text):
                return first, last
            at = self._text.find(text, at + 1)
        return None


def _check_order(anchors: Sequence[Anchor]) -> None:
    """Raises for pairs that overlap or cross; the order in the file is the order of the text."""
    ends = [0, 0]
    for anchor in anchors:
        for side, span in enumerate((anchor.sources, anchor.targets)):
            if span is None:
                continue
            if span[0] < ends[side]:
                text = " ".join((anchor.pair.sources, anchor.pair.targets)[side])
                raise _error(
                    "this sentence stands before, or in, an earlier row: rows must follow both "
                    "texts, each sentence once",
                    anchor.pair,
                    text,
                )
            ends[side] = span[1]


def _error(message: str, pair: Pair, excerpt: str) -> AlignmentError:
    return AlignmentError(message, path=pair.path, line=pair.line, excerpt=excerpt)


def sentence_links(
    beads: Sequence[Bead],
    anchors: Sequence[Anchor],
    sources: Sequence[Unit],
    targets: Sequence[Unit],
    cut_off: float,
) -> list[Link]:
    """The beads that score `cut_off` or more and the anchors as links, in text order."""
    links = [
        _sentence_link(bead.sources, bead.targets, sources, targets, round(bead.probability, 4))
        for bead in beads
        if bead.sources and bead.targets and bead.probability >= cut_off
    ]
    for anchor in anchors:
        score = 1.0 if anchor.pair.score is None else anchor.pair.score
        spans = _numbers(anchor.sources), _numbers(anchor.targets)
        links.append(_sentence_link(*spans, sources, targets, score, by_hand=True))
    return in_order(links)


def _numbers(span: tuple[int, int] | None) -> tuple[int, ...]:
    return tuple(range(*span)) if span else ()


def _sentence_link(
    source_numbers: Iterable[int],
    target_numbers: Iterable[int],
    sources: Sequence[Unit],
    targets: Sequence[Unit],
    score: float,
    *,
    by_hand: bool = False,
) -> Link:
    return Link(
        tuple(sources[number].segment for number in source_numbers),
        tuple(targets[number].segment for number in target_numbers),
        min(1.0, score),
        by_hand,
    )


def block_links(
    beads: Sequence[Bead],
    anchors: Sequence[Anchor],
    sources: Sequence[Unit],
    targets: Sequence[Unit],
    cut_off: float,
) -> list[Link]:
    """The links of blocks that score `cut_off` or more, in text order."""
    # What a person paired ties blocks together whatever score they gave it.
    made = [Bead(_numbers(anchor.sources), _numbers(anchor.targets), 1.0) for anchor in anchors]
    paired = [bead for bead in (*beads, *made) if bead.sources and bead.targets]
    ties, doubts = _ties(sorted(paired, key=lambda bead: bead.sources), sources, targets)
    lengths = _lengths(sources), _lengths(targets)
    edges = [
        (a, b)
        for (a, b), tied in ties.items()
        if max(tied[0] / lengths[0][a], tied[1] / lengths[1][b]) >= _SHARE
    ]
    doubts = _settled(edges, doubts, cut_off)
    sure = (edge for edge in edges if _sure(doubts[edge], cut_off))
    return [_block_link(group, doubts) for group in _groups(sure)]


def _sure(doubt: float, cut_off: float) -> bool:
    return 1.0 - doubt >= cut_off


def _settled(edges: Sequence[Edge], doubts: dict[Edge, float], cut_off: float) -> dict[Edge, float]:
    """The doubts of blocks, less where the blocks before and after are sure of each other.

    Its sentences may be cut so differently that no link of theirs is sure: a paragraph between two
    that are linked has its counterpart all the same.
    """
    sure = {edge for edge in edges if _sure(doubts[edge], cut_off)}
    return {
        (a, b): doubts[a, b] * (_BETWEEN if {(a - 1, b - 1), (a + 1, b + 1)} <= sure else 1.0)
        for a, b in edges
    }


def _ties(
    beads: Iterable[Bead], sources: Sequence[Unit], targets: Sequence[Unit]
) -> tuple[dict[Edge, list[float]], dict[Edge, float]]:
    """For each pair of blocks: the linked length of either; the chance that no bead is right.

    Blocks without a bead between them are in neither.
    """
    ties: dict[Edge, list[float]] = defaultdict(lambda: [0.0, 0.0])
    doubts: dict[Edge, float] = defaultdict(lambda: 1.0)
    for bead in beads:
        source_units = [sources[i] for i in bead.sources]
        target_units = [targets[j] for j in bead.targets]
        for a in {unit.segment.block for unit in source_units}:
            for b in {unit.segment.block for unit in target_units}:
                ties[a, b][0] += _length_within(source_units, a)
                ties[a, b][1] += _length_within(target_units, b)
                doubts[a, b] *= 1.0 - bead.probability
    return ties, doubts


def _length_within(units: Sequence[Unit], block: int) -> float:
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


def _block_link(group: list[Edge], doubts: dict[Edge, float]) -> Link:
    return Link(
        tuple(Segment(a) for a in sorted({a for a, _ in group})),
        tuple(Segment(b) for b in sorted({b for _, b in group})),
        round(min(1.0 - doubts[edge] for edge in group), 4),
    )
