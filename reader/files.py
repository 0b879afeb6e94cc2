"""Files opened, and the error that says why one cannot be; outputs that appear whole or not at all.

An output is written beside its place, then renamed into it.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import BinaryIO, cast

from reader.errors import ReaderError, SourceError, WriteError

if sys.platform != "win32":
    import fcntl

__all__ = [
    "MOST",
    "cache_folder",
    "inert_cell",
    "is_pipe",
    "make_cache_folder",
    "open_file",
    "read_data",
    "read_file",
    "readable_name",
    "remove_all_leftovers",
    "remove_leftovers",
    "replacing",
]

MOST = 256 << 20
"""Bytes of what has no size of its own (a pipe, standard input), at most: it may have no end."""

_REASONS: dict[type[Exception], str] = {
    FileNotFoundError: "no such file",
    NotADirectoryError: "no such file",
    IsADirectoryError: "is a folder, not {}",
    PermissionError: "may not be read: permission denied",
}

# Room for the dots, the random part and `.tmp` in a file name of at most 255 bytes.
_LONGEST_STEM = 200
_RANDOM = re.compile(r"\.[0-9a-f]{8}\.tmp")


def read_file(path: Path, *, kind: str = "a text", error: type[ReaderError] = SourceError) -> bytes:
    """The bytes of the file; an `error` says why there are none of `kind`, or no end of them."""
    with open_file(path, kind=kind, error=error) as file:
        if not _is_pipe(os.fstat(file.fileno())):
            return file.read()
        data = file.read(MOST + 1)
    if len(data) > MOST:
        raise error(f"gives more than {MOST >> 20} MiB; a file may hold more", path=path)
    return data


def open_file(
    path: Path, *, kind: str = "a text", error: type[ReaderError] = SourceError
) -> BinaryIO:
    """The file, open for reading; an `error` says why it is not."""
    try:
        if _is_device(os.stat(path)):
            raise error(f"is a device, not {kind}", path=path)
        return path.open("rb")
    except (OSError, ValueError) as cause:  # ValueError: a NUL in the name
        reason = _REASONS.get(type(cause), f"cannot be read: {cause}").format(kind)
        raise error(reason, path=path) from cause


def is_pipe(path: Path) -> bool:
    """Whether what is at `path` can be read but once."""
    try:
        return _is_pipe(os.stat(path))
    except (OSError, ValueError):
        return False


def _is_pipe(status: os.stat_result) -> bool:
    return stat.S_ISFIFO(status.st_mode)


def _is_device(status: os.stat_result) -> bool:
    """Such as `/dev/zero`, which has no end."""
    return stat.S_ISCHR(status.st_mode) or stat.S_ISBLK(status.st_mode)


def read_data(name: str) -> bytes:
    """The content of `reader/data/name`, a file that comes with the package.

    `importlib.resources` would give the same and takes twenty times as long to import.
    """
    with open(os.path.join(os.path.dirname(__file__), "data", name), "rb") as file:
        return file.read()


_NO_TEXT = re.compile("[\x00-\x1f\x7f\ufffe\uffff]")


def readable_name(name: str) -> str:
    """A file name as text that every format can hold, with U+FFFD for what is none of that.

    Bytes that are no UTF-8 reach Python as lone surrogates; controls are allowed in names too.

    >>> readable_name("\\udcff書\\x1b.txt")
    '\ufffd書\ufffd.txt'
    """
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _NO_TEXT.sub("\ufffd", text)


_FORMULA = re.compile(r"\"?'*[=+@-]")


def inert_cell(text: str) -> str:
    """A cell of a table that no spreadsheet runs, which a stranger's text may ask for.

    An apostrophe makes text of what looks like a formula; one that stands there already gets
    another, so that all can be read back.

    >>> inert_cell("=1+1"), inert_cell("'=1+1"), inert_cell("1+1")
    ("'=1+1", "''=1+1", '1+1')
    """
    return f"'{text}" if _FORMULA.match(text) else text


@contextmanager
def replacing(path: str | PathLike[str]) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends without an exception.

    Until then it stands beside `path` as `.NAME.1f2e3d4c.tmp`; on any exception, the user's
    interrupt included, it is removed and `path` is as it was. What a process that was killed left
    so is removed when `path` is next written. A symbolic link is followed, a device or pipe is
    written directly. Readable, writable and seekable.

    Raises `WriteError` when `path` cannot be written or the disk is full.
    """
    if "\0" in os.fsdecode(path):
        raise WriteError("cannot be written: no file name holds a null character", path=path)
    target = os.path.realpath(path)
    if _is_stream(target):
        with _failures_of(path), open(target, "wb") as stream:
            yield stream
        return
    with _failures_of(path):
        name, file, lock = _create_beside(target)
        try:
            with file:
                yield file
            os.replace(name, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise
        finally:
            if lock is not None:
                os.close(lock)


def remove_leftovers(path: str | PathLike[str]) -> None:
    """Remove what killed processes left half-written beside `path`; not what is being written."""
    folder, name = os.path.split(os.path.realpath(path))
    _leftovers.cache_clear()
    _clear(folder, _stem(name))


def remove_all_leftovers(folder: str | PathLike[str], beginning: str) -> None:
    """Remove what killed processes left half-written in a folder for names that begin so."""
    where = os.path.realpath(folder)
    _leftovers.cache_clear()
    for stem in [stem for stem in _leftovers(where) if stem.startswith(beginning)]:
        _clear(where, stem)


def _clear(folder: str, stem: str) -> None:
    for entry in _leftovers(folder).pop(stem, ()):
        with suppress(OSError):
            _remove_unowned(os.path.join(folder, entry))


@lru_cache(maxsize=256)
def _leftovers(folder: str) -> dict[str, list[str]]:
    """Half-written files in a folder, by the name of what they were to become.

    Of each folder once: to look through it for every output of a large batch would take the square
    of their number.
    """
    found: dict[str, list[str]] = {}
    with suppress(OSError):
        for entry in os.listdir(folder):
            if entry.startswith(".") and _RANDOM.fullmatch(entry[-13:]):
                found.setdefault(entry[1:-13], []).append(entry)
    return found


if sys.platform == "win32":

    def _remove_unowned(path: str) -> None:
        os.unlink(path)  # not allowed while anybody has it open

    def _lock(descriptor: int) -> int | None:
        return None  # a file that is open a second time could not be renamed

else:

    def _remove_unowned(path: str) -> None:
        """Remove a regular file that no process has locked; where locks fail, it stays."""
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if stat.S_ISREG(os.fstat(descriptor).st_mode):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.unlink(path)
        finally:
            os.close(descriptor)

    def _lock(descriptor: int) -> int | None:
        """A descriptor that keeps the file locked until it is closed, or this process ends."""
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        return os.dup(descriptor)


def _stem(name: str) -> str:
    """As much of a file name as leaves room for what a temporary name adds to it."""
    short = os.fsencode(name)[:_LONGEST_STEM]
    return short.decode(sys.getfilesystemencoding(), "ignore")


def _is_stream(target: str) -> bool:
    """Whether `target` is a device, pipe or socket, which must not be replaced by a file."""
    try:
        mode = os.stat(target).st_mode
    except OSError:
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def _create_beside(target: str) -> tuple[str, BinaryIO, int | None]:
    """A new file in the folder of `target`, with the permissions `target` has or would get.

    Its name, the file, and the descriptor that keeps it locked.
    """
    if os.path.isdir(target):
        raise IsADirectoryError(None, "is a folder, not a file", target)
    folder, name = os.path.split(target)
    _clear(folder, _stem(name))
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        temporary = os.path.join(folder, f".{_stem(name)}.{os.urandom(4).hex()}.tmp")
        descriptor = os.open(temporary, flags, 0o666)
        lock = _lock(descriptor)
        # Before it was locked, another process could take it for a leftover.
        if os.path.exists(temporary):
            break
        os.close(descriptor)
        if lock is not None:
            os.close(lock)
    with suppress(OSError):
        os.chmod(temporary, stat.S_IMODE(os.stat(target).st_mode))
    return temporary, cast(BinaryIO, os.fdopen(descriptor, "w+b")), lock


@contextmanager
def _failures_of(path: str | PathLike[str]) -> Iterator[None]:
    """Turn failures to create, write or rename the output into a `WriteError` that names it."""
    try:
        yield
    except OSError as error:
        # A failed write names no file; one that names another file is not about this output.
        if error.filename is not None and not _concerns(error, path):
            raise
        reason = (error.strerror or str(error)).lower()
        raise WriteError(f"cannot be written: {reason}", path=path) from error


def _concerns(error: OSError, path: str | PathLike[str]) -> bool:
    folder = os.path.dirname(os.path.realpath(path))
    return os.path.dirname(os.path.realpath(os.fsdecode(error.filename))) == folder


# ---- the cache ----

_APPLICATION = "annotated-reader"


def cache_folder() -> Path:
    """`$READER_CACHE`, or this user's cache folder for the library."""
    if chosen := os.environ.get("READER_CACHE"):
        return Path(chosen)
    if sys.platform == "linux" and (caches := _linux_caches()):
        return caches / _APPLICATION
    from platformdirs import user_cache_path

    return user_cache_path(_APPLICATION)


def make_cache_folder(folder: Path) -> None:
    """Make a cache folder, if it is not there, that no other user may write, whatever the mask."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o755, exist_ok=True)


def _linux_caches() -> Path | None:
    """The user's cache folder as platformdirs has it, whose import takes as long as opening the
    lexicon.

    None where neither variable tells, which platformdirs may still know.
    """
    for base, inside in (("XDG_CACHE_HOME", ""), ("HOME", ".cache")):
        if os.path.isabs(path := os.environ.get(base, "")):
            return Path(path, inside)
    return None
