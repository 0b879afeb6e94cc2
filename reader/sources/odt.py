"""Texts of OpenDocument (LibreOffice Writer), by way of the HTML that they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from reader.epub.container import Container, parse_xml
from reader.errors import ContainerError, SourceError
from reader.markup import etree
from reader.model import Document, Metadata, Resource
from reader.options import Limits, SourceOptions
from reader.sources.html import with_front
from reader.sources.html_blocks import Page, read_page
from reader.sources.html_inline import IMAGE_TYPES, Images
from reader.sources.losses import BACKLINKS, Losses

__all__ = ["read_odt"]

_LIMITS = Limits(total=512 << 20, member=256 << 20, ratio=200, members=10_000)
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_MOST_SPACES = 100
_DEEPEST = 200


def read_odt(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in `data`: headings, emphasis, lists, tables, footnotes, links, ruby, pictures.

    Comments and deleted text are counted in warnings. Raises `ContainerError` for a zip file that
    is damaged, hostile or no OpenDocument text, `SourceError` for one without text.
    """
    losses = Losses(made=[BACKLINKS])
    with Container(data, _LIMITS, path=path) as container:
        if "content.xml" not in container:
            raise ContainerError("is no OpenDocument text: content.xml is missing", path=path)
        content = parse_xml(container.read("content.xml"), "content.xml", path)
        metadata = _metadata(container, path)
        styles = _styles(content)
        if "styles.xml" in container:
            styles = _styles(parse_xml(container.read("styles.xml"), "styles.xml", path)) | styles
        body = content.find(f"{_OFFICE}body/{_OFFICE}text")
        if body is None:
            raise SourceError("is no text: a spreadsheet or a presentation", path=path)
        images = _Pictures(container)
        root = _Page(styles, losses).of(body)
        language = options.language or metadata.language
        page = Page(root, language=language, lined=False)
        blocks, warnings = read_page(page, images, losses, dropped=0)
    if not any(block.text.strip() for block in blocks):
        raise SourceError("holds no text", path=path)
    metadata, blocks = with_front(metadata, blocks, options, path)
    return Document(metadata, blocks, None, warnings, images.resources)


class _Pictures(Images):
    """The pictures that are in the file; what is drawn or charted in it is named in a warning."""

    def __init__(self, container: Container) -> None:
        super().__init__(None)
        self._container = container

    def file(self, name: str) -> Resource | str:
        kind = IMAGE_TYPES.get(PurePosixPath(name).suffix.lower())
        if kind is None:
            return "not an image that books can show"
        name = name.removeprefix("./")
        if name not in self._container:
            return "no such file"
        return self.keep(PurePosixPath(name).name, kind, self._container.read(name))


def _metadata(container: Container, path: Path | None) -> Metadata:
    if "meta.xml" not in container:
        return Metadata()
    root = parse_xml(container.read("meta.xml"), "meta.xml", path)
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter("{*}*")}
    author = found.get("initial-creator", "") or found.get("creator", "")
    return Metadata(
        found.get("title", ""),
        (author,) if author else (),
        date=found.get("creation-date", "")[:10],
        description=found.get("description", ""),
    )


def _styles(root: etree._Element) -> dict[str, tuple[str, ...]]:
    """The elements of HTML that each style of characters or paragraphs stands for."""
    styles: dict[str, tuple[str, ...]] = {}
    for style in root.iter(f"{_STYLE}style"):
        name = style.get(f"{_STYLE}name", "")
        known = [*_named(name), *_named(style.get(f"{_STYLE}parent-style-name", ""))]
        properties = style.find(f"{_STYLE}text-properties")
        if properties is not None:
            known += _emphasis(properties)
        styles[name] = tuple(dict.fromkeys(known))
    return styles


def _named(name: str) -> list[str]:
    """What the names of LibreOffice's own styles say."""
    return {"Title": ["h1"], "Quotations": ["blockquote"], "Emphasis": ["em"]}.get(
        name, ["strong"] if name == "Strong_20_Emphasis" else []
    )


def _emphasis(properties: etree._Element) -> Iterator[str]:
    if properties.get(f"{_FO}font-weight") == "bold":
        yield "strong"
    if properties.get(f"{_FO}font-style") == "italic":
        yield "em"
    if properties.get(f"{_STYLE}text-underline-style", "none") != "none":
        yield "u"
    if properties.get(f"{_STYLE}text-line-through-style", "none") != "none":
        yield "s"
    position = properties.get(f"{_STYLE}text-position", "")
    if position.startswith(("super", "sub")):
        yield "sup" if position.startswith("super") else "sub"


_BLOCKS: Mapping[str, str] = {
    f"{_TEXT}list": "ul",
    f"{_TEXT}list-item": "li",
    f"{_TEXT}list-header": "li",
    f"{_TEXT}section": "div",
    f"{_TEXT}numbered-paragraph": "div",
    f"{_TABLE}table": "table",
    f"{_TABLE}table-row": "tr",
    f"{_TABLE}table-cell": "td",
    f"{_TEXT}ruby": "ruby",
    f"{_TEXT}ruby-text": "rt",
    f"{_TEXT}a": "a",
}
"""Elements of HTML for those of OpenDocument that are but another name."""
_HOLDS = frozenset((f"{_TEXT}p", f"{_TEXT}h", f"{_TEXT}list", f"{_TABLE}table"))
_LEFT_OUT: Mapping[str, str] = {
    f"{_OFFICE}annotation": "comments",
    f"{_TEXT}tracked-changes": "deleted text",
    f"{_TEXT}sequence-decls": "",
    f"{_OFFICE}forms": "forms",
    f"{_TEXT}note-citation": "",
    f"{_TEXT}table-of-content": "table of contents",
}


