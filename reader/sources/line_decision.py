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
from reader.sources.line_context import Line, TextFacts, TextShape
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
    rule: str
    sure: bool
    """It stays as it is."""

    @property
    def kind(self) -> str:
        """Kind of the block, with the level of a heading."""
        heading = self.block.kind is BlockKind.HEADING
        return f"heading{self.block.level}" if heading else str(self.block.kind)


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
    held: deque[tuple[Answer, Sequence[int]]] = deque()
    """Answers that were not given yet, and for each kind which came before it likeliest."""
    best: Sequence[int] = ()
    for answer, scores in _scored(weights, answers, text):
        came, best = _step(weights, best, scores)
        held.append((answer, came))
        if len(held) > _HELD:
            yield _first(weights, held, best)
    while held:
        yield _first(weights, held, best)


def _step(
    weights: Weights, best: Sequence[int], scores: Scores | int
) -> tuple[Sequence[int], Sequence[int]]:
    """For each kind of a line the likeliest before it, and what speaks for both.

    A number for scores is the only kind that the line can have.
    """
    many = len(weights.kinds)
    if isinstance(scores, int):
        came = _before(weights, best, scores) if best else 0
        return (came,) * many, [0 if kind == scores else _NEVER for kind in range(many)]
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
    sums = list(map(add, best, weights.steps[kind]))
    return sums.index(max(sums))


def _first(
    weights: Weights, held: deque[tuple[Answer, Sequence[int]]], best: Sequence[int]
) -> tuple[Answer, str]:
    at = max(range(len(best)), key=best.__getitem__)
    for _, came in list(held)[:0:-1]:
        at = came[at]
    answer, _ = held.popleft()
    return answer, weights.kinds[at] if _is_open(answer, weights) else answer.kind


def _is_open(answer: Answer, weights: Weights) -> bool:
    return not answer.sure and answer.kind in weights.kinds


def _scored(
    weights: Weights, answers: Iterable[Answer], text: TextShape
) -> Iterator[tuple[Answer, Scores | int]]:
    """Each answer with what speaks for each kind of its line."""
    for answer, groups in _with_features(answers, text):
        if _is_open(answer, weights):
            yield answer, weights.score(answer.kind, groups())
        else:
            # A kind that is not weighed is to its neighbours like a paragraph.
            known = answer.kind in weights.kinds
            yield answer, weights.kinds.index(answer.kind) if known else 0


def features_by_line(
    answers: Iterable[Answer], facts: TextFacts
) -> Iterator[tuple[bool, list[Group]]]:
    """Of each line whether its kind is asked, and its features: what is learnt from."""
    shape = facts.shape or TextShape((), {})
    for answer, groups in _with_features(answers, shape):
        yield _is_open(answer, _weights()), groups()


def _with_features(
    answers: Iterable[Answer], text: TextShape
) -> Iterator[tuple[Answer, Callable[[], list[Group]]]]:
    past = Past()
    for before, (answer, place), after in _windows(answers):
        beside = [one for _, one in after]
        yield answer, partial(features_of, before, place, beside, past, text)
        past = past.after(place)


Placed: TypeAlias = tuple[Answer, Place]


def _windows(
    answers: Iterable[Answer],
) -> Iterator[tuple[list[Place], Placed, list[Placed]]]:
    """Each answer with those before it, the nearest first, and those after it."""
    before: deque[Place] = deque(maxlen=BEHIND)
    window: deque[Placed] = deque()
    for answer in answers:
        window.append((answer, Place(Shape(answer.line), answer.kind, answer.rule)))
        if len(window) > AHEAD:
            this = window.popleft()
            yield list(before), this, list(window)
            before.appendleft(this[1])
    while window:
        this = window.popleft()
        yield list(before), this, list(window)
        before.appendleft(this[1])


def _levelled(kinds: Iterable[tuple[Answer, str]], facts: TextFacts) -> Iterator[Block]:
    """The blocks, of verse those of level 2 with which a stanza begins."""
    previous: Block | None = None
    held: tuple[Answer, str] | None = None
    for after in _with_end(kinds):
        if held is not None:
            alone = after is None or after[0].line.gap
            previous = _block(held, previous, facts, alone=alone)
            yield previous
        held = after


def _with_end(kinds: Iterable[tuple[Answer, str]]) -> Iterator[tuple[Answer, str] | None]:
    yield from kinds
    yield None


def _block(
    decision: tuple[Answer, str], previous: Block | None, facts: TextFacts, *, alone: bool
) -> Block:
    answer, kind = decision
    block = answer.block
    if kind != answer.kind:
        name, level = (kind[:-1], int(kind[-1])) if kind[-1].isdigit() else (kind, 1)
        block = Block(block.text, BlockKind(name), level=level)
    if block.kind is not BlockKind.VERSE:
        return block
    # Where each line stands alone, blank lines part no stanzas; those of couplets they do.
    after_verse = previous is not None and previous.kind is BlockKind.VERSE
    begins = after_verse and answer.line.gap and not (facts.spaced and alone)
    return Block(block.text, block.kind, level=2 if begins else 1)
