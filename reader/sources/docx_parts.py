"""What mammoth leaves out of a Word document, put where it reads it, and the rest counted.

Mammoth passes over elements that it does not know, with all that is in them: Word's ruby, formulas,
simple fields, text that runs the other way, boxes drawn as shapes, cells that a merge hides. Here
each becomes runs of text that say the same.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from reader.epub.archive import Archive, packed
from reader.epub.container import Container
from reader.markup import XML, etree, safe_parser
from reader.model import DocumentWarning
from reader.sources.losses import Losses

__all__ = ["Completed", "complete", "lost"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_READ = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_BESIDE = (
    (re.compile(r"word/(?:header|footer)\d*\.xml"), "page headers and footers"),
    (re.compile(r"word/comments\.xml"), "reviewers' comments"),
)
_PRIVATE = (*range(0xE000, 0xF900), *range(0xF0000, 0xFFFFE))
"""Characters that no text has; of a stranger's, some."""


def _w(name: str) -> str:
    return f"{{{_W}}}{name}"


def _m(name: str) -> str:
    return f"{{{_M}}}{name}"


_UNWRAPPED = [_w(name) for name in ("fldSimple", "dir", "bdo", "customXml", "smartTag")]
_ELSEWHERE = (_w("moveFrom"), _w("del"))
"""What is in these is not there any more, or stands elsewhere."""


class Completed(NamedTuple):
    """A document that mammoth reads whole, and how its HTML is to be read."""

    data: bytes
    text: str
    """All of its text, in no particular order."""
    signs: str
    """Three characters that stand in a ruby: before its base, behind it, at its end."""

    def html(self, made: str) -> str:
        """What mammoth made of the document, with its ruby."""
        for sign, tag in zip(self.signs, ("<ruby>", "<rt>", "</rt></ruby>"), strict=True):
            made = made.replace(sign, tag)
        return made


def complete(data: bytes, container: Container, losses: Losses) -> Completed:
    """The document in `data`, which `container` holds, for mammoth to read."""
    roots = _parts(container, losses)
    signs = _unused("".join(map(_text, roots.values())))
    changed = {name: root for name, root in roots.items() if _Part(root, signs).rewrite()}
    text = "".join(text for root in roots.values() for text in _texts(root))
    if changed:
        data = _with_parts(container, changed)
    return Completed(data, "".join(c for c in text if c not in signs), signs)


def _parts(container: Container, losses: Losses) -> dict[str, etree._Element]:
    """The parts that are read, by name; of those beside them the text is counted as lost."""
    roots: dict[str, etree._Element] = {}
    for info in container.members:
        kind = next((kind for name, kind in _BESIDE if name.fullmatch(info.filename)), "")
        if not kind and info.filename not in _READ:
            continue
        try:
            root = etree.fromstring(container.read(info.filename), safe_parser())
        except etree.XMLSyntaxError:  # mammoth will say so of what it needs
            continue
        if kind:
            losses.add(kind, "".join(_texts(root)), place=info.filename)
        else:
            deleted = "".join(map(_text, root.iter(_w("delText"))))
            losses.add("deleted text", deleted, place=info.filename)
            roots[info.filename] = root
    return roots


def lost(document: Completed, shown: Iterable[str]) -> list[DocumentWarning]:
    """A warning that counts the characters of a document that are in none of the texts `shown`."""
    left = Counter("".join("".join(shown).split()))
    missing: list[str] = []
    for character in "".join(document.text.split()):
        if left[character]:
            left[character] -= 1
        else:
            missing.append(character)
    losses = Losses()
    losses.add("elements that are not read", "".join(missing))
    return losses.warnings()


def _texts(root: etree._Element) -> Iterator[str]:
    """The text of a part, once where it stands in it in two forms."""
    passed: set[etree._Element] = set()
    for element in root.iter("{*}*"):
        if element.getparent() in passed or element.tag in _ELSEWHERE or _is_doubled(element):
            passed.add(element)
        elif element.tag in (_w("t"), _m("t")):
            yield element.text or ""


def _is_doubled(element: etree._Element) -> bool:
    """Whether it is the newer of two forms of a shape: the older one is read."""
    parent = element.getparent()
    return (
        element.tag == f"{{{_MC}}}Choice"
        and parent is not None
        and parent.find(f"{{{_MC}}}Fallback") is not None
    )


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _unused(text: str) -> str:
    used = set(text)
    free = (chr(code) for code in _PRIVATE if chr(code) not in used)
    # Were there none free, readings would stand as text.
    return "".join(islice(free, 3)) or "   "


def _with_parts(container: Container, parts: dict[str, etree._Element]) -> bytes:
    file = io.BytesIO()
    with Archive(file) as archive:
        for info in container.members:
            if info.filename in parts:
                part = etree.tostring(parts[info.filename], encoding="utf-8", xml_declaration=True)
                archive.replace(info, packed(part))
            else:
                archive.copy(info, container.raw(info))
    return file.getvalue()


