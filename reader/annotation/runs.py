"""A text cut where its characters change kind, and its runs of Han characters cut into words.

`native/cutter.c` does the same; a test holds the two together over all characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reader.annotation.kinds import (
    BITS,
    HAN,
    LATIN,
    LENGTH,
    NUMBER,
    OTHER,
    SPACE,
    Piece,
    Word,
    symbol,
)
from reader.annotation.lattice import Lattice
from reader.annotation.vocabulary import ERHUA
from reader.lexicon import Lexicon

SEEN_AFTER = 3
"""Characters of a known word that a name before it is held against."""
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
_AFTER = re.compile(f"[{_IDEOGRAPH}]{{1,{SEEN_AFTER}}}")
"""What follows a run of Han characters, where a known word cuts it short."""


class Runs:
    """Cuts texts, their runs of Han characters by the lattice."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._lattice = Lattice(lexicon)

    def cut(self, text: str, shadow: str, fixed: Iterable[Word]) -> list[Word]:
        """The words of `text`, in order, tiling it; `fixed` ones stand as they are."""
        words: list[Word] = []
        start = 0
        for word in fixed:
            self._cut(text, shadow, start, word[0], words)
            words.append(word)
            start = word[1]
        self._cut(text, shadow, start, len(text), words)
        return words

    def _cut(self, text: str, shadow: str, start: int, end: int, words: list[Word]) -> None:
        add = words.append
        for match in _RUN.finditer(text, start, end):
            kind = match.lastgroup
            first, last = match.span()
            if kind == "han":
                after = _AFTER.match(shadow, last)
                for piece in self._pieces(shadow[first:last], after[0] if after else ""):
                    last = first + (piece & LENGTH)
                    add((first, last, piece >> BITS))
                    first = last
            elif kind == "same":
                add((first, last, symbol(text[first])))
            else:
                add((first, last, _KINDS[kind or ""]))

    def _pieces(self, run: str, after: str) -> list[Piece]:
        """The words of a run of Han characters and the selectors that follow them."""
        if _SELECTORS.search(run):
            return self._with_selectors(run, after)
        pieces = self._lattice.cut(run, after)
        return self._with_erhua(run, pieces) if "儿" in run else pieces

    def _with_selectors(self, run: str, after: str) -> list[Piece]:
        """Variation selectors stay with the character they follow."""
        pieces: list[Piece] = []
        units = [len(unit) for unit in re.findall(f"[{_IDEOGRAPH}][{_SELECTOR}]*", run)]
        at = 0
        for piece in self._pieces(_SELECTORS.sub("", run), after):
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
        tag = self._lexicon.tag(word)[:1]
        return piece >> BITS == HAN and tag != "" and tag in ERHUA and len(word) < 4


_KINDS = {"latin": LATIN, "number": NUMBER, "space": SPACE, "kana": OTHER}
