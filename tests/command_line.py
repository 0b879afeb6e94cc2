"""The command line as tests run it: in this process, or in one of its own; and Python afresh."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from reader.cli import cli

COMMAND = (sys.executable, "-m", "reader")
"""What begins a command in a process of its own."""


def run(*args: str | Path, input: bytes | str | None = None) -> Result:
    """What `reader` does and says, in this process."""
    return CliRunner().invoke(cli, [str(arg) for arg in args], input=input)


def run_well(*args: str | Path) -> Result:
    """The same of a command that must not fail."""
    done = run(*args)
    assert done.exit_code == 0, done.output
    return done


def said_by(code: str, *args: str | Path) -> str:
    """What a program prints, in a Python that has imported nothing yet."""
    command = [sys.executable, "-c", code, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
