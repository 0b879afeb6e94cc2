"""The one way from a source to an output: read, prepared, annotated, aligned and written.

    report = reader.build("market.txt", "market.epub", reader.Recipe(glossary=glossary))

The command line, batches and bound books all come through here, so that the same text by the same
recipe gives the same bytes, whoever asks.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from reader import annotation, sources
from reader.errors import OptionError, require
from reader.model import Block, Document, DocumentWarning, MarkKind, Stream
from reader.options import AlignOptions, AnnotateOptions, BookOptions, RenderOptions, SourceOptions
from reader.writers.formats import find_format, format_of, write

if TYPE_CHECKING:
    from reader.alignment import Pair
    from reader.glossary import GlossarySource
    from reader.inplace import BookReport
    from reader.layers import Layer
    from reader.lexicon import Lexicon

# What annotates, aligns and annotates books in place is imported when it is first used: a batch
# whose texts have not changed does with the recipe alone.

__all__ = [
    "BuildReport",
    "LoadedTranslation",
    "Recipe",
    "annotate",
    "annotate_source",
    "annotate_stream",
    "build",
    "is_book",
    "layers_of",
    "load_translation",
    "read_source",
]

Source: TypeAlias = str | PathLike[str] | Document | Stream
"""A file, or a text that has been read already (of standard input, of an upload)."""
Progress: TypeAlias = Callable[[int, int], None]
"""Called with what is done and what there is in all: a book's bytes. Of a text that flows the end
is not known: it is called with the code points done and 0. May raise, to give the work up."""

PAIR_SUFFIXES = (".tsv", ".tmx")
"""Translations that are pairs of sentences, not a text."""


_PARTS: dict[str, type] = {
    "to": str,
    "source": SourceOptions,
    "annotate": AnnotateOptions,
    "render": RenderOptions,
    "align": AlignOptions,
    "book": BookOptions,
    "repair": bool,
    "find_translation": bool,
}
"""Of which type the parts of a recipe are."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a text becomes an output: every choice that decides its bytes. Can be pickled."""

    to: str = ""
    """The output's format by name; if empty, what the target's suffix stands for."""
    source: SourceOptions = field(default_factory=SourceOptions)
    annotate: AnnotateOptions = field(default_factory=AnnotateOptions)
    render: RenderOptions = field(default_factory=RenderOptions)
    align: AlignOptions = field(default_factory=AlignOptions)
    book: BookOptions = field(default_factory=BookOptions)
    glossary: GlossarySource | None = None
    """The path of a CSV file or rows (`Entry` objects) stand for the glossary of them."""
    config: str | None = None
    """An OpenCC config to convert the text by before it is annotated."""
    repair: bool = False
    """Correct likely slips in the text itself."""
    find_translation: bool = True
    """Take the translation that stands beside the text (`NAME.en.txt`) where none is named."""
    translation: str | PathLike[str] | Document | None = None
    """The translation; a TSV or TMX file is one made of pairs."""
    pairs: str | PathLike[str] | tuple[Pair, ...] = ()
    """Pairs made by hand, which hold whatever alignment thinks; a translation by themselves."""

    def __post_init__(self) -> None:
        for name, kind in _PARTS.items():
            require(kind, name, getattr(self, name))
        if self.glossary is not None:
            from reader.glossary import Glossary

            object.__setattr__(self, "glossary", Glossary.of(self.glossary))


def annotate(
    text: str | PathLike[str] | Document,
    *,
    glossary: GlossarySource | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
    layers: Iterable[str | Layer] | None = None,
) -> Document:
    """A text with its words, readings, senses, notes and sentences.

    A `str` is the text itself, a path (`pathlib.Path`) the file to read it from; a `Document` was
    read before. `glossary` is the path of a CSV file, its rows, or a `Glossary`; without one there
    are no notes. `lexicon` is `Lexicon.open()` unless given. `layers` are the names of those to
    run, with what these need, or layers from outside (see `reader.layers`); None stands for all
    that are built in. A translation that was aligned stays, its links untouched.

    >>> annotate("他在銀行工作。").pinyin()
    'tā zài yínháng gōngzuò.'

    Raises `SourceError` for what cannot be read, `OptionError` for arguments of another kind and
    for layers that there are not.
    """
    return annotation.annotate(
        text if isinstance(text, Document) else _read(text).gather(),
        glossary=glossary,
        lexicon=lexicon,
        options=options,
        layers=layers,
    )


