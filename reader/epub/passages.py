"""XHTML read as passages of text, each knowing where in the source its characters stand.

An annotator needs a paragraph's text whole, though tags, comments and page-break markers stand in
it; whoever puts annotation back needs the way from the text to the bytes of the source. `scan`
gives both.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from reader.epub.xhtml import (
    LANG,
    MAX_DEPTH,
    NO_INLINE,
    OBJECT,
    Role,
    Scanner,
    role_of,
)
from reader.errors import SourceError
from reader.markup import XHTML
from reader.model import Span
from reader.scripts import UNSEEN, has_han, is_chinese, is_han, is_misdeclared, is_wide, tag_of

__all__ = ["Ancestor", "Inline", "Passage", "Piece", "Scan", "scan"]

MAX_ACROSS = 8
"""Inline elements around a block, the innermost, that its passages know of: a stranger's page could
have five hundred, and thousands of blocks in them."""

_OF_XHTML = (XHTML, "")
_STRETCH = re.compile("[ \t\n\r]+|[<>&]|[^ \t\n\r<>&]+")
_DIVIDED = re.compile("[ \t\n\r>]")
_SPACE = " \t\n\r"
_UNSEEN = re.compile(f"[{UNSEEN}]")
_UNSEEN_ALONE = re.compile(f"[{UNSEEN}]+")
_SEEN_OR_NOT = re.compile(f"[{UNSEEN}]+|[^{UNSEEN}]+")


class Piece(NamedTuple):
    """A stretch of a passage's text and the bytes of the source it was read from."""

    start: int
    """Offset in the passage's text."""
    text: str
    source: int
    end: int
    """Bytes `source` to `end` of the scanned source spell `text`."""
    annotatable: bool = True
    """It is Chinese, not code, not ruby already."""
    foreign: bool = False
    """Stands in an element of another language."""
    verbatim: bool = False
    """Spelled otherwise than `text` encoded (a reference): not to be cut or rewritten."""
    cdata: bool = False
    """Stands in a CDATA section, in which markup is text."""
    parent: str = ""
    """Local name of the element that the text stands in, inline elements included."""


@dataclass(frozen=True, slots=True)
class Inline(Span):
    """An inline element on a stretch of the passage's text; zero-width if it has none."""

    name: str
    attributes: dict[str, str]


class Ancestor(NamedTuple):
    """An element around a passage."""

    name: str
    """Local name."""
    attributes: dict[str, str]


@dataclass(slots=True)
class Passage:
    """The text of a paragraph, heading, cell …: white space collapsed as a browser shows it."""

    text: str
    pieces: list[Piece]
    inlines: list[Inline]
    element: str
    """Local name of the block element the text stands in."""
    attributes: dict[str, str]
    language: str
    """As declared on the block or around it, "" if nowhere."""
    around: tuple[Ancestor, ...]
    """The element around the block, if there is one, and the block itself."""
    stop: int
    """Byte of the source where the passage ends: at an end tag or at the next block's start."""
    last: bool
    """Whether `stop` is the end tag of the passage's own element."""
    line: int

    @property
    def is_annotatable(self) -> bool:
        """Whether there is Chinese in it that may be annotated."""
        return any(piece.annotatable and has_han(piece.text) for piece in self.pieces)


@dataclass(slots=True)
class Scan:
    """What there is in one content document."""

    source: bytes
    """The document in UTF-8; every offset is one of its bytes."""
    passages: list[Passage] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    """Namespaces declared on the root element."""
    prefix: str = ""
    """What stands before the names of XHTML's elements, colon included: `h:` in `<h:html>`."""
    is_xhtml: bool = True
    """Whether the root is `html`, of XHTML or of no namespace."""
    root_end: int = 0
    """Byte after the root's start tag."""
    head_end: int = 0
    """Byte of `</head>`, or of the `/>` of a head that is empty; 0 if there is none."""
    body_start: int = 0
    """Byte of `<body>`."""
    body_end: int = 0
    """Byte of `</body>`."""
    language: str = ""
    """Declared on the root element."""
    ignored: frozenset[int] = frozenset()
    """Bytes of elements that say they are in another language, and are in Chinese."""
    misdeclared: Counter[str] = field(default_factory=Counter)
    """How many Chinese characters these hold, by the language that is said."""


