"""Content documents that are not quite XML, as well-formed XHTML in UTF-8."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from reader.epub.passages import Scan, scan
from reader.errors import ContainerError, SourceError
from reader.markup import XML_FORBIDDEN, etree
from reader.scripts import is_han

__all__ = ["Source", "decode", "mend_xml", "read_xhtml", "repair"]

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z][\w.-]*)["']""")
_META = re.compile(rb"""<meta\b[^>]*?\bcharset\s*=\s*["']?([A-Za-z][\w.-]*)""", re.I)
_HEAD = 2048
"""Bytes in which a charset is declared, if at all (html.spec.whatwg.org: 1024)."""
_BEFORE_DECLARATION = re.compile(r"\A[\s\ufeff]+(?=<\?xml\s)")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings that browsers read as a larger one (encoding.spec.whatwg.org).
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}


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
    codec = codec or _said(_DECLARED.match(data))
    try:
        return _decoded(data, bom, codec or "utf-8", name)
    except SourceError:
        meta = _said(_META.search(data, 0, _HEAD))
        if codec or not meta:
            raise
        return _decoded(data, bom, meta, name)


def _said(declaration: re.Match[bytes] | None) -> str:
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


def read_xhtml(
    data: bytes, *, name: str, language: str = "", force: bool = False
) -> tuple[Source, Scan, SourceError | None]:
    """A content document scanned; where it was not well-formed, repaired, with what was wrong.

    `language` and `force` are `scan`'s. Raises `SourceError` when the document cannot be
    repaired, `ContainerError` for entity bombs.
    """
    source = decode(data, name)
    try:
        return source, scan(source.data, language=language, force=force, name=name), None
    except ContainerError:
        raise
    except SourceError as error:
        repaired = repair(source.data.decode(), error).encode()
        source = Source(repaired, source.bom, source.codec)
        return source, scan(source.data, language=language, force=force, name=name), error


def repair(text: str, error: SourceError) -> str:
    """`text` well-formed, what browsers make of it kept; raises `error` when that fails.

    Tags are put right where they stand, so that all else stays as it was. What that does not
    mend is left to libxml2's HTML parser, which is believed only if no Chinese character is lost.
    """
    for mend in (_mended, _recovered_html):
        candidate = mend(_allowed(text))
        if _han(candidate) == _han(text) and _well_formed(candidate):
            return candidate
    raise error


def mend_xml(source: Source, error: SourceError) -> Source:
    """`source`, XML of any kind, with its tags put right; raises `error` where that fails."""
    text = source.data.decode()
    candidate = _mended(_allowed(text))
    if _han(candidate) == _han(text) and _well_formed(candidate):
        return Source(candidate.encode(), source.bom, source.codec)
    raise error


def _allowed(text: str) -> str:
    """`text` without what cannot stand in XML, or not there."""
    return _BEFORE_DECLARATION.sub("", re.sub(XML_FORBIDDEN, "", text), count=1)


def _mended(text: str) -> str:
    from reader.epub.soup import mended  # few documents need it

    try:
        return mended(text)
    except ValueError:
        return ""


def _recovered_html(text: str) -> str:
    # An encoding declaration would contradict the bytes given here.
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = etree.fromstring(body.encode(), etree.HTMLParser(no_network=True, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    tree = root.getroottree()
    declaration = text[: len(text) - len(body)]
    return declaration + str(etree.tostring(tree, encoding="unicode"))


def _well_formed(text: str) -> bool:
    try:
        scan(text.encode())
    except SourceError:
        return False
    return True


def _han(text: str) -> int:
    return sum(map(is_han, text))
