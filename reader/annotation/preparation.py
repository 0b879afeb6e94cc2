"""What is done to a text before its words: conversion, repair, and the survey of the whole.

A text is surveyed by its first blocks, so that a stream is never held; a book in place by its first
passages, and the survey goes to all who work on it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise

from reader.annotation.corrections import apply_corrections
from reader.annotation.segmentation import shared_segmenter
from reader.annotation.word_candidates import NAME, OTHER, PERSON, Word
from reader.lexicon import Lexicon
from reader.model import Block, BlockKind, Document, DocumentWarning, Mark
from reader.scripts import convert as convert_text, detect, is_misdeclared, simplify

UNREAD = frozenset([BlockKind.CODE, BlockKind.IMAGE, BlockKind.SEPARATOR])
"""Kinds of blocks that hold no Chinese to read."""
SURVEYED = 64
"""Blocks of a text that show its language, and words of its own."""
TIMES = 4
"""How often a pair must occur."""
TOGETHER = 0.8
"""The share of the rarer character's occurrences, alone, that must be in the pair."""
NAMES = 2
"""How often a pair must be taken for a name, or the beginning of one, to be one everywhere."""
SELDOM = 60_000
"""One of the two must be less frequent than this (see `Lexicon.frequency`)."""
_ANYWHERE = frozenset(
    "的了是在不有和就都也很这那我你他她它们与对为以而被把让给从到上下个一二三两等及或之其最更每各某仍则又还"
)
"""Characters that stand beside anything."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What must be known of a text before its first block is annotated; fit for other processes."""

    language: str
    """BCP 47: as asked, as the source says, or as detected."""
    words: tuple[tuple[str, int], ...] = ()
    """Words that this text has and no dictionary does, in Simplified, each with its kind."""
    said: str = ""
    """The language that the text is said to be in, if that is plainly wrong."""

    @property
    def warnings(self) -> tuple[DocumentWarning, ...]:
        if not self.said:
            return ()
        script = "Simplified" if self.language == "zh-Hans" else "Traditional"
        message = f"the text is said to be {self.said}, but is written in {script} characters"
        return (DocumentWarning(f"{message}: taken for {self.language}", "language"),)


def survey(
    blocks: Iterable[Block], *, language: str = "", lexicon: Lexicon | None = None
) -> Survey:
    """The survey of a text, from the first `SURVEYED` of its blocks.

    `language` is the text's where it is known: if it is empty, or a bare `zh`, it is detected; if
    the text is plainly in the other script, or in Chinese where it is said not to be, that is the
    language.
    """
    first = list(islice(blocks, SURVEYED))
    own = [b.text for b in first if b.kind not in UNREAD and not b.language]
    said = language
    language = detect(own, "" if is_misdeclared(said, "".join(own)) else said)
    lexicon = lexicon or Lexicon.default()
    texts = [block.text for block in first if is_read(block, language)]
    segmenter = shared_segmenter(lexicon)
    segmented = []
    for text in texts:
        simplified = simplify(text, language)
        segmented.append((simplified, segmenter.segment(text, simplified)))
    words = tuple(recurring_words(lexicon, segmented).items())
    return Survey(language, words, said if said not in ("", "zh", language) else "")


def recurring_words(
    lexicon: Lexicon, segmented: Iterable[tuple[str, Sequence[Word]]]
) -> dict[str, int]:
    """The pairs that recur in these texts (in Simplified), given with their words: their kinds.

    A place or firm that no dictionary lists (張江, 中芯) is taken for a person here, and falls into
    characters there. Where a text has the same two side by side again and again, hardly ever apart,
    they are taken for a name everywhere. (Of pairs that are never taken for one, 托着, 太大, 后园,
    a novel and stories gave four words in fourteen.)
    """
    alone: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for shadow, words in segmented:
        alone.update(shadow[s:e] for s, e, kind in words if e - s == 1 and kind <= PERSON)
        starts = [start for start, _, kind in words if kind in (PERSON, NAME)]
        named.update(shadow[start : start + 2] for start in starts)
        pairs.update(_pairs(shadow, words))
    return {
        pair: NAME
        for pair, count in pairs.items()
        if named[pair] >= NAMES
        and count >= max(TIMES, TOGETHER * min(map(alone.__getitem__, pair)))
        and _may_be_word(lexicon, pair)
    }


def _pairs(shadow: str, words: Sequence[Word]) -> Iterator[str]:
    """Two characters side by side, each a word, or a name, by itself; or one name, but a given
    name behind a surname."""
    for (start, middle, kind), (_, end, next_kind) in pairwise([(0, 0, OTHER), *words]):
        if end - start == 2 and middle - start == 1 and kind == next_kind <= PERSON:
            yield shadow[start:end]
        elif end - middle == 2 and kind != PERSON and next_kind in (PERSON, NAME):
            yield shadow[middle:end]


def _may_be_word(lexicon: Lexicon, pair: str) -> bool:
    # Two everyday characters stand side by side often enough by chance, as do a doubled one and
    # one that goes with anything.
    frequent = min(map(lexicon.frequency, pair)) >= SELDOM
    return pair[0] != pair[1] and not frequent and _ANYWHERE.isdisjoint(pair)


def is_read(block: Block, language: str) -> bool:
    """Whether a block of a text in `language` holds Chinese to read."""
    return block.kind not in UNREAD and _is_chinese(block.language or language)


@lru_cache(maxsize=64)
def _is_chinese(language: str) -> bool:
    return language.split("-")[0].lower() in {"zh", "cmn", "lzh", "und", ""}


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
        # To be detected again: the script is another, and no config's name says which.
        language="zh",
        traditional="",
    )
    blocks = tuple(convert_block(block, config) for block in document.blocks)
    return replace(document, metadata=metadata, blocks=blocks, translation=None, layers=())


def convert_block(block: Block, config: str) -> Block:
    """One block converted; where its length changes, piece by piece between the marks' ends."""
    whole = convert_text(block.text, config)
    if len(whole) == len(block.text):
        return _rebuilt(block, whole, block.marks)
    # OpenCC does not say which characters became which, so a mark's ends are kept by converting
    # what is between them apart; a word that crosses an end may be missed.
    ends = {offset for mark in block.marks for offset in (mark.start, mark.end)}
    borders = sorted({0, len(block.text), *ends})
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
        cue=block.cue,
    )


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
