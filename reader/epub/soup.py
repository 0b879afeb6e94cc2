"""Tag soup put right where it stands: every tag closed, every attribute quoted."""

from __future__ import annotations

import re
from html.entities import html5

from reader.epub.xhtml import MAX_DEPTH

__all__ = ["mended"]

_TOKEN = re.compile(
    r"(?P<comment><!--(?P<said>.*?)-->)"
    r"|(?P<kept><!\[CDATA\[.*?\]\]>|<\?.*?\?>|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>)"
    r"|</(?P<end>[A-Za-z_][\w:.-]*)[^>]*>"
    r"|<(?P<start>[A-Za-z_][\w:.-]*)(?P<attributes>(?:\"[^\"]*\"|'[^']*'|[^\"'<>]|(?<!=)[\"'])*)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"(?P<space>\s*)(?P<name>[A-Za-z_:][\w:.-]*)(?:\s*=\s*(?P<value>\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?"
)
_VALUE = re.compile(r"\"[^\"]*\"|'[^']*'")
_DECLARATION = re.compile(r"\sxmlns:([\w.-]+)")
_REFERENCE = re.compile(r"&(?:(?P<number>#\d+|#[xX][0-9a-fA-F]+)|(?P<name>[A-Za-z_][\w.-]*))?;|&")
_OWN = {"amp", "lt", "gt", "quot", "apos"}

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
_PREFIX = re.compile(r"(?:^|\s)(?!xml)([A-Za-z_][\w.-]*):")
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


def mended(text: str) -> str:
    """`text` with bare `&` and `<` escaped, HTML's entities as numbers, tags closed and quoted.

    Tags that were right, and everything between them, stay as they were; names in capitals,
    which are no names of XHTML, become small. Prefixes that nothing declares are declared. Raises
    `ValueError` where more than `MAX_DEPTH` elements are left open.

    >>> mended("<ul><li>R&D<br><li class=a>二&nbsp;</ul>")
    '<ul><li>R&amp;D<br/></li><li class="a">二&#160;</li></ul>'
    >>> mended("<P ALIGN=left>好<IMG SRC=a.png></P>")
    '<p align="left">好<img src="a.png"/></p>'
    """
    return _Mender().run(text)


class _Mender:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.open: list[str] = []
        self._root = -1
        """Which part of `out` is the first start tag."""
        self._prefixes: dict[str, None] = {}
        self._declared: set[str] = set()

    def run(self, text: str) -> str:
        for match in _TOKEN.finditer(text):
            if match["text"] is not None:
                self.out.append(_text(match["text"]))
            elif match["kept"]:
                self.out.append(match["kept"])
            elif match["comment"]:
                self.out.append(f"<!--{_comment(match['said'])}-->")
            elif match["end"]:
                self._end(match["end"], match[0])
            else:
                self._start(match["start"], match["attributes"])
        while self.open:
            self._close()
        self._declare()
        return "".join(self.out)

    def _start(self, name: str, attributes: str) -> None:
        name = _small(name)
        lower = name.lower()
        self._imply(lower)
        empty = attributes.rstrip().endswith("/")
        written = _attributes(attributes.rstrip().removesuffix("/") if empty else attributes)
        void = lower in _VOID
        if self._root < 0:
            self._root = len(self.out)
        self._note_prefixes(name, written)
        self.out.append(f"<{name}{written}{'/' if void or empty else ''}>")
        if not void and not empty:
            self.open.append(name)
        if len(self.open) > MAX_DEPTH:
            raise ValueError(f"more than {MAX_DEPTH} elements are open")

    def _note_prefixes(self, name: str, attributes: str) -> None:
        if ":" in name or ":" in attributes:
            bare = _VALUE.sub("", attributes)
            self._declared.update(_DECLARATION.findall(bare))
            self._prefixes |= dict.fromkeys(_PREFIX.findall(f"{name} {bare}"))

    def _declare(self) -> None:
        """Declare on the root what prefixes are used and not declared anywhere."""
        missing = [prefix for prefix in self._prefixes if prefix not in self._declared]
        if missing:
            tag = self.out[self._root]
            spaces = (f' xmlns:{p}="{_NAMESPACES.get(p, f"urn:undeclared:{p}")}"' for p in missing)
            end = -2 if tag.endswith("/>") else -1
            self.out[self._root] = tag[:end] + "".join(spaces) + tag[end:]

    def _imply(self, begun: str) -> None:
        """Close what cannot hold the element that begins."""
        for name in reversed(self.open):
            lower = name.lower()
            if begun in _ENDS.get(lower, ()):
                self._close_to(name)
                return self._imply(begun)
            if lower in _SCOPES:
                return None
        return None

    def _end(self, name: str, raw: str) -> None:
        small = _small(name)
        if small in self.open:
            self._close_to(small, raw if small == name else "")

    def _close_to(self, name: str, raw: str = "") -> None:
        while self.open[-1] != name:
            self._close()
        self._close(raw)

    def _close(self, raw: str = "") -> None:
        name = self.open.pop()
        self.out.append(raw or f"</{name}>")


def _small(name: str) -> str:
    return name.lower() if name.isupper() else name


def _attributes(raw: str) -> str:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(raw):
        name, value = _small(match["name"]), match["value"]
        if name in found:
            continue
        if value is None:
            value = f'"{name}"'
        elif value[0] not in "\"'":
            value = f'"{value}"'
        found[name] = f"{match['space'] or ' '}{name}={_text(value)}"
    return "".join(found.values())


def _text(text: str) -> str:
    if "&" not in text and "<" not in text:
        return text
    return _REFERENCE.sub(_reference, text.replace("<", "&lt;"))


def _reference(match: re.Match[str]) -> str:
    name = match["name"]
    if match["number"] or name in _OWN:
        return match[0]
    value = html5.get(f"{name};") if name else None
    if value is None:
        return "&amp;" + match[0][1:]
    return "".join(f"&#{ord(character)};" for character in value)


def _comment(text: str) -> str:
    while "--" in text:
        text = text.replace("--", "- -")
    return text + " " if text.endswith("-") else text
