"""What writers wrote, read back: content documents and the text in them."""

from __future__ import annotations

from collections.abc import Iterator

from reader.markup import etree, safe_parser
from reader.model import BlockKind, Document
from reader.options import Script
from reader.writers.content_documents import outline_of
from reader.writers.pages import pictures_of
from tests.books import unpacked

XHTML = "{http://www.w3.org/1999/xhtml}"
_NOT_TEXT = frozenset((f"{XHTML}rt", f"{XHTML}rp"))

Element = etree._Element


def text_of(element: Element) -> str:
    """All character data inside an element."""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def parsed(data: bytes) -> Element:
    """The root of a document; raises where it is not well-formed."""
    return etree.fromstring(data, safe_parser())


def documents_in(epub: bytes) -> dict[str, Element]:
    """Every XHTML document of an EPUB by its path."""
    members = unpacked(epub).items()
    return {name: parsed(data) for name, data in members if name.endswith(".xhtml")}


def content_documents(epub: bytes) -> list[Element]:
    """The documents that hold the text, in reading order."""
    found = documents_in(epub)
    return [found[name] for name in sorted(found) if "/c0" in name]


def body_text(root: Element) -> str:
    """The text's own characters in a document: without readings and all that writers added."""
    body = root.find(f"{XHTML}body")
    assert body is not None
    return "".join(_own(body))


def _own(element: Element) -> Iterator[str]:
    added = "added" in element.get("class", "").split()
    if element.tag not in _NOT_TEXT and not added:
        yield element.text or ""
        for child in element:
            yield from _own(child)
    yield element.tail or ""


def expected_text(document: Document, script: Script = Script.AS_IS) -> str:
    """The blocks' texts as they must come back: footnotes after the text that refers to them.

    The text of a picture that is shown describes it, and is not part of the text any more.
    """
    plan = outline_of(document, lambda number: "")
    shown = {picture.resource for picture in pictures_of(document.resources)}
    moved = [item.block for items in plan.footnotes.values() for item in items]
    stay = [block for index, block in enumerate(document.blocks) if index not in plan.moved]
    faces = {Script.SIMPLIFIED: "simplified", Script.TRADITIONAL: "traditional"}
    found = []
    for block in (*stay, *moved):
        if block.kind is BlockKind.IMAGE and block.resource in shown:
            continue
        face = faces.get(script)
        own = "".join(getattr(token, face) for token in block.tokens) if face else ""
        found.append(own or block.text)
    return "".join(found)


def check_links(documents: dict[str, Element]) -> None:
    """Ids are unique, and every link inward leads to one."""
    ids = {
        name: [element.get("id") for element in root.iter() if element.get("id")]
        for name, root in documents.items()
    }
    for name, found in ids.items():
        assert len(found) == len(set(found)), (name, found)
    for name, root in documents.items():
        for link in root.iter(f"{XHTML}a"):
            _check_link(name, link.get("href", ""), ids)


def _check_link(name: str, href: str, ids: dict[str, list[str | None]]) -> None:
    assert href, name
    if ":" in href.partition("#")[0]:
        assert href.startswith(("https://", "http://", "mailto:"))
        return
    path, _, fragment = href.partition("#")
    target = f"{name.rpartition('/')[0]}/{path}".lstrip("/") if path else name
    assert target in ids, href
    assert not fragment or fragment in ids[target], href


def check_shape(root: Element) -> None:
    """What reading systems need of ruby and links, and what EPUBCheck does not look at."""
    assert root.get("lang") == root.get("{http://www.w3.org/XML/1998/namespace}lang")
    for element in root.iter():
        assert element.tag not in (f"{XHTML}rb", f"{XHTML}rtc")
        # Only the ruby of a gloss has others in it: words with their readings.
        glossed = element.get("class") == "glossed"
        if element.tag in (f"{XHTML}a", f"{XHTML}ruby") and not glossed:
            assert not list(element.iterdescendants(element.tag))
        if element.tag == f"{XHTML}rt":
            assert (element.text or "").strip()
            above = next(element.iterancestors()).get("class") == "glossed"
            assert element.get("lang", "").startswith("en" if above else "zh-")
    for aside in root.iter(f"{XHTML}aside"):
        assert "hidden" not in aside.attrib
        assert aside.get("role") == "doc-footnote"
