"""Web pages: complete in themselves, harmless, the same as HTML and as XML."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest

from reader.errors import OptionError, WriteError
from reader.model import Cue, Document, Flow
from reader.options import Notes, RenderOptions, Script
from reader.writers import FORMATS, Format, format_of, write
from tests.policies import Everything
from tests.samples import article, bilingual, novel
from tests.written import XHTML, parsed


def page(document: Document, options: RenderOptions | None = None) -> str:
    file = BytesIO()
    write(document, file, options, to="html")
    return file.getvalue().decode()


class _Text(HTMLParser):
    """The text of a page as an HTML parser sees it, style and script apart."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._hidden = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


STATIC = RenderOptions(static=True)


@pytest.mark.parametrize("options", [RenderOptions(), STATIC], ids=["answers", "static"])
@pytest.mark.parametrize("document", [article(), bilingual(), novel()])
def test_html_and_xml_parsers_read_the_same(document: Document, options: RenderOptions) -> None:
    markup = page(document, options)
    root = parsed(markup.encode())
    for hidden in list(root.iter(f"{XHTML}style", f"{XHTML}script")):
        hidden.text = ""
    assert "".join(_Text(markup).parts).split() == "".join(map(str, root.itertext())).split()


def test_a_static_page_asks_for_nothing_and_runs_nothing() -> None:
    root = parsed(page(article(), STATIC).encode())
    assert not list(root.iter(f"{XHTML}script", f"{XHTML}link", f"{XHTML}iframe"))
    assert not [e for e in root.iter() if e.get("data-w")]
    assert not [e for e in root.iter() for name in e.attrib if str(name).startswith("on")]
    assert not [e for e in root.iter() if e.get("style")]
    assert all(img.get("src", "").startswith("data:image/png") for img in root.iter(f"{XHTML}img"))


@pytest.mark.parametrize("options", [RenderOptions(), STATIC], ids=["answers", "static"])
def test_the_policy_allows_the_style_and_script_there_are_and_no_other(
    options: RenderOptions,
) -> None:
    markup = page(article(), options)
    root = parsed(markup.encode())
    policy = next(m for m in root.iter(f"{XHTML}meta") if m.get("http-equiv")).get("content", "")
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    # What an XML parser takes for the script and what an HTML parser does, both.
    scripts = [e.text or "" for e in root.iter(f"{XHTML}script") if not e.get("type")]
    scripts += re.findall("<script>(.*?)</script>", markup, re.DOTALL)
    assert len(scripts) == (0 if options.static else 2)
    style = re.search("<style>(.*?)</style>", markup, re.DOTALL)
    assert style is not None
    assert style[1] == root.findtext(f".//{XHTML}style")
    allowed = {
        # One digest of the style: in both it is the same text.
        "style-src": {digest(root.findtext(f".//{XHTML}style") or "")},
        "script-src": set(map(digest, scripts)),
    }
    for name, digests in allowed.items():
        assert set(rules.pop(name, "").split()) == digests
    assert rules.pop("img-src") == "data:"
    assert set(rules) == {"default-src", "base-uri", "form-action"}
    assert set(rules.values()) == {"'none'"}


def digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("options", [RenderOptions(), STATIC], ids=["answers", "static"])
def test_notes_stand_at_the_end_of_their_chapter(options: RenderOptions) -> None:
    root = parsed(page(novel(), options).encode())
    chapters = [s for s in root.iter(f"{XHTML}section") if s.get("class") == "chapter"]
    assert len(chapters) == 6
    for chapter in chapters[1:]:
        last = chapter[-1] if options.static else chapter[-1][-1]
        assert last.get("class") == "notes added"
        note = last[0].get("id")
        assert [a for a in chapter.iter(f"{XHTML}a") if a.get("href") == f"#{note}"]
    ended = page(article(), RenderOptions(notes=Notes.END))
    assert 'role="doc-endnotes"' in ended
    bare = parsed(page(article(), RenderOptions(notes=Notes.NONE)).encode())
    assert not [e for e in bare.iter() if "note" in e.get("class", "").split()]


def test_every_format_has_a_suffix_and_a_function() -> None:
    # Subtitles want times.
    blocks = tuple(replace(block, cue=Cue(0, 1000)) for block in article().blocks)
    timed = replace(article(), blocks=blocks)
    for name, row in FORMATS.items():
        assert row.name == name
        assert row.suffixes
        assert {format_of(f"book{suffix}") for suffix in row.suffixes} == {name}
        row.write(timed, BytesIO(), RenderOptions())
    every = [suffix for row in FORMATS.values() for suffix in row.suffixes]
    assert len(set(every)) == len(every)


def test_a_format_needs_the_other_script_only_where_it_is_shown() -> None:
    plain = {"words", "readings", "sentences", "notes"}
    for name in ("epub", "html"):
        assert FORMATS[name].needs(STATIC) == plain
        both = RenderOptions(script=Script.BOTH, static=True)
        assert FORMATS[name].needs(both) == plain | {"scripts"}
        glossed = RenderOptions(policy=Everything(layers=frozenset(["senses"])), static=True)
        assert FORMATS[name].needs(glossed) == plain | {"senses"}
    # A page that answers is asked for both.
    assert FORMATS["html"].needs(RenderOptions()) == plain | {"scripts", "senses"}
    assert {"senses", "levels", "scripts"} <= FORMATS["json"].needs(RenderOptions())


@pytest.mark.parametrize("name", ["book", "book.pdf", "folder.epub/book"])
def test_an_unknown_suffix_is_an_error_that_names_the_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(OptionError, match="suffix"):
        write(article(), tmp_path / name)
    with pytest.raises(OptionError, match="no format 'pdf'"):
        write(article(), tmp_path / "a.epub", to="pdf")
    with pytest.raises(WriteError):
        write(article(), tmp_path / "missing" / "a.epub")
    assert list(tmp_path.iterdir()) == []


def test_a_page_without_what_it_shows_is_refused(tmp_path: Path) -> None:
    """It would be a page of bare characters, or one that says zh-Hant over Simplified text."""
    path = tmp_path / "page.html"
    read = replace(article(), layers=())
    with pytest.raises(WriteError, match="not got: notes, readings, sentences, words"):
        write(read, path, STATIC)
    some = replace(article(), layers=("notes", "readings", "sentences", "words"))
    with pytest.raises(WriteError, match="the document has not got: scripts;"):
        write(some, path, RenderOptions(script=Script.TRADITIONAL, static=True))
    assert not path.exists()
    write(some, path, STATIC)
    write(read, tmp_path / "bare.json")


def test_another_package_may_add_a_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "plain-0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: plain\nVersion: 0\n")
    (package / "entry_points.txt").write_text(
        "[annotated_reader.writers]\n"
        "plain = tests.test_writers_html:PLAIN\n"
        "broken = tests.test_writers_html:page\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    write(article(), tmp_path / "a.plain", to="plain")
    assert (tmp_path / "a.plain").read_bytes() == article().text.encode()
    with pytest.raises(OptionError, match="'broken' is not a"):
        write(article(), tmp_path / "a.txt", to="broken")


def _write_plain(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    file.write("\n".join(block.text for block in flow.blocks).encode())


PLAIN = Format("plain", (".plain",), _write_plain, lambda options: frozenset())
