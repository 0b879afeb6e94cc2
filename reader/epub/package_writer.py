"""The package document (EPUB 3.3, section 5) and its accessibility metadata.

No `dcterms:conformsTo` is claimed: EPUB Accessibility 1.1 asks of who claims it an evaluation of
this very publication, which a program cannot make for any text. The discovery metadata that every
publication must have (its section 2.2) is true of all that is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reader.markup import etree, namespaces
from reader.model import Metadata, is_date

OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
CONTAINER = "urn:oasis:names:tc:opendocument:xmlns:container"
XHTML_TYPE = "application/xhtml+xml"


class Item(NamedTuple):
    """A row of the manifest, and of the spine unless `linear` is empty."""

    id: str
    href: str
    media_type: str = XHTML_TYPE
    properties: str = ""
    linear: str = ""
    """`yes`, `no`, or "" for what is not in the spine."""


class Package(NamedTuple):
    """What the package document says."""

    identifier: str
    title: str
    authors: Sequence[str]
    metadata: Metadata
    languages: Sequence[str]
    """Chinese first."""
    modified: str
    """`dcterms:modified`, as 2025-03-01T00:00:00Z."""
    items: Sequence[Item]
    has_ruby: bool = True
    has_images: bool = False
    machine_translation: bool = False


def container(path: str) -> bytes:
    """`META-INF/container.xml`, pointing at the package document."""
    root = etree.Element(
        f"{{{CONTAINER}}}container", {"version": "1.0"}, nsmap=namespaces(CONTAINER)
    )
    files = etree.SubElement(root, f"{{{CONTAINER}}}rootfiles")
    attributes = {"full-path": path, "media-type": "application/oebps-package+xml"}
    etree.SubElement(files, f"{{{CONTAINER}}}rootfile", attributes)
    return _bytes(root)


def package_document(package: Package) -> bytes:
    """The package document, UTF-8."""
    root = etree.Element(_o("package"), nsmap=namespaces(OPF, dc=DC))
    root.set("version", "3.0")
    root.set("unique-identifier", "id")
    root.set("prefix", "schema: http://schema.org/")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", package.languages[0])
    _describe(etree.SubElement(root, _o("metadata")), package)
    manifest = etree.SubElement(root, _o("manifest"))
    spine = etree.SubElement(root, _o("spine"), {"toc": "ncx"})
    for item in package.items:
        row = {"id": item.id, "href": item.href, "media-type": item.media_type}
        if item.properties:
            row["properties"] = item.properties
        etree.SubElement(manifest, _o("item"), row)
        if item.linear:
            reference = {"idref": item.id} | ({"linear": "no"} if item.linear == "no" else {})
            etree.SubElement(spine, _o("itemref"), reference)
    return _bytes(root)


def _describe(parent: etree._Element, package: Package) -> None:
    metadata = package.metadata
    _dc(parent, "identifier", package.identifier).set("id", "id")
    _dc(parent, "title", package.title)
    for language in package.languages:
        _dc(parent, "language", language)
    for author in package.authors:
        _dc(parent, "creator", author)
    # What is no date is told on the title page only: reading systems sort by this one.
    _dc(parent, "date", metadata.date if is_date(metadata.date) else "")
    _dc(parent, "publisher", metadata.publisher)
    _dc(parent, "description", metadata.description)
    _dc(parent, "rights", metadata.rights)
    _dc(parent, "source", metadata.identifier or metadata.source)
    _meta(parent, "dcterms:modified", package.modified)
    for name, value in _accessibility(package):
        _meta(parent, name, value)
    if any("cover-image" in item.properties for item in package.items):
        # What EPUB 2 reading systems look for.
        etree.SubElement(parent, _o("meta"), {"name": "cover", "content": "cover-image"})


def _accessibility(package: Package) -> list[tuple[str, str]]:
    features = [
        "structuralNavigation",
        "tableOfContents",
        "readingOrder",
        "displayTransformability",
    ]
    features += ["alternativeText"] if package.has_images else []
    features += ["rubyAnnotations"] if package.has_ruby else []
    modes = ["textual", *(["visual"] if package.has_images else [])]
    return [
        *(("schema:accessMode", mode) for mode in modes),
        ("schema:accessModeSufficient", "textual"),
        *(("schema:accessibilityFeature", feature) for feature in features),
        ("schema:accessibilityHazard", "none"),
        ("schema:accessibilitySummary", _summary(package)),
    ]


def _summary(package: Package) -> str:
    parts = ["Reflowable text in reading order with a table of contents and language marked."]
    if package.has_ruby:
        parts.append("Pronunciation is given as ruby above the words.")
    if package.has_images:
        parts.append("Images carry the descriptions that the source gave them.")
    if package.machine_translation:
        parts.append("The translation was made by a machine.")
    return " ".join(parts)


def _dc(parent: etree._Element, name: str, text: str) -> etree._Element:
    """A Dublin Core element; none where there is nothing to say."""
    if not text.strip():
        return etree.Element(name)
    element = etree.SubElement(parent, f"{{{DC}}}{name}")
    element.text = text
    return element


def _meta(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _o("meta"), {"property": name}).text = text


def _o(name: str) -> str:
    return f"{{{OPF}}}{name}"


def _bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))
