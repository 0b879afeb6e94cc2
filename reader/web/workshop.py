"""What is made of a text under work: the preview, doubts, pairs, levels, and the outputs.

All of it is made by the very recipe that the command line makes of the same options, so what is
downloaded has the bytes that the command shown would write.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from reader.alignment.pairs import Pair, pairs_of, pairs_table
from reader.annotation.doubts import Doubt, DoubtKind, find_doubts
from reader.building import (
    Recipe,
    annotate_source,
    build,
    load_translation,
    read_source,
)
from reader.errors import OptionError
from reader.files import replacing
from reader.learner import Learner
from reader.learner.level_report import report, reports_json
from reader.learner.word_lists import sentence_at
from reader.lexicon import Lexicon
from reader.model import Document
from reader.pinyin import parse
from reader.scripts import simplify
from reader.sources import read_text
from reader.web.desk import SETTLED, Text
from reader.web.settling import settled
from reader.writers.formats import FORMATS, write

PREVIEWED = 60_000
"""Characters of a text that the preview shows; the outputs have all."""
MOST_DOUBTS = 300
PAIRS = "pairs.tsv"
TAUGHT = 20
"""Words that are shown to be taught first."""
ANNOTATED = 2
"""Texts whose annotation is kept: that of the page, and of one in another tab."""
COMMANDS = {".apkg": "words", ".tsv": "words", ".csv": "words", ".txt": "words", "pack": "pack"}
"""What is no output format, and the command that makes it."""

Progress = Callable[[int, int], None]


class CommandLine(Protocol):
    """What the command line knows of options."""

    def options(self) -> list[dict[str, Any]]:
        """The options of `reader build` that a form can ask: name, kind, values, help."""

    def recipe(self, arguments: Sequence[str]) -> Recipe:
        """What these arguments of `reader build` stand for. Raises `OptionError`."""

    def learner(self, arguments: Sequence[str]) -> Learner:
        """Who reads, as these arguments say it. Raises `OptionError`."""

    def flags(self, command: str) -> Collection[str]:
        """The options that a command takes, as they are written: `--level`."""

    def run(self, command: str, arguments: Sequence[str]) -> None:
        """Run another command. Raises `ReaderError`."""


@dataclass(slots=True)
class _Annotation:
    """A text as it was annotated last, by what, and what was made of that."""

    made_by: tuple[object, ...]
    document: Document
    whole: bool
    """Whether it is all of the text, not its beginning."""
    doubts: list[Doubt] | None = None
    translated: Document | None = None
    translated_by: tuple[object, ...] = ()


class Workshop:
    """Makes what the page asks for; one thing at a time, since texts share what is remembered."""

    def __init__(self, line: CommandLine, lexicon: Lexicon) -> None:
        self.line = line
        self._lexicon = lexicon
        self._annotations: dict[str, _Annotation] = {}

    def warm(self) -> None:
        """Read what every text needs, so that the first one does not wait for it."""
        build(read_text("暖。"), BytesIO(), Recipe(to="html"), lexicon=self._lexicon)

    # ---- options as arguments ----

    def arguments(
        self, text: Text, options: Mapping[str, Any], command: str = "build", *, whole: bool = True
    ) -> list[str]:
        """The arguments of a command for a text: those of its options that the command takes, then
        its files, with their folder if `whole`."""
        found = self._options(options) + _files(text, whole=whole)
        taken = self.line.flags(command)
        return [part for argument in found if argument[0] in taken for part in argument]

    def _options(self, options: Mapping[str, Any]) -> list[tuple[str, ...]]:
        """The options of a form that are set, as they are written. Raises `OptionError`."""
        known = {option["name"]: option for option in self.line.options()}
        found: list[tuple[str, ...]] = []
        for name, value in options.items():
            if name not in known:
                raise OptionError(f"there is no option {name!r}")
            if value in ("", None, False):
                continue
            flag = known[name]["flag"]
            found.append((flag,) if known[name]["kind"] == "flag" else (flag, str(value)))
        return found

    def shown_command(self, text: Text, options: Mapping[str, Any], target: str) -> str:
        """The command line that would write `target`, in the folder of the files."""
        command = _command_for(target)
        arguments = self.arguments(text, options, command, whole=False)
        out = f"{target}/" if target == "pack" else target
        return shlex.join(["reader", command, text.source, "-o", out, *arguments])

    def _recipe(self, text: Text, options: Mapping[str, Any], to: str = "") -> Recipe:
        recipe = self.line.recipe(self.arguments(text, options))
        return replace(recipe, to=to) if to else recipe

    # ---- what is shown ----

    def opened(self, text: Text, options: Mapping[str, Any]) -> dict[str, Any]:
        """What the text is: title, length, language."""
        document = self._read(text, self._recipe(text, options))
        return {
            "id": text.id,
            "name": text.source,
            "title": document.metadata.title,
            "characters": sum(len(block.text) for block in document.blocks),
            "blocks": len(document.blocks),
            "warnings": [warning.message for warning in document.warnings],
        }

    def preview(self, text: Text, options: Mapping[str, Any]) -> tuple[bytes, dict[str, Any]]:
        """A web page of the text as it will be, or of its beginning, and what was said."""
        begun = time.monotonic()
        recipe = self._recipe(text, options, "html")
        annotation = self._annotated(text, recipe)
        document = self._translated(text, recipe, annotation)
        file = BytesIO()
        write(document, file, recipe.render, to="html")
        return file.getvalue(), {
            "whole": annotation.whole,
            "warnings": [warning.message for warning in document.warnings],
            "milliseconds": round(1000 * (time.monotonic() - begun)),
        }

    def doubts(self, text: Text, options: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What an editor should look at, each answer with its senses and the row it makes."""
        document, listed = self._doubted(text, options)
        return [self._asked(doubt, document) for doubt in listed[:MOST_DOUBTS]]

    def settle(
        self, text: Text, options: Mapping[str, Any], which: Mapping[str, Any], answer: str
    ) -> dict[str, str]:
        """The row for an answer of one's own to the doubt at `which` (block, start, kind)."""
        document, listed = self._doubted(text, options)
        for doubt in listed:
            if all(which.get(name) == getattr(doubt, name) for name in ("kind", "block", "start")):
                return settled(doubt, answer, document.blocks[doubt.block].text)
        raise OptionError("this is no longer doubted")

    def levels(self, text: Text, options: Mapping[str, Any]) -> dict[str, Any]:
        """How hard the text is for the reader that the options name, and what to teach first."""
        learner = self.line.learner(self.arguments(text, options))
        document = self._annotated(text, self._recipe(text, options)).document
        found = report(document, learner, text.source)
        value: dict[str, Any] = json.loads(reports_json([found], learner))
        value["teach"] = [
            {
                "word": raised.word.token.text,
                "reading": raised.word.token.pinyin,
                "count": raised.word.count,
                "known": raised.known,
            }
            for raised in found.raising(TAUGHT)
        ]
        return value

    def pairs(self, text: Text, options: Mapping[str, Any]) -> list[dict[str, Any]]:
        """The sentences of the text and its translation that belong together, with scores."""
        found = pairs_of(self._aligned(text, self._recipe(text, options)))
        return [
            {"source": pair.sources, "target": pair.targets, "score": pair.score} for pair in found
        ]

    def keep_pairs(self, text: Text, pairs: Sequence[Mapping[str, Any]]) -> None:
        """Take these pairs, as they were corrected, for the text's own."""
        table = b"".join(pairs_table([_pair(pair) for pair in pairs]))
        if text.pairs != PAIRS:
            text.pairs = text.store(PAIRS, b"")
        with replacing(text.path(text.pairs)) as file:
            file.write(table)

    def pairs_file(self, text: Text, options: Mapping[str, Any]) -> bytes:
        """The pairs as `reader align` writes them, to be corrected."""
        from reader.alignment import write_pairs

        file = BytesIO()
        write_pairs(self._aligned(text, self._recipe(text, options)), file)
        return file.getvalue()

    # ---- what is downloaded ----

    def output(
        self, text: Text, options: Mapping[str, Any], target: str, progress: Progress
    ) -> Path:
        """The file of an output, or of a list of words; a folder for `pack`."""
        path = text.path("out") / target
        path.parent.mkdir(exist_ok=True)
        suffix = Path(target).suffix
        command = _command_for(target)
        if command != "build":
            arguments = self.arguments(text, options, command)
            self.line.run(command, [str(text.path(text.source)), "-o", str(path), *arguments])
            return path
        if suffix not in {each for row in FORMATS.values() for each in row.suffixes}:
            raise OptionError(f"{suffix or target!r} is no output")
        recipe = self._recipe(text, options)
        build(text.path(text.source), path, recipe, lexicon=self._lexicon, progress=progress)
        return path

    # ---- inside ----

    def _read(self, text: Text, recipe: Recipe) -> Document:
        source = text.path(text.source)
        return read_source(source, recipe, lexicon=self._lexicon).gather()

    def _annotated(self, text: Text, recipe: Recipe) -> _Annotation:
        """The text, or its beginning, with all layers: one annotation for all that is asked of it
        until a row, or an option that annotation follows, is another."""
        rows = tuple(tuple(row.items()) for row in text.rows)
        made_by = (recipe.source, recipe.annotate, recipe.config, recipe.repair, rows)
        kept = self._annotations.pop(text.id, None)
        if kept is None or kept.made_by != made_by:
            document = self._read(text, recipe)
            shown = _beginning(document)
            annotated = annotate_source(shown, recipe, lexicon=self._lexicon).gather()
            kept = _Annotation(made_by, annotated, whole=shown is document)
        # The last one asked for stands last.
        self._annotations[text.id] = kept
        for id in list(self._annotations)[:-ANNOTATED]:
            del self._annotations[id]
        return kept

    def _translated(self, text: Text, recipe: Recipe, annotation: _Annotation) -> Document:
        """The annotated text with its translation, if it has one."""
        names = [name for name in (text.translation, text.pairs) if name]
        if not names:
            return annotation.document
        contents = [(name, sha256(text.path(name).read_bytes()).digest()) for name in names]
        translated_by = (recipe.align, *contents)
        if annotation.translated is None or annotation.translated_by != translated_by:
            loaded = load_translation(annotation.document, recipe)
            assert loaded is not None
            aligned = loaded.aligned(annotation.document, recipe, self._lexicon)
            annotation.translated, annotation.translated_by = aligned, translated_by
        return annotation.translated

    def _doubted(self, text: Text, options: Mapping[str, Any]) -> tuple[Document, list[Doubt]]:
        recipe = self._recipe(text, options)
        annotation = self._annotated(text, recipe)
        if annotation.doubts is None:
            annotation.doubts = find_doubts(
                annotation.document,
                lexicon=self._lexicon,
                glossary=recipe.glossary,
                options=recipe.annotate,
            )
        return annotation.document, annotation.doubts

    def _aligned(self, text: Text, recipe: Recipe) -> Document:
        source = text.path(text.source)
        loaded = load_translation(source, recipe)
        if loaded is None:
            raise OptionError("there is no translation yet")
        return loaded.aligned(self._read(text, recipe), recipe, self._lexicon)

    def _asked(self, doubt: Doubt, document: Document) -> dict[str, Any]:
        block = document.blocks[doubt.block]
        answers = []
        for answer in (doubt.chosen, *doubt.alternatives):
            try:
                row: dict[str, str] | None = settled(doubt, answer, block.text)
            except OptionError:
                row = None
            answers.append({"answer": answer, "senses": self._senses(doubt, answer), "row": row})
        _, start, end = sentence_at(block, doubt.start)
        end = max(end, doubt.end)
        return {
            **{name: getattr(doubt, name) for name in ("kind", "text", "block", "start", "end")},
            "probability": round(doubt.probability, 3),
            "count": doubt.count,
            "reason": doubt.reason,
            "answers": answers,
            "sentence": block.text[start:end],
            "at": [doubt.start - start, doubt.end - start],
        }

    def _senses(self, doubt: Doubt, answer: str) -> list[str]:
        """What the words mean that an answer makes, in that reading."""
        if doubt.kind in (DoubtKind.CUT, DoubtKind.CORRECTION):
            return self._first_senses(answer.split("|"))
        spoken = tuple(syllable for word in answer.lower().split() for syllable in parse(word))
        return [
            sense
            for entry in self._lexicon.entries(doubt.text, simplify(doubt.text))
            if entry.syllables == spoken and entry.proper == (answer != answer.lower())
            for sense in entry.senses
        ][:3]

    def _first_senses(self, words: Sequence[str]) -> list[str]:
        """What each of the words means first."""
        entries = [(word, self._lexicon.entries(word, simplify(word))) for word in words]
        return [
            f"{word}: {found[0].senses[0]}" for word, found in entries if found and found[0].senses
        ]


