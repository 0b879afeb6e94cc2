"""Which part of a web page is its text, and what in that part is the site's.

Nothing is lost for being short or for being no paragraph: all of the page is its text but what is
recognised as something else, by its element, by what it says of itself, or by being links. What is
left out is counted (`reader.sources.losses`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from itertools import islice

from reader.epub.xhtml import BLOCKS, HEADINGS
from reader.markup import etree
from reader.sources.html_blocks import SKIPPED
from reader.sources.html_inline import (
    is_hidden,
    line_of,
    name_of,
    types_of,
    visible_text,
)
from reader.sources.losses import Losses

__all__ = ["MainText", "main_text"]

_OUTSIDE = "what is outside the text"
_NAVIGATION, _COMMENTS, _FORMS = "navigation", "readers' comments", "forms"
_SIDEBAR, _FOOT, _HEAD = "the sidebar", "the page's foot", "the page's head"
_RELATED, _NOTICE = "related articles", "notice"

_NO_TEXT = SKIPPED.keys() | {"svg"}
_BY_NAME = dict.fromkeys("navigation menu menubar toolbar tablist".split(), _NAVIGATION) | {
    "nav": _NAVIGATION,
    "search": _FORMS,
    "dialog": "dialogs",
    "alertdialog": "dialogs",
}
# In a text these are parts of it: a box, the source of a quotation.
_AROUND = {
    "aside": _SIDEBAR,
    "footer": _FOOT,
    "complementary": _SIDEBAR,
    "contentinfo": _FOOT,
    "banner": _HEAD,
}
_CONTROLS = frozenset("input textarea select button".split())
_CELLS = frozenset(("td", "th"))
_NOT_PARTED = frozenset("p li dd dt blockquote pre figure ul ol dl".split()) | HEADINGS.keys()
"""What is one thing: it is no core, and links in it are not judged apart."""
_SENTENCE = re.compile("[，。！？；：、…,.!?;:]")
_WORD = re.compile("[a-z0-9]+|[A-Z][a-z0-9]*")
_SPACE = re.compile(r"\s+")
_LONG = 20
"""Characters of a block that is taken for sentences though it has no punctuation."""
_SHORT = 60
"""Characters of what is no text of its own: buttons, notices."""
_CORE = 0.6
"""The share of a page's sentences that its core holds."""
_DECLARED = 0.2
"""The share of them that the one `article` or `main` holds if it is believed."""
_OWN = 0.2
"""The share of them that no foot and no sidebar holds, whatever its class says."""
_FEW_LINKS = 3
_BREADCRUMBS = re.compile("[>›»→]")


@dataclass(frozen=True, slots=True)
class MainText:
    """The part of a page to be read."""

    root: etree._Element
    left_out: dict[etree._Element, str] = field(default_factory=dict)
    """Elements in it that are none of the text, and as what they are counted."""


def main_text(page: etree._Element, title: str, losses: Losses) -> MainText:
    """The text of a page that says it has this title; what is around it goes to `losses`.

    An element that says it is hidden, and holds nearly all there is, is shown: a script would.
    """
    body = page.find("body")
    body = page if body is None else body
    sizes = _Sizes(body)
    if sizes.shown is not None:
        sizes = _Sizes(body)
    return _Chooser(body, sizes, title, losses).choice()


@dataclass(slots=True)
class _Size:
    """How much text there is in an element, white space aside."""

    text: int = 0
    in_links: int = 0
    links: int = 0
    inward: int = 0
    """Links to places in the page."""
    prose: int = 0
    """Of the text that stands in sentences, outside of links."""
    controls: int = 0
    begins: str = ""
    """The first text in it."""

    def add(self, other: _Size, sign: int = 1) -> None:
        self.text += sign * other.text
        self.in_links += sign * other.in_links
        self.links += sign * other.links
        self.inward += sign * other.inward
        self.prose += sign * other.prose
        self.controls += sign * other.controls


