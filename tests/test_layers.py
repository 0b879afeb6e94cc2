"""Layers: which are run, what a document says of them, and those that come from outside."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reader.annotation import Annotator, annotate, annotate_stream, survey
from reader.annotation.word_candidates import NAME
from reader.errors import LayerError, OptionError
from reader.glossary import Entry, Glossary
from reader.layers import REQUIRES, Layer, LayerContext, evident_layers, select_layers
from reader.lexicon import Lexicon
from reader.model import (
    Block,
    Document,
    DocumentWarning,
    Metadata,
    Reading,
    ReadingSource as Source,
    Stream,
    Token,
)
from reader.options import AnnotateOptions, Standard

TEXT = Document(Metadata(), (Block("他的头发很长。"), Block("天气好。")))


@dataclass(frozen=True)
class OldLevels:
    """A layer of somebody else: the levels of HSK 2, for the words that it knows."""

    name: str = "hsk2"
    requires: tuple[str, ...] = ("words",)

    def apply(self, blocks: Sequence[Block], context: LayerContext) -> Iterator[Block]:
        assert context.language == "zh-Hans"
        assert context.lexicon.frequency("头发")
        for index, block in enumerate(blocks):
            if "天气" in block.text:
                context.warn(DocumentWarning("hsk2 does not know 天气", "hsk2", index, 0, 2))
            yield replace(block, tokens=tuple(map(self._levelled, block.tokens)))

    def _levelled(self, token: Token) -> Token:
        if token.text != "头发":
            return token
        return replace(token, levels=tuple(sorted([*token.levels, (self.name, "3")])))


def words(document: Document) -> dict[str, Token]:
    return {token.text: token for block in document.blocks for token in block.tokens}


def test_all_that_are_built_in_are_run_and_said() -> None:
    document = annotate(TEXT)
    assert document.layers == tuple(sorted(REQUIRES))
    assert TEXT.layers == ()


def test_a_layer_brings_what_it_needs() -> None:
    document = annotate(TEXT, layers=["senses"])
    assert document.layers == ("readings", "senses", "words")
    hair = words(document)["头发"]
    assert hair.senses
    assert (hair.levels, hair.traditional) == ((), "头发")
    assert document.blocks[0].sentences == ()


def test_sentences_alone_and_words_alone() -> None:
    assert {b.tokens for b in annotate(TEXT, layers=["sentences"]).blocks} == {()}
    document = annotate(TEXT, layers=["words"])
    assert not any(token.reading for token in words(document).values())
    assert document.warnings == ()
    assert evident_layers(document.blocks) == document.layers == ("words",)


def test_nothing_is_added_by_no_layers() -> None:
    document = annotate(TEXT, layers=())
    assert document == replace(TEXT, metadata=Metadata(language="zh-Hans"))


@pytest.mark.parametrize("layers", [["words"], ["readings"], ["notes"], ["scripts", "sentences"]])
def test_a_layer_is_the_same_without_the_others(layers: list[str]) -> None:
    glossary = Glossary([Entry("头发", "头发", "頭髮", gloss="hair")])
    whole = annotate(TEXT, glossary=glossary)
    part = annotate(TEXT, glossary=glossary, layers=layers)
    for one, other in zip(whole.blocks, part.blocks, strict=True):
        assert [t.text for t in one.tokens] == [t.text for t in other.tokens]
        assert "notes" not in part.layers or one.notes == other.notes
        assert "sentences" not in part.layers or one.sentences == other.sentences
        for mine, theirs in zip(one.tokens, other.tokens, strict=True):
            assert "readings" not in part.layers or mine.reading == theirs.reading
            assert "scripts" not in part.layers or mine.traditional == theirs.traditional


def test_what_was_done_before_does_not_stay() -> None:
    again = annotate(annotate(TEXT), layers=["sentences"])
    assert again.layers == ("sentences",)
    assert evident_layers(again.blocks) == ("sentences",)


def test_a_stream_says_its_layers_at_once() -> None:
    stream = annotate_stream(TEXT, layers=["levels"])
    assert stream.layers == ("levels", "words")
    assert stream.gather().layers == stream.layers


def test_a_layer_given_as_an_object() -> None:
    document = annotate(TEXT, layers=["levels", OldLevels()])
    assert document.layers == ("hsk2", "levels", "words")
    assert words(document)["头发"].levels == (("hsk2", "3"), ("hsk2025", "3"))
    assert [(w.code, w.block) for w in document.warnings] == [("hsk2", 1)]


def test_warnings_of_a_layer_point_into_the_whole_text() -> None:
    long = Block("他" * 40_000)
    document = annotate(replace(TEXT, blocks=(long, *TEXT.blocks)), layers=[OldLevels()])
    assert [w.block for w in document.warnings if w.code == "hsk2"] == [2]


def test_a_layer_of_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "old_levels-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: old-levels\nVersion: 1\n")
    (folder / "entry_points.txt").write_text(
        "[annotated_reader.layers]\n"
        "hsk2 = tests.test_layers:OldLevels\n"
        "broken = tests.test_layers:Missing\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    assert words(annotate(TEXT, layers=["hsk2"]))["头发"].levels == (("hsk2", "3"),)
    assert words(annotate(TEXT))["头发"].levels == (("hsk2025", "3"),)
    with pytest.raises(OptionError, match="broken"):
        annotate(TEXT, layers=["broken"])


def test_layers_that_there_are_not() -> None:
    with pytest.raises(OptionError, match=r"no layer 'etymology'.*words.*sentences"):
        annotate(TEXT, layers=["etymology"])
    with pytest.raises(OptionError, match=r"layers is 'words', and not .*: words"):
        annotate(TEXT, layers="words")
    with pytest.raises(LayerError, match="no layer"):
        annotate(TEXT, layers=[7])  # type: ignore[list-item]
    with pytest.raises(LayerError, match="built in"):
        select_layers([OldLevels("senses")])
    with pytest.raises(LayerError, match="needs 'hsk1'"):
        select_layers([OldLevels(requires=("hsk1",))])


def _changed(token: Token, **fields: Any) -> Token:
    return replace(token, **fields) if token.text == "头发" else token


FAULTS: dict[str, Any] = {
    "gave 0 blocks": lambda blocks: [],
    "type": lambda blocks: [None] * len(blocks),
    "text": lambda blocks: [replace(b, text=b.text + "!", tokens=()) for b in blocks],
    "sentences": lambda blocks: [replace(b, sentences=()) for b in blocks],
    "words": lambda blocks: [replace(b, tokens=tuple(map(Token, b.text))) for b in blocks],
    "kinds": {"proper": True},
    "forms": {"traditional": "頭髪"},
    "levels": {"levels": (("hsk2025", "1"),)},
    "failed: KeyError": lambda blocks: FAULTS["x"],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_a_layer_must_not_change(fault: str) -> None:
    made = FAULTS[fault]

    class Faulty(OldLevels):
        def apply(self, blocks: Sequence[Block], context: LayerContext) -> Any:
            if callable(made):
                return made(blocks)
            return [replace(b, tokens=tuple(_changed(t, **made) for t in b.tokens)) for b in blocks]

    with pytest.raises(LayerError, match=rf"the layer 'faulty' .*{fault}"):
        annotate(TEXT, layers=["sentences", "levels", Faulty("faulty")])


def test_what_a_layer_may_change() -> None:
    class Own(OldLevels):
        def apply(self, blocks: Sequence[Block], context: LayerContext) -> Any:
            reading = Reading(("tou2", "fa4"), Source.MODEL, 0.5)
            return [
                replace(
                    b, tokens=tuple(_changed(t, senses=("mop",), reading=reading) for t in b.tokens)
                )
                for b in blocks
            ]

    layer: Layer = Own("own")
    hair = words(annotate(TEXT, layers=["readings", layer]))["头发"]
    assert (hair.senses, hair.reading and hair.reading.probability) == (("mop",), 0.5)


def test_a_survey_goes_to_other_processes() -> None:
    sentences = ["他在张江上班。", "张江很远。", "我住张江。", "张江有地铁。", "去张江吧。"]
    blocks = [*map(Block, sentences)]
    known = pickle.loads(pickle.dumps(survey(blocks)))
    assert known.language == "zh-Hans"
    assert dict(known.words) == {"张江": NAME}
    annotator = Annotator(Lexicon.open(), survey=known)
    assert annotator.block(blocks[1]) == annotate(Document(Metadata(), tuple(blocks))).blocks[1]
    assert Annotator(Lexicon.open()).block(blocks[1]).tokens[0].text == "张"


def test_a_survey_looks_at_so_many_blocks_and_no_more() -> None:
    def endless() -> Iterator[Block]:
        while True:
            yield Block("天氣好。")

    assert survey(endless()).language == "zh-Hant"
    assert survey([], language="zh-Hant-HK").language == "zh-Hant-HK"


@pytest.mark.parametrize("text", ["你好", None, [Block("你好")], Stream(Metadata(), ())])
def test_only_a_document_is_annotated(text: Any) -> None:
    with pytest.raises(OptionError, match=r"is a Document, not a .*read_text"):
        annotate(text)


def test_only_a_text_is_streamed() -> None:
    with pytest.raises(OptionError, match="Document or Stream, not a str"):
        annotate_stream("你好")  # type: ignore[arg-type]


def test_a_glossary_may_be_named_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("term,gloss\n头发,hair\n", "utf-8")
    for glossary in (path, str(path)):
        assert annotate(TEXT, glossary=glossary).blocks[0].notes[0].gloss == "hair"
    with pytest.raises(OptionError, match=r"glossary is a Glossary, the path .*, not 7"):
        annotate(TEXT, glossary=7)  # type: ignore[arg-type]


def test_options_of_another_kind() -> None:
    with pytest.raises(OptionError, match=r"options is .taiwan., and not AnnotateOptions"):
        annotate(TEXT, options="taiwan")  # type: ignore[arg-type]


def test_a_standard_by_its_plain_name() -> None:
    assert AnnotateOptions(standard="taiwan").standard is Standard.TAIWAN  # type: ignore[arg-type]
    with pytest.raises(OptionError, match="standard is 'x', which is not one of prc, taiwan"):
        AnnotateOptions(standard="x")  # type: ignore[arg-type]


def _iterable(layers: Iterable[str | Layer]) -> Iterator[str | Layer]:
    yield from layers


def test_any_collection_of_layers() -> None:
    for asked in ({"words"}, ("words",), _iterable(["words"]), {"words": 1}):
        assert select_layers(asked).names == ("words",)
