"""What reading and changing an EPUB share: its time grows with what is read, whatever that is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from reader.annotation import Annotator
from reader.epub.container import CONTAINER, Container
from reader.epub.package import (
    Additions,
    Item,
    add_to_package,
    read_package,
    read_packages,
    strip_package,
)
from reader.epub.repair import read_xhtml
from reader.inplace.conversion import Converter
from reader.inplace.dialect import strip_document
from reader.lexicon import Lexicon
from reader.options import Script
from tests import books
from tests.growth import grows_in_proportion

ANNOTATOR = Annotator(Lexicon.default(), layers=["scripts"])
CONVERTER = Converter(ANNOTATOR, Script.TRADITIONAL, "zh-Hant-TW")
SIZE = 50_000
"""Bytes of a stranger's document."""

OURS = '<link class="reader-style" rel="stylesheet" href="a.css"/>'
# What is repeated, with what stands before and behind it.
SHAPES = {
    "quotes in a tag": ("<p ", '"a" ', "<b"),
    "quotes in tags": ("", '<p "a" ', "<b"),
    "values that do not end": ("", "<a b='<a c=\"", ""),
    "values that do not end, spaced": ("", "<a b= '<a c= \"", ""),
    "comments that do not end": ("", "<!--", ""),
    "a comment of dashes": ("<!-- ", "-", "--><"),
    "sections that do not end": ("", "<![CDATA[", ""),
    "document types that do not end": ("", "<!DOCTYPE ", ""),
    "document types with a subset that does not end": ("", "<!DOCTYPE [", ""),
    "subsets far away": ("", "<!DOCTYPE ", " [ "),
    "brackets and spaces": ("<!DOCTYPE [", "]  ", ""),
    "instructions that do not end": ("", "<?x ", ""),
    "end tags that do not end": ("", "</p ", ""),
    "end tags of nothing": ("<i>" * 400, "</p>", ""),
    "start tags that do not end": ("", "<p ", ""),
    "spaces in a tag": ("<p", " ", "/><br>"),
    "spaces that are no tag": ("<p", " ", "<br>"),
    "attributes": ("<p", " a b=c", "><br>"),
    "different attributes": ("<p", None, "><br>"),
    "signs in a tag": ("<p", " =", "><br>"),
    "references": ("<br>", "&a", ""),
    "numbers of references": ("<br>&#", "1", ""),
    "elements that are not closed": ("", "<li>", ""),
    "elements in deep ones": ("<i>" * 400, "<hr>", ""),
    "deep elements around passages": ("<div>" * 400, "<p>一</p>", "<br>"),
    "inline elements around passages": ("<i>" * 400, "<div>一</div>", "<br>"),
    "links in a comment": ("<!-- ", "<link class='reader-'", " -->"),
    "links to styles": ("", OURS, "<br>"),
    "well-formed links": (OURS, "<link class='reader-'/>", ""),
    "well-formed annotation": (OURS, "<span class='reader-span'>一</span>", ""),
    "well-formed nested annotation": (OURS, "<span class='reader-x'>", "</span>" * 9),
    "prefixes": ("<br>", "<x:y/>", ""),
    "lines": ("<br/>", "\n", ""),
    "lines of text": ("", "一\n", ""),
}


def document(shape: str, size: int) -> bytes:
    before, repeated, after = SHAPES[shape]
    if repeated is None:
        middle = "".join(f" a{number}='1'" for number in range(size // 12))
    else:
        middle = repeated * (size // len(repeated.encode()))
    return books.page(before + middle + after)


def read(data: bytes) -> None:
    read_xhtml(data, name="x.xhtml")


def strip(data: bytes) -> None:
    strip_document(data, "x.xhtml")


def convert(data: bytes) -> None:
    CONVERTER.table(data, "x.xhtml")


PACKAGES = {
    "ids of ours": '<item id="reader-x" href="a"/>',
    "former identifiers": '<meta id="reader-former"/>',
    "lines": "\n",
    "nested elements": "<a>",
    "metadata": '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">x</dc:title>',
}


def package(shape: str, size: int) -> bytes:
    repeated = PACKAGES[shape]
    mark = b'<dc:contributor id="reader-annotator">annotated-reader</dc:contributor></metadata>'
    opf = books.OPF.replace(b"</metadata>", mark)
    return opf.replace(
        b"</manifest>", (repeated * (size // len(repeated))).encode() + b"</manifest>"
    )


def change(data: bytes) -> None:
    name = "OEBPS/content.opf"
    read_package(data, name)
    stripped = strip_package(data, name).data
    items = {"style": Item("", "OEBPS/a.css", "text/css")}
    add_to_package(stripped, name, Additions("nothing", items, identifier="urn:x"))
    CONVERTER.package(stripped)


@pytest.mark.parametrize("shape", PACKAGES)
def test_time_grows_with_the_package(shape: str) -> None:
    change(books.OPF)
    grows_in_proportion(change, partial(package, shape), SIZE)


@pytest.mark.parametrize("work", [read, strip, convert], ids=lambda work: work.__name__)
@pytest.mark.parametrize("shape", SHAPES)
def test_time_grows_with_the_document(shape: str, work: Callable[[bytes], None]) -> None:
    work(books.page("<br>一"))
    grows_in_proportion(work, partial(document, shape), SIZE)


def test_a_package_that_is_named_over_and_over_is_read_once() -> None:
    members = books.everything()
    listed = b'<rootfile full-path="OEBPS/content.opf"/>' * 1000
    members[CONTAINER] = members[CONTAINER].replace(b"</rootfiles>", listed + b"</rootfiles>")
    with Container(books.packed(members)) as container:
        assert len(read_packages(container)) == 1
