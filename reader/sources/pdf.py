"""PDF files with text, by pdfium: characters and where they stand, made lines. No OCR.

The one door to pypdfium2, which is an extra: `pip install "annotated-reader[pdf]"`.
"""

from __future__ import annotations

import ctypes
import pickle
import re
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, cast

from reader.errors import SourceError
from reader.files import readable_name
from reader.markup import XML_FORBIDDEN
from reader.model import Block, BlockKind, Document, DocumentWarning, Metadata
from reader.options import SourceOptions
from reader.scripts import has_han
from reader.sources.line_patterns import columns
from reader.sources.losses import Losses, pictures_left_out
from reader.sources.page_layout import PageLine, Paragraph, body_size, paragraphs
from reader.sources.text import from_text, require_chinese

__all__ = ["read_pdf"]

_INSTALL = 'a PDF needs an extra: pip install "annotated-reader[pdf]"'
_MOST_PAGES = 20_000
_MOST_CHARACTERS = 20_000_000
_APART = 2.0
"""Widths of a character between parts of a line that stand apart."""
_WIDTH = 0.75
"""Of a vertical line, in the size of its characters: letters that lie in it stand further left."""
_LARGE = 1.15  # times the size of the text, at least, that a heading has
_HEADING = 80  # columns, at most
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-", "\xa0": " "})
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff60\u3001-\u3003\u3008-\u3011"
_SPREAD = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")
_GAPS = re.compile(rf"(?<=[{_HAN}]) ?(?=[{_HAN}])")


def read_pdf(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in the text of a PDF.

    Heads and numbers of pages are left out and counted, and pictures; pages that are pictures are
    named. Raises
    `SourceError` for what is encrypted, damaged, or has no text.
    """
    file = _opened(data, path)
    pages = file.pages
    if not any(pages):
        message = "has no text"
        if file.without_text:
            message = f"its {len(pages)} pages are pictures, which only OCR could read"
        raise SourceError(message, path=path)
    losses = Losses()
    parts = [part for part in paragraphs(pages, losses) if part.text.strip()]
    document = _document(parts, path, options)
    blocks = tuple(_with_sizes(document.blocks, parts, body_size(pages)))
    metadata = _metadata(document, blocks, file.about, path, options)
    left_out = (*losses.warnings(), *pictures_left_out(file.pictures))
    warnings = (*document.warnings, *_without_text(file.without_text), *left_out)
    return replace(document, metadata=metadata, blocks=blocks, warnings=warnings)


def _document(parts: Sequence[Paragraph], path: Path | None, options: SourceOptions) -> Document:
    """The paragraphs as a plain text, of which each line is one."""
    lines = (("\n" if part.gap else "") + part.text.strip() for part in parts)
    require_chinese(any(has_han(part.text) for part in parts), path, options)
    return from_text("\n".join(lines), options=replace(options, unwrap=False))


def _with_sizes(
    blocks: Sequence[Block], parts: Sequence[Paragraph], size: float
) -> Iterator[Block]:
    """The blocks, headings where the type is larger; the largest over the text is the title."""
    large = {at: round(part.size) for at, part in enumerate(parts) if _is_large(part, size)}
    first = min(large, default=_FIRST)
    title = first if first < _FIRST and large[first] == max(large.values()) else None
    sizes = {each for at, each in large.items() if at != title}
    levels = {each: level for level, each in enumerate(sorted(sizes, reverse=True), 1)}
    for at, block in enumerate(blocks):
        if _is_row(at, blocks, parts):
            yield replace(block, kind=BlockKind.ROW, level=1)
            continue
        kind = _kind(block, is_title=at == title, is_large=at in large)
        kind = BlockKind.PARAGRAPH if kind is BlockKind.TITLE and title not in (None, at) else kind
        level = min(6, levels.get(large.get(at, 0), block.level))
        yield replace(block, kind=kind, level=level)


def _is_row(at: int, blocks: Sequence[Block], parts: Sequence[Paragraph]) -> bool:
    return len(parts) == len(blocks) and parts[at].is_row


def _is_large(part: Paragraph, size: float) -> bool:
    return part.size > _LARGE * size and columns(part.text) <= _HEADING


def _kind(block: Block, *, is_title: bool, is_large: bool) -> BlockKind:
    if is_title:
        return BlockKind.TITLE
    return BlockKind.HEADING if is_large and block.kind not in _OWN else block.kind


_FIRST = 5
"""Blocks among which the title is."""
_OWN = frozenset({BlockKind.BYLINE, BlockKind.SEPARATOR})


def _metadata(
    document: Document,
    blocks: Sequence[Block],
    about: dict[str, str],
    path: Path | None,
    options: SourceOptions,
) -> Metadata:
    """What the caller says, then the text of itself, then the PDF, then the file's name."""
    own = document.metadata
    said = {name: text for name, text in about.items() if has_han(text)}
    titles = [block.text.strip() for block in blocks if block.kind is BlockKind.TITLE]
    name, source = (readable_name(path.stem), readable_name(path.name)) if path else ("", "")
    title = next(filter(None, (*titles, said.get("Title"), own.title, name)), "")
    authors = own.authors or tuple(filter(None, [said.get("Author")]))
    return options.override(replace(own, title=title, authors=authors, source=source))


def _without_text(pictures: Sequence[int]) -> Iterator[DocumentWarning]:
    if pictures:
        pages = ", ".join(map(str, pictures[:20])) + (" …" if len(pictures) > 20 else "")
        message = f"pages that are pictures, without text: {pages} (only OCR could read them)"
        yield DocumentWarning(message, "no-text")


# What pdfium says of the pages.


class _File(NamedTuple):
    """What is in a PDF."""

    pages: list[list[PageLine]]
    """The lines of each page."""
    without_text: list[int]
    """The numbers of those that are pictures."""
    pictures: int
    """How many there are on the other pages."""
    about: dict[str, str]


def _opened(data: bytes, path: Path | None) -> _File:
    """What pdfium says, asked in a process of its own: what a page draws may have no end, and is
    read in C, where nothing could end it."""
    if find_spec("pypdfium2") is None:
        raise SourceError(_INSTALL, path=path)
    seconds = round(_PATIENCE + len(data) / _SPEED)
    command = [sys.executable, "-c", _CHILD, str(seconds), *sys.path]
    too_long = f"takes more than {seconds} s to read"
    try:
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=_WALL * seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(too_long, path=path) from error
    if done.returncode == -_OUT_OF_TIME:
        raise SourceError(too_long, path=path)
    if done.returncode or not done.stdout:
        raise SourceError("is damaged: it ended the program that reads it", path=path)
    answer = pickle.loads(done.stdout)
    if isinstance(answer, str):
        raise SourceError(answer, path=path)
    return cast("_File", answer)


_PATIENCE = 10
"""Seconds of one core in which a small file is read."""
_WALL = 6
"""So many times as long it may take by the clock."""
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 0) or sys.maxsize
_SPEED = 50_000
"""Bytes a second, at least, that larger ones are read at."""
_CHILD = """
import sys
sys.path[:] = sys.argv[2:]
try:
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), int(sys.argv[1]) + 1))
except (ImportError, OSError, ValueError):
    pass  # the clock ends it
from reader.sources.pdf import answer
answer()
"""


