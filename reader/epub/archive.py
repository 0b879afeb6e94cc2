"""The one writer of zip files: their bytes depend on nothing but what is put in.

The standard library's `zipfile` writes a member's size after the fact, by seeking, and compresses
with zlib alone. Here each member is compressed as it comes and only its compressed bytes are held,
so a container goes to any stream, pipes included, and needs no data descriptors. A member of
another zip file is copied as it is compressed. PKWARE's APPNOTE 6.3 gives the numbers.

Compression is ISA-L's, the fastest there is for e-books' markup: it takes a quarter of the time of
zlib-ng at its level 5, and a ninth of zlib's at its level 6, for a book a tenth larger
(docs/performance.md).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from reader.compression import crc32, packer
from reader.errors import WriteError

__all__ = ["Archive", "Packed", "packed"]

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_LEVEL = 2
_UTF8_NAME = 0x800
_KEPT_FLAGS = _UTF8_NAME | 0x6
"""Of a copied member: how its name is encoded and how hard it was compressed. Its sizes stand in
the header here, so it needs no data descriptor."""
_FIRST_DAY = 1 << 5 | 1
"""1 January 1980, the first day a zip file can name: the content decides, not the clock."""
_MOST_MEMBERS = 0xFFFF
_MOST_BYTES = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Packed:
    """A member compressed: ready to be written, cheap to pass between processes."""

    data: bytes
    checksum: int
    """CRC-32 of what was compressed."""
    size: int
    """Bytes before compression."""
    method: int


def packed(data: bytes | Iterable[bytes], *, compress: bool = True) -> Packed:
    """`data`, given whole or in chunks of any size, compressed unless it is to be stored."""
    packing = packer(_LEVEL) if compress else None
    body: list[bytes] = []
    checksum = size = 0
    for chunk in [data] if isinstance(data, bytes) else data:
        checksum = crc32(chunk, checksum)
        size += len(chunk)
        body.append(packing.compress(chunk) if packing else chunk)
    if packing:
        body.append(packing.flush())
    return Packed(b"".join(body), checksum, size, ZIP_DEFLATED if compress else ZIP_STORED)


class Archive:
    """Writes a zip file member by member, to any stream.

    Use it as a context manager: the directory is written at the end, unless an exception passes.
    The directory lists the members named in `order` first and in that order, then the others as
    they came. `system` is what new members say they were made on (APPNOTE 4.4.2: 0 MS-DOS, 3 Unix).

    Raises `WriteError` where the file would need Zip64, which many reading systems lack.
    """

    def __init__(self, file: BinaryIO, *, order: Iterable[str] = (), system: int = 0) -> None:
        self._file = file
        self._rank = {name: number for number, name in enumerate(order)}
        self._system = system
        self._offset = 0
        self._directory: list[tuple[str, bytes]] = []

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._finish()

    def begin(self) -> None:
        """The member that must come first in an EPUB, stored (OCF, EPUB 3.3 section 4.3)."""
        self.add("mimetype", b"application/epub+zip", compress=False)

    def add(
        self, name: str, content: Packed | bytes | Iterable[bytes], *, compress: bool = True
    ) -> None:
        """A new member: compressed already, whole, or in chunks of any size."""
        info = ZipInfo(name)
        info.flag_bits = 0 if name.isascii() else _UTF8_NAME
        info.create_system = self._system
        if not isinstance(content, Packed):
            content = packed(content, compress=compress)
        self.replace(info, content)

    def replace(self, info: ZipInfo, content: Packed) -> None:
        """A member of another zip file with new content; its name and date stay."""
        sizes = (content.checksum, len(content.data), content.size)
        self._member(info, content.method, sizes, [content.data])

    def copy(self, info: ZipInfo, compressed: Iterable[bytes]) -> None:
        """A member of another zip file, its compressed bytes as they are."""
        sizes = (info.CRC, info.compress_size, info.file_size)
        self._member(info, info.compress_type, sizes, compressed)

    def _member(
        self, info: ZipInfo, method: int, sizes: tuple[int, int, int], body: Iterable[bytes]
    ) -> None:
        flags = info.flag_bits & _KEPT_FLAGS
        # zipfile decodes names without the flag from code page 437: so they come back as they were.
        name = info.orig_filename.encode("utf-8" if flags & _UTF8_NAME else "cp437")
        version = info.extract_version or 20
        common = (version, flags, method, *_dos(info), *sizes, len(name), 0)
        if max(self._offset, *sizes[1:]) > _MOST_BYTES or len(self._directory) >= _MOST_MEMBERS:
            raise _too_large()
        made_by = info.create_system << 8 | info.create_version
        tail = (0, 0, info.internal_attr, info.external_attr, self._offset)
        entry = _CENTRAL.pack(b"PK\1\2", made_by, *common, *tail) + name
        self._directory.append((info.filename, entry))
        header = _LOCAL.pack(b"PK\3\4", *common) + name
        self._file.write(header)
        self._offset += len(header)
        for chunk in body:
            self._file.write(chunk)
            self._offset += len(chunk)

    def _finish(self) -> None:
        last = len(self._rank)
        # What lists a zip file goes by its directory. Where its members stand matters for the first
        # alone, so a package document, which says what was added, can be written last.
        ordered = sorted(self._directory, key=lambda entry: self._rank.get(entry[0], last))
        directory = b"".join(entry for _, entry in ordered)
        if self._offset + len(directory) > _MOST_BYTES:
            raise _too_large()
        self._file.write(directory)
        count = len(ordered)
        self._file.write(_END.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._offset, 0))


def _too_large() -> WriteError:
    return WriteError("the EPUB would be larger than a zip file can be (4 GiB)")


def _dos(info: ZipInfo) -> tuple[int, int]:
    """Time and date as a zip file counts them."""
    year, month, day, hour, minute, second = info.date_time
    if year < 1980:
        return 0, _FIRST_DAY
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
