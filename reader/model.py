"""The document model: frozen values, checked at birth.

A `Document` is metadata and blocks. A `Block` holds its text once; its `Token`s tile that text,
and everything that crosses tokens (marks, notes, sentences, corrections) is a half-open span
`start`/`end` of code points in it. A value that does not fit its text cannot be built:
the constructors raise `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Protocol, TypeAlias

from reader.errors import LayerError, one_of
from reader.pinyin import Notation, Piece, line, spelled, without_given


class BlockKind(StrEnum):
    """What a block is in its text."""

    TITLE = "title"
    SUBTITLE = "subtitle"
    BYLINE = "byline"
    EDITORS_NOTE = "editors-note"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    CAPTION = "caption"
    LIST_ITEM = "list-item"
    QUOTATION = "quotation"
    VERSE = "verse"
    CODE = "code"
    FOOTNOTE = "footnote"
    IMAGE = "image"
    SEPARATOR = "separator"
    ROW = "row"
    """Of a table; between its cells stands `CELL_GAP`."""


CELL_GAP = "\u3000"
"""What divides the cells of a row, and stands in none of them."""


class TokenKind(StrEnum):
    """What a token is made of."""

    WORD = "word"
    """A word in Han characters, or one that holds some (P2P金融)."""
    NUMBER = "number"
    LATIN = "latin"
    PUNCTUATION = "punctuation"
    SPACE = "space"
    OTHER = "other"
    """Symbols, kana, hangul, private use: kept, never read."""


class ReadingSource(StrEnum):
    """Where a reading comes from, in the order in which sources are asked."""

    GLOSSARY = "glossary"
    TEXT = "text"
    """The text gives it: in brackets behind the word, or as ruby in its source."""
    DICTIONARY = "dictionary"
    MODEL = "model"
    NAME = "name"
    DEFAULT = "default"


class MarkKind(StrEnum):
    """What a run of text inside a block is."""

    EMPHASIS = "emphasis"
    STRONG = "strong"
    LINK = "link"
    CODE = "code"
    UNDERLINE = "underline"
    STRIKE = "strike"
    SUPERSCRIPT = "superscript"
    SUBSCRIPT = "subscript"
    LANGUAGE = "language"
    """A run in another language: attribute `lang`."""
    LINE_BREAK = "line-break"
    IMAGE = "image"
    """Zero-width: attributes `resource`, `alt`."""
    ANCHOR = "anchor"
    """Zero-width target of links: attribute `id`."""
    NOTE_REFERENCE = "note-reference"
    """A reference to the author's own footnote: attribute `target`, a footnote block's `id`."""
    READING = "reading"
    """A run above which its source has ruby: attribute `text`, mostly its pinyin or zhuyin."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a token is pronounced.

    `syllables` has one string for each code point of the token: numbered pinyin (`gai4`, `lü4`,
    neutral tone 5, erhua `r5`), or `""` where a code point is not read (digits, Latin letters,
    variation selectors). Always citation tones and lower case: tone marks, zhuyin, sandhi and
    capitals are renderings.
    """

    syllables: tuple[str, ...]
    source: ReadingSource
    probability: float = 1.0
    """Calibrated: of readings that say 0.9, nine in ten are right."""
    alternatives: tuple[tuple[str, ...], ...] = ()
    """Other readings on offer, best first, each as long as `syllables`."""
    breaks: tuple[int, ...] = ()
    """Offsets inside the token, ascending, before which its pinyin takes a space: 2 in
    gàizhāng jīngjì."""
    capitals: tuple[int, ...] = ()
    """Offsets, ascending, whose syllables take a capital, where whoever gave the reading wrote
    capitals; else it is `Token.proper` that says so."""

    def __post_init__(self) -> None:
        if not any(self.syllables):
            raise ValueError("a reading needs at least one syllable")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability {self.probability} is not between 0 and 1")
        if self.alternatives and {len(self.syllables)} != set(map(len, self.alternatives)):
            raise ValueError("an alternative differs in length from its reading")
        if self.breaks:
            _check_breaks(self.breaks, len(self.syllables))
        if self.capitals:
            _check_capitals(self.capitals, self.syllables)


def _check_breaks(breaks: tuple[int, ...], length: int) -> None:
    if any(a >= b for a, b in pairwise((0, *breaks, length))):
        raise ValueError(f"breaks {breaks} are not inside {length} characters, in order")


def _check_capitals(capitals: tuple[int, ...], syllables: tuple[str, ...]) -> None:
    ordered = all(a < b for a, b in pairwise((-1, *capitals, len(syllables))))
    if not ordered or not all(syllables[at] for at in capitals):
        raise ValueError(f"capitals {capitals} are not of syllables in {syllables}, in order")


Levels: TypeAlias = tuple[tuple[str, str], ...]
"""A word's levels, one a scheme: (scheme, label) pairs, sorted."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number, Latin run, punctuation mark or space.

    A token knows nothing of its place, so equal tokens may be, and are, one object.
    `simplified` and `traditional` have the length of `text`, aligned code point by code point;
    left empty they are `text` itself.
    """

    text: str
    kind: TokenKind = TokenKind.WORD
    simplified: str = ""
    traditional: str = ""
    reading: Reading | None = None
    proper: bool = False
    """A proper name: its pinyin takes a capital."""
    senses: tuple[str, ...] = ()
    """Dictionary glosses of this word in this reading, most usual first."""
    levels: Levels = ()
    """Where syllabuses teach the word, as sorted (scheme, label) pairs: `("hsk2025", "7-9")`. The
    order of a scheme's labels is in `reader.lexicon.levels.SCHEMES`."""

    def __post_init__(self) -> None:
        if not self.text:
            raise ValueError("a token needs text")
        size = len(self.text)
        if len(self.simplified) != size or len(self.traditional) != size:
            self._complete()
        if self.reading is not None and len(self.reading.syllables) != size:
            count = len(self.reading.syllables)
            raise ValueError(f"{self.text!r} does not have {count} characters")
        if self.levels:
            _check_levels(self.levels)

    @property
    def capitals(self) -> tuple[int, ...]:
        """The offsets whose syllables take a capital, ascending: of a name each of its words'.

        >>> spoken = Reading(("bei3", "jing1", "shi4"), ReadingSource.DICTIONARY, breaks=(2,))
        >>> Token("北京市", reading=spoken).capitals
        ()
        >>> Token("北京市", reading=spoken, proper=True).capitals
        (0, 2)
        """
        reading = self.reading
        if reading is None:
            return ()
        if reading.capitals or not self.proper:
            return reading.capitals
        first = next(at for at, syllable in enumerate(reading.syllables) if syllable)
        return tuple(sorted({first, *reading.breaks}))

    @property
    def pinyin(self) -> str:
        """How the token is read, in pinyin with tone marks; "" for what is not read.

        >>> bank = Reading(("yin2", "hang2"), ReadingSource.DICTIONARY)
        >>> Token("銀行", reading=bank).pinyin
        'yínháng'
        """
        return self.spelled(Notation.PINYIN)

    def spelled(self, notation: Notation | str) -> str:
        """How the token is read, in a notation: `pinyin`, `numbers`, `zhuyin` or `wade-giles`.

        As outputs show it: citation tones, names with their capitals, Latin letters of the token
        as they stand. "" for what is not read. Raises `OptionError` for another notation.

        >>> loans = Reading(("", "", "", "jin1", "rong2"), ReadingSource.DICTIONARY)
        >>> Token("P2P金融", reading=loans).spelled("numbers")
        'P2P jin1rong2'
        """
        notation = one_of(Notation, "notation", notation)
        reading = self.reading
        if reading is None:
            return ""
        return spelled(self.text, reading.syllables, notation, reading.breaks, self.capitals)

    def _complete(self) -> None:
        for name in ("simplified", "traditional"):
            form = getattr(self, name)
            if not form:
                object.__setattr__(self, name, self.text)
            elif len(form) != len(self.text):
                raise ValueError(f"{name} form {form!r} differs in length from {self.text!r}")


