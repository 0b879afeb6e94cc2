"""Our own elements in a book: the dialect that writes them, their check, and their removal.

Every element added to a content document has as its class one word, `reader-` and its kind, and
every document that was changed has our stylesheet's link, of class `reader-style`. A document in
which `reader-` occurs already gets another prefix; the link's class says which.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from reader.epub.edits import Edit, decode, spliced
from reader.epub.xhtml import Scanner, require_well_formed
from reader.errors import SourceError
from reader.files import read_data
from reader.markup import OPS, SLOT, Dialect, Tag
from reader.writers.pronunciation import NOTATION_LANGUAGES
from reader.writers.word_markup import GLOSSED, TONE, Form

__all__ = [
    "EPUB_NAMESPACE",
    "HOLDS_PARAGRAPHS",
    "NAMESPACE",
    "STYLE",
    "BookDialect",
    "Check",
    "held_stops",
    "held_words",
    "strip_document",
    "style_sheet",
    "without_ruby",
]

STYLE = "style"
EPUB_NAMESPACE = "epub"
"""Second word of the link's class where `xmlns:epub` was added to the root element."""
NAMESPACE = f' xmlns:epub="{OPS}"'.encode()

_UNWRAPPED = {"ruby", "ref", "span", "word", "hold", "bare"}
"""Kinds of our elements that stand around the book's own text; others hold only ours."""
_OURS = b"reader"
"""Occurs in every document of ours, unless its encoding is UTF-16."""
_TEXT = r"[^<>&\x00-\x08\x0b\x0c\x0e-\x1f]*+"
_WORD = b"<r/>"
"""Stands for a word where well-formedness is checked."""
_LINK = re.compile(r"(readerx*-)style( readerx*-epub)?")

# XHTML 1.1 as EPUB 2 has it knows neither ruby nor aside.
_EPUB2 = {"ruby": "span", "rt": "span", "rp": "span", "aside": "div", "section": "div"}
_INSIDE = {"rt", "rp"}
# Where text stands in a block that may hold only certain elements: what a word of ours can be in
# there. `ins` may hold anything, anywhere.
_HOLDERS = {
    **dict.fromkeys(("ul", "ol", "menu", "dir"), ("li",)),
    **dict.fromkeys(("tbody", "thead", "tfoot"), ("tr", "td")),
    "tr": ("td",),
}
_EPUB2_HOLDERS = _HOLDERS | dict.fromkeys(("body", "blockquote", "noscript", "form"), ("ins",))
HOLDS_PARAGRAPHS = frozenset(
    "article aside blockquote body center dd details dialog div fieldset figcaption figure footer "
    "form header li main nav section td th".split()
)
"""Elements in which a paragraph of ours may stand, beside text or other paragraphs."""
_SHARED_CLASS = re.compile(rb"\.(zhuyin|tone|rt|rp)\b")
"""What the sheets of zhuyin name as written books and pages do."""
_HTML_LANG = re.compile(r' lang="[^"]*"(?= xml:lang)')


def style_sheet() -> bytes:
    """The style sheet that is added to a book, all its classes being ours."""
    zhuyin = read_data("zhuyin.css") + read_data("zhuyin-in-place.css")
    return read_data("in-place.css") + _SHARED_CLASS.sub(rb".reader-\1", zhuyin)


