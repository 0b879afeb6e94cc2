"""A document's images, those of them that every reading system shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from reader.model import Resource

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"GIF87a", "image/gif", "gif"),
    (b"GIF89a", "image/gif", "gif"),
)
"""EPUB 3.3 core media types (section 3.2) by their first bytes."""


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
    for signature, media_type, suffix in _SIGNATURES:
        if data.startswith(signature):
            return media_type, suffix
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    return None
