"""The compiled lexicon is a file that may be damaged, or somebody else's: it is never believed."""

from __future__ import annotations

import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest

from reader.lexicon import Lexicon
from reader.lexicon.cache import open_cached
from reader.lexicon.table import Table, build, map_file, write
from tests.command_line import COMMAND
from tests.damages import DAMAGES, cut_off, flip_a_bit, zero_a_page
from tests.lexicons import modest_table

TEXT = Path(__file__).parents[1] / "texts" / "market.txt"
POSIX = pytest.mark.skipif(os.name != "posix", reason="owners and modes are Unix's")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A table of two thousand words."""
    return modest_table(tmp_path_factory.mktemp("words"), TEXT.read_text(encoding="utf-8"))


# ---- damage ----


def check_damages(sound: bytes, folder: Path, count: int) -> None:
    """A damaged file is made again, with one message; what is opened is what was compiled."""
    path = folder / "cache" / "lexicon-1.table"
    messages: list[str] = []

    def make(file: BinaryIO) -> None:
        file.write(sound)

    open_cached(path, make, messages.append)
    assert messages == [""]
    for seed in range(count):
        dice, data = random.Random(seed), bytearray(sound)
        damage = DAMAGES[seed % len(DAMAGES)]
        damage(data, dice)
        path.write_bytes(data)
        messages.clear()
        table = open_cached(path, make, messages.append)
        assert table.buffer == sound, damage
        same = data == sound  # zeroes over zeroes
        assert messages == ([] if same else [f"{path}: not a table, or one that was damaged"])
        assert path.read_bytes() == sound
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_damaged_cache_is_noticed_and_made_again(sound: bytes, tmp_path: Path) -> None:
    check_damages(sound, tmp_path, 45)


@pytest.mark.long
def test_a_thousand_damages_of_a_small_lexicon(sound: bytes, tmp_path: Path) -> None:
    check_damages(sound, tmp_path, 1000)


@pytest.mark.long
def test_damages_of_the_whole_lexicon(tmp_path: Path) -> None:
    check_damages(bytes(Lexicon.open().table), tmp_path, 24)


@pytest.mark.long
def test_a_damaged_lexicon_changes_no_output(tmp_path: Path) -> None:
    command = [*COMMAND, "show", str(TEXT)]
    environment = os.environ | {"READER_CACHE": str(tmp_path)}

    def shown() -> tuple[str, list[str]]:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        return done.stdout, done.stderr.splitlines()

    right, said = shown()
    assert len(said) == 1
    (cached,) = tmp_path.iterdir()
    for seed, damage in enumerate((flip_a_bit, zero_a_page, cut_off)):
        data = bytearray(cached.read_bytes())
        damage(data, random.Random(seed))
        cached.write_bytes(data)
        output, said = shown()
        assert output == right
        assert len(said) == 1
        assert said[0].startswith(f"{cached}: not a table, or one that was damaged. Compiling")
    assert shown() == (right, [])


# ---- what is no file, or not ours ----


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Where a table is cached."""
    cached = tmp_path / "cache" / "lexicon-0a78af80f41d31a4.table"
    assert opened(cached) == [""]
    return cached


def opened(cached: Path) -> list[str]:
    """What is said when the table is opened, which is as it should be."""
    messages: list[str] = []
    table = open_cached(cached, partial(write, [(b"a", b"b")]), messages.append)
    assert table.get(b"a") == b"b"
    return messages


def put_empty_file(path: Path) -> None:
    path.touch()


def put_folder(path: Path) -> None:
    path.mkdir()


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere")


def put_endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


@POSIX
@pytest.mark.parametrize(
    "put", [put_empty_file, put_folder, put_pipe, put_link_to_nothing, put_endless]
)
def test_whatever_is_in_its_place_gives_way(small: Path, put: Callable[[Path], None]) -> None:
    small.unlink()
    put(small)
    assert len(opened(small)) == 1
    assert stat.S_ISREG(small.lstat().st_mode)
    assert opened(small) == []