class BookDialect(Dialect):
    """Markup that can be told from a book's own and taken out again.

    In EPUB 3 readings are `ruby`; in EPUB 2, whose XHTML 1.1 has no ruby, they are `span`s that
    the stylesheet sets as ruby, and without a stylesheet stand in brackets behind the word.
    """

    breaks_between_rubies = False

    def __init__(self, *, epub2: bool, prefix: str = "reader-", typed: bool = True) -> None:
        """`typed` is whether `epub:type` may be written (the prefix `epub` can be declared)."""
        super().__init__(epub=True)
        self.epub2 = epub2
        self.prefix = prefix
        self.typed = typed and not epub2
        # A table, which is what the stylesheet makes of a `ruby` there, has one caption.
        self.ruby_has_pairs = self.ruby_nests = not epub2

    def holder(self, parent: str) -> Tag:
        """What must be around a word that stands in a `parent` itself, beside its elements.

        >>> BookDialect(epub2=False).holder("ul").open
        '<li class="reader-bare">'
        """
        names = (_EPUB2_HOLDERS if self.epub2 else _HOLDERS).get(parent, ())
        tags = [self.tag(name, class_="bare") for name in names]
        return Tag("".join(t.open for t in tags), "".join(t.close for t in reversed(tags)))

    def line(self, parent: str, kind: str, language: str) -> Tag:
        """An element for a line of its own in a `parent`, a block or an inline element."""
        if parent in _HOLDERS:
            holder = self.holder(parent)
            inner = self.tag("p", class_=kind, lang=language)
            return Tag(holder.open + inner.open, inner.close + holder.close)
        return self.tag("p" if parent in HOLDS_PARAGRAPHS else "span", class_=kind, lang=language)

    def tag(self, name: str, /, **attributes: str | None) -> Tag:
        classed = {"class_": self._class(name, attributes.pop("class_", None)), **attributes}
        if not self.typed:
            classed.pop("type_", None)
        if not self.epub2:
            return super().tag(name, **classed)
        # XHTML 1.1 has neither ARIA nor `lang` without a prefix.
        kept = {k: v for k, v in classed.items() if k != "role" and not k.startswith("aria_")}
        tag = super().tag(_EPUB2.get(name, name), **kept)
        return Tag(_HTML_LANG.sub("", tag.open), tag.close)

    def void(self, name: str, /, **attributes: str | None) -> str:
        class_ = self._class(name, attributes.pop("class_", None))
        return super().void(name, class_=class_, **attributes)

    def _class(self, name: str, class_: str | None) -> str | None:
        if name in _INSIDE and not self.epub2:
            return None  # told by the ruby around it
        if class_ and name == "ruby":
            # Words may have classes of their own; the style sheet goes by the first.
            class_ = f"{name} {class_}"
        return self.prefix + (class_ or name).replace(" ", f" {self.prefix}")


_OPENING = "「『（《〈【〔“‘"
_CLOSING = "，。、；：？！」』）》〉】〕”’…—"


def held_stops(dialect: BookDialect, form: Form) -> Callable[[str], str]:
    """What keeps stops on the line of the word they belong to, in EPUB 2 and beside zhuyin.

    A line may break before and behind a box, which a word is there, whatever stands beside it.
    """
    word = _word_pattern(dialect, form)
    unit = f"(?:(?:{word})|<a [^<>]*>(?>(?:{word})+)</a>)"
    stops = re.compile(f"[{_OPENING}]{{1,4}}+{unit}[{_CLOSING}]*+|{unit}[{_CLOSING}]++")
    hold = dialect.tag("span", class_="hold")
    return lambda markup: stops.sub(lambda match: hold.around(match[0]), markup)


def held_words(dialect: BookDialect, form: Form) -> Callable[[str], str]:
    """What keeps long words on one line, in EPUB 3.

    Chromium breaks a line within a ruby, and leaves its reading whole over the first part, where it
    sticks out of the page. Not all words are held: between two that are no line breaks.
    """
    ruby, rp = form.ruby_tag(dialect), dialect.tag("rp")
    reading = dialect.tag("rt", lang=NOTATION_LANGUAGES[form.notation])
    rt = _around(rp, r"\(") + _around(reading, _TEXT) + _around(rp, r"\)")
    word = re.compile(_around(ruby, r"[^<>&\x00-\x1f]{3,}+" + rt))
    hold = dialect.tag("span", class_="hold")
    return lambda markup: word.sub(lambda match: hold.around(match[0]), markup)


def without_ruby(dialect: BookDialect, form: Form) -> Callable[[str], str]:
    """What takes words out of their ruby, so that a drop cap drops; a reading stands behind it."""
    ruby, rp = form.ruby_tag(dialect), dialect.tag("rp")
    language = NOTATION_LANGUAGES[form.notation]
    reading = dialect.tag("rt", lang=language)
    bracket = dialect.tag("span", class_="rp")
    beside = dialect.tag("span", class_="cap", lang=language)
    opening, closing = bracket.around("("), bracket.around(")")
    rt = _around(rp, r"\(") + _around(reading, "(.*?)") + _around(rp, r"\)")
    word = re.compile(_around(ruby, f"({_TEXT}){rt}"))
    replaced = beside.around(opening, SLOT, closing)
    glossed = dialect.tag("ruby", class_=GLOSSED)
    gloss = _around(rp, r"\(") + f"<rt lang=[^<>]*>{_TEXT}</rt>" + _around(rp, r"\)")
    above = re.compile(_around(glossed, f"(.*?){gloss}"))

    def plain(markup: str) -> str:
        bare = above.sub(r"\1", markup) if GLOSSED in markup else markup
        return word.sub(lambda m: m[1] + replaced.replace(SLOT, m[2]), bare)

    return plain


