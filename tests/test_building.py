"""The one way from a source to an output: what it takes, what it says, what it refuses."""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import pytest

import reader
from reader import sources
from reader.alignment import Pair, write_pairs
from reader.building import annotate_source, build, is_book, read_source
from reader.errors import AlignmentError, GlossaryError, OptionError, SourceError
from reader.glossary import Entry, Glossary
from reader.options import Layout, RenderOptions, Script, SourceOptions
from reader.translation import estimate
from tests import books

TEXT = "湖邊的早晨\n\n王芳\n\n天亮了，湖水很清。他在銀行工作，每天走路上班。\n\n後來他走了。\n"
ENGLISH = (
    "Morning at the Lake\n\nWang Fang\n\nDawn broke, and the water of the lake was clear. He worked"
    " at a bank and walked to work every day.\n\nLater he left.\n"
)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "lake.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def book(text: Path) -> Path:
    path = text.with_suffix(".epub")
    plain = RenderOptions(pinyin="none", notes="none")  # type: ignore[arg-type]
    build(text, path, reader.Recipe(render=plain))
    return path


def test_it_is_reading_annotating_and_writing(text: Path, tmp_path: Path) -> None:
    glossary = Glossary([Entry("銀行", "银行", gloss="bank")])
    render = RenderOptions(script=Script.BOTH)
    for suffix in ("epub", "xml", "html", "json"):
        recipe = reader.Recipe(glossary=glossary, render=render)
        report = reader.build(text, tmp_path / f"one.{suffix}", recipe)
        document = reader.annotate(reader.read(text), glossary=glossary)
        reader.write(document, tmp_path / f"steps.{suffix}", render)
        one, steps = ((tmp_path / f"{n}.{suffix}").read_bytes() for n in ("one", "steps"))
        assert one == steps
        assert report.characters == sum(len(block.text) for block in document.blocks)
        assert (report.language, report.translated) == ("zh-Hant", False)
        assert report.warnings == document.warnings


def test_a_text_in_memory_and_an_open_file(text: Path) -> None:
    target, same = io.BytesIO(), io.BytesIO()
    recipe = reader.Recipe(to="html")
    build(sources.read(text), target, recipe)
    build(sources.read_stream(text), same, recipe)
    assert target.getvalue() == same.getvalue() != b""
    with pytest.raises(OptionError):
        build(text, io.BytesIO())


def test_a_translation_is_found_named_or_left_out(text: Path, tmp_path: Path) -> None:
    english = tmp_path / "lake.en.txt"
    english.write_text(ENGLISH, encoding="utf-8")
    out = tmp_path / "lake.html"
    assert build(text, out).translated
    before = out.read_bytes()
    assert b"Later he left" in before
    assert not build(text, out, reader.Recipe(find_translation=False)).translated
    assert b"Later he left" not in out.read_bytes()
    named = english.rename(tmp_path / "other.txt")
    assert not build(text, out).translated
    for translation in (named, str(named), sources.read(named, language="en")):
        build(text, out, reader.Recipe(translation=translation))
        assert out.read_bytes() == before


def test_pairs_are_a_translation_too(text: Path, tmp_path: Path) -> None:
    document = reader.align(
        reader.annotate(reader.read(text)), sources.read_text(ENGLISH, language="en")
    )
    path = tmp_path / "pairs.tsv"
    write_pairs(document, path)
    out = tmp_path / "lake.html"
    build(text, out, reader.Recipe(pairs=path))
    before = out.read_bytes()
    assert b"Later he left" in before
    build(text, out, reader.Recipe(translation=path))
    assert out.read_bytes() == before
    wrong = (Pair(("這裡沒有這句。",), ("No such sentence.",)),)
    with pytest.raises(AlignmentError):
        build(text, out, reader.Recipe(pairs=wrong))
    assert out.read_bytes() == before


