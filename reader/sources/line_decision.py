"""What each line is at last: the rules' answers, weighed together with the shapes of the lines.

A rule sees that a line may be a heading; that the line before is one too, that none of the text's
others look so, and how often such an answer was wrong, it does not see. Weights for all that were
learnt from texts of the web whose lines were marked by hand (`training/line_kinds.py`), and the
likeliest kinds of a few lines together are taken (Viterbi). What light markup or a sure rule says
stays.

The file `reader/data/line_kinds.bin`: magic, then in one zlib block a line of JSON (`kinds`;
`steps`, what it weighs that a kind follows another), the features, a line each, an empty line,
and for each feature one signed byte for each kind.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from operator import add
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zlib import decompress, error

from reader.errors import LexiconError
from reader.model import Block, BlockKind
from reader.sources.line_context import Line, TextFacts, TextShape, with_following
from reader.sources.line_features import (
    AHEAD,
    BEHIND,
    Group,
    Past,
    Place,
    Shape,
    features_of,
)

__all__ = ["MAGIC", "Answer", "decided", "features_by_line"]

MAGIC = b"RDRLNK01"
DATA = Path(__file__).parent.parent / "data" / "line_kinds.bin"

_HELD = 6
"""Lines that are held back until those after them are known."""
_MOST_SUMS = 20_000
_NEVER = -(10**9)

Scores: TypeAlias = tuple[int, ...]
"""A weight for each kind."""


class Answer(NamedTuple):
    """What the rules say of a line."""

    line: Line
    block: Block
    kind: str
    """Kind of the block, with the level of a heading."""
    rule: str
    sure: bool
    """It stays as it is."""
    ends: bool
    """Whether the text ends with it, or a blank line stands behind it."""

    @classmethod
    def of(cls, line: Line, block: Block, rule: str, *, sure: bool, ends: bool) -> Answer:
        """An answer whose kind is that of its block."""
        heading = block.kind is BlockKind.HEADING
        kind = f"heading{block.level}" if heading else str(block.kind)
        return cls(line, block, kind, rule, sure, ends)


class Weights:
    """What was learnt."""

    def __init__(self, data: bytes) -> None:
        try:
            head, names, rows = _parts(data)
            found: dict[str, Any] = json.loads(head)
        except (ValueError, error) as exc:
            raise LexiconError(f"the weights of lines, {DATA.name}, are damaged") from exc
        self.kinds: tuple[str, ...] = tuple(found["kinds"])
        self.steps: tuple[Scores, ...] = tuple(map(tuple, found["steps"]))
        """For each kind what speaks for it after each of the kinds."""
        self.only = tuple(
            tuple(0 if kind == only else _NEVER for kind in range(len(self.kinds)))
            for only in range(len(self.kinds))
        )
        """For each kind what speaks for kinds where no other can be."""
        self._places = {
            name: place * len(self.kinds) for place, name in enumerate(names.decode().split("\n"))
        }
        self._rows = memoryview(rows).cast("b")
        self._sums: dict[tuple[str, Group], Scores] = {}

    def score(self, kind: str, groups: Iterable[Group]) -> Scores:
        """What speaks for each kind of a line that the rules call `kind`."""
        rows = [self._sum(kind, group) for group in groups]
        return tuple(map(sum, zip(self._sum(kind, ("",)), *rows, strict=True)))

    def _sum(self, kind: str, group: Group) -> Scores:
        known = self._sums.get((kind, group))
        if known is None:
            if len(self._sums) >= _MOST_SUMS:
                self._sums.clear()
            known = self._sums[kind, group] = self._added(kind, group)
        return known

    def _added(self, kind: str, group: Group) -> Scores:
        """What the features say by themselves, and of a line that the rules call so."""
        many = len(self.kinds)
        names = (*group, *(f"{feature}|{kind}" for feature in group))
        places = map(self._places.get, names)
        rows = [self._rows[place : place + many] for place in places if place is not None]
        return tuple(map(sum, zip(*rows, strict=True))) if rows else (0,) * many


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, features and weights."""
    if data[:8] != MAGIC:
        raise ValueError("not weights of lines")
    head, _, rest = decompress(data[8:]).partition(b"\n")
    names, _, rows = rest.partition(b"\n\n")
    return head, names, rows


@cache
def _weights() -> Weights:
    return Weights(DATA.read_bytes())


