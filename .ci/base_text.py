#!/usr/bin/env python3
"""Whether the base text comes back from every output.

    python .ci/base_text.py OUTDIR TEXT...

For each TEXT, every OUTDIR/NAME*.{epub,xml,html,json} must hold the characters of TEXT and no
others, in order, once readings, notes, translation and the other script are taken away. It is
written against what the formats say (docs/formats.md), with the standard library alone, so that
a slip of the package cannot hide itself. Line ends and the signs of light markup are not text.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

XHTML = "{http://www.w3.org/1999/xhtml}"
TEI = "{http://www.tei-c.org/ns/1.0}"
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
MARKUP = re.compile(r"^(?:#{1,6}|>|\\|\|)[ ]+|^!\[(.*)\]$")
Element = ElementTree.Element


def source_text(path: Path) -> str:
    """The lines of a text that are not blank, without the signs of light markup."""
    lines = re.split("\r\n|[\r\n]", path.read_bytes().decode("utf-8-sig"))
    return squeezed(
        "\n".join(MARKUP.sub(lambda m: m[1] or "", line) for line in lines if line.strip())
    )


def squeezed(text: str) -> str:
    """The text without line ends: where an output has them between blocks, they are no text."""
    return re.sub("[\r\n]", "", text)


def from_xhtml(element: Element) -> Iterator[str]:
    """Text of an element and after it, without what the writer added to it."""
    added = "added" in element.get("class", "").split()
    if not added and element.tag not in (f"{XHTML}rt", f"{XHTML}rp"):
        yield element.text or ""
        for child in element:
            yield from from_xhtml(child)
    yield element.tail or ""


def from_epub(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = sorted(n for n in archive.namelist() if re.search(r"/c\d+\.xhtml$", n))
        bodies = [ElementTree.fromstring(archive.read(n)).find(f"{XHTML}body") for n in names]
    return "".join("".join(from_xhtml(body)) for body in bodies if body is not None)


class Page(HTMLParser):
    """Gathers the text of a web page, without what the writer added."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _is_text(self) -> bool:
        return any(name == "body" for name, _ in self._open) and not any(o for _, o in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            classes = (dict(attrs).get("class") or "").split()
            self._open.append((tag, "added" in classes or tag in ("rt", "rp", "script", "style")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._is_text:
            self.texts.append(data)


def from_html(path: Path) -> str:
    page = Page()
    page.feed(path.read_text("utf-8"))
    return "".join(page.texts)


def from_tei(path: Path) -> str:
    """Text of `w`, `pc` and `c` in the first text, less `corr` and the second `seg` of a choice."""
    body = ElementTree.parse(path).getroot().find(f"{TEI}text/{TEI}body")
    assert body is not None
    return "".join(tei_text(body, word=False))


def tei_text(element: Element, *, word: bool) -> Iterator[str]:
    word = word or element.tag in (f"{TEI}w", f"{TEI}pc", f"{TEI}c")
    if word:
        yield element.text or ""
    taken = False
    for child in element:
        other = child.tag == f"{TEI}seg" and taken
        taken = taken or child.tag == f"{TEI}seg"
        if child.tag != f"{TEI}corr" and not other:
            yield from tei_text(child, word=word)
        if word:
            yield child.tail or ""


def from_json(path: Path) -> str:
    blocks = json.loads(path.read_bytes())["blocks"]
    for block in blocks:
        tokens = "".join(token["text"] for token in block.get("tokens", ()))
        assert tokens in ("", block["text"]), f"tokens do not tile {block['text']!r}"
    return "\n".join(block["text"] for block in blocks)


READERS: dict[str, Callable[[Path], str]] = {
    ".epub": from_epub,
    ".html": from_html,
    ".json": from_json,
    ".xml": from_tei,
}


def difference(expected: str, found: str) -> str:
    """Where two texts part, with what stands there."""
    ends = (i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b)
    at = next(ends, min(len(expected), len(found)))
    return f"at {at}: {expected[at : at + 30]!r} became {found[at : at + 30]!r}"


def main(folder: Path, texts: list[Path]) -> int:
    failed = checked = 0
    for text in texts:
        expected = source_text(text)
        for output in sorted(folder.glob(f"{text.stem}*")):
            if output.suffix not in READERS or output.name.removeprefix(text.stem)[:1] != ".":
                continue
            checked += 1
            found = squeezed(READERS[output.suffix](output))
            if found != expected:
                failed += 1
                print(f"{output}: {difference(expected, found)}")
    print(f"base text: {checked} outputs of {len(texts)} texts, {failed} differ")
    return 1 if failed or not checked else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]]))
