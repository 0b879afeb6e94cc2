"""A read-only hash table in a file: written once, shared by the processes that read it.

Layout, in the machine's own byte order (the file is a cache and never travels): a header, an
array of record offsets (open addressing, linear probing, 0 for an empty slot), then the records,
each the two lengths, the key and the value.

The offsets are memory-mapped. Records are read from the file, which is in the system's cache:
mapped, each look-up would draw in the pages around it, and soon the whole file would count as
this process's memory.
"""

from __future__ import annotations

import mmap
import os
import struct
from collections.abc import Callable, Mapping
from io import FileIO
from typing import BinaryIO
from zlib import crc32

_MAGIC = b"RDRTAB01"
_HEADER = struct.Struct("=8sIIQ")
"""Magic, number of slots, number of records, size of the file."""
_RECORD = struct.Struct("=HI")
"""Length of the key, length of the value, in bytes."""
_USUAL = 256
"""Bytes that are read at first; most records are shorter."""


class Table:
    """A mapping of bytes to bytes over a buffer that `build` made.

    >>> table = Table(build({b"key": b"value"}))
    >>> table.get(b"key"), table.get(b"other"), len(table)
    (b'value', None, 1)

    Raises `ValueError` for a buffer that is no table, or not a whole one.
    """

    def __init__(
        self, buffer: bytes | mmap.mmap, read: Callable[[int, int], bytes] | None = None
    ) -> None:
        """`read` gives so many bytes of the table from an offset, where not out of `buffer`."""
        if len(buffer) < _HEADER.size:
            raise ValueError("not a table: too short")
        magic, slots, self._count, size = _HEADER.unpack_from(buffer)
        if magic != _MAGIC or size != len(buffer):
            raise ValueError("not a table, or one that was cut off")
        self._read = read or (lambda size, offset: buffer[offset : offset + size])
        self._slot_count = slots
        self._slots = memoryview(buffer)[_HEADER.size : _HEADER.size + 4 * slots].cast("I")

    def __len__(self) -> int:
        return int(self._count)

    def get(self, key: bytes) -> bytes | None:
        """The value of `key`, or None; about a microsecond."""
        read, slots, count = self._read, self._slots, self._slot_count
        slot = crc32(key) % count
        while offset := slots[slot]:
            record = read(_USUAL, offset)
            key_size, value_size = _RECORD.unpack_from(record)
            end = _RECORD.size + key_size
            if key_size == len(key) and record[_RECORD.size : end] == key:
                if end + value_size > _USUAL:
                    record = read(end + value_size, offset)
                return record[end : end + value_size]
            slot = (slot + 1) % count
        return None


def build(records: Mapping[bytes, bytes]) -> bytes:
    """The bytes of a table that holds `records`."""
    slot_count = max(8, 2 * len(records))
    slots = [0] * slot_count
    offset = _HEADER.size + 4 * slot_count
    pieces: list[bytes] = []
    for key, value in records.items():
        slot = crc32(key) % slot_count
        while slots[slot]:
            slot = (slot + 1) % slot_count
        slots[slot] = offset
        pieces += _RECORD.pack(len(key), len(value)), key, value
        offset += _RECORD.size + len(key) + len(value)
    header = _HEADER.pack(_MAGIC, slot_count, len(records), offset)
    return b"".join([header, struct.pack(f"={slot_count}I", *slots), *pieces])


def map_file(file: BinaryIO) -> Table:
    """The table in an open file, which may be closed."""
    buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if not hasattr(os, "pread"):  # Windows
        return Table(buffer)
    own = open(os.dup(file.fileno()), "rb", buffering=0)  # noqa: SIM115
    return Table(buffer, _Reads(own))


class _Reads:
    """So many bytes of a file from an offset; the file is closed with the last reference."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self._descriptor = file.fileno()

    def __call__(self, size: int, offset: int) -> bytes:
        return os.pread(self._descriptor, size, offset)
