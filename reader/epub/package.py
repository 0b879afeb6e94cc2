"""The package document (EPUB 3.3, section 5): read, written, and changed where it stands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from reader._version import __version__
from reader.epub.container import Container, package_names, parse_xml, refuse_drm
from reader.epub.edits import Editor, decode, free_prefix
from reader.epub.xhtml import Element, elements
from reader.markup import XML, escape, etree, namespaces
from reader.scripts import tag_of

__all__ = [
    "NCX_TYPE",
    "XHTML_TYPE",
    "Additions",
    "Item",
    "Package",
    "Stripped",
    "accessibility",
    "add_to_package",
    "derived_identifier",
    "package_document",
    "package_in",
    "read_package",
    "read_packages",
    "reference",
    "resolve",
    "strip_package",
]

XHTML_TYPE = "application/xhtml+xml"
_XHTML_TYPES = {XHTML_TYPE, "text/html", "text/x-oeb1-document"}
"""The first is right; old books also say the others."""
NCX_TYPE = "application/x-dtbncx+xml"

_OPF = "http://www.idpf.org/2007/opf"
_DC = "http://purl.org/dc/elements/1.1/"
_FIELDS = ("date", "publisher", "description", "rights", "source")
"""Dublin Core elements that are told apart by their name alone, in the order they are written."""

PROGRAM = "annotated-reader"
_RUBY = "rubyAnnotations"
_REFLOWABLE = "rendition:layout-reflowable"
_OURS = re.compile(r"(readerx*-)annotator")


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the manifest; `name` is its name in the container."""

    id: str
    name: str
    media_type: str = XHTML_TYPE
    properties: frozenset[str] = frozenset()

    @property
    def nav(self) -> bool:
        return "nav" in self.properties


@dataclass(frozen=True, slots=True)
class Package:
    """What a package document says: what of it matters here."""

    name: str
    """The document's own name in the container."""
    version: str
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    """Names of the content documents in reading order."""
    languages: tuple[str, ...]
    title: str
    authors: tuple[str, ...]
    identifier: str
    fields: Mapping[str, str]
    """First value of other Dublin Core elements by local name: publisher, date, rights …"""
    nonlinear: frozenset[str] = frozenset()
    """Names in the spine that are no part of the reading order (`linear="no"`)."""
    properties: tuple[tuple[str, str], ...] = ()
    """For writing: `meta` of EPUB 3, each a property and its value."""

    @property
    def epub2(self) -> bool:
        return not self.version.startswith("3")

    @property
    def documents(self) -> tuple[Item, ...]:
        """Content documents in XHTML, those of the spine first and in its order."""
        order = {name: number for number, name in enumerate(self.spine)}
        listed = [item for item in self.items if item.media_type in _XHTML_TYPES]
        return tuple(sorted(listed, key=lambda item: order.get(item.name, len(order))))

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.name)


# Reading


def read_packages(container: Container) -> tuple[Package, ...]:
    """Every package document of the container (one for each rendition).

    Raises `ContainerError` when there is none or the book is locked by DRM, `SourceError` for a
    package document that is not XML.
    """
    refuse_drm(container)
    names = package_names(container)
    return tuple(package_in(container, container.read(name), name) for name in names)


def package_in(container: Container, data: bytes, name: str) -> Package:
    """The package document `name` of a container, its files named as the container names them."""
    return read_package(data, name, container.path, container.named)


def read_package(
    data: bytes, name: str, path: Path | None = None, named: Callable[[str], str] = str
) -> Package:
    """The package document `name` of the container at `path`; raises `SourceError`.

    `named` gives the member that is meant by a name.
    """
    root = parse_xml(data, name, path)
    items = tuple(
        Item(
            element.get("id", ""),
            named(resolve(name, element.get("href", ""))),
            element.get("media-type", "").strip().lower(),
            frozenset(element.get("properties", "").split()),
        )
        for element in root.iter(f"{{{_OPF}}}item")
    )
    by_id = {item.id: item.name for item in items}
    references = [
        (by_id[idref], element.get("linear", "yes"))
        for element in root.iter(f"{{{_OPF}}}itemref")
        if (idref := element.get("idref", "")) in by_id
    ]
    return Package(
        name,
        root.get("version", "2.0"),
        items,
        tuple(name for name, _ in references),
        tuple(filter(None, map(tag_of, _texts(root, "language")))),
        "".join(_texts(root, "title")[:1]),
        _texts(root, "creator"),
        _identifier_text(root),
        {key: "".join(_texts(root, key)[:1]) for key in _FIELDS},
        frozenset(name for name, linear in references if linear == "no"),
    )


