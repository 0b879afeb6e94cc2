"""The blocks of a body, in document order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from reader.errors import SourceError
from reader.markup import etree
from reader.model import Block, BlockKind
from reader.sources.tei.content import Content
from reader.sources.tei.names import ID, LANG, line_of, local, source_id
from reader.sources.tei.tables import Tables, child

__all__ = ["Body"]

_KINDS = {
    "p": BlockKind.PARAGRAPH,
    "quote": BlockKind.QUOTATION,
    "l": BlockKind.VERSE,
    "note": BlockKind.FOOTNOTE,
    "item": BlockKind.LIST_ITEM,
    "byline": BlockKind.BYLINE,
}


class Body:
    """Reads a body; `places` has the index of each block by its `xml:id`."""

    def __init__(self, tables: Tables, path: Path | None) -> None:
        self._tables = tables
        self._path = path
        self.places: dict[str, int] = {}

    def blocks(self, body: etree._Element) -> Iterator[Block]:
        for element in body:
            name = local(element)
            if name in ("div", "list"):
                yield from self.blocks(element)
            elif name:
                yield self._block(element)
            if name == "item":
                for inner in element.iterchildren("{*}list"):
                    yield from self.blocks(inner)

    def _block(self, element: etree._Element) -> Block:
        self.places[element.get(ID, "")] = len(self.places)
        try:
            return self._built(element)
        except SourceError:
            raise
        except ValueError as error:
            raise SourceError(str(error), path=self._path, line=line_of(element)) from error

    def _built(self, element: etree._Element) -> Block:
        kind = _kind_of(element)
        holder = _holder(element)
        content = Content(self._tables, holder)
        item = kind is BlockKind.LIST_ITEM
        return Block(
            content.text,
            kind,
            tuple(content.tokens),
            content.marks,
            tuple(content.notes),
            tuple(content.sentences),
            tuple(content.corrections),
            _level(element, kind),
            element.get(LANG, ""),
            source_id(element.get(ID, "")) or source_id(element.get("sameAs", "")[1:]),
            _resource(element),
            element.get("n" if item else "rend", ""),
        )


def _kind_of(element: etree._Element) -> BlockKind:
    name, kind = local(element), element.get("type")
    if name in _KINDS:
        return _KINDS[name]
    if name == "head" and not kind:
        return BlockKind.HEADING
    if name in ("head", "ab", "figure") and kind:
        return BlockKind(kind)
    raise ValueError(f"<{name}> is not a block")


def _holder(element: etree._Element) -> etree._Element:
    """The element that has the block's content in it."""
    if local(element) != "figure":
        return element
    for name in ("ab", "head"):
        found = child(element, name)
        if found is not None:
            return found
    raise ValueError("a figure has neither ab nor head")


def _level(element: etree._Element, kind: BlockKind) -> int:
    """Of headings and list items, their division or list has it."""
    around = kind in (BlockKind.HEADING, BlockKind.LIST_ITEM)
    holder = element.getparent() if around else element
    return int(holder.get("n", "1")) if holder is not None else 1


def _resource(element: etree._Element) -> str:
    graphic = child(element, "graphic") if local(element) == "figure" else None
    pointer = element.get("corresp", "") if graphic is None else graphic.get("url", "")
    return source_id(pointer[1:])
