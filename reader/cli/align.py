"""`reader align`: a text and its translation as pairs to look at and correct."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, BinaryIO

import click

from reader.cli.options import annotate_options, source_options


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
    type=click.FloatRange(0, 1),
    help="Leave out links less sure than this.",
)
@click.option("--scorer", metavar="NAME", help="lexical, length, or an installed plugin.")
@source_options
@annotate_options
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
def command(text: Path, translation: Path, output: str, **values: Any) -> None:
    """Line TRANSLATION up with TEXT, sentence by sentence, and write the pairs with their scores.

    Correct the file with any editor; `reader build --pairs` takes it back.

    \b
    Examples:
      reader align market.txt market.en.txt -o pairs.tsv
      reader build market.txt -o market.epub --pairs pairs.tsv
    """
    from reader.alignment import align
    from reader.cli.bilingual import read_pairs, read_translation
    from reader.cli.pipeline import glossary_from, prepare, read_source, report

    document = prepare(read_source(text, values), values)
    pairs = read_pairs(values["pairs"]) if values["pairs"] is not None else ()
    document = align(
        document,
        read_translation(translation),
        anchors=pairs,
        glossary=glossary_from(values),
        options=_options(values),
    )
    _write(document, output)
    report(document, text, verbose=values["verbose"])


def _options(values: dict[str, Any]) -> Any:
    from reader.alignment.options import AlignOptions

    given = {name: values[name] for name in ("cut_off", "scorer") if values[name] is not None}
    return AlignOptions(**given)


def _write(document: Any, output: str) -> None:
    from reader.alignment import pairs, tmx

    out: BinaryIO | Path = sys.stdout.buffer if output == "-" else Path(output)
    if output.lower().endswith(".tmx"):
        tmx.write_tmx(document, out)
    else:
        pairs.write_pairs(document, out)
