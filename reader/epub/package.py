"""What an EPUB says of itself: container.xml, encryption.xml and the package document."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from reader.epub.container import Container
from reader.errors import ContainerError, SourceError
from reader.markup import etree, safe_parser
from reader.model import is_language

__all__ = ["Item", "Package", "read_package", "read_packages", "refuse_drm"]

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PACKAGE_TYPE = "application/oebps-package+xml"
XHTML_TYPES = {"application/xhtml+xml", "text/html", "text/x-oeb1-document"}
"""The first is right; old books also say the others."""
NCX_TYPE = "application/x-dtbncx+xml"

_OCF = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"

OBFUSCATION = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""Font obfuscation by EPUB (OCF 4.3) and by Adobe; it hides nothing but fonts."""
_TEXTS = (".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx")
"""Suffixes of what is no font."""


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the manifest; `name` is its name in the container."""

    id: str
    name: str
    media_type: str
    properties: frozenset[str] = frozenset()

    @property
    def nav(self) -> bool:
        return "nav" in self.properties


@dataclass(frozen=True, slots=True)
class Package:
    """A package document: what of it matters here."""

    name: str
    version: str
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    """Names of the content documents in reading order."""
    languages: tuple[str, ...]
    title: str
    authors: tuple[str, ...]
    identifier: str
    fields: dict[str, str]
    """First value of other Dublin Core elements by local name: publisher, date, rights …"""

    @property
    def epub2(self) -> bool:
        return not self.version.startswith("3")

    @property
    def documents(self) -> tuple[Item, ...]:
        """Content documents in XHTML, those of the spine first and in its order."""
        order = {name: number for number, name in enumerate(self.spine)}
        found = [item for item in self.items if item.media_type in XHTML_TYPES]
        return tuple(sorted(found, key=lambda item: order.get(item.name, len(order))))

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.name)


def read_packages(container: Container) -> tuple[Package, ...]:
    """Every package document of the container (one for each rendition).

    Raises `ContainerError` when there is none or the book is locked by DRM, `SourceError` for a
    package document that is not XML.
    """
    refuse_drm(container)
    root = parse_xml(container.read(CONTAINER), CONTAINER, container.path)
    names = [
        _decoded(element.get("full-path", ""))
        for element in root.iter(f"{_OCF}rootfile")
        if element.get("media-type", PACKAGE_TYPE) == PACKAGE_TYPE
    ]
    if not names:
        raise ContainerError(f"{CONTAINER} names no package document", path=container.path)
    return tuple(read_package(container.read(name), name, container.path) for name in names)


def read_package(data: bytes, name: str, path: Path | None = None) -> Package:
    root = parse_xml(data, name, path)
    items = tuple(
        Item(
            element.get("id", ""),
            resolve(name, element.get("href", "")),
            element.get("media-type", "").strip().lower(),
            frozenset(element.get("properties", "").split()),
        )
        for element in root.iter(f"{_OPF}item")
    )
    by_id = {item.id: item.name for item in items}
    refs = [element.get("idref", "") for element in root.iter(f"{_OPF}itemref")]
    return Package(
        name,
        root.get("version", "2.0"),
        items,
        tuple(by_id[ref] for ref in refs if ref in by_id),
        tuple(filter(is_language, _texts(root, "language"))),
        "".join(_texts(root, "title")[:1]),
        _texts(root, "creator"),
        _identifier(root),
        {
            key: "".join(_texts(root, key)[:1])
            for key in ("publisher", "date", "rights", "description")
        },
    )


def refuse_drm(container: Container) -> None:
    """Raise `ContainerError` if anything but fonts is encrypted."""
    if ENCRYPTION not in container:
        return
    root = parse_xml(container.read(ENCRYPTION), ENCRYPTION, container.path)
    for element in root.iter(f"{_ENC}EncryptedData"):
        method = element.find(f"{_ENC}EncryptionMethod")
        algorithm = "" if method is None else method.get("Algorithm", "")
        reference = element.find(f".//{_ENC}CipherReference")
        what = "" if reference is None else reference.get("URI", "")
        if algorithm not in OBFUSCATION or what.lower().endswith(_TEXTS):
            message = (
                f"the book is locked by DRM ({what or 'a member'} is encrypted) and cannot be read"
            )
            raise ContainerError(message, path=container.path)


def parse_xml(data: bytes, name: str, path: Path | None) -> etree._Element:
    """`data` as a tree; no entity is resolved. Raises `SourceError` naming `name` and the line."""
    try:
        return etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        message = f"{name} is not well-formed: {error.msg}"
        raise SourceError(message, path=path, line=error.lineno) from error


def resolve(base: str, href: str) -> str:
    """The container's name for `href` in the document `base`; "" for what is outside.

    >>> resolve("OEBPS/content.opf", "text/c%201.xhtml#p3")
    'OEBPS/text/c 1.xhtml'
    """
    parts = urlsplit(href)
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    name = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path)))
    return "" if name.startswith(("../", "/")) else name


def _decoded(path: str) -> str:
    return posixpath.normpath(path) if path else path


def _texts(root: etree._Element, name: str) -> tuple[str, ...]:
    found = (_text(element) for element in root.iter(f"{_DC}{name}"))
    return tuple(text for text in found if text)


def _identifier(root: etree._Element) -> str:
    wanted = root.get("unique-identifier", "")
    for element in root.iter(f"{_DC}identifier"):
        if element.get("id", "") == wanted:
            return _text(element)
    return "".join(_texts(root, "identifier")[:1])


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip()
