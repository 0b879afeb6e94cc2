"""Where each part of a translation stands beside the text, from the links between the two."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from reader.model import Link, Segment, Translation

Place = tuple[int, int]
"""A sentence: block, index in it."""

BEFORE = -1
"""Stands for the place before the first block."""
AT_END = sys.maxsize
"""Stands for the place after the last block: of a translation that was never aligned."""


class Piece(NamedTuple):
    """A block of the translation, or one of its sentences, to be shown at some place."""

    block: int
    sentence: int | None
    matched: bool
    """False where nothing in the text answers it."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What of a translation stands after which part of the text; every part of it once.

    Parts that nothing in the text answers stand after what precedes them in the translation.
    """

    after: Mapping[int, Sequence[Piece]] = field(default_factory=dict)
    """By block of the text, or `BEFORE`."""
    linked: frozenset[int] = frozenset()
    """Blocks of the text that have a counterpart."""
    joined: frozenset[int] = frozenset()
    """Blocks whose counterpart is also the next block's."""
    after_sentence: Mapping[Place, Sequence[Piece]] = field(default_factory=dict)
    linked_sentences: frozenset[Place] = frozenset()


def beside(translation: Translation, *, sentences: bool) -> Beside:
    """Lay out a translation by its block links, or with `sentences` by its sentence links too.

    With sentences, a block of the translation whose sentences are linked does not stand in
    `after`; its sentences stand in `after_sentence`.
    """
    whole = [link for link in translation.links if _is_whole(link)]
    fine = [link for link in translation.links if not _is_whole(link)] if sentences else []
    anchors = _anchors(whole)
    split = {segment.block for link in fine if link.sources for segment in link.targets}
    after: dict[int, list[Piece]] = {}
    place = BEFORE if anchors else AT_END
    for number in range(len(translation.blocks)):
        matched = number in anchors
        place = max(anchors[number]) if matched else place
        if number not in split:
            after.setdefault(place, []).append(Piece(number, None, matched))
    answered = [link for link in whole if link.targets]
    sources = [sorted({segment.block for segment in link.sources}) for link in answered]
    after_sentence, linked_sentences = _sentences(translation, fine, split)
    return Beside(
        after,
        frozenset(block for blocks in sources for block in blocks),
        frozenset(a for blocks in sources for a, b in pairwise(blocks) if b == a + 1),
        after_sentence,
        linked_sentences,
    )


def _is_whole(link: Link) -> bool:
    return all(segment.sentence is None for segment in (*link.sources, *link.targets))


def _anchors(links: Iterable[Link]) -> dict[int, list[int]]:
    """For each linked block of the translation, the blocks of the text it answers."""
    found: dict[int, list[int]] = {}
    for link in links:
        for target in link.targets:
            if link.sources:
                found.setdefault(target.block, []).extend(s.block for s in link.sources)
    return found


def _sentences(
    translation: Translation, links: Sequence[Link], blocks: set[int]
) -> tuple[dict[Place, list[Piece]], frozenset[Place]]:
    """Sentences of `blocks` of the translation by the sentence of the text they stand after."""
    anchors: dict[Place, Place] = {}
    linked: set[Place] = set()
    for link in links:
        if not link.sources or not link.targets:
            continue
        sources = [_place(segment) for segment in link.sources]
        linked.update(sources)
        for target in link.targets:
            anchors.setdefault(_place(target), max(sources))
    first: dict[int, Place] = {}
    for (block, _), anchor in anchors.items():
        first[block] = min(anchor, first.get(block, anchor))
    found: dict[Place, list[Piece]] = {}
    for block in sorted(blocks):
        place = first[block]
        for number in range(max(1, len(translation.blocks[block].sentences))):
            matched = (block, number) in anchors
            place = anchors.get((block, number), place)
            found.setdefault(place, []).append(Piece(block, number, matched))
    return found, frozenset(linked)


def _place(segment: Segment) -> Place:
    return segment.block, segment.sentence or 0
