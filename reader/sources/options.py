"""What a caller may say of a source that the source does not say, or says wrongly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypedDict

from reader.errors import OptionError
from reader.model import is_date, is_language

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

    def __post_init__(self) -> None:
        if isinstance(self.authors, str):
            raise OptionError("authors are a tuple of names, not one string")
        named = [("title", self.title), *(("author", author) for author in self.authors)]
        for name, text in named:
            _require_text(name, text or "")
        if self.language and not is_language(self.language):
            raise OptionError(f"the language {self.language!r} is not a BCP 47 tag")
        if self.date and not is_date(self.date):
            raise OptionError(f"the date {self.date!r} is not one of ISO 8601, such as 2025-03-14")


_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"


def _require_text(name: str, text: str) -> None:
    """What XML cannot hold is refused before the work, not when it is written."""
    # All of that is among what cannot be printed, which hardly any name has.
    found = None if text.isprintable() else re.search(_FORBIDDEN, text)
    if found:
        code = ord(found.group())
        raise OptionError(f"the {name} holds U+{code:04X}, which is no character", excerpt=text)


class SourceChoices(TypedDict, total=False):
    """The fields of `SourceOptions` as keyword arguments."""

    encoding: str | None
    title: str | None
    authors: tuple[str, ...]
    language: str
    date: str | None
    whole: bool
