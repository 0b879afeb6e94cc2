"""The one door to lxml: safe parsers, and the test of what XML can carry."""

from __future__ import annotations

import re

from lxml import etree

__all__ = ["XML_FORBIDDEN", "etree", "safe_parser"]

# XML 1.0, production 2 (Char): everything outside it cannot stand in a document, even escaped.
XML_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def safe_parser(*, huge: bool = False) -> etree.XMLParser:
    """A parser that resolves no entity, loads no DTD and reaches no network."""
    return etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=huge,
        remove_blank_text=False,
    )
