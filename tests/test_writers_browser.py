"""Pages as browsers lay them out: ruby never collides, nothing sticks out, notes open."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from reader.annotation import annotate
from reader.inplace import annotate_book
from reader.model import Document
from reader.options import Layout, Notation, RenderOptions, Ruby, Script
from reader.sources import read_text
from reader.writers import write
from tests import books
from tests.aligned import PAIRS
from tests.browser import needs_browser, needs_webkit
from tests.samples import bilingual, block

if TYPE_CHECKING:
    from tests.browser import Chromium, Engine, WebKit

ZHUYIN = RenderOptions(layout=Layout.SENTENCES, notation=Notation.ZHUYIN, ruby=Ruby.CHARACTER)
MEASURED = """(() => {
  const box = (e) => e.getBoundingClientRect();
  const hits = (a, b) => a.left < b.right - 0.5 && b.left < a.right - 0.5
    && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5;
  const readings = [...document.querySelectorAll("rt")].map(box);
  let collisions = 0;
  for (let i = 0; i < readings.length; i++)
    for (let j = i + 1; j < Math.min(i + 60, readings.length); j++)
      collisions += hits(readings[i], readings[j]);
  const broken = [...document.querySelectorAll("ruby")].filter((ruby) => {
    const range = document.createRange();
    range.selectNodeContents(ruby.firstChild);
    return range.getClientRects().length > 1;
  }).length;
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const rows = [...document.querySelectorAll(".row")].map((row) => [...row.children].map(box));
  const beside = rows.filter(([a, b]) => b.left >= a.right - 1).length;
  return {collisions, broken, wide, beside, rows: rows.length, rubies: readings.length};
})()"""
OPENED = """new Promise((answer) => {
  const note = document.querySelector(".note");
  location.hash = note.id;
  requestAnimationFrame(() => setTimeout(() => {
    const at = note.getBoundingClientRect();
    answer({fixed: getComputedStyle(note).position === "fixed",
      inside: at.top >= 0 && at.bottom <= innerHeight + 1 && at.right <= innerWidth + 1});
  }, 50));
})"""
# Of each character with zhuyin its em square, the box of the zhuyin and that of the tone mark, if
# any; of characters of the text's own size, so that distances between them can be compared.
ZHUYIN_BOXES = """[...document.querySelectorAll("p ruby.zhuyin")].filter((ruby) =>
  getComputedStyle(ruby).fontSize === getComputedStyle(document.body).fontSize
).map((ruby) => {
  const range = document.createRange();
  range.selectNodeContents(ruby.firstChild);
  const sides = (e) => {
    const b = e.getBoundingClientRect();
    return {left: b.left, right: b.right, top: b.top, bottom: b.bottom};
  };
  const square = (b, half) => {
    const x = (b.left + b.right) / 2, y = (b.top + b.bottom) / 2;
    return {left: x - half, right: x + half, top: y - half, bottom: y + half};
  };
  const tone = ruby.querySelector(".tone");
  const em = parseFloat(getComputedStyle(ruby).fontSize);
  return [square(sides(range), em / 2), sides(ruby.querySelector("rt")), tone && sides(tone)];
})"""


def longer(document: Document) -> Document:
    """The document with lines long enough to be broken, at every width, in different places."""
    line = block(
        "老張|說|：|「|換道超車|」|，|西安|花兒|不|懂|金融|。|茶館|賣茶|，|第一|章|笑|。" * 3
    )
    return replace(document, blocks=(*document.blocks, line, line))


def page(folder: Path, options: RenderOptions, style: str = "") -> Path:
    """The sample as a web page that lets scripts of ours ask, with some more style."""
    path = folder / "page.html"
    write(longer(bilingual()), path, options)
    policy = r'<meta http-equiv="Content-Security-Policy"[^>]*>'
    markup = re.sub(policy, "", path.read_text("utf-8"))
    path.write_text(markup.replace("</head>", f"<style>{style}</style></head>", 1), "utf-8")
    return path


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize(
    "options",
    [RenderOptions(), RenderOptions(layout=Layout.COLUMNS, script=Script.BOTH), ZHUYIN],
    ids=["interleaved", "columns", "zhuyin"],
)
def test_a_page_lies_well(
    tmp_path: Path, chromium: Chromium, options: RenderOptions, width: int
) -> None:
    chromium.open(page(tmp_path, options), width)
    found = chromium.ask(MEASURED)
    assert found["rubies"] > 50
    assert found["collisions"] == 0
    assert found["broken"] == 0
    assert found["wide"] <= 0
    assert found["beside"] == (found["rows"] if width > 1000 else 0)
    assert chromium.ask(OPENED) == {"fixed": True, "inside": True}


# Of each arrow back whether it stands on the last line of what it leads back from.
ARROWS = """((back, kind) => [...document.querySelectorAll(back)].map((arrow) => {
  const text = arrow.parentElement.querySelector(kind);
  const lines = [...text.getClientRects()], at = arrow.getBoundingClientRect();
  const last = lines[lines.length - 1];
  return getComputedStyle(text).display === "inline" && at.top < last.bottom
    && at.bottom > last.top;
}))"""


@needs_browser
@pytest.mark.browser
def test_an_arrow_back_stands_on_the_last_line_of_its_translation(
    tmp_path: Path, chromium: Chromium
) -> None:
    options = RenderOptions(layout=Layout.NOTES)
    chromium.open(page(tmp_path, options), 400)
    assert set(chromium.ask(f'{ARROWS}(".said .tr ~ .back", ".tr")')) == {True}
    body = "".join(f"<p>{chinese}</p>" for chinese, _ in PAIRS)
    (tmp_path / "in.epub").write_bytes(books.packed(books.single(books.page(body))))
    english = read_text("\n\n".join(text for _, text in PAIRS), language="en")
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=options, translation=english)
    for name, data in books.unpacked((tmp_path / "out.epub").read_bytes()).items():
        (tmp_path / Path(name).name).write_bytes(data)
    chromium.open(tmp_path / "d.xhtml", 400)
    found = chromium.ask(f'{ARROWS}(".reader-back", ".reader-translation")')
    assert found == [True] * len(PAIRS)


@needs_browser
@pytest.mark.browser
def test_stanzas_stand_apart_and_what_is_said_of_a_book_is_small(
    tmp_path: Path, chromium: Chromium
) -> None:
    text = (
        "靜夜\n李白\n\n床前明月光\n疑是地上霜\n\n舉頭望明月\n低頭思故鄉\n\n春眠不覺曉\n處處聞啼鳥\n"
    )
    for name in ("page.html", "book.epub"):
        write(annotate(read_text(text)), tmp_path / name)
    (tmp_path / "book").mkdir()
    with ZipFile(tmp_path / "book.epub") as book:
        book.extractall(tmp_path / "book")
    chromium.open(tmp_path / "page.html", 400)
    verse = chromium.ask(
        "[...document.querySelectorAll('.verse')].map((e) => {"
        " const box = e.getBoundingClientRect(); return [box.top, box.bottom]; })"
    )
    gaps = [below[0] - above[1] for above, below in pairwise(verse)]
    assert len(gaps) == 5
    assert min(gaps[1::2]) > 10 > 2 > max(gaps[::2])
    size = "parseFloat(getComputedStyle(document.querySelector({!r})).fontSize)"
    title = chromium.ask(size.format("h1.title"))
    assert chromium.ask(size.format("#about h1")) < 0.8 * title
    (colophon,) = tmp_path.glob("book/**/colophon.xhtml")
    chromium.open(colophon, 400)
    assert chromium.ask(size.format(".colophon h1")) < 0.8 * title


VERTICAL = "html { writing-mode: vertical-rl; } body { max-width: none; padding: 1em; }"


def overlap(a: dict[str, float], b: dict[str, float]) -> bool:
    """Whether two boxes share more than a pixel's edge."""
    across = min(a["right"], b["right"]) - max(a["left"], b["left"])
    return across > 1 and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 1


