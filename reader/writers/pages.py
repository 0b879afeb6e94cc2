"""The pages of our own: title page, glossary, colophon; and the images that can be shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from reader._version import __version__
from reader.markup import ADDED, Dialect, escape
from reader.model import Resource, Translation
from reader.options import RenderOptions
from reader.writers.labels import Labels, labels_in
from reader.writers.notes import OCCURRENCES, Term, Terms, describe

if TYPE_CHECKING:
    from reader.writers.content_documents import ContentDocuments

__all__ = [
    "Picture",
    "colophon_page",
    "dictionary_credit",
    "glossary_page",
    "pictures_of",
    "title_page",
]

_CEDICT = "https://www.mdbg.net/chinese/dictionary?page=cc-cedict"
_LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


def title_page(documents: ContentDocuments) -> str:
    """Title, authors, publisher and date."""
    tag, metadata = documents.dialect.tag, documents.metadata
    parts = [tag("h1", class_="title").around(escape(documents.title))]
    for author in documents.authors:
        parts.append(tag("p", class_="author").around(escape(author)))
    published = " · ".join(filter(None, (metadata.publisher, metadata.date)))
    if published:
        parts.append(tag("p", class_="published").around(escape(published)))
    return "".join(parts)


def glossary_page(dialect: Dialect, terms: Terms, options: RenderOptions) -> str:
    """Every term used, in the order of its reading, with links back to where it is used."""
    labels = labels_in(options.labels)
    heading = dialect.tag("h1", lang=labels.language).around(escape(labels["glossary"]))
    # By reading, as dictionaries are.
    ordered = sorted(terms.by_name.values(), key=_by_reading)
    entries = [
        dialect.tag("li", id=f"g{number}").around(_entry(dialect, term, options, terms.traditional))
        for number, term in enumerate(ordered, 1)
    ]
    return heading + dialect.tag("ul", class_="glossary").around(*entries)


def _by_reading(term: Term) -> tuple[tuple[str, ...], str]:
    return term.note.syllables, term.note.term


def _entry(dialect: Dialect, term: Term, options: RenderOptions, traditional: str) -> str:
    links = [
        dialect.tag("a", href=f"{file}#{place}", aria_label=f"{term.note.term}, {number}").around(
            str(number)
        )
        for number, (file, place) in enumerate(term.places, 1)
    ]
    if term.count > OCCURRENCES:
        links.append(escape(f"… ({term.count})"))
    language = labels_in(options.labels).language
    places = dialect.tag("span", class_="places", lang=language).around(" ".join(links))
    return describe(dialect, term.note, options, traditional) + " " + places


def colophon_page(documents: ContentDocuments) -> str:
    """How the book was made, by what, and whose data it carries."""
    tag, labels = documents.dialect.tag, documents.labels
    title = tag("cite", lang=documents.language).around(escape(documents.title))
    source, rights = escape(documents.metadata.source), escape(documents.metadata.rights)
    dictionary, licence = dictionary_links(documents.dialect, documents.options)
    statements = [
        labels.markup(
            "annotated-from" if source else "annotated",
            title=title,
            source=source,
            version=escape(__version__),
        ),
        *([rights] if rights else []),
        labels.markup("by-program", dictionary=dictionary, licence=licence),
    ]
    if documents.flow.translation is not None:
        statements.append(_about_translation(documents.flow.translation, labels))
    heading = tag("h1").around(escape(labels["colophon"]))
    paragraphs = map(tag("p").around, statements)
    return tag("div", lang=labels.language).around(heading, *paragraphs)


def dictionary_links(dialect: Dialect, options: RenderOptions) -> tuple[str, str]:
    """The dictionary whose glosses are shown, and its licence, as links."""
    dictionary = dialect.tag("a", href=_CEDICT).around("CC-CEDICT")
    if (own := options.dictionary) is not None:
        # Words and readings are still the other's.
        licence = f" ({escape(own.licence)})" if own.licence else ""
        dictionary = f"{escape(own.title)}{licence}; {dictionary}"
    return dictionary, dialect.tag("a", href=_LICENCE).around("CC BY-SA 4.0")


def dictionary_credit(dialect: Dialect, labels: Labels, options: RenderOptions) -> str:
    """A line that names the dictionary, for where there is no colophon."""
    dictionary, licence = dictionary_links(dialect, options)
    text = labels.markup("dictionary", dictionary=dictionary, licence=licence)
    return dialect.tag("p", class_=f"credit {ADDED}", lang=labels.language).around(text)


def _about_translation(translation: Translation, labels: Labels) -> str:
    translator = escape(translation.translator)
    if translation.machine:
        key = "translated-by-this-machine" if translator else "translated-by-machine"
    else:
        key = "translated-by" if translator else "translated"
    return labels.markup(key, translator=translator)


_KINDS = (
    (b"\x89PNG\r\n\x1a\n", b"IHDR", b"IEND\xaeB`\x82", "image/png", "png"),
    (b"\xff\xd8\xff", b"", b"\xff\xd9", "image/jpeg", "jpg"),
    (b"GIF87a", b"", b"\x3b", "image/gif", "gif"),
    (b"GIF89a", b"", b"\x3b", "image/gif", "gif"),
    (b"RIFF", b"WEBPVP8", b"", "image/webp", "webp"),
)
"""EPUB 3.3 core media types (section 3.2): how their files begin, what stands soon after, what ends
them, and their suffix. What a source calls a file may lie, and a piece of one is no picture."""
_SOON = 16
_LEAST = 26
"""Bytes of the smallest picture: a GIF of one pixel."""


class Picture(NamedTuple):
    """An image of the source under a name that is safe in a container and in a URL."""

    resource: str
    name: str
    media_type: str
    data: bytes


def pictures_of(resources: Iterable[Resource]) -> list[Picture]:
    """The images that can be shown, named by their order; others are left out.

    SVG is left out too: it may carry scripts and reach for the network.
    """
    shown: list[Picture] = []
    for resource in resources:
        for media_type, suffix in filter(None, [_kind(resource.data)]):
            name = f"i{len(shown) + 1:04}.{suffix}"
            shown.append(Picture(resource.name, name, media_type, resource.data))
    return shown


def _kind(data: bytes) -> tuple[str, str] | None:
    """Media type and suffix of a whole picture."""
    # By the bytes and not by the name: EPUBCheck opens the files, and so do reading systems.
    for start, soon, end, media_type, suffix in _KINDS:
        begun = data.startswith(start) and soon in data[: _SOON + len(start)]
        if begun and end in data and len(data) >= _LEAST:
            return media_type, suffix
    return None
