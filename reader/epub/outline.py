"""A small XML document as elements that know their bytes, for changes in place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from reader.epub.xhtml import start_tag_end
from reader.errors import SourceError

__all__ = ["Node", "outline"]


@dataclass(slots=True)
class Node:
    """An element: `start` to `end` with its tags, `open_end` to `close` without them."""

    name: str
    """Local name."""
    namespace: str
    attributes: dict[str, str]
    start: int
    open_end: int
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()

    def find(self, name: str) -> Node | None:
        """The first element of that local name, itself included."""
        return next((node for node in self.walk() if node.name == name), None)

    def prefix(self, source: bytes) -> str:
        """The prefix its tag is written with, colon included."""
        tag = re.match(rb"<([^\s/>:]+:)?", source[self.start : self.open_end])
        return tag[1].decode() if tag and tag[1] else ""


def outline(source: bytes, *, name: str = "") -> Node:
    """The root element of `source`, which is XML in UTF-8; raises `SourceError`."""
    builder = _Builder(source)
    try:
        return builder.run()
    except expat.ExpatError as error:
        message = f"not well-formed: {expat.ErrorString(error.code)}"
        raise SourceError(message, path=name or None, line=error.lineno) from error


def blank_before(source: bytes, at: int) -> int:
    """Where the white space that ends at `at` begins."""
    window = source[max(0, at - 4096) : at]
    return at - len(window) + len(window.rstrip(b" \t\r\n"))


class _Builder:
    def __init__(self, source: bytes) -> None:
        self._source = source
        self._top = Node("", "", {}, 0, 0)
        self._open = [self._top]
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.DefaultHandler = lambda data: None

    def run(self) -> Node:
        try:
            self._parser.Parse(self._source, True)
        finally:
            del self._parser
        return self._top.children[0]

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self._parser.CurrentByteIndex
        namespace, _, local = name.rpartition(" ")
        node = Node(local, namespace, attributes, at, start_tag_end(self._source, at))
        self._open[-1].children.append(node)
        self._open.append(node)

    def _end(self, name: str) -> None:
        node = self._open.pop()
        if self._source.endswith(b"/>", node.start, node.open_end):
            node.close = node.end = node.open_end
        else:
            node.close = self._parser.CurrentByteIndex
            node.end = self._source.index(b">", node.close) + 1

    def _text(self, data: str) -> None:
        self._open[-1].text += data