def pitches(engine: Engine, start: str, line: str) -> list[float]:
    """The distances between neighbouring characters with zhuyin, measured along the line.

    Also says that zhuyin stands to the right of its character, and tone marks to its right.
    """
    rows = engine.ask(ZHUYIN_BOXES)
    assert len(rows) > 50
    size = rows[0][0]["right"] - rows[0][0]["left"]
    for base, zhuyin, tone in rows:
        assert zhuyin["left"] >= base["right"] - 0.06 * size
        assert zhuyin["right"] <= base["right"] + 0.75 * size
        middle = (zhuyin["top"] + zhuyin["bottom"]) / 2
        assert abs(middle - (base["top"] + base["bottom"]) / 2) < 0.3 * size
        assert tone is None or tone["left"] >= zhuyin["right"] - 0.5 * size
        assert not any(overlap(zhuyin, other) for other, _, _ in rows)
    assert any(tone for _, _, tone in rows)
    pairs = pairwise(rows)
    return [b[0][start] - a[0][start] for a, b in pairs if abs(a[0][line] - b[0][line]) < 1]


def even(distances: list[float]) -> bool:
    """Whether neighbours lie equally far apart, but where a stop stands between two."""
    least = min(distances)
    stops = [each for each in distances if each > least + 10]
    return all(abs(each - least) < 1 for each in distances if each not in stops) and (
        len(stops) < len(distances) / 2
    )


@needs_browser
@pytest.mark.browser
def test_zhuyin_stands_evenly_to_the_right_of_its_characters(
    tmp_path: Path, chromium: Chromium
) -> None:
    options = replace(ZHUYIN, layout=Layout.INTERLEAVED)
    chromium.open(page(tmp_path, options), 900)
    em = chromium.ask("parseFloat(getComputedStyle(document.body).fontSize)")
    found = pitches(chromium, "left", "top")
    assert even(found)
    assert min(found) < 1.6 * em
    # In vertical lines characters lie as close as without zhuyin.
    chromium.open(page(tmp_path, options, VERTICAL), 900)
    found = pitches(chromium, "top", "left")
    assert even(found)
    assert abs(min(found) - em) < 0.1


@needs_webkit
@pytest.mark.browser
def test_zhuyin_in_webkit(tmp_path: Path, webkit: WebKit) -> None:
    # Larger than WebKit's smallest letters, which it makes no smaller.
    options = replace(ZHUYIN, layout=Layout.INTERLEAVED)
    webkit.open(page(tmp_path, options, "body { font-size: 30px; }"), 900)
    assert even(pitches(webkit, "left", "top"))
    webkit.open(page(tmp_path, options, f"{VERTICAL} body {{ font-size: 30px; }}"), 900)
    found = pitches(webkit, "top", "left")
    assert even(found)
    assert abs(min(found) - 30) < 0.1
