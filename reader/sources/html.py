"""HTML: saved web pages, their main text and what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from reader.encoding import decoded
from reader.epub.xhtml import foreign_warning
from reader.errors import SourceError
from reader.files import readable_name
from reader.markup import XHTML, etree, safe_parser
from reader.model import Block, BlockKind, Document, DocumentWarning, Metadata
from reader.options import SourceOptions
from reader.scripts import is_han, is_misdeclared
from reader.sources.html_blocks import Page, read_page
from reader.sources.html_inline import Images, language_of, parsed, without_long_tags
from reader.sources.line_patterns import label
from reader.sources.losses import Losses
from reader.sources.main_text import main_text
from reader.sources.text import FRONT, front_matter

__all__ = ["read_html", "with_front"]

_LONGEST = 60


def with_front(
    metadata: Metadata, blocks: Sequence[Block], options: SourceOptions, path: Path | None
) -> tuple[Metadata, tuple[Block, ...]]:
    """Bylines told from paragraphs, and metadata filled from them and from the title.

    What `options` say wins over what the page says of itself, and that over the name of the file.
    """
    blocks = tuple(
        replace(block, kind=BlockKind.BYLINE) if index < FRONT and _is_byline(block) else block
        for index, block in enumerate(blocks)
    )
    head = front_matter(blocks[:FRONT])
    metadata = replace(
        metadata,
        title=metadata.title or " ".join(head.title.split()),
        authors=metadata.authors or head.authors,
        date=metadata.date or head.date,
        source=readable_name(path.name) if path else "",
    )
    return options.override(metadata), blocks


def _is_byline(block: Block) -> bool:
    text = block.text.strip()
    short = 0 < len(text) <= _LONGEST
    return block.kind is BlockKind.PARAGRAPH and short and label(text) is not None


_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_AUTHORS = ("author", "article:author", "dc.creator", "citation_author")
_DATES = ("article:published_time", "datepublished", "date", "dc.date", "pubdate", "citation_date")
_ABOUT = ("og:description", "description", "dc.description")
_SITES = ("og:site_name", "dc.publisher")


def read_html(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in a page: its main text, or with `options.whole` everything that shows.

    What is left out is counted in warnings. Raises `SourceError` for what cannot be decoded or
    holds no text.
    """
    text = decoded(data, path, options, declared=True)
    root, dropped = _well_formed(text), 0
    if root is None:
        root, dropped = parsed(without_long_tags(text), path=path)
    if root is None:
        raise SourceError("holds no HTML", path=path)
    _take_held_back(root)
    metadata = _metadata(root)
    images = Images(path)
    language = options.language or metadata.language
    blocks: tuple[Block, ...] = ()
    if not options.whole:
        losses = Losses()
        main = main_text(root, _first(_meta_fields(root), _TITLES) or _title(root), losses)
        page = Page(main.root, language=language, left_out=main.left_out)
        blocks, warnings = read_page(page, images, losses, dropped=dropped)
    if not _has_text(blocks):
        page = Page(root, language=language)
        blocks, warnings = read_page(page, images, Losses(), dropped=dropped)
    if not _has_text(blocks):
        raise SourceError("holds no text", path=path)
    if not options.language:
        warnings = (*_misdeclared(root, blocks), *warnings)
    metadata, blocks = with_front(metadata, blocks, options, path)
    return Document(metadata, blocks, None, warnings, images.resources)


_XHTML_ROOT = re.compile(rf"<html\s[^>]*\bxmlns\s*=\s*[\"']{re.escape(XHTML)}[\"']", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml\s[^>]*\?>")
_HEAD = 4096


def _well_formed(text: str) -> etree._Element | None:
    """The root of a page that says it is XHTML and is, its elements as in HTML; None of others.

    To a parser of HTML `<script src="a.js"/>` is open, and all that follows is its text.
    """
    if not _XHTML_ROOT.search(text, 0, _HEAD):
        return None
    try:
        root = etree.fromstring(_DECLARATION.sub("", text, count=1).encode(), safe_parser())
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return None
    for element in root.iter(f"{{{XHTML}}}*"):
        element.tag = etree.QName(element).localname
    return root


def _take_held_back(root: etree._Element) -> None:
    """Long pages of ours hold their farther parts in `noscript`: it is all text of theirs."""
    for held in root.iter("noscript"):
        around = held.getparent()
        if around is not None and around.get("class", "").split() == ["part", "far"]:
            held.tag = "div"


def _has_text(blocks: Sequence[Block]) -> bool:
    return any(block.text.strip() for block in blocks)


def _misdeclared(root: etree._Element, blocks: Sequence[Block]) -> Iterator[DocumentWarning]:
    """A warning where the page says of itself that it is in a language that it is not in."""
    body = root.find("body")
    language = language_of(root) or ("" if body is None else language_of(body))
    text = "".join(block.text for block in blocks if not block.language)
    if language and is_misdeclared(language, text):
        yield foreign_warning(language, sum(map(is_han, text)))


def _meta_fields(root: etree._Element) -> dict[str, list[str]]:
    """What the page's `meta` elements say, by their names in lower case."""
    fields: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        content = " ".join(meta.get("content", "").split())
        if name and content:
            fields.setdefault(name, []).append(content)
    return fields


def _metadata(root: etree._Element) -> Metadata:
    fields = _meta_fields(root)
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
