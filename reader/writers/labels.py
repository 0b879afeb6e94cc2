"""What the outputs themselves say: headings, links back, notices, in the language asked for.

Also which language and script the text shown is in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from reader.files import read_data
from reader.markup import escape
from reader.model import Metadata
from reader.options import LabelLanguage, Script

__all__ = ["Labels", "converted", "labels_in", "other_script", "shown_language"]


class Labels:
    """The labels of one language."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        """`language` is BCP 47, and goes with each of them as `lang`."""
        self.language = language
        self.texts = texts

    def __getitem__(self, key: str) -> str:
        return self.texts[key]

    def markup(self, key: str, **parts: str) -> str:
        """A label as markup, with these pieces of markup in the place of its braces.

        >>> labels_in(LabelLanguage.ZH_HANS).markup("translated-by", translator="<b>R</b>")
        '译者：<b>R</b>。'
        """
        return escape(self.texts[key]).format(**parts)


@cache
def labels_in(language: LabelLanguage) -> Labels:
    """The labels of a language, from `data/labels.tsv`."""
    # Not the csv module: cells hold neither quotes nor line ends, and this runs at every start.
    lines = read_data("labels.tsv").decode().splitlines()
    head, *rows = (line.split("\t") for line in lines if not line.startswith("#"))
    column = head.index(language)
    return Labels(language.value, {row[0]: row[column] for row in rows})


def shown_language(metadata: Metadata, script: Script) -> str:
    """BCP 47 of a text when `script` is shown.

    >>> text = Metadata(language="zh-Hans", traditional="zh-Hant-HK")
    >>> shown_language(text, Script.TRADITIONAL), shown_language(text, Script.AS_IS)
    ('zh-Hant-HK', 'zh-Hans')
    """
    language = metadata.language
    if script is Script.SIMPLIFIED:
        return language if language.startswith("zh-Hans") else "zh-Hans"
    if script is Script.TRADITIONAL:
        own = language if language.startswith("zh-Hant") else "zh-Hant"
        return metadata.traditional or own
    return language or "zh"


def other_script(metadata: Metadata) -> tuple[Script, str]:
    """The script that a text is not in, with its BCP 47 tag."""
    if metadata.language.startswith("zh-Hant"):
        return Script.SIMPLIFIED, "zh-Hans"
    return Script.TRADITIONAL, metadata.traditional or "zh-Hant"


def converted(text: str, metadata: Metadata, script: Script) -> str:
    """`text`, such as a title that has no tokens, in the script shown."""
    language, region = metadata.language, metadata.traditional
    if script is Script.SIMPLIFIED and not language.startswith("zh-Hans"):
        from reader.scripts import simplify

        return simplify(text)
    if script is Script.TRADITIONAL:
        from reader.scripts import to_region, to_traditional

        if not language.startswith("zh-Hant"):
            return to_traditional(text, region or language)
        return to_region(text, region, language) if region not in ("", language) else text
    return text
