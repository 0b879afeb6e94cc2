"""Drop caps: paragraphs whose first letter the book's style sheets float, so that it is no ruby.

A `::first-letter` is found in text, not in a ruby or in a table: with its reading above it the
letter of a drop cap would no longer be dropped.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reader.epub.passages import Scan
from reader.epub.xhtml import BLOCKS, Scanner

__all__ = ["capped_passages", "drop_cap", "floated_letters"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_FLOATS = re.compile(r"float\s*:\s*(?:left|right|inline)|initial-letter\s*:")
_LETTER = re.compile(r"::?first-letter\s*\Z", re.I)
_COMPOUND = re.compile(
    r"\s*+(?P<how>[>+~]?)\s*+(?P<name>\*|[\w-]++)?"
    r"(?P<rest>(?>(?:[.#][\w-]++|:first-child|:first-of-type)*))"
)
_PART = re.compile(r"([.#:])([\w-]+)")
_SELECTORS = 64
_COMPOUNDS = 16
"""More of them than a style sheet has for drop caps: what a stranger may make us look for."""


def floated_letters(css: str) -> Iterator[str]:
    """The selectors of what has a floating first letter, that pseudo-element left off.

    >>> list(floated_letters("p.a, h1 + p::first-letter { float: left } p:first-letter { }"))
    ['h1 + p']
    """
    for rule in _COMMENT.sub("", css).split("}"):
        head, _, body = rule.rpartition("{")
        if "first-letter" in head and _FLOATS.search(body):
            # What stands before may be the head of a condition, or an import.
            for selector in re.split("[{;]", head)[-1].split(","):
                bare = _LETTER.sub("", selector)
                if bare != selector:
                    yield bare.strip() or "*"


class _Compound(NamedTuple):
    """What an element must be, and how it stands to that of the compound before."""

    how: str
    """A space, `>`, `+` or `~`."""
    name: str
    classes: frozenset[str]
    id: str
    pseudo: frozenset[str]

    def matches(self, name: str, attributes: dict[str, str], parent: _Level) -> bool:
        return (
            self.name in ("", "*", name)
            and self.id in ("", attributes.get("id"))
            and self.classes <= set(attributes.get("class", "").split())
            and not ("first-child" in self.pseudo and parent.names)
            and not ("first-of-type" in self.pseudo and name in parent.names)
        )


def _parsed(selector: str) -> list[_Compound]:
    """The compounds of a selector; none of one that says what is not known here."""
    compounds: list[_Compound] = []
    at = 0
    while at < len(selector):
        match = _COMPOUND.match(selector, at)
        if match is None or match.end() == at or len(compounds) > _COMPOUNDS:
            return []
        compounds.append(_compound(match))
        at = match.end()
    return compounds


def _compound(match: re.Match[str]) -> _Compound:
    parts = {kind: {n for k, n in _PART.findall(match["rest"]) if k == kind} for kind in ".#:"}
    return _Compound(
        match["how"] or " ",
        (match["name"] or "").lower(),
        frozenset(parts["."]),
        "".join(sorted(parts["#"])),
        frozenset(parts[":"]),
    )


@dataclass(slots=True)
class _Level:
    """An open element: of each selector, how far it, those around it and its children match.

    A bit is set for each compound that the last of a row of elements matches.
    """

    own: list[int]
    around: list[int]
    start: int = -1
    """Its byte, if it has a drop cap."""
    names: set[str] = field(default_factory=set)
    """Of the children so far."""
    previous: list[int] = field(default_factory=list)
    earlier: list[int] = field(default_factory=list)


class _Finder(Scanner):
    """Finds the elements that selectors select, in one pass: from what stands before and around."""

    def __init__(self, source: bytes, selectors: Sequence[list[_Compound]]) -> None:
        super().__init__(source)
        self.found: list[tuple[int, int]] = []
        """The first byte of each, and the one where it ends."""
        self._selectors = selectors
        nothing = [0] * len(selectors)
        self._stack = [_Level(nothing, nothing, previous=nothing, earlier=nothing)]

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.at
        parent = self._stack[-1]
        local = name.rpartition(" ")[2]
        nothing = [0] * len(self._selectors)
        own = [
            self._matched(compounds, number, local, attributes, parent)
            for number, compounds in enumerate(self._selectors)
        ]
        around = [a | b for a, b in zip(own, parent.around, strict=True)]
        whole = any(mask >> (len(c) - 1) & 1 for mask, c in zip(own, self._selectors, strict=True))
        start = at if whole and local in BLOCKS else -1
        self._stack.append(_Level(own, around, start, previous=nothing, earlier=nothing))
        parent.names.add(local)
        parent.previous = own
        parent.earlier = [a | b for a, b in zip(own, parent.earlier, strict=True)]

    def _matched(
        self,
        compounds: list[_Compound],
        number: int,
        name: str,
        attributes: dict[str, str],
        parent: _Level,
    ) -> int:
        before = {
            " ": parent.around[number],
            ">": parent.own[number],
            "+": parent.previous[number],
            "~": parent.earlier[number],
        }
        mask = 0
        for place, compound in enumerate(compounds):
            follows = place == 0 or before[compound.how] >> (place - 1) & 1
            if follows and compound.matches(name, attributes, parent):
                mask |= 1 << place
        return mask

    def end(self, name: str) -> None:
        start = self._stack.pop().start
        if start >= 0:
            self.found.append((start, self.at))


def capped_passages(scan: Scan, selectors: Iterable[str]) -> frozenset[int]:
    """The numbers of the passages that begin with a drop cap."""
    parsed = [compounds for compounds in map(_parsed, selectors) if compounds][:_SELECTORS]
    if not parsed:
        return frozenset()
    finder = _Finder(scan.source, parsed)
    finder.run()
    starts = [passage.pieces[0].source for passage in scan.passages]
    capped = set()
    for start, end in finder.found:
        first = bisect_left(starts, start)
        if first < len(starts) and starts[first] < end:
            capped.add(first)
    return frozenset(capped)


def drop_cap(text: str) -> int:
    """How many code points of a text its first letter is, with the marks before it.

    >>> drop_cap("「他們"), drop_cap("……")
    (2, 0)
    """
    for at, character in enumerate(text):
        if unicodedata.category(character)[0] not in "PZ":
            return at + 1
    return 0
