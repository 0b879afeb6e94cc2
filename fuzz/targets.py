"""What is fuzzed: every way in, and the compiled core beside its reference."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from reader.annotation.classifier import Classifier
from reader.annotation.lattice import ReferenceSegmenter
from reader.annotation.readings import ReadingResolver
from reader.annotation.segmentation import WordSegmenter
from reader.annotation.tokens import TokenFactory
from reader.lexicon import Lexicon
from reader.scripts import simplify, to_traditional
from reader.sentences import _Splitter, split_sentences
from tests.surfaces import SURFACES, Surface, shapes

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
        """Words, readings, tokens, entries and sentences of a text; raises `Difference`."""
        shadow = simplify(text)
        words = self.segmenter.segment(text, shadow)
        _same(list(words), self.reference.segment(text, shadow, []))
        readings = self.resolver.read(words, text, shadow)
        _same(readings, self.resolver._interpreted(words, text, shadow))
        tokens = TokenFactory(self.lexicon)
        forms = text, shadow, to_traditional(shadow)
        _same(tokens.make(words, readings, *forms), tokens._interpreted(words, readings, *forms))
        for start, end, _ in words:
            pair = text[start:end], shadow[start:end]
            _same(self.lexicon.entries(*pair), self.lexicon._interpreted(*pair))
        _same(split_sentences(text, "zh"), _Splitter(text, "zh").sentences())


def _same(ours: object, reference: object) -> None:
    if ours != reference:
        raise Difference(f"{ours!r}\n{reference!r}")


@cache
def _core() -> _Core:
    return _Core()


def _compared(data: bytes) -> None:
    _core().compare(data.decode("utf-8", "replace"))


TARGETS: dict[str, Surface] = {
    **SURFACES,
    "core": Surface(_compared, SURFACES["annotate"].pieces),
}


def seeds(name: str) -> Iterator[bytes]:
    """Small inputs to begin with: the pieces of a way in, and shapes of them."""
    pieces = TARGETS[name].pieces
    yield from (piece.encode() for piece in pieces)
    if name in SURFACES:
        yield from (shape.text(200) for shape in shapes(name, 40))
