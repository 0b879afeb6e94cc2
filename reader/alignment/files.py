"""Which file is the translation of a text: `NAME.en.txt` beside `NAME.txt`."""

from __future__ import annotations

import re
from pathlib import Path

_TAG = re.compile(r"\.([a-z]{2}(?:-[A-Za-z0-9]{2,8})*)")
SUFFIXES = (".txt", ".md", ".html", ".docx")
"""In which formats a translation is looked for, after the text's own."""


def find_translation(path: Path, language: str = "") -> tuple[Path, str] | None:
    """The translation beside the text at `path`, and its language (BCP 47); None if there is none.

    `language` asks for one language; otherwise English comes first, then the alphabet.
    """
    suffixes = tuple(dict.fromkeys((path.suffix, *SUFFIXES)))
    found = [
        (tag != "en", tag, suffixes.index(other.suffix), other)
        for other in sorted(path.parent.glob(f"{_escaped(path.stem)}.*"))
        if other.suffix in suffixes
        and other != path
        and other.name.startswith(f"{path.stem}.")
        and (tag := translation_language(other))
        and other.stem == f"{path.stem}.{tag}"
        and language in ("", tag)
        and other.is_file()
    ]
    if not found:
        return None
    _, tag, _, other = min(found)
    return other, tag


def translation_language(path: Path) -> str:
    """The language in the name of a translation, or "" if `path` is not named like one.

    >>> translation_language(Path("market.en.txt")), translation_language(Path("market.txt"))
    ('en', '')
    """
    match = _TAG.fullmatch(Path(path.stem).suffix)
    return match[1] if match and not match[1].startswith("zh") else ""


def _escaped(stem: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", stem)
