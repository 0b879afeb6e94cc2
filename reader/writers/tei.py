"""TEI P5: the whole model, by the schema `data/reader-tei.rng` and by tei_all.

Streamed: a block is written when it comes. What many tokens point at (the lexicon, the glossary)
is remembered, each distinct word once, and written behind the text. `reader.sources.tei` gives an
equal document. docs/formats.md describes the elements.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from reader._version import __version__
from reader.markup import encoded
from reader.model import (
    Block,
    BlockKind,
    Cue,
    DocumentWarning,
    Flow,
    Link,
    Metadata,
    ReadingSource,
    Resource,
    Segment,
    Translation,
)
from reader.options import RenderOptions
from reader.writers.tei_elements import Ids, element, empty, named, root, tag
from reader.writers.tei_inline import Inline
from reader.writers.tei_words import Reasons, Terms, Words

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
    whole = root("TEI", lang=language)
    yield whole.open
    yield f"\n{_header(flow)}\n"
    # Shared by text and translation: what both point at is written once.
    words, terms, reasons = (
        Words(options, flow.metadata),
        Terms(flow.metadata.traditional),
        Reasons(),
    )
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
        markup = "".join(translated.markup(flow.translation.blocks))
        yield from _back(words, terms, flow.resources)
        yield f"{text.close}\n"
        text = tag("text", type="translation", lang=flow.translation.language)
        yield f"{text.open}\n{markup}{text.close}\n"
    yield from _stand_off(flow, reasons, body, translated)
    yield f"{whole.close}\n"


def _back(words: Words, terms: Terms, resources: Iterable[Resource]) -> Iterator[str]:
    divisions = (
        ("glossary", _around("list", terms.entries(), type="gloss")),
        ("lexicon", words.entries()),
        ("resources", map(_resource, resources)),
    )
    back = [_around("div", entries, type=kind) for kind, entries in divisions]
    yield from _around("back", _chained(back))


def _chained(parts: Iterable[Iterable[str]]) -> Iterator[str]:
    for part in parts:
        yield from part


def _around(name: str, items: Iterable[str], **attributes: str | None) -> Iterator[str]:
    """The items inside an element, one a line; nothing if there are none."""
    outer = tag(name, **attributes)
    begun = False
    for item in items:
        if not begun:
            yield f"{outer.open}\n"
            begun = True
        yield f"{item}\n" if not item.endswith("\n") else item
    if begun:
        yield f"{outer.close}\n"


def _resource(resource: Resource) -> str:
    data = base64.b64encode(resource.data).decode("ascii")
    object_ = element("binaryObject", data, mimeType=resource.media_type, encoding="base64")
    return tag("figure", id=named(resource.name, "f")).around(object_)


def _stand_off(flow: Flow, reasons: Reasons, body: Body, translated: Body | None) -> Iterator[str]:
    warnings: Iterable[DocumentWarning] = getattr(flow, "warnings", ())
    parts = [_around("interpGrp", reasons.entries(), type="correction")]
    if flow.translation is not None and translated is not None:
        parts.append(_links(flow.translation, body, translated))
    parts += [_cues(text) for text in (body, translated) if text is not None]
    parts.append(map(_warning, warnings))
    yield from _around("standOff", _chained(parts))


def _links(translation: Translation, body: Body, translated: Body) -> Iterator[str]:
    links = (_link(link, body, translated) for link in translation.links)
    return _around("linkGrp", links, type="translation", targFunc="source target")


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


def _cues(body: Body) -> Iterator[str]:
    """When the blocks of subtitles show, by the `xml:id` of each."""
    for index, cue in body.cues.items():
        features = [
            tag("f", name=name).around(empty("numeric", value=str(getattr(cue, name))))
            for name in ("start", "end")
        ]
        features += [
            tag("f", name=name).around(element("string", getattr(cue, name)))
            for name in ("position", "speaker", "style")
            if getattr(cue, name)
        ]
        yield tag("fs", type="cue", corresp=f"#{body.place(index)}").around(*features)


def _warning(warning: DocumentWarning) -> str:
    features: list[tuple[str, str]] = [("message", element("string", warning.message))]
    if warning.code:
        features.append(("code", element("string", warning.code)))
    for name in _PLACES:
        value: Any = getattr(warning, name)
        if value is not None:
            features.append((name, empty("numeric", value=str(value))))
    listed = [tag("f", name=name).around(value) for name, value in features]
    return tag("fs", type="warning").around(*listed)


# The blocks: divisions, heads, paragraphs, lists and figures.

_ELEMENTS: dict[BlockKind, tuple[str, str | None]] = {
    BlockKind.PARAGRAPH: ("p", None),
    BlockKind.QUOTATION: ("quote", None),
    BlockKind.VERSE: ("l", None),
    BlockKind.FOOTNOTE: ("note", "footnote"),
}
"""Element and `type`; of every other kind, `ab` with the kind as its type."""

_AT_THE_TOP: dict[BlockKind, tuple[str, str | None]] = {
    BlockKind.TITLE: ("head", "title"),
    BlockKind.SUBTITLE: ("head", "subtitle"),
    BlockKind.BYLINE: ("byline", None),
}
"""What TEI allows only before the first paragraph of a division."""

_SLIGHT = frozenset((*_AT_THE_TOP, BlockKind.FOOTNOTE, BlockKind.IMAGE, BlockKind.CAPTION))
"""What a body cannot consist of; wrongly, but harmlessly, also a title in the middle."""

_IN_FIGURES = {BlockKind.IMAGE: "ab", BlockKind.CAPTION: "head"}

Attributes = dict[str, str | None]


class Body:
    """Writes the body of a text as its blocks pass. `places` has the `xml:id` of each."""

    def __init__(self, inline: Inline, prefix: str) -> None:
        self._inline = inline
        self._prefix = prefix
        self.places: dict[int, str] = {}
        """Of blocks that the source gave an id; of others it is the prefix and the index."""
        self.cues: dict[int, Cue] = {}
        self._divs: list[int] = []
        self._lists: list[int] = []
        self._top = True
        self._solid = False

    def place(self, index: int) -> str:
        return self.places.get(index) or f"{self._prefix}{index}"

    def markup(self, blocks: Iterable[Block]) -> Iterator[str]:
        """The `body`, piece by piece."""
        body = tag("body")
        yield f"{body.open}\n"
        for index, block in enumerate(blocks):
            yield from self._block(index, block)
        if not self._solid:
            # A body may not be empty, nor have heads, notes and figures alone.
            yield empty("div")
        yield from self._up(None)
        yield f"{body.close}\n"

    def _block(self, index: int, block: Block) -> Iterator[str]:
        self._solid = self._solid or block.kind not in _SLIGHT
        if block.cue is not None:
            self.cues[index] = block.cue
        attributes = self._attributes(index, block)
        content = self._inline.content(block, self.place(index))
        if block.kind is BlockKind.LIST_ITEM:
            yield from self._item(block, attributes, content)
            self._top = False
            return
        # A list ends before anything that is no item of it.
        yield from self._end_lists(None)
        if block.kind is BlockKind.HEADING:
            yield from self._up(block.level)
            self._divs.append(block.level)
            # A heading opens a division, which the next one of its level, or a higher one, ends.
            yield tag("div", type="section", n=str(block.level)).open
            self._top = True
            yield tag("head", **attributes).around(content) + "\n"
            return
        yield _wrapped(block, self._level(block, attributes), content, self._top) + "\n"
        self._top = self._top and block.kind in _AT_THE_TOP

    def _attributes(self, index: int, block: Block) -> Attributes:
        """Attributes that any block may have."""
        claimed = self._inline.ids.claim(block.id) if block.id else {}
        if "id" in claimed:
            self.places[index] = claimed["id"]
        attributes: Attributes = {"id": self.place(index), **claimed}
        if block.language:
            attributes["lang"] = block.language
        if block.resource and block.kind not in _IN_FIGURES:
            attributes["corresp"] = f"#{named(block.resource, 'f')}"
        if block.ordinal:
            attributes["n" if block.kind is BlockKind.LIST_ITEM else "rend"] = block.ordinal
        return attributes

    def _level(self, block: Block, attributes: Attributes) -> Attributes:
        return attributes if block.level == 1 else {**attributes, "n": str(block.level)}

    def _item(self, block: Block, attributes: Attributes, content: str) -> Iterator[str]:
        yield from self._end_lists(block.level + 1)
        item = tag("item", **attributes)
        if self._lists and self._lists[-1] == block.level:
            yield f"{tag('item').close}\n"
        else:
            self._lists.append(block.level)
            yield tag("list", n=str(block.level)).open
        yield item.open + content

    def _end_lists(self, level: int | None) -> Iterator[str]:
        """End the lists at `level` and deeper (None: all); a list ends with its last item."""
        while self._lists and (level is None or self._lists[-1] >= level):
            self._lists.pop()
            line = "" if self._lists else "\n"
            yield tag("item").close + tag("list").close + line

    def _up(self, level: int | None) -> Iterator[str]:
        """End lists, and the divisions of headings at `level` and deeper (None: all)."""
        yield from self._end_lists(None)
        while self._divs and (level is None or self._divs[-1] >= level):
            self._divs.pop()
            yield f"{tag('div').close}\n"


def _wrapped(block: Block, attributes: Attributes, content: str, top: bool) -> str:
    """The element of a block that stands by itself."""
    if block.kind in _IN_FIGURES:
        return _figure(block, attributes, content)
    name, kind = ("ab", block.kind.value)
    if block.kind in _ELEMENTS:
        name, kind = _ELEMENTS[block.kind]  # type: ignore[assignment]
    elif top and block.kind in _AT_THE_TOP:
        name, kind = _AT_THE_TOP[block.kind]  # type: ignore[assignment]
    return tag(name, type=kind, **attributes).around(content)


def _figure(block: Block, attributes: Attributes, content: str) -> str:
    graphic = empty("graphic", url=f"#{named(block.resource, 'f')}") if block.resource else ""
    inner = tag(_IN_FIGURES[block.kind]).around(content)
    return tag("figure", type=block.kind.value, **attributes).around(graphic, inner)


# The teiHeader: what the text is, how it was annotated, and who or what answers for it.

_WHEN = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")

_READINGS = {
    ReadingSource.GLOSSARY: "a glossary",
    ReadingSource.TEXT: "the text itself",
    ReadingSource.DICTIONARY: "a dictionary word with one reading",
    ReadingSource.MODEL: "a statistical model",
    ReadingSource.NAME: "the readings of names",
    ReadingSource.DEFAULT: "the usual reading of the character",
}

_DECLARATIONS = {
    "correction": "The text is as in its source. What is likely to be a slip of it stands in sic, "
    "what was meant in corr; cert says how likely, the interp that ana points at says why.",
    "normalization": "Characters are as in the source. The other script, where it is given, stands "
    "in the second seg of a choice. The base text is what is in w, pc and c, without corr and "
    "without that second seg; of a block that has none of them, it is all the block's text.",
    "segmentation": "Words (w), punctuation (pc) and spaces (c) tile the text; s is a sentence. A "
    "span that crosses an element stands at the end of its block, from one anchor to another.",
    "interpretation": "rt is a reading for people; the pron of the entry that lemmaRef points at "
    "has citation tones in numbered pinyin, one syllable for each character (* where it is not "
    "read), resp its source and cert the probability that it is right.",
}

_LANGUAGES = {
    "en": "English",
    "zh-Hans": "Chinese in simplified characters",
    "zh-Hant": "Chinese in traditional characters",
    "zh-Latn-pinyin": "Chinese in Hanyu Pinyin",
}
_REGIONS = {
    "zh-Hant-TW": "Chinese in traditional characters, as in Taiwan",
    "zh-Hant-HK": "Chinese in traditional characters, as in Hong Kong",
}


CUSTOMISATION = "urn:annotated-reader:tei:1"
"""The name and version of `reader/data/reader-tei.rng`. The version grows when a document that
was valid no longer is, or when what is written may not be read as before."""


def _header(flow: Flow) -> str:
    """The `teiHeader` of a flow, before its blocks have passed."""
    parts = [
        tag("fileDesc").around(*_file(flow.metadata, flow.translation)),
        tag("encodingDesc").around(_application(), _schema(), _declarations()),
        tag("profileDesc").around(*_profile(flow.metadata)),
    ]
    return tag("teiHeader", lang="en").around("\n", "\n".join(parts), "\n")


def _file(metadata: Metadata, translation: Translation | None) -> list[str]:
    title = element("title", metadata.title, lang=metadata.language or None)
    authors = [element("author", author) for author in metadata.authors]
    responsible = [_responsible(*each) for each in _READINGS.items()]
    if translation is not None:
        responsible.append(_translator(translation))
    source = tag("bibl").around(element("idno", metadata.source, type="file"))
    return [
        tag("titleStmt").around(title, *authors, *responsible),
        tag("publicationStmt").around(*_publication(metadata)),
        tag("sourceDesc").around(source),
    ]


def _responsible(source: ReadingSource, name: str) -> str:
    resp = element("resp", "Readings")
    return tag("respStmt", id=f"reading.{source.value}").around(resp, element("name", name))


def _translator(translation: Translation) -> str:
    role = "Translation, made by a machine" if translation.machine else "Translation"
    kind = "machine" if translation.machine else None
    name = element("name", translation.translator, type=kind)
    return tag("respStmt", id="translator").around(element("resp", role), name)


def _publication(metadata: Metadata) -> list[str]:
    known = metadata.publisher
    parts = [element("publisher", known) if known else element("authority", "Not published")]
    if metadata.date:
        when = metadata.date if _WHEN.fullmatch(metadata.date) else None
        parts.append(element("date", metadata.date, when=when))
    if metadata.identifier:
        parts.append(element("idno", metadata.identifier))
    if metadata.rights:
        parts.append(tag("availability").around(element("p", metadata.rights)))
    return parts


def _application() -> str:
    label = element("label", "annotated-reader")
    application = tag("application", ident="annotated-reader", version=__version__).around(label)
    return tag("appInfo").around(application)


def _schema() -> str:
    """Which version of the customisation the document keeps to."""
    return empty("schemaRef", type="relaxng", url=CUSTOMISATION)


def _declarations() -> str:
    declarations = [tag(name).around(element("p", text)) for name, text in _DECLARATIONS.items()]
    return tag("editorialDecl").around(*declarations)


def _profile(metadata: Metadata) -> list[str]:
    known = _LANGUAGES | _REGIONS
    own = [each for each in (metadata.language, metadata.traditional) if each]
    used = dict.fromkeys([*own, *_LANGUAGES])
    languages = [
        # The id says which of them the Traditional forms are in.
        element(
            "language",
            known.get(ident, "Chinese"),
            id="traditional" if ident == metadata.traditional else None,
            ident=ident,
        )
        for ident in used
    ]
    parts = []
    if metadata.description:
        parts.append(tag("abstract").around(element("p", metadata.description)))
    return [*parts, tag("langUsage").around(*languages)]
