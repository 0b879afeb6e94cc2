"""What is made of tokens, each distinct one made once, and strung together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from reader.core import choose
from reader.model import Reading, Span, Token

_LIMIT = 60_000
"""Distinct tokens remembered; a million characters of one author use about 50,000."""

Around = tuple[int, int, str, str]
"""A span of the text, `start` and `end`, and what to put before and behind its tokens."""


Ways = tuple[str, str, str]
"""A syllable as it begins a word, stands inside one, and begins a name."""


class UsualRuby(NamedTuple):
    """The markup of most words, for the core: the text, and above it the syllables, joined.

    `write` gives the ways to write a syllable, or None for one that its neighbours change too.
    """

    token: type[Token]
    reading: type[Reading]
    face: str
    """The field of a token that holds the text."""
    around: tuple[str, str]
    above: tuple[str, str]
    write: Callable[[str], Ways | None]


class Remembered:
    """A function of tokens to strings that remembers what it made.

    Tokens are found by identity, which costs one dictionary look-up where hashing a token would
    cost ten; the annotator makes equal tokens one object. What was made long ago is forgotten, so
    that memory stays within bounds whatever is written.
    """

    def __init__(
        self,
        make: Callable[[Token], str],
        opening: str = "",
        closing: str = "",
        gap: str = "",
        ruby: UsualRuby | None = None,
    ) -> None:
        """`gap` is put between what ends with `closing` and what begins with `opening`.

        `ruby` says what `make` makes of most tokens, if that is known.
        """
        own: _Interpreted = choose(
            lambda core: core.Markup(make, opening, closing, gap, ruby),
            lambda: _Interpreted(make, opening, closing, gap),
        )
        self.each: Callable[[Sequence[Token]], list[str]] = own.each
        """What is made of each of the tokens, in order."""
        self.join: Callable[[Sequence[Token], Sequence[Around]], str] = own.join
        """All of it, with the gaps, and what is to be around some of the tokens: spans that
        `covers` accepts, in order and not overlapping."""
        self.covers: Callable[[Sequence[Token], Sequence[Span]], bool] = own.covers
        """Whether each of the spans, in order, covers whole tokens, and one at least."""


class _Interpreted:
    """What the core's `Markup` does."""

    def __init__(self, make: Callable[[Token], str], opening: str, closing: str, gap: str) -> None:
        self._make = make
        self._made: dict[int, str] = {}
        self._alive: list[Token] = []
        self._opening, self._closing, self._gap = opening, closing, gap

    def each(self, tokens: Sequence[Token]) -> list[str]:
        known, make = self._made.get, self._remember
        return [known(id(token)) or make(token) for token in tokens]

    def join(self, tokens: Sequence[Token], spans: Sequence[Around]) -> str:
        parts = self.each(tokens)
        # With the word before it, inside what ends there.
        gaps = [at for at in range(1, len(parts)) if self._are_words(*parts[at - 1 : at + 1])]
        for at in gaps:
            parts[at - 1] += self._gap
        places = {offset: number for number, offset in enumerate(_bounds(tokens))}
        for start, end, opening, closing in spans:
            first, after = places.get(start), places.get(end)
            if first is None or after is None or first >= after:
                raise ValueError("a span does not cover whole tokens")
            parts[first] = opening + parts[first]
            parts[after - 1] += closing
        return "".join(parts)

    def covers(self, tokens: Sequence[Token], spans: Sequence[Span]) -> bool:
        bounds = set(_bounds(tokens))
        return all(s.start < s.end and s.start in bounds and s.end in bounds for s in spans)

    def _are_words(self, one: str, other: str) -> bool:
        return (
            bool(self._opening) and one.endswith(self._closing) and other.startswith(self._opening)
        )

    def _remember(self, token: Token) -> str:
        made = self._make(token)
        if len(self._alive) >= _LIMIT:
            self._made.clear()
            self._alive.clear()
        # While the token is held here, no other can have its id.
        self._alive.append(token)
        self._made[id(token)] = made
        return made


def _ends(tokens: Sequence[Token]) -> list[int]:
    return list(accumulate([len(token.text) for token in tokens]))


ends: Callable[[Sequence[Token]], list[int]] = choose(lambda core: core.ends, lambda: _ends)
"""Where each of some tokens ends in their text."""


def _bounds(tokens: Sequence[Token]) -> list[int]:
    return [0, *ends(tokens)]
