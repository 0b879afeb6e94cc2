"""An example of a plugin: a source, a layer and a writer, found by entry points alone.

`.lrc` files hold songs, each line with the time when it is sung. The source makes verse of them;
the layer says how rare each word is, as levels of a scheme of its own; the writer makes a table of
the words, the rarest first:

    reader build song.lrc -o song.tsv --to words
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import reader
from reader import Document
from reader.errors import SourceError
from reader.model import Flow

# ---- a source: bytes to a document ----

TIME = re.compile(r"\[\d+:\d+(?:[.:]\d+)?\]")
FIELD = re.compile(r"\[(ti|ar):([^\]\n]*)\]")


def read_lyrics(
    data: bytes, *, path: Path | None, options: reader.SourceOptions
) -> reader.Document:
    """The song in an `.lrc` file. Raises `SourceError` for one without any line that is sung."""
    try:
        text = data.decode(options.encoding or "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"no UTF-8: {error.reason} at byte {error.start}", path=path) from error
    fields = dict(FIELD.findall(text))
    sung = [TIME.sub("", line).strip() for line in text.splitlines() if TIME.match(line)]
    blocks = [reader.Block(line, reader.BlockKind.VERSE) for line in sung if line]
    if not blocks:
        raise SourceError("no line with a time, as lyrics have", path=path)
    title, singer = fields.get("ti", "").strip(), fields.get("ar", "").strip()
    if title:
        blocks.insert(0, reader.Block(title, reader.BlockKind.TITLE))
    metadata = reader.Metadata(title=title, authors=(singer,) if singer else ())
    return Document(metadata, tuple(blocks))


# ---- a layer: blocks to blocks with more in them ----


class Rarity:
    """How rare words are: the scheme `rarity`, its labels 1 (everyday) to 5."""

    name = "rarity"
    requires = ("words",)

    def apply(
        self, blocks: Sequence[reader.Block], context: reader.LayerContext
    ) -> Iterator[reader.Block]:
        for block in blocks:
            tokens = (self._labelled(token, context.lexicon) for token in block.tokens)
            yield replace(block, tokens=tuple(tokens))

    def _labelled(self, token: reader.Token, lexicon: reader.Lexicon) -> reader.Token:
        if token.kind is not reader.TokenKind.WORD:
            return token
        # Digits of the count: one occurrence in 60 million words is 1 digit, ten thousand are 5.
        label = str(6 - min(5, max(1, len(str(lexicon.frequency(token.simplified))))))
        return replace(token, levels=tuple(sorted([*token.levels, (self.name, label)])))


# ---- a writer: a document to a file ----


def write_words(flow: Flow, file: BinaryIO, options: reader.RenderOptions) -> None:
    """Each word once, with its reading and rarity, tabs between: the rarest first."""
    words = {_row(token) for block in flow.blocks for token in block.tokens if token.levels}
    for row in sorted(words, key=lambda row: (-int(row[2]), row)):
        file.write(("\t".join(row) + "\n").encode())


def _row(token: reader.Token) -> tuple[str, str, str]:
    return token.text, token.pinyin, dict(token.levels)[Rarity.name]


def _needs(options: reader.RenderOptions) -> frozenset[str]:
    return frozenset({"words", "readings", Rarity.name})


WORDS = reader.Format("words", (".tsv",), write_words, _needs)
