"""The page that answers, in a real browser: windows of words, keys, what is kept."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

import reader
from reader.model import (
    Block,
    Document,
    Metadata,
    Reading,
    ReadingSource,
    Segment,
    Token,
    TokenKind,
)
from reader.options import LabelLanguage, Notation, Pinyin, RenderOptions
from reader.pinyin import render
from reader.writers import write
from reader.writers.labels import labels_in
from tests.browser import needs_browser
from tests.samples import LAYERS, article
from tests.written import XHTML, parsed

if TYPE_CHECKING:
    from tests.browser import Chromium

TEXTS = Path(__file__).parent.parent / "texts"
MARKET = TEXTS / "market.txt"
WINDOW = """((number) => {
  const word = document.querySelectorAll("main [data-w]")[number];
  word.click();
  const box = document.querySelector(".rd-window");
  box.querySelector(".rd-more")?.click();
  const side = (e) => { const b = e.getBoundingClientRect();
    return [b.left, b.top, b.right, b.bottom]; };
  return {word: side(word), box: side(box), size: [innerWidth, innerHeight], open: box.open,
    title: box.querySelector("h2").textContent,
    reading: box.querySelector(".rd-reading").textContent,
    senses: [...box.querySelectorAll(".rd-senses li")].map((e) => e.innerText)};
})"""


class Market(NamedTuple):
    path: Path
    document: Document


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Market:
    """A page of a sample, and the document that it shows."""
    folder = tmp_path_factory.mktemp("page")
    reader.build(MARKET, folder / "market.html")
    reader.build(MARKET, folder / "market.json")
    document = reader.read(folder / "market.json")
    assert document.translation is not None
    return Market(folder / "market.html", document)


@pytest.fixture
def opened(chromium: Chromium, market: Market) -> Iterator[Chromium]:
    chromium.open(market.path, 1000)
    chromium.ask("localStorage.clear()")
    chromium.open(market.path, 1000)
    yield chromium
    assert chromium.complaints() == []
    chromium.ask("localStorage.clear()")


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="reader-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_each_word_has_the_number_of_its_row(market: Market) -> None:
    path, document = market
    page = path.read_text("utf-8")
    rows = data_of(page)["words"]
    root = parsed(page.encode())
    main = root.find(f".//{XHTML}main")
    assert main is not None
    shown = [(e.text or "", rows[int(n)]) for e in main.iter() if (n := e.get("data-w"))]
    read = [token for block in document.blocks for token in block.tokens if token.reading]
    assert [text for text, _ in shown] == [token.text for token in read]
    for (_, row), token in zip(shown, read, strict=True):
        assert row[0] == token.simplified
        assert tuple(row[2]) == token.senses
        assert token.reading is not None
        assert row[1].replace("|", "").lower().split() == list(token.reading.syllables)


HOSTILE = "</script><script>alert(1)</script>]]>&<!--\u2028"


def test_nothing_of_a_text_becomes_markup_or_script() -> None:
    reading = Reading(("cha2",), ReadingSource.DICTIONARY)
    token = Token("茶", senses=(HOSTILE,), reading=reading)
    text = Token(f'<ruby data-w="7">{HOSTILE}', TokenKind.LATIN)
    block = Block(token.text + text.text, tokens=(token, text))
    file = BytesIO()
    write(Document(Metadata(title=HOSTILE), (block,), layers=LAYERS), file, to="html")
    page = file.getvalue().decode()
    assert page.count("<script") == page.count("</script>") == 2
    row = data_of(page)["words"][0]
    assert row[2] == [HOSTILE]
    assert parsed(page.encode()) is not None


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("size", [(320, 480), (1280, 800)])
def test_a_window_says_what_the_document_says(
    chromium: Chromium, market: Market, size: tuple[int, int]
) -> None:
    path, document = market
    chromium.open(path, *size)
    read = [token for block in document.blocks for token in block.tokens if token.reading]
    for number in random.Random(4).sample(range(len(read)), 20):
        token, found = read[number], chromium.ask(f"{WINDOW}({number})")
        assert found["open"]
        assert found["title"] == token.text
        assert found["reading"] == token.pinyin
        assert tuple(found["senses"]) == token.senses
        left, top, right, bottom = found["box"]
        assert left >= 0
        assert top >= 0
        assert right <= found["size"][0]
        assert bottom <= found["size"][1]
        # Never over its word.
        assert top >= found["word"][3] or bottom <= found["word"][1]
        chromium.press("Escape")
        focused = "[...document.querySelectorAll('main [data-w]')].indexOf(document.activeElement)"
        assert chromium.ask(focused) == number


@needs_browser
@pytest.mark.browser
def test_the_whole_page_goes_by_keys(opened: Chromium) -> None:
    focus = "document.activeElement.firstChild?.data"
    words = opened.ask(
        "[...document.querySelectorAll('main [data-w]')].map((e) => e.firstChild.data)"
    )
    opened.press("ArrowRight")
    assert opened.ask(focus) == words[0]
    opened.press("ArrowRight")
    opened.press("ArrowRight")
    opened.press("ArrowLeft")
    assert opened.ask(focus) == words[1]
    opened.press("ArrowUp")
    assert opened.ask(focus) == words[0]
    opened.press("ArrowDown")
    assert opened.ask("document.activeElement.closest('p, h1').previousElementSibling !== null")
    opened.press("Enter")
    assert opened.ask("document.querySelector('.rd-window').open")
    marked = "document.querySelector('.rd-window [aria-pressed=true]')?.dataset.state"
    for key, state in (("k", "known"), ("l", "learning"), ("i", "ignored"), ("u", "learning")):
        opened.press(key)
        assert opened.ask(marked) == state
    opened.press("Escape")
    assert not opened.ask("document.querySelector('.rd-window').open")
    opened.press("p")
    opened.press("t")
    assert opened.ask("document.documentElement.className").startswith("py-some translation-hidden")
    opened.press("?")
    assert opened.ask("document.activeElement.getAttribute('aria-labelledby')") == "rd-help"
    opened.press("Escape")
    assert opened.ask("document.querySelectorAll('dialog[open]').length") == 0


@needs_browser
@pytest.mark.browser
def test_a_phrase_is_found_and_a_copy_is_the_text(opened: Chromium, market: Market) -> None:
    block = max(market.document.blocks, key=lambda block: len(block.text))
    first, second = (token.text for token in block.tokens[:2])
    assert opened.ask(f"window.find({json.dumps(first + second)})")
    copied = """((start) => {
      const block = [...document.querySelectorAll("main p")].find((e) =>
        e.querySelector("[data-w]")?.firstChild.data === start && e.textContent.length > 200);
      getSelection().selectAllChildren(block);
      return String(getSelection());
    })"""
    assert opened.ask(f"{copied}({json.dumps(first)})") == block.text
    # What a screen reader hears of a block is its text, once.
    assert not opened.ask("document.querySelectorAll('rt:not([inert])').length")


SENTENCE = """((text) => {
  const all = [...document.querySelectorAll("main [data-s]")];
  const said = (e) => { const copy = e.cloneNode(true);
    copy.querySelectorAll("rt, rp").forEach((each) => each.remove());
    return copy.textContent.trim(); };
  all.find((e) => said(e) === text).querySelector("[data-w]").click();
  return document.querySelector(".rd-translation").innerText;
})"""


@needs_browser
@pytest.mark.browser
def test_a_window_has_the_translation_of_its_sentence(opened: Chromium, market: Market) -> None:
    document = market.document
    tr = document.translation
    assert tr is not None
    links = [link for link in tr.links if link.sources and link.sources[0].sentence is not None]

    def said(blocks: tuple[Block, ...], segment: Segment) -> str:
        span = blocks[segment.block].sentences[segment.sentence or 0]
        return blocks[segment.block].text[span.start : span.end].strip()

    assert len(links) > 10
    for link in links[:10]:
        text = said(document.blocks, link.sources[0])
        wanted = " ".join(said(tr.blocks, target) for target in link.targets)
        assert opened.ask(f"{SENTENCE}({json.dumps(text)})") == wanted


@needs_browser
@pytest.mark.browser
def test_readings_in_each_notation_are_those_of_the_library(
    opened: Chromium, market: Market
) -> None:
    tokens = {t for block in market.document.blocks for t in block.tokens if t.reading}
    texts = "Object.fromEntries([...document.querySelectorAll('main ruby[data-w]')]"
    for notation in Notation:
        opened.ask(f"document.querySelector('input[value={notation.value}]').click()")
        shown = opened.ask(
            f"{texts}.map((e) => [e.firstChild.data + e.dataset.w,"
            " e.querySelector('rt').textContent]))"
        )
        found = {(re.sub(r"\d+$", "", key), reading) for key, reading in shown.items()}
        assert found == {
            (t.text, render(t.reading.syllables, notation, t.reading.breaks, t.capitals))
            for t in tokens
            if t.reading
        }


@needs_browser
@pytest.mark.browser
def test_what_a_person_chose_is_kept_and_lines_stay(opened: Chromium, market: Market) -> None:
    tops = "[...document.querySelectorAll('main p')].map((e) => e.getBoundingClientRect().top)"
    before = opened.ask(tops)
    opened.ask("document.querySelector('input[name=rd-readings][value=tap]').click()")
    assert opened.ask(tops) == before
    assert opened.ask("getComputedStyle(document.querySelector('rt')).visibility") == "hidden"
    opened.ask("document.querySelector('input[name=rd-theme][value=dark]').click()")
    opened.open(market.path, 1000)
    assert opened.ask("document.documentElement.className").split() == [
        "py-tap",
        "translation-shown",
        "tones-off",
        "theme-dark",
    ]


def test_what_is_not_shown_is_there_and_quiet(tmp_path: Path) -> None:
    pages = {}
    for pinyin in (Pinyin.ALL, Pinyin.NOTES, Pinyin.NONE):
        write(article(), tmp_path / "page.html", RenderOptions(pinyin=pinyin))
        pages[pinyin] = (tmp_path / "page.html").read_text("utf-8")
    counts = [page.count("<rt") for page in pages.values()]
    assert counts[0] == counts[1] == counts[2] > 0
    classes = [re.search('<html[^>]* class="([^"]*)"', page) for page in pages.values()]
    assert [found[1] if found else "" for found in classes] == ["py-all", "py-some", "py-none"]
    assert 'class="k"' not in pages[Pinyin.ALL] + pages[Pinyin.NONE]
    assert 0 < pages[Pinyin.NOTES].count('class="k"') < counts[0]


def test_every_label_that_the_script_asks_for_is_there() -> None:
    script = (Path(reader.__file__).parent / "data" / "page.js").read_text("utf-8")
    asked = set(re.findall(r"\bui\.([a-z]+)", script)) | set(
        re.findall(r'ui\["([a-z-]+)"\]', script)
    )
    assert len(asked) > 20
    for language in LabelLanguage:
        assert {f"page-{name}" for name in asked} <= set(labels_in(language).texts)
