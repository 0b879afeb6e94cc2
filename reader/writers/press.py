"""A flow turned into the bodies of content documents, with what is learnt on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from hashlib import sha1
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from reader.epub.navigation import Entry, shortened
from reader.markup import ADDED, escape
from reader.model import BlockKind, Flow, Metadata, Translation
from reader.options import RenderOptions, Script
from reader.writers.body import Body
from reader.writers.chapters import Placed, placed
from reader.writers.labels import converted, labels_in, other_script, shown_language
from reader.writers.notes import ChapterNotes, Terms
from reader.writers.outline import numbered, outline
from reader.writers.xhtml import Dialect, Links, Renderer

if TYPE_CHECKING:
    from reader.writers.companion import Companion

_NAMESPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""Of names that are URLs (RFC 9562, 6.6): any fixed one would do."""


class Press:
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
        self._companion = self._beside(flow.translation) if flow.translation is not None else None
        self._entries: list[tuple[Entry, bool]] = []
        self._first_title = ""
        self._ids: set[str] = set()
        self._digest = sha1(_NAMESPACE + _stated(flow, options), usedforsecurity=False)

    def _beside(self, translation: Translation) -> Companion:
        from reader.writers.companion import Companion

        return Companion(translation, self.options.layout, self._renderer)

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
        layout = [f"layout-{self.options.layout}"] if self._companion else []
        return " ".join([f"ruby-{self.options.pinyin}", f"by-{self.options.ruby}", *layout])

    def documents_of(self) -> Iterator[tuple[int, str, Iterator[str]]]:
        """Number, title and markup of each content document; each to be used up before the next."""
        flow = numbered(placed(self.flow.blocks))
        for number, items in groupby(flow, key=itemgetter(0)):
            self.documents = number
            chapter = (item for _, item in items)
            first = next(chapter)
            yield number, self._document_title(first), self._document(number, first, chapter)
        rest = self._companion.rest() if self._companion else ""
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

    def _document_title(self, first: Placed) -> str:
        if first.block.kind in (BlockKind.TITLE, BlockKind.HEADING) and first.block.text.strip():
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
        body = Body(self._renderer, notes, self._companion, self._other_script(), self._ids)
        for item in chain([first], rest):
            self._digest.update(item.block.text.encode("utf-8", "surrogatepass") + b"\0")
            if item.number not in self._outline.moved:
                yield self._block(number, item, body)
        for item in self._outline.footnotes.get(number, ()):
            yield body.add(item.number, item.block)
        yield body.end()

    def _block(self, number: int, item: Placed, body: Body) -> str:
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
    for value in (getattr(metadata, field.name) for field in fields(Metadata)):
        for text in (value,) if isinstance(value, str) else value:
            escape(text)


def _stated(flow: Flow, options: RenderOptions) -> bytes:
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
