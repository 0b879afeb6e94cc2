"""The page that answers, in a real browser: windows of words, keys, what is kept."""

from __future__ import annotations

import json
import random
import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import pytest

import reader
from reader.glossary import Entry, Glossary
from reader.learner import KnownWords, Learner, LearnerPolicy, coverage
from reader.model import (
    Block,
    BlockKind,
    Document,
    Metadata,
    Reading,
    ReadingSource,
    Segment,
    Token,
    TokenKind,
)
from reader.options import LabelLanguage, Notation, Pinyin, RenderOptions, Ruby, Script
from reader.pinyin import SYLLABLES, render, render_syllable
from reader.writers import write
from reader.writers.labels import labels_in
from tests.browser import PATIENCE, needs_browser
from tests.samples import LAYERS, article
from tests.written import XHTML, parsed

if TYPE_CHECKING:
    from tests.browser import Chromium

T = TypeVar("T")

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


OPEN = """((text) => [...document.querySelectorAll("main [data-w]")]
  .find((e) => e.firstChild.data === text).click())"""
CATCH = """(() => { window.saved = "";
  URL.createObjectURL = (blob) => { window.saved = blob.text(); return "data:,"; };
  HTMLAnchorElement.prototype.click = () => {}; })()"""
SAVED = """((panel, number) => {
  document.querySelectorAll(`[aria-labelledby=rd-${panel}] .rd-states button`)[number].click();
  return window.saved; })"""


def soon(ask: Callable[[], T], wanted: T) -> T:
    """What is asked for, once it is what is wanted: the page does things a little at a time."""
    end = time.monotonic() + PATIENCE
    while (found := ask()) != wanted and time.monotonic() < end:
        time.sleep(0.05)
    return found


def steady(browser: Chromium, expression: str) -> Any:
    """What is asked for, once it is the same for a while."""
    last = browser.ask(expression)
    while True:
        time.sleep(0.2)
        found = browser.ask(expression)
        if found == last:
            return found
        last = found


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
        senses = row[2] if len(row) > 2 else ""
        assert tuple(senses.split("/") if senses else ()) == token.senses
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


@pytest.mark.parametrize("name", ["market", "umbrella"])
def test_what_answers_weighs_little(tmp_path: Path, name: str) -> None:
    document = reader.annotate(TEXTS / f"{name}.txt")
    sizes = []
    for static in (True, False):
        write(document, tmp_path / "page.html", RenderOptions(static=static))
        sizes.append((tmp_path / "page.html").stat().st_size)
    assert sizes[1] <= 1.35 * sizes[0] + 55_000


