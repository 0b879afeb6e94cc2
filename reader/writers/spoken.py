"""Tokens as they are said in their sentence: tone sandhi, capitals at its start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from itertools import pairwise

from reader.model import Block, Token, TokenKind
from reader.options import RenderOptions
from reader.pinyin import apply_sandhi
from reader.writers.fragments import Opening

_LIMIT = 30_000


class Speaker:
    """Gives a block's tokens the tones and capitals that only their neighbours can tell.

    Equal results are one object, as the fragments' look-up by identity needs.
    """

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        self._known: dict[tuple[int, tuple[str, ...], bool], tuple[Token, Token]] = {}

    def tokens(self, block: Block) -> tuple[Token, ...]:
        """The block's tokens, changed where sandhi or a sentence start asks for it."""
        spoken = self._syllables(block)
        capitals = _sentence_starts(block) if self._options.spacing else frozenset()
        found = []
        for start, end, token in block.token_spans():
            if token.reading is not None:
                token = self._variant(token, tuple(spoken[start:end]), start in capitals)
            found.append(token)
        return tuple(found)

    def _syllables(self, block: Block) -> list[str]:
        found: list[str] = []
        for token in block.tokens:
            found.extend(token.reading.syllables if token.reading else [""] * len(token.text))
        if not self._options.sandhi:
            return found
        return list(apply_sandhi(found, block.text, _lengths(block.tokens)))

    def _variant(self, token: Token, syllables: tuple[str, ...], capital: bool) -> Token:
        assert token.reading is not None
        opening = capital and not token.proper
        if not opening and syllables == token.reading.syllables:
            return token
        key = (id(token), syllables, opening)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _LIMIT:
                self._known.clear()
            spoken = replace(token, reading=replace(token.reading, syllables=syllables))
            # The token itself is kept too, so that its id stays its own.
            known = (token, _opening(spoken) if opening else spoken)
            self._known[key] = known
        return known[1]


def _opening(token: Token) -> Opening:
    return Opening(*(getattr(token, field.name) for field in fields(Token)))


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
    starts = [span.start for span in block.sentences] or [0]
    found: set[int] = set()
    ahead = iter(starts)
    next_start = next(ahead, None)
    for start, _, token in block.token_spans():
        if next_start is None:
            break
        if start >= next_start and token.kind in (
            TokenKind.WORD,
            TokenKind.LATIN,
            TokenKind.NUMBER,
        ):
            found.add(start)
            next_start = next((s for s in ahead if s > start), None)
    return frozenset(found)