def scan(source: bytes, *, language: str = "", force: bool = False, name: str = "") -> Scan:
    """Read a content document in UTF-8; `language` is that of elements that do not say theirs.

    With `force` the whole document is in `language`, whatever its root and body say. An element
    that says of plainly Chinese text that it is in another language is not believed. Raises
    `SourceError` with `name` and the line for what is not well-formed or nested deeper than
    `MAX_DEPTH`, `ContainerError` for entities that grow without bound. Those of HTML are known.
    """
    scanner = _PassageScanner(source, name, language, force=force)
    scanner.run()
    wrong = scanner.misdeclared()
    if wrong:
        # What is Chinese is read as that, whatever an element around it says.
        scanner = _PassageScanner(source, name, language, force=force, ignored=frozenset(wrong))
        scanner.run()
        scanner.scan.ignored = frozenset(wrong)
        for said, characters in wrong.values():
            scanner.scan.misdeclared[said] += characters
    return scanner.scan


@dataclass(slots=True)
class _Frame:
    """An open element, and what it means for the text in it."""

    element: Ancestor
    around: tuple[Ancestor, ...]
    """The element around it, if there is one, and itself."""
    block: bool
    silent: bool
    """Its text is not part of any passage."""
    annotatable: bool
    language: str
    foreign: bool
    """Its language is not Chinese."""
    declared: int
    """Byte of the element that says which language it is in."""
    start: int
    """Offset in the passage where an inline element began."""
    number: int
    """Passages before it: an inline element may go across several."""
    pre: bool = False
    """White space shows as it is."""
    across: int = 0
    """Inline elements around, itself counted."""


