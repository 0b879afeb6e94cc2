"""Glossary notes: which occurrences refer to one, and the asides they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from reader.markup import ADDED, SLOT, Dialect, Tag, escape
from reader.model import Note, Reading, Token
from reader.options import Gloss, Notation, Notes, RenderOptions
from reader.pinyin import render, spelled
from reader.writers.labels import labels_in
from reader.writers.pronunciation import NOTATION_LANGUAGES
from reader.writers.word_markup import GLOSS_LANGUAGE, WAYS, Form, MarkupCache, UsualRuby

OCCURRENCES = 24
"""Occurrences of a term that the glossary chapter links to: more help nobody, and cost memory."""

_DESCRIBED = 2048
"""Terms whose notes are remembered: more than a book's glossary has."""

_NOTHING = Tag("", "")


@dataclass(slots=True)
class Term:
    """A glossary term used in a book, and where."""

    note: Note
    places: list[tuple[str, str]] = field(default_factory=list)
    """File and id of its occurrences, at most `OCCURRENCES`."""
    count: int = 0


class GlossedWord(NamedTuple):
    """A word at one place of a text, with what is said of it in a note or list."""

    start: int
    end: int
    token: Token
    gloss: str


class Terms:
    """Every glossary term used in a book, in order of first use; for the glossary chapter."""

    def __init__(self, traditional: str = "") -> None:
        """`traditional` is BCP 47 of their Traditional forms, where it says a region."""
        self.by_name: dict[str, Term] = {}
        self.traditional = traditional or "zh-Hant"

    def add(self, note: Note) -> Term:
        """Count an occurrence."""
        term = self.by_name.get(note.term)
        if term is None:
            term = self.by_name[note.term] = Term(note)
        term.count += 1
        return term


