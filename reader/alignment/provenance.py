"""The line with which a translation says that a machine made it.

A text file has no metadata, and a mark in the file's name is lost when it is renamed: so the first
line says it, as a comment of HTML and Markdown, to be kept or taken out by whoever edits the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reader.model import Block, Metadata

_LINE = re.compile(r"(?:<!--\s*)?machine translation:\s*(?P<who>.*?)\s*(?:-->)?\s*", re.DOTALL)


def split_provenance(
    blocks: Sequence[Block], metadata: Metadata
) -> tuple[tuple[Block, ...], str, bool]:
    """The blocks without that line, who translated, and whether it was a machine."""
    if blocks and (match := _LINE.fullmatch(blocks[0].text.strip())):
        return tuple(blocks[1:]), match["who"], True
    if match := _LINE.fullmatch(metadata.description):
        return tuple(blocks), match["who"], True
    return tuple(blocks), "", False