class _PassageScanner(Scanner):
    """The scanner's events turned into passages."""

    def __init__(
        self,
        source: bytes,
        name: str,
        language: str,
        *,
        force: bool,
        ignored: frozenset[int] = frozenset(),
    ) -> None:
        """`ignored` are bytes of elements that do not say rightly which language they are in."""
        super().__init__(source, name)
        self.scan = Scan(source)
        self._force = force
        self._ignored = ignored
        self._foreign: dict[int, tuple[str, list[str]]] = {}
        """Text that is not Chinese as its elements say: by the byte of the one that does."""
        outermost = Ancestor("", {})
        foreign = not is_chinese(language)
        self._stack = [_Frame(outermost, (), True, True, True, language, foreign, -1, 0, 0)]
        self._cdata = False
        self._reset()
        self.parser.StartNamespaceDeclHandler = self._namespace
        self.parser.StartCdataSectionHandler = self._start_cdata
        self.parser.EndCdataSectionHandler = self._end_cdata

    def _reset(self) -> None:
        self._text: list[str] = []
        self._length = 0
        self._pieces: list[Piece] = []
        self._inlines: list[Inline] = []
        self._space: tuple[int, int, bool, bool] | None = None
        """White space not yet in the text: its bytes, whether a line ends in it, whether the first
        of it is in CDATA."""
        self._after_break = True
        self._line = 0

    def misdeclared(self) -> dict[int, tuple[str, int]]:
        """Where elements stand that say they are in a language and are in Chinese: that language,
        and how many characters."""
        found = {}
        for at, (language, parts) in self._foreign.items():
            text = "".join(parts)
            if is_misdeclared(language, text):
                found[at] = language, sum(map(is_han, text))
        return found

    # Elements

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        namespace, _, local = name.rpartition(" ")
        role = role_of(local, attributes) if namespace in _OF_XHTML else Role.OBJECT
        depth = len(self._stack)
        if not self._stack[-1].silent:
            self._interrupt(role, at)
        if depth >= MAX_DEPTH:
            line = self.parser.CurrentLineNumber
            message = f"elements are nested more than {MAX_DEPTH} deep"
            raise SourceError(message, path=self.name or None, line=line)
        self._stack.append(self._frame(local, attributes, role, at))
        if depth == 1:
            self._enter_root(namespace, local, at)
        elif local == "body" and depth == 2:
            self.scan.body_start = at

    def _frame(self, name: str, attributes: dict[str, str], role: Role, at: int) -> _Frame:
        parent = self._stack[-1]
        element = Ancestor(name, attributes)
        block = role in (Role.BLOCK, Role.CODE)
        # All is silent until the body begins.
        hidden = parent.silent and not (name == "body" and len(self._stack) == 2)
        silent = hidden or role in (Role.SILENT, Role.OBJECT, Role.BREAK)
        return _Frame(
            element,
            (*parent.around[-1:], element),
            block,
            silent,
            parent.annotatable and role not in (Role.PROTECTED, Role.CODE),
            *self._language(name, attributes, parent, at),
            self._length,
            len(self.scan.passages),
            parent.pre or (role is Role.CODE and name != "select"),
            parent.across + (not (block or silent)),
        )

    def _interrupt(self, role: Role, at: int) -> None:
        """What a start tag does to the passage in which it stands."""
        if role in (Role.BLOCK, Role.CODE):
            self._flush(at, last=False)
        elif role is Role.OBJECT:
            self._begin(OBJECT)
            self._add(Piece(self._length, OBJECT, at, at, annotatable=False, verbatim=True))
        elif role is Role.BREAK:
            self._space, self._after_break = None, True

    def _enter_root(self, namespace: str, local: str, at: int) -> None:
        self.scan.root_end = self.tag_end(at)
        self.scan.language = self._stack[-1].language
        self.scan.is_xhtml = local == "html" and namespace in _OF_XHTML
        self.scan.prefix = self.prefix(at)

    def _language(
        self, name: str, attributes: dict[str, str], parent: _Frame, at: int
    ) -> tuple[str, bool, int]:
        """The language of an element, whether it is foreign, and the byte where that is said."""
        own = attributes.get(LANG, attributes.get("lang")) if attributes else None
        if own is None or at in self._ignored or (self._force and name in ("html", "body")):
            return parent.language, parent.foreign, parent.declared
        return tag_of(own) or own, not is_chinese(own), at

    def end(self, name: str) -> None:
        at = self.parser.CurrentByteIndex
        frame, parent = self._stack[-1], self._stack[-2]
        if frame.block and not frame.silent:
            self._flush(at, last=True)
        elif not parent.silent and not frame.block:
            self._inlines.append(self._inline(frame))
        self._stack.pop()
        if len(self._stack) == 2:
            self._leave_part(frame.element.name, at)

    def _leave_part(self, name: str, at: int) -> None:
        """The end of the head or of the body."""
        if name == "head":
            # Of an element that is empty expat tells where it ends.
            empty = not self.source.startswith(b"</", at)
            self.scan.head_end = at - len(b"/>") if empty else at
        elif name == "body":
            self.scan.body_end = at

    def _inline(self, frame: _Frame) -> Inline:
        """What of an inline element stands in the passage that is being read."""
        start = frame.start if frame.number == len(self.scan.passages) else 0
        return Inline(start, self._length, *frame.element)

    def _flush(self, at: int, *, last: bool) -> None:
        """End the passage that is being read."""
        if self._text:
            across = (f for f in reversed(self._stack) if not (f.block or f.silent))
            count = min(self._stack[-1].across, MAX_ACROSS)
            self._inlines += map(self._inline, [*islice(across, count)][::-1])
            holder = next(frame for frame in reversed(self._stack) if frame.block)
            self.scan.passages.append(
                Passage(
                    "".join(self._text),
                    self._pieces,
                    self._inlines,
                    *holder.element,
                    holder.language,
                    self._stack[-1].around,
                    at,
                    last,
                    self._line,
                )
            )
        self._reset()

    # Text

    def text(self, data: str) -> None:
        frame = self._stack[-1]
        if frame.silent:
            return
        at = self.parser.CurrentByteIndex
        if self._cdata and not frame.pre:
            self._plain(data, at, cdata=True)
        elif self._cdata:
            self._stretch(data, at, at + len(data.encode()), cdata=True)
        # What is spelled otherwise than the text encoded is kept whole: it cannot be cut by offset.
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

    def _plain(self, data: str, at: int, *, cdata: bool = False) -> None:
        # A bare `>` may stand in text but is escaped in markup, so it is a piece of its own; as are
        # `<` and `&` in CDATA, which outside of it are references.
        for match in _STRETCH.finditer(data):
            text = match[0]
            end = at + len(text.encode())
            if text[0] in _SPACE:
                self._blank(at, end, line="\n" in text)
            else:
                self._stretch(text, at, end, verbatim=text in "<>&", cdata=cdata)
            at = end

    def _stretch(
        self, text: str, at: int, end: int, *, verbatim: bool = False, cdata: bool = False
    ) -> None:
        """Text that shows, less what does not behind a Han character: it would cut words."""
        if not _UNSEEN.search(text):
            self._piece(text, at, end, verbatim=verbatim, cdata=cdata)
            return
        parts = [text] if verbatim else _SEEN_OR_NOT.findall(text)
        for part in parts:
            length = end - at if part is text else len(part.encode())
            if not (_UNSEEN_ALONE.fullmatch(part) and self._follows_han()):
                self._piece(part, at, at + length, verbatim=verbatim, cdata=cdata)
            at += length

    def _follows_han(self) -> bool:
        return bool(self._text) and self._space is None and is_han(self._text[-1][-1])

    def _piece(
        self, text: str, at: int, end: int, *, verbatim: bool = False, cdata: bool = False
    ) -> None:
        self._begin(text)
        frame = self._stack[-1]
        foreign = frame.foreign
        if foreign and frame.declared >= 0:
            self._foreign.setdefault(frame.declared, (frame.language, []))[1].append(text)
        parent = frame.element.name
        annotatable = frame.annotatable and not foreign and parent not in NO_INLINE
        self._add(Piece(self._length, text, at, end, annotatable, foreign, verbatim, cdata, parent))

    def _begin(self, following: str) -> None:
        """Before something that shows: the space before it, and the line where a passage begins."""
        if self._space is not None:
            self._fill_space(following)
        if not self._text:
            self._line = self.parser.CurrentLineNumber
        self._after_break = False

    def _add(self, piece: Piece) -> None:
        self._pieces.append(piece)
        self._text.append(piece.text)
        self._length += len(piece.text)

    def _blank(self, at: int, end: int, *, line: bool) -> None:
        """White space: shown as one space or as nothing, which what follows will tell."""
        if self._space is None:
            self._space = (at, end, line, self._cdata)
        elif line:
            self._space = (*self._space[:2], True, self._space[3])

    def _fill_space(self, following: str) -> None:
        if self._space is None:
            return
        at, end, line, cdata = self._space
        self._space = None
        if self._after_break:
            return
        if line and is_wide(self._text[-1][-1]) and is_wide(following[0]):
            return  # no space is shown there (CSS Text 3, 4.1.3)
        piece = Piece(self._length, " ", at, end, annotatable=False, verbatim=True, cdata=cdata)
        self._add(piece)

    def _start_cdata(self) -> None:
        self._cdata = True

    def _end_cdata(self) -> None:
        self._cdata = False

    def reference(self, value: str) -> None:
        if self._stack[-1].silent:
            return
        if "<" in value or "&" in value:
            value = OBJECT
        if _UNSEEN_ALONE.fullmatch(value) and self._follows_han():
            return
        at = self.parser.CurrentByteIndex
        end = self.source.index(b";", at) + 1
        self._begin(value)
        self._add(Piece(self._length, value, at, end, annotatable=False, verbatim=True))

    def _namespace(self, prefix: str | None, uri: str) -> None:
        if len(self._stack) == 1:
            self.scan.prefixes[prefix or ""] = uri
