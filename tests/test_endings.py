"""How the command line ends when it is ended from outside: nothing stays behind, nobody goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reader.cli import _end_in_order
from tests import books
from tests.command_line import COMMAND

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")

LINE = "第{}天，他說張江的蓋章經濟還得改，大家都覺得很好。"
CHAPTERS = 60


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a novel, a book of many chapters, and long texts: seconds of work each."""
    folder = tmp_path_factory.mktemp("sources")
    novel = "".join(f"{LINE.format(number)}\n\n" for number in range(20_000))
    (folder / "novel.txt").write_text(novel, encoding="utf-8")
    (folder / "texts").mkdir()
    for number in range(8):
        (folder / "texts" / f"{number}.txt").write_text(novel[: len(novel) // 7], encoding="utf-8")
    members = books.single(books.page("<p>好</p>"))
    chapter = books.page("".join(f"<p>{LINE.format(number)}</p>" for number in range(400)))
    opf = members["OEBPS/content.opf"].decode()
    for number in range(CHAPTERS):
        members[f"OEBPS/c{number}.xhtml"] = chapter
        item = f'<item id="c{number}" href="c{number}.xhtml" media-type="application/xhtml+xml"/>'
        opf = opf.replace("</manifest>", f"{item}</manifest>")
        opf = opf.replace("</spine>", f'<itemref idref="c{number}"/></spine>')
    members["OEBPS/content.opf"] = opf.encode()
    (folder / "book.epub").write_bytes(books.packed(members))
    return folder


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts `reader build`; whatever goes on when the test is over is ended."""
    started: list[subprocess.Popen[bytes]] = []

    def run(*args: str | Path, **more: Any) -> subprocess.Popen[bytes]:
        command = [*COMMAND, "build", *map(str, args)]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True, **more)
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def half_written(folder: Path) -> bool:
    return any(path.stat().st_size > 8_000 for path in folder.glob(".*.tmp"))


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline and not condition():
        time.sleep(0.01)
    assert process.poll() is None, "it ended before it could be ended"


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def without_notes(errors: bytes) -> bytes:
    """What was said, but for the core that is not there and the bar's plain lines."""
    lines = errors.splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(b"Note:") and b"% " not in line)


ENDINGS = [(signal.SIGINT, 1), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@pytest.mark.parametrize(
    ("source", "number", "code"),
    [
        (source, *ending)
        for source, left_out in (("novel.txt", 2), ("book.epub", 1))
        for ending in ENDINGS
        if ending != ENDINGS[left_out]
    ],
)
def test_a_signal_leaves_nothing_behind(
    sources: Path, tmp_path: Path, start: Start, source: str, number: int, code: int
) -> None:
    process = start(sources / source, "-o", tmp_path / "out.epub", "--jobs", "2")
    wait_for(lambda: half_written(tmp_path), process)
    process.send_signal(number)
    # Workers hold the pipe too: it ends when they have ended.
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert b"Traceback" not in errors
    assert names(tmp_path) == set()


INTERRUPTED = """
import os, signal, sys
interrupted = sys.argv[1]
class Finder:
    def find_spec(self, name, *_):
        if name == interrupted:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
from reader.__main__ import main
sys.argv[1:] = ["build", "--help"]
main()
"""


@pytest.mark.parametrize(
    ("module", "code", "said"),
    [
        ("click", -signal.SIGINT, ""),
        ("reader.errors", -signal.SIGINT, ""),
        ("reader.core", 1, "Aborted!"),
        ("reader.cli.build_command", 1, "Aborted!"),
    ],
)
def test_an_interrupt_while_the_program_is_loaded_is_no_traceback(
    module: str, code: int, said: str
) -> None:
    process = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, module], capture_output=True, text=True, check=False
    )
    assert (process.returncode, process.stderr.strip()) == (code, said)


@pytest.mark.parametrize(("number", "code"), ENDINGS[1:])
def test_a_signal_ends_a_batch_with_its_workers(
    sources: Path, tmp_path: Path, start: Start, number: int, code: int
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    process = start(
        sources / "texts", "-o", f"{tmp_path}/out/", "--to", "html", "--jobs", "2",
        env={**os.environ, "TMPDIR": str(temporary)},
    )  # fmt: skip
    wait_for(lambda: half_written(tmp_path / "out"), process)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, without_notes(errors)) == (code, b"")
    assert not [path for path in (tmp_path / "out").iterdir() if path.suffix == ".tmp"]
    assert names(temporary) == set()


@pytest.mark.parametrize("source", ["book.epub", "texts"])
def test_workers_end_without_a_word_when_their_parent_is_killed(
    sources: Path, tmp_path: Path, start: Start, source: str
) -> None:
    out = tmp_path / "out.epub" if source == "book.epub" else f"{tmp_path}/"
    process = start(sources / source, "-o", out, "--to", "epub", "--jobs", "2")
    wait_for(lambda: half_written(tmp_path), process)
    process.kill()
    _, errors = process.communicate(timeout=20)
    assert without_notes(errors) == b""
    assert any(name.endswith(".tmp") for name in names(tmp_path)) == (source == "book.epub")
    if source == "book.epub":
        (tmp_path / "small.txt").write_text("他在銀行工作。", encoding="utf-8")
        again = start(tmp_path / "small.txt", "-o", out)
        assert again.wait(timeout=20) == 0
        assert names(tmp_path) == {"out.epub", "small.txt"}


def test_what_was_to_be_ignored_stays_ignored() -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGTERM)}
    try:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _end_in_order()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        with pytest.raises(SystemExit, match="143"):
            signal.raise_signal(signal.SIGTERM)
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
