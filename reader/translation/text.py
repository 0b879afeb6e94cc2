"""A machine's translation as a plain text to edit: a block a paragraph, and a line that says so."""

from __future__ import annotations

import re
from os import PathLike

from reader.files import replacing
from reader.model import Block, BlockKind, Translation


def translation_text(translation: Translation) -> str:
    """The text of a `NAME.en.txt`: the provenance, then the blocks, blank lines between them.

    Reading it back and aligning gives a translation marked as machine-made again.
    """
    head = [provenance_line(translation.translator)] if translation.machine else []
    return "\n\n".join([*head, *(_paragraph(block) for block in translation.blocks)]) + "\n"


def provenance_line(translator: str) -> str:
    """The first line of a text that a machine made: a comment of HTML and Markdown.

    >>> provenance_line("qwen3 -->")
    '<!-- machine translation: qwen3 -->'
    """
    plain = re.sub(r"-{2,}>?|[<>\s]+", " ", translator).strip()
    return f"<!-- machine translation: {plain} -->"


def write_translation(translation: Translation, path: str | PathLike[str]) -> None:
    """Writes `translation_text` to a file, in UTF-8. Raises `WriteError`."""
    with replacing(path) as file:
        file.write(translation_text(translation).encode("utf-8", "replace"))


def _paragraph(block: Block) -> str:
    """The block on lines that hold no blank one, with the marker of a list item as written."""
    text = re.sub(r"\s*\n\s*", "\n", block.text.strip())
    listed = block.kind is BlockKind.LIST_ITEM and block.ordinal
    return f"{block.ordinal} {text}" if listed else text
