"""Which language and script what is shown is in."""

from __future__ import annotations

from reader.options import Script


def shown(language: str, script: Script) -> str:
    """BCP 47 of a text in `language` when `script` is shown.

    >>> shown("zh-Hant-HK", Script.SIMPLIFIED), shown("zh-Hant-HK", Script.AS_IS)
    ('zh-Hans', 'zh-Hant-HK')
    """
    if script is Script.SIMPLIFIED:
        return language if language.startswith("zh-Hans") else "zh-Hans"
    if script is Script.TRADITIONAL:
        return language if language.startswith("zh-Hant") else "zh-Hant"
    return language or "zh"


def other(language: str) -> tuple[Script, str]:
    """The script that a text in `language` is not in, with its BCP 47 tag."""
    if language.startswith("zh-Hant"):
        return Script.SIMPLIFIED, "zh-Hans"
    return Script.TRADITIONAL, "zh-Hant"


def converted(text: str, language: str, script: Script) -> str:
    """`text`, such as a title that has no tokens, in the script shown."""
    if script is Script.SIMPLIFIED and not language.startswith("zh-Hans"):
        from reader.scripts import simplify

        return simplify(text)
    if script is Script.TRADITIONAL and not language.startswith("zh-Hant"):
        from reader.scripts import to_traditional

        return to_traditional(text, language)
    return text
