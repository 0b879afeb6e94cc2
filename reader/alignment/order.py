"""Links in the order of both texts at once, also those that have one side only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reader.model import Link, Segment

_Place = tuple[int, int]


def in_order(links: Iterable[Link]) -> list[Link]:
    """The links in text order. Those without a source stand by their targets.

    >>> one, two = Link((Segment(0, 0),), (Segment(0, 1),)), Link((), (Segment(0, 0),))
    >>> in_order([one, two]) == [two, one]
    True
    """
    links = list(links)
    alone = sorted((link for link in links if not link.sources), key=lambda x: place(x.targets))
    rest = sorted((link for link in links if link.sources), key=lambda x: place(x.sources))
    return list(_merged(rest, alone))


def _merged(links: list[Link], alone: list[Link]) -> Iterator[Link]:
    waiting = iter(alone)
    first = next(waiting, None)
    for link in links:
        while first is not None and link.targets and place(first.targets) < place(link.targets):
            yield first
            first = next(waiting, None)
        yield link
    if first is not None:
        yield first
    yield from waiting


def place(segments: tuple[Segment, ...]) -> _Place:
    """Where the first of the segments stands: its block, and its sentence in it."""
    first = segments[0]
    return first.block, -1 if first.sentence is None else first.sentence
