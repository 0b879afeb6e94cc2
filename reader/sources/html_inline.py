"""What stands in the blocks of a page: elements and their languages, text, pictures, notes."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import cast
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from reader.errors import SourceError
from reader.markup import OPS, XML, XML_FORBIDDEN, etree
from reader.model import CELL_GAP, DocumentWarning, Mark, MarkKind, Resource
from reader.scripts import is_han, tag_of, without_unseen
from reader.sources.losses import PICTURES

__all__ = [
    "IMAGE_TYPES",
    "NEVER_TEXT",
    "BlockText",
    "Images",
    "is_hidden",
    "language_of",
    "line_of",
    "name_of",
    "parsed",
    "picture_warning",
    "split_at_breaks",
    "types_of",
    "visible_text",
    "without_long_tags",
]


_LANG = f"{{{XML}}}lang"
_TYPE = f"{{{OPS}}}type"
_NO_TYPES: frozenset[str] = frozenset()
NEVER_TEXT = frozenset("script style template head title rp".split())
"""Elements whose text is none of any page's."""
# More attributes than any element has. libxml2 compares each with all before it, so the time that a
# tag takes grows with the square of their number.
_MOST_ATTRIBUTES = 256
_ATTRIBUTE = r"""[\s/]*+[^\s/>][^\s/>=]*+(?>(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]++))?)"""
# Every tag fits, short ones too: one that did not would be read again from each `<` in it.
_TAG = re.compile(
    rf"(<[A-Za-z][^\s/>]*+(?>(?:{_ATTRIBUTE}){{0,{_MOST_ATTRIBUTES}}}))(?>(?:{_ATTRIBUTE})*)"
)


def without_long_tags(html: str) -> str:
    """`html` with no more than `_MOST_ATTRIBUTES` in any tag; those after them are left out."""
    return _TAG.sub(r"\1", html)


# libxml2 ends a document at the first two, whatever follows; a browser goes on. It does not know
# `<wbr>`, and takes each to hold all that follows.
_LEFT_OUT = re.compile(r"</(?:html|body)\s*+>|</?wbr(?=[\s/>])[^<>]*+>", re.IGNORECASE)


def parsed(html: str, *, path: Path | None = None) -> tuple[etree._Element | None, int]:
    """The root element of a page, None if there is nothing in it.

    And how many characters were left out, in text and in attributes, that no document can hold.
    Raises `SourceError`, naming `path`, for elements that are nested deeper than libxml2 goes: it
    leaves out what follows.
    """
    if not html.strip():
        return None, 0
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    root = etree.fromstring(_LEFT_OUT.sub("", html).encode("utf-8", "replace"), parser)
    for entry in parser.error_log.filter_from_fatals():
        if entry.type_name == "ERR_RESOURCE_LIMIT":
            raise SourceError("its elements are nested too deeply", path=path, line=entry.line)
    # The parser lets them pass, also as `&#1;`: in what an image is called, in a link, in an id.
    wrong = _FORBIDDEN.search(html) or "&#" in html
    return root, _drop_forbidden(root) if wrong and root is not None else 0


def _drop_forbidden(root: etree._Element) -> int:
    dropped = 0
    for element in root.iter():
        for place in ("text", "tail") if name_of(element) else ("tail",):
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
    except ValueError:
        # The name is none that XML has, and nothing here asks for it; lxml takes no such name even
        # to take the attribute away.
        others = [(str(n), str(v)) for n, v in element.attrib.items() if n != name]
        element.attrib.clear()
        for other, kept in others:
            with suppress(ValueError):
                element.set(other, kept)


def name_of(element: etree._Element) -> str:
    """The element's local name in lower case; "" for what is no element."""
    return _local_name(element.tag)