class _Part:
    """A part of a document, changed to what mammoth reads."""

    def __init__(self, root: etree._Element, signs: str) -> None:
        self._root = root
        self._signs = signs

    def rewrite(self) -> bool:
        """Change the part; whether there was anything to change."""
        steps: tuple[tuple[list[str], Callable[[etree._Element], None]], ...] = (
            (_UNWRAPPED, _unwrap),
            ([_w("cr")], _break),
            ([_w("ruby")], self._ruby),
            ([_m("oMath")], _formula),
            ([_m("oMathPara")], _unwrap),
            ([_w("drawing")], _boxes),
            ([_w("vMerge")], _show_cell),
        )
        changed = False
        for names, step in steps:
            for element in list(self._root.iter(*names)):
                step(element)
                changed = True
        return changed

    def _ruby(self, ruby: etree._Element) -> None:
        """Base and what stands above it, between signs, in the place of their run."""
        run = ruby.getparent()
        base, above = ruby.find(_w("rubyBase")), ruby.find(_w("rt"))
        if run is None or base is None:
            return
        before, behind, end = self._signs[0], self._signs[1], self._signs[2]
        reading = "" if above is None else "".join(map(_text, above.iter(_w("t"))))
        runs = [_run(before), *base, _run(f"{behind}{reading}{end}")]
        _put_before(run, runs)
        run.remove(ruby)


def _put_before(element: etree._Element, others: Iterable[etree._Element]) -> None:
    for other in list(others):
        element.addprevious(other)


def _unwrap(element: etree._Element) -> None:
    """Leave what is in an element in its place."""
    parent = element.getparent()
    if parent is not None:
        _put_before(element, element)
        parent.remove(element)


def _break(element: etree._Element) -> None:
    element.tag = _w("br")


def _boxes(drawing: etree._Element) -> None:
    """Boxes with text in a drawing, which mammoth reads in the older form of a picture."""
    around = drawing.getparent()
    while around is not None and around.tag != _w("r"):
        if _is_doubled(around):
            return
        around = around.getparent()
    run = next(drawing.iterancestors(_w("r")), None)
    for box in list(drawing.iter(_w("txbxContent"))):
        # One in another goes with it.
        if run is not None and next(box.iterancestors(_w("drawing")), None) is drawing:
            etree.SubElement(run, _w("pict")).append(box)


def _show_cell(merge: etree._Element) -> None:
    """A cell with text of its own that a merge hides."""
    cell = next(merge.iterancestors(_w("tc")), None)
    properties = merge.getparent()
    hidden = merge.get(_w("val"), "continue") == "continue"
    if hidden and cell is not None and properties is not None and "".join(_texts(cell)).strip():
        properties.remove(merge)


# Formulas


def _run(text: str, place: str = "") -> etree._Element:
    """A run of text; raised or lowered where `place` says so."""
    run = etree.Element(_w("r"))
    if place:
        properties = etree.SubElement(run, _w("rPr"))
        etree.SubElement(properties, _w("vertAlign")).set(_w("val"), place)
    element = etree.SubElement(run, _w("t"))
    element.set(f"{{{XML}}}space", "preserve")
    element.text = text
    return run


_PLACES = {
    _m("sup"): "superscript",
    _m("sub"): "subscript",
    _m("deg"): "superscript",
    _m("lim"): "subscript",
}


def _formula(formula: etree._Element) -> None:
    """A formula as runs of text: fractions with a slash, roots with their sign, in one line."""
    places: list[str] = [""]
    runs: list[etree._Element] = []
    for event, element in etree.iterwalk(formula, events=("start", "end")):
        started = event == "start"
        if element.tag in _PLACES:
            places.append(_PLACES[element.tag]) if started else places.pop()
        elif element.tag == _m("t") and started:
            runs.append(_run(element.text or "", places[-1]))
        sign = _sign(element, started=started)
        if sign:
            runs.append(_run(sign, places[-1]))
    if _w("p") not in {each.tag for each in formula.iterancestors()}:
        paragraph = etree.Element(_w("p"))
        paragraph.extend(runs)
        runs = [paragraph]
    _put_before(formula, runs)
    parent = formula.getparent()
    if parent is not None:
        parent.remove(formula)


def _sign(element: etree._Element, *, started: bool) -> str:
    """What stands in a line for an element's form, where it starts or ends."""
    if element.tag in (_m("num"), _m("den")):
        return _sign_of_fraction(element, started=started)
    if element.tag == _m("e"):
        return _sign_of_part(element, started=started)
    if element.tag == _m("d"):
        return _property(element, "begChr", "(") if started else _property(element, "endChr", ")")
    if element.tag == _m("nary") and started:
        return _property(element, "chr", "∫")
    return "; " if element.tag == _m("mr") and started and _is_later(element) else ""


def _sign_of_fraction(element: etree._Element, *, started: bool) -> str:
    """Brackets around a long numerator or denominator, and the slash between the two."""
    bracket = ("(" if started else ")") if _is_long(element) else ""
    return bracket + ("/" if element.tag == _m("num") and not started else "")


def _sign_of_part(element: etree._Element, *, started: bool) -> str:
    """What stands for an element `e`, by what it is a part of."""
    parent = element.getparent()
    around = "" if parent is None else parent.tag
    if around == _m("rad"):
        return "√(" if started else ")"
    return _between(element) if started and around in (_m("mr"), _m("eqArr"), _m("d")) else ""


def _between(element: etree._Element) -> str:
    """What parts an element from the one before it."""
    if not _is_later(element):
        return ""
    parent = element.getparent()
    assert parent is not None
    if parent.tag == _m("d"):
        return _property(parent, "sepChr", "|")
    return ", " if parent.tag == _m("mr") else "; "


def _is_later(element: etree._Element) -> bool:
    before = element.getprevious()
    return before is not None and before.tag == element.tag


def _property(element: etree._Element, name: str, usual: str) -> str:
    properties = element.find(f"{{{_M}}}{element.tag.rpartition('}')[2]}Pr")
    found = None if properties is None else properties.find(_m(name))
    return usual if found is None else found.get(_m("val"), "")


def _is_long(element: etree._Element) -> bool:
    text = "".join(map(_text, element.iter(_m("t"))))
    return len(text) > 1 and not text.isalnum()
