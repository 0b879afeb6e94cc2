"""The local page in Chromium: from a pasted text to a download, by keys alone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.books import unpacked
from tests.browser import Chromium, Firefox, needs_browser
from tests.checkers import axe_script
from tests.test_serve import TEXT, TOKEN, here

pytestmark = [pytest.mark.browser, needs_browser]

ARTICLE = TEXT + "\n小安和陳默又來了。小安還了書。\n"


@pytest.fixture(scope="module")
def browser(chromium: Chromium) -> Iterator[Chromium]:
    yield chromium
    chromium._ask("Emulation.setEmulatedMedia", features=[])


@pytest.fixture
def page(browser: Chromium) -> Chromium:
    visit(browser)
    return browser


def visit(browser: Chromium, width: int = 1200) -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
    browser._ask("Emulation.setDeviceMetricsOverride", **size)
    # What a test decided may go: the page would ask a person.
    browser.ask("typeof state === 'object' && (state.kept = true)")
    browser._ask("Page.navigate", url="about:blank")
    browser.events.clear()
    browser._ask("Page.navigate", url=f"{here()}/{TOKEN}/")
    until(browser, "!!document.querySelector('#choices select')")


def until(browser: Chromium | Firefox, expression: str) -> None:
    end = time.monotonic() + 30
    while not browser.ask(expression):
        assert time.monotonic() < end, expression
        time.sleep(0.02)


def paste(browser: Chromium, text: str = ARTICLE) -> None:
    browser._ask("Input.insertText", text=text)


MADE = (
    "!document.getElementById('work').hidden && "
    "!document.getElementById('preview').classList.contains('stale')"
)


def tab_to(browser: Chromium, expression: str) -> None:
    """Press Tab until the focused element (`it`) is the one that is asked for."""
    for _ in range(60):
        if browser.ask(f"(it => {expression})(document.activeElement)"):
            return
        browser.press("Tab")
    raise AssertionError(f"Tab does not reach {expression}")


def downloaded(browser: Chromium, folder: Path) -> Path:
    """The EPUB, once the first entry of the menu has brought it into the folder, by keys."""
    tab_to(browser, "it.matches('#downloads summary')")
    browser.press("Enter")
    tab_to(browser, "it.matches('#targets button')")
    browser.press("Enter")
    book = folder / "text.epub"
    end = time.monotonic() + 30
    while not book.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    return book


def test_from_paste_to_download_by_keys(page: Chromium, tmp_path: Path) -> None:
    page._ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    paste(page)
    tab_to(page, "it.textContent === 'Open'")
    page.press("Enter")
    until(page, MADE)
    until(page, "document.querySelectorAll('.doubt').length > 0")
    # Settle the first doubt otherwise than it was.
    tab_to(page, "it.matches('.answers button:not(.chosen):enabled')")
    page.press("Enter")
    until(page, "document.querySelectorAll('#row-list li').length === 1")
    until(page, MADE)
    assert "--glossary settled.csv" in page.ask(
        "document.getElementById('command-line').textContent"
    )
    assert downloaded(page, tmp_path).read_bytes().startswith(b"PK")


def test_a_book_with_two_readings_settled_and_known_words_bare(
    page: Chromium, tmp_path: Path
) -> None:
    page._ask("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    paste(page)
    tab_to(page, "it.textContent === 'Open'")
    page.press("Enter")
    until(page, MADE)
    answers: list[str] = []
    for count in (1, 2):
        until(page, "document.querySelectorAll('.answers button:not(.chosen):enabled').length > 0")
        listed = page.ask("document.querySelectorAll('.doubt').length")
        tab_to(page, "it.matches('.answers button:not(.chosen):enabled')")
        answers.append(page.ask("document.activeElement.firstChild.textContent"))
        page.press("Enter")
        until(page, f"document.querySelectorAll('#row-list li').length === {count}")
        until(page, MADE)
        # The list is asked for again after the page: what is settled is no more in it.
        until(page, f"document.querySelectorAll('.doubt').length < {listed}")
    tab_to(page, "it.matches('[data-view=level]')")
    page.press("Enter")
    until(page, "document.querySelectorAll('#for-level option').length > 3")
    tab_to(page, "it.matches('#for-level')")
    for _ in range(3):
        page.press("ArrowDown")
    until(page, "document.getElementById('command-line').textContent.includes('--level 3')")
    until(page, MADE)
    members = unpacked(downloaded(page, tmp_path))
    whole = "".join(data.decode() for name, data in members.items() if "xhtml" in name)
    assert len(answers) == 2
    assert "<ruby>書" not in whole  # every level knows it
    assert "<ruby>" in whole


def test_a_wrong_answer_is_said(page: Chromium) -> None:
    paste(page, "a")
    page.ask("document.querySelector('#paste button').click()")
    until(
        page,
        "!document.getElementById('work').hidden || !!document.getElementById('said').textContent",
    )
    page.ask("ask('texts/nowhere/preview', {}).catch((error) => say(error.message))")
    until(page, "document.getElementById('said').textContent.includes('no longer here')")


def test_the_place_of_a_doubt_is_found_in_the_page(page: Chromium) -> None:
    paste(page)
    page.ask("document.querySelector('#paste button').click()")
    until(page, MADE)
    until(page, "document.querySelectorAll('.doubt').length > 0")
    page.ask("document.querySelector('.doubt .show').click()")
    marked = page.ask("document.querySelector('.doubt mark').textContent")
    found = "document.getElementById('preview').contentWindow.getSelection().toString()"
    assert marked in page.ask(found)


def test_slips_are_corrected_together(page: Chromium) -> None:
    paste(page, "他因此需要重新注冊。")
    page.ask("document.querySelector('#paste button').click()")
    until(page, MADE)
    until(page, "document.querySelectorAll('#slip-list li').length === 1")
    page.ask("document.getElementById('repair').click()")
    until(page, "document.getElementById('slips').hidden")
    until(page, MADE)
    inside = "document.getElementById('preview').contentDocument.querySelector('main')"
    assert "註冊" in page.ask(f"{inside}.textContent")


def test_what_was_decided_is_not_thrown_away_unasked(page: Chromium) -> None:
    paste(page)
    page.ask("document.querySelector('#paste button').click()")
    until(page, MADE)
    page.ask("window.confirm = (question) => { window.asked = question; return false; }")
    page.ask("document.getElementById('again').click()")
    assert page.ask("window.asked") is None
    paste(page)
    page.ask("document.querySelector('#paste button').click()")
    until(page, MADE)
    until(page, "document.querySelectorAll('.answers button:not(.chosen):enabled').length > 0")
    page.ask("document.querySelector('.answers button:not(.chosen):enabled').click()")
    page.ask("document.getElementById('again').click()")
    assert "not been downloaded" in page.ask("window.asked")
    until(page, "document.querySelectorAll('#row-list li').length === 1")
    until(page, MADE)


def test_nothing_is_asked_elsewhere_and_nothing_complains(page: Chromium) -> None:
    paste(page)
    page.ask("document.querySelector('#paste button').click()")
    until(page, MADE)
    asked = [
        event["params"]["request"]["url"]
        for event in page.events
        if event["method"] == "Network.requestWillBeSent"
    ]
    assert all(url.startswith((f"{here()}/{TOKEN}/", "data:", "about:")) for url in asked), asked
    told = {"Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"}
    assert [event for event in page.events if event["method"] in told] == []


@pytest.mark.long
@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing(browser: Chromium, width: int, dark: bool) -> None:
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    browser._ask("Emulation.setEmulatedMedia", features=[scheme])
    visit(browser, width)
    # A policy that forbids all other scripts lets the debugger's in.
    asked = f"{axe_script()}; axe.run(document, {{iframes: false}})"
    assert browser.ask(f"{asked}.then(found => found.passes.length)") > 5
    run = f"{asked}.then(found => found.violations)"
    assert shown(browser.ask(run)) == []
    paste(browser)
    browser.ask("document.querySelector('#paste button').click()")
    until(browser, MADE)
    for view in ("doubts", "level", "translation", "glossary", "options", "page"):
        browser.ask(f"document.querySelector('[data-view={view}]').click()")
        time.sleep(0.3)
        assert shown(browser.ask(run)) == [], view


def shown(violations: list[dict[str, object]]) -> list[str]:
    return [json.dumps(violation, ensure_ascii=False)[:600] for violation in violations]


@pytest.mark.long
def test_two_tabs_do_not_disturb_each_other() -> None:
    tabs = [Chromium(), Chromium()]
    try:
        for tab, text in zip(tabs, ("甲在銀行。", "乙在重慶。"), strict=True):
            visit(tab)
            paste(tab, text)
            tab.ask("document.querySelector('#paste button').click()")
        for tab, text in zip(tabs, ("甲", "乙"), strict=True):
            until(tab, MADE)
            inside = "document.getElementById('preview').contentDocument.body.textContent"
            assert text in tab.ask(inside)
    finally:
        for tab in tabs:
            tab.close()


@pytest.mark.long
def test_firefox_has_nothing_to_complain_of() -> None:
    firefox = Firefox()
    try:
        firefox._ask("WebDriver:Navigate", url=f"{here()}/{TOKEN}/")
        until(firefox, "!!document.querySelector('#choices select')")
        firefox.ask(
            "(() => { document.getElementById('text').value = '小安在銀行。她還了書。';"
            " document.querySelector('#paste button').click(); })()"
        )
        until(firefox, MADE)
        until(firefox, "document.querySelectorAll('.doubt').length > 0")
        inside = "document.getElementById('preview').contentDocument.body.textContent"
        assert "銀行" in firefox.ask(inside)
        firefox._ask("Marionette:SetContext", value="chrome")
        script = "return Services.console.getMessageArray().map(String)"
        told = firefox._ask("WebDriver:ExecuteScript", script=script, args=[])["value"]
        firefox._ask("Marionette:SetContext", value="content")
        assert [message for message in told if TOKEN in message or "Content-Sec" in message] == []
    finally:
        firefox.close()
