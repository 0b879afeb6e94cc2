"""The text of a marked-up source, in the encoding that it declares or that its bytes tell."""

from __future__ import annotations

import io
import re
from pathlib import Path

from reader.errors import SourceError
from reader.options import SourceOptions
from reader.sources.encoding import recognise, require_encoding

__all__ = ["decoded"]

_HEAD = 2048
_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]*?\b(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.I
)
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso-8859-1": "cp1252"}
"""Encodings that browsers read as a larger one (encoding.spec.whatwg.org)."""


def decoded(
    data: bytes, path: Path | None, options: SourceOptions, *, declared: bool = False
) -> str:
    """`data` as text: by the encoding asked for, declared in the markup, or told by its bytes.

    Raises `SourceError` with the offset of the first byte that is none of it, and for what is
    empty or no text.
    """
    if not data.strip():
        raise SourceError("is empty", path=path)
    name = options.encoding or (_declaration(data) if declared else "")
    if not name or not _reads(data, name, asked=options.encoding is not None):
        name = recognise(io.BytesIO(data), path)
    try:
        return data.decode(require_encoding(name))
    except UnicodeDecodeError as error:
        message = f"byte {error.start} is not {name}"
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceError(message, path=path, line=line) from error
    except UnicodeError as error:
        raise SourceError(f"is not {name}: {error}", path=path) from error


def _declaration(data: bytes) -> str:
    found = _DECLARED.search(data[:_HEAD])
    name = found[1].decode("ascii").lower() if found else ""
    return _LARGER.get(name, name)


def _reads(data: bytes, name: str, *, asked: bool) -> bool:
    """Whether a declared encoding is to be believed; one that was asked for always is."""
    if asked:
        return True
    try:
        data.decode(name)
    except (LookupError, ValueError):
        return False
    return True
