"""Word documents, by way of the HTML that mammoth makes of them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from reader.epub.container import Container
from reader.errors import ContainerError, SourceError
from reader.markup import etree, safe_parser
from reader.model import Block, Document, DocumentWarning, MarkKind, Metadata
from reader.options import Limits, SourceOptions
from reader.sources.docx_parts import complete, lost
from reader.sources.html import with_front
from reader.sources.html_blocks import Page, read_page
from reader.sources.html_inline import Images, parsed
from reader.sources.losses import BACKLINKS, Losses

__all__ = ["read_docx"]

_LIMITS = Limits(total=512 << 20, member=256 << 20, ratio=200, members=10_000)
_DOCUMENT = "word/document.xml"
_PROPERTIES = "docProps/core.xml"
_LOST = ("A w:sym element", "An unrecognised element was ignored: w:altChunk")
"""How messages begin that tell of something that shows and is not text."""
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Heading 1'] => h2:fresh
p[style-name='Heading 2'] => h3:fresh
p[style-name='Heading 3'] => h4:fresh
p[style-name='Heading 4'] => h5:fresh
p[style-name='Subtitle'] => p.subtitle:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
u => u
strike => s
"""


def read_docx(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in `data`: headings, emphasis, lists, footnotes, formulas, links and images.

    What is not read (page headers, reviewers' comments, deleted text …) is counted in warnings.
    Raises `ContainerError` for a zip file that is damaged, hostile or no Word document,
    `SourceError` for one that cannot be read or holds no text.
    """
    losses = Losses(made=[BACKLINKS])
    with Container(data, _LIMITS, path=path) as container:
        metadata = _checked(container, path)
        completed = complete(data, container, losses)
    html, messages = _converted(completed.data, path)
    root, dropped = parsed(completed.html(html), path=path)
    if root is None:
        raise SourceError("holds no text", path=path)
    images = Images(None)
    page = Page(root, language=options.language or metadata.language, lined=False)
    blocks, warnings = read_page(page, images, losses, dropped=dropped)
    if not any(block.text.strip() for block in blocks):
        raise SourceError("holds no text", path=path)
    warnings = (*warnings, *messages, *lost(completed, _shown(blocks)))
    metadata, blocks = with_front(metadata, blocks, options, path)
    return Document(metadata, blocks, None, warnings, images.resources)


def _shown(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        yield block.text
        yield from (mark.get("text") for mark in block.marks if mark.kind is MarkKind.READING)


def _checked(container: Container, path: Path | None) -> Metadata:
    """The metadata of a container that is safe to open: no bomb, no path outside, no entities."""
    if _DOCUMENT not in container:
        raise ContainerError(f"is no Word document: {_DOCUMENT} is missing", path=path)
    for info in container.members:
        if info.filename.lower().endswith((".xml", ".rels")):
            _refuse_entities(container.read(info.filename), info.filename, path)
    if _PROPERTIES not in container:
        return Metadata()
    return _metadata(container.read(_PROPERTIES))


def _refuse_entities(part: bytes, name: str, path: Path | None) -> None:
    # OPC forbids document types (ECMA-376-2, 8.1.4), and mammoth's parser would expand entities.
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"<\0!\0D\0" in part:
        raise ContainerError(f"{name} declares a document type, which is refused", path=path)


def _metadata(part: bytes) -> Metadata:
    try:
        root = etree.fromstring(part, safe_parser())
    except etree.XMLSyntaxError:
        return Metadata()
    found = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter("{*}*")}
    author = found.get("creator", "")
    return Metadata(
        found.get("title", ""),
        (author,) if author else (),
        date=found.get("created", "")[:10],
        description=found.get("description", ""),
    )


def _converted(data: bytes, path: Path | None) -> tuple[str, tuple[DocumentWarning, ...]]:
    import mammoth

    try:
        result: Any = mammoth.convert_to_html(
            io.BytesIO(data), style_map=_STYLES, external_file_access=False
        )
    except RecursionError as error:
        raise SourceError("its elements are nested too deeply", path=path) from error
    except KeyError as error:
        message = f"is damaged: it refers to a part that it does not have: {error}"
        raise SourceError(message, path=path) from error
    except Exception as error:  # whatever a malformed part provokes in its parsers
        raise SourceError(f"is no Word document that can be read: {error}", path=path) from error
    said = [
        message.message
        for message in result.messages
        if message.type == "error" or message.message.startswith(_LOST)
    ]
    return result.value, tuple(DocumentWarning(each, "docx") for each in dict.fromkeys(said))
