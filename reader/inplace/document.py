"""One content document annotated: its text out, its annotation in by offset, and nothing else.

The text of each passage is annotated as a block; the renderer gives its markup between the offsets
at which the passage's pieces begin; and each piece's bytes in the source become its markup.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from reader.annotation import Annotator
from reader.epub.edits import Edit, free_prefix, spliced
from reader.epub.passages import Passage, Piece, Scan
from reader.epub.xhtml import BLOCKS, OBJECT
from reader.inplace.aligned import PassageTranslation, TranslationEdits, below, closing_section
from reader.inplace.dialect import (
    EPUB_NAMESPACE,
    NAMESPACE,
    STYLE,
    BookDialect,
    Check,
    held_stops,
    held_words,
    without_ruby,
)
from reader.inplace.drop_caps import capped_passages, drop_cap
from reader.markup import OPS, escape
from reader.model import Block, BlockKind, DocumentWarning, Span
from reader.options import Gloss, Layout, Notes, RenderOptions, Script
from reader.scripts import is_han
from reader.writers.notes import ChapterNotes, Terms
from reader.writers.pages import dictionary_credit
from reader.writers.policy import shows_glosses
from reader.writers.xhtml import Renderer

if TYPE_CHECKING:
    from reader.inplace.conversion import Converter

__all__ = ["AnnotatedDocument", "DocumentAnnotator", "block_of"]

_TAG = re.compile(r"(<[^<>]*+>)")
_NAME = re.compile(rb"<(/?)(?=[a-z])")
_TITLE = 60
"""Code points of its text that a document without a head gets as its title."""
_NO_LINKS = {"a", "button", "label", "summary", "audio", "video"}
"""Elements that may not hold a link."""
_HEADING = re.compile("h[1-6]")
_BACK = re.compile(r"\s{0,9}+[↩⤴↑⏎]\ufe0e?\s{0,9}+\Z")
"""The end of a note that leads back: it is no text."""
_MATH = re.compile(rb"<((?:[\w-]+:)?math)\b[^<>]*+(?<!/)>(?P<inner>.*?)</\1\s*>", re.DOTALL)
_ID = re.compile(rb"""\s(?:xml:)?id\s*=\s*(?:"[^"]*"|'[^']*')""")
_NOT_TRANSLATED = PassageTranslation()


class _Tools(NamedTuple):
    """What writes the markup of documents in one dialect."""

    dialect: BookDialect
    renderer: Renderer
    check: Check
    without_ruby: Callable[[str], str]
    held: Callable[[str], str]
    """What keeps together what a line could break between: stops and their words, long words."""

    def set(self, markups: list[str], capped: int) -> list[str]:
        """The markups as they are to be set, of which the first `capped` are of a drop cap."""
        plain = list(map(self.without_ruby, markups[:capped]))
        markups = [*plain, *markups[capped:]] if plain else markups
        return list(map(self.held, markups))


@dataclass(slots=True)
class AnnotatedDocument:
    """What became of a content document."""

    data: bytes
    terms: Terms = field(default_factory=Terms)
    """Glossary terms in it, with references to their places."""
    words: int = 0
    """Words that have a reading."""
    changed: bool = False
    warnings: list[DocumentWarning] = field(default_factory=list)
    """Those of annotation; their blocks are numbers of passages."""


