"""The time that a source takes grows no faster than what it is given, whoever wrote that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reader import read_bytes
from tests.growth import grows_in_proportion

SIZE = 6_000

SHAPES: dict[str, tuple[str, Callable[[int], str]]] = {
    "a caption without end": (".txt", lambda n: "題\n\n![" + "字" * n),
    "a credit of spaces": (".txt", lambda n: "題\n\n他說。(" + " " * n + "。)\n\n好。"),
    "marks on one character": (".txt", lambda n: "題\n\na" + "\u0301\u0316" * n),
    "a heading of hashes": (".txt", lambda n: "題\n\n" + "#" * n),
    "a table's row": (".txt", lambda n: "題\n\n" + "| " * n),
    "a comment with many ends": (".txt", lambda n: "<!--" + "--> " * n + "字"),
    "chapters without number": (".txt", lambda n: "題\n\n" + ("第" + " " * 9) * n),
    "a label without end": (".txt", lambda n: "題\n\n" + "a" * n + " " * n + "好"),
    "ornaments": (".txt", lambda n: "題\n\n" + "* " * n + "a"),
    "data without a comma": (".md", lambda n: "字![](data:" + "a" * n + ")"),
    "deep quotations": (".md", lambda n: "> " * 190 + "字\n" + "字\n" * (n // 4)),
    "brackets": (".md", lambda n: "[" * n + "字"),
    "notes that nobody refers to": (
        ".md",
        lambda n: "".join(f"[^{i}]: 註\n\n" for i in range(n // 4)),
    ),
    "line breaks": (".md", lambda n: "字<br>" * n),
    "paragraphs parted by line breaks": (".md", lambda n: "字<br><br>" * n),
    "spaces before marks": (".md", lambda n: "字 <b>好</b>" * n),
    "marks on spaces": (".html", lambda n: "字" + " <b> </b>" * n),
    "attributes": (".md", lambda n: "字<b " + " ".join(f"a{i}=1" for i in range(n)) + ">好</b>"),
    "attributes of a page": (
        ".html",
        lambda n: "<p>字<b " + " ".join(f"a{i}=1" for i in range(n)) + ">好</b></p>",
    ),
    "tags without end": (".html", lambda n: '字<a b="' + "<a b= " * n),
    "a field of spaces": (".md", lambda n: "---\na: b" + " " * n + "c\n---\n字"),
    "footnotes": (".md", lambda n: "".join(f"字[^{i}]\n\n[^{i}]: 註\n\n" for i in range(n // 8))),
    "references to one note": (
        ".html",
        lambda n: (
            "".join(f"<p>字<a id=x{i} href='#n'>1</a></p>" for i in range(n // 4))
            + "<div id=n>"
            + "".join(f"註<a href='#x{i}'>1</a>" for i in range(n // 4))
        ),
    ),
    "parts of a page": (".html", lambda n: "字" + "<nav>字</nav><a href=x>字</a>" * (n // 4)),
    "deep parts": (
        ".html",
        lambda n: "<div>" * 900 + "字" + "<article><h1>字</h1></article>" * (n // 4),
    ),
    "empty deep parts": (".html", lambda n: "<p>字</p>" + "<div>©" * 900 + "<i></i>" * n),
    "hidden parts": (".html", lambda n: "字" + "<p hidden>字</p>" * n),
    "rows in cells": (".html", lambda n: "<table><tr><td><p>字<p>字" * (n // 8)),
    "rubies": (".html", lambda n: "<ruby>" + "字<rt>z</rt>" * n + "</ruby>"),
    "marks through blocks": (".html", lambda n: "<span>" * 900 + "<p lang=ja>字</p>" * n),
    "formulas": (".html", lambda n: "<math>" + "<msup><mi>字</mi>" * 900 + "<mi>字</mi>" * n),
    "references without notes": (
        ".html",
        lambda n: "<p>" + "".join(f"<a id=a{i}></a><a href=#a{i}>1</a>" for i in range(n // 4)),
    ),
    "cells": (".html", lambda n: "<table><tr>" + "<td>字</td>" * n + "</tr></table>"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_time_grows_no_faster_than_the_source(name: str) -> None:
    suffix, shape = SHAPES[name]
    grows_in_proportion(
        lambda data: read_bytes(data, suffix=suffix), lambda n: shape(n).encode(), SIZE
    )
