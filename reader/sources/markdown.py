"""Markdown (CommonMark, tables, strikethrough, footnotes) by way of the HTML that it stands for."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from reader.errors import SourceError
from reader.model import Document, Metadata
from reader.options import SourceOptions
from reader.sources.encoding import decoded
from reader.sources.html import with_front
from reader.sources.html_blocks import read_page
from reader.sources.html_inline import Images, parsed, tag_of, without_long_tags
from reader.sources.losses import BACKLINKS, Losses

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = ["read_markdown"]

_FRONT = re.compile(
    r"\A---[ \t]*\n(?P<fields>.*?)^(?:---|\.\.\.)[ \t]*\n", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"^(?P<name>[A-Za-z]+)[ \t]*:(?P<value>.*)$", re.MULTILINE)


def read_markdown(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in `data`; images beside it become its resources.

    Raises `SourceError` for what cannot be decoded or holds no text.
    """
    text = decoded(data, path, options).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    fields = _fields(front["fields"]) if front else {}
    root, dropped = parsed(
        without_long_tags(_parser().render(text[front.end() :] if front else text)), path=path
    )
    if root is None:
        raise SourceError("is empty", path=path)
    images = Images(path)
    language = options.language or tag_of(fields.get("lang", ""))
    losses = Losses(made=[BACKLINKS])
    blocks, warnings = read_page(root, images, language=language, losses=losses, dropped=dropped)
    metadata, blocks = with_front(_metadata(fields), blocks, options, path)
    return Document(metadata, blocks, None, warnings, images.resources)


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    # Only the address is of interest here, and data: is judged where images are read.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    return parser


def _fields(front: str) -> dict[str, str]:
    """The plain fields of a YAML header; lists and nested values are none of our business."""
    fields = {match["name"].lower(): match["value"].strip() for match in _FIELD.finditer(front)}
    return {name: value.strip("\"'") for name, value in fields.items() if value}


def _metadata(fields: dict[str, str]) -> Metadata:
    author = fields.get("author", "").strip("[]")
    names = re.split(r"[,，、]", author) if author else []
    return Metadata(
        fields.get("title", ""),
        tuple(name.strip(" \"'") for name in names),
        tag_of(fields.get("lang", "")) or "zh",
        fields.get("date", ""),
        description=fields.get("description", ""),
    )