class _Sizes:
    """The sizes of all elements that show."""

    def __init__(self, body: etree._Element) -> None:
        self.elements: list[etree._Element] = []
        """In the order of their start tags."""
        self.of: dict[etree._Element, _Size] = {}
        self.shown: etree._Element | None = None
        """What said it was hidden, and is no longer."""
        self._runs: dict[etree._Element, list[str]] = {}
        """Text outside of links by the block that it stands in."""
        self._hidden: list[etree._Element] = []
        self._measure(body)
        self._add_prose(body)
        for element in reversed(self.elements[1:]):
            size, around = self.of[element], self.of[_parent(element)]
            around.add(size)
            size.begins = _squeezed(element.text or "") or size.begins
            around.begins = size.begins or _squeezed(element.tail or "") or around.begins
        self._show(body)

    def leave_out(self, marked: Iterable[etree._Element]) -> None:
        """Take elements, none in another, out of the sizes of what is around them."""
        gone = {element: replace(self.of[element]) for element in marked}
        around: dict[etree._Element, _Size] = {}
        for element in reversed(self.elements[1:]):
            lost = gone.get(element) or around.get(element)
            if lost is not None:
                around.setdefault(_parent(element), _Size()).add(lost)
        for element, lost in around.items():
            self.of[element].add(lost, -1)

    def _measure(self, body: etree._Element) -> None:
        blocks = {body: body}
        linked: set[etree._Element] = set()
        for element in body.iter():
            parent = element.getparent()
            name = name_of(element)
            if element is not body:
                if parent is None or parent not in self.of:
                    continue
                self._add_text(parent, element.tail, blocks[parent], linked=parent in linked)
                if not name or name in _NO_TEXT:
                    self.of[parent].controls += name in _CONTROLS
                    continue
                if is_hidden(element):
                    self._hidden.append(element)
                    continue
                blocks[element] = element if name in BLOCKS else blocks[parent]
            self.elements.append(element)
            size = self.of[element] = _Size()
            if name == "a" and (href := element.get("href")):
                size.links, size.inward = 1, int(href[:1] == "#" != href)
                linked.add(element)
            elif parent in linked:
                linked.add(element)
            self._add_text(element, element.text, blocks[element], linked=element in linked)

    def _add_text(
        self, element: etree._Element, text: str | None, block: etree._Element, *, linked: bool
    ) -> None:
        squeezed = _squeezed(text or "")
        if not squeezed:
            return
        size = self.of[element]
        size.text += len(squeezed)
        if linked:
            size.in_links += len(squeezed)
        else:
            self._runs.setdefault(block, []).append(squeezed)

    def _add_prose(self, body: etree._Element) -> None:
        """Say of each block how much of it is sentences; of a page without any, what is no link."""
        runs = {block: "".join(run) for block, run in self._runs.items()}
        prose = {b: run for b, run in runs.items() if len(run) >= _LONG or _SENTENCE.search(run)}
        for block, run in (prose or runs).items():
            self.of[block].prose += len(run)

    def _show(self, body: etree._Element) -> None:
        lengths = {each: len(_squeezed(visible_text(each))) for each in self._hidden}
        largest = max(lengths, key=lengths.__getitem__, default=None)
        shown = self.of[body].text - self.of[body].in_links
        if largest is not None and lengths[largest] > max(_SHORT, 3 * shown):
            for name in ("hidden", "style"):
                if name in largest.attrib:
                    del largest.attrib[name]
            self.shown = largest


