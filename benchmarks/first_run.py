"""What the first run of an installation costs: the dictionaries are compiled, once.

    python benchmarks/first_run.py [--runs 5]

Processor seconds and peak memory of processes of their own, each with an empty cache; then of the
same with what the first has left there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from measure import Cost, Costs, run

ARTICLE = Path(__file__).parent.parent / "texts" / "two-parks.txt"
READER = Path(sys.executable).with_name("reader")
OPEN = "from reader.lexicon import Lexicon; Lexicon.open()"


def report(runs: int) -> None:
    print("| what | CPU s | wall s | peak MiB | again: CPU s | peak MiB |")
    print("|---" * 6 + "|")
    with tempfile.TemporaryDirectory(prefix="reader-first-") as name:
        commands: dict[str, Sequence[str | Path]] = {
            "opening the lexicon": [sys.executable, "-c", OPEN],
            "an article to EPUB": [READER, "build", ARTICLE, "-o", Path(name) / "article.epub"],
        }
        run(commands["opening the lexicon"])  # byte code is written
        for what, command in commands.items():
            pairs = [first_and_second(command) for _ in range(runs)]
            first, second = (Costs(costs) for costs in zip(*pairs, strict=True))
            print(
                f"| {what} | {first.cpu:.2f} | {first.wall:.2f} | {first.mebibytes:.0f} "
                f"| {second.cpu:.2f} | {second.mebibytes:.0f} |",
                flush=True,
            )


def first_and_second(command: Sequence[str | Path]) -> tuple[Cost, Cost]:
    """The costs of a command without a cache, and with what it has left there."""
    with tempfile.TemporaryDirectory(prefix="reader-cache-") as cache:
        environment = {"READER_CACHE": cache}
        return run(command, environment), run(command, environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    report(parser.parse_args().runs)


if __name__ == "__main__":
    main()
