"""A book in the other script: what is not annotated text is converted where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from operator import attrgetter

from reader.annotation import Annotator
from reader.caching import BoundedCache
from reader.epub.edits import Edit, decode, spliced
from reader.epub.passages import Passage, Scan
from reader.epub.repair import mend_xml
from reader.epub.xhtml import LANG, Scanner
from reader.errors import ContainerError, SourceError
from reader.markup import XHTML, escape
from reader.model import Block
from reader.options import Script
from reader.scripts import is_chinese, tag_of

__all__ = ["Converter"]

# Simplified “”‘’ and Traditional 「」『』; inside one another they change places in neither.
_QUOTES = {
    Script.SIMPLIFIED: str.maketrans("「」『』﹁﹂﹃﹄", "“”‘’“”‘’"),
    Script.TRADITIONAL: str.maketrans("“”‘’", "「」『』"),
}
_SHOWN = ("alt", "title", "aria-label", "summary", "label")
"""Attributes that a person reads."""
_ATTRIBUTE = re.compile(rb"(\s)([\w:.-]+)(\s*=\s*)(\"[^\"]*\"|'[^']*')")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff“”‘’「」『』]")
_KEPT = {"script", "style", "code", "pre", "kbd", "samp", "var", "math", "svg"}
# Dublin Core that holds names and prose; the rest are identifiers, dates and types.
_PROSE = {"title", "creator", "contributor", "description", "publisher", "subject", "rights"}
_DC = "http://purl.org/dc/elements/1.1/"
_READ_NAMES = {"calibre:series", "calibre:title_sort"}
"""Names of EPUB 2's `meta` whose `content` a person reads."""
_READ_META = {"title-type", "file-as", "alternate-script", "belongs-to-collection"}


_REMEMBERED = 2_000
"""Texts whose conversion is kept."""


class Converter:
    """Converts text to one script, position by position; quotation marks only if asked."""

    def __init__(
        self, annotator: Annotator, script: Script, language: str, *, quotes: bool = False
    ) -> None:
        """`annotator` is the book's, so that a heading reads in the table of contents as it does
        in its chapter; `language` is that of the converted text."""
        self._annotator = annotator
        # Tables of contents say what headings say.
        self._known: BoundedCache[str, str] = BoundedCache(_REMEMBERED)
        self.script = script
        self.language = language
        self._table = _QUOTES[script] if quotes else {}

    def text(self, text: str) -> str:
        if not _HAN.search(text):
            return text
        known = self._known.get(text)
        if known is None:
            tokens = self._annotator.block(Block(text)).tokens
            known = "".join([getattr(token, self.script.value) for token in tokens])
            self._known.remember(text, known)
        return known.translate(self._table) if self._table else known

    def quotes(self, markup: str) -> str:
        """Markup whose text is converted already; its quotation marks may not be."""
        return markup.translate(self._table) if self._table else markup

    def tag(self, language: str) -> str:
        """A language tag of the old text as one of the new: `zh_CN` and `zh-Hant-TW` alike."""
        if "-" not in tag_of(language) or not is_chinese(language):
            return language
        return self.language

    def edits(self, scan: Scan) -> list[Edit]:
        """In a content document, what annotation leaves out: its own ruby, title, attributes."""
        edits = _Markup.edits_of(scan.source, self, ignored=scan.ignored)
        for passage in scan.passages:
            edits += _ruby_edits(passage, self)
        return edits

    def package(self, data: bytes) -> bytes:
        """A package document with its text in the other script."""
        source = decode(data)
        return source.encode(spliced(source.data, _PackageMarkup.edits_of(source.data, self)))

    def table(self, data: bytes, name: str) -> tuple[bytes, SourceError | None]:
        """A nav document or NCX with its text in the other script, and what of it was repaired.

        Raises `SourceError` for one that cannot be repaired.
        """
        source = decode(data, name)
        problem = None
        try:
            edits = _Markup.edits_of(source.data, self, name, all_text=True)
        except ContainerError:
            raise
        except SourceError as error:
            problem = error
            source = mend_xml(source, problem)
            edits = _Markup.edits_of(source.data, self, name, all_text=True)
        return source.encode(spliced(source.data, edits)), problem


