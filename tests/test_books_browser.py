"""A book in real browsers: without what was added, every element lies where it lay; what was added
stands where it should."""

from __future__ import annotations

from functools import partial
from itertools import pairwise, product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reader.epub.passages import scan
from reader.glossary import Glossary
from reader.inplace.drop_caps import capped_passages, floated_letters
from reader.options import Notation, RenderOptions, Ruby
from tests import books, in_place
from tests.browser import needs_browser, needs_webkit

if TYPE_CHECKING:
    from tests.browser import Chromium, Engine, WebKit

in_engines = pytest.mark.parametrize(
    "engine",
    [
        pytest.param("chromium", marks=[needs_browser, pytest.mark.browser]),
        pytest.param("webkit", marks=[needs_webkit, pytest.mark.browser]),
    ],
)

# Its term is short: lines may break in longer words of an EPUB 2.
GLOSSARY = Glossary.loads(
    "term,simplified,pinyin,gloss,note\n內卷,内卷,nèijuǎn,the rat race,Said.\n"
)
annotated = partial(in_place.annotated, glossary=GLOSSARY)
ZHUYIN = RenderOptions(notation=Notation.ZHUYIN, ruby=Ruby.CHARACTER)
# Ruby as plain text, and nothing of what else was added.
_HIDDEN = """<style>
.reader-ruby { display: inline !important; line-height: inherit !important;
  padding: 0 !important }
ruby.reader-ruby > *, .reader-rt, .reader-rp, .reader-notes { display: none !important }
a.reader-ref { border: 0 !important }
</style>"""
# The place of each element of the book's own, in eighths of a pixel.
_PLACES = """(() => {
  const own = (e) => !e.matches("[class^=reader-], ruby[class^=reader-] > *, .reader-ruby *")
    && !e.closest(".reader-notes");
  return [...document.body.querySelectorAll("*")].filter(own).map((e) => {
    const box = e.getBoundingClientRect();
    return [e.localName, ...[box.x, box.y, box.width, box.height].map((n) => Math.round(n * 8))];
  });
})()"""


def unpacked(folder: Path, members: dict[str, bytes], added: str = "") -> None:
    """The members as files, their content documents with `added` in the head."""
    for name, data in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("html"):
            data = data.replace(b"</head>", added.encode() + b"</head>", 1)
        path.with_suffix(".xhtml" if name.endswith(".html") else path.suffix).write_bytes(data)


def near(before: list[Any], after: list[Any]) -> bool:
    """Whether two boxes are the same to a pixel: text is measured run by run."""
    return all(abs(a - b) <= 8 for a, b in zip(before[1:], after[1:], strict=True))


PAGES = {
    "everything": (books.everything, "OEBPS/text/mixed.xhtml"),
    "vertical": (books.everything, "OEBPS/text/vertical.xhtml"),
    "epub 2": (books.old, "OEBPS/text/one.xhtml"),
}


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("options", [RenderOptions(), ZHUYIN])
def test_without_what_was_added_a_page_lies_as_it_lay(
    tmp_path: Path, chromium: Chromium, page: str, options: RenderOptions
) -> None:
    make, name = PAGES[page]
    unpacked(tmp_path / "before", make())
    unpacked(tmp_path / "after", annotated(tmp_path, make(), options), _HIDDEN)
    for width in (320, 900):
        found = []
        for side in ("before", "after"):
            chromium.open(tmp_path / side / name, width)
            found.append(chromium.ask(_PLACES))
        before, after = found
        assert len(before) > 2
        assert [row[0] for row in after] == [row[0] for row in before]
        assert not [(a, b) for a, b in zip(before, after, strict=True) if not near(a, b)]


LINE = "他说：“银行行长在重庆工作，后来去了北京大学。”窗户装上了，很好。"
# Of each line of the paragraph its first and last character, and each stop that does not stand on
# the line of its word; of each word the box of its text and that of its reading.
_LINES = """(() => {
  const p = document.querySelector("p.long");
  const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node; node = walk.nextNode();)
    if (!node.parentNode.closest("rt, rp, .reader-rt, .reader-rp"))
      for (let i = 0; i < node.data.length; i++) {
        const range = document.createRange();
        range.setStart(node, i);
        range.setEnd(node, i + 1);
        const box = range.getBoundingClientRect();
        texts.push([node.data[i], box.left, box.top, box.bottom]);
      }
  const words = [...p.querySelectorAll("ruby, span.reader-ruby")].map((word) => {
    const range = document.createRange();
    range.selectNodeContents(word.firstChild);
    const [a, b] = [range, word.querySelector("rt, .reader-rt")].map((e) => {
      const box = e.getBoundingClientRect();
      return {left: box.left, right: box.right, top: box.top, bottom: box.bottom};
    });
    return [a, b];
  });
  return [texts, words];
})()"""


def old_book() -> dict[str, bytes]:
    """An EPUB 2 with a paragraph of many lines."""
    members = books.old()
    page = members["OEBPS/text/one.html"]
    long = f'<p class="long">{LINE * 12}</p></body>'.encode()
    members["OEBPS/text/one.html"] = page.replace(b"</body>", long)
    return members


