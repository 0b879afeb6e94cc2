"""Books that exist already: EPUBs annotated in place, and stripped again."""

from reader.inplace.book import BookReport, Progress, annotate_book, strip_book

__all__ = ["BookReport", "Progress", "annotate_book", "strip_book"]
