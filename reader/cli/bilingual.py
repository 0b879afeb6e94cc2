"""The translation that goes with a text: told, or found beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from reader.align import Pair
    from reader.model import Document

PAIR_SUFFIXES = (".tsv", ".tmx")


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A translation read, and the pairs a person made of it."""

    document: Document
    pairs: Sequence[Pair]
    glossary: Any

    def align(self, document: Document) -> Document:
        from reader.align import align

        return align(document, self.document, anchors=self.pairs, glossary=self.glossary)


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
    from reader.align import translation_of
    from reader.cli.pipeline import glossary_from

    document = _read(path) if path is not None else translation_of(pairs)
    return Counterpart(document, pairs, glossary_from(values))


def _files(source: Path, values: dict[str, Any]) -> tuple[Path | None, Sequence[Pair]]:
    path, pairs_path = values["translation"], values["pairs"]
    if path is not None and path.suffix.lower() in PAIR_SUFFIXES:
        path, pairs_path = None, path
    if path is None and str(source) != "-":
        from reader.align import find_translation

        path = find_translation(source)
    return path, read_pairs(pairs_path) if pairs_path is not None else ()


def read_pairs(path: Path) -> Sequence[Pair]:
    from reader import align

    return align.read_tmx(path) if path.suffix.lower() == ".tmx" else align.read_pairs(path)


def _read(path: Path) -> Document:
    from reader import sources

    return sources.read(path, language=language_of(path))


def language_of(path: Path) -> str:
    """The language a file name tells (`NAME.fr.txt`), or English.

    >>> language_of(Path("market.pt-BR.txt")), language_of(Path("english.txt"))
    ('pt-BR', 'en')
    """
    stem = path.with_suffix("").suffix.removeprefix(".")
    primary = stem.partition("-")[0]
    return stem if primary.isalpha() and len(primary) in (2, 3) else "en"
