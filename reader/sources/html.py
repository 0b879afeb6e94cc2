"""Saved web pages: the main text, or all of it; nothing is fetched."""

from __future__ import annotations

import re
from pathlib import Path

from reader.errors import SourceError
from reader.markup import etree
from reader.model import Document, Metadata
from reader.options import SourceOptions
from reader.sources.decoded import decoded
from reader.sources.page import Pictures, parsed, read_page
from reader.sources.page.front import with_front
from reader.sources.page.tree import language_of
from reader.sources.told import told

__all__ = ["read_html"]

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author")
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "citation_date")
_ABOUT = ("og:description", "description", "dc.description")
_SITES = ("og:site_name", "dc.publisher")


def read_html(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in a page: its main text, or with `options.whole` everything that shows.

    Raises `SourceError` for what cannot be decoded or holds no text.
    """
    page = decoded(data, path, options, declared=True)
    root = parsed(page)
    if root is None:
        raise SourceError("holds no HTML", path=path)
    metadata = _metadata(root)
    main = root if options.whole else _main(page, root)
    pictures = Pictures(path)
    language = options.language or metadata.language
    blocks, warnings = read_page(main, pictures, language=language, whole=options.whole, path=path)
    if not any(block.text.strip() for block in blocks):
        raise SourceError("holds no text", path=path)
    metadata, blocks = with_front(metadata, blocks)
    return Document(told(metadata, options, path), blocks, None, warnings, pictures.resources)


def _main(page: str, root: etree._Element) -> etree._Element:
    """The part of the page that is its text; all of it where none stands out."""
    marked = _marked(root)
    if marked is not None:
        return marked
    from readability import Document as Extractor
    from readability.readability import Unparseable

    try:
        found = parsed(Extractor(page).summary(html_partial=True))
    except (Unparseable, ValueError):
        return root
    if found is None or len(_text(found)) * 20 < len(_text(root)):
        return root
    return found


def _marked(root: etree._Element) -> etree._Element | None:
    """The one `article` or `main` that the page itself says is its text."""
    for name in ("article", "main"):
        found = list(root.iter(name))
        if len(found) == 1 and len(_text(found[0])) * 4 > len(_text(root)):
            return found[0]
    return None


def _text(element: etree._Element) -> str:
    texts = element.xpath(".//text()[not(ancestor::script or ancestor::style)]")
    return "".join("".join(map(str, texts)).split()) if isinstance(texts, list) else ""


def _metadata(root: etree._Element) -> Metadata:
    fields: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join(meta.get("content", "").split())
        if name and content:
            fields.setdefault(name, []).append(content)
    authors = next((fields[name] for name in _AUTHORS if name in fields), [])
    language = language_of(root)
    date = _DATE.match(_first(fields, _DATES))
    return Metadata(
        _first(fields, _TITLES) or _heading(root) or _title(root),
        tuple(author for author in authors if "://" not in author),
        language if language.startswith("zh") else "zh",
        date[0] if date else "",
        _first(fields, _SITES),
        _first(fields, _ABOUT),
    )


def _first(fields: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((fields[name][0] for name in names if name in fields), "")


def _heading(root: etree._Element) -> str:
    """The page's only first-level heading."""
    found = list(root.iter("h1"))
    return " ".join("".join(map(str, found[0].itertext())).split()) if len(found) == 1 else ""


def _title(root: etree._Element) -> str:
    found = root.find(".//title")
    return " ".join((found.text or "").split()) if found is not None else ""
