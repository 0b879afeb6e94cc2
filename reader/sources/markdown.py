"""Markdown (CommonMark, tables, strikethrough, footnotes) by way of the HTML that it stands for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.encoding import decoded
from reader.epub.xhtml import foreign_warning
from reader.errors import SourceError
from reader.model import Document, Metadata
from reader.options import SourceOptions
from reader.scripts import has_han, is_han, is_misdeclared, tag_of
from reader.sources.html import with_front
from reader.sources.html_blocks import Page, read_page
from reader.sources.html_inline import Images, parsed, without_long_tags
from reader.sources.losses import BACKLINKS, Losses

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

__all__ = ["read_markdown"]

_FRONT = re.compile(
    r"\A---[ \t]*\n(?P<fields>.*?)^(?:---|\.\.\.)[ \t]*\n", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"^(?P<name>[A-Za-z]+)[ \t]*:(?P<value>.*)$", re.MULTILINE)
_KNOWN = ("title", "author", "date", "lang", "description")

_DEEPEST = 200
"""Quotations in one another; a list counts twice. The parser goes to deeper ones by recursion."""
_SHALLOW = 20
"""What the parser's own limit is."""
_MOST_LINES = 40_000
"""Lines of quotations deeper than that, counted once for each: the parser looks at all of them."""


def read_markdown(data: bytes, *, path: Path | None, options: SourceOptions) -> Document:
    """The document in `data`; images beside it become its resources.

    Raises `SourceError` for what cannot be decoded, holds no text, or is nested deeper than
    `_DEEPEST`.
    """
    text = decoded(data, path, options).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    fields = _fields(front["fields"]) if front else {}
    losses = Losses(made=[BACKLINKS])
    losses.add(
        "other fields of the header", _other_fields(front["fields"]) if front else "", line=2
    )
    html = _Source(text, front.end() if front else 0, path, losses).html()
    root, dropped = parsed(without_long_tags(html), path=path)
    if root is None:
        raise SourceError("is empty", path=path)
    images = Images(path)
    said = tag_of(fields.get("lang", ""))
    language = options.language or said
    # The lines of its elements are those of the HTML.
    page = Page(root, language=language, lined=False)
    blocks, warnings = read_page(page, images, losses, dropped=dropped)
    sample = "".join(block.text for block in blocks)
    if not options.language and is_misdeclared(said, sample):
        warnings = (foreign_warning(said, sum(map(is_han, sample))), *warnings)
        fields["lang"] = ""
    metadata, blocks = with_front(_metadata(fields), blocks, options, path)
    return Document(metadata, blocks, None, warnings, images.resources)


class _Source:
    """A text as HTML, in which nothing is lost that CommonMark leaves out.

    Cells beyond a table's columns are cells, notes that nothing refers to are paragraphs, and a
    definition of a link to Chinese words is a line of text; what else is left out is counted.
    """

    def __init__(self, text: str, start: int, path: Path | None, losses: Losses) -> None:
        """The text from `start` on, where its header ends."""
        self._lines_before = text.count("\n", 0, start)
        self._text = text[start:]
        self._path = path
        self._losses = losses
        self._deep_lines = 0

    def html(self) -> str:
        parser = self._parser()
        found: dict[str, Any] = {}
        tokens = parser.parse(self._text, found)
        self._count(tokens, found)
        return str(parser.renderer.render(tokens, parser.options, found))

    def _parser(self) -> MarkdownIt:
        from markdown_it import MarkdownIt
        from mdit_py_plugins.footnote import footnote_plugin

        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
        # The parser itself leaves out, without a word, what is nested deeper than this.
        parser.options["maxNesting"] = _DEEPEST + 2
        # Only the address is of interest here, and data: is judged where images are read.
        parser.validateLink = lambda url: True  # type: ignore[method-assign]
        rules = parser.block.ruler
        rules.before("table", "depth", self._refuse_depth)
        rules.at("table", _table, {"alt": ["paragraph", "reference"]})
        rules.at("reference", _reference)
        parser.core.ruler.after("block", "line-depth", _limit_depth)
        parser.core.ruler.before("footnote_tail", "notes", _keep_notes)
        return parser

    def _refuse_depth(self, state: StateBlock, start: int, end: int, silent: bool) -> bool:
        """A rule that matches nothing: it is asked of every block before all others."""
        if state.level > _SHALLOW and state.tokens[-1].type == "blockquote_open":
            self._deep_lines += end - start
        if state.level >= _DEEPEST or self._deep_lines > _MOST_LINES:
            deep = _DEEPEST if state.level >= _DEEPEST else f"{_SHALLOW} for many lines"
            message = f"quotations and lists are nested more than {deep} deep"
            raise SourceError(message, path=self._path, line=self._line(start))
        return False

    def _line(self, line: int) -> int:
        """The line of the file, from 1, for one of the text, from 0."""
        return self._lines_before + line + 1

    def _count(self, tokens: list[Token], found: dict[str, Any]) -> None:
        """Count what does not show: words after the name of a code's language, unused links."""
        used: Counter[str] = Counter()
        for token in tokens:
            if token.type == "fence" and has_han(token.info):
                line = self._line(token.map[0]) if token.map else None
                self._losses.add("labels of code", token.info, line=line)
            for child in token.children or ():
                used[str(child.attrs.get("href") or child.attrs.get("src") or "")] += 1
        lines = self._text.split("\n")
        references = found.get("references", {}).values()
        for reference in (*references, *found.get("duplicate_refs", ())):
            if reference["href"] not in used:
                start, end = reference["map"]
                text = "\n".join(lines[start:end])
                text = text[max(0, text.find("[")) :]  # signs of what it stands in
                self._losses.add("definitions of links", text, line=self._line(start))


