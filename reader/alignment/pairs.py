"""Pairs of sentences as a file to edit: tab-separated, `score`, `source`, `target`."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from os import PathLike, fspath
from pathlib import Path
from typing import BinaryIO

from reader.alignment.anchors import Pair
from reader.alignment.order import in_order
from reader.errors import AlignmentError
from reader.files import replacing
from reader.model import Block, Document, Link, Segment

HEADER = ("score", "source", "target")
JOINER = " ⏎ "
"""Between the sentences of one cell."""
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST = 256 * 1024 * 1024
"""Bytes of a pairs file, at most."""


def pairs_of(document: Document) -> list[Pair]:
    """The sentence links of an aligned document as text, in order.

    A sentence without a link is a pair of its own, its other side empty and without a score.
    """
    translation = document.translation
    if translation is None:
        return []
    links = [link for link in translation.links if not _of_blocks(link)]
    linked = {segment for link in links for segment in link.sources}
    answered = {segment for link in links for segment in link.targets}
    links += [Link((s,), ()) for s in _segments(document.blocks) if s not in linked]
    links += [Link((), (s,)) for s in _segments(translation.blocks) if s not in answered]
    return [
        Pair(
            tuple(_text(document.blocks, segment) for segment in link.sources),
            tuple(_text(translation.blocks, segment) for segment in link.targets),
            link.score if link.by_hand or (link.sources and link.targets) else None,
        )
        for link in in_order(links)
    ]


def _of_blocks(link: Link) -> bool:
    return all(segment.sentence is None for segment in (*link.sources, *link.targets))


def _segments(blocks: Iterable[Block]) -> Iterator[Segment]:
    for number, block in enumerate(blocks):
        for index in range(len(block.sentences)):
            yield Segment(number, index)


def _text(blocks: tuple[Block, ...], segment: Segment) -> str:
    block = blocks[segment.block]
    assert segment.sentence is not None
    span = block.sentences[segment.sentence]
    return block.text[span.start : span.end]


def write_pairs(document: Document, path: str | PathLike[str] | BinaryIO) -> None:
    """Writes the pairs of an aligned document to a file, or to an open binary one.

    A row per link with its score; a row with an empty cell for a sentence that has no link. Raises
    `WriteError`.
    """
    if isinstance(path, str | PathLike):
        with replacing(Path(path)) as file:
            write_pairs(document, file)
        return
    path.write(("\t".join(HEADER) + "\n").encode())
    for pair in pairs_of(document):
        score = "" if pair.score is None else f"{pair.score:.4g}"
        row = "\t".join((score, _cell(pair.sources), _cell(pair.targets)))
        path.write((row + "\n").encode("utf-8", "surrogatepass"))


def _cell(sentences: tuple[str, ...]) -> str:
    return JOINER.join(" ".join(sentence.split()) for sentence in sentences)


def read_pairs(path: str | PathLike[str]) -> tuple[Pair, ...]:
    """The pairs of a file, to be given to `align` as anchors.

    Quoting that a spreadsheet added is taken off. Raises `AlignmentError` with the line for what
    is not a table of score (0 to 1, or empty), source and target.
    """
    name = fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise AlignmentError(f"cannot be read: {error.strerror}", path=name) from error
    if len(data) > _MOST:
        raise AlignmentError("too large for a file of pairs", path=name)
    # Excel's "Unicode text" is UTF-16.
    codec = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    try:
        text = data.decode(codec, "surrogatepass")
    except UnicodeDecodeError as error:
        raise AlignmentError("not UTF-8 text", path=name) from error
    rows = enumerate(io.StringIO(text), 1)
    _check_header(next(rows, (1, ""))[1], name)
    return tuple(_pair(row.rstrip("\r\n"), name, line) for line, row in rows if row.strip())


def _check_header(row: str, path: str) -> None:
    if tuple(_unquoted(cell.strip()).lower() for cell in row.split("\t")) != HEADER:
        header = " ".join(HEADER)
        raise AlignmentError(
            f"the first line must be the header, {header}, separated by tabs",
            path=path,
            line=1,
            excerpt=row.strip(),
        )


def _pair(row: str, path: str, line: int) -> Pair:
    cells = [_unquoted(cell.strip()) for cell in row.split("\t")]
    if len(cells) < len(HEADER) or any(cells[len(HEADER) :]):
        message = f"a row has {len(HEADER)} cells separated by tabs, this one {len(cells)}"
        raise AlignmentError(message, path=path, line=line, excerpt=row)
    sources, targets = (
        tuple(part.strip() for part in cell.split(JOINER.strip()) if part.strip())
        for cell in cells[1:3]
    )
    return Pair(sources, targets, _score(cells[0], path, line), path, line)


def _score(cell: str, path: str, line: int) -> float | None:
    if not cell:
        return None
    try:
        score = float(cell.replace(",", "."))
    except ValueError:
        score = -1.0
    if not 0.0 <= score <= 1.0:
        raise AlignmentError(
            "a score is a number from 0 to 1, or empty", path=path, line=line, excerpt=cell
        )
    return score


def _unquoted(cell: str) -> str:
    match = _QUOTED.fullmatch(cell)
    return match[1].replace('""', '"') if match and '""' in match[1] else cell