def resolve(base: str, href: str) -> str:
    """The container's name for `href` in the document `base`; "" for what is outside.

    >>> resolve("OEBPS/content.opf", "text/c%201.xhtml#p3"), resolve("a/b.opf", "..\\\\c.xhtml")
    ('OEBPS/text/c 1.xhtml', 'c.xhtml')
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    # No member has a backslash in its name.
    path = unquote(parts.path).replace("\\", "/")
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    return "" if name.startswith(("../", "/")) else name


def reference(base: str, name: str) -> str:
    """How the document `base` refers to the member `name`: what `resolve` undoes.

    >>> reference("OEBPS/content.opf", "OEBPS/text/c 1.xhtml")
    'text/c%201.xhtml'
    """
    return quote(posixpath.relpath(name, posixpath.dirname(base) or "."))


def _texts(root: etree._Element, name: str) -> tuple[str, ...]:
    texts = (_text(element) for element in root.iter(f"{{{_DC}}}{name}"))
    return tuple(text for text in texts if text)


def _identifier_text(root: etree._Element) -> str:
    wanted = root.get("unique-identifier", "")
    for element in root.iter(f"{{{_DC}}}identifier"):
        if element.get("id", "") == wanted:
            return _text(element)
    return "".join(_texts(root, "identifier")[:1])


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip()


# Writing


def package_document(package: Package) -> bytes:
    """The document of an EPUB 3.3 publication, UTF-8; its first language is its own.

    No `dcterms:conformsTo` is claimed: EPUB Accessibility 1.1 asks of who claims it an evaluation
    of this very publication, which a program cannot make for any text. The discovery metadata that
    every publication must have (its section 2.2) is `accessibility`.
    """
    root = etree.Element(f"{{{_OPF}}}package", nsmap=namespaces(_OPF, dc=_DC))
    root.set("version", package.version)
    root.set("unique-identifier", "id")
    root.set("prefix", "schema: http://schema.org/")
    root.set(f"{{{XML}}}lang", package.languages[0])
    _describe(etree.SubElement(root, f"{{{_OPF}}}metadata"), package)
    manifest = etree.SubElement(root, f"{{{_OPF}}}manifest")
    ncx = next((item.id for item in package.items if item.media_type == NCX_TYPE), "")
    spine = etree.SubElement(root, f"{{{_OPF}}}spine", {"toc": ncx} if ncx else {})
    for item in package.items:
        href = reference(package.name, item.name)
        row = {"id": item.id, "href": href, "media-type": item.media_type}
        if item.properties:
            row["properties"] = " ".join(sorted(item.properties))
        etree.SubElement(manifest, f"{{{_OPF}}}item", row)
    ids = {item.name: item.id for item in package.items}
    for name in package.spine:
        aside = {"linear": "no"} if name in package.nonlinear else {}
        etree.SubElement(spine, f"{{{_OPF}}}itemref", {"idref": ids[name]} | aside)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _describe(parent: etree._Element, package: Package) -> None:
    core = [("identifier", package.identifier), ("title", package.title)]
    core += [("language", language) for language in package.languages]
    core += [("creator", author) for author in package.authors]
    core += [(name, package.fields.get(name, "")) for name in _FIELDS]
    for name, text in core:
        if text.strip():  # Dublin Core's elements may not be empty
            element = etree.SubElement(parent, f"{{{_DC}}}{name}")
            element.text = text
            if name == "identifier":
                element.set("id", "id")
    for name, value in package.properties:
        etree.SubElement(parent, f"{{{_OPF}}}meta", {"property": name}).text = value
    cover = next((item.id for item in package.items if "cover-image" in item.properties), "")
    if cover:
        # What EPUB 2 reading systems look for: it names an item of the manifest.
        etree.SubElement(parent, f"{{{_OPF}}}meta", {"name": "cover", "content": cover})


def accessibility(summary: str, *, ruby: bool, images: bool) -> tuple[tuple[str, str], ...]:
    """The discovery metadata of a publication of ours, as properties and values.

    `summary` says it in words.
    """
    features = ["structuralNavigation", "tableOfContents", "readingOrder"]
    features += ["displayTransformability", *(["alternativeText"] if images else [])]
    features += [_RUBY] if ruby else []
    return (
        *(("schema:accessMode", mode) for mode in ("textual", *(["visual"] if images else []))),
        ("schema:accessModeSufficient", "textual"),
        *(("schema:accessibilityFeature", feature) for feature in features),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", summary),
    )


# Changing


@dataclass(frozen=True, slots=True)
class Additions:
    """What a package document is to say more."""

    work: str
    """What was done to the book, in words."""
    items: Mapping[str, Item] = field(default_factory=dict)
    """Files added, by their kind, which with a prefix of ours is their id."""
    in_spine: frozenset[str] = frozenset()
    """Kinds of those that are read, at the end of the book."""
    ruby: bool = False
    """Whether readings were added; the metadata of EPUB 3 then names the feature."""
    identifier: str = ""
    """The new unique identifier, if there is to be one; the former one is kept."""


def add_to_package(data: bytes, name: str, additions: Additions) -> bytes:
    """The package document `name` with what was added to the book, and by what, in the metadata."""
    source = decode(data)
    root = elements(source.data)
    prefix = free_prefix(source.data)
    editor = Editor(source.data)
    _mention(editor, root, prefix, additions)
    manifest, spine = root.find("manifest"), root.find("spine")
    for kind, item in additions.items.items():
        id_ = prefix + kind
        if manifest is not None:
            row = {"id": id_, "href": reference(name, item.name), "media-type": item.media_type}
            editor.append(manifest, "item", row)
        # Ours reflow in a book of fixed pages too, which the spine lets a document say.
        if spine is not None and kind in additions.in_spine:
            flowing = {"properties": _REFLOWABLE} if _is_fixed(root) else {}
            editor.append(spine, "itemref", {"idref": id_} | flowing)
    element = _identifier(root)
    if additions.identifier and element is not None:
        editor.add_after(
            element, f"{element.prefix}source", {"id": f"{prefix}former"}, element.text
        )
        editor.replace_content(element, escape(additions.identifier).encode())
    return source.encode(editor.result())


def derived_identifier(identifier: str, work: str) -> str:
    """An identifier of the annotated book: the same for the same book and work."""
    return uuid5(NAMESPACE_URL, f"{identifier} {PROGRAM} {work}").urn


def _mention(editor: Editor, root: Element, prefix: str, additions: Additions) -> None:
    """Say in the metadata what was done to the book, and by what."""
    metadata = root.find("metadata")
    described = [e for e in metadata.walk() if e.namespace == _DC] if metadata is not None else []
    if metadata is None or not described:
        return
    epub3 = root.attributes.get("version", "").startswith("3")
    last = described[-1]
    program = f"{prefix}annotator"
    # EPUB 3 says roles by `meta`; in EPUB 2 the attribute needs its namespace.
    role = {} if epub3 or b"xmlns:opf=" not in editor.source else {"opf:role": "ann"}
    text = f"{PROGRAM} {__version__}: {additions.work}"
    editor.add_after(last, f"{last.prefix}contributor", {"id": program, **role}, text)
    if not epub3:
        return
    meta = f"{metadata.prefix}meta"
    refined = {"refines": f"#{program}", "property": "role", "scheme": "marc:relators"}
    editor.add_after(last, meta, {"id": f"{prefix}role", **refined}, "ann")
    if additions.ruby and not any(e.text.strip() == _RUBY for e in metadata.walk()):
        feature = {"property": "schema:accessibilityFeature"}
        editor.add_after(last, meta, {"id": f"{prefix}ruby", **feature}, _RUBY)


@dataclass(frozen=True, slots=True)
class Stripped:
    """A package document without our additions."""

    data: bytes
    names: tuple[str, ...] = ()
    """Our files, as the container names them."""
    renamed: tuple[bytes, bytes] | None = None
    """The identifier that was given and the former one, as they are written."""


def strip_package(data: bytes, name: str) -> Stripped:
    """The package document `name` without what `add_to_package` added."""
    source = decode(data)
    root = elements(source.data)
    prefix = _our_prefix(root)
    if not prefix:
        return Stripped(data)
    editor = Editor(source.data)
    names: list[str] = []
    renamed = None
    identifier = _identifier(root)
    # A stranger's package may call its own identifier one of ours: it is not cut and replaced too.
    if identifier is not None and identifier.attributes.get("id", "").startswith(prefix):
        identifier = None
    for element in _ours(root, prefix):
        editor.remove(element)
        if element.name == "item":
            names.append(resolve(name, element.attributes.get("href", "")))
        former = element.attributes.get("id") == f"{prefix}former"
        if former and identifier is not None and renamed is None:
            own = source.data[element.inner : element.close]
            renamed = source.data[identifier.inner : identifier.close], own
            editor.replace_content(identifier, own)
    return Stripped(source.encode(editor.result()), tuple(names), renamed)


def _ours(root: Element, prefix: str) -> Iterable[Element]:
    """The elements that were added: of one in another, only the outer."""
    end = 0
    for element in root.walk():
        own = element.attributes.get("id", element.attributes.get("idref", ""))
        if own.startswith(prefix) and element.start >= end:
            end = element.end
            yield element


def _our_prefix(root: Element) -> str:
    for element in root.walk():
        own = _OURS.fullmatch(element.attributes.get("id", ""))
        if own and element.name == "contributor" and element.text.startswith(PROGRAM):
            return own[1]
    return ""


def _is_fixed(root: Element) -> bool:
    """Whether the pages of the book are of a fixed size, which ours are not."""
    return any(
        element.attributes.get("property") == "rendition:layout"
        and element.text.strip() == "pre-paginated"
        for element in root.walk()
    )


def _identifier(root: Element) -> Element | None:
    wanted = root.attributes.get("unique-identifier", "")
    for element in root.walk():
        if element.name == "identifier" and element.attributes.get("id", "") == wanted:
            return element
    return None
