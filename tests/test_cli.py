"""The command line as a person meets it: what it prints, where it writes, how it fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reader import __version__
from reader.cli import COMMANDS
from reader.scripts import has_han
from tests.command_line import COMMAND, run

TEXT = """科技園區的兩條路

作者：林一

杭州的創業者說，銀行行長在重慶長大，他覺得蓋章經濟還得改。

“数字”不是 P2P <b>&amp; 2025年的事。
"""


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_version() -> None:
    assert run("--version").output.split() == ["reader,", "version", __version__]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    if command != "glossary":
        assert "Example" in result.output
        assert f"reader {command} " in result.output


@pytest.mark.parametrize("suffix", ["epub", "xml", "html", "json"])
def test_build_writes_each_format(text: Path, suffix: str) -> None:
    out = text.with_suffix(f".{suffix}")
    result = run("build", text, "-o", out)
    assert result.exit_code == 0, result.output
    assert out.stat().st_size > 500
    assert files(text.parent) == {"text.txt", out.name}


def test_build_from_standard_input_to_standard_output() -> None:
    result = run("build", "-", "-o", "-", "--to", "html", input=TEXT.encode())
    assert result.exit_code == 0, result.output
    assert b"chu" in result.stdout_bytes
    assert "蓋章" in result.stdout_bytes.decode()


def test_standard_output_needs_a_format() -> None:
    result = run("build", "-", "-o", "-", input=TEXT)
    assert result.exit_code == 2
    assert "--to" in result.output


def test_standard_input_that_does_not_end_is_one_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reader.cli.console.MOST", 3 << 20)
    endless = "好\n".encode() * (1 << 20)
    said = "Error: standard input: gives more than 3 MiB; a file may hold more\n"
    for command in (["show", "-"], ["build", "-", "-o", "a.html"], ["build", "-", "-o", tmp_path]):
        result = run(*command, input=endless)
        assert (result.exit_code, result.output) == (1, said)


@pytest.mark.skipif(sys.platform != "linux", reason="limits the memory of a process")
def test_too_little_memory_is_one_message() -> None:
    limited = 'ulimit -v 250000 && exec "$@"'
    command = ["sh", "-c", limited, "sh", *COMMAND, "show", "-"]
    result = subprocess.run(command, input=b"\n" * (250 << 20), capture_output=True, check=False)
    assert (result.returncode, result.stdout) == (1, b"")
    assert errors(result) == b"Error: there is not enough memory for this\n"


def test_show_wraps_to_the_width() -> None:
    result = run("show", "他在重慶的銀行工作，銀行行長說他長得很高。", "--width", "24")
    assert result.exit_code == 0, result.output
    assert "Chóngqìng" in result.output
    assert "háng" in result.output


def test_show_keeps_what_opens_with_the_word_behind_it() -> None:
    text = "老張說：「『紅樓夢』裡的“茶”很好。」《水滸傳》也好（真的）。「"
    for width in range(10, 40):
        result = run("show", text, "--width", str(width))
        rows = [row for row in result.output.splitlines() if has_han(row)]
        assert "".join("".join(rows).split()) == text
        for row in rows[:-1]:
            assert row.rstrip()[-1] not in "「『“《（"
        assert not any(row.lstrip()[0] in "，。：」』”》）" for row in rows)
    # A reading begins where its word does, behind the mark.
    first, below = run("show", "「茶館」", "--width", "40").output.splitlines()[:2]
    assert (first, below.rstrip()) == ("  cháguǎn", "「茶館」")


def test_show_a_file(text: Path) -> None:
    result = run("show", text)
    assert "Hángzhōu" in result.output


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("missing.txt", None, "no such file"),
        ("empty.txt", b"", "empty"),
        ("english.txt", b"Nothing Chinese here.\n", "no Chinese"),
        ("binary.txt", bytes(range(256)) * 40, "binary"),
        ("text.pages", "中文".encode(), "cannot be read"),
        ("broken.epub", b"PK\x03\x04 this is no zip", "zip"),
        ("broken.json", b'{"blocks": [', "JSON"),
        ("broken.xml", b"<TEI><text>", "XML"),
    ],
)
def test_bad_sources_get_one_message_and_exit_1(
    tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    source = tmp_path / name
    if content is not None:
        source.write_bytes(content)
    out = tmp_path / "out.epub"
    out.write_bytes(b"kept")
    result = run("build", source, "-o", out)
    assert result.exit_code == 1, result.output
    assert str(source) in result.output
    assert says.lower() in result.output.lower()
    assert "Traceback" not in result.output
    assert out.read_bytes() == b"kept"
    assert files(tmp_path) <= {name, "out.epub"}


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e308", "-1", "x"])
@pytest.mark.parametrize(
    "command",
    [
        ["build", "-o", "out/", "--to", "epub", "--timeout"],
        ["translate", "--base-url", "http://localhost:1", "--model", "m", "--timeout"],
        ["check", "--below"],
        ["align", "a.en.txt", "-o", "a.tsv", "--cut-off"],
    ],
    ids=lambda command: command[0],
)
def test_what_is_no_number_to_count_with(text: Path, command: list[str], number: str) -> None:
    result = run(*command, number, text)
    assert result.exit_code == 2
    assert f"Invalid value for '{command[-1]}'" in result.output


@pytest.mark.skipif(os.name != "posix", reason="no folder that is open can be removed")
def test_a_folder_that_was_removed_is_one_message(text: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    code = "import os, sys; os.rmdir(os.getcwd()); from reader.cli import main; main(sys.argv[1:])"
    # -P: Python itself does not look for modules in the folder that is gone.
    command = [sys.executable, "-P", "-c", code, "build", str(text), "-o", "out.epub"]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(command, cwd=gone, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "Error: the current folder: no such file or directory\n"


def test_a_folder_of_nothing_is_said_to_be_empty(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    result = run("build", tmp_path / "in", "-o", tmp_path / "out", "--to", "epub")
    assert result.exit_code == 1
    assert str(tmp_path / "in") in result.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--notation", "pinyn"], 2),
        (["--config", "s2martian"], 1),
        (["--glossary", "nowhere.csv"], 1),
        (["--translation", "nowhere.txt"], 1),
        (["--encoding", "klingon"], 1),
        (["--language", "fr"], 2),
    ],
)
def test_bad_options(text: Path, arguments: list[str], code: int) -> None:
    out = text.parent / "out.epub"
    result = run("build", text, "-o", out, *arguments)
    assert result.exit_code == code, result.output
    assert arguments[1] in result.output
    assert not out.exists()
    assert "Traceback" not in result.output


@pytest.mark.parametrize("out", ["out.mobi", "nowhere/out.epub"])
def test_outputs_that_cannot_be(text: Path, out: str) -> None:
    result = run("build", text, "-o", text.parent / out)
    assert result.exit_code == 1
    assert Path(out).name in result.output or "mobi" in result.output
    assert files(text.parent) == {"text.txt"}


def test_a_typo_in_a_command_is_answered_with_the_right_one() -> None:
    result = run("biuld", "x")
    assert result.exit_code == 2
    assert "build" in result.output


def test_source_and_output_may_not_be_one_file(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<p>中文的頁面。</p>", encoding="utf-8")
    assert run("build", path, "-o", path).exit_code == 2


@pytest.mark.parametrize(
    "command",
    [
        ["words", "{}", "-o", "{}", "--level", "2"],
        ["check", "{}", "--fix", "{}"],
        ["align", "{}", "{}", "-o", "{}"],
        ["translate", "{}", "-o", "{}", "--base-url", "http://127.0.0.1:9", "--model", "m"],
    ],
)
def test_no_command_writes_over_the_text(text: Path, command: list[str]) -> None:
    before = text.read_bytes()
    result = run(*[part.format(text) for part in command])
    assert result.exit_code == 2
    assert "same file" in result.output
    assert text.read_bytes() == before


def test_glossary_check_lists_every_bad_row(tmp_path: Path) -> None:
    path = tmp_path / "g.csv"
    path.write_text("term,pinyin,gloss\n蓋章,gai4,too short\n,x,no term\n銀行,yínháng,bank\n")
    result = run("glossary", "check", path)
    assert result.exit_code == 1
    assert f"{path}:2" in result.output
    assert f"{path}:3" in result.output
    assert f"{path}:4" not in result.output


def test_a_glossary_row_wins(text: Path, tmp_path: Path) -> None:
    rows = tmp_path / "g.csv"
    rows.write_text("term,pinyin,gloss\n杭州,kang4 zhou1,a test\n", encoding="utf-8")
    result = run("show", text, "--glossary", rows)
    assert "kàngzhōu" in result.output.lower()


def test_check_lists_doubts_and_writes_rows(text: Path, tmp_path: Path) -> None:
    rows = tmp_path / "doubts.csv"
    text.write_text(TEXT + "\n流程覆雜，那人押註了。\n", encoding="utf-8")
    result = run("check", text, "--fix", rows)
    assert result.exit_code == 0, result.output
    assert "複雜" in result.output
    assert rows.read_text(encoding="utf-8").startswith("term,")
    assert run("glossary", "check", rows).exit_code == 0


def test_binding_says_which_text_failed_and_keeps_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    out = tmp_path / "all.epub"
    result = run("build", tmp_path / "a.txt", tmp_path / "b.txt", "-o", out, "--bind")
    assert result.exit_code == 1
    assert "b.txt" in result.output
    assert out.exists()


def test_many_texts_go_on_when_one_fails(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    arguments = ("build", tmp_path / "a.txt", tmp_path / "b.txt", "-o", f"{tmp_path}/out/")
    first = run(*arguments, "--to", "html", "--jobs", "1")
    assert first.exit_code == 1
    assert "1 built, 1 failed" in first.output
    assert files(tmp_path / "out") >= {"a.html"}
    assert "1 unchanged" in run(*arguments, "--to", "html", "--jobs", "1").output


def test_a_translation_is_found_beside_its_text_and_can_be_left_out(text: Path) -> None:
    english = text.with_suffix(".en.txt")
    english.write_text(
        "Two roads of science parks\n\nAuthor: Lin Yi\n\nFounders in Hangzhou say the bank manager "
        "grew up in Chongqing; he thinks the stamp economy has to change.\n\n"
        "“Numbers” are not a matter of P2P <b>&amp; 2025.\n",
        encoding="utf-8",
    )
    out = text.with_suffix(".html")
    assert run("build", text, "-o", out).exit_code == 0
    assert "grew up in Chongqing" in out.read_text(encoding="utf-8")
    assert run("build", text, "-o", out, "--no-translation").exit_code == 0
    assert "grew up in Chongqing" not in out.read_text(encoding="utf-8")
    pairs = text.with_suffix(".tsv")
    assert run("align", text, english, "-o", pairs).exit_code == 0
    assert pairs.read_text(encoding="utf-8").startswith("score\tsource\ttarget\n")
    english.unlink()
    assert run("build", text, "-o", out, "--pairs", pairs).exit_code == 0
    assert "grew up in Chongqing" in out.read_text(encoding="utf-8")


def test_a_dry_run_asks_nobody(text: Path, tmp_path: Path) -> None:
    result = run("translate", text, "--dry-run", "--input-rate", "2", "--cache", tmp_path / "c")
    assert result.exit_code == 0, result.output
    assert "segments" in result.output
    assert "price" in result.output
    assert not (tmp_path / "c").exists()
    nowhere = tmp_path / "no" / "such" / "folder" / "c"
    assert run("translate", text, "--dry-run", "--cache", nowhere).exit_code == 0


def test_translating_needs_a_server(text: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    result = run("translate", text, "-o", out, "--cache", tmp_path / "c")
    assert result.exit_code == 2
    assert "--base-url" in result.output
    assert not out.exists()


def test_a_book_is_annotated_in_place_and_stripped_again(text: Path, tmp_path: Path) -> None:
    plain, annotated, stripped = (tmp_path / f"{name}.epub" for name in "abc")
    assert run("build", text, "-o", plain, "--pinyin", "none", "--notes", "none").exit_code == 0
    result = run("build", plain, "-o", annotated, "-v")
    assert result.exit_code == 0, result.output
    assert "words" in result.output
    assert run("strip", annotated, "-o", stripped).exit_code == 0
    assert run("build", plain, "-o", annotated, "--title", "x").exit_code == 2


def reader_process(*args: str | Path, **kwargs: Any) -> subprocess.CompletedProcess[bytes]:
    command = [*COMMAND, *map(str, args)]
    return subprocess.run(command, stderr=subprocess.PIPE, check=False, **kwargs)


def errors(result: subprocess.CompletedProcess[bytes]) -> bytes:
    """What a process wrote on standard error, but for the note that there is no core."""
    return re.sub(rb"\ANote: without the compiled core .*\n", b"", result.stderr)


@pytest.mark.parametrize("command", [["show"], ["build", "-o", "-", "--to", "html"], ["--help"]])
def test_a_full_standard_output_is_one_message(text: Path, command: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        result = reader_process(*command, text, stdout=full)
    assert result.returncode == 1
    assert errors(result) == b"Error: standard output: no space left on device\n"


@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")])
def test_without_the_core_it_says_so_once(
    text: Path, tmp_path: Path, jobs: tuple[str, ...]
) -> None:
    source = text.parent if jobs else text
    (text.parent / "more.txt").write_text(TEXT, encoding="utf-8")
    build: list[str | Path] = ["build", source, "-o", tmp_path / "out", "--to", "html", *jobs]
    result = reader_process(*build, env={**os.environ, "READER_PURE": "1"})
    assert result.returncode == 0
    assert result.stderr.count(b"without the compiled core (READER_PURE is set)") == 1
    assert result.stderr.startswith(b"Note: ")


def test_an_installation_without_the_core_says_so_once(tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    rows.write_text("term,gloss\n蓋章經濟,rubber-stamp economy\n", encoding="utf-8")
    code = (
        "import sys; sys.modules['reader._core'] = None\n"
        "from reader.cli import main; main(['glossary', 'check', sys.argv[1]])"
    )
    environment = {**os.environ, "READER_CACHE": str(tmp_path / "cache")}
    environment.pop("READER_PURE", None)
    command = [sys.executable, "-c", code, str(rows)]
    said = [
        subprocess.run(command, env=environment, capture_output=True, check=True).stderr.count(
            b"it was not compiled at installation"
        )
        for _ in range(3)
    ]
    assert said == [1, 0, 0]


def test_a_reader_of_the_output_may_go_away(text: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    result = reader_process("show", text, stdout=write)
    os.close(write)
    assert (result.returncode, errors(result)) == (0, b"")


def test_closed_standard_streams_are_one_message(text: Path, tmp_path: Path) -> None:
    closing = (
        ("<&-", ["build", "-", "-o", tmp_path / "a.epub"], b"standard input"),
        (">&-", ["build", text, "-o", "-", "--to", "html"], b"standard output"),
    )
    for redirection, args, name in closing:
        shell = ["sh", "-c", f'"$@" {redirection}', "sh"]
        command = [*shell, *COMMAND, *map(str, args)]
        result = subprocess.run(command, stderr=subprocess.PIPE, check=False)
        assert (result.returncode, errors(result)) == (1, b"Error: " + name + b": is closed\n")


@pytest.mark.parametrize("long", ["source", "output"])
def test_names_too_long_are_one_message(text: Path, long: str) -> None:
    name = "x" * 300
    source, out = (f"{name}.txt", "a.epub") if long == "source" else (text, f"{name}.epub")
    result = run("build", source, "-o", out)
    assert result.exit_code == 1
    assert "name too long" in result.output
    assert "Traceback" not in result.output


def test_a_long_text_can_be_shown_as_it_is() -> None:
    result = run("show", "他在銀行工作" * 100)
    assert result.exit_code == 0
    assert "yín" in result.output


def test_several_texts_do_not_become_a_folder_named_like_a_book(text: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"before")
    for out in (tmp_path / "all.epub", there):
        result = run("build", text, text, "-o", out)
        assert result.exit_code == 2
        assert "--bind" in result.output
    assert files(tmp_path) == {"text.txt", "there"}
    assert there.read_bytes() == b"before"
