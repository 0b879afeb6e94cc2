"""Many texts bound into one book, a chapter each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from reader.batch.plan import find_texts
from reader.batch.tasks import Outcome, Status, Text
from reader.building import Recipe, annotate_source, layers_of, read_source
from reader.errors import OptionError, ReaderError, SourceError
from reader.files import readable_name
from reader.model import Block, BlockKind, Metadata, Stream
from reader.writers.formats import write

__all__ = ["bind"]


def bind(
    sources: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    recipe: Recipe,
    *,
    title: str | None = None,
    progress: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Write one book at `out` with a chapter for each text, in order; outcomes of the texts.

    A text that cannot be read is left out. Each title becomes a chapter's heading, and the
    headings below it one deeper. `title` is the book's, its file's name if not given.
    Translations are not bound. Raises `SourceError` when there is no text to bind, `WriteError`
    when `out` cannot be written.
    """
    recipe = replace(recipe, to=recipe.to or "epub")
    if recipe.to != "epub":
        raise OptionError(f"texts are bound into an EPUB, not into {recipe.to}")
    texts = find_texts([os.fspath(source) for source in sources], "", recipe.to)
    outcomes: list[Outcome] = []

    def report(outcome: Outcome) -> None:
        outcomes.append(outcome)
        if progress is not None:
            progress(outcome)

    chapters = _chapters(texts, recipe, report)
    first = next(chapters, None)
    if first is None:
        # Not as an excerpt, which is cut: what to do stands at the end of a message.
        raise SourceError(f"none of the texts can be read; the first: {outcomes[0].message}")
    metadata = _metadata(first.metadata, recipe, title or readable_name(Path(out).stem))
    blocks = _bound(first, chapters, metadata.language)
    book = Stream(metadata, blocks, layers=first.layers)
    write(book, out, recipe.render, to=recipe.to)
    return outcomes


def _metadata(first: Metadata, recipe: Recipe, title: str) -> Metadata:
    """The book's own: what the recipe says of it, and the first text's language."""
    chosen = recipe.source
    return Metadata(
        title=chosen.title or title,
        authors=chosen.authors,
        language=first.language,
        date=chosen.date or "",
    )


def _chapters(
    texts: Iterable[Text], recipe: Recipe, report: Callable[[Outcome], None]
) -> Iterator[Stream]:
    """Each text that can be read, annotated and made a chapter."""
    # Title, author and date in the recipe are the book's, not each text's.
    own = replace(recipe, source=replace(recipe.source, title=None, authors=(), date=None))
    # Read, converted and repaired before its headings move.
    prepared = replace(own, config=None, repair=False)
    for text in texts:
        try:
            stream = read_source(text.source, own)
            chapter = replace(stream, blocks=_chapter(stream.metadata.title, stream.blocks))
            stream = annotate_source(chapter, prepared, layers=layers_of(recipe))
        except ReaderError as error:
            report(Outcome(text, Status.FAILED, str(error)))
            continue
        yield stream
        report(Outcome(text, Status.BUILT, warnings=tuple(stream.warnings)))


def _chapter(title: str, blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks below one heading: the title of the text, or its file's name."""
    titled = False
    for block in blocks:
        if block.kind is BlockKind.TITLE and not titled:
            titled = True
            yield replace(block, kind=BlockKind.HEADING, level=1)
            continue
        if not titled:
            titled = True
            yield Block(title, BlockKind.HEADING)
        deeper = block.kind is BlockKind.HEADING
        yield replace(block, level=block.level + 1) if deeper else block


def _bound(first: Stream, others: Iterable[Stream], language: str) -> Iterator[Block]:
    yield from first.blocks
    for chapter in others:
        own = chapter.metadata.language
        for block in chapter.blocks:
            foreign = own != language and not block.language
            yield replace(block, language=own) if foreign else block
