"""Time and memory are bounded by the input, whoever wrote it and wherever it comes in.

By default few shapes of little text; the long tests try more of them (`READER_SHAPES` for each way
in, `READER_SEED` says which ones), and the known ones at the size that has a limit in seconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.surfaces import SURFACES, Shape, Surface, shapes, tried

if not hasattr(os, "fork"):
    pytest.skip("processes are forked", allow_module_level=True)

from tests.measured import Cost, cost

SHAPES = int(os.environ.get("READER_SHAPES", "60"))
SEED = int(os.environ.get("READER_SEED", "0"))
SIZE = 4_000
LARGE = 100_000
"""Bytes that may take `SECONDS` and `MEMORY`."""
SECONDS = 2.0
MEMORY = 200
"""MiB."""
BUSY = 2.0
"""A machine that does other things takes so many times as long."""
NOISE = 0.02
"""Seconds of a measurement that says nothing."""

# What is dear for a reason, and grows with the input all the same: times as dear as all else.
DEAR = {"align": 5.0, "translation": 2.0}
"""Alignment is of two texts, and of sentences, of which a stranger's may be very short."""

KNOWN: dict[str, list[Shape]] = {
    "text": [
        Shape("題\n\n![", "a", ""),
        Shape("題\n\n", "![", ""),
        Shape("題\n\n他說。(", " ", "。)\n\n好。"),
        Shape("題\n\n", "(" + " " * 60 + "字。)\n\n", ""),
        Shape("題\n\na", "\u0301\u0316", ""),
        Shape("題\n\n", "第" + " " * 9, ""),
    ],
    "markdown": [
        Shape("字![](data:", "a", ")"),
        Shape("", "字<br>", ""),
        Shape("", "字 <b>好</b>", ""),
        Shape("---\na: b", " ", "c\n---\n字"),
        Shape("字<b ", "a=1 ", ">好</b>"),
    ],
    "html": [
        Shape("", "<y", ""),
        Shape("", "<y " * 254 + ">", ""),
        Shape("字<a b='", "<a b= ", ""),
        Shape("<p>", "<b>字", ""),
        Shape("", "<p>字<b>", ""),
    ],
    "epub": [Shape("<div>" * 500, "<p>字</p>", "")],
    "epub, a whole chapter": [
        Shape("<p>字<p ", '"a" ', "<b"),
        Shape("<p>字", "<!--", ""),
        Shape("<p>字", "<![CDATA[", ""),
        Shape("<p>字", "<!DOCTYPE [", ""),
    ],
    "in place": [
        Shape("<p>字<p ", '"a" ', "<b"),
        Shape("<p>", "长大", "</p>"),
        Shape("<div>" * 500, "<p>字</p>", ""),
    ],
    "strip": [Shape("<!--", "<link class='reader-'", "-->")],
    "annotate": [Shape("", unit, "") for unit in (*"一百几长\ufe00", "一千", "人人")],
    "glossary": [Shape("字,", "a", "\n"), Shape("字,", "xi1an", "\n")],
    "known words": [Shape("", "known;", "{{c1::")],
    "levels": [Shape("# levels: ", "甲,", "\n字\t甲\n" * 40)],
    "check": [Shape("", unit, "") for unit in ("人人", "克里斯", "十")],
    "translation": [Shape("machine translation: a", " ", "b\n\nHe went to Beijing.")],
    "align": [Shape("", unit, "") for unit in ("1,234 ", "12:30", "U.S. ", "No. ")],
    "answer": [Shape("", "[", ""), Shape("", "[", "]"), Shape("machine translation: a", " ", "b")],
    "to epub": [Shape("<main>", "<title>a", "")],
}
"""Shapes that once took the square of their size, or more."""


def warm(surface: Surface) -> None:
    """Pay here for what is paid once."""
    tried(surface.work, surface.pieces[0].encode())


@pytest.mark.parametrize("name", SURFACES)
def test_time_grows_no_faster_than_what_is_given(name: str) -> None:
    # What is known is the first thing to come back.
    grows_as_given(name, [*KNOWN.get(name, []), *shapes(name, 1)])


@pytest.mark.long
@pytest.mark.parametrize("name", SURFACES)
def test_time_grows_no_faster_for_many_shapes(name: str) -> None:
    grows_as_given(name, shapes(name, SHAPES, SEED))


def grows_as_given(name: str, given: Iterable[Shape]) -> None:
    """Whoever takes no time for the longest text is not measured again."""
    surface = SURFACES[name]
    warm(surface)
    for shape in given:
        last = cost(surface.work, shape.text(4 * SIZE))
        assert not last.fault, shape
        assert last.memory < MEMORY, shape
        if last.seconds > 9 * NOISE:
            judge(name, shape, last.seconds)


def judge(name: str, shape: Shape, last: float) -> None:
    """Four times as long takes four times; what grows with the square takes sixteen."""
    limit = BUSY * DEAR.get(name, 1.0) * SECONDS * 4 * SIZE / LARGE
    work = SURFACES[name].work
    first = NOISE
    for _ in range(3):  # a busy machine may be slow once
        first = max(first, cost(work, shape.text(SIZE)).seconds)
        if last < 9 * first and last < limit:
            return
        last = min(last, cost(work, shape.text(4 * SIZE)).seconds)
    pytest.fail(f"seconds for n and 4n bytes: {first}, {last}, of {limit} at most; {shape!r}")


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "shape"), [(name, shape) for name, known in KNOWN.items() for shape in known]
)
def test_a_hundred_kilobytes_take_seconds_at_most(name: str, shape: Shape) -> None:
    warm(SURFACES[name])
    limit = BUSY * DEAR.get(name, 1.0) * SECONDS
    for _ in range(3):
        found: Cost = cost(SURFACES[name].work, shape.text(LARGE))
        if found.seconds < limit:
            break
    assert not found.fault
    assert found.seconds < limit
    assert found.memory < MEMORY * (2 if name == "align" else 1)


SEEDS = Path(__file__).parents[1] / "fuzz" / "seeds"


@pytest.mark.parametrize("path", sorted(SEEDS.glob("*/*")), ids=lambda path: path.name)
def test_what_fuzzing_found_is_read_or_refused(path: Path) -> None:
    name = next(n for n in SURFACES if n.replace(", ", "-").replace(" ", "-") == path.parent.name)
    tried(SURFACES[name].work, path.read_bytes())
