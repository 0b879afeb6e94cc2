"""How the command line speaks of losses and doubts."""

from __future__ import annotations

from collections.abc import Iterable

import click

from reader.model import DocumentWarning

SHOWN = 5


def echo_warnings(
    warnings: Iterable[DocumentWarning], *, source: str, verbose: bool = False
) -> None:
    """Print warnings to stderr: the first few, or all with `verbose`."""
    found = list(warnings)
    for warning in found if verbose else found[:SHOWN]:
        place = source if warning.line is None else f"{source}:{warning.line}"
        click.echo(f"{place}: warning: {warning.message}", err=True)
    if not verbose and len(found) > SHOWN:
        click.echo(f"{source}: {len(found) - SHOWN} more warnings; -v shows them all", err=True)