def test_the_page_writes_each_syllable_as_the_library_does(tmp_path: Path) -> None:
    """What is written as its initial and final are has no line; the script puts it together."""
    spoken = [f"{letters}5" for letters in sorted(SYLLABLES)]
    readings = [Reading((each,), ReadingSource.DICTIONARY) for each in spoken]
    tokens = tuple(Token("茶", reading=reading) for reading in readings)
    file = BytesIO()
    write(
        Document(Metadata(), (Block("茶" * len(tokens), tokens=tokens),), layers=LAYERS),
        file,
        to="html",
    )
    lines = data_of(file.getvalue().decode())["sounds"].split("\n")
    sounds = {name: written for name, *written in map(str.split, lines)}
    assert len(sounds) < len(spoken) / 2
    initial = re.compile("([zcs]h|[^aeêiouüwy])([aeêiouü].*)")
    for syllable in spoken:
        written = sounds.get(syllable[:-1])
        if written is None:
            found = initial.match(syllable[:-1])
            assert found
            first, last = sounds[f"{found[1]}-"], sounds[f"-{found[2]}"]
            written = [start + end for start, end in zip(first, last, strict=True)]
        zhuyin = render_syllable(syllable, Notation.ZHUYIN).removeprefix("˙")
        assert written == [zhuyin, render_syllable(syllable, Notation.WADE_GILES)]


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("size", [(320, 480), (1280, 800)])
def test_a_window_says_what_the_document_says(
    chromium: Chromium, market: Market, size: tuple[int, int]
) -> None:
    path, document = market
    chromium.open(path, *size)
    assert chromium.ask("document.documentElement.scrollWidth") <= size[0]
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
def test_nothing_moves_and_no_word_is_styled_twice_as_a_page_opens(
    chromium: Chromium, market: Market
) -> None:
    watch = """(() => { window.set = []; window.moved = 0;
      new MutationObserver((all) => all.filter((e) => e.target === document.documentElement)
        .forEach((e) => window.set.push(e.attributeName)))
        .observe(document, {attributes: true, subtree: true});
      new PerformanceObserver((list) => list.getEntries().forEach((e) => {
        window.moved += e.value; })).observe({type: "layout-shift", buffered: true}); })()"""
    with chromium.before_pages(watch):
        chromium.open(market.path, 1000)
        chromium.ask("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
        assert chromium.ask("window.moved") == 0
        # The language of all is a matter of every word's style.
        assert "lang" not in chromium.ask("window.set")


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
    assert opened.ask("document.documentElement.className").startswith(
        "rd-ready py-some translation-hidden"
    )
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


@needs_browser
@pytest.mark.browser
def test_a_word_longer_than_a_line_is_broken(chromium: Chromium, tmp_path: Path) -> None:
    word = "全国人民代表大会常务委员会办公厅秘书局综合处"
    glossary = Glossary([Entry(word, word, gloss="an office")])
    reader.build(
        reader.annotate(f"他在{word}工作。", glossary=glossary),
        tmp_path / "long.html",
        reader.Recipe(glossary=glossary),
    )
    chromium.open(tmp_path / "long.html", 320, 480)
    wide = "document.documentElement.scrollWidth"
    assert soon(lambda: chromium.ask(wide) <= 320, True)
    chromium.ask("document.querySelectorAll('main [data-w]')[2].click()")
    assert chromium.ask("document.querySelector('.rd-window h2').textContent") == word
    assert chromium.ask(wide) <= 320
    box = "document.querySelector('.rd-window')"
    assert chromium.ask(f"{box}.scrollWidth <= {box}.clientWidth")


@needs_browser
@pytest.mark.browser
def test_a_window_with_room_does_not_move_the_text(opened: Chromium) -> None:
    for place in (0, 900, 300):
        found = opened.ask(
            f"""(() => {{ scrollTo(0, {place});
            const word = [...document.querySelectorAll("main [data-w]")].find((e) =>
              e.getBoundingClientRect().top > 300);
            word.click(); return [scrollY, document.querySelector(".rd-window").open]; }})()"""
        )
        assert found == [place, True]
        opened.press("Escape")


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
        wanted = {
            (t.text, render(t.reading.syllables, notation, t.reading.breaks, t.capitals))
            for t in tokens
            if t.reading
        }

        def shown() -> set[tuple[str, str]]:
            found = opened.ask(
                f"{texts}.map((e) => [e.firstChild.data + e.dataset.w,"
                " e.querySelector('rt').textContent]))"
            )
            return {(re.sub(r"\d+$", "", key), reading) for key, reading in found.items()}

        assert soon(shown, wanted) == wanted


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
        "rd-ready",
        "py-tap",
        "translation-shown",
        "tones-off",
        "theme-dark",
    ]


@needs_browser
@pytest.mark.browser
def test_the_list_goes_out_and_comes_in(opened: Chromium, market: Market, tmp_path: Path) -> None:
    opened.ask(CATCH)
    for number in (0, 1):
        assert opened.ask(f"{SAVED}('words', {number})") == ""
        said = opened.ask("document.querySelector('.rd-toast').textContent")
        assert said.startswith("Nothing to save yet")
    for word, key in (("豆腐", "k"), ("老赵", "l"), ("菜市场", "i")):
        opened.ask(f"{OPEN}({json.dumps(word)})")
        opened.press(key)
    saved = opened.ask(f"{SAVED}('words', 0)")
    path = tmp_path / "known.txt"
    path.write_text(saved, "utf-8")
    rows = {(word, state) for word, _, state in KnownWords.load(path)}
    assert rows == {("豆腐", "known"), ("老赵", "learning"), ("菜市场", "ignored")}
    assert all(row.split("\t")[1] for row in saved.splitlines())
    # What the program makes of the list is what the page shows by it.
    reader.build(
        MARKET,
        tmp_path / "again.html",
        reader.Recipe(
            render=RenderOptions(
                pinyin=Pinyin.UNKNOWN, policy=LearnerPolicy(Learner(known=KnownWords.load(path)))
            )
        ),
    )
    opened.ask("document.querySelector('input[name=rd-readings][value=some]').click()")
    shown = "[...document.querySelectorAll('main [data-w].k')].map((e) => e.firstChild.data).sort()"
    on_page = steady(opened, shown)
    deck = opened.ask(f"{SAVED}('words', 1)").splitlines()
    assert deck[3].split("\t")[:2] == ["老赵", "Lǎozhào"]
    assert "老赵" in deck[3].split("\t")[3]
    # A level of another page's is not that of this one, but where a person chose it.
    assert (
        json.loads(opened.ask("localStorage.getItem('annotated-reader-1-words')"))["levels"] == {}
    )
    opened.ask("localStorage.clear()")
    opened.open(tmp_path / "again.html", 1000)
    assert soon(lambda: opened.ask(shown), on_page) == on_page
    # Read by another page, it says the same.
    opened.open(market.path, 1000)
    opened.ask("document.querySelector('input[name=rd-readings][value=some]').click()")
    opened.ask(
        f"""(() => {{ const file = document.querySelector("#rd-file"), held = new DataTransfer();
        held.items.add(new File([{json.dumps(saved)}], "known.txt"));
        file.files = held.files; file.dispatchEvent(new Event("change"));
        }})()"""
    )
    assert soon(lambda: opened.ask(shown), on_page) == on_page


