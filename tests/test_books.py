"""Laws of annotation in place, over generated XHTML; and each kind of thing a book may hold."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given, strategies as st
from lxml import etree

from reader.annotation import Annotator
from reader.epub.package import read_package
from reader.epub.passages import scan
from reader.epub.repair import read_xhtml
from reader.errors import OptionError, SourceError
from reader.files import read_data
from reader.inplace import annotate_book, strip_book
from reader.inplace.conversion import Converter
from reader.inplace.dialect import strip_document
from reader.inplace.document import DocumentAnnotator
from reader.lexicon import Lexicon
from reader.options import (
    AnnotateOptions,
    BookOptions,
    Layout,
    Notation,
    Notes,
    Pinyin,
    Region,
    RenderOptions,
    Ruby,
    Script,
)
from reader.sources import read_text
from tests import books, in_place
from tests.aligned import PAIRS
from tests.laws import examples
from tests.policies import Everything
from tests.xhtml import base_text, canonical, references, tree, xhtml

XHTML = "{http://www.w3.org/1999/xhtml}"
NEVER = (
    "pre code kbd samp var script style math svg ruby rt title textarea".split()
)  # fmt: skip
OPTIONS = st.builds(
    RenderOptions,
    script=st.sampled_from([Script.AS_IS, Script.AS_IS, Script.BOTH]),
    pinyin=st.sampled_from([Pinyin.ALL, Pinyin.NOTES, Pinyin.NONE]),
    notation=st.sampled_from([Notation.PINYIN, Notation.ZHUYIN]),
    ruby=st.sampled_from(Ruby),
    notes=st.sampled_from(Notes),
    every=st.booleans(),
    policy=st.sampled_from((None, None, None, Everything())),
)
ANNOTATORS: list[Annotator] = []


def annotated(
    data: bytes,
    options: RenderOptions | None = None,
    *,
    epub2: bool = False,
    converter: Converter | None = None,
) -> bytes:
    if not ANNOTATORS:
        ANNOTATORS.append(
            Annotator(Lexicon.default(), in_place.GLOSSARY, AnnotateOptions(), "zh-Hans")
        )
    options = options or RenderOptions()
    annotator = DocumentAnnotator(ANNOTATORS[0], options, epub2=epub2, converter=converter)
    return annotator.annotate(scan(strip_document(data)), css="a.css", name="d.xhtml").data


@examples(30)
@given(xhtml(), OPTIONS, st.booleans())
def test_strip_gives_the_document_back(data: bytes, options: RenderOptions, epub2: bool) -> None:
    stripped = strip_document(annotated(data, options, epub2=epub2))
    if b"CDATA" in data:
        assert canonical(stripped) == canonical(data)
    else:
        assert stripped == data


@examples(25)
@given(xhtml(), OPTIONS, st.booleans())
def test_text_ids_and_links_stay(data: bytes, options: RenderOptions, epub2: bool) -> None:
    result = annotated(data, options, epub2=epub2)
    assert base_text(result) == base_text(data)
    assert not references(data) - references(result)


IN_CDATA = "<![CDATA[银行 & <行>\n 长\u200b大]]>"


@examples(30)
@given(xhtml(), OPTIONS)
@example(books.page(f"<ul>{IN_CDATA}<li>{IN_CDATA}</li></ul>"), RenderOptions())
@example(books.page(f"<table><tbody>{IN_CDATA}</tbody></table>"), RenderOptions())
def test_twice_is_once(data: bytes, options: RenderOptions) -> None:
    once = annotated(data, options)
    assert canonical(annotated(once, options)) == canonical(once)


@examples(30)
@given(xhtml(), OPTIONS)
def test_nothing_is_added_where_nothing_may_be(data: bytes, options: RenderOptions) -> None:
    root = tree(annotated(data, options))
    for name in NEVER:
        for element in root.iter(f"{{*}}{name}"):
            holder = element.getparent()
            both = [element] if holder is None else [element, holder]
            if not any(each.get("class", "").startswith("reader-") for each in both):
                assert not ours(element)
    for link in root.iter("{*}a"):
        inner = [e for e in ours(link) if e.tag == f"{XHTML}a"]
        assert not inner, "a link in a link"
    for element in root.iter("{*}*"):
        # What says it is English is asked whether it is; a few kanji may well be Japanese.
        if element.get("lang") == "ja":
            assert element.get("class", "").startswith("reader-") or not ours(element)


def ours(element: etree._Element) -> list[etree._Element]:
    return [e for e in element.iterdescendants("*") if e.get("class", "").startswith("reader-")]


def ids_are_unique(data: bytes) -> bool:
    found = [e.get("id") for e in tree(data).iter("*") if e.get("id")]
    return len(found) == len(set(found))


@examples(30)
@given(xhtml(), st.booleans())
def test_conversion_keeps_everything_else(data: bytes, quotes: bool) -> None:
    """A document in Traditional is the document, but for its characters and languages."""
    annotator = Annotator(Lexicon.default(), layers=["scripts"])
    converter = Converter(annotator, Script.TRADITIONAL, "zh-Hant-TW", quotes=quotes)
    options = RenderOptions(Script.TRADITIONAL)
    stripped = strip_document(annotated(data, options, converter=converter))
    assert len(base_text(stripped)) == len(base_text(data))
    assert not references(data) - references(stripped)
    assert [e.tag for e in tree(stripped).iter()] == [e.tag for e in tree(data).iter()]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return in_place.annotated(tmp_path_factory.mktemp("books"), books.everything())


def readings(data: bytes, base: str) -> list[str]:
    """The readings above words whose text is `base`."""
    found = []
    for ruby in tree(data).iter(f"{XHTML}ruby"):
        if ruby.get("class") == "reader-ruby" and ruby.text == base:
            found += ["".join(map(str, rt.itertext())) for rt in ruby.iter(f"{XHTML}rt")]
    return found


def test_a_word_across_tags_is_one_word(everything: dict[str, bytes]) -> None:
    mixed = everything["OEBPS/text/mixed.xhtml"]
    assert set(readings(mixed, "行")) == {"háng"}  # 银<b>行</b>, 银<br/>行
    assert readings(mixed, "京大") == ["jīng Dà"]
    assert readings(mixed, "尾") == ["wěi"]  # behind the page number


def test_existing_ruby_code_and_foreign_text_stay(everything: dict[str, bytes]) -> None:
    mixed = everything["OEBPS/text/mixed.xhtml"].decode()
    for kept in (
        "<ruby>漢<rt>ㄏㄢˋ</rt></ruby>",
        "<code>打印 你好</code>",
        "<kbd>回车</kbd>",
        "<var>甲</var>",
        '<span lang="ja" xml:lang="ja">東京都</span>',
        "<mtext>长</mtext>",
        '<title>图</title><text x="1" y="8">字</text>',
    ):
        assert kept in mixed
    english = everything["OEBPS/text/english.xhtml"]
    assert readings(english, "你好") == ["nǐhǎo"]
    assert "and 中文." in english.decode()


def test_members_that_hold_no_text_are_copied(everything: dict[str, bytes]) -> None:
    before = books.everything()
    changed = {name for name in before if everything[name] != before[name]}
    texts = {
        f"OEBPS/text/{n}.xhtml" for n in "mixed notes english vertical scripted unlisted".split()
    }
    # A glossary is in the tables of contents.
    tables = {"OEBPS/text/nav.xhtml", "OEBPS/toc.ncx"}
    assert changed == texts | tables | {"OEBPS/content.opf"}
    assert set(everything) - set(before) == {
        "OEBPS/reader-annotation.css",
        "OEBPS/reader-glossary.xhtml",
    }
    assert list(everything)[: len(before)] == list(before)


def test_copied_members_keep_their_compressed_bytes(tmp_path: Path) -> None:
    in_place.annotated(tmp_path, books.everything())
    with zipfile.ZipFile(tmp_path / "in.epub") as a, zipfile.ZipFile(tmp_path / "out.epub") as b:
        one, other = a.getinfo("OEBPS/data.bin"), b.getinfo("OEBPS/data.bin")
        assert (one.compress_size, one.date_time, one.CRC) == (
            other.compress_size,
            other.date_time,
            other.CRC,
        )
        assert b.infolist()[0].filename == "mimetype"
        assert b.testzip() is None


def test_notes_are_in_the_document_and_the_glossary_links_to_them(
    everything: dict[str, bytes],
) -> None:
    mixed = tree(everything["OEBPS/text/mixed.xhtml"])
    asides = [
        a for a in mixed.iter(f"{XHTML}aside") if a.get("class", "").startswith("reader-note")
    ]
    assert len(asides) == 2
    ids = {e.get("id") for e in mixed.iter("*")}
    glossary = tree(everything["OEBPS/reader-glossary.xhtml"])
    links = [str(a.get("href")) for a in glossary.iter(f"{XHTML}a")]
    own = [link.partition("#")[2] for link in links if link.startswith("text/mixed.xhtml#")]
    assert own
    assert ids.issuperset(own)
    assert ids_are_unique(everything["OEBPS/text/mixed.xhtml"])


def test_the_glossary_is_the_last_entry_of_the_tables_of_contents(
    everything: dict[str, bytes], tmp_path: Path
) -> None:
    nav = everything["OEBPS/text/nav.xhtml"]
    toc = next(n for n in tree(nav).iter(f"{XHTML}nav") if "toc" in n.values())
    links = [(a.get("href"), a.text) for a in toc.iter(f"{XHTML}a")]
    assert links[-1] == ("../reader-glossary.xhtml", "Glossary")
    assert base_text(nav).replace("Glossary", "") == base_text(books.NAV)
    point = list(tree(everything["OEBPS/toc.ncx"]).iter("{*}navPoint"))[-1]
    assert point.get("playOrder") == "2"
    assert [e.get("src") for e in point.iter("{*}content")] == ["reader-glossary.xhtml"]
    # Where nothing is in a glossary, the tables stay as they were.
    plain = books.single(books.page("<p>银行</p>"))
    assert in_place.annotated(tmp_path, plain)["OEBPS/nav.xhtml"] == plain["OEBPS/nav.xhtml"]


def test_the_package_says_what_was_done(everything: dict[str, bytes]) -> None:
    opf = everything["OEBPS/content.opf"].decode()
    assert 'property="schema:accessibilityFeature">rubyAnnotations<' in opf
    assert ">annotated-reader " in opf
    assert "urn:uuid:7e3c3a52-0f2f-4b57-9d2f-9a8e4c6f3a01</dc:identifier>" in opf
    before = read_package(books.OPF, "OEBPS/content.opf")
    after = read_package(opf.encode(), "OEBPS/content.opf")
    assert after.spine[: len(before.spine)] == before.spine
    assert after.items[: len(before.items)] == before.items


@pytest.mark.parametrize("make", [books.everything, books.old])
def test_a_book_stripped_is_the_book(tmp_path: Path, make: object) -> None:
    members = make()  # type: ignore[operator]
    once = in_place.annotated(tmp_path, members)
    strip_book(tmp_path / "out.epub", tmp_path / "stripped.epub")
    stripped = books.unpacked((tmp_path / "stripped.epub").read_bytes())
    assert list(stripped) == list(members)
    for name, data in members.items():
        if name.endswith("mixed.xhtml"):
            assert canonical(stripped[name]) == canonical(data)
        else:
            assert stripped[name] == data
    annotate_book(tmp_path / "out.epub", tmp_path / "twice.epub", glossary=in_place.GLOSSARY)
    assert books.unpacked((tmp_path / "twice.epub").read_bytes()) == once


def test_a_new_identifier_is_given_when_asked_and_taken_back(tmp_path: Path) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.everything()))
    annotate_book(
        tmp_path / "in.epub", tmp_path / "out.epub", book=BookOptions(new_identifier=True)
    )
    opf = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/content.opf"]
    assert read_package(opf, "p").identifier != read_package(books.OPF, "p").identifier
    strip_book(tmp_path / "out.epub", tmp_path / "back.epub")
    assert books.unpacked((tmp_path / "back.epub").read_bytes())["OEBPS/content.opf"] == books.OPF


def test_epub_2_gets_no_ruby(tmp_path: Path) -> None:
    one = in_place.annotated(tmp_path, books.old())["OEBPS/text/one.html"].decode()
    assert "<ruby" not in one
    assert "epub:" not in one
    assert '<span class="reader-ruby">行<span class="reader-rp">(</span>' in one
    assert "&nbsp;&mdash;&nbsp;" in one


def test_a_book_in_the_other_script(tmp_path: Path) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.everything()))
    render = RenderOptions(Script.TRADITIONAL)
    quotes = BookOptions(quotes=True)
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=render, book=quotes)
    result = books.unpacked((tmp_path / "out.epub").read_bytes())
    mixed = result["OEBPS/text/mixed.xhtml"].decode()
    assert "<title>一本書</title>" in mixed
    assert 'alt="一個圓點"' in mixed
    assert 'lang="zh-Hant-TW" xml:lang="zh-Hant-TW">' in mixed
    assert "<kbd>回车</kbd>" in mixed
    assert "目錄" in result["OEBPS/text/nav.xhtml"].decode()
    assert "<text>一本書</text>" in result["OEBPS/toc.ncx"].decode()
    package = read_package(result["OEBPS/content.opf"], "OEBPS/content.opf")
    assert (package.title, package.languages) == ("一本書", ("zh-Hant-TW",))


def test_metadata_of_an_old_book_in_the_other_script(tmp_path: Path) -> None:
    members = books.old()
    opf = members["OEBPS/content.opf"].decode()
    opf = opf.replace('opf:role="aut"', 'opf:role="aut" opf:file-as="張作者"')
    series = '<meta name="calibre:series" content="叢書"/><meta name="x" content="叢"/></metadata>'
    members["OEBPS/content.opf"] = opf.replace("</metadata>", series).encode()
    result = in_place.annotated(tmp_path, members, RenderOptions(Script.SIMPLIFIED))
    converted = result["OEBPS/content.opf"].decode()
    assert 'opf:file-as="张作者"' in converted
    assert 'content="丛书"' in converted
    assert 'content="叢"' in converted
    assert 'title="正文"' in converted


CHINESE = (
    "他在银行工作了二十年，每天都坐地铁上班。后来他去了北京大学学习历史。",
    "他的女儿今年七岁，很喜欢画画。",
    "周末他们常常一起去公园散步。公园里有一个很大的湖。",
)
ENGLISH = (
    "He worked in a bank for twenty years and took the subway to work every day. "
    "Later he went to Peking University to study history.",
    "His daughter is seven this year and likes drawing very much.",
    "At weekends they often take a walk in the park together. There is a big lake in the park.",
)


@pytest.mark.parametrize("layout", [layout for layout in Layout if layout is not Layout.COLUMNS])
def test_a_translation_stands_beside_the_text(tmp_path: Path, layout: Layout) -> None:
    body = "".join(f"<p>{text}</p>" for text in CHINESE[:2]) + f"<ul><li>{CHINESE[2]}</li></ul>"
    members = books.single(books.page(body))
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    english = read_text("\n\n".join(f"{text}" for text in ENGLISH), language="en")
    render = RenderOptions(layout=layout)
    for jobs in (1, 2):
        annotate_book(
            tmp_path / "in.epub",
            tmp_path / "out.epub",
            render=render,
            translation=english,
            jobs=jobs,
        )
        result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"]
        shown = "".join(map(str, tree(result).itertext()))
        for sentence in (
            "to study history.",
            "likes drawing very much.",
            "a big lake in the park.",
        ):
            assert shown.count(sentence) == 1
        assert strip_document(result) == members["OEBPS/d.xhtml"]


def test_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.everything()))
    english = read_text("Something.", language="en")
    render = RenderOptions(layout=Layout.COLUMNS)
    with pytest.raises(OptionError, match="columns"):
        annotate_book(
            tmp_path / "in.epub", tmp_path / "out.epub", render=render, translation=english
        )


def test_processes_make_the_same_book(tmp_path: Path) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.everything()))
    seen: list[tuple[int, int]] = []
    for jobs in (1, 2):
        annotate_book(
            tmp_path / "in.epub",
            tmp_path / f"{jobs}.epub",
            jobs=jobs,
            progress=lambda done, total: seen.append((done, total)),
        )
    assert (tmp_path / "1.epub").read_bytes() == (tmp_path / "2.epub").read_bytes()
    assert seen[-1][0] == seen[-1][1]


def test_a_word_that_recurs_in_a_book_is_one_word_in_all_of_it(tmp_path: Path) -> None:
    members = books.everything()
    recurring = "<p>陈江的人说陈江好。</p><p>他在陈江，陈江很大。</p>"
    members["OEBPS/text/mixed.xhtml"] = books.page(recurring)
    members["OEBPS/text/scripted.xhtml"] = books.page("<p>去陈江高科技园区。</p>")
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    for jobs in (1, 2):
        annotate_book(tmp_path / "in.epub", tmp_path / f"{jobs}.epub", jobs=jobs)
    assert (tmp_path / "1.epub").read_bytes() == (tmp_path / "2.epub").read_bytes()
    result = books.unpacked((tmp_path / "1.epub").read_bytes())
    for name, times in (("mixed", 4), ("scripted", 1)):
        document = result[f"OEBPS/text/{name}.xhtml"].decode()
        assert document.count(">陈江<rp>(</rp>") == times
        assert document.count("陈") == times
    single = books.single(books.page("<p>去陈江高科技园区。</p>"))
    alone = in_place.annotated(tmp_path, single)["OEBPS/d.xhtml"].decode()
    assert ">陈<rp>(</rp>" in alone


def test_a_character_without_a_reading_is_warned_of_once_a_document(tmp_path: Path) -> None:
    rare = "<p>他叫𠮷，也叫𠮷。</p>"
    _, report = in_place.annotated_page(tmp_path, books.page(rare))
    assert [(w.code, w.message) for w in report.warnings] == [
        ("no-reading", "OEBPS/d.xhtml: no reading is known for 𠮷")
    ]


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.everything()))

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    for jobs in (1, 2):
        with pytest.raises(KeyboardInterrupt):
            annotate_book(
                tmp_path / "in.epub", tmp_path / "out.epub", jobs=jobs, progress=interrupt
            )
    assert [path.name for path in tmp_path.iterdir()] == ["in.epub"]


BROKEN = (
    "<p>他在银行&nbsp;工作<br>和 R&D</p>",
    "<p>他在<b>银行</p><p>工作</b></p>",
    "<p class=a class=b>他在银行工作<p>二<img src=x.png>",
    "<ul><li>他在银行<li>工作</ul></div>",
    "<p>他在银行 < 工作 <!-- a -- b --></p>",
)


@pytest.mark.parametrize("body", BROKEN)
def test_soup_is_repaired_with_a_warning(tmp_path: Path, body: str) -> None:
    document = books.page("").replace(b"\n</body>", body.encode() + b"\n</body>")
    result, report = in_place.annotated_page(tmp_path, document)
    assert [w.code for w in report.warnings] == ["repaired-document"]
    assert "OEBPS/d.xhtml:9" in report.warnings[0].message
    assert "银行" in base_text(result)
    assert "工作" in base_text(result)


@pytest.mark.parametrize("codec", ["utf-16", "gb18030", "utf-8-sig"])
def test_encodings_stay(tmp_path: Path, codec: str) -> None:
    text = books.page("<p>他在银行工作</p>").decode()
    document = text.replace('encoding="utf-8"', f'encoding="{codec.removesuffix("-sig")}"')
    result = in_place.annotated(tmp_path, books.single(document.encode(codec)))["OEBPS/d.xhtml"]
    assert "yínháng" in result.decode(codec)
    assert strip_document(result) == document.encode(codec)


def test_a_book_without_chinese_is_refused(tmp_path: Path) -> None:
    document = books.page("<p>Nothing here</p>", lang="en")
    (tmp_path / "in.epub").write_bytes(books.packed(books.single(document)))
    with pytest.raises(SourceError, match="no Chinese"):
        annotate_book(tmp_path / "in.epub", tmp_path / "out.epub")
    assert not (tmp_path / "out.epub").exists()


@pytest.mark.parametrize(
    "document",
    [
        books.page("<p>他在银行工作，1999</p>", lang="en"),
        books.page("<p lang='en'>他在银行工作</p><p>Hello</p>"),
        books.page("<p>重庆的<span xml:lang='fr'>银行</span></p>"),
    ],
    ids=("root", "paragraph", "span"),
)
def test_a_wrong_language_is_not_believed_and_that_is_said(tmp_path: Path, document: bytes) -> None:
    (tmp_path / "in.epub").write_bytes(books.packed(books.single(document)))
    for script in (Script.AS_IS, Script.TRADITIONAL):
        render = RenderOptions(script=script)
        report = annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=render)
        result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"]
        assert "yínháng" in result.decode()
        assert [warning.code for warning in report.warnings] == ["foreign-language"]
        assert "read as Chinese" in report.warnings[0].message
        if script is Script.AS_IS:
            assert strip_document(result) == document


def test_another_language_stays_as_it_is(tmp_path: Path) -> None:
    document = books.page("<p>Nothing Chinese but 你好.</p><p lang='zh'>他在银行</p>", lang="en")
    result, report = in_place.annotated_page(tmp_path, document)
    assert "Nothing Chinese but 你好." in result.decode()
    assert report.warnings == ()


def test_characters_without_a_reading_are_named(tmp_path: Path) -> None:
    document = books.page("<p>𠮷野家和㐂乐，人们都在。</p>")
    _, report = in_place.annotated_page(tmp_path, document)
    assert [warning.message for warning in report.warnings] == [
        f"OEBPS/d.xhtml: no reading is known for {character}" for character in "𠮷㐂"
    ]


def test_a_wrong_language_is_overruled_by_the_person(tmp_path: Path) -> None:
    document = books.page("<p>他在银行工作</p>", lang="en")
    options = AnnotateOptions(language="zh-Hans")
    _, report = in_place.annotated_page(tmp_path, document, annotate=options)
    assert report.annotated == 1


def test_a_container_is_written_as_zipfile_reads_it(tmp_path: Path) -> None:
    in_place.annotated(tmp_path, books.everything())
    data = (tmp_path / "out.epub").read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None


def test_repair_says_where(tmp_path: Path) -> None:
    _, found, problem = read_xhtml(books.page("<p>一<br>二</p>"), name="x.xhtml")
    assert problem is not None
    assert str(problem).startswith("x.xhtml:9: ")
    assert found.passages[0].text == "一二"


@pytest.mark.parametrize("old", [False, True])
def test_the_other_script_stands_apart_and_is_not_said_twice(tmp_path: Path, old: bool) -> None:
    body = (
        "<ul><li>書名</li><li>作者</li></ul><table><tr><th>書名</th><td>一二三</td></tr></table>"
        "<dl><dt><b>銀行</b></dt></dl><p>他在銀行工作，後來去了北京大學。</p>"
    )
    members = books.old_with(body) if old else books.single(books.page(body, lang="zh-Hant"))
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    options = RenderOptions(script=Script.BOTH)
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=options)
    name = "OEBPS/text/one.html" if old else "OEBPS/d.xhtml"
    document = books.unpacked((tmp_path / "out.epub").read_bytes())[name]
    held = [
        (holder.tag.removeprefix(XHTML), element.text)
        for holder in tree(document).iter("{*}*")
        for element in holder
        if element.get("class") == "reader-other"
    ]
    assert held[:3] == [
        ("body", "他在银行工作，后来去了北京大学。"),
        ("li", "书名"),
        ("th", "书名"),
    ]
    assert held[3:] == [("dt", "银行")]
    assert ".reader-other { display: block" in read_data("in-place.css").decode()


@pytest.mark.parametrize(
    ("region", "language", "text"),
    [(Region.OWN, "zh-Hant-TW", "他在裡面。"), (Region.HONG_KONG, "zh-Hant-HK", "他在裏面。")],
)
def test_the_other_script_says_whose_it_is(
    tmp_path: Path, region: Region, language: str, text: str
) -> None:
    document, _ = in_place.annotated_page(
        tmp_path,
        books.page("<p>他在里面。</p>"),
        annotate=AnnotateOptions(region=region),
        render=RenderOptions(script=Script.BOTH),
    )
    (element,) = tree(document).iterfind(".//{*}p[@class='reader-other']")
    assert (element.get("lang"), element.text) == (language, text)


@pytest.mark.parametrize("old", [False, True])
def test_the_other_script_has_formulas_and_no_way_back(tmp_path: Path, old: bool) -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML" id="m"><mi id="x">x</mi></math>'
    body = f'<p>面积是{math}平方米。</p><p>脚注。<a href="#m">↩</a></p><p>图<img alt=""/></p>'
    members = books.old_with(body) if old else books.single(books.page(body))
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    options = RenderOptions(script=Script.BOTH)
    annotate_book(tmp_path / "in.epub", tmp_path / "out.epub", render=options)
    name = "OEBPS/text/one.html" if old else "OEBPS/d.xhtml"
    data = books.unpacked((tmp_path / "out.epub").read_bytes())[name]
    found = tree(data).iterfind(".//{*}*[@class='reader-other']")
    shown = ["".join(map(str, line.itertext())) for line in found]
    assert shown[-3:] == ["面積是x平方米。", "腳註。", "圖"]
    assert data.count(b"<math") == (1 if old else 2)
    assert data.count(b'id="m"') == data.count(b'id="x"') == 1


REFERENCES = (
    '<a epub:type="noteref" href="#n">1</a>',
    '<a epub:type="noteref" href="#n"><sup>[12]</sup></a>',
    '<sup><a role="doc-noteref" href="#n">①</a></sup>',
    '<a href="#n">1</a>',
    '<sup><a id="r" href="#n">［3］</a></sup>',
    '<a href="#n">*</a>',
    '<a href="#n">↩</a>',
)


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("words", ["{}", "<b>{}</b>"])
def test_a_note_stays_with_the_sentence_that_it_stands_behind(
    tmp_path: Path, words: str, reference: str
) -> None:
    ends = [PAIRS[-1][0], PAIRS[0][0]]
    body = "".join(f"{words.format(zh)}{reference}" for zh in ends)
    members = books.single(books.page(f'<p id="n">{body}</p>'))
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    annotate_book(
        tmp_path / "in.epub",
        tmp_path / "out.epub",
        render=RenderOptions(layout=Layout.SENTENCES, pinyin=Pinyin.NONE),
        translation=read_text(f"{PAIRS[-1][1]} {PAIRS[0][1]}", language="en"),
    )
    result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"]
    (paragraph,) = tree(result).iterfind(".//{*}p")
    lines = [e for e in paragraph if e.get("class") == "reader-translation"]
    assert [(line.text or "").strip() for line in lines] == [PAIRS[-1][1], PAIRS[0][1]]
    behind = [line.getprevious() for line in lines]
    assert all(one is not None and one.tag in (f"{XHTML}a", f"{XHTML}sup") for one in behind)
    assert strip_document(result) == members["OEBPS/d.xhtml"]


def test_a_translation_stands_between_sentences_in_cdata(tmp_path: Path) -> None:
    first, second = PAIRS[-1], PAIRS[0]
    members = books.single(books.page(f"<p><![CDATA[{first[0]} {second[0]}]]></p>"))
    (tmp_path / "in.epub").write_bytes(books.packed(members))
    annotate_book(
        tmp_path / "in.epub",
        tmp_path / "out.epub",
        render=RenderOptions(layout=Layout.SENTENCES),
        translation=read_text(f"{first[1]} {second[1]}", language="en"),
    )
    result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"]
    lines = tree(result).iterfind(".//{*}*[@class='reader-translation']")
    assert [(line.text or "").strip() for line in lines] == [first[1], second[1]]
    assert canonical(strip_document(result)) == canonical(members["OEBPS/d.xhtml"])


def test_a_translation_has_its_formulas_and_no_way_back(tmp_path: Path) -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    back = '<a epub:type="backlink" href="#r">↩</a>'
    refer = '<a epub:type="noteref" id="r" href="#n">1</a>'
    note = '<aside epub:type="footnote" id="n"><p>{} {}</p></aside>'
    chinese = f"<p>面积是{math}平方米。{refer}</p>" + note.format("这是脚注。", back)
    english = f"<p>The area is {math} square metres.{refer}</p>" + note.format("A footnote.", back)
    for name, page in (("zh", books.page(chinese)), ("en", books.page(english, lang="en"))):
        members = books.single(page)
        opf = members["OEBPS/content.opf"].replace(b">zh<", f">{name}<".encode())
        members["OEBPS/content.opf"] = opf
        (tmp_path / f"{name}.epub").write_bytes(books.packed(members))
    # Without pinyin too: then nothing but the translation is added.
    for layout, pinyin in ((Layout.INTERLEAVED, Pinyin.ALL), (Layout.AFTER, Pinyin.NONE)):
        annotate_book(
            tmp_path / "zh.epub",
            tmp_path / "out.epub",
            render=RenderOptions(layout=layout, pinyin=pinyin),
            translation=tmp_path / "en.epub",
        )
        result = books.unpacked((tmp_path / "out.epub").read_bytes())["OEBPS/d.xhtml"]
        lines = tree(result).iterfind(".//{*}p[@class='reader-translation']")
        shown = "\n".join("".join(map(str, line.itertext())) for line in lines)
        assert shown == "The area is x square metres.1\nA footnote."
