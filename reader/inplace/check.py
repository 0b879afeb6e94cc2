"""The proof that an annotated document is well-formed: if it were not, the fault would be ours."""

from __future__ import annotations

import re

from reader.epub.xhtml import require_well_formed
from reader.errors import SourceError
from reader.inplace.dialect import BookDialect
from reader.markup import Tag
from reader.options import Notation
from reader.writers.pronunciation import NOTATION_LANGUAGES

__all__ = ["Check"]

_TEXT = r"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_ELEMENT = b"<r/>"


class Check:
    """Checks documents annotated in one dialect.

    Nine bytes in ten are words with their readings, each the same few tags around plain text. A
    pattern finds such words three times as fast as a parser reads them. Each is an element, so the
    document is well-formed just when it is with another element in their place.
    """

    def __init__(self, dialect: BookDialect, notation: Notation) -> None:
        self._words = _words(dialect, notation)

    def __call__(self, data: bytes, name: str) -> None:
        """Raise `SourceError` if the document `name` is not well-formed."""
        try:
            require_well_formed(self._words.sub(_ELEMENT, data), name)
        except SourceError as error:
            raise SourceError(f"could not be annotated: {error.message}", path=name) from error


def _words(dialect: BookDialect, notation: Notation) -> re.Pattern[bytes]:
    """What finds words as they are written: base and reading, once or for each character."""
    ruby, rp = dialect.tag("ruby"), dialect.tag("rp")
    reading = dialect.tag("rt", lang=NOTATION_LANGUAGES[notation])
    rt = _around(rp, r"\(") + _around(reading, _TEXT) + _around(rp, r"\)")
    word = _around(ruby, f"(?:{_TEXT}{rt})++")
    return re.compile(f"(?:{word})++".encode())


def _around(tag: Tag, pattern: str) -> str:
    return re.escape(tag.open) + pattern + re.escape(tag.close)
