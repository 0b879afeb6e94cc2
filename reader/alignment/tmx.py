"""TMX 1.4 (LISA OSCAR, 2005), the exchange format of translation memories, in and out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path
from typing import Any, BinaryIO

from reader.alignment.pairs import Pair, pairs_of
from reader.errors import AlignmentError
from reader.files import read_file, replacing
from reader.markup import XML_FORBIDDEN, etree, safe_parser
from reader.model import Document

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NATIVE = frozenset({"bpt", "ept", "it", "ph", "ut"})
"""Inline elements that hold another format's codes, not text."""
_NO_SPACE = ("zh", "ja", "th")


def write_tmx(document: Document, path: str | PathLike[str] | BinaryIO) -> None:
    """Writes the linked sentences of an aligned document as translation units. Raises `WriteError`.

    The score stands in a `prop` of type `score`. Sentences without a link are left out, as TMX
    has no unit with one side.
    """
    if isinstance(path, str | PathLike):
        with replacing(Path(path)) as file:
            write_tmx(document, file)
        return
    tree = etree.ElementTree(_tmx(document))
    tree.write(path, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _tmx(document: Document) -> Any:
    language = document.metadata.language
    target = document.translation.language if document.translation else "und"
    root = etree.Element("tmx", version="1.4")
    header = {
        "creationtool": "annotated-reader",
        "creationtoolversion": "1",
        "segtype": "sentence",
        "o-tmf": "annotated-reader",
        "adminlang": "en",
        "srclang": language,
        "datatype": "plaintext",
    }
    etree.SubElement(root, "header", header)
    body = etree.SubElement(root, "body")
    for pair in pairs_of(document):
        if pair.sources and pair.targets:
            _add_unit(body, pair, (language, target))
    return root


def _add_unit(body: Any, pair: Pair, languages: tuple[str, str]) -> None:
    unit = etree.SubElement(body, "tu")
    etree.SubElement(unit, "prop", type="score").text = f"{pair.score:.4g}"
    for language, sentences in zip(languages, (pair.sources, pair.targets), strict=True):
        variant = etree.SubElement(unit, "tuv", {_LANG: language})
        space = "" if language.startswith(_NO_SPACE) else " "
        text = re.sub(XML_FORBIDDEN, "\ufffd", space.join(sentences))
        etree.SubElement(variant, "seg").text = text


def read_tmx(path: str | PathLike[str], source: str = "zh", target: str = "en") -> tuple[Pair, ...]:
    """The units of a TMX file that have both languages, to be given to `align` as anchors.

    Languages are compared by their first subtag. Raises `AlignmentError` for what is not TMX.
    """
    name = fspath(path)
    data = read_file(Path(path), kind="a TMX file", error=AlignmentError)
    try:
        root = etree.fromstring(data, safe_parser())
    except etree.XMLSyntaxError as error:
        raise AlignmentError(f"not a TMX file: {error}", path=name) from error
    if etree.QName(root).localname != "tmx":
        raise AlignmentError(f"not a TMX file: its root is {root.tag}", path=name)
    return tuple(_pairs(root, name, (_primary(source), _primary(target))))


def _pairs(root: Any, path: str, languages: tuple[str, str]) -> Iterator[Pair]:
    for unit in root.iter("{*}tu"):
        texts = {
            _primary(variant.get(_LANG) or variant.get("lang") or ""): _text(variant.find("{*}seg"))
            for variant in unit.iter("{*}tuv")
        }
        # A unit may hold more languages than two, or one of them only.
        source, target = (texts.get(language, "") for language in languages)
        if source and target:
            yield Pair((source,), (target,), _score(unit), path, unit.sourceline)


def _primary(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


def _score(unit: Any) -> float:
    text = next((p.text for p in unit.iter("{*}prop") if p.get("type") == "score"), None)
    try:
        return min(1.0, max(0.0, float(text or 1.0)))
    except ValueError:
        return 1.0


def _text(element: Any) -> str:
    """The text of a segment without the codes of other formats in it."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and etree.QName(child).localname not in _NATIVE:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts).strip() if element.tag == "seg" else "".join(parts)
