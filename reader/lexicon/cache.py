"""The compiled lexicon in the user's cache: opened where it is sound and theirs, else made again.

A cache is a file like others: a power cut leaves half of it, a disk turns a bit, somebody else
may have put it there. So it is written through to the disk before it gets its name, its checksum
is looked at whenever it is opened, and a file that others own or may write, or that lies in a
folder of theirs, is none of ours.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, TypeAlias

from reader.errors import WriteError
from reader.files import make_cache_folder, remove_all_leftovers, replacing
from reader.lexicon.table import Table, map_file

__all__ = ["Compiling", "Make", "open_cached"]

Make: TypeAlias = Callable[[BinaryIO], None]
"""Makes a table of an empty file."""
Compiling: TypeAlias = Callable[[str], None]
"""Is told before a compilation why there is one; `""` where nothing had been compiled yet."""

_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_MODE = 0o644
"""Of a compiled file, whatever the user's mask: no other user may write it."""


def open_cached(path: Path, make: Make, compiling: Compiling | None = None) -> Table:
    """The table at `path`, made by `make` where there is none that can be believed.

    Two processes that compile at once each write a file of their own and rename it into place;
    either is whole. Where the cache cannot be used the table is held in memory.
    """
    reason, believed = "", not _distrust_folder(path.parent)
    if believed:
        try:
            return _open(path)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            reason = f"{path}: {_in_words(error)}"
    unkept = _unkept(path.parent)
    if compiling is not None:
        compiling(unkept or reason)
    if not unkept:
        with suppress(WriteError, OSError, ValueError):
            _write(path, make)
            return _open(path)
    held = BytesIO()
    make(held)
    return Table(held.getvalue())


def _open(path: Path) -> Table:
    # Without waiting for whoever would write into a pipe of that name.
    descriptor = os.open(
        path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    )
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("is no regular file")
        if distrust := _distrust(status):
            raise ValueError(distrust)
        return map_file(file)


def _write(path: Path, make: Make) -> None:
    remove_all_leftovers(path.parent, path.name.partition("-")[0])
    _clear_place(path)
    with replacing(path) as file:
        make(file)
        file.flush()
        if os.name == "posix":
            os.fchmod(file.fileno(), _MODE)
        # Else a power cut may keep the name and lose the bytes.
        os.fsync(file.fileno())


def _clear_place(path: Path) -> None:
    """Take away what is no file: a pipe would be written into, a folder is in the way."""
    with suppress(FileNotFoundError):
        mode = os.lstat(path).st_mode
        if stat.S_ISDIR(mode):
            path.rmdir()
        elif not stat.S_ISREG(mode):
            path.unlink()


def _unkept(folder: Path) -> str:
    """Why nothing is kept in the folder, which is made where it is not there; `""` if it is."""
    reason = _distrust_folder(folder)
    if not reason:
        with suppress(OSError):
            make_cache_folder(folder)
        reason = "" if os.access(folder, os.W_OK | os.X_OK) else "cannot be written"
    advice = "no dictionary is kept there; set READER_CACHE to a folder of your own"
    return reason and f"{folder}: {reason}: {advice}"


def _distrust_folder(folder: Path) -> str:
    """Why nothing in the folder is believed; `""` for one that is the user's own, or not there."""
    try:
        status = os.stat(folder)
    except OSError:
        return ""
    # In a folder such as /tmp each may rename only what is theirs.
    sticky = bool(status.st_mode & stat.S_ISVTX)
    return _distrust(status, status.st_mode & ~_OTHERS if sticky else None)


def _distrust(status: os.stat_result, mode: int | None = None) -> str:
    """Why a file or folder is not believed: others own it, or may write it."""
    if os.name != "posix":
        return ""
    if status.st_uid not in (os.geteuid(), 0):
        return "belongs to another user"
    if (status.st_mode if mode is None else mode) & _OTHERS:
        return "may be written by other users"
    return ""


def _in_words(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
