"""Many texts: in parallel, resumable, on this machine or on a Dask cluster.

    batch = Batch.plan(["corpus/"], "out/", Recipe(to="epub", glossary=Glossary.default()))
    for outcome in batch.run(jobs=4):
        ...

`plan` says what is wrong with the request before anything is built; `run` yields an `Outcome`
for each text as it comes in, and never stops for one that fails.
"""

from reader.batch.binding import bind
from reader.batch.plan import Batch, build_many
from reader.batch.tasks import Outcome, Status, Text
from reader.building import Recipe

__all__ = ["Batch", "Outcome", "Recipe", "Status", "Text", "bind", "build_many"]
