"""TEI as `reader.writers.tei` writes it, read back to an equal document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from reader.errors import SourceError
from reader.layers import evident_layers
from reader.markup import etree, safe_parser
from reader.model import (
    Block,
    BlockKind,
    Cue,
    Document,
    DocumentWarning,
    Link,
    Metadata,
    Segment,
    Translation,
)
from reader.options import SourceOptions
from reader.sources.tei_content import (
    ID,
    LANG,
    BackMatter,
    Content,
    child,
    children,
    id_of,
    line_of,
    local,
    source_id,
    text_of,
)

__all__ = ["read_tei"]

_BLOCK_KINDS = {
    "p": BlockKind.PARAGRAPH,
    "quote": BlockKind.QUOTATION,
    "l": BlockKind.VERSE,
    "note": BlockKind.FOOTNOTE,
    "item": BlockKind.LIST_ITEM,
    "byline": BlockKind.BYLINE,
}


class _Body:
    """Reads a body; `indices` has the index of each block by its `xml:id`, which links name."""

    def __init__(self, back: BackMatter, path: Path | None) -> None:
        self._back = back
        self._path = path
        self.indices: dict[str, int] = {}

    def blocks(self, body: etree._Element) -> Iterator[Block]:
        for element in body:
            name = local(element)
            if name in ("div", "list"):
                yield from self.blocks(element)
            elif name:
                yield self._block(element)
            if name == "item":
                for inner in element.iterchildren("{*}list"):
                    yield from self.blocks(inner)

    def _block(self, element: etree._Element) -> Block:
        self.indices[element.get(ID, "")] = len(self.indices)
        try:
            return self._built(element)
        except SourceError:
            raise
        except ValueError as error:
            raise SourceError(str(error), path=self._path, line=line_of(element)) from error

    def _built(self, element: etree._Element) -> Block:
        kind = _block_kind(element)
        holder = _holder(element)
        content = Content(self._back, holder)
        item = kind is BlockKind.LIST_ITEM
        return Block(
            content.text,
            kind,
            tuple(content.tokens),
            content.marks,
            tuple(content.notes),
            tuple(content.sentences),
            tuple(content.corrections),
            _level(element, kind),
            element.get(LANG, ""),
            id_of(element),
            _resource(element),
            element.get("n" if item else "rend", ""),
        )


def _block_kind(element: etree._Element) -> BlockKind:
    name, kind = local(element), element.get("type")
    if name in _BLOCK_KINDS:
        return _BLOCK_KINDS[name]
    if name == "head" and not kind:
        return BlockKind.HEADING
    if name in ("head", "ab", "figure") and kind:
        return BlockKind(kind)
    raise ValueError(f"<{name}> is not a block")


def _holder(element: etree._Element) -> etree._Element:
    """The element that has the block's content in it."""
    if local(element) != "figure":
        return element
    for name in ("ab", "head"):
        holder = child(element, name)
        if holder is not None:
            return holder
    raise ValueError("a figure has neither ab nor head")


def _level(element: etree._Element, kind: BlockKind) -> int:
    """Of headings and list items, their division or list has it."""
    around = kind in (BlockKind.HEADING, BlockKind.LIST_ITEM)
    holder = element.getparent() if around else element
    return int(holder.get("n", "1")) if holder is not None else 1


def _resource(element: etree._Element) -> str:
    graphic = child(element, "graphic") if local(element) == "figure" else None
    pointer = element.get("corresp", "") if graphic is None else graphic.get("url", "")
    return source_id(pointer[1:])


_NAMESPACE = "{http://www.tei-c.org/ns/1.0}"
_WRITER = "annotated-reader"


