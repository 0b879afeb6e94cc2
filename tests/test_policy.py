"""What words show: asked of a policy word by word, and all of it in the markup."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest

from reader.annotation import Annotator
from reader.epub.passages import scan
from reader.inplace.dialect import strip_document
from reader.inplace.document import DocumentAnnotator
from reader.lexicon import Lexicon
from reader.markup import Dialect
from reader.model import (
    Block,
    BlockKind,
    Mark,
    MarkKind,
    Reading,
    ReadingSource,
    Token,
    TokenKind,
)
from reader.options import AnnotateOptions, Gloss, Pinyin, RenderOptions, Ruby, WordDisplay
from reader.writers import write
from reader.writers.policy import ConstantPolicy, displays
from reader.writers.xhtml import Renderer
from tests import books
from tests.policies import Everything
from tests.samples import article, block, novel
from tests.xhtml import base_text

ALL = RenderOptions(policy=Everything())


def markup(of: Block, options: RenderOptions = ALL) -> str:
    return Renderer(Dialect(epub=False), options).inline(of)


def test_each_field_is_in_the_markup() -> None:
    shown = markup(block("金融|金融|金融|金融|金融|金融|金融|。"))
    ruby = '<ruby>金融<rp>(</rp><rt lang="zh-Latn-pinyin" inert="">jīnróng</rt><rp>)</rp></ruby>'
    small = '<small class="gloss added" lang="en"> {}\xa0</small>'
    assert shown == "".join(
        (
            '<a class="word" href="https://example.org/?a=1&amp;b=2">',
            ruby.replace("<ruby>", '<ruby class="new l-3">'),
            "</a>" + small.format('"R&amp;D" &lt;first&gt;'),
            '<span class="word known">金融</span>',
            f'<a class="word" href="https://example.org/">{ruby}</a>',
            ruby + small.format("a gloss"),
            "金融" + small.format("a gloss"),
            f"金融{ruby}。",
        )
    ).replace("</ruby></a><ruby>", "</ruby><wbr/></a><ruby>")


def test_a_word_that_is_not_all_read_is_one_element() -> None:
    syllables = ("", "", "", "jin1", "rong2")
    token = Token("P2P金融", reading=Reading(syllables, ReadingSource.GLOSSARY))
    options = RenderOptions(policy=ConstantPolicy(WordDisplay(classes=("l-3",))))
    shown = markup(Block("P2P金融", tokens=(token,)), options)
    assert shown.startswith('<span class="word l-3">P2P<ruby>金融<rp>')
    assert shown.endswith("</ruby></span>")


def test_runs_of_words_that_show_the_same_are_joined() -> None:
    words = block("老張|賣茶|，|老張|不|笑|。")
    shown = markup(words, RenderOptions(policy=_Once()))
    assert shown.count("</ruby><wbr/><ruby>") == 2
    assert "老張" in shown.partition("，")[2]
    alone = [markup(Block(token.text, tokens=(token,)), RenderOptions()) for token in words.tokens]
    alone[3] = "老張"
    assert shown.replace("<wbr/>", "") == "".join(alone)


class _Once:
    """Readings of words where a chapter has them first."""

    constant = None
    in_terms = None
    layers = frozenset[str]()

    def start_chapter(self):  # type: ignore[no-untyped-def]
        seen: set[str] = set()

        def display(token: Token) -> WordDisplay:
            new = token.text not in seen
            seen.add(token.text)
            return WordDisplay(reading=new)

        return display


def test_the_memory_lasts_one_chapter() -> None:
    renderer = Renderer(Dialect(epub=True), RenderOptions(policy=_Once()))
    paragraph = block("老張|賣茶|。")
    first = renderer.inline(paragraph)
    assert "<ruby" in first
    assert renderer.inline(paragraph) == "老張賣茶。"
    renderer.start_chapter()
    assert renderer.inline(paragraph) == first


def test_a_token_that_is_divided_is_asked_for_once() -> None:
    whole = block("換道超車|換道超車")
    marked = Block(whole.text, tokens=whole.tokens, marks=(Mark(1, 6, MarkKind.EMPHASIS),))
    shown = markup(marked, RenderOptions(policy=_Once()))
    assert shown.count("<rt") == 2, "the two parts of the first"


def test_punctuation_is_not_asked_for() -> None:
    asked: list[str] = []

    def ask(token: Token) -> WordDisplay:
        asked.append(token.text)
        return WordDisplay(classes=("l-1",)) if token.text == "不" else WordDisplay()

    tokens = (*block("老張|，|不|。").tokens, Token(" ", TokenKind.SPACE))
    shown = displays(tokens, ask)
    assert asked == ["老張", "不"]
    assert shown[:2] == [WordDisplay(), WordDisplay()], "a comma goes with the word before it"
    assert [each.classes for each in shown[2:]] == [("l-1",), (), ()]


def test_no_link_within_a_link_or_a_term() -> None:
    linked = ConstantPolicy(WordDisplay(link="https://example.org/"))
    for page in (article(), novel()):
        file = BytesIO()
        write(page, file, RenderOptions(policy=linked), to="html")
        assert b'class="word"' in file.getvalue()
    words = block("老張|換道超車|金融")
    marks = (Mark(0, 2, MarkKind.LINK, (("href", "https://example.com/"),)),)
    words = replace(words, marks=marks)
    shown = markup(words, RenderOptions(policy=linked))
    assert shown.count('class="word"') == 1


@pytest.mark.parametrize("pinyin", [Pinyin.ALL, Pinyin.NOTES, Pinyin.NONE])
def test_the_options_of_readings_are_policies(pinyin: Pinyin) -> None:
    display = WordDisplay(reading=pinyin is Pinyin.ALL)
    in_terms = WordDisplay() if pinyin is Pinyin.NOTES else None
    for ruby in Ruby:
        usual = RenderOptions(pinyin=pinyin, ruby=ruby)
        own = replace(usual, pinyin=Pinyin.ALL, policy=ConstantPolicy(display, in_terms))
        for each in article().blocks:
            if each.kind is not BlockKind.CODE:
                assert markup(each, own) == markup(each, usual)


def test_a_policy_that_always_answers_the_same_is_a_constant_one() -> None:
    class Always:
        constant = None
        in_terms = None
        layers = frozenset[str]()

        def start_chapter(self):  # type: ignore[no-untyped-def]
            return lambda token: WordDisplay()

    for each in (*article().blocks, *novel().blocks):
        assert markup(each, RenderOptions(policy=Always())) == markup(each, RenderOptions())


@pytest.mark.parametrize("gloss", Gloss)
def test_a_book_in_place_shows_it_too_and_can_be_stripped(gloss: Gloss) -> None:
    annotator = Annotator(Lexicon.default(), None, AnnotateOptions(), "zh-Hans")
    data = books.page(
        "<p id='x'>银行，银行，银行，银行，银行，银行，银行。<a href='#x'>银行</a></p>"
    )
    for epub2 in (False, True):
        options = replace(ALL, gloss=gloss)
        document = DocumentAnnotator(annotator, options, epub2=epub2)
        shown = document.annotate(scan(data), css="a.css", name="d.xhtml").data
        assert b'reader-l-3"' in shown
        assert b'<span class="reader-word reader-known">' in shown
        assert b'<a class="reader-word" href="https://example.org/">' in shown
        above = gloss is Gloss.RUBY and not epub2
        beside = gloss is Gloss.INLINE or (gloss is Gloss.RUBY and epub2)
        assert (b'<ruby class="reader-ruby reader-glossed"' in shown) == above
        assert (b'<small class="reader-gloss reader-added"' in shown) == beside
        assert (b"reader-words" in shown) == (gloss is Gloss.LIST)
        assert (b"reader-note " in shown) == (gloss is Gloss.NOTES)
        assert base_text(shown) == base_text(data)
        assert strip_document(shown) == data
