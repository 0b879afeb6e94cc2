"""The whole model as JSON (`data/reader.schema.json`), one block a line, streamed.

Fields that hold their default are left out, so a comma is `{"text": "，", "kind": "punctuation"}`.
A reading also has `rendered`, as a person reads it in the notation asked for, which is not read
back. `reader.sources.json` gives an equal document.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from reader.errors import WriteError
from reader.model import (
    Block,
    BlockKind,
    Correction,
    Cue,
    DocumentWarning,
    Flow,
    Link,
    Mark,
    Metadata,
    Note,
    Reading,
    Resource,
    Segment,
    Token,
    Translation,
)
from reader.options import Notation, RenderOptions
from reader.pinyin import spelled
from reader.writers.word_markup import MarkupCache

FORMAT = "annotated-reader"
VERSION = 2

Object = dict[str, Any]


def write_json(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """Write `flow` as JSON in UTF-8; memory does not grow with it.

    Raises `WriteError` for text with lone surrogates, which no UTF-8 can carry.
    """
    for line in _lines(flow, options):
        try:
            file.write(line.encode())
        except UnicodeEncodeError as error:
            name = f"character U+{ord(line[error.start]):04X}"
            excerpt = line[max(0, error.start - 20) : error.end + 20]
            raise WriteError(f"{name} cannot stand in UTF-8", excerpt=excerpt) from error


def _lines(flow: Flow, options: RenderOptions) -> Iterator[str]:
    blocks = _Blocks(options.notation)
    yield f'{{"format": {_dumps(FORMAT)}, "version": {VERSION},\n'
    yield f'"metadata": {_dumps(_metadata(flow.metadata))},\n'
    yield f'"layers": {_dumps(flow.layers)},\n"blocks": ['
    # A block a line: tools that read lines can take a book apart without a JSON parser that
    # streams.
    yield from _listed(blocks.line(block) for block in flow.blocks)
    # After the blocks: until they have passed, a stream does not know its warnings.
    yield ',\n"warnings": ['
    yield from _listed(_dumps(_warning(warning)) for warning in getattr(flow, "warnings", ()))
    if flow.translation is not None:
        yield from _translation(flow.translation, blocks)
    yield ',\n"resources": ['
    yield from _listed(_dumps(_resource(resource)) for resource in flow.resources)
    yield "}\n"


def _listed(items: Iterable[str]) -> Iterator[str]:
    """The items of an array, one a line, and its end."""
    mark = "\n"
    for item in items:
        yield mark + item
        mark = ",\n"
    yield "]" if mark == "\n" else "\n]"


def _translation(translation: Translation, blocks: _Blocks) -> Iterator[str]:
    head = _kept(translator=translation.translator, machine=translation.machine)
    fields = _dumps({"language": translation.language, **head})
    yield f',\n"translation": {fields[:-1]},\n"blocks": ['
    yield from _listed(blocks.line(block) for block in translation.blocks)
    yield ',\n"links": ['
    yield from _listed(_dumps(_link(link)) for link in translation.links)
    yield "}"


class _Blocks:
    """Blocks as JSON, each distinct token of theirs made once."""

    def __init__(self, notation: Notation) -> None:
        self._notation = notation
        # A book says few words many times: each distinct one is serialised once.
        self._tokens = MarkupCache(lambda token: _dumps(self._token(token)))

    def line(self, block: Block) -> str:
        fields = _dumps(_block(block))
        if not block.tokens:
            return fields
        return f'{fields[:-1]}, "tokens": [{", ".join(self._tokens.each(block.tokens))}]}}'

    def _token(self, token: Token) -> Object:
        same = token.text
        return {"text": same} | _kept(
            kind=token.kind.value if token.kind.value != "word" else "",
            simplified=token.simplified if token.simplified != same else "",
            traditional=token.traditional if token.traditional != same else "",
            reading=self._reading(token, token.reading) if token.reading else None,
            proper=token.proper,
            senses=token.senses,
            levels=dict(token.levels),
        )

    def _reading(self, token: Token, reading: Reading) -> Object:
        fields: Object = {"syllables": reading.syllables, "source": reading.source.value}
        if reading.probability != 1:
            fields["probability"] = reading.probability
        if reading.alternatives:
            fields["alternatives"] = reading.alternatives
        if reading.breaks:
            fields["breaks"] = reading.breaks
        if reading.capitals:
            fields["capitals"] = reading.capitals
        # For programs that only show it: they need not know how pinyin is spelled.
        fields["rendered"] = spelled(
            token.text, reading.syllables, self._notation, reading.breaks, token.capitals
        )
        return fields


def _block(block: Block) -> Object:
    return {"text": block.text} | _kept(
        kind=block.kind.value if block.kind is not BlockKind.PARAGRAPH else "",
        level=block.level if block.level != 1 else None,
        language=block.language,
        id=block.id,
        resource=block.resource,
        ordinal=block.ordinal,
        cue=_cue(block.cue) if block.cue else None,
        sentences=[(span.start, span.end) for span in block.sentences],
        marks=[_mark(mark) for mark in block.marks],
        notes=[_note(note) for note in block.notes],
        corrections=[_correction(correction) for correction in block.corrections],
    )


def _cue(cue: Cue) -> Object:
    more = _kept(position=cue.position, speaker=cue.speaker, style=cue.style)
    return {"start": cue.start, "end": cue.end} | more


def _mark(mark: Mark) -> Object:
    fields: Object = {"start": mark.start, "end": mark.end, "kind": mark.kind.value}
    if mark.attributes:
        fields["attributes"] = dict(mark.attributes)
    return fields


def _note(note: Note) -> Object:
    forms = {"term": note.term, "simplified": note.simplified, "traditional": note.traditional}
    content = {"syllables": note.syllables, "gloss": note.gloss}
    place = {"start": note.start, "end": note.end}
    more = _kept(text=note.text, tags=note.tags, breaks=note.breaks, capitals=note.capitals)
    return place | forms | content | more


def _correction(correction: Correction) -> Object:
    return {
        "start": correction.start,
        "end": correction.end,
        "corrected": correction.corrected,
        "reason": correction.reason,
        "probability": correction.probability,
    }


def _link(link: Link) -> Object:
    return {
        "sources": [_segment(segment) for segment in link.sources],
        "targets": [_segment(segment) for segment in link.targets],
        "score": link.score,
    } | _kept(by_hand=link.by_hand)


def _segment(segment: Segment) -> Object:
    fields: Object = {"block": segment.block}
    if segment.sentence is not None:
        fields["sentence"] = segment.sentence
    return fields


def _warning(warning: DocumentWarning) -> Object:
    places = {name: getattr(warning, name) for name in ("block", "start", "end", "line")}
    known = {name: place for name, place in places.items() if place is not None}
    return {"message": warning.message} | _kept(code=warning.code) | known


def _metadata(metadata: Metadata) -> Object:
    names = ("title", "authors", "date", "publisher", "description", "identifier", "rights")
    fields = _kept(**{name: getattr(metadata, name) for name in names}, source=metadata.source)
    fields |= _kept(traditional=metadata.traditional)
    return {"language": metadata.language} | fields


def _resource(resource: Resource) -> Object:
    data = base64.b64encode(resource.data).decode("ascii")
    return {"name": resource.name, "media_type": resource.media_type, "data": data}


def _kept(**fields: Any) -> Object:
    """The fields that are not empty, false or None; a number is never empty."""
    return {name: value for name, value in fields.items() if value or type(value) is int}


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