class ChapterNotes:
    """The notes of one content document: references as the text passes, asides at its end.

    A term has one aside in a document and a reference at its first occurrence, or at every one.
    Other occurrences get an `id` for the glossary chapter to link to. Ids are `prefix` + letter
    + number, so that they can be kept apart from a book's own.
    """

    def __init__(
        self,
        dialect: Dialect,
        options: RenderOptions,
        *,
        file: str = "",
        terms: Terms | None = None,
        prefix: str = "",
    ) -> None:
        self.dialect = dialect
        self.options = options
        self.labels = labels_in(options.labels)
        self.file = file
        self.prefix = prefix
        self._terms = terms
        self._references = 0
        self._asides: dict[str, str] = {}
        self._words: dict[WordKey, str] = {}
        """Words that have a note, each with its id, or are in the list, with their markup."""
        self._markup: list[str] = []
        self._entries = word_entries(
            dialect, options.notation, options.gloss_language, Form(options.script).face
        )
        self._occurrence = dialect.tag("span", id=SLOT)
        # What comes by the thousand in a novel is made once and named each time.
        self._reference = self.reference(SLOT, "ref", SLOT)
        self._around = *self._reference.open.split(SLOT), self._reference.close
        self._every = options.every
        self._back = dialect.tag(
            "a",
            class_="back",
            role="doc-backlink",
            href=f"#{SLOT}",
            lang=self.labels.language,
            aria_label=self.labels["back"],
        ).around("↩")
        self._note = self._aside(f"note {ADDED}")

    def tags(self, note: Note, *, parts: int = 1, barred: bool = False) -> list[Tag]:
        """The tags around an occurrence of a term, one for each of its parts if it is divided.

        Where `barred`, as inside a link, it cannot be a reference.
        """
        # Without notes there is no glossary chapter either, so nothing needs a place to lead to.
        if self.options.notes is Notes.NONE:
            return [_NOTHING] * parts
        # In a reader that opens pop-ups a second reference to the same note is noise.
        shown = not barred and (self.options.every or note.term not in self._asides)
        place = self._place(note, shown)
        if not place:
            return [_NOTHING] * parts
        if not shown:
            return [self._occurrence.named(place), *[_NOTHING] * (parts - 1)]
        target = self._asides.get(note.term) or self._add(note, place)
        # Links do not nest into marks that cross the term: each part is a reference, but ids are
        # unique.
        again = [self.reference(target, "ref")] * (parts - 1) if parts > 1 else []
        return [self._reference.named(target, place), *again]

    def word_tags(self, word: GlossedWord, *, parts: int = 1, barred: bool = False) -> list[Tag]:
        """As `tags`, around a word that has a note of its own; it stands in no glossary."""
        if self.options.gloss is not Gloss.NOTES:
            return [_NOTHING] * parts
        if barred:
            return [_NOTHING] * parts
        key, body = self._entries.noted(word.token, word.gloss)
        around = self.refer(key, body)
        if around is None:
            return [_NOTHING] * parts
        tag = Tag(*around)
        again = [self.reference(self._words[key], "ref")] * (parts - 1) if parts > 1 else []
        return [tag, *again]

    def refer(self, key: WordKey, body: str) -> tuple[str, str] | None:
        """What stands around a word that has a note of its own, which says `body`; None where it is
        no reference, another being enough."""
        target = self._words.get(key)
        if target is not None and not self._every:
            return None
        place = self.new_place()
        if target is None:
            target = self._words[key] = self._keep(self._note, body, place)
        before, between, behind, end = self._around
        return f"{before}{target}{between}{place}{behind}", end

    def list_words(self, words: Iterable[GlossedWord]) -> None:
        """Put words into the list at the end of the document, each once."""
        put, made = self.list_entry, self._entries.listed
        for word in words:
            put(*made(word.token, word.gloss))

    @property
    def list_entry(self) -> Callable[[WordKey, str], object]:
        """Puts a word into the list whose entry is made already."""
        return self._words.setdefault

    def reference(self, target: str, class_: str, place: str = "", label: str = "") -> Tag:
        """A reference to an aside of this document, itself named `place`."""
        return self.dialect.tag(
            "a",
            class_=class_,
            type_="noteref",
            role="doc-noteref",
            href=f"#{target}",
            id=place,
            lang=self.labels.language if label else "",
            aria_label=label,
        )

    def new_place(self) -> str:
        """An id not yet used in this document, for a reference."""
        self._references += 1
        return f"{self.prefix}r{self._references}"

    def add_aside(self, body: str, place: str, *, class_: str, lang: str = "") -> str:
        """Keep an aside for the end of the document; the id it will have."""
        return self._keep(self._aside(class_, lang), body, place)

    def _aside(self, class_: str, lang: str = "") -> Sequence[str]:
        """What stands before its id, between that and its content, between this and the id of where
        it leads back to, and behind."""
        wrapper = self._wrapper(class_)
        paragraph = self.dialect.tag("p", class_="said", lang=lang)
        # The backlink lets those return whose reading system knows no pop-ups.
        start, end = wrapper.open + paragraph.open, paragraph.close + wrapper.close
        return [*start.split(SLOT), *f" {self._back}{end}".split(SLOT)]

    def _keep(self, aside: Sequence[str], body: str, place: str) -> str:
        target = f"{self.prefix}n{len(self._markup) + 1}"
        before, content, back, behind = aside
        self._markup.append(f"{before}{target}{content}{body}{back}{place}{behind}")
        return target

    def end(self) -> str:
        """What stands at the end of the content document: the list of words, and the notes."""
        return self._word_list() + self._asides_markup()

    def _word_list(self) -> str:
        if not self._words or self.options.gloss is not Gloss.LIST:
            return ""
        heading = self.dialect.tag("h2", lang=self.labels.language)
        listed = self.dialect.tag("ul", class_="glossary")
        section = self.dialect.tag("section", class_=f"words {ADDED}")
        # In one go: with a novel's words each copy of it counts.
        return section.around(
            heading.around(escape(self.labels["words"])),
            listed.open,
            *self._words.values(),
            listed.close,
        )

    def _asides_markup(self) -> str:
        if not self._markup:
            return ""
        # Never `hidden`: what knows no pop-ups shows the notes here, behind the text.
        if self.options.notes is not Notes.END:
            return self.dialect.tag("div", class_=f"notes {ADDED}").around(*self._markup)
        heading = self.dialect.tag("h2", lang=self.labels.language)
        listed = self.dialect.tag("ol").around(*self._markup)
        section = self.dialect.tag(
            "section", class_=f"notes {ADDED}", type_="endnotes", role="doc-endnotes"
        )
        return section.around(heading.around(escape(self.labels["notes"])), listed)

    def _wrapper(self, class_: str) -> Tag:
        if self.options.notes is Notes.END:
            return self.dialect.tag("li", id=SLOT, class_=class_)
        return self.dialect.tag(
            "aside", id=SLOT, class_=class_, type_="footnote", role="doc-footnote"
        )

    def _place(self, note: Note, shown: bool) -> str:
        """The id of this occurrence, or "" when nothing will point at it."""
        # Every occurrence is counted, though only the first ones are linked to: the count is shown.
        term = self._terms.add(note) if self._terms is not None else None
        listed = term is not None and len(term.places) < OCCURRENCES
        if not shown and not listed:
            return ""
        place = self.new_place()
        if term is not None and listed:
            term.places.append((self.file, place))
        return place

    def _add(self, note: Note, place: str) -> str:
        traditional = self._terms.traditional if self._terms is not None else "zh-Hant"
        body = describe(self.dialect, note, self.options, traditional)
        target = self._asides[note.term] = self._keep(self._note, body, place)
        return target


WordKey: TypeAlias = str
"""What makes a word one and the same: its Simplified form and its syllables, together."""
ListedWord: TypeAlias = "tuple[WordKey, str]"
"""That, and what is said of it in a list or note."""