def read_tei(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in `data`.

    Raises `SourceError`, with the line, where it is not XML or not TEI as this library writes it.
    No entity is resolved and nothing is fetched.
    """
    root = _parsed(data, path)
    try:
        document = _document(root, path)
    except SourceError:
        raise
    except (ValueError, RecursionError) as error:
        message = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise SourceError(message, path=path) from error
    return replace(document, metadata=options.override(document.metadata))


def _parsed(data: bytes, path: Path | None) -> etree._Element:
    try:
        root = etree.fromstring(data, safe_parser(huge=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        message = getattr(error, "msg", None) or str(error)
        raise SourceError(f"is not well-formed XML: {message}", path=path, line=line) from error
    if root.tag != f"{_NAMESPACE}TEI":
        raise SourceError("is not TEI: its root element is not TEI", path=path, line=line_of(root))
    if next(root.iter(etree.Entity), None) is not None:
        raise SourceError("uses entities, which are not resolved", path=path)
    application = child(root, "teiHeader", "encodingDesc", "appInfo", "application")
    if application is None or application.get("ident") != _WRITER:
        raise SourceError("is TEI, but not as reader writes it", path=path)
    return root


def _document(root: etree._Element, path: Path | None) -> Document:
    back = BackMatter(root)
    texts = list(children(root, "text"))
    body = _Body(back, path)
    blocks = tuple(body.blocks(_body(texts[0]))) if texts else ()
    cues = dict(_cues(root))
    blocks = _timed(blocks, body.indices, cues)
    translation = None
    if len(texts) > 1:
        translated = _Body(back, path)
        translated_blocks = tuple(translated.blocks(_body(texts[1])))
        translated_blocks = _timed(translated_blocks, translated.indices, cues)
        links = tuple(_links(root, body.indices, translated.indices))
        language = texts[1].get(LANG, "")
        translation = Translation(language, translated_blocks, links, *_translator(root))
    warnings = tuple(_warnings(root))
    resources, layers = tuple(back.resources), evident_layers(blocks)
    return Document(_metadata(root), blocks, translation, warnings, resources, layers)


def _body(text: etree._Element) -> etree._Element:
    body = child(text, "body")
    if body is None:
        raise ValueError("a text has no body")
    return body


def _translator(root: etree._Element) -> tuple[str, bool]:
    statements = children(child(root, "teiHeader", "fileDesc", "titleStmt"), "respStmt")
    for statement in statements:
        if statement.get(ID) == "translator":
            name = child(statement, "name")
            return text_of(name), name is not None and name.get("type") == "machine"
    return "", False


def _links(
    root: etree._Element, sources: dict[str, int], targets: dict[str, int]
) -> Iterator[Link]:
    group = child(root, "standOff", "linkGrp")
    # A link that answers to nothing is a `ptr`, so the name of the element is not asked for.
    for element in () if group is None else (each for each in group if local(each)):
        ends = [pointer[1:] for pointer in element.get("target", "").split()]
        yield Link(
            tuple(_segments(ends, sources)),
            tuple(_segments(ends, targets)),
            float(element.get("cert", "1")),
            element.get("type") == "by-hand",
        )


def _segments(ends: list[str], indices: dict[str, int]) -> Iterator[Segment]:
    for end in ends:
        block, dot, sentence = end.partition(".s")
        if block in indices:
            yield Segment(indices[block], int(sentence) - 1 if dot else None)


def _cues(root: etree._Element) -> Iterator[tuple[str, Cue]]:
    """The `xml:id` of each block of subtitles, and when it shows."""
    for structure in children(child(root, "standOff"), "fs"):
        if structure.get("type") != "cue":
            continue
        features = {feature.get("name", ""): feature for feature in children(structure, "f")}
        times = (child(features.get(name), "numeric") for name in ("start", "end"))
        start, end = (0 if each is None else int(each.get("value", "0")) for each in times)
        more = (text_of(child(features.get(n), "string")) for n in ("position", "speaker", "style"))
        yield structure.get("corresp", "")[1:], Cue(start, end, *more)


def _timed(
    blocks: tuple[Block, ...], indices: dict[str, int], cues: dict[str, Cue]
) -> tuple[Block, ...]:
    if not cues:
        return blocks
    places = {indices[name]: cue for name, cue in cues.items() if name in indices}
    return tuple(
        replace(block, cue=places[at]) if at in places else block for at, block in enumerate(blocks)
    )


def _warnings(root: etree._Element) -> Iterator[DocumentWarning]:
    for structure in children(child(root, "standOff"), "fs"):
        if structure.get("type") == "cue":
            continue
        features = {feature.get("name", ""): feature for feature in children(structure, "f")}
        message, code = (text_of(child(features.get(n), "string")) for n in ("message", "code"))
        numerics = (child(features.get(n), "numeric") for n in ("block", "start", "end", "line"))
        numbers = (None if each is None else int(each.get("value", "0")) for each in numerics)
        yield DocumentWarning(message, code, *numbers)


def _metadata(root: etree._Element) -> Metadata:
    header = child(root, "teiHeader")
    file = child(header, "fileDesc")
    titles, published = child(file, "titleStmt"), child(file, "publicationStmt")
    return Metadata(
        text_of(child(titles, "title")),
        tuple(text_of(author) for author in children(titles, "author")),
        root.get(LANG, ""),
        text_of(child(published, "date")),
        text_of(child(published, "publisher")),
        text_of(child(header, "profileDesc", "abstract", "p")),
        text_of(child(published, "idno")),
        text_of(child(published, "availability", "p")),
        text_of(child(file, "sourceDesc", "bibl", "idno")),
        _traditional(children(child(header, "profileDesc", "langUsage"), "language")),
    )


def _traditional(languages: Iterable[etree._Element]) -> str:
    """BCP 47 of the Traditional forms."""
    return next((each.get("ident", "") for each in languages if each.get(ID) == "traditional"), "")
