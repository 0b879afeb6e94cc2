"""What a translator is: something that answers a batch of segments with their translations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from reader.errors import TranslationError


@dataclass(frozen=True, slots=True)
class Request:
    """A segment to translate, with what stands around it and the terms that occur in it."""

    text: str
    before: str = ""
    after: str = ""
    terms: tuple[tuple[str, str], ...] = ()
    """Glossary terms as the text has them, each with the gloss to use."""


class Translator(Protocol):
    """Found by name through the entry point group `annotated_reader.translators`."""

    @property
    def name(self) -> str:
        """Who translates, as the colophon is to say it, such as a model's name."""
        ...

    @property
    def version(self) -> str:
        """What else decides the answers (prompt, settings): part of the key of cached ones."""
        ...

    def translate(self, batch: Sequence[Request], language: str) -> Sequence[str]:
        """The translations of the batch into `language` (BCP 47), one a request, in order.

        Called from several threads at once. Raises `AnswerError` for an answer that cannot be
        used, which may come out better when asked again, and `TranslationError` for what cannot.
        """
        ...


class AnswerError(TranslationError):
    """An answer that cannot be used: asking again may help."""