def _files(text: Text, *, whole: bool) -> list[tuple[str, ...]]:
    """The options that name the files beside a text, with their folder if `whole`."""
    files = [("--translation", text.translation), ("--pairs", text.pairs)]
    files += [("--known", name) for name in text.known]
    files += [("--glossary", SETTLED)] if text.rows else []
    return [(flag, str(text.path(name)) if whole else name) for flag, name in files if name]


def _command_for(target: str) -> str:
    return COMMANDS.get(target if target == "pack" else Path(target).suffix, "build")


def _beginning(document: Document) -> Document:
    """The blocks that the preview shows; the document itself where that is all."""
    total = 0
    for number, block in enumerate(document.blocks):
        total += len(block.text)
        if total > PREVIEWED:
            return replace(document, blocks=document.blocks[: number + 1])
    return document


def _pair(asked: Mapping[str, Any]) -> Pair:
    sides = [asked.get(name) for name in ("source", "target")] if isinstance(asked, Mapping) else []
    if not sides or not all(isinstance(side, list) for side in sides):
        raise OptionError("a pair has source and target, each a list of sentences")
    score = asked.get("score")
    if score is not None and not isinstance(score, int | float):
        raise OptionError("a score is a number")
    sources, targets = (tuple(map(str, side or ())) for side in sides)
    return Pair(sources, targets, score)
