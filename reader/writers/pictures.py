"""A document's images, those of them that every reading system shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reader.model import Resource

_KINDS = (
    (b"\x89PNG\r\n\x1a\n", b"IHDR", b"IEND\xaeB`\x82", "image/png", "png"),
    (b"\xff\xd8\xff", b"", b"\xff\xd9", "image/jpeg", "jpg"),
    (b"GIF87a", b"", b"\x3b", "image/gif", "gif"),
    (b"GIF89a", b"", b"\x3b", "image/gif", "gif"),
    (b"RIFF", b"WEBPVP8", b"", "image/webp", "webp"),
)
"""EPUB 3.3 core media types (section 3.2): how their files begin, what stands soon after, what ends
them, and their suffix. What a source calls a file may lie, and a piece of one is no picture."""
_SOON = 16
_LEAST = 26
"""Bytes of the smallest picture: a GIF of one pixel."""


class Picture(NamedTuple):
    """An image of the source under a name that is safe in a container and in a URL."""

    resource: str
    name: str
    media_type: str
    data: bytes


def pictures(resources: Iterable[Resource]) -> list[Picture]:
    """The images that can be shown, named by their order; others are left out.

    SVG is left out too: it may carry scripts and reach for the network.
    """
    found: list[Picture] = []
    for resource in resources:
        for media_type, suffix in filter(None, [_kind(resource.data)]):
            name = f"i{len(found) + 1:04}.{suffix}"
            found.append(Picture(resource.name, name, media_type, resource.data))
    return found


def _kind(data: bytes) -> tuple[str, str] | None:
    """Media type and suffix of a whole picture."""
    for start, soon, end, media_type, suffix in _KINDS:
        begun = data.startswith(start) and soon in data[: _SOON + len(start)]
        if begun and end in data and len(data) >= _LEAST:
            return media_type, suffix
    return None
