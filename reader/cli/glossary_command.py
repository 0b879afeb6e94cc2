"""`reader glossary`: look after glossary files."""

from __future__ import annotations

from pathlib import Path

import click


@click.group(name="glossary")
def command() -> None:
    """Look after glossary files."""


@command.command()
@click.argument("file", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(file: tuple[Path, ...]) -> None:
    """Check glossary FILEs: every row that cannot be used, with its line and the reason.

    \b
    Example:
      reader glossary check glossary.csv
    """
    from reader.cli.console import echo
    from reader.errors import GlossaryError
    from reader.glossary import Glossary

    failed = False
    for path in file:
        try:
            glossary = Glossary.load(path)
        except GlossaryError as error:
            echo(str(error), err=True)
            failed = True
            continue
        terms = "term" if len(glossary) == 1 else "terms"
        echo(f"{path}: {len(glossary)} {terms}, no errors")
    if failed:
        raise click.exceptions.Exit(1)
