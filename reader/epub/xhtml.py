"""XML and XHTML read where they stand: the scanner, which knows the byte of everything it sees.

Nothing here rebuilds a document. Whoever changes one asks for the bytes of what is to change and
splices (`reader.epub.edits`), so whatever is not touched stays as it was. No other module runs a
parser over XHTML, or looks for tags in it by patterns: in a stranger's file a pattern finds tags
in comments, and may take time that grows with the square of what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto
from xml.parsers import expat

from reader.errors import ContainerError, SourceError
from reader.markup import OPS, XML
from reader.model import BlockKind, DocumentWarning, MarkKind

__all__ = [
    "BLOCKS",
    "BLOCK_KINDS",
    "HEADINGS",
    "LANG",
    "MARK_KINDS",
    "MAX_DEPTH",
    "NO_INLINE",
    "OBJECT",
    "TYPE",
    "Element",
    "Role",
    "Scanner",
    "elements",
    "foreign_warning",
    "html_entity",
    "require_well_formed",
    "role_of",
]

LANG = f"{XML} lang"
TYPE = f"{OPS} type"
"""Names of attributes as the scanner tells them: the namespace, a space, the local name."""

OBJECT = "\ufffc"
"""Stands in text for an image, a formula, an entity of unknown value: no word goes across it."""

NO_INLINE = frozenset(("table", "dl", "hgroup"))
"""Blocks in which text by itself is a fault already, and no element could hold a word of it."""

MAX_DEPTH = 512
"""How deep elements may be nested, as in browsers: what is read grows with the square of it."""

MAX_ENTITY = 1 << 16
"""Characters that an entity declared in the document may stand for."""
MAX_ENTITIES = 1 << 20
"""Characters that all references to such entities may stand for together."""

_START_TAG = re.compile(rb"<[^\"'>]*+(?>(?:\"[^\"]*+\"[^\"'>]*+|'[^']*+'[^\"'>]*+)*)>")
_PREFIX = re.compile(rb"<([^\s/>:]+:)?")
_REFERENCE = re.compile(r"&([^#;&\s]+);")


class Scanner:
    """Expat's events, each with the byte of the source at which it stands.

    A subclass says what they mean: it overrides `start`, `end`, `text` and `reference`. Names are
    a namespace, a space and a local name; only the latter where there is no namespace. No entity is
    fetched; those that grow beyond `MAX_ENTITY` or `MAX_ENTITIES` are refused.
    """

    def __init__(self, source: bytes, name: str = "") -> None:
        """`source` is in UTF-8; `name` is the document's, for messages."""
        self.source = source
        self.name = name
        self.parser = parser = expat.ParserCreate("utf-8", " ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        # With a default handler set, expat leaves entities of the document's own unexpanded.
        parser.DefaultHandler = self._other
        parser.SkippedEntityHandler = self._skipped
        parser.EntityDeclHandler = self._declare
        parser.EndDoctypeDeclHandler = self._check_entities
        # Expat's own guard is that of its version, from 2.4 on; this one is always the same.
        self._entities: dict[str, str | None] = {}
        self._expanded = 0

    def run(self) -> None:
        """Read the source once.

        Raises `SourceError` where it is not well-formed, `ContainerError` for entities that grow
        without bound.
        """
        try:
            self.parser.Parse(self.source, True)
        except expat.ExpatError as error:
            raise _ill_formed(error, self.name) from error
        finally:
            # The handlers and the parser hold each other; broken here, memory stays flat.
            del self.parser

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A start tag, or an empty element, whose `end` follows."""

    def end(self, name: str) -> None:
        """An end tag; of an empty element this stands behind its tag."""

    def text(self, data: str) -> None:
        """Some of the text: expat divides it at line ends and references."""

    def reference(self, value: str) -> None:
        """A reference to an entity that is none of XML's five, and what that stands for."""

    @property
    def entities(self) -> dict[str, str]:
        """What the entities that the document declares itself stand for, where that is text."""
        values = {name: value for name, value in self._entities.items() if value}
        return {name: value for name, value in values.items() if not {"<", "&"} & set(value)}

    @property
    def at(self) -> int:
        """The byte at which the event stands."""
        return self.parser.CurrentByteIndex

    def prefix(self, start: int) -> str:
        """What stands before the name in the tag that begins at `start`, colon included."""
        prefix = _PREFIX.match(self.source, start)
        return (prefix[1] or b"").decode() if prefix else ""

    def tag_end(self, start: int) -> int:
        """The byte after the tag that begins at `start`: of a `>` in an attribute none is."""
        tag = _START_TAG.match(self.source, start)
        return tag.end() if tag else start

    # Entities

    def _other(self, data: str) -> None:
        # A reference to an entity of the document's own comes here; so do comments and the rest.
        if data.startswith("&") and data.endswith(";"):
            self._refer(data[1:-1])

    def _skipped(self, name: str, parameter: bool) -> None:
        if not parameter:
            self._refer(name)

    def _refer(self, name: str) -> None:
        value = self._entities.get(name) or html_entity(name)
        self._expanded += len(value)
        if self._expanded > MAX_ENTITIES:
            raise self._entity_bomb(name, "is used without bound")
        self.reference(value)

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
                raise self._entity_bomb(name, "grows without bound")

    def _size(self, name: str, sizes: dict[str, int]) -> int:
        """Characters that an entity expands to, at most `MAX_ENTITY` + 1."""
        if name not in sizes:
            sizes[name] = MAX_ENTITY + 1  # met again inside itself: without end
            value = self._entities.get(name) or ""
            size = len(value) + sum(self._size(n, sizes) for n in _REFERENCE.findall(value))
            sizes[name] = min(size, MAX_ENTITY + 1)
        return sizes[name]

    def _entity_bomb(self, name: str, fault: str) -> ContainerError:
        return ContainerError(f"the entity {name!r} {fault}", path=self.name or None)


def html_entity(name: str) -> str:
    """What HTML's entity stands for; `OBJECT` if it has none of that name."""
    from html.entities import html5  # two thousand names, which few documents use

    return html5.get(f"{name};", OBJECT)


def require_well_formed(source: bytes, name: str) -> None:
    """Raise `SourceError` where a document, of whatever DTD, is not well-formed."""
    parser = expat.ParserCreate("utf-8")
    # As if there were a DTD elsewhere: entities that nothing declares are no error then.
    parser.UseForeignDTD(True)
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise _ill_formed(error, name) from error


def _ill_formed(error: expat.ExpatError, name: str) -> SourceError:
    message = f"not well-formed: {expat.ErrorString(error.code)}"
    return SourceError(message, path=name or None, line=error.lineno)


@dataclass(slots=True)
class Element:
    """An element of a small document: `start` to `end` with its tags, `inner` to `close` without.

    Offsets are bytes of the source.
    """

    name: str
    """Local name."""
    namespace: str
    prefix: str
    """What stands before the name in the source, colon included."""
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0
    parts: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its own text, without that of its children."""
        return "".join(self.parts)

    def walk(self) -> Iterator[Element]:
        """Itself and all elements in it, in the order of their start tags."""
        waiting = [self]  # no recursion: a stranger's elements may be nested without end
        while waiting:
            element = waiting.pop()
            yield element
            waiting += reversed(element.children)

    def find(self, name: str) -> Element | None:
        """The first element of that local name, itself included."""
        return next((element for element in self.walk() if element.name == name), None)


def elements(source: bytes, *, name: str = "") -> Element:
    """The root element of `source`, XML in UTF-8 that is small; raises `SourceError`.

    >>> root = elements(b'<a><b>1</b></a>')
    >>> [(e.name, e.start, e.inner, e.close, e.end) for e in root.walk()]
    [('a', 0, 3, 11, 15), ('b', 3, 6, 7, 11)]
    """
    scanner = _Elements(source, name)
    scanner.run()
    return scanner.root


class _Elements(Scanner):
    def __init__(self, source: bytes, name: str) -> None:
        super().__init__(source, name)
        self._open: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.at  # every event's place is asked of expat while it lasts
        namespace, _, local = name.rpartition(" ")
        element = Element(local, namespace, self.prefix(at), attributes, at, self.tag_end(at))
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)

    def end(self, name: str) -> None:
        element = self._open.pop()
        if self.source.endswith(b"/>", element.start, element.inner):
            element.close = element.end = element.inner
        else:
            element.close = self.at
            element.end = self.source.index(b">", element.close) + 1

    def text(self, data: str) -> None:
        self._open[-1].parts.append(data)


def foreign_warning(language: str, characters: int, place: str = "") -> DocumentWarning:
    """That a text is read though it is said to be in a language that it is not in."""
    unit = "character stands" if characters == 1 else "characters stand"
    message = (
        f"{place}{characters:,} Chinese {unit} where the language is said to be {language}; "
        "read as Chinese"
    )
    return DocumentWarning(message, "foreign-language")


class Role(Enum):
    INLINE = auto()
    BLOCK = auto()
    """Begins and ends a passage."""
    CODE = auto()
    """A block that is never annotated."""
    PROTECTED = auto()
    """Inline text that its neighbours are read with, but that is never annotated itself."""
    OBJECT = auto()
    """Something that is not text: no word goes across it."""
    BREAK = auto()
    """A line break: words go across it, white space beside it does not show."""
    SILENT = auto()
    """Not text of the passage, and not in the way of a word: a page number, a comment."""


BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav "
    "ol optgroup option p pre search section select summary table tbody td tfoot th thead tr ul "
    "listing xmp".split()
)

_ROLES = (
    dict.fromkeys(BLOCKS, Role.BLOCK)
    | dict.fromkeys(("pre", "listing", "xmp", "select"), Role.CODE)
    | dict.fromkeys(("code", "kbd", "samp", "tt", "ruby", "button"), Role.PROTECTED)
    | dict.fromkeys(("var",), Role.PROTECTED)
    | dict.fromkeys(
        "img svg math object embed iframe canvas audio video input textarea picture "
        "progress meter applet".split(),
        Role.OBJECT,
    )
    | dict.fromkeys(
        "head title script style template noscript rt rp rtc datalist map area "
        "colgroup col wbr".split(),
        Role.SILENT,
    )
    | {"br": Role.BREAK}
)

# What an element is in a document, for the sources that read pages and books.
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BLOCK_KINDS = {
    "blockquote": BlockKind.QUOTATION,
    "figcaption": BlockKind.CAPTION,
    "caption": BlockKind.CAPTION,
    **dict.fromkeys(("li", "dd"), BlockKind.LIST_ITEM),
    **dict.fromkeys(("pre", "listing", "xmp"), BlockKind.CODE),
}
MARK_KINDS = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), MarkKind.EMPHASIS),
    **dict.fromkeys(("strong", "b"), MarkKind.STRONG),
    **dict.fromkeys(("u", "ins"), MarkKind.UNDERLINE),
    **dict.fromkeys(("s", "del", "strike"), MarkKind.STRIKE),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), MarkKind.CODE),
    "sup": MarkKind.SUPERSCRIPT,
    "sub": MarkKind.SUBSCRIPT,
}

# Marks in the text that are not of it: printed page numbers, references to notes.
_MARKERS = {"pagebreak", "noteref", "doc-pagebreak", "doc-noteref"}


def role_of(name: str, attributes: dict[str, str]) -> Role:
    """The role of an XHTML element by its local name and attributes.

    >>> role_of("span", {"role": "doc-pagebreak"})
    <Role.SILENT: 7>
    """
    role = _ROLES.get(name, Role.INLINE)
    if attributes and role is not Role.OBJECT:
        kinds = f"{attributes.get('role', '')} {attributes.get(TYPE, '')}"
        if kinds != " " and not _MARKERS.isdisjoint(kinds.split()):
            return Role.SILENT
    return role
