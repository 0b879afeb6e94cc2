"""Rich Text: its text, paragraph by paragraph; the rest is passed over without being unpacked.

Of the format (Microsoft, Rich Text Format 1.9.1) only what decides the text is known here: groups,
destinations, characters by code page and by Unicode, paragraphs, notes and outline levels. What
libraries there are go through pictures letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from reader.encoding import require_encoding
from reader.errors import OptionError, SourceError
from reader.model import Block, BlockKind, Document
from reader.options import SourceOptions
from reader.sources.losses import Losses, pictures_left_out
from reader.sources.text import LONGEST_LINE, from_file, from_text

__all__ = ["read_rtf"]

_TOKEN = re.compile(
    rb"\\(?:([a-zA-Z]{1,32})(-?\d{1,10})? ?|'([0-9a-fA-F]{2})|([^a-zA-Z']))"
    rb"|([{}])|([^\\{}\r\n]{1,65536})"
)
_BOUNDARY = re.compile(rb"[{}]|\\bin(\d{1,10}) ?|\\[^a-zA-Z]")
_DEEPEST = 1_000
_SKIPPED = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata themedata colorschememapping datastore"
    b" latentstyles listtable listoverridetable revtbl rsidtbl generator filetbl fldinst xmlnstbl"
    b" bkmkstart bkmkend shppict nonshppict pntext pntxta pntxtb listtext sp sn sv mmathPr"
    b" background atnid atnauthor".split()
)
_PICTURES = frozenset((b"pict", b"shppict", b"object"))
"""Of these each is a picture; `nonshppict` is one of them over again."""
_NOTE = "note"
_ASIDE = {
    b"footnote": _NOTE,
    b"header": "page headers",
    b"headerl": "page headers",
    b"headerr": "page headers",
    b"headerf": "page headers",
    b"footer": "page footers",
    b"footerl": "page footers",
    b"footerr": "page footers",
    b"footerf": "page footers",
    b"annotation": "comments",
}
"""Destinations with text beside the document's, and what it is counted as."""
_KEPT = frozenset((b"shpinst", b"ud", *_ASIDE))
"""Destinations that a reader may pass over, and that hold text all the same."""
_WORD = re.compile(rb"\s{0,99}+(\\\*\s{0,99}+)?\\([a-zA-Z]{1,32})")
_ENDS = frozenset((b"par", b"line", b"sect", b"page", b"row", b"nestrow"))
_ROWS = frozenset((b"row", b"nestrow"))
_SIGNS = {
    b"tab": "\t",
    b"cell": "\u3000",
    b"nestcell": "\u3000",
    b"emdash": "—",
    b"endash": "–",
    b"lquote": "‘",
    b"rquote": "’",
    b"ldblquote": "“",
    b"rdblquote": "”",
    b"bullet": "•",
    b"emspace": "\u2003",
}
_CHARSETS = {b"134": "gb18030", b"136": "big5hkscs", b"128": "cp932", b"129": "cp949", b"0": ""}
_FONTS = re.compile(rb"\\f(\d{1,6})[^{};]{0,200}?\\fcharset(\d{1,3})")
_STYLES = re.compile(rb"\\s(\d{1,6})\b[^{};]{0,400}?\\outlinelevel(\d)")


