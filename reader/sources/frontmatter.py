"""Metadata from the head of a text: its title, and the authors and date of its bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reader.model import Block, BlockKind, Metadata
from reader.sources import patterns

__all__ = ["FRONT", "front_matter"]

FRONT = 12
"""Blocks in which the head of a text ends."""

_AUTHOR = re.compile(patterns.AUTHOR, re.IGNORECASE)
_DATED = re.compile(patterns.DATED, re.IGNORECASE)
_BETWEEN = re.compile(r"\s*[、,，&／/;；]\s*|\s+and\s+|\s*和\s*")
_ISO = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?")


def front_matter(blocks: Sequence[Block]) -> Metadata:
    """Title, authors and date as the first blocks of a text give them.

    >>> front_matter([Block("文：王芳、李明", BlockKind.BYLINE)]).authors
    ('王芳', '李明')
    """
    titles = [b.text.strip() for b in blocks if b.kind is BlockKind.TITLE]
    bylines = [b.text.strip() for b in blocks if b.kind is BlockKind.BYLINE]
    fields = [field for line in bylines for field in _fields(line)]
    authors = [
        name
        for label, value in fields
        if _AUTHOR.fullmatch(label)
        for name in _BETWEEN.split(value)
        if name
    ]
    dates = [date for label, value in fields if _DATED.fullmatch(label) for date in _dates(value)]
    return Metadata(
        title=titles[0] if titles else "",
        authors=tuple(dict.fromkeys(authors)),
        date=dates[0] if dates else "",
    )


def _fields(line: str) -> Iterator[tuple[str, str]]:
    """Label and value of each part of a byline; a name or date alone is given its label."""
    found = list(patterns.LABELLED.finditer(line))
    if not found:
        yield ("Date" if patterns.DATE.fullmatch(line) else "Author"), line
    for label, following in zip(found, [*found[1:], None], strict=True):
        value = line[label.end() : following.start() if following else None]
        yield label["label"], value.strip(" \u3000|｜")


def _dates(value: str) -> Iterator[str]:
    found = _ISO.search(value)
    if found:
        yield "-".join(part.zfill(2) for part in found.groups() if part)
