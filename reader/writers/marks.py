"""Inline marks as elements: spans of any overlap woven into elements that nest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from re import compile as pattern

from reader.markup import ADDED, Dialect, Tag, escape
from reader.model import Mark, MarkKind

_SCHEMES = ("http://", "https://", "mailto:")
_NOT_URL = pattern(r"[\s<>\"{}|\\^`\x00-\x20]")
_NOT_ID = pattern(r"[^A-Za-z0-9-]")
_SIMPLE = {
    MarkKind.EMPHASIS: "em",
    MarkKind.STRONG: "strong",
    MarkKind.CODE: "code",
    MarkKind.UNDERLINE: "u",
    MarkKind.STRIKE: "s",
    MarkKind.SUPERSCRIPT: "sup",
    MarkKind.SUBSCRIPT: "sub",
}
_POINTS = frozenset((MarkKind.LINE_BREAK, MarkKind.IMAGE, MarkKind.ANCHOR))
"""Marks that are an element at their start, whatever text they cover."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a document's own links and images lead."""

    places: Mapping[str, str] = field(default_factory=dict)
    """Href of each block `id` and anchor `id` of the source."""
    images: Mapping[str, str] = field(default_factory=dict)
    """URL of each resource that can be shown."""

    def href(self, target: str) -> str:
        """`target` if it is safe to follow, else "": outward by http, https or mailto, or inward.

        >>> Links().href("javascript:alert(1)")
        ''
        """
        if target.startswith("#"):
            return self.places.get(target[1:], "")
        safe = target.lower().startswith(_SCHEMES)
        return _NOT_URL.sub(_percent, target) if safe else ""


def _percent(match: object) -> str:
    from urllib.parse import quote

    return quote(match[0])  # type: ignore[index]


def source_id(name: str) -> str:
    """The XML id that stands for an id of the source: always valid, distinct for distinct ids.

    >>> source_id("fn 1")
    's-fn_20_1'
    """
    return "s-" + _NOT_ID.sub(lambda match: f"_{ord(match[0]):x}_", name)


def is_link(mark: Mark) -> bool:
    return mark.kind in (MarkKind.LINK, MarkKind.NOTE_REFERENCE)


def weave(
    marks: Sequence[Mark],
    bounds: Sequence[int],
    pieces: Sequence[str],
    breaks: Sequence[int],
    dialect: Dialect,
    links: Links,
) -> list[str]:
    """The pieces of markup between `bounds` inside the elements of `marks`, cut at `breaks`.

    Where marks overlap, the one that began later is closed and begun again, so elements nest. A
    link inside a link is dropped, its text kept. Each string that comes back is well-formed.
    """
    starting: dict[int, list[Mark]] = {}
    for mark in _without_nested_links(marks):
        starting.setdefault(mark.start, []).append(mark)
    between = frozenset(breaks[1:-1])
    found: list[str] = []
    out: list[str] = []
    opened: list[tuple[Mark, Tag]] = []
    for number, bound in enumerate(bounds):
        opened, again = _close(opened, bound, out, everything=bound in between)
        if bound in between:
            found.append("".join(out))
            out = []
        for mark in (*again, *starting.get(bound, ())):
            if mark.kind in _POINTS or mark.start == mark.end:
                out.append(_point(mark, dialect, links))
                continue
            tag = _tag(mark, dialect, links)
            out.append(tag.open)
            opened.append((mark, tag))
        if number < len(pieces):
            out.append(pieces[number])
    return [*found, "".join(out)]


def _without_nested_links(marks: Sequence[Mark]) -> list[Mark]:
    """Marks in the order they open, wider ones first, less links that touch an earlier link."""
    kept: list[Mark] = []
    end = -1
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if is_link(mark) and mark.end > mark.start:
            if mark.start < end:
                continue
            end = mark.end
        kept.append(mark)
    return kept


def _close(
    opened: list[tuple[Mark, Tag]], bound: int, out: list[str], *, everything: bool
) -> tuple[list[tuple[Mark, Tag]], list[Mark]]:
    """Close what ends at `bound` and what was opened inside it; what stays, what to reopen."""
    ending = (i for i, (mark, _) in enumerate(opened) if everything or mark.end <= bound)
    first = next(ending, len(opened))
    out.extend(tag.close for _, tag in reversed(opened[first:]))
    return opened[:first], [mark for mark, _ in opened[first:] if mark.end > bound]


def _tag(mark: Mark, dialect: Dialect, links: Links) -> Tag:
    if mark.kind is MarkKind.LINK:
        href = links.href(mark.get("href"))
        return dialect.tag("a", href=href) if href else Tag("", "")
    if mark.kind is MarkKind.NOTE_REFERENCE:
        return _note_reference(mark, dialect, links)
    if mark.kind is MarkKind.LANGUAGE:
        return dialect.tag("span", lang=mark.get("lang"))
    return dialect.tag(_SIMPLE[mark.kind])


def _note_reference(mark: Mark, dialect: Dialect, links: Links) -> Tag:
    href = links.href("#" + mark.get("target"))
    if not href:
        return Tag("", "")
    return dialect.tag("a", class_="fn", type_="noteref", role="doc-noteref", href=href)


def _point(mark: Mark, dialect: Dialect, links: Links) -> str:
    """The element of a mark that has a place but no text of its own."""
    if mark.kind is MarkKind.LINE_BREAK:
        return dialect.void("br")
    if mark.kind is MarkKind.ANCHOR and mark.get("id"):
        return dialect.tag("span", id=source_id(mark.get("id"))).around()
    if mark.kind is MarkKind.IMAGE:
        source = links.images.get(mark.get("resource"))
        return image(dialect, source, mark.get("alt")) if source else ""
    if mark.kind is MarkKind.NOTE_REFERENCE:
        tag = _note_reference(mark, dialect, links)
        return dialect.tag("sup", class_=ADDED).around(tag.around(escape("※"))) if tag.open else ""
    return ""


def image(dialect: Dialect, source: str, alt: str) -> str:
    """An `img`. One without a description is decoration: its `alt` is there, and empty."""
    described = dialect.void("img", src=source, alt=alt or "\ue000")
    return described if alt else described.replace("\ue000", "")
