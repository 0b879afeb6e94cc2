"""What is fuzzed: every way in, and the compiled core beside its reference."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from io import BytesIO
from typing import Any

from reader import align, annotate, read_bytes, write
from reader.annotation.classifier import Classifier
from reader.annotation.lattice import ReferenceSegmenter
from reader.annotation.readings import ReadingResolver
from reader.annotation.segmentation import WordSegmenter
from reader.annotation.tokens import TokenFactory
from reader.lexicon import Lexicon
from reader.markup import etree
from reader.scripts import simplify, to_traditional
from tests.surfaces import SURFACES, Surface, Work, shapes

SECONDS = 1.0
"""What an input of a few kilobytes may take, with the instruments on."""
LONGEST = 4_096
"""Bytes of an input."""


class Difference(Exception):
    """The core and its reference do not give the same."""


class _Core:
    """The compiled core and the Python that it must agree with."""

    def __init__(self) -> None:
        self.lexicon = Lexicon.open()
        self.segmenter = WordSegmenter(self.lexicon)
        self.reference = ReferenceSegmenter(self.lexicon)
        self.resolver = ReadingResolver(self.lexicon, Classifier.load())

    def compare(self, text: str) -> None:
        """Words, readings and tokens of a text; raises `Difference`."""
        shadow = simplify(text)
        words = self.segmenter.segment(text, shadow)
        _same(list(words), self.reference.segment(text, shadow, []))
        readings = self.resolver.read(words, text, shadow)
        _same(readings, self.resolver._interpreted(words, text, shadow))
        tokens = TokenFactory(self.lexicon)
        forms = text, shadow, to_traditional(shadow)
        _same(tokens.make(words, readings, *forms), tokens._interpreted(words, readings, *forms))


def _same(ours: object, reference: object) -> None:
    if ours != reference:
        raise Difference(f"{ours!r}\n{reference!r}")


@cache
def _core() -> _Core:
    return _Core()


def _compared(data: bytes) -> None:
    _core().compare(data.decode("utf-8", "replace"))


def _mended(work: Work) -> Work:
    """The work on what is well-formed in the data: most of what is made at random is refused by
    the parser, before anything of ours has seen it."""

    def on_elements(data: bytes) -> object:
        parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        root = etree.fromstring(b"<r>" + data + b"</r>", parser)
        if root is None:
            return None
        inner = etree.tostring(root, encoding="unicode").encode()
        return work(inner.removeprefix(b"<r>").removesuffix(b"</r>"))

    return on_elements


_VALUES: list[Any] = [
    None,
    True,
    0,
    1,
    -1,
    7,
    1 << 70,
    0.5,
    1e308,
    "",
    "字",
    "a",
    "\x01",
    "zh",
    [],
    {},
    [[]],
]


@cache
def _document() -> str:
    """A document with something of everything, as JSON."""
    file = BytesIO()
    page = "<h1>題</h1><p>王芳<b>在</b>銀行<a href='#x'>工作</a>，還錢。</p><ul><li>好</li></ul>"
    document = annotate(read_bytes(page.encode(), suffix=".html", language="zh-Hant"))
    english = read_bytes(b"Title\n\nShe works in a bank.", suffix=".txt", language="en")
    write(align(document, english), file, to="json")
    return file.getvalue().decode()


def _changed(data: bytes) -> None:
    """Read a document in which each three bytes have put another value somewhere, and write it."""
    document = json.loads(_document())
    for at in range(0, len(data) - 2, 3):
        places = [*_places(document)]
        holder, key = places[(data[at] << 8 | data[at + 1]) % len(places)]
        holder[key] = deepcopy(_VALUES[data[at + 2] % len(_VALUES)])
    read = read_bytes(json.dumps(document).encode(), suffix=".json")
    for to in ("html", "tei"):
        write(read, BytesIO(), to=to)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every list and object with every place in it."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in [*items]:
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


TARGETS: dict[str, Surface] = {
    **SURFACES,
    "tei, mended": Surface(_mended(SURFACES["tei"].work), SURFACES["tei"].pieces),
    "docx, mended": Surface(_mended(SURFACES["docx"].work), SURFACES["docx"].pieces),
    "tmx, mended": Surface(_mended(SURFACES["tmx"].work), SURFACES["tmx"].pieces),
    "json, changed": Surface(_changed, ("abc", "\x00\x01\x02")),
    "core": Surface(_compared, SURFACES["annotate"].pieces),
}


def seeds(name: str) -> Iterator[bytes]:
    """Small inputs to begin with: the pieces of a way in, and shapes of them."""
    pieces = TARGETS[name].pieces
    yield from (piece.encode() for piece in pieces)
    if name in SURFACES:
        yield from (shape.text(200) for shape in shapes(name, 40))
