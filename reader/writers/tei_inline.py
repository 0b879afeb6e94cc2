"""The content of a block: its tokens, inside the elements of the spans that cover them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import attrgetter

from reader.markup import SLOT, Tag, escape
from reader.model import Block, Correction, Mark, Note, Span
from reader.writers.tei_elements import (
    Ids,
    MarkElement,
    element,
    empty,
    features,
    mark_element,
    tag,
)
from reader.writers.tei_words import Reasons, Terms, Words

__all__ = ["Inline"]

_TEXT = attrgetter("text")

_SENTENCE, _MARK, _NOTE, _CORRECTION, _ANCHOR = range(5)
"""Which of two elements on the same span is outside the other."""


@dataclass(frozen=True, slots=True)
class _Run:
    """A span, what it is, and its place among those of its kind."""

    start: int
    end: int
    rank: int
    number: int

    @property
    def key(self) -> tuple[int, bool, int, int, int]:
        """Order in which elements begin: the wider first, but for those without width."""
        return self.start, self.end > self.start, -self.end, self.rank, self.number


class Inline:
    """Makes the content of blocks; one for each text, since it knows the ids of its source."""

    def __init__(self, words: Words, terms: Terms, reasons: Reasons, ids: Ids) -> None:
        self.words = words
        self.terms = terms
        self.reasons = reasons
        self.ids = ids

    def content(self, block: Block, place: str) -> str:
        """The markup of what is in the block, whose `xml:id` is `place`."""
        # The short way: most blocks have tokens, sentences and terms that nest, and nothing else.
        if block.tokens and not block.marks and not block.corrections:
            bounds = _token_bounds(block)
            if _nests(block, bounds):
                return self._nested(block, place, bounds)
        return _Content(self, block, place).markup()

    def _nested(self, block: Block, place: str, bounds: Sequence[int]) -> str:
        """The markup of a block that has nothing but terms in sentences: most blocks are such."""
        pieces = self.words.each(block)
        for note in block.notes:
            term = tag("term", ref=self.terms.pointer(note))
            _enclose(pieces, bounds, note, term)
        for number, sentence in enumerate(block.sentences, 1):
            _enclose(pieces, bounds, sentence, _S.named(f"{place}.s{number}"))
        return "".join(pieces)


_S = tag("s", id=SLOT)


def _token_bounds(block: Block) -> list[int]:
    """The offsets between tokens, and those of the text's beginning and end."""
    return list(accumulate(map(len, map(_TEXT, block.tokens)), initial=0))


def _nests(block: Block, bounds: Sequence[int]) -> bool:
    """Whether each term stands in a sentence, and all of them begin and end at these bounds."""
    known = set(bounds)
    sentences = iter(block.sentences)
    sentence = Span(0, 0)
    for note in block.notes:
        while sentence.end <= note.start:
            sentence = next(sentences, note)
        if note.end > sentence.end or note.start < sentence.start:
            return False
    spans = (*block.notes, *block.sentences)
    return all(s.start < s.end and s.start in known and s.end in known for s in spans)


def _enclose(pieces: list[str], bounds: Sequence[int], span: Span, element: Tag) -> None:
    """Put an element around the pieces that a span covers."""
    first, after = bisect_left(bounds, span.start), bisect_left(bounds, span.end)
    pieces[first] = element.open + pieces[first]
    pieces[after - 1] += element.close


