"""XHTML read as passages of text, each knowing where in the source its characters stand.

An annotator needs a paragraph's text whole, though tags, comments and page-break markers stand in
it; whoever puts annotation back needs the way from the text to the bytes of the source. `scan`
gives both: the source itself is never rebuilt, so whatever is not touched stays as it was.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from reader.epub.elements import MAX_DEPTH, Role, role_of
from reader.epub.passages import OBJECT, Element, Inline, Passage, Piece, Scan
from reader.errors import ContainerError, SourceError
from reader.scripts import is_wide

__all__ = ["is_chinese", "scan", "start_tag_end"]

XHTML = "http://www.w3.org/1999/xhtml"
OPS = "http://www.idpf.org/2007/ops"
LANG = "http://www.w3.org/XML/1998/namespace lang"
TYPE = f"{OPS} type"

MAX_ENTITY = 1 << 16
"""Characters that an entity declared in the document may stand for."""
MAX_ENTITIES = 1 << 20
"""Characters that all references to such entities may stand for together."""

_PREFIX = re.compile(rb"<([^\s/>:]+:)?")
_START_TAG = re.compile(rb"<[^\"'>]*(?:\"[^\"]*\"[^\"'>]*|'[^']*'[^\"'>]*)*>")
_STRETCH = re.compile("[ \t\n\r]+|>|[^ \t\n\r>]+")
_DIVIDED = re.compile("[ \t\n\r>]")
_SPACE = " \t\n\r"
_CHINESE = re.compile(r"(?:zh|cmn|zho|chi|lzh|gan|hsn|hak|cdo|cjy|mnp|cpx|und|mul)(?:-|$)", re.I)
_NOT_HAN = re.compile(r"-(?:Latn|Bopo|Cyrl|Brai)(?:-|$)", re.I)


def scan(source: bytes, *, language: str = "", force: bool = False, name: str = "") -> Scan:
    """Read a content document in UTF-8; `language` is that of elements that do not say theirs.

    With `force` the whole document is in `language`, whatever its root and body say. Raises
    `SourceError` with `name` and the line for what is not well-formed, `ContainerError` for
    entities that grow beyond `MAX_ENTITY` or `MAX_ENTITIES`. Entities are never fetched; those of
    HTML are known.
    """
    scanner = _Scanner(source, language, force=force)
    try:
        scanner.run()
    except expat.ExpatError as error:
        message = f"not well-formed: {expat.ErrorString(error.code)}"
        raise SourceError(message, path=name or None, line=error.lineno) from error
    except _TooDeep as error:
        raise SourceError(str(error), path=name or None, line=error.line) from error
    except _EntityBomb as error:
        raise ContainerError(str(error), path=name or None) from error
    return scanner.found


def is_chinese(language: str) -> bool:
    """Whether text so declared may be Chinese in Han characters; undeclared text may.

    >>> [is_chinese(tag) for tag in ("", "zh-Hant-TW", "en", "ja", "zh-Latn-pinyin")]
    [True, True, False, False, False]
    """
    if not language:
        return True
    return bool(_CHINESE.match(language)) and not _NOT_HAN.search(language)


def start_tag_end(source: bytes, start: int) -> int:
    """The byte after the start tag that begins at `start`."""
    found = _START_TAG.match(source, start)
    return found.end() if found else start


def _named(entity: str) -> str:
    """What HTML's entity stands for."""
    from html.entities import html5  # two thousand names, which few documents use

    return html5.get(f"{entity};", OBJECT)


