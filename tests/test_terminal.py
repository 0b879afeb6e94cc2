"""What is printed: nothing that a stranger wrote makes a terminal do anything."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader.cli import COMMANDS, _show_fault
from reader.cli.console import _start_bar
from reader.cli.show_command import display_width
from reader.errors import ReaderError, printable
from tests import books, word
from tests.command_line import run

TITLE = "\x1b]0;title\x07"
"""Sets the title of a terminal."""
BIDI = "\u202e"
C1 = "\x9b31m"
NASTY = f"書{TITLE}{C1}{BIDI}[red]\u2067.txt"


def is_clean(text: str) -> bool:
    """Whether a terminal shows the text and does nothing else, by what Unicode says of it."""
    return all(
        c in "\t\n"
        or not (
            unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}
            or unicodedata.bidirectional(c)
            in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
            or c in "\u200e\u200f\u061c"
        )
        for c in text
    )


hostile = st.text(st.sampled_from([*"甲a [red] \t\n\r", *NASTY, "\ud800", "\u2028", "\u3000"]))


@given(st.text() | hostile)
def test_printed_text_does_nothing_to_a_terminal(text: str) -> None:
    shown = printable(text)
    assert is_clean(shown)
    assert printable(shown) == shown
    assert shown == "".join(map(printable, text))


@given(st.characters())
def test_what_can_be_printed_is_printed(character: str) -> None:
    assert printable(character) == character or not character.isprintable()
    assert (printable(character) == character) <= is_clean(character)


@given(hostile)
def test_json_means_the_same_when_it_is_printed(text: str) -> None:
    assert json.loads(printable(json.dumps({"text": text}, ensure_ascii=False))) == {"text": text}


@given(hostile, hostile, st.none() | hostile)
def test_an_error_is_printable_and_its_path_on_one_line(
    message: str, path: str, excerpt: str | None
) -> None:
    shown = str(ReaderError(message, path=path, line=3, excerpt=excerpt))
    assert is_clean(shown)
    assert shown.count("\n") == message.count("\n") + bool(excerpt)


PRINTING = (
    ["show"],
    ["show", "-v"],
    ["check"],
    ["check", "--json"],
    ["level"],
    ["words", "-o", "{}/out.csv"],
    ["pack", "-o", "{}/pack/"],
    ["glossary", "check"],
    ["build", "-o", "{}/out.html", "-v"],
    ["build", "-o", "{}/out/", "-v"],
    ["build", "-o", "{}/missing/out.html"],
    ["build", "--bind", "-o", "{}/out.epub"],
    ["align", "-o", "{}/out.tsv"],
    ["strip", "-o", "{}/out.epub"],
    ["translate", "--dry-run"],
    ["translate", "--base-url", NASTY, "--model", NASTY],
)


def test_every_command_is_tried() -> None:
    assert {command[0] for command in PRINTING} == COMMANDS.keys() - {"serve"}
    assert is_clean(run("serve", NASTY).output)  # which goes on for ever with a file that is there


@pytest.mark.parametrize("command", PRINTING, ids=" ".join)
def test_file_names_are_printed_without_effect(tmp_path: Path, command: list[str]) -> None:
    for name in (NASTY, f"{BIDI}missing{TITLE}.txt", "行\n.txt"):
        path = tmp_path / name
        if "missing" not in name:
            path.write_text(f"他在{C1}銀行{BIDI}工作{TITLE}。", encoding="utf-8")
        arguments = [part.format(tmp_path) for part in command]
        files = [path, path] if command[0] == "align" else [path]
        result = run(*arguments, *files)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        assert is_clean(result.output), result.output
        if "missing" in name:
            assert result.exit_code == 1


def test_a_wrong_option_is_repeated_without_effect() -> None:
    for arguments in ([TITLE], ["show", f"--{TITLE}"], ["build", "x", "-o", "y", "--to", TITLE]):
        result = run(*arguments)
        assert result.exit_code == 2
        assert is_clean(result.output)


def test_names_inside_books_are_printed_without_effect(tmp_path: Path) -> None:
    members = books.single(books.page("<p>他在银行工作。</p>"))
    for name in (f"OEBPS/{NASTY}", f"../{NASTY}", f"/{TITLE}"):
        book = tmp_path / "book.epub"
        book.write_bytes(books.packed({**members, name: b"\xff"}))
        assert is_clean(run("build", book, "-o", tmp_path / "out.epub", "-v").output)
    broken = {
        name.replace("d.xhtml", f"d{TITLE}{BIDI}.xhtml"): data.replace(
            b"d.xhtml", f"d%1B]0;title%07{BIDI}.xhtml".encode()
        )
        for name, data in members.items()
    }
    broken[f"OEBPS/d{TITLE}{BIDI}.xhtml"] = b"<html><p>\xff</q>"
    book.write_bytes(books.packed(broken))
    for target in ("out.epub", "out.html"):
        output = run("build", book, "-o", tmp_path / target, "-v").output
        assert is_clean(output)
        assert (r"\u001b" in output) == (target == "out.epub")


def test_names_inside_word_documents_and_pages_are_printed_without_effect(tmp_path: Path) -> None:
    paragraph = word.paragraph(word.run("他在銀行工作。"))
    document = tmp_path / "a.docx"
    document.write_bytes(word.document(paragraph, f"<w:p{BIDI}/>"))
    page = tmp_path / "a.html"
    page.write_text(f"<p>他在銀行<img src='x{TITLE}{BIDI}.png'>工作。</p>", encoding="utf-8")
    for source in (document, page):
        output = run("build", source, "-o", tmp_path / "out.html", "-v").output
        assert output
        assert is_clean(output)


def test_show_is_as_wide_as_it_says() -> None:
    result = run("show", f"他在{C1}重慶{BIDI}的銀行{TITLE}工作。", "--width", "20")
    assert is_clean(result.output)
    above, below = result.output.split("\n")[:2]
    assert display_width(below) <= 20
    assert above.index("tā") == below.index("他")


def test_a_fault_of_the_program_is_shown_without_effect(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(NASTY)
    except ValueError as error:
        _show_fault(type(error), error, error.__traceback__)
    shown = capsys.readouterr().err
    assert is_clean(shown)
    assert "ValueError" in shown


def test_a_bar_shows_names_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    name = "[red]書[/red][link=x]"
    bar, _ = _start_bar(f"{name}{TITLE}{BIDI}", "texts", 10)
    bar.stop()
    bar.console.file = shown = io.StringIO()
    bar.console.width = 200
    bar.console.print(bar.get_renderable())
    assert name in shown.getvalue()
    assert is_clean(shown.getvalue())
