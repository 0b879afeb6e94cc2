"""Subtitles in two languages, linked by when they show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reader.model import Block, Cue, Link, Segment

__all__ = ["is_timed", "time_links"]

_SHARED = 0.35
"""Of the shorter of two cues, at least, that they show together."""


def is_timed(blocks: Sequence[Block]) -> bool:
    """Whether all of them are subtitles."""
    return bool(blocks) and all(block.cue is not None for block in blocks)


def time_links(sources: Sequence[Block], targets: Sequence[Block]) -> Iterator[Link]:
    """Links between the cues of two tracks that show together, m:n, in the order of time.

    A cue is in one link. The score says how much of the time that either shows both do.

    >>> one, other = Block("去哪儿？", cue=Cue(0, 1000)), Block("Where to?", cue=Cue(100, 1100))
    >>> [link.score for link in time_links([one], [other])]
    [0.818]
    """
    # Ends of links as they grow: the cues of a group show together, one with the next.
    group: tuple[list[int], list[int]] = ([], [])
    for own, other in _pairs(_cues(sources), _cues(targets)):
        if own not in group[0] and other not in group[1]:
            yield from _linked(group, sources, targets)
            group = ([], [])
        group[0].extend([own] if own not in group[0] else [])
        group[1].extend([other] if other not in group[1] else [])
    yield from _linked(group, sources, targets)


def _cues(blocks: Sequence[Block]) -> list[Cue]:
    return [block.cue for block in blocks if block.cue is not None]


def _pairs(sources: Sequence[Cue], targets: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    """Each cue with those of the other track that it shows together with."""
    first = 0
    for own, cue in enumerate(sources):
        while first < len(targets) and targets[first].end <= cue.start:
            first += 1
        at = first
        # A cue is compared with few others, however many show at once.
        while at < min(len(targets), first + _NEAR) and targets[at].start < cue.end:
            shorter = min(_length(cue), _length(targets[at]))
            if _overlap(cue, targets[at]) >= _SHARED * shorter:
                yield own, at
            at += 1


_NEAR = 16


def _length(cue: Cue) -> int:
    return max(1, cue.end - cue.start)


def _overlap(one: Cue, other: Cue) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _linked(
    group: tuple[list[int], list[int]], sources: Sequence[Block], targets: Sequence[Block]
) -> Iterator[Link]:
    if not group[0]:
        return
    own = _cues([sources[at] for at in group[0]])
    other = _cues([targets[at] for at in group[1]])
    start, end = min(c.start for c in own), max(c.end for c in own)
    began, ended = min(c.start for c in other), max(c.end for c in other)
    whole = max(1, max(end, ended) - min(start, began))
    score = max(0, min(end, ended) - max(start, began)) / whole
    yield Link(tuple(map(Segment, group[0])), tuple(map(Segment, group[1])), round(score, 3))
