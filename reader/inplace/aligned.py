"""A translation lined up with a whole book, and what of it stands beside each passage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import TYPE_CHECKING, TypeAlias

from reader.epub.edits import Edit
from reader.epub.passages import Passage
from reader.errors import OptionError, SourceError
from reader.inplace.dialect import HOLDS_PARAGRAPHS
from reader.markup import Tag, escape
from reader.model import (
    Block,
    BlockKind,
    Document,
    DocumentWarning,
    Mark,
    MarkKind,
    Metadata,
    Translation,
)
from reader.options import Layout
from reader.writers.aligned_translation import AT_END, Piece, place_translation
from reader.writers.labels import Labels
from reader.writers.notes import ChapterNotes

if TYPE_CHECKING:
    from reader.alignment import Pair
    from reader.glossary import Glossary
    from reader.inplace.contents import Book
    from reader.inplace.dialect import BookDialect
    from reader.lexicon import Lexicon

__all__ = [
    "BookTranslation",
    "PassageTranslation",
    "TranslationEdits",
    "align_book",
    "below",
    "closing_section",
]

CLASS = "translation"
MARK = "*"

_PARAGRAPH = re.compile("p|h[1-6]")
_REFERENCE = re.compile(
    r"\s?[\[(（〔【［]?[注註]?(?:\d{1,4}|[①-⓿❶-➓]|[*†‡§※]{1,3})[\])）〕】］]?\s?|\s?[↩⤴↑⏎]\ufe0e?\s?"
)
"""What a link to a note, or back from one, shows."""
# The end of elements, and the numbers of notes that say so: those are no text of the passage.
_CLOSING = re.compile(
    rb"(?:\s{0,9}+</[^<>]*+>|\s{0,9}+(?:<(?:\w+:)?(?:sup|small|span)\b[^<>]*+>){0,3}"
    rb"<(?:\w+:)?a\b(?=[^<>]*noteref)[^<>]*+>(?:<(?:\w+:)?(?:sup|small|span)\b[^<>]*+>){0,3}"
    rb"[^<]{0,20}+(?=</)){0,30}"
)

Place: TypeAlias = tuple[str, int]
"""A content document and the number of a passage in it."""


@dataclass(slots=True)
class PassageTranslation:
    """What of a translation stands beside one passage."""

    below: list[str] = field(default_factory=list)
    """Paragraphs behind it."""
    inside: list[tuple[int, str]] = field(default_factory=list)
    """Sentences, each behind the code point where the one that it translates ends."""


@dataclass(slots=True)
class BookTranslation:
    """By content document and number of passage, what of the translation stands there."""

    language: str = ""
    by_document: dict[str, dict[int, PassageTranslation]] = field(default_factory=dict)
    warnings: tuple[DocumentWarning, ...] = ()

    def at(self, place: Place) -> PassageTranslation:
        """What stands at a place, to be added to."""
        document, passage = place
        passages = self.by_document.setdefault(document, {})
        return passages.setdefault(passage, PassageTranslation())


def align_book(
    book: Book,
    translation: Document | Translation | str | PathLike[str],
    layout: Layout,
    *,
    pairs: Sequence[Pair] = (),
    language: str,
    force: bool,
    glossary: Glossary | None,
    lexicon: Lexicon | None,
) -> BookTranslation:
    """`translation` lined up with the text of `book`, which is in `language`.

    Raises `AlignmentError` when the two do not belong together, `OptionError` for columns.
    """
    # Few books have a translation, and what aligns one takes long to import.
    from reader.alignment import align
    from reader.sources import read

    if layout is Layout.COLUMNS:
        message = "a book that is annotated in place cannot be set in columns"
        raise OptionError(f"{message}; choose another layout", path=book.container.path)
    if not isinstance(translation, Document | Translation):
        translation = read(translation, language="en")
    places, blocks = _text(book, force=force)
    if not blocks:
        raise SourceError("holds no Chinese text to annotate", path=book.container.path)
    document = Document(Metadata(language=language), tuple(blocks))
    aligned = align(document, translation, anchors=pairs, lexicon=lexicon, glossary=glossary)
    assert aligned.translation is not None
    return _divided(aligned, aligned.translation, places, sentences=layout is Layout.SENTENCES)


def _text(book: Book, *, force: bool) -> tuple[list[Place], list[Block]]:
    """Every passage of the book that will be annotated, in reading order, and its place."""
    places: list[Place] = []
    blocks: list[Block] = []
    for name in book.documents:
        for number, passage in enumerate(book.passages(name, force=force)):
            if passage.is_annotatable:
                heading = passage.element[:1] == "h" and passage.element[1:].isdigit()
                places.append((name, number))
                kind = BlockKind.HEADING if heading else BlockKind.PARAGRAPH
                blocks.append(Block(passage.text, kind, marks=tuple(_references(passage))))
    return places, blocks


def _references(passage: Passage) -> Iterator[Mark]:
    """The numbers of notes in a passage, and arrows back: they stay with their sentence."""
    for link in passage.inlines:
        shown = passage.text[link.start : link.end]
        if link.name == "a" and link.attributes.get("href") and _REFERENCE.fullmatch(shown):
            yield Mark(link.start, link.end, MarkKind.NOTE_REFERENCE)


def _divided(
    document: Document, translation: Translation, places: list[Place], *, sentences: bool
) -> BookTranslation:
    """The aligned translation, cut up by content document and passage."""
    plan = place_translation(translation, sentences=sentences)
    warnings = tuple(replace(warning, block=None) for warning in document.warnings)
    divided = BookTranslation(translation.language, warnings=warnings)
    last = len(places) - 1
    for block, pieces in plan.after.items():
        # What comes before the text stands below its first passage: nothing is put above it.
        number = last if block == AT_END else max(block, 0)
        divided.at(places[number]).below += _texts(translation, pieces)
    for (block, sentence), pieces in plan.after_sentence.items():
        spans = document.blocks[block].sentences
        offset = spans[sentence].end if sentence < len(spans) else len(document.blocks[block].text)
        text = " ".join(_texts(translation, pieces))
        divided.at(places[block]).inside.append((offset, text))
    return divided


def _texts(translation: Translation, pieces: Iterable[Piece]) -> list[str]:
    # As plain text: links and pictures of the translation have no place in this book.
    texts = []
    for piece in pieces:
        block = translation.blocks[piece.block]
        text = block.text
        if piece.sentence is not None and block.sentences:
            span = block.sentences[piece.sentence]
            text = text[span.start : span.end]
        texts.append(" ".join(text.split()))
    return [text for text in texts if text]


class TranslationEdits:
    """The translation of one passage, as markup and places for it."""

    def __init__(
        self,
        translation: PassageTranslation,
        passage: Passage,
        source: bytes,
        dialect: BookDialect,
        language: str,
    ) -> None:
        self._translation = translation
        self._passage = passage
        self._source = source
        self._dialect = dialect
        self._language = language
        self._between: list[Edit] = []

    def cuts(self) -> dict[int, str]:
        """Markup to stand inside pieces that can be cut, by offset; the rest goes between them."""
        markups: dict[int, str] = {}
        pieces = self._passage.pieces
        ends = [piece.start + len(piece.text) for piece in pieces if self._translation.inside]
        for offset, text in self._translation.inside:
            markup = self._tag("span").around(" ", escape(text), " ")
            piece = pieces[bisect_left(ends, offset)]
            # At the edge of a piece, or where one cannot be cut, it goes between two pieces.
            whole = piece.verbatim or piece.cdata or not piece.annotatable
            if whole or offset in (piece.start, piece.start + len(piece.text)):
                at = piece.end if piece.cdata else self._outside(piece.end)
                # Tags are no tags in CDATA: the section is ended before them and goes on behind.
                between = f"]]>{markup}<![CDATA[" if piece.cdata else markup
                self._between.append((at, at, between.encode()))
            else:
                markups[offset] = markups.get(offset, "") + markup
        return markups

    def _outside(self, at: int) -> int:
        """The byte behind elements that end at `at` and numbers of notes that follow.

        A link is no place for a translation, and a number stays with its sentence.
        """
        closing = _CLOSING.match(self._source, at, self._passage.stop)
        return at if closing is None else closing.end()

    def edits(self, layout: Layout, notes: ChapterNotes, at_end: list[str]) -> list[Edit]:
        """What stands between pieces and behind the passage.

        What stands at the end of the document is added to `at_end`.
        """
        texts = self._translation.below
        if not texts:
            return self._between
        if layout is Layout.NOTES:
            return [*self._between, self._noted(texts, notes)]
        if layout is Layout.AFTER:
            at_end += [self._tag("p").around(escape(text)) for text in texts]
            return self._between
        if layout is Layout.HIDDEN and not self._dialect.epub2 and self._stands_apart():
            return [*self._between, self._hidden(texts, notes.labels)]
        lines = (
            below(self._passage, self._source, self._dialect, CLASS, self._language, escape(text))
            for text in texts
        )
        return [*self._between, *lines]

    def _noted(self, texts: Sequence[str], notes: ChapterNotes) -> Edit:
        place = notes.new_place()
        text = self._tag("span").around(escape(" ".join(texts)))
        target = notes.add_aside(text, place, class_="note")
        label = notes.labels["translation"]
        mark = notes.reference(target, "tr-ref", place, label=label).around(MARK)
        return self._passage.stop, self._passage.stop, mark.encode()

    def _hidden(self, texts: Sequence[str], labels: Labels) -> Edit:
        summary = _title(self._dialect, "summary", labels)
        lines = [self._tag("p").around(escape(text)) for text in texts]
        details = self._dialect.tag("details").around(summary, *lines)
        at = _behind(self._passage, self._source)
        return at, at, details.encode()

    def _stands_apart(self) -> bool:
        return _behind(self._passage, self._source) != self._passage.stop

    def _tag(self, name: str) -> Tag:
        return self._dialect.tag(name, class_=CLASS, lang=self._language)


def closing_section(dialect: BookDialect, at_end: Sequence[str], labels: Labels) -> str:
    """The section at the end of a document that holds the translation, if any."""
    if not at_end:
        return ""
    heading = _title(dialect, "h2", labels)
    return dialect.tag("section", class_="after").around(heading, *at_end)


def _title(dialect: BookDialect, name: str, labels: Labels) -> str:
    return dialect.tag(name, lang=labels.language).around(escape(labels["translation"]))


def below(
    passage: Passage, source: bytes, dialect: BookDialect, kind: str, language: str, markup: str
) -> Edit:
    """Markup below a passage: a paragraph behind its element, or a line inside it."""
    at = _behind(passage, source)
    if at == passage.stop:
        line = dialect.line(passage.around[-1].name, kind, language)
    else:
        line = dialect.tag("p", class_=kind, lang=language)
    return at, at, line.around(markup).encode()


def _behind(passage: Passage, source: bytes) -> int:
    """The byte behind a passage's element, if a paragraph may stand there; else its end."""
    holder = passage.around[-2].name if len(passage.around) > 1 else ""
    if passage.last and _PARAGRAPH.fullmatch(passage.element) and holder in HOLDS_PARAGRAPHS:
        return source.index(b">", passage.stop) + 1
    return passage.stop