class DocumentAnnotator:
    """Annotates the content documents of one book, one by one."""

    def __init__(
        self,
        annotator: Annotator,
        options: RenderOptions,
        *,
        epub2: bool,
        language: str = "zh-Hans",
        converter: Converter | None = None,
        translation_language: str = "",
    ) -> None:
        """`language` is the text's; `converter` is to the script that `options` shows, if any."""
        self._annotator = annotator
        self._options = options
        self._epub2 = epub2
        self._language = language
        self._converter = converter
        self._translation_language = translation_language
        self._tools: dict[tuple[str, bool], _Tools] = {}

    def annotate(
        self,
        scan: Scan,
        *,
        css: str,
        name: str,
        linked: bool = True,
        translations: Mapping[int, PassageTranslation] | None = None,
        drop_caps: Sequence[str] = (),
    ) -> AnnotatedDocument:
        """The scanned document annotated; one with nothing to annotate comes back as it was.

        `css` is how it refers to our stylesheet, `name` how a glossary refers to it. Where not
        `linked` there are no notes: nothing may refer to a document outside the spine, itself
        included. `translations` are parts of a translation by the number of their passage,
        `drop_caps` the selectors of elements whose first letter floats.
        """
        result = AnnotatedDocument(scan.source, Terms(self._annotator.traditional))
        if not scan.body_end or not scan.is_xhtml:
            return result
        tools = self._tools_for(scan)
        tools.renderer.start_chapter()
        dialect = tools.dialect
        options = self._options if linked else _unlinked(self._options)
        notes = ChapterNotes(dialect, options, file=name, terms=result.terms, prefix=dialect.prefix)
        at_end: list[str] = []
        edits: list[Edit] = []
        capped = capped_passages(scan, drop_caps) if drop_caps else frozenset()
        for number, passage, block in self._annotated(scan, result.warnings):
            result.words += len([None for token in block.tokens if token.reading is not None])
            translation = TranslationEdits(
                (translations or {}).get(number, _NOT_TRANSLATED),
                passage,
                scan.source,
                dialect,
                self._translation_language,
            )
            cap = drop_cap(passage.text) if number in capped else 0
            inside = translation.cuts()
            edits += self._passage(passage, block, scan.source, tools, notes, inside, cap)
            edits += translation.edits(options.layout, notes, at_end)
        # Annotated text comes converted from the renderer; this is all the rest.
        if self._converter is not None:
            edits += self._converter.edits(scan)
        if [*edits, *at_end]:
            added = closing_section(dialect, at_end, notes.labels) + notes.end()
            added += self._credit(dialect, notes)
            edits += _frame(scan, dialect, css, added)
            result.data = spliced(scan.source, _prefixed(edits, scan.prefix))
            result.changed = True
            tools.check(result.data, name)
        return result

    def _credit(self, dialect: BookDialect, notes: ChapterNotes) -> str:
        """Whose glosses the document shows, if it does."""
        if not shows_glosses(self._options):
            return ""
        return dictionary_credit(dialect, notes.labels, self._options)

    def _tools_for(self, scan: Scan) -> _Tools:
        """What writes markup with a document's prefix, and remembers that of all such documents."""
        prefix = free_prefix(scan.source)
        typed = scan.prefixes.get("epub", OPS) == OPS
        if (prefix, typed) not in self._tools:
            dialect = BookDialect(epub2=self._epub2, prefix=prefix, typed=typed)
            renderer = Renderer(dialect, self._options)
            form = renderer.form
            boxes = self._epub2 or form.stands_beside
            held = held_stops(dialect, form) if boxes else held_words(dialect, form)
            check, plain = Check(dialect, form), without_ruby(dialect, form)
            self._tools[prefix, typed] = _Tools(dialect, renderer, check, plain, held)
        return self._tools[prefix, typed]

    def _annotated(
        self, scan: Scan, warnings: list[DocumentWarning]
    ) -> Iterator[tuple[int, Passage, Block]]:
        """Each passage that can be annotated, with its number and as an annotated block."""
        passages = [(n, p) for n, p in enumerate(scan.passages) if p.is_annotatable]
        blocks = self._annotator.annotate([block_of(passage) for _, passage in passages])
        for warning in self._annotator.warnings:
            number = None if warning.block is None else passages[warning.block][0]
            warnings.append(replace(warning, block=number))
        for (number, passage), block in zip(passages, blocks, strict=True):
            yield number, passage, _without_barred_notes(passage, block)

    def _passage(
        self,
        passage: Passage,
        block: Block,
        source: bytes,
        tools: _Tools,
        notes: ChapterNotes,
        inside: Mapping[int, str],
        cap: int,
    ) -> list[Edit]:
        """What has to be done to annotate a passage; `inside` is markup to stand at offsets.

        The first `cap` code points are a drop cap.
        """
        starts = [piece.start for piece in passage.pieces]
        bounds = [*starts, len(passage.text)]
        if inside or cap:
            bounds = sorted({*bounds, *inside, cap})
        markups = tools.renderer.ranges(block, bounds, notes, barred=_barred(passage))
        markups = tools.set(markups, bisect_left(bounds, cap))
        if self._converter is not None:
            markups = [self._converter.quotes(markup) for markup in markups]
        if inside or cap:
            markups = _by_piece(bounds, starts, markups, inside)
        edits = _edits(passage.pieces, markups, source, tools.dialect)
        if self._options.script is Script.BOTH:
            edits += self._other_script(passage, block, source, tools.dialect)
        return edits

    def _other_script(
        self, passage: Passage, block: Block, source: bytes, dialect: BookDialect
    ) -> list[Edit]:
        """The passage in the other script, below it, unless it is the same."""
        simplified = self._language.startswith("zh-Hans")
        script, language = "simplified", "zh-Hans"
        if simplified:
            script, language = "traditional", self._annotator.traditional or "zh-Hant"
        converted = "".join([getattr(token, script) for token in block.tokens])
        if converted == block.text:
            return []
        # What is foreign was hidden from the annotator, and stays as it is.
        text = "".join(
            own if new == OBJECT else new for own, new in zip(passage.text, converted, strict=True)
        )
        text = _BACK.sub("", text)
        markup = "".join(
            _formula(source, piece.source, dialect)
            if piece.text == OBJECT
            else escape(text[piece.start : piece.start + len(piece.text)].replace(OBJECT, ""))
            for piece in passage.pieces
        )
        return [below(passage, source, dialect, "other", language, markup)]