def require_readings_above(engine: Engine) -> None:
    """Readings stand above their words, words and stops on one line, and no stop begins a line."""
    texts, words = engine.ask(_LINES)
    assert len(words) > 100
    for base, reading in words:
        assert reading["bottom"] <= base["top"] + 0.35 * (base["bottom"] - base["top"])
        assert abs(reading["left"] + reading["right"] - base["left"] - base["right"]) < 4
    for (one, left, top, bottom), (other, right, below, _) in pairwise(texts):
        if right < left:
            assert one not in "“「"
            assert other not in "，。”：」"
        else:
            # On one line all characters stand equally high, words as well as stops.
            assert abs(top - below) < 0.2 * (bottom - top), (one, other)


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 733, 1200])
def test_readings_of_an_old_book_in_chromium(
    tmp_path: Path, chromium: Chromium, width: int
) -> None:
    unpacked(tmp_path, annotated(tmp_path, old_book(), RenderOptions()))
    chromium.open(tmp_path / "OEBPS/text/one.xhtml", width)
    require_readings_above(chromium)
    # What has no `display: ruby` makes a table of a word.
    css = tmp_path / "OEBPS/reader-annotation.css"
    css.write_text(css.read_text("utf-8").replace("(display: ruby-text)", "(display: no)"), "utf-8")
    chromium.open(tmp_path / "OEBPS/text/one.xhtml", width)
    assert chromium.ask("getComputedStyle(document.querySelector('.reader-ruby')).display") == (
        "inline-table"
    )
    require_readings_above(chromium)


@needs_webkit
@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 733, 1200])
def test_readings_of_an_old_book_in_webkit(tmp_path: Path, webkit: WebKit, width: int) -> None:
    unpacked(tmp_path, annotated(tmp_path, old_book(), RenderOptions()))
    webkit.open(tmp_path / "OEBPS/text/one.xhtml", width)
    require_readings_above(webkit)


# The em squares of the characters of the paragraph, and the boxes of zhuyin with its character.
_SQUARES = """((p) => {
  const size = parseFloat(getComputedStyle(p).fontSize);
  const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  const texts = [], zhuyin = [];
  for (let node; node = walk.nextNode();) {
    if (node.parentNode.closest("rt, rp, .reader-rt, .reader-rp")) continue;
    for (let i = 0; i < node.data.length; i++) {
      const range = document.createRange();
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const box = range.getBoundingClientRect();
      texts.push([node.data[i], (box.left + box.right) / 2, (box.top + box.bottom) / 2]);
    }
    if (!node.parentNode.matches(".reader-ruby")) continue;
    const box = node.parentNode.querySelector("rt, .reader-rt").getBoundingClientRect();
    zhuyin.push([texts.length - 1, box.left, box.right, box.top, box.bottom]);
  }
  return [size, texts, zhuyin];
})(document.querySelector("p.long"))"""


def require_zhuyin_beside(engine: Engine, *, vertical: bool) -> None:
    """Zhuyin stands to the right of each character, over no other, and lines break as without."""
    size, texts, zhuyin = engine.ask(_SQUARES)
    assert len(zhuyin) > 100
    for at, left, right, top, bottom in zhuyin:
        _, x, y = texts[at]
        assert -0.06 * size <= left - (x + size / 2) <= 0.25 * size
        assert right - (x + size / 2) <= 0.6 * size
        assert abs((top + bottom) / 2 - y) <= 0.3 * size
        for _, ox, oy in texts[max(0, at - 60) : at + 60]:
            across = min(right, ox + size / 2) - max(left, ox - size / 2)
            along = min(bottom, oy + size / 2) - max(top, oy - size / 2)
            assert across <= 0.1 * size or along <= 0.2 * size
    starts = 0
    for (one, ax, ay), (other, bx, by) in pairwise(texts):
        if (by < ay) if vertical else (bx < ax):
            starts += 1
            assert one not in "“「", one
            assert other not in "，。”：」", other
    assert starts > 3


@pytest.mark.parametrize("old", [False, True])
@in_engines
def test_zhuyin_in_place(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, old: bool
) -> None:
    body = f'<div class="v"><p class="long">{LINE * 6}</p></div>'
    members = books.old_with(body) if old else books.single(books.page(body))
    name = "OEBPS/text/one" if old else "OEBPS/d"
    browser: Engine = request.getfixturevalue(engine)
    for vertical in (False, True):
        mode = ".v { writing-mode: vertical-rl; height: 20em; }" if vertical else ""
        # WebKit makes the letters of its own zhuyin no smaller than 9 pixels.
        sizes = (30,) if engine == "webkit" and not old else (16, 30)
        for size, width in product(sizes, (733,) if vertical else (500, 733)):
            style = f"<style>body {{ font-size: {size}px; line-height: 1.2 }} {mode}</style>"
            unpacked(tmp_path, annotated(tmp_path, members, ZHUYIN), style)
            browser.open(tmp_path / f"{name}.xhtml", width)
            require_zhuyin_beside(browser, vertical=vertical)


