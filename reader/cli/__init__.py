"""The command line: the only part of the library that prints or exits.

Commands are loaded when they are run, so that `reader --help` answers at once.
"""

from __future__ import annotations

import atexit
import importlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from errno import ENOENT
from types import FrameType, TracebackType
from typing import Any

import click

from reader._version import __version__
from reader.cli.console import echo
from reader.errors import ReaderError, printable

# What `reader --help` says of each; the module `reader.cli.NAME_command` holds it as `command`.
COMMANDS: dict[str, str] = {
    "build": "Make an EPUB, TEI XML, HTML or JSON of a text.",
    "show": "Print a text in the terminal, pinyin above the characters.",
    "level": "Say how hard texts are, and for whom.",
    "words": "List the words of a text to learn, for Anki or Pleco.",
    "pack": "Make sheets of a text for a class, with keys.",
    "check": "List what an editor should look at: doubts and likely slips.",
    "glossary": "Check a glossary file.",
    "align": "Line a translation up with its text, as pairs to edit.",
    "translate": "Have a translation server make a draft translation.",
    "serve": "Open a page to paste a text, settle its doubts, and download the book.",
    "strip": "Take this program's annotation out of an EPUB again.",
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
        command = importlib.import_module(f"reader.cli.{cmd_name}_command").command
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
            formatter.write_dl(list(COMMANDS.items()))

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with _printable_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _printable_errors():
                result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
            return result
        except ReaderError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:
            # The reader of our output went away (`reader show … | head`): not an error.
            _discard_output()
            raise click.exceptions.Exit(0) from None
        except MemoryError as error:
            raise click.ClickException("there is not enough memory for this") from error
        except OSError as error:
            # What no part of the library could name better: a name too long, a full disk.
            if error.filename is None:
                _discard_output()
            raise click.ClickException(_message(error)) from error


@contextmanager
def _printable_errors() -> Iterator[None]:
    """What click says of wrong usage repeats what was given, and click prints that itself."""
    try:
        yield
    except click.ClickException as error:
        error.__dict__["message"] = printable(error.message)  # final, in the eyes of types
        raise


def _message(error: OSError) -> str:
    """The one message for a failure of the system; without a file it is of what we print to, or of
    the folder that we are in, which was removed."""
    here = "the current folder" if error.errno == ENOENT else "standard output"
    name = here if error.filename is None else os.fsdecode(error.filename)
    return str(ReaderError((error.strerror or str(error)).lower(), path=name))


def _discard_output() -> None:
    """What is still held for a place that takes no more is dropped, not tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
    sys.excepthook = _show_fault
    _end_in_order()
    try:
        if not COMMANDS.keys().isdisjoint((sys.argv[1:] if args is None else args)[:1]):
            _note_missing_core()
        cli.main(args=None if args is None else list(args), prog_name="reader")
    except OSError as error:  # of what click itself prints: help, messages
        _discard_output()
        sys.exit(f"Error: {_message(error)}")
    except SystemExit as end:
        if args is None and not end.code:
            _exit_at_once()
        raise


def _end_in_order() -> None:
    """Let what ends the process from outside end it as the user's interrupt does.

    Half-written outputs are removed and workers ended on the way. What was set to be ignored
    (`nohup`) stays ignored; a second signal ends the process at once.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)
    raise SystemExit(128 + number)


def _show_fault(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """The traceback of a fault of the program itself, which may repeat what it was given."""
    from traceback import format_exception

    echo("".join(format_exception(kind, error, trace)), err=True, nl=False)


def _note_missing_core() -> None:
    """Say that there is no compiled core in use; `reader --help` does without loading it.

    An installation without one says so once, whoever sets `READER_PURE` is told each time.
    """
    from reader.core import COMPILED

    if COMPILED:
        return
    asked = os.environ.get("READER_PURE")
    if asked or _is_first_time("without-core"):
        reason = "READER_PURE is set" if asked else "it was not compiled at installation"
        note = f"Note: without the compiled core ({reason}) this takes several times as long."
        echo(note, err=True)


def _is_first_time(name: str) -> bool:
    """Whether this version has not noted `name` in the user's cache yet; it has then."""
    from reader._version import __version__
    from reader.files import cache_folder, make_cache_folder

    mark = cache_folder() / f"{name}-{__version__}"
    with suppress(OSError):
        if mark.exists():
            return False
        make_cache_folder(mark.parent)
        mark.touch()
    return True


def _exit_at_once() -> None:
    """End the process at once, all being done and written.

    The interpreter would first take everything apart, piece by piece: a tenth of a book's time.
    """
    if threading.active_count() > 1:
        return
    atexit._run_exitfuncs()
    with suppress(OSError):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(0)
