"""Blocks in, annotated blocks out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from threading import get_ident
from typing import TYPE_CHECKING, NamedTuple

from reader.annotation.classifier import Classifier
from reader.annotation.corrections import Slips, corrected, repaired
from reader.annotation.kinds import NUMBER, OTHER, Word
from reader.annotation.notes import NONE, Terminology, Terms, told
from reader.annotation.readings import Reader
from reader.annotation.tokens import Tokens
from reader.annotation.words import Cutter
from reader.lexicon import Lexicon
from reader.model import (
    Block,
    BlockKind,
    Document,
    DocumentWarning,
    Flow,
    Metadata,
    Reading,
    Span,
    Stream,
    Token,
)
from reader.options import AnnotateOptions
from reader.scripts import detect, simplify, simplify_each, to_traditional_each
from reader.sentences import split_sentences

if TYPE_CHECKING:
    from reader.glossary import Glossary

UNREAD = frozenset([BlockKind.CODE, BlockKind.IMAGE, BlockKind.SEPARATOR])
"""Kinds of blocks that hold no Chinese to read."""
LOOK_AHEAD = 64
"""Blocks of a stream that its language, and words of its own, are told from."""
PORTION = 32_000
"""Code points of a stream that are annotated before they are handed on."""


class _Workings:
    """What is the same for all texts, with memories of the words met in any of them.

    Nothing here depends on a text's language, on its glossary or on what was met before.
    """

    def __init__(self, lexicon: Lexicon, options: AnnotateOptions) -> None:
        self.cutter = Cutter(lexicon)
        self.reader = Reader(lexicon, Classifier.load(), options)
        self.slips = Slips(lexicon)
        self.tokens = Tokens(lexicon, options)


@lru_cache(maxsize=4)
def _workings(lexicon: Lexicon, options: AnnotateOptions, _thread: int) -> _Workings:
    """Those of one thread: the memories are emptied when they are full, whoever reads them."""
    return _Workings(lexicon, options)


class Found(NamedTuple):
    """What there is in a block before its words are known."""

    shadow: str
    """Its text in Simplified."""
    traditional: str
    """Its text in Traditional, if it is not that already and that is wanted."""
    terms: Terms
    sentences: tuple[Span, ...]


class Annotator:
    """Annotates blocks of one text, one by one, in one language.

    `language` is the text's, in BCP 47 (`zh-Hans`, `zh-Hant`, `zh-Hant-TW`, `zh-Hant-HK`).
    Equal tokens are one object across all blocks, and across the texts of a thread that are
    annotated with one lexicon by the same options. `warnings` are those of the last block.
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
        self._simplified = language.startswith("zh-Hans")
        self._terminology = Terminology(glossary)
        workings = _workings(lexicon, replace(self._options, language=""), get_ident())
        self._cutter = workings.cutter.another()
        self._reader = workings.reader
        slips = self._options.corrections and not self._simplified
        self._slips = workings.slips if slips else None
        self._tokens = workings.tokens
        self.warnings: list[DocumentWarning] = []

    def learn(self, blocks: Iterable[Block]) -> None:
        """Take the words that recur in these blocks, and no dictionary has, for words."""
        texts = [block.text for block in blocks if self._is_read(block)]
        self._cutter.learn([(text, simplify(text, self._language)) for text in texts])

    def _is_read(self, block: Block) -> bool:
        return block.kind not in UNREAD and _is_chinese(block.language or self._language)

    def look(self, blocks: Sequence[Block]) -> list[Found]:
        """What there is in blocks before their words are known."""
        texts = [block.text for block in blocks]
        shadows = simplify_each(texts, self._language)
        wanted = self._simplified and self._options.traditional
        others = to_traditional_each(texts, self._language) if wanted else texts
        find = self._terminology.find
        terms = [
            find(block.text, shadow) if self._is_read(block) else NONE
            for block, shadow in zip(blocks, shadows, strict=True)
        ]
        return list(map(Found, shadows, others, terms, map(_sentences, blocks)))

    def block(self, block: Block, found: Found | None = None) -> Block:
        """The block with tokens, notes, sentences and corrections; marks stay as they are.

        `found` is what `look` gives of it, where that is known.
        """
        self.warnings = []
        text = block.text
        if not text:
            return block
        shadow, other, terms, sentences = found or self.look([block])[0]
        if not self._is_read(block):
            return replace(block, tokens=self._unread(text), sentences=sentences)
        words = self._cutter.cut(text, shadow, terms.words)
        meant = text
        corrections = self._slips.find(text, shadow, words) if self._slips else ()
        if corrections:
            meant = other = corrected(text, corrections)
            shadow = simplify(meant, self._language)
            words = self._cutter.cut(text, shadow, terms.words)
        readings = self._readings(words, meant, shadow, terms)
        return block.annotated(
            tokens=self._made(words, readings, text, shadow, other),
            notes=told(terms.notes, words, readings) if terms.notes else (),
            sentences=sentences,
            corrections=tuple(corrections),
        )

    def _readings(
        self, words: Sequence[Word], text: str, shadow: str, terms: Terms
    ) -> list[Reading | None]:
        readings = self._reader.read(words, text, shadow)
        for start, reading in terms.readings.items():
            readings[bisect_left(words, (start, start, 0))] = reading
        return readings

    def _made(
        self,
        words: Sequence[Word],
        readings: list[Reading | None],
        text: str,
        shadow: str,
        other: str,
    ) -> tuple[Token, ...]:
        """The tokens of `text`, their forms those of `shadow` and `other`: of what was meant."""
        tokens = self._tokens.tokens(words, readings, text, shadow, other)
        if self._tokens.unread:
            self._warn(words, readings, text)
        return tokens

    def _warn(self, words: Sequence[Word], readings: list[Reading | None], text: str) -> None:
        for (start, end, kind), reading in zip(words, readings, strict=True):
            if kind < NUMBER and reading is None:
                message = f"no reading is known for {text[start:end]}"
                warning = DocumentWarning(message, "no-reading", start=start, end=end)
                self.warnings.append(warning)

    def _unread(self, text: str) -> tuple[Token, ...]:
        words = [(s, e, max(kind, OTHER * (kind < NUMBER))) for s, e, kind in self._cut(text)]
        return self._tokens.tokens(words, [None] * len(words), text, text, text)

    def _cut(self, text: str) -> Sequence[Word]:
        return self._cutter.cut(text, text)


