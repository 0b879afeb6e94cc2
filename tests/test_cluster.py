"""The same batch on a real Dask scheduler with two worker processes, one of them killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from reader.batch import Batch, Recipe, Status, build_many, cluster as cluster_module
from reader.errors import OptionError

distributed: Any = pytest.importorskip("distributed")

TEXT = "湖邊的早晨\n\n王芳\n\n天亮了，湖水很清。他在銀行工作，每天走路。\n"
CODE = "import sys; from distributed.cli.{0} import main; sys.argv[0] = 'dask'; main()"


def started(command: str, *options: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CODE.format(command), *options],
        stderr=subprocess.DEVNULL,
        env={**os.environ, "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "10s"},
    )


Cluster = tuple[str, list["subprocess.Popen[bytes]"]]


@contextmanager
def running(tmp_path: Path, *, workers: int) -> Iterator[Cluster]:
    """The scheduler's address; its process, and those of the workers."""
    told = tmp_path / "scheduler.json"
    file = f"--scheduler-file={told}"
    processes = [started("dask_scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard", file)]
    try:
        for _ in range(600):
            if told.exists() and told.stat().st_size:
                break
            time.sleep(0.05)
        plain = ("--nthreads=1", "--no-nanny", "--no-dashboard")
        processes += [started("dask_worker", file, *plain) for _ in range(workers)]
        place = address(told)
        # A busy machine may take longer than tests let the library wait.
        with distributed.Client(place, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)
        yield place, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for all tests, which take seconds to start it: the first leaves it as it is, the second
    kills one of the two workers, the last the scheduler."""
    with running(tmp_path_factory.mktemp("cluster"), workers=2) as found:
        yield found


def address(told: Path) -> str:
    import json

    found = json.loads(told.read_text())["address"]
    assert isinstance(found, str)
    return found


def test_an_outcome_that_is_lost_after_its_task_is_made_again(
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ended = cluster_module._result
    cancelled: list[str] = []

    def ended_and_lost(future: Any) -> Any:
        if not cancelled:
            future.cancel()
            cancelled.append(future.key)
        return ended(future)

    monkeypatch.setattr(cluster_module, "_result", ended_and_lost)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    batch = Batch.plan([tmp_path / "a.txt"], tmp_path / "out", Recipe(to="epub"))
    (outcome,) = batch.run(dask=cluster[0])
    assert cancelled
    assert outcome.status is Status.BUILT


def test_a_lost_worker_is_made_up_for_and_the_bytes_are_the_same(
    cluster: Cluster, tmp_path: Path
) -> None:
    scheduler, (_, *workers) = cluster
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(24):
        content = TEXT.replace("他", "他們" * (number % 5 + 1)) * (number % 7 + 1)
        (corpus / f"{number:02}.txt").write_text(content, encoding="utf-8")
    (corpus / "empty.txt").write_bytes(b"")
    batch = Batch.plan([corpus], tmp_path / "there", Recipe(to="epub"))
    outcomes = []
    for outcome in batch.run(dask=scheduler):
        outcomes.append(outcome)
        if len(outcomes) == 8:
            workers[0].send_signal(signal.SIGKILL)
    assert {o.text.source for o in outcomes} == {text.source for text in batch.texts}
    failed = [o for o in outcomes if o.status is Status.FAILED]
    assert [Path(o.text.source).name for o in failed] == ["empty.txt"]
    build_many([corpus], tmp_path / "here", Recipe(to="epub"), jobs=1)
    for text in batch.texts:
        there = Path(text.output)
        here = tmp_path / "here" / there.name
        assert there.exists() == here.exists()
        assert not here.exists() or there.read_bytes() == here.read_bytes()


def test_without_its_scheduler_a_run_ends_with_what_is_missing(
    cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("reader.batch.cluster._WAIT", 2.0)
    scheduler, processes = cluster
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(30):
        (corpus / f"{number:02}.txt").write_text(TEXT * 50, encoding="utf-8")
    batch = Batch.plan([corpus], tmp_path / "out", Recipe(to="html"))
    outcomes = []
    for outcome in batch.run(dask=scheduler):
        outcomes.append(outcome)
        processes[0].kill()
    assert sorted(o.text.source for o in outcomes) == sorted(text.source for text in batch.texts)
    missing = [o for o in outcomes if o.status is Status.FAILED]
    assert missing
    for outcome in missing:
        assert outcome.message.startswith(f"{outcome.text.source}: not built: the Dask scheduler")
    assert capfd.readouterr().err == ""


def test_no_scheduler_is_one_clear_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.batch.cluster._WAIT", 0.5)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    for place in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(OptionError, match="no Dask cluster answers at"):
            build_many([tmp_path / "a.txt"], tmp_path / "out", Recipe(), dask=place)