class _Content:
    """The content of one block in the making."""

    def __init__(self, inline: Inline, block: Block, place: str) -> None:
        self._inline = inline
        self._block = block
        self._place = place
        self._bounds = self._boundaries()
        self._index = dict(zip(self._bounds, range(len(self._bounds)), strict=True))
        self._mark_elements = [mark_element(mark, inline.ids) for mark in block.marks]
        self._anchors: dict[int, str] = {}

    def markup(self) -> str:
        block = self._block
        inner, wide = self._by_width(block.corrections)
        runs = _runs(block.sentences, _SENTENCE) + _runs(block.marks, _MARK)
        runs += _runs(block.notes, _NOTE)
        runs += [
            _Run(block.corrections[n].start, block.corrections[n].end, _CORRECTION, n) for n in wide
        ]
        nested, refused = self._nested_and_refused(runs)
        anchored = [self._anchor_run(offset) for run in refused for offset in (run.start, run.end)]
        pieces = self._pieces(inner)
        # Marks are read back in document order; where that is not theirs each says its number.
        numbered = not self._in_order(nested)
        nested += [run for run in dict.fromkeys(anchored) if run.start in self._index]
        nested.sort(key=lambda run: run.key)
        tags = [(run, self._tag(run, numbered)) for run in nested]
        return _woven(tags, self._index, pieces) + self._standing_off(refused)

    def _boundaries(self) -> list[int]:
        """Where an element may begin or end: between tokens, or anywhere if there are none."""
        block = self._block
        if block.tokens:
            return _token_bounds(block)
        spans = (*block.sentences, *block.marks, *block.notes, *block.corrections)
        ends = {end for span in spans for end in (span.start, span.end)}
        return sorted(ends | {0, len(block.text)})

    def _by_width(
        self, corrections: Sequence[Correction]
    ) -> tuple[dict[int, list[Correction]], list[int]]:
        """Corrections within one token, by its number, and the indexes of the others."""
        inner: dict[int, list[Correction]] = {}
        wide = []
        for number, correction in enumerate(corrections):
            token = bisect_right(self._bounds, correction.start) - 1
            # A correction inside a word is inside its `w`; a wider one holds whole words.
            width = correction.end > correction.start
            if width and self._block.tokens and correction.end <= self._bounds[token + 1]:
                inner.setdefault(token, []).append(correction)
            else:
                wide.append(number)
        return inner, wide

    def _nested_and_refused(self, runs: list[_Run]) -> tuple[list[_Run], list[_Run]]:
        """Runs that can be elements, and those that cannot; sentences come before all others."""
        runs.sort(key=lambda run: run.key)
        sentences = [run for run in runs if run.rank == _SENTENCE and self._fits(run)]
        starts = [run.start for run in sentences]
        nested: list[_Run] = []
        refused: list[_Run] = []
        open_: list[int] = []
        for run in runs:
            while open_ and open_[-1] <= run.start:
                open_.pop()
            # Elements nest; what would cross another stands off, at the end of the block.
            if not self._fits(run) or _crosses(run, open_, sentences, starts):
                refused.append(run)
                continue
            nested.append(run)
            if run.end > run.start:
                open_.append(run.end)
        return nested, refused

    def _fits(self, run: _Run) -> bool:
        if run.rank == _MARK and self._mark_elements[run.number] is None:
            return False
        return run.start in self._index and run.end in self._index

    def _in_order(self, nested: Iterable[_Run]) -> bool:
        """Whether marks that are read back come in their own order without a number each."""
        numbers = [run.number for run in nested if run.rank == _MARK]
        return numbers == list(range(len(self._block.marks)))

    def _anchor_run(self, offset: int) -> _Run:
        self._anchors.setdefault(offset, f"{self._place}.a{len(self._anchors) + 1}")
        return _Run(offset, offset, _ANCHOR, offset)

    def _pieces(self, inner: dict[int, list[Correction]]) -> list[str]:
        """The markup between each two boundaries."""
        block = self._block
        if not block.tokens:
            return [escape(block.text[start:end]) for start, end in pairwise(self._bounds)]
        pieces = self._inline.words.each(block)
        inside: dict[int, list[int]] = {}
        for offset in self._anchors:
            if offset not in self._index:
                inside.setdefault(bisect_right(self._bounds, offset) - 1, []).append(offset)
        for number in {*inner, *inside}:
            base = self._base(number, inner.get(number, []), inside.get(number, []))
            pieces[number] = self._inline.words.divided(block.tokens[number], base, pieces[number])
        return pieces

    def _base(self, number: int, corrections: list[Correction], anchors: list[int]) -> str:
        """The text of a token with corrections and anchors in it."""
        parts = []
        at = self._bounds[number]
        for correction in corrections:
            parts.append(self._text(at, correction.start, anchors))
            sic = tag("sic").around(self._text(correction.start, correction.end, anchors))
            parts.append(tag("choice").around(sic, self._inline.reasons.corr(correction)))
            at = correction.end
        parts.append(self._text(at, self._bounds[number + 1], anchors))
        return "".join(parts)

    def _text(self, start: int, end: int, anchors: list[int]) -> str:
        """Text with an anchor at each offset; one at `end` is left to what follows."""
        parts = []
        for offset in sorted(anchors):
            if start <= offset < end:
                parts += [escape(self._block.text[start:offset]), self._anchor(offset)]
                start = offset
        return "".join([*parts, escape(self._block.text[start:end])])

    def _anchor(self, offset: int) -> str:
        return empty("anchor", id=self._anchors[offset])

    def _tag(self, run: _Run, numbered: bool) -> Tag:
        """The tags of an element; around nothing, they are in the first of the two."""
        block = self._block
        if run.rank == _MARK:
            return _mark_tag(self._mark_elements[run.number], run, numbered)
        if run.rank == _ANCHOR:
            return Tag(self._anchor(run.start), "")
        if run.rank == _SENTENCE:
            return tag("s", id=f"{self._place}.s{run.number + 1}")
        if run.rank == _NOTE:
            return tag("term", ref=self._inline.terms.pointer(block.notes[run.number]))
        corr = self._inline.reasons.corr(block.corrections[run.number])
        # The words stand in `sic`, the correction behind them in `corr`: TEI P5, 3.5.1.
        choice, sic = tag("choice"), tag("sic")
        return Tag(choice.open + sic.open, sic.close + corr + choice.close)

    def _standing_off(self, refused: Sequence[_Run]) -> str:
        if not refused:
            return ""
        structures: list[str] = []
        spans = [self._span(run, structures) for run in refused]
        return tag("spanGrp").around(*spans) + "".join(structures)

    def _span(self, run: _Run, structures: list[str]) -> str:
        block = self._block
        ends = {"from_": f"#{self._anchors[run.start]}", "to": f"#{self._anchors[run.end]}"}
        if run.rank == _SENTENCE:
            return empty("span", type="sentence", id=f"{self._place}.s{run.number + 1}", **ends)
        if run.rank == _NOTE:
            target = self._inline.terms.pointer(block.notes[run.number])
            return empty("span", type="term", ana=target, **ends)
        if run.rank == _CORRECTION:
            correction = block.corrections[run.number]
            more = self._inline.reasons.attributes(correction)
            return element("span", correction.corrected, type="correction", **more, **ends)
        return self._mark_span(block.marks[run.number], run.number, structures, ends)

    def _mark_span(
        self, mark: Mark, number: int, structures: list[str], ends: dict[str, str]
    ) -> str:
        id = f"{self._place}.f{len(structures) + 1}"
        attributes = features(mark, id)
        ana = None
        if attributes:
            structures.append(attributes)
            ana = f"#{id}"
        kind = mark.kind.value
        return empty("span", type="mark", subtype=kind, n=str(number), ana=ana, **ends)


