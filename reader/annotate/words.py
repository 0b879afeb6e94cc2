"""A block's text cut into words, numbers, Latin runs, punctuation, spaces and the rest."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from reader.annotate.kinds import BITS, LENGTH, LATIN, NUMBER, OTHER, PUNCTUATION, SPACE, Word
from reader.annotate.lattice import Lattice
from reader.lexicon import Lexicon

_IDEOGRAPH = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_RUN = re.compile(
    rf"(?P<han>[{_IDEOGRAPH}][{_IDEOGRAPH}{_SELECTOR}]*)"
    r"|(?P<latin>[0-9０-９]*[^\W\d_ぁ-ヿㄅ-ㄯ가-힣\u2e80-\u3007\u3100-\uabff\uf900-\ufaff\U00010000-\U0010ffff]"
    r"(?:['’.&_-]?[^\W_ぁ-ヿㄅ-ㄯ가-힣\u2e80-\uabff\uf900-\ufaff\U00010000-\U0010ffff])*)"
    r"|(?P<number>[0-9０-９]+(?:[.,:．，][0-9０-９]+)*[%％‰]?)"
    r"|(?P<space>\s+)"
    r"|(?P<kana>[ぁ-ヿ]+|[ㄅ-ㄯㆠ-ㆿ]+|[가-힣]+)"
    r"|(?P<same>(?P<one>.)(?P=one)*)",
    re.DOTALL,
)
_SELECTORS = re.compile(f"[{_SELECTOR}]")


class Cutter:
    """Cuts texts into words; remembers what it has met."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lattice = Lattice(lexicon)

    def cut(self, text: str, shadow: str, fixed: Iterable[Word] = ()) -> list[Word]:
        """The words of `text`, in order, tiling it. `shadow` is its Simplified form.

        `fixed` words, in order and not overlapping, stand as they are.
        """
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
                at = first
                for piece in self._pieces(shadow[first:last]):
                    end_of_word = at + (piece & LENGTH)
                    add((at, end_of_word, piece >> BITS))
                    at = end_of_word
            elif kind == "same":
                add((first, last, _symbol(text[first])))
            else:
                add((first, last, _KINDS[kind or ""]))

    def _pieces(self, run: str) -> list[int]:
        """The words of a run; variation selectors stay with the character they follow."""
        if not _SELECTORS.search(run):
            return self._lattice.cut(run)
        pieces: list[int] = []
        units = [len(unit) for unit in re.findall(f"[{_IDEOGRAPH}][{_SELECTOR}]*", run)]
        at = 0
        for piece in self._lattice.cut(_SELECTORS.sub("", run)):
            end = at + (piece & LENGTH)
            pieces.append(sum(units[at:end]) | piece >> BITS << BITS)
            at = end
        return pieces


_KINDS = {"latin": LATIN, "number": NUMBER, "space": SPACE, "kana": OTHER}


@lru_cache(maxsize=4096)
def _symbol(character: str) -> int:
    return PUNCTUATION if unicodedata.category(character).startswith("P") else OTHER
