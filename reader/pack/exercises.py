"""What a pack asks of a text: gaps, pairs, tones, sentences to order; drawn by a seed.

Each is a value that sheet and key are both made of. Names and numbers are never asked for, and a
text that has not enough for an exercise has none (`None`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from random import Random
from typing import NamedTuple

from reader.learner import Knowledge, Learner, VocabularyWord
from reader.lexicon import Lexicon
from reader.lexicon.glosses import Glosses
from reader.model import Block, BlockKind, Document, Token, TokenKind
from reader.pinyin import ERHUA
from reader.pinyin.sandhi import apply_sandhi

__all__ = ["Cloze", "Gap", "Match", "Order", "Pair", "Toned", "Tones"]

GAPS, FEWEST_GAPS = 12, 3
PASSAGE = 450
"""Characters of the passage that has the gaps, about."""
APART = 10
"""Characters between two gaps, at least."""
PAIRS, FEWEST_PAIRS = 10, 4
TONES, FEWEST_TONES = 24, 6
SENTENCES, FEWEST_SENTENCES = 7, 5
PARAGRAPHS = 2
"""Paragraphs whose sentences are to be put in order, at most."""
_FACTOR = 4.0
"""Words of a kind fit the same gap, unless one is so many times as usual as the other."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A word that is left out."""

    block: int
    """Index in `Document.blocks`."""
    token: int
    """And of the token in the block."""
    word: str


@dataclass(frozen=True, slots=True)
class Cloze:
    """A passage with gaps, and the words to fill them with."""

    first: int
    """Blocks of the passage: from this one …"""
    last: int
    """… to this one."""
    gaps: tuple[Gap, ...]
    """In the order of the text."""
    bank: tuple[str, ...]
    """The same words, shuffled."""

    @classmethod
    def of(
        cls, document: Document, learner: Learner, taught: Sequence[VocabularyWord], seed: int
    ) -> Cloze | None:
        """Of the words taught, and of others that the learner need not guess."""
        usable = _Usable(document, learner, taught)
        first, last = usable.passage()
        chosen: list[Gap] = []
        chooser = _Bank()
        for gap, place in usable.candidates(first, last):
            near = any(_is_near(gap, place, other, usable) for other in chosen)
            if len(chosen) < GAPS and not near and chooser.takes(usable.token(gap)):
                chosen.append(gap)
        if len(chosen) < FEWEST_GAPS:
            return None
        gaps = tuple(sorted(chosen, key=lambda gap: (gap.block, gap.token)))
        bank = [gap.word for gap in gaps]
        Random(f"{seed}:cloze").shuffle(bank)
        return cls(first, last, gaps, tuple(bank))


class _Usable:
    """Where words of a document may be left out."""

    def __init__(
        self, document: Document, learner: Learner, taught: Sequence[VocabularyWord]
    ) -> None:
        self._blocks, self._learner = document.blocks, learner
        self._taught = {learner.word(word.token) for word in taught}

    def token(self, gap: Gap) -> Token:
        return self._blocks[gap.block].tokens[gap.token]

    def start(self, gap: Gap) -> int:
        """Where in its block a gap begins."""
        return sum(len(token.text) for token in self._blocks[gap.block].tokens[: gap.token])

    def passage(self) -> tuple[int, int]:
        """The stretch of blocks that has most words that were taught; the first of several."""
        counts = [self._count(block) for block in self._blocks]
        sizes = [len(block.text) for block in self._blocks]
        best, found = -1, (0, 0)
        first = size = taught = 0
        for last in range(len(self._blocks)):
            size, taught = size + sizes[last], taught + counts[last]
            while first < last and size - sizes[first] >= PASSAGE:
                size, taught = size - sizes[first], taught - counts[first]
                first += 1
            if taught > best:
                best, found = taught, (first, last)
        return found

    def _count(self, block: Block) -> int:
        words = {self._learner.word(token) for token in block.tokens if self._may_be_asked(token)}
        return len(words & self._taught) if _is_prose(block) else 0

    def candidates(self, first: int, last: int) -> Iterator[tuple[Gap, int]]:
        """Gaps with their place in their block, those of words taught first; each word once."""
        seen: set[object] = set()
        later: list[tuple[Gap, int]] = []
        for number in range(first, last + 1):
            block = self._blocks[number]
            if not _is_prose(block):
                continue
            for at, (start, _, token) in enumerate(block.token_spans()):
                word = self._learner.word(token)
                if not self._may_be_asked(token) or word in seen or _is_doubled(block, at):
                    continue
                seen.add(word)
                gap = Gap(number, at, token.text), start
                if word in self._taught:
                    yield gap
                elif len(token.text) > 1 and self._learner.knows(token) in _NO_GUESS:
                    later.append(gap)
        yield from later

    def _may_be_asked(self, token: Token) -> bool:
        knowledge = self._learner.knows(token)
        asked = knowledge not in (Knowledge.NAME, Knowledge.NUMBER, Knowledge.OTHER)
        return asked and token.kind is TokenKind.WORD and not token.proper and _is_content(token)


