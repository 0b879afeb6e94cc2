"""What a caller may say of a source that the source does not say, or says wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

__all__ = ["SourceChoices", "SourceOptions"]


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """How to read a source. Every source takes all of them and uses those that concern it."""

    encoding: str | None = None
    """Python's name of the encoding; recognised from the bytes if None."""
    title: str | None = None
    """In place of the text's own title in the metadata."""
    authors: tuple[str, ...] = ()
    language: str = ""
    """BCP 47; left to detection if empty. A translation says `en`."""
    date: str | None = None
    """ISO 8601, as much as is known."""
    whole: bool = False
    """All of a web page, not only its main text."""


class SourceChoices(TypedDict, total=False):
    """The fields of `SourceOptions` as keyword arguments."""

    encoding: str | None
    title: str | None
    authors: tuple[str, ...]
    language: str
    date: str | None
    whole: bool
