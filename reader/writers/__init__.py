"""Documents written as EPUB, TEI, HTML or JSON: one module a format, found by a table."""

from reader.writers.formats import FORMATS, Format, find_format, format_of, write

__all__ = ["FORMATS", "Format", "find_format", "format_of", "write"]
