"""From what was asked on the command line to an annotated document."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reader.cli.options import annotate_from
from reader.cli.warnings import echo_warnings
from reader.model import Block, Document, Stream

if TYPE_CHECKING:
    from reader.glossary import Glossary
    from reader.lexicon import Lexicon
    from reader.options import SourceOptions

STANDARD_INPUT = "-"


def source_options_from(values: dict[str, Any]) -> SourceOptions:
    from reader.options import SourceOptions

    return SourceOptions(
        encoding=values.get("encoding"),
        title=values.get("title"),
        authors=tuple(values.get("authors") or ()),
        language=values.get("language") or "",
        date=values.get("date"),
        whole=bool(values.get("whole")),
    )


def read_source(source: str | Path, values: dict[str, Any]) -> Document:
    """A file, standard input (`Path("-")`), or Chinese text given as it is (a `str`)."""
    from reader import sources

    options = source_options_from(values)
    if isinstance(source, str):
        return sources.read_text(source, options=options)
    if str(source) == STANDARD_INPUT:
        return _standard_input(options)
    return sources.read(source, options=options)


def _standard_input(options: SourceOptions) -> Document:
    from reader import sources
    from reader.errors import SourceError

    try:
        if sys.stdin is None:
            raise SourceError("is closed")
        return sources.read_bytes(sys.stdin.buffer.read(), options=options)
    except SourceError as error:
        raise SourceError(
            error.message, path="standard input", line=error.line, excerpt=error.excerpt
        ) from error


def glossary_from(values: dict[str, Any]) -> Glossary:
    """The default glossary, the files named (later ones win) and the words cut by hand."""
    from reader.glossary import Glossary

    glossary = Glossary(()) if values["no_default_glossary"] else Glossary.default()
    for path in values["glossaries"]:
        glossary |= Glossary.load(path)
    if values["words"] is not None:
        glossary |= Glossary.load_words(values["words"])
    return glossary


def lexicon() -> Lexicon:
    """The lexicon; the first run of an installation says why it takes its time."""
    from reader.lexicon import Lexicon

    said = "Compiling the dictionaries, once: this takes some seconds …"
    return Lexicon.open(compiling=lambda: click.echo(said, err=True))


def prepare(document: Document, values: dict[str, Any]) -> Document:
    """What is done to the text itself, before it is annotated, and only if asked."""
    if values["config"]:
        from reader.annotation.convert import convert

        document = convert(document, values["config"])
    if values["repair"]:
        from reader.annotation import repair

        document = repair(document)
    return document


def load(source: str | Path, values: dict[str, Any], *, senses: bool) -> Document:
    """The source read, prepared and annotated."""
    from reader.annotation import annotate

    document = prepare(read_source(source, values), values)
    return annotate(
        document,
        glossary=glossary_from(values),
        lexicon=lexicon(),
        options=annotate_from(values, senses=senses),
    )


def load_stream(source: Path, values: dict[str, Any], *, senses: bool) -> Stream:
    """The same, block by block: for long texts that need nothing of the whole at once."""
    from reader import sources
    from reader.annotation import annotate_stream

    stream = sources.read_stream(source, options=source_options_from(values))
    if values["config"] or values["repair"]:
        stream = replace(stream, blocks=_prepared(stream, values))
    return annotate_stream(
        stream,
        glossary=glossary_from(values),
        lexicon=lexicon(),
        options=annotate_from(values, senses=senses),
    )


def _prepared(stream: Stream, values: dict[str, Any]) -> Iterable[Block]:
    for block in stream.blocks:
        yield from prepare(Document(stream.metadata, (block,)), values).blocks


def report(document: Document | Stream, source: str | Path, *, verbose: bool) -> None:
    name = "standard input" if str(source) == STANDARD_INPUT else str(source)
    echo_warnings(document.warnings, source=name, verbose=verbose)
