"""Images of a page, from `data:` URLs and from files beside it; never from the network."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from reader.model import DocumentWarning, Resource

__all__ = ["Pictures"]

_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_SUFFIXES = {kind: suffix for suffix, kind in reversed(_TYPES.items())}
_LARGEST = 64 << 20
_DATA = re.compile(r"data:(?P<type>[\w.+/-]*)[^,]*?(?P<base64>;base64)?,", re.IGNORECASE)


class Pictures:
    """Gathers the images that a text shows; each is one resource however often it is shown."""

    def __init__(self, path: Path | None) -> None:
        self._folder = path.parent.resolve() if path is not None else None
        self._known: dict[str, str] = {}
        self._by_name: dict[str, Resource] = {}
        self.warnings: list[DocumentWarning] = []

    @property
    def resources(self) -> tuple[Resource, ...]:
        return tuple(self._by_name.values())

    def name(self, source: str) -> str:
        """The resource's name for the URL `source`; "", with a warning, where there is none."""
        if source not in self._known:
            found = self._found(source)
            if isinstance(found, str):
                shown = source if len(source) <= 80 else f"{source[:79]}…"
                self.warnings.append(
                    DocumentWarning(f"image left out, {found}: {shown}", "image-left-out")
                )
            self._known[source] = found.name if isinstance(found, Resource) else ""
        return self._known[source]

    def _found(self, source: str) -> Resource | str:
        """The resource, or why there is none."""
        if source[:5].lower() == "data:":
            return self._inline(source)
        try:
            parts = urlsplit(source)
        except ValueError:
            return "not a URL"
        if parts.scheme or parts.netloc:
            return "nothing is fetched from the network"
        return self._file(unquote(parts.path))

    def _inline(self, source: str) -> Resource | str:
        head = _DATA.match(source)
        kind = head["type"].lower() if head else ""
        if head is None or kind not in _SUFFIXES:
            return "not an image that books can show"
        rest = unquote_to_bytes(source[head.end() :])
        try:
            data = b64decode(b"".join(rest.split())) if head["base64"] else rest
        except binascii.Error:
            return "its data is damaged"
        return self._kept(blake2b(data, digest_size=8).hexdigest() + _SUFFIXES[kind], kind, data)

    def _file(self, name: str) -> Resource | str:
        if self._folder is None:
            return "there is no folder to find it in"
        kind = _TYPES.get(Path(name).suffix.lower())
        if kind is None:
            return "not an image that books can show"
        try:
            file = (self._folder / name).resolve()
            if not file.is_relative_to(self._folder):
                return "outside the folder of the text"
            if not file.is_file():
                return "no such file"
            if file.stat().st_size > _LARGEST:
                return "too large"
            return self._kept(
                file.name.lstrip(".") or f"image{file.suffix}", kind, file.read_bytes()
            )
        except (OSError, ValueError):
            return "it cannot be read"

    def _kept(self, name: str, kind: str, data: bytes) -> Resource:
        """A resource under a name that no other file has."""
        stem, dot, suffix = name.replace("\\", "_").rpartition(".")
        number = 1
        found = Resource(f"{stem}{dot}{suffix}", kind, data)
        while self._by_name.setdefault(found.name, found) != found:
            number += 1
            found = Resource(f"{stem}-{number}{dot}{suffix}", kind, data)
        return found