CAPPED = (
    "p.first::first-letter { float: left; font-size: 3em; line-height: 1; }",
    "他们在重庆的银行工作，后来去了北京。",
    "“窗户装上了。”他说。",
)


@pytest.mark.parametrize("old", [False, True])
@in_engines
def test_a_drop_cap_drops(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, old: bool
) -> None:
    css, *texts = CAPPED
    body = "".join(f'<p class="first">{text * 9}</p><p>{text}</p>' for text in texts)
    members = books.old_with(body) if old else books.single(books.page(body))
    name = "OEBPS/text/one" if old else "OEBPS/d"
    members["OEBPS/style.css"] = css.encode()
    item = b'<item id="s" href="style.css" media-type="text/css"/></manifest>'
    opf = members["OEBPS/content.opf"]
    members["OEBPS/content.opf"] = opf.replace(b"</manifest>", item)
    link = f"<style>{css}</style>"
    unpacked(tmp_path, annotated(tmp_path, members, RenderOptions()), link)
    browser: Engine = request.getfixturevalue(engine)
    browser.open(tmp_path / f"{name}.xhtml", 500)
    for index, (text, spelled) in enumerate(zip(texts, ("tā", "chuāng"), strict=True)):
        letters = browser.ask(_LINES.replace("p.long", f"p:nth-of-type({2 * index + 1})"))[0]
        opening = 1 if text[0] == "“" else 0
        _, edge, _, _ = letters[0]
        behind = letters[opening + 1 + len(spelled) :]
        starts = [behind[0][1]]
        starts += [b[1] for a, b in pairwise(behind) if b[3] > a[3] + 12]
        # Two lines of text stand beside the letter, the next ones below it.
        assert len(starts) >= 4
        assert all(start > edge + 40 for start in starts[:2]), starts
        assert all(start < edge + 20 for start in starts[2:]), starts
    readings = "[...document.querySelectorAll('.reader-cap')].map((e) => e.textContent)"
    assert browser.ask(readings) == ["(tā)", "(chuāng)"]


SELECTORS = (
    "p, p.a, .a, #x, h1 + p, div > p, div p, p ~ p, h1 ~ p.a, div p:first-child, p:first-of-type, "
    "section > div > p, section div.c > p.a:first-child, *, div > *, li:first-child, div + div p"
)


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("selector", SELECTORS.split(", "))
def test_drop_caps_are_where_the_style_sheet_has_them(
    tmp_path: Path, chromium: Chromium, selector: str
) -> None:
    body = (
        '<section><h1>一</h1><p class="a">二</p><p id="x">三</p><div class="c"><p class="a b">四'
        "</p><p>五</p></div><div><h1>六</h1>七<p>八</p></div><ul><li>九</li><li class='a'>十</li>"
        "</ul></section><p>百</p><div><b class='a'>千</b></div>"
    )
    page = tmp_path / "page.xhtml"
    page.write_bytes(books.page(body))
    chromium.open(page, 500)
    asked = f"[...document.body.querySelectorAll({selector!r})]"
    blocks = ".filter((e) => getComputedStyle(e).display !== 'inline')"
    expected = set(chromium.ask(f"{asked}{blocks}.map((e) => e.textContent.trim()[0])"))
    scanned = scan(page.read_bytes())
    css = f"{selector}::first-letter {{ float: left }}"
    found = capped_passages(scanned, floated_letters(css))
    assert {scanned.passages[number].text[0] for number in found} == expected


LONG = "公務員在公立學校裡橫空出世，初創公司的新聞稿寫得實事求是，公共汽車站人山人海。"


@needs_browser
@pytest.mark.browser
def test_long_words_are_not_broken_and_lines_still_are(tmp_path: Path, chromium: Chromium) -> None:
    document = books.page(f'<p class="long">{LONG * 8}</p>', lang="zh-Hant-TW")
    unpacked(tmp_path, annotated(tmp_path, books.single(document), RenderOptions()))
    for width in range(400, 640, 24):
        chromium.open(tmp_path / "OEBPS/d.xhtml", width)
        broken, wide, lines, heights = chromium.ask(
            """(() => {
  const rubies = [...document.querySelectorAll("ruby")].filter((e) => e.firstChild.length > 2);
  const rows = (e) => {
    const range = document.createRange();
    range.selectNodeContents(e.firstChild);
    return range.getClientRects().length;
  };
  const root = document.documentElement, p = document.querySelector("p.long");
  const size = parseFloat(getComputedStyle(p).fontSize);
  const tops = new Set(rubies.map((e) => Math.round(e.getBoundingClientRect().top / 5)));
  return [rubies.filter((e) => rows(e) > 1).length, root.scrollWidth - root.clientWidth,
    tops.size, p.textContent.length * size / (root.clientWidth - 16)];
})()"""
        )
        assert (broken, wide) == (0, 0)
        # Lines are nearly full: they break between words.
        assert lines > 5
        assert lines < heights
