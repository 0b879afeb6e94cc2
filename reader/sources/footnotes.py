"""Footnotes of pages and books: which links refer to a note, and which elements are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from reader.epub.xhtml import BLOCKS, HEADINGS
from reader.markup import etree
from reader.sources.html_inline import name_of, types_of

__all__ = ["Addresses", "Footnotes"]

_NOTES = frozenset(("footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"))
_REFERENCES = frozenset(("noteref", "doc-noteref"))
_BACKLINKS = frozenset(("backlink", "doc-backlink"))
_INLINE = frozenset("a sup sub span small b i em strong font".split())
# What a reference shows where no markup says that it is one: [1], ①, 注2, *, 〔三〕.
_LABEL = re.compile(
    r"[\[(（〔【［<〈]?\s?(?:[注註]\s?(?:释|釋|解)?|note\s?|n\.?\s?)?"
    r"(?:\d{1,4}|[一二三四五六七八九十百]{1,4}|[a-zA-Z]{1,2}|[ivxlc]{1,6}|[①-⓿❶-➓㈠-㊉]|[*†‡§※＊#＃]{1,3})?"
    r"\s?[\])）〕】］>〉]?[.:：]?"
)


_FEW = 16


class Addresses:
    """How the ids of one page, and what its links lead to, are written in the document."""

    def id(self, name: str) -> str:
        return name

    def is_target(self, id: str) -> bool:
        """Whether a link may lead to what has this id."""
        return True

    def href(self, href: str) -> str:
        """What a link leads to: a place of the document, behind `#`, or an address; or ""."""
        return "" if href.lower().startswith("javascript:") else href


class Footnotes:
    """Finds notes by what they say that they are, and by what all that have links have in common:
    a link leads to a block that holds a link back to it, or to the element it stands in.
    """

    def __init__(self, pages: Iterable[tuple[etree._Element, Addresses]]) -> None:
        self.notes: dict[etree._Element, str] = {}
        """Id, in the document, of each element that is a note."""
        self.references: dict[etree._Element, str] = {}
        """Id of the note that each link refers to."""
        self.backlinks: set[etree._Element] = set()
        self.around: set[etree._Element] = set()
        """Elements in which notes stand: where these are hidden, it is to be popped up."""
        self._by_id: dict[str, etree._Element] = {}
        self._without_heading: dict[etree._Element, bool] = {}
        self._begins: dict[etree._Element, bool] = {}
        self._links_in: dict[etree._Element, dict[str, list[etree._Element]]] = {}
        links = [link for root, addresses in pages for link in self._look(root, addresses)]
        self._targets = {link: target for link, _, target in links}
        self._ids = {link: ids for link, ids, _ in links}
        for link, _, _ in links:
            if link not in self.backlinks:
                self._refer(link)
        for note in self.notes:
            for element in note.iterancestors():
                if element in self.around:
                    break
                self.around.add(element)

    def _look(
        self, root: etree._Element, addresses: Addresses
    ) -> Iterator[tuple[etree._Element, frozenset[str], str]]:
        """Note ids and typed elements; give the links into the document with their own ids."""
        links = []
        for element in root.iter("{*}*"):
            id = element.get("id") or (element.get("name") if name_of(element) == "a" else "")
            if id:
                self._by_id.setdefault(addresses.id(id), element)
            types = types_of(element)
            if not types.isdisjoint(_NOTES):
                self.notes[element] = addresses.id(id) if id else ""
            elif not types.isdisjoint(_BACKLINKS):
                self.backlinks.add(element)
            if name_of(element) == "a":
                links.append(element)
        for link in links:
            href = addresses.href(link.get("href", "").strip())
            if href.startswith("#") and len(href) > 1:
                yield link, frozenset(map(addresses.id, _own_ids(link))), href[1:]

    def _refer(self, link: etree._Element) -> None:
        """Note a link that is the reference of a note: that says so, or is answered."""
        note = self._led_to(link)
        if note is None:
            return
        back = [each for id in self._ids[link] for each in self._links(note).get(id, ())]
        known = note in self.notes or _says_reference(link)
        if link not in back and (back or known):
            self.notes[note] = self.notes.get(note) or self._targets[link]
            self.references[link] = self.notes[note]
            self.backlinks.update(back)

    def _led_to(self, link: etree._Element) -> etree._Element | None:
        """The block that a link leads to, if one may refer to the other as to a note."""
        target = self._by_id.get(self._targets[link])
        note = None if target is None else _block_of(target)
        if target is None or note is None or not self._may_be_note(note):
            return None
        likely = _looks_like_reference(link) and self._leads_to(target, note)
        return note if likely or _says_reference(link) else None

    def _may_be_note(self, note: etree._Element) -> bool:
        """Whether a block is no heading and holds none: else it is a chapter that links back."""
        if note in self.notes:
            return True
        if note not in self._without_heading:
            headings = (each for each in note.iter("{*}*") if name_of(each) in HEADINGS)
            self._without_heading[note] = next(headings, None) is None
        return self._without_heading[note]

    def _leads_to(self, target: etree._Element, note: etree._Element) -> bool:
        """Whether a link to `target` leads to the beginning of the block that it stands in."""
        if target not in self._begins:
            self._begins[target] = _stands_first(target, note)
        return self._begins[target]

    def _links(self, note: etree._Element) -> dict[str, list[etree._Element]]:
        """The links in an element by the id they lead to; many references may lead to one note."""
        if note not in self._links_in:
            links = self._links_in[note] = {}
            for link in note.iter("{*}a"):
                links.setdefault(self._targets.get(link, ""), []).append(link)
        return self._links_in[note]


def _own_ids(link: etree._Element) -> frozenset[str]:
    """Ids that lead back to a link: its own, and those of the inline elements around it and of the
    block that these stand in."""
    ids = {link.get("name", "")}
    element: etree._Element | None = link
    while element is not None:
        ids.add(element.get("id", ""))
        if name_of(element) not in _INLINE:
            break
        element = element.getparent()
    return frozenset(ids - {""})


def _block_of(element: etree._Element) -> etree._Element | None:
    """The block that an element is, or stands in among inline ones."""
    block: etree._Element | None = element
    while block is not None and name_of(block) not in BLOCKS:
        block = block.getparent()
    return None if block is None or name_of(block) in ("body", "html") else block


def _says_reference(link: etree._Element) -> bool:
    return not types_of(link).isdisjoint(_REFERENCES)


def _looks_like_reference(link: etree._Element) -> bool:
    """Whether a link is raised, or no more than a number or sign."""
    element: etree._Element | None = link
    while element is not None and name_of(element) in _INLINE:
        if name_of(element) == "sup":
            return True
        element = element.getparent()
    if any(name_of(each) == "sup" for each in link):
        return True
    text = "".join(islice(map(str, link.itertext()), _FEW)).strip()
    return _LABEL.fullmatch(text) is not None


def _stands_first(target: etree._Element, block: etree._Element) -> bool:
    """Whether no text stands before `target`, an inline element, in its block."""
    element = target
    # What stands before a note's sign is next to nothing; a stranger's page may have much.
    for _ in range(_FEW):
        if element is block:
            return True
        before, parent = element.getprevious(), element.getparent()
        if parent is None:
            return False
        between = (before.tail if before is not None else parent.text) or ""
        # A comment has no text of the page.
        inside = () if before is None or not name_of(before) else islice(before.itertext(), _FEW)
        if between.strip() or any(map(str.strip, map(str, inside))):
            return False
        element = parent if before is None else before
    return False