def answer() -> None:
    """What is in the PDF on standard input, or what is wrong with it, on standard output."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        told: _File | str = _read_pages(pypdfium2, document)
    except pypdfium2.PdfiumError as error:
        told = _trouble(str(error))
    except SourceError as error:
        told = error.message
    sys.stdout.buffer.write(pickle.dumps(told))


def _trouble(error: str) -> str:
    if "password" in error.lower():
        return "is encrypted: save it without a password first"
    if "security" in error.lower():
        return "is encrypted in a way that is not known"
    return "is no PDF, or damaged"


def _read_pages(pdfium: Any, document: Any) -> _File:
    if len(document) > _MOST_PAGES:
        raise SourceError(f"has {len(document):,} pages, more than {_MOST_PAGES:,}")
    pages: list[list[PageLine]] = []
    without_text: list[int] = []
    size = pictures = 0
    for number in range(len(document)):
        page = document[number]
        lines = list(_lines(pdfium.raw, page))
        size += sum(len(line.text) for line in lines)
        if size > _MOST_CHARACTERS:
            raise SourceError(f"has more than {_MOST_CHARACTERS:,} characters")
        images, forms = _pictures(pdfium.raw, page)
        pictures += images if lines else 0
        if not lines and images + forms:
            without_text.append(number + 1)
        pages.append(lines)
        page.close()
    return _File(pages, without_text, pictures, document.get_metadata_dict())


_MOST_OBJECTS = 500
"""Of a page that are looked at."""


def _pictures(raw: Any, page: Any) -> tuple[int, int]:
    """How many images are on a page, and how many forms, which may be pictures."""
    count = min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)
    kinds = [raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) for at in range(count)]
    return kinds.count(raw.FPDF_PAGEOBJ_IMAGE), kinds.count(raw.FPDF_PAGEOBJ_FORM)


class _Run:
    """Characters that stand together in a line of a page."""

    __slots__ = ("bottom", "characters", "left", "places", "right", "size", "top")

    def __init__(self, size: float) -> None:
        self.characters: list[str] = []
        self.places: list[tuple[float, float]] = []
        """Of each character its middle, and its top."""
        self.left = self.bottom = float("inf")
        self.right = self.top = float("-inf")
        self.size = size

    def add(self, character: str, left: float, right: float, bottom: float, top: float) -> None:
        self.characters.append(character)
        self.places.append(((left + right) / 2, top))
        if not character.isspace():
            self.left, self.right = min(self.left, left), max(self.right, right)
            self.bottom, self.top = min(self.bottom, bottom), max(self.top, top)

    @property
    def text(self) -> str:
        return "".join(self.characters)

    @property
    def is_vertical(self) -> bool:
        return len(self.characters) > 2 and self.top - self.bottom > 2 * (self.right - self.left)


def _lines(raw: Any, page: Any) -> Iterator[PageLine]:
    """The lines of a page, as they follow one another in it."""
    width, height = page.get_size()
    runs = [run for run in _runs(raw, page) if run.text.strip()]
    total = sum(len(run.characters) for run in runs)
    if 2 * sum(len(run.characters) for run in runs if run.is_vertical) > total:
        yield from _vertical(runs, width, height)
        return
    for run in runs:
        yield PageLine(_clean(run.text), run.left, run.right, height - run.top, run.size)


def _vertical(runs: Sequence[_Run], width: float, height: float) -> Iterator[PageLine]:
    """The lines of a page of vertical ones, from right to left; those across it before them."""
    lines = [run for run in runs if run.is_vertical]
    top, bottom = max(run.top for run in lines), min(run.bottom for run in lines)
    across: list[_Run] = []
    inside: list[_Run] = []
    for run in runs:
        (inside if run.bottom < top and run.top > bottom else across).append(run)
    for at, row in enumerate(_rows(across)):
        yield PageLine(_clean(row), height - top, height - top, -1000.0 * (at + 1), across[0].size)
    for line in _standing(inside):
        ends = height - line.top, height - line.bottom
        yield PageLine(_clean(line.text), *ends, width - line.right, line.size)


def _rows(runs: Sequence[_Run]) -> Iterator[str]:
    rows: dict[int, list[_Run]] = {}
    for run in runs:
        rows.setdefault(round(run.bottom / max(run.size, 1)), []).append(run)
    for row in rows.values():
        yield "".join(run.text for run in sorted(row, key=lambda run: run.left))


def _standing(runs: Sequence[_Run]) -> Iterator[_Run]:
    """The characters of all runs as lines from top to bottom, by where each stands."""
    placed = [
        (middle, top, character, run.size)
        for run in runs
        for (middle, top), character in zip(run.places, run.characters, strict=True)
    ]
    placed.sort(key=lambda each: -each[0])
    line: list[tuple[float, float, str, float]] = []
    for each in placed:
        if line and line[0][0] - each[0] > _WIDTH * max(line[0][3], each[3]):
            yield _stood(line)
            line = []
        line.append(each)
    if line:
        yield _stood(line)


def _stood(line: list[tuple[float, float, str, float]]) -> _Run:
    size = max(size for _, _, _, size in line)
    run = _Run(size)
    for middle, top, character, own in sorted(line, key=lambda each: -each[1]):
        run.add(character, middle - own / 2, middle + own / 2, top - own, top)
    return run


def _runs(raw: Any, page: Any) -> Iterator[_Run]:
    text = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    box = [ctypes.byref(each) for each in (left, right, bottom, top)]
    run: _Run | None = None
    for at in range(raw.FPDFText_CountChars(text)):
        character = chr(raw.FPDFText_GetUnicode(text, at))
        if character in "\r\n":
            if run is not None:
                yield run
            run = None
            continue
        raw.FPDFText_GetCharBox(text, at, *box)
        if run is not None and left.value - run.right > _APART * run.size:
            yield run
            run = None
        if run is None:
            run = _Run(_size(raw, text, at))
        run.add(character, left.value, right.value, bottom.value, top.value)
    if run is not None:
        yield run
    text.close()


def _size(raw: Any, text: Any, at: int) -> float:
    """The size of a character on the page, in points."""
    size = float(raw.FPDFText_GetFontSize(text, at))
    matrix = raw.FS_MATRIX()
    if not raw.FPDFText_GetMatrix(text, at, matrix):
        return size or 1.0
    scale = abs(matrix.a * matrix.d - matrix.b * matrix.c) ** 0.5
    return size * scale or 1.0


def _clean(text: str) -> str:
    """The text without controls; signs of radicals are the characters that they look like."""
    text = re.sub(XML_FORBIDDEN, "", text.translate(_HYPHENS))
    text = "".join(
        unicodedata.normalize("NFKC", c) if "\u2f00" <= c <= "\u2fd5" else c for c in text
    ).strip()
    # Letters set far apart, and lines spread to the margin, are no words with spaces between.
    spaces = len(_SPREAD.findall(text))
    if spaces and 3 * spaces >= len(_GAPS.findall(text)):
        return _SPREAD.sub("", text)
    return text
