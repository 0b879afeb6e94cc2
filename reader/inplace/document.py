"""Annotation put into one content document, by offset, and nothing else changed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from reader.annotation import Annotator
from reader.epub.edits import Edit, free_prefix, spliced
from reader.epub.passages import Passage, Piece, Scan
from reader.epub.xhtml import OBJECT
from reader.inplace.aligned import Answer, Companion, below, translation_after
from reader.inplace.check import Check
from reader.inplace.dialect import EPUB_NAMESPACE, NAMESPACE, STYLE, BookDialect
from reader.markup import OPS, escape
from reader.model import Block, BlockKind, Span
from reader.options import Layout, Notes, RenderOptions, Script
from reader.scripts import has_han, is_han
from reader.writers.notes import ChapterNotes, Terms
from reader.writers.xhtml import Renderer

if TYPE_CHECKING:
    from reader.inplace.conversion import Converter

__all__ = ["Inserted", "Inserter"]

_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(rb"<(/?)(?=[a-z])")
_TITLE = 60
"""Code points of its text that a document without a head gets as its title."""
_NO_LINKS = {"a", "button", "label", "summary", "audio", "video"}
"""Elements that may not hold a link."""
_HEADING = re.compile("h[1-6]")


@dataclass(slots=True)
class Inserted:
    """An annotated content document."""

    data: bytes
    terms: Terms
    words: int = 0
    """Words that have a reading."""
    changed: bool = False


class Inserter:
    """Annotates the content documents of one book, one by one."""

    def __init__(
        self,
        annotator: Annotator,
        options: RenderOptions,
        *,
        epub2: bool,
        language: str = "zh-Hans",
        converter: Converter | None = None,
        translated: str = "",
    ) -> None:
        """`language` is the text's; `converter` is to the script that `options` shows, if any.

        `translated` is the language of answers.
        """
        self._annotator = annotator
        self._language = language
        self._converter = converter
        self._translated = translated
        self._options = options
        self._epub2 = epub2
        self._renderers: dict[tuple[str, bool], tuple[Renderer, Check]] = {}

    def insert(
        self,
        scan: Scan,
        *,
        css: str,
        file: str,
        linked: bool = True,
        answers: Mapping[int, Answer] | None = None,
    ) -> Inserted:
        """The scanned document annotated; `css` is our stylesheet, `file` itself, as references.

        Where not `linked` there are no notes: nothing may refer to a document outside the spine,
        itself included. `answers` are parts of a translation by the number of their passage.
        Terms come back with references to their places. A document with nothing to annotate
        comes back as it was.
        """
        terms = Terms()
        found = Inserted(scan.source, terms)
        if not scan.body_end or not scan.is_xhtml:
            return found
        renderer, check = self._renderer(scan)
        renderer.start_chapter()
        dialect = renderer.dialect
        assert isinstance(dialect, BookDialect)
        options = self._options
        if not linked:
            options = replace(options, notes=Notes.NONE, layout=Layout.INTERLEAVED)
        notes = ChapterNotes(dialect, options, file=file, terms=terms, prefix=dialect.prefix)
        later: list[str] = []
        edits: list[Edit] = []
        for number, passage, block in self._annotated(scan):
            found.words += len([None for token in block.tokens if token.reading is not None])
            answer = answers.get(number) if answers else None
            if answer is None:
                edits += self._passage(passage, block, scan.source, renderer, notes, {})
                continue
            beside = Companion(passage, scan.source, dialect, self._translated, answer)
            edits += self._passage(passage, block, scan.source, renderer, notes, beside.cuts())
            edits += beside.edits(options.layout, notes, later)
        if self._converter is not None:
            edits += self._converter.edits(scan)
        if edits:
            edits += _frame(
                scan, dialect, css, translation_after(dialect, later, notes.labels) + notes.asides()
            )
            found.data = spliced(scan.source, _prefixed(edits, scan.prefix))
            found.changed = True
            check(found.data, file)
        return found

    def _renderer(self, scan: Scan) -> tuple[Renderer, Check]:
        prefix = free_prefix(scan.source)
        typed = scan.prefixes.get("epub", OPS) == OPS
        if (prefix, typed) not in self._renderers:
            dialect = BookDialect(epub2=self._epub2, prefix=prefix, typed=typed)
            check = Check(dialect, self._options.notation)
            self._renderers[prefix, typed] = Renderer(dialect, self._options), check
        return self._renderers[prefix, typed]

    def _passage(
        self,
        passage: Passage,
        block: Block,
        source: bytes,
        renderer: Renderer,
        notes: ChapterNotes,
        inside: Mapping[int, str],
    ) -> list[Edit]:
        """What has to be done to annotate a passage; `inside` is markup to stand at offsets."""
        pieces = passage.pieces
        starts = [piece.start for piece in pieces]
        bounds = [*starts, len(passage.text)]
        if inside:
            bounds = sorted({*bounds, *inside})
        barred = [inline for inline in passage.inlines if inline.name in _NO_LINKS]
        shown = renderer.ranges(block, bounds, notes, barred=barred)
        if self._converter is not None:
            shown = [self._converter.quotes(markup) for markup in shown]
        if inside:
            shown = _gathered(bounds, starts, shown, inside)
        edits = [
            edit
            for piece, markup in zip(pieces, shown, strict=True)
            if piece.annotatable and (edit := _edit(piece, markup, source))
        ]
        if self._options.script is Script.BOTH:
            edits.append(self._other_script(passage, block, source, renderer))
        return edits

    def _other_script(
        self, passage: Passage, block: Block, source: bytes, renderer: Renderer
    ) -> Edit:
        """The passage in the other script, below it."""
        simplified = self._language.startswith("zh-Hans")
        face, language = ("traditional", "zh-Hant") if simplified else ("simplified", "zh-Hans")
        converted = "".join([getattr(token, face) for token in block.tokens])
        # What is foreign was hidden from the annotator, and stays as it is.
        text = "".join(
            own if new == OBJECT else new for own, new in zip(passage.text, converted, strict=True)
        ).replace(OBJECT, "")
        return below(passage, source, renderer.dialect, "other", language, escape(text))

    def _annotated(self, scan: Scan) -> Iterator[tuple[int, Passage, Block]]:
        """Each passage that can be annotated, with its number and as an annotated block."""
        wanted = [
            (n, passage) for n, passage in enumerate(scan.passages) if is_annotatable(passage)
        ]
        blocks = [_block(passage) for _, passage in wanted]
        annotated = self._annotator.annotate(blocks)
        for (number, passage), block in zip(wanted, annotated, strict=True):
            yield number, passage, _fitting(passage, block)


def _block(passage: Passage) -> Block:
    """A passage as a block; what is foreign in it cannot be part of a word."""
    text = passage.text
    if any(piece.foreign for piece in passage.pieces):
        text = "".join(
            _hidden(piece.text) if piece.foreign else piece.text for piece in passage.pieces
        )
    kind = BlockKind.HEADING if _HEADING.fullmatch(passage.element) else BlockKind.PARAGRAPH
    return Block(text, kind)


def _fitting(passage: Passage, block: Block) -> Block:
    """The annotated block without notes on what may not be annotated."""
    if not block.notes:
        return block
    starts = [piece.start for piece in passage.pieces]
    kept = [note for note in block.notes if _is_open(passage.pieces, starts, note)]
    return block if len(kept) == len(block.notes) else replace(block, notes=tuple(kept))


def is_annotatable(passage: Passage) -> bool:
    """Whether there is Chinese in a passage that may be annotated."""
    return any(piece.annotatable and has_han(piece.text) for piece in passage.pieces)


def _is_open(pieces: Sequence[Piece], starts: Sequence[int], span: Span) -> bool:
    """Whether all `pieces` that a span touches may be annotated; they begin at `starts`."""
    first = bisect_right(starts, span.start) - 1
    return all(piece.annotatable for piece in pieces[first : bisect_left(starts, span.end)])


def _hidden(text: str) -> str:
    """`text` with nothing in it that could be part of a word, as long as before."""
    return "".join([OBJECT if is_han(character) else character for character in text])


def _gathered(
    bounds: list[int], starts: list[int], shown: list[str], inside: Mapping[int, str]
) -> list[str]:
    """Markup between `bounds` as markup of the pieces at `starts`, with what stands `inside`."""
    gathered: list[str] = []
    first = set(starts)
    for bound, markup in zip(bounds, shown, strict=False):
        if bound in first:
            gathered.append(markup)
        else:
            gathered[-1] += inside[bound] + markup
    return gathered


def _edit(piece: Piece, markup: str, source: bytes) -> Edit | None:
    """What has to be done so that a piece's bytes become `markup`."""
    if "<" not in markup and markup == escape(piece.text):
        return None
    if piece.verbatim:
        markup = _as_spelled(markup, escape(piece.text), source[piece.source : piece.end].decode())
    if piece.cdata:
        markup = f"]]>{markup}<![CDATA["
    return piece.source, piece.end, markup.encode()


