"""`reader words`: the words of a text to learn, as a table, for Pleco or for Anki."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from reader.cli.parameters import (
    annotate_options,
    choice,
    learner_of,
    learner_options,
    notation_option,
    source_options,
    translation_options,
    with_recipe,
)
from reader.learner.word_lists import ListOrder

if TYPE_CHECKING:
    from reader.building import Recipe
    from reader.model import Document

LAYERS = ("words", "readings", "senses", "scripts", "sentences", "notes", "corrections")


@click.command(name="words")
@click.argument("text")
@click.option("-o", "--output", required=True, metavar="OUT", help=".tsv .csv .txt or .apkg file.")
@learner_options
@click.option(
    "--by",
    type=choice(ListOrder),
    default=ListOrder.COVERAGE.value,
    show_default=True,
    help="First what the text has most often, as it has them, or what Chinese has most often.",
)
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="The first N words.")
@notation_option
@source_options
@annotate_options
@translation_options
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(
    text: str,
    output: str,
    level: str | None,
    known: tuple[Path, ...],
    scheme: str,
    by: str,
    limit: int | None,
    notation: str,
    recipe: Recipe,
    verbose: bool,
) -> None:
    """Make a list of the words of TEXT that are above --level and not in --known.

    Each has both scripts, reading, meaning, level, and the sentence of its first use with its
    translation where there is one. OUT's suffix says for what: .tsv is text that Anki imports,
    .apkg an Anki deck, .txt Pleco's flashcards, .csv a table. Names are left out, and compounds
    that are clear from parts that are known. Importing a list again into Anki adds nothing, and
    mends what was there.

    \b
    Examples:
      reader words article.txt -o words.tsv --level 4
      reader words article.txt -o words.apkg --level 4 --known known.txt --limit 40
      reader words article.txt -o words.txt --by text
    """
    from reader.cli.console import echo, echo_warnings, refuse_same_file
    from reader.learner import WordList
    from reader.learner.word_list_formats import WORD_LISTS, write_words

    if PurePath(output).suffix.lower() not in WORD_LISTS:
        rows = ", ".join(f"{row.suffix} ({row.title})" for row in WORD_LISTS.values())
        raise click.BadParameter(f"{output!r} has none of the suffixes {rows}.", param_hint="OUT")
    refuse_same_file(output, text, *known)
    learner = learner_of(level, known, scheme)
    document = _annotated(Path(text), recipe)
    listed = WordList.of(document, learner, by=by, limit=limit, notation=notation)
    write_words(listed, output, made=_made())
    words = "1 word" if len(listed.words) == 1 else f"{len(listed.words):,} words"
    left_out = f"; left out: {listed.left_out:,} clear from their parts" if listed.left_out else ""
    echo(f"{output}: {words}{left_out}", err=True)
    echo_warnings(document.warnings, text, verbose=verbose)


def _annotated(source: Path, recipe: Recipe) -> Document:
    """The text, with its translation beside it where there is one."""
    from reader.building import annotate_source, load_translation
    from reader.cli.console import open_lexicon, source_from

    lexicon = open_lexicon()
    translation = load_translation(source, recipe)
    read = source_from(source, recipe)
    document = annotate_source(read, recipe, layers=LAYERS, lexicon=lexicon).gather()
    return document if translation is None else translation.aligned(document, recipe, lexicon)


def _made() -> float:
    """The time of the newest file that a list is made of; `SOURCE_DATE_EPOCH` if that is given.

    The same files give the same bytes, and a gloss mended since is newer than the card imported.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return float(given) if given.isdecimal() else max(_times())


def _times() -> Iterator[float]:
    import reader

    options = click.get_current_context().params.items()
    values = [value for name, value in options if name != "output"]
    for value in (reader.__file__, *values):
        for path in value if isinstance(value, tuple) else (value,):
            if isinstance(path, str | os.PathLike) and os.path.isfile(path):
                yield os.stat(path).st_mtime