@lru_cache(maxsize=512)
def _local_name(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def line_of(element: etree._Element) -> int | None:
    """The line of the source at which an element stands, where that is known."""
    return cast("int | None", element.sourceline)


def language_of(element: etree._Element) -> str:
    """BCP 47 of the element, by itself; "" where it does not say."""
    return tag_of(element.get("lang") or element.get(_LANG) or "")


def is_hidden(element: etree._Element) -> bool:
    """Whether an element says that it does not show.

    `visibility: hidden` is not believed: pages have it on their text until a script takes it away.
    A page that hides all of itself is shown by a script too.
    """
    if not element.attrib or name_of(element) in ("html", "body"):
        return False
    style = element.get("style", "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style


def types_of(element: etree._Element) -> frozenset[str]:
    """What an element says that it is, in `role` and in `epub:type`."""
    if not element.attrib:
        return _NO_TYPES
    said = (element.get("role"), element.get(_TYPE), element.get("epub:type"))
    return frozenset(" ".join(filter(None, said)).lower().split())


def visible_text(element: etree._Element) -> str:
    """The text of an element without what is none of any page's, such as scripts."""
    parts: list[str] = [element.text or ""]
    skipped: set[etree._Element] = set()
    for each in element.iter():
        if each is element:
            continue
        if each.getparent() in skipped:
            skipped.add(each)
            continue
        name = name_of(each)
        if not name or name in NEVER_TEXT:
            skipped.add(each)
        else:
            parts.append(each.text or "")
        parts.append(each.tail or "")
    return " ".join(parts)


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
        self.in_row = False
        """Whether it is a table's row, whose cells are divided by what is in none of them."""
        self._pending: dict[int, int] = {}
        """Of marks that opened after a space that was waiting: the part that may hold it."""

    def __bool__(self) -> bool:
        return self._length > 0 or any(mark.kind in _POINTS for mark in self._marks)

    def add(self, text: str | None) -> None:
        """Text as it stands in the source."""
        if not text:
            return
        if self.in_row:
            text = text.replace(CELL_GAP, " ")
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

    def end_cell(self) -> None:
        """What follows is in another cell of the row."""
        self._space = ""
        self._append(CELL_GAP)

    def _word(self, text: str) -> None:
        # What does not show may stand in an element of its own.
        before = self._last if is_han(self._last) else ""
        text = without_unseen(before + text)[len(before) :]
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
        number = self.open(kind, *attributes)
        yield
        self.close(number)

    def open(self, kind: MarkKind, *attributes: tuple[str, str]) -> int:
        """What is added from here on is covered by a mark, until the number given is closed."""
        # Held in place, for marks stand in the order in which they open.
        self._marks.append(Mark(self._length, self._length, kind, attributes))
        number = len(self._marks) - 1
        if self._space and self._last:
            self._pending[number] = len(self._parts)
        return number

    def close(self, number: int) -> None:
        mark = self._marks[number]
        start, part = mark.start, self._pending.pop(number, None)
        # The space before an element is outside it, once it is known that text follows.
        if part is not None and self._length > start and self._parts[part][0] == " ":
            start += 1
        end = max(start, self._length)
        self._marks[number] = Mark(start, end, mark.kind, mark.attributes)

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
            shown = mark if mark.end == end else replace(mark, start=min(mark.start, end), end=end)
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


def picture_warning(why: str, source: str, alt: str) -> DocumentWarning:
    """That a picture is not shown, and what the text says that it shows."""
    shown = source if len(source) <= 80 else f"{source[:79]}…"
    described = f" (“{alt}”)" if alt else ""
    return DocumentWarning(f"image left out, {why}: {shown}{described}", PICTURES)


IMAGE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
_SUFFIXES = {kind: suffix for suffix, kind in reversed(IMAGE_TYPES.items())}
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

    def name(self, source: str, alt: str = "") -> str:
        """The resource's name for the URL `source`; "", with a warning, where there is none."""
        if source not in self._known:
            image = self._read(source)
            if isinstance(image, str):
                self.warnings.append(picture_warning(image, source, alt))
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
        return self.file(unquote(parts.path))

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
        return self.keep(blake2b(data, digest_size=8).hexdigest() + _SUFFIXES[kind], kind, data)

    def file(self, name: str) -> Resource | str:
        """The image in the file of this name, or why there is none."""
        if self._folder is None:
            return "there is no folder to find it in"
        kind = IMAGE_TYPES.get(Path(name).suffix.lower())
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
            return self.keep(
                file.name.lstrip(".") or f"image{file.suffix}", kind, file.read_bytes()
            )
        except (OSError, ValueError):
            return "it cannot be read"

    def keep(self, name: str, kind: str, data: bytes) -> Resource:
        """A resource under a name that no other file has."""
        stem, dot, suffix = name.replace("\\", "_").rpartition(".")
        number = 1
        image = Resource(f"{stem}{dot}{suffix}", kind, data)
        while self._by_name.setdefault(image.name, image) != image:
            number += 1
            image = Resource(f"{stem}-{number}{dot}{suffix}", kind, data)
        return image
