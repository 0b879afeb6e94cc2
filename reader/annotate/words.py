"""A block's text cut into words, numbers, Latin runs, punctuation, spaces and the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from copy import copy
from functools import lru_cache

from reader.annotate.kinds import (
    BITS,
    HAN,
    LATIN,
    LENGTH,
    NUMBER,
    OTHER,
    PUNCTUATION,
    SPACE,
    Piece,
    Word,
)
from reader.annotate.lattice import Lattice
from reader.annotate.mixed import Mixed, merged
from reader.annotate.recurring import join, recurring
from reader.lexicon import Lexicon

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Letters of alphabets, by block: a class made with `\w` would take 10 ms to compile.
_LETTER = (
    "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u037d\u0386-\u10ff"
    "\u1200-\u1fff\uff21-\uff3a\uff41-\uff5a"
)
_RUN = re.compile(
    rf"(?P<han>[{_IDEOGRAPH}][{_IDEOGRAPH}{_SELECTOR}]*)"
    rf"|(?P<latin>[0-9０-９]*[{_LETTER}](?:['’.&_-]?[0-9０-９{_LETTER}])*)"
    r"|(?P<number>[0-9０-９]+(?:[.,:．，][0-9０-９]+)*[%％‰]?)"
    r"|(?P<space>\s+)"
    r"|(?P<kana>[ぁ-ヿ]+|[ㄅ-ㄯㆠ-ㆿ]+|[가-힣]+)"
    r"|(?P<same>(?P<one>.)(?P=one)*)",
    re.DOTALL,
)
_SELECTORS = re.compile(f"[{_SELECTOR}]")


_ERHUA = frozenset("nvaqstf")
"""Parts of speech of words that 儿 may be added to."""


class Cutter:
    """Cuts texts into words; remembers what it has met, and what words one text taught it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._lattice = Lattice(lexicon)
        self._mixed = Mixed(lexicon)
        self._recurring: re.Pattern[str] | None = None
        self._kinds: dict[str, int] = {}

    def another(self) -> Cutter:
        """A cutter for another text: it shares what it remembers, not what a text taught."""
        other = copy(self)
        other._recurring = None
        return other

    def learn(self, texts: Iterable[tuple[str, str]]) -> None:
        """Take the words that only these texts have, from them and their Simplified forms."""
        cuts = [(shadow, self.cut(text, shadow)) for text, shadow in texts]
        self._kinds = recurring(self._lexicon, cuts)
        found = sorted(self._kinds)
        self._recurring = re.compile("|".join(map(re.escape, found))) if found else None

    def cut(self, text: str, shadow: str, fixed: Iterable[Word] = ()) -> list[Word]:
        """The words of `text`, in order, tiling it. `shadow` is its Simplified form.

        `fixed` words, in order and not overlapping, stand as they are.
        """
        words: list[Word] = []
        start = 0
        if mixed := self._mixed.find(shadow):
            fixed = merged(fixed, mixed)
        for word in fixed:
            self._cut(text, shadow, start, word[0], words)
            words.append(word)
            start = word[1]
        self._cut(text, shadow, start, len(text), words)
        return join(words, shadow, self._recurring, self._kinds) if self._recurring else words

    def _cut(self, text: str, shadow: str, start: int, end: int, words: list[Word]) -> None:
        add = words.append
        for match in _RUN.finditer(text, start, end):
            kind = match.lastgroup
            first, last = match.span()
            if kind == "han":
                for piece in self._pieces(shadow[first:last]):
                    last = first + (piece & LENGTH)
                    add((first, last, piece >> BITS))
                    first = last
            elif kind == "same":
                add((first, last, _symbol(text[first])))
            else:
                add((first, last, _KINDS[kind or ""]))

    def _pieces(self, run: str) -> list[Piece]:
        """The words of a run of Han characters and the selectors that follow them."""
        if _SELECTORS.search(run):
            return self._with_selectors(run)
        pieces = self._lattice.cut(run)
        return self._with_erhua(run, pieces) if "儿" in run else pieces

    def _with_selectors(self, run: str) -> list[Piece]:
        """Variation selectors stay with the character they follow."""
        pieces: list[Piece] = []
        units = [len(unit) for unit in re.findall(f"[{_IDEOGRAPH}][{_SELECTOR}]*", run)]
        at = 0
        for piece in self._pieces(_SELECTORS.sub("", run)):
            end = at + (piece & LENGTH)
            pieces.append(sum(units[at:end]) | piece >> BITS << BITS)
            at = end
        return pieces

    def _with_erhua(self, run: str, pieces: list[Piece]) -> list[Piece]:
        """A 儿 left alone joins the word before it, where that is of a kind that takes it."""
        joined: list[Piece] = []
        at = 0
        for piece in pieces:
            length = piece & LENGTH
            if run[at : at + length] == "儿" and joined and self._takes_erhua(run, at, joined[-1]):
                joined[-1] += 1
            else:
                joined.append(piece)
            at += length
        return joined

    def _takes_erhua(self, run: str, at: int, piece: Piece) -> bool:
        word = run[at - (piece & LENGTH) : at]
        return piece >> BITS == HAN and self._lexicon.tag(word)[:1] in _ERHUA and len(word) < 4


_KINDS = {"latin": LATIN, "number": NUMBER, "space": SPACE, "kana": OTHER}


@lru_cache(maxsize=4096)
def _symbol(character: str) -> int:
    return PUNCTUATION if unicodedata.category(character).startswith("P") else OTHER