class _Chooser:
    def __init__(self, body: etree._Element, sizes: _Sizes, title: str, losses: Losses) -> None:
        self._body = body
        self._sizes = sizes
        self._of = sizes.of
        self._losses = losses
        self._in_text: dict[
            etree._Element, tuple[frozenset[etree._Element], frozenset[etree._Element]]
        ] = {}
        """For each element its children that are followed by text, and those between text."""
        self._wrong: frozenset[str] = frozenset()
        """Kinds that are not what they are called on this page."""
        self._whole = {each: size.text for each, size in sizes.of.items()}
        """The text of each element, with what is left out in it."""
        self._heading = self._title_heading(_squeezed(title))
        self._main = self._named("main")
        self._article = self._named("article")
        if self._main is not None and self._main not in self._path(self._article):
            self._article = None
        self._kept = set().union(*map(self._path, (self._heading, self._main, self._article)))
        """Elements that hold what is certainly of the text: none is left out."""

    def choice(self) -> MainText:
        marked = self._marked(around=True)
        self._wrong = self._wrongly_named(marked)
        if self._wrong:
            marked = self._marked(around=True)
        self._sizes.leave_out(marked)
        region, core = self._region_and_core()
        left = self._left_around(region, core, marked)
        inside = set(core.iter("{*}*"))
        certain = self._marked(around=False)
        left |= {element: kind for element, kind in certain.items() if element in inside}
        rest = self._whole[region] - sum(map(self._whole.__getitem__, left))
        if rest <= 0:
            return MainText(self._body)
        if self._heading is not None and rest <= self._whole[self._heading]:
            # A page of links, as a table of contents is.
            left = {element: kind for element, kind in certain.items() if element in inside}
            if self._whole[region] - sum(map(self._whole.__getitem__, left)) <= rest:
                return MainText(self._body)
        self._count_outside(region, marked)
        return MainText(region, left)

    def _wrongly_named(self, marked: dict[etree._Element, str]) -> frozenset[str]:
        """Kinds that hold the text itself: hardly any is elsewhere, so the answers to a question
        are the text, though they are named comments."""
        held: dict[str, int] = {}
        for element, kind in marked.items():
            held[kind] = held.get(kind, 0) + self._of[element].prose
        prose = self._of[self._body].prose
        rest = prose - sum(held.values())
        return frozenset(
            kind
            for kind, size in held.items()
            if size > _CORE * prose and rest < max(_SHORT, size // 10)
        )

    # What the page says itself

    def _title_heading(self, title: str) -> etree._Element | None:
        """The h1 that the page's title begins with; of a page without a title its only one."""
        found = {
            each: _squeezed("".join(islice(map(str, each.itertext()), _SHORT)))
            for each in self._sizes.elements
            if name_of(each) == "h1"
        }
        found = {each: text for each, text in found.items() if text}
        if not title:
            return next(iter(found)) if len(found) == 1 else None
        return next((each for each, text in found.items() if title.startswith(text)), None)

    def _named(self, name: str) -> etree._Element | None:
        """The element of a name, or of that role, that holds the page's sentences: its only one if
        there are not too few in it, else the one that holds most."""
        outer: list[etree._Element] = []
        inside: set[etree._Element] = set()
        for each in self._sizes.elements[1:]:
            if _parent(each) in inside:
                inside.add(each)
            elif name_of(each) == name or (each.attrib and name in types_of(each)):
                outer.append(each)
                inside.add(each)
        largest = max(outer, key=lambda each: self._of[each].prose, default=None)
        needed = _DECLARED if len(outer) == 1 else _CORE
        if largest is None or self._of[largest].prose < needed * self._of[self._body].prose:
            return None
        return largest

    def _path(self, element: etree._Element | None) -> set[etree._Element]:
        return set() if element is None else {element, *element.iterancestors()}

    # What is marked as something else

    def _marked(self, *, around: bool) -> dict[etree._Element, str]:
        """Elements that are not of the text, none in another, and as what they are counted."""
        marked: dict[etree._Element, str] = {}
        inside: set[etree._Element] = set()
        for element in self._sizes.elements[1:]:
            if _parent(element) in inside:
                inside.add(element)
            elif element not in self._kept:
                kind = self._kind(element, around=around)
                if kind and kind not in self._wrong:
                    marked[element] = kind
                    inside.add(element)
        return marked

    def _kind(self, element: etree._Element, *, around: bool) -> str:
        """As what an element is counted by its name, role, classes and id; "" if as none.

        What stands `around` the text may be less certain.
        """
        name, size = name_of(element), self._of[element]
        if name == "form" and size.controls and size.prose < _SHORT:
            return _FORMS
        said = (*sorted(types_of(element)), name)
        less_certain = _AROUND if around else {}
        kinds = (_BY_NAME.get(each) or less_certain.get(each) for each in said)
        kind = next(filter(None, kinds), "") or self._kind_by_class(element, size, around=around)
        return kind or (_NAVIGATION if _is_contents(name, size) else "")

    def _kind_by_class(self, element: etree._Element, size: _Size, *, around: bool) -> str:
        if not element.attrib:
            return ""
        anywhere, only_around, _ = _words()
        own = _OWN * self._of[self._body].prose
        for word in _names(element):
            kind = anywhere.get(word, "") or (only_around.get(word, "") if around else "")
            certain = kind not in (_SIDEBAR, _FOOT) or size.prose <= max(_SHORT, own)
            if kind and certain and _fits(kind, size):
                return kind
        return ""

    # The part that is read

    def _region_and_core(self) -> tuple[etree._Element, etree._Element]:
        """The part of the page that is read, and in it what holds most of the sentences."""
        declared = self._article if self._main is None else self._main
        region = self._body if declared is None else declared
        if self._heading is not None:
            # The smallest element that holds its title too.
            path = self._path(self._heading)
            region = next(each for each in (region, *region.iterancestors()) if each in path)
        return region, self._core(region) if self._article is None else self._article

    def _core(self, region: etree._Element) -> etree._Element:
        """The smallest element of the region that holds most of its sentences."""
        core, wanted = region, _CORE * self._of[region].prose
        while True:
            inner = (
                each
                for each in core
                if each in self._of
                and name_of(each) not in _NOT_PARTED
                and self._of[each].prose >= wanted
            )
            found = next(inner, None)
            if found is None:
                return core
            core = found

    def _left_around(
        self, region: etree._Element, core: etree._Element, marked: dict[etree._Element, str]
    ) -> dict[etree._Element, str]:
        """What stands around the core and is marked, is mostly links, or is a notice."""
        found: dict[etree._Element, str] = {}
        path = self._path(core) | self._kept
        waiting = [region] if region is not self._article else []
        while waiting:
            for element in waiting.pop():
                if element not in self._of or element is core:
                    continue
                kind = marked.get(element, "")
                if not kind and element not in path:
                    kind = self._kind_by_links(element)
                if kind and element not in path:
                    found[element] = kind
                elif name_of(element) not in _NOT_PARTED:
                    waiting.append(element)
        return found

    def _kind_by_links(self, element: etree._Element) -> str:
        name, size = name_of(element), self._of[element]
        if name not in BLOCKS or not size.text:
            return ""
        if size.links >= _FEW_LINKS and 2 * size.in_links >= size.text:
            return _NAVIGATION
        if _is_breadcrumbs(element, size):
            return _NAVIGATION
        alone = size.links and size.in_links >= 0.9 * size.text
        if alone and name not in _CELLS and not self._is_in_text(element):
            return _NAVIGATION
        if size.text <= 2 * _SHORT and size.begins.startswith(_words()[2]):
            return _FOOT
        return ""

    def _is_in_text(self, element: etree._Element) -> bool:
        """Whether an element of one or two links stands right below the title, as an author does,
        or before text: the heading of what follows, or a line in its midst."""
        before = element.getprevious()
        if before is not None and before is self._heading:
            return True
        parent = _parent(element)
        found = self._in_text.get(parent)
        if found is None:
            found = self._in_text[parent] = self._between_prose(parent)
        followed, between = found
        return element in (followed if name_of(element) in HEADINGS else between)

    def _between_prose(
        self, parent: etree._Element
    ) -> tuple[frozenset[etree._Element], frozenset[etree._Element]]:
        """The children before the last one that holds text, and of these those behind the first."""
        children = list(parent)
        sizes = map(self._of.get, children)
        prose = [n for n, size in enumerate(sizes) if size and size.prose > size.in_links]
        first, last = (prose[0], prose[-1]) if prose else (0, 0)
        return frozenset(children[:last]), frozenset(children[first:last])

    def _count_outside(self, region: etree._Element, marked: dict[etree._Element, str]) -> None:
        """Count what stands around the region, in the order of the page."""
        inside: etree._Element = region
        parts: list[tuple[str, str, int | None]] = []
        while inside is not self._body:
            around = _parent(inside)
            bare = around.text or ""
            for child in around:
                if child is not inside and name_of(child):
                    kind = marked.get(child, _OUTSIDE)
                    parts.append((kind, visible_text(child), line_of(child)))
                bare += f" {child.tail or ''}"
            parts.append((_OUTSIDE, bare, line_of(around)))
            inside = around
        for kind, text, line in sorted(parts, key=lambda part: part[2] or 0):
            self._losses.add(kind, text, line=line)


def _fits(kind: str, size: _Size) -> bool:
    """Whether an element is what its class says, by what it holds: names have many uses."""
    if kind == _NAVIGATION:
        return 2 * size.in_links >= size.text
    if kind == _RELATED:
        return size.links > 0
    if kind in (_COMMENTS, _SIDEBAR, _FOOT):
        return True
    return size.text <= _SHORT


@lru_cache(maxsize=1)
def _words() -> tuple[dict[str, str], dict[str, str], tuple[str, ...]]:
    """The words of classes by their kind, anywhere and around the text; how notices begin."""
    anywhere: dict[str, str] = {}
    around: dict[str, str] = {}
    notices: tuple[str, ...] = ()
    table = resources.files("reader.data").joinpath("page_parts.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    for kind, where, words in rows[1:]:
        if kind == _NOTICE:
            notices = tuple(words.split())
        else:
            (anywhere if where == "anywhere" else around).update(dict.fromkeys(words.split(), kind))
    return anywhere, around, notices


def _is_contents(name: str, size: _Size) -> bool:
    """Whether a list leads to places in the page, and does nothing else."""
    many = size.inward == size.links >= _FEW_LINKS
    return name in ("ul", "ol") and many and size.in_links >= 0.9 * size.text


def _is_breadcrumbs(element: etree._Element, size: _Size) -> bool:
    """Whether an element says where the page is: links with signs between."""
    if size.links < 2 or size.text > _SHORT or 2 * size.in_links < size.text:
        return False
    return bool(_BREADCRUMBS.search(visible_text(element)))


def _names(element: etree._Element) -> Iterator[str]:
    """The classes and the id of an element, and the words in them, in lower case."""
    for name in f"{element.get('class', '')} {element.get('id', '')}".split()[:_MOST_NAMES]:
        yield name.lower()
        yield from (word.lower() for word in _WORD.findall(name))


_MOST_NAMES = 32


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def _squeezed(text: str) -> str:
    return _SPACE.sub("", text)
