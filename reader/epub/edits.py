"""Changes to a source at known bytes; all else stays as it was."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["Edit", "spliced"]

Edit = tuple[int, int, bytes]
"""Bytes `start` to `end` of the source become these."""


def spliced(source: bytes, edits: Iterable[Edit]) -> bytes:
    """`source` with `edits` made, which must not overlap.

    >>> spliced(b"abcd", [(3, 3, b"-"), (1, 2, b"BB")])
    b'aBBc-d'
    """
    parts: list[bytes] = []
    done = 0
    for start, end, new in sorted(edits, key=lambda edit: edit[:2]):
        if start < done:
            raise ValueError(f"edits overlap at byte {start}")
        parts += (source[done:start], new)
        done = end
    parts.append(source[done:])
    return b"".join(parts)
