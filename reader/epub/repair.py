"""Content documents that are not quite XML, as well-formed XHTML in UTF-8."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple, TypeVar

from reader.epub.edits import Source, decode
from reader.epub.passages import Scan, scan
from reader.epub.xhtml import MAX_DEPTH, Scanner
from reader.errors import ContainerError, SourceError
from reader.markup import XML_FORBIDDEN, etree, safe_parser
from reader.scripts import is_han

__all__ = ["Tree", "mend_xml", "mended", "read_tree", "read_xhtml", "repair"]

_DECLARATION_OF_XML = re.compile(rb"\A<\?xml\s[^?>]*+\?>")
_BEFORE_DECLARATION = re.compile(r"\A[\s\ufeff]+(?=<\?xml\s)")
_START_TAG = re.compile(
    r"""<(?P<name>[A-Za-z_][\w:.-]*+)
        (?P<attributes>(?>(?:
            [^"'<>=]++
          | =(?:\s*+"[^"]*+"|\s*+'[^']*+'|(?!["']))   # a value ends at its own quotation mark
          | ["']                                     # elsewhere one is a character like others
        )*))>""",
    re.VERBOSE,
)
_END_TAG = re.compile(r"</(?P<name>[A-Za-z_][\w:.-]*+)")
_TAG_CLOSE = re.compile(">")
# What is kept as it is: how it begins and how it ends.
_COMMENT = "<!--"
_KEPT = (
    (re.compile(_COMMENT), re.compile("-->")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
)
_DOCTYPE = re.compile("<!DOCTYPE", re.IGNORECASE)
_DOCTYPE_STOP = re.compile(r"[>\[]")
_SUBSET_END = re.compile(r"\]\s*+>")
_ATTRIBUTE = re.compile(
    r"(?P<space>\s*+)(?P<name>[A-Za-z_:][\w:.-]*+)"
    r"(?>(?:\s*+=\s*+(?P<value>\"[^\"]*+\"|'[^']*+'|[^\s\"'>]++))?)"
)
_NO_ATTRIBUTE = re.compile(r"\s*+\S")
_VALUE = re.compile(r"\"[^\"]*+\"|'[^']*+'")
_DECLARATION = re.compile(r"\sxmlns:([\w.-]+)")
_PREFIX = re.compile(r"(?:^|\s)(?!xml)([A-Za-z_][\w.-]*+):")
_REFERENCE = re.compile(r"&(?:(?P<number>#\d+|#[xX][0-9a-fA-F]+)|(?P<name>[A-Za-z_][\w.-]*+))?;|&")
_XML_ENTITIES = {"amp", "lt", "gt", "quot", "apos"}

_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
# An element that ends where one of these begins, as browsers read HTML.
_ENDS = {
    "p": frozenset(
        "address article aside blockquote details div dl fieldset figcaption figure footer form h1 "
        "h2 h3 h4 h5 h6 header hr li main nav ol p pre section table ul dt dd td th tr".split()
    ),
    "li": frozenset({"li"}),
    "dt": frozenset({"dt", "dd"}),
    "dd": frozenset({"dt", "dd"}),
    "td": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "th": frozenset({"td", "th", "tr", "tbody", "tfoot"}),
    "tr": frozenset({"tr", "tbody", "tfoot"}),
    "option": frozenset({"option", "optgroup"}),
    "head": frozenset({"body"}),
}
_ENDED_BY = {
    begun: [name for name, ends in _ENDS.items() if begun in ends]
    for begun in frozenset().union(*_ENDS.values())
}
_NAMESPACES = {
    "epub": "http://www.idpf.org/2007/ops",
    "m": "http://www.w3.org/1998/Math/MathML",
    "o": "urn:schemas-microsoft-com:office:office",
    "svg": "http://www.w3.org/2000/svg",
    "v": "urn:schemas-microsoft-com:vml",
    "w": "urn:schemas-microsoft-com:office:word",
    "xlink": "http://www.w3.org/1999/xlink",
}
"""Of prefixes that documents use without declaring them; others get a name of no meaning."""
# Where the search for an element to end stops.
_SCOPES = frozenset("table ul ol dl body html div blockquote section td th li".split())


_Read = TypeVar("_Read")


class Tree(NamedTuple):
    """A content document as a tree of elements."""

    root: etree._Element
    entities: dict[str, str]
    """What entities stand for that the document declares: in the tree they are nodes."""


def read_xhtml(
    data: bytes, *, name: str, language: str = "", force: bool = False
) -> tuple[Source, Scan, SourceError | None]:
    """A content document scanned; where it was not well-formed, repaired, with what was wrong.

    `language` and `force` are `scan`'s. Raises `SourceError` when the document cannot be
    repaired, `ContainerError` for entity bombs.
    """
    return _read(data, name, partial(scan, language=language, force=force, name=name))


def read_tree(data: bytes, *, name: str) -> tuple[Tree, SourceError | None]:
    """A content document as a tree, repaired as by `read_xhtml`, whose errors it raises."""
    _, tree, problem = _read(data, name, partial(_tree, name=name))
    return tree, problem


def _read(
    data: bytes, name: str, read: Callable[[bytes], _Read]
) -> tuple[Source, _Read, SourceError | None]:
    source = decode(data, name)
    try:
        return source, read(source.data), None
    except ContainerError:
        raise
    except SourceError as error:
        repaired = repair(source.data.decode(), error).encode()
        source = Source(repaired, source.bom, source.codec)
        return source, read(source.data), error


def _tree(source: bytes, *, name: str) -> Tree:
    scanner = Scanner(source, name)
    scanner.run()
    # Decoded already, whatever it declares.
    body = _DECLARATION_OF_XML.sub(b"", source, count=1)
    try:
        root = etree.fromstring(body, safe_parser(huge=True))
    except etree.XMLSyntaxError as error:
        message = f"cannot be read: {error.msg}"
        raise SourceError(message, path=name or None, line=error.lineno) from error
    return Tree(root, scanner.entities)


def repair(text: str, error: SourceError) -> str:
    """`text` well-formed, what browsers make of it kept; raises `error` when that fails.

    Tags are put right where they stand, so that all else stays as it was. What that does not
    mend is left to libxml2's HTML parser, which is believed only if no Chinese character is lost.
    """
    repaired = _tried(mended, text) or _tried(_recovered_html, text)
    if not repaired:
        raise error
    return repaired


def mend_xml(source: Source, error: SourceError) -> Source:
    """`source`, XML of any kind, with its tags put right; raises `error` where that fails."""
    candidate = _tried(mended, source.data.decode())
    if not candidate:
        raise error
    return Source(candidate.encode(), source.bom, source.codec)


def _tried(mend: Callable[[str], str], text: str) -> str:
    """What `mend` makes of `text`; "" where that is ill-formed or lacks Chinese of the text."""
    try:
        candidate = mend(_allowed(text))
        Scanner(candidate.encode()).run()
    except (SourceError, ValueError):
        return ""
    return candidate if _han(candidate) == _han(text) else ""


def _allowed(text: str) -> str:
    """`text` without what cannot stand in XML, or not there."""
    return _BEFORE_DECLARATION.sub("", re.sub(XML_FORBIDDEN, "", text), count=1)


def _recovered_html(text: str) -> str:
    # An encoding declaration would contradict the bytes given here.
    body = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = etree.fromstring(body.encode(), etree.HTMLParser(no_network=True, encoding="utf-8"))
    except (etree.XMLSyntaxError, ValueError):
        return ""
    if root is None:
        return ""
    tree = root.getroottree()
    declaration = text[: len(text) - len(body)]
    return declaration + str(etree.tostring(tree, encoding="unicode"))


def _han(text: str) -> int:
    return sum(map(is_han, text))


# Tags put right where they stand


def mended(text: str) -> str:
    """`text` with bare `&` and `<` escaped, HTML's entities as numbers, tags closed and quoted.

    Tags that were right, and everything between them, stay as they were; names in capitals,
    which are no names of XHTML, become small. Prefixes that nothing declares are declared. The
    time grows with the length of the text alone. Raises `ValueError` where more than `MAX_DEPTH`
    elements are left open.

    >>> mended("<ul><li>R&D<br><li class=a>二&nbsp;</ul>")
    '<ul><li>R&amp;D<br/></li><li class="a">二&#160;</li></ul>'
    >>> mended("<P ALIGN=left>好<IMG SRC=a.png></P>")
    '<p align="left">好<img src="a.png"/></p>'
    """
    return _Mender(text).run()


class _Mender:
    """Goes through the tokens of a text (HTML, 13.2.5) and writes each as XML has it.

    Patterns are possessive, so a token is found or not without trying twice, and what ends one is
    searched for once (`_find`): a stranger's text may begin ten thousand comments and end none.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._searched: dict[re.Pattern[str], tuple[int, re.Match[str] | None]] = {}
        self._out: list[str] = []
        self._open: list[str] = []
        self._places: dict[str, list[int]] = {}
        """For each name, in small letters, where in `_open` it stands."""
        self._root = -1
        """Which part of `_out` is the first start tag."""
        self._prefixes: dict[str, None] = {}
        self._declared: set[str] = set()

    def run(self) -> str:
        at = 0
        while at < len(self._text):
            at = self._run_of_text(at) or self._tag(at) or self._kept(at) or self._lone(at)
        while self._open:
            self._close()
        self._declare_prefixes()
        return "".join(self._out)

    # Tokens: each method gives the end of what it wrote, or 0 where the token is another one.

    def _run_of_text(self, at: int) -> int:
        end = self._text.find("<", at)
        end = len(self._text) if end < 0 else end
        if end == at:
            return 0
        self._out.append(_escaped(self._text[at:end]))
        return end

    def _tag(self, at: int) -> int:
        tag = _START_TAG.match(self._text, at)
        if tag:
            self._start(tag["name"], tag["attributes"])
            return tag.end()
        tag = _END_TAG.match(self._text, at)
        close = self._find(_TAG_CLOSE, tag.end()) if tag else None
        if tag is None or close is None:
            return 0
        self._end(tag["name"], self._text[at : close.end()])
        return close.end()

    def _kept(self, at: int) -> int:
        """A comment, a CDATA section, a processing instruction, a document type."""
        for opening, ending in _KEPT:
            begun = opening.match(self._text, at)
            ended = self._find(ending, begun.end()) if begun else None
            if begun and ended:
                inner = self._text[begun.end() : ended.start()]
                inner = _comment(inner) if begun[0] == _COMMENT else inner
                self._out.append(begun[0] + inner + ended[0])
                return ended.end()
        begun = _DOCTYPE.match(self._text, at)
        ended = self._find(_DOCTYPE_STOP, begun.end()) if begun else None
        if ended and ended[0] == "[":
            ended = self._find(_SUBSET_END, ended.end())
        if ended is None:
            return 0
        self._out.append(self._text[at : ended.end()])
        return ended.end()

    def _lone(self, at: int) -> int:
        self._out.append("&lt;")
        return at + 1

    def _find(self, pattern: re.Pattern[str], start: int) -> re.Match[str] | None:
        """Where `pattern` stands next; no stretch of the text is searched twice for it."""
        since, match = self._searched.get(pattern, (start + 1, None))
        if start < since or (match is not None and match.start() < start):
            match = pattern.search(self._text, start)
            self._searched[pattern] = start, match
        return match

    # Elements

    def _start(self, name: str, attributes: str) -> None:
        # A void element's end tag is written with its start; one that follows ends nothing.
        name = _lower(name)
        void = name.lower() in _VOID
        self._close_before(name.lower())
        attributes = attributes.rstrip()
        # Also after a value without quotation marks, to which a browser would count it.
        empty = attributes.endswith("/")
        written = _attributes(attributes.removesuffix("/"))
        if self._root < 0:
            self._root = len(self._out)  # written again when all prefixes are known
        self._note_prefixes(name, written)
        self._out.append(f"<{name}{written}{'/' if void or empty else ''}>")
        if not void and not empty:
            self._places.setdefault(name.lower(), []).append(len(self._open))
            self._open.append(name)
        if len(self._open) > MAX_DEPTH:
            raise ValueError(f"more than {MAX_DEPTH} elements are open")

    def _close_before(self, begun: str) -> None:
        """Close what cannot hold the element that begins."""
        names = _ENDED_BY.get(begun, ())
        while (last := self._innermost(names)) >= max(0, self._innermost(_SCOPES)):
            while len(self._open) > last:
                self._close()

    def _innermost(self, names: Iterable[str]) -> int:
        """Where in `_open` the last element of one of these names stands, -1 if none is open."""
        return max((self._places[n][-1] for n in names if self._places.get(n)), default=-1)

    def _end(self, name: str, raw: str) -> None:
        lower = _lower(name)
        if lower in self._open:
            self._close_to(lower, raw if lower == name else "")

    def _close_to(self, name: str, raw: str = "") -> None:
        while self._open[-1] != name:
            self._close()
        self._close(raw)

    def _close(self, raw: str = "") -> None:
        name = self._open.pop()
        self._places[name.lower()].pop()
        self._out.append(raw or f"</{name}>")

    # Prefixes

    def _note_prefixes(self, name: str, attributes: str) -> None:
        if ":" in name or ":" in attributes:
            bare = _VALUE.sub("", attributes)
            self._declared.update(_DECLARATION.findall(bare))
            self._prefixes |= dict.fromkeys(_PREFIX.findall(f"{name} {bare}"))

    def _declare_prefixes(self) -> None:
        """Declare on the root what prefixes are used and not declared anywhere."""
        missing = [prefix for prefix in self._prefixes if prefix not in self._declared]
        if missing:
            tag = self._out[self._root]
            spaces = (f' xmlns:{p}="{_NAMESPACES.get(p, f"urn:undeclared:{p}")}"' for p in missing)
            end = -2 if tag.endswith("/>") else -1
            self._out[self._root] = tag[:end] + "".join(spaces) + tag[end:]


def _lower(name: str) -> str:
    return name.lower() if name.isupper() else name


def _attributes(raw: str) -> str:
    """The attributes of a tag, each once, with a value in quotation marks."""
    written: dict[str, str] = {}
    at = 0
    while match := _ATTRIBUTE.match(raw, at) or _NO_ATTRIBUTE.match(raw, at):
        at = match.end()
        if match.re is _NO_ATTRIBUTE:
            continue
        name, value = _lower(match["name"]), match["value"]
        if name in written:
            continue
        if value is None:
            value = f'"{name}"'
        elif value[0] not in "\"'":
            value = f'"{value}"'
        written[name] = f"{match['space'] or ' '}{name}={_escaped(value)}"
    return "".join(written.values())


def _escaped(text: str) -> str:
    if "&" not in text and "<" not in text:
        return text
    return _REFERENCE.sub(_reference, text.replace("<", "&lt;"))


def _reference(match: re.Match[str]) -> str:
    from html.entities import html5  # two thousand names, which few documents use

    name = match["name"]
    if match["number"] or name in _XML_ENTITIES:
        return match[0]
    value = html5.get(f"{name};") if name else None
    if value is None:
        return "&amp;" + match[0][1:]
    return "".join(f"&#{ord(character)};" for character in value)


def _comment(text: str) -> str:
    while "--" in text:
        text = text.replace("--", "- -")
    return text + " " if text.endswith("-") else text