_NO_GUESS = (Knowledge.KNOWN, Knowledge.LEARNING)
_PROSE = (BlockKind.PARAGRAPH, BlockKind.QUOTATION, BlockKind.LIST_ITEM)


def _is_prose(block: Block) -> bool:
    return bool(block.sentences) and block.kind in _PROSE


def _is_doubled(block: Block, at: int) -> bool:
    """Whether the word beside one is the same, which would fill its gap."""
    beside = (*block.tokens[max(at - 1, 0) : at], *block.tokens[at + 1 : at + 2])
    return any(token.text == block.tokens[at].text for token in beside)


def _is_near(gap: Gap, place: int, other: Gap, usable: _Usable) -> bool:
    return gap.block == other.block and abs(place - usable.start(other)) < APART


_CONTENT = frozenset("nvadbizlts")
"""Parts of speech with a meaning that a sentence shows: nouns, verbs, adjectives, adverbs …"""


def _tag(token: Token) -> str:
    return Lexicon.default().tag(token.simplified)


def _is_content(token: Token) -> bool:
    tag = _tag(token)
    # What running text has mostly as a person's name is no word to ask for.
    return bool(tag) and tag[0] in _CONTENT and tag != "nr"


class _Bank:
    """Words for gaps, none of which fits where another stands: words of one part of speech that are
    about as usual do, and words that share a meaning."""

    def __init__(self) -> None:
        self._taken: list[_Kind] = []
        self._glosses = Glosses.default()

    def takes(self, token: Token) -> bool:
        """Take a word in, unless another fits its gap."""
        frequency = Lexicon.default().frequency(token.simplified)
        parts = parts_of_speech(_tag(token), token.senses)
        own = _Kind(parts, log(frequency + 1), meanings(self._glosses, token))
        if any(_fit(own, other) for other in self._taken):
            return False
        self._taken.append(own)
        return True


class _Kind(NamedTuple):
    parts: frozenset[str]
    frequency: float
    meanings: frozenset[str]


def _fit(one: _Kind, other: _Kind) -> bool:
    alike = abs(one.frequency - other.frequency) < log(_FACTOR)
    grammar = not one.parts.isdisjoint(other.parts)
    return (alike and grammar) or not one.meanings.isdisjoint(other.meanings)


_PARTS = {
    "v": "v", "vn": "vn", "a": "a", "an": "an", "b": "a", "z": "a", "d": "d", "ad": "ad",
    "l": "da", "i": "da", "t": "nd", "s": "n", "f": "n",
}  # fmt: skip


def parts_of_speech(tag: str, senses: Sequence[str]) -> frozenset[str]:
    """The parts of speech that a word may be, by its usual tag and by its meanings: n, v, a, d."""
    found = set(_PARTS.get(tag, "n"))
    verbs = [sense.startswith("to ") for sense in senses]
    if any(verbs):
        found.add("v")
    # 合理 is tagged as a verb, and means what an adjective does.
    if verbs and not verbs[0] and found & {"v", "d"}:
        found.add("a")
    return frozenset(found)


def meanings(glosses: Glosses, token: Token) -> frozenset[str]:
    """What a word may mean, each meaning by itself, in lower case."""
    senses = [*glosses.senses(token), glosses.short(token)]
    pieces = (piece for sense in senses for piece in sense.lower().split("; "))
    return frozenset(piece.removeprefix("to ").strip() for piece in pieces) - {""}


# ---- words, readings and meanings to match ----


@dataclass(frozen=True, slots=True)
class Pair:
    """A word with its reading and its meaning."""

    word: str
    reading: str
    gloss: str


@dataclass(frozen=True, slots=True)
class Match:
    """Words, readings and meanings, each in an order of its own."""

    pairs: tuple[Pair, ...]
    """In the order of the words on the sheet."""
    readings: tuple[int, ...]
    """The order of the readings: the numbers of their pairs."""
    glosses: tuple[int, ...]

    @classmethod
    def of(cls, words: Iterable[VocabularyWord], seed: int) -> Match | None:
        """Of the first words that share neither reading nor meaning."""
        glosses = Glosses.default()
        pairs: list[Pair] = []
        taken: set[str] = set()
        for word in words:
            token = word.token
            pair = Pair(token.text, token.pinyin, glosses.short(token))
            keys = {*meanings(glosses, token), f"={_plain(token)}"}
            if pair.gloss and pair.reading and not word.doubtful and taken.isdisjoint(keys):
                taken |= keys
                pairs.append(pair)
            if len(pairs) == PAIRS:
                break
        if len(pairs) < FEWEST_PAIRS:
            return None
        random = Random(f"{seed}:match")
        random.shuffle(pairs)
        orders = [_shuffled(len(pairs), random) for _ in range(2)]
        return cls(tuple(pairs), orders[0], orders[1])


