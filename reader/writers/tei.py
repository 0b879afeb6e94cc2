"""TEI P5: the whole model, by the schema `data/reader-tei.rng` and by tei_all.

Streamed: a block is written when it comes. What many tokens point at (the lexicon, the glossary)
is remembered, each distinct word once, and written behind the text. `reader.sources.tei` gives an
equal document. docs/formats.md describes the elements.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from reader.markup import encoded
from reader.model import DocumentWarning, Flow, Link, Resource, Segment, Translation
from reader.options import RenderOptions
from reader.writers.tei_blocks import Body, header
from reader.writers.tei_inline import Inline
from reader.writers.tei_tags import NAMESPACE, Ids, Reasons, Terms, element, empty, named, tag
from reader.writers.tei_words import Words

__all__ = ["write_tei"]

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_PLACES = ("block", "start", "end", "line")


def write_tei(flow: Flow, file: BinaryIO, options: RenderOptions) -> None:
    """Write `flow` as TEI. Raises `WriteError` for text that XML cannot carry."""
    for chunk in encoded(_pieces(flow, options)):
        file.write(chunk)


def _pieces(flow: Flow, options: RenderOptions) -> Iterator[str]:
    language = flow.metadata.language
    yield _DECLARATION
    root = tag("TEI", lang=language)
    yield root.open.replace("<TEI", f'<TEI xmlns="{NAMESPACE}"', 1)
    yield f"\n{header(flow)}\n"
    words, terms, reasons = Words(options, language), Terms(), Reasons()
    text = tag("text")
    yield f"{text.open}\n"
    body = Body(Inline(words, terms, reasons, Ids("s")), "b")
    yield from body.markup(flow.blocks)
    translated = None
    if flow.translation is None:
        yield from _back(words, terms, flow.resources)
        yield f"{text.close}\n"
    else:
        # The translation's words, if it has any, are in the lexicon too: it is made first.
        translated = Body(Inline(words, terms, reasons, Ids("u")), "t")
        other = "".join(translated.markup(flow.translation.blocks))
        yield from _back(words, terms, flow.resources)
        yield f"{text.close}\n"
        made = tag("text", type="translation", lang=flow.translation.language)
        yield f"{made.open}\n{other}{made.close}\n"
    yield from _stand_off(flow, reasons, body, translated)
    yield f"{root.close}\n"


def _back(words: Words, terms: Terms, resources: Iterable[Resource]) -> Iterator[str]:
    divisions = (
        ("glossary", _around("list", terms.entries(), type="gloss")),
        ("lexicon", words.entries()),
        ("resources", map(_resource, resources)),
    )
    made = [_around("div", found, type=kind) for kind, found in divisions]
    yield from _around("back", _chained(made))


def _chained(parts: Iterable[Iterable[str]]) -> Iterator[str]:
    for part in parts:
        yield from part


def _around(name: str, items: Iterable[str], **attributes: str | None) -> Iterator[str]:
    """The items inside an element, one a line; nothing if there are none."""
    made = tag(name, **attributes)
    begun = False
    for item in items:
        if not begun:
            yield f"{made.open}\n"
            begun = True
        yield f"{item}\n" if not item.endswith("\n") else item
    if begun:
        yield f"{made.close}\n"


def _resource(resource: Resource) -> str:
    data = base64.b64encode(resource.data).decode("ascii")
    made = element("binaryObject", data, mimeType=resource.media_type, encoding="base64")
    return tag("figure", id=named(resource.name, "f")).around(made)


def _stand_off(flow: Flow, reasons: Reasons, body: Body, translated: Body | None) -> Iterator[str]:
    warnings: Iterable[DocumentWarning] = getattr(flow, "warnings", ())
    parts = [_around("interpGrp", reasons.entries(), type="correction")]
    if flow.translation is not None and translated is not None:
        parts.append(_links(flow.translation, body, translated))
    parts.append(map(_warning, warnings))
    yield from _around("standOff", _chained(parts))


def _links(translation: Translation, body: Body, translated: Body) -> Iterator[str]:
    made = (_link(link, body, translated) for link in translation.links)
    return _around("linkGrp", made, type="translation", targFunc="source target")


def _link(link: Link, body: Body, translated: Body) -> str:
    """A link between its ends; a `ptr` to what has nothing that answers to it."""
    ends = [_pointer(segment, body) for segment in link.sources]
    ends += [_pointer(segment, translated) for segment in link.targets]
    name = "link" if link.sources and link.targets else "ptr"
    kind = "by-hand" if link.by_hand else None
    return empty(name, type=kind, target=" ".join(ends), cert=repr(float(link.score)))


def _pointer(segment: Segment, body: Body) -> str:
    place = f"#{body.place(segment.block)}"
    return place if segment.sentence is None else f"{place}.s{segment.sentence + 1}"


def _warning(warning: DocumentWarning) -> str:
    features: list[tuple[str, str]] = [("message", element("string", warning.message))]
    if warning.code:
        features.append(("code", element("string", warning.code)))
    for name in _PLACES:
        value: Any = getattr(warning, name)
        if value is not None:
            features.append((name, empty("numeric", value=str(value))))
    made = [tag("f", name=name).around(value) for name, value in features]
    return tag("fs", type="warning").around(*made)
