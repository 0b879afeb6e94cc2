"""`reader build` of many texts: progress, what failed and why, one book of all."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.cli.console import STANDARD, Bar, echo_warnings
from reader.writers.formats import FORMATS

if TYPE_CHECKING:
    from reader.batch import Batch, Outcome
    from reader.building import Recipe


@dataclass(frozen=True, slots=True)
class ManyOptions:
    """How many texts are built: what decides no byte of any of them."""

    jobs: int | None
    timeout: float | None
    bind: bool
    force: bool
    dask: str | None


def build_many(
    sources: tuple[str, ...], output: str, recipe: Recipe, many: ManyOptions, *, verbose: bool
) -> None:
    from reader.batch import Batch, bind

    _refuse_what_is_for_one(output, recipe, many)
    names = [name for source in sources for name in _listed(source)]
    if many.bind:
        if many.dask:
            raise click.UsageError("--bind makes one book here; it does not go with --dask.")
        if recipe.to not in ("", "epub"):
            raise click.UsageError("--bind makes an EPUB.")
        outcomes = bind(names, Path(output), recipe, title=recipe.source.title)
    else:
        outcomes = _run(Batch.plan(names, output, recipe), many, verbose=verbose)
    failed = [outcome for outcome in outcomes if outcome.message]
    for outcome in failed:
        click.echo(f"Error: {outcome.message}", err=True)
        if verbose and outcome.detail:
            click.echo(outcome.detail, err=True)
    if failed:
        raise click.exceptions.Exit(1)


def _refuse_what_is_for_one(output: str, recipe: Recipe, many: ManyOptions) -> None:
    options = {
        "title": None if many.bind else recipe.source.title,
        "date": recipe.source.date,
        "translation": recipe.translation,
        "pairs": recipe.pairs,
    }
    for name, value in options.items():
        if value:
            raise click.UsageError(f"--{name} is for one text, and there are several.")
    if output == STANDARD:
        raise click.UsageError("Several texts cannot go to standard output.")
    if not many.bind and _is_file_name(output):
        raise click.UsageError(
            f"OUT is a folder for several texts, and {output!r} is named like a file;"
            " --bind makes one book of them."
        )
    if many.dask and many.jobs:
        raise click.UsageError("--jobs is for this machine, --dask for a cluster's workers.")


def _is_file_name(output: str) -> bool:
    """Whether OUT is a file, or would be taken for one: a new folder named like a book."""
    path = Path(output)
    suffixes = [suffix for row in FORMATS.values() for suffix in row.suffixes]
    named = path.suffix.lower() in suffixes and not output.endswith(("/", "\\"))
    return "://" not in output and (path.is_file() or (named and not path.exists()))


def _listed(source: str) -> list[str]:
    """The file names on standard input, one a line, for `-`; otherwise the source itself."""
    if source != STANDARD:
        return [source]
    return [line for line in sys.stdin.read().splitlines() if line.strip()]


def _run(batch: Batch, many: ManyOptions, *, verbose: bool) -> list[Outcome]:
    """The outcomes of all texts, which are counted and shown as they come in."""
    outcomes: list[Outcome] = []
    running = batch.run(jobs=many.jobs, timeout=many.timeout, force=many.force, dask=many.dask)
    # Closing the iterator, which Ctrl-C does too, stops the workers.
    with closing(running), Bar("building", "texts") as bar:
        for outcome in running:
            outcomes.append(outcome)
            bar.progress(len(outcomes), len(batch))
            if verbose:
                if not outcome.message:
                    click.echo(f"{outcome.text.output}: {outcome.status}", err=True)
                echo_warnings(outcome.warnings, outcome.text.source, verbose=True)
    counts = Counter(outcome.status for outcome in outcomes)
    click.echo(", ".join(f"{count} {status}" for status, count in counts.items()), err=True)
    return outcomes
