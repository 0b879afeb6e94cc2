"""What a command costs, measured from outside: wall and processor seconds, peak memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run."""

    wall: float
    cpu: float
    mebibytes: float


@dataclass(frozen=True, slots=True)
class Costs:
    """Of several runs of one command."""

    runs: tuple[Cost, ...]

    @property
    def wall(self) -> float:
        return median(run.wall for run in self.runs)

    @property
    def cpu(self) -> float:
        return median(run.cpu for run in self.runs)

    @property
    def mebibytes(self) -> float:
        return median(run.mebibytes for run in self.runs)

    @property
    def spread(self) -> str:
        """The fastest and the slowest run."""
        walls = [run.wall for run in self.runs]
        return f"{min(walls):.3f}–{max(walls):.3f}"


def run(
    command: Sequence[str | Path],
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
) -> Cost:
    """Run a command to its end, in a folder of its own where tools leave their things about.

    It may write byte code, whatever this process may: programs that are installed have it.
    Raises `RuntimeError` with what it said if it fails.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
        cwd=folder,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode:
        raise RuntimeError(f"{command}: exit {process.returncode}\n{said.decode()[-2000:]}")
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turns(
    commands: dict[str, Sequence[str | Path]], runs: int, folder: Path | None = None
) -> dict[str, Costs]:
    """Every command so many times, taking turns, so that a busy minute hits all of them."""
    found: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            found[name].append(run(command, folder=folder))
    return {name: Costs(tuple(costs)) for name, costs in found.items()}
