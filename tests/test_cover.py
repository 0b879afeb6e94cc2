"""Covers: title and authors on them, as an image that shelves show."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from reader.markup import etree, safe_parser
from reader.model import Block, Document, Metadata
from reader.writers import write
from reader.writers.cover import HEIGHT, WIDTH, Rectangle, Writing, cover_svg, designed
from reader.writers.cover_image import cover_png, font_files
from tests.books import unpacked
from tests.laws import examples
from tests.samples import LAYERS

needs_fonts = pytest.mark.skipif(not font_files(), reason="needs a font for Chinese")
LETTERS = st.text(st.sampled_from("茶館的一A b-：，。？"), max_size=60)
NO_FONT = "\U00016f00"
"""A letter of a script that fonts for Chinese do not have."""


@examples(30)
@given(LETTERS, st.lists(LETTERS, max_size=3), st.sampled_from(("zh-Hans", "zh-Hant-TW")))
def test_a_cover_holds_title_and_authors_on_its_sheet(
    title: str, authors: list[str], language: str
) -> None:
    cover = designed(title, tuple(authors), language)
    for shape in cover.shapes:
        if isinstance(shape, Rectangle):
            assert 0 <= shape.x <= shape.x + shape.width <= WIDTH
            assert 0 <= shape.y <= shape.y + shape.height <= HEIGHT
        else:
            assert shape.size <= shape.baseline <= HEIGHT - 200
    drawn = etree.fromstring(cover_svg(cover), safe_parser())
    lines = [text.text for text in drawn.iter("{*}text")]
    assert lines == [shape.text for shape in cover.shapes if isinstance(shape, Writing)]
    shown = "".join("".join(lines).split())
    if "…" not in shown:
        for part in "".join(title.split()), "".join("、".join(authors).split()):
            assert set(part) - set("：-") <= set(shown)


def colours(image: Image.Image, top: float, bottom: float) -> set[tuple[int, ...]]:
    """The colours of a strip of a cover that are on much of it."""
    strip = image.convert("RGB").crop((0, round(top), image.width, round(bottom)))
    found = strip.getcolors(1 << 20) or []
    return {tuple(colour) for count, colour in found if count > 300 and isinstance(colour, tuple)}


@needs_fonts
@pytest.mark.parametrize(
    ("title", "language"),
    [("一把借來的雨傘", "zh-Hant-TW"), ("清晨的菜市场", "zh-Hans"), ("A Teahouse", "zh-Hans")],
)
def test_a_cover_is_drawn_in_this_systems_letters(title: str, language: str) -> None:
    cover = designed(title, ("周子晴",), language)
    png = cover_png(cover)
    assert png is not None
    assert png == cover_png(cover)
    image = Image.open(BytesIO(png))
    assert image.size == (1200, 1800)
    # Ink on the label; the names of the authors on the cloth; nothing between them.
    assert (34, 32, 29) in colours(image, 180, 700)
    assert (245, 240, 227) in colours(image, 1350, 1640)
    assert len(colours(image, 1100, 1200) - {(34, 32, 29)}) <= 2


@needs_fonts
def test_what_no_font_has_is_left_to_the_reading_system() -> None:
    for title, suffix in (("茶館", "png"), (f"茶館{NO_FONT}", "svg")):
        file = BytesIO()
        document = Document(Metadata(title=title), (Block("好。"),), layers=LAYERS)
        write(document, file, to="epub")
        members = unpacked(file.getvalue())
        covers = [name for name in members if "cover" in name]
        package = members["OEBPS/package.opf"].decode()
        assert covers == [f"OEBPS/cover.{suffix}"]
        assert f'href="cover.{suffix}"' in package
        assert '<meta name="cover" content="cover"/>' in package


def test_without_fonts_there_is_no_png() -> None:
    assert cover_png(designed("茶館", (), "zh-Hant"), {}) is None
