"""Metadata from the head of a text: its title, and the authors and date of its bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reader.model import Block, BlockKind, Metadata
from reader.sources import patterns

__all__ = ["FRONT", "front_matter"]

FRONT = 12
"""Blocks in which the head of a text ends."""

_SIGNS = patterns.LABEL_SIGNS


def front_matter(blocks: Sequence[Block]) -> Metadata:
    """Title, authors and date as the first blocks of a text give them.

    >>> front_matter([Block("文：王芳、李明", BlockKind.BYLINE)]).authors
    ('王芳', '李明')
    """
    titles = [b.text.strip() for b in blocks if b.kind is BlockKind.TITLE]
    bylines = [b.text.strip() for b in blocks if b.kind is BlockKind.BYLINE]
    fields = [field for line in bylines for field in _fields(line)]
    authors = [n for label, value in fields if label in patterns.AUTHOR for n in _names(value)]
    dates = [d for label, value in fields if label in patterns.DATED for d in _dates(value)]
    return Metadata(
        title=titles[0] if titles else "",
        authors=tuple(dict.fromkeys(authors)),
        date=dates[0] if dates else "",
    )


def _fields(line: str) -> Iterator[tuple[str, str]]:
    """Label and value of each part of a byline; a name or date alone is given its label."""
    reported = patterns.REPORTED.fullmatch(line)
    if reported:
        yield "author", reported["names"]
        return
    rest = line[1:-1] if line[0] in "（(【[" and line[-1] in "）)】]" else line
    label = patterns.label(rest)
    if label is None:
        yield ("date" if patterns.DATE.fullmatch(line) else "author"), line
    while label is not None:
        value, rest = _up_to_next_label(rest[len(label) :].lstrip(_SIGNS + " \u3000"))
        yield label, value
        label = patterns.label(rest)


def _up_to_next_label(text: str) -> tuple[str, str]:
    """The value that `text` begins with, and what follows from the next label on.

    >>> _up_to_next_label("王芳　圖：李明")
    ('王芳', '圖：李明')
    """
    parts = re.split(r"([\s|｜丨│]+)", text)
    for i in range(0, len(parts), 2):
        if parts[i] and patterns.label("".join(parts[i : i + 3])) is not None:
            return "".join(parts[:i]).strip(), "".join(parts[i:])
    return text.strip(), ""


def _names(value: str) -> Iterator[str]:
    for name in re.split(r"\s*[、,，&／/;；]\s*|\s+and\s+", value):
        if name:
            yield name


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _dates(value: str) -> Iterator[str]:
    """The date in ISO 8601, as much as is there.

    >>> list(_dates("2025年3月1日")), list(_dates("18 March 2025")), list(_dates("昨天"))
    (['2025-03-01'], ['2025-03-18'], [])
    """
    found = re.search(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?", value)
    if found:
        yield "-".join(part.zfill(2) for part in found.groups() if part)
        return
    words = re.findall(r"[A-Za-z]+|\d+", value)
    months = [_MONTHS.index(w[:3].lower()) + 1 for w in words if w[:3].lower() in _MONTHS]
    years = [w for w in words if w.isdigit() and len(w) == 4]
    days = [w for w in words if w.isdigit() and len(w) < 3]
    if years and months:
        yield "-".join([years[0], f"{months[0]:02}", *(day.zfill(2) for day in days[:1])])
