"""A translation that is nothing but pairs, put together again in the paragraphs of its text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from operator import itemgetter

from reader.alignment.anchors import Pair
from reader.model import Block, Document, Metadata


def translation_from(document: Document, pairs: Iterable[Pair], language: str = "en") -> Document:
    """The targets of `pairs` as a text of its own: a block for each block of `document`.

    Where a sentence is not found in the document its target goes with the one before it;
    `align` with the same pairs will say that it is in neither text.
    """
    blocks = tuple(
        Block(" ".join(text for _, text in group), document.blocks[index].kind, language=language)
        for index, group in groupby(_placed(document.blocks, pairs), key=itemgetter(0))
    )
    return Document(Metadata(language=language), blocks)


def _placed(blocks: Sequence[Block], pairs: Iterable[Pair]) -> Iterator[tuple[int, str]]:
    """Each target with the index of the block in which its source stands."""
    texts = [_bare(block.text) for block in blocks]
    starts = [0, *accumulate(map(len, texts))]
    whole = "".join(texts)
    at = index = 0
    for pair in pairs:
        source = _bare("".join(pair.sources))
        found = whole.find(source, at) if source else -1
        if found >= 0:
            at = found + len(source)
            while starts[index + 1] <= found:
                index += 1
        yield from ((index, target) for target in pair.targets)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)
