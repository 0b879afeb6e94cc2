"""No text is lost without a word: what a source holds is in the document, or is counted.

Texts are generated with what they say in one hand and their markup in the other; nothing of what
is checked comes from the code that is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import given, strategies as st

from reader.model import Document, MarkKind
from reader.sources import read_bytes
from reader.sources.losses import LEFT_OUT, count_of
from tests import books, word
from tests.laws import examples
from tests.word import link, paragraph as word_paragraph, run

ALPHABET = "他在银行工作后来去了北京甲乙丙丁，。"
WORDS = st.text(st.sampled_from(ALPHABET), min_size=1, max_size=8)


def characters(text: str) -> int:
    """How many of the characters that sources are written with; not those that markup adds."""
    return sum(map(ALPHABET.__contains__, text))


def held(document: Document) -> int:
    """The characters of a document, with what stands above them."""
    return sum(map(characters, said(document)))


def said(document: Document) -> Iterator[str]:
    for block in document.blocks:
        yield block.text
        for mark in block.marks:
            if mark.kind is MarkKind.READING:
                yield mark.get("text")


def counted(document: Document) -> int:
    return sum(map(count_of, document.warnings))


class Markup(NamedTuple):
    """Markup, and its text in order; what is marked up as no text is only counted."""

    source: str
    text: str
    aside: int = 0
    """Characters of it that are none of the text."""


def joined(parts: list[Markup]) -> Markup:
    sources, texts, asides = zip(*parts, strict=True) if parts else ((), (), ())
    return Markup("".join(sources), "".join(texts), sum(asides))


def in_element(name: str, inside: Markup) -> Markup:
    start = name.partition(" ")[0]
    return Markup(f"<{name}>{inside.source}</{start}>", inside.text, inside.aside)


def left_out(name: str, inside: Markup) -> Markup:
    start = name.partition(" ")[0]
    whole = f"<{name}>{inside.source}</{start}>"
    return Markup(whole, "", characters(inside.text) + inside.aside)


def ruby(base: str, above: str) -> Markup:
    return Markup(f"<ruby>{base}<rp>(</rp><rt>{above}</rt><rp>)</rp></ruby>", base + above)


PLAIN = WORDS.map(lambda word: Markup(word, word))
INLINE = [
    *"b i em span a sup u code dfn ins del cite font q small kbd samp var s abbr mark bdi".split(),
    *"time data label output big tt strike acronym sub custom-tag".split(),
    *('a href="#x"', 'span id="x"', 'span lang="ja"', 'a href="https://example.org/"'),
]
BLOCK = [
    *"p div section article main header footer aside nav ul ol li dl dt dd blockquote pre".split(),
    *"table tr td th h1 h2 h3 figure figcaption caption form details fieldset center".split(),
    *"h6 address hgroup summary legend menu dir thead tbody tfoot main search".split(),
    *('div id="y"', 'p lang="en"', 'div style="visibility: hidden"', 'ol start="7"'),
    *('div class="comments"', 'div class="sidebar"', 'ul class="nav"', 'div role="note"'),
    *('div class="copyright related"', 'p class="author"', 'td rowspan="2"', 'li value="9"'),
    *('div lang="en"', 'div dir="rtl"', 'div contenteditable=""', 'div aria-hidden="true"'),
]
ASIDE = (
    "button", "textarea", "object", "noscript", "select", "iframe", "canvas", "video", "audio",
    "datalist",
    'div hidden=""', 'p style="display: none"', 'span role="doc-pagebreak"',
)  # fmt: skip


def html(*, asides: bool) -> st.SearchStrategy[Markup]:
    """Elements in elements, well-formed as XML is: so parsers have nothing to decide."""
    leaf = PLAIN | st.builds(ruby, WORDS.filter(str.strip), WORDS)
    kept = st.sampled_from(INLINE + BLOCK)
    dropped = st.sampled_from(ASIDE)

    def wrapped(inner: st.SearchStrategy[Markup]) -> st.SearchStrategy[Markup]:
        several = st.lists(inner, max_size=4).map(joined)
        around = st.builds(in_element, kept, several)
        return around | st.builds(left_out, dropped, PLAIN) if asides else around

    return st.lists(st.recursive(leaf, wrapped, max_leaves=12), min_size=1, max_size=3).map(joined)


def conserved(document: Document, source: Markup) -> None:
    __tracebackhide__ = True
    assert held(document) + counted(document) == characters(source.text) + source.aside


@examples(50)
@given(html(asides=True), st.booleans())
def test_web_pages(source: Markup, whole: bool) -> None:
    source = joined([in_element("p", Markup("甲", "甲")), source])
    page = f"<!DOCTYPE html><html><body>{source.source}</body></html>"
    conserved(read_bytes(page.encode(), suffix=".html", whole=whole), source)


def is_read(document: bytes, suffix: str, source: Markup) -> None:
    __tracebackhide__ = True
    conserved(read_bytes(document, suffix=suffix), source)


@examples(40)
@given(
    st.lists(html(asides=True), min_size=1, max_size=3),
    st.lists(html(asides=True), max_size=2),
    st.sampled_from(("zh-Hans", "en", "ja")),
)
def test_books(read: list[Markup], unread: list[Markup], lang: str) -> None:
    """What stands outside the spine is counted too."""
    read = [joined([in_element("p", Markup("甲", "甲")), read[0]]), *read[1:]]
    more = {f"m{n}.xhtml": books.page(each.source) for n, each in enumerate(unread)}
    book = books.chapters(*(each.source for each in read), lang=lang, package=lang, more=more)
    outside = sum(characters(each.text) + each.aside for each in unread)
    whole = joined(read)
    is_read(book, ".epub", whole._replace(aside=whole.aside + outside))


# Markdown: blocks are lines, so that they can be put into others


class Lines(NamedTuple):
    lines: list[str]
    text: str
    aside: int = 0


def spans() -> st.SearchStrategy[Markup]:
    """Text with marks in it."""
    forms = (
        "{}",
        "*{}*",
        "**{}**",
        "`{}`",
        "[{}](https://a.b/)",
        "~~{}~~",
        "<b>{}</b>",
        "<!--{}-->",
    )

    def made(form: str, word: str) -> Markup:
        if form.startswith("<!"):
            return Markup(form.format(word), "", characters(word))
        return Markup(form.format(word), word)

    words = st.text(st.sampled_from("他在银行工作甲乙丙丁"), min_size=1, max_size=5)
    return st.lists(st.builds(made, st.sampled_from(forms), words), min_size=1, max_size=3).map(
        lambda parts: joined([Markup(f" {s} ", t, a) for s, t, a in parts])
    )


def paragraph(inside: Markup) -> Lines:
    return Lines([inside.source.strip()], inside.text, inside.aside)


def heading(inside: Markup) -> Lines:
    return Lines([f"## {inside.source.strip()}"], inside.text, inside.aside)


def prefixed(first: str, rest: str, inside: list[Lines]) -> Lines:
    lines = after_one_another(inside)
    shown = [f"{first if n == 0 else rest}{line}" for n, line in enumerate(lines.lines)]
    return Lines(shown, lines.text, lines.aside)


def after_one_another(blocks: list[Lines]) -> Lines:
    lines: list[str] = []
    for block in blocks:
        lines += [*block.lines, ""]
    return Lines(lines, "".join(b.text for b in blocks), sum(b.aside for b in blocks))


def table(rows: list[list[str]]) -> Lines:
    head = rows[0]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(head))
    return Lines(lines, "".join(map("".join, rows)))


def note(number: int, label: str, referred: bool, inside: str) -> Lines:
    reference = f"甲[^{number}{label}]" if referred else "甲"
    return Lines([reference, "", f"[^{number}{label}]: {inside}"], "甲" + inside)


def code(inside: str, info: str) -> Lines:
    return Lines([f"```{info}", inside, "```"], inside, len(info) if info > "~" else 0)


def markdown() -> st.SearchStrategy[Lines]:
    word = st.text(st.sampled_from("他在银行工作甲乙丙丁"), min_size=1, max_size=5)
    rows = st.lists(st.lists(word, min_size=1, max_size=4), min_size=2, max_size=4)
    leaf = st.one_of(
        st.builds(paragraph, spans()),
        st.builds(heading, spans()),
        st.builds(table, rows),
        st.builds(note, st.integers(0, 99), st.sampled_from("abc"), st.booleans(), word),
        st.builds(code, word, st.sampled_from(("", "python", "名字"))),
        word.map(lambda w: Lines([f"[{w}]: 见上文"], w + "见上文")),
        word.map(lambda w: Lines([f"[戊{w}]:<https://z/>", ""], "", len(f"[戊{w}]:<https://z/>"))),
        word.map(lambda w: Lines([f"<div hidden>{w}</div>", ""], "", characters(w))),
    )

    def around(inner: st.SearchStrategy[Lines]) -> st.SearchStrategy[Lines]:
        forms = st.sampled_from((("- ", "  "), ("7. ", "   "), ("> ", "> "), ("* ", "  ")))
        several = st.lists(inner, min_size=1, max_size=3)
        return st.builds(lambda form, inside: prefixed(form[0], form[1], inside), forms, several)

    return st.lists(st.recursive(leaf, around, max_leaves=8), min_size=1, max_size=3).map(
        after_one_another
    )


@examples(50)
@given(markdown())
def test_markdown(source: Lines) -> None:
    text = "\n".join(["甲", "", *source.lines])
    is_read(text.encode(), ".md", Markup(text, "甲" + source.text, source.aside))


# Word


def wrapped_run(name: str, word: str) -> str:
    return f"<w:{name}>{run(word)}</w:{name}>"


def runs() -> st.SearchStrategy[Markup]:
    return st.one_of(
        st.builds(lambda w: Markup(run(w), w), WORDS),
        st.builds(lambda w: Markup(run(w, "b", "i"), w), WORDS),
        st.builds(lambda w: Markup(link(w), w), WORDS),
        st.builds(lambda n, w: Markup(wrapped_run(n, w), w), st.sampled_from(WRAPPERS), WORDS),
        st.builds(lambda a, b: Markup(word.ruby(a, b), a + b), WORDS, WORDS),
        st.builds(lambda w: Markup(word.formula(w), w), WORDS),
        st.builds(lambda w: Markup(word.box(w), w), WORDS),
        st.builds(lambda w: Markup(word.deleted(w), "", characters(w)), WORDS),
    )


WRAPPERS = ("fldSimple", "ins", "smartTag", "dir", "bdo", "customXml", "unheard-of")


def word_blocks() -> st.SearchStrategy[Markup]:
    several = st.lists(runs(), max_size=4).map(joined)
    rows = st.lists(st.lists(WORDS | st.just(""), min_size=1, max_size=3), min_size=1, max_size=3)
    return st.one_of(
        st.builds(lambda m: m._replace(source=word_paragraph(m.source)), several),
        st.builds(lambda m: m._replace(source=word_paragraph(m.source, style="H1")), several),
        st.builds(lambda m: m._replace(source=word_paragraph(m.source, level=0)), several),
        rows.map(lambda cells: Markup(word.table(cells), "".join(map("".join, cells)))),
    )


@examples(32)
@given(st.lists(word_blocks(), min_size=1, max_size=4), WORDS, WORDS)
def test_word_documents(blocks: list[Markup], header: str, comment: str) -> None:
    source = joined([Markup(word_paragraph(run("甲")), "甲"), *blocks])
    parts = {
        "word/header1.xml": word.part("hdr", word_paragraph(run(header))),
        "word/comments.xml": word.part("comments", word_paragraph(run(comment))),
    }
    aside = source.aside + characters(header + comment)
    read = read_bytes(word.document(source.source, **parts), suffix=".docx")
    # The note that nothing refers to, which all of these documents have.
    notes = len("註腳內容")
    assert held(read) + counted(read) == characters(source.text) + aside + notes


SOUP = st.text(st.sampled_from("甲乙丙 *_`[]!#>-1.|\n~^:\\+="), max_size=60)


def shown(document: Document) -> int:
    """The characters of a document, in its text and in what its marks say."""
    told = [value for b in document.blocks for m in b.marks for _, value in m.attributes]
    messages = [w.message for w in document.warnings if w.code != LEFT_OUT]
    return sum(map(characters, [*(b.text for b in document.blocks), *told, *messages]))


@examples(66)
@given(SOUP, st.sampled_from((".md", ".txt")))
def test_signs_in_any_order(text: str, suffix: str) -> None:
    """Where signs mean something they may be gone; no character of the text is."""
    document = read_bytes(f"甲\n\n{text}".encode(), suffix=suffix)
    assert shown(document) + counted(document) >= 1 + characters(text)
