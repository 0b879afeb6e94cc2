"""A flow turned into the bodies of content documents, one after the other.

A text that is read through once is cut into content documents as it passes; what belongs to the
whole (the title, the terms used, the table of contents) is known when it has passed. Only where the
ids of the source end up is worked out before, and only of a text that is there as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha1
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from reader.epub.navigation import Entry, shortened
from reader.markup import ADDED, Dialect, escape
from reader.model import Block, BlockKind, Flow, MarkKind, Metadata, Token
from reader.options import OF_A_LEARNER, LabelLanguage, Pinyin, RenderOptions, Script
from reader.writers.body import Body
from reader.writers.elements import Links, source_id
from reader.writers.labels import converted, labels_in, other_script, shown_language
from reader.writers.notes import ChapterNotes, Terms
from reader.writers.policy import shows_glosses
from reader.writers.xhtml import Renderer

if TYPE_CHECKING:
    from reader.writers.aligned_translation import AlignedTranslation

__all__ = ["ContentDocuments", "Outline", "Placed", "outline_of"]

_NAMESPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""Of names that are URLs (RFC 9562, 6.6): any fixed one would do."""
_SHORT = 12_000
"""Code points of a text that stays one content document whatever its headings."""
_LARGE = 40_000
"""Code points after which a document ends at the next heading of any level, or paragraph."""