def test_a_book_is_annotated_in_place(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "annotated.epub"
    done: list[tuple[int, int]] = []
    report = build(
        book,
        out,
        reader.Recipe(source=SourceOptions(title="別的")),
        progress=lambda *step: done.append(step),
    )
    assert report.book is not None
    assert report.book.words > 0
    assert done[-1][0] == done[-1][1] > 0
    assert [warning.code for warning in report.warnings] == ["ignored-option"]
    assert books.unpacked(book).keys() <= books.unpacked(out).keys()
    with pytest.raises(OptionError, match="pairs"):
        build(book, out, reader.Recipe(pairs=(Pair(("天亮了。",), ("Dawn.",)),)))
    with pytest.raises(OptionError, match="file"):
        build(book, io.BytesIO(), reader.Recipe(to="epub"))
    assert not is_book(sources.read(book), "epub")


def test_conversion_is_of_the_title_too_and_of_what_flows(text: Path, tmp_path: Path) -> None:
    recipe = reader.Recipe(config="t2s")
    stream = annotate_source(text, recipe)
    assert stream.metadata.title == "湖边的早晨"
    assert stream.metadata.language == "zh-Hans"
    assert "湖水很清。他在银行工作" in stream.gather().text
    with pytest.raises(OptionError, match="s2martian"):
        build(text, tmp_path / "out.html", reader.Recipe(config="s2martian"))
    assert not (tmp_path / "out.html").exists()


def test_slips_are_repaired_in_what_flows(tmp_path: Path) -> None:
    path = tmp_path / "slips.txt"
    path.write_text("這個流程很覆雜，他說。\n\n短。\n\n流程覆雜。\n", encoding="utf-8")
    document = read_source(path, reader.Recipe(repair=True)).gather()
    assert [block.text for block in document.blocks][-3:] == [
        "這個流程很複雜，他說。",
        "短。",
        "流程複雜。",
    ]
    assert not any(block.corrections for block in document.blocks)


LINKED = (
    '<p>他在银行工作<a id="r" href="#n">[1]</a>，见<a href="#s">下文</a>。</p>'
    '<p id="s">下文在此。</p>'
    '<p id="n"><a href="#r">↑</a>注释。</p>'
)


@pytest.mark.parametrize("name", ["epub", "html"])
@pytest.mark.parametrize("more", [{}, {"repair": True}, {"config": "s2t"}])
def test_links_into_a_text_lead_there(tmp_path: Path, name: str, more: dict[str, Any]) -> None:
    page = tmp_path / "text.html"
    page.write_text(f"<html><body>{LINKED}</body></html>", encoding="utf-8")
    target = tmp_path / f"out.{name}"
    build(page, target, reader.Recipe(source=SourceOptions(whole=True), **more))
    if name == "epub":
        pages = [data for name, data in books.unpacked(target).items() if "c0" in name]
        written = b"".join(pages).decode()
    else:
        written = target.read_text(encoding="utf-8")
    assert 'role="doc-noteref"' in written
    assert 'href="#s-n"' in written or "xhtml#s-n" in written
    assert 'href="#s-s"' in written or "xhtml#s-s" in written


def test_progress_may_give_the_work_up(text: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"

    def stop(done: int, total: int) -> None:
        assert (done > 0, total) == (True, 0)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(text, out, progress=stop)
    assert not out.exists()


def test_what_cannot_be_is_said_before_the_work(text: Path, tmp_path: Path) -> None:
    for target, recipe in (("a.pdf", reader.Recipe()), ("a.html", reader.Recipe(to="pdf"))):
        with pytest.raises(OptionError):
            build(text, tmp_path / target, recipe)
    with pytest.raises(SourceError, match="no such file"):
        build(tmp_path / "nowhere.txt", tmp_path / "a.html")


def test_a_recipe_can_be_pickled() -> None:
    recipe = reader.Recipe(
        to="tei", glossary=Glossary.default(), render=RenderOptions(layout=Layout.AFTER)
    )
    again = pickle.loads(pickle.dumps(recipe))
    assert (again.to, again.render) == (recipe.to, recipe.render)
    assert tuple(again.glossary) == tuple(Glossary.default())


def test_a_glossary_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("term,gloss\n市场,market\n", "utf-8")
    for glossary in (path, str(path), Glossary.load(path), [Entry("市场", gloss="market")]):
        recipe = reader.Recipe(glossary=glossary)
        assert [entry.term for entry in Glossary.of(recipe.glossary) or ()] == ["市场"]
    with pytest.raises(OptionError, match=r"glossary is a Glossary, .*, not 7"):
        reader.Recipe(glossary=7)  # type: ignore[arg-type]


def test_whatever_takes_a_glossary_takes_its_path(text: Path, book: Path, tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"
    document = sources.read(text)
    for use in (
        lambda: reader.annotate(document, glossary=missing),
        lambda: reader.align(document, document, glossary=missing),
        lambda: reader.annotate_book(book, tmp_path / "out.epub", glossary=missing),
        lambda: estimate(document, glossary=str(missing)),
    ):
        with pytest.raises(GlossaryError, match=r"missing\.csv: no such file"):
            use()
