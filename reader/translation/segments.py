"""A document as requests, a segment for every block that says something, and what they cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reader.glossary import Glossary, GlossarySource
from reader.model import Block, BlockKind, Document
from reader.options import TranslateOptions
from reader.scripts import simplify
from reader.translation.chat import messages
from reader.translation.translator import Cache, Request, Translator, key

KEPT = frozenset({BlockKind.CODE, BlockKind.IMAGE, BlockKind.SEPARATOR})
"""Kinds that are not translated."""
_HAN_TOKENS, _OTHER_TOKENS = 1.0, 0.28
"""Tokens of a Han character, and of another one: common tokenizers, rounded up."""
_ANSWER = 1.0
"""Tokens of an English answer for a Han character."""


def requests(
    document: Document, glossary: Glossary | None, options: TranslateOptions
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


def _terms(block: Block, glossary: Glossary | None) -> tuple[tuple[str, str], ...]:
    """The glossary's terms in the block that have a gloss, each once."""
    # An annotated text has its terms in its notes, also those of a glossary no longer at hand.
    if glossary is None:
        return tuple(dict.fromkeys((block.text[n.start : n.end], n.gloss) for n in block.notes))
    matches = glossary.find(block.text, simplify(block.text))
    pairs = ((block.text[match.start : match.end], match.entry.gloss) for match in matches)
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


@dataclass(frozen=True, slots=True)
class Estimate:
    """Segments and requests to send, tokens in and out (roughly), and the price of them."""

    segments: int
    cached: int
    requests: int
    input_tokens: int
    output_tokens: int
    price: float


def estimate(
    document: Document,
    translator: Translator | None = None,
    *,
    glossary: GlossarySource | None = None,
    cache: Cache | None = None,
    options: TranslateOptions | None = None,
    input_rate: float = 0.0,
    output_rate: float = 0.0,
) -> Estimate:
    """What `translate` would send; rates are prices of a million tokens. Asks nobody anything."""
    options = options or TranslateOptions()
    wanted = requests(document, Glossary.of(glossary), options)
    missing = {n: r for n, r in wanted.items() if not _is_cached(r, translator, cache, options)}
    sent = list(batches(list(missing.items()), options))
    input_tokens = sum(
        _tokens(message["content"])
        for batch in sent
        for message in messages([request for _, request in batch], options.language)
    )
    # A few tokens more for each segment: the quotation marks and commas of the JSON around it.
    output_tokens = sum(_ANSWER * _tokens(request.text) + 6 for request in missing.values())
    return Estimate(
        segments=len(wanted),
        cached=len(wanted) - len(missing),
        requests=len(sent),
        input_tokens=round(input_tokens),
        output_tokens=round(output_tokens),
        price=(input_tokens * input_rate + output_tokens * output_rate) / 1e6,
    )


def _is_cached(
    request: Request, translator: Translator | None, cache: Cache | None, options: TranslateOptions
) -> bool:
    if cache is None or translator is None:
        return False
    return cache.get(key(request, translator, options.language)) is not None


def _tokens(text: str) -> float:
    wide = sum(character > "\u2e7f" for character in text)
    return _HAN_TOKENS * wide + _OTHER_TOKENS * (len(text) - wide)
