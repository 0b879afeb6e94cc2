"""Laws of the EPUB and HTML writers over generated documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings, strategies as st

from reader.errors import WriteError
from reader.markup import XML_FORBIDDEN, Dialect
from reader.model import Block, Document, Metadata, Note, Stream
from reader.options import Gloss, Layout, Notation, Notes, Pinyin, RenderOptions, Ruby, Script
from reader.writers import write
from reader.writers.notes import ChapterNotes
from reader.writers.xhtml import Renderer
from tests.laws import examples
from tests.policies import Everything
from tests.samples import LAYERS
from tests.strategies import blocks, documents, texts
from tests.written import (
    Element,
    body_text,
    check_links,
    check_shape,
    content_documents,
    documents_in,
    expected_text,
    parsed,
)

OPTIONS = st.builds(
    RenderOptions,
    script=st.sampled_from(Script),
    pinyin=st.sampled_from([Pinyin.ALL, Pinyin.NOTES, Pinyin.NONE]),
    notation=st.sampled_from(Notation),
    ruby=st.sampled_from(Ruby),
    notes=st.sampled_from(Notes),
    every=st.booleans(),
    layout=st.sampled_from(Layout),
    sandhi=st.booleans(),
    spacing=st.booleans(),
    policy=st.sampled_from((None, None, Everything())),
    gloss=st.sampled_from(Gloss),
)
LAW = settings(
    examples(25),
    # Examples are small as they come; making them smaller takes minutes.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def written(document: Document | Stream, to: str, options: RenderOptions | None = None) -> bytes:
    file = BytesIO()
    write(replace(document, layers=LAYERS), file, options, to=to)
    return file.getvalue()


@LAW
@given(documents(), OPTIONS)
def test_an_epub_keeps_the_text_and_its_links_lead_somewhere(
    document: Document, options: RenderOptions
) -> None:
    epub = written(document, "epub", options)
    found = documents_in(epub)
    for root in found.values():
        check_shape(root)
    check_links(found)
    text = "".join(map(body_text, content_documents(epub)))
    assert text == expected_text(document, options.script)


@LAW
@given(documents(), OPTIONS)
def test_a_page_keeps_the_text_and_its_links_lead_somewhere(
    document: Document, options: RenderOptions
) -> None:
    root = parsed(written(document, "html", options))
    check_links({"page": root})
    assert body_text(root) == expected_text(document, options.script)


@LAW
@given(documents(), OPTIONS, st.sampled_from(("epub", "html")))
def test_writing_twice_gives_the_same_bytes(
    document: Document, options: RenderOptions, to: str
) -> None:
    assert written(document, to, options) == written(document, to, options)


@LAW
@given(documents(text=texts(min_size=1, controls=True, surrogates=True)), st.booleans())
def test_any_text_gives_a_well_formed_book_or_one_error(document: Document, page: bool) -> None:
    to = "html" if page else "epub"
    if any(re.search(XML_FORBIDDEN, block.text) for block in document.blocks):
        with pytest.raises(WriteError, match="cannot stand in XML"):
            written(document, to)
        return
    data = written(document, to)
    if page:
        parsed(data)
    else:
        documents_in(data)


@LAW
@given(blocks(), OPTIONS, st.data())
def test_markup_between_any_bounds_is_well_formed_and_keeps_the_text(
    block: Block, options: RenderOptions, data: st.DataObject
) -> None:
    inner = data.draw(st.sets(st.integers(0, len(block.text)), max_size=6))
    bounds = sorted({0, len(block.text), *inner})
    renderer = Renderer(Dialect(epub=False), options)
    notes = ChapterNotes(renderer.dialect, options)
    pieces = renderer.ranges(block, bounds, notes)
    shown = renderer.text(block)
    assert len(pieces) == len(bounds) - 1
    for piece, (start, end) in zip(pieces, pairwise(bounds), strict=True):
        root = parsed(
            f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{piece}</body></html>'.encode()
        )
        assert body_text(root) == shown[start:end]


@LAW
@given(blocks(), OPTIONS, st.booleans())
def test_the_short_way_for_blocks_without_marks_writes_what_the_long_way_does(
    block: Block, options: RenderOptions, whole: bool
) -> None:
    block = replace(block, marks=(), notes=_whole_notes(block) if whole else block.notes)
    shown = []
    for short in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not short:
                patch.setattr(Renderer, "_even", lambda *_: None)
            renderer = Renderer(Dialect(epub=True), options)
            notes = ChapterNotes(renderer.dialect, options)
            shown.append(renderer.inline(block, notes) + notes.end())
    assert shown[0] == shown[1]


def _whole_notes(block: Block) -> tuple[Note, ...]:
    """Notes on two tokens of three: beside each other, and beside words that have none."""
    return tuple(
        Note(start, end, token.text, token.simplified, token.traditional, (), "meaning")
        for number, (start, end, token) in enumerate(block.token_spans())
        if number % 3
    )


@LAW
@given(documents(translated=True), st.sampled_from(Layout))
def test_every_part_of_a_translation_is_shown_once(document: Document, layout: Layout) -> None:
    epub = written(document, "epub", RenderOptions(layout=layout, notes=Notes.NONE))
    shown = [
        words
        for root in content_documents(epub)
        for element in root.iter()
        if "tr" in element.get("class", "").split()
        for words in _translated(element)
    ]
    assert document.translation is not None
    wanted = "".join(block.text for block in document.translation.blocks)
    assert sorted("".join("".join(shown).split())) == sorted("".join(wanted.split()))


def _translated(element: Element) -> Iterator[str]:
    """What an element of the translation has of it: without flags and links back."""
    if element.get("class", "").partition(" ")[0] not in ("flag", "back"):
        yield "" if "flag" in element.get("class", "") else element.text or ""
        for child in element:
            yield from _translated(child)
            yield child.tail or ""


@given(documents())
@examples(20)
def test_a_stream_is_written_as_its_document(document: Document) -> None:
    plain = Document(
        document.metadata,
        tuple(Block(b.text, b.kind, b.tokens, notes=b.notes) for b in document.blocks),
    )
    stream = Stream(plain.metadata, iter(plain.blocks))
    assert written(stream, "epub") == written(plain, "epub")


def test_an_error_leaves_no_file_and_an_old_one_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    path.write_bytes(b"old")
    with pytest.raises(WriteError, match="U\\+0001"):
        write(Document(Metadata(), (Block("a\x01"),), layers=LAYERS), path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in path.parent.iterdir()] == ["book.epub"]
