"""From what was asked to the outcomes of every text."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace

from reader.batch import places
from reader.batch.manifest import NAME, Manifest, recipe_key
from reader.batch.texts import Text, texts_of
from reader.batch.work import Outcome, Status
from reader.building import Recipe
from reader.errors import OptionError, WriteError

__all__ = ["Batch", "build_many"]


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
    ) -> Generator[Outcome, None, None]:
        """An outcome for each text, the unchanged ones first, the others as they come in.

        `jobs` processes here (all cores if not given), or those of the Dask scheduler at the
        address `dask`. A text may take `timeout` seconds. `force` builds the unchanged ones too.
        Closing the iterator stops the work; what was finished stands and is recorded.
        """
        with self._manifest() as manifest:
            changed = list(self.texts)
            if not force:
                changed = []
                for text in self.texts:
                    if manifest.has(text):
                        yield Outcome(text, Status.UNCHANGED)
                    else:
                        changed.append(text)
            yield from self._built(changed, manifest, jobs, timeout, dask)

    def _built(
        self,
        texts: list[Text],
        manifest: Manifest,
        jobs: int | None,
        timeout: float | None,
        dask: str | None,
    ) -> Generator[Outcome, None, None]:
        if not texts:
            return
        stamps = {text.output: manifest.stamps(text) for text in texts}
        with closing(self._outcomes(texts, jobs, timeout, dask)) as outcomes:
            for outcome in outcomes:
                if outcome.status is Status.BUILT:
                    manifest.add(outcome.text, stamps[outcome.text.output])
                yield outcome

    def _outcomes(
        self, texts: list[Text], jobs: int | None, timeout: float | None, dask: str | None
    ) -> Generator[Outcome, None, None]:
        if dask is not None:
            from reader.batch import cluster

            return cluster.run(texts, self.recipe, dask, timeout=timeout)
        from reader.batch import pool

        return pool.run(texts, self.recipe, jobs=min(jobs or cores(), len(texts)), timeout=timeout)

    def _manifest(self) -> AbstractContextManager[Manifest]:
        if places.is_url(self.out):
            from reader.batch.remote import remote_manifest

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