@lru_cache(maxsize=64)
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


def repair(document: Document, *, lexicon: Lexicon | None = None) -> Document:
    """The document with its likely slips corrected in the text, to be annotated (again).

    Those found by annotation, which is done here where it has not been. Tokens, notes, sentences
    and corrections of the blocks that change are dropped, marks and translation stay.
    """
    if any(block.tokens for block in document.blocks):
        return replace(document, blocks=tuple(map(repaired, document.blocks)))
    found = annotate(document, lexicon=lexicon).blocks
    blocks = tuple(
        repaired(replace(block, corrections=annotated.corrections))
        for block, annotated in zip(document.blocks, found, strict=True)
    )
    return replace(document, blocks=blocks)


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
    annotator = Annotator(lexicon or _lexicon(), glossary, options, metadata.language)
    annotator.learn(first)
    warnings = list(getattr(flow, "warnings", ()))
    flowing = _annotated(annotator, chain(first, blocks), warnings)
    return Stream(metadata, flowing, flow.translation, warnings, flow.resources)


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    """One for all texts that are given none: what is learnt of words stays."""
    return Lexicon.open()


def _annotated(
    annotator: Annotator, blocks: Iterable[Block], warnings: list[DocumentWarning]
) -> Iterator[Block]:
    index = 0
    for portion in _portions(blocks):
        done: list[Block] = []
        for block, found in zip(portion, annotator.look(portion), strict=True):
            done.append(annotator.block(block, found))
            warnings += [replace(warning, block=index) for warning in annotator.warnings]
            index += 1
        yield from done


def _portions(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """The blocks, some at a time.

    What reads, annotates and writes them has tables of its own each, which the processor's cache
    would lose between any two blocks.
    """
    portion: list[Block] = []
    size = 0
    for block in blocks:
        portion.append(block)
        size += len(block.text)
        if size >= PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _told(metadata: Metadata, options: AnnotateOptions, first: list[Block]) -> Metadata:
    """The metadata with its language: told by options, by the source, or by the text."""
    language = options.language or metadata.language
    if language in ("", "zh"):
        language = detect(b.text for b in first if b.kind not in UNREAD and not b.language)
    return metadata if language == metadata.language else replace(metadata, language=language)
