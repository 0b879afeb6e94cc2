"""`reader pack`: the teacher's sheets of a text, and their keys."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.cli.parameters import (
    annotate_options,
    choice,
    learner_of,
    learner_options,
    notation_option,
    source_options,
    with_recipe,
)
from reader.options import LabelLanguage, Notation

if TYPE_CHECKING:
    from reader.building import Recipe

LAYERS = ("words", "readings", "senses", "sentences", "corrections")


@click.command(name="pack")
@click.argument("text")
@click.option("-o", "--output", required=True, metavar="FOLDER", help="Where the sheets go.")
@learner_options
@click.option("--seed", type=int, default=1, show_default=True, help="Another seed, other sheets.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.option("--pdf", is_flag=True, help="PDF too, by Chromium, Chrome or Edge.")
@notation_option
@click.option(
    "--labels",
    type=choice(LabelLanguage),
    default=LabelLanguage.EN.value,
    show_default=True,
    help="Language of headings and instructions.",
)
@source_options
@annotate_options
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(
    text: str,
    output: str,
    level: str | None,
    known: tuple[Path, ...],
    scheme: str,
    seed: int,
    paper: str,
    pdf: bool,
    notation: str,
    labels: str,
    recipe: Recipe,
    verbose: bool,
) -> None:
    """Make sheets for a class of TEXT, with keys: pages to print, and PDF with --pdf.

    What to teach before reading, how hard the text is, the text with numbered lines and the same
    annotated, gaps to fill, words to match, tones to mark, sentences to put in order. The same
    --seed gives the same sheets.

    \b
    Examples:
      reader pack article.txt -o pack/ --level 4
      reader pack article.txt -o pack/ --level 4 --known class.txt --seed 2 --pdf
    """
    from reader.building import annotate_source
    from reader.cli.console import echo, echo_warnings, open_lexicon, source_from
    from reader.options import RenderOptions
    from reader.pack import Pack, write_pack

    learner = learner_of(level, known, scheme)
    source = source_from(Path(text), recipe)
    stream = annotate_source(source, recipe, layers=LAYERS, lexicon=open_lexicon())
    pack = Pack.of(stream.gather(), learner, seed=seed, name=text)
    options = RenderOptions(notation=Notation(notation), labels=LabelLanguage(labels))
    written = write_pack(pack, output, options, paper=paper, pdf=pdf)
    echo(f"{output}: {len(written)} files", err=True)
    for name in pack.left_out:
        echo(f"{output}: no {name}: the text has not enough for it", err=True)
    echo_warnings(stream.warnings, text, verbose=verbose)
