"""Annotation taken out again: the bytes that were added are cut, all else stays."""

from __future__ import annotations

import re
from xml.parsers import expat

from reader.epub.edits import Edit, spliced
from reader.epub.repair import decode
from reader.epub.xhtml import OPS, start_tag_end

__all__ = ["is_annotated", "strip_document"]

_UNWRAPPED = {"ruby", "ref", "span", "word"}
"""Kinds of our elements that stand around the book's own text; others hold only ours."""
_READING = {"rt", "rp"}
_LINK = re.compile(rb'<(?:[\w.-]+:)?link\b[^>]*?\sclass="(readerx*-)style( readerx*-epub)?"[^>]*>')
_ROOT = re.compile(rb"<[\w:.-]*html\b(?:\"[^\"]*\"|'[^']*'|[^\"'>])*>")
MARK = b"reader"
"""Occurs in every document of ours, unless its encoding is UTF-16."""
_NAMESPACE = f' xmlns:epub="{OPS}"'.encode()


def is_annotated(data: bytes) -> bool:
    """Whether a content document (in UTF-8) holds our annotation."""
    return _LINK.search(data) is not None


def strip_document(data: bytes) -> bytes:
    """A content document without our annotation; other documents as they are.

    Raises `SourceError` for a document that cannot be decoded.
    """
    if MARK not in data and b"\0" not in data[:4]:
        return data
    source = decode(data)
    link = _LINK.search(source.data)
    if link is None:
        return data
    stripper = _Stripper(source.data, link[1].decode())
    stripper.run()
    edits = stripper.cuts
    if link[2]:
        edits.append(_namespace(source.data))
    return source.encode(spliced(source.data, edits))


def _namespace(source: bytes) -> Edit:
    root = _ROOT.search(source)
    assert root is not None
    at = root.start() + root[0].rindex(_NAMESPACE)
    return at, at + len(_NAMESPACE), b""


class _Stripper:
    """Finds the bytes of our elements."""

    def __init__(self, source: bytes, prefix: str) -> None:
        self.cuts: list[Edit] = []
        self._source = source
        self._prefix = prefix
        # For each open element: the byte where its cut began, or what to do at its end.
        self._open: list[str] = []
        self._cut_from = -1
        self._cut_depth = 0
        self._parser = parser = expat.ParserCreate("utf-8")
        parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.DefaultHandler = lambda data: None

    def run(self) -> None:
        try:
            self._parser.Parse(self._source, True)
        finally:
            del self._parser

    def _start(self, name: str, attributes: list[str]) -> None:
        at = self._parser.CurrentByteIndex
        what = ""
        if self._cut_from < 0:
            what = self._what(name, attributes)
            end = start_tag_end(self._source, at)
            if what == "cut" and self._source.endswith(b"/>", at, end):
                self.cuts.append((at, end, b""))
                what = ""
            elif what == "cut":
                self._cut_from, self._cut_depth = at, len(self._open)
            elif what:
                self.cuts.append((at, end, b""))
        self._open.append(what)

    def _what(self, name: str, attributes: list[str]) -> str:
        """Whether an element is `unwrap`ped (`ruby`: with its readings cut), `cut`, or neither."""
        if self._open and self._open[-1] == "ruby" and name.rpartition(":")[2] in _READING:
            return "cut"
        for key, value in zip(attributes[::2], attributes[1::2], strict=True):
            if key == "class" and value.startswith(self._prefix):
                kind = value.split()[0].removeprefix(self._prefix)
                return ("ruby" if kind == "ruby" else "unwrap") if kind in _UNWRAPPED else "cut"
        return ""

    def _end(self, name: str) -> None:
        what = self._open.pop()
        if not what:
            return
        at = self._parser.CurrentByteIndex
        end = self._source.index(b">", at) + 1
        if what != "cut":
            self.cuts.append((at, end, b""))
        elif len(self._open) == self._cut_depth:
            self.cuts.append((self._cut_from, end, b""))
            self._cut_from = -1
