"""Documents with known sentence links, made from sentence pairs by a seeded script."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from pathlib import Path

from reader.model import Block, Document, Metadata, Span

Pair = tuple[str, str]
Gold = set[tuple[tuple[int, ...], tuple[int, ...]]]


@dataclass(frozen=True)
class Disturbance:
    """Shares of sentences, but for `moves`: the share of paragraph ends moved on one side."""

    merges: float = 0.0
    splits: float = 0.0
    drops: float = 0.0
    insertions: float = 0.0
    moves: float = 0.0


UNDISTURBED = Disturbance()
STANDARD = Disturbance(merges=0.10, splits=0.10, drops=0.03, insertions=0.03, moves=0.10)


@dataclass
class Case:
    """Two documents and the links between their sentences, numbered through each document."""

    source: Document
    target: Document
    gold: Gold = field(repr=False)


def pairs(folder: Path, direction: str) -> list[Pair]:
    """Chinese and English lines of one direction of WMT23, `zh-en` or `en-zh`."""
    stem = folder / "parallel" / f"generaltest2023.{direction}"
    names = ("src.zh", "ref.refA.en") if direction == "zh-en" else ("ref.refA.zh", "src.en")
    chinese, english = (
        Path(f"{stem}.{name}").read_text(encoding="utf-8").splitlines() for name in names
    )
    return [(a.strip(), b.strip()) for a, b in zip(chinese, english, strict=True)]


@dataclass
class _Item:
    """A link in the making: its sentences on either side, and whether a paragraph ends there."""

    sides: tuple[list[str], list[str]]
    ends: list[bool]


def case(real: list[Pair], foreign: list[Pair], disturbance: Disturbance, seed: int) -> Case:
    """The pairs as two documents of paragraphs, disturbed; insertions come from `foreign`."""
    random_ = random.Random(seed)
    items = [_Item(([a], [b]), [False, False]) for a, b in real if a and b]
    items = _merged(items, disturbance.merges, random_)
    for item in items:
        # What was merged is not split again: cut at its seam it would be two links, not one.
        if len(item.sides[0]) == len(item.sides[1]) and random_.random() < disturbance.splits:
            _split(item, random_)
    items = [i for item in items for i in _dropped(item, disturbance.drops, random_)]
    items = [i for item in items for i in _inserted(item, foreign, disturbance, random_)]
    _paragraphs(items, disturbance.moves, random_)
    return Case(_document(items, 0, "zh-Hans"), _document(items, 1, "en"), _gold(items))


def _merged(items: list[_Item], share: float, random_: random.Random) -> list[_Item]:
    """Neighbours become one sentence on one side, and stay two on the other."""
    result: list[_Item] = []
    queue = list(reversed(items))
    while queue:
        item = queue.pop()
        if queue and random_.random() < share:
            other = queue.pop()
            item = _Item(
                (item.sides[0] + other.sides[0], item.sides[1] + other.sides[1]), item.ends
            )
            joined = random_.randrange(2)
            item.sides[joined][:] = [("", " ")[joined].join(item.sides[joined])]
        result.append(item)
    return result


_BREAKS = (re.compile("[，；：、]"), re.compile(r"[,;:] |\s"))


def _split(item: _Item, random_: random.Random) -> None:
    """One sentence of one side is cut in two at the break nearest to its middle."""
    cut = random_.randrange(2)
    side = item.sides[cut]
    index = random_.randrange(len(side))
    text = side[index]
    breaks = [
        match.end() for match in _BREAKS[cut].finditer(text) if 4 < match.end() < len(text) - 4
    ]
    if breaks:
        at = min(breaks, key=lambda place: abs(place - len(text) // 2))
        side[index : index + 1] = [text[:at].strip(), text[at:].strip()]


def _dropped(item: _Item, share: float, random_: random.Random) -> list[_Item]:
    """One side of a link goes missing."""
    if random_.random() < share:
        item.sides[random_.randrange(2)].clear()
    return [item]


def _inserted(
    item: _Item, foreign: list[Pair], disturbance: Disturbance, random_: random.Random
) -> list[_Item]:
    """A sentence of another text comes in, on one side."""
    if random_.random() >= disturbance.insertions:
        return [item]
    side = random_.randrange(2)
    strange = random_.choice(foreign)[side] or "…"
    sides: tuple[list[str], list[str]] = ([], [])
    sides[side].append(strange)
    return [item, _Item(sides, [False, False])]


def _paragraphs(items: list[_Item], moves: float, random_: random.Random) -> None:
    """Paragraphs of one to eight links; an end may move by one link on one side."""
    at = random_.randint(1, 8)
    while at < len(items):
        for side in (0, 1):
            items[at - 1].ends[side] = True
        if random_.random() < moves:
            side = random_.randrange(2)
            items[at - 1].ends[side] = False
            items[at].ends[side] = True
        at += random_.randint(1, 8)


def _document(items: list[_Item], side: int, language: str) -> Document:
    paragraphs: list[list[str]] = [[]]
    for item in items:
        paragraphs[-1] += item.sides[side]
        if item.ends[side] and paragraphs[-1]:
            paragraphs.append([])
    blocks = tuple(block(sentences, ("", " ")[side]) for sentences in paragraphs if sentences)
    return Document(Metadata(language=language), blocks)


def block(sentences: list[str], space: str) -> Block:
    """A paragraph whose sentences are given."""
    spans: list[Span] = []
    start = 0
    for sentence in sentences:
        spans.append(Span(start, start + len(sentence)))
        start += len(sentence) + len(space)
    return Block(space.join(sentences), sentences=tuple(spans))


def _gold(items: list[_Item]) -> Gold:
    gold: Gold = set()
    here = there = 0
    for item in items:
        a, b = (len(side) for side in item.sides)
        if a and b:
            gold.add((tuple(range(here, here + a)), tuple(range(there, there + b))))
        here, there = here + a, there + b
    return gold
