"""Slips of a Traditional text that a machine made out of Simplified: 流程覆雜, 特征, 一只眼.

A slip is a word that no dictionary writes so, but that the dictionary has with another character
which Simplified writes alike. What the dictionary knows is never touched, nor are spellings that
people mix (台/臺, 周/週); the text stays as it is, and only its annotation follows what was meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from reader.annotate.kinds import HAN, Word
from reader.lexicon import Lexicon
from reader.model import Block, Correction
from reader.scripts import simplify, to_traditional

WHOLE_WORD, ACROSS, MEASURE = 0.95, 0.85, 0.9
"""How sure a finding is, by the rule that makes it."""
REMEMBERED = 20_000
"""Words whose spelling is remembered before the memory starts afresh."""
_FINE = frozenset(["回覆", "答覆", "批覆"])
"""Words that good texts write so though the dictionary does not list the form."""
# 只 after a number counts animals and things (隻), unless an adverb's company follows.
_MEASURE = re.compile(
    r"(?<=[一二三四五六七八九十兩两幾几數数半每百千萬万\d])只"
    r"(?=[\u4e00-\u9fff])(?![是有能好要會会可怕見见不為为剩在讓让用想當当占佔限需求靠算因供])"
)


class Slips:
    """Finds slips in Traditional texts; remembers the words it has judged."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._siblings = lexicon.siblings()
        self._suspect = re.compile(f"[{''.join(self._siblings)}]") if self._siblings else None
        self._judged: dict[str, str] = {}

    def find(self, text: str, shadow: str, words: Sequence[Word]) -> list[Correction]:
        """The likely slips of a block, in order; `words` are its words as it is written."""
        if self._suspect is None:
            return []
        found: list[Correction] = []
        end = 0
        for match in self._suspect.finditer(text):
            if match.start() >= end:
                at = bisect_right(words, (match.start(), len(text) + 1, 0)) - 1
                end = words[at][1]
                found += self._word(text, shadow, words, at)
        if "只" in text:
            found += self._measures(text)
        return _disjoint(found)

    def _word(self, text: str, shadow: str, words: Sequence[Word], at: int) -> Iterator[Correction]:
        """A slip in a word, or across it and a neighbour when each is one character."""
        start, end, kind = words[at]
        if kind != HAN:
            return
        if end - start == 1:
            for first in (at - 1, at):
                if 0 <= first < len(words) - 1:
                    yield from self._across(text, shadow, words[first], words[first + 1])
            return
        word = text[start:end]
        meant = self._judged.get(word) or self._judge(word, shadow[start:end])
        if meant != word:
            reason = f"the dictionary has {meant}, not {word}"
            yield Correction(start, end, meant, reason, WHOLE_WORD)

    def _judge(self, word: str, simplified: str) -> str:
        """How a word of the text should be written: as it is, unless only siblings differ."""
        if len(self._judged) > REMEMBERED:
            self._judged.clear()
        self._judged[word] = word
        forms = [e.traditional for e in self._lexicon.entries(simplified) if not e.phrase]
        if forms and word not in forms and word not in _FINE:
            fitting = [form for form in forms if self._differ_by_siblings(word, form)]
            if len(fitting) > 1:
                usual = to_traditional(simplified)
                fitting.sort(key=lambda form: form != usual)
            self._judged[word] = fitting[0] if fitting else word
        return self._judged[word]

    def _differ_by_siblings(self, written: str, meant: str) -> bool:
        pairs = zip(written, meant, strict=True)
        return all(a == b or b in self._siblings.get(a, "") for a, b in pairs)

    def _across(self, text: str, shadow: str, one: Word, other: Word) -> Iterator[Correction]:
        """Two characters that are no word as written: 覆雜, whose 覆 Simplified keeps."""
        start, end = one[0], other[1]
        if end - start == 2 and one[2] == other[2] == HAN:
            written = text[start:end]
            meant = self._judged.get(written)
            if meant is None:
                meant = self._judged[written] = self._pair(written, shadow[start:end]) or written
            if meant != written:
                reason = f"no word {written}, but the dictionary has {meant}"
                yield Correction(start, end, meant, reason, ACROSS)

    def _pair(self, written: str, simplified: str) -> str:
        """The dictionary word that differs from two characters by one sibling; or nothing."""
        for index, character in enumerate("" if written in _FINE else written):
            for sibling in self._siblings.get(character, ""):
                meant = written[:index] + sibling + written[index + 1 :]
                shadow = simplify(meant)
                if shadow != simplified and any(
                    entry.traditional == meant and not entry.phrase and not entry.variant
                    for entry in self._lexicon.entries(shadow)
                ):
                    return meant
        return ""

    def _measures(self, text: str) -> Iterator[Correction]:
        for match in _MEASURE.finditer(text):
            reason = "the measure word is 隻"
            yield Correction(match.start(), match.end(), "隻", reason, MEASURE)


def _disjoint(found: list[Correction]) -> list[Correction]:
    """In order, the first of those that overlap."""
    kept: list[Correction] = []
    for correction in sorted(found, key=lambda correction: (correction.start, correction.end)):
        if not kept or kept[-1].end <= correction.start:
            kept.append(correction)
    return kept


def corrected(text: str, corrections: Iterable[Correction]) -> str:
    """`text` with every correction made; the length stays."""
    pieces: list[str] = []
    start = 0
    for correction in corrections:
        pieces += text[start : correction.start], correction.corrected
        start = correction.end
    return "".join([*pieces, text[start:]])


def repaired(block: Block) -> Block:
    """The block with its corrections made in its text, to be annotated again.

    Tokens, notes, sentences and corrections are dropped where it changes; marks stay, since the
    length does.
    """
    if not block.corrections:
        return block
    return replace(
        block,
        text=corrected(block.text, block.corrections),
        tokens=(),
        notes=(),
        sentences=(),
        corrections=(),
    )