def _plain(token: Token) -> str:
    """The reading without tones: two words are not told apart by those alone."""
    assert token.reading is not None
    return " ".join(syllable[:-1] for syllable in token.reading.syllables)


def _shuffled(count: int, random: Random) -> tuple[int, ...]:
    """An order that is not the one there was."""
    order = list(range(count))
    while count > 1 and order == sorted(order):
        random.shuffle(order)
    return tuple(order)


# ---- tones ----


@dataclass(frozen=True, slots=True)
class Toned:
    """A word, or two that stand together, whose tones are asked for."""

    text: str
    syllables: tuple[str, ...]
    """Citation tones, numbered."""
    spoken: tuple[str, ...]
    """As they are said."""


@dataclass(frozen=True, slots=True)
class Tones:
    """Words without their tones."""

    words: tuple[Toned, ...]

    @classmethod
    def of(
        cls,
        document: Document,
        learner: Learner,
        taught: Sequence[VocabularyWord],
        seed: int,
    ) -> Tones | None:
        """Of words taught, of those whose tones change in speech, and of others; only where the
        reading is sure."""
        known = list(dict.fromkeys(_toned(document, learner)))
        wanted = {word.token.text for word in taught}
        random = Random(f"{seed}:tones")
        first = [each for each in known if each.text in wanted]
        changing = [each for each in known if each.spoken != each.syllables]
        others = [each for each in known if len(each.text) > 1]
        for group in (first, changing, others):
            random.shuffle(group)
        chosen = dict.fromkeys([*first[: TONES // 2], *changing[: TONES // 4]])
        words = list(dict.fromkeys([*chosen, *others, *first]))[:TONES]
        if len(words) < FEWEST_TONES:
            return None
        random.shuffle(words)
        return cls(tuple(words))


def _toned(document: Document, learner: Learner) -> Iterator[Toned]:
    """Words with a sure reading, and 不, 一 or 很 with the word behind them."""
    for block in document.blocks:
        for token in block.tokens:
            if _is_sure(token, learner):
                yield _said(token)
        for one, other in pairwise(block.tokens):
            joins = one.simplified in ("不", "一", "很")
            if joins and _is_sure(one, learner) and _is_sure(other, learner):
                yield _said(one, other)


def _is_sure(token: Token, learner: Learner) -> bool:
    reading = token.reading
    if token.kind is not TokenKind.WORD or token.proper or reading is None:
        return False
    plain = all(reading.syllables) and ERHUA not in reading.syllables
    return plain and reading.probability >= learner.sure


def _said(*tokens: Token) -> Toned:
    text = "".join(token.simplified for token in tokens)
    syllables = tuple(s for token in tokens if token.reading for s in token.reading.syllables)
    spoken = apply_sandhi(syllables, text, [len(token.text) for token in tokens])
    return Toned("".join(token.text for token in tokens), syllables, spoken)


# ---- sentences to order ----


@dataclass(frozen=True, slots=True)
class Order:
    """Sentences of a paragraph, the first of which is given."""

    sentences: tuple[str, ...]
    """In their order."""
    shown: tuple[int, ...]
    """The numbers of all but the first, in the order of the sheet."""

    @classmethod
    def of(cls, document: Document, seed: int) -> tuple[Order, ...]:
        """Of paragraphs with enough sentences, of which no two are alike."""
        found = [sentences for block in document.blocks if (sentences := _sentences(block))]
        random = Random(f"{seed}:order")
        chosen = sorted(random.sample(range(len(found)), min(PARAGRAPHS, len(found))))
        return tuple(cls._shuffled(found[at], random) for at in chosen)

    @classmethod
    def _shuffled(cls, sentences: tuple[str, ...], random: Random) -> Order:
        order = _shuffled(len(sentences) - 1, random)
        return cls(sentences, tuple(at + 1 for at in order))


def _sentences(block: Block) -> tuple[str, ...]:
    """The first sentences of a paragraph, if they can be told apart and put in order."""
    if block.kind is not BlockKind.PARAGRAPH or len(block.sentences) < FEWEST_SENTENCES:
        return ()
    spans = block.sentences[:SENTENCES]
    sentences = tuple(block.text[span.start : span.end].strip() for span in spans)
    usable = len(set(sentences)) == len(sentences) and min(map(len, sentences)) > 3
    return sentences if usable else ()