class ContentDocuments:
    """Renders a flow once, content document by content document.

    `href` names the documents by number, from 1; `images` has the URL of each resource that can
    be shown; `prefix` gives the ids of each document their own beginning, where all end up in one;
    `number` is that of `Renderer`.
    """

    def __init__(
        self,
        flow: Flow,
        options: RenderOptions,
        dialect: Dialect,
        *,
        href: Callable[[int], str],
        images: Mapping[str, str],
        prefix: Callable[[int], str] = lambda number: "",
        number: Callable[[Token], int] | None = None,
    ) -> None:
        _require_characters(flow.metadata)
        self.flow = flow
        self.options = options
        self.dialect = dialect
        self.metadata: Metadata = flow.metadata
        self.language = shown_language(flow.metadata, options.script)
        self.labels = labels_in(options.labels)
        self.terms = Terms(flow.metadata.traditional)
        self.count = 0
        """How many content documents there have been."""
        self._href = href
        self._prefix = prefix
        self._outline = outline_of(flow, href)
        self._renderer = Renderer(dialect, options, Links(self._outline.places, images), number)
        self._translation: AlignedTranslation | None = None
        if flow.translation is not None:
            # Most texts have none, and an article is built in less time than imports take.
            from reader.writers.aligned_translation import AlignedTranslation

            self._translation = AlignedTranslation(
                flow.translation, options.layout, self._renderer, paired=number is not None
            )
        self._entries: list[tuple[Entry, bool]] = []
        self._first_title = ""
        self.title_words: Sequence[str] = ()
        """The words of the first title in the script shown."""
        self._ids: set[str] = set()
        # The text joins in as it passes: a stream is not read twice for its name.
        self._digest = sha1(_NAMESPACE + _identifying(flow, options), usedforsecurity=False)

    @property
    def title(self) -> str:
        """The title, in the script shown; complete when the flow has passed."""
        traditional = self.metadata.language.startswith("zh-Hant")
        own = LabelLanguage.ZH_HANT if traditional else LabelLanguage.ZH_HANS
        untitled = labels_in(own)["untitled"]
        # A stream may learn its title from its first block, or never.
        known = (self.metadata.title, self._first_title, self.metadata.source, untitled)
        return self._converted(next(title for title in known if title.strip()))

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(self._converted(name) for name in self.metadata.authors if name.strip())

    @property
    def identity(self) -> str:
        """A UUID of version 5 (RFC 9562, 5.5) whose name is all that was written, and how.

        The same for the same text and options; complete when the flow has passed.
        """
        name = bytearray(self._digest.digest()[:16])
        name[6] = name[6] & 0x0F | 0x50
        name[8] = name[8] & 0x3F | 0x80
        digits = name.hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def body_class(self) -> str:
        """Classes of the body: what the style sheet must know of the options."""
        layout = [f"layout-{self.options.layout}"] if self._translation else []
        beside = ["beside"] if self._renderer.form.stands_beside else []
        # Lines stay where they are, however many of their words a learner is helped with.
        helped = self.options.pinyin in OF_A_LEARNER
        pinyin = Pinyin.ALL if helped else self.options.pinyin
        readings = [f"ruby-{pinyin}", f"by-{self.options.ruby}", *beside]
        glosses = [f"gloss-{self.options.gloss}"] if shows_glosses(self.options) else []
        return " ".join([*readings, *glosses, *layout])

    def __iter__(self) -> Iterator[tuple[int, str, Iterator[str]]]:
        """Number, title and markup of each content document; each to be used up before the next."""
        for number, items in groupby(_numbered(_placed(self.flow.blocks)), key=itemgetter(0)):
            self.count = number
            chapter = (item for _, item in items)
            # The document is named by its heading, which must be known before its markup is
            # written.
            first = next(chapter)
            yield number, self._document_title(first), self._document(number, first, chapter)
        rest = self._translation.rest() if self._translation else ""
        if rest or not self.count:
            self.count += 1
            title = self.labels["translation"]
            tag = self.dialect.tag("h1", class_=ADDED, lang=self.labels.language)
            heading = tag.around(escape(title))
            yield self.count, title, iter([heading, rest] if rest else [])

    def entries(self) -> list[Entry]:
        """The table of contents of what has passed; one entry at least."""
        titles = sum(is_title for _, is_title in self._entries)
        # Headings stand below the titles, but for the one title that a whole book has.
        lower = titles > 1 or (titles == 1 and self.count == 1)
        entries = [
            entry._replace(level=entry.level + 1) if lower and not is_title else entry
            for entry, is_title in self._entries
        ]
        return entries or [Entry(self.title, self._href(1))]

    def _converted(self, text: str) -> str:
        """`text` of the metadata in the script shown."""
        return converted(text, self.metadata, self.options.script)

    def _document_title(self, first: Placed) -> str:
        if _is_heading(first.block):
            return shortened(self._renderer.text(first.block))
        return shortened(self.title)

    def _document(self, number: int, first: Placed, rest: Iterable[Placed]) -> Iterator[str]:
        """The markup of a content document, in pieces."""
        self._renderer.start_chapter()
        notes = ChapterNotes(
            self.dialect,
            self.options,
            file=self._href(number),
            terms=self.terms,
            prefix=self._prefix(number),
        )
        other = other_script(self.metadata) if self.options.script is Script.BOTH else None
        body = Body(self._renderer, notes, self._translation, other, self._ids)
        for item in chain([first], rest):
            self._digest.update(item.block.text.encode("utf-8", "surrogatepass") + b"\0")
            if item.number not in self._outline.moved:
                yield self._block(number, item, body)
        # A pop-up must stand in the file that refers to it: footnotes come with their first
        # reference.
        for item in self._outline.footnotes.get(number, ()):
            yield body.add(item.number, item.block)
        yield body.end()

    def _block(self, number: int, item: Placed, body: Body) -> str:
        """The markup of a block; a heading goes into the table of contents too."""
        block = item.block
        if not _is_heading(block):
            return body.add(item.number, block)
        markup = body.add(item.number, block, f"{self._prefix(number)}h{item.number}")
        is_title = block.kind is BlockKind.TITLE
        label = shortened(self._renderer.text(block))
        if is_title and not self._first_title:
            self._first_title = block.text
            self.title_words = self._renderer.words(block)
        href = f"{self._href(number)}#{body.blocks.last_id}"
        self._entries.append((Entry(label, href, 1 if is_title else block.level), is_title))
        return markup


def _is_heading(block: Block) -> bool:
    return block.kind in (BlockKind.TITLE, BlockKind.HEADING) and bool(block.text.strip())


def _require_characters(metadata: Metadata) -> None:
    """A `WriteError` for what XML cannot hold, wherever in the output it would have stood."""
    for value in (getattr(metadata, each.name) for each in fields(Metadata)):
        for text in (value,) if isinstance(value, str) else value:
            escape(text)


