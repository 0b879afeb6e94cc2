"""Many texts: what more processes gain, set against what the machine itself gives.

    python benchmarks/throughput.py [--articles 2000] [--no-dask]

Also the costs of starting: importing, `--help`, opening the lexicon, a worker being ready.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
import generate

from reader.batch import Batch, Recipe, Status
from reader.glossary import Glossary

PYTHON = sys.executable
BUSY = "t = 0\nfor i in range(60_000_000): t += i"
HELP = "import sys; sys.argv = ['reader', '--help']; import reader.cli; reader.cli.main()"
CLUSTER = "import sys; from distributed.cli.{0} import main; sys.argv[0] = 'dask'; main()"


def report(folder: Path, articles: int, *, dask: bool = True) -> None:
    print("Starting, seconds (median of 9):\n\n| what | s |", "|---|---|", sep="\n")
    for name, start in starts().items():
        print(f"| {name} | {start:.3f} |")
    corpus = folder / "corpus"
    make(corpus, articles)
    gain = control()
    print(f"\n{articles} articles to EPUB:\n\n| how | s | articles/s |", "|---|---|---|", sep="\n")
    seconds: dict[int, float] = {}
    for jobs in (1, 2):
        seconds[jobs] = build(corpus, folder / f"out{jobs}", jobs=jobs)
        print(f"| {jobs} process(es) | {seconds[jobs]:.1f} | {articles / seconds[jobs]:.0f} |")
    again = build(corpus, folder / "out2", jobs=2, changed=False)
    print(f"| again, nothing changed | {again:.2f} | {articles / again:.0f} |")
    if dask:
        there = on_cluster(corpus, folder / "there")
        print(f"| Dask, 2 workers | {there:.1f} | {articles / there:.0f} |")
    ours = seconds[1] / seconds[2]
    print(f"\nTwo processes gain {ours:.2f}; two busy ones {gain:.2f}: {ours / gain:.2f} of that.")


def starts() -> dict[str, float]:
    lexicon = "from reader.lexicon import Lexicon; import time; t = time.perf_counter(); "
    lexicon += "Lexicon.open(); print(time.perf_counter() - t)"
    return {
        "python -c pass": timed("pass"),
        "import reader": timed("import reader"),
        "reader --help": timed(
            "import sys; sys.argv = ['reader', '--help']; import reader.cli; reader.cli.main()"
        ),
        "opening the lexicon": median(float(said(lexicon)) for _ in range(9)),
        "a worker is ready": median(worker_ready() for _ in range(9)),
    }


def timed(code: str) -> float:
    """Seconds of a process that runs the code, its start included."""
    return median(_seconds(lambda: said(code)) for _ in range(9))


def said(code: str) -> str:
    return subprocess.run([PYTHON, "-c", code], check=True, capture_output=True, text=True).stdout


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def worker_ready() -> float:
    import pickle

    from reader.batch.pool import _Worker

    setup = pickle.dumps((recipe(), None))
    start = time.perf_counter()
    worker = _Worker(setup, tempfile.gettempdir())
    ready = time.perf_counter() - start
    worker.dismiss()
    return ready


def recipe() -> Recipe:
    return Recipe(to="epub", glossary=Glossary.default())


def make(corpus: Path, articles: int) -> None:
    corpus.mkdir()
    for number in range(articles):
        text = generate.article(3243, seed=number)
        (corpus / f"{number:05}.txt").write_text(text, encoding="utf-8")


def control() -> float:
    """How much two busy processes get done in the time of one, on this machine, now."""
    one = min(_seconds(lambda: busy(1)) for _ in range(3))
    two = min(_seconds(lambda: busy(2)) for _ in range(3))
    return 2 * one / two


def busy(count: int) -> None:
    for process in [subprocess.Popen([PYTHON, "-c", BUSY]) for _ in range(count)]:
        process.wait()


def build(
    corpus: Path,
    out: Path,
    *,
    jobs: int | None = None,
    dask: str | None = None,
    changed: bool = True,
) -> float:
    """Seconds to build the corpus; every text must come to what is expected of it."""
    start = time.perf_counter()
    outcomes = list(Batch.plan([corpus], out, recipe()).run(jobs=jobs, dask=dask))
    seconds = time.perf_counter() - start
    expected = Status.BUILT if changed else Status.UNCHANGED
    wrong = [outcome for outcome in outcomes if outcome.status is not expected]
    if wrong:
        raise RuntimeError(wrong[0].message or wrong[0].text.source)
    return seconds


def on_cluster(corpus: Path, out: Path) -> float:
    """Seconds on two worker processes of a scheduler here, their start and first text excluded."""
    with cluster(out.parent) as address:
        first = next(iter(sorted(corpus.iterdir())))
        for number in range(8):  # imports, in both workers
            build(first, out / f"warm{number}", dask=address)
        return build(corpus, out, dask=address)


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    import json

    told = folder / "scheduler.json"
    file = f"--scheduler-file={told}"
    started = [_start("dask_scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard", file)]
    try:
        while not told.exists() or not told.stat().st_size:
            time.sleep(0.05)
        worker = ("dask_worker", file, "--nthreads=1", "--no-nanny", "--no-dashboard")
        started += [_start(*worker) for _ in range(2)]
        time.sleep(5)
        yield str(json.loads(told.read_text())["address"])
    finally:
        for process in started:
            process.kill()
            process.wait()


def _start(command: str, *options: str) -> subprocess.Popen[bytes]:
    code = CLUSTER.format(command)
    return subprocess.Popen([PYTHON, "-c", code, *options], stderr=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--no-dask", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reader-throughput-") as name:
        report(Path(name), given.articles, dask=not given.no_dask)


if __name__ == "__main__":
    main()
