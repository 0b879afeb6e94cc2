"""What is broken is told as a parser tells it, however much of the document is not parsed."""

from __future__ import annotations

from xml.parsers import expat

import pytest
from hypothesis import given, strategies as st

from reader.errors import SourceError
from reader.inplace.dialect import BookDialect, Check
from reader.options import Notation, RenderOptions, Ruby
from reader.writers.word_markup import Form
from tests.laws import examples
from tests.test_books import annotated
from tests.xhtml import xhtml

SPLINTERS = ("", "", "<", "&", "]]>", "\x0b", "<b>", '"', "</ruby>")


def well_formed(data: bytes) -> bool:
    parser = expat.ParserCreate("utf-8")
    parser.UseForeignDTD(True)
    try:
        parser.Parse(data, True)
    except expat.ExpatError:
        return False
    return True


def passes(check: Check, data: bytes) -> bool:
    try:
        check(data, "d.xhtml")
    except SourceError:
        return False
    return True


@examples(25)
@given(xhtml(), st.sampled_from(Ruby), st.sampled_from(Notation), st.booleans(), st.data())
def test_a_document_with_a_piece_missing_or_a_splinter_in_it(
    data: bytes, ruby: Ruby, notation: Notation, epub2: bool, draw: st.DataObject
) -> None:
    result = annotated(data, RenderOptions(ruby=ruby, notation=notation), epub2=epub2)
    check = Check(BookDialect(epub2=epub2), Form(notation=notation, ruby=ruby))
    assert passes(check, result)
    text = result.decode()
    for _ in range(5):
        start = draw.draw(st.integers(0, len(text)))
        rest = text[start + draw.draw(st.integers(0, 40)) :]
        broken = (text[:start] + draw.draw(st.sampled_from(SPLINTERS)) + rest).encode()
        assert passes(check, broken) == well_formed(broken)


WORD = '<ruby class="reader-ruby">{}<rp>(</rp>\
<rt lang="zh-Latn-pinyin" xml:lang="zh-Latn-pinyin">{}</rt><rp>)</rp></ruby>'


@pytest.mark.parametrize(
    "document",
    [
        "<p>{word}</p>{word}",
        "{word}<p/>",
        "<p title='{word}'/>",
        "<p {word}/>",
        "<p>{word}</ruby></p>",
        "<p>" + WORD.format("R&D", "r") + "</p>",
        "<p>" + WORD.format("<b>", "r") + "</p>",
        "<p>" + WORD.format("中", "<b>") + "</p>",
    ],
)
def test_a_word_in_the_wrong_place(document: str) -> None:
    check = Check(BookDialect(epub2=False), Form())
    check(f"<p>{WORD.format('中', 'zhōng')}</p>".encode(), "d.xhtml")
    with pytest.raises(SourceError, match=r"d\.xhtml"):
        check(document.format(word=WORD.format("中", "zhōng")).encode(), "d.xhtml")