def _check_levels(levels: Levels) -> None:
    schemes = [scheme for scheme, _ in levels]
    if any(a >= b for a, b in pairwise(schemes)):
        raise ValueError(f"levels {levels} are not sorted, one a scheme")
    for scheme, label in levels:
        # Formats write a scheme as a name: an attribute of TEI holds no white space.
        if not label or scheme.split() != [scheme]:
            raise ValueError(f"{scheme!r}: {label!r} is not a level: a word, and a label")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points, `text[start:end]`. Used as it is for sentences."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"{self.start}:{self.end} is not a span")


@dataclass(frozen=True, slots=True)
class Mark(Span):
    """Inline structure kept from the source: emphasis, a link, code. May be zero-width."""

    kind: MarkKind
    attributes: tuple[tuple[str, str], ...] = ()
    """Names, each once, and values."""

    def __post_init__(self) -> None:
        # Zero-argument super() does not work in dataclasses with slots before Python 3.14.
        Span.__post_init__(self)
        if len(self.attributes) > 1 and len(dict(self.attributes)) != len(self.attributes):
            raise ValueError("a mark has an attribute twice")

    def get(self, name: str, default: str = "") -> str:
        return dict(self.attributes).get(name, default)


@dataclass(frozen=True, slots=True)
class Note(Span):
    """A glossary term at one place of the text, with what is to be said of it.

    Every occurrence has its note; which of them are shown is the writer's choice.
    """

    term: str
    """The headword as the glossary has it, in the glossary's script."""
    simplified: str
    traditional: str
    syllables: tuple[str, ...]
    gloss: str
    text: str = ""
    """Prose: origin, tone, who says it."""
    tags: tuple[str, ...] = ()
    breaks: tuple[int, ...] = ()
    """Offsets in the term before which its pinyin takes a space, as in `Reading`."""
    capitals: tuple[int, ...] = ()
    """Offsets in the term whose syllables take a capital."""

    def __post_init__(self) -> None:
        Span.__post_init__(self)
        if self.breaks:
            _check_breaks(self.breaks, len(self.syllables))
        if self.capitals:
            _check_capitals(self.capitals, self.syllables)


