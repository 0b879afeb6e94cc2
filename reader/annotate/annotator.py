"""Blocks in, annotated blocks out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from reader.annotate.kinds import NUMBER, OTHER, Word
from reader.annotate.plain import PlainReader
from reader.annotate.tokens import Tokens
from reader.annotate.words import Cutter
from reader.lexicon import Lexicon
from reader.model import (
    Block,
    BlockKind,
    Document,
    DocumentWarning,
    Flow,
    Metadata,
    Note,
    Reading,
    ReadingSource,
    Stream,
    Span,
    Token,
)
from reader.options import AnnotateOptions
from reader.scripts import detect, simplify, to_traditional
from reader.sentences import split_sentences

if TYPE_CHECKING:
    from reader.glossary import Glossary

UNREAD = frozenset([BlockKind.CODE, BlockKind.IMAGE, BlockKind.SEPARATOR])
"""Kinds of blocks that hold no Chinese to read."""
LOOK_AHEAD = 64
"""Blocks of a stream that its language is told from."""


class Annotator:
    """Annotates blocks of one text, one by one, in one language.

    `language` is the text's, in BCP 47 (`zh-Hans`, `zh-Hant`, `zh-Hant-TW`, `zh-Hant-HK`).
    Equal tokens are one object across all blocks. `warnings` are those of the last block.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        glossary: Glossary | None = None,
        options: AnnotateOptions | None = None,
        language: str = "zh-Hans",
    ) -> None:
        self._options = options or AnnotateOptions()
        self._language = language
        self._glossary = glossary
        self._cutter = Cutter(lexicon)
        self._reader = PlainReader(lexicon)
        self._tokens = Tokens(lexicon, self._options)
        self.warnings: list[DocumentWarning] = []

    def block(self, block: Block) -> Block:
        """The block with tokens, notes, sentences and corrections; marks stay as they are."""
        self.warnings = []
        text = block.text
        if not text:
            return block
        if block.kind in UNREAD or not _is_chinese(block.language or self._language):
            return replace(block, tokens=self._unread(text), sentences=_sentences(block))
        shadow = simplify(text)
        notes = self._notes(text, shadow)
        words = self._cutter.cut(text, shadow, [(n.start, n.end, 3) for n in notes])
        readings = self._reader.read(words, text, shadow)
        _fix(words, readings, notes)
        tokens = self._made(words, readings, text, shadow)
        return replace(block, tokens=tokens, notes=tuple(notes), sentences=_sentences(block))

    def _notes(self, text: str, shadow: str) -> list[Note]:
        if self._glossary is None:
            return []
        return [
            Note(
                match.start,
                match.end,
                match.entry.term,
                match.entry.simplified,
                match.entry.traditional,
                match.entry.syllables,
                match.entry.gloss,
                match.entry.note,
                match.entry.tags,
            )
            for match in self._glossary.find(text, shadow)
        ]

    def _made(
        self, words: list[Word], readings: list[Reading | None], text: str, shadow: str
    ) -> tuple[Token, ...]:
        token = self._tokens.token
        hans = self._language.startswith("zh-Hans")
        other = to_traditional(text, self._language) if hans else text
        self._warn_of_unread(words, readings, text)
        return tuple(
            [
                token(text[start:end], shadow[start:end], other[start:end], kind, reading)
                for (start, end, kind), reading in zip(words, readings, strict=True)
            ]
        )

    def _warn_of_unread(
        self, words: list[Word], readings: list[Reading | None], text: str
    ) -> None:
        for (start, end, kind), reading in zip(words, readings, strict=True):
            if reading is None and kind < NUMBER:
                message = f"no reading is known for {text[start:end]}"
                self.warnings.append(
                    DocumentWarning(message, "no-reading", start=start, end=end)
                )

    def _unread(self, text: str) -> tuple[Token, ...]:
        words = self._cutter.cut(text, text)
        return tuple(
            self._tokens.token(text[s:e], text[s:e], text[s:e], max(kind, NUMBER), None)
            if kind >= NUMBER
            else self._tokens.token(text[s:e], text[s:e], text[s:e], OTHER, None)
            for s, e, kind in words
        )


def _fix(words: list[Word], readings: list[Reading | None], notes: list[Note]) -> None:
    """Give every glossary term that fixes its reading that reading."""
    fixed = {note.start: note.syllables for note in notes if any(note.syllables)}
    for index, (start, _, _) in enumerate(words):
        if start in fixed:
            readings[index] = Reading(fixed[start], ReadingSource.GLOSSARY)


def _is_chinese(language: str) -> bool:
    return language.split("-")[0].lower() in {"zh", "cmn", "lzh", "und", ""}


def _sentences(block: Block) -> tuple[Span, ...]:
    if block.kind in UNREAD:
        return ()
    return split_sentences(block.text, block.language or "zh")


def annotate(
    document: Document,
    *,
    glossary: Glossary | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
) -> Document:
    """The document with words, readings, notes and sentences, in the language detected or told.

    Without a glossary there are no notes. `lexicon` is `Lexicon.open()` unless given.
    A translation that was aligned stays, its links untouched.
    """
    stream = annotate_stream(document, glossary=glossary, lexicon=lexicon, options=options)
    blocks = tuple(stream.blocks)
    warnings = (*document.warnings, *stream.warnings[len(document.warnings) :])
    return replace(document, metadata=stream.metadata, blocks=blocks, warnings=warnings)


def annotate_stream(
    flow: Flow,
    *,
    glossary: Glossary | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
) -> Stream:
    """The same, block by block: nothing is held but the first blocks, to tell the language by.

    Warnings are added to the stream's as its blocks pass.
    """
    options = options or AnnotateOptions()
    blocks = iter(flow.blocks)
    first = list(islice(blocks, LOOK_AHEAD))
    metadata = _told(flow.metadata, options, first)
    annotator = Annotator(lexicon or Lexicon.open(), glossary, options, metadata.language)
    warnings = list(getattr(flow, "warnings", ()))
    flowing = _annotated(annotator, chain(first, blocks), warnings)
    return Stream(metadata, flowing, flow.translation, warnings, flow.resources)


def _annotated(
    annotator: Annotator, blocks: Iterable[Block], warnings: list[DocumentWarning]
) -> Iterator[Block]:
    for index, block in enumerate(blocks):
        annotated = annotator.block(block)
        warnings += [replace(warning, block=index) for warning in annotator.warnings]
        yield annotated


def _told(metadata: Metadata, options: AnnotateOptions, first: list[Block]) -> Metadata:
    """The metadata with its language: told by options, by the source, or by the text."""
    language = options.language or metadata.language
    if language in ("", "zh"):
        language = detect(b.text for b in first if b.kind not in UNREAD and not b.language)
    return metadata if language == metadata.language else replace(metadata, language=language)