class _Page:
    """Makes the HTML of a text, element by element."""

    def __init__(self, styles: Mapping[str, tuple[str, ...]], losses: Losses) -> None:
        self._styles = styles
        self._losses = losses
        self._notes: list[etree._Element] = []

    def of(self, body: etree._Element) -> etree._Element:
        root = etree.Element("body")
        self._fill(body, root, 0)
        for note in self._notes:
            root.append(note)
        return root

    def _fill(self, element: etree._Element, into: etree._Element, depth: int) -> None:
        """The content of an element, in `into`."""
        parts = [element.text]
        for child in element:
            if child.tag in _SIGNS:
                parts.append(_SIGNS[child.tag](child))
            elif isinstance(child.tag, str):
                _text(into, parts)
                self._child(child, into, depth + 1)
            parts.append(child.tail)
        _text(into, parts)

    def _child(self, child: etree._Element, into: etree._Element, depth: int) -> None:
        name = str(child.tag)
        if name in _LEFT_OUT or depth > _DEEPEST:
            self._losses.add(_LEFT_OUT.get(name, "nested too deeply"), _words(child))
        elif name == f"{_TEXT}line-break":
            etree.SubElement(into, "br")
        elif name == f"{_TEXT}note":
            self._note(child, into, depth)
        elif name == f"{_DRAW}frame":
            self._frame(child, into, depth)
        elif name == f"{_TEXT}h":
            level = min(5, max(1, _integer(child.get(f"{_TEXT}outline-level"), 1)))
            self._fill(child, etree.SubElement(into, f"h{level + 1}"), depth)
        elif name in (f"{_TEXT}p", f"{_TEXT}span"):
            self._styled(child, into, depth)
        elif name in _BLOCKS:
            made = etree.SubElement(into, _BLOCKS[name])
            if made.tag == "a":
                made.set("href", child.get(_LINK, ""))
            self._fill(child, made, depth)
        else:
            blocks = any(each.tag in _HOLDS for each in child)
            self._fill(child, etree.SubElement(into, "div" if blocks else "span"), depth)

    def _frame(self, frame: etree._Element, into: etree._Element, depth: int) -> None:
        """A picture, a thing of another program, of which there may be a picture, or a text."""
        names = (f"{_SVG}desc", f"{_SVG}title")
        alt = next(filter(None, (_words(each) for each in frame.iterchildren(*names))), "")
        images = [image.get(_LINK, "") for image in frame.iterchildren(f"{_DRAW}image")]
        objects = [each.get(_LINK, "") for each in frame.iterchildren(f"{_DRAW}object")]
        for source in images[:1] or objects[:1]:
            etree.SubElement(into, "img", src=source, alt=alt)
        for box in frame.iterchildren(f"{_DRAW}text-box"):
            self._fill(box, etree.SubElement(into, "div"), depth)

    def _styled(self, child: etree._Element, into: etree._Element, depth: int) -> None:
        """A paragraph or a run of characters, in the elements that its style stands for."""
        name = child.get(f"{_TEXT}style-name", "")
        known = self._styles.get(name) or _named(name)
        paragraph = child.tag == f"{_TEXT}p"
        if paragraph:
            if "blockquote" in known:
                into = etree.SubElement(into, "blockquote")
            into = etree.SubElement(into, "h1" if "h1" in known else "p")
        else:
            into = etree.SubElement(into, "span")
        for name in known:
            if name not in ("h1", "blockquote"):
                into = etree.SubElement(into, name)
        self._fill(child, into, depth)

    def _note(self, child: etree._Element, into: etree._Element, depth: int) -> None:
        """A reference where the note stands, and the note at the end."""
        name = f"odt-note-{len(self._notes) + 1}"
        reference = etree.SubElement(into, "a", href=f"#{name}", role="doc-noteref")
        reference.text = str(len(self._notes) + 1)
        note = etree.Element("aside", id=name, role="doc-footnote")
        self._notes.append(note)
        for part in child.iterchildren(f"{_TEXT}note-body"):
            self._fill(part, note, depth)


def _spaces(element: etree._Element) -> str:
    return " " * min(_MOST_SPACES, max(1, _integer(element.get(f"{_TEXT}c"), 1)))


_SIGNS: Mapping[str, Callable[[etree._Element], str]] = {
    f"{_TEXT}s": _spaces,
    f"{_TEXT}tab": lambda element: "\t",
    f"{_TEXT}soft-page-break": lambda element: "",
}


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else otherwise


def _text(into: etree._Element, parts: list[str | None]) -> None:
    """Put text at the end of what an element holds; `parts` is empty then."""
    text = "".join(filter(None, parts))
    parts.clear()
    if not text:
        return
    # Asking for its length would count all that it holds.
    last = next(into.iterchildren(reversed=True), None)
    if last is not None:
        last.tail = (last.tail or "") + text
    else:
        into.text = (into.text or "") + text


def _words(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
