"""How fast: this library, the obvious script and the floor, in one run and one table.

    python benchmarks/speed.py [TEXT] [--sizes 100000 1000000] [--runs 5] [--tools FOLDER]
                               [--data DATA] [--generated [FILE ...]] [--articles 2000] [--no-batch]

TEXT is a long text of real prose, by default `../texts/novel.txt` beside DATA; each size is its
beginning. Real prose, because what programs remember looks too good where words repeat too much, as
they do in what `--generated` makes of the clauses of the samples, or of FILEs.

The obvious script needs benchmarks/requirements.txt: installed into a virtual environment under
FOLDER when it is not there. epub-pinyin and epubhv, which annotate EPUBs, are given the text as a
plain one; what they cannot do says "fails". Every figure is the median of the runs, with the
fastest and slowest; the tools take turns. Times ours are of processor seconds: a busy machine makes
all else longer. Then annotation alone (`annotation.py`, with accuracies if DATA is given), stages,
many texts.
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
import annotation
import throughput
from epub_tools import TOOLS, program
from measure import Costs, in_turns, run

HERE = Path(__file__).parent
OURS = "annotated-reader"
ARTICLE = HERE.parent / "texts" / "two-parks.txt"
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
        for label, text in [("article", ARTICLE), *texts(folder, given)]:
            for to in given.formats:
                commands = compared(text, to, python, folder)
                if to == "epub":
                    commands |= peers(text, folder, given.tools)
                table(label, text, to, commands, given.runs)
        print()
        annotation.report(text, given.runs, given.data)
        stages(label, text)
        if not given.no_batch:
            throughput.report(folder, given.articles, dask=not given.no_dask)


def absolute(path: str) -> Path:
    return Path(path).absolute()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("text", type=Path, nargs="?")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--formats", nargs="+", choices=list(SUFFIXES), default=list(SUFFIXES))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--generated", type=Path, nargs="*", metavar="FILE")
    parser.add_argument(
        "--tools", type=absolute, default=Path(tempfile.gettempdir()) / "reader-tools"
    )
    parser.add_argument("--data", type=Path, help="folder with polyphones/, for accuracies")
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--no-batch", action="store_true")
    parser.add_argument("--no-dask", action="store_true")
    given = parser.parse_args()
    if given.text is None and given.data is not None:
        given.text = given.data / ".." / "texts" / "novel.txt"
    if given.generated is None and (given.text is None or not given.text.exists()):
        parser.error("no text: name one, or DATA that has one beside it, or ask for --generated")
    return given


def tools(folder: Path) -> Path:
    """The Python of the environment that the obvious script runs in."""
    folder = folder / "obvious"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        requirements = HERE / "requirements.txt"
        command = f"{python} -m pip install -q -r {requirements}"
        subprocess.run(command.split(), check=True)
    return python


def texts(folder: Path, given: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    """Texts of each size, each with what it is called.

    Made by a process of their own: a child's peak memory counts its parent's at the start.
    """
    for size in given.sizes:
        path = folder / f"{size}.txt"
        if given.generated is None:
            run([sys.executable, HERE / "generate.py", str(size), path, "--of", given.text])
        else:
            sources = [word for source in given.generated for word in ("--text", source)]
            run([sys.executable, HERE / "generate.py", str(size), path, *sources])
        yield f"{size:,}", path


Command = Sequence[str | Path]


def compared(text: Path, to: str, python: Path, folder: Path) -> dict[str, Command]:
    """How the library, the obvious script and the floor are called."""
    ours, theirs = folder / f"ours{SUFFIXES[to]}", folder / f"obvious{SUFFIXES[to]}"
    build: list[str | Path] = [READER, "build", text, "-o", ours, "--no-translation"]
    run(build)  # Its modules' byte code is written, as that of installed packages is.
    payload = unpacked(ours, folder / "payload")
    return {
        OURS: build,
        "obvious script": [python, HERE / "obvious.py", text, theirs],
        "floor": [sys.executable, HERE / "floor.py", text, payload, folder / "floor.zip"],
    }


def peers(text: Path, folder: Path, tools: Path) -> dict[str, Command]:
    """The programs that annotate an EPUB, given the text as one without annotation."""
    plain = folder / "plain.epub"
    bare = ["--pinyin", "none", "--notes", "none", "--no-default-glossary", "--no-translation"]
    run([READER, "build", text, "-o", plain, *bare])
    commands: dict[str, Command] = {}
    for tool in TOOLS:
        if tool.package:
            out = folder / tool.name
            out.mkdir(exist_ok=True)
            commands[tool.name] = tool.command(program(tool, tools), plain, out)
    return commands


def table(label: str, text: Path, to: str, commands: dict[str, Command], runs: int) -> None:
    """The rows of one text in one format."""
    able = {name: command for name, command in commands.items() if succeeds(command, text.parent)}
    costs = in_turns(able, runs, text.parent)
    with text.open(encoding="utf-8") as lines:
        characters = sum(map(len, lines))
    for name in commands:
        if name in costs:
            print(row(label, to, name, costs[name], characters, costs[OURS].cpu), flush=True)
        else:
            print(f"| {label} | {to} | {name} | fails |" + " |" * (len(COLUMNS) - 4), flush=True)


def succeeds(command: Command, folder: Path) -> bool:
    try:
        run(command, folder=folder)
    except RuntimeError:
        return False
    return True


def row(label: str, to: str, name: str, cost: Costs, characters: int, ours: float) -> str:
    return (
        f"| {label} | {to} | {name} | {cost.wall:.3f} | {cost.spread} | {cost.cpu:.3f} "
        f"| {characters / cost.wall:,.0f} | {cost.mebibytes:.0f} | {cost.cpu / ours:.2f} |"
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
