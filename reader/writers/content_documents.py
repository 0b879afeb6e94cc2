"""A flow cut into content documents and rendered, with what is learnt of the whole on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from hashlib import sha1
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from reader.epub.navigation import Entry, shortened
from reader.markup import ADDED, escape
from reader.model import Block, BlockKind, Flow, MarkKind, Metadata, Translation
from reader.options import RenderOptions, Script
from reader.writers.body import Body
from reader.writers.labels import converted, labels_in, other_script, shown_language
from reader.writers.marks import source_id
from reader.writers.notes import ChapterNotes, Terms
from reader.writers.xhtml import Dialect, Links, Renderer

if TYPE_CHECKING:
    from reader.writers.aligned_translation import AlignedTranslation

SHORT = 12_000
"""Code points of a text that stays one content document whatever its headings."""
LARGE = 40_000
"""Code points after which a document ends at the next heading of any level, or paragraph."""


class Chunked(NamedTuple):
    """A block, its number in the flow, and whether a content document starts with it."""

    number: int
    block: Block
    starts: bool


def chunk_blocks(blocks: Iterable[Block]) -> Iterator[Chunked]:
    """The blocks with the content documents they fall into, read `SHORT` code points ahead.

    A text of more than `SHORT` code points is cut at its titles and headings of level 1; a
    document of more than `LARGE` also at lower headings, and at twice that before any block.
    """
    flow = iter(blocks)
    ahead: list[Block] = []
    size = 0
    for block in flow:
        ahead.append(block)
        size += len(block.text)
        if size > SHORT:
            break
    is_long = size > SHORT
    size = 0
    for index, block in enumerate(chain(ahead, flow)):
        starts = index == 0 or _starts_chunk(block, size, is_long=is_long)
        size = len(block.text) + (0 if starts else size)
        yield Chunked(index, block, starts)


def _starts_chunk(block: Block, size: int, *, is_long: bool) -> bool:
    if not is_long or size == 0:
        return False
    if block.kind is BlockKind.TITLE:
        return True
    if block.kind is BlockKind.HEADING:
        return block.level <= 1 or size > LARGE
    return size > 2 * LARGE


@dataclass(frozen=True, slots=True)
class Outline:
    """Where the ids of the source and its footnotes end up."""

    places: dict[str, str] = field(default_factory=dict)
    """Href of each id of the source."""
    footnotes: dict[int, list[Chunked]] = field(default_factory=dict)
    """Footnotes by the number of the content document that first refers to them."""
    moved: frozenset[int] = frozenset()
    """Blocks that are such footnotes: a pop-up must be in the document that refers to it."""


def outline(flow: Flow, href: Callable[[int], str]) -> Outline:
    """The outline of a document, `href` naming its content documents by number (from 1).

    A stream passes only once, so nothing is known of it: its own links lose their target.
    """
    if not isinstance(flow.blocks, Sequence) or not any(map(_has_ids, flow.blocks)):
        return Outline()
    footnotes = {
        block.id: Chunked(index, block, starts=False)
        for index, block in enumerate(flow.blocks)
        if block.kind is BlockKind.FOOTNOTE and block.id
    }
    places: dict[str, str] = {}
    homes: dict[int, list[Chunked]] = {}
    moved: set[int] = set()
    for chapter, item in numbered(chunk_blocks(flow.blocks)):
        for name in _ids(item.block):
            places.setdefault(name, f"{href(chapter)}#{source_id(name)}")
        for name in _references(item.block):
            note = footnotes.get(name)
            if note is not None and note.number not in moved:
                moved.add(note.number)
                homes.setdefault(chapter, []).append(note)
                places[name] = f"{href(chapter)}#{source_id(name)}"
    return Outline(places, homes, frozenset(moved))


def numbered(items: Iterable[Chunked]) -> Iterator[tuple[int, Chunked]]:
    """Each block with the number of its content document, from 1."""
    chapter = 0
    for item in items:
        chapter += item.starts
        yield chapter, item


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


_NAMESPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""Of names that are URLs (RFC 9562, 6.6): any fixed one would do."""


