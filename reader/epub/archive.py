"""A container written from another: what did not change is copied as it is compressed."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipInfo

from reader.epub.deflate import checksum, compressor
from reader.errors import WriteError

__all__ = ["Archive", "Packed", "packed"]

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_UTF8 = 0x800
_KEPT_FLAGS = _UTF8 | 0x6
"""Of a copied member: how its name is encoded and how hard it was compressed. Its sizes stand in
the header here, so it needs no data descriptor."""
_FIRST_DAY = 1 << 5 | 1
"""1 January 1980 in a zip file's date; files of ours have no date of their own."""
_LARGEST = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Packed:
    """A member compressed: ready to be written, cheap to pass between processes."""

    data: bytes
    checksum: int
    size: int
    method: int


def packed(data: bytes, *, store: bool = False) -> Packed:
    """`data` compressed."""
    if store:
        return Packed(data, checksum(data), len(data), ZIP_STORED)
    packer = compressor()
    body = packer.compress(data) + packer.flush()
    return Packed(body, checksum(data), len(data), ZIP_DEFLATED)


class Archive:
    """Writes a zip file member by member; `finish` writes its directory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offset = 0
        self._directory: list[tuple[str, bytes]] = []

    def copy(self, info: ZipInfo, raw: Iterable[bytes]) -> None:
        """A member of another zip file, its compressed bytes as they are."""
        sizes = (info.CRC, info.compress_size, info.file_size)
        self._member(info, info.compress_type, sizes, raw)

    def replace(self, info: ZipInfo, content: Packed) -> None:
        """A member of another zip file with new content; its name and date stay."""
        sizes = (content.checksum, len(content.data), content.size)
        self._member(info, content.method, sizes, [content.data])

    def add(self, name: str, content: Packed) -> None:
        """A new member."""
        info = ZipInfo(name)
        info.flag_bits = 0 if name.isascii() else _UTF8
        info.create_system = 3
        self.replace(info, content)

    def finish(self, order: Iterable[str] = ()) -> None:
        """Write the directory, members named in `order` first and in that order."""
        rank = {name: number for number, name in enumerate(order)}
        ordered = sorted(self._directory, key=lambda entry: rank.get(entry[0], len(rank)))
        directory = b"".join(entry for _, entry in ordered)
        count = len(ordered)
        if self._offset + len(directory) > _LARGEST or count > 0xFFFF:
            raise WriteError("the EPUB would be larger than a zip file can be (4 GiB)")
        self._file.write(directory)
        end = (0, 0, count, count, len(directory), self._offset, 0)
        self._file.write(_END.pack(b"PK\5\6", *end))

    def _member(
        self, info: ZipInfo, method: int, sizes: tuple[int, int, int], raw: Iterable[bytes]
    ) -> None:
        flags = info.flag_bits & _KEPT_FLAGS
        name = info.orig_filename.encode("utf-8" if flags & _UTF8 else "cp437")
        version = info.extract_version or 20
        common = (version, flags, method, *_dos(info), *sizes, len(name), 0)
        if max(self._offset, *sizes[1:]) > _LARGEST:
            raise WriteError("the EPUB would be larger than a zip file can be (4 GiB)")
        made_by = info.create_system << 8 | info.create_version
        tail = (0, 0, info.internal_attr, info.external_attr, self._offset)
        entry = _CENTRAL.pack(b"PK\1\2", made_by, *common, *tail) + name
        self._directory.append((info.filename, entry))
        self._offset += self._file.write(_LOCAL.pack(b"PK\3\4", *common) + name)
        for chunk in raw:
            self._offset += self._file.write(chunk)


def _dos(info: ZipInfo) -> tuple[int, int]:
    """Time and date as a zip file counts them."""
    year, month, day, hour, minute, second = info.date_time
    if year < 1980:
        return 0, _FIRST_DAY
    return hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
