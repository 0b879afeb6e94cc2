"""A source in UTF-8, and changes to it at known bytes; all else stays as it was."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reader.epub.xhtml import Element
from reader.errors import SourceError

__all__ = ["Edit", "Editor", "Source", "decode", "free_prefix", "spliced"]

Edit = tuple[int, int, bytes]
"""Bytes `start` to `end` of the source become these."""

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_META = re.compile(rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?([A-Za-z][\w.-]*)""", re.I)
_HEAD = 2048
"""Bytes in which a charset is declared, if at all (html.spec.whatwg.org: 1024)."""
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings that browsers read as a larger one (encoding.spec.whatwg.org).
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}

_SPACE = b" \t\r\n"
_WINDOW = 4096
_RETURN = {"\r": "&#13;"}


@dataclass(frozen=True, slots=True)
class Source:
    """A content document as UTF-8, and how it was encoded."""

    data: bytes
    bom: bytes = b""
    codec: str = "utf-8"

    def encode(self, data: bytes) -> bytes:
        """`data`, in UTF-8, in the document's own encoding again."""
        if self.codec == "utf-8":
            return self.bom + data if self.bom else data
        return self.bom + data.decode().encode(self.codec, "xmlcharrefreplace")


def decode(data: bytes, name: str = "") -> Source:
    """A content document's bytes as UTF-8, by its byte order mark or XML declaration.

    What declares nothing and is not UTF-8 is decoded by the charset of its `meta`, as browsers
    do. Raises `SourceError` naming the document and the byte that cannot be decoded.
    """
    bom, codec = next(((b, c) for b, c in _BOMS if data.startswith(b)), (b"", ""))
    codec = codec or _codec_of(_DECLARED.match(data))
    try:
        return _decoded(data, bom, codec or "utf-8", name)
    except SourceError:
        meta = _codec_of(_META.search(data, 0, _HEAD))
        if codec or not meta:
            raise
        return _decoded(data, bom, meta, name)


def _codec_of(declaration: re.Match[bytes] | None) -> str:
    codec = declaration[1].decode().lower() if declaration else ""
    return _LARGER.get(codec, codec)


def _decoded(data: bytes, bom: bytes, codec: str, name: str) -> Source:
    try:
        codec = codecs.lookup(codec).name
        return Source(data[len(bom) :].decode(codec).encode(), bom, codec)
    except LookupError as error:
        raise SourceError(f"unknown encoding {codec!r}", path=name or None) from error
    except UnicodeError as error:
        message = f"byte {getattr(error, 'start', 0)} cannot be decoded as {codec}"
        raise SourceError(message, path=name or None) from error


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

    def add_markup_after(self, element: Element, markup: bytes) -> None:
        """Add markup behind an element."""
        blank = self.source[_blank_before(self.source, element.start) : element.start]
        self._edits.append((element.end, element.end, blank + markup))

    def replace_content(self, element: Element, markup: bytes) -> None:
        self._edits.append((element.inner, element.close, markup))

    def remove(self, element: Element) -> None:
        """Take an element out, and the white space before it."""
        start = _blank_before(self.source, element.start)
        self._edits.append((start, element.end, b""))

    def _insert(
        self, at: int, blank: bytes, name: str, attributes: Mapping[str, str], text: str = ""
    ) -> None:
        # It imports `urllib.request`, and that half of the standard library.
        from xml.sax.saxutils import escape, quoteattr

        written = "".join(
            f" {key}={quoteattr(value, _RETURN)}" for key, value in attributes.items()
        )
        end = f">{escape(text, _RETURN)}</{name}>" if text else "/>"
        self._edits.append((at, at, blank + f"<{name}{written}{end}".encode()))


def _blank_before(source: bytes, at: int) -> int:
    """Where the white space that ends at `at` begins."""
    window = source[max(0, at - _WINDOW) : at]
    return at - len(window) + len(window.rstrip(_SPACE))
