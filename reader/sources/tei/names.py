"""What the TEI writer does to names that XML cannot hold, undone."""

from __future__ import annotations

import re

from reader.markup import etree

__all__ = ["ID", "LANG", "line_of", "local", "pointed", "source_id", "syllables"]

XML = "{http://www.w3.org/XML/1998/namespace}"
ID, LANG = f"{XML}id", f"{XML}lang"

_CODED = re.compile(r"_([0-9a-f]{1,6})_")
_PREFIX = re.compile("[suf]-")
_ESCAPES = re.compile("%(5F|2A|7C|25)")


def local(element: etree._Element) -> str:
    """The element's name without its namespace; "" for comments and processing instructions."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def line_of(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None


def source_id(name: str) -> str:
    """The id of the source that an `xml:id` stands for; "" if it is the writer's own.

    >>> source_id("s-fn_20_1"), source_id("b12")
    ('fn 1', '')
    """
    if not _PREFIX.match(name):
        return ""
    return _CODED.sub(lambda match: chr(int(match[1], 16)), name[2:])


def pointed(target: str) -> str:
    """The href that a pointer stands for.

    >>> pointed("#s-fn_20_1"), pointed("https://example.org/#s-1")
    ('#fn 1', 'https://example.org/#s-1')
    """
    return f"#{source_id(target[1:])}" if target.startswith("#") else target


def syllables(text: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Syllables as the writer puts them in one line, one for each character, and their breaks.

    >>> syllables("* er4_shi2 | nian2")
    (('', 'er4 shi2', 'nian2'), (2,))
    """
    found: list[str] = []
    breaks: list[int] = []
    for part in text.split(" ") if text else ():
        if part == "|":
            breaks.append(len(found))
        else:
            found.append(_syllable(part))
    return tuple(found), tuple(breaks)


def _syllable(part: str) -> str:
    if part == "*":
        return ""
    return _ESCAPES.sub(lambda match: chr(int(match[1], 16)), part.replace("_", " "))
