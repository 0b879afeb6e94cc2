"""What readings of a block its neighbours change: tone sandhi, capitals at sentence starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import pairwise

from reader.caching import BoundedCache
from reader.model import Block, Token, TokenKind
from reader.options import Notation, RenderOptions
from reader.pinyin import apply_sandhi

__all__ = ["NOTATION_LANGUAGES", "SentenceReadings", "SentenceStart"]

NOTATION_LANGUAGES = {
    Notation.PINYIN: "zh-Latn-pinyin",
    Notation.NUMBERS: "zh-Latn-pinyin",
    Notation.ZHUYIN: "zh-Bopo",
    Notation.WADE_GILES: "zh-Latn-wadegile",
}
"""BCP 47 of each notation: registered variants, and ISO 15924 Bopo."""

_VARIANTS = 30_000
"""Tokens remembered in the tones or capitals that their neighbours give them."""

_READ = frozenset((TokenKind.WORD, TokenKind.LATIN, TokenKind.NUMBER))


class SentenceStart(Token):
    """The first word of a sentence: its pinyin takes a capital, whatever its further words do."""

    __slots__ = ()

    @property
    def capitals(self) -> tuple[int, ...]:
        """As those of `Token`, and the first."""
        return tuple(sorted({0, *super().capitals}))


class SentenceReadings:
    """Gives a block's tokens the tones and capitals that only their neighbours can tell.

    Equal results are one object, as the markup cache's look-up by identity needs.
    """

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._variants: BoundedCache[tuple[int, tuple[str, ...], bool], tuple[Token, Token]] = (
            BoundedCache(_VARIANTS)
        )

    def tokens(self, block: Block) -> tuple[Token, ...]:
        """The block's tokens, changed where sandhi or a sentence start asks for it."""
        # Sandhi looks across words (不 before a fourth tone), so a block is worked on as a whole.
        syllables = self._syllables(block)
        starts = _sentence_starts(block) if self._options.spacing else frozenset()
        changed = []
        for start, end, token in block.token_spans():
            if token.reading is not None:
                token = self._variant(token, tuple(syllables[start:end]), start in starts)
            changed.append(token)
        return tuple(changed)

    def _syllables(self, block: Block) -> list[str]:
        """The syllable of each code point of the block, after sandhi where that is asked for."""
        citation: list[str] = []
        for token in block.tokens:
            citation.extend(token.reading.syllables if token.reading else [""] * len(token.text))
        if not self._options.sandhi:
            return citation
        return list(apply_sandhi(citation, block.text, _lengths(block.tokens)))

    def _variant(self, token: Token, syllables: tuple[str, ...], is_start: bool) -> Token:
        assert token.reading is not None
        takes_capital = is_start and 0 not in token.capitals
        # The same object where nothing changes: the markup cache knows it already.
        if not takes_capital and syllables == token.reading.syllables:
            return token
        key = (id(token), syllables, takes_capital)
        known = self._variants.get(key)
        if known is None:
            variant = replace(token, reading=replace(token.reading, syllables=syllables))
            if takes_capital:
                variant = SentenceStart(*(getattr(variant, field.name) for field in fields(Token)))
            # The token itself is kept too, so that its id stays its own.
            known = self._variants.remember(key, (token, variant))
        return known[1]


def _lengths(tokens: Iterable[Token]) -> Iterator[int]:
    """The lengths of words: tokens, and the words that their readings fall into."""
    for token in tokens:
        if token.reading is None or not token.reading.breaks:
            yield len(token.text)
        else:
            ends = (*token.reading.breaks, len(token.text))
            yield from (end - start for start, end in pairwise((0, *ends)))


def _sentence_starts(block: Block) -> frozenset[int]:
    """Offsets of the first word of each sentence (or of the block), if it is one that is read."""
    starts = iter([span.start for span in block.sentences] or [0])
    first_words: set[int] = set()
    sought = next(starts, None)
    for start, _, token in block.token_spans():
        if sought is None:
            break
        # An opening quotation mark is passed over; the capital goes to the first word behind it.
        if start >= sought and token.kind in _READ:
            first_words.add(start)
            sought = next((s for s in starts if s > start), None)
    return frozenset(first_words)
