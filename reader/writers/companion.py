"""A translation beside the text: its blocks and sentences as elements, each shown once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reader.markup import ADDED, Tag, escape
from reader.model import Block, BlockKind, Mark, MarkKind, Span, Translation
from reader.options import Layout
from reader.writers.beside import BEFORE, Piece, beside
from reader.writers.blocks import direction
from reader.writers.labels import labels_in
from reader.writers.xhtml import Renderer

_SILENT = frozenset((BlockKind.IMAGE, BlockKind.SEPARATOR, BlockKind.CODE))
"""Kinds of which nobody expects a translation."""


class Companion:
    """A document's translation and where its parts stand; one for all content documents."""

    def __init__(self, translation: Translation, layout: Layout, renderer: Renderer) -> None:
        self.layout = layout
        self.plan = beside(translation, sentences=layout is Layout.SENTENCES)
        self.label = translation.language.split("-")[0].upper()
        self._blocks = translation.blocks
        self._language = translation.language
        self._labels = labels_in(renderer.options.labels)
        self._renderer = renderer
        self._dialect = renderer.dialect
        self._left = dict(self.plan.after)

    def take(self, place: int) -> Sequence[Piece]:
        """The pieces that stand after a block of the text, once."""
        return self._left.pop(place, ())

    def before(self) -> Sequence[Piece]:
        """The pieces that stand before the text, once."""
        return self.take(BEFORE)

    def rest(self) -> str:
        """What no block has called for: all of a translation that was never aligned."""
        places = sorted(self._left)
        return "".join(self.element(piece) for place in places for piece in self.take(place))

    def words(self, piece: Piece) -> str:
        """The inline markup of a block or sentence of the translation."""
        block = _without_ids(self._blocks[piece.block])
        if piece.sentence is not None and block.sentences:
            block = _cut(block, block.sentences[piece.sentence])
        return self._renderer.inline(block).strip() if block.text.strip() else ""

    def tag(self, name: str) -> Tag:
        """An element for words of the translation."""
        language = self._language
        return self._dialect.tag(name, class_=f"tr {ADDED}", lang=language, dir=direction(language))

    def element(self, piece: Piece, back: str = "") -> str:
        """A block of the translation; `back` is the id of the block that it translates."""
        words = self.words(piece)
        if not words:
            return ""
        link = self._dialect.tag(
            "a",
            class_="back",
            href=f"#{back}",
            lang=self._labels.language,
            aria_label=self._labels["back"],
        )
        after = " " + link.around("↩") if back else ""
        return self.tag("p").around(self._flag(piece), words, after)

    def sentence(self, piece: Piece) -> str:
        """A sentence of the translation, or a block of it, inside an element of the text."""
        words = self.words(piece)
        return self.tag("span").around(self._flag(piece), words) if words else ""

    def gap(self, index: int, block: Block) -> str:
        """What stands in the place of the translation of a block that has none."""
        expected = block.kind not in _SILENT and bool(block.text.strip())
        lacks = expected and bool(self.plan.linked) and index not in self.plan.linked
        return self.missing("p") if lacks else ""

    def missing(self, name: str) -> str:
        """Words that say that nothing in the translation answers."""
        tag = self._dialect.tag(name, class_=f"tr flag {ADDED}", lang=self._labels.language)
        return tag.around(escape(self._labels["no-translation"]))

    def _flag(self, piece: Piece) -> str:
        if piece.matched or not self.plan.linked:
            return ""
        flag = self._dialect.tag("span", class_="flag", lang=self._labels.language)
        return flag.around(escape(self._labels["only-in-translation"])) + " "


def _without_ids(block: Block) -> Block:
    """The block without what names places or leads to them: those names are the text's."""
    kept = [
        mark
        for mark in block.marks
        if mark.kind not in (MarkKind.ANCHOR, MarkKind.NOTE_REFERENCE)
        and not mark.get("href").startswith("#")
    ]
    return replace(block, marks=tuple(kept)) if len(kept) < len(block.marks) else block


def _cut(block: Block, span: Span) -> Block:
    """The part of an unannotated block inside `span`, with its marks."""
    marks = [
        Mark(
            max(mark.start, span.start) - span.start,
            min(mark.end, span.end) - span.start,
            mark.kind,
            mark.attributes,
        )
        for mark in block.marks
        if mark.start < span.end and mark.end > span.start
    ]
    text = block.text[span.start : span.end]
    return replace(
        block, text=text, marks=tuple(marks), tokens=(), notes=(), sentences=(), corrections=()
    )
