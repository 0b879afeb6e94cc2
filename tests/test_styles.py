"""Style sheets of books: what an old or small reading system makes of them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from shutil import which

import pytest

from reader.files import read_data
from reader.inplace import annotate_book
from reader.options import Notation, RenderOptions, Ruby
from reader.writers import write
from tests import books
from tests.samples import bilingual

SHEETS = ("book.css", "zhuyin.css", "zhuyin-in-place.css", "in-place.css")


def rules(sheet: str) -> list[tuple[str, str]]:
    """Selectors and declarations of a sheet as who knows no `@supports` reads it."""
    text = re.sub(r"/\*.*?\*/", "", read_data(sheet).decode(), flags=re.DOTALL)
    out, depth, skipping = "", 0, False
    for part in re.split(r"([{}])", text):
        skipping = skipping or (depth == 0 and part.strip().startswith("@supports"))
        depth += (part == "{") - (part == "}")
        out += "" if skipping else part
        skipping = skipping and (depth > 0 or part != "}")
    assert depth == 0
    flat = re.sub(r"@media[^{]*\{", "", out)
    return re.findall(r"([^{}]+)\{([^{}]*)\}", flat)


@pytest.mark.parametrize("sheet", SHEETS)
def test_what_knows_no_ruby_shows_readings_in_brackets(sheet: str) -> None:
    found = rules(sheet)
    assert found
    for selector, declarations in found:
        assert not re.search(r"\b(?:rp|reader-rp)\b", selector)
        if re.search(r"\b(?:rt|reader-rt)\b", selector):
            assert not re.search(r"\b(?:display|font-size|position)\b", declarations)


@pytest.mark.parametrize("sheet", SHEETS)
def test_selectors_outside_conditions_are_those_of_css_2(sheet: str) -> None:
    for selector, _ in rules(sheet):
        assert re.fullmatch(r"[\w\s.,>+:#()-]+", selector), selector
        pseudo = re.findall(r":+[\w-]+", selector)
        assert set(pseudo) <= {":lang"}, selector


def test_the_sheet_of_a_page_is_the_same_in_html_and_in_xml() -> None:
    # A page's style is escaped as XML and hashed for its policy: `>` would come out otherwise.
    for sheet in ("book.css", "zhuyin.css", "page.css"):
        assert not re.search("[<>&]", read_data(sheet).decode())


@pytest.mark.viewer
@pytest.mark.skipif(which("mutool") is None, reason="needs MuPDF")
@pytest.mark.parametrize(
    "options", [RenderOptions(), RenderOptions(notation=Notation.ZHUYIN, ruby=Ruby.CHARACTER)]
)
def test_brackets_in_mupdf(tmp_path: Path, options: RenderOptions) -> None:
    zhuyin = options.notation is Notation.ZHUYIN
    for number, members in enumerate((books.everything(), books.old())):
        source, out = tmp_path / f"{number}.epub", tmp_path / f"{number}-out.epub"
        source.write_bytes(books.packed(members))
        annotate_book(source, out, render=options)
        assert ("行(ㄏㄤˊ)" if zhuyin else "工作(gōngzuò)") in as_text(out)
    write(bilingual(), tmp_path / "b.epub", options)
    assert ("金(ㄐㄧㄣ)融(ㄖㄨㄥˊ)" if zhuyin else "金融(jīnróng)") in as_text(tmp_path / "b.epub")


def as_text(book: Path) -> str:
    command = ["mutool", "draw", "-q", "-F", "text", str(book)]
    run = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert b"css syntax error" not in run.stderr
    return re.sub(r"\s+", "", run.stdout.decode())