def _ruby_edits(passage: Passage, converter: Converter) -> Iterator[Edit]:
    """Ruby of the book's own, which is not annotated."""
    rubies = [inline for inline in passage.inlines if inline.name == "ruby"]
    if not rubies:
        return
    rubies.sort(key=attrgetter("start"), reverse=True)
    shown = converter.text(passage.text)
    covered = 0
    for piece in passage.pieces:
        while rubies and rubies[-1].start <= piece.start:
            covered = max(covered, rubies.pop().end)
        end = piece.start + len(piece.text)
        if end <= covered and not piece.foreign and not piece.verbatim:
            yield piece.source, piece.end, escape(shown[piece.start : end]).encode()


class _Markup(Scanner):
    """Collects text and attributes to be converted, by the bytes where they stand.

    `all_text` is whether text is converted by itself, as in a table of contents; in a content
    document that of the title is, since the rest of its text is annotated.
    """

    def __init__(
        self,
        source: bytes,
        converter: Converter,
        name: str = "",
        *,
        all_text: bool = False,
        ignored: frozenset[int] = frozenset(),
    ) -> None:
        """`ignored` are bytes of elements that do not say rightly which language they are in."""
        super().__init__(source, name)
        self._ignored = ignored
        self.edits: list[Edit] = []
        self._converter = converter
        self._open = [(all_text, False)]
        """Of each open element, whether its text is converted, and whether it is foreign."""

    @classmethod
    def edits_of(
        cls,
        source: bytes,
        converter: Converter,
        name: str = "",
        *,
        all_text: bool = False,
        ignored: frozenset[int] = frozenset(),
    ) -> list[Edit]:
        """The changes to a document; raises `SourceError` where it is not well-formed."""
        scanner = cls(source, converter, name, all_text=all_text, ignored=ignored)
        scanner.run()
        return scanner.edits

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        shown, foreign = self._open[-1]
        language = attributes.get("lang") or attributes.get(LANG)
        if language and self.at not in self._ignored:
            foreign = not is_chinese(language)
        self._open.append((self._is_shown(namespace, local, attributes, shown), foreign))
        if attributes and not foreign:
            self._convert_attributes(named=attributes.get("name", "") in _READ_NAMES)

    def _is_shown(
        self, namespace: str, name: str, attributes: dict[str, str], around: bool
    ) -> bool:
        """Whether the text of an element is converted; `around` is whether its parent's is."""
        if namespace not in (XHTML, ""):
            return around
        return name not in _KEPT and (around or name == "title")

    def end(self, name: str) -> None:
        self._open.pop()

    def text(self, data: str) -> None:
        if self._open[-1] != (True, False):
            return
        at = self.parser.CurrentByteIndex
        raw = data.encode()
        if self.source.startswith(b"&#", at):
            raw = self.source[at : self.source.index(b";", at) + 1]
        # Where the source spells a character by name, or an entity gives it, it stays as it is.
        if raw.startswith(b"&#") or self.source.startswith(raw, at):
            self._change(at, at + len(raw), data, self._converter.text(data))

    def _convert_attributes(self, *, named: bool) -> None:
        at = self.at
        tag = self.source[at : self.tag_end(at)]
        for match in _ATTRIBUTE.finditer(tag):
            name = match[2].decode().lower()
            value = match[4][1:-1].decode()
            if name in _SHOWN or name.endswith(":file-as") or (named and name == "content"):
                converted = self._converter.text(value)
            elif name in ("lang", "xml:lang"):
                converted = self._converter.tag(value)
            else:
                continue
            self._change(at + match.start(4) + 1, at + match.end(4) - 1, value, converted)

    def _change(self, start: int, end: int, text: str, converted: str) -> None:
        if converted != text:
            self.edits.append((start, end, converted.encode()))


class _PackageMarkup(_Markup):
    """The same of a package document: of its text, what a person reads."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        super().start(name, attributes)
        if name == f"{_DC} language":
            self._open[-1] = (False, True)
            start = self.tag_end(self.at)
            end = self.source.find(b"<", start)
            tag = self.source[start:end].decode()
            self._change(start, end, tag, self._converter.tag(tag.strip()))

    def _is_shown(
        self, namespace: str, name: str, attributes: dict[str, str], around: bool
    ) -> bool:
        if namespace == _DC:
            return name in _PROSE
        return name == "meta" and attributes.get("property") in _READ_META
