"""Where a stranger's bytes come in: each way as a function of them, and what its texts are made of.

What each function raises for bad input is a `ReaderError`. `shapes` repeats the pieces: growth is
measured on them; fuzzing begins with them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from reader import (
    Block,
    Document,
    Glossary,
    RenderOptions,
    Script,
    Translation,
    align,
    annotate,
    annotate_book,
    read_bytes,
    read_text,
    strip_book,
    write,
)
from reader.alignment import read_pairs, read_tmx
from reader.annotation.doubts import find_doubts
from reader.errors import ReaderError
from reader.learner import KnownWords
from reader.learner.scheme_files import read_scheme
from reader.translation.chat import parse_answer
from reader.translation.runner import translation_text
from reader.translation.translator import Request, missing_terms, problem
from tests import books, word

Work = Callable[[bytes], object]


class Surface(NamedTuple):
    """A way in, and pieces of what is given there."""

    work: Work
    pieces: tuple[str, ...]


class Shape(NamedTuple):
    """A text that repeats `unit` between `before` and `after`."""

    before: str
    unit: str
    after: str

    def text(self, size: int) -> bytes:
        """Of about `size` bytes."""
        times = max(1, size // len(self.unit.encode()))
        return f"{self.before}{self.unit * times}{self.after}".encode()


def shapes(name: str, count: int, seed: int = 0) -> Iterator[Shape]:
    """`count` shapes for a surface, other ones for every seed; every piece alone is one."""
    pieces = SURFACES[name].pieces
    draw = random.Random(f"{name} {seed}")

    def joined(*counts: int) -> str:
        return "".join(draw.choices(pieces, k=draw.choice(counts)))

    for number in range(count):
        unit = joined(1, 1, 2, 2, 3, 4)
        if number % 3 == 0:
            # Lines and paragraphs that are hostile themselves, of lengths that limits may allow.
            unit = f"{joined(0, 1)}{unit * draw.choice((4, 15, 60))}{joined(0, 1)}"
            unit += draw.choice(("\n", "\n\n", "</p><p>", "。"))
        yield Shape(joined(0, 0, 1, 2), unit, joined(0, 0, 1, 2))


# ---- sources ----


@cache
def _around_body() -> tuple[bytes, bytes]:
    """What TEI of ours has before its body and after: no other is read."""
    file = BytesIO()
    write(annotate(read_text("題\n\n他在銀行工作。")), file, to="tei")
    before, _, rest = file.getvalue().partition(b"<body>")
    return before + b"<body>", b"</body>" + rest.partition(b"</body>")[2]


def _tei(data: bytes) -> object:
    before, after = _around_body()
    return read_bytes(before + data + after, suffix=".xml")


def _source(suffix: str, before: bytes = b"", after: bytes = b"") -> Work:
    return lambda data: read_bytes(before + data + after, suffix=suffix)


def _docx(data: bytes) -> object:
    return read_bytes(word.document(data.decode("utf-8", "replace")), suffix=".docx")


_ODT = b"""<office:document-content \
xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" \
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:text>"""
_ODT_END = b"</office:text></office:body></office:document-content>"


def _odt(data: bytes) -> object:
    return read_bytes(books.packed({"content.xml": _ODT + data + _ODT_END}), suffix=".odt")


# ---- books ----

_PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>书</title>{}</head><body>'
_LINK = '<link class="reader-style" rel="stylesheet" href="reader.css"/>'
_END = b"</body></html>"
_NAV = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">\
<head><title>书</title></head><body><nav epub:type="toc">""".encode()


def _chapter(data: bytes) -> dict[str, bytes]:
    return books.single(_PAGE.format("").encode() + data + _END)


def _whole_chapter(data: bytes) -> dict[str, bytes]:
    return books.single(data)


def _annotated_chapter(data: bytes) -> dict[str, bytes]:
    return books.single(_PAGE.format(_LINK).encode() + data + _END)


def _package(data: bytes) -> dict[str, bytes]:
    members = books.single(books.page("<p>在银行。</p>"))
    name = next(name for name in members if name.endswith(".opf"))
    return members | {name: members[name].replace(b"</manifest>", data + b"</manifest>")}


