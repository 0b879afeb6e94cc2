"""`reader build`: a book, TEI, a web page or JSON of one text, or of many."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from reader.cli.console import (
    STANDARD,
    Bar,
    echo,
    echo_warnings,
    open_lexicon,
    refuse_same_file,
    say_compiling,
    source_from,
    spare_the_collector,
    standard_input,
)
from reader.cli.parameters import (
    FormatName,
    Number,
    annotate_options,
    book_options,
    render_options,
    source_options,
    translation_options,
    with_recipe,
)
from reader.errors import WriteError
from reader.options import LONGEST_WAIT
from reader.writers.formats import FORMATS, format_of

if TYPE_CHECKING:
    from reader.batch import Batch, Outcome
    from reader.building import BuildReport, Recipe


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
        open_lexicon()
        outcomes = bind(names, Path(output), recipe, title=recipe.source.title)
    else:
        outcomes = _run(Batch.plan(names, output, recipe), many, verbose=verbose)
    failed = [outcome for outcome in outcomes if outcome.message]
    for outcome in failed:
        echo(f"Error: {outcome.message}", err=True)
        if verbose and outcome.detail:
            echo(outcome.detail, err=True)
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
    return [os.fsdecode(line) for line in standard_input().splitlines() if line.strip()]


def _run(batch: Batch, many: ManyOptions, *, verbose: bool) -> list[Outcome]:
    """The outcomes of all texts, which are counted and shown as they come in."""
    outcomes: list[Outcome] = []
    running = batch.run(
        jobs=many.jobs,
        timeout=many.timeout,
        force=many.force,
        dask=many.dask,
        compiling=say_compiling,
    )
    # Closing the iterator, which Ctrl-C does too, stops the workers.
    with closing(running), Bar("building", "texts") as bar:
        for outcome in running:
            outcomes.append(outcome)
            bar.progress(len(outcomes), len(batch))
            if verbose:
                if not outcome.message:
                    echo(f"{outcome.text.output}: {outcome.status}", err=True)
                echo_warnings(outcome.warnings, outcome.text.source, verbose=True)
    counts = Counter(outcome.status for outcome in outcomes)
    echo(", ".join(f"{count} {status}" for status, count in counts.items()), err=True)
    return outcomes


@click.command(name="build")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", required=True, metavar="OUT", help="File, or folder for many.")
@click.option("--to", type=FormatName(), help="Format; OUT's suffix if not given.")
@source_options
@annotate_options
@render_options
@translation_options
@book_options
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; as many as cores if not given.",
)
@click.option("--timeout", type=Number(0, LONGEST_WAIT), metavar="S", help="Seconds for a text.")
@click.option("--bind", is_flag=True, help="One EPUB, with a chapter for each text.")
@click.option("--force", is_flag=True, help="Build again what has not changed.")
@click.option("--dask", metavar="URL", help="Use the Dask scheduler at this address.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(
    sources: tuple[str, ...],
    output: str,
    recipe: Recipe,
    jobs: int | None,
    timeout: float | None,
    bind: bool,
    force: bool,
    dask: str | None,
    verbose: bool,
) -> None:
    """Make a book, TEI XML, a web page or JSON of SOURCE.

    SOURCE is a text (.txt .md .html .docx .xml .json), an EPUB, which is annotated in place, a
    folder or a glob; `-` is standard input (as SOURCE: texts; with a folder as OUT: a list of
    files) or standard output (as OUT, with --to).

    \b
    Examples:
      reader build article.txt -o article.epub
      reader build article.txt -o article.xml --script both
      reader build article.txt -o article.epub --translation english.txt --layout columns
      reader build book.epub -o annotated.epub --notation zhuyin
      reader build corpus/ -o out/ --to epub --jobs 4
      cat article.txt | reader build - -o - --to html > article.html
    """
    many = ManyOptions(jobs, timeout, bind, force, dask)
    if _are_many(sources, output, many):
        build_many(sources, output, recipe, many, verbose=verbose)
    else:
        _build_one(Path(sources[0]), output, recipe, jobs=jobs or 1, verbose=verbose)


def _are_many(sources: tuple[str, ...], output: str, many: ManyOptions) -> bool:
    """Whether several texts are built; a folder as OUT says so even of one SOURCE."""
    return bool(
        len(sources) > 1
        or many.bind
        or many.dask
        or output.endswith(("/", "\\"))
        or "://" in output
        or (output != STANDARD and Path(output).is_dir())
        or Path(sources[0]).is_dir()
        or (any(c in sources[0] for c in "*?[") and not Path(sources[0]).exists())
    )


def _build_one(source: Path, output: str, recipe: Recipe, *, jobs: int, verbose: bool) -> None:
    from reader.building import build, is_book

    if not recipe.to:
        if output == STANDARD:
            raise click.UsageError("Standard output has no suffix: name the format with --to.")
        recipe = replace(recipe, to=format_of(output))
    refuse_same_file(output, source)
    if is_book(source, recipe.to):
        _refuse_what_books_do_not_take(recipe, output)
    spare_the_collector()
    with Bar(source.name) as bar:
        report = build(
            source_from(source, recipe),
            _target(output),
            recipe,
            lexicon=open_lexicon(),
            jobs=jobs,
            progress=bar.progress,
        )
    echo_warnings(report.warnings, source, verbose=verbose)
    if verbose:
        echo(_made(report, source, output), err=True)


def _made(report: BuildReport, source: Path, output: str) -> str:
    """What was made, in a line."""
    if report.book is None:
        translated = ", with its translation" if report.translated else ""
        return f"{output}: {report.characters:,} characters{translated}"
    book = report.book
    done = f"{book.annotated} of {book.documents} documents, {book.words:,} words"
    return f"{source}: {done}, {book.terms} glossary terms ({book.language})"


def _refuse_what_books_do_not_take(recipe: Recipe, output: str) -> None:
    """Options that would change a book's text or metadata are refused, not ignored."""
    options = {
        "title": recipe.source.title,
        "author": recipe.source.authors,
        "date": recipe.source.date,
        "config": recipe.config,
        "repair": recipe.repair,
    }
    for name, value in options.items():
        if value:
            raise click.UsageError(f"--{name} does not go with a book annotated in place.")
    if recipe.pairs and not recipe.translation:
        raise click.UsageError("--pairs of a book goes with its --translation.")
    if output == STANDARD:
        raise click.UsageError("A book annotated in place cannot go to standard output.")


def _target(output: str) -> str | BinaryIO:
    if output != STANDARD:
        return output
    if sys.stdout is None:
        raise WriteError("is closed", path="standard output")
    return sys.stdout.buffer