@needs_browser
@pytest.mark.browser
def test_at_each_level_the_page_counts_as_the_library_does(
    opened: Chromium, market: Market
) -> None:
    labels = Learner().levels.labels
    for rank, label in enumerate(("", *labels)):
        counted = coverage(market.document, Learner(level=label))
        opened.ask(
            f"""(() => {{ const slider = document.querySelector("#rd-level");
            slider.value = {rank}; slider.dispatchEvent(new Event("input")); }})()"""
        )
        wanted = f"{f'HSK {label}' if label else 'no level'} · {counted.strict * 100:.1f} %"
        told = "document.querySelector('.rd-told').textContent.split(' of the')[0]"
        assert soon(partial(opened.ask, told), wanted) == wanted


@needs_browser
@pytest.mark.browser
def test_marks_are_taken_back(opened: Chromium) -> None:
    known = "document.querySelectorAll('main .k').length"
    opened.ask("document.querySelector('input[name=rd-readings][value=some]').click()")
    opened.ask(f"{OPEN}('豆腐')")
    opened.ask("document.querySelector('.rd-rest').click()")
    assert opened.ask(known) > 10
    assert "words marked as known" in opened.ask("document.querySelector('.rd-toast').textContent")
    opened.press("u")
    # A name is read where it first stands, and quiet where it comes again.
    assert opened.ask(known) < 5


@needs_browser
@pytest.mark.browser
def test_without_storage_the_page_works_and_says_so_once(
    chromium: Chromium, market: Market
) -> None:
    forbid = """Object.defineProperty(window, "localStorage",
      {get() { throw new DOMException("no", "SecurityError"); }})"""
    with chromium.before_pages(forbid):
        chromium.open(market.path, 1000)
        chromium.press("ArrowRight")
        chromium.press("k")
        said = "document.querySelector('.rd-toast').textContent"
        assert "keeps nothing" in chromium.ask(said)
        chromium.press("p")
        assert "keeps nothing" not in chromium.ask(said)
        assert chromium.ask("document.documentElement.className").startswith("rd-ready py-some")
    assert chromium.complaints() == []


@pytest.mark.long
@needs_browser
@pytest.mark.browser
def test_the_other_script_is_that_of_its_own_build(chromium: Chromium, tmp_path: Path) -> None:
    plain = """[...document.querySelectorAll("main p, main h1")].filter((e) =>
      !e.matches(".tr, .said")).map((e) => { const copy = e.cloneNode(true);
        copy.querySelectorAll("rt, rp, .added").forEach((each) => each.remove());
        return copy.textContent; })"""
    for name, script in (("market", Script.TRADITIONAL), ("umbrella", Script.SIMPLIFIED)):
        built = tmp_path / f"{name}-{script}.html"
        reader.build(TEXTS / f"{name}.txt", built, recipe(script=script))
        switched = tmp_path / f"{name}.html"
        reader.build(TEXTS / f"{name}.txt", switched, recipe(switch=True))
        chromium.open(built, 1000)
        wanted = chromium.ask(plain)
        language = chromium.ask("document.documentElement.lang")
        chromium.open(switched, 1000)
        before = chromium.ask(plain)
        chromium.ask(f"document.querySelector('input[name=rd-script][value={script}]').click()")
        assert soon(lambda: chromium.ask(plain), wanted) == wanted != before
        assert chromium.ask("document.documentElement.lang") == language
        chromium.ask("document.querySelector('input[name=rd-script][value=own]').click()")
        assert soon(lambda: chromium.ask(plain), before) == before
        chromium.ask("localStorage.clear()")


