"""Pages as Chromium lays them out: ruby never collides, nothing sticks out, notes open."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from reader.model import Document
from reader.options import Layout, Notation, RenderOptions, Ruby, Script
from reader.writers import write
from tests.checkers import needs_browser
from tests.samples import bilingual, block

# Measures the page it stands in, then opens the first note, and tells the page around it.
TRIES = 3
"""A browser on a machine with much else to do may give up before the page has answered."""
_MEASURE = """
addEventListener("load", () => {
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
  const note = document.querySelector(".note");
  location.hash = note ? note.id : "";
  requestAnimationFrame(() => setTimeout(() => {
    const at = note && box(note);
    parent.postMessage({collisions, broken, wide, beside, rows: rows.length,
      rubies: readings.length,
      fixed: note && getComputedStyle(note).position === "fixed",
      inside: at && at.top >= 0 && at.bottom <= innerHeight + 1 && at.right <= innerWidth + 1,
    }, "*");
  }, 50));
});
"""
_AROUND = """<!DOCTYPE html><pre id="out"></pre>
<script>addEventListener("message", (e) => { out.textContent = JSON.stringify(e.data); });</script>
<iframe src="page.html" style="border:0;width:%dpx;height:700px"></iframe>"""


def longer(document: Document) -> Document:
    """The document with lines long enough to be broken, at every width, in different places."""
    line = block(
        "老張|說|：|「|換道超車|」|，|西安|花兒|不|懂|金融|。|茶館|賣茶|，|第一|章|笑|。" * 3
    )
    return replace(document, blocks=(*document.blocks, line, line))


def measured(
    folder: Path, document: Document, options: RenderOptions, width: int
) -> dict[str, Any]:
    """What the script measured of the page at a width in pixels."""
    page = folder / "page.html"
    write(document, page, options)
    policy = r'<meta http-equiv="Content-Security-Policy"[^>]*>'
    markup = re.sub(policy, "", page.read_text("utf-8"))
    script = f"<script>{_MEASURE}</script></head>"
    page.write_text(markup.replace("</head>", script, 1), "utf-8")
    around = folder / "around.html"
    around.write_text(_AROUND % width, "utf-8")
    command = [
        *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000"),
        *("--window-size=1300,800", f"--user-data-dir={folder / 'profile'}", "--dump-dom"),
        around.as_uri(),
    ]
    for _ in range(TRIES):
        run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        found = re.search(r'<pre id="out">(.*?)</pre>', run.stdout, re.DOTALL)
        assert found is not None
        if found[1]:
            result: dict[str, Any] = json.loads(unescape(found[1]))
            return result
    raise AssertionError("the page did not answer")


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("width", [400, 1200])
@pytest.mark.parametrize(
    "options",
    [
        RenderOptions(),
        RenderOptions(layout=Layout.COLUMNS, script=Script.BOTH),
        RenderOptions(layout=Layout.SENTENCES, notation=Notation.ZHUYIN, ruby=Ruby.CHARACTER),
    ],
    ids=["interleaved", "columns", "zhuyin"],
)
def test_a_page_lies_well(tmp_path: Path, options: RenderOptions, width: int) -> None:
    found = measured(tmp_path, longer(bilingual()), options, width)
    assert found["rubies"] > 50
    assert found["collisions"] == 0
    assert found["broken"] == 0
    assert found["wide"] <= 0
    assert found["fixed"]
    assert found["inside"]
    assert found["beside"] == (found["rows"] if width > 1000 else 0)
