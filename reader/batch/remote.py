"""The record of outputs on a URL: worked on here, sent there every so often and at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from reader.batch import places
from reader.batch.manifest import NAME, Manifest
from reader.batch.texts import Text

__all__ = ["remote_manifest"]

_EVERY = 60.0
"""Seconds of work that a run which is killed may have to do again."""


class _Sent(Manifest):
    """A manifest that is sent to its URL when it has changed for a while."""

    def __init__(self, path: Path, url: str, recipe: str) -> None:
        super().__init__(path, url, recipe)
        self._file, self._url, self._next = path, places.joined(url, NAME), time.monotonic()

    def add(self, text: Text, stamps: str) -> None:
        super().add(text, stamps)
        if time.monotonic() >= self._next + _EVERY:
            self.send()

    def send(self) -> None:
        self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        places.send(self._file, self._url)
        self._next = time.monotonic()


@contextmanager
def remote_manifest(url: str, recipe: str) -> Iterator[Manifest]:
    """The manifest at `url`, fetched, and sent back whatever happens."""
    with TemporaryDirectory(prefix="reader-") as folder:
        path = Path(folder) / NAME
        if places.stamp(places.joined(url, NAME)):
            path.write_bytes(places.contents(places.joined(url, NAME)))
        with _Sent(path, url, recipe) as manifest:
            try:
                yield manifest
            finally:
                manifest.send()