@dataclass(frozen=True, slots=True)
class Correction(Span):
    """A likely slip of the source: what was meant by `text[start:end]`, of the same length.

    Annotation reads the slip as `corrected`; the text stays as it is.
    """

    corrected: str
    reason: str
    probability: float = 1.0

    def __post_init__(self) -> None:
        Span.__post_init__(self)
        if len(self.corrected) != self.end - self.start:
            raise ValueError(f"{self.corrected!r} does not fit {self.start}:{self.end}")


_MARKS = frozenset((TokenKind.PUNCTUATION, TokenKind.SPACE))


def reading_line(tokens: Iterable[Token], notation: Notation) -> str:
    """How tokens are read, on one line; `Block.pinyin` has the rules."""
    pieces = [_piece(token, notation) for token in tokens]
    parts = ((piece.shown, piece.is_word) for piece in without_given(pieces))
    return line(parts, latin=notation is not Notation.ZHUYIN)


def _piece(token: Token, notation: Notation) -> Piece:
    given = token.reading is not None and token.reading.source is ReadingSource.TEXT
    notations = (Notation.PINYIN, Notation.ZHUYIN) if given else ()
    shown = token.spelled(notation) or token.text
    return Piece(token.text, shown, token.kind not in _MARKS, tuple(map(token.spelled, notations)))


@dataclass(frozen=True, slots=True)
class Cue:
    """When a block of subtitles shows, and where on the screen."""

    start: int
    """Milliseconds."""
    end: int
    position: str = ""
    """As its source has it: settings of WebVTT (`line:0`), tags of ASS (`\\an8\\pos(96,40)`)."""
    speaker: str = ""
    style: str = ""
    """The name of its style in ASS."""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a cue cannot show from {self.start} to {self.end}")


