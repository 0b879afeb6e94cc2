"""PDF: paragraphs, columns, vertical lines, what stands at the edges of pages, what is refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from reader import sources
from reader.errors import SourceError
from reader.model import BlockKind
from reader.sources.losses import Losses, count_of
from reader.sources.page_layout import PageLine, paragraphs
from tests.growth import grows_in_proportion
from tests.laws import examples

PDF = Path(__file__).parent / "data" / "pdf"
"""Made with reportlab; `vertical.pdf` by Chromium, `writer.pdf` by LibreOffice."""
TREES = (
    "在很多城市里，老树比老房子更容易被人忘记。它们站在路边，春天发芽，秋天落叶，没有人去问它们的年龄。去年夏天，"
    "市里的园林部门对一百年以上的树木做了一次普查，一共有三百二十七棵。",
    "负责普查的工程师刘敏告诉我们，老树最怕的不是风雨，而是水泥。人行道铺上了砖，树根得不到水和空气，几年以后树就"
    "会慢慢枯死。“我们能做的，就是给树留一口气。”她说。",
    "为了保护这些树，每一棵都有了自己的编号和“医生”。市民用手机扫一扫树上的二维码，就可以看到它的名字、年龄和故事。"
    "三个月里，已经有两万多人参加了这个活动。",
)


def test_pages_are_paragraphs_under_headings_without_heads_and_numbers() -> None:
    document = sources.read(PDF / "pages.pdf")
    found = [(block.kind.value, block.text) for block in document.blocks]
    expected = [("title", "城市里的老树")]
    for heading in ("一、普查", "二、保护", "三、以后"):
        expected += [("heading", heading), *(("paragraph", text) for text in TREES * 2)]
    assert found == expected
    assert (document.metadata.title, document.metadata.authors) == ("城市里的老树", ("何晓东",))
    messages = [warning.message for warning in document.warnings]
    assert any("running heads: 4 parts" in message for message in messages)
    assert any("page numbers: 4 parts" in message for message in messages)


def test_columns_are_read_one_after_the_other() -> None:
    document = sources.read(PDF / "columns.pdf")
    assert [block.text for block in document.blocks] == [*TREES * 2]


def test_a_word_processors_pages_have_tables_lists_notes_and_columns() -> None:
    document = sources.read(PDF / "writer.pdf")
    blocks = [block for block in document.blocks if not block.text[:1].isdecimal()]
    rows = [block.text for block in blocks if block.kind is BlockKind.ROW]
    assert rows == [
        "树种　数量　最老的一棵",
        "槐树　120 棵　四百年",
        "银杏　80 棵　六百五十年",
        "樟树　127 棵　三百年左右",
    ]
    items = [block.text for block in document.blocks if block.kind is BlockKind.LIST_ITEM]
    assert items[:2] == ["1. 浇水要在早上，每个星期两次", "2. 松土"]
    # No paragraph is parted by a column, a page, its notes or a hyphen.
    whole = [block.text for block in blocks if block.kind is BlockKind.PARAGRAPH]
    assert all(text.rstrip("345678").endswith(("。", "。”", ".", "2")) for text in whole)
    assert any("extraordinarily comprehensive record" in text for text in whole)
    messages = [warning.message for warning in document.warnings]
    assert any("page numbers: 5 parts" in message for message in messages)
    assert any("running heads: 5 parts" in message for message in messages)
    assert any("1 image was left out" in message for message in messages)


def test_vertical_lines_are_read_from_right_to_left() -> None:
    title, first, second = sources.read(PDF / "vertical.pdf").blocks
    assert (title.kind, title.text) == (BlockKind.TITLE, "渡輪")
    assert first.text.startswith("我坐船，船開了。海上有風，風吹著我，我看著海。海的下面有魚")
    assert second.text.startswith(
        "船開了，海上有魚。我坐著看海，海上的風吹著船，船上的我看著下面的魚。"
    )


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("encrypted.pdf", "is encrypted"),
        ("scanned.pdf", "its 3 pages are pictures, which only OCR"),
    ],
)
def test_what_cannot_be_read_is_one_message(name: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        sources.read(PDF / name)


def test_a_page_that_is_a_picture_is_named() -> None:
    document = sources.read(PDF / "part-scanned.pdf")
    assert [block.text for block in document.blocks] == [TREES[0]]
    assert [warning.code for warning in document.warnings] == ["no-text"]
    assert ": 2 (" in document.warnings[0].message


@examples(10)
@given(st.integers(0, 3300), st.binary(max_size=4))
def test_a_damaged_file_is_read_or_one_message(at: int, junk: bytes) -> None:
    data = (PDF / "columns.pdf").read_bytes()
    try:
        document = sources.read_bytes(data[:at] + junk + data[at + 3 :], suffix=".pdf")
    except SourceError:
        return
    assert document.blocks


def test_without_the_extra_the_message_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(SourceError, match=r"pip install .annotated-reader\[pdf\]"):
        sources.read(PDF / "columns.pdf")


SIZES = st.sampled_from([8.0, 10.0, 10.0, 16.0])
LINES = st.builds(
    PageLine,
    st.text(st.sampled_from("老树在路边，。12a-"), min_size=1, max_size=30),
    st.floats(0, 200),
    st.floats(200, 400),
    st.floats(0, 500),
    SIZES,
)


@given(st.lists(st.lists(LINES, max_size=12), max_size=4))
def test_no_line_of_a_page_is_lost_without_a_word(pages: list[list[PageLine]]) -> None:
    losses = Losses()
    kept = "".join("".join(part.text.split()) for part in paragraphs(pages, losses))
    lost = sum(map(count_of, losses.warnings()))
    whole = "".join(line.text for page in pages for line in page)
    hyphens = whole.count("-")
    assert len(whole) - hyphens <= len(kept) + lost <= len(whole)


def test_lines_that_are_the_same_are_not_left_out_together() -> None:
    losses = Losses()
    pages = [[PageLine("1", 0.0, 200.0, 0.0, 8.0) for _ in range(6)]]
    kept = "".join("".join(part.text.split()) for part in paragraphs(pages, losses))
    assert len(kept) + sum(map(count_of, losses.warnings())) == 6


def test_pages_of_very_many_lines_take_no_longer_than_they_are() -> None:
    def pages(size: int) -> list[list[PageLine]]:
        columns = (40 + at % 2 * 300 for at in range(size))
        page = [PageLine("老树在路边的故事", x, 300, at // 2, 10) for at, x in enumerate(columns)]
        return [page] * 2

    grows_in_proportion(lambda two: list(paragraphs(two, Losses())), pages, 20_000)


def test_pages_that_are_drawn_without_end_are_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.sources.pdf._PATIENCE", 1)
    with pytest.raises(SourceError, match="takes more than 1 s to read"):
        sources.read_bytes(drawn_in_one_another(12), suffix=".pdf")


def drawn_in_one_another(depth: int) -> bytes:
    """A page on which a form is drawn ten times, of which each draws another ten times."""
    forms = range(5, 5 + depth)
    drawn = b"/A Do " * 10
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</XObject<</A 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
    ]
    for form in forms:
        inner = b"<</XObject<</A %d 0 R>>>>" % (form + 1) if form < forms[-1] else b"<<>>"
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources" + inner
        bodies.append(b"<<%b/Length %d>>stream\n%b\nendstream" % (head, len(drawn), drawn))
    data = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, len(data))
    return data + head + table + end
