"""Documents written as EPUB, TEI, HTML or JSON: one module a format, found by a table."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from os import PathLike, fspath
from typing import TYPE_CHECKING, BinaryIO, cast

from reader.errors import OptionError
from reader.model import Flow
from reader.options import RenderOptions

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["SUFFIXES", "WRITERS", "format_of", "write"]

Writer = Callable[[Flow, BinaryIO, RenderOptions], None]

WRITERS = {
    "epub": "reader.writers.epub:write_epub",
    "html": "reader.writers.html:write_html",
    "json": "reader.writers.json:write_json",
    "tei": "reader.writers.tei:write_tei",
}
"""Function of each format, by name; imported when it is first used."""

SUFFIXES = {
    ".epub": "epub",
    ".htm": "html",
    ".html": "html",
    ".json": "json",
    ".tei": "tei",
    ".xhtml": "html",
    ".xml": "tei",
}


def write(
    flow: Flow,
    path: str | PathLike[str] | BinaryIO,
    options: RenderOptions | None = None,
    to: str | None = None,
    modified: datetime | None = None,
) -> None:
    """Write a document or stream in the format `to`, or in that of the suffix of `path`.

    A file appears whole or not at all, in place of one that was there. `path` may also be a
    binary file, which is left open; it needs `to`. `modified` is what an EPUB gives as its date
    of modification. Raises `OptionError` for an unknown format, `WriteError` for a path that
    cannot be written or text that the format cannot carry.
    """
    writer = _writer(to or format_of(path))
    options = options or RenderOptions()
    if modified is not None:
        options = _dated(options, modified)
    with _opened(path) as file:
        writer(flow, file, options)


def format_of(path: str | PathLike[str] | BinaryIO) -> str:
    """The format that the suffix of `path` stands for.

    >>> format_of("texts/sample.XML")
    'tei'
    """
    name = "" if hasattr(path, "write") else fspath(path)
    dot = name.rfind(".")
    suffix = name[dot:].lower() if dot > max(name.rfind("/"), name.rfind("\\")) else ""
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    known = " ".join(sorted(SUFFIXES))
    said = f"the suffix {suffix} stands for no format" if suffix else "there is no suffix"
    raise OptionError(f"{said}: use one of {known}, or name the format", path=name or None)


def _writer(name: str) -> Writer:
    place = WRITERS.get(name)
    if place is None:
        raise OptionError(f"there is no format {name!r}: it is one of {', '.join(WRITERS)}")
    module, _, function = place.partition(":")
    return cast(Writer, getattr(import_module(module), function))


def _dated(options: RenderOptions, modified: datetime) -> RenderOptions:
    """The options with a date, which only an EPUB shows."""
    from dataclasses import fields, replace

    from reader.writers.epub import EpubOptions

    if isinstance(options, EpubOptions):
        return replace(options, modified=modified)
    values = {field.name: getattr(options, field.name) for field in fields(RenderOptions)}
    return EpubOptions(**values, modified=modified)


def _opened(path: str | PathLike[str] | BinaryIO) -> AbstractContextManager[BinaryIO]:
    from reader.files import replacing

    if hasattr(path, "write"):
        return nullcontext(cast(BinaryIO, path))
    return replacing(path)