def _as_spelled(markup: str, text: str, raw: str) -> str:
    """`markup` with its base text spelled as the source does (`&#20013;` for 中)."""
    parts = _TAG.split(markup)
    if text in parts:
        parts[parts.index(text)] = raw
    return "".join(parts)


def _frame(scan: Scan, dialect: BookDialect, css: str, asides: str) -> list[Edit]:
    """The link to the stylesheet, the notes, and the namespace that their types need."""
    edits: list[Edit] = []
    class_ = STYLE
    if dialect.typed and asides and "epub" not in scan.prefixes:
        class_ = f"{STYLE} {EPUB_NAMESPACE}"
        edits.append((scan.root_end - 1, scan.root_end - 1, NAMESPACE))
    link = dialect.void("link", class_=class_, rel="stylesheet", type="text/css", href=css)
    edits.append(_linked(scan, dialect, link))
    if asides:
        edits.append((scan.body_end, scan.body_end, asides.encode()))
    return edits


def _linked(scan: Scan, dialect: BookDialect, link: str) -> Edit:
    """The link in the head; a head that is empty is opened, one that is missing is made."""
    at = scan.head_end
    if not at:
        title = escape(scan.passages[0].text[:_TITLE].strip())
        head = dialect.tag("head").around(dialect.tag("title").around(title), link)
        return scan.body_start, scan.body_start, head.encode()
    if scan.source.startswith(b"/>", at):
        return at, at + 2, f">{link}</head>".encode()
    return at, at, link.encode()


def _prefixed(edits: list[Edit], prefix: str) -> list[Edit]:
    """`edits` with XHTML's prefix, in a document that has one, before each name of ours."""
    if not prefix:
        return edits
    name = rb"<\1" + prefix.encode()
    return [(start, end, _NAME.sub(name, new)) for start, end, new in edits]