def _identifying(flow: Flow, options: RenderOptions) -> bytes:
    """What identifies a book besides its text: metadata, translation, and options off default."""
    usual = RenderOptions()
    chosen = {
        each.name: str(getattr(options, each.name))
        for each in fields(RenderOptions)
        if getattr(options, each.name) != getattr(usual, each.name)
    }
    if flow.metadata.traditional:
        chosen["traditional"] = flow.metadata.traditional
    tr = flow.translation
    translation = [tr.language, *(block.text for block in tr.blocks)] if tr else []
    return repr((flow.metadata, chosen, translation)).encode("utf-8", "surrogatepass")


# Which content document a block falls into.


class Placed(NamedTuple):
    """A block, its number in the flow, and whether a content document starts with it."""

    number: int
    block: Block
    starts: bool


def _placed(blocks: Iterable[Block]) -> Iterator[Placed]:
    """The blocks with the content documents they fall into, read `_SHORT` code points ahead.

    A text of more than `_SHORT` code points is cut at its titles and headings of level 1; a
    document of more than `_LARGE` also at lower headings, and at twice that before any block.
    """
    flow = iter(blocks)
    ahead: list[Block] = []
    size = 0
    # Only this much is read ahead, so that a stream of any length needs no more memory.
    for block in flow:
        ahead.append(block)
        size += len(block.text)
        if size > _SHORT:
            break
    is_long = size > _SHORT
    size = 0
    for index, block in enumerate(chain(ahead, flow)):
        starts = index == 0 or (is_long and size > 0 and _may_start(block, size))
        size = len(block.text) + (0 if starts else size)
        yield Placed(index, block, starts)


def _may_start(block: Block, size: int) -> bool:
    """Whether a content document may start here, after one of `size` code points."""
    if block.kind is BlockKind.TITLE:
        return True
    if block.kind is BlockKind.HEADING:
        return block.level <= 1 or size > _LARGE
    return size > 2 * _LARGE


def _numbered(items: Iterable[Placed]) -> Iterator[tuple[int, Placed]]:
    """Each block with the number of its content document, from 1."""
    chapter = 0
    for item in items:
        chapter += item.starts
        yield chapter, item


# Where the ids of the source end up.


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the ids of the source and its footnotes end up."""

    places: dict[str, str] = field(default_factory=dict)
    """Href of each id of the source."""
    footnotes: dict[int, list[Placed]] = field(default_factory=dict)
    """Footnotes by the number of the content document that first refers to them."""
    moved: frozenset[int] = frozenset()
    """Blocks that are such footnotes: a pop-up must be in the document that refers to it."""


def outline_of(flow: Flow, href: Callable[[int], str]) -> Outline:
    """The outline of a document, `href` naming its content documents by number (from 1).

    A stream passes only once, so nothing is known of it: its own links lose their target.
    """
    if not isinstance(flow.blocks, Sequence) or not any(map(_has_ids, flow.blocks)):
        return Outline()
    footnotes = {
        block.id: Placed(index, block, starts=False)
        for index, block in enumerate(flow.blocks)
        if block.kind is BlockKind.FOOTNOTE and block.id
    }
    # A footnote that nothing refers to stays where the source has it.
    places: dict[str, str] = {}
    homes: dict[int, list[Placed]] = {}
    moved: set[int] = set()
    for chapter, item in _numbered(_placed(flow.blocks)):
        for name in _ids(item.block):
            places.setdefault(name, f"{href(chapter)}#{source_id(name)}")
        for name in _references(item.block):
            note = footnotes.get(name)
            if note is not None and note.number not in moved:
                moved.add(note.number)
                homes.setdefault(chapter, []).append(note)
                places[name] = f"{href(chapter)}#{source_id(name)}"
    return Outline(places, homes, frozenset(moved))


def _has_ids(block: Block) -> bool:
    return bool(block.id) or any(mark.kind is MarkKind.ANCHOR for mark in block.marks)


def _ids(block: Block) -> Iterator[str]:
    if block.id:
        yield block.id
    for mark in block.marks:
        if mark.kind is MarkKind.ANCHOR and mark.get("id"):
            yield mark.get("id")


def _references(block: Block) -> Iterator[str]:
    for mark in block.marks:
        if mark.kind is MarkKind.NOTE_REFERENCE:
            yield mark.get("target")