def _nav(data: bytes) -> dict[str, bytes]:
    return books.single(books.page("<p>在银行。</p>")) | {"nav.xhtml": _NAV + data}


def _styled(data: bytes) -> dict[str, bytes]:
    return books.everything() | {"OEBPS/style.css": data}


def _book_source(members: Callable[[bytes], dict[str, bytes]]) -> Work:
    return lambda data: read_bytes(books.packed(members(data)), suffix=".epub")


def _in_place(
    members: Callable[[bytes], dict[str, bytes]],
    work: Callable[[Path, Path], object] = annotate_book,
) -> Work:
    def on_disk(data: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder, "in.epub")
            path.write_bytes(books.packed(members(data)))
            work(path, Path(folder, "out.epub"))

    return on_disk


# ---- texts annotated, checked, aligned, written ----


def _text(data: bytes) -> Document:
    return read_text("題\n\n字" + data.decode("utf-8", "replace"))


def _doubts(data: bytes) -> object:
    return find_doubts(annotate(_text(data)))


@cache
def _short() -> Document:
    return annotate(read_text("題目\n\n他在2020年去了北京，說：「你好。」\n\n王芳在銀行工作。"))


def _as_translation(data: bytes) -> object:
    return align(_short(), read_bytes(data, suffix=".txt", language="en"))


def _with_itself(data: bytes) -> object:
    english = b"Title\n\n" + data + b" and the words of it are these."
    return align(_text(data), read_bytes(english, suffix=".txt", language="en"))


def _written(suffix: str, to: str, options: RenderOptions) -> Work:
    def work(data: bytes) -> None:
        write(annotate(read_bytes(data, suffix=suffix)), BytesIO(), options, to=to)

    return work


def _marked(data: bytes) -> None:
    """A document in JSON with these marks, as a page."""
    text = "他在銀行工作。" * 700
    head = (
        '{"format":"annotated-reader","version":2,"metadata":{"language":"zh"},"blocks":[{"text":'
    )
    marks = data.decode("utf-8", "replace").strip(",")
    whole = f'{head}"{text}","marks":[{marks}]}}]}}'
    document = read_bytes(whole.encode(), suffix=".json")
    write(annotate(document), BytesIO(), to="html")


# ---- glossaries, pairs, answers of servers ----


def _file(work: Callable[[Path], object], head: bytes = b"", tail: bytes = b"") -> Work:
    def on_disk(data: bytes) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder, "file")
            path.write_bytes(head + data + tail)
            work(path)

    return on_disk


def _known(path: Path) -> object:
    return [*KnownWords.load(path)]


def _scheme(path: Path) -> object:
    return read_scheme(str(path))


def _term(data: bytes) -> object:
    term = "".join(data.decode("utf-8", "replace").split())
    for sign in ',"':
        term = term.replace(sign, "")
    load = Glossary.of if not term else Glossary.load
    with TemporaryDirectory() as folder:
        path = Path(folder, "glossary.csv")
        path.write_text(f"term,gloss\n{term[:40]},gloss\n", encoding="utf-8")
        return annotate(_text(data), glossary=load(path))


def _answer(data: bytes) -> None:
    answer = data.decode("utf-8", "replace")
    request = Request("這一段話還沒有人翻譯過，說的是天氣。", terms=(("天氣", "weather"),))
    problem(request, answer, "en")
    missing_terms(request, answer, "en")
    translation_text(Translation("en", (Block(answer),)))
    parse_answer(answer, 1)


# ---- what they are made of ----