def _limit_depth(state: StateCore) -> None:
    """In a line brackets that are deeper are text, and nothing is lost; to look takes time."""
    state.md.options["maxNesting"] = _SHALLOW


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's own rule, and cells beyond the columns of the table's head, which it drops."""
    from markdown_it.rules_block import table
    from markdown_it.token import Token

    first = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    rows, state.tokens[first:] = state.tokens[first:], []
    columns = sum(token.type == "th_open" for token in rows)
    for token in rows:
        if token.type == "tr_open" and token.map:
            line = token.map[0]
            row = state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].strip()
        elif token.type == "tr_close":
            for cell in _cells(row)[columns:]:
                inline = Token("inline", "", 0, content=cell.strip(), children=[])
                state.tokens += [Token("td_open", "td", 1), inline, Token("td_close", "td", -1)]
        state.tokens.append(token)
    return True


_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")


def _cells(row: str) -> list[str]:
    cells = _BETWEEN_CELLS.split(row)
    return cells[not cells[0] : len(cells) - (not cells[-1])]


_DEFINITION = re.compile(r"\[[^\]]+\]:[ \t]*(?P<to>\S+)")
_ADDRESS = re.compile(r"[/.#:?&%<]")


def _reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's own rule, but for `[注]: 见上文。`: that is no address, and would vanish."""
    from markdown_it.rules_block import reference

    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    found = _DEFINITION.match(line)
    if found and has_han(found["to"]) and not _ADDRESS.search(found["to"]):
        return False
    return reference(state, start, end, silent)


def _keep_notes(state: StateCore) -> None:
    """Let notes stand where they are that would vanish: nothing refers to them, another has the
    same name, or they stand in another note."""
    referred = state.env.get("footnotes", {}).get("refs", {})
    last = {token.meta["label"]: token for token in _openings(state.tokens)}
    kept: list[Token] = []
    unwrapped: list[bool] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            label = token.meta["label"]
            wanted = referred.get(f":{label}", -1) >= 0 and last[label] is token
            unwrapped.append(not wanted or False in unwrapped)
            if unwrapped[-1]:
                continue
        elif token.type == "footnote_reference_close" and unwrapped.pop():
            continue
        kept.append(token)
    state.tokens = kept


def _openings(tokens: Iterable[Token]) -> Iterator[Token]:
    return (token for token in tokens if token.type == "footnote_reference_open")


def _fields(front: str) -> dict[str, str]:
    """The plain fields of a YAML header; lists and nested values are none of our business."""
    fields = {match["name"].lower(): match["value"].strip() for match in _FIELD.finditer(front)}
    return {name: value.strip("\"'") for name, value in fields.items() if value}


def _other_fields(front: str) -> str:
    """What of a header is not used."""
    return _FIELD.sub(lambda field: "" if field["name"].lower() in _KNOWN else field[0], front)


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
