"""An OCF container (EPUB 3.3, section 4): a zip file whose bytes depend on its content alone.

The standard library's `zipfile` writes a member's size after the fact, by seeking, and always
compresses with zlib. Here each member is compressed as it comes and only its compressed bytes are
held, so the container goes to any stream, pipes included, and needs no data descriptors. PKWARE's
APPNOTE 6.3 gives the numbers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from types import TracebackType
from typing import BinaryIO

from reader.epub.deflate import checksum, compressor
from reader.errors import WriteError

_STORED, _DEFLATED = 0, 8
_VERSION = 20
_UTF8_NAME = 0x800
_DATE = (1980 - 1980) << 9 | 1 << 5 | 1
"""1 January 1980, the first day a zip file can name: the content decides, not the clock."""
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_MOST_MEMBERS = 0xFFFF
_MOST_BYTES = 0xFFFFFFFF


class Container:
    """Writes an EPUB container: `mimetype` first and stored, other members as they are added.

    Use it as a context manager; the directory is written at the end, unless an exception passes.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._offset = 0
        self._directory: list[bytes] = []
        self.add("mimetype", [b"application/epub+zip"], compress=False)

    def __enter__(self) -> Container:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if kind is None:
            self._finish()

    def add(self, name: str, chunks: Iterable[bytes], *, compress: bool = True) -> None:
        """Write the member `name`, its content given in chunks of any size.

        Raises `WriteError` when the container would need Zip64, which many reading systems lack.
        """
        packer = compressor() if compress else None
        packed: list[bytes] = []
        crc = size = 0
        for chunk in chunks:
            crc = checksum(chunk, crc)
            size += len(chunk)
            packed.append(packer.compress(chunk) if packer else chunk)
        if packer:
            packed.append(packer.flush())
        self._write(name.encode(), packed, crc, size, _DEFLATED if compress else _STORED)

    def _write(self, name: bytes, packed: list[bytes], crc: int, size: int, how: int) -> None:
        packed_size = sum(map(len, packed))
        after = self._offset + _LOCAL.size + len(name) + packed_size
        if max(after, size) > _MOST_BYTES or len(self._directory) >= _MOST_MEMBERS:
            raise WriteError("the EPUB would be larger than a zip file can be (4 GiB)")
        flags = 0 if name.isascii() else _UTF8_NAME
        common = (_VERSION, flags, how, 0, _DATE, crc, packed_size, size, len(name), 0)
        self._directory.append(
            _CENTRAL.pack(b"PK\1\2", _VERSION, *common, 0, 0, 0, 0, self._offset) + name
        )
        self._file.write(_LOCAL.pack(b"PK\3\4", *common) + name)
        for part in packed:
            self._file.write(part)
        self._offset = after

    def _finish(self) -> None:
        directory = b"".join(self._directory)
        count = len(self._directory)
        self._file.write(directory)
        self._file.write(_END.pack(b"PK\5\6", 0, 0, count, count, len(directory), self._offset, 0))
