"""The author's footnotes: links that are answered by a link back."""

from __future__ import annotations

from reader.markup import etree
from reader.sources.page.tree import name_of

__all__ = ["Footnotes"]

_INLINE = frozenset("a sup span small b i em strong font".split())


class Footnotes:
    """Finds notes by what Markdown, Word and Wikipedia have in common.

    A link leads to a block that holds a link back to it, or to the element it stands in.
    """

    def __init__(self, root: etree._Element) -> None:
        self.notes: dict[etree._Element, str] = {}
        """Id of each element that is a note."""
        self.references: dict[etree._Element, str] = {}
        """Id of the note that each link refers to."""
        self.backlinks: set[etree._Element] = set()
        by_id = {element.get("id", ""): element for element in root.iter("{*}*")}
        by_id.pop("", None)
        for link in root.iter("{*}a"):
            target = by_id.get(_fragment(link) or "")
            if target is not None and name_of(target) not in _INLINE:
                self._answered(link, target)

    def _answered(self, link: etree._Element, target: etree._Element) -> None:
        own = _own_ids(link)
        back = [each for each in target.iter("{*}a") if _fragment(each) in own]
        if not back or link in back:
            return
        id = target.get("id", "")
        self.notes[target] = id
        self.references[link] = id
        self.backlinks.update(back)


def _fragment(link: etree._Element) -> str | None:
    href = link.get("href", "")
    return href[1:] if href.startswith("#") and len(href) > 1 else None


def _own_ids(link: etree._Element) -> frozenset[str]:
    """Ids that lead back to a link: its own, and those of the inline elements around it."""
    found = set()
    element: etree._Element | None = link
    while element is not None and name_of(element) in _INLINE:
        found.add(element.get("id", ""))
        element = element.getparent()
    return frozenset(found - {""})
