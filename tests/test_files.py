"""Outputs appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader import Document, Glossary, Stream, files, read, read_stream
from reader.alignment import read_pairs, read_tmx
from reader.errors import ReaderError, SourceError, WriteError
from reader.files import remove_leftovers, replacing


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_what_is_written_is_what_stands_there(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("out") / "a.bin"
    path.write_bytes(b"before")
    with replacing(path) as file:
        for part in parts:
            file.write(part)
        file.flush()
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"".join(parts)
    assert os.listdir(path.parent) == ["a.bin"]


def fail_half_way(path: Path, failure: type[BaseException]) -> None:
    with replacing(path) as file:
        file.write(b"half")
        raise failure


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_nothing_changes_when_the_work_fails(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"before")
    with pytest.raises(failure):
        fail_half_way(path, failure)
    assert path.read_bytes() == b"before"
    assert os.listdir(tmp_path) == ["a.bin"]


@pytest.mark.parametrize("name", ["", "missing/a.bin", "file/a.bin"])
def test_an_impossible_place_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    path = tmp_path / name
    with pytest.raises(WriteError) as error, replacing(path):
        pass
    assert str(error.value).startswith(f"{path}: cannot be written")
    assert os.listdir(tmp_path) == ["file"]


def test_a_name_with_a_null_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="null character"), replacing(f"{tmp_path}/a\0.bin"):
        pass


def test_a_full_disk_is_a_write_error(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    with pytest.raises(WriteError, match="no space left"), replacing(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert os.listdir(tmp_path) == []


def test_failures_of_other_files_are_left_alone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "a.bin"):
        (tmp_path / "elsewhere" / "missing").open()
    error = ReaderError("no")
    with pytest.raises(ReaderError) as seen, replacing(tmp_path / "a.bin"):
        raise error
    assert seen.value is error


OWN = ".a.bin.0123abcd.tmp"
OTHERS = (".b.bin.0123abcd.tmp", ".a.0123abcd.tmp", ".a.bin.x.0123abcd.tmp", "a.bin.0123abcd.tmp")


def test_what_a_killed_process_left_goes_when_it_is_written_again(tmp_path: Path) -> None:
    for name in (OWN, *OTHERS):
        (tmp_path / name).write_bytes(b"half")
    with replacing(tmp_path / "a.bin") as file:
        file.write(b"whole")
    assert set(os.listdir(tmp_path)) == {"a.bin", *OTHERS}


@pytest.mark.skipif(sys.platform == "win32", reason="links and locks are otherwise there")
def test_what_is_being_written_and_what_is_no_file_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    (tmp_path / "elsewhere").write_bytes(b"")
    (tmp_path / OWN).symlink_to("elsewhere")
    os.mkfifo(tmp_path / OWN.replace("0", "1"))
    writer = (
        "import sys; from reader.files import replacing\n"
        "with replacing(sys.argv[1]) as f: print(flush=True); f.write(input().encode())"
    )
    command = [sys.executable, "-c", writer, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdout.readline()
        with replacing(path) as outer:
            remove_leftovers(path)
            with replacing(path):
                pass
            outer.write(b"outer")
        assert path.read_bytes() == b"outer"
        other.stdin.write(b"other\n")
        other.stdin.close()
        assert other.wait() == 0
    assert path.read_bytes() == b"other"
    assert set(os.listdir(tmp_path)) == {"a.bin", "elsewhere", OWN, OWN.replace("0", "1")}


def test_a_folder_is_looked_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed: list[str] = []
    listdir = os.listdir

    def counted(path: str) -> list[str]:
        listed.append(path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", counted)
    for number in range(20):
        with replacing(tmp_path / f"{number}.bin"):
            pass
    assert listed == [str(tmp_path)]


def test_permissions_are_those_of_the_file_or_of_a_new_one(tmp_path: Path) -> None:
    old, new, other = tmp_path / "old", tmp_path / "new", tmp_path / "other"
    old.write_bytes(b"")
    old.chmod(0o640)
    other.write_bytes(b"")
    for path in (old, new):
        with replacing(path):
            pass
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == other.stat().st_mode


def test_links_are_followed_and_devices_written(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    with replacing(link) as file:
        file.write(b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"
    with replacing(os.devnull) as file:
        file.write(b"x")
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)


def test_the_longest_names_have_room(tmp_path: Path) -> None:
    path = tmp_path / ("書" * 83 + ".epub")
    with replacing(path) as file:
        file.write(b"x")
    assert path.read_bytes() == b"x"


def test_a_name_that_the_locale_cannot_spell_is_written(tmp_path: Path) -> None:
    script = "import sys; from reader.files import replacing\nwith replacing(sys.argv[1]): pass"
    path = tmp_path / "書.epub"
    plain = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    subprocess.run([sys.executable, "-c", script, path], env=plain, check=True)
    assert path.exists()


def reading(path: Path) -> list[Callable[[], object]]:
    """Every way in which a file of a stranger is read whole or in part."""
    return [
        lambda: read(path),
        lambda: read_stream(path),
        lambda: Glossary.load(path),
        lambda: read_pairs(path),
        lambda: read_tmx(path),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="devices and pipes are POSIX's")
def test_what_has_no_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "endless.txt"
    path.symlink_to("/dev/zero")
    for work in reading(path):
        with pytest.raises(ReaderError, match=r"endless\.txt: is a device, not a"):
            work()
    path.unlink()
    monkeypatch.setattr(files, "MOST", 3 << 20)
    for work in reading(path):
        os.mkfifo(path)
        endless = subprocess.Popen(["sh", "-c", f"yes 好 > '{path}'"], stderr=subprocess.DEVNULL)
        with endless, pytest.raises(ReaderError, match="gives more than 3 MiB; a file may hold"):
            work()
        path.unlink()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes are POSIX's")
@pytest.mark.parametrize("function", [read, read_stream])
def test_a_pipe_is_read_once(tmp_path: Path, function: Callable[[Path], Document | Stream]) -> None:
    path = tmp_path / "a.txt"
    os.mkfifo(path)
    with subprocess.Popen(["sh", "-c", f"printf '題\\n\\n好。' > '{path}'"]):
        assert [block.text for block in function(path).blocks] == ["題", "好。"]


@pytest.mark.skipif(sys.platform == "win32", reason="a sparse file takes no room elsewhere")
def test_a_file_of_nothing_is_told_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "nothing.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(SourceError, match="is a binary file"):
        read_stream(path)
