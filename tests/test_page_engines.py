"""The page that answers, in every engine and under a checker of accessibility."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import reader
from reader.options import Layout, Notation, RenderOptions, Ruby
from tests.browser import Chromium, Firefox, WebKit, needs_browser, needs_firefox, needs_webkit
from tests.checkers import axe_script

if TYPE_CHECKING:
    from tests.browser import Engine

pytestmark = [pytest.mark.long, pytest.mark.browser]

TEXTS = Path(__file__).parent.parent / "texts"
ENGINES = [
    pytest.param(Firefox, marks=needs_firefox),
    pytest.param(WebKit, marks=needs_webkit),
    pytest.param(Chromium, marks=needs_browser),
]
CHOICES = {
    "word": (
        "[...document.querySelectorAll('main [data-w]')]"
        ".find(word => word.textContent.startsWith('豆')).click()"
    ),
    "words": "document.querySelectorAll('.rd-bar [aria-haspopup]')[0].click()",
    "settings": "document.querySelectorAll('.rd-bar [aria-haspopup]')[1].click()",
    "help": "document.querySelectorAll('.rd-bar [aria-haspopup]')[2].click()",
    "zhuyin": "document.querySelector('input[value=zhuyin]').click()",
    "tones": "document.querySelector('input[name=rd-tones][value=first]')?.click()",
    "own": "document.querySelector('input[name=rd-readings][value=some]').click()",
    "tap": "document.querySelector('input[name=rd-translation][value=tap]').click()",
}


BOX = """(({left, right, top, bottom}) => [left, right, top, bottom])(
  document.querySelector(".rd-window").getBoundingClientRect())"""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    browser: Engine = request.param()
    yield browser
    browser.close()


def test_a_page_opens_and_answers(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    reader.build(TEXTS / "market.txt", path)
    engine.open(path, 900)
    for step in CHOICES.values():
        engine.ask(f"({step}, 1)")
    engine.ask(f"({CHOICES['word']}, 1)")
    assert engine.ask("document.querySelector('.rd-window').open")
    assert len(engine.ask("document.querySelector('.rd-senses').innerText")) > 3
    assert "ㄅ" <= engine.ask("document.querySelector('.rd-reading').textContent")[0] <= "ㄩ"
    left, right, top, bottom = engine.ask(BOX)
    assert 0 <= left < right <= engine.ask("innerWidth")
    assert 0 <= top < bottom <= engine.ask("innerHeight")
    if not isinstance(engine, WebKit):
        assert engine.complaints() == []


@needs_browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "options",
    [
        RenderOptions(),
        RenderOptions(layout=Layout.SENTENCES, notation=Notation.ZHUYIN, ruby=Ruby.CHARACTER),
        RenderOptions(static=True, layout=Layout.COLUMNS),
    ],
    ids=["interleaved", "zhuyin", "static"],
)
def test_axe_finds_nothing(
    chromium: Chromium, tmp_path: Path, options: RenderOptions, theme: str
) -> None:
    path = tmp_path / "page.html"
    reader.build(TEXTS / "market.txt", path, reader.Recipe(render=options))
    chromium.open(path, 900)
    chromium.ask(axe_script() + ";1")
    run = """axe.run(document, {resultTypes: ["violations"]}).then((found) =>
      JSON.stringify(found.violations.map((v) => [v.id, v.nodes[0].html])))"""
    steps = [] if options.static else list(CHOICES.values())
    if steps:
        chromium.ask(f"(document.querySelector('input[name=rd-theme][value={theme}]').click(), 1)")
    for step in ["1", *steps]:
        chromium.ask(f"({step}, 1)")
        assert json.loads(chromium.ask(run)) == [], step
    chromium.ask("localStorage.clear()")
