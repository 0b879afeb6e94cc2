"""Sentences of a block, in any language and best in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable

from reader.core import choose
from reader.model import Span

_plain: Callable[[str, type[Span]], tuple[Span, ...] | None] = choose(
    lambda core: core.sentences, lambda: lambda text, span: None
)
"""The same for texts with plain full-width stops, compiled; it gives None for others."""


def split_sentences(text: str, language: str = "") -> tuple[Span, ...]:
    """The sentences of `text`, in order, without the white space around them.

    Every character that is not white space is in exactly one. `language` is BCP 47 and only
    matters for what languages disagree on (German `3. Oktober`). Linear in the text's length.

    >>> text = "「走吧。」他說。真的？"
    >>> [text[span.start:span.end] for span in split_sentences(text, "zh")]
    ['「走吧。」', '他說。', '真的？']
    """
    plain = _plain(text, Span)
    if plain is not None:
        return plain
    # Imported here: its rules take longer to prepare than most texts' sentences to find.
    from reader.sentences.stops import split

    return split(text, language)
