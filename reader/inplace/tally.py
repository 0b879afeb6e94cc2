"""What has been done to a book so far."""

from __future__ import annotations

from collections.abc import Iterable

from reader.inplace.contents import Book
from reader.inplace.report import BookReport, Progress
from reader.inplace.tasks import Done
from reader.model import DocumentWarning
from reader.writers.notes import OCCURRENCES, Term, Terms

__all__ = ["Tally"]

SIGNATURES = "META-INF/signatures.xml"


class Tally:
    """What has been done so far."""

    def __init__(
        self, progress: Progress | None, total: int, warnings: Iterable[DocumentWarning] = ()
    ) -> None:
        self._progress = progress
        self._total = total
        self._bytes = 0
        self.documents = 0
        self.annotated = 0
        self.words = 0
        self.terms: dict[str, dict[str, Term]] = {}
        self.warnings: dict[DocumentWarning, None] = dict.fromkeys(warnings)

    def add(self, done: Done, size: int) -> None:
        self.documents += 1
        self.annotated += done.changed
        self.words += done.words
        if done.terms:
            self.terms[done.name] = done.terms
        self.warnings |= dict.fromkeys(done.warnings)
        self._bytes += size
        if self._progress is not None:
            self._progress(self._bytes, self._total)

    def warn(self, message: str, code: str) -> None:
        self.warnings[DocumentWarning(message, code)] = None

    def merged(self, order: list[str]) -> Terms:
        """The terms of all documents, in the order of the book."""
        merged = Terms()
        for name in order:
            for term in self.terms.get(name, {}).values():
                known = merged.by_name.setdefault(term.note.term, Term(term.note))
                known.count += term.count
                known.places += term.places[: OCCURRENCES - len(known.places)]
        return merged

    def report(self, book: Book, language: str) -> BookReport:
        for name in book.missing:
            message = f"{name} is in the manifest, but not in the book"
            self.warn(message, "missing-document")
        distinct = {term for terms in self.terms.values() for term in terms}
        if SIGNATURES in book.container:
            self.warn(f"{SIGNATURES} signs the book as it was, and no longer holds", "signature")
        return BookReport(
            self.documents,
            self.annotated,
            self.words,
            len(distinct),
            language,
            tuple(self.warnings),
        )
