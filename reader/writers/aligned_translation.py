"""A translation beside the text: where each part of it stands, and its markup.

The links between the two decide the place. Every part of the translation is shown once, whether
anything in the text answers it or not: what was left over would be missed by nobody.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

from reader.markup import ADDED, Tag, escape
from reader.model import Block, BlockKind, Link, Mark, MarkKind, Segment, Span, Translation
from reader.options import Layout
from reader.writers.elements import direction
from reader.writers.labels import labels_in
from reader.writers.notes import ChapterNotes
from reader.writers.xhtml import Renderer

__all__ = [
    "AT_END",
    "BEFORE",
    "AlignedTranslation",
    "Piece",
    "Placement",
    "place_translation",
]

Sentence = tuple[int, int]
"""Block, and index of the sentence in it."""

BEFORE = -1
"""Stands for the place before the first block."""
AT_END = sys.maxsize
"""Stands for the place after the last block: of a translation that was never aligned."""

_NOT_TRANSLATED = frozenset((BlockKind.IMAGE, BlockKind.SEPARATOR, BlockKind.CODE))
"""Kinds of which nobody expects a translation."""


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
    after_sentence: Mapping[Sentence, Sequence[Piece]] = field(default_factory=dict)
    linked_sentences: frozenset[Sentence] = frozenset()


def place_translation(translation: Translation, *, sentences: bool) -> Placement:
    """Place a translation by its block links, or with `sentences` by its sentence links too.

    With sentences, a block of the translation whose sentences are linked does not stand in
    `after`; its sentences stand in `after_sentence`.

    >>> links = (Link((Segment(0),), (Segment(1),), 1.0),)
    >>> placement = place_translation(
    ...     Translation("en", (Block("Preface."), Block("Tea.")), links), sentences=False
    ... )
    >>> {place: [piece.block for piece in pieces] for place, pieces in placement.after.items()}
    {-1: [0], 0: [1]}
    """
    block_links, sentence_links = _by_kind(translation.links)
    after_sentence: Mapping[Sentence, Sequence[Piece]] = {}
    linked_sentences = frozenset[Sentence]()
    split: set[int] = set()
    if sentences:
        split = {s.block for link in sentence_links if link.sources for s in link.targets}
        after_sentence, linked_sentences = _place_sentences(translation, sentence_links, split)
    linked: set[int] = set()
    joined: set[int] = set()
    for link in block_links:
        if link.targets:
            blocks = sorted({segment.block for segment in link.sources})
            linked.update(blocks)
            joined.update(one for one, next_ in pairwise(blocks) if next_ == one + 1)
    return Placement(
        _place_blocks(translation, block_links, split),
        frozenset(linked),
        frozenset(joined),
        after_sentence,
        linked_sentences,
    )


def _by_kind(links: Iterable[Link]) -> tuple[list[Link], list[Link]]:
    """The links between blocks, and those between sentences."""
    of_blocks: list[Link] = []
    of_sentences: list[Link] = []
    for link in links:
        whole = all(segment.sentence is None for segment in (*link.sources, *link.targets))
        (of_blocks if whole else of_sentences).append(link)
    return of_blocks, of_sentences


def _place_blocks(
    translation: Translation, links: Iterable[Link], split: set[int]
) -> dict[int, list[Piece]]:
    """The blocks of the translation, but for those `split` into sentences, by their place."""
    # Of each linked block of the translation, the last block of the text that it answers.
    anchors: dict[int, int] = {}
    for link in links:
        if link.sources:
            last = max(segment.block for segment in link.sources)
            for target in link.targets:
                anchors[target.block] = max(last, anchors.get(target.block, BEFORE))
    after: dict[int, list[Piece]] = {}
    # What was never aligned goes to the end as a whole; what precedes the first link to the start.
    place = BEFORE if anchors else AT_END
    for number in range(len(translation.blocks)):
        place = anchors.get(number, place)
        if number not in split:
            after.setdefault(place, []).append(Piece(number, None, number in anchors))
    return after


def _place_sentences(
    translation: Translation, links: Sequence[Link], split: set[int]
) -> tuple[dict[Sentence, list[Piece]], frozenset[Sentence]]:
    """Sentences of the blocks `split`, by the sentence of the text that they stand after."""
    anchors: dict[Sentence, Sentence] = {}
    linked: set[Sentence] = set()
    for link in links:
        if not link.sources or not link.targets:
            continue
        sources = [_sentence(segment) for segment in link.sources]
        linked.update(sources)
        for target in link.targets:
            anchors.setdefault(_sentence(target), max(sources))
    first: dict[int, Sentence] = {}
    for (block, _), anchor in anchors.items():
        first[block] = min(anchor, first.get(block, anchor))
    after: dict[Sentence, list[Piece]] = {}
    for block in sorted(split):
        # What stands before the first linked sentence goes with it.
        place = first[block]
        for number in range(max(1, len(translation.blocks[block].sentences))):
            matched = (block, number) in anchors
            place = anchors.get((block, number), place)
            after.setdefault(place, []).append(Piece(block, number, matched))
    return after, frozenset(linked)


class SentencePairs(NamedTuple):
    """The numbers of pairs of sentences that answer each other, by sentence."""

    sources: Mapping[Sentence, str]
    targets: Mapping[Sentence, str]
    """Several with spaces between, where one sentence answers more than one."""


def _sentence_pairs(links: Iterable[Link]) -> SentencePairs:
    sources: dict[Sentence, str] = {}
    targets: dict[Sentence, str] = {}
    for number, link in enumerate(_by_kind(links)[1], 1):
        if link.sources and link.targets:
            for segment in link.sources:
                sources.setdefault(_sentence(segment), str(number))
            for segment in link.targets:
                before = targets.get(_sentence(segment))
                targets[_sentence(segment)] = f"{before} {number}" if before else str(number)
    return SentencePairs(sources, targets)


def _sentence(segment: Segment) -> Sentence:
    return segment.block, segment.sentence or 0


class AlignedTranslation:
    """The markup of a document's translation; one for all content documents.

    A piece is handed out once: what a block of the text takes is not there for another.
    """

    def __init__(
        self, translation: Translation, layout: Layout, renderer: Renderer, *, paired: bool = False
    ) -> None:
        """Where `paired`, sentences that answer each other bear the number of their pair."""
        self.layout = layout
        # Sentences that stand below each other need no number.
        paired = paired and layout is not Layout.SENTENCES
        self.pairs = _sentence_pairs(translation.links) if paired else SentencePairs({}, {})
        self.placement = place_translation(translation, sentences=layout is Layout.SENTENCES)
        self.label = translation.language.split("-")[0].upper()
        self._blocks = translation.blocks
        self._language = translation.language
        self._labels = labels_in(renderer.options.labels)
        self._renderer = renderer
        self._dialect = renderer.dialect
        # A copy: what is taken is gone.
        self._left = dict(self.placement.after)

    def take(self, place: int) -> Sequence[Piece]:
        """The pieces that stand after a block of the text, once."""
        return self._left.pop(place, ())

    def before(self) -> str:
        """What stands before the text, once."""
        return self.elements(self.take(BEFORE))

    def rest(self) -> str:
        """What no block has called for: all of a translation that was never aligned."""
        return "".join(self.elements(self.take(place)) for place in sorted(self._left))

    def elements(self, pieces: Iterable[Piece]) -> str:
        """Blocks of the translation, one after the other."""
        return "".join(map(self.element, pieces))

    def words(self, piece: Piece) -> str:
        """The inline markup of a block or sentence of the translation."""
        block = _without_ids(self._blocks[piece.block])
        if not block.text.strip():
            return ""
        if piece.sentence is not None and block.sentences:
            block = _part_of(block, block.sentences[piece.sentence])
        elif any((piece.block, at) in self.pairs.targets for at in range(len(block.sentences))):
            return self._paired(piece.block, block)
        return self._renderer.inline(block).strip()

    def _paired(self, index: int, block: Block) -> str:
        """The inline markup of a block, its sentences that answer others numbered."""
        numbers = [self.pairs.targets.get((index, at), "") for at in range(len(block.sentences))]
        parts = self.in_sentences(block)
        return "".join(
            self._dialect.tag("span", data_t=number).around(part) if number and part else part
            for number, part in zip(numbers, parts, strict=True)
        ).strip()

    def numbered(self, index: int, block: Block, notes: ChapterNotes) -> str | None:
        """The inline markup of a block of the text, its sentences numbered; None if none is."""
        count = max(1, len(block.sentences))
        numbers = [self.pairs.sources.get((index, at), "") for at in range(count)]
        if not any(numbers):
            return None
        return "".join(
            self._dialect.tag("span", data_s=number).around(part) if number and part else part
            for number, part in zip(numbers, self.in_sentences(block, notes), strict=True)
        )

    def in_sentences(self, block: Block, notes: ChapterNotes | None = None) -> list[str]:
        """The inline markup of each sentence of a block, the white space behind it with it."""
        bounds = [0, *(span.start for span in block.sentences[1:]), len(block.text)]
        parts = iter(self._renderer.parts(block, sorted({*bounds}), notes))
        return [next(parts) if start < end else "" for start, end in pairwise(bounds)]

    def tag(self, name: str) -> Tag:
        """An element for words of the translation."""
        language = self._language
        return self._dialect.tag(name, class_=f"tr {ADDED}", lang=language, dir=direction(language))

    def element(self, piece: Piece, back: str = "") -> str:
        """A block of the translation; `back` is the id of the block that it translates."""
        words = self.words(piece)
        # An empty paragraph, such as a picture of the source, leaves nothing to show.
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
        expected = block.kind not in _NOT_TRANSLATED and bool(block.text.strip())
        linked = self.placement.linked
        return self.missing("p") if expected and linked and index not in linked else ""

    def missing(self, name: str) -> str:
        """Words that say that nothing in the translation answers."""
        tag = self._dialect.tag(name, class_=f"tr flag {ADDED}", lang=self._labels.language)
        return tag.around(escape(self._labels["no-translation"]))

    def _flag(self, piece: Piece) -> str:
        if piece.matched or not self.placement.linked:
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


def _part_of(block: Block, span: Span) -> Block:
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
