"""The body of one content document: blocks in, markup out, the translation in its layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from reader.markup import ADDED, escape
from reader.model import CELL_GAP, Block, BlockKind, MarkKind
from reader.options import Layout, Script
from reader.writers.elements import CELL_END, BlockWriter, Holders
from reader.writers.labels import labels_in
from reader.writers.notes import ChapterNotes
from reader.writers.xhtml import Renderer

if TYPE_CHECKING:
    from reader.writers.aligned_translation import AlignedTranslation, Piece

_AS_THEY_ARE = frozenset((BlockKind.CODE, BlockKind.IMAGE, BlockKind.SEPARATOR))
"""Kinds that read the same in both scripts."""


class Body:
    """The markup of one content document, block by block, in text order."""

    def __init__(
        self,
        renderer: Renderer,
        notes: ChapterNotes,
        translation: AlignedTranslation | None = None,
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
        self._translation = translation
        self._other = other
        self._holders = Holders(self.dialect)
        self._row: list[str] = []
        self._later: list[str] = []
        layouts: Mapping[Layout, Callable[[AlignedTranslation, int, Block, str], str]] = {
            Layout.INTERLEAVED: self._interleaved,
            Layout.SENTENCES: self._sentences,
            Layout.COLUMNS: self._columns,
            Layout.HIDDEN: self._hidden,
            Layout.NOTES: self._noted,
            Layout.AFTER: self._linked,
        }
        self._lay_out = layouts[translation.layout] if translation is not None else None

    def add(self, index: int, block: Block, id_: str = "") -> str:
        """The markup of block number `index` of the document and of what stands beside it.

        `id_` names the element where the block brings no id along.
        """
        if self._translation is None or self._lay_out is None:
            return self._element(block, self._inline(block), "", id_)
        before = "" if index else self._translation.before()
        return before + self._lay_out(self._translation, index, block, id_)

    def end(self) -> str:
        """What closes the document: open lists and rows, a translation after it, the notes."""
        # Order matters: a list stands in its row, and both in the body before the notes.
        parts = [self._holders.end(), self._close_row("")]
        if self._later:
            section = self.dialect.tag("section", class_=f"after {ADDED}")
            parts.append(section.around(self._translation_heading("h2"), *self._later))
        parts.append(self.notes.end())
        return "".join(filter(None, parts))

    # Layouts: each takes the translation, the block's index, the block and an id for its element.

    def _interleaved(self, tr: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        below = tr.elements(tr.take(index))
        return self._element(block, self._inline(block, index), tr.gap(index, block) + below, id_)

    def _hidden(self, tr: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        matched, unmatched = _divided(tr.take(index))
        below = tr.elements(matched)
        if below:
            summary = self._translation_heading("summary")
            below = self.dialect.tag("details", class_=ADDED).around(summary, below)
        below += tr.gap(index, block) + tr.elements(unmatched)
        return self._element(block, self._inline(block, index), below, id_)

    def _noted(self, tr: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        matched, unmatched = _divided(tr.take(index))
        inner = self._inline(block, index)
        words = " ".join(filter(None, map(tr.words, matched)))
        if words:
            place = self.notes.new_place()
            text = tr.tag("span").around(words)
            target = self.notes.add_aside(text, place, class_=f"note {ADDED}")
            mark = self.notes.reference(
                target, f"tr-ref {ADDED}", place, label=self._labels["translation"]
            )
            inner += mark.around(tr.label)
        below = tr.gap(index, block) + tr.elements(unmatched)
        return self._element(block, inner, below, id_)

    def _linked(self, tr: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        inner = self._inline(block, index)
        for piece in tr.take(index):
            # What answers nothing in the text has no place to lead back to.
            back = self.notes.new_place() if piece.matched else ""
            element = tr.element(piece, back)
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
                inner += link.around(tr.label)
                element = self.dialect.tag("div", id=target).around(element)
            self._later.append(element)
        return self._element(block, inner, tr.gap(index, block), id_)

    def _columns(self, tr: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        gap = tr.gap(index, block)
        element = self._element(block, self._inline(block, index), "", id_)
        self._row.append(element + self._holders.end())
        # Two blocks that one block of the translation answers share a row.
        if index in tr.placement.joined:
            return ""
        return self._close_row(gap + tr.elements(tr.take(index)))

    def _close_row(self, translated: str) -> str:
        if not self._row and not translated:
            return ""
        column = self.dialect.tag("div", class_="column")
        row = column.around(*self._row) + column.around(translated)
        self._row = []
        return self.dialect.tag("div", class_="row").around(row)

    def _sentences(self, tr: AlignedTranslation, index: int, block: Block, id_: str) -> str:
        placement = tr.placement
        # White space between two sentences goes with the one before it.
        below = tr.elements(tr.take(index))
        places = [(index, number) for number in range(max(1, len(block.sentences)))]
        pieces = [piece for place in places for piece in placement.after_sentence.get(place, ())]
        # Without sentence links the block is shown whole, and its translation below it.
        if not (pieces and self._has_lines(block)):
            below = tr.gap(index, block) + tr.elements(pieces) + below
            return self._element(block, self._inline(block), below, id_)
        block = self.blocks.with_new_anchors(block)
        line = self.dialect.tag("span", class_="sentence")
        lines: list[str] = []
        for number, part in enumerate(tr.in_sentences(block, self.notes)):
            lines.append(line.around(part) if part else "")
            lines.extend(map(tr.sentence, placement.after_sentence.get((index, number), ())))
            if (index, number) not in placement.linked_sentences:
                lines.append(tr.missing("span"))
        return self._element(block, "".join(lines), below, id_)

    def _has_lines(self, block: Block) -> bool:
        """Whether the sentences of a block may stand on lines of their own."""
        return (
            bool(block.text) and block.kind is not BlockKind.ROW and not self.blocks.picture(block)
        )

    # What any layout needs.

    def _translation_heading(self, name: str) -> str:
        heading = self.dialect.tag(name, lang=self._labels.language)
        return heading.around(escape(self._labels["translation"]))

    def _inline(self, block: Block, index: int = -1) -> str:
        """The content of a block's element, with the numbers of its sentences where it has any."""
        block = self.blocks.with_new_anchors(block)
        if block.kind is BlockKind.IMAGE and self.blocks.picture(block):
            # Its text is the picture's description; only what links lead to is left of it.
            anchors = [mark for mark in block.marks if mark.kind is MarkKind.ANCHOR]
            marks = tuple(replace(mark, start=0, end=0) for mark in anchors)
            return self.renderer.inline(Block("", marks=marks))
        if block.kind is BlockKind.ROW and not self.blocks.picture(block):
            # The gap stays at the end of a cell: it is part of the text.
            ends = [at for at, c in enumerate(block.text, 1) if c == CELL_GAP]
            bounds = sorted({0, *ends, len(block.text)})
            return CELL_END.join(self.renderer.parts(block, bounds, self.notes))
        numbered = self._translation and self._translation.numbered(index, block, self.notes)
        return numbered or self.renderer.inline(block, self.notes)

    def _element(self, block: Block, inner: str, below: str, id_: str) -> str:
        """The block's element; lists and tables open before their first part and close after their
        last."""
        element = self.blocks.element(block, inner, below=self._in_other(block) + below, id_=id_)
        before = self._holders.end() if self.blocks.picture(block) else self._holders.before(block)
        return before + element

    def _in_other(self, block: Block) -> str:
        """The block in the other script, where both are asked for and it is not the same."""
        if self._other is None or not block.tokens or block.kind in _AS_THEY_ARE:
            return ""
        script, language = self._other
        converted = self.renderer.in_script(block, script)
        if converted == escape(self.renderer.text(block)):
            return ""
        tag = self.dialect.tag("p", class_=f"other {ADDED}", lang=language)
        return tag.around(converted)


def _divided(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """Pieces that answer something in the text, and those that do not."""
    return [p for p in pieces if p.matched], [p for p in pieces if not p.matched]
