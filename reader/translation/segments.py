"""A document as requests: a segment for every block that says something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from reader.model import Block, BlockKind, Document
from reader.scripts import simplify
from reader.translation.options import TranslateOptions
from reader.translation.protocol import Request

KEPT = frozenset({BlockKind.CODE, BlockKind.IMAGE, BlockKind.SEPARATOR})
"""Kinds that are not translated."""


class Term(Protocol):
    @property
    def gloss(self) -> str: ...


class Match(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def entry(self) -> Term: ...


class Terms(Protocol):
    """What translation asks of a glossary; `reader.glossary.Glossary` is one."""

    def find(self, text: str, shadow: str) -> Sequence[Match]: ...


def requests(
    document: Document, glossary: Terms | None, options: TranslateOptions
) -> dict[int, Request]:
    """A request for every block to translate, by its number."""
    texts = [block.text for block in document.blocks]
    return {
        number: Request(
            block.text,
            "\n".join(texts[max(0, number - 2) : number])[-options.context :],
            "\n".join(texts[number + 1 : number + 3])[: options.context],
            _terms(block, glossary),
        )
        for number, block in enumerate(document.blocks)
        if block.kind not in KEPT and block.text.strip()
    }


def _terms(block: Block, glossary: Terms | None) -> tuple[tuple[str, str], ...]:
    """The glossary's terms in the block that have a gloss, each once."""
    if glossary is None:
        return tuple(dict.fromkeys((block.text[n.start : n.end], n.gloss) for n in block.notes))
    found = glossary.find(block.text, simplify(block.text))
    pairs = ((block.text[match.start : match.end], match.entry.gloss) for match in found)
    return tuple(dict.fromkeys((term, gloss) for term, gloss in pairs if gloss))


def batches(
    waiting: Sequence[tuple[int, Request]], options: TranslateOptions
) -> Iterator[list[tuple[int, Request]]]:
    """The requests in order, in batches that keep to the options' limits."""
    batch: list[tuple[int, Request]] = []
    size = 0
    for item in waiting:
        length = len(item[1].text)
        if batch and (len(batch) == options.batch or size + length > options.characters):
            yield batch
            batch, size = [], 0
        batch.append(item)
        size += length
    if batch:
        yield batch
