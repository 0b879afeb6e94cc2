"""What other packages add, found by name: sources, layers, writers, scorers, translators.

An installed package offers something by an entry point (`importlib.metadata`) of one of the groups
below. Nothing is looked up, and no code from outside runs, until something is named that the
library itself does not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from reader.errors import OptionError

__all__ = ["Group", "find", "installed", "load"]


class Group(StrEnum):
    """The entry point groups; the name in the group is what a user names."""

    SOURCE = "annotated_reader.sources"
    """Named by suffix, `.rtf`: `read(data, *, path, options) -> Document`."""
    LAYER = "annotated_reader.layers"
    WRITER = "annotated_reader.writers"
    SCORER = "annotated_reader.scorers"
    """`make() -> reader.alignment.Scorer`."""
    TRANSLATOR = "annotated_reader.translators"
    """`make(**settings) -> reader.translation.Translator`."""


def load(group: Group, name: str, *, built_in: Iterable[str] = ()) -> Any:
    """The object installed under `name`.

    Raises `OptionError` where there is none, naming what there is, `built_in` first, and where it
    fails to load.
    """
    plugin = find(group, name)
    if plugin is None:
        names = ", ".join([*built_in, *installed(group)])
        there_are = f"there are {names}" if names else "none is installed"
        raise OptionError(f"there is no {group.name.lower()} {name!r}: {there_are}")
    return plugin


def find(group: Group, name: str) -> Any | None:
    """The object installed under `name`, or None. Raises `OptionError` where it fails to load."""
    # Imported here: it takes as long as the rest of a start, and most runs name no plugin.
    from importlib.metadata import entry_points

    for point in entry_points(group=group, name=name):
        try:
            return point.load()
        except Exception as error:  # whatever the code of strangers raises when it is imported
            raise OptionError(
                f"the {group.name.lower()} {name!r} ({point.value}) cannot be loaded: "
                f"{type(error).__name__}: {error}"
            ) from error
    return None


def installed(group: Group) -> list[str]:
    """The names that other packages offer in a group; none of them is loaded."""
    from importlib.metadata import entry_points

    return sorted({point.name for point in entry_points(group=group)})