_PLAIN = (
    *"字一第章（）。，、：；“”「」—…《》·千万十百二零〇年點分半多個不了兒看人王\u3000Ａ３🀄",
    *" a1A#>|-*[]()\"'.:/%&+=\\\n\r\t\u0301\ufe00\u200b\u2028\ue000\x01\U00020000",
    "\n\n", "好。", "看看", "銀行", "长大", "王芳", "歐陽", "克里斯", "作者：", "by ", "第一章",
    "![", "<!--", "-->", "1. ", "# ", "2020", "12:30", "1,234 ", "P2P", "huán", "（huán）",
    "ㄏㄨㄢˊ", "百分之", "Aa ", "1.5",
)  # fmt: skip
_ENGLISH = (
    *" \naA1.?!\"'“”()[]—-:;,/%$…",
    "the ", "The ", "Mr. ", "It is. ", "1,234 ", "one hundred ", "twenty-", "million ", "U.S. ",
    "No. ", "e.g. ", "Wang ", "Beijing ", "Jan ", "2020", "I ", "’s", "point ", "third ",
    "machine translation: a", "<!-- ", "-->", "\n\n",
)  # fmt: skip
_MARKUP = (
    *"字。a1 \n\u3000&<>\"'=",
    "<p>", "</p>", "<p>字</p>", "<b>", "</b>", "<div>", "</div>", "<span>", "</span>", "<br/>",
    "<a href='#x'>", "<a id='x'>", "</a>", "<a href='#x' id='y'>1</a>", "<span lang='en'>",
    "<table>", "</table>", "<tr>", "<td>", "</td>", "<ul>", "<ol>", "<li>", "</ul>", "<ruby>",
    "<rb>", "<rt>", "<rp>", "</rt>", "</ruby>", "<h1>", "</h1>", "<blockquote>", "<pre>", "<img ",
    "<img src='data:image/png;base64,AAAA'/>", "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE [",
    "<!DOCTYPE html>", "]>", "<?", "?>", "&amp;", "&x;", "&#x4e00;", '<p a="b"', "<b ", " a='1'",
    ' "a"', " a=", "/>", "</", "<math>", "<svg>", "<section>", "<nav>", "<aside id='x'>", "<title>",
    "</title>", "<script>", "<style>", "<select>", "<option>", "<main>", "<article>", "<x:y>",
    "<body>", "<html>", "<head>", "<sup>", "<textarea>", "<li id='x'><a href='#y'>2</a>字</li>",
    "<ruby class='reader-ruby'>", "<rt class='reader-rt'>", "<span class='reader-ref'>",
    "<link class='reader-",
)  # fmt: skip
_MARKDOWN = (
    *_PLAIN,
    *"_`~<>",
    "**", "~~", "```", "<b>", "</b>", "[^1]", "[^1]: ", "](", "![](", "|---|", "    ", "<br>",
    "&amp;", "\n===\n", "\n---\n", "---\n", "[a]: x\n", "data:", "<![CDATA[", "\n> ", "\n- ",
    "\n1. ", "<div>",
)  # fmt: skip
_OF_TEI = (
    *"字。 &",
    "<p>", "</p>", "<div>", "</div>", "<s>", "</s>", "<w>字</w>", "<pc>。</pc>", "<c> </c>", "<w>",
    "</w>", "<emph>", "</emph>", "<hi rend='bold'>", "</hi>", "<lb/>", "<ref target='#a'>",
    "</ref>", "<ruby>", "<rb>", "<rt>", "</ruby>", "<choice>", "</choice>", "<seg>", "</seg>",
    "<anchor xml:id='a.b'/>", "<spanGrp>", "<span type='sentence' from='#a.b' to='#a.b'/>",
    "</spanGrp>", "<head>", "<l>", "</l>", "<list>", "<item>", "</item>", "<figure>", "<note>",
    "</note>", "<!--", "-->", "</body>", "</text>", "<back>", "<entry xml:id='x'>",
)  # fmt: skip
_OF_WORD = (
    *"字。 ",
    word.paragraph(word.run("字")), word.run("字", "b"), word.link("字"), word.FOOTNOTE,
    word.PICTURE, word.paragraph(word.run("字"), level=0), word.paragraph(word.run("字"), level=1),
    word.paragraph(word.run("題"), style="H1"), "<w:p>", "</w:p>", "<w:r>", "</w:r>", "<w:t>",
    "</w:t>", "<w:tbl>", "<w:tr>", "<w:tc>", "</w:tbl>", "<w:br/>", "<w:tab/>", "<w:hyperlink>",
    "</w:hyperlink>",
)  # fmt: skip
_OF_JSON = (
    *'[]{}":,1-e9\\ 字',
    '"a"', "\\u", "\\ud800", "null", "true", '{"text":"字"}', '"blocks":[', '"tokens":["字"]',
    '{"text":"字","tokens":[["字"]]},', "1e9", "0.",
)  # fmt: skip
_OF_MARKS = tuple(
    f'{{"start":{start},"end":{end},"kind":"{kind}"}},'
    for start, end in ((0, 4900), (1, 3000), (2, 2), (100, 4000), (101, 102), (2000, 4899))
    for kind in ("emphasis", "strong", "code", "line-break", "link", "language", "reading")
)
_OF_PACKAGES = (
    '<item id="a" href="b" media-type="application/xhtml+xml"/>',
    '<item id="d" href="d.xhtml" media-type="application/xhtml+xml"/>',
    '<item id="e" href="d.xhtml" fallback="e" media-type="image/x"/>',
    '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
    "<manifest>", "</manifest>", "<spine>", '<itemref idref="d"/>', '<itemref idref="x"/>',
    "</spine>", '<meta name="cover" content="x"/>', "<guide>", '<reference href="d.xhtml"/>',
    "</guide>", "<!-- -->", "<!--", "<collection>", "</collection>", "<metadata>", "&lt;", " ",
    '<meta refines="#d" property="role">a</meta>',
)  # fmt: skip
_OF_NAV = (
    *"字 ",
    "<ol>", "</ol>", "<li>", "</li>", '<a href="d.xhtml">字</a>', "<h1>字</h1>", "<span>",
    "</span>", "<nav>", "</nav>", '<li><a href="d.xhtml#a">字</a></li>', "<!--", "-->", "&amp;",
)  # fmt: skip
_ROWS = (
    *',;\t"\n|ü\'a15１Ａ·-:\u0301 ',
    '""', "\r\n", "內卷", "内卷", "involution", "nèijuǎn", "nei4 ", "P2P", "五五",
    "內卷,nèijuǎn,involution\n", "內卷,,gloss\n", '"內卷"',
)  # fmt: skip
_OF_TABLES = (
    *"\t\n\r字a\"'=+-@ ⏎",
    "0.9", '""', " ⏎ ", "'=", "0.9\t字\ta\n",
)  # fmt: skip
_OF_TMX = (
    *"字a &",
    "<tu>", "</tu>", "<tuv xml:lang='zh'>", "<tuv xml:lang='en'>", "</tuv>", "<seg>", "</seg>",
    "<hi>", "</hi>", "<ph>", "</ph>", "<prop type='score'>", "</prop>", "<!--", "-->",
    "<tu><tuv xml:lang='zh'><seg>字</seg></tuv><tuv xml:lang='en'><seg>a</seg></tuv></tu>",
)  # fmt: skip
_OF_CUES = (
    *"字a1 \n\t-:.,<>{}&[",
    "1\n00:00:01,000 --> 00:00:02,000\n字\n\n", "00:00:01.000", " --> ", "-->", "WEBVTT\n\n",
    "NOTE ",
    "STYLE\n", "<i>", "</i>", "<c.a>", "<00:00:01.000>", "{\\an8}", "{\\p1}", "\\N", "&amp;",
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,字\n", "[Events]\n", "Format: ", "Comment: ",
)  # fmt: skip
_OF_RTF = (
    *"{}\\ 字a1;*\n",
    "\\par ", "\\b ", "\\b0 ", "\\u23383?", "\\uc2", "\\uc0", "\\'d7\\'d6", "\\*\\x ",
    "{\\*\\x ", "\\bin9 ",
    "\\field{\\*\\fldinst HYPERLINK", "\\pict ", "\\footnote ", "\\trowd ", "\\cell ", "\\row ",
    "{\\fonttbl{\\f0\\fcharset134 a;}}", "\\f0 ", "\\ansicpg936", "\\tab ", "\\sect ", "\\s1 ",
)  # fmt: skip
_OF_ODT = (
    *"字 。",
    "<text:p>", "</text:p>", "<text:p>字</text:p>", "<text:h>", "</text:h>", "<text:span>",
    "</text:span>",
    "<text:list>", "<text:list-item>", "</text:list-item>", "</text:list>", "<text:s text:c='9'/>",
    "<text:note><text:note-body><text:p>注</text:p></text:note-body></text:note>", "<text:ruby>",
    "<text:ruby-base>", "<text:ruby-text>", "</text:ruby>", "<table:table>", "<table:table-row>",
    "<table:table-cell>", "</table:table>", "<text:section>", "<text:tab/>", "<text:line-break/>",
)  # fmt: skip
_OF_STYLES = (
    *" {}:;,.>+~*#()/\\@\"",
    "p", ".a", "#c1", "p::first-letter", ":first-letter { float: left }", "{ float: left }",
    "/*", "*/",
    ":first-child", ":first-of-type", "p + p", "@media x {",
    "p.a > p ~ p::first-letter{float:left}",
)  # fmt: skip
_OF_LISTS = (
    *"字a1 \n\t,;\"#|/[]()<>{}",
    "银行", "银行\tyínháng\t4\n", "word,pinyin,level\n", "term,status\n", "#separator:tab\n",
    "# levels: 1, 2\n", "# title: ", "简体[簡體]\tjiǎntǐ\t", "//A/B\n", "known", "learning",
    "[sound:a.mp3]",
    "{{c1::", "::", "}}", "<b>", "Lesson 1", "HSK 7-9", "\r", "\ufeff",
)  # fmt: skip
_ANSWERS = (
    *'[]{}"\\a,: \n字-1e',
    "```", "json", '{"translations": [', "\\ud800", "\\u", "null", "<html>", "...", '"a",', "of ",
)  # fmt: skip

