"""Markup as the bytes of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from reader.core import choose

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
            yield utf8(gathered)
            gathered, size = [], 0
    yield utf8(gathered)


def utf8(strings: list[str]) -> bytes:
    """The strings, one after the other, in UTF-8."""
    found = _utf8(strings)
    return "".join(strings).encode() if found is None else found


# The core gives None for what cannot be encoded, so that one place raises.
_utf8: Callable[[list[str]], bytes | None] = choose(
    lambda core: core.utf8, lambda: lambda strings: "".join(strings).encode()
)
