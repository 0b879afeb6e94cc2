"""Opening the files that sources read, and saying why one cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from reader.errors import SourceError

__all__ = ["contents", "opened"]

_REASONS: dict[type[Exception], str] = {
    FileNotFoundError: "no such file",
    NotADirectoryError: "no such file",
    IsADirectoryError: "is a folder, not a text",
    PermissionError: "may not be read: permission denied",
}


def contents(path: Path) -> bytes:
    """The bytes of the file; `SourceError` says why there are none."""
    with opened(path) as file:
        return file.read()


def opened(path: Path) -> BinaryIO:
    """The file, open for reading; `SourceError` says why it is not."""
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = _REASONS.get(type(error), f"cannot be read: {error}")
        raise SourceError(reason, path=path) from error
