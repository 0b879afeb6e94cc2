"""One target, fuzzed until its time is over or a fault is found: `python -m fuzz.one NAME …`.

What follows the name goes to libFuzzer.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["reader"]):
    import reader

    # Most modules are imported when they are used, which is too late for the instruments.
    for found in pkgutil.walk_packages(reader.__path__, "reader."):
        if not found.name.endswith("__main__"):
            with suppress(ModuleNotFoundError):  # what an extra needs that is not installed
                importlib.import_module(found.name)

from fuzz.targets import LONGEST, SECONDS, TARGETS
from tests.surfaces import tried


class Slow(Exception):
    """A small input that takes long."""


def main(arguments: list[str]) -> None:
    work = TARGETS[arguments[1]].work

    def timed(data: bytes) -> float:
        start = time.process_time()
        tried(work, data)
        return time.process_time() - start

    def once(data: bytes) -> None:
        # What is paid once, or for a busy machine, is not the input's.
        if timed(data) > SECONDS and (seconds := min(timed(data), timed(data))) > SECONDS:
            raise Slow(f"{len(data)} bytes take {seconds:.1f} s")

    for piece in TARGETS[arguments[1]].pieces[:20]:
        timed(piece.encode())
    limits = [f"-max_len={LONGEST}", "-timeout=60", "-rss_limit_mb=2000", "-print_final_stats=1"]
    atheris.Setup([arguments[0], *limits, *arguments[2:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