@dataclass(frozen=True, slots=True)
class Block:
    """A title, heading, paragraph, caption …: text once, and annotation beside it."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    tokens: tuple[Token, ...] = ()
    """Empty (not yet annotated) or tiling the text: joined, they are the text."""
    marks: tuple[Mark, ...] = ()
    notes: tuple[Note, ...] = ()
    """In text order, never overlapping."""
    sentences: tuple[Span, ...] = ()
    """In text order, never overlapping; white space between them may belong to none."""
    corrections: tuple[Correction, ...] = ()
    level: int = 1
    """Of a heading: 1 is a chapter. Of a list item: depth. Of verse: 2 where a stanza begins.
    Of a row: 2 where a table begins, 3 if it is also its head."""
    language: str = ""
    """BCP 47, where it is not the document's."""
    id: str = ""
    """An identifier from the source, the target of links."""
    resource: str = ""
    """Of an image or caption: the `name` of a `Resource` of the document."""
    ordinal: str = ""
    """Of a list item: its number or marker as written, which is not part of `text`."""
    cue: Cue | None = None
    """Of subtitles: when it shows."""

    def __post_init__(self) -> None:
        if self.tokens and "".join([token.text for token in self.tokens]) != self.text:
            raise ValueError("tokens do not tile the text of their block")
        if self.marks:
            self._check_end(max(mark.end for mark in self.marks))
        for disjoint in (self.notes, self.sentences, self.corrections):
            if disjoint:
                self._check_disjoint(disjoint)

    def _check_disjoint(self, spans: tuple[Span, ...]) -> None:
        end = 0
        for span in spans:
            if span.start < end:
                raise ValueError("spans overlap or are out of order")
            end = span.end
        self._check_end(end)

    def _check_end(self, end: int) -> None:
        if end > len(self.text):
            raise ValueError(f"a span ends outside its block of {len(self.text)} characters")

    def annotated(
        self,
        tokens: tuple[Token, ...],
        notes: tuple[Note, ...],
        sentences: tuple[Span, ...],
        corrections: tuple[Correction, ...],
    ) -> Block:
        """The block with these in place of its own; what its source says of it stays."""
        # `dataclasses.replace` takes three times as long.
        return Block(
            self.text,
            self.kind,
            tokens,
            self.marks,
            notes,
            sentences,
            corrections,
            self.level,
            self.language,
            self.id,
            self.resource,
            self.ordinal,
            self.cue,
        )

    def pinyin(self, notation: Notation | str = Notation.PINYIN) -> str:
        """The reading of the block on one line: of each word, and what is not read as it stands.

        A reading that the text gives itself, 还（huán）书, is there once. Words stand apart, and
        marks are those of Latin text but in zhuyin. Raises `LayerError` for a block that was not
        annotated with readings, `OptionError` for a notation that there is not.
        """
        notation = one_of(Notation, "notation", notation)
        if not self.tokens and self.text.strip():
            raise LayerError("there are no readings: annotate the text first", excerpt=self.text)
        return reading_line(self.tokens, notation)

    def token_spans(self) -> Iterator[tuple[int, int, Token]]:
        """Each token with its `start` and `end` in the block's text.

        >>> list(Block("好。", tokens=(Token("好"), Token("。"))).token_spans())[1][:2]
        (1, 2)
        """
        start = 0
        for token in self.tokens:
            end = start + len(token.text)
            yield start, end, token
            start = end


@dataclass(frozen=True, slots=True)
class Resource:
    """A file that travels with the document, such as an image. `name` is a plain file name.

    The styles of subtitles in ASS are one too.
    """

    name: str
    media_type: str
    data: bytes

    def __post_init__(self) -> None:
        if not self.name or "/" in self.name or "\\" in self.name or self.name.startswith("."):
            raise ValueError(f"{self.name!r} is not a plain file name")


def is_language(tag: str) -> bool:
    """Whether `tag` has the form of BCP 47, so that every format can carry it.

    >>> is_language("zh-Hant-TW"), is_language("zh_TW"), is_language("中文")
    (True, False, False)
    """
    first, *rest = tag.split("-")
    letters = tag.isascii() and first.isalpha() and 2 <= len(first) <= 3
    return letters and all(part.isalnum() and len(part) <= 8 for part in rest)


def is_date(text: str) -> bool:
    """Whether `text` is a date of ISO 8601, or as much of one as is known.

    >>> is_date("2025"), is_date("2025-03-01"), is_date("2025-02-31"), is_date("去年")
    (True, True, False, False)
    """
    from datetime import date

    parts = text.split("-")
    if [len(part) for part in parts] != [4, 2, 2][: len(parts)] or not text.isascii():
        return False
    try:
        date.fromisoformat("-".join([*parts, "01", "01"][:3]))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document as a whole."""

    title: str = ""
    authors: tuple[str, ...] = ()
    language: str = "zh"
    """BCP 47 of the text: zh-Hans, zh-Hant, zh-Hant-TW, zh-Hant-HK; `zh` before detection."""
    date: str = ""
    """ISO 8601 date, as much as is known: 2025, 2025-03, 2025-03-01."""
    publisher: str = ""
    description: str = ""
    identifier: str = ""
    rights: str = ""
    source: str = ""
    """Where the text was read from: a file name, never a path."""
    traditional: str = field(default="", repr=False)
    """BCP 47 of the Traditional forms of tokens, which says their region: zh-Hant-TW, zh-Hant-HK;
    empty where the layer `scripts` has not run."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One end of a link: a whole block (`sentence` is None) or one of its sentences, by index."""

    block: int
    sentence: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """`sources` in the text correspond to `targets` in its translation; either may be empty."""

    sources: tuple[Segment, ...]
    targets: tuple[Segment, ...]
    score: float = 1.0
    """Calibrated confidence, 0 to 1."""
    by_hand: bool = False

    def __post_init__(self) -> None:
        if not self.sources and not self.targets:
            raise ValueError("a link needs at least one end")
        if not 0.0 <= self.score <= 1.0:
            raise ValueError(f"score {self.score} is not between 0 and 1")


