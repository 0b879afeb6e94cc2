"""Which texts a batch has, and the name each one's output gets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from os.path import splitext
from pathlib import Path, PurePath

from reader.batch import places
from reader.errors import OptionError, SourceError
from reader.writers.formats import find_format

__all__ = ["Text", "found_texts", "texts_of"]


@dataclass(frozen=True, slots=True)
class Text:
    """A text to build: its file, the translation beside it, and the place of its output."""

    source: str
    output: str
    translation: str = ""

    @property
    def inputs(self) -> tuple[str, ...]:
        return (self.source, self.translation) if self.translation else (self.source,)


def texts_of(sources: Iterable[str], out: str, to: str, *, translations: bool = True) -> list[Text]:
    """The texts in folders, globs, URLs and files, each with a name of its own under `out`.

    A folder's texts keep their place below it. Raises `SourceError` when there are no texts,
    `OptionError` when two would get the same name.
    """
    return _distinct(found_texts(sources, out, to, translations=translations))


def found_texts(
    sources: Iterable[str], out: str, to: str, *, translations: bool = True
) -> list[Text]:
    """The same texts, each once, whatever their names."""
    found = [pair for source in sources for pair in _named(source, out)]
    if not found:
        raise SourceError("there are no texts to build")
    pairs = _translations([source for source, _ in found]) if translations else {}
    # A translation is a text of the folder too, but not one to be annotated.
    taken = set(pairs.values())
    suffix = find_format(to).suffixes[0]
    texts = [
        Text(source, places.joined(out, splitext(name)[0] + suffix), pairs.get(source, ""))
        for source, name in found
        if source not in taken
    ]
    return list({text.source: text for text in texts}.values())


def _named(source: str, out: str) -> Iterator[tuple[str, str]]:
    """Each file of `source` with its name relative to it, outputs of this batch left out."""
    files = places.find(source)
    if files == [source]:
        yield source, PurePath(source).name
        return
    base = _base(source)
    readable = [f for f in files if _is_text(f) and not _is_output(f, source, out)]
    if not readable:
        raise SourceError(f"no texts in it: no files of {' '.join(sorted(_kinds()))}", path=source)
    for file in readable:
        yield (
            file,
            file[len(base) :].lstrip("/\\") if file.startswith(base) else PurePath(file).name,
        )


def _base(source: str) -> str:
    """The part of a folder or glob above what it finds: what names are relative to."""
    if not any(c in source for c in "*?["):
        return source
    fixed = source[: min(source.index(c) for c in "*?[" if c in source)]
    return fixed[: max(fixed.rfind("/"), fixed.rfind(os.sep)) + 1]


def _kinds() -> tuple[str, ...]:
    from reader.sources import suffixes

    return suffixes()


def _is_text(file: str) -> bool:
    return splitext(file)[1].lower() in _kinds()


def _is_output(file: str, source: str, out: str) -> bool:
    """Whether a file found in `source` is in an output folder that stands within it."""
    return _within(out, source) and _within(file, out)


def _within(file: str, out: str) -> bool:
    if places.is_url(file) or places.is_url(out):
        return file.startswith(out.rstrip("/") + "/")
    return os.path.abspath(file).startswith(os.path.abspath(out) + os.sep)


def _translations(sources: list[str]) -> dict[str, str]:
    """The translation beside each text that has one; every folder is listed once."""
    from reader.alignment.pairs import SUFFIXES, translation_language

    offered: dict[str, list[tuple[bool, str, str, str]]] = {}
    for file in _neighbours(sources):
        tag = translation_language(Path(file))
        if tag:
            stem, suffix = splitext(file)
            offered.setdefault(stem.removesuffix(f".{tag}"), []).append(
                (tag != "en", tag, suffix, file)
            )
    found = {}
    for source in sources:
        stem, suffix = splitext(source)
        order = (suffix, *(other for other in SUFFIXES if other != suffix))
        fitting = [offer for offer in offered.get(stem, ()) if offer[2] in order]
        if fitting:
            best = min(fitting, key=lambda offer: (*offer[:2], order.index(offer[2])))
            found[source] = best[3]
    return found


def _neighbours(sources: list[str]) -> Iterator[str]:
    """The files that stand beside the texts; of remote folders only those that are texts too."""
    yield from filter(places.is_url, sources)
    folders = {os.path.dirname(source) for source in sources if not places.is_url(source)}
    for folder in sorted(folders):
        with suppress(OSError), os.scandir(folder or ".") as entries:
            yield from (os.path.join(folder, entry.name) for entry in entries)


def _distinct(texts: list[Text]) -> list[Text]:
    """The texts; two that would get the same name are an error.

    A file that stands where its own output would is an output of an earlier run.
    """
    owners: dict[str, Text] = {}
    for text in texts:
        if text.source == text.output:
            continue
        other = owners.setdefault(text.output, text)
        if other.source != text.source:
            raise OptionError(
                f"{other.source} and {text.source} would both become {text.output}:"
                " build them into folders of their own"
            )
    return list(owners.values())
