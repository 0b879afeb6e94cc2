"""What a translation would take, before anything is asked."""

from __future__ import annotations

from dataclasses import dataclass

from reader.model import Document
from reader.translation.cache import Cache, key
from reader.translation.options import TranslateOptions
from reader.translation.prompt import messages
from reader.translation.protocol import Request, Translator
from reader.translation.segments import Terms, batches, requests

_HAN_TOKENS, _OTHER_TOKENS = 1.0, 0.28
"""Tokens of a Han character, and of another one: common tokenizers, rounded up."""
_ANSWER = 1.0
"""Tokens of an English answer for a Han character."""


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
    glossary: Terms | None = None,
    cache: Cache | None = None,
    options: TranslateOptions | None = None,
    input_rate: float = 0.0,
    output_rate: float = 0.0,
) -> Estimate:
    """What `translate` would send; rates are prices of a million tokens. Asks nobody anything."""
    options = options or TranslateOptions()
    wanted = requests(document, glossary, options)
    missing = {n: r for n, r in wanted.items() if not _known(r, translator, cache, options)}
    sent = list(batches(list(missing.items()), options))
    asked = sum(
        _tokens(message["content"])
        for batch in sent
        for message in messages([request for _, request in batch], options.language)
    )
    answered = sum(_ANSWER * _tokens(request.text) + 6 for request in missing.values())
    price = (asked * input_rate + answered * output_rate) / 1e6
    cached = len(wanted) - len(missing)
    return Estimate(len(wanted), cached, len(sent), round(asked), round(answered), price)


def _known(
    request: Request, translator: Translator | None, cache: Cache | None, options: TranslateOptions
) -> bool:
    if cache is None or translator is None:
        return False
    return cache.get(key(request, translator, options.language)) is not None


def _tokens(text: str) -> float:
    wide = sum(character > "\u2e7f" for character in text)
    return _HAN_TOKENS * wide + _OTHER_TOKENS * (len(text) - wide)
