"""Marks as TEI elements, where their attributes and width allow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader.model import Mark, MarkKind
from reader.writers.tei.names import is_language, named, pointer
from reader.writers.tei.registers import Ids
from reader.writers.tei.tags import Tag, element, empty, tag

__all__ = ["Shape", "features", "shape_of"]

_HI = {
    MarkKind.STRONG: "strong",
    MarkKind.CODE: "code",
    MarkKind.UNDERLINE: "underline",
    MarkKind.STRIKE: "strike",
    MarkKind.SUPERSCRIPT: "superscript",
    MarkKind.SUBSCRIPT: "subscript",
}
_EMPTY = frozenset((MarkKind.LINE_BREAK, MarkKind.ANCHOR, MarkKind.IMAGE))


@dataclass(frozen=True, slots=True)
class Shape:
    """The element of a mark, before it is known whether it needs a number."""

    name: str
    attributes: dict[str, str | None]
    content: str = ""

    def tag(self, n: str | None) -> Tag:
        start, end = tag(self.name, **self.attributes, n=n)
        return Tag(start + self.content, end)

    def point(self, n: str | None) -> str:
        """The element with nothing in it."""
        if self.content:
            return self.tag(n).around()
        return empty(self.name, **self.attributes, n=n)


Maker = Callable[[Mark, Ids], Shape | None]


def shape_of(mark: Mark, ids: Ids) -> Shape | None:
    """The element that says all a mark says; None if there is none, and it must stand off."""
    wanted, make = _SHAPES[mark.kind]
    names = tuple(name for name, _ in mark.attributes)
    if names != wanted or (mark.kind in _EMPTY and mark.start != mark.end):
        return None
    return make(mark, ids)


def features(mark: Mark, id: str) -> str:
    """A mark's attributes as a feature structure, which can hold any."""
    strings = (element("string", each) for pair in mark.attributes for each in pair)
    listed = tag("vColl", org="list").around(*strings) if mark.attributes else ""
    feature = tag("f", name="attributes").around(listed)
    return tag("fs", type="mark", id=id).around(feature) if listed else ""


def _emphasis(mark: Mark, ids: Ids) -> Shape:
    return Shape("emph", {})


def _hi(mark: Mark, ids: Ids) -> Shape:
    return Shape("hi", {"rend": _HI[mark.kind]})


def _link(mark: Mark, ids: Ids) -> Shape | None:
    target = pointer(mark.get("href"), ids.prefix)
    return Shape("ref", {"target": target}) if target else None


def _note_reference(mark: Mark, ids: Ids) -> Shape | None:
    target = mark.get("target")
    if not target:
        return None
    return Shape("ref", {"type": "note", "target": f"#{named(target, ids.prefix)}"})


def _language(mark: Mark, ids: Ids) -> Shape | None:
    language = mark.get("lang")
    return Shape("foreign", {"lang": language}) if is_language(language) else None


def _line_break(mark: Mark, ids: Ids) -> Shape:
    return Shape("lb", {})


def _anchor(mark: Mark, ids: Ids) -> Shape | None:
    return Shape("anchor", {**ids.claim(mark.get("id"))}) if mark.get("id") else None


def _image(mark: Mark, ids: Ids) -> Shape | None:
    resource = mark.get("resource")
    if not resource:
        return None
    graphic = empty("graphic", url=f"#{named(resource, 'f')}")
    return Shape("figure", {"type": "inline"}, graphic + element("figDesc", mark.get("alt")))


_SHAPES: dict[MarkKind, tuple[tuple[str, ...], Maker]] = {
    **dict.fromkeys(_HI, ((), _hi)),
    MarkKind.EMPHASIS: ((), _emphasis),
    MarkKind.LINK: (("href",), _link),
    MarkKind.LANGUAGE: (("lang",), _language),
    MarkKind.LINE_BREAK: ((), _line_break),
    MarkKind.IMAGE: (("resource", "alt"), _image),
    MarkKind.ANCHOR: (("id",), _anchor),
    MarkKind.NOTE_REFERENCE: (("target",), _note_reference),
}
