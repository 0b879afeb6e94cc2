"""`reader show`: pinyin above the characters, in the terminal."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.cli.parameters import (
    annotate_options,
    notation_option,
    source_options,
    with_recipe,
)
from reader.errors import printable
from reader.model import Block, Document, Token
from reader.options import Notation, Script

if TYPE_CHECKING:
    from reader.building import Recipe

_OPENING = ("Ps", "Pi")
"""Unicode's categories of brackets and quotation marks that open."""

Cell = tuple[str, str]
"""What stands above, and the text below it."""


@click.command(name="show")
@click.argument("text")
@source_options
@annotate_options
@click.option(
    "--script",
    type=click.Choice([Script.AS_IS.value, Script.SIMPLIFIED.value, Script.TRADITIONAL.value]),
    default=Script.AS_IS.value,
    show_default=True,
    help="Script to show.",
)
@notation_option
@click.option("--width", type=click.IntRange(min=10), help="Columns; the terminal's if not given.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(text: str, width: int | None, recipe: Recipe, verbose: bool) -> None:
    """Print TEXT with its pinyin above the characters, wrapped to the terminal.

    TEXT is a file, `-` for standard input, or Chinese text itself.

    \b
    Examples:
      reader show texts/market.txt
      reader show 他在重慶的銀行工作。
      pbpaste | reader show - --notation zhuyin
    """
    from reader.building import annotate_source
    from reader.cli.console import echo, echo_warnings, open_lexicon

    layers = ["words", "readings", "corrections"]
    if recipe.render.script is not Script.AS_IS:
        layers.append("scripts")
    stream = annotate_source(_source(text, recipe), recipe, layers=layers, lexicon=open_lexicon())
    document = stream.gather()
    columns = width or shutil.get_terminal_size().columns
    for line in lines(document, recipe.render.script, recipe.render.notation, columns):
        echo(line)
    echo_warnings(document.warnings, text, verbose=verbose)


def _source(text: str, recipe: Recipe) -> Path | Document:
    """A file or standard input, unless no such file exists and the words are Chinese."""
    from reader.cli.console import STANDARD, source_from
    from reader.sources import read_text

    if not text.strip():
        raise click.BadParameter("there is nothing to show.", param_hint="TEXT")
    chinese = any("㐀" <= c <= "鿿" for c in text)
    # os.path, unlike pathlib, takes a text too long for a file name as no file.
    if text == STANDARD or os.path.exists(text) or not chinese:
        return source_from(Path(text), recipe)
    # A name with a suffix is more likely mistyped than shown.
    if Path(text).suffix and len(text) < 80:
        return Path(text)
    return read_text(text, options=recipe.source)


def lines(document: Document, script: Script, notation: Notation, width: int) -> Iterator[str]:
    """The document as lines of at most `width` columns, readings and text in turns."""
    for block in document.blocks:
        for row in wrap(list(cells(block, script, notation)), width):
            above = "".join(pad(upper, columns(upper, lower)) for upper, lower in row)
            if above.strip():
                yield above.rstrip()
            yield "".join(pad(lower, columns(upper, lower)) for upper, lower in row).rstrip()
        yield ""


def cells(block: Block, script: Script, notation: Notation) -> Iterator[Cell]:
    """One cell for each word; a stop stands in that of the word before, what opens in the next."""
    waiting: Cell | None = None
    opening = ""
    for token in block.tokens:
        lower = shown(token, script)
        upper = token.spelled(notation)
        category = "" if upper else unicodedata.category(lower[0])
        if category in _OPENING:
            opening += lower
            continue
        if waiting is not None and not opening and category[:1] == "P":
            waiting = waiting[0], waiting[1] + lower
            continue
        if waiting is not None:
            yield waiting
        # The reading stands above its word, not above the mark before it.
        waiting = pad("", display_width(opening)) + upper if upper else "", opening + lower
        opening = ""
    if waiting is not None:
        yield waiting[0], waiting[1] + opening
    elif opening:
        yield "", opening


def shown(token: Token, script: Script) -> str:
    """The token's text as it is printed, which is as wide as it looks."""
    if script is Script.SIMPLIFIED:
        return printable(token.simplified)
    return printable(token.traditional if script is Script.TRADITIONAL else token.text)


def wrap(row: list[Cell], width: int) -> Iterator[list[Cell]]:
    line: list[Cell] = []
    used = 0
    for cell in row:
        needed = columns(*cell)
        if line and used + needed > width:
            yield line
            line, used = [], 0
        line.append(cell)
        used += needed
    if line:
        yield line


def columns(upper: str, lower: str) -> int:
    """Width of a cell: readings never touch, so one with a reading ends in a space."""
    return max(display_width(upper) + 1 if upper else 0, display_width(lower))


def pad(text: str, width: int) -> str:
    return text + " " * (width - display_width(text))


def display_width(text: str) -> int:
    """Terminal columns, by East Asian Width (UAX #11); combining marks take none."""
    return sum(
        0
        if unicodedata.combining(c) or unicodedata.category(c) in {"Mn", "Me", "Cf"}
        else 2
        if unicodedata.east_asian_width(c) in "WF"
        else 1
        for c in text
    )
