"""The body of one content document: blocks in, markup out, the translation in its layout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from reader.markup import ADDED, Dialect, Tag, escape
from reader.model import Block, BlockKind, MarkKind
from reader.options import Layout, Script
from reader.writers.labels import labels_in
from reader.writers.marks import image, source_id
from reader.writers.notes import ChapterNotes
from reader.writers.xhtml import Renderer

if TYPE_CHECKING:
    from reader.writers.aligned_translation import AlignedTranslation, Piece


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


_AS_THEY_ARE = frozenset((BlockKind.CODE, BlockKind.IMAGE, BlockKind.SEPARATOR))
"""Kinds that read the same in both scripts."""


class Body:
    """The markup of one content document, block by block, in text order."""

    def __init__(
        self,
        renderer: Renderer,
        notes: ChapterNotes,
        aligned: AlignedTranslation | None = None,
        other: tuple[Script, str] | None = None,
        ids: set[str] | None = None,
    ) -> None:
        """`other` is the script to show below each block, and its BCP 47 tag.

        `ids` are the ids of the source that the book has already; they grow.
        """
        self.renderer = renderer
        self.dialect = renderer.dialect
        self.notes = notes
        self.blocks = BlockWriter(renderer, set() if ids is None else ids)
        self._labels = labels_in(renderer.options.labels)
        self._aligned = aligned
        self._other = other
        self._in_list = False
        self._row: list[str] = []
        self._later: list[str] = []
        layouts: Mapping[Layout, Callable[[AlignedTranslation, int, Block, str], str]] = {
            Layout.INTERLEAVED: self._interleaved,
            Layout.SENTENCES: self._sentences,
            Layout.COLUMNS: self._columns,
            Layout.HIDDEN: self._hidden,
            Layout.NOTES: self._noted,
            Layout.AFTER: self._jumping,
        }
        self._lay_out = layouts[aligned.layout] if aligned is not None else None

    def add(self, index: int, block: Block, id_: str = "") -> str:
        """The markup of block number `index` of the document and of what stands beside it.

        `id_` names the element where the block brings no id along.
        """
        if self._aligned is None or self._lay_out is None:
            return self._element(block, self._inline(block), "", id_)
        before = "" if index else self._elements(self._aligned, self._aligned.before())
        return before + self._lay_out(self._aligned, index, block, id_)

    def end(self) -> str:
        """What closes the document: open lists and rows, a translation after it, the notes."""
        parts = [self._close_list(), self._close_row("")]
        if self._later:
            section = self.dialect.tag("section", class_=f"after {ADDED}")
            parts.append(section.around(self._translation_heading("h2"), *self._later))
        parts.append(self.notes.asides())
        return "".join(parts)

    # Layouts: each takes the aligned, the block's index, the block and the id of its element.

    def _interleaved(self, aligned: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        below = self._elements(aligned, aligned.take(index))
        return self._element(block, self._inline(block), aligned.gap(index, block) + below, id_)

    def _hidden(self, aligned: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        answers, others = _divided(aligned.take(index))
        below = self._elements(aligned, answers)
        if below:
            summary = self._translation_heading("summary")
            below = self.dialect.tag("details", class_=ADDED).around(summary, below)
        below += aligned.gap(index, block) + self._elements(aligned, others)
        return self._element(block, self._inline(block), below, id_)

    def _noted(self, aligned: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        answers, others = _divided(aligned.take(index))
        inner = self._inline(block)
        words = " ".join(filter(None, map(aligned.words, answers)))
        if words:
            place = self.notes.new_place()
            text = aligned.tag("span").around(words)
            target = self.notes.add_aside(text, place, class_=f"note {ADDED}")
            mark = self.notes.reference(
                target, f"tr-ref {ADDED}", place, label=self._labels["translation"]
            )
            inner += mark.around(aligned.label)
        below = aligned.gap(index, block) + self._elements(aligned, others)
        return self._element(block, inner, below, id_)

    def _jumping(self, aligned: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        inner = self._inline(block)
        for piece in aligned.take(index):
            back = self.notes.new_place() if piece.matched else ""
            element = aligned.element(piece, back)
            if back and element:
                target = self.notes.new_place()
                link = self.dialect.tag(
                    "a",
                    class_=f"tr-ref {ADDED}",
                    id=back,
                    href=f"#{target}",
                    lang=self._labels.language,
                    aria_label=self._labels["translation"],
                )
                inner += link.around(aligned.label)
                element = self.dialect.tag("div", id=target).around(element)
            self._later.append(element)
        return self._element(block, inner, aligned.gap(index, block), id_)

    def _columns(self, aligned: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        gap = aligned.gap(index, block)
        self._row.append(self._element(block, self._inline(block), "", id_) + self._close_list())
        if index in aligned.plan.joined:
            return ""
        return self._close_row(gap + self._elements(aligned, aligned.take(index)))

    def _close_row(self, beside: str) -> str:
        if not self._row and not beside:
            return ""
        column = self.dialect.tag("div", class_="column")
        row = column.around(*self._row) + column.around(beside)
        self._row = []
        return self.dialect.tag("div", class_="row").around(row)

    def _sentences(self, aligned: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        plan = aligned.plan
        bounds = [0, *(span.start for span in block.sentences[1:]), len(block.text)]
        below = self._elements(aligned, aligned.take(index))
        places = [(index, number) for number in range(len(bounds) - 1)]
        pieces = [piece for place in places for piece in plan.after_sentence.get(place, ())]
        if not pieces or not block.text or self.blocks.picture(block):
            below = aligned.gap(index, block) + self._elements(aligned, pieces) + below
            return self._element(block, self._inline(block), below, id_)
        block = self.blocks.with_new_anchors(block)
        line = self.dialect.tag("span", class_="sentence")
        lines: list[str] = []
        parts = iter(self.renderer.parts(block, sorted({*bounds}), self.notes))
        for number, (start, end) in enumerate(pairwise(bounds)):
            part = next(parts) if start < end else ""
            lines.append(line.around(part) if part else "")
            lines.extend(map(aligned.sentence, plan.after_sentence.get((index, number), ())))
            if (index, number) not in plan.linked_sentences:
                lines.append(aligned.missing("span"))
        return self._element(block, "".join(lines), below, id_)

    # What any layout needs.

    def _translation_heading(self, name: str) -> str:
        heading = self.dialect.tag(name, lang=self._labels.language)
        return heading.around(escape(self._labels["translation"]))

    def _inline(self, block: Block) -> str:
        block = self.blocks.with_new_anchors(block)
        if block.kind is BlockKind.IMAGE and self.blocks.picture(block):
            # Its text is the picture's description; only what links lead to is left of it.
            anchors = [mark for mark in block.marks if mark.kind is MarkKind.ANCHOR]
            marks = tuple(replace(mark, start=0, end=0) for mark in anchors)
            return self.renderer.inline(Block("", marks=marks))
        return self.renderer.inline(block, self.notes)

    def _elements(self, aligned: AlignedTranslation, pieces: Iterable[Piece]) -> str:
        return "".join(map(aligned.element, pieces))

    def _element(self, block: Block, inner: str, below: str, id_: str) -> str:
        """The block's element; lists open before their first item and close after their last."""
        element = self.blocks.element(block, inner, below=self._in_other(block) + below, id_=id_)
        if block.kind is not BlockKind.LIST_ITEM:
            return self._close_list() + element
        opening = "" if self._in_list else self.dialect.tag("ul").open
        self._in_list = True
        return opening + element

    def _close_list(self) -> str:
        closing = self.dialect.tag("ul").close if self._in_list else ""
        self._in_list = False
        return closing

    def _in_other(self, block: Block) -> str:
        """The block in the other script, where both are asked for."""
        if self._other is None or not block.tokens or block.kind in _AS_THEY_ARE:
            return ""
        script, language = self._other
        tag = self.dialect.tag("p", class_=f"other {ADDED}", lang=language)
        return tag.around(self.renderer.in_script(block, script))


def _divided(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Pieces that answer something in the text, and those that do not."""
    return [p for p in pieces if p.matched], [p for p in pieces if not p.matched]
