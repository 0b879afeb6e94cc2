"""The table of formats: what each is called, which suffixes mean it, which layers it shows.

Nothing else lists formats or knows what one needs. A new format is a module with a write function,
and a row here, or in another package an entry point of the group `annotated_reader.writers` that is
a `Format`; such are looked for only where a name is not in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from os import PathLike, fspath
from typing import TYPE_CHECKING, BinaryIO, cast

from reader.errors import OptionError, WriteError, require
from reader.layers import REQUIRES
from reader.model import Flow
from reader.options import Gloss, GlossWords, Pinyin, RenderOptions, Script
from reader.plugins import Group, find, installed

if TYPE_CHECKING:
    from datetime import datetime

    from reader.learner import Learner

__all__ = ["FORMATS", "Format", "find_format", "format_of", "write"]

_SHOWN = frozenset(("notes", "readings", "sentences", "words"))


@dataclass(frozen=True, slots=True)
class Format:
    """An output format: one row of `FORMATS`."""

    name: str
    suffixes: tuple[str, ...]
    """In lower case, with their dot; the first is that of a file which gets its name from us."""
    write: Callable[[Flow, BinaryIO, RenderOptions], None]
    """Writes a flow to a binary file, which need not be seekable."""
    needs: Callable[[RenderOptions], frozenset[str]]
    """The layers whose work the output shows under these options: what annotation is asked for."""
    self_describing: bool = False
    """It says which layers it holds, so it may be written without some that it needs."""
    comfortable: int | None = None
    """Code points that open with ease in this format: of a longer text `build` warns."""


# A format's module is imported when it is first written: a run pays for one of them.


def _write_epub(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    from reader.writers import epub

    epub.write_epub(flow, file, options)


def _write_html(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    from reader.writers import html

    html.write_html(flow, file, options)


def _write_json(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    from reader.writers import json

    json.write_json(flow, file, options)


def _write_tei(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    from reader.writers import tei

    tei.write_tei(flow, file, options)


def _write_srt(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    from reader.writers import tracks

    tracks.write_srt(flow, file, options)


def _write_vtt(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    from reader.writers import tracks

    tracks.write_vtt(flow, file, options)


def _write_ass(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    from reader.writers import tracks

    tracks.write_ass(flow, file, options)


def _shown_layers(options: RenderOptions) -> frozenset[str]:
    """What a page for people shows: the other script, senses and levels only where asked."""
    shown = _SHOWN if options.script is Script.AS_IS else _SHOWN | {"scripts"}
    return shown if options.policy is None else shown | options.policy.layers


def _page_layers(options: RenderOptions) -> frozenset[str]:
    """A page that answers has of each word what may be asked: its other form and its senses."""
    shown = _shown_layers(options)
    return shown if options.static else shown | {"scripts", "senses"}


def _all_layers(options: RenderOptions) -> frozenset[str]:
    return frozenset(REQUIRES)


_A_PAGE = 300_000
"""Of ten chapters or so: a page of more takes a phone's memory, though it opens at once."""

FORMATS: Mapping[str, Format] = {
    row.name: row
    for row in (
        Format("epub", (".epub",), _write_epub, _shown_layers),
        Format("tei", (".xml", ".tei"), _write_tei, _all_layers),
        Format("html", (".html", ".htm", ".xhtml"), _write_html, _page_layers, comfortable=_A_PAGE),
        Format("json", (".json",), _write_json, _all_layers, self_describing=True),
        Format("srt", (".srt",), _write_srt, _shown_layers),
        Format("vtt", (".vtt",), _write_vtt, _shown_layers),
        Format("ass", (".ass",), _write_ass, _shown_layers),
    )
}
"""Every format that comes with the library, by name."""


def write(
    flow: Flow,
    path: str | PathLike[str] | BinaryIO,
    options: RenderOptions | None = None,
    to: str | None = None,
    modified: datetime | None = None,
    learner: Learner | None = None,
) -> None:
    """Write a document or stream in the format `to`, or in that of the suffix of `path`.

    A book, page or TEI for a `learner` has the readings of what they do not know, and what these
    words mean in a list behind each chapter; for other choices the options have a
    `reader.learner.LearnerPolicy`.

    A file appears whole or not at all, in place of one that was there. `path` may also be a
    binary file, which is left open; it needs `to`. `modified` is what an EPUB gives as its date
    of modification. Raises `OptionError` for an unknown format, `WriteError` for a document that
    lacks a layer whose work the format shows, for a path that cannot be written, or text that the
    format cannot carry.
    """
    if not hasattr(flow, "blocks"):
        raise OptionError(f"what is written is a Document or Stream, not {type(flow).__name__}")
    output = find_format(to or format_of(path))
    options = options or RenderOptions()
    require(RenderOptions, "options", options)
    if learner is not None:
        options = _for_learner(options, learner)
    # Checked before the file is opened: an old file stays, and a pipe gets nothing.
    missing = output.needs(options) - frozenset(flow.layers)
    if missing and not output.self_describing:
        raise WriteError(
            f"{output.name} shows layers of annotation that the document has not got: "
            f"{', '.join(sorted(missing))}; annotate the text with them, or with all (layers=None)"
        )
    if modified is not None:
        options = _dated(options, modified)
    with _opened(path) as file:
        output.write(flow, file, options)


def find_format(name: str) -> Format:
    """The format called `name`, here or in another package.

    Raises `OptionError` where there is none.
    """
    if name in FORMATS:
        return FORMATS[name]
    plugin = find(Group.WRITER, name)
    if plugin is None:
        names = ", ".join([*FORMATS, *installed(Group.WRITER)])
        raise OptionError(f"there is no format {name!r}: it is one of {names}")
    if not isinstance(plugin, Format):
        raise OptionError(f"the writer {name!r} is not a reader.writers.Format")
    return plugin


def format_of(path: str | PathLike[str] | BinaryIO) -> str:
    """The name of the format that the suffix of `path` stands for.

    >>> format_of("texts/sample.XML")
    'tei'
    """
    name = "" if hasattr(path, "write") else fspath(path)
    dot = name.rfind(".")
    suffix = name[dot:].lower() if dot > max(name.rfind("/"), name.rfind("\\")) else ""
    known = {each: row.name for row in FORMATS.values() for each in row.suffixes}
    if suffix in known:
        return known[suffix]
    problem = f"the suffix {suffix} stands for no format" if suffix else "there is no suffix"
    allowed = " ".join(sorted(known))
    raise OptionError(
        f"{problem}: use one of {allowed}, or name the format (--to)", path=name or None
    )


def _for_learner(options: RenderOptions, learner: Learner) -> RenderOptions:
    from dataclasses import replace

    from reader.learner import Learner, LearnerPolicy

    require(Learner, "learner", learner)
    if options.policy is not None:
        raise OptionError("a learner is given, and options that have a policy: only one can be")
    pinyin = Pinyin.UNKNOWN if options.pinyin is Pinyin.ALL else options.pinyin
    policy = LearnerPolicy(learner, pinyin, GlossWords.UNKNOWN, Gloss.LIST, options.gloss_language)
    return replace(options, pinyin=pinyin, gloss=Gloss.LIST, policy=policy)


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

    # A stream of the caller is not closed here, nor can it be replaced as a whole.
    if hasattr(path, "write"):
        return nullcontext(cast(BinaryIO, path))
    return replacing(path)
