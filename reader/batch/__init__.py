"""Many texts: in parallel, resumable, on this machine or on a Dask cluster.

    batch = Batch.plan(["corpus/"], "out/", Recipe(to="epub", glossary=Glossary.default()))
    for outcome in batch.run(jobs=4):
        ...

`plan` says what is wrong with the request before anything is built; `run` yields an `Outcome`
for each text as it comes in, and never stops for one that fails.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reader.batch.binding import bind as bind
    from reader.batch.plan import Batch as Batch, build_many as build_many
    from reader.batch.texts import Text as Text
    from reader.batch.work import Outcome as Outcome, Status as Status
    from reader.building import Recipe as Recipe

__all__ = ["Batch", "Outcome", "Recipe", "Status", "Text", "bind", "build_many"]

_HOMES = {
    "bind": "reader.batch.binding",
    "Batch": "reader.batch.plan",
    "Outcome": "reader.batch.work",
    "Recipe": "reader.building",
    "Status": "reader.batch.work",
    "Text": "reader.batch.texts",
    "build_many": "reader.batch.plan",
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
