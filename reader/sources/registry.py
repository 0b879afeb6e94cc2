"""Sources: one module a format, found by suffix in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Unpack, cast

from reader.errors import SourceError, require
from reader.files import read_file
from reader.model import Document, Stream
from reader.options import SourceChoices, SourceOptions
from reader.plugins import Group, find

__all__ = [
    "SOURCES",
    "read",
    "read_bytes",
    "read_stream",
    "read_text",
    "suffixes",
]

Source = Callable[..., Document]
"""`read_x(data: bytes, *, path: Path | None, options: SourceOptions) -> Document`."""

SOURCES: dict[str, str] = {
    ".txt": "reader.sources.text:read_plain",
    ".text": "reader.sources.text:read_plain",
    ".md": "reader.sources.markdown:read_markdown",
    ".markdown": "reader.sources.markdown:read_markdown",
    ".html": "reader.sources.html:read_html",
    ".htm": "reader.sources.html:read_html",
    ".xhtml": "reader.sources.html:read_html",
    ".docx": "reader.sources.docx:read_docx",
    ".xml": "reader.sources.tei:read_tei",
    ".tei": "reader.sources.tei:read_tei",
    ".json": "reader.sources.json:read_json",
    ".epub": "reader.sources.epub:read_epub",
    ".rtf": "reader.sources.rtf:read_rtf",
    ".odt": "reader.sources.odt:read_odt",
    ".pdf": "reader.sources.pdf:read_pdf",
    ".srt": "reader.sources.cues:read_srt",
    ".vtt": "reader.sources.cues:read_vtt",
    ".ass": "reader.sources.cues:read_ass",
    ".ssa": "reader.sources.cues:read_ass",
}
"""Suffix -> `module:function`, imported when a file of that kind is read."""

_PLAIN = ".txt"


def read(
    path: str | PathLike[str],
    options: SourceOptions | None = None,
    **choices: Unpack[SourceChoices],
) -> Document:
    """The document in the file at `path`, its format told by the suffix.

    `choices` are the fields of `SourceOptions` by name and win over `options`.
    Raises `SourceError` when the file is missing, empty, of an unknown kind, or holds no text.
    """
    require((str, PathLike), "path", path)
    place = Path(path)
    return _source_for(place)(read_file(place), path=place, options=_chosen(options, choices))


def read_bytes(
    data: bytes,
    options: SourceOptions | None = None,
    *,
    suffix: str = _PLAIN,
    **choices: Unpack[SourceChoices],
) -> Document:
    """The document in `data`, which has no file: standard input, an upload."""
    require(bytes, "data", data)
    source = _source_for(Path(f"data{suffix}"), exists=False)
    with _named():
        return source(data, path=None, options=_chosen(options, choices))


def read_text(
    text: str, options: SourceOptions | None = None, **choices: Unpack[SourceChoices]
) -> Document:
    """The document in a plain text already decoded; the rules are those of `.txt` files."""
    from reader.sources.text import from_text

    require(str, "text", text)
    with _named():
        return from_text(text, options=_chosen(options, choices))


def read_stream(
    path: str | PathLike[str],
    options: SourceOptions | None = None,
    **choices: Unpack[SourceChoices],
) -> Stream:
    """The same document as `read`, block by block; memory stays constant for plain text."""
    place = Path(path)
    if SOURCES.get(place.suffix.lower()) == SOURCES[_PLAIN]:
        from reader.sources.text import stream_plain

        return stream_plain(place, options=_chosen(options, choices))
    document = read(place, options, **choices)
    return Stream(
        document.metadata,
        document.blocks,
        document.translation,
        list(document.warnings),
        document.resources,
        document.layers,
    )


@contextmanager
def _named() -> Iterator[None]:
    """An error that has neither a path nor a line says of what it is: `the text: is empty`."""
    try:
        yield
    except SourceError as error:
        if error.path is None and error.line is None:
            error.path = "the text"
        raise


def suffixes() -> tuple[str, ...]:
    """The suffixes that can be read without a plugin, in the order of `SOURCES`."""
    return tuple(SOURCES)


def _chosen(options: SourceOptions | None, choices: SourceChoices) -> SourceOptions:
    chosen = options or SourceOptions()
    return replace(chosen, **choices) if choices else chosen


def _source_for(path: Path, *, exists: bool = True) -> Source:
    """The read function for the suffix of `path`; plugins are asked only when none is known."""
    suffix = path.suffix.lower()
    if suffix in SOURCES:
        module, _, function = SOURCES[suffix].partition(":")
        return cast(Source, getattr(import_module(module), function))
    if exists:
        _require_file(path)
    plugin: Source | None = find(Group.SOURCE, suffix)
    return plugin or _refuse(path)


def _require_file(path: Path) -> None:
    """A missing file is said to be missing, not to be of an unknown kind."""
    if path.is_dir():
        raise SourceError("is a folder, not a text", path=path)
    if not path.exists():
        raise SourceError("no such file", path=path)


def _refuse(path: Path) -> Source:
    kind = f"files of kind {path.suffix!r}" if path.suffix else "files without a suffix"
    raise SourceError(f"{kind} cannot be read; known are {' '.join(SOURCES)}", path=path)
