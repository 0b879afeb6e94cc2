"""Every choice a person can make, as frozen values; the CLI's options are these, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, NamedTuple, Protocol, TypedDict

from reader.errors import OptionError, one_of, require
from reader.model import Metadata, Token, is_date, is_language
from reader.pinyin import Notation as Notation

_KINDS: dict[object, tuple[tuple[type, ...], str]] = {
    "bool": ((bool,), "True or False"),
    "bool | None": ((bool, type(None)), "True, False or None"),
    "str": ((str,), "a text"),
    "str | None": ((str, type(None)), "a text"),
    "int": ((int,), "a whole number"),
    "float": ((int, float), "a number"),
}
"""What fields of simple types take, and how that is called."""


def check_choices(options: Any) -> None:
    """Make members of enumerations of what was given as plain strings, in a frozen dataclass.

    Raises `OptionError` for a value that a field does not take: one that is no member of the
    enumeration its default is of, or of another type than the field's.
    """
    for field in fields(options):
        value = getattr(options, field.name)
        if isinstance(field.default, StrEnum):
            member = one_of(type(field.default), field.name, value)
            object.__setattr__(options, field.name, member)
        elif field.type in _KINDS:
            kinds, called = _KINDS[field.type]
            # True is an int to Python, and no number to a person.
            if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
                raise OptionError(f"{field.name} is {value!r:.60}, and not {called}")


class Script(StrEnum):
    """Which script is shown."""

    AS_IS = "as-is"
    SIMPLIFIED = "simplified"
    TRADITIONAL = "traditional"
    BOTH = "both"
    """The text as it is, and below each block the other script."""


class Region(StrEnum):
    """Whose Traditional characters are written where a text is shown in Traditional."""

    OWN = "own"
    """A Traditional text's as they are; of a Simplified text Taiwan's."""
    TAIWAN = "tw"
    HONG_KONG = "hk"


class Pinyin(StrEnum):
    """Which words carry their reading as ruby."""

    ALL = "all"
    NOTES = "notes"
    """Only glossary terms, and readings in the notes."""
    NONE = "none"
    UNKNOWN = "unknown"
    """Words that a learner does not know, and names at their first use in a chapter."""
    FIRST = "first"
    """Of these, each word once in a chapter."""
    HARD = "hard"
    """Of these, words two levels above the learner's or off the list."""


OF_A_LEARNER = frozenset((Pinyin.UNKNOWN, Pinyin.FIRST, Pinyin.HARD))
"""Choices that only make sense with a learner (`reader.learner.LearnerPolicy`)."""


class Gloss(StrEnum):
    """How glosses stand in a text: those that a policy gives to words (`WordDisplay.gloss`)."""

    NONE = "none"
    INLINE = "inline"
    """In small letters behind the word."""
    RUBY = "ruby"
    """Above the word, over its reading."""
    NOTES = "notes"
    """As a note with all senses, to which a word refers where a chapter has it first."""
    LIST = "list"
    """In a list of words at the end of each chapter."""


class GlossWords(StrEnum):
    """Which words have a gloss."""

    UNKNOWN = "unknown"
    """Words that a learner does not know."""
    HARD = "hard"
    """Of these, words two levels above the learner's or off the list, each once in a chapter."""
    FIRST = "first"
    """Words that a learner does not know, each once in a chapter."""
    ALL = "all"


class Ruby(StrEnum):
    """What a reading stands above: each word, or each of its characters."""

    WORD = "word"
    CHARACTER = "character"


class Notes(StrEnum):
    """Where the notes of glossary terms stand."""

    POPUP = "popup"
    END = "end"
    NONE = "none"


class Layout(StrEnum):
    """How a translation stands beside the text."""

    INTERLEAVED = "interleaved"
    SENTENCES = "sentences"
    COLUMNS = "columns"
    HIDDEN = "hidden"
    NOTES = "notes"
    AFTER = "after"


class PinyinLine(StrEnum):
    """Where the line of readings stands in subtitles."""

    ABOVE = "above"
    BELOW = "below"


