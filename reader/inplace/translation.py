"""A translation lined up with a book, cut up by content document and passage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike

from reader.alignment import Pair, align
from reader.errors import OptionError, SourceError
from reader.glossary import Glossary
from reader.inplace.aligned import Answer
from reader.inplace.contents import Book
from reader.inplace.document import is_annotatable
from reader.lexicon import Lexicon
from reader.model import Block, BlockKind, Document, DocumentWarning, Metadata, Translation
from reader.options import Layout
from reader.sources import read
from reader.writers.beside import AT_END, Piece, beside

__all__ = ["Answers", "answers_for"]

Place = tuple[str, int]
"""A content document and the number of a passage in it."""


@dataclass(slots=True)
class Answers:
    """By content document and number of passage, what of the translation stands there."""

    language: str
    by_document: dict[str, dict[int, Answer]] = field(default_factory=dict)
    warnings: tuple[DocumentWarning, ...] = ()

    def of(self, place: Place) -> Answer:
        document, passage = place
        return self.by_document.setdefault(document, {}).setdefault(passage, Answer())


def answers_for(
    book: Book,
    translation: Document | Translation | str | PathLike[str],
    layout: Layout,
    *,
    pairs: Sequence[Pair] = (),
    language: str,
    force: bool,
    glossary: Glossary | None,
    lexicon: Lexicon | None,
) -> Answers:
    """`translation` lined up with the text of `book`, which is in `language`.

    Raises `AlignmentError` when the two do not belong together, `OptionError` for columns.
    """
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
            if is_annotatable(passage):
                heading = passage.element[:1] == "h" and passage.element[1:].isdigit()
                places.append((name, number))
                kind = BlockKind.HEADING if heading else BlockKind.PARAGRAPH
                blocks.append(Block(passage.text, kind))
    return places, blocks


def _divided(
    document: Document, translation: Translation, places: list[Place], *, sentences: bool
) -> Answers:
    plan = beside(translation, sentences=sentences)
    warnings = tuple(replace(warning, block=None) for warning in document.warnings)
    answers = Answers(translation.language, warnings=warnings)
    last = len(places) - 1
    for place, pieces in plan.after.items():
        # What comes before the text stands below its first passage: nothing is put above it.
        number = last if place == AT_END else max(place, 0)
        answers.of(places[number]).below += _words(translation, pieces)
    for (block, sentence), pieces in plan.after_sentence.items():
        spans = document.blocks[block].sentences
        offset = spans[sentence].end if sentence < len(spans) else len(document.blocks[block].text)
        text = " ".join(_words(translation, pieces))
        answers.of(places[block]).inside.append((offset, text))
    return answers


def _words(translation: Translation, pieces: Iterable[Piece]) -> list[str]:
    found = []
    for piece in pieces:
        block = translation.blocks[piece.block]
        text = block.text
        if piece.sentence is not None and block.sentences:
            span = block.sentences[piece.sentence]
            text = text[span.start : span.end]
        found.append(" ".join(text.split()))
    return [text for text in found if text]
