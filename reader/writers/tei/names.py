"""How what XML names cannot hold is written in TEI: ids of the source, URLs, syllables."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from reader.writers.marks import source_id

_URL = re.compile(r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=\u00a0-\ud7ff]|%[0-9A-Fa-f]{2})+")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_UNREAD = "*"
_BREAK = "|"
_ESCAPES = str.maketrans({" ": "_", "_": "%5F", "*": "%2A", "|": "%7C", "%": "%25"})


def is_language(value: str) -> bool:
    return _LANGUAGE.fullmatch(value) is not None


def pointer(href: str, ids: str) -> str | None:
    """`href` as a TEI pointer; None where it cannot be one. `ids` begins the ids of its text.

    >>> pointer("#fn 1", "s"), pointer("https://example.org/", "s"), pointer("a b", "s")
    ('#s-fn_20_1', 'https://example.org/', None)
    """
    if href.startswith("#"):
        return f"#{named(href[1:], ids)}" if len(href) > 1 else None
    address, hash_, fragment = href.partition("#")
    whole = _URL.fullmatch(address) and (not hash_ or _URL.fullmatch(fragment))
    return href if whole else None


def named(id: str, ids: str) -> str:
    """The `xml:id` that stands for an id of the source, which can be had back from it."""
    return ids + source_id(id)[1:]


def syllables(found: Sequence[str], breaks: Collection[int] = ()) -> str:
    """Syllables in one line: `*` for a character that is not read, `_` between those of one.

    `|` stands at `breaks`, where the pinyin has a space.

    >>> syllables(("", "er4 shi2", "nian2"))
    '* er4_shi2 nian2'
    >>> syllables(("gai4", "zhang1", "jing1", "ji4"), (2,))
    'gai4 zhang1 | jing1 ji4'
    """
    written = [each.translate(_ESCAPES) if each else _UNREAD for each in found]
    for at in breaks:
        written[at] = f"{_BREAK} {written[at]}"
    return " ".join(written)
