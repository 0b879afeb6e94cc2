"""Files by path or URL: the only door to fsspec, which is imported when a URL is met."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from reader.errors import OptionError, ReaderError, SourceError, WriteError
from reader.files import read_file

__all__ = [
    "is_url",
    "join",
    "list_files",
    "local_input",
    "local_output",
    "read_contents",
    "stamp",
    "upload",
]


def is_url(location: str) -> bool:
    """Whether `location` is a URL (s3://bucket/text.txt) and not a path of this machine."""
    return "://" in location


def list_files(location: str) -> list[str]:
    """The files under a folder, in a stable order; those a glob matches; or the file itself."""
    if is_url(location):
        return _list_remote(location)
    if os.path.isdir(location):
        return sorted(_walk(location))
    if any(c in location for c in "*?[") and not os.path.exists(location):
        from glob import glob

        return sorted(path for path in glob(location, recursive=True) if os.path.isfile(path))
    return [location]


def _walk(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(root, name) for name in files if not name.startswith("."))


def _list_remote(location: str) -> list[str]:
    system, path = _system(location)
    if any(c in path for c in "*?["):
        names = system.glob(path)
    elif system.isdir(path):
        names = [name for name in system.find(path) if "/." not in name[len(path) :]]
    else:
        return [location]
    return sorted(system.unstrip_protocol(name) for name in names)


def join(folder: str, name: str) -> str:
    """`name`, which may hold folders, in `folder`."""
    return f"{folder.rstrip('/')}/{name}" if is_url(folder) else os.path.join(folder, name)


def stamp(location: str) -> str:
    """What changes when the file does, known without reading it; empty if there is no such file."""
    if not is_url(location):
        try:
            status = os.stat(location)
        except OSError:
            return ""
        return f"{status.st_size} {status.st_mtime_ns}"
    system, path = _system(location)
    try:
        info = system.info(path)
    except OSError:
        return ""
    # Which of these a store has is its own matter; one is enough.
    marks = (info.get(name) for name in ("ETag", "etag", "md5Hash", "mtime", "LastModified"))
    return f"{info.get('size')} {next((str(mark) for mark in marks if mark), '')}"


def read_contents(location: str) -> bytes:
    if not is_url(location):
        return read_file(Path(location))
    system, path = _system(location)
    try:
        data: bytes = system.cat_file(path)
    except OSError as error:
        raise SourceError(f"cannot be read: {error}", path=location) from error
    return data


@contextmanager
def local_input(locations: Iterable[str]) -> Iterator[list[Path]]:
    """The files at hand: where they stand, or copies of remote ones side by side in a folder."""
    originals = list(locations)
    if not any(map(is_url, originals)):
        yield [Path(location) for location in originals]
        return
    with TemporaryDirectory(prefix="reader-") as folder:
        paths = [Path(folder) / PurePosixPath(location).name for location in originals]
        for location, path in zip(originals, paths, strict=True):
            path.write_bytes(read_contents(location))
        try:
            yield paths
        except ReaderError as error:
            # A person knows the URL, not our copy of it.
            names = dict(zip(map(str, paths), originals, strict=True))
            error.path = names.get(error.path or "", error.path)
            raise


@contextmanager
def local_output(location: str) -> Iterator[Path]:
    """A path to write to; of a URL, a file that is sent there when the block ends well."""
    if not is_url(location):
        path = Path(location)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteError(f"cannot be made: {error.strerror}", path=path.parent) from error
        yield path
        return
    with TemporaryDirectory(prefix="reader-") as folder:
        path = Path(folder) / PurePosixPath(location).name
        yield path
        upload(path, location)


def upload(path: Path, url: str) -> None:
    """Put a file where the URL says: object stores show it whole or not at all."""
    system, name = _system(url)
    try:
        system.makedirs(str(PurePosixPath(name).parent), exist_ok=True)
        system.put_file(str(path), name)
    except OSError as error:
        raise WriteError(f"cannot be written: {error}", path=url) from error


def _system(location: str) -> tuple[Any, str]:
    """Fsspec's file system for a URL, and the path within it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise OptionError(
            f"{location}: URLs need fsspec: install annotated-reader[dask]"
        ) from error
    try:
        system, path = url_to_fs(location)
    except (ImportError, ValueError) as error:
        raise OptionError(f"{location}: {error}") from error
    return system, path
