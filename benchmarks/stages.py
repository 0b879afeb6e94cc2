"""The stages of one text's way into an EPUB, in processor seconds.

    python benchmarks/stages.py TEXT

Each stage's functions are wrapped by a stop-watch that stands still while another's runs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class Watch:
    """Seconds by stage; inner stages are taken from the outer one's."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running = ["start"]
        self._since = time.process_time()

    def enter(self, stage: str) -> None:
        self._book()
        self._running.append(stage)

    def leave(self) -> None:
        self._book()
        self._running.pop()

    def _book(self) -> None:
        now = time.process_time()
        stage = self._running[-1]
        self.seconds[stage] = self.seconds.get(stage, 0.0) + now - self._since
        self._since = now

    def wrap(self, owner: Any, name: str, stage: str) -> None:
        """Count what `owner.name` takes as `stage`."""
        function: Callable[..., Any] = getattr(owner, name)

        def timed(*args: Any, **kwargs: Any) -> Any:
            self.enter(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        setattr(owner, name, timed)

    def flowing(self, items: Iterable[T], stage: str) -> Iterator[T]:
        """The same items; what it takes to get each is `stage`."""
        iterator = iter(items)
        while True:
            self.enter(stage)
            try:
                item = next(iterator)
            except StopIteration:
                return
            finally:
                self.leave()
            yield item


def main() -> None:
    watch = Watch()
    from reader import annotate_stream, sources
    from reader.annotation import (
        annotator,
        corrections,
        readings,
        segmentation,
        terminology,
        tokens,
    )
    from reader.glossary import Glossary
    from reader.model import Block
    from reader.options import RenderOptions
    from reader.writers import epub, write
    from reader.writers.formats import find_format

    watch.wrap(segmentation.WordSegmenter, "segment", "words")
    watch.wrap(readings.ReadingResolver, "read", "readings")
    watch.wrap(terminology.Terminology, "find", "notes")
    watch.wrap(tokens.TokenFactory, "make", "tokens")
    watch.wrap(corrections.CorrectionFinder, "find", "corrections")
    watch.wrap(annotator, "sentences_of", "sentences")
    watch.wrap(Block, "annotated", "blocks")
    for name in ("simplify", "simplify_each"):
        watch.wrap(annotator, name, "scripts")
    assert epub
    with tempfile.TemporaryDirectory() as folder:
        watch.enter("read")
        stream = sources.read_stream(sys.argv[1])
        watch.leave()
        stream = replace(stream, blocks=watch.flowing(stream.blocks, "read"))
        watch.enter("open")
        layers = find_format("epub").needs(RenderOptions()) | {"corrections"}
        annotated = annotate_stream(stream, glossary=Glossary.default(), layers=layers)
        watch.leave()
        flow = replace(annotated, blocks=watch.flowing(annotated.blocks, "the rest"))
        watch.enter("write")
        write(flow, Path(folder) / "out.epub")
        watch.leave()
    total = sum(watch.seconds.values())
    print("| stage | CPU s | share |", "|---|---|---|", sep="\n")
    for stage, seconds in watch.seconds.items():
        print(f"| {stage} | {seconds:.3f} | {seconds / total:.0%} |")


if __name__ == "__main__":
    main()
