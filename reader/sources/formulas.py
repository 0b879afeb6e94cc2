"""MathML as a line of text: every character kept, what its place says in marks and a few signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TypeAlias

from reader.markup import etree
from reader.model import MarkKind
from reader.sources.html_inline import BlockText, name_of

__all__ = ["add_formula", "steps_run"]

Steps: TypeAlias = "Iterator[Steps]"
"""Work that asks for other work before it goes on: recursion without its depth."""


Lose: TypeAlias = Callable[[str, str, etree._Element], None]
"""Counts a text as of a kind, which stands in an element."""


def steps_run(steps: Steps) -> None:
    """Do the work to its end; a stranger's elements may be nested deeper than Python's calls."""
    stack = [steps]
    while stack:
        asked = next(stack[-1], None)
        if asked is None:
            stack.pop()
        else:
            stack.append(asked)


# Of elements whose children have places of their own: the mark of each child.
_SCRIPTS = {
    "msup": (None, MarkKind.SUPERSCRIPT),
    "msub": (None, MarkKind.SUBSCRIPT),
    "msubsup": (None, MarkKind.SUBSCRIPT, MarkKind.SUPERSCRIPT),
    "mover": (None, MarkKind.SUPERSCRIPT),
    "munder": (None, MarkKind.SUBSCRIPT),
    "munderover": (None, MarkKind.SUBSCRIPT, MarkKind.SUPERSCRIPT),
}
_BETWEEN = {"mfrac": "/", "mtr": ", ", "mlabeledtr": ", ", "mtable": "; "}
_OTHER_FORMS = frozenset(("annotation", "annotation-xml"))


def add_formula(formula: etree._Element, text: BlockText, lose: Lose) -> None:
    """Add a formula to the text of a block.

    A fraction is written with a slash, a root with its sign, a matrix row by row; exponents and
    indices are marks. The same formula in another notation, which stands beside it, is counted.
    """
    steps_run(_Formula(text, lose).element(formula))


class _Formula:
    def __init__(self, text: BlockText, lose: Lose) -> None:
        self._text = text
        self._lose = lose

    def element(self, element: etree._Element) -> Steps:
        name = name_of(element)
        if name in _OTHER_FORMS:
            text = "".join(map(str, element.itertext()))
            self._lose("formulas in another notation", text, element)
        elif name in _SCRIPTS:
            yield self._scripts(element, _SCRIPTS[name])
        elif name in _BETWEEN:
            yield self._divided(element, _BETWEEN[name], grouped=name == "mfrac")
        elif name in ("msqrt", "mroot"):
            yield self._root(element, name)
        elif name == "mfenced":
            yield self._fenced(element)
        elif name:
            yield self._all(element)

    def _all(self, element: etree._Element) -> Steps:
        self._text.add(element.text)
        for child in element:
            yield self.element(child)
            self._text.add(child.tail)

    def _scripts(self, element: etree._Element, kinds: Sequence[MarkKind | None]) -> Steps:
        """Each child under the mark of its place."""
        self._text.add(element.text)
        children = [child for child in element if name_of(child)]
        for number, child in enumerate(children):
            with ExitStack() as stack:
                kind = kinds[number] if number < len(kinds) else None
                if kind is not None:
                    stack.enter_context(self._text.marked(kind))
                yield self.element(child)
            self._text.add(child.tail)

    def _divided(self, element: etree._Element, between: str, *, grouped: bool) -> Steps:
        children = [child for child in element if name_of(child)]
        self._text.add(element.text)
        for number, child in enumerate(children):
            if number:
                self._text.add(between)
            yield self._group(child) if grouped else self.element(child)
            self._text.add(child.tail)

    def _group(self, element: etree._Element) -> Steps:
        """In brackets where it is more than one sign, so that it is seen what a slash parts."""
        several = len(element) > 1
        self._text.add("(" if several else "")
        yield self.element(element)
        self._text.add(")" if several else "")

    def _root(self, element: etree._Element, name: str) -> Steps:
        children = [child for child in element if name_of(child)]
        if name == "mroot" and len(children) > 1:
            with self._text.marked(MarkKind.SUPERSCRIPT):
                yield self.element(children[1])
            children = [children[0], *children[2:]]
        self._text.add("√(")
        self._text.add(element.text)
        for child in children:
            yield self.element(child)
        self._text.add(")")

    def _fenced(self, element: etree._Element) -> Steps:
        separators = element.get("separators", ",").strip()
        self._text.add(element.get("open", "("))
        self._text.add(element.text)
        for number, child in enumerate(child for child in element if name_of(child)):
            if number and separators:
                self._text.add(separators[min(number, len(separators)) - 1])
            yield self.element(child)
            self._text.add(child.tail)
        self._text.add(element.get("close", ")"))
