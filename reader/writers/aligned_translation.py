"""A translation beside the text: where each part stands, its blocks and sentences as elements."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from reader.markup import ADDED, Tag, escape
from reader.model import Block, BlockKind, Link, Mark, MarkKind, Segment, Span, Translation
from reader.options import Layout
from reader.writers.body import direction
from reader.writers.labels import labels_in
from reader.writers.xhtml import Renderer

Place = tuple[int, int]
"""A sentence: block, index in it."""

BEFORE = -1
"""Stands for the place before the first block."""
AT_END = sys.maxsize
"""Stands for the place after the last block: of a translation that was never aligned."""


class Piece(NamedTuple):
    """A block of the translation, or one of its sentences, to be shown at some place."""

    block: int
    sentence: int | None
    matched: bool
    """False where nothing in the text answers it."""


@dataclass(frozen=True, slots=True)
class Placement:
    """What of a translation stands after which part of the text; every part of it once.

    Parts that nothing in the text answers stand after what precedes them in the translation.
    """

    after: Mapping[int, Sequence[Piece]] = field(default_factory=dict)
    """By block of the text, or `BEFORE`."""
    linked: frozenset[int] = frozenset()
    """Blocks of the text that have a counterpart."""
    joined: frozenset[int] = frozenset()
    """Blocks whose counterpart is also the next block's."""
    after_sentence: Mapping[Place, Sequence[Piece]] = field(default_factory=dict)
    linked_sentences: frozenset[Place] = frozenset()


def place_translation(translation: Translation, *, sentences: bool) -> Placement:
    """Lay out a translation by its block links, or with `sentences` by its sentence links too.

    With sentences, a block of the translation whose sentences are linked does not stand in
    `after`; its sentences stand in `after_sentence`.
    """
    whole = [link for link in translation.links if _is_whole(link)]
    fine = [link for link in translation.links if not _is_whole(link)] if sentences else []
    anchors = _anchors(whole)
    split = {segment.block for link in fine if link.sources for segment in link.targets}
    after: dict[int, list[Piece]] = {}
    place = BEFORE if anchors else AT_END
    for number in range(len(translation.blocks)):
        matched = number in anchors
        place = max(anchors[number]) if matched else place
        if number not in split:
            after.setdefault(place, []).append(Piece(number, None, matched))
    answered = [link for link in whole if link.targets]
    sources = [sorted({segment.block for segment in link.sources}) for link in answered]
    after_sentence, linked_sentences = _sentences(translation, fine, split)
    return Placement(
        after,
        frozenset(block for blocks in sources for block in blocks),
        frozenset(a for blocks in sources for a, b in pairwise(blocks) if b == a + 1),
        after_sentence,
        linked_sentences,
    )


def _is_whole(link: Link) -> bool:
    return all(segment.sentence is None for segment in (*link.sources, *link.targets))


def _anchors(links: Iterable[Link]) -> dict[int, list[int]]:
    """For each linked block of the translation, the blocks of the text it answers."""
    found: dict[int, list[int]] = {}
    for link in links:
        for target in link.targets:
            if link.sources:
                found.setdefault(target.block, []).extend(s.block for s in link.sources)
    return found


def _sentences(
    translation: Translation, links: Sequence[Link], blocks: set[int]
) -> tuple[dict[Place, list[Piece]], frozenset[Place]]:
    """Sentences of `blocks` of the translation by the sentence of the text they stand after."""
    anchors: dict[Place, Place] = {}
    linked: set[Place] = set()
    for link in links:
        if not link.sources or not link.targets:
            continue
        sources = [_place(segment) for segment in link.sources]
        linked.update(sources)
        for target in link.targets:
            anchors.setdefault(_place(target), max(sources))
    first: dict[int, Place] = {}
    for (block, _), anchor in anchors.items():
        first[block] = min(anchor, first.get(block, anchor))
    found: dict[Place, list[Piece]] = {}
    for block in sorted(blocks):
        place = first[block]
        for number in range(max(1, len(translation.blocks[block].sentences))):
            matched = (block, number) in anchors
            place = anchors.get((block, number), place)
            found.setdefault(place, []).append(Piece(block, number, matched))
    return found, frozenset(linked)


def _place(segment: Segment) -> Place:
    return segment.block, segment.sentence or 0


_SILENT = frozenset((BlockKind.IMAGE, BlockKind.SEPARATOR, BlockKind.CODE))
"""Kinds of which nobody expects a translation."""


class AlignedTranslation:
    """A document's translation and where its parts stand; one for all content documents."""

    def __init__(self, translation: Translation, layout: Layout, renderer: Renderer) -> None:
        self.layout = layout
        self.plan = place_translation(translation, sentences=layout is Layout.SENTENCES)
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