class Check:
    """Checks documents annotated in one dialect.

    Nine bytes in ten are words with their readings, each the same few tags around plain text. A
    pattern finds such words three times as fast as a parser reads them. Each is an element, so the
    document is well-formed just when it is with another element in their place.
    """

    def __init__(self, dialect: BookDialect, form: Form) -> None:
        """`form` is that in which the words of the document are written."""
        self._words = _words(dialect, form)

    def __call__(self, data: bytes, name: str) -> None:
        """Raise `SourceError` if the document `name` is not well-formed."""
        try:
            require_well_formed(self._words.sub(_WORD, data), name)
        except SourceError as error:
            raise SourceError(f"could not be annotated: {error.message}", path=name) from error


def _words(dialect: BookDialect, form: Form) -> re.Pattern[bytes]:
    return re.compile(f"(?>(?:{_word_pattern(dialect, form)})+)".encode())


def _word_pattern(dialect: BookDialect, form: Form) -> str:
    """What finds a word as it is written: base and reading, once or for each character."""
    ruby, rp = form.ruby_tag(dialect), dialect.tag("rp")
    reading = dialect.tag("rt", lang=NOTATION_LANGUAGES[form.notation])
    tone = f"(?:{_around(dialect.tag('span', class_=TONE), _TEXT)})?" if form.stands_beside else ""
    rt = _around(rp, r"\(") + _around(reading, _TEXT + tone) + _around(rp, r"\)")
    return _around(ruby, f"(?>(?:{_TEXT}{rt})+)")


def _around(tag: Tag, pattern: str) -> str:
    return re.escape(tag.open) + pattern + re.escape(tag.close)


def strip_document(data: bytes, name: str = "") -> bytes:
    """A content document without our annotation; other documents as they are.

    Raises `SourceError` for a document that cannot be decoded, or that was broken after it was
    annotated.
    """
    if _OURS not in data and b"\0" not in data[:4]:
        return data
    source = decode(data, name)
    # Two passes: elements of ours may stand before the link, which says how they are told.
    link = _Link.of(source.data)
    if link is None:
        return data
    stripper = _Stripper(source.data, name, *link)
    stripper.run()
    return source.encode(spliced(source.data, stripper.edits))


class _Link(Scanner):
    """Finds the link to our stylesheet, which stands in the head of every document of ours."""

    class Answered(Exception):
        """There is no need to read on."""

    _match: re.Match[str] | None = None

    @classmethod
    def of(cls, source: bytes) -> tuple[str, bool] | None:
        """The prefix of our classes, and whether a namespace was declared; None where not ours."""
        scanner = cls(source)
        with suppress(cls.Answered, SourceError):
            scanner.run()
        match = scanner._match
        return (match[1], bool(match[2])) if match else None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(" ")[2]
        if local == "link":
            self._match = _LINK.fullmatch(attributes.get("class", ""))
        if self._match or local == "body":
            raise self.Answered


class _Stripper(Scanner):
    """Finds the bytes of our elements, and of the namespace where that is ours."""

    def __init__(self, source: bytes, name: str, prefix: str, declared: bool) -> None:
        super().__init__(source, name)
        self.edits: list[Edit] = []
        self._prefix = prefix
        self._declared = declared
        self._open: list[str] = []
        """What is to be done with each open element; see `_treatment`."""
        self._cut_from = -1
        self._cut_depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        treatment = ""
        if self._declared and not self._open:
            start = self.source.rfind(NAMESPACE, at, self.tag_end(at))
            self.edits += [(start, start + len(NAMESPACE), b"")] if start > 0 else []
        if self._cut_from < 0:  # what is in an element that is cut goes with it
            treatment = self._treatment(name.rpartition(" ")[2], attributes)
        if treatment:
            end = self.tag_end(at)
            if treatment != "cut":
                self.edits.append((at, end, b""))
            elif self.source.endswith(b"/>", at, end):
                self.edits.append((at, end, b""))
                treatment = ""
            else:
                self._cut_from, self._cut_depth = at, len(self._open)
        self._open.append(treatment)

    def _treatment(self, name: str, attributes: dict[str, str]) -> str:
        """Whether an element is `unwrap`ped (`ruby`: with its readings cut), `cut`, or neither."""
        if self._open and self._open[-1] == "ruby" and name in _INSIDE:
            return "cut"
        class_ = attributes.get("class", "")
        if not class_.startswith(self._prefix):
            return ""
        kind = class_.split()[0].removeprefix(self._prefix)
        if kind not in _UNWRAPPED:
            return "cut"
        return "ruby" if kind == "ruby" else "unwrap"

    def end(self, name: str) -> None:
        treatment = self._open.pop()
        if not treatment:
            return
        at = self.parser.CurrentByteIndex
        end = self.source.index(b">", at) + 1
        if treatment != "cut":
            self.edits.append((at, end, b""))
        elif len(self._open) == self._cut_depth:
            self.edits.append((self._cut_from, end, b""))
            self._cut_from = -1
