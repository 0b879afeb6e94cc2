"""Answers kept on disk by content, so that nothing is asked, or paid for, twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from os import PathLike, fspath
from types import TracebackType

from reader.errors import TranslationError
from reader.translation.protocol import Request, Translator

_SCHEMA = "CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT NOT NULL)"


def key(request: Request, translator: Translator, language: str) -> str:
    """What an answer depends on, as one number: the model, the prompt and all that is sent."""
    parts = (
        translator.name,
        translator.version,
        language,
        request.text,
        request.before,
        request.after,
        request.terms,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Cache:
    """A SQLite file of answers; each is committed when it is put, and survives a killed process.

    Used from one thread. Several processes may share the file. Raises `TranslationError` when it
    cannot be opened or is no such file.
    """

    def __init__(self, path: str | PathLike[str] = ":memory:") -> None:
        self._path = fspath(path)
        try:
            self._file = sqlite3.connect(self._path, timeout=60.0, isolation_level=None)
            self._file.execute(_SCHEMA)
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def get(self, key: str) -> str | None:
        try:
            row = self._file.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
        except sqlite3.Error as error:
            raise self._broken(error) from error
        return None if row is None else str(row[0])

    def put(self, key: str, answer: str) -> None:
        try:
            self._file.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", (key, answer))
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Cache:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _broken(self, error: sqlite3.Error) -> TranslationError:
        return TranslationError(f"the cache of answers cannot be used: {error}", path=self._path)
