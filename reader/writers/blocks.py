"""Blocks as elements: one row of a table for each kind."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from reader.markup import ADDED, Dialect, Tag, escape
from reader.model import Block, BlockKind, MarkKind
from reader.writers.marks import image, source_id
from reader.writers.xhtml import Renderer


class Shape(NamedTuple):
    """The element of a kind of block, and the one that holds it and what stands below it."""

    name: str
    class_: str = ""
    around: str = ""
    role: str = ""
    type_: str = ""


_PARAGRAPH = Shape("p")
_SHAPES = {
    BlockKind.TITLE: Shape("h1", "title"),
    BlockKind.SUBTITLE: Shape("p", "subtitle", role="doc-subtitle"),
    BlockKind.BYLINE: Shape("p", "byline"),
    BlockKind.EDITORS_NOTE: Shape("p", "editors-note"),
    BlockKind.CAPTION: Shape("p", "caption"),
    BlockKind.LIST_ITEM: Shape("p", "", around="li"),
    BlockKind.QUOTATION: Shape("p", "", around="blockquote"),
    BlockKind.VERSE: Shape("p", "verse"),
    BlockKind.CODE: Shape("pre"),
    BlockKind.FOOTNOTE: Shape(
        "p", "footnote", around="aside", role="doc-footnote", type_="footnote"
    ),
    BlockKind.SEPARATOR: Shape("p", "separator"),
}
_BULLETS = frozenset("-*+–")
"""Markers that only a keyboard can ask for."""
_LOWEST = 6
_RIGHT_TO_LEFT = frozenset(("ar", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"))


class Headings:
    """Ranks of the headings of one content document: from `h1`, and never one skipped."""

    def __init__(self) -> None:
        self._last = 0
        self._offset: int | None = None

    def rank(self, block: Block) -> int:
        """The number of the `h` element of a title or heading."""
        wanted = 1
        if block.kind is BlockKind.HEADING:
            if self._offset is None:
                self._offset = 1 if self._last else 1 - block.level
            wanted = block.level + self._offset
        self._last = max(1, min(wanted, self._last + 1, _LOWEST))
        return self._last


class BlockWriter:
    """Turns blocks into elements, `below` being what stands under each in the same container."""

    def __init__(self, renderer: Renderer, ids: set[str]) -> None:
        """`ids` are those of the source that the book has already; they grow."""
        self.renderer = renderer
        self.dialect: Dialect = renderer.dialect
        self.headings = Headings()
        self.last_id = ""
        """The id of the element made last, or ""."""
        self._ids = ids
        self._paragraph = self.dialect.tag(_PARAGRAPH.name)

    def element(self, block: Block, inner: str, *, below: str = "", id_: str = "") -> str:
        """The block's element around its `inner` markup, then `below`.

        `id_` is used where the block has no id of its own from the source.
        """
        own = self.last_id = self._own_id(block) or id_
        if block.kind is BlockKind.PARAGRAPH and not (own or block.language or block.resource):
            # What most blocks are.
            return self._paragraph.around(inner) + below
        picture = self.picture(block)
        if picture:
            return self._figure(block, picture, inner, own) + below
        shape = _SHAPES.get(block.kind, _PARAGRAPH)
        if block.kind in (BlockKind.TITLE, BlockKind.HEADING):
            shape = Shape(f"h{self.headings.rank(block)}", shape.class_)
        if block.kind is BlockKind.SEPARATOR and not block.text:
            return self.dialect.void("hr", id=own) + below
        if block.kind is BlockKind.IMAGE:
            # Its text only describes a picture that cannot be shown.
            shape = Shape("p", "caption")
        if not shape.around:
            return self._tag(shape, block, own).around(inner) + below
        container = self.dialect.tag(
            shape.around,
            class_=_depth(block),
            id=own,
            type_=shape.type_,
            role=shape.role,
        )
        paragraph = self._tag(Shape(shape.name, shape.class_), block, "")
        return container.around(paragraph.around(self._ordinal(block), inner), below)

    def with_new_anchors(self, block: Block) -> Block:
        """The block without anchors whose ids the book has already."""
        if not block.marks or all(mark.kind is not MarkKind.ANCHOR for mark in block.marks):
            return block
        marks = []
        for mark in block.marks:
            name = mark.get("id") if mark.kind is MarkKind.ANCHOR else ""
            if name in self._ids:
                continue
            if name:
                self._ids.add(name)
            marks.append(mark)
        return replace(block, marks=tuple(marks))

    def _own_id(self, block: Block) -> str:
        """The id the block brings along, the first time."""
        if not block.id or block.id in self._ids:
            return ""
        self._ids.add(block.id)
        return source_id(block.id)

    def _tag(self, shape: Shape, block: Block, id_: str) -> Tag:
        return self.dialect.tag(
            shape.name,
            class_=shape.class_,
            id=id_,
            role=shape.role,
            lang=block.language,
            dir=direction(block.language),
        )

    def _ordinal(self, block: Block) -> str:
        if not block.ordinal:
            return ""
        shown = "•" if block.ordinal in _BULLETS else block.ordinal
        return self.dialect.tag("span", class_=f"ordinal {ADDED}").around(escape(shown), " ")

    def picture(self, block: Block) -> str:
        """The image a block shows, described by the text of an image block, or ""."""
        source = self.renderer.links.images.get(block.resource) if block.resource else None
        if not source:
            return ""
        alt = block.text if block.kind is BlockKind.IMAGE else ""
        return image(self.dialect, source, alt)

    def _figure(self, block: Block, picture: str, inner: str, id_: str) -> str:
        figure = self.dialect.tag("figure", id=id_)
        if block.kind is BlockKind.IMAGE:
            return figure.around(inner, picture)
        caption = self.dialect.tag("figcaption", class_="caption", lang=block.language)
        return figure.around(picture, caption.around(inner))


def _depth(block: Block) -> str:
    return f"depth-{min(block.level, 4)}" if block.kind is BlockKind.LIST_ITEM else ""


def direction(language: str) -> str:
    """`rtl` for languages written from right to left, else "".

    >>> direction("ar-EG"), direction("en")
    ('rtl', '')
    """
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else ""
