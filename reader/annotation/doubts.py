"""What an editor should look at: readings that may be wrong, and the rows that would settle them.

One doubt stands for every place where the same word is read the same way, so an article gives
tens of lines, not hundreds.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reader.glossary.rows import takes_syllable
from reader.model import Block, Document, ReadingSource, Token, TokenKind
from reader.options import Notation
from reader.pinyin import render_word

DOUBTFUL = 0.9
"""Readings surer than this are not shown."""
AROUND = 8
"""Characters of context to either side."""
COLUMNS = ("term", "simplified", "pinyin", "gloss", "note", "tags", "words")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One word whose reading is unsure, or a likely slip of the source."""

    block: int
    start: int
    end: int
    """Where it stands first, in the text of `Document.blocks[block]`."""
    text: str
    context: str
    syllables: tuple[str, ...]
    """The reading chosen; `()` where none is known."""
    alternatives: tuple[tuple[str, ...], ...]
    probability: float
    row: tuple[str, ...]
    """The glossary row that settles it, by `COLUMNS`: that word with its neighbours, so that
    the row does not touch other places where it is read otherwise. Edit its pinyin."""
    count: int = 1
    """In how many places."""
    reason: str = ""
    """Of a slip: what speaks for it."""

    def line(self) -> str:
        """The doubt in one line, for a person."""
        times = f"  ×{self.count}" if self.count > 1 else ""
        chosen = _pinyin(self.syllables) or "no reading"
        others = " or ".join(map(_pinyin, self.alternatives[:3]))
        question = self.reason or (f"{chosen}, not {others}?" if others else f"{chosen}?")
        return f"{self.text}  {question}  {self.probability:.0%}{times}  {self.context}"


def find_doubts(document: Document) -> list[Doubt]:
    """What should be looked at in an annotated document, most doubtful first."""
    by_word: dict[tuple[str, tuple[str, ...]], Doubt] = {}
    for index, block in enumerate(document.blocks):
        for doubt in (*_readings(index, block), *_corrections(index, block)):
            key = doubt.text, doubt.syllables
            known = by_word.get(key)
            if known is None:
                by_word[key] = doubt
                continue
            # The least sure place is shown: a person who decides it decides them all.
            worst = min(known, doubt, key=lambda d: d.probability)
            by_word[key] = replace(worst, count=known.count + 1)
    return sorted(by_word.values(), key=lambda d: (d.probability, -d.count, d.block, d.start))


def glossary_rows(doubts: Sequence[Doubt]) -> str:
    """The glossary rows that would settle these doubts, as CSV with a header."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(dict.fromkeys(doubt.row for doubt in doubts if doubt.row))
    return file.getvalue()


def _readings(index: int, block: Block) -> Iterator[Doubt]:
    """Words whose reading is unsure or unknown."""
    tokens = tuple(block.token_spans())
    for place, (_, _, token) in enumerate(tokens):
        if token.kind is not TokenKind.WORD:
            continue
        reading = token.reading
        if reading is None:
            yield _doubt(index, block, tokens, place, (), (), 0.0)
        elif reading.probability < DOUBTFUL and reading.source is not ReadingSource.GLOSSARY:
            syllables, alternatives = reading.syllables, reading.alternatives
            # Where nothing else is on offer there is nothing to choose, unless a syllable lacks.
            if alternatives or "" in syllables:
                sure = reading.probability
                yield _doubt(index, block, tokens, place, syllables, alternatives, sure)


def _doubt(
    index: int,
    block: Block,
    tokens: Sequence[tuple[int, int, Token]],
    place: int,
    syllables: tuple[str, ...],
    alternatives: tuple[tuple[str, ...], ...],
    probability: float,
) -> Doubt:
    start, end, token = tokens[place]
    context = _context(block.text, start, end)
    row = _row(tokens, place)
    return Doubt(index, start, end, token.text, context, syllables, alternatives, probability, row)


def _corrections(index: int, block: Block) -> Iterator[Doubt]:
    for correction in block.corrections:
        written = block.text[correction.start : correction.end]
        reason = f"{written} for {correction.corrected}? {correction.reason}"
        context = _context(block.text, correction.start, correction.end)
        yield Doubt(
            index,
            correction.start,
            correction.end,
            written,
            context,
            syllables=(),
            alternatives=(),
            probability=1 - correction.probability,
            row=(),
            reason=reason,
        )


def _context(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return f"…{before}【{text[start:end]}】{after}…".replace("\n", " ")


def _row(tokens: Sequence[tuple[int, int, Token]], place: int) -> tuple[str, ...]:
    """A row for the word, with the words beside it where it is one character."""
    # A row for one character alone would be matched in every word that holds it.
    reach = 1 if len(tokens[place][2].text) == 1 else 0
    chosen = [
        token
        for _, _, token in tokens[max(0, place - reach) : place + reach + 1]
        if token is tokens[place][2] or (token.kind is TokenKind.WORD and token.reading is not None)
    ]
    return (
        "".join(token.text for token in chosen),
        "".join(token.simplified for token in chosen),
        _spelled(chosen) if all(map(_is_read, chosen)) else "",
        chosen[0].senses[0] if len(chosen) == 1 and chosen[0].senses else "",
        "",
        "",
        "|".join(token.text for token in chosen),
    )


def _is_read(token: Token) -> bool:
    """Whether every Chinese character of the token has its syllable."""
    spoken = token.reading.syllables if token.reading else [""] * len(token.text)
    return all(s or not takes_syllable(c) for c, s in zip(token.text, spoken, strict=True))


def _spelled(tokens: Sequence[Token]) -> str:
    """The pinyin of the tokens; numbered where no syllable has a mark, as glossaries want tones."""
    read = [(token.reading, token.capitals) for token in tokens if token.reading is not None]
    neutral = all(s.endswith("5") for reading, _ in read for s in reading.syllables if s)
    notation = Notation.NUMBERS if neutral else Notation.PINYIN
    words = [
        # A row says by its capitals what is a name.
        render_word(reading.syllables, notation, breaks=reading.breaks, capital=capitals)
        for reading, capitals in read
    ]
    return " ".join(words)


def _pinyin(syllables: tuple[str, ...]) -> str:
    return render_word(syllables, Notation.PINYIN)
