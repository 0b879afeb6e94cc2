"""The one reader of zip files, careful since EPUBs come from strangers; and what META-INF says."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from reader.errors import ContainerError, SourceError
from reader.markup import etree, namespaces, safe_parser
from reader.model import DocumentWarning
from reader.options import Limits

__all__ = [
    "CONTAINER",
    "ENCRYPTION",
    "Container",
    "container_document",
    "missing_packages",
    "package_names",
    "parse_xml",
    "refuse_drm",
]

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
PACKAGE_TYPE = "application/oebps-package+xml"

_OCF = "urn:oasis:names:tc:opendocument:xmlns:container"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_OBFUSCATION = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""Font obfuscation by EPUB (OCF 4.3) and by Adobe; it hides nothing but fonts."""
_TEXTS = (".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx")
"""Suffixes of what is no font."""

_CHUNK = 1 << 16
_HEADER = 30
"""Length of a local file header before its name (APPNOTE.TXT 4.3.7)."""
_UTF8_NAME = 0x800
_SMALL = 1 << 20
"""A member up to this size may be compressed at any ratio."""
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)


class Container:
    """A zip file opened for reading, its names, sizes and overlaps checked.

    Raises `ContainerError` for what is no zip file, for names that point outside or stand twice,
    for encrypted members, and for what would unpack beyond `limits`.
    """

    def __init__(
        self,
        file: str | PathLike[str] | bytes,
        limits: Limits | None = None,
        *,
        path: Path | None = None,
    ) -> None:
        self.path = Path(file) if path is None and not isinstance(file, bytes) else path
        self._file = _opened(file, self.path)
        try:
            self._zip = _zip(self._file)
        except _DAMAGE as error:
            self._file.close()
            raise ContainerError(f"not a zip file, or damaged: {error}", path=self.path) from error
        self.members = tuple(self._zip.infolist())
        try:
            self._check(limits or Limits())
        except ContainerError:
            self.close()
            raise
        self._by_name = {info.filename: info for info in self.members}
        self._by_spelling: dict[str, str] = {}

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def named(self, name: str) -> str:
        """The member that is meant by a name, which may say it in other case; else the name."""
        if not name or name in self._by_name:
            return name
        if not self._by_spelling:
            for known in self._by_name:
                # Two that differ in case alone: it is not known which is meant.
                spelling = known.casefold()
                self._by_spelling[spelling] = "" if spelling in self._by_spelling else known
        return self._by_spelling.get(name.casefold()) or name

    def info(self, name: str) -> zipfile.ZipInfo:
        return self._by_name[name]

    def read(self, name: str) -> bytes:
        """The member's bytes, its checksum verified. Raises `ContainerError` naming it."""
        if name not in self._by_name:
            raise ContainerError(f"{name} is missing from the container", path=self.path)
        return b"".join(self._chunks(self._by_name[name]))

    def raw(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """The member's bytes as they are stored, still compressed, in chunks."""
        # zipfile gives members uncompressed only.
        self._file.seek(self._data_offset(info))
        left = info.compress_size
        while left:
            chunk = self._file.read(min(left, _CHUNK))
            if not chunk:
                raise ContainerError(f"{info.filename} is cut off", path=self.path)
            left -= len(chunk)
            yield chunk

    def verify(self) -> None:
        """Unpack every member once; raises `ContainerError` naming each that is damaged."""
        damaged = []
        for info in self.members:
            try:
                for _ in self._chunks(info):
                    pass
            except ContainerError as error:
                damaged.append(error.message)
        if damaged:
            raise ContainerError("; ".join(damaged), path=self.path)

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        # zipfile never gives more than the declared size, which the limits were checked against.
        try:
            with self._zip.open(info) as member:
                while chunk := member.read(_CHUNK):
                    yield chunk
        except (*_DAMAGE, RuntimeError) as error:
            reason = str(error) or type(error).__name__
            message = f"{info.filename} is damaged: {reason}"
            raise ContainerError(message, path=self.path) from error

    def _data_offset(self, info: zipfile.ZipInfo) -> int:
        # The local header may have other extra fields than the directory, so it is asked itself.
        self._file.seek(info.header_offset)
        header = self._file.read(_HEADER)
        name, extra = (int.from_bytes(header[i : i + 2], "little") for i in (26, 28))
        return info.header_offset + _HEADER + name + extra

    def _check(self, limits: Limits) -> None:
        for check in _CHECKS:
            message = check(self.members, limits)
            if message:
                raise ContainerError(message, path=self.path)


def _opened(file: str | PathLike[str] | bytes, path: Path | None) -> BinaryIO:
    if isinstance(file, bytes):
        return io.BytesIO(file)
    try:
        return open(file, "rb")
    except FileNotFoundError as error:
        raise ContainerError("no such file", path=path) from error
    except IsADirectoryError as error:
        raise ContainerError("is a folder, not a book", path=path) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ContainerError(f"cannot be read: {reason}", path=path) from error


def _zip(file: BinaryIO) -> zipfile.ZipFile:
    """The zip file, its names read as UTF-8 whether or not they say so (OCF 4.2.3)."""
    try:
        opened = zipfile.ZipFile(file, metadata_encoding="utf-8")
    except UnicodeDecodeError:
        return zipfile.ZipFile(file)
    for info in opened.infolist():
        info.flag_bits |= 0 if info.orig_filename.isascii() else _UTF8_NAME
    return opened


Members = tuple[zipfile.ZipInfo, ...]


def _bad_names(members: Members, limits: Limits) -> str:
    for info in members:
        # zipfile cuts names at NUL and turns the system's separator into a slash.
        name = info.orig_filename
        parts = name.rstrip("/").split("/")
        if "\\" in name or "\0" in name or ":" in parts[0] or not {"", ".", ".."}.isdisjoint(parts):
            return f"a member's name points outside the container: {name!r}"
    return ""


def _duplicates(members: Members, limits: Limits) -> str:
    counts = Counter(info.filename for info in members)
    twice = [name for name, count in counts.items() if count > 1]
    return f"members stand twice in the container: {', '.join(twice[:5])}" if twice else ""


def _encrypted(members: Members, limits: Limits) -> str:
    locked = [info.filename for info in members if info.flag_bits & 0x1]
    return f"members are encrypted: {', '.join(locked[:5])}" if locked else ""


def _too_large(members: Members, limits: Limits) -> str:
    if len(members) > limits.members:
        return f"{len(members)} members are more than the limit of {limits.members}"
    total = sum(info.file_size for info in members)
    if total > limits.total:
        return f"would unpack to {_mib(total)}, more than the limit of {_mib(limits.total)}"
    for info in members:
        if info.file_size > limits.member:
            return f"{info.filename} would unpack to {_mib(info.file_size)}, more than the limit"
        if info.file_size > max(_SMALL, info.compress_size * limits.ratio):
            return (
                f"{info.filename} would unpack to {_mib(info.file_size)}, more than "
                f"{limits.ratio} times its compressed size"
            )
    return ""


def _overlapping(members: Members, limits: Limits) -> str:
    """Members that share their bytes: how small files unpack to petabytes."""
    end = 0
    for info in sorted(members, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return f"{info.filename} overlaps another member"
        end = info.header_offset + _HEADER + len(info.orig_filename) + info.compress_size
    return ""


def _mib(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB"


_CHECKS: tuple[Callable[[Members, Limits], str], ...] = (
    _bad_names,
    _duplicates,
    _encrypted,
    _too_large,
    _overlapping,
)


# What META-INF says


def package_names(container: Container) -> tuple[str, ...]:
    """The names of the package documents, one for each rendition; the first is the default.

    One that the container lacks is left out if there are others. Raises `ContainerError` when there
    is none.
    """
    names = _package_names(container)
    return tuple(name for name in names if name in container) or names


def missing_packages(container: Container) -> Iterator[DocumentWarning]:
    """A warning of each package document that is left out because the container lacks it."""
    for name in _package_names(container):
        if name not in container:
            message = f"{CONTAINER} names {name}, which is not in the book"
            yield DocumentWarning(message, "missing-document")


def _package_names(container: Container) -> tuple[str, ...]:
    root = parse_xml(container.read(CONTAINER), CONTAINER, container.path)
    paths = [
        element.get("full-path", "")
        for element in root.iter(f"{{{_OCF}}}rootfile")
        if element.get("media-type", PACKAGE_TYPE) == PACKAGE_TYPE
    ]
    if not paths:
        raise ContainerError(f"{CONTAINER} names no package document", path=container.path)
    paths = [posixpath.normpath(path.replace("\\", "/")) if path else path for path in paths]
    # One that is named over and over is read once.
    return tuple(dict.fromkeys(map(container.named, paths)))


def container_document(path: str) -> bytes:
    """`META-INF/container.xml`, pointing at the package document."""
    root = etree.Element(f"{{{_OCF}}}container", {"version": "1.0"}, nsmap=namespaces(_OCF))
    files = etree.SubElement(root, f"{{{_OCF}}}rootfiles")
    attributes = {"full-path": path, "media-type": PACKAGE_TYPE}
    etree.SubElement(files, f"{{{_OCF}}}rootfile", attributes)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def refuse_drm(container: Container) -> None:
    """Raise `ContainerError` if anything but fonts is encrypted."""
    if ENCRYPTION not in container:
        return
    root = parse_xml(container.read(ENCRYPTION), ENCRYPTION, container.path)
    for element in root.iter(f"{_ENC}EncryptedData"):
        method = element.find(f"{_ENC}EncryptionMethod")
        algorithm = "" if method is None else method.get("Algorithm", "")
        reference = element.find(f".//{_ENC}CipherReference")
        member = "" if reference is None else reference.get("URI", "")
        if algorithm not in _OBFUSCATION or member.lower().endswith(_TEXTS):
            message = (
                f"the book is locked by DRM ({member or 'a member'} is encrypted) and cannot be "
                "read"
            )
            raise ContainerError(message, path=container.path)


def parse_xml(data: bytes, name: str, path: Path | None) -> etree._Element:
    """`data` as a tree; no entity is resolved. Raises `SourceError` naming `name` and the line."""
    try:
        return etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        message = f"{name} is not well-formed: {error.msg}"
        if "depth" in error.msg:
            message = f"{name} has elements that are nested too deeply"
        raise SourceError(message, path=path, line=error.lineno) from error
