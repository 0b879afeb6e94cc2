"""A web page that needs nothing beside it: style inside, images inside, no script, no request."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from reader.files import read_data
from reader.markup import ADDED, Dialect, Tag, encoded, web_page_frame
from reader.model import Flow
from reader.options import Notes, RenderOptions
from reader.writers.content_documents import ContentDocuments
from reader.writers.pages import colophon_page, glossary_page, pictures_of

_STYLES = ("book.css", "zhuyin.css", "page.css")
_GLOSSARY, _COLOPHON = "glossary", "about"


def write_html(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """Write `flow` as one page to a binary file, UTF-8, as the text passes.

    The markup is valid as HTML and well-formed as XML. Notes open in a window at the foot of the
    screen, without script (`:target`), and print at the end of their chapter. The page forbids
    itself scripts and every request (Content-Security-Policy). Raises `WriteError` for text that
    XML cannot carry.
    """
    dialect = Dialect(epub=False)
    images = {
        picture.resource: f"data:{picture.media_type};base64,{b64encode(picture.data).decode()}"
        for picture in pictures_of(flow.resources)
    }
    documents = ContentDocuments(
        flow,
        options,
        dialect,
        href=lambda number: "",
        images=images,
        prefix=lambda number: f"c{number}-",
    )
    classes = documents.body_class()
    frame = web_page_frame(documents.title, documents.language, classes, _meta(documents), _style())
    for chunk in encoded(_pieces(documents, dialect, frame)):
        file.write(chunk)


def _pieces(documents: ContentDocuments, dialect: Dialect, frame: Tag) -> Iterator[str]:
    yield frame.open
    for number, _title, markup in documents:
        section = dialect.tag("section", id=f"c{number}", class_="chapter")
        yield section.open
        yield from markup
        yield section.close
    yield _ending(documents, dialect)
    yield frame.close


def _ending(documents: ContentDocuments, dialect: Dialect) -> str:
    """The glossary and how the page was made."""
    parts = []
    if documents.terms.by_name and documents.options.notes is not Notes.NONE:
        section = dialect.tag("section", id=_GLOSSARY, class_=ADDED)
        parts.append(section.around(glossary_page(dialect, documents.terms, documents.options)))
    footer = dialect.tag("footer", id=_COLOPHON, class_=ADDED)
    parts.append(footer.around(colophon_page(documents)))
    return "".join(parts)


def _meta(documents: ContentDocuments) -> dict[str, str]:
    # The policy lets in the one style sheet by its digest: `unsafe-inline` would let in any.
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    entries = {
        "Content-Security-Policy": policy,
        "viewport": "width=device-width, initial-scale=1",
        "author": ", ".join(documents.authors),
        "description": documents.metadata.description,
    }
    return {name: content for name, content in entries.items() if content}


def _style() -> str:
    """The style sheets as one, free of what HTML and XML would read differently."""
    return "\n".join(read_data(name).decode() for name in _STYLES)