@dataclass(frozen=True, slots=True)
class Translation:
    """A text of its own, linked m:n to the blocks and sentences of the document."""

    language: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...] = ()
    """Block links (all segments without `sentence`) and sentence links, each in text order."""
    translator: str = ""
    machine: bool = False
    """Made by a machine: said in the metadata and in the colophon."""


@dataclass(frozen=True, slots=True)
class DocumentWarning:
    """A loss or doubt that did not stop the work; `block` indexes `Document.blocks`."""

    message: str
    code: str = ""
    """A stable word for the kind: `control-character`, `no-reading`, `not-nfc` …"""
    block: int | None = None
    start: int | None = None
    end: int | None = None
    line: int | None = None
    """1-based line of the source file."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text with what is known of it: a value that annotators take and return."""

    metadata: Metadata
    blocks: tuple[Block, ...]
    translation: Translation | None = None
    warnings: tuple[DocumentWarning, ...] = ()
    resources: tuple[Resource, ...] = ()
    layers: tuple[str, ...] = ()
    """Names of the layers of annotation that were run (`reader.layers`), sorted."""

    def __post_init__(self) -> None:
        if self.translation is not None:
            _check_links(self)

    @property
    def text(self) -> str:
        """The base text: the blocks' texts, a line feed between them."""
        return "\n".join(block.text for block in self.blocks)

    def pinyin(self, notation: Notation | str = Notation.PINYIN) -> str:
        """The reading of the whole, as `Block.pinyin` has it, a line for each block.

        Raises `LayerError` for a document that was not annotated with readings.

        >>> bank = Token("銀行", reading=Reading(("yin2", "hang2"), ReadingSource.DICTIONARY))
        >>> block = Block("銀行。", tokens=(bank, Token("。", TokenKind.PUNCTUATION)))
        >>> document = Document(Metadata(), (block, block))
        >>> document.pinyin()
        'yínháng.\\nyínháng.'
        >>> document.pinyin("zhuyin")
        'ㄧㄣˊ ㄏㄤˊ。\\nㄧㄣˊ ㄏㄤˊ。'
        """
        if not self._is_read():
            raise LayerError("there are no readings: annotate the text first (reader.annotate)")
        return "\n".join(block.pinyin(notation) for block in self.blocks)

    def _is_read(self) -> bool:
        """Whether readings were looked for; a document may have them and not say so."""
        return "readings" in self.layers or any(
            token.reading for block in self.blocks for token in block.tokens
        )


def _check_links(document: Document) -> None:
    assert document.translation is not None
    for link in document.translation.links:
        for segments, blocks in (
            (link.sources, document.blocks),
            (link.targets, document.translation.blocks),
        ):
            for segment in segments:
                if not 0 <= segment.block < len(blocks):
                    raise ValueError(f"a link points at block {segment.block}, which is not there")
                sentences = len(blocks[segment.block].sentences)
                if segment.sentence is not None and not 0 <= segment.sentence < sentences:
                    raise ValueError(f"a link points at sentence {segment.sentence}, not there")


@dataclass(slots=True)
class Stream:
    """A document whose blocks are still flowing: read once, from source to file, never held.

    `warnings` grows as the blocks pass. Everything that takes a `Flow` takes a `Document` too.
    """

    metadata: Metadata
    blocks: Iterable[Block]
    translation: Translation | None = None
    warnings: list[DocumentWarning] = field(default_factory=list)
    resources: tuple[Resource, ...] = ()
    layers: tuple[str, ...] = ()

    def gather(self) -> Document:
        """The whole document; runs the stream to its end."""
        return Document(
            self.metadata,
            tuple(self.blocks),
            self.translation,
            tuple(self.warnings),
            self.resources,
            self.layers,
        )


class Flow(Protocol):
    """What writers take: a `Document`, or a `Stream` whose blocks are iterated once."""

    @property
    def metadata(self) -> Metadata: ...
    @property
    def blocks(self) -> Iterable[Block]: ...
    @property
    def translation(self) -> Translation | None: ...
    @property
    def resources(self) -> tuple[Resource, ...]: ...
    @property
    def layers(self) -> tuple[str, ...]: ...
