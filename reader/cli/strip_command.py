"""`reader strip`: an annotated EPUB as it was before."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(name="strip")
@click.argument("book", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="The book as it was.",
)
def command(book: Path, output: Path) -> None:
    """Take this program's annotation out of BOOK again.

    \b
    Example:
      reader strip annotated.epub -o book.epub
    """
    from reader.inplace import strip_book

    strip_book(book, output)
