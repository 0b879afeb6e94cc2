"""`reader check`: what an editor should look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.cli.parameters import annotate_options, source_options, with_recipe

if TYPE_CHECKING:
    from reader.building import Recipe

LAYERS = ("words", "readings", "sentences", "notes", "corrections")


@click.command(name="check")
@click.argument("text", type=click.Path(path_type=Path))
@source_options
@annotate_options
@click.option(
    "--fix",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write the glossary rows that would settle the doubts to FILE, to edit.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(text: Path, fix: Path | None, recipe: Recipe, verbose: bool) -> None:
    """List what an editor should look at in TEXT, most doubtful first.

    \b
    Examples:
      reader check article.txt
      reader check article.txt --fix doubts.csv    edit it, then:
      reader build article.txt -o article.epub --glossary doubts.csv
    """
    from reader.annotation.doubts import find_doubts, glossary_rows
    from reader.building import annotate_source
    from reader.cli.console import echo_warnings, open_lexicon, source_from
    from reader.files import replacing

    source = source_from(text, recipe)
    stream = annotate_source(source, recipe, layers=LAYERS, lexicon=open_lexicon())
    document = stream.gather()
    listed = find_doubts(document)
    for doubt in listed:
        click.echo(doubt.line())
        click.echo(f"    {','.join(doubt.row).rstrip(',')}")
    count = f"{len(listed)} place{'' if len(listed) == 1 else 's'} to look at"
    click.echo(f"{text}: {count}", err=True)
    if fix is not None:
        with replacing(fix) as file:
            file.write(glossary_rows(listed).encode("utf-8"))
    echo_warnings(document.warnings, text, verbose=verbose)
