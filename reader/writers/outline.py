"""What must be known of a whole document before its first block is written: where ids end up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reader.model import Block, BlockKind, Flow, MarkKind
from reader.writers.chapters import Placed, placed
from reader.writers.marks import source_id


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the ids of the source and its footnotes end up."""

    places: dict[str, str] = field(default_factory=dict)
    """Href of each id of the source."""
    footnotes: dict[int, list[Placed]] = field(default_factory=dict)
    """Footnotes by the number of the content document that first refers to them."""
    moved: frozenset[int] = frozenset()
    """Blocks that are such footnotes: a pop-up must be in the document that refers to it."""


def outline(flow: Flow, href: Callable[[int], str]) -> Outline:
    """The outline of a document, `href` naming its content documents by number (from 1).

    A stream passes only once, so nothing is known of it: its own links lose their target.
    """
    if not isinstance(flow.blocks, Sequence) or not any(map(_has_ids, flow.blocks)):
        return Outline()
    footnotes = {
        block.id: Placed(index, block, starts=False)
        for index, block in enumerate(flow.blocks)
        if block.kind is BlockKind.FOOTNOTE and block.id
    }
    places: dict[str, str] = {}
    homes: dict[int, list[Placed]] = {}
    moved: set[int] = set()
    for chapter, item in numbered(placed(flow.blocks)):
        for name in _ids(item.block):
            places.setdefault(name, f"{href(chapter)}#{source_id(name)}")
        for name in _references(item.block):
            note = footnotes.get(name)
            if note is not None and note.number not in moved:
                moved.add(note.number)
                homes.setdefault(chapter, []).append(note)
                places[name] = f"{href(chapter)}#{source_id(name)}"
    return Outline(places, homes, frozenset(moved))


def numbered(items: Iterable[Placed]) -> Iterator[tuple[int, Placed]]:
    """Each block with the number of its content document, from 1."""
    chapter = 0
    for item in items:
        chapter += item.starts
        yield chapter, item


def _has_ids(block: Block) -> bool:
    return bool(block.id) or any(mark.kind is MarkKind.ANCHOR for mark in block.marks)


def _ids(block: Block) -> Iterator[str]:
    if block.id:
        yield block.id
    for mark in block.marks:
        if mark.kind is MarkKind.ANCHOR and mark.get("id"):
            yield mark.get("id")


def _references(block: Block) -> Iterator[str]:
    for mark in block.marks:
        if mark.kind is MarkKind.NOTE_REFERENCE:
            yield mark.get("target")
