"""The pages of our own: title page, glossary, colophon. Each is the content of a body."""

from __future__ import annotations

from typing import NamedTuple

from reader._version import __version__
from reader.markup import Dialect, escape
from reader.model import Metadata, Translation
from reader.options import RenderOptions
from reader.writers.notes import GLOSS_LANGUAGE, OCCURRENCES, Term, Terms, describe

_CEDICT = "https://www.mdbg.net/chinese/dictionary?page=cc-cedict"
_LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


class Facts(NamedTuple):
    """What the pages say of a book; strings as they are shown."""

    title: str
    authors: tuple[str, ...]
    metadata: Metadata
    language: str
    translation: Translation | None


def title_page(dialect: Dialect, facts: Facts) -> str:
    """Title, authors, publisher and date."""
    parts = [dialect.tag("h1", class_="title").around(escape(facts.title))]
    for author in facts.authors:
        parts.append(dialect.tag("p", class_="author").around(escape(author)))
    about = " · ".join(filter(None, (facts.metadata.publisher, facts.metadata.date)))
    if about:
        parts.append(dialect.tag("p", class_="published").around(escape(about)))
    return "".join(parts)


def glossary(dialect: Dialect, terms: Terms, options: RenderOptions) -> str:
    """Every term used, in the order of its reading, with links back to where it is used."""
    heading = dialect.tag("h1", lang=GLOSS_LANGUAGE).around("Glossary")
    ordered = sorted(terms.by_name.values(), key=_by_reading)
    entries = [
        dialect.tag("li", id=f"g{number}").around(_entry(dialect, term, options))
        for number, term in enumerate(ordered, 1)
    ]
    return heading + dialect.tag("ul", class_="glossary").around(*entries)


def _by_reading(term: Term) -> tuple[tuple[str, ...], str]:
    return term.note.syllables, term.note.term


def _entry(dialect: Dialect, term: Term, options: RenderOptions) -> str:
    links = [
        dialect.tag("a", href=f"{file}#{place}", aria_label=f"{term.note.term}, {number}").around(
            str(number)
        )
        for number, (file, place) in enumerate(term.places, 1)
    ]
    if term.count > OCCURRENCES:
        links.append(escape(f"… ({term.count})"))
    places = dialect.tag("span", class_="places", lang=GLOSS_LANGUAGE).around(" ".join(links))
    return describe(dialect, term.note, options) + " " + places


def colophon(dialect: Dialect, facts: Facts) -> str:
    """How the book was made, by what, and whose data it carries."""
    paragraph = dialect.tag("p")
    parts = [dialect.tag("h1").around("About this book")]
    parts.extend(paragraph.around(line) for line in _statements(dialect, facts))
    return dialect.tag("div", lang=GLOSS_LANGUAGE).around(*parts)


def _statements(dialect: Dialect, facts: Facts) -> list[str]:
    found: list[str] = []
    quoted = dialect.tag("cite", lang=facts.language).around(escape(facts.title))
    source = f" (from {facts.metadata.source})" if facts.metadata.source else ""
    found.append(quoted + escape(f"{source}, annotated by annotated-reader {__version__}."))
    if facts.metadata.rights:
        found.append(escape(facts.metadata.rights))
    found.append(
        "Words and readings were found by a program and were not checked by hand. Dictionary "
        "data: "
        + dialect.tag("a", href=_CEDICT).around("CC-CEDICT")
        + ", "
        + dialect.tag("a", href=_LICENCE).around("CC BY-SA 4.0")
        + "."
    )
    if facts.translation is not None:
        found.append(escape(_about_translation(facts.translation)))
    return found


def _about_translation(translation: Translation) -> str:
    by = f" by {translation.translator}" if translation.translator else ""
    if translation.machine:
        return f"The translation was made by a machine{by and f' ({translation.translator})'}."
    return f"Translation{by}." if by else "The translation stands beside the text as it was given."
