"""One text, from its file to its output: what every worker does, here or on a cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reader.batch import places
from reader.batch.recipe import Recipe
from reader.batch.texts import Text
from reader.errors import ReaderError
from reader.model import Block, Document, DocumentWarning, Stream

if TYPE_CHECKING:
    from reader.lexicon import Lexicon

__all__ = ["Outcome", "Status", "annotated", "build", "build_text", "stream_of"]


class Status(StrEnum):
    BUILT = "built"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one text."""

    text: Text
    status: Status
    message: str = ""
    """Why it failed: one message for a person, which names the file."""
    seconds: float = 0.0
    characters: int = 0
    warnings: tuple[DocumentWarning, ...] = ()
    detail: str = ""
    """The traceback, when the failure is the program's own."""


class _TooLong(Exception):
    pass


def build(text: Text, recipe: Recipe, timeout: float | None = None) -> Outcome:
    """Build one text; whatever goes wrong with it is told in the outcome, not raised."""
    start = time.perf_counter()
    try:
        return replace(build_text(text, recipe, timeout), seconds=time.perf_counter() - start)
    except ReaderError as error:
        return Outcome(text, Status.FAILED, str(error))
    except _TooLong:
        message = f"{text.source}: took longer than {timeout:g} seconds"
        return Outcome(text, Status.FAILED, message)
    except MemoryError:
        return Outcome(text, Status.FAILED, f"{text.source}: not enough memory for it")
    except Exception as error:  # one text must not stop the others
        from traceback import format_exc

        said = f"{text.source}: {type(error).__name__}: {error}"
        return Outcome(text, Status.FAILED, said, detail=format_exc())


def build_text(text: Text, recipe: Recipe, timeout: float | None = None) -> Outcome:
    """Build one text; raises `ReaderError` for what is wrong with it."""
    with places.local_input(text.inputs) as inputs, places.local_output(text.output) as output:
        if recipe.to == "epub" and inputs[0].suffix.lower() == ".epub":
            return _build_book(text, inputs[0], output, recipe)
        flow = _flow(inputs[0], recipe, inputs[1] if len(inputs) > 1 else None)
        counted = _Counted(flow.blocks, timeout)
        if isinstance(flow, Stream):
            flow = replace(flow, blocks=counted)
        _write(flow, output, recipe)
        characters = counted.characters or sum(len(block.text) for block in flow.blocks)
        return Outcome(text, Status.BUILT, characters=characters, warnings=tuple(flow.warnings))


def _flow(source: Path, recipe: Recipe, translation: Path | None = None) -> Document | Stream:
    """The text annotated as the recipe says: flowing, or whole when it has a translation."""
    stream = annotated(stream_of(source, recipe), recipe)
    return stream if translation is None else _aligned(stream.gather(), translation, recipe)


def stream_of(source: Path, recipe: Recipe) -> Stream:
    """The text as it is read, with what is done to it before annotation, and only if asked."""
    from reader import sources

    stream = sources.read_stream(source, recipe.source)
    if recipe.config or recipe.repair:
        stream = replace(stream, blocks=_prepared(stream, recipe))
    return stream


def annotated(stream: Stream, recipe: Recipe) -> Stream:
    from reader.annotation import annotate_stream

    return annotate_stream(
        stream, glossary=recipe.glossary, lexicon=_lexicon(), options=recipe.annotate
    )


@cache
def _lexicon() -> Lexicon:
    """One for all texts of the process: what it learns of words stays."""
    from reader.lexicon import Lexicon

    return Lexicon.open()


def _prepared(stream: Stream, recipe: Recipe) -> Iterator[Block]:
    for block in stream.blocks:
        document = Document(stream.metadata, (block,))
        if recipe.config:
            from reader.annotation.convert import convert

            document = convert(document, recipe.config)
        if recipe.repair:
            from reader.annotation import repair

            document = repair(document)
        yield from document.blocks


def _aligned(document: Document, translation: Path, recipe: Recipe) -> Document:
    from reader import sources
    from reader.alignment import align
    from reader.alignment.files import translation_language

    language = translation_language(translation) or "en"
    other = sources.read(translation, encoding=recipe.source.encoding, language=language)
    return align(document, other, glossary=recipe.glossary)


def _build_book(text: Text, source: Path, output: Path, recipe: Recipe) -> Outcome:
    from reader.inplace import annotate_book

    annotate_book(
        source,
        output,
        glossary=recipe.glossary,
        lexicon=_lexicon(),
        annotate=recipe.annotate,
        render=recipe.render,
    )
    return Outcome(text, Status.BUILT)


def _write(flow: Document | Stream, output: Path, recipe: Recipe) -> None:
    from reader.writers import write

    write(flow, output, recipe.render, to=recipe.to)


class _Counted:
    """The same blocks, counted, with an end to patience between two of them."""

    def __init__(self, blocks: object, timeout: float | None) -> None:
        self._blocks = blocks
        self._end = None if timeout is None else time.monotonic() + timeout
        self.characters = 0

    def __iter__(self) -> Iterator[Block]:
        for block in self._blocks:  # type: ignore[attr-defined]
            self.characters += len(block.text)
            if self._end is not None and time.monotonic() > self._end:
                raise _TooLong
            yield block
