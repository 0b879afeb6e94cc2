"""Which texts a batch has, what each one's output is called, and how they come to be built."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, replace
from os.path import splitext
from pathlib import Path, PurePath

from reader.alignment.pairs import choose_translation, translation_language
from reader.batch.manifest import NAME, Manifest, recipe_key, remote_manifest
from reader.batch.storage import is_url, join, list_files
from reader.batch.tasks import Outcome, Status, Text
from reader.building import Recipe
from reader.errors import OptionError, SourceError, WriteError
from reader.options import require_seconds
from reader.sources import suffixes
from reader.writers.formats import find_format

__all__ = ["Batch", "build_many", "find_texts", "texts_of"]


@dataclass(frozen=True)
class Batch:
    """The texts to build into the folder or URL `out`, all by one recipe."""

    texts: tuple[Text, ...]
    out: str
    recipe: Recipe

    @classmethod
    def plan(
        cls, sources: Iterable[str | os.PathLike[str]], out: str | os.PathLike[str], recipe: Recipe
    ) -> Batch:
        """The batch of the texts in files, folders, globs and URLs.

        Raises `SourceError` when there are none, `OptionError` when two would get one name.
        """
        recipe = replace(recipe, to=recipe.to or "epub")
        if recipe.translation is not None or recipe.pairs:
            raise OptionError("a translation or pairs named are for one text, not for many")
        folder = os.fspath(out)
        names = [os.fspath(source) for source in sources]
        texts = texts_of(names, folder, recipe.to, translations=recipe.find_translation)
        return cls(tuple(texts), folder, recipe)

    def __len__(self) -> int:
        return len(self.texts)

    def run(
        self,
        *,
        jobs: int | None = None,
        timeout: float | None = None,
        force: bool = False,
        dask: str | None = None,
        compiling: Callable[[str], None] | None = None,
    ) -> Generator[Outcome, None, None]:
        """An outcome for each text, the unchanged ones first, the others as they come in.

        `jobs` processes here (all cores if not given), or those of the Dask scheduler at the
        address `dask`. A text may take `timeout` seconds. `force` builds the unchanged ones too.
        `compiling` is called, with the reason, when the dictionaries must be compiled first
        (`Lexicon.open`).
        Closing the iterator stops the work; what was finished stands and is recorded.
        """
        if timeout is not None:
            require_seconds("timeout", timeout)
        with self._manifest() as manifest:
            changed = list(self.texts)
            if not force:
                changed = []
                for text in self.texts:
                    if manifest.has(text):
                        yield Outcome(text, Status.UNCHANGED)
                    else:
                        changed.append(text)
            yield from self._built(changed, manifest, jobs, timeout, dask, compiling)

    def _built(
        self,
        texts: list[Text],
        manifest: Manifest,
        jobs: int | None,
        timeout: float | None,
        dask: str | None,
        compiling: Callable[[str], None] | None,
    ) -> Generator[Outcome, None, None]:
        if not texts:
            return
        stamps = {text.output: manifest.stamps(text) for text in texts}
        with closing(self._outcomes(texts, jobs, timeout, dask, compiling)) as outcomes:
            for outcome in outcomes:
                if outcome.status is Status.BUILT:
                    manifest.add(outcome.text, stamps[outcome.text.output])
                yield outcome

    def _outcomes(
        self,
        texts: list[Text],
        jobs: int | None,
        timeout: float | None,
        dask: str | None,
        compiling: Callable[[str], None] | None,
    ) -> Generator[Outcome, None, None]:
        # Imported here: where all is unchanged, looking it up is most of the time.
        if dask is not None:
            from reader.batch import cluster

            return cluster.run(texts, self.recipe, dask, timeout=timeout)
        from reader.batch import pool

        jobs = min(jobs or cores(), len(texts))
        return pool.run(texts, self.recipe, jobs=jobs, timeout=timeout, compiling=compiling)

    def _manifest(self) -> AbstractContextManager[Manifest]:
        if is_url(self.out):
            return remote_manifest(self.out, recipe_key(self.recipe))
        try:
            os.makedirs(self.out, exist_ok=True)
        except OSError as error:
            message = f"cannot be the output folder: {(error.strerror or str(error)).lower()}"
            raise WriteError(message, path=self.out) from error
        return Manifest(os.path.join(self.out, NAME), self.out, recipe_key(self.recipe))


def build_many(
    sources: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    recipe: Recipe | None = None,
    *,
    jobs: int | None = None,
    timeout: float | None = None,
    force: bool = False,
    dask: str | None = None,
) -> list[Outcome]:
    """Build all texts and give their outcomes, in the order of their sources."""
    batch = Batch.plan(sources, out, recipe or Recipe())
    outcomes = batch.run(jobs=jobs, timeout=timeout, force=force, dask=dask)
    order = {text.output: number for number, text in enumerate(batch.texts)}
    return sorted(outcomes, key=lambda outcome: order[outcome.text.output])


def cores() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def texts_of(sources: Iterable[str], out: str, to: str, *, translations: bool = True) -> list[Text]:
    """The texts in folders, globs, URLs and files, each with a name of its own under `out`.

    A folder's texts keep their place below it. Raises `SourceError` when there are no texts,
    `OptionError` when two would get the same name.
    """
    return _distinct(find_texts(sources, out, to, translations=translations))


def find_texts(
    sources: Iterable[str], out: str, to: str, *, translations: bool = True
) -> list[Text]:
    """The same texts, each once, whatever their names."""
    named = [pair for source in sources for pair in _named(source, out)]
    if not named:
        raise SourceError("there are no texts to build")
    translated = _translations([source for source, _ in named]) if translations else {}
    # A translation is a text of the folder too, but not one to be annotated.
    aligned = set(translated.values())
    suffix = find_format(to).suffixes[0]
    texts = [
        Text(source, join(out, splitext(name)[0] + suffix), translated.get(source, ""))
        for source, name in named
        if source not in aligned
    ]
    return list({text.source: text for text in texts}.values())


def _named(source: str, out: str) -> Iterator[tuple[str, str]]:
    """Each file of `source` with its name relative to it, outputs of this batch left out."""
    files = list_files(source)
    if files == [source]:
        yield source, PurePath(source).name
        return
    known = suffixes()
    readable = [
        file
        for file in files
        if splitext(file)[1].lower() in known and not _is_output(file, source, out)
    ]
    if not readable:
        raise SourceError(f"no texts in it: no files of {' '.join(sorted(known))}", path=source)
    base = _base(source)
    for file in readable:
        below = file.startswith(base)
        yield file, file[len(base) :].lstrip("/\\") if below else PurePath(file).name


def _base(source: str) -> str:
    """The part of a folder or glob above what it finds: what names are relative to."""
    if not any(c in source for c in "*?["):
        return source
    fixed = source[: min(source.index(c) for c in "*?[" if c in source)]
    return fixed[: max(fixed.rfind("/"), fixed.rfind(os.sep)) + 1]


def _is_output(file: str, source: str, out: str) -> bool:
    """Whether a file found in `source` is in an output folder that stands within it."""
    return _within(out, source) and _within(file, out)


def _within(file: str, out: str) -> bool:
    if is_url(file) or is_url(out):
        return file.startswith(out.rstrip("/") + "/")
    return os.path.abspath(file).startswith(os.path.abspath(out) + os.sep)


def _translations(sources: list[str]) -> dict[str, str]:
    """The translation beside each text that has one; every folder is listed once."""
    by_stem: dict[str, list[str]] = {}
    for file in _neighbours(sources):
        tag = translation_language(Path(file))
        if tag:
            by_stem.setdefault(splitext(file)[0].removesuffix(f".{tag}"), []).append(file)
    translations = {}
    for source in sources:
        chosen = choose_translation(source, by_stem.get(splitext(source)[0], ()))
        if chosen is not None:
            translations[source] = chosen[0]
    return translations


def _neighbours(sources: list[str]) -> Iterator[str]:
    """The files that stand beside the texts; of remote folders only those that are texts too."""
    yield from filter(is_url, sources)
    folders = {os.path.dirname(source) for source in sources if not is_url(source)}
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
