"""Blocks in, annotated blocks out: the order in which everything in this package is done."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain, islice
from threading import get_ident
from typing import NamedTuple

from reader.annotation.corrections import CorrectionFinder, apply_corrections
from reader.annotation.given_readings import Given, GivenReadings
from reader.annotation.preparation import (
    SURVEYED,
    UNREAD,
    Survey,
    is_read,
    repair_block,
    survey,
)
from reader.annotation.readings import read_questions, shared_resolver
from reader.annotation.script_forms import ScriptForms, forms_of, region_of
from reader.annotation.segmentation import shared_segmenter
from reader.annotation.spoken_numbers import joined_numbers, readings_of_latin
from reader.annotation.terminology import NO_TERMS, Terminology, Terms, read_notes
from reader.annotation.tokens import (
    TOKEN_LAYERS,
    DictionarySenses,
    TaiwanTokens,
    TokenFactory,
    shared_taiwan,
)
from reader.annotation.word_candidates import NUMBER, OTHER, Word
from reader.errors import OptionError, require
from reader.glossary import Glossary, GlossarySource
from reader.layers import Layer, LayerContext, apply_layer, select_layers
from reader.lexicon import Lexicon
from reader.lexicon.dictionaries import Dictionary
from reader.model import (
    Block,
    Correction,
    Document,
    DocumentWarning,
    Flow,
    Reading,
    Span,
    Stream,
    Token,
)
from reader.options import AnnotateOptions, Standard
from reader.scripts import simplify, simplify_each, to_region
from reader.sentences import sentences_of

PORTION = 32_000
"""Code points of a stream that are annotated before they are handed on."""


class _Prepared(NamedTuple):
    """What there is in a block before its words are known."""

    simplified: str
    """Its text in Simplified, character by character."""
    terms: Terms
    sentences: tuple[Span, ...]


class _Cut(NamedTuple):
    """A block whose words are known."""

    words: Sequence[Word]
    intended: str
    """The text that was meant: its own, but for slips."""
    simplified: str
    """What was meant, in Simplified."""
    given: Sequence[Given]
    corrections: Sequence[Correction]


class Annotator:
    """Annotates blocks of one text, some at a time, in one language.

    `language` is the text's, in BCP 47 (`zh-Hans`, `zh-Hant`, `zh-Hant-TW`, `zh-Hant-HK`); where
    there is a `survey` of the text, that says it. `layers` are names of layers, or layers from
    outside (see `reader.layers`). Equal tokens are one object across all blocks, and across the
    texts of a thread that are annotated with one lexicon by the same layers.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        glossary: GlossarySource | None = None,
        options: AnnotateOptions | None = None,
        language: str = "zh-Hans",
        *,
        layers: Iterable[str | Layer] | None = None,
        survey: Survey | None = None,
    ) -> None:
        options = _checked(options)
        self._options = options
        self._language = language if survey is None else survey.language
        self._is_simplified = self._language.startswith("zh-Hans")
        self._selected = select_layers(layers)
        self._layers = self._selected.built_in
        self._lexicon = lexicon
        segmenter = shared_segmenter(lexicon)
        self._segmenter = segmenter.with_words(dict(survey.words) if survey else {})
        thread = get_ident()
        self._resolver = shared_resolver(lexicon, read_numbers=options.read_numbers)
        self._given = GivenReadings(lexicon)
        self._forms: ScriptForms | None = None
        if "scripts" in self._layers:
            self._forms = forms_of(lexicon, self._language, options.region)
        self._to_traditional = self._is_simplified and self._forms is not None
        layers_of_tokens = self._layers & TOKEN_LAYERS
        self._tokens = _token_factory(lexicon, layers_of_tokens, self._forms, thread)
        self._taiwan: TaiwanTokens | None = None
        if options.standard is Standard.TAIWAN and "readings" in self._layers:
            self._taiwan = shared_taiwan(lexicon)
        self._dictionary: DictionarySenses | None = None
        if options.dictionary and "senses" in self._layers:
            dictionary = Dictionary.load(options.dictionary, options.gloss_language)
            self._dictionary = DictionarySenses(dictionary)
        self._terminology = Terminology(Glossary.of(glossary), forms=self._to_traditional)
        self._finder: CorrectionFinder | None = None
        # What a machine's conversion spoils is a Traditional text.
        if options.corrections and "corrections" in self._layers and not self._is_simplified:
            self._finder = _correction_finder(lexicon, thread)
        self.warnings: list[DocumentWarning] = []
        """Those of the blocks annotated last; `block` is an index of these."""

    @property
    def layers(self) -> tuple[str, ...]:
        """The names of the layers that are run, sorted."""
        return self._selected.names

    @property
    def traditional(self) -> str:
        """BCP 47 of the Traditional forms of tokens, as in `Metadata.traditional`; empty where they
        are not worked out."""
        return region_of(self._language, self._options.region) if self._forms else ""

    def annotate(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks with tokens, notes, sentences and corrections; marks stay as they are."""
        self.warnings = []
        if "words" in self._layers:
            annotated = self._annotated(blocks)
        else:
            annotated = [b.annotated((), (), self._sentences(b), ()) for b in blocks]
        for layer in self._selected.outside:
            context = LayerContext(
                self._language, self._lexicon, self._options, self.warnings.append
            )
            annotated = apply_layer(layer, annotated, context)
        return annotated

    def block(self, block: Block) -> Block:
        """One block annotated."""
        return self.annotate([block])[0]

    def _prepare(self, blocks: Sequence[Block]) -> list[_Prepared]:
        """What there is in blocks before their words are known, scripts of all in one go."""
        texts = [block.text for block in blocks]
        simplified = simplify_each(texts, self._language)
        find = self._terminology.find
        terms = [
            find(block.text, shadow) if is_read(block, self._language) else NO_TERMS
            for block, shadow in zip(blocks, simplified, strict=True)
        ]
        return list(map(_Prepared, simplified, terms, map(self._sentences, blocks)))

    def _sentences(self, block: Block) -> tuple[Span, ...]:
        if block.kind in UNREAD or "sentences" not in self._layers:
            return ()
        return sentences_of(block, "zh")

    def _annotated(self, blocks: Sequence[Block]) -> list[Block]:
        """The blocks with all that is built in.

        One step of all of them, then the next: each step has tables of its own, which the
        processor's cache would lose between any two blocks.
        """
        prepared = self._prepare(blocks)
        cuts = [
            self._cut(block, known) if block.text and is_read(block, self._language) else None
            for block, known in zip(blocks, prepared, strict=True)
        ]
        readings = [
            self._readings(cut, known.terms) if cut else []
            for cut, known in zip(cuts, prepared, strict=True)
        ]
        annotated = []
        for index, (block, known, cut) in enumerate(zip(blocks, prepared, cuts, strict=True)):
            if cut:
                block = self._block(block, known, cut, readings[index], index)
            elif block.text:
                tokens = self._unread(block.text)
                block = replace(block, tokens=tokens, sentences=known.sentences)
            annotated.append(block)
        return annotated

    def _cut(self, block: Block, prepared: _Prepared) -> _Cut:
        text = intended = block.text
        simplified, terms, _ = prepared
        words = self._words(text, simplified, terms)
        given = list(self._given.find(text, simplified, block.marks))
        corrections = self._finder.find(text, simplified, words) if self._finder else ()
        if corrections:
            # Annotation follows what was meant: its words are other words than those written.
            intended = apply_corrections(text, corrections)
            simplified = simplify(intended, self._language)
            words = self._words(text, simplified, terms)
        return _Cut(words, intended, simplified, given, corrections)

    def _block(
        self,
        block: Block,
        prepared: _Prepared,
        cut: _Cut,
        readings: list[Reading | None],
        index: int,
    ) -> Block:
        """The block annotated; its warnings are added, as those of block `index`."""
        text, terms, words = block.text, prepared.terms, cut.words
        tokens = self._tokens.make(words, readings, text, cut.simplified, cut.intended)
        if self._forms:
            tokens = self._with_forms(self._forms.in_place(tokens, words, text), words, terms)
        if self._taiwan:
            tokens = self._taiwan.of(tokens)
        if self._dictionary:
            tokens = self._dictionary.of(tokens)
        # Whether any word ever had no reading; few texts hold such words, and most blocks are
        # spared the search.
        if self._tokens.unread and "readings" in self._layers:
            self._warn(words, readings, text, index)
        notes = terms.notes if "notes" in self._layers else ()
        return block.annotated(
            tokens=tokens,
            notes=read_notes(notes, words, tokens, forms=self._to_traditional) if notes else (),
            sentences=prepared.sentences,
            corrections=tuple(cut.corrections),
        )

    def _words(self, text: str, simplified: str, terms: Terms) -> Sequence[Word]:
        words = self._segmenter.segment(text, simplified, terms.words)
        return joined_numbers(text, words) if self._options.read_numbers else words

    def _readings(self, cut: _Cut, terms: Terms) -> list[Reading | None]:
        words, text, simplified, given, _ = cut
        if "readings" not in self._layers:
            return [None] * len(words)
        readings = self._resolver.read(words, text, simplified)
        read_questions(words, simplified, readings)
        if self._options.read_numbers:
            readings_of_latin(text, words, readings)
        if given:
            self._given.put(given, words, readings)
        for start, reading in terms.readings.items():
            # A row of the glossary is a person's decision: it beats whatever the text says.
            readings[bisect_left(words, (start, start, 0))] = reading
        return readings

    def _with_forms(
        self, tokens: tuple[Token, ...], words: Sequence[Word], terms: Terms
    ) -> tuple[Token, ...]:
        """The tokens with the Traditional forms that rows of the glossary give."""
        if not terms.forms or not self._to_traditional:
            return tokens
        changed = list(tokens)
        for start, form in terms.forms.items():
            at = bisect_left(words, (start, start, 0))
            form = to_region(form, self.traditional)
            if form != tokens[at].traditional:
                changed[at] = replace(tokens[at], traditional=form)
        return tuple(changed)

    def _warn(
        self, words: Sequence[Word], readings: list[Reading | None], text: str, index: int
    ) -> None:
        for (start, end, kind), reading in zip(words, readings, strict=True):
            if kind < NUMBER and reading is None:
                message = f"no reading is known for {text[start:end]}"
                self.warnings.append(DocumentWarning(message, "no-reading", index, start, end))

    def _unread(self, text: str) -> tuple[Token, ...]:
        """The tokens of a text that is in another language, or none: nothing in it is a word."""
        words = [
            (start, end, OTHER if kind < NUMBER else kind)
            for start, end, kind in self._segmenter.segment(text, text)
        ]
        return self._tokens.make(words, [None] * len(words), text, text, text)


# What is the same for all texts, with memories of the words met in any of them: nothing here
# depends on a text's language, on its glossary or on what was met before. One of each a thread,
# since a memory is emptied when it is full, whoever reads it.


@lru_cache(maxsize=4)
def _correction_finder(lexicon: Lexicon, _thread: int) -> CorrectionFinder:
    return CorrectionFinder(lexicon)


@lru_cache(maxsize=8)
def _token_factory(
    lexicon: Lexicon, layers: frozenset[str], forms: ScriptForms | None, _thread: int
) -> TokenFactory:
    return TokenFactory(lexicon, layers, forms.finish if forms else None)


def annotate(
    document: Document,
    *,
    glossary: GlossarySource | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
    layers: Iterable[str | Layer] | None = None,
) -> Document:
    """The document with words, readings, notes and sentences, in the language given or detected.

    `reader.annotate` takes texts and files too. Without a `glossary` there are no notes.
    `lexicon` is `Lexicon.open()` unless given. `layers` are the names of those to run, with what
    these need, or layers from outside (see `reader.layers`); None stands for all that are built
    in. A translation that was aligned stays, its links untouched.

    Raises `OptionError` for arguments of another kind and for layers that there are not.
    """
    if not isinstance(document, Document):
        raise _not_a_text("Document", document)
    stream = annotate_stream(
        document, glossary=glossary, lexicon=lexicon, options=options, layers=layers
    )
    blocks = tuple(stream.blocks)
    # The stream's begin with the document's own, and have grown as its blocks passed.
    warnings = (*document.warnings, *stream.warnings[len(document.warnings) :])
    return replace(
        document, metadata=stream.metadata, blocks=blocks, warnings=warnings, layers=stream.layers
    )


def annotate_stream(
    flow: Flow,
    *,
    glossary: GlossarySource | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
    layers: Iterable[str | Layer] | None = None,
) -> Stream:
    """The same, block by block: nothing is held but the first blocks, which are surveyed.

    Warnings are added to the stream's as its blocks pass.
    """
    if not hasattr(flow, "blocks"):
        raise _not_a_text("Document or Stream", flow)
    options = _checked(options)
    lexicon = lexicon or Lexicon.default()
    blocks = iter(flow.blocks)
    # Read ahead: the language and the text's own words bear on the very first block.
    first = list(islice(blocks, SURVEYED))
    text = survey(first, language=options.language or flow.metadata.language, lexicon=lexicon)
    annotator = Annotator(lexicon, glossary, options, layers=layers, survey=text)
    warnings = [*getattr(flow, "warnings", ()), *text.warnings]
    annotated = _annotated(annotator, chain(first, blocks), warnings)
    metadata = replace(flow.metadata, language=text.language, traditional=annotator.traditional)
    return Stream(metadata, annotated, flow.translation, warnings, flow.resources, annotator.layers)


def _checked(options: AnnotateOptions | None) -> AnnotateOptions:
    if options is not None:
        require(AnnotateOptions, "options", options)
    return options or AnnotateOptions()


def _not_a_text(wanted: str, other: object) -> OptionError:
    message = f"what is annotated is a {wanted}, not a {type(other).__name__}"
    return OptionError(f"{message}; reader.read_text makes a Document of Chinese text")


def _annotated(
    annotator: Annotator, blocks: Iterable[Block], warnings: list[DocumentWarning]
) -> Iterator[Block]:
    passed = 0
    for portion in _portions(blocks):
        annotated = annotator.annotate(portion)
        warnings += [
            warning if warning.block is None else replace(warning, block=warning.block + passed)
            for warning in annotator.warnings
        ]
        passed += len(portion)
        yield from annotated


def _portions(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """The blocks, some at a time.

    What reads, annotates and writes them has tables of its own each, which the processor's cache
    would lose between any two blocks.
    """
    portion: list[Block] = []
    size = 0
    for block in blocks:
        portion.append(block)
        size += len(block.text)
        if size >= PORTION:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def repair(document: Document, *, lexicon: Lexicon | None = None) -> Document:
    """The document with its likely slips corrected in the text, to be annotated (again).

    Those found by annotation, which is done here where it has not been. Tokens, notes, sentences
    and corrections of the blocks that change are dropped, marks and translation stay.
    """
    if "corrections" in document.layers or any(block.corrections for block in document.blocks):
        blocks = tuple(map(repair_block, document.blocks))
        # A block that changed has lost its annotation, so the document has no layer throughout.
        layers = document.layers if blocks == document.blocks else ()
        return replace(document, blocks=blocks, layers=layers)
    annotated = annotate(document, lexicon=lexicon, layers=["corrections"]).blocks
    blocks = tuple(
        repair_block(replace(block, corrections=judged.corrections))
        for block, judged in zip(document.blocks, annotated, strict=True)
    )
    return replace(document, blocks=blocks)
