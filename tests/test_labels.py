"""What outputs say themselves, in each language of the table."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest

from reader.inplace import annotate_book
from reader.model import Block, Document, Metadata
from reader.options import LabelLanguage, Layout, RenderOptions
from reader.writers import write
from reader.writers.labels import labels_in
from tests import books
from tests.samples import LAYERS, bilingual
from tests.written import XHTML, documents_in

LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def test_every_language_has_every_label_with_the_same_parts() -> None:
    english = labels_in(LabelLanguage.EN).texts
    for language in LabelLanguage:
        texts = labels_in(language).texts
        assert texts.keys() == english.keys()
        for key, text in texts.items():
            assert text.strip()
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english[key]))


def written(document: Document, options: RenderOptions, to: str) -> bytes:
    file = BytesIO()
    write(document, file, options, to=to)
    return file.getvalue()


@pytest.mark.parametrize("layout", Layout)
def test_an_output_in_chinese_has_no_english_of_ours(layout: Layout) -> None:
    options = RenderOptions(layout=layout, labels="zh-Hant")  # type: ignore[arg-type]
    english = {text for text in labels_in(LabelLanguage.EN).texts.values() if "{" not in text}
    english -= {labels_in(LabelLanguage.ZH_HANT)["untitled"]}
    for root in documents_in(written(bilingual(), options, "epub")).values():
        said = {text.strip() for text in root.itertext()}
        said |= {element.get("aria-label", "") for element in root.iter()}
        assert not said & english
    page = written(bilingual(), options, "html").decode()
    assert ">詞彙表<" in page
    assert "About this book" not in page


def test_the_language_of_a_label_is_said() -> None:
    for language in LabelLanguage:
        roots = documents_in(written(bilingual(), RenderOptions(labels=language), "epub"))
        for name in ("glossary", "nav"):
            heading = next(roots[f"OEBPS/{name}.xhtml"].iter(f"{XHTML}h1"))
            assert heading.get("lang") == heading.get(LANG) == language
        glosses = [e for e in roots["OEBPS/glossary.xhtml"].iter(f"{XHTML}span") if e.text == ": "]
        assert {gloss.get("lang") for gloss in glosses} <= {"en"}


def test_a_book_in_place_is_labelled_too(tmp_path: Path) -> None:
    source, out = tmp_path / "a.epub", tmp_path / "b.epub"
    source.write_bytes(books.packed(books.everything()))
    annotate_book(source, out, render=RenderOptions(labels=LabelLanguage.ZH_HANS))
    members = books.unpacked(out.read_bytes())
    listed = [data.decode() for name, data in members.items() if name.endswith("glossary.xhtml")]
    assert all(">词汇表<" in page for page in listed)


@pytest.mark.parametrize("labels", LabelLanguage)
def test_a_text_without_a_title_is_untitled_in_its_own_script(labels: LabelLanguage) -> None:
    options = RenderOptions(labels=labels)
    for language, title in (("zh-Hans", "无题"), ("zh-Hant-TW", "無題"), ("zh", "无题")):
        document = Document(Metadata(language=language), (Block("好。"),), layers=LAYERS)
        assert f"<title>{title}</title>" in written(document, options, "html").decode()