class _TooDeep(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(f"elements are nested more than {MAX_DEPTH} deep")
        self.line = line


class _EntityBomb(Exception):
    pass


@dataclass(slots=True)
class _Frame:
    """An open element, and what it means for the text in it."""

    name: str
    attributes: dict[str, str]
    block: bool
    silent: bool
    """Its text is not part of any passage."""
    open: bool
    language: str
    foreign: bool
    """Its language is not Chinese."""
    start: int
    """Offset in the passage where an inline element began."""
    number: int
    """Passages before it: an inline element may go across several."""
    pre: bool = False
    """White space shows as it is."""


class _Scanner:
    """Expat's events turned into passages."""

    def __init__(self, source: bytes, language: str, *, force: bool) -> None:
        self.found = Scan(source)
        self._force = force
        self.source = source
        self._stack: list[_Frame] = [
            _Frame("", {}, True, True, True, language, not is_chinese(language), 0, 0)
        ]
        self._entities: dict[str, str | None] = {}
        self._expanded = 0
        self._cdata = False
        self._title: list[str] = []
        self._root: dict[str, str] = {}
        self._reset()
        self._parser = parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.SkippedEntityHandler = self._skipped
        parser.EntityDeclHandler = self._declare
        parser.EndDoctypeDeclHandler = self._check_entities
        parser.StartNamespaceDeclHandler = self._namespace
        parser.StartCdataSectionHandler = self._start_cdata
        parser.EndCdataSectionHandler = self._end_cdata
        # With a default handler set, expat leaves entities of the document's own unexpanded.
        parser.DefaultHandler = self._default

    def run(self) -> None:
        # The handlers and the parser hold each other; broken here, memory stays flat.
        try:
            self._parser.Parse(self.source, True)
        finally:
            del self._parser

    def _reset(self) -> None:
        self._text: list[str] = []
        self._length = 0
        self._pieces: list[Piece] = []
        self._inlines: list[Inline] = []
        self._space: tuple[int, int, bool] | None = None
        self._after_break = True
        self._line = 0

    # Elements

    def _start(self, name: str, given: dict[str, str]) -> None:
        at = self._parser.CurrentByteIndex
        namespace, _, local = name.rpartition(" ")
        parent = self._stack[-1]
        language, foreign = self._language(local, given, parent)
        role = role_of(local, given) if namespace in (XHTML, "") else Role.OBJECT
        block = role in (Role.BLOCK, Role.CODE)
        if block and not parent.silent:
            self._flush(at, last=False)
        hidden = parent.silent and not (local == "body" and len(self._stack) == 2)
        silent = hidden or role in (Role.SILENT, Role.OBJECT, Role.BREAK)
        if role is Role.OBJECT and not parent.silent:
            self._object(at)
        elif role is Role.BREAK and not parent.silent:
            self._space, self._after_break = None, True
        self._stack.append(
            _Frame(
                local,
                given,
                block,
                silent,
                parent.open and role not in (Role.PROTECTED, Role.CODE),
                language,
                foreign,
                self._length,
                len(self.found.passages),
                parent.pre or (role is Role.CODE and local != "select"),
            )
        )
        if len(self._stack) > MAX_DEPTH:
            raise _TooDeep(self._parser.CurrentLineNumber)
        if len(self._stack) == 2:
            self.found.root_end = start_tag_end(self.source, at)
            self.found.prefixes = self._root
            self.found.language = language
            self.found.known = local == "html" and namespace in (XHTML, "")
            prefix = _PREFIX.match(self.source, at)
            self.found.prefix = (prefix[1] or b"").decode() if prefix else ""
        elif local == "body" and len(self._stack) == 3:
            self.found.body_start = at

    def _language(self, name: str, given: dict[str, str], parent: _Frame) -> tuple[str, bool]:
        """The language of an element, and whether it is a foreign one."""
        language = given.get(LANG, given.get("lang", parent.language)) if given else parent.language
        if language == parent.language or (self._force and name in ("html", "body")):
            return parent.language, parent.foreign
        return language, not is_chinese(language)

    def _end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        frame = self._stack[-1]
        parent = self._stack[-2]
        if frame.name == "title" and parent.name == "head":
            self.found.title = " ".join("".join(self._title).split())
        elif frame.name == "head" and len(self._stack) == 3:
            # Of an element that is empty expat tells where it ends.
            empty = not self.source.startswith(b"</", at)
            self.found.head_end = at - 2 if empty else at
        if frame.block and not frame.silent:
            self._flush(at, last=True)
        elif not parent.silent and not frame.block:
            self._inlines.append(self._inline(frame))
        if frame.name == "body" and len(self._stack) == 3:
            self.found.body_end = at
        self._stack.pop()

    def _inline(self, frame: _Frame) -> Inline:
        """What of an inline element stands in the passage that is being read."""
        start = frame.start if frame.number == len(self.found.passages) else 0
        return Inline(start, self._length, frame.name, frame.attributes)

    def _flush(self, at: int, *, last: bool) -> None:
        """End the passage that is being read."""
        if self._text:
            open_ = [frame for frame in self._stack if not (frame.block or frame.silent)]
            self._inlines += map(self._inline, open_)
            holder = next(frame for frame in reversed(self._stack) if frame.block)
            self.found.passages.append(
                Passage(
                    "".join(self._text),
                    self._pieces,
                    self._inlines,
                    holder.name,
                    holder.attributes,
                    holder.language,
                    tuple([Element(f.name, f.attributes) for f in self._stack[1:]]),
                    at,
                    last,
                    self._line,
                )
            )
        self._reset()

    # Text

    def _characters(self, data: str) -> None:
        frame = self._stack[-1]
        if frame.silent:
            if frame.name == "title":
                self._title.append(data)
            return
        at = self._parser.CurrentByteIndex
        if self._cdata:
            self._stretch(data, at, at + len(data.encode()), cdata=True)
        elif self.source[at] == 0x26:  # &
            self._stretch(data, at, self.source.index(b";", at) + 1, verbatim=True)
        elif frame.pre:
            self._stretch(data, at, at + len(data.encode()), verbatim=True)
        elif data == "\n":
            self._blank(at, at + 1, line=True)
        elif _DIVIDED.search(data):
            self._plain(data, at)
        else:
            self._stretch(data, at, at + len(data.encode()))

    def _plain(self, data: str, at: int) -> None:
        for match in _STRETCH.finditer(data):
            text = match[0]
            end = at + len(text.encode())
            if text[0] in _SPACE:
                self._blank(at, end, line="\n" in text)
            else:
                self._stretch(text, at, end, verbatim=text == ">")
            at = end

    def _stretch(
        self, text: str, at: int, end: int, *, verbatim: bool = False, cdata: bool = False
    ) -> None:
        if self._space is not None:
            self._fill_space(text)
        if not self._text:
            self._line = self._parser.CurrentLineNumber
        frame = self._stack[-1]
        foreign = frame.foreign
        self._add(
            Piece(self._length, text, at, end, frame.open and not foreign, foreign, verbatim, cdata)
        )
        self._after_break = False

    def _add(self, piece: Piece) -> None:
        self._pieces.append(piece)
        self._text.append(piece.text)
        self._length += len(piece.text)

    def _blank(self, at: int, end: int, *, line: bool) -> None:
        """White space: shown as one space or as nothing, which what follows will tell."""
        if self._space is None:
            self._space = (at, end, line)
        elif line:
            self._space = (*self._space[:2], True)

    def _fill_space(self, following: str) -> None:
        if self._space is None:
            return
        at, end, line = self._space
        self._space = None
        if self._after_break:
            return
        if line and is_wide(self._text[-1][-1]) and is_wide(following[0]):
            return  # no space is shown there (CSS Text 3, 4.1.3)
        self._add(Piece(self._length, " ", at, end, open=False, verbatim=True))

    def _object(self, at: int) -> None:
        self._fill_space(OBJECT)
        if not self._text:
            self._line = self._parser.CurrentLineNumber
        self._add(Piece(self._length, OBJECT, at, at, open=False, verbatim=True))
        self._after_break = False

    def _start_cdata(self) -> None:
        self._cdata = True

    def _end_cdata(self) -> None:
        self._cdata = False

    # Entities and namespaces

    def _skipped(self, name: str, parameter: bool) -> None:
        if not parameter:
            self._reference(name)

    def _default(self, data: str) -> None:
        # An external entity's reference comes here; so do comments, which are no text.
        if data.startswith("&") and data.endswith(";"):
            self._reference(data[1:-1])

    def _reference(self, name: str) -> None:
        frame = self._stack[-1]
        value = self._entities.get(name) or _named(name)
        self._expanded += len(value)
        if self._expanded > MAX_ENTITIES:
            raise _EntityBomb(f"the entity {name!r} is used without bound")
        if frame.silent:
            if frame.name == "title":
                self._title.append(value)
            return
        if "<" in value or "&" in value:
            value = OBJECT
        at = self._parser.CurrentByteIndex
        end = self.source.index(b";", at) + 1
        self._fill_space(value)
        self._add(Piece(self._length, value, at, end, open=False, verbatim=True))
        self._after_break = False

    def _declare(self, name: str, parameter: bool, value: str | None, *_: object) -> None:
        if not parameter:
            self._entities[name] = value

    def _check_entities(self) -> None:
        sizes: dict[str, int] = {}
        for name in self._entities:
            try:
                size = self._size(name, sizes)
            except RecursionError:
                size = MAX_ENTITY + 1
            if size > MAX_ENTITY:
                raise _EntityBomb(f"the entity {name!r} grows without bound")

    def _size(self, name: str, sizes: dict[str, int]) -> int:
        """Characters that an entity expands to, at most `MAX_ENTITY` + 1."""
        if name not in sizes:
            sizes[name] = MAX_ENTITY + 1  # found again inside itself: without end
            value = self._entities.get(name) or ""
            inner = re.findall(r"&([^#;&\s]+);", value)
            size = len(value) + sum(self._size(other, sizes) for other in inner)
            sizes[name] = min(size, MAX_ENTITY + 1)
        return sizes[name]

    def _namespace(self, prefix: str | None, uri: str) -> None:
        if len(self._stack) == 1:
            self._root[prefix or ""] = uri
