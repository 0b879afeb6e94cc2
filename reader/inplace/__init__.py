"""Books that exist already: EPUBs annotated in place, and stripped again."""

from reader.epub.container import Limits
from reader.inplace.book import annotate_book, strip_book
from reader.inplace.report import BookReport, Progress

__all__ = ["BookReport", "Limits", "Progress", "annotate_book", "strip_book"]