def _runs(spans: Sequence[Span | Mark | Note], rank: int) -> list[_Run]:
    return [_Run(span.start, span.end, rank, number) for number, span in enumerate(spans)]


def _crosses(
    run: _Run, open_: Sequence[int], sentences: Sequence[_Run], starts: Sequence[int]
) -> bool:
    """Whether `run` reaches out of what is open, whose ends are given, or out of a sentence."""
    if open_ and open_[-1] < run.end:
        return True
    first = bisect_left(starts, run.start) - 1
    if first >= 0 and run.start < sentences[first].end < run.end:
        return True
    last = bisect_left(starts, run.end) - 1
    return last >= 0 and run.start < starts[last] and run.end < sentences[last].end


def _mark_tag(element: MarkElement | None, run: _Run, numbered: bool) -> Tag:
    assert element is not None
    n = str(run.number) if numbered else None
    return Tag(element.point(n), "") if run.start == run.end else element.tag(n)


def _woven(tags: Sequence[tuple[_Run, Tag]], index: dict[int, int], pieces: Sequence[str]) -> str:
    """The pieces inside the elements of nested runs."""
    out: list[str] = []
    open_: list[tuple[int, str]] = []
    at = 0
    for run, (start, end) in tags:
        while open_ and open_[-1][0] <= run.start:
            bound, close = open_.pop()
            out += pieces[at : index[bound]]
            at = index[bound]
            out.append(close)
        out += pieces[at : index[run.start]]
        at = index[run.start]
        out.append(start)
        if run.end > run.start:
            open_.append((run.end, end))
        else:
            out.append(end)
    for bound, close in reversed(open_):
        out += pieces[at : index[bound]]
        at = index[bound]
        out.append(close)
    return "".join([*out, *pieces[at:]])
