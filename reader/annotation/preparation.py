"""What is done to a text itself before it is annotated, where that is asked: conversion, repair."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from reader.annotation.annotator import annotate
from reader.annotation.corrections import apply_corrections
from reader.lexicon import Lexicon
from reader.model import Block, Document, Mark, Span
from reader.scripts import convert as convert_text


def convert(document: Document, config: str) -> Document:
    """The document in another script or vocabulary (`tw2sp`: 硬體 becomes 硬件), by OpenCC.

    Marks keep their words even where a conversion changes the length of the text. Annotation
    and a translation's links would not fit the new text and are dropped: convert first, then
    annotate and align. Raises `OptionError` for a config that OpenCC does not have.
    """
    metadata = replace(
        document.metadata,
        title=convert_text(document.metadata.title, config),
        authors=tuple(convert_text(author, config) for author in document.metadata.authors),
        language="zh",
    )
    blocks = tuple(convert_block(block, config) for block in document.blocks)
    return replace(document, metadata=metadata, blocks=blocks, translation=None, layers=())


def convert_block(block: Block, config: str) -> Block:
    """One block converted; where its length changes, piece by piece between the marks' ends."""
    whole = convert_text(block.text, config)
    if len(whole) == len(block.text):
        return _rebuilt(block, whole, block.marks)
    borders = sorted({0, len(block.text), *_borders(block.marks)})
    moved = {0: 0}
    pieces: list[str] = []
    for start, end in pairwise(borders):
        pieces.append(convert_text(block.text[start:end], config))
        moved[end] = moved[start] + len(pieces[-1])
    marks = tuple(
        replace(mark, start=moved[mark.start], end=moved[mark.end]) for mark in block.marks
    )
    return _rebuilt(block, "".join(pieces), marks)


def _rebuilt(block: Block, text: str, marks: tuple[Mark, ...]) -> Block:
    return Block(
        text,
        block.kind,
        marks=marks,
        level=block.level,
        id=block.id,
        resource=block.resource,
        ordinal=block.ordinal,
        language=block.language,
    )


def _borders(spans: tuple[Span, ...]) -> set[int]:
    return {offset for span in spans for offset in (span.start, span.end)}


def repair(document: Document, *, lexicon: Lexicon | None = None) -> Document:
    """The document with its likely slips corrected in the text, to be annotated (again).

    Those found by annotation, which is done here where it has not been. Tokens, notes, sentences
    and corrections of the blocks that change are dropped, marks and translation stay.
    """
    if any(block.tokens for block in document.blocks):
        blocks = tuple(map(repair_block, document.blocks))
        layers = document.layers if blocks == document.blocks else ()
        return replace(document, blocks=blocks, layers=layers)
    annotated = annotate(document, lexicon=lexicon, layers=["corrections"]).blocks
    blocks = tuple(
        repair_block(replace(block, corrections=found.corrections))
        for block, found in zip(document.blocks, annotated, strict=True)
    )
    return replace(document, blocks=blocks)


def repair_block(block: Block) -> Block:
    """The block with its corrections made in its text, to be annotated again.

    Tokens, notes, sentences and corrections are dropped where it changes; marks stay, since the
    length does.
    """
    if not block.corrections:
        return block
    return replace(
        block,
        text=apply_corrections(block.text, block.corrections),
        tokens=(),
        notes=(),
        sentences=(),
        corrections=(),
    )
