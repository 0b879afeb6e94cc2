"""`reader serve`: the local page, where a text is pasted, looked at, settled and downloaded."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

import click

from reader.cli.parameters import LEARNERS, learner_of, recipe_of
from reader.errors import OptionError

if TYPE_CHECKING:
    from reader.building import Recipe
    from reader.learner import Learner

INSTALL = "pip install 'annotated-reader[web]'"
LEFT_OUT = {"sources", "output", "to", "jobs", "timeout", "bind", "force", "dask", "verbose"}
"""What a page has no use for."""


@click.command(name="serve")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port; a free one if 0.")
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
def command(file: Path | None, port: int, no_open: bool) -> None:
    """Open a page in the browser to make books on: paste a text or drop a file, see the book as it
    will be, settle what is doubtful by a click, download it.

    The page is served on this machine, to this machine alone, and ends with the command (Ctrl-C).
    Nothing leaves the machine, and nothing is kept.

    \b
    Examples:
      reader serve
      reader serve article.txt --port 8765
    """
    from reader.cli.console import echo, open_lexicon

    try:
        import uvicorn

        from reader.web.app import make_app
    except ImportError as error:
        raise click.ClickException(f"this needs the extra `web`: {INSTALL}") from error
    lexicon = open_lexicon()
    token = token_urlsafe(18)
    listening = _listening(port)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/{token}/"
    app = make_app(BuildLine(), lexicon, token, first=file)
    config = uvicorn.Config(app, log_level="warning", server_header=False, ws="none")
    echo(f"Open {address}\nCtrl-C ends it.", err=True)
    if not no_open:
        import webbrowser

        webbrowser.open(address)
    server = uvicorn.Server(config)
    if hasattr(signal, "SIGHUP"):
        # It ends with the terminal, as it does by Ctrl-C.
        signal.signal(signal.SIGHUP, server.handle_exit)
    server.run(sockets=[listening])


def _listening(port: int) -> socket.socket:
    """A socket on this machine alone."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        # From now on who asks waits: the browser may be faster than the server.
        listening.listen(100)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise click.ClickException(f"port {port}: {reason}") from error
    return listening


class BuildLine:
    """What the command line knows of options, for the page (`reader.web.workshop.CommandLine`)."""

    def __init__(self) -> None:
        self._options = [
            _described(parameter)
            for parameter in _command("build").params
            if isinstance(parameter, click.Option)
            and parameter.name not in LEFT_OUT
            and not parameter.hidden
            and not parameter.multiple
            and not isinstance(parameter.type, click.Path)
        ]

    def options(self) -> list[dict[str, Any]]:
        """The options of `reader build` that a form can ask."""
        return self._options

    def recipe(self, arguments: Sequence[str]) -> Recipe:
        """What the arguments stand for, as the command itself takes them."""
        with _refusals():
            return recipe_of(self._values(arguments))

    def learner(self, arguments: Sequence[str]) -> Learner:
        """Who reads, as the arguments say it."""
        with _refusals():
            values = self._values(arguments)
            return learner_of(*(values[name] for name in LEARNERS))

    def _values(self, arguments: Sequence[str]) -> dict[str, Any]:
        # The names stand for a source and an output: click asks for some.
        given = ["text.txt", "-o", "text.epub", *arguments]
        with _command("build").make_context("build", given) as context:
            values = dict(context.params)
        return {name: value for name, value in values.items() if name not in LEFT_OUT}

    def flags(self, command: str) -> frozenset[str]:
        """The options that a command takes, as they are written."""
        return frozenset(flag for option in _command(command).params for flag in option.opts)

    def run(self, command: str, arguments: Sequence[str]) -> None:
        """Run another command, in this process; what it tells of paths here is for nobody."""
        with _refusals(), redirect_stderr(StringIO()):
            _command(command).main(list(arguments), standalone_mode=False)


@contextmanager
def _refusals() -> Iterator[None]:
    """What the command line refuses, as whoever asks the library is told."""
    try:
        yield
    except click.ClickException as error:
        raise OptionError(error.format_message()) from error


def _command(name: str) -> click.Command:
    from reader.cli import cli

    found = cli.get_command(click.Context(cli), name)
    if found is None:
        raise OptionError(f"there is no command {name!r}")
    return found


def _described(option: click.Option) -> dict[str, Any]:
    values = list(option.type.choices) if isinstance(option.type, click.Choice) else []
    kind = "number" if isinstance(option.type, click.IntRange | click.FloatRange) else "text"
    return {
        "name": option.name,
        "flag": option.opts[-1],
        "kind": "flag" if option.is_flag else "choice" if values else kind,
        "values": values,
        "default": option.default if isinstance(option.default, str | int | float) else None,
        "help": option.help or "",
    }
