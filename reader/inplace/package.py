"""What an annotated book's package document says more than the book's own, and takes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from reader._version import __version__
from reader.epub.edits import Edit, spliced
from reader.epub.outline import Node, blank_before, outline
from reader.epub.repair import decode
from reader.inplace.dialect import free_prefix
from reader.markup import escape

__all__ = ["Addition", "Stripped", "add_to_package", "derived_identifier", "strip_package"]

PROGRAM = "annotated-reader"
DC = "http://purl.org/dc/elements/1.1/"
RUBY = "rubyAnnotations"
REFLOWABLE = "rendition:layout-reflowable"

_OURS = re.compile(r"(readerx*-)annotator")


@dataclass(frozen=True, slots=True)
class Addition:
    """A file added to a book: `kind` names its item."""

    kind: str
    href: str
    media_type: str
    in_spine: bool = False


def add_to_package(
    data: bytes, additions: Sequence[Addition], *, ruby: bool, done: str, identifier: str = ""
) -> bytes:
    """The package document with `additions` in its manifest and spine, and what was `done`.

    `ruby` says whether readings were added; the metadata of EPUB 3 then names the feature. The
    unique identifier becomes `identifier` where one is given, and the former one is kept beside
    it. White space before each new element is that before the last one of its kind.
    """
    source = decode(data)
    root = outline(source.data)
    prefix = free_prefix(source.data)
    editor = _Editor(source.data, prefix)
    epub3 = root.attributes.get("version", "").startswith("3")
    editor.mention(root, done, epub3=epub3, ruby=ruby)
    for addition in additions:
        editor.append(
            root.find("manifest"),
            "item",
            id=prefix + addition.kind,
            href=addition.href,
            **{"media-type": addition.media_type},
        )
        if addition.in_spine:
            flowing = {"properties": REFLOWABLE} if _is_fixed(root) else {}
            editor.append(root.find("spine"), "itemref", idref=prefix + addition.kind, **flowing)
    if identifier:
        editor.rename(root, identifier)
    return source.encode(spliced(source.data, editor.edits()))


def derived_identifier(identifier: str, done: str) -> str:
    """An identifier of the annotated book: the same for the same book and work."""
    return uuid5(NAMESPACE_URL, f"{identifier} {PROGRAM} {done}").urn


@dataclass(frozen=True, slots=True)
class Stripped:
    """A package document without our additions."""

    data: bytes
    hrefs: tuple[str, ...] = ()
    """Our files, relative to the package document."""
    renamed: tuple[bytes, bytes] | None = None
    """The identifier that was given and the former one, as they are written."""


def strip_package(data: bytes) -> Stripped:
    """The package document without what `add_to_package` added."""
    source = decode(data)
    root = outline(source.data)
    prefix = _our_prefix(root)
    if not prefix:
        return Stripped(data)
    cuts: list[Edit] = []
    hrefs: list[str] = []
    renamed = None
    for node in root.walk():
        if not node.attributes.get("id", node.attributes.get("idref", "")).startswith(prefix):
            continue
        cuts.append((blank_before(source.data, node.start), node.end, b""))
        if node.name == "item":
            hrefs.append(node.attributes.get("href", ""))
        identifier = _identifier(root)
        if node.attributes.get("id") == f"{prefix}former" and identifier is not None:
            former = source.data[node.open_end : node.close]
            renamed = source.data[identifier.open_end : identifier.close], former
            cuts.append((identifier.open_end, identifier.close, former))
    return Stripped(source.encode(spliced(source.data, cuts)), tuple(hrefs), renamed)


def _is_fixed(root: Node) -> bool:
    """Whether the pages of the book are of a fixed size, which ours are not."""
    return any(
        node.attributes.get("property") == "rendition:layout"
        and node.text.strip() == "pre-paginated"
        for node in root.walk()
    )


def _our_prefix(root: Node) -> str:
    for node in root.walk():
        found = _OURS.fullmatch(node.attributes.get("id", ""))
        if found and node.name == "contributor" and node.text.startswith(PROGRAM):
            return found[1]
    return ""


class _Editor:
    """Collects elements to be added after the last child of others."""

    def __init__(self, source: bytes, prefix: str) -> None:
        self._source = source
        self._prefix = prefix
        self._added: dict[int, list[bytes]] = {}
        self._replaced: list[Edit] = []

    def edits(self) -> list[Edit]:
        added = [(at, at, b"".join(parts)) for at, parts in self._added.items()]
        return added + self._replaced

    def append(self, parent: Node | None, name: str, **attributes: str) -> None:
        if parent is None:
            return
        if not parent.children:
            self._insert(parent.open_end, b"", parent.prefix(self._source) + name, attributes)
            return
        last = parent.children[-1]
        self._after(last, parent.prefix(self._source) + name, attributes)

    def mention(self, root: Node, done: str, *, epub3: bool, ruby: bool) -> None:
        """Say in the metadata what was done to the book, and by what."""
        metadata = root.find("metadata")
        known = [n for n in metadata.walk() if n.namespace == DC] if metadata is not None else []
        if metadata is None or not known:
            return
        anchor = known[-1]
        by = f"{PROGRAM} {__version__}: {done}"
        ours = f"{self._prefix}annotator"
        role = {} if epub3 or b"xmlns:opf=" not in self._source else {"opf:role": "ann"}
        name = anchor.prefix(self._source) + "contributor"
        self._after(anchor, name, {"id": ours, **role}, by)
        if epub3:
            meta = metadata.prefix(self._source) + "meta"
            what = {"refines": f"#{ours}", "property": "role", "scheme": "marc:relators"}
            self._after(anchor, meta, {"id": f"{self._prefix}role", **what}, "ann")
            if ruby and not any(node.text.strip() == RUBY for node in metadata.walk()):
                feature = {"property": "schema:accessibilityFeature"}
                self._after(anchor, meta, {"id": f"{self._prefix}ruby", **feature}, RUBY)

    def rename(self, root: Node, identifier: str) -> None:
        """Give the book another identifier; its own is kept beside it."""
        node = _identifier(root)
        if node is None:
            return
        name = node.prefix(self._source) + "source"
        self._after(node, name, {"id": f"{self._prefix}former"}, node.text)
        self._replaced.append((node.open_end, node.close, escape(identifier).encode()))

    def _after(self, node: Node, name: str, attributes: dict[str, str], text: str = "") -> None:
        blank = self._source[blank_before(self._source, node.start) : node.start]
        self._insert(node.end, blank, name, attributes, text)

    def _insert(
        self, at: int, blank: bytes, name: str, attributes: dict[str, str], text: str = ""
    ) -> None:
        self._added.setdefault(at, []).append(blank + element(name, attributes, text))


def element(name: str, attributes: dict[str, str], text: str = "") -> bytes:
    """A prefixed element whose namespaces are declared around it."""
    quoted = (
        f' {key}="{escape(value).replace(chr(34), "&quot;")}"' for key, value in attributes.items()
    )
    end = f">{escape(text)}</{name}>" if text else "/>"
    return f"<{name}{''.join(quoted)}{end}".encode()


def _identifier(root: Node) -> Node | None:
    wanted = root.attributes.get("unique-identifier", "")
    for node in root.walk():
        if node.name == "identifier" and node.attributes.get("id", "") == wanted:
            return node
    return None
