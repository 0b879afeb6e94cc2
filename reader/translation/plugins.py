"""Translators from outside, chosen by name."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Any

from reader.errors import OptionError
from reader.translation.protocol import Translator

GROUP = "annotated_reader.translators"
BUILT_IN = "chat"


def load_translator(name: str = BUILT_IN, **settings: Any) -> Translator:
    """The translator installed under `name`, made with `settings`; `chat` is built in.

    Of `chat`, settings are `base_url`, `model` and `options` (`ServerOptions`). Raises
    `OptionError` for a name that nobody installed.
    """
    if name == BUILT_IN:
        from reader.translation.server import ChatTranslator

        return ChatTranslator(**settings)
    found = entry_points(group=GROUP)
    for point in found:
        if point.name == name:
            translator: Translator = point.load()(**settings)
            return translator
    names = ", ".join([BUILT_IN, *sorted(point.name for point in found)])
    raise OptionError(f"there is no translator {name!r}: there are {names}")
