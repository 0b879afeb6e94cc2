"""`reader show`: pinyin above the characters, in the terminal."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from reader.cli.options import annotate_options, choice, source_options
from reader.model import Block, Document, Token
from reader.options import Notation, Script

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
@click.option(
    "--notation",
    type=choice(Notation),
    default=Notation.PINYIN.value,
    show_default=True,
    help="How readings are written.",
)
@click.option("--width", type=click.IntRange(min=10), help="Columns; the terminal's if not given.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
def command(text: str, **values: Any) -> None:
    """Print TEXT with its pinyin above the characters, wrapped to the terminal.

    TEXT is a file, `-` for standard input, or Chinese text itself.

    \b
    Examples:
      reader show texts/market.txt
      reader show 他在重慶的銀行工作。
      pbpaste | reader show - --notation zhuyin
    """
    from reader.cli.pipeline import load, report

    document = load(_source(text), values, senses=False)
    width = values["width"] or shutil.get_terminal_size().columns
    for line in lines(document, Script(values["script"]), Notation(values["notation"]), width):
        click.echo(line)
    report(document, text, verbose=values["verbose"])


def _source(text: str) -> str | Path:
    """A path, unless no such file exists and the words are Chinese themselves."""
    if not text.strip():
        raise click.BadParameter("there is nothing to show.", param_hint="TEXT")
    # os.path, unlike pathlib, takes a text too long for a file name as no file.
    if text == "-" or os.path.exists(text) or not any("㐀" <= c <= "鿿" for c in text):
        return Path(text)
    return Path(text) if Path(text).suffix and len(text) < 80 else text


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
    """One cell for each token; a mark stands in the cell of the word before it."""
    held: Cell | None = None
    for token in block.tokens:
        lower = shown(token, script)
        upper = reading(token, notation)
        if held is not None and not upper and unicodedata.category(lower[0])[0] == "P":
            held = held[0], held[1] + lower
            continue
        if held is not None:
            yield held
        held = upper, lower
    if held is not None:
        yield held


def shown(token: Token, script: Script) -> str:
    if script is Script.SIMPLIFIED:
        return token.simplified
    return token.traditional if script is Script.TRADITIONAL else token.text


def reading(token: Token, notation: Notation) -> str:
    from reader.pinyin import render_word

    if token.reading is None:
        return ""
    breaks = token.reading.breaks
    return render_word(token.reading.syllables, notation, breaks=breaks, capital=token.proper)


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
