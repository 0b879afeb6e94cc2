"""Corrections: slips of a Traditional text that a machine made of Simplified: 流程覆雜, 一只眼.

A slip is a word that no dictionary writes so, but that the dictionary has with another character
which Simplified writes alike. What the dictionary knows is never touched, nor are spellings that
people mix (台/臺, 周/週); the text stays as it is, and only its annotation follows what was meant.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from reader.annotation.word_candidates import HAN, Word
from reader.caching import BoundedCache
from reader.lexicon import Lexicon
from reader.model import Correction
from reader.scripts import simplify, to_traditional

WHOLE_WORD, ACROSS, MEASURE = 0.95, 0.85, 0.9
"""How sure a finding is, by the rule that makes it."""
_FINE = frozenset(["回覆", "答覆", "批覆"])
"""Words that good texts write so though the dictionary does not list the form."""
# 只 after a number counts animals and things (隻), unless an adverb's company follows.
_COUNTS = frozenset("一二三四五六七八九十兩两幾几數数半每百千萬万")
_COMPANY = frozenset("是有能好要會会可怕見见不為为剩在讓让用想當当占佔限需求靠算因供")


Slip: TypeAlias = tuple[int, int, str, bool]
"""`start`, `end`, what was meant, and whether it stands across two words of one character."""


class CorrectionFinder:
    """Finds slips in Traditional texts; remembers what it has judged."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._shared_forms = lexicon.shared_forms()
        self._doubtful = lexicon.doubtful_pairs()
        self._suspects = re.compile("|".join(map(re.escape, self._shared_forms)) or "(?!)")
        self._words = BoundedCache[str, str](20_000)
        self._characters = BoundedCache[str, str](20_000)
        """How words, and two characters side by side that are none, should be written."""

    def find(self, text: str, shadow: str, words: Sequence[Word]) -> list[Correction]:
        """The likely slips of a block, in order; `words` are its words as it is written."""
        corrections = [_correction(text, *slip) for slip in self._slips(text, shadow, words)]
        if "只" in text:
            corrections += self._measures(text)
        return _disjoint(corrections) if corrections else corrections

    def _slips(self, text: str, shadow: str, words: Sequence[Word]) -> Iterator[Slip]:
        doubtful = self._doubtful
        at = end = 0
        for suspect in self._suspects.finditer(text):
            place = suspect.start()
            if place < end:
                continue
            # Nineteen in twenty stand where no other form of theirs would make a word.
            before, after = text[place - 1 : place + 1], text[place : place + 2]
            if before not in doubtful and after not in doubtful:
                continue
            # Words tile the text: the suspect's is the last that begins so early, and from the one
            # before there are no more words to it than characters.
            last = min(len(words), at + place - end + 2)
            at = bisect_left(words, (place + 1,), at, last) - 1
            start, end, kind = words[at]
            if kind != HAN:
                continue
            if end - start == 1:
                yield from self._pairs(text, shadow, words, at)
                continue
            written = text[start:end]
            intended = self._words.get(written)
            if intended is None:
                judged = self._intended_word(written, shadow[start:end])
                intended = self._words.remember(written, judged)
            if intended != written:
                yield start, end, intended, False

    def _pairs(self, text: str, shadow: str, words: Sequence[Word], at: int) -> Iterator[Slip]:
        """Slips in a word of one character and each neighbour that is one too."""
        for first in (at - 1, at):
            if not 0 <= first < len(words) - 1:
                continue
            (start, _, kind), (_, end, next_kind) = words[first], words[first + 1]
            if end - start == 2 and kind == next_kind == HAN:
                written = text[start:end]
                intended = self._characters.get(written)
                if intended is None:
                    judged = self._intended_pair(written, shadow[start:end])
                    intended = self._characters.remember(written, judged)
                if intended != written:
                    yield start, end, intended, True

    def _intended_word(self, written: str, simplified: str) -> str:
        """How a word should be written: as it is, unless only shared forms differ."""
        forms = [e.traditional for e in self._lexicon.entries(simplified) if not e.phrase]
        if not forms or written in forms or written in _FINE:
            return written
        fitting = [form for form in forms if self._share_simplified(written, form)]
        if len(fitting) > 1:
            usual = to_traditional(simplified)
            fitting.sort(key=lambda form: form != usual)
        return fitting[0] if fitting else written

    def _share_simplified(self, written: str, intended: str) -> bool:
        pairs = zip(written, intended, strict=True)
        return all(a == b or b in self._shared_forms.get(a, "") for a, b in pairs)

    def _intended_pair(self, written: str, simplified: str) -> str:
        """The dictionary word that differs from two characters by one shared form, or they as they
        are."""
        for index, character in enumerate("" if written in _FINE else written):
            for other in self._shared_forms.get(character, ""):
                intended = written[:index] + other + written[index + 1 :]
                shadow = simplify(intended)
                if shadow != simplified and any(
                    entry.traditional == intended and not entry.phrase and not entry.variant
                    for entry in self._lexicon.entries(shadow)
                ):
                    return intended
        return written

    def _measures(self, text: str) -> Iterator[Correction]:
        at = text.find("只", 1)
        while at > 0:
            before, after = text[at - 1], text[at + 1 : at + 2]
            counts = before in _COUNTS or before.isdecimal()
            if counts and "\u4e00" <= after <= "\u9fff" and after not in _COMPANY:
                yield Correction(at, at + 1, "隻", "the measure word is 隻", MEASURE)
            at = text.find("只", at + 1)


def _correction(text: str, start: int, end: int, intended: str, across: bool) -> Correction:
    written = text[start:end]
    if across:
        reason = f"no word {written}, but the dictionary has {intended}"
        return Correction(start, end, intended, reason, ACROSS)
    return Correction(
        start, end, intended, f"the dictionary has {intended}, not {written}", WHOLE_WORD
    )


def _disjoint(corrections: list[Correction]) -> list[Correction]:
    """In order, the first of those that overlap."""
    kept: list[Correction] = []
    for correction in sorted(
        corrections, key=lambda correction: (correction.start, correction.end)
    ):
        if not kept or kept[-1].end <= correction.start:
            kept.append(correction)
    return kept


def apply_corrections(text: str, corrections: Iterable[Correction]) -> str:
    """`text` with every correction made; the length stays."""
    pieces: list[str] = []
    start = 0
    for correction in corrections:
        pieces += text[start : correction.start], correction.corrected
        start = correction.end
    return "".join([*pieces, text[start:]])
