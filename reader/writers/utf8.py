"""Markup as the bytes of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

_CHUNK = 1 << 16
"""Characters of markup gathered before they are encoded."""


def encoded(markup: Iterable[str]) -> Iterator[bytes]:
    """Markup as UTF-8, in chunks worth compressing."""
    gathered: list[str] = []
    size = 0
    for part in markup:
        gathered.append(part)
        size += len(part)
        if size > _CHUNK:
            yield "".join(gathered).encode()
            gathered, size = [], 0
    yield "".join(gathered).encode()
