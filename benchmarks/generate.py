"""Long texts of real vocabulary: the clauses of given texts, shuffled by a seed.

    python benchmarks/generate.py CHARACTERS OUT [--seed N] [--text FILE ...] [--of FILE]

Clauses are drawn at random and joined into sentences, paragraphs and chapters, so that sentences
do not repeat. A text whose lines are sentences (`cpp-dev.sent`: its ▁ are taken out) does as well
as an article. With `--of` nothing is made up: the text is the beginning of FILE, in whole lines.
"""

from __future__ import annotations

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

TEXTS = Path(__file__).parents[1] / "texts"
DEFAULT = (TEXTS / "two-parks.txt", TEXTS / "umbrella.txt")
SEED = 20260101
_CHAPTER = 4000
_CLAUSE = re.compile(r"[^，。！？；：「」『』“”（）()《》\s]{2,}")
_NUMERALS = "零一二三四五六七八九"


def clauses(paths: Sequence[Path]) -> list[str]:
    """Every stretch of the texts without punctuation in it, in order."""
    found: list[str] = []
    for path in paths:
        found += _CLAUSE.findall(path.read_text(encoding="utf-8").replace("▁", ""))
    return found


def generate(characters: int, paths: Sequence[Path] = DEFAULT, seed: int = SEED) -> str:
    """A text of at least so many characters: a title, then chapters."""
    draw = random.Random(seed)
    lines = ["亂碼之書"]
    total = chapter = 0
    for paragraph in _paragraphs(clauses(paths), draw):
        if total == 0 or total > chapter * _CHAPTER:
            chapter += 1
            lines.append(f"第{''.join(_NUMERALS[int(d)] for d in str(chapter))}章")
        lines.append(paragraph)
        total += len(paragraph)
        if total >= characters:
            return "\n\n".join(lines) + "\n"
    raise AssertionError


def article(characters: int, paths: Sequence[Path] = DEFAULT, seed: int = SEED) -> str:
    """A text without chapters."""
    lines = generate(characters, paths, seed).split("\n\n")
    return "\n\n".join(line for line in lines if not line.startswith("第"))


def beginning(characters: int, path: Path) -> str:
    """The first lines of a text, of at least so many characters or all of it."""
    whole = path.read_text(encoding="utf-8")
    end = whole.find("\n", characters)
    return whole if end < 0 else whole[: end + 1]


def _paragraphs(pool: Sequence[str], draw: random.Random) -> Iterator[str]:
    while True:
        yield "".join(_sentence(pool, draw) for _ in range(draw.randint(1, 5)))


def _sentence(pool: Sequence[str], draw: random.Random) -> str:
    inside = "，".join(draw.choice(pool) for _ in range(draw.randint(1, 4)))
    return f"「{inside}！」" if draw.random() < 0.1 else f"{inside}。"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("characters", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--text", type=Path, action="append", help="in place of the samples")
    parser.add_argument("--of", type=Path, metavar="FILE")
    given = parser.parse_args()
    if given.of:
        given.out.write_text(beginning(given.characters, given.of), encoding="utf-8")
        return
    text = generate(given.characters, given.text or DEFAULT, given.seed)
    given.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
