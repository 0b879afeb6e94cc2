"""A web page that needs nothing beside it: style, script and images inside, and no request."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, BinaryIO

from reader.files import read_data
from reader.markup import ADDED, Dialect, Tag, encoded, script_text, web_page_frame
from reader.model import Flow
from reader.options import Notes, Pinyin, RenderOptions
from reader.writers.content_documents import ContentDocuments
from reader.writers.pages import colophon_page, glossary_page, pictures_of
from reader.writers.policy import shows_glosses

if TYPE_CHECKING:
    from reader.writers.page_words import PageWords

_STYLES = ("book.css", "zhuyin.css", "page.css")
_STYLE_OF_WORDS, _SCRIPT = "page-words.css", "page.js"
_GLOSSARY, _COLOPHON = "glossary", "about"


def write_html(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """Write `flow` as one page to a binary file, UTF-8, as the text passes.

    The page answers who reads it: words tell what they mean, and readings come and go, by a script
    of its own that only adds; without it, or with `options.static`, the text and its notes are all
    there. The markup is valid as HTML and well-formed as XML. Notes open in a window at the foot of
    the screen, without script (`:target`), and print at the end of their chapter. The page forbids
    itself every request and all other scripts (Content-Security-Policy). Raises `WriteError` for
    text that XML cannot carry.
    """
    words: PageWords | None = None
    root_class = ""
    if not options.static:
        from reader.writers.page_words import PageWords, mode_of, page_policy

        words, root_class = PageWords(options), f"py-{mode_of(options)}"
        options = replace(options, pinyin=Pinyin.ALL, policy=page_policy(options))
    dialect = Dialect(epub=False)
    images = {
        picture.resource: f"data:{picture.media_type};base64,{b64encode(picture.data).decode()}"
        for picture in pictures_of(flow.resources)
    }
    documents = ContentDocuments(
        flow,
        options,
        dialect,
        href=lambda number: "",
        images=images,
        prefix=lambda number: f"c{number}-",
        number=words.number if words else None,
    )
    style, script = _style(options, words is not None), _script(words is not None)
    frame = web_page_frame(
        documents.title,
        documents.language,
        documents.body_class(),
        _meta(documents, style, script),
        style,
        root_class=root_class,
        script=script,
    )
    for chunk in encoded(_pieces(documents, dialect, frame, words)):
        file.write(chunk)


def _pieces(
    documents: ContentDocuments, dialect: Dialect, frame: Tag, words: PageWords | None
) -> Iterator[str]:
    main = dialect.tag("main")
    parts = _Parts(dialect) if words else None
    yield frame.open + main.open
    for number, _title, markup in documents:
        section = dialect.tag("section", id=f"c{number}", class_="chapter")
        yield section.open
        yield from parts.of(markup) if parts else markup
        yield section.close
    yield _ending(documents, dialect, main)
    if words:
        yield words.element(dialect, documents.metadata)
    yield frame.close


class _Parts:
    """A page that answers in parts of some pages each, so that one of a whole novel opens at once.

    What is far from the beginning is laid out when it comes near, and what is farther a browser
    does not even parse before its script asks it to: where scripts run, the content of `noscript`
    is only text.
    """

    def __init__(self, dialect: Dialect) -> None:
        self._near = dialect.tag("div", class_="part")
        self._far = dialect.tag("div", class_="part far")
        self._held = dialect.tag("noscript")
        self._written = 0

    def of(self, markup: Iterable[str]) -> Iterator[str]:
        """The markup of a chapter in its parts."""
        for part in _gathered(markup):
            yield self._wrapped(part)
            self._written += len(part)

    def _wrapped(self, part: str) -> str:
        if self._written < _NEAR:
            return self._near.around(part)
        return self._far.around(part if self._written < _FAR else self._held.around(part))


_PART, _NEAR, _FAR = 150_000, 300_000, 1_500_000
"""Characters of markup in a part; of those that are laid out at once, and that are parsed: with
readings it is fifty times the text."""


_LISTS = ("ul", "ol")


def _gathered(markup: Iterable[str]) -> Iterator[str]:
    """Pieces of markup joined to parts; a list is in one of them."""
    gathered: list[str] = []
    size = opened = 0
    for piece in markup:
        gathered.append(piece)
        size += len(piece)
        if opened or "<ul" in piece or "<ol" in piece:
            opened += sum(piece.count(f"<{name}") - piece.count(f"</{name}>") for name in _LISTS)
        if size > _PART and not opened:
            yield "".join(gathered)
            gathered, size = [], 0
    if size:
        yield "".join(gathered)


def _ending(documents: ContentDocuments, dialect: Dialect, main: Tag) -> str:
    """The glossary, the end of `main`, and how the page was made."""
    parts = []
    if documents.terms.by_name and documents.options.notes is not Notes.NONE:
        section = dialect.tag("section", id=_GLOSSARY, class_=ADDED)
        parts.append(section.around(glossary_page(dialect, documents.terms, documents.options)))
    parts.append(main.close)
    footer = dialect.tag("footer", id=_COLOPHON, class_=ADDED)
    parts.append(footer.around(colophon_page(documents)))
    return "".join(parts)


def _meta(documents: ContentDocuments, style: str, script: str) -> dict[str, str]:
    entries = {
        "Content-Security-Policy": _policy(style, script),
        "viewport": "width=device-width, initial-scale=1",
        "author": ", ".join(documents.authors),
        "description": documents.metadata.description,
    }
    return {name: content for name, content in entries.items() if content}


def _policy(style: str, script: str) -> str:
    """What the page allows itself: one style sheet and one script, images inside it, no request."""
    # By their digests: `unsafe-inline` would let in any.
    sources = ["default-src 'none'", f"style-src {_digest(style)}", "img-src data:"]
    if script:
        sources.append(f"script-src {' '.join(map(_digest, script_text(script)))}")
    return "; ".join([*sources, "base-uri 'none'", "form-action 'none'"])


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _style(options: RenderOptions, answers: bool) -> str:
    """The style sheets as one, free of what HTML and XML would read differently."""
    names = [*_STYLES, *([_STYLE_OF_WORDS] if answers else [])]
    names += ["gloss.css"] if shows_glosses(options) else []
    return "\n".join(map(_lean, names))


def _script(answers: bool) -> str:
    return _lean(_SCRIPT) if answers else ""


_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_AROUND_SIGNS = re.compile(r"\s*;?\s*([{}])\s*|\s*([;,]|^)\s+|(?<=:) |\b0(?=\.\d)", re.MULTILINE)
_IN_SCRIPT = re.compile(
    # Kept as they are: strings, templates, and regular expressions behind a sign or a space.
    r"""("(?:\\.|[^"\\])*"|`(?:\\.|[^`\\])*`"""
    r"""|(?<=[\s(\[!,>=])/(?![*/\s])(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\[\n])+/)"""
    # A comment is a line's end; space beside a sign is nothing, but where signs might be joined.
    r"|(\s*(?:/\*.*?\*/|//[^\n]*)\s*)|(?<=[^\w$\s+\-/])\s+|\s+(?=[^\w$\s+\-/\"`])",
    re.DOTALL,
)


@cache
def _lean(name: str) -> str:
    """A file of ours without comments and space, which would be a quarter of what it adds."""
    text = read_data(name).decode()
    if name.endswith(".css"):
        return _AROUND_SIGNS.sub(r"\1\2", _COMMENT.sub("", text)).strip()
    return _IN_SCRIPT.sub(lambda found: found[1] or (found[2] and "\n") or "", text)