class LabelLanguage(StrEnum):
    """The language of what an output itself says to people: headings, links back, notices."""

    EN = "en"
    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"


class Standard(StrEnum):
    """Whose standard readings: the mainland's, or Taiwan's (`data/taiwan_readings.tsv`)."""

    PRC = "prc"
    TAIWAN = "taiwan"


@dataclass(frozen=True, slots=True)
class AnnotateOptions:
    """What annotation can be asked."""

    language: str = ""
    """BCP 47 of the text (zh-Hans, zh-Hant, zh-Hant-TW, zh-Hant-HK); empty: detected."""
    standard: Standard = Standard.PRC
    region: Region = Region.OWN
    """Whose characters the Traditional forms of words are in."""
    read_numbers: bool = False
    """Read digits aloud, as people do (2025年 as èr líng èr wǔ nián, 08:30 as bā diǎn sānshí)."""
    dictionary: str = ""
    """A file in CC-CEDICT's format whose senses words get; empty: the lexicon's own."""
    gloss_language: str = "en"
    """BCP 47 of the senses of `dictionary`."""
    corrections: bool = True
    """Look for slips of the source and read them as what was meant."""

    def __post_init__(self) -> None:
        check_choices(self)
        _require_language(self.language)
        _require_language(self.gloss_language)
        if self.language and self.language.split("-")[0].lower() not in ("zh", "cmn", "lzh"):
            message = f"language is {self.language!r}, which is not Chinese"
            raise OptionError(f"{message}: zh-Hans, zh-Hant, zh-Hant-TW or zh-Hant-HK")


class WordDisplay(NamedTuple):
    """What one occurrence of a word shows; words that are equal in it share their markup."""

    reading: bool = True
    """Its reading above it, where it has one."""
    classes: tuple[str, ...] = ()
    """Classes of its element, which is `ruby`, or else `span`."""
    link: str = ""
    """Where it leads: an href that is safe to follow. Left out within another link."""
    gloss: str = ""
    """What it means, for `RenderOptions.gloss` to place; a few words, but in notes and lists."""


class WordPolicy(Protocol):
    """Says what words show. It is pickled for workers; its `repr` goes into a book's identifier.

    One with a method `usual(token)` is asked less often. It gives what it answers of a token from
    its second use in a chapter on, in every chapter, and whether it may answer otherwise at the
    first: `(WordDisplay(reading=False), True)`.
    """

    @property
    def constant(self) -> WordDisplay | None:
        """What every word shows, if that is always the same: then no word is asked for."""
        ...

    @property
    def in_terms(self) -> WordDisplay | None:
        """What the words of a glossary term show; None where they are as all others."""
        ...

    @property
    def layers(self) -> frozenset[str]:
        """Layers of annotation that it asks tokens for besides words and readings: `senses`,
        `levels`."""
        ...

    def start_chapter(self) -> Callable[[Token], WordDisplay]:
        """What is asked, in text order, of each word of one chapter (content document)."""
        ...


