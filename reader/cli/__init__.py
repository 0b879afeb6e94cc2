"""The command line: the only part of the library that prints or exits.

Commands are loaded when they are run, so that `reader --help` answers at once.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from reader import __version__
from reader.errors import ReaderError

# name -> (module that holds the command as `command`, what `reader --help` says of it)
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("reader.cli.build", "Make an EPUB, TEI XML, HTML or JSON of a text."),
    "show": ("reader.cli.show", "Print a text in the terminal, pinyin above the characters."),
    "check": ("reader.cli.check", "List what an editor should look at: doubts and likely slips."),
    "glossary": ("reader.cli.glossary", "Check a glossary file."),
    "align": ("reader.cli.align", "Line a translation up with its text, as pairs to edit."),
    "translate": ("reader.cli.translate", "Have a translation server make a draft translation."),
    "strip": ("reader.cli.strip", "Take this program's annotation out of an EPUB again."),
}

EPILOG = """\b
Examples:
  reader show texts/market.txt
  reader build texts/market.txt -o market.epub
  reader build book.epub -o annotated.epub --notation zhuyin
  reader build corpus/ -o out/ --to epub --jobs 4
"""


class Commands(click.Group):
    """A group whose commands are imported only when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r}.{_suggestion(args[0])}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ReaderError as error:
            raise click.ClickException(str(error)) from error


def _suggestion(word: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, COMMANDS, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


@click.group(cls=Commands, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="reader")
def cli() -> None:
    """Annotated bilingual readers of Chinese texts.

    Every word with its pinyin, its simplified and traditional form and its meaning; hard terms
    explained in notes; the translation beside it: as EPUB, TEI XML, HTML or JSON.
    """


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; exits with 0, 1 (bad input) or 2 (wrong usage)."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show Chinese must not end the work half-way.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        cli.main(args=None if args is None else list(args), prog_name="reader")
    except BrokenPipeError:
        # The reader of our output went away (`reader show … | head`): not an error.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
