"""A book in the other script: what is not annotated text is converted where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from operator import attrgetter
from xml.parsers import expat

from reader.epub.edits import Edit, spliced
from reader.epub.passages import Passage, Scan
from reader.epub.repair import decode, mend_xml
from reader.epub.xhtml import XHTML, is_chinese, start_tag_end
from reader.errors import SourceError
from reader.markup import escape
from reader.options import Script
from reader.scripts import simplify, to_traditional

__all__ = ["Converter"]

# Simplified “”‘’ and Traditional 「」『』; inside one another they change places in neither.
_QUOTES = {
    Script.SIMPLIFIED: str.maketrans("「」『』﹁﹂﹃﹄", "“”‘’“”‘’"),
    Script.TRADITIONAL: str.maketrans("“”‘’", "「」『』"),
}
_LANGUAGES = {Script.SIMPLIFIED: "zh-Hans", Script.TRADITIONAL: "zh-Hant"}
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


class Converter:
    """Converts text to one script, position by position; quotation marks only if asked."""

    def __init__(self, script: Script, language: str, *, quotes: bool = False) -> None:
        """`language` is the book's own."""
        self.script = script
        self._language = language
        self._table = _QUOTES[script] if quotes else {}

    @property
    def language(self) -> str:
        """The language of the converted text, script and nothing more."""
        return _LANGUAGES[self.script]

    def text(self, text: str) -> str:
        if not _HAN.search(text):
            return text
        if self.script is Script.SIMPLIFIED:
            text = simplify(text)
        elif self._language.startswith("zh-Hans"):
            text = to_traditional(text, self._language)
        return text.translate(self._table) if self._table else text

    def quotes(self, markup: str) -> str:
        """Markup whose text is converted already; its quotation marks may not be."""
        return markup.translate(self._table) if self._table else markup

    def tag(self, language: str) -> str:
        """A language tag of the old text as one of the new: `zh-CN` and `zh-Hant-TW` alike."""
        if "-" not in language or not is_chinese(language):
            return language
        return self.language

    def edits(self, scan: Scan) -> list[Edit]:
        """In a content document, what annotation leaves out: its own ruby, title, attributes."""
        edits = _Markup(scan.source, self, titles={"title"}).edits()
        for passage in scan.passages:
            edits += _ruby_edits(passage, self)
        return edits

    def package(self, data: bytes) -> bytes:
        """A package document with its text in the other script."""
        source = decode(data)
        return source.encode(spliced(source.data, _Markup(source.data, self, package=True).edits()))

    def table(self, data: bytes, name: str) -> tuple[bytes, SourceError | None]:
        """A nav document or NCX with its text in the other script, and what of it was repaired.

        Raises `SourceError` for one that cannot be repaired.
        """
        source = decode(data, name)
        problem = None
        try:
            edits = _Markup(source.data, self, all_text=True).edits()
        except expat.ExpatError as error:
            message = f"not well-formed: {expat.ErrorString(error.code)}"
            problem = SourceError(message, path=name, line=error.lineno)
            source = mend_xml(source, problem)
            edits = _Markup(source.data, self, all_text=True).edits()
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


class _Markup:
    """Text and attributes to be converted, by the bytes where they stand."""

    def __init__(
        self,
        source: bytes,
        converter: Converter,
        *,
        titles: Iterable[str] = (),
        all_text: bool = False,
        package: bool = False,
    ) -> None:
        self._source = source
        self._converter = converter
        self._titles = frozenset(titles)
        self._all_text = all_text
        self._package = package
        self._edits: list[Edit] = []
        self._open: list[tuple[bool, bool]] = [(all_text, False)]
        """Of each open element, whether its text is converted, and whether it is foreign."""

    def edits(self) -> list[Edit]:
        parser = expat.ParserCreate("utf-8", " ")
        parser.DefaultHandler = lambda data: None

        def start(name: str, attributes: dict[str, str]) -> None:
            self._start(name, attributes, parser.CurrentByteIndex)

        def text(data: str) -> None:
            at = parser.CurrentByteIndex
            if self._open[-1] != (True, False):
                return
            raw = data.encode()
            if self._source.startswith(b"&#", at):
                raw = self._source[at : self._source.index(b";", at) + 1]
            if raw.startswith(b"&#") or self._source.startswith(raw, at):
                self._change(at, at + len(raw), data, self._converter.text(data))

        parser.StartElementHandler = start
        parser.EndElementHandler = lambda name: self._end()
        parser.CharacterDataHandler = text
        parser.Parse(self._source, True)
        return self._edits

    def _start(self, name: str, attributes: dict[str, str], at: int) -> None:
        namespace, _, local = name.rpartition(" ")
        shown, foreign = self._open[-1]
        language = attributes.get("lang") or attributes.get(
            "http://www.w3.org/XML/1998/namespace lang"
        )
        if language:
            foreign = not is_chinese(language)
        if self._package:
            shown = (namespace == _DC and local in _PROSE) or (
                local == "meta" and attributes.get("property") in _READ_META
            )
        elif local in _KEPT and namespace in (XHTML, ""):
            shown = False
        elif local in self._titles and namespace in (XHTML, ""):
            shown = True
        self._open.append((shown, foreign))
        if self._package and namespace == _DC and local == "language":
            self._open[-1] = (False, True)
            self._language_at(at)
        if not foreign and attributes:
            self._attributes(at, named=attributes.get("name", "") in _READ_NAMES)

    def _end(self) -> None:
        self._open.pop()

    def _attributes(self, at: int, *, named: bool) -> None:
        tag = self._source[at : start_tag_end(self._source, at)]
        for match in _ATTRIBUTE.finditer(tag):
            name = match[2].decode().lower()
            value = match[4][1:-1].decode()
            if name in _SHOWN or name.endswith(":file-as") or (named and name == "content"):
                new = self._converter.text(value)
            elif name in ("lang", "xml:lang"):
                new = self._converter.tag(value)
            else:
                continue
            self._change(at + match.start(4) + 1, at + match.end(4) - 1, value, new)

    def _language_at(self, at: int) -> None:
        """`dc:language`, whose text is a tag."""
        start = start_tag_end(self._source, at)
        end = self._source.find(b"<", start)
        value = self._source[start:end].decode()
        self._change(start, end, value, self._converter.tag(value.strip()))

    def _change(self, start: int, end: int, old: str, new: str) -> None:
        if new != old:
            self._edits.append((start, end, new.encode()))