def annotate_stream(
    text: str | PathLike[str] | Document | Stream,
    *,
    glossary: GlossarySource | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
    layers: Iterable[str | Layer] | None = None,
) -> Stream:
    """The same, block by block: nothing is held but the first blocks, which are surveyed.

    Warnings are added to the stream's as its blocks pass.
    """
    return annotation.annotate_stream(
        text if isinstance(text, Document | Stream) else _read(text),
        glossary=glossary,
        lexicon=lexicon,
        options=options,
        layers=layers,
    )


def _read(text: str | PathLike[str]) -> Stream:
    """The text that a `str` is, or that is in the file at a path."""
    if isinstance(text, PathLike):
        return sources.read_stream(text)
    if not isinstance(text, str):
        wanted = "a str (a text), a path (a file) or a Document"
        raise OptionError(f"what is annotated is {wanted}, not {type(text).__name__}")
    if _names_a_file(text):
        message = "is the name of a file, and a str is a text"
        raise OptionError(f"{text!r} {message}: give pathlib.Path({text!r})")
    return read_source(sources.read_text(text), Recipe())


def _names_a_file(text: str) -> bool:
    """Whether a text is rather a name: of a kind that is read, and there, or not Chinese."""
    from reader.scripts import has_han

    suffix = os.path.splitext(text)[1].lower()
    is_name = suffix in sources.SOURCES and "\n" not in text
    return is_name and (os.path.exists(text) or not has_han(text))


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was done."""

    to: str
    """The format written, by name."""
    language: str
    """BCP 47 of the text, as detected or given."""
    characters: int = 0
    """Code points of the text; of a book in place they are not counted."""
    translated: bool = False
    """Whether a translation stands beside the text."""
    warnings: tuple[DocumentWarning, ...] = ()
    book: BookReport | None = None
    """Of a book annotated in place: what was done to its documents."""


def build(
    source: Source,
    target: str | PathLike[str] | BinaryIO,
    recipe: Recipe | None = None,
    *,
    lexicon: Lexicon | None = None,
    jobs: int = 1,
    progress: Progress | None = None,
) -> BuildReport:
    """Make of `source` what `recipe` says, and write it to `target`.

    An EPUB that becomes an EPUB is annotated in place, its content documents in `jobs`
    processes; any other text is read, annotated and written anew. It flows, block by block,
    unless it has a translation (alignment needs the whole of both) or links that lead to places in
    it: a writer must know of those before it comes to them. A file appears whole or not
    at all; a binary file as `target` needs `recipe.to` and is left open.

    Raises `OptionError` for what cannot be asked, and the errors of reading, annotating,
    aligning and writing.
    """
    recipe = recipe or Recipe()
    require(Recipe, "recipe", recipe)
    recipe = replace(recipe, to=recipe.to or format_of(target))
    if is_book(source, recipe.to):
        assert not isinstance(source, Document | Stream)
        return _build_book(source, target, recipe, lexicon, jobs, progress)
    layers = layers_of(recipe)
    translation = load_translation(source, recipe)
    text = read_source(source, recipe, lexicon=lexicon)
    linked = _is_linked(text)
    stream = _annotated(text, recipe, layers, lexicon)
    counted = _Counted(stream.blocks, progress)
    stream = replace(stream, blocks=counted)
    flow: Document | Stream = stream
    if translation is not None:
        flow = translation.aligned(stream.gather(), recipe, lexicon)
    elif linked:
        flow = stream.gather()
    write(flow, target, recipe.render, to=recipe.to)
    return BuildReport(
        recipe.to,
        stream.metadata.language,
        counted.characters,
        translated=flow.translation is not None,
        warnings=(*flow.warnings, *_too_long(recipe.to, counted.characters)),
    )


def _too_long(to: str, characters: int) -> Iterator[DocumentWarning]:
    most = find_format(to).comfortable
    if most is not None and characters > most:
        message = f"{characters:,} characters are much for one page: better an EPUB, or a page for"
        yield DocumentWarning(f"{message} each chapter", "long-page")


def is_book(source: Source, to: str) -> bool:
    """Whether the source is annotated in place: an EPUB that becomes an EPUB.

    >>> is_book("old.EPUB", "epub"), is_book("old.epub", "tei"), is_book("text.txt", "epub")
    (True, False, False)
    """
    if isinstance(source, Document | Stream):
        return False
    return to == "epub" and os.fspath(source).lower().endswith(".epub")


def read_source(source: Source, recipe: Recipe, *, lexicon: Lexicon | None = None) -> Stream:
    """The text as it is read, then converted and repaired where the recipe says so."""
    if isinstance(source, Stream):
        stream = source
    elif isinstance(source, Document):
        stream = Stream(
            source.metadata,
            source.blocks,
            source.translation,
            list(source.warnings),
            source.resources,
            source.layers,
        )
    else:
        stream = sources.read_stream(source, recipe.source)
    if recipe.config:
        stream = _converted(stream, recipe.config)
    if recipe.repair:
        blocks = _repaired(stream, lexicon)
        stream = replace(stream, blocks=blocks, layers=())
    return stream


def annotate_source(
    source: Source,
    recipe: Recipe,
    *,
    layers: Collection[str] | None = None,
    lexicon: Lexicon | None = None,
) -> Stream:
    """The text read as the recipe says and annotated with these layers, or all built-in ones."""
    return _annotated(read_source(source, recipe, lexicon=lexicon), recipe, layers, lexicon)


def _annotated(
    text: Stream, recipe: Recipe, layers: Collection[str] | None, lexicon: Lexicon | None
) -> Stream:
    return annotation.annotate_stream(
        text,
        glossary=recipe.glossary,
        lexicon=lexicon,
        options=recipe.annotate,
        layers=layers,
    )


def _is_linked(text: Stream) -> bool:
    """Whether links may lead to places of the text, as its source, which holds it all, has them."""
    return isinstance(text.blocks, Sequence) and any(
        block.id or any(mark.kind is MarkKind.ANCHOR for mark in block.marks)
        for block in text.blocks
    )


def layers_of(recipe: Recipe) -> Collection[str]:
    """The layers that the output wants; corrections always, since readings follow them."""
    return find_format(recipe.to).needs(recipe.render) | {"corrections"}


def _converted(stream: Stream, config: str) -> Stream:
    from reader.annotation.preparation import convert, convert_block

    head = convert(Document(stream.metadata, ()), config)
    blocks: Iterable[Block] = (convert_block(block, config) for block in stream.blocks)
    if isinstance(stream.blocks, Sequence):
        blocks = tuple(blocks)
    # A translation's links would not fit the new text, nor does any annotation.
    return replace(stream, metadata=head.metadata, blocks=blocks, translation=None, layers=())


def _repaired(stream: Stream, lexicon: Lexicon | None) -> Iterable[Block]:
    """The blocks with their slips corrected, which only annotating them finds.

    What it adds besides is dropped or done anew when the text is annotated.
    """
    from reader.annotation.preparation import repair_block

    # A stream of its own: warnings of this first pass are given again by the second.
    plain = Stream(stream.metadata, stream.blocks)
    first = annotation.annotate_stream(plain, lexicon=lexicon, layers=["corrections"])
    repaired = map(repair_block, first.blocks)
    return tuple(repaired) if isinstance(stream.blocks, Sequence) else repaired


class _Counted:
    """The same blocks, their code points counted as they pass."""

    def __init__(self, blocks: Iterable[Block], progress: Progress | None) -> None:
        self._blocks, self._progress = blocks, progress
        self.characters = 0

    def __iter__(self) -> Iterator[Block]:
        for block in self._blocks:
            self.characters += len(block.text)
            if self._progress is not None:
                self._progress(self.characters, 0)
            yield block


@dataclass(frozen=True, slots=True)
class LoadedTranslation:
    """A translation that was read, and the pairs a person made of it."""

    document: Document | None
    """None where the pairs are all there is."""
    pairs: Sequence[Pair]

    def aligned(self, document: Document, recipe: Recipe, lexicon: Lexicon | None) -> Document:
        from reader.alignment import align, translation_from

        return align(
            document,
            self.document or translation_from(document, self.pairs),
            anchors=self.pairs,
            lexicon=lexicon,
            glossary=recipe.glossary,
            options=recipe.align,
        )


def load_translation(source: Source, recipe: Recipe) -> LoadedTranslation | None:
    """The translation named or found beside the source, read; None when there is none."""
    translation, pairs = recipe.translation, recipe.pairs
    if isinstance(translation, str | PathLike) and _holds_pairs(translation):
        pairs = translation
        translation = None
    if translation is None and recipe.find_translation:
        translation = _neighbour(source)
    if isinstance(pairs, str | PathLike):
        pairs = _read_pairs(pairs)
    if isinstance(translation, str | PathLike):
        translation = _read_translation(translation)
    return None if translation is None and not pairs else LoadedTranslation(translation, pairs)


def _neighbour(source: Source) -> Path | None:
    """The translation that stands beside a source that is a file."""
    from reader.alignment import find_translation

    if isinstance(source, Document | Stream):
        return None
    candidate = find_translation(Path(source))
    return candidate[0] if candidate else None


def _holds_pairs(path: str | PathLike[str]) -> bool:
    return os.fspath(path).lower().endswith(PAIR_SUFFIXES)


def _read_pairs(path: str | PathLike[str]) -> tuple[Pair, ...]:
    """The pairs in a TSV or TMX file."""
    from reader.alignment import read_pairs, read_tmx

    tmx = os.fspath(path).lower().endswith(".tmx")
    return tuple((read_tmx if tmx else read_pairs)(path))


def _read_translation(path: str | PathLike[str]) -> Document:
    """The translation in a file, in the language its name says (`NAME.fr.txt`) or English."""
    from reader.alignment import translation_language

    return sources.read(path, language=translation_language(Path(path)) or "en")


def _build_book(
    source: str | PathLike[str],
    target: str | PathLike[str] | BinaryIO,
    recipe: Recipe,
    lexicon: Lexicon | None,
    jobs: int,
    progress: Progress | None,
) -> BuildReport:
    from reader.inplace import annotate_book

    if not isinstance(target, str | PathLike):
        raise OptionError("a book annotated in place needs a file to be written to", path=source)
    translation = load_translation(source, recipe)
    if translation is not None and translation.document is None:
        raise OptionError("pairs of a book go with its translation", path=source)
    report = annotate_book(
        source,
        target,
        glossary=recipe.glossary,
        lexicon=lexicon,
        annotate=replace(
            recipe.annotate, language=recipe.annotate.language or recipe.source.language
        ),
        render=recipe.render,
        translation=None if translation is None else translation.document,
        pairs=() if translation is None else translation.pairs,
        book=recipe.book,
        jobs=jobs,
        progress=progress,
    )
    return BuildReport(
        recipe.to,
        report.language,
        translated=translation is not None,
        warnings=(*_ignored(recipe), *report.warnings),
        book=report,
    )


def _ignored(recipe: Recipe) -> Iterator[DocumentWarning]:
    """What would change a book's text or metadata, and is not done to one in place."""
    choices = {
        "title": recipe.source.title,
        "author": recipe.source.authors,
        "date": recipe.source.date,
        "config": recipe.config,
        "repair": recipe.repair,
    }
    for name, value in choices.items():
        if value:
            message = f"the {name} given does not go with a book annotated in place; left out"
            yield DocumentWarning(message, "ignored-option")
