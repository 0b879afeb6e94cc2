"""How our own elements are told from the book's: names, and the dialect that puts them on.

Every element added to a content document has as its class one word, `reader-` and its kind, and
every document that was changed has our stylesheet's link, of class `reader-style`. A document in
which `reader-` occurs already gets another prefix; the link's class says which.
"""

from __future__ import annotations

import re

from reader.markup import Dialect, Tag

__all__ = ["STYLE", "BookDialect", "free_prefix"]

STYLE = "style"
EPUB_NAMESPACE = "epub"
"""Second word of the link's class where `xmlns:epub` was added to the root element."""

# XHTML 1.1 as EPUB 2 has it knows neither ruby nor aside.
_EPUB2 = {"ruby": "span", "rt": "span", "rp": "span", "aside": "div", "section": "div"}
_INSIDE = {"rt", "rp"}
_HTML_LANG = re.compile(r' lang="[^"]*"(?= xml:lang)')


def free_prefix(source: bytes) -> str:
    """A prefix of classes and ids that does not occur in `source`.

    >>> free_prefix(b'<p class="reader-note">')
    'readerx-'
    """
    prefix = "reader-"
    while prefix.encode() in source:
        prefix = f"{prefix[:-1]}x-"
    return prefix


class BookDialect(Dialect):
    """Markup that can be told from a book's own and taken out again.

    In EPUB 3 readings are `ruby`; in EPUB 2, whose XHTML 1.1 has no ruby, they are `span`s that
    the stylesheet sets as ruby, and without a stylesheet stand in brackets behind the word.
    """

    def __init__(self, *, epub2: bool, prefix: str = "reader-", typed: bool = True) -> None:
        """`typed` is whether `epub:type` may be written (the prefix `epub` can be declared)."""
        super().__init__(epub=True)
        self.epub2 = epub2
        self.prefix = prefix
        self.typed = typed and not epub2

    def tag(self, name: str, /, **attributes: str | None) -> Tag:
        given = {"class_": self._class(name, attributes.pop("class_", None)), **attributes}
        if not self.typed:
            given.pop("type_", None)
        if not self.epub2:
            return super().tag(name, **given)
        kept = {k: v for k, v in given.items() if k != "role" and not k.startswith("aria_")}
        tag = super().tag(_EPUB2.get(name, name), **kept)
        return Tag(_HTML_LANG.sub("", tag.open), tag.close)

    def void(self, name: str, /, **attributes: str | None) -> str:
        given = {"class_": self._class(name, attributes.pop("class_", None)), **attributes}
        return super().void(name, **given)

    def _class(self, name: str, class_: str | None) -> str | None:
        if name in _INSIDE and not self.epub2:
            return None  # told by the ruby around it
        return self.prefix + (class_ or name).replace(" ", f" {self.prefix}")