def read_rtf(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in `data`, its kinds told as those of a plain text, and by outline levels.

    Page headers, comments and pictures are counted in warnings. Raises `SourceError` for what is no
    RTF, and for what holds no text.
    """
    if not data.lstrip()[:5].startswith(b"{\\rtf"):
        raise SourceError("is no RTF", path=path)
    losses = Losses()
    encoding = require_encoding(options.encoding) if options.encoding else None
    parser = _Parser(data, losses, encoding)
    lines = [line for line in parser.paragraphs() if line.text.strip()]
    text = "\n".join(line.text for line in lines)
    try:
        document = from_text(text, options=replace(options, unwrap=options.unwrap or False))
    except SourceError as error:
        raise SourceError(error.message, path=path) from error
    blocks = tuple(map(_as_said, document.blocks, lines))
    if len(document.blocks) != len(lines):  # joined, as was asked
        blocks = document.blocks
    metadata = from_file(document.metadata, path)
    pictures = pictures_left_out(parser.pictures)
    warnings = (*document.warnings, *losses.warnings(), *pictures)
    return replace(document, metadata=metadata, blocks=blocks, warnings=warnings)


def _as_said(block: Block, line: _Line) -> Block:
    """The block in the kind that the file says of its paragraph, if it does."""
    if line.level is not None:
        return replace(block, kind=BlockKind.HEADING, level=line.level + 1)
    return block if line.kind is None else replace(block, kind=line.kind, level=1)


@dataclass(slots=True)
class _Line:
    text: str
    level: int | None
    kind: BlockKind | None = None
    """A row of a table, or an item of a list."""


@dataclass(slots=True)
class _Group:
    """What holds until a group ends."""

    font: bytes = b""
    skip: int = 1
    """Characters after each `\\u` that stand for it where Unicode is not known."""
    aside: str = ""
    """What its text is counted as, `note`, or nothing."""


@dataclass(slots=True)
class _Parser:
    """Reads RTF token by token; groups without text of the document are leapt over."""

    data: bytes
    losses: Losses
    encoding: str | None
    pictures: int = 0
    """How many there are."""
    _groups: list[_Group] = field(default_factory=lambda: [_Group()])
    _code_page: str = "cp1252"
    _fonts: dict[bytes, str] = field(default_factory=dict)
    _styles: dict[bytes, int] = field(default_factory=dict)
    _parts: list[str] = field(default_factory=list)
    _bytes: bytearray = field(default_factory=bytearray)
    _aside: list[str] = field(default_factory=list)
    _notes: list[str] = field(default_factory=list)
    _deeper: int = 0
    _unread: int = 0
    _level: int | None = None
    _listed: bool = False
    _size: int = 0

    def paragraphs(self) -> Iterator[_Line]:
        at = 0
        while at < len(self.data):
            token = _TOKEN.match(self.data, at)
            if token is None:
                at += 1
                continue
            at = token.end()
            word, number, code, sign, brace, text = token.groups()
            if brace:
                at = self._brace(brace, at)
            elif code:
                self._byte(int(code, 16))
            elif text:
                self._text(text)
            elif sign:
                self._sign(sign)
            elif word in _ENDS and not self._groups[-1].aside:
                yield from self._end(is_row=word in _ROWS)
            else:
                self._word(word, number)
                if word == b"bin":
                    at += max(0, int(number or 0))
            if self._size > LONGEST_LINE:
                yield from self._end()
        yield from self._end()

    def _brace(self, brace: bytes, at: int) -> int:
        """Where reading goes on after a brace."""
        self._flush()
        if brace == b"}":
            self._close()
            return at
        word = _WORD.match(self.data, at)
        name = word[2] if word else b""
        starred = word is not None and word[1] is not None
        if name in _SKIPPED or (starred and name not in _KEPT):
            self.pictures += name in _PICTURES
            end = self._end_of_group(at)
            self._learn(name, at, end)
            return end
        self._open(name)
        if name == b"upr":
            # What is said in the code page, and then again in Unicode (`ud`).
            first = self.data.find(b"{", at)
            return at if first < 0 else self._end_of_group(first + 1)
        return at

    def _open(self, name: bytes) -> None:
        if len(self._groups) == _DEEPEST:
            self._deeper += 1
            return
        group = replace(self._groups[-1])
        group.aside = group.aside or _ASIDE.get(name, "")
        self._groups.append(group)

    def _close(self) -> None:
        if self._deeper or len(self._groups) == 1:
            self._deeper = max(0, self._deeper - 1)
            return
        group = self._groups.pop()
        if group.aside and not self._groups[-1].aside:
            text = _whole(self._aside)
            if group.aside == _NOTE:
                self._notes.append(text)
            else:
                self.losses.add(group.aside, text)
            self._aside.clear()

    def _end_of_group(self, at: int) -> int:
        """Behind the group that is open at `at`; pictures in it are not looked at."""
        depth = 1
        while depth:
            found = _BOUNDARY.search(self.data, at)
            if found is None:
                return len(self.data)
            at = found.end()
            if found[1]:
                at += int(found[1])
            elif found[0] in b"{}":
                depth += 1 if found[0] == b"{" else -1
        return at

    def _learn(self, name: bytes, start: int, end: int) -> None:
        """Which code page each font has, which styles are headings."""
        if name == b"fonttbl":
            found = _FONTS.findall(self.data, start, end)
            self._fonts = {font: _CHARSETS.get(charset, "") for font, charset in found}
        elif name == b"stylesheet":
            found = _STYLES.findall(self.data, start, end)
            self._styles = {style: int(level) for style, level in found if int(level) < 9}

    def _word(self, word: bytes, number: bytes | None) -> None:
        if word == b"u" and number:
            self._flush()
            self._add(_unicode(int(number)))
            self._unread = self._groups[-1].skip
            return
        if word in _SIGNS:
            self._flush()
            self._add(_SIGNS[word])
        elif word in _SETTINGS:
            self._flush()
            self._set(word, number or b"")

    def _set(self, word: bytes, number: bytes) -> None:
        group = self._groups[-1]
        if word == b"f":
            group.font = number
        elif word == b"uc":
            group.skip = min(8, int(number or 1))
        elif word == b"ansicpg":
            self._code_page = _known(f"cp{number.decode()}")
        elif word == b"pard":
            self._level = None
            self._listed = False
        elif word == b"ls":
            self._listed = number not in (b"", b"0")
        elif word == b"s":
            self._level = self._styles.get(number)
        elif word == b"outlinelevel" and number in _LEVELS:
            self._level = int(number)

    def _sign(self, sign: bytes) -> None:
        if sign in b"\\{}":
            self._text(sign)
        elif sign == b"~":
            self._add(" ")
        elif sign == b"_":
            self._add("-")

    def _byte(self, code: int) -> None:
        if self._unread:
            self._unread -= 1
        else:
            self._bytes.append(code)

    def _text(self, text: bytes) -> None:
        text, self._unread = text[self._unread :], max(0, self._unread - len(text))
        self._bytes += text

    def _flush(self) -> None:
        """The bytes as characters, by the code page of their font."""
        if self._bytes:
            font = self._fonts.get(self._groups[-1].font, "")
            encoding = self.encoding or font or self._code_page
            data = bytes(self._bytes)
            self._bytes.clear()
            self._add(data.decode("ascii" if data.isascii() else encoding, "replace"))

    def _add(self, text: str) -> None:
        (self._aside if self._groups[-1].aside else self._parts).append(text)
        self._size += len(text)

    def _end(self, *, is_row: bool = False) -> Iterator[_Line]:
        """The paragraph, and the notes to it."""
        self._flush()
        kind = BlockKind.ROW if is_row else BlockKind.LIST_ITEM if self._listed else None
        yield _Line(_whole(self._parts).rstrip("\u3000"), self._level, kind)
        for note in self._notes:
            yield _Line(note.strip(), None)
        self._parts.clear()
        self._notes.clear()
        self._size = 0


_SETTINGS = frozenset((b"f", b"uc", b"ansicpg", b"pard", b"s", b"ls", b"outlinelevel"))
_LEVELS = frozenset((b"0", b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8"))


def _whole(parts: list[str]) -> str:
    # Halves of characters beyond U+FFFF are written one by one.
    text = "".join(parts).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.replace("\n", " ").replace("\r", " ")


def _unicode(code: int) -> str:
    code = code + 0x10000 if code < 0 else code
    return chr(code) if 0 < code < 0x10000 else "\ufffd"


def _known(encoding: str) -> str:
    name = {"cp936": "gb18030", "cp950": "big5hkscs", "cp65001": "utf-8"}.get(encoding, encoding)
    try:
        return require_encoding(name)
    except OptionError:
        return "cp1252"
