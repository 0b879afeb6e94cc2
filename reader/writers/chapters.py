"""A flow of blocks cut into content documents, at its chapters and before it gets too large."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from reader.model import Block, BlockKind

SHORT = 12_000
"""Code points of a text that stays one content document whatever its headings."""
LARGE = 40_000
"""Code points after which a document ends at the next heading of any level, or paragraph."""


class Placed(NamedTuple):
    """A block, its number in the flow, and whether a content document starts with it."""

    number: int
    block: Block
    starts: bool


def placed(blocks: Iterable[Block]) -> Iterator[Placed]:
    """The blocks with the content documents they fall into, read `SHORT` code points ahead.

    A text of more than `SHORT` code points is cut at its titles and headings of level 1; a
    document of more than `LARGE` also at lower headings, and at twice that before any block.
    """
    flow = iter(blocks)
    ahead: list[Block] = []
    size = 0
    for block in flow:
        ahead.append(block)
        size += len(block.text)
        if size > SHORT:
            break
    is_long = size > SHORT
    size = 0
    for index, block in enumerate(chain(ahead, flow)):
        starts = index == 0 or _cuts(block, size, is_long=is_long)
        size = len(block.text) + (0 if starts else size)
        yield Placed(index, block, starts)


def _cuts(block: Block, size: int, *, is_long: bool) -> bool:
    if not is_long or size == 0:
        return False
    if block.kind is BlockKind.TITLE:
        return True
    if block.kind is BlockKind.HEADING:
        return block.level <= 1 or size > LARGE
    return size > 2 * LARGE