SURFACES: dict[str, Surface] = {
    "text": Surface(_source(".txt"), _PLAIN),
    "markdown": Surface(_source(".md"), _MARKDOWN),
    "html": Surface(_source(".html"), _MARKUP),
    "docx": Surface(_docx, _OF_WORD),
    "rtf": Surface(_source(".rtf", b"{\\rtf1\\ansi "), _OF_RTF),
    "odt": Surface(_odt, _OF_ODT),
    "srt": Surface(_source(".srt"), _OF_CUES),
    "vtt": Surface(_source(".vtt", b"WEBVTT\n\n"), _OF_CUES),
    "ass": Surface(_source(".ass", b"[Script Info]\nScriptType: v4.00+\n\n[Events]\n"), _OF_CUES),
    "tei": Surface(_tei, _OF_TEI),
    "json": Surface(_source(".json"), _OF_JSON),
    "json, its marks": Surface(_marked, _OF_MARKS),
    "epub": Surface(_book_source(_chapter), _MARKUP),
    "epub, a whole chapter": Surface(_book_source(_whole_chapter), _MARKUP),
    "epub, its package": Surface(_book_source(_package), _OF_PACKAGES),
    "epub, its nav": Surface(_book_source(_nav), _OF_NAV),
    "in place": Surface(_in_place(_chapter), _MARKUP),
    "in place, a whole chapter": Surface(_in_place(_whole_chapter), _MARKUP),
    "in place, its package": Surface(_in_place(_package), _OF_PACKAGES),
    "in place, its nav": Surface(_in_place(_nav), _OF_NAV),
    "in place, its styles": Surface(_in_place(_styled), _OF_STYLES),
    "strip": Surface(_in_place(_annotated_chapter, strip_book), _MARKUP),
    "annotate": Surface(lambda data: annotate(_text(data)), _PLAIN),
    "check": Surface(_doubts, _PLAIN),
    "glossary": Surface(_file(Glossary.load, b"term,pinyin,gloss\n"), _ROWS),
    "term": Surface(_term, _PLAIN),
    "known words": Surface(_file(_known), _OF_LISTS),
    "levels": Surface(_file(_scheme), _OF_LISTS),
    "pairs": Surface(_file(read_pairs, b"score\tsource\ttarget\n"), _OF_TABLES),
    "tmx": Surface(_file(read_tmx, b"<tmx><body>", b"</body></tmx>"), _OF_TMX),
    "translation": Surface(_as_translation, _ENGLISH),
    "align": Surface(_with_itself, (*_PLAIN, *_ENGLISH)),
    "answer": Surface(_answer, _ANSWERS),
    "to epub": Surface(_written(".html", "epub", RenderOptions()), _MARKUP),
    "to html": Surface(_written(".txt", "html", RenderOptions(Script.BOTH)), _PLAIN),
    "to tei": Surface(_written(".html", "tei", RenderOptions()), _MARKUP),
    "to json": Surface(_written(".md", "json", RenderOptions()), _MARKDOWN),
}


def tried(work: Work, data: bytes) -> None:
    """The work on the data, which may be refused."""
    try:
        work(data)
    except ReaderError:
        return
