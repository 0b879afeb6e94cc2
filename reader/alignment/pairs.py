"""The files of an alignment: the translation beside a text, and pairs of sentences as a table.

A table of pairs is tab-separated text to edit: `score`, `source`, `target`.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby
from operator import itemgetter
from os import PathLike, fspath
from os.path import splitext
from pathlib import Path
from typing import BinaryIO

from reader.errors import AlignmentError
from reader.files import inert_cell, read_file, replacing
from reader.model import Block, Document, Link, Metadata, Segment

SUFFIXES = (".txt", ".md", ".html", ".docx")
"""In which formats a translation is looked for, after the text's own."""
HEADER = ("score", "source", "target")
JOINER = " ⏎ "
"""Between the sentences of one cell."""
_TAG = re.compile(r"\.([a-z]{2}(?:-[A-Za-z0-9]{2,8})*)")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_ESCAPED = re.compile(r"(\"?)'(?=\"?'*[=+@-])")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST = 256 * 1024 * 1024
"""Bytes of a pairs file, at most."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Sentences that correspond, as text; either side may be empty."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    score: float | None = None
    """None where nobody said: neither sure nor unsure."""
    path: str | None = None
    line: int | None = None


def pairs_of(document: Document) -> list[Pair]:
    """The sentence links of an aligned document as text, in order.

    A sentence without a link is a pair of its own, its other side empty and without a score.
    """
    translation = document.translation
    if translation is None:
        return []
    links = [link for link in translation.links if not _links_blocks(link)]
    alone = [Link((s,), ()) for s in _unlinked(document.blocks, (k.sources for k in links))]
    alone += [Link((), (s,)) for s in _unlinked(translation.blocks, (k.targets for k in links))]
    return [_pair(link, document.blocks, translation.blocks) for link in in_order([*links, *alone])]


def _links_blocks(link: Link) -> bool:
    return all(segment.sentence is None for segment in (*link.sources, *link.targets))


def _unlinked(blocks: Sequence[Block], linked: Iterable[tuple[Segment, ...]]) -> Iterator[Segment]:
    """The sentences of the blocks that are in none of the groups `linked`."""
    taken = {segment for segments in linked for segment in segments}
    for number, block in enumerate(blocks):
        for index in range(len(block.sentences)):
            segment = Segment(number, index)
            if segment not in taken:
                yield segment


def _pair(link: Link, sources: Sequence[Block], targets: Sequence[Block]) -> Pair:
    scored = link.by_hand or (link.sources and link.targets)
    return Pair(
        tuple(_text(sources, segment) for segment in link.sources),
        tuple(_text(targets, segment) for segment in link.targets),
        link.score if scored else None,
    )


def _text(blocks: Sequence[Block], segment: Segment) -> str:
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
    path.writelines(pairs_table(pairs_of(document)))


def pairs_table(pairs: Iterable[Pair]) -> Iterator[bytes]:
    """The lines of the table of these pairs, as `read_pairs` reads them."""
    yield ("\t".join(HEADER) + "\n").encode()
    for pair in pairs:
        score = "" if pair.score is None else f"{pair.score:.4g}"
        row = "\t".join((score, _cell(pair.sources), _cell(pair.targets)))
        # Half a character in the text is written as it is: `read_pairs` must find the sentence.
        yield (row + "\n").encode("utf-8", "surrogatepass")


def _cell(sentences: tuple[str, ...]) -> str:
    text = JOINER.join(" ".join(sentence.split()) for sentence in sentences)
    return inert_cell(text)


def read_pairs(path: str | PathLike[str]) -> tuple[Pair, ...]:
    """The pairs of a file, to be given to `align` as anchors.

    Quoting that a spreadsheet added is taken off. Raises `AlignmentError` with the line for what
    is not a table of score (0 to 1, or empty), source and target.
    """
    name = fspath(path)
    data = read_file(Path(path), kind="a file of pairs", error=AlignmentError)
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
    return tuple(_parsed_row(row.rstrip("\r\n"), name, line) for line, row in rows if row.strip())


def _check_header(row: str, path: str) -> None:
    if tuple(_unquoted(cell.strip()).lower() for cell in row.split("\t")) != HEADER:
        header = " ".join(HEADER)
        raise AlignmentError(
            f"the first line must be the header, {header}, separated by tabs",
            path=path,
            line=1,
            excerpt=row.strip(),
        )


def _parsed_row(row: str, path: str, line: int) -> Pair:
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
    """The cell without the quoting of a spreadsheet, and without our escape before a formula.

    >>> _unquoted('"He said ""No""."'), _unquoted("'=1+1"), _unquoted("'Tis")
    ('He said "No".', '=1+1', "'Tis")
    """
    match = _QUOTED.fullmatch(cell)
    text = match[1].replace('""', '"') if match and '""' in match[1] else cell
    escaped = _ESCAPED.match(text)
    return escaped[1] + text[escaped.end() :] if escaped else text


def translation_from(document: Document, pairs: Iterable[Pair], language: str = "en") -> Document:
    """The targets of `pairs` as a text of its own: a block for each block of `document`.

    Where a sentence is not found in the document its target goes with the one before it;
    `align` with the same pairs will say that it is in neither text.
    """
    blocks = tuple(
        Block(" ".join(text for _, text in group), document.blocks[index].kind, language=language)
        for index, group in groupby(_targets_by_block(document.blocks, pairs), key=itemgetter(0))
    )
    return Document(Metadata(language=language), blocks)


def _targets_by_block(blocks: Sequence[Block], pairs: Iterable[Pair]) -> Iterator[tuple[int, str]]:
    """Each target with the index of the block in which its source stands."""
    texts = [without_spaces(block.text) for block in blocks]
    starts = [0, *accumulate(map(len, texts))]
    whole = "".join(texts)
    at = index = 0
    for pair in pairs:
        source = without_spaces("".join(pair.sources))
        start = whole.find(source, at) if source else -1
        # What is not found stays with the block before it; sources ascend, so blocks do.
        if start >= 0:
            at = start + len(source)
            while starts[index + 1] <= start:
                index += 1
        yield from ((index, target) for target in pair.targets)


def in_order(links: Iterable[Link]) -> list[Link]:
    """The links in text order. Those without a source stand by their targets.

    >>> one, two = Link((Segment(0, 0),), (Segment(0, 1),)), Link((), (Segment(0, 0),))
    >>> in_order([one, two]) == [two, one]
    True
    """
    links = list(links)
    alone = sorted((link for link in links if not link.sources), key=lambda x: _place(x.targets))
    rest = sorted((link for link in links if link.sources), key=lambda x: _place(x.sources))
    return list(_merged(rest, alone))


def _merged(links: list[Link], alone: list[Link]) -> Iterator[Link]:
    waiting = iter(alone)
    first = next(waiting, None)
    for link in links:
        while first is not None and link.targets and _place(first.targets) < _place(link.targets):
            yield first
            first = next(waiting, None)
        yield link
    if first is not None:
        yield first
    yield from waiting


def _place(segments: tuple[Segment, ...]) -> tuple[int, int]:
    """Where the first of the segments stands: its block, and its sentence in it."""
    first = segments[0]
    return first.block, -1 if first.sentence is None else first.sentence


def find_translation(path: Path, language: str = "") -> tuple[Path, str] | None:
    """The translation beside the text at `path`, and its language (BCP 47); None if there is none.

    `language` asks for one language; otherwise English comes first, then the alphabet.
    """
    files = path.parent.glob(f"{_escaped(path.stem)}.*")
    chosen = choose_translation(str(path), [str(f) for f in files if f.is_file()], language)
    return None if chosen is None else (Path(chosen[0]), chosen[1])


def choose_translation(
    path: str, files: Iterable[str], language: str = ""
) -> tuple[str, str] | None:
    """Which of the files, paths or URLs, is the translation of the text at `path`, by its name.

    >>> choose_translation("a/market.txt", ["a/market.fr.txt", "a/market.en.md", "a/b.en.txt"])
    ('a/market.en.md', 'en')
    """
    stem, suffix = splitext(path)
    suffixes = tuple(dict.fromkeys((suffix, *SUFFIXES)))
    candidates = []
    for file in files:
        file_stem, file_suffix = splitext(file)
        tag = translation_language(Path(file))
        fits = bool(tag) and file_stem == f"{stem}.{tag}" and file_suffix in suffixes
        if fits and language in ("", tag):
            candidates.append((tag != "en", tag, suffixes.index(file_suffix), file))
    if not candidates:
        return None
    _, tag, _, file = min(candidates)
    return file, tag


def translation_language(path: Path) -> str:
    """The language in the name of a translation, or "" if `path` is not named like one.

    >>> translation_language(Path("market.en.txt")), translation_language(Path("market.txt"))
    ('en', '')
    """
    match = _TAG.fullmatch(Path(path.stem).suffix)
    return match[1] if match and not match[1].startswith("zh") else ""


def _escaped(stem: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", stem)


def without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", text)
