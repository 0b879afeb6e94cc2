"""Translators from outside, chosen by name."""

from __future__ import annotations

from typing import Any

from reader.plugins import Group, load
from reader.translation.protocol import Translator

BUILT_IN = "chat"


def load_translator(name: str = BUILT_IN, **settings: Any) -> Translator:
    """The translator installed under `name`, made with `settings`; `chat` is built in.

    Of `chat`, settings are `base_url`, `model` and `options` (`ServerOptions`). Raises
    `OptionError` for a name that nobody installed.
    """
    if name == BUILT_IN:
        from reader.translation.server import ChatTranslator

        return ChatTranslator(**settings)
    translator: Translator = load(Group.TRANSLATOR, name, built_in=[BUILT_IN])(**settings)
    return translator