def decided(answers: Iterable[Answer], facts: TextFacts) -> Iterator[Block]:
    """The blocks of a text, of which the rules have `answers`."""
    text = facts.shape
    kinds = _alone(answers) if text is None else _likeliest(_weights(), answers, text)
    return _levelled(kinds, facts)


def _alone(answers: Iterable[Answer]) -> Iterator[tuple[Answer, str]]:
    return ((answer, answer.kind) for answer in answers)


def _likeliest(
    weights: Weights, answers: Iterable[Answer], text: TextShape
) -> Iterator[tuple[Answer, str]]:
    """Each answer with the kind that the line has, as it seems a few lines later."""
    held: list[tuple[Answer, Sequence[int]]] = []
    """Answers that were not given yet, and for each kind which came before it likeliest."""
    best: Sequence[int] = ()
    for answer, groups in _with_features(answers, text):
        if groups is None:
            # A kind that is not weighed is to its neighbours like a paragraph.
            kind = weights.kinds.index(answer.kind) if answer.kind in weights.kinds else 0
            if held:
                yield from _given(weights, held, _before(weights, best, kind))
                held.clear()
            yield answer, answer.kind
            best = weights.only[kind]
            continue
        came, best = _step(weights, best, weights.score(answer.kind, groups()))
        held.append((answer, came))
        if len(held) > _HELD:
            yield _given(weights, held, best.index(max(best)))[0]
            del held[0]
    if held:
        yield from _given(weights, held, best.index(max(best)))


def _step(
    weights: Weights, best: Sequence[int], scores: Scores
) -> tuple[Sequence[int], Sequence[int]]:
    """For each kind of a line the likeliest before it, and what speaks for both."""
    if not best:
        return (), scores
    places, found = [], []
    for steps, score in zip(weights.steps, scores, strict=True):
        sums = list(map(add, best, steps))
        most = max(sums)
        places.append(sums.index(most))
        found.append(most + score)
    return places, found


def _before(weights: Weights, best: Sequence[int], kind: int) -> int:
    """The likeliest kind before a line of `kind`."""
    sums = list(map(add, best, weights.steps[kind]))
    return sums.index(max(sums))


def _given(
    weights: Weights, held: Sequence[tuple[Answer, Sequence[int]]], last: int
) -> list[tuple[Answer, str]]:
    """The answers with their kinds, if the last is of the kind `last`."""
    found = []
    for answer, came in reversed(held):
        found.append((answer, weights.kinds[last]))
        last = came[last] if came else 0
    return found[::-1]


def features_by_line(
    answers: Iterable[Answer], facts: TextFacts
) -> Iterator[tuple[bool, list[Group]]]:
    """Of each line whether its kind is asked, and its features: what is learnt from."""
    shape = facts.shape or TextShape((), {}, frozenset())
    for _, groups in _with_features(answers, shape):
        yield groups is not None, groups() if groups else []


def _with_features(
    answers: Iterable[Answer], text: TextShape
) -> Iterator[tuple[Answer, Callable[[], list[Group]] | None]]:
    """Each answer, with what gives the features of its line, if its kind is asked."""
    past = Past()
    kinds = _weights().kinds
    before: deque[Place] = deque(maxlen=BEHIND)
    for (answer, place), window in with_following(_placed(answers), AHEAD):
        if answer.sure or place.kind not in kinds:
            yield answer, None
        else:
            after = [one for _, one in window]
            yield answer, partial(features_of, tuple(before), place, after, past, text)
        past = past.after(place)
        before.appendleft(place)


def _placed(answers: Iterable[Answer]) -> Iterator[tuple[Answer, Place]]:
    return ((answer, Place(Shape(answer.line), answer.kind, answer.rule)) for answer in answers)


def _levelled(kinds: Iterable[tuple[Answer, str]], facts: TextFacts) -> Iterator[Block]:
    """The blocks, of verse those of level 2 with which a stanza begins."""
    after_verse = False
    for answer, kind in kinds:
        block = answer.block
        if kind != answer.kind:
            name, level = (kind[:-1], int(kind[-1])) if kind[-1].isdigit() else (kind, 1)
            block = Block(block.text, BlockKind(name), level=level)
        verse = block.kind is BlockKind.VERSE
        if verse:
            # Where each line stands alone, blank lines part no stanzas; those of couplets they do.
            alone = facts.spaced and answer.ends
            begins = after_verse and answer.line.gap and not alone
            block = Block(block.text, block.kind, level=2 if begins else 1)
        after_verse = verse
        yield block
