"""What each line is at last: the rules' answers, weighed together with the shapes of the lines.

A rule sees that a line may be a heading; that the line before is one too, that none of the text's
others look so, and how often such an answer was wrong, it does not see. Weights for all that were
learnt from texts of the web whose lines were marked by hand (`training/line_kinds.py`), and the
likeliest kinds of a few lines together are taken (Viterbi). What light markup or a sure rule says
stays.

The file `reader/data/line_kinds.bin`: magic, then in one zlib block a line of JSON (`kinds`;
`steps`, what it weighs that a kind follows another; `finer`, how many times finer what trees say
is; `begin`, what speaks for each kind before any tree), one of JSON for the trees (see
`Trees`), the features, a line each, an empty line, and for each feature, and then for each
leaf of a tree, one signed byte for each kind.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import accumulate, chain, pairwise
from operator import add, getitem
from pathlib import Path
from struct import Struct
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

__all__ = ["MAGIC", "Answer", "Trees", "decided", "features_by_line", "name_and_value"]

MAGIC = b"RDRLNK02"
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
            found, names, rows = _parts(data)
            trees: dict[str, Any] = json.loads(names[0])
        except (ValueError, error) as exc:
            raise LexiconError(f"the weights of lines, {DATA.name}, are damaged") from exc
        self.kinds: tuple[str, ...] = tuple(found["kinds"])
        finer: int = found["finer"]
        self.steps: tuple[Scores, ...] = tuple(
            tuple(finer * step for step in steps) for steps in found["steps"]
        )
        """For each kind what speaks for it after each of the kinds."""
        self.only = tuple(
            tuple(0 if kind == only else _NEVER for kind in range(len(self.kinds)))
            for only in range(len(self.kinds))
        )
        """For each kind what speaks for kinds where no other can be."""
        packed = _Packed(rows, len(self.kinds))
        self._packed = packed
        self._many = len(names) - 1
        self._places = {name: place for place, name in enumerate(names[1:])}
        self._trees = Trees(trees, lambda leaf: packed.row(self._many + leaf))
        self._finer = finer
        self._begin: list[int] = found["begin"]
        self._sums: dict[tuple[str, Group], tuple[int, int]] = {}

    def score(self, kind: str, groups: Sequence[Group]) -> Scores:
        """What speaks for each kind of a line that the rules call `kind`."""
        total, many = self._sum(kind, ("",))
        for group in groups:
            one, count = self._sum(kind, group)
            total += one
            many += count
        # The chain, and the trees.
        line = self._packed.sums(total, many)
        features = chain((f"said={kind}",), *groups)
        trees = self._packed.sums(self._trees.total(features), self._trees.many)
        finer = self._finer
        return tuple(
            one * finer + other + begin
            for one, other, begin in zip(line, trees, self._begin, strict=True)
        )

    def _sum(self, kind: str, group: Group) -> tuple[int, int]:
        """The sum of the rows of a group, and of how many rows."""
        known = self._sums.get((kind, group))
        if known is None:
            if len(self._sums) >= _MOST_SUMS:
                self._sums.clear()
            known = self._sums[kind, group] = self._added(kind, group)
        return known

    def _added(self, kind: str, group: Group) -> tuple[int, int]:
        """What the features say by themselves, and of a line that the rules call so."""
        names = (*group, *(f"{feature}|{kind}" for feature in group))
        rows = [place for place in map(self._places.get, names) if place is not None]
        return sum(map(self._packed.row, rows)), len(rows)


class _Packed:
    """Rows of signed bytes, each as one whole number, so that rows are added at once: three bytes
    for each byte, which is 128 more than it was."""

    def __init__(self, rows: bytes, width: int) -> None:
        self._wide = bytearray(3 * len(rows))
        self._wide[::3] = rows.translate(_MORE)
        self._size = 3 * width
        self._width = width
        self.many = len(rows) // width
        self._known = [0] * self.many

    def row(self, place: int) -> int:
        found = self._known[place]
        if not found:
            begin = place * self._size
            found = int.from_bytes(self._wide[begin : begin + self._size], "little")
            self._known[place] = found
        return found

    def sums(self, total: int, many: int) -> list[int]:
        """What the sum of so many rows is in each column."""
        less = 128 * many
        return [((total >> (24 * column)) & 0xFFFFFF) - less for column in range(self._width)]


_MORE = bytes((byte + 128) % 256 for byte in range(256))


def _parts(data: bytes) -> tuple[dict[str, Any], list[str], bytes]:
    """Head, trees and names of features, and the rows of both."""
    if data[:8] != MAGIC:
        raise ValueError("not weights of lines")
    head, _, rest = decompress(data[8:]).partition(b"\n")
    names, _, rows = rest.partition(b"\n\n")
    return json.loads(head), names.decode().split("\n"), rows


# Trees, which ask one feature of a line after another, and say what speaks for each kind. They were
# grown by `training/trees.py`. All are asked at once: a feature of a line rules out, in each tree,
# the leaves on the sides that its answers don't lead to (one mask of bits for all trees), and of
# those left in a tree the first is the line's (QuickScorer, Lucchese et al. 2015).

_ALONE = frozenset(("w", "form"))
"""Of these a line may have several: each value is a name."""
_BITS = 32
"""Leaves of a tree, at most."""


def name_and_value(feature: str) -> tuple[str, str] | None:
    """Name and value of a feature; None for one that joins several.

    >>> name_and_value("len=3"), name_and_value("date"), name_and_value("len,end=3,h")
    (('len', '3'), ('date', ''), None)
    """
    name, sign, value = feature.partition("=")
    if not sign:
        return None if "," in name else (name, "")
    if "," in name or "=" in value[:-1]:
        return None
    return (feature, "") if name in _ALONE else (name, value)


class Trees:
    """Trees as they are kept.

    `names` and `values` are the names and the values of each in their order; a node asks whether
    the code of the name `asks[node]` is at most `limits[node]`, where that of a name that the line
    has not is 0. If so, the next node is next, if not that at `other[node]`. A node that asks
    nothing has -1: it is a leaf, and `row` gives for the number of one what it says. ValueError for
    trees that are too large.
    """

    def __init__(self, parts: dict[str, Any], row: Callable[[int], int]) -> None:
        self._roots: list[int] = parts["roots"]
        self._limits: list[int] = parts["limits"]
        self._other: list[int] = parts["other"]
        self.many = len(self._roots)
        self._before = list(accumulate((name < 0 for name in parts["asks"]), initial=0))
        """Leaves before each node."""
        self._asked: list[list[int]] = [[] for _ in parts["names"]]
        """Of each name the nodes that ask it."""
        for node, name in enumerate(parts["asks"]):
            if name >= 0:
                self._asked[name].append(node)
        ends = [*map(self._before.__getitem__, self._roots), self._before[-1]]
        most = max(end - begin for begin, end in pairwise(ends))
        if most > _BITS:
            raise ValueError(f"a tree has {most} leaves")
        self._tables = [_Leaves(first, row) for first in ends[:-1]]
        self._codes = {
            (f"{name}={value}" if value else name): (place, code)
            for place, (name, values) in enumerate(
                zip(parts["names"], parts["values"], strict=True)
            )
            for code, value in enumerate(values, 1)
        }
        self._past: dict[int, list[tuple[int, int, int]]] = {}
        self._out: dict[str, int] = {}
        """Of features that lines had the leaves that are out."""
        self._all = (1 << (_BITS * self.many)) - 1
        self._masks = Struct(f"<{self.many}I")

    def total(self, features: Iterable[str]) -> int:
        """The sum of what the leaves say, as whole numbers packed in one."""
        out, known = 0, self._out
        for feature in features:
            one = known.get(feature)
            out |= self._leaves_out(feature) if one is None else one
        left = self._masks.unpack((self._all ^ out).to_bytes(self._masks.size, "little"))
        return sum(map(getitem, self._tables, [bits & -bits for bits in left]))

    def _leaves_out(self, feature: str) -> int:
        """The leaves that are out where a line has the feature."""
        if len(self._out) >= _MOST_SUMS:
            self._out.clear()
        found, (name, code) = 0, self._codes.get(feature, (-1, 0))
        if code:
            masks = [0] * self.many
            for limit, tree, mask in self._masks_of(name):
                if limit >= code:
                    break
                masks[tree] |= mask
            found = int.from_bytes(self._masks.pack(*masks), "little")
        self._out[feature] = found
        return found

    def _masks_of(self, name: int) -> list[tuple[int, int, int]]:
        """Limits of a name in their order, with the tree and the leaves that are out past each."""
        known = self._past.get(name)
        if known is None:
            before, found = self._before, []
            for node in self._asked[name]:
                tree = bisect_right(self._roots, node) - 1
                first, end = before[self._roots[tree]], before[self._other[node]]
                found.append(
                    (self._limits[node], tree, (1 << end - first) - (1 << before[node] - first))
                )
            known = self._past[name] = sorted(found)
        return known


class _Leaves(dict[int, int]):
    """What the leaves of a tree say, by their bits, once they have been asked."""

    def __init__(self, first: int, row: Callable[[int], int]) -> None:
        self._first, self._row = first, row

    def __missing__(self, bit: int) -> int:
        found = self[bit] = self._row(self._first + bit.bit_length() - 1)
        return found


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
    shape = facts.shape or TextShape((), {}, frozenset(), {}, {}, 0)
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
