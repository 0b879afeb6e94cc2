"""`reader check`: what an editor should look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from reader.cli.options import annotate_options, source_options


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
def command(text: Path, fix: Path | None, **values: Any) -> None:
    """List what an editor should look at in TEXT, most doubtful first.

    \b
    Examples:
      reader check article.txt
      reader check article.txt --fix doubts.csv    edit it, then:
      reader build article.txt -o article.epub --glossary doubts.csv
    """
    from reader.annotation.doubts import doubts, rows
    from reader.cli.pipeline import load, report
    from reader.files import replacing

    document = load(text, values, senses=False)
    found = doubts(document)
    for doubt in found:
        click.echo(doubt.line())
        click.echo(f"    {','.join(doubt.row).rstrip(',')}")
    count = f"{len(found)} place{'' if len(found) == 1 else 's'} to look at"
    click.echo(f"{text}: {count}", err=True)
    if fix is not None:
        with replacing(fix) as file:
            file.write(rows(found).encode("utf-8"))
    report(document, text, verbose=values["verbose"])
