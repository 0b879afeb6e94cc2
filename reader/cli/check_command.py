"""`reader check`: what an editor should look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.cli.parameters import Number, annotate_options, source_options, with_recipe

if TYPE_CHECKING:
    from reader.building import Recipe


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
@click.option(
    "--below",
    type=Number(min=0, max=100),
    default=90,
    show_default=True,
    metavar="PERCENT",
    help="Show what is less sure than this.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(
    text: Path, fix: Path | None, below: float, as_json: bool, recipe: Recipe, verbose: bool
) -> None:
    """List what an editor should look at in TEXT, most doubtful first.

    Readings, names and cuts that may be wrong, each with the glossary row that says what was
    chosen; and likely slips of a Traditional text. A person is listed once, wherever they are
    named. Each line says the kind, the text, what was chosen and what else it may be, how likely
    the choice is right, in how many places it stands (×3), and where. In the row below it the
    pinyin says how the words are read, capitals that they are a name, and `words` where they are
    cut.

    \b
    Examples:
      reader check article.txt
      reader check article.txt --json
      reader check article.txt --fix doubts.csv    edit it, then:
      reader build article.txt -o article.epub --glossary doubts.csv
    """
    from reader.annotation.doubts import (
        DOUBTED_LAYERS,
        csv_line,
        doubts_json,
        find_doubts,
        glossary_rows,
    )
    from reader.building import annotate_source
    from reader.cli.console import (
        echo,
        echo_warnings,
        open_lexicon,
        refuse_same_file,
        source_from,
        spare_the_collector,
    )
    from reader.files import replacing

    if fix is not None:
        refuse_same_file(fix, text)
    lexicon = open_lexicon()
    spare_the_collector()
    stream = annotate_source(
        source_from(text, recipe), recipe, layers=DOUBTED_LAYERS, lexicon=lexicon
    )
    document = stream.gather()
    listed = find_doubts(
        document,
        lexicon=lexicon,
        glossary=recipe.glossary,
        options=recipe.annotate,
        below=below / 100,
    )
    if as_json:
        echo(doubts_json(listed), nl=False)
    else:
        lines = []
        for doubt in listed:
            lines.append(f"{doubt.line()}\n")
            if doubt.row:
                lines.append(f"    {csv_line(doubt.row)}")
        echo("".join(lines), nl=False)
    count = f"{len(listed)} thing{'' if len(listed) == 1 else 's'} to look at"
    echo(f"{text}: {count}", err=True)
    if fix is not None:
        with replacing(fix) as file:
            file.write(glossary_rows(listed).encode("utf-8"))
    echo_warnings(document.warnings, text, verbose=verbose)
