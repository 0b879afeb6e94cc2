"""Readings that stand in a text behind the words they are of, on a line of readings once."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["Piece", "without_given"]

_LONGEST = 24
"""Pieces of a reading in the text."""
_BRACKETS = {"(": ")", "（": "）", "[": "]", "［": "］", "〔": "〕"}


class Piece(NamedTuple):
    """A word or mark of a text, and what a line of readings shows of it."""

    text: str
    shown: str
    is_word: bool
    readings: tuple[str, ...] = ()
    """Of a word whose reading stands in the text: that reading in each of the notations."""

    @property
    def is_read(self) -> bool:
        return self.shown != self.text


def without_given(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces but for readings, with their brackets, that the text gives of those before.

    >>> huan = Piece("还", "huán", True, ("huán", "ㄏㄨㄢˊ"))
    >>> rest = [Piece(text, text, text == "huán") for text in ("（", "huán", "）")]
    >>> [piece.shown for piece in without_given([huan, *rest])]
    ['huán']
    """
    given: list[Piece] = []
    at = 0
    while at < len(pieces):
        if pieces[at].readings:
            given.append(pieces[at])
        elif given:
            at = _behind(given, pieces, at)
            given = []
            if at == len(pieces):
                return
        yield pieces[at]
        at += 1


def _behind(given: Sequence[Piece], pieces: Sequence[Piece], start: int) -> int:
    """Where the text goes on behind the reading that stands at `start`; `start`, if none does."""
    texts: list[str] = []
    for piece in pieces[start : start + _LONGEST]:
        if piece.is_read:
            break
        texts.append(piece.text.strip())
    closing = _BRACKETS.get(next(filter(None, texts), "")[:1], "")
    for count, text in enumerate(texts, 1):
        # Without brackets the reading ends where its letters do.
        if text == (closing or text) and _is_reading("".join(texts[:count]), given):
            return start + count
    return start


def _is_reading(text: str, given: Sequence[Piece]) -> bool:
    """Whether `text` is how these words, or the last characters of them, are read."""
    letters = _letters(text)
    spelled = zip(*(piece.readings for piece in given), strict=True)
    return bool(letters) and any(_letters("".join(each)).endswith(letters) for each in spelled)


def _letters(text: str) -> str:
    """The letters of a reading, without tones and capitals."""
    plain = unicodedata.normalize("NFD", text.lower()).replace("v", "u")
    return "".join(c for c in plain if "a" <= c <= "z" or "ㄅ" <= c <= "ㄯ")
