"""What is said once and pointed at many times: glossary terms, reasons of corrections, ids."""

from __future__ import annotations

from collections.abc import Iterator

from reader.model import Correction, Note
from reader.writers.tei.names import named, syllables
from reader.writers.tei.tags import element, tag


class Ids:
    """The ids of a text's source; each names one element, though a source may have it twice."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._used: set[str] = set()

    def claim(self, id: str) -> dict[str, str]:
        """The attribute that gives an element `id`: `xml:id`, or `sameAs` if that is taken."""
        name = named(id, self.prefix)
        if name in self._used:
            return {"sameAs": f"#{name}"}
        self._used.add(name)
        return {"id": name}


class Terms:
    """The glossary: each distinct note once, whatever its occurrences."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._notes: list[Note] = []

    def pointer(self, note: Note) -> str:
        forms = (note.term, note.simplified, note.traditional, note.syllables)
        key = (*forms, note.gloss, note.text, note.tags, note.breaks)
        number = self._numbers.setdefault(key, len(self._numbers) + 1)
        if number > len(self._notes):
            self._notes.append(note)
        return f"#g{number}"

    def entries(self) -> Iterator[str]:
        """A label and an item for each term."""
        for number, note in enumerate(self._notes, 1):
            forms = [
                element("term", note.term),
                element("seg", note.simplified, type="simplified", lang="zh-Hans"),
                element("seg", note.traditional, type="traditional", lang="zh-Hant"),
                element("seg", syllables(note.syllables, note.breaks), type="syllables"),
            ]
            target = f"#g{number}"
            said = [element("gloss", note.gloss, target=target, lang="en")]
            if note.text:
                said.append(element("note", note.text, type="gloss", target=target, lang="en"))
            said += [element("term", each, type="tag") for each in note.tags]
            yield tag("label", id=f"g{number}").around(*forms) + tag("item").around(*said)


class Reasons:
    """Why corrections are made: each distinct reason once."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def corr(self, correction: Correction) -> str:
        """The `corr` of a correction."""
        return element("corr", correction.corrected, **self.attributes(correction))

    def attributes(self, correction: Correction) -> dict[str, str]:
        number = self._numbers.setdefault(correction.reason, len(self._numbers) + 1)
        return {"cert": repr(float(correction.probability)), "ana": f"#r{number}"}

    def entries(self) -> Iterator[str]:
        for reason, number in self._numbers.items():
            yield element("interp", reason, id=f"r{number}", lang="en")