class WordEntries:
    """What notes and lists say of words: headword, reading, meaning, as inline markup."""

    def __init__(self, dialect: Dialect, notation: Notation, language: str, face: str) -> None:
        """`language` is that of the glosses, `face` the field of a token that holds the text that
        lists show."""
        term, reading, gloss = _tags(dialect, notation, language)
        self._notation, self._face = notation, face
        # A novel has tens of thousands of words: tags that stand together are put together once.
        self._term, self._unread = term.open, term.close + gloss.open + ": "
        self._read = term.close + " " + reading.open, reading.close + gloss.open + ": "
        self._end = gloss.close
        item = dialect.tag("li")
        self._item, self._item_end = item.open, self._end + item.close
        # In pinyin that is a text and its syllables between tags, as the ruby of most words is.
        usual = None
        if notation is Notation.PINYIN:
            before, (between, behind) = self._item + self._term, self._read
            usual = UsualRuby(Token, Reading, face, before, between, behind, WAYS)
        self._heads = MarkupCache(self._head, ruby=usual)

    def _before_gloss(self, token: Token, text: str) -> str:
        reading, term = token.reading, escape(text)
        if reading is None or not any(reading.syllables):
            return f"{self._term}{term}{self._unread}"
        spoken = reading.syllables, reading.breaks, token.capitals
        before, behind = self._read
        return f"{self._term}{term}{before}{escape(_read(text, spoken, self._notation))}{behind}"

    def listed(self, token: Token, gloss: str) -> ListedWord:
        """Its entry in a list."""
        return _key(token), f"{self._until_gloss(token)}{escape(gloss)}{self._item_end}"

    def noted(self, token: Token, gloss: str) -> ListedWord:
        """What is said of it in a note."""
        head = self._until_gloss(token)
        return _key(token), f"{head[len(self._item) :]}{escape(gloss)}{self._end}"

    def _until_gloss(self, token: Token) -> str:
        """What of an entry stands before the gloss."""
        reading = token.reading
        is_read = reading is not None and reading.syllables
        return self._heads.each((token,))[0] if is_read else self._head(token)

    def _head(self, token: Token) -> str:
        return self._item + self._before_gloss(token, getattr(token, self._face))


@lru_cache(maxsize=16)
def word_entries(
    dialect: Dialect, notation: Notation, language: str, face: str = "text"
) -> WordEntries:
    """Those of a book."""
    return WordEntries(dialect, notation, language, face)


def _key(token: Token) -> WordKey:
    syllables = token.reading.syllables if token.reading is not None else ()
    return "\0".join((token.simplified, *syllables))


_Spoken = tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...]]
"""The syllables of a term, its breaks and its capitals."""


def describe(
    dialect: Dialect, note: Note, options: RenderOptions, traditional: str = "zh-Hant"
) -> str:
    """A note's inline markup: headword, other form, reading in the line, gloss, prose.

    >>> from reader.options import RenderOptions
    >>> note = Note(0, 2, "內卷", "内卷", "內卷", ("nei4", "juan3"), "the rat race")
    >>> import re
    >>> re.sub("<[^>]*>", "", describe(Dialect(epub=False), note, RenderOptions()))
    '內卷 (内卷) nèijuǎn: the rat race'
    """
    explanation = f"{note.gloss.rstrip('.')}. {note.text}" if note.text else note.gloss
    forms = (note.simplified, note.traditional, traditional)
    spoken = note.syllables, note.breaks, note.capitals
    return _described(dialect, options.notation, note.term, forms, spoken, explanation)


# Keyed by what is shown and not by the note, whose offsets differ at every occurrence.
@lru_cache(maxsize=_DESCRIBED)
def _described(
    dialect: Dialect,
    notation: Notation,
    term: str,
    forms: tuple[str, str, str],
    spoken: _Spoken,
    explanation: str,
) -> str:
    """What `describe` gives: a book says it anew in each content document."""
    simplified, traditional, tag_of_traditional = forms
    converted = simplified if simplified != term else traditional
    tags = _tags(dialect, notation, GLOSS_LANGUAGE)
    parts = [tags.term.around(escape(term))]
    if converted != term:
        language = "zh-Hans" if converted == simplified else tag_of_traditional
        other = dialect.tag("span", lang=language)
        parts.append(" (" + other.around(escape(converted)) + ")")
    if any(spoken[0]):
        reading = _read(term, spoken, notation)
        parts.append(" " + tags.reading.around(escape(reading)))
    parts.append(tags.gloss.around(": ", escape(explanation)))
    return "".join(parts)


class _Tags(NamedTuple):
    """The elements of what is said of a word."""

    term: Tag
    reading: Tag
    gloss: Tag
    """In a language of its own."""


@lru_cache(maxsize=16)
def _tags(dialect: Dialect, notation: Notation, language: str) -> _Tags:
    """Made once for the thousands of words that a novel's lists have."""
    return _Tags(
        dialect.tag("b", class_="term"),
        dialect.tag("i", class_="py", lang=NOTATION_LANGUAGES[notation]),
        dialect.tag("span", lang=language),
    )


def reading_of(note: Note, notation: Notation) -> str:
    """The term's reading in the line."""
    return _read(note.term, (note.syllables, note.breaks, note.capitals), notation)


def _read(term: str, spoken: _Spoken, notation: Notation) -> str:
    syllables, breaks, capitals = spoken
    # A term from a source may have syllables of its own making: they are shown as they stand.
    if len(syllables) != len(term):
        return render(syllables, notation, breaks, capitals)
    return spelled(term, syllables, notation, breaks, capitals)
