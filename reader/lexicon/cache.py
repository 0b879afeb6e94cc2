"""Where the compiled lexicon is kept, and how it gets there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from zlib import adler32, crc32

from reader.lexicon.inputs import DATA_FILES, data_files
from reader.lexicon.table import Table, map_file

FORMAT = 24
"""Raised whenever what is compiled, or how it is laid out, changes."""
_NAME = "annotated-reader"


def open_table(
    cache_dir: Path | None = None,
    cedict: Path | None = None,
    compiling: Callable[[], None] | None = None,
) -> Table:
    """The compiled lexicon, from the cache or compiled now.

    Two processes that compile at once each write a file of their own and rename it into place;
    either is whole. Where the cache cannot be written the table is held in memory.
    """
    files = data_files(cedict)
    folder = cache_dir or default_folder()
    path = folder / f"lexicon-{_key(files, cedict)}.table"
    with suppress(OSError, ValueError), open(path, "rb") as file:
        return map_file(file)
    if compiling is not None:
        compiling()
    compiled = _compiled(files)
    with suppress(OSError, ValueError):
        _put(path, compiled)
        with open(path, "rb") as file:
            return map_file(file)
    return Table(compiled)


def _compiled(files: Mapping[str, Path]) -> bytes:
    import gc

    from reader.lexicon.compile import compile_table

    # Millions of small objects are made and none is garbage: looking for some doubles the time.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return compile_table(files)
    finally:
        if collecting:
            gc.enable()


def default_folder() -> Path:
    """`$READER_CACHE`, or this user's cache folder for the library."""
    if chosen := os.environ.get("READER_CACHE"):
        return Path(chosen)
    if sys.platform == "linux" and (caches := _linux_caches()):
        return caches / _NAME
    from platformdirs import user_cache_path

    return user_cache_path(_NAME)


def _linux_caches() -> Path | None:
    """The user's cache folder as platformdirs has it, whose import takes as long as all else here.

    None where neither variable tells, which platformdirs may still know.
    """
    for base, inside in (("XDG_CACHE_HOME", ""), ("HOME", ".cache")):
        if os.path.isabs(path := os.environ.get(base, "")):
            return Path(path, inside)
    return None


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _key(files: Mapping[str, Path], cedict: Path | None) -> str:
    """What the compiled file depends on, as sixteen hexadecimal digits."""
    parts = [str(FORMAT), sys.byteorder]
    for name, path in files.items():
        status = path.stat()
        if name == "cedict" and cedict is not None:
            parts += str(path.resolve()), str(status.st_mtime_ns)
        else:
            parts.append(_version(path, DATA_FILES[name][0]))
        parts.append(str(status.st_size))
    key = "\n".join(parts).encode()
    return f"{crc32(key):08x}{adler32(key):08x}"


def _version(path: Path, package: str) -> str:
    """The name of the package's metadata folder, which has its version in it.

    `importlib.metadata` would say the same, at the cost of importing `email` and `zipfile`.
    """
    site = next(parent for parent in path.parents if parent.name == package).parent
    names = (entry for entry in os.listdir(site) if entry.lower().startswith(package + "-"))
    return min(names, default="")