class ContentDocuments:
    """Renders a flow once, content document by content document.

    `href` names the documents by number, from 1; `images` has the URL of each resource that can
    be shown; `prefix` gives the ids of each document their own beginning, where all end up in one.
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
    ) -> None:
        _require_characters(flow.metadata)
        self.flow = flow
        self.options = options
        self.dialect = dialect
        self.metadata: Metadata = flow.metadata
        self.language = shown_language(flow.metadata.language, options.script)
        self.labels = labels_in(options.labels)
        self.terms = Terms()
        self.documents = 0
        """How many content documents there have been."""
        self._href = href
        self._prefix = prefix
        self._outline = outline(flow, href)
        self._renderer = Renderer(dialect, options, Links(self._outline.places, images))
        self._aligned = self._align(flow.translation) if flow.translation is not None else None
        self._entries: list[tuple[Entry, bool]] = []
        self._first_title = ""
        self._ids: set[str] = set()
        self._digest = sha1(_NAMESPACE + _fingerprint(flow, options), usedforsecurity=False)

    def _align(self, translation: Translation) -> AlignedTranslation:
        from reader.writers.aligned_translation import AlignedTranslation

        return AlignedTranslation(translation, self.options.layout, self._renderer)

    @property
    def title(self) -> str:
        """The title, in the script shown; complete when the flow has passed."""
        known = (
            self.metadata.title,
            self._first_title,
            self.metadata.source,
            self.labels["untitled"],
        )
        return self.convert(next(title for title in known if title.strip()))

    @property
    def authors(self) -> tuple[str, ...]:
        return tuple(self.convert(name) for name in self.metadata.authors if name.strip())

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

    def convert(self, text: str) -> str:
        """`text` of the metadata in the script shown."""
        return converted(text, self.metadata.language, self.options.script)

    def body_class(self) -> str:
        """Classes of the body: what the style sheet must know of the options."""
        layout = [f"layout-{self.options.layout}"] if self._aligned else []
        return " ".join([f"ruby-{self.options.pinyin}", f"by-{self.options.ruby}", *layout])

    def render(self) -> Iterator[tuple[int, str, Iterator[str]]]:
        """Number, title and markup of each content document; each to be used up before the next."""
        flow = numbered(chunk_blocks(self.flow.blocks))
        for number, items in groupby(flow, key=itemgetter(0)):
            self.documents = number
            chapter = (item for _, item in items)
            first = next(chapter)
            yield number, self._document_title(first), self._document(number, first, chapter)
        rest = self._aligned.rest() if self._aligned else ""
        if rest or not self.documents:
            self.documents += 1
            title = self.labels["translation"]
            tag = self.dialect.tag("h1", class_=ADDED, lang=self.labels.language)
            heading = tag.around(escape(title))
            yield self.documents, title, iter([heading, rest] if rest else [])

    def entries(self) -> list[Entry]:
        """The table of contents of what has passed; one entry at least."""
        titles = sum(is_title for _, is_title in self._entries)
        lower = titles > 1 or (titles == 1 and self.documents == 1)
        found = [
            entry._replace(level=entry.level + 1) if lower and not is_title else entry
            for entry, is_title in self._entries
        ]
        return found or [Entry(self.title, self._href(1))]

    def _document_title(self, first: Chunked) -> str:
        if first.block.kind in (BlockKind.TITLE, BlockKind.HEADING) and first.block.text.strip():
            return shortened(self._renderer.text(first.block))
        return shortened(self.title)

    def _document(self, number: int, first: Chunked, rest: Iterable[Chunked]) -> Iterator[str]:
        """The markup of a content document, in pieces."""
        self._renderer.start_chapter()
        notes = ChapterNotes(
            self.dialect,
            self.options,
            file=self._href(number),
            terms=self.terms,
            prefix=self._prefix(number),
        )
        body = Body(self._renderer, notes, self._aligned, self._other_script(), self._ids)
        for item in chain([first], rest):
            self._digest.update(item.block.text.encode("utf-8", "surrogatepass") + b"\0")
            if item.number not in self._outline.moved:
                yield self._block(number, item, body)
        for item in self._outline.footnotes.get(number, ()):
            yield body.add(item.number, item.block)
        yield body.end()

    def _block(self, number: int, item: Chunked, body: Body) -> str:
        block = item.block
        if block.kind not in (BlockKind.TITLE, BlockKind.HEADING) or not block.text.strip():
            return body.add(item.number, block)
        markup = body.add(item.number, block, f"{self._prefix(number)}h{item.number}")
        is_title = block.kind is BlockKind.TITLE
        label = shortened(self._renderer.text(block))
        if is_title and not self._first_title:
            self._first_title = block.text
        href = f"{self._href(number)}#{body.blocks.last_id}"
        self._entries.append((Entry(label, href, 1 if is_title else block.level), is_title))
        return markup

    def _other_script(self) -> tuple[Script, str] | None:
        return other_script(self.language) if self.options.script is Script.BOTH else None


def _require_characters(metadata: Metadata) -> None:
    """A `WriteError` for what XML cannot hold, wherever in the output it would have stood."""
    for value in (getattr(metadata, each.name) for each in fields(Metadata)):
        for text in (value,) if isinstance(value, str) else value:
            escape(text)


def _fingerprint(flow: Flow, options: RenderOptions) -> bytes:
    """What identifies a book besides its text: metadata, translation, and options off default."""
    usual = RenderOptions()
    chosen = {
        field.name: str(getattr(options, field.name))
        for field in fields(RenderOptions)
        if getattr(options, field.name) != getattr(usual, field.name)
    }
    translation = flow.translation
    beside = [translation.language, *(b.text for b in translation.blocks)] if translation else []
    return repr((flow.metadata, chosen, beside)).encode("utf-8", "surrogatepass")
