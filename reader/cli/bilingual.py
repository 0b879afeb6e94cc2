"""The translation that goes with a text: told, or found beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from reader.alignment import Pair
    from reader.model import Document

PAIR_SUFFIXES = (".tsv", ".tmx")


class Counterpart(NamedTuple):
    """A translation read, and the pairs a person made of it."""

    document: Document | None
    """None where the pairs are all there is."""
    pairs: Sequence[Pair]
    glossary: Any

    def align(self, document: Document) -> Document:
        from reader.alignment import align, translation_from

        translation = self.document or translation_from(document, self.pairs)
        return align(document, translation, anchors=self.pairs, glossary=self.glossary)


def translation_for(source: Path, values: dict[str, Any]) -> Counterpart | None:
    """The translation of `source`, or None when there is none or none is wanted.

    Pairs alone (`--pairs`, or a TSV or TMX as `--translation`) are a translation too.
    """
    if values["no_translation"]:
        if values["translation"] or values["pairs"]:
            raise click.UsageError("--no-translation with --translation or --pairs")
        return None
    path, pairs = _files(source, values)
    if path is None and not pairs:
        return None
    from reader.cli.pipeline import glossary_from

    document = None if path is None else read_translation(path)
    return Counterpart(document, pairs, glossary_from(values))


def _files(source: Path, values: dict[str, Any]) -> tuple[Path | None, Sequence[Pair]]:
    path, pairs_path = values["translation"], values["pairs"]
    if path is not None and path.suffix.lower() in PAIR_SUFFIXES:
        path, pairs_path = None, path
    if path is None and str(source) != "-":
        from reader.alignment.files import find_translation

        found = find_translation(source)
        path = found[0] if found else None
    return path, read_pairs(pairs_path) if pairs_path is not None else ()


def read_pairs(path: Path) -> Sequence[Pair]:
    from reader.alignment import pairs, tmx

    return (tmx.read_tmx if path.suffix.lower() == ".tmx" else pairs.read_pairs)(path)


def read_translation(path: Path) -> Document:
    """The translation at `path`, in the language its name tells (`NAME.fr.txt`) or English."""
    from reader import sources
    from reader.alignment.files import translation_language

    return sources.read(path, language=translation_language(path) or "en")
