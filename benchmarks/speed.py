"""How fast: this library, the obvious script and the floor, in one run and one table.

    python benchmarks/speed.py [--sizes 100000 1000000] [--runs 5] [--tools FOLDER]
                               [--text FILE] [--articles 2000] [--no-batch]

The obvious script needs benchmarks/requirements.txt: installed into a virtual environment under
FOLDER when it is not there. Every figure is the median of the runs, with the fastest and slowest;
the tools take turns. `--text` generates the texts from another one's clauses.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import throughput
from measure import Costs, in_turns, run

HERE = Path(__file__).parent
ARTICLE = 3243
READER = Path(sys.executable).with_name("reader")
SUFFIXES = {"epub": ".epub", "tei": ".xml"}
COLUMNS = (
    "text",
    "format",
    "tool",
    "wall s",
    "fastest–slowest",
    "CPU s",
    "characters/s",
    "peak MiB",
    "times ours",
)


def main() -> None:
    given = arguments()
    print(
        f"{date.today()}, {platform.platform()}, {os.cpu_count()} processors, "
        f"Python {platform.python_version()}, medians of {given.runs}\n"
    )
    python = tools(given.tools)
    with tempfile.TemporaryDirectory(prefix="reader-speed-") as name:
        folder = Path(name)
        print(f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|", sep="\n")
        for label, text in texts(folder, given.sizes, given.text):
            for to in given.formats:
                table(label, text, to, python, folder, given.runs)
        print()
        for label, text in texts(folder, given.sizes[-1:], given.text, article=False):
            stages(label, text)
        if not given.no_batch:
            throughput.report(folder, given.articles, dask=not given.no_dask)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--formats", nargs="+", choices=list(SUFFIXES), default=list(SUFFIXES))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--text", type=Path, action="append", default=None)
    parser.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir()) / "reader-tools")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--no-batch", action="store_true")
    parser.add_argument("--no-dask", action="store_true")
    return parser.parse_args()


def tools(folder: Path) -> Path:
    """The Python of the environment that the obvious script runs in."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        requirements = HERE / "requirements.txt"
        command = f"{python} -m pip install -q -r {requirements}"
        subprocess.run(command.split(), check=True)
    return python


def texts(
    folder: Path, sizes: Sequence[int], sources: Sequence[Path] | None, *, article: bool = True
) -> Iterator[tuple[str, Path]]:
    """Texts of each size, and an article, each with what it is called.

    Made by a process of their own: a child's peak memory counts its parent's at the start.
    """
    named = [("article", ARTICLE, ["--article"])] if article else []
    named += [(f"{size:,}", size, []) for size in sizes]
    given = [word for source in sources or () for word in ("--text", str(source))]
    for label, size, options in named:
        path = folder / f"{label.replace(',', '')}.txt"
        run([sys.executable, HERE / "generate.py", str(size), path, *options, *given])
        yield label, path


def table(label: str, text: Path, to: str, python: Path, folder: Path, runs: int) -> None:
    """The rows of one text in one format."""
    ours, theirs = folder / f"ours{SUFFIXES[to]}", folder / f"obvious{SUFFIXES[to]}"
    build: list[str | Path] = [READER, "build", text, "-o", ours, "--no-translation"]
    run(build)
    payload = unpacked(ours, folder / "payload")
    costs = in_turns(
        {
            "annotated-reader": build,
            "obvious script": [python, HERE / "obvious.py", text, theirs],
            "floor": [sys.executable, HERE / "floor.py", text, payload, folder / "floor.zip"],
        },
        runs,
    )
    with text.open(encoding="utf-8") as lines:
        characters = sum(map(len, lines))
    for name, cost in costs.items():
        print(row(label, to, name, cost, characters, costs["annotated-reader"].wall), flush=True)


def row(label: str, to: str, name: str, cost: Costs, characters: int, ours: float) -> str:
    return (
        f"| {label} | {to} | {name} | {cost.wall:.3f} | {cost.spread} | {cost.cpu:.3f} "
        f"| {characters / cost.wall:,.0f} | {cost.mebibytes:.0f} | {cost.wall / ours:.2f} |"
    )


def unpacked(path: Path, payload: Path) -> Path:
    """All that the library wrote, uncompressed, in one file."""
    if path.suffix != ".epub":
        return path
    with zipfile.ZipFile(path) as book, payload.open("wb") as whole:
        for name in book.namelist():
            with book.open(name) as member:
                shutil.copyfileobj(member, whole)
    return payload


def stages(label: str, text: Path) -> None:
    """Where the seconds of one run go, told by a process of its own."""
    command = [sys.executable, HERE / "stages.py", text]
    said = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    print(f"Stages of {label} characters to EPUB (CPU seconds, one run):\n\n{said.stdout}")


if __name__ == "__main__":
    main()
