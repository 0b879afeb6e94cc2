"""Whether two versions of the program write the same bytes.

    python benchmarks/same_output.py make OUT [--quick] [--data DATA]
    python benchmarks/same_output.py compare BEFORE AFTER

`make` runs the `reader` of this Python over the samples, over `DATA/texts` where that is given, and
over a dozen books in place, each with many options, and keeps what comes out under OUT. Run it once
with each version's own Python, then `compare` the two folders: it prints each output that differs
or is missing, with the first place where they part, and exits 1 if there is any. A change that is
meant to change nothing is held to this.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)
BUILD = (sys.executable, "-P", "-m", "reader.cli", "build")
SUFFIXES = ("epub", "xml", "html", "json")
BOTH = "--script both --ruby character --notation zhuyin --notes end"
OPTIONS = {
    "epub": (
        "--layout sentences",
        "--layout columns",
        "--layout hidden",
        "--layout notes --every",
        "--layout after --sandhi",
        BOTH,
        "--script simplified --pinyin notes",
        "--pinyin none",
        "--notation wade-giles --standard taiwan",
    ),
    "xml": ("--script both", "--standard taiwan --read-numbers --notation zhuyin"),
    "html": (BOTH, "--no-translation --notation numbers --spacing", "--script simplified"),
    "json": ("--read-numbers", "--no-translation --standard taiwan"),
}
BOOK_OPTIONS = (
    "",
    "--notation zhuyin --ruby character --notes end",
    "--script both",
    "--script simplified --quotes",
    "--pinyin notes --every",
)
QUICK = {"novel": "", "zhangjiang": "epub json"}
"""Long texts, and the suffixes they are written with under `--quick`."""


def books(folder: Path) -> list[Path]:
    """Books to annotate in place, made in `folder`: the tests', and each document by itself."""
    from tests import books as made

    pages = ("MIXED", "NOTES", "ENGLISH", "VERTICAL", "SCRIPTED", "UNLISTED")
    members = {
        "everything": made.everything(),
        "old": made.old(),
        **{name.lower(): made.single(getattr(made, name)) for name in pages},
        "ill-formed": made.single(made.MIXED.replace(b"</em>", b"").replace(b"&amp;", b"&")),
        "big5": made.single(_in_big5(made.VERTICAL)),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, files in members.items():
        (folder / f"{name}.epub").write_bytes(made.packed(files))
    return sorted(folder.glob("*.epub"))


def _in_big5(page: bytes) -> bytes:
    return page.decode().replace('encoding="utf-8"', 'encoding="big5"').encode("big5", "ignore")


def jobs(texts: list[Path], books: list[Path], *, quick: bool) -> Iterator[tuple[Path, str, str]]:
    """Source, suffix and options of each output."""
    for text in texts:
        long = text.stem in QUICK
        for suffix in SUFFIXES:
            if long and quick and suffix not in QUICK[text.stem].split():
                continue
            yield text, suffix, ""
            if not long:
                yield from ((text, suffix, options) for options in OPTIONS[suffix])
    for book in books:
        yield from ((book, "epub", options) for options in BOOK_OPTIONS)
        if not quick:
            yield from ((book, suffix, "") for suffix in SUFFIXES[1:])


def make(out: Path, data: Path | None, *, quick: bool) -> None:
    """Every output, and what was said of it on standard error, under `out`."""
    texts = [p for p in sorted((ROOT / "texts").glob("*.txt")) if not p.name.endswith(".en.txt")]
    if data is not None:
        texts += sorted((data / "texts").glob("*.txt"))
    work = list(jobs(texts, books(out.parent / "books-in-place"), quick=quick))
    out.mkdir(parents=True, exist_ok=True)

    def run(job: tuple[Path, str, str]) -> None:
        source, suffix, options = job
        kind = "book" if source.suffix == ".epub" else "text"
        said = "".join(options.split()) or "--default"
        target = out / f"{kind}-{source.stem}{said}.{suffix}"
        command = [
            sys.executable,
            "-P",
            "-m",
            "reader.cli",
            "build",
            str(source),
            "-o",
            str(target),
        ]
        done = subprocess.run([*command, *options.split()], capture_output=True, text=True)
        message = f"{done.returncode}\n{done.stderr.replace(str(out), 'OUT')}"
        target.with_suffix(f".{suffix}.log").write_text(message, "utf-8")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, work))
    print(f"{len(work)} outputs in {out}")


def compare(before: Path, after: Path) -> int:
    """Print what differs; how many outputs do."""
    names = sorted({p.name for folder in (before, after) for p in folder.iterdir()})
    differ = 0
    for name in names:
        one, other = before / name, after / name
        if one.exists() and other.exists() and one.read_bytes() == other.read_bytes():
            continue
        differ += 1
        if one.exists() and other.exists():
            print(f"{name}: {_parting(one, other)}")
        else:
            print(f"{name}: only {'before' if one.exists() else 'after'}")
    print(f"{len(names)} files, {differ} differ")
    return differ


def _parting(one: Path, other: Path) -> str:
    """The first member of two books that differs, or of two files, and where."""
    if one.suffix != ".epub":
        return _place(one.read_bytes(), other.read_bytes())
    with zipfile.ZipFile(one) as a, zipfile.ZipFile(other) as b:
        if a.namelist() != b.namelist():
            return f"members {set(a.namelist()) ^ set(b.namelist()) or 'in another order'}"
        for name in a.namelist():
            if a.read(name) != b.read(name):
                return f"{name} {_place(a.read(name), b.read(name))}"
    return "the same members, packed in another way"


def _place(one: bytes, other: bytes) -> str:
    pairs = zip(one, other, strict=False)
    at = next((i for i, (x, y) in enumerate(pairs) if x != y), min(len(one), len(other)))
    parts = (data[max(0, at - 60) : at + 60].decode("utf-8", "replace") for data in (one, other))
    return f"at byte {at}:\n    " + "\n    ".join(repr(part) for part in parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make")
    making.add_argument("out", type=Path)
    making.add_argument("--data", type=Path, help="a folder that has texts/*.txt")
    making.add_argument("--quick", action="store_true", help="leave the longest outputs out")
    comparing = commands.add_parser("compare")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    given = parser.parse_args()
    if "before" in given:
        return 1 if compare(given.before, given.after) else 0
    make(given.out, given.data, quick=given.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
