"""Words by the cheapest path through a lattice of candidates: the reference of the segmenter.

A text is cut where its characters change kind. In each run of Han characters every dictionary
word, and every number or name that may stand somewhere, has a cost (`word_candidates`, `numbers`,
`person_names`), and so has each boundary between two words; the cheapest path wins. All costs are
integers, -100 ln p, so that they add up alike wherever they are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from reader.annotation.numbers import number_candidates
from reader.annotation.person_names import NameCandidates
from reader.annotation.word_candidates import (
    BITS,
    ERHUA,
    HAN,
    IDEOGRAPHS,
    LATIN,
    LATIN_RUN,
    LENGTH,
    NAME,
    NUMBER,
    NUMBER_RUN,
    OTHER,
    SELECTORS,
    SPACE,
    SPACES,
    SYLLABARIES,
    Candidate,
    Piece,
    Step,
    Word,
    WordCandidates,
    symbol,
)
from reader.lexicon import Lexicon

DOT = "·"
"""It stands between the parts of a foreign name."""


class Lattice:
    """Segments runs of Han characters."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.words = WordCandidates(lexicon)
        self.names = NameCandidates(lexicon, self.words)
        self.boundaries = lexicon.boundary_costs()

    def segment(self, text: str, start: int, end: int) -> list[Piece]:
        """The words of the run `text[start:end]`, in order; their lengths add up to its own.

        What stands around the run tells names. On a tie the step that is offered last wins.
        """
        best = {end: 0}
        chosen: dict[int, Step] = {}
        for at in range(end - 1, start - 1, -1):
            for step in self.steps(text, at, end):
                total = step.cost + best[at + step.length]
                if total <= best.get(at, total):
                    best[at], chosen[at] = total, step
            if at > start:
                best[at] += self.boundary(text, at)
        pieces: list[Piece] = []
        at = start
        while at < end:
            pieces += chosen[at].pieces
            at += chosen[at].length
        return pieces

    def steps(self, text: str, at: int, end: int) -> Iterator[Step]:
        """What may begin at `at` and ends by `end`."""
        yield self.words.alone(text[at])
        weight = self.names.weights.get
        for step in self.words.steps(text, at, end):
            more = sum(filter(None, map(weight, self.word_features(text, at, step))))
            yield step._replace(cost=step.cost + more) if more else step
        for step, _ in self.candidates(text, at, end):
            yield step

    @staticmethod
    def word_features(text: str, at: int, step: Step) -> list[str]:
        """The features of a word of the lexicon, beside itself: a name beside a dot (加西亚 in
        马尔克斯·加西亚)."""
        end = at + step.length
        beside = text[at - 1 : at] if at else "", text[end : end + 1]
        return ["D"] if step.pieces[0] >> BITS == NAME and DOT in beside else []

    def candidates(self, text: str, at: int, end: int) -> Iterator[Candidate]:
        """The numbers and names among them, with their features."""
        weights = self.names.weights
        yield from number_candidates(text, at, end, self.words, weights)
        yield from self.names.candidates(text, at, end)

    def boundary(self, text: str, at: int) -> int:
        """What it costs, beside the words, that one ends and another begins at `at`."""
        return sum([self.boundaries.get(seen, 0) for seen in self.around(text, at)])

    @staticmethod
    def around(text: str, at: int) -> tuple[str, str, str]:
        """What is seen of a boundary: a character to each side, and one more to either.

        >>> Lattice.around("他说的话", 3)
        ('的|话', '说的|话', '的|话$')
        """
        pair = f"{text[at - 1]}|{text[at]}"
        return pair, (text[at - 2] if at > 1 else "^") + pair, pair + (text[at + 1 : at + 2] or "$")


_RUN = re.compile(
    rf"(?P<han>[{IDEOGRAPHS}][{IDEOGRAPHS}{SELECTORS}]*)"
    rf"|(?P<latin>{LATIN_RUN})|(?P<number>{NUMBER_RUN})"
    rf"|(?P<space>[{SPACES}]+)"
    rf"|(?P<kana>{'|'.join(f'[{syllabary}]+' for syllabary in SYLLABARIES)})"
    r"|(?P<same>(?P<one>.)(?P=one)*)",
    re.DOTALL,
)
_SELECTORS = re.compile(f"[{SELECTORS}]")


class ReferenceSegmenter:
    """Segments texts, their runs of Han characters by the lattice.

    `native/segmentation.c` does the same; a test holds the two together over all characters.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._lattice = Lattice(lexicon)

    def segment(self, text: str, shadow: str, fixed: Iterable[Word]) -> list[Word]:
        """The words of `text`, in order, tiling it; `fixed` ones stand as they are."""
        words: list[Word] = []
        start = 0
        for word in fixed:
            self._add_between(text, shadow, start, word[0], words)
            words.append(word)
            start = word[1]
        self._add_between(text, shadow, start, len(text), words)
        return words

    def _add_between(self, text: str, shadow: str, start: int, end: int, words: list[Word]) -> None:
        add = words.append
        for match in _RUN.finditer(text, start, end):
            kind = match.lastgroup
            first, last = match.span()
            if kind == "han":
                for piece in self._pieces(shadow, first, last):
                    last = first + (piece & LENGTH)
                    add((first, last, piece >> BITS))
                    first = last
            elif kind == "same":
                add((first, last, symbol(text[first])))
            else:
                add((first, last, _KINDS[kind or ""]))

    def _pieces(self, text: str, start: int, end: int) -> list[Piece]:
        """The words of a run of Han characters and the selectors that follow them."""
        if not _SELECTORS.search(text, start, end):
            pieces = self._lattice.segment(text, start, end)
            return self._with_erhua(text[start:end], pieces)
        units = re.findall(f"[{IDEOGRAPHS}][{SELECTORS}]*", text[start:end])
        plain = "".join(unit[0] for unit in units)
        whole = text[:start] + plain + text[end:]
        pieces = []
        at = 0
        # Variation selectors stay with the character they follow.
        for piece in self._pieces(whole, start, start + len(plain)):
            last = at + (piece & LENGTH)
            pieces.append(sum(map(len, units[at:last])) | piece >> BITS << BITS)
            at = last
        return pieces

    def _with_erhua(self, run: str, pieces: list[Piece]) -> list[Piece]:
        """A 儿 left alone joins the word before it, where that is of a kind that takes it."""
        if "儿" not in run:
            return pieces
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


def han_runs(text: str) -> Iterator[tuple[int, int]]:
    """Where the runs of Han characters of a text begin and end."""
    for match in _RUN.finditer(text):
        if match.lastgroup == "han":
            yield match.span()


_KINDS = {"latin": LATIN, "number": NUMBER, "space": SPACE, "kana": OTHER}
