"""What stands in the blocks of a page: elements and their languages, text, pictures, notes."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from reader.epub.xhtml import NO_TEXT
from reader.markup import XML_FORBIDDEN, etree
from reader.model import DocumentWarning, Mark, MarkKind, Resource, is_language

__all__ = [
    "BlockText",
    "Footnotes",
    "Images",
    "is_hidden",
    "language_of",
    "name_of",
    "parsed",
    "split_at_breaks",
    "tag_of",
]


_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_REGIONS = {
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hans-cn": "zh-Hans",
    "zh-tw": "zh-Hant-TW",
    "zh-hk": "zh-Hant-HK",
    "zh-mo": "zh-Hant-HK",
}
"""Regions in place of scripts, as most pages have them."""

_ASKED_FOR = frozenset(("nav", "menu", "form"))
"""Elements that are text where all of a page is asked for."""
_WHOLE = frozenset(("html", "body"))
"""A page that hides all of itself is shown by a script of its own."""
_SKIPPED = (NO_TEXT - {"img", "picture"}) | {"button", "select"} | _ASKED_FOR


# More attributes than any element has. libxml2 compares each with all before it, so the time that a
# tag takes grows with the square of their number.
_MOST_ATTRIBUTES = 256
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]++))?+"""
_LONG_TAG = re.compile(
    rf"(<[A-Za-z][^\s/>]*+(?:{_ATTRIBUTE}){{{_MOST_ATTRIBUTES}}}+)(?:{_ATTRIBUTE})++"
)


def without_long_tags(html: str) -> str:
    """`html` with no more than `_MOST_ATTRIBUTES` in any tag; those after them are left out."""
    return _LONG_TAG.sub(r"\1", html)


def parsed(html: str) -> tuple[etree._Element | None, int]:
    """The root element of a page, None if there is nothing in it.

    And how many characters were left out, in text and in attributes, that no document can hold.
    """
    if not html.strip():
        return None, 0
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    # The parser lets them pass, also as `&#1;`: in what an image is called, in a link, in an id.
    wrong = _FORBIDDEN.search(html) or "&#" in html
    return root, _drop_forbidden(root) if wrong and root is not None else 0


def _drop_forbidden(root: etree._Element) -> int:
    dropped = 0
    for element in root.iter("{*}*"):
        for place in ("text", "tail"):
            text = getattr(element, place)
            if text and (allowed := _FORBIDDEN.sub("", text)) != text:
                dropped += len(text) - len(allowed)
                setattr(element, place, allowed)
        for name, value in element.attrib.items():
            if (allowed := _FORBIDDEN.sub("", str(value))) != value:
                dropped += len(value) - len(allowed)
                _put(element, str(name), allowed)
    return dropped


_FORBIDDEN = re.compile(XML_FORBIDDEN)


def _put(element: etree._Element, name: str, value: str) -> None:
    try:
        element.set(name, value)
    except ValueError:  # the name is none that XML has, and nothing here asks for it
        del element.attrib[name]


def name_of(element: etree._Element) -> str:
    """The element's local name in lower case; "" for what is no element."""
    name = element.tag
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""


def language_of(element: etree._Element) -> str:
    """BCP 47 of the element, by itself; "" where it does not say."""
    return tag_of(element.get("lang") or element.get(_LANG) or "")


def tag_of(language: str) -> str:
    """A language tag that names the script; "" for what is no language tag.

    >>> tag_of("zh_CN"), tag_of("zh-tw"), tag_of("fr"), tag_of("中文")
    ('zh-Hans', 'zh-Hant-TW', 'fr', '')
    """
    tag = language.strip().replace("_", "-")
    return _REGIONS.get(tag.lower(), tag if is_language(tag) else "")


