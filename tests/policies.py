"""A policy that uses all that a word can show, with a memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from reader.model import Token
from reader.options import WordDisplay


@dataclass(frozen=True)
class Everything:
    """Words by how often a chapter had them before: in full, known, linked, glossed, bare."""

    constant: WordDisplay | None = None
    in_terms: WordDisplay | None = None
    layers: frozenset[str] = frozenset()

    def start_chapter(self) -> Callable[[Token], WordDisplay]:
        seen: Counter[str] = Counter()
        shown = (
            WordDisplay(True, ("new", "l-3"), "https://example.org/?a=1&b=2", '"R&D" <first>'),
            WordDisplay(False, ("known",)),
            WordDisplay(True, link="https://example.org/"),
            WordDisplay(True, gloss="a gloss"),
            WordDisplay(False, gloss="a gloss"),
            WordDisplay(False),
            WordDisplay(True),
        )

        def display(token: Token) -> WordDisplay:
            seen[token.text] += 1
            return shown[(seen[token.text] - 1) % len(shown)]

        return display
