"""The choices of machine translation."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TranslateOptions:
    language: str = "en"
    """BCP 47 of the translation."""
    batch: int = 8
    """Segments in one request, at most."""
    characters: int = 1500
    """Characters in one request, unless a single segment has more."""
    context: int = 300
    """Characters of the text sent from before and from after a segment."""
    concurrency: int = 4
    """Requests under way at once."""
    attempts: int = 4
    """How often a segment is asked for until its answer is right."""
    term_attempts: int = 2
    """How often, until glossary terms show in it; then it is taken as it is, and reported."""


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How to talk to a server."""

    timeout: float = 120.0
    """Seconds for a whole request, waiting for the model included."""
    tries: int = 5
    """How often a request is sent when the server is busy, failing or away."""
    backoff: float = 1.0
    """Seconds before the second try; each further wait is up to twice as long."""
    longest_wait: float = 60.0
    """Seconds that a server may ask to be left alone."""
    temperature: float = 0.2
