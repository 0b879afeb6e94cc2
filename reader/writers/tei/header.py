"""The teiHeader: what the text is, how it was annotated, and who or what said so."""

from __future__ import annotations

import re

from reader._version import __version__
from reader.model import Flow, Metadata, ReadingSource, Translation
from reader.writers.tei.tags import element, tag

__all__ = ["header"]

_WHEN = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")

_READINGS = {
    ReadingSource.GLOSSARY: "a glossary",
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


def header(flow: Flow) -> str:
    """The `teiHeader` of a flow, before its blocks have passed."""
    parts = [
        tag("fileDesc").around(*_file(flow.metadata, flow.translation)),
        tag("encodingDesc").around(_application(), _declarations()),
        tag("profileDesc").around(*_profile(flow.metadata)),
    ]
    return tag("teiHeader", lang="en").around("\n", "\n".join(parts), "\n")


def _file(metadata: Metadata, translation: Translation | None) -> list[str]:
    title = element("title", metadata.title, lang=metadata.language or None)
    authors = [element("author", author) for author in metadata.authors]
    said = [_responsible(*each) for each in _READINGS.items()]
    if translation is not None:
        said.append(_translator(translation))
    source = tag("bibl").around(element("idno", metadata.source, type="file"))
    return [
        tag("titleStmt").around(title, *authors, *said),
        tag("publicationStmt").around(*_publication(metadata)),
        tag("sourceDesc").around(source),
    ]


def _responsible(source: ReadingSource, name: str) -> str:
    resp = element("resp", "Readings")
    return tag("respStmt", id=f"reading.{source.value}").around(resp, element("name", name))


def _translator(translation: Translation) -> str:
    said = "Translation, made by a machine" if translation.machine else "Translation"
    kind = "machine" if translation.machine else None
    name = element("name", translation.translator, type=kind)
    return tag("respStmt", id="translator").around(element("resp", said), name)


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
    made = tag("application", ident="annotated-reader", version=__version__).around(label)
    return tag("appInfo").around(made)


def _declarations() -> str:
    said = [tag(name).around(element("p", text)) for name, text in _DECLARATIONS.items()]
    return tag("editorialDecl").around(*said)


def _profile(metadata: Metadata) -> list[str]:
    used = {metadata.language: _LANGUAGES.get(metadata.language, "Chinese")} | _LANGUAGES
    languages = [element("language", name, ident=ident) for ident, name in used.items() if ident]
    parts = []
    if metadata.description:
        parts.append(tag("abstract").around(element("p", metadata.description)))
    return [*parts, tag("langUsage").around(*languages)]
