"""Fuzz the ways in, one after another.

    python -m fuzz                                  # all, a minute each
    python -m fuzz --seconds 600 markdown "in place"
    python -m fuzz --keep folder                    # go on where the folder's last run ended

What is found stands in the folder: the inputs that led somewhere new, by target, and those that
failed, under `failed`. An input fails that raises anything but a `ReaderError`, takes longer than
`SECONDS`, or makes the core differ from its reference. It wants atheris (`pip install -e .[fuzz]`).
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from fuzz.targets import TARGETS, seeds

SEEDS = Path(__file__).parent / "seeds"
"""Inputs that once failed, by target."""


class Run(NamedTuple):
    """What came of fuzzing one target."""

    name: str
    inputs: int
    edges: int
    failed: int


def main() -> int:
    parser = argparse.ArgumentParser("fuzz", description=__doc__.split("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--keep", type=Path, help="the folder for what is found")
    asked = parser.parse_args()
    if unknown := {*asked.targets} - {*TARGETS}:
        parser.error(f"no target {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    folder = asked.keep or Path(tempfile.mkdtemp(prefix="fuzz-"))
    failed = 0
    for name in asked.targets or TARGETS:
        run = fuzzed(name, asked.seconds, folder)
        print(
            f"{name}: {run.inputs:,} inputs, {run.edges:,} edges, {run.failed} failed", flush=True
        )
        failed += run.failed
    if failed:
        print(f"what failed stands in {folder / 'failed'}")
    return int(failed > 0)


def fuzzed(name: str, seconds: int, folder: Path) -> Run:
    """Fuzz one target in a process of its own, again after a failure until its time is over."""
    place = name.replace(", ", "-").replace(" ", "-")
    corpus, failures = folder / place, folder / "failed" / place
    dictionary = folder / f"{place}.dict"
    for made in (corpus, failures):
        made.mkdir(parents=True, exist_ok=True)
    known = (path.read_bytes() for path in sorted((SEEDS / place).glob("*")))
    for seed in chain(seeds(name), known):
        (corpus / sha256(seed).hexdigest()[:16]).write_bytes(seed)
    dictionary.write_text("".join(_words(TARGETS[name].pieces)), encoding="ascii")
    limits = (f"-max_total_time={seconds}", f"-dict={dictionary}", f"-artifact_prefix={failures}/")
    command = [sys.executable, "-m", "fuzz.one", name, *limits, str(corpus)]
    log = folder / f"{place}.log"
    with log.open("wb") as file:
        status = subprocess.run(command, stdout=file, stderr=file, check=False).returncode
    told = log.read_text(encoding="utf-8", errors="replace")
    inputs = sum(map(int, re.findall(r"number_of_executed_units: (\d+)", told)))
    edges = max(map(int, re.findall(r"cov: (\d+)", told)), default=0)
    if status and not any(failures.iterdir()):
        print(told[-2000:])
        return Run(name, inputs, edges, 1)
    return Run(name, inputs, edges, len(list(failures.iterdir())))


def _words(pieces: tuple[str, ...]) -> Iterator[str]:
    """The lines of a dictionary of libFuzzer's."""
    for piece in pieces:
        yield '"' + "".join(f"\\x{byte:02x}" for byte in piece.encode()[:60]) + '"\n'


if __name__ == "__main__":
    sys.exit(main())
