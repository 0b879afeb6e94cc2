"""A read-only hash table in a file: written once, shared by the processes that read it.

Layout, in the machine's own byte order (the file is a cache and never travels): a header, an
array of record offsets (open addressing, linear probing, 0 for an empty slot), then the records,
each the two lengths, the key and the value; and last the CRC-32 of all before it.

The file is memory-mapped, so processes share it. What it says is checked when it is opened, once
and whole: that takes 5 ms, and no look-up need doubt it. It may still change afterwards, by a
failing disk or another program, so nothing is read outside the file whatever stands in it, here
and in the core.
"""

from __future__ import annotations

import mmap
import os
import struct
from array import array
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import BinaryIO
from zlib import crc32

from reader.compression import checksum

_MAGIC = b"RDRTAB02"
_HEADER = struct.Struct("=8sIIQ")
"""Magic, number of slots, number of records, size of the file."""
_RECORD = struct.Struct("=HI")
"""Length of the key, length of the value, in bytes."""
_CHECKSUM = struct.Struct("=I")


class Table:
    """A mapping of bytes to bytes over a buffer that `build` made.

    >>> table = Table(build([(b"key", b"value")]))
    >>> table.get(b"key"), table.get(b"other"), len(table)
    (b'value', None, 1)

    Raises `ValueError` for a buffer that is no table, or not a whole one. Whether it is what was
    written is `map_file`'s to say.
    """

    def __init__(self, buffer: bytes | mmap.mmap) -> None:
        if len(buffer) < _HEADER.size:
            raise ValueError("not a table: too short")
        magic, slots, self._count, size = _HEADER.unpack_from(buffer)
        room = (len(buffer) - _HEADER.size) // 4
        if magic != _MAGIC or size != len(buffer) or not 0 < slots <= room:
            raise ValueError("not a table, or one that was cut off")
        self._bytes = buffer
        self.buffer = memoryview(buffer)
        """All of it, as `build` made it."""
        self._slot_count = slots
        self._slots = self.buffer[_HEADER.size : _HEADER.size + 4 * slots].cast("I")

    def __len__(self) -> int:
        return int(self._count)

    def get(self, key: bytes) -> bytes | None:
        """The value of a key, or None."""
        # Slices of the map itself are bytes, and made in half the time of those of a view.
        buffer, slots, count = self._bytes, self._slots, self._slot_count
        # A checksum as the hash: zlib has it, `hash()` differs from process to process.
        slot = crc32(key) % count
        for _ in range(count):
            offset = slots[slot]
            start = offset + _RECORD.size
            if not offset or start > len(buffer):
                break
            key_size, value_size = _RECORD.unpack_from(buffer, offset)
            end = start + key_size
            if key_size == len(key) and buffer[start:end] == key:
                return buffer[end : end + value_size]
            slot = (slot + 1) % count
        return None


def build(records: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The bytes of a table that holds `records`, pairs of a key and its value."""
    file = BytesIO()
    write(records, file)
    return file.getvalue()


def write(records: Iterable[tuple[bytes, bytes]], file: BinaryIO) -> None:
    """Make of an empty file a table that holds `records`, pairs of a key and its value.

    They are taken one by one and none is held, so that a large table can be made in little memory.
    No key may come twice. The file is one that can be read, too.
    """
    checksums, sizes = array("I"), array("I")
    for key, value in records:
        record = _RECORD.pack(len(key), len(value)) + key + value
        checksums.append(crc32(key))
        sizes.append(len(record))
        file.write(record)
    slots = _fill_slots(checksums, sizes)
    head = _HEADER.size + 4 * len(slots)
    end = head + file.tell()
    _make_room(file, head)
    file.seek(0)
    file.write(_HEADER.pack(_MAGIC, len(slots), len(sizes), end + _CHECKSUM.size))
    file.write(slots.tobytes())
    file.seek(0)
    file.write(_CHECKSUM.pack(checksum(file, end)))


def _make_room(file: BinaryIO, size: int) -> None:
    """Move what is in the file to the back by so many bytes."""
    end = file.tell()
    while end:
        start = max(0, end - (1 << 20))
        file.seek(start)
        portion = file.read(end - start)
        file.seek(start + size)
        file.write(portion)
        end = start


def _fill_slots(checksums: Sequence[int], sizes: Sequence[int]) -> array[int]:
    """The offsets of the records in the order of their keys' checksums."""
    # Half of the slots stay empty, so that a key is found, or found missing, within a few tries.
    count = max(8, 2 * len(sizes))
    slots = array("I", bytes(4 * count))
    offset = _HEADER.size + 4 * count
    for hashed, size in zip(checksums, sizes, strict=True):
        slot = hashed % count
        while slots[slot]:
            slot = (slot + 1) % count
        slots[slot] = offset
        offset += size
    return slots


def map_file(file: BinaryIO) -> Table:
    """The table in an open file, which may be closed.

    Raises `ValueError` for a file that is not, to the bit, what `write` wrote, and `OSError` for
    one that cannot be read.
    """
    # Read, and not through the mapping: a bad place on the disk is then an error and no signal,
    # and what is looked through once does not count as this process's memory.
    whole = os.fstat(file.fileno()).st_size
    if checksum(file, whole - _CHECKSUM.size) != _last_number(file):
        raise ValueError("not a table, or one that was damaged")
    return Table(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def _last_number(file: BinaryIO) -> int:
    last = file.read()
    return int(_CHECKSUM.unpack(last)[0]) if len(last) == _CHECKSUM.size else -1
