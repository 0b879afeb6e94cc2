"""What is read from an XHTML document: passages of text that know their bytes in the source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from reader.model import Span

__all__ = ["OBJECT", "Element", "Inline", "Passage", "Piece", "Scan"]

OBJECT = "\ufffc"
"""Stands in a passage for an image, a formula: something no word goes across."""


class Piece(NamedTuple):
    """A stretch of a passage's text and the bytes of the source it was read from."""

    start: int
    """Offset in the passage's text."""
    text: str
    source: int
    end: int
    """Bytes `source` to `end` of the scanned source spell `text`."""
    open: bool = True
    """May be annotated: it is Chinese, not code, not ruby already."""
    foreign: bool = False
    """Stands in an element of another language."""
    verbatim: bool = False
    """Spelled otherwise than `text` encoded (a reference): not to be cut or rewritten."""
    cdata: bool = False


@dataclass(frozen=True, slots=True)
class Inline(Span):
    """An inline element on a stretch of the passage's text; zero-width if it has none."""

    name: str
    attributes: dict[str, str]


class Element(NamedTuple):
    name: str
    """Local name."""
    attributes: dict[str, str]


@dataclass(slots=True)
class Passage:
    """The text of a paragraph, heading, cell …: white space collapsed as a browser shows it."""

    text: str
    pieces: list[Piece]
    inlines: list[Inline]
    element: str
    """Local name of the block element the text stands in."""
    attributes: dict[str, str]
    language: str
    """As declared on the block or around it, "" if nowhere."""
    around: tuple[Element, ...]
    """The elements around, outermost first, the block itself last."""
    stop: int
    """Byte of the source where the passage ends: at an end tag or at the next block's start."""
    last: bool
    """Whether `stop` is the end tag of the passage's own element."""
    line: int


@dataclass(slots=True)
class Scan:
    """What was found in one content document."""

    source: bytes
    """The document in UTF-8; every offset is one of its bytes."""
    passages: list[Passage] = field(default_factory=list)
    title: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    """Namespaces declared on the root element."""
    prefix: str = ""
    """What stands before the names of XHTML's elements, colon included: `h:` in `<h:html>`."""
    known: bool = True
    """Whether the root is `html`, of XHTML or of no namespace."""
    root_end: int = 0
    """Byte after the root's start tag."""
    head_end: int = 0
    """Byte of `</head>`, or of the `/>` of a head that is empty; 0 if there is none."""
    body_start: int = 0
    """Byte of `<body>`."""
    body_end: int = 0
    """Byte of `</body>`."""
    language: str = ""
    """Declared on the root element."""
