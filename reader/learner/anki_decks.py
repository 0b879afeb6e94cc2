"""Words learnt with Anki, of a deck or a collection as it exports them: `.apkg`, `.colpkg`.

Such a file is a zip container of a database: since 2022 `collection.anki21b`, compressed by
Zstandard, beside which an old `collection.anki2` says only that one should update; before that
`collection.anki21` or `collection.anki2`. A note counts by the longest interval of its cards.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import closing
from os import PathLike
from tempfile import TemporaryDirectory
from typing import TypeAlias

from reader.learner.anki_fields import reading_among, word_among
from reader.learner.states import KnownRow, KnownWordsError, State

__all__ = ["read_deck"]

KNOWN_DAYS = 21
"""Cards with an interval of so many days are known: what Anki itself calls mature."""
LEARNING_DAYS = 1
LARGEST = 1 << 30
"""Bytes of a database, at most."""
SMALL, RATIO = 16 << 20, 400
"""What is larger than the first may not be more than so many times its compressed size."""

FilePath: TypeAlias = "str | PathLike[str]"


def read_deck(data: bytes, path: FilePath) -> list[KnownRow]:
    """The words of a deck that are learnt, or being learnt; new ones are left out.

    Raises `KnownWordsError` for a damaged file, one without Chinese words, or where none is learnt.
    """
    database = _database(data, path)
    try:
        words = list(_words(database))
    except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
        raise KnownWordsError(f"is a damaged Anki deck: {error}", path=path) from error
    if not words:
        raise KnownWordsError("is an Anki deck without Chinese words", path=path)
    rows = [(word, reading, state) for word, reading, state in words if state is not None]
    if not rows:
        message = f"has {len(words)} words of which none is learnt: export it with its scheduling"
        raise KnownWordsError(message, path=path)
    return rows


def _database(data: bytes, path: FilePath) -> bytes:
    """The database in the container, unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as container:
            names = set(container.namelist())
            order = ("collection.anki21b", "collection.anki21", "collection.anki2")
            name = next((name for name in order if name in names), "")
            if not name:
                raise KnownWordsError("is a zip container, and no Anki deck", path=path)
            info = container.getinfo(name)
            if info.file_size > _most(info.compress_size):
                raise KnownWordsError(_TOO_LARGE, path=path)
            stored = container.read(name)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError) as error:
        raise KnownWordsError(f"is a damaged Anki deck: {error}", path=path) from error
    return _decompressed(stored, path) if name.endswith("b") else stored


def _most(size: int) -> int:
    """Bytes that so many compressed ones may unpack to."""
    return min(LARGEST, max(SMALL, RATIO * size))


_TOO_LARGE = f"unpacks to more than 1 GiB, or more than {RATIO} times its compressed size"


def _decompressed(stored: bytes, path: FilePath) -> bytes:
    try:
        import zstandard
    except ImportError as error:
        message = (
            "is a deck of today's Anki, which needs Zstandard to be read: "
            "pip install 'annotated-reader[anki]'"
        )
        raise KnownWordsError(message, path=path) from error
    try:
        with zstandard.ZstdDecompressor().stream_reader(io.BytesIO(stored)) as stream:
            unpacked = stream.read(_most(len(stored)) + 1)
    except zstandard.ZstdError as error:
        raise KnownWordsError(f"is a damaged Anki deck: {error}", path=path) from error
    if len(unpacked) > _most(len(stored)):
        raise KnownWordsError(_TOO_LARGE, path=path)
    return bytes(unpacked)


def _words(data: bytes) -> Iterator[tuple[str, str, State | None]]:
    """The word of each note that has one, with its reading or `""`, and its state."""
    # SQLite reads a database in memory only where it was built to; a file it always reads.
    with TemporaryDirectory() as folder:
        name = f"{folder}/collection"
        with open(name, "wb") as file:
            file.write(data)
        with closing(sqlite3.connect(f"file:{name}?mode=ro&immutable=1", uri=True)) as database:
            database.create_collation("unicase", _compare)
            names = _field_names(database)
            query = (
                "select n.mid, n.flds, max(c.ivl) from notes n "
                "join cards c on c.nid = n.id group by n.id order by n.id"
            )
            for model, flat, interval in database.execute(query):
                fields = str(flat).split("\x1f")
                if word := word_among(fields, names.get(model, ())):
                    reading = reading_among(fields, word, names.get(model, ()))
                    # Names may say nothing; what fits the word is then looked for everywhere.
                    yield word, reading or reading_among(fields, word), _state(interval)


def _state(interval: int) -> State | None:
    """By days; cards that are being learnt for the first time have seconds, below zero."""
    if interval >= KNOWN_DAYS:
        return State.KNOWN
    return State.LEARNING if interval >= LEARNING_DAYS else None


def _field_names(database: sqlite3.Connection) -> Mapping[int, tuple[str, ...]]:
    """The names of the fields by kind of note, of the databases of today and of before."""
    tables = {name for (name,) in database.execute("select name from sqlite_master")}
    found: dict[int, list[str]] = {}
    if "fields" in tables:
        for kind, _, name in sorted(database.execute("select ntid, ord, name from fields")):
            found.setdefault(kind, []).append(name)
    else:
        (models,) = database.execute("select models from col").fetchone()
        for key, model in json.loads(models or "{}").items():
            found[int(key)] = [field["name"] for field in model["flds"]]
    return {kind: tuple(names) for kind, names in found.items()}


def _compare(one: str, other: str) -> int:
    """The order that Anki gives its own tables."""
    first, second = one.casefold(), other.casefold()
    return (first > second) - (first < second)
