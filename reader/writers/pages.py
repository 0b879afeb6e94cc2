"""The pages of our own: title page, glossary, colophon. Each is the content of a body."""

from __future__ import annotations

from typing import NamedTuple

from reader._version import __version__
from reader.markup import Dialect, escape
from reader.model import Metadata, Translation
from reader.options import RenderOptions
from reader.writers.labels import Labels, labels_in
from reader.writers.notes import OCCURRENCES, Term, Terms, describe

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
    labels = labels_in(options.labels)
    heading = dialect.tag("h1", lang=labels.language).around(escape(labels["glossary"]))
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
    language = labels_in(options.labels).language
    places = dialect.tag("span", class_="places", lang=language).around(" ".join(links))
    return describe(dialect, term.note, options) + " " + places


def colophon(dialect: Dialect, facts: Facts, options: RenderOptions) -> str:
    """How the book was made, by what, and whose data it carries."""
    labels = labels_in(options.labels)
    paragraph = dialect.tag("p")
    parts = [dialect.tag("h1").around(escape(labels["colophon"]))]
    parts.extend(paragraph.around(line) for line in _statements(dialect, facts, labels))
    return dialect.tag("div", lang=labels.language).around(*parts)


def _statements(dialect: Dialect, facts: Facts, labels: Labels) -> list[str]:
    title = dialect.tag("cite", lang=facts.language).around(escape(facts.title))
    source = escape(facts.metadata.source)
    key = "annotated-from" if source else "annotated"
    statements = [labels.markup(key, title=title, source=source, version=escape(__version__))]
    if facts.metadata.rights:
        statements.append(escape(facts.metadata.rights))
    dictionary = dialect.tag("a", href=_CEDICT).around("CC-CEDICT")
    licence = dialect.tag("a", href=_LICENCE).around("CC BY-SA 4.0")
    statements.append(labels.markup("by-program", dictionary=dictionary, licence=licence))
    if facts.translation is not None:
        translator = facts.translation.translator
        if facts.translation.machine:
            key = "translated-by-this-machine" if translator else "translated-by-machine"
        else:
            key = "translated-by" if translator else "translated"
        statements.append(labels.markup(key, translator=escape(translator)))
    return statements
