"""What the head of a page says of itself, where its metadata does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reader.model import Block, BlockKind, Metadata
from reader.sources import patterns
from reader.sources.frontmatter import FRONT, front_matter

__all__ = ["with_front"]

_LONGEST = 60


def with_front(metadata: Metadata, blocks: Sequence[Block]) -> tuple[Metadata, tuple[Block, ...]]:
    """Bylines told from paragraphs, and metadata filled from them and from the title."""
    found = tuple(
        replace(block, kind=BlockKind.BYLINE) if index < FRONT and _is_byline(block) else block
        for index, block in enumerate(blocks)
    )
    said = front_matter(found[:FRONT])
    filled = replace(
        metadata,
        title=metadata.title or " ".join(said.title.split()),
        authors=metadata.authors or said.authors,
        date=metadata.date or said.date,
    )
    return filled, found


def _is_byline(block: Block) -> bool:
    text = block.text.strip()
    short = 0 < len(text) <= _LONGEST
    return block.kind is BlockKind.PARAGRAPH and short and patterns.label(text) is not None
