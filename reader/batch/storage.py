"""Files by path or URL: the only door to fsspec, which is imported when a URL is met."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from reader.errors import OptionError, ReaderError, SourceError, WriteError

__all__ = ["find", "is_url", "joined", "local_input", "local_output", "stamp"]


def is_url(place: str) -> bool:
    """Whether `place` is a URL (s3://bucket/text.txt) and not a path of this machine."""
    return "://" in place


def find(place: str) -> list[str]:
    """The files under a folder, in a stable order; those a glob matches; or the file itself."""
    if is_url(place):
        return _find_remote(place)
    if os.path.isdir(place):
        return sorted(_walk(place))
    if any(c in place for c in "*?[") and not os.path.exists(place):
        from glob import glob

        return sorted(path for path in glob(place, recursive=True) if os.path.isfile(path))
    return [place]


def _walk(folder: str) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (os.path.join(root, name) for name in files if not name.startswith("."))


def _find_remote(place: str) -> list[str]:
    system, path = _system(place)
    if any(c in path for c in "*?["):
        names = system.glob(path)
    elif system.isdir(path):
        names = [name for name in system.find(path) if "/." not in name[len(path) :]]
    else:
        return [place]
    return sorted(system.unstrip_protocol(name) for name in names)


def joined(folder: str, name: str) -> str:
    """`name`, which may hold folders, in `folder`."""
    return f"{folder.rstrip('/')}/{name}" if is_url(folder) else os.path.join(folder, name)


def stamp(place: str) -> str:
    """What changes when the file does, told without reading it; empty if there is no such file."""
    if not is_url(place):
        try:
            found = os.stat(place)
        except OSError:
            return ""
        return f"{found.st_size} {found.st_mtime_ns}"
    system, path = _system(place)
    try:
        info = system.info(path)
    except OSError:
        return ""
    marks = (info.get(name) for name in ("ETag", "etag", "md5Hash", "mtime", "LastModified"))
    return f"{info.get('size')} {next((str(mark) for mark in marks if mark), '')}"


def contents(place: str) -> bytes:
    if not is_url(place):
        from reader.files import read_file

        return read_file(Path(place))
    system, path = _system(place)
    try:
        data: bytes = system.cat_file(path)
    except OSError as error:
        raise SourceError(f"cannot be read: {error}", path=place) from error
    return data


@contextmanager
def local_input(places: Iterable[str]) -> Iterator[list[Path]]:
    """The files at hand: where they stand, or copies of remote ones side by side in a folder."""
    given = list(places)
    if not any(map(is_url, given)):
        yield [Path(place) for place in given]
        return
    with TemporaryDirectory(prefix="reader-") as folder:
        paths = [Path(folder) / PurePosixPath(place).name for place in given]
        for place, path in zip(given, paths, strict=True):
            path.write_bytes(contents(place))
        try:
            yield paths
        except ReaderError as error:
            names = dict(zip(map(str, paths), given, strict=True))
            error.path = names.get(error.path or "", error.path)
            raise


@contextmanager
def local_output(place: str) -> Iterator[Path]:
    """A path to write to; of a URL, a file that is sent there when the block ends well."""
    if not is_url(place):
        path = Path(place)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise WriteError(f"cannot be made: {error.strerror}", path=path.parent) from error
        yield path
        return
    with TemporaryDirectory(prefix="reader-") as folder:
        path = Path(folder) / PurePosixPath(place).name
        yield path
        send(path, place)


def send(path: Path, place: str) -> None:
    """Put a file where the URL says: object stores show it whole or not at all."""
    system, name = _system(place)
    try:
        system.makedirs(str(PurePosixPath(name).parent), exist_ok=True)
        system.put_file(str(path), name)
    except OSError as error:
        raise WriteError(f"cannot be written: {error}", path=place) from error


def _system(place: str) -> tuple[Any, str]:
    """Fsspec's file system for a URL, and the path within it."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise OptionError(f"{place}: URLs need fsspec: install annotated-reader[dask]") from error
    try:
        system, path = url_to_fs(place)
    except (ImportError, ValueError) as error:
        raise OptionError(f"{place}: {error}") from error
    return system, path