def _formula(source: bytes, at: int, dialect: BookDialect) -> str:
    """The formula that begins at a byte, to be shown once more; "" where something else does."""
    match = _MATH.match(source, at)
    # Whatever is in it, as a formula in a formula, is left out rather than torn.
    if match is None or b"math" in match["inner"] or b"&" in match["inner"]:
        return ""
    markup = _ID.sub(b"", match[0]).decode()
    # EPUB 2 has no formulas.
    return _TAG.sub("", markup) if dialect.epub2 else markup


def _unlinked(options: RenderOptions) -> RenderOptions:
    """The options for a document to which nothing may refer."""
    gloss = Gloss.NONE if options.gloss is Gloss.NOTES else options.gloss
    return replace(options, notes=Notes.NONE, layout=Layout.INTERLEAVED, gloss=gloss)


def _barred(passage: Passage) -> list[Span]:
    """Where no word may refer to a note: in links, and where markup made for it is not used."""
    links = [inline for inline in passage.inlines if inline.name in _NO_LINKS]
    kept = [piece for piece in passage.pieces if not piece.annotatable and piece.text]
    return [*links, *(Span(piece.start, piece.start + len(piece.text)) for piece in kept)]


def block_of(passage: Passage) -> Block:
    """A passage as a block; what is foreign in it cannot be part of a word."""
    text = passage.text
    if any(piece.foreign for piece in passage.pieces):
        text = "".join(
            _hidden(piece.text) if piece.foreign else piece.text for piece in passage.pieces
        )
    kind = BlockKind.HEADING if _HEADING.fullmatch(passage.element) else BlockKind.PARAGRAPH
    return Block(text, kind)


def _hidden(text: str) -> str:
    """`text` with nothing in it that could be part of a word, as long as before."""
    return "".join([OBJECT if is_han(character) else character for character in text])


def _without_barred_notes(passage: Passage, block: Block) -> Block:
    """The annotated block without notes on what may not be annotated."""
    if not block.notes:
        return block
    starts = [piece.start for piece in passage.pieces]
    kept = [note for note in block.notes if _is_annotatable(passage.pieces, starts, note)]
    return block if len(kept) == len(block.notes) else replace(block, notes=tuple(kept))


def _is_annotatable(pieces: Sequence[Piece], starts: Sequence[int], span: Span) -> bool:
    """Whether all `pieces` that a span touches may be annotated; they begin at `starts`."""
    first = bisect_right(starts, span.start) - 1
    return all(piece.annotatable for piece in pieces[first : bisect_left(starts, span.end)])


def _by_piece(
    bounds: Sequence[int], starts: Sequence[int], markups: Sequence[str], inside: Mapping[int, str]
) -> list[str]:
    """Markup between `bounds` as markup of the pieces at `starts`, with what stands `inside`."""
    joined: list[str] = []
    begins_piece = set(starts)
    for bound, markup in zip(bounds, markups, strict=False):  # the last bound is the end
        if bound in begins_piece:
            joined.append(markup)
        else:
            joined[-1] += inside.get(bound, "") + markup
    return joined


def _edits(
    pieces: Sequence[Piece], markups: Sequence[str], source: bytes, dialect: BookDialect
) -> list[Edit]:
    """What has to be done so that the bytes of pieces become their markup."""
    edits: list[Edit] = []
    for piece, markup in zip(pieces, markups, strict=True):
        if not piece.annotatable or ("<" not in markup and markup == escape(piece.text)):
            continue
        if piece.verbatim and not piece.cdata:
            raw = source[piece.source : piece.end].decode()
            markup = _as_spelled(markup, escape(piece.text), raw)
        if piece.parent in BLOCKS:
            markup = dialect.holder(piece.parent).around(markup)
        if piece.cdata:
            # Tags are no tags in CDATA: the section is ended before them and goes on behind.
            markup = f"]]>{markup}<![CDATA["
        edits.append((piece.source, piece.end, markup.encode()))
    return edits


def _as_spelled(markup: str, text: str, raw: str) -> str:
    """`markup` with its base text spelled as the source does (`&#20013;` for 中)."""
    parts = _TAG.split(markup)
    if text in parts:
        parts[parts.index(text)] = raw
    return "".join(parts)


def _frame(scan: Scan, dialect: BookDialect, css: str, added: str) -> list[Edit]:
    """The link to the stylesheet, what stands at the end, and the namespace that its types need."""
    edits: list[Edit] = []
    class_ = STYLE
    if dialect.typed and added and "epub" not in scan.prefixes:
        class_ = f"{STYLE} {EPUB_NAMESPACE}"
        # The root is never empty here, so its tag ends with a single `>`.
        edits.append((scan.root_end - 1, scan.root_end - 1, NAMESPACE))
    link = dialect.void("link", class_=class_, rel="stylesheet", type="text/css", href=css)
    edits.append(_linked(scan, dialect, link))
    if added:
        edits.append((scan.body_end, scan.body_end, added.encode()))
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
