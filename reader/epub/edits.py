"""Changes to a source at known bytes; all else stays as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from reader.epub.xhtml import Element

__all__ = ["Edit", "Editor", "free_prefix", "spliced"]

Edit = tuple[int, int, bytes]
"""Bytes `start` to `end` of the source become these."""

_SPACE = b" \t\r\n"
_WINDOW = 4096
_RETURN = {"\r": "&#13;"}


def spliced(source: bytes, edits: Iterable[Edit]) -> bytes:
    """`source` with `edits` made, which must not overlap; those at one byte in their order.

    >>> spliced(b"abcd", [(3, 3, b"-"), (1, 2, b"BB")])
    b'aBBc-d'
    """
    parts: list[bytes] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < done:
            raise ValueError(f"edits overlap at byte {start}")
        parts += (source[done:start], new)
        done = end
    parts.append(source[done:])
    return b"".join(parts)


def free_prefix(source: bytes) -> str:
    """A prefix of classes and ids that does not occur in `source`.

    >>> free_prefix(b'<p class="reader-note">')
    'readerx-'
    """
    prefix = "reader-"
    while prefix.encode() in source:
        prefix = f"{prefix[:-1]}x-"
    return prefix


class Editor:
    """Collects changes to a small XML document.

    White space before each new element is that before its neighbour. Names are written as they
    are given, so their prefixes must be declared around them.
    """

    def __init__(self, source: bytes) -> None:
        self.source = source
        self._edits: list[Edit] = []

    def result(self) -> bytes:
        """The document with all changes made."""
        return spliced(self.source, self._edits)

    def append(self, parent: Element, name: str, attributes: Mapping[str, str]) -> None:
        """Add an empty element after the last child of `parent`, written with its prefix."""
        if parent.children:
            self.add_after(parent.children[-1], parent.prefix + name, attributes)
        else:
            self._insert(parent.inner, b"", parent.prefix + name, attributes)

    def add_after(
        self, element: Element, name: str, attributes: Mapping[str, str], text: str = ""
    ) -> None:
        """Add an element behind another."""
        blank = self.source[_blank_before(self.source, element.start) : element.start]
        self._insert(element.end, blank, name, attributes, text)

    def replace_content(self, element: Element, markup: bytes) -> None:
        self._edits.append((element.inner, element.close, markup))

    def remove(self, element: Element) -> None:
        """Take an element out, and the white space before it."""
        start = _blank_before(self.source, element.start)
        self._edits.append((start, element.end, b""))

    def _insert(
        self, at: int, blank: bytes, name: str, attributes: Mapping[str, str], text: str = ""
    ) -> None:
        written = "".join(
            f" {key}={quoteattr(value, _RETURN)}" for key, value in attributes.items()
        )
        end = f">{escape(text, _RETURN)}</{name}>" if text else "/>"
        self._edits.append((at, at, blank + f"<{name}{written}{end}".encode()))


def _blank_before(source: bytes, at: int) -> int:
    """Where the white space that ends at `at` begins."""
    window = source[max(0, at - _WINDOW) : at]
    return at - len(window) + len(window.rstrip(_SPACE))
