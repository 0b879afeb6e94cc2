"""What was done to a book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reader.model import DocumentWarning

__all__ = ["BookReport", "Progress"]

Progress = Callable[[int, int], None]
"""Called with the bytes of content documents done and in all, as the work goes on."""


@dataclass(frozen=True, slots=True)
class BookReport:
    """What annotation found and did."""

    documents: int
    """Content documents in the manifest, nav documents left out."""
    annotated: int
    """Of these, how many were changed."""
    words: int
    """Words that were given a reading."""
    terms: int
    """Distinct glossary terms."""
    language: str
    """BCP 47, as detected or told."""
    warnings: tuple[DocumentWarning, ...] = ()
