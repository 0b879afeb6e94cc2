"""`reader align`: a text and its translation as pairs to look at and correct."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from reader.cli.parameters import Number, annotate_options, source_options, with_recipe

if TYPE_CHECKING:
    from reader.building import Recipe
    from reader.model import Document


@click.command(name="align")
@click.argument("text", type=click.Path(path_type=Path))
@click.argument("translation", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="OUT",
    help="Pairs file: .tsv, or .tmx for translation memories; `-` for standard output.",
)
@click.option(
    "--pairs",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Pairs made or corrected before, kept as they are.",
)
@click.option(
    "--cut-off",
    type=Number(0, 1),
    help="Leave out links less sure than this.",
)
@click.option("--scorer", metavar="NAME", help="lexical, length, or an installed plugin.")
@source_options
@annotate_options
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(text: Path, translation: Path, output: str, recipe: Recipe, verbose: bool) -> None:
    """Line TRANSLATION up with TEXT, sentence by sentence, and write the pairs with their scores.

    Correct the file with any editor; `reader build --pairs` takes it back.

    \b
    Examples:
      reader align market.txt market.en.txt -o pairs.tsv
      reader build market.txt -o market.epub --pairs pairs.tsv
    """
    from reader.building import load_translation, read_source
    from reader.cli.console import echo_warnings, open_lexicon, refuse_same_file, source_from

    refuse_same_file(output, text, translation)
    recipe = replace(recipe, translation=translation)
    lexicon = open_lexicon()
    document = read_source(source_from(text, recipe), recipe, lexicon=lexicon).gather()
    loaded = load_translation(text, recipe)
    assert loaded is not None
    document = loaded.aligned(document, recipe, lexicon)
    _write(document, output)
    echo_warnings(document.warnings, text, verbose=verbose)


def _write(document: Document, output: str) -> None:
    from reader.alignment import write_pairs, write_tmx
    from reader.cli.console import STANDARD

    out: BinaryIO | Path = sys.stdout.buffer if output == STANDARD else Path(output)
    if output.lower().endswith(".tmx"):
        write_tmx(document, out)
    else:
        write_pairs(document, out)
