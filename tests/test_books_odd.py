"""Books as odd tools write them: prefixes, heads that are missing, renditions, fixed pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.errors import SourceError
from reader.inplace import annotate_book, strip_book
from reader.options import AnnotateOptions, RenderOptions, Script
from reader.sources import read, read_bytes
from tests import books
from tests.aligned import PAIRS
from tests.checkers import epubcheck, needs_java
from tests.in_place import annotated, annotated_page
from tests.xhtml import base_text, canonical, references, tree

XHTML = "http://www.w3.org/1999/xhtml"
PREFIXED = (
    f'<h:html xmlns:h="{XHTML}" xml:lang="zh"><h:head><h:title>前缀</h:title></h:head>'
    '<h:body><h:p id="p1">他在银<h:b>行</h:b>，内卷，<h:a href="#p1">长大</h:a>。</h:p>'
    "</h:body></h:html>"
)
EMPTY_HEAD = f'<html xmlns="{XHTML}" xml:lang="zh"><head/><body><p>内卷的银行。</p></body></html>'
NO_HEAD = f'<html xmlns="{XHTML}" xml:lang="zh"><body><p>内卷的银行。</p></body></html>'
PREFIXED_EMPTY = PREFIXED.replace("<h:head><h:title>前缀</h:title></h:head>", "<h:head/>")
ODD = {
    "prefixed": PREFIXED,
    "prefixed, empty head": PREFIXED_EMPTY,
    "empty head": EMPTY_HEAD,
    "no head": NO_HEAD,
}
OPTIONS = [RenderOptions(), RenderOptions(script=Script.BOTH)]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("name", ODD)
def test_odd_roots_and_heads(tmp_path: Path, name: str, options: RenderOptions) -> None:
    source = ODD[name].encode()
    result = annotated(tmp_path, books.single(source), options)["OEBPS/d.xhtml"]
    root = tree(result)
    assert all(str(element.tag).startswith(f"{{{XHTML}}}") for element in root.iter("*"))
    head, body = root
    assert [head.tag, body.tag] == [f"{{{XHTML}}}head", f"{{{XHTML}}}body"]
    assert len(list(head.iter(f"{{{XHTML}}}link"))) == 1
    assert ">nèijuǎn<" in result.decode()
    if options.script is Script.AS_IS:
        assert base_text(result).endswith(base_text(source))
    assert not references(source) - references(result)
    strip_book(tmp_path / "out.epub", tmp_path / "back.epub")
    back = books.unpacked((tmp_path / "back.epub").read_bytes())["OEBPS/d.xhtml"]
    assert canonical(back) == canonical(source)


def test_a_root_that_is_not_xhtml_is_told(tmp_path: Path) -> None:
    members = books.single(books.page("<p>银行</p>"))
    other = NO_HEAD.replace(XHTML, "http://www.example.org/not-xhtml").encode()
    members["OEBPS/content.opf"] = members["OEBPS/content.opf"].replace(
        b"</manifest>",
        b'<item id="o" href="o.xhtml" media-type="application/xhtml+xml"/></manifest>',
    )
    members["OEBPS/o.xhtml"] = other
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    assert ["OEBPS/o.xhtml" in warning.message for warning in report.warnings] == [True]
    assert books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/o.xhtml"] == other


def renditions() -> dict[str, bytes]:
    """A book of two renditions, the first of fixed pages."""
    page = books.page("<p>内卷的银行。</p>").replace(
        b"<title>", b'<meta name="viewport" content="width=600, height=800"/><title>'
    )
    page = page.replace(b'<link rel="stylesheet" type="text/css" href="../style.css"/>', b"")
    flowing = {name.replace("OEBPS", "B"): data for name, data in books.single(page).items()}
    fixed = {name.replace("OEBPS", "A"): data for name, data in books.single(page).items()}
    fixed["A/content.opf"] = fixed["A/content.opf"].replace(
        b"</metadata>", b'<meta property="rendition:layout">pre-paginated</meta></metadata>'
    )
    rootfile = b'<rootfile full-path="%s/content.opf" media-type="application/oebps-package+xml"/>'
    both = b'<?xml version="1.0"?><container version="1.0" \
xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>%s%s</rootfiles></container>'
    container = both % (rootfile % b"A", rootfile % b"B")
    return {**fixed, **flowing, "META-INF/container.xml": container}


def test_html_in_capitals_is_repaired(tmp_path: Path) -> None:
    page = (
        f'<HTML xmlns="{XHTML}" xmlns:o="urn:o"><HEAD><META name=a content="b"><TITLE>字</TITLE>'
        "</HEAD><BODY lang=ZH-CN><P CLASS=MsoNormal>在银<B>行</B>工作<o:p></o:p>&nbsp;长大"
        "<p>内卷<BR>重庆</P></BODY></HTML>"
    )
    result = annotated(tmp_path, books.single(page.encode()), RenderOptions())["OEBPS/d.xhtml"]
    root = tree(result)
    assert base_text(result) == "字在银行工作\xa0长大内卷重庆"
    assert len(list(root.iter(f"{{{XHTML}}}p"))) == 2 + len(list(root.iter(f"{{{XHTML}}}aside")))
    assert "zhǎngdà" in result.decode()


@needs_java
@pytest.mark.java
def test_epubcheck_says_the_same_of_renditions_and_fixed_pages(tmp_path: Path) -> None:
    result = annotated(tmp_path, renditions(), RenderOptions())
    for folder in "AB":
        assert b"d.xhtml#" in result[f"{folder}/reader-glossary.xhtml"]
        assert b"../" not in result[f"{folder}/d.xhtml"].replace(b"../A/reader-annotation.css", b"")
    said = [(m.severity, m.id) for m in epubcheck(tmp_path / "in.epub")]
    assert [(m.severity, m.id) for m in epubcheck(tmp_path / "out.epub")] == said
    strip_book(tmp_path / "out.epub", tmp_path / "back.epub")
    assert books.unpacked((tmp_path / "back.epub").read_bytes()) == renditions()


def test_a_language_told_is_that_of_odd_documents_too(tmp_path: Path) -> None:
    source = PREFIXED.replace('xml:lang="zh"', 'xml:lang="en"').encode()
    (tmp_path / "in.epub").write_bytes(books.packed(books.single(source)))
    options = AnnotateOptions(language="zh-Hans")
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", annotate=options)
    assert report.annotated == 1


def test_chapters_missing_from_a_translation_are_told(tmp_path: Path) -> None:
    body = "".join(f"<p>{zh}</p>" for zh, _ in PAIRS)
    (tmp_path / "in.epub").write_bytes(books.packed(books.single(books.page(body))))
    (tmp_path / "half.txt").write_text("\n\n".join(en for _, en in PAIRS[: len(PAIRS) // 2]))
    report = annotate_book(
        tmp_path / "in.epub", tmp_path / "out.epub", translation=tmp_path / "half.txt"
    )
    assert [warning.code for warning in report.warnings] == ["untranslated"]


def one(
    folder: Path, document: bytes, options: RenderOptions | None = None
) -> tuple[str, list[str]]:
    """An annotated document, and the warnings on it."""
    result, report = annotated_page(folder, document, options)
    return result.decode(), [warning.message for warning in report.warnings]


PAGE = books.page("<p>他在银<b epub:type='z3998:x'>行</b>工作</p>")
NOT_QUITE = {
    "space before the declaration": (b"\n " + PAGE, 2),
    "a prefix of EPUB's": (PAGE.replace(b' xmlns:epub="http://www.idpf.org/2007/ops"', b""), 9),
    "a prefix of Word's": (PAGE.replace(b"</p>", b"<o:p/></p>"), 9),
    "a prefix of nobody's": (PAGE.replace(b"</p>", b"<x1:y z='x2:'/></p>"), 9),
}


@pytest.mark.parametrize("name", NOT_QUITE)
def test_not_quite_xml_is_mended(tmp_path: Path, name: str) -> None:
    document, line = NOT_QUITE[name]
    result, warnings = one(tmp_path, document)
    assert ">háng<" in result
    assert result.startswith("<?xml")
    tree(result.encode())
    (message,) = warnings
    assert message.startswith(f"OEBPS/d.xhtml:{line}: ")
    assert message.endswith("; repaired")


def test_the_charset_of_a_meta_is_believed_where_nothing_else_is_said(tmp_path: Path) -> None:
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"/>'
    page = (
        f'<html xmlns="{XHTML}"><head>{meta}<title>书</title></head><body><p>银行</p></body></html>'
    )
    source = page.encode("gb18030")
    (tmp_path / "in.epub").write_bytes(books.packed(books.single(source)))
    assert not annotate_book(tmp_path / "in.epub", tmp_path / "out.epub").warnings
    result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"]
    assert ">银行<" in result.decode("gb18030")
    strip_book(tmp_path / "out.epub", tmp_path / "back.epub")
    assert books.unpacked((tmp_path / "back.epub").read_bytes())["OEBPS/d.xhtml"] == source
    assert ">银行<" in one(tmp_path, page.encode())[0]


def test_a_table_that_is_not_well_formed_is_converted_with_a_warning(tmp_path: Path) -> None:
    members = books.everything()
    members["OEBPS/text/nav.xhtml"] = books.NAV.replace("目录".encode(), "目录&nbsp;".encode())
    members["OEBPS/toc.ncx"] = books.NCX.replace(b"</ncx>", b"")
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    render = RenderOptions(Script.TRADITIONAL)
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=render)
    assert [warning.message for warning in report.warnings] == [
        "OEBPS/text/nav.xhtml:9: not well-formed: undefined entity; repaired",
        "OEBPS/toc.ncx:9: not well-formed: no element found; repaired",
    ]
    result = books.unpacked((tmp_path / "out.epub").read_bytes())
    assert "目錄&#160;" in result["OEBPS/text/nav.xhtml"].decode()
    assert "一本書" in result["OEBPS/toc.ncx"].decode()


def test_a_table_that_cannot_be_read_stays_with_a_warning(tmp_path: Path) -> None:
    members = books.everything() | {"OEBPS/toc.ncx": "目录".encode("gb18030")}
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    render = RenderOptions(Script.TRADITIONAL)
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=render)
    assert [warning.code for warning in report.warnings] == ["unreadable-document"]
    result = books.unpacked((tmp_path / "out.epub").read_bytes())
    assert result["OEBPS/toc.ncx"] == members["OEBPS/toc.ncx"]


def test_characters_written_as_numbers_are_converted_too(tmp_path: Path) -> None:
    members = books.single(books.page("<p>&#20070;书</p>", title="一本&#x4E66;"))
    nav = members["OEBPS/nav.xhtml"].replace("目录".encode(), b"&#30446;&#24405;")
    (tmp_path / "in.epub").write_bytes(books.packed(members | {"OEBPS/nav.xhtml": nav}))
    render = RenderOptions(Script.TRADITIONAL)
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=render)
    result = books.unpacked((tmp_path / "out.epub").read_bytes())
    assert "<title>一本書</title>" in result["OEBPS/d.xhtml"].decode()
    assert "书" not in result["OEBPS/d.xhtml"].decode()
    assert "&#30446;錄" in result["OEBPS/nav.xhtml"].decode()


def test_ruby_within_ruby_is_converted(tmp_path: Path) -> None:
    ruby = "<ruby>书<ruby>书<rt>x</rt></ruby>书<rt>y</rt></ruby>书"
    result, _ = one(tmp_path, books.page(f"<p>{ruby}</p>"), RenderOptions(Script.TRADITIONAL))
    assert "書書x書y書" in base_text(result.encode())
    assert result.count("<ruby>") == 2


def test_a_missing_document_is_told(tmp_path: Path) -> None:
    members = books.everything()
    del members["OEBPS/text/notes.xhtml"]
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    assert [warning.message for warning in report.warnings] == [
        "OEBPS/text/notes.xhtml is in the manifest, but not in the book"
    ]


WORK = books.page("<p>他在银行工作。</p>")
IN_A_FOLDER = {
    "another case": "TEXT/D.xhtml",
    "backslash": "text\\d.xhtml",
    "backslash, escaped": "text%5Cd.xhtml",
    "both": "..\\OEBPS\\Text\\d.XHTML",
}


@pytest.mark.parametrize("href", IN_A_FOLDER.values(), ids=list(IN_A_FOLDER))
def test_names_in_another_case_or_with_backslashes_are_found(tmp_path: Path, href: str) -> None:
    members = books.single(WORK)
    opf = members["OEBPS/content.opf"]
    members["OEBPS/text/d.xhtml"] = members.pop("OEBPS/d.xhtml")
    members["OEBPS/content.opf"] = opf.replace(b'"d.xhtml"', f'"{href}"'.encode())
    result = annotated(tmp_path, members, RenderOptions())
    assert ">yínháng<" in result["OEBPS/text/d.xhtml"].decode()
    assert [block.text for block in read(tmp_path / "in.epub").blocks] == ["他在银行工作。"]
    # Two that differ in case alone: neither is meant.
    members["OEBPS/text/D.xhtml"] = WORK
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    if href == "TEXT/D.xhtml":
        with pytest.raises(SourceError, match="no Chinese text"):
            annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")


def test_a_rendition_that_is_missing_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    for first in (True, False):
        members = books.single(WORK)
        own = b'<rootfile full-path="OEBPS/content.opf"'
        missing = (
            b'<rootfile full-path="OEBPS/none.opf" media-type="application/oebps-package+xml"/>'
        )
        container = members["META-INF/container.xml"]
        before, _, after = container.partition(own)
        members["META-INF/container.xml"] = (
            before + missing + own + after
            if first
            else container.replace(b"</rootfiles>", missing + b"</rootfiles>")
        )
        (tmp_path / "in.epub").write_bytes(books.packed(members))
        report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
        said = ["META-INF/container.xml names OEBPS/none.opf, which is not in the book"]
        assert [warning.message for warning in report.warnings] == said
        document = read(tmp_path / "in.epub")
        assert [warning.message for warning in document.warnings] == said
        assert [block.text for block in document.blocks] == ["他在银行工作。"]


@pytest.mark.parametrize("language", ["zh_CN", "zh-cn", "cn", "tw", "chs", "chinese", "中文"])
def test_languages_as_people_write_them_are_chinese(tmp_path: Path, language: str) -> None:
    # Mostly Latin letters: it is the language, not the look of the text, by which it is Chinese.
    page = books.page("<p>He said 银行 to everybody in the whole house.</p>", lang=language)
    members = books.single(page)
    opf = members["OEBPS/content.opf"]
    members["OEBPS/content.opf"] = opf.replace(b">zh<", f">{language}<".encode())
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    assert not report.warnings
    result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"].decode()
    assert ">yínháng<" in result
    assert not read(tmp_path / "in.epub").warnings
    converted = annotated(tmp_path, members, RenderOptions(Script.TRADITIONAL))
    said = tree(converted["OEBPS/d.xhtml"]).get("lang")
    assert said == ("zh-Hant-TW" if language != "chinese" and language != "中文" else language)


UNSEEN = ("\u200b", "\u00ad", "\u2060", "\ufeff", "\u200c", "\u200d", "&#173;", "&#x200B;", "&shy;")


@pytest.mark.parametrize("unseen", UNSEEN)
@pytest.mark.parametrize("around", ["{}", "{0}{0}", "<i>{}</i>"])
def test_what_does_not_show_cuts_no_word(tmp_path: Path, unseen: str, around: str) -> None:
    between = around.format(unseen)
    members = books.single(books.page(f"<p>他在银{between}行工作。</p>"))
    result = annotated(tmp_path, members, RenderOptions())["OEBPS/d.xhtml"].decode()
    assert ">háng<" in result
    assert read(tmp_path / "in.epub").blocks[0].text == "他在银行工作。"
    # It stays where it was.
    strip_book(tmp_path / "out.epub", tmp_path / "back.epub")
    back = books.unpacked((tmp_path / "back.epub").read_bytes())["OEBPS/d.xhtml"]
    assert back == members["OEBPS/d.xhtml"].replace(b"&shy;", b"&#173;")
    if "&" not in unseen:
        plain = read_bytes(f"他在银{unseen}行工作。".encode())
        assert plain.blocks[0].text == "他在银行工作。"
