"""What is made of a token, made once for each distinct one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reader.model import Token

_LIMIT = 60_000
"""Distinct tokens remembered; a million characters of one author use about 50,000."""


class Remembered:
    """A function of tokens to strings that remembers what it made.

    Tokens are found by identity, which costs one dictionary look-up where hashing a token would
    cost ten; the annotator makes equal tokens one object. Emptied when it is full, so that memory
    stays within bounds whatever is written.
    """

    def __init__(self, make: Callable[[Token], str]) -> None:
        self._make = make
        self._made: dict[int, str] = {}
        self._alive: list[Token] = []

    def each(self, tokens: Sequence[Token]) -> list[str]:
        """What is made of each of `tokens`, in order."""
        known, make = self._made.get, self._remember
        return [known(id(token)) or make(token) for token in tokens]

    def _remember(self, token: Token) -> str:
        made = self._make(token)
        if len(self._alive) >= _LIMIT:
            self._made.clear()
            self._alive.clear()
        # While the token is held here, no other can have its id.
        self._alive.append(token)
        self._made[id(token)] = made
        return made
