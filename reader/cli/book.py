"""`reader build` of a book that is an EPUB already."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reader.cli.bilingual import translation_for
from reader.cli.options import annotate_from, render_from
from reader.cli.pipeline import glossary_from, lexicon
from reader.cli.progress import Bar
from reader.cli.warnings import echo_warnings


def build_book(source: Path, values: dict[str, Any]) -> None:
    from reader.inplace import annotate_book

    _refuse_what_books_do_not_take(values)
    counterpart = translation_for(source, values)
    with Bar(source.name) as bar:
        report = annotate_book(
            source,
            values["output"],
            glossary=glossary_from(values),
            lexicon=lexicon(),
            annotate=annotate_from(values, senses=False),
            render=render_from(values),
            translation=counterpart.document if counterpart else None,
            pairs=counterpart.pairs if counterpart else (),
            jobs=values["jobs"] or 1,
            limits=limits_from(values),
            progress=bar.progress,
            new_identifier=values["new_identifier"],
            quotes=values["quotes"],
        )
    echo_warnings(report.warnings, source=str(source), verbose=values["verbose"])
    if values["verbose"]:
        done = f"{report.annotated} of {report.documents} documents, {report.words:,} words"
        click.echo(f"{source}: {done}, {report.terms} glossary terms ({report.language})", err=True)


def _refuse_what_books_do_not_take(values: dict[str, Any]) -> None:
    """Options that would change a book's text or metadata are refused, not ignored."""
    for name in ("title", "authors", "date", "config", "repair", "bind", "dask"):
        if values[name]:
            option = "author" if name == "authors" else name
            raise click.UsageError(f"--{option} does not go with a book annotated in place.")
    if values["pairs"] and not values["translation"]:
        raise click.UsageError("--pairs of a book goes with its --translation.")
    if values["output"] == "-":
        raise click.UsageError("A book annotated in place cannot go to standard output.")


def limits_from(values: dict[str, Any]) -> Any:
    """What an EPUB may unpack to; a quarter of it may be in one member."""
    from reader.inplace import Limits

    size = values["max_size"] << 20
    return Limits(total=size, member=max(size // 4, 1 << 20), ratio=values["max_ratio"])
