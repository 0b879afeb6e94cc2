"""Subtitles in two languages, linked by when they show."""

from __future__ import annotations

from collections import Counter
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

    Where few do, the second track is late or early as a whole, and is moved. A cue is in one link.
    The score says how much of the time that either shows both do.

    >>> one, other = Block("去哪儿？", cue=Cue(0, 1000)), Block("Where to?", cue=Cue(100, 1100))
    >>> [link.score for link in time_links([one], [other])]
    [0.818]
    """
    # Ends of links as they grow: the cues of a group show together, one with the next.
    group: tuple[list[int], list[int]] = ([], [])
    own_cues, other_cues = _cues(sources), _cues(targets)
    moved = _moved(other_cues, _late(own_cues, other_cues))
    for own, other in _pairs(own_cues, moved):
        if own not in group[0] and other not in group[1]:
            yield from _linked(group, own_cues, moved)
            group = ([], [])
        group[0].extend([own] if own not in group[0] else [])
        group[1].extend([other] if other not in group[1] else [])
    yield from _linked(group, own_cues, moved)


def _cues(blocks: Sequence[Block]) -> list[Cue]:
    return [block.cue for block in blocks if block.cue is not None]


def _late(sources: Sequence[Cue], targets: Sequence[Cue]) -> int:
    """By how many milliseconds the second track comes after the first, if few cues fit as it is."""
    fit = _fitting(sources, targets)
    if fit >= _ENOUGH * min(len(sources), len(targets)):
        return 0
    steps = Counter(
        round((other.start - own.start) / _STEP)
        for at, own in enumerate(sources)
        for other in _around(targets, at * len(targets) // len(sources))
        if abs(other.start - own.start) <= _LATEST
    )
    likely = [step * _STEP for step, _ in steps.most_common(_TRIED)]
    fits = {late: _fitting(sources, _moved(targets, late)) for late in likely}
    best = max(fits, key=lambda late: (fits[late], -abs(late)), default=0)
    return best if fits and fits[best] >= max(_GAIN * fit, _ENOUGH * len(sources)) else 0


_ENOUGH = 0.6  # of the cues of the shorter track that fit one of the other
_GAIN = 1.3  # times as many that fit, at least, when it is moved
_STEP, _LATEST, _TRIED = 100, 60_000, 5
_BESIDE = 12
"""Cues, each way, that are compared with the one at the same part of the other track."""


def _around(targets: Sequence[Cue], at: int) -> Sequence[Cue]:
    return targets[max(0, at - _BESIDE) : at + _BESIDE]


def _fitting(sources: Sequence[Cue], targets: Sequence[Cue]) -> int:
    """How many cues begin and end with one of the other track, nearly."""
    fits = {
        own
        for own, other in _pairs(sources, targets)
        if _overlap(sources[own], targets[other]) >= _FIT * _length(sources[own])
    }
    return len(fits)


_FIT = 0.7


def _moved(cues: Sequence[Cue], late: int) -> Sequence[Cue]:
    if not late:
        return cues
    starts = (max(0, cue.start - late) for cue in cues)
    return [Cue(start, max(start, cue.end - late)) for start, cue in zip(starts, cues, strict=True)]


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
    group: tuple[list[int], list[int]], sources: Sequence[Cue], targets: Sequence[Cue]
) -> Iterator[Link]:
    if not group[0]:
        return
    own = [sources[at] for at in group[0]]
    other = [targets[at] for at in group[1]]
    start, end = min(c.start for c in own), max(c.end for c in own)
    began, ended = min(c.start for c in other), max(c.end for c in other)
    whole = max(1, max(end, ended) - min(start, began))
    score = max(0, min(end, ended) - max(start, began)) / whole
    yield Link(tuple(map(Segment, group[0])), tuple(map(Segment, group[1])), round(score, 3))
