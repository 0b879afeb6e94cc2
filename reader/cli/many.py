"""`reader build` of many texts: progress, what failed and why, one book of all."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reader.cli.options import annotate_from, render_from
from reader.cli.pipeline import STANDARD_INPUT, glossary_from, source_options_from
from reader.cli.progress import Bar
from reader.cli.warnings import echo_warnings

if TYPE_CHECKING:
    from reader.batch import Batch, Outcome, Recipe

_ONE_TEXT = ("title", "date", "translation", "pairs")


def build_many(sources: tuple[str, ...], values: dict[str, Any]) -> None:
    _refuse_what_is_for_one(values)
    named = [name for source in sources for name in _listed(source)]
    if values["bind"]:
        _bind(named, values)
        return
    from reader.batch import Batch

    batch = Batch.plan(named, values["output"], _recipe(values))
    failed = _run(batch, values)
    if failed:
        raise click.exceptions.Exit(1)


def _refuse_what_is_for_one(values: dict[str, Any]) -> None:
    for name in _ONE_TEXT:
        if values[name] and not (name == "title" and values["bind"]):
            raise click.UsageError(f"--{name} is for one text, and there are several.")
    if values["output"] == "-":
        raise click.UsageError("Several texts cannot go to standard output.")
    if not values["bind"] and _is_file_name(values["output"]):
        raise click.UsageError(
            f"OUT is a folder for several texts, and {values['output']!r} is named like a file;"
            " --bind makes one book of them."
        )
    if values["dask"] and values["jobs"]:
        raise click.UsageError("--jobs is for this machine, --dask for a cluster's workers.")


def _is_file_name(output: str) -> bool:
    """Whether OUT is a file, or would be taken for one: a new folder named like a book."""
    from reader.writers.formats import FORMATS

    path = Path(output)
    suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]
    named = path.suffix.lower() in suffixes and not output.endswith(("/", "\\"))
    return "://" not in output and (path.is_file() or (named and not path.exists()))


def _listed(source: str) -> list[str]:
    """The file names on standard input, one a line, for `-`; otherwise the source itself."""
    if source != STANDARD_INPUT:
        return [source]
    return [line for line in sys.stdin.read().splitlines() if line.strip()]


def _recipe(values: dict[str, Any]) -> Recipe:
    from reader.batch import Recipe
    from reader.writers.formats import find_format

    to = values["to"] or "epub"
    render = render_from(values)
    return Recipe(
        to=to,
        source=source_options_from(values),
        annotate=annotate_from(values, senses="senses" in find_format(to).needs(render)),
        render=render,
        glossary=glossary_from(values),
        config=values["config"],
        repair=values["repair"],
        find_translation=not values["no_translation"],
    )


def _run(batch: Batch, values: dict[str, Any]) -> list[Outcome]:
    failed: list[Outcome] = []
    tally: Counter[str] = Counter()
    outcomes = batch.run(
        jobs=values["jobs"],
        timeout=values["timeout"],
        force=values["force"],
        dask=values["dask"],
    )
    # Closing the iterator, which Ctrl-C does too, stops the workers.
    with closing(outcomes), Bar("building", "texts") as bar:
        for outcome in outcomes:
            tally[outcome.status] += 1
            bar.progress(tally.total(), len(batch))
            if outcome.message:
                failed.append(outcome)
            if values["verbose"]:
                _say(outcome)
    click.echo(", ".join(f"{count} {status}" for status, count in tally.items()), err=True)
    return _reported(failed, values)


def _reported(failed: list[Outcome], values: dict[str, Any]) -> list[Outcome]:
    """The texts that failed, after saying why."""
    for outcome in failed:
        click.echo(f"Error: {outcome.message}", err=True)
        if values["verbose"] and outcome.detail:
            click.echo(outcome.detail, err=True)
    return failed


def _say(outcome: Outcome) -> None:
    if not outcome.message:
        click.echo(f"{outcome.text.output}: {outcome.status}", err=True)
    echo_warnings(outcome.warnings, source=outcome.text.source, verbose=True)


def _bind(sources: list[str], values: dict[str, Any]) -> None:
    from reader.batch import bind

    if values["dask"]:
        raise click.UsageError("--bind makes one book here; it does not go with --dask.")
    if values["to"] not in (None, "epub"):
        raise click.UsageError("--bind makes an EPUB.")
    outcomes = bind(sources, Path(values["output"]), _recipe(values), title=values["title"])
    if _reported([outcome for outcome in outcomes if outcome.message], values):
        raise click.exceptions.Exit(1)