def recipe(**choices: Any) -> reader.Recipe:
    return reader.Recipe(render=RenderOptions(**choices))


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tones_can_be_read_in_both_themes(opened: Chromium, theme: str) -> None:
    opened.ask(f"document.querySelector('input[name=rd-theme][value={theme}]').click()")
    colours = """(() => {
      const probe = document.body.appendChild(document.createElement("i"));
      const rgb = (colour) => { probe.style.color = colour;
        return getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map(Number); };
      const all = ["paper", "ink", "quiet", "mark", "tone1", "tone2", "tone3", "tone4", "tone5"];
      const found = all.map((name) => rgb(`var(--${name})`));
      probe.remove(); return found; })()"""
    for palette in ("first", "second"):
        opened.ask(f"document.querySelector('input[name=rd-tones][value={palette}]').click()")
        paper, *inks = opened.ask(colours)
        assert len({tuple(ink) for ink in inks[3:]}) == 5
        for ink in inks:
            lighter, darker = sorted((luminance(paper), luminance(ink)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (palette, ink)


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("notation", [Notation.PINYIN, Notation.ZHUYIN])
def test_every_word_wears_the_colours_of_its_tones(
    chromium: Chromium, tmp_path: Path, notation: Notation
) -> None:
    source = tmp_path / "text.md"
    source.write_text(
        "# 長街\n\n他還了書。\n\n| 項目 | 數 |\n|---|---|\n| 銀行 | 好 |\n\n"
        "- 一把傘\n  - 短的\n\n> 月光\n",
        "utf-8",
    )
    reader.build(source, tmp_path / "text.html", recipe(notation=notation, ruby=Ruby.CHARACTER))
    chromium.open(tmp_path / "text.html", 1000, 1200)
    chromium.ask("document.querySelector('input[name=rd-tones][value=first]').click()")
    counts = "[1, 2, 3, 4, 5].map((tone) => CSS.highlights.get(`tone${tone}`).size)"
    tones = [
        t.reading.syllables for b in reader.annotate(source).blocks for t in b.tokens if t.reading
    ]
    # The character, and its reading.
    wanted = [
        2 * sum(s.endswith(str(tone)) for each in tones for s in each) for tone in range(1, 6)
    ]
    assert soon(lambda: chromium.ask(counts), wanted) == wanted
    chromium.ask("localStorage.clear()")


def luminance(colour: list[float]) -> float:
    """As WCAG defines it."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (each / 255 for each in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_long_text_is_better_no_single_page(tmp_path: Path) -> None:
    for count, told in ((300, False), (301, True)):
        blocks = tuple(Block("x" * 1000, BlockKind.CODE) for _ in range(count))
        text = Document(Metadata(language="zh-Hans"), blocks)
        report = reader.build(text, tmp_path / "long.html", recipe())
        assert ("long-page" in [warning.code for warning in report.warnings]) == told


@pytest.mark.long
@needs_browser
@pytest.mark.browser
def test_what_is_held_back_is_there(chromium: Chromium, tmp_path: Path) -> None:
    """Beyond some length a browser parses the text as it comes near, and in the end all of it."""
    lines = [f"第{n}段：茶馆里的人很多，卖茶的老张不懂金融。" * 12 for n in range(135)]
    document = reader.annotate("\n\n".join(lines))
    path = tmp_path / "long.html"
    write(document, path)
    page = path.read_text("utf-8")
    assert page.count("<noscript>") > 0
    assert reader.read(path, whole=True).text.count("卖茶的老张") == len(lines) * 12
    # Without script all of it is text of the page.
    assert "".join(_plain(parsed(page.encode()))) == document.text.replace("\n", "")
    chromium.open(path, 800)
    chromium.ask(
        """(async () => { for (let n = 0; n < 300 && document.querySelector("noscript"); n++)
        await new Promise((done) => setTimeout(done, 20)); })()"""
    )
    assert chromium.ask("document.querySelectorAll('noscript').length") == 0
    words = sum(token.reading is not None for block in document.blocks for token in block.tokens)
    assert chromium.ask("document.querySelectorAll('main [data-w]').length") == words
    assert chromium.complaints() == []


def _plain(root: Any) -> Iterator[str]:
    main = root.find(f".//{XHTML}main")
    for paragraph in main.iter(f"{XHTML}p", f"{XHTML}h1"):
        for element in list(paragraph.iter(f"{XHTML}rt", f"{XHTML}rp")):
            element.text = ""
        yield "".join(paragraph.itertext())


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