def test_where_nothing_can_be_kept_it_is_said_every_time(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for _ in range(2):
        (said,) = opened(tmp_path / "file" / "cache" / "lexicon-1.table")
        assert "cache: cannot be written: no dictionary is kept there" in said


def test_a_folder_with_something_in_it_stays(small: Path) -> None:
    small.unlink()
    (small / "within").mkdir(parents=True)
    assert len(opened(small)) == 1
    assert (small / "within").is_dir()


@POSIX
@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_a_file_that_others_may_write_is_made_again(small: Path, mode: int) -> None:
    small.chmod(mode)
    assert opened(small) == [f"{small}: may be written by other users"]
    assert stat.S_IMODE(small.stat().st_mode) == 0o644
    assert opened(small) == []


@POSIX
@pytest.mark.parametrize("mode", [0o775, 0o757, 0o777])
def test_nothing_is_kept_where_others_may_write(small: Path, mode: int) -> None:
    before = small.stat().st_ino
    small.parent.chmod(mode)
    (said,) = opened(small)
    assert said.startswith(f"{small.parent}: may be written by other users: no dictionary is kept")
    assert "set READER_CACHE to a folder of your own" in said
    assert small.stat().st_ino == before
    small.parent.chmod(mode | stat.S_ISVTX)  # where each may rename only what is theirs
    assert opened(small) == []


@POSIX
@pytest.mark.skipif(os.name == "posix" and os.geteuid() != 0, reason="only root gives files away")
def test_a_file_or_folder_of_another_user_is_not_opened(small: Path) -> None:
    os.chown(small, 12345, 12345)
    assert opened(small) == [f"{small}: belongs to another user"]
    assert small.stat().st_uid == os.geteuid()
    os.chown(small.parent, 12345, 12345)
    assert opened(small)[0].startswith(f"{small.parent}: belongs to another user")


@POSIX
def test_no_mask_makes_a_file_that_others_may_write(small: Path) -> None:
    shutil.rmtree(small.parent)
    before = os.umask(0)
    try:
        assert opened(small) == [""]
    finally:
        os.umask(before)
    assert opened(small) == []


def test_what_a_killed_run_left_is_cleared(small: Path) -> None:
    left = small.with_name(".lexicon-0a78af80f41d31a3.table.af688781.tmp")
    left.write_bytes(b"half of a table")
    small.unlink()
    assert opened(small) == [""]
    assert not left.exists()


# ---- a file that changes after it was opened ----


def test_a_table_without_an_empty_slot_does_not_loop() -> None:
    whole = bytearray(build([(b"a", b"b")]))
    slots = slice(24, 24 + 4 * 8)
    (offset,) = {*memoryview(whole)[slots].cast("I")} - {0}
    whole[slots] = offset.to_bytes(4, sys.byteorder) * 8
    assert Table(bytes(whole)).get(b"c") is None
    whole[slots] = b"\xff" * 32
    assert Table(bytes(whole)).get(b"c") is None


def test_a_table_without_slots_is_none() -> None:
    whole = bytearray(build([(b"a", b"b")]))
    for slots in (0, 1 << 31):
        whole[8:12] = slots.to_bytes(4, sys.byteorder)
        with pytest.raises(ValueError, match="not a table"):
            Table(bytes(whole))


def test_only_what_was_written_is_mapped(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_bytes(build([(b"a", b"b")]))
    with path.open("rb") as file:
        assert map_file(file).get(b"a") == b"b"


# ---- what it costs, and what a power cut leaves ----


@POSIX
def test_bytes_are_on_the_disk_before_they_have_their_name(
    sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cache" / "lexicon-1.table"
    kept: list[tuple[int, bool]] = []
    to_disk = os.fsync

    def watched(descriptor: int) -> None:
        kept.append((os.fstat(descriptor).st_size, path.exists()))
        to_disk(descriptor)

    def make(file: BinaryIO) -> None:
        file.write(sound)

    monkeypatch.setattr(os, "fsync", watched)
    open_cached(path, make, lambda reason: None)
    assert kept[0] == (len(sound), False)
    assert path.read_bytes() == sound


FIRST = """
import re, resource
from reader.lexicon import Lexicon
Lexicon.open()
used = resource.getrusage(resource.RUSAGE_SELF)
kept = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(used.ru_utime + used.ru_stime, int(kept[1]) / 1024)
"""


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is asked of Linux")
def test_the_first_run_takes_seconds_and_little_memory(tmp_path: Path) -> None:
    environment = {**os.environ, "READER_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", FIRST]
    told = subprocess.run(command, env=environment, capture_output=True, check=True, text=True)
    seconds, mebibytes = map(float, told.stdout.split())
    # Three on the machine that docs/performance.md measures; a slow one has twice that.
    assert seconds <= 6
    assert mebibytes <= 200