def is_hidden(element: etree._Element, *, whole: bool) -> bool:
    """Whether nothing of the element is text to be read."""
    name = name_of(element)
    if name in _WHOLE:
        return False
    if not name or (name in _SKIPPED and not (whole and name in _ASKED_FOR)):
        return True
    style = element.get("style", "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


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
        self._links_in: dict[etree._Element, dict[str, list[etree._Element]]] = {}
        by_id = {element.get("id", ""): element for element in root.iter("{*}*")}
        by_id.pop("", None)
        for link in root.iter("{*}a"):
            target = by_id.get(_fragment(link) or "")
            if target is not None and name_of(target) not in _INLINE:
                self._answered(link, target)

    def _answered(self, link: etree._Element, target: etree._Element) -> None:
        back = [each for id in _own_ids(link) for each in self._links(target).get(id, ())]
        if not back or link in back:
            return
        id = target.get("id", "")
        self.notes[target] = id
        self.references[link] = id
        self.backlinks.update(back)

    def _links(self, target: etree._Element) -> dict[str, list[etree._Element]]:
        """The links in an element by the id they lead to; many references may lead to one note."""
        if target not in self._links_in:
            links = self._links_in[target] = {}
            for link in target.iter("{*}a"):
                links.setdefault(_fragment(link) or "", []).append(link)
        return self._links_in[target]


def _fragment(link: etree._Element) -> str | None:
    href = link.get("href", "")
    return href[1:] if href.startswith("#") and len(href) > 1 else None


def _own_ids(link: etree._Element) -> frozenset[str]:
    """Ids that lead back to a link: its own, and those of the inline elements around it."""
    ids = set()
    element: etree._Element | None = link
    while element is not None and name_of(element) in _INLINE:
        ids.add(element.get("id", ""))
        element = element.getparent()
    return frozenset(ids - {""})


_SPACE = re.compile("[ \t\n\r\f]+")
_INDENT = "\u3000\u3000"
_POINTS = frozenset((MarkKind.IMAGE, MarkKind.ANCHOR))


def _is_wide(character: str) -> bool:
    """Whether no space is written beside it: Han, kana, full-width punctuation."""
    return (
        "\u2e80" <= character <= "\ua4cf"
        or "\uf900" <= character <= "\uffee"
        or ("\U00020000" <= character <= "\U0003ffff")
    )


class BlockText:
    """Text and marks of a block that is being read."""

    def __init__(self, *, verbatim: bool = False) -> None:
        self._verbatim = verbatim
        self._parts: list[str] = []
        self._last = ""
        self._length = 0
        self._space = ""
        self._marks: list[Mark] = []

    def __bool__(self) -> bool:
        return self._length > 0 or any(mark.kind in _POINTS for mark in self._marks)

    def add(self, text: str | None) -> None:
        """Text as it stands in the source."""
        if not text:
            return
        if self._verbatim:
            self._append(text if self._length else text.lstrip("\n"))
            return
        at = 0
        for space in _SPACE.finditer(text):
            self._word(text[at : space.start()])
            # Of the white space that is waiting, only whether it has a line end is of interest.
            self._space = "\n" if "\n" in space[0] or self._space == "\n" else " "
            at = space.end()
        self._word(text[at:])

    def _word(self, text: str) -> None:
        if not text:
            return
        if self._space and self._last and not self._is_soft_break(text[0]):
            self._append(" ")
        self._space = ""
        self._append(text)

    def _is_soft_break(self, following: str) -> bool:
        """A line end between Chinese characters is where the source was wrapped, not a space."""
        return "\n" in self._space and _is_wide(self._last) and _is_wide(following)

    def _append(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._last = text[-1]

    @contextmanager
    def marked(self, kind: MarkKind, *attributes: tuple[str, str]) -> Iterator[None]:
        """What is added inside is covered by a mark."""
        number, part, start = len(self._marks), len(self._parts), self._length
        # Held, for marks stand in the order in which they open.
        self._marks.append(Mark(start, start, kind, attributes))
        pending = bool(self._space) and bool(self._last)
        yield
        # The space before an element is outside it, once it is known that text follows.
        if pending and self._length > start and self._parts[part][0] == " ":
            start += 1
        self._marks[number] = Mark(start, max(start, self._length), kind, attributes)

    @property
    def length(self) -> int:
        """How much text there is so far."""
        return self._length

    def mark(self, start: int, end: int, kind: MarkKind, *attributes: tuple[str, str]) -> None:
        """A mark on what was added before."""
        self._marks.append(Mark(start, end, kind, attributes))

    def point(self, kind: MarkKind, *attributes: tuple[str, str]) -> None:
        """A mark without width, here."""
        if kind is MarkKind.LINE_BREAK:
            self._space = ""
            self._last = ""
        elif kind is MarkKind.IMAGE:
            self.settle_space()
        self._marks.append(Mark(self._length, self._length, kind, attributes))

    def settle_space(self) -> None:
        """Add the white space that is waiting, as before a word."""
        if self._space and self._last and not ("\n" in self._space and _is_wide(self._last)):
            self._append(" ")
        self._space = ""

    def finished(self) -> tuple[str, tuple[Mark, ...]]:
        """The text and its marks; empty marks that would show nothing are left out."""
        text = "".join(self._parts)
        if self._verbatim:
            text = text.rstrip("\n")
        kept = []
        for mark in self._marks:
            end = min(mark.end, len(text))
            shown = replace(mark, start=min(mark.start, end), end=end)
            if shown.end > shown.start or mark.kind in _POINTS or mark.kind is MarkKind.LINE_BREAK:
                kept.append(shown)
        return text, tuple(kept)


def _paragraph_breaks(text: str, marks: tuple[Mark, ...]) -> list[int]:
    """Where line breaks part paragraphs."""
    breaks = Counter(mark.start for mark in marks if mark.kind is MarkKind.LINE_BREAK)
    return [
        at
        for at, count in breaks.items()
        if 0 < at < len(text) and (count > 1 or text.startswith(_INDENT, at))
    ]


def split_at_breaks(text: str, marks: tuple[Mark, ...]) -> list[tuple[str, tuple[Mark, ...]]]:
    """A block's text where old pages part paragraphs with `<br>`: two of them, or an indent after.

    Marks that go across are cut; the breaks that part paragraphs are gone.
    """
    cuts = _paragraph_breaks(text, marks)
    if not cuts:
        return [(text, marks)]
    bounds = [0, *sorted(cuts), len(text)]
    parts: list[list[Mark]] = [[] for _ in bounds[1:]]
    parting = frozenset(cuts)
    for mark in marks:
        if mark.kind is MarkKind.LINE_BREAK and mark.start in parting:
            continue
        # Each mark is taken to the parts it stands in; to look at all marks for every part would
        # take the square of a page that is parted so.
        first = min(bisect_right(bounds, mark.start), len(parts)) - 1
        last = max(bisect_left(bounds, mark.end) - 1, first)
        for number in range(first, last + 1):
            start, end = bounds[number], bounds[number + 1]
            inside = max(mark.start, start) - start, min(mark.end, end) - start
            parts[number].append(replace(mark, start=inside[0], end=inside[1]))
    return [
        (text[start:end], tuple(part))
        for (start, end), part in zip(pairwise(bounds), parts, strict=True)
    ]


_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_SUFFIXES = {kind: suffix for suffix, kind in reversed(_TYPES.items())}
_LARGEST = 64 << 20


class Images:
    """Gathers the images that a text shows; each is one resource however often it is shown."""

    def __init__(self, path: Path | None) -> None:
        self._folder = path.parent.resolve() if path is not None else None
        self._known: dict[str, str] = {}
        self._by_name: dict[str, Resource] = {}
        self.warnings: list[DocumentWarning] = []

    @property
    def resources(self) -> tuple[Resource, ...]:
        return tuple(self._by_name.values())

    def name(self, source: str) -> str:
        """The resource's name for the URL `source`; "", with a warning, where there is none."""
        if source not in self._known:
            image = self._read(source)
            if isinstance(image, str):
                shown = source if len(source) <= 80 else f"{source[:79]}…"
                self.warnings.append(
                    DocumentWarning(f"image left out, {image}: {shown}", "image-left-out")
                )
            self._known[source] = image.name if isinstance(image, Resource) else ""
        return self._known[source]

    def _read(self, source: str) -> Resource | str:
        """The resource, or why there is none."""
        if source[:5].lower() == "data:":
            return self._inline(source)
        try:
            parts = urlsplit(source)
        except ValueError:
            return "not a URL"
        if parts.scheme or parts.netloc:
            return "nothing is fetched from the network"
        return self._file(unquote(parts.path))

    def _inline(self, source: str) -> Resource | str:
        head, comma, content = source[len("data:") :].partition(",")
        kind = head.partition(";")[0].strip().lower()
        if not comma or kind not in _SUFFIXES:
            return "not an image that books can show"
        data = unquote_to_bytes(content)
        try:
            if head.lower().endswith(";base64"):
                data = b64decode(b"".join(data.split()))
        except binascii.Error:
            return "its data is damaged"
        return self._keep(blake2b(data, digest_size=8).hexdigest() + _SUFFIXES[kind], kind, data)

    def _file(self, name: str) -> Resource | str:
        if self._folder is None:
            return "there is no folder to find it in"
        kind = _TYPES.get(Path(name).suffix.lower())
        if kind is None:
            return "not an image that books can show"
        try:
            file = (self._folder / name).resolve()
            if not file.is_relative_to(self._folder):
                return "outside the folder of the text"
            if not file.is_file():
                return "no such file"
            if file.stat().st_size > _LARGEST:
                return "too large"
            return self._keep(
                file.name.lstrip(".") or f"image{file.suffix}", kind, file.read_bytes()
            )
        except (OSError, ValueError):
            return "it cannot be read"

    def _keep(self, name: str, kind: str, data: bytes) -> Resource:
        """A resource under a name that no other file has."""
        stem, dot, suffix = name.replace("\\", "_").rpartition(".")
        number = 1
        image = Resource(f"{stem}{dot}{suffix}", kind, data)
        while self._by_name.setdefault(image.name, image) != image:
            number += 1
            image = Resource(f"{stem}-{number}{dot}{suffix}", kind, data)
        return image
