"""Sources: one module a format, found by suffix in `SOURCES`."""

from reader.sources.registry import (
    SOURCES,
    read,
    read_bytes,
    read_stream,
    read_text,
    suffixes,
)

__all__ = ["SOURCES", "read", "read_bytes", "read_stream", "read_text", "suffixes"]
