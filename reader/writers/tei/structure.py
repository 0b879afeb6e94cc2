"""Blocks as divisions, heads, paragraphs, lists and figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reader.model import Block, BlockKind
from reader.writers.tei.inline import Inline
from reader.writers.tei.names import named
from reader.writers.tei.tags import Tag, empty, tag

__all__ = ["Body"]

_ELEMENTS: dict[BlockKind, tuple[str, str | None]] = {
    BlockKind.PARAGRAPH: ("p", None),
    BlockKind.QUOTATION: ("quote", None),
    BlockKind.VERSE: ("l", None),
    BlockKind.FOOTNOTE: ("note", "footnote"),
}
"""Element and `type`; of every other kind, `ab` with the kind as its type."""

_AT_THE_TOP: dict[BlockKind, tuple[str, str | None]] = {
    BlockKind.TITLE: ("head", "title"),
    BlockKind.SUBTITLE: ("head", "subtitle"),
    BlockKind.BYLINE: ("byline", None),
}
"""What TEI allows only before the first paragraph of a division."""

_SLIGHT = frozenset((*_AT_THE_TOP, BlockKind.FOOTNOTE, BlockKind.IMAGE, BlockKind.CAPTION))
"""What a body cannot consist of; wrongly, but harmlessly, also a title in the middle."""

_IN_FIGURES = {BlockKind.IMAGE: "ab", BlockKind.CAPTION: "head"}

Attributes = dict[str, str | None]


class Body:
    """Writes the body of a text as its blocks pass. `places` has the `xml:id` of each."""

    def __init__(self, inline: Inline, prefix: str) -> None:
        self._inline = inline
        self._prefix = prefix
        self.places: dict[int, str] = {}
        """Of blocks that the source gave an id; of others it is the prefix and the index."""
        self._divs: list[int] = []
        self._lists: list[int] = []
        self._top = True
        self._solid = False

    def place(self, index: int) -> str:
        return self.places.get(index) or f"{self._prefix}{index}"

    def markup(self, blocks: Iterable[Block]) -> Iterator[str]:
        """The `body`, piece by piece."""
        body = tag("body")
        yield f"{body.open}\n"
        for index, block in enumerate(blocks):
            yield from self._block(index, block)
        if not self._solid:
            # A body may not be empty, nor have heads, notes and figures alone.
            yield empty("div")
        yield from self._up(None)
        yield f"{body.close}\n"

    def _block(self, index: int, block: Block) -> Iterator[str]:
        self._solid = self._solid or block.kind not in _SLIGHT
        attributes = self._attributes(index, block)
        content = self._inline.content(block, self.place(index))
        if block.kind is BlockKind.LIST_ITEM:
            yield from self._item(block, attributes, content)
            self._top = False
            return
        yield from self._end_lists(None)
        if block.kind is BlockKind.HEADING:
            yield from self._up(block.level)
            self._divs.append(block.level)
            yield tag("div", type="section", n=str(block.level)).open
            self._top = True
            yield tag("head", **attributes).around(content) + "\n"
            return
        yield _wrapped(block, self._level(block, attributes), content, self._top) + "\n"
        self._top = self._top and block.kind in _AT_THE_TOP

    def _attributes(self, index: int, block: Block) -> Attributes:
        """Attributes that any block may have."""
        claimed = self._inline.ids.claim(block.id) if block.id else {}
        if "id" in claimed:
            self.places[index] = claimed["id"]
        attributes: Attributes = {"id": self.place(index), **claimed}
        if block.language:
            attributes["lang"] = block.language
        if block.resource and block.kind not in _IN_FIGURES:
            attributes["corresp"] = f"#{named(block.resource, 'f')}"
        if block.ordinal:
            attributes["n" if block.kind is BlockKind.LIST_ITEM else "rend"] = block.ordinal
        return attributes

    def _level(self, block: Block, attributes: Attributes) -> Attributes:
        return attributes if block.level == 1 else {**attributes, "n": str(block.level)}

    def _item(self, block: Block, attributes: Attributes, content: str) -> Iterator[str]:
        yield from self._end_lists(block.level + 1)
        item = tag("item", **attributes)
        if self._lists and self._lists[-1] == block.level:
            yield f"{tag('item').close}\n"
        else:
            self._lists.append(block.level)
            yield tag("list", n=str(block.level)).open
        yield item.open + content

    def _end_lists(self, level: int | None) -> Iterator[str]:
        """End the lists at `level` and deeper (None: all); a list ends with its last item."""
        while self._lists and (level is None or self._lists[-1] >= level):
            self._lists.pop()
            line = "" if self._lists else "\n"
            yield tag("item").close + tag("list").close + line

    def _up(self, level: int | None) -> Iterator[str]:
        """End lists, and the divisions of headings at `level` and deeper (None: all)."""
        yield from self._end_lists(None)
        while self._divs and (level is None or self._divs[-1] >= level):
            self._divs.pop()
            yield f"{tag('div').close}\n"


def _wrapped(block: Block, attributes: Attributes, content: str, top: bool) -> str:
    """The element of a block that stands by itself."""
    if block.kind in _IN_FIGURES:
        return _figure(block, attributes, content)
    name, kind = ("ab", block.kind.value)
    if block.kind in _ELEMENTS:
        name, kind = _ELEMENTS[block.kind]  # type: ignore[assignment]
    elif top and block.kind in _AT_THE_TOP:
        name, kind = _AT_THE_TOP[block.kind]  # type: ignore[assignment]
    made: Tag = tag(name, type=kind, **attributes)
    return made.around(content)


def _figure(block: Block, attributes: Attributes, content: str) -> str:
    graphic = empty("graphic", url=f"#{named(block.resource, 'f')}") if block.resource else ""
    inner = tag(_IN_FIGURES[block.kind]).around(content)
    return tag("figure", type=block.kind.value, **attributes).around(graphic, inner)
