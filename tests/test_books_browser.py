"""A book in Chromium before and after: without what was added, every element lies where it lay."""

from __future__ import annotations

import json
import re
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from reader.glossary import Glossary
from reader.inplace import annotate_book
from reader.options import Notation, RenderOptions, Ruby
from tests import books
from tests.checkers import needs_browser

GLOSSARY = Glossary.loads(
    "term,simplified,pinyin,gloss,note\n內卷,内卷,nèijuǎn,the rat race,Said.\n"
)
# Ruby as plain text, and nothing of what else was added.
_HIDDEN = """<style>
.reader-ruby { display: inline !important; line-height: inherit !important }
ruby.reader-ruby > *, .reader-rt, .reader-rp, .reader-notes { display: none !important }
a.reader-ref { text-decoration: none !important }
</style>"""
# The place of each element of the book's own, in eighths of a pixel, told to the page around.
_MEASURE = """<script>//<![CDATA[
addEventListener("load", () => {
  const own = (e) => !e.matches("[class^=reader-], ruby[class^=reader-] > *")
    && !e.closest(".reader-notes");
  const rows = [...document.body.querySelectorAll("*")].filter(own).map((e) => {
    const box = e.getBoundingClientRect();
    return [e.localName, ...[box.x, box.y, box.width, box.height].map((n) => Math.round(n * 8))];
  });
  parent.postMessage([location.hash.slice(1), rows], "*");
});
//]]></script>"""
_AROUND = """<!DOCTYPE html><pre id="out"></pre>
<script>const found = {};
addEventListener("message", (e) => { found[e.data[0]] = e.data[1];
  if (Object.keys(found).length === %d) out.textContent = JSON.stringify(found); });</script>
%s"""
_FRAME = '<iframe src="{side}/{name}#{side}-{width}" style="width:{width}px;height:600px"></iframe>'


def unpacked(folder: Path, members: dict[str, bytes], added: str) -> None:
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


def laid_out(folder: Path, name: str, widths: tuple[int, ...]) -> dict[str, list[list[Any]]]:
    frames = [
        _FRAME.format(side=side, name=name, width=width)
        for side in ("before", "after")
        for width in widths
    ]
    around = folder / "around.html"
    around.write_text(_AROUND % (len(frames), "\n".join(frames)), "utf-8")
    command = [
        *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000"),
        *("--window-size=1300,800", f"--user-data-dir={folder / 'profile'}", "--dump-dom"),
        around.as_uri(),
    ]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = re.search(r'<pre id="out">(.*?)</pre>', run.stdout, re.DOTALL)
    assert found is not None
    assert found[1], "the pages did not answer"
    result: dict[str, list[list[Any]]] = json.loads(unescape(found[1]))
    return result


PAGES = {
    "everything": (books.everything, "OEBPS/text/mixed.xhtml"),
    "vertical": (books.everything, "OEBPS/text/vertical.xhtml"),
    "epub 2": (books.old, "OEBPS/text/one.xhtml"),
}


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "options", [RenderOptions(), RenderOptions(notation=Notation.ZHUYIN, ruby=Ruby.CHARACTER)]
)
def test_without_what_was_added_a_page_lies_as_it_lay(
    tmp_path: Path, page: str, options: RenderOptions
) -> None:
    make, name = PAGES[page]
    (tmp_path / "in.epub").write_bytes(books.packed(make()))
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", glossary=GLOSSARY, render=options)
    members = books.unpacked((tmp_path / "out.epub").read_bytes())
    unpacked(tmp_path / "before", make(), _MEASURE)
    unpacked(tmp_path / "after", members, _HIDDEN + _MEASURE)
    widths = (320, 900)
    found = laid_out(tmp_path, name, widths)
    for width in widths:
        before = found[f"before-{width}"]
        after = found[f"after-{width}"]
        assert len(before) > 2
        assert [row[0] for row in after] == [row[0] for row in before]
        moved = [(a, b) for a, b in zip(before, after, strict=True) if not near(a, b)]
        assert not moved