class Credit(NamedTuple):
    """The dictionary whose senses are shown, for people."""

    title: str
    licence: str
    """As the dictionary says it, or `""`."""
    language: str
    """BCP 47 of the senses."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What every writer that shows readings has in common.

    >>> RenderOptions(notation="zhuyin").notation
    <Notation.ZHUYIN: 'zhuyin'>
    >>> RenderOptions(ruby="char")
    Traceback (most recent call last):
    reader.errors.OptionError: ruby is 'char', which is not one of word, character
    """

    script: Script = Script.AS_IS
    pinyin: Pinyin = Pinyin.ALL
    notation: Notation = Notation.PINYIN
    ruby: Ruby = Ruby.WORD
    notes: Notes = Notes.POPUP
    every: bool = False
    """Show a term's note at every occurrence, not only at its first in a chapter."""
    layout: Layout = Layout.INTERLEAVED
    sandhi: bool = False
    """Show tones as spoken (一, 不, third tone) instead of citation tones."""
    spacing: bool = False
    """Capitals at sentence starts by GB/T 16159; names have theirs always."""
    labels: LabelLanguage = LabelLanguage.EN
    gloss: Gloss = Gloss.INLINE
    """Where the glosses stand that `policy` gives to words."""
    pinyin_line: PinyinLine = PinyinLine.ABOVE
    dictionary: Credit | None = None
    """Whose senses words have; None for CC-CEDICT's, in English."""
    policy: WordPolicy | None = None
    """What each word shows on a page (EPUB, HTML, a book in place); None as `pinyin` says."""
    static: bool = False
    """A web page without script: nothing to press, and what is not shown is not there."""
    switch: bool = False
    """A web page that can change to the other script where it is read."""

    @property
    def gloss_language(self) -> str:
        """BCP 47 of senses and glosses."""
        return self.dictionary.language if self.dictionary else "en"

    def __post_init__(self) -> None:
        check_choices(self)
        if self.static and self.switch:
            raise OptionError("switch is asked of a static page, which cannot change")
        if self.pinyin in OF_A_LEARNER and self.policy is None:
            raise OptionError(f"pinyin is {self.pinyin.value!r}, which wants a learner")


@dataclass(frozen=True, slots=True)
class AlignOptions:
    """How a translation is aligned."""

    cut_off: float = 0.8
    """Links that score less, from 0 to 1, are left out: their sentences stay unlinked."""
    scorer: str = "lexical"
    """`lexical`, `length` (no words at all), or the name of an installed plugin, whose judgement
    is added to the lexical one."""

    def __post_init__(self) -> None:
        check_choices(self)
        if not 0.0 <= self.cut_off <= 1.0:
            raise OptionError(f"cut_off is {self.cut_off!r}, which is not from 0 to 1")


@dataclass(frozen=True, slots=True)
class TranslateOptions:
    """What is sent for machine translation at once, and how often."""

    language: str = "en"
    """BCP 47 of the translation."""
    batch: int = 8
    """Segments in one request, at most."""
    characters: int = 1500
    """Characters in one request, unless a single segment has more."""
    context: int = 300
    """Characters of the text sent from before and from after a segment."""
    concurrency: int = 4
    """Requests under way at once."""
    attempts: int = 4
    """How often a segment is asked for until its answer is right."""
    term_attempts: int = 2
    """How often, until glossary terms show in it; then it is taken as it is, and reported."""

    def __post_init__(self) -> None:
        check_choices(self)
        _require_language(self.language)
        for name in ("batch", "characters", "concurrency", "attempts", "term_attempts"):
            _require_at_least(1, name, getattr(self, name))
        _require_at_least(0, "context", self.context)


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """How to talk to a server."""

    timeout: float = 120.0
    """Seconds for a whole request, waiting for the model included."""
    tries: int = 5
    """How often a request is sent when the server is busy, failing or away."""
    backoff: float = 1.0
    """Seconds before the second try; each further wait is up to twice as long."""
    longest_wait: float = 60.0
    """Seconds that a server may ask to be left alone."""
    temperature: float = 0.2

    def __post_init__(self) -> None:
        check_choices(self)
        _require_at_least(1, "tries", self.tries)
        _require_at_least(0, "temperature", self.temperature)
        for name in ("timeout", "backoff", "longest_wait"):
            require_seconds(name, getattr(self, name))


LONGEST_WAIT = 10_000_000
"""Seconds, at most, that anything is waited for: clocks have no room for any number."""


def require_seconds(name: str, number: float) -> None:
    """Raise `OptionError` for what is no time to wait."""
    if not 0 <= number <= LONGEST_WAIT:
        raise OptionError(f"{name} is {number!r}, and not from 0 to {LONGEST_WAIT:,} seconds")


