"""HTML as a tree, and questions asked of its elements."""

from __future__ import annotations

from reader.markup import etree
from reader.model import is_language

__all__ = ["is_hidden", "language_of", "name_of", "parsed", "tag_of"]

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_REGIONS = {
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hans-cn": "zh-Hans",
    "zh-tw": "zh-Hant-TW",
    "zh-hk": "zh-Hant-HK",
    "zh-mo": "zh-Hant-HK",
}
"""Regions in place of scripts, as most pages have them."""

_SKIPPED = frozenset(
    "script style template noscript head title math svg iframe object embed canvas audio video "
    "form button select textarea input rt rp rtc nav menu".split()
)
"""Elements that are no text; `nav` and forms only where main text is asked for."""

_ASKED_FOR = frozenset(("nav", "menu", "form"))


def parsed(html: str) -> etree._Element | None:
    """The root element of a page; None if there is nothing in it."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(html.encode("utf-8", "replace"), parser) if html.strip() else None


def name_of(element: etree._Element) -> str:
    """The element's local name in lower case; "" for what is no element."""
    name = element.tag
    return name.rpartition("}")[2].lower() if isinstance(name, str) else ""


def language_of(element: etree._Element) -> str:
    """BCP 47 of the element, by itself; "" where it does not say."""
    return tag_of(element.get("lang") or element.get(_LANG) or "")


def tag_of(language: str) -> str:
    """A language tag that names the script; "" for what is no language tag.

    >>> tag_of("zh_CN"), tag_of("zh-tw"), tag_of("fr"), tag_of("中文")
    ('zh-Hans', 'zh-Hant-TW', 'fr', '')
    """
    found = language.strip().replace("_", "-")
    return _REGIONS.get(found.lower(), found if is_language(found) else "")


def is_hidden(element: etree._Element, *, whole: bool) -> bool:
    """Whether nothing of the element is text to be read."""
    name = name_of(element)
    if not name or (name in _SKIPPED and not (whole and name in _ASKED_FOR)):
        return True
    style = element.get("style", "").replace(" ", "").lower()
    return element.get("hidden") is not None or "display:none" in style
