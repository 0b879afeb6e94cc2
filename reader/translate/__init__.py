"""Machine translation, when there is none by hand: drafts to edit, and marked as such."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reader.translate.cache import Cache
    from reader.translate.cost import Estimate, estimate
    from reader.translate.options import ServerOptions, TranslateOptions
    from reader.translate.plugins import load_translator
    from reader.translate.protocol import AnswerError, Request, Translator
    from reader.translate.runner import translate
    from reader.translate.server import ChatTranslator
    from reader.translate.text import translation_text, write_translation

_HOMES = {
    "AnswerError": "protocol",
    "Cache": "cache",
    "ChatTranslator": "server",
    "Estimate": "cost",
    "Request": "protocol",
    "ServerOptions": "options",
    "TranslateOptions": "options",
    "Translator": "protocol",
    "estimate": "cost",
    "load_translator": "plugins",
    "translate": "runner",
    "translation_text": "text",
    "write_translation": "text",
}

__all__ = [
    "AnswerError",
    "Cache",
    "ChatTranslator",
    "Estimate",
    "Request",
    "ServerOptions",
    "TranslateOptions",
    "Translator",
    "estimate",
    "load_translator",
    "translate",
    "translation_text",
    "write_translation",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"reader.translate.{_HOMES[name]}"), name)