def _require_at_least(least: int, name: str, number: float) -> None:
    if not number >= least:  # nor for what is no number
        raise OptionError(f"{name} is {number!r}, which is less than {least}")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a zip file of a stranger's may unpack to."""

    total: int = 2 << 30
    """Bytes of all members together."""
    member: int = 512 << 20
    """Bytes of one member."""
    ratio: int = 400
    """Times its compressed size that a member over 1 MiB may unpack to."""
    members: int = 65_535

    def __post_init__(self) -> None:
        check_choices(self)


@dataclass(frozen=True, slots=True)
class BookOptions:
    """What only an EPUB that is annotated in place can be asked."""

    quotes: bool = False
    """Quotation marks follow `RenderOptions.script` too."""
    new_identifier: bool = False
    """The book gets an identifier of its own, for libraries that hold both."""
    limits: Limits | None = None
    """What the container may unpack to; those of `Limits` by default."""

    def __post_init__(self) -> None:
        check_choices(self)


@dataclass(frozen=True, slots=True)
class SourceOptions:
    """What a caller may say of a source that the source does not say, or says wrongly.

    Every source takes all of them and uses those that concern it.
    """

    encoding: str | None = None
    """Python's name of the encoding; recognised from the bytes if None."""
    title: str | None = None
    """In place of the text's own title in the metadata."""
    authors: tuple[str, ...] = ()
    language: str = ""
    """BCP 47; left to detection if empty. A translation says `en`."""
    date: str | None = None
    """ISO 8601, as much as is known."""
    whole: bool = False
    """All of a web page, not only its main text."""
    unwrap: bool | None = None
    """Join the lines of a plain text that are broken by hand, or (False) leave them and page
    numbers as they are; None: where it looks so."""

    def __post_init__(self) -> None:
        check_choices(self)
        if isinstance(self.authors, str) or not isinstance(self.authors, Iterable):
            raise OptionError(f"authors are a tuple of names, not {self.authors!r:.60}")
        object.__setattr__(self, "authors", tuple(self.authors))
        _require_text("title", self.title or "")
        for author in self.authors:
            require(str, "author", author)
            _require_text("author", author)
        _require_language(self.language)
        if self.date and not is_date(self.date):
            raise OptionError(f"the date {self.date!r} is not one of ISO 8601, such as 2025-03-14")

    def override(self, metadata: Metadata) -> Metadata:
        """`metadata` with the fields that are given here.

        Characters that XML cannot hold, which a page's metadata can, are left out.

        >>> options = SourceOptions(title="丙")
        >>> metadata = options.override(Metadata("甲\x07", ("乙",)))
        >>> metadata.title, metadata.authors
        ('丙', ('乙',))
        """
        texts = {f.name: getattr(metadata, f.name) for f in fields(metadata) if f.name != "authors"}
        texts = {name: _allowed(text) for name, text in texts.items()}
        texts["language"] = self.language or texts["language"]
        if self.title is not None:
            texts["title"] = self.title
        if self.date is not None:
            texts["date"] = self.date
        return Metadata(authors=self.authors or tuple(map(_allowed, metadata.authors)), **texts)


class SourceChoices(TypedDict, total=False):
    """The fields of `SourceOptions` as keyword arguments."""

    encoding: str | None
    title: str | None
    authors: tuple[str, ...]
    language: str
    date: str | None
    whole: bool
    unwrap: bool | None


def _require_language(tag: str) -> None:
    if tag and not is_language(tag):
        raise OptionError(f"the language {tag!r} is not a BCP 47 tag, such as zh-Hans or en")


# `reader.markup.XML_FORBIDDEN`, without the import of lxml, which costs more than an option should.
_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"


def _allowed(text: str) -> str:
    return text if text.isprintable() else re.sub(_FORBIDDEN, "", text)


def _require_text(name: str, text: str) -> None:
    """What XML cannot hold is refused before the work, not when it is written."""
    # All of that is among what cannot be printed, which hardly any name has.
    match = None if text.isprintable() else re.search(_FORBIDDEN, text)
    if match:
        code = ord(match.group())
        raise OptionError(f"the {name} holds U+{code:04X}, which is no character", excerpt=text)
