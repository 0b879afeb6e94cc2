"""A doubt and an answer to it, as the glossary row that settles it.

>>> settled(Doubt(DoubtKind.NAME, "小安", 0, 0, 2, "【小安】", "Xiǎo'ān", (), 0.4,
...     ("小安", "小安", "Xiǎo'ān", "", "", "", "小安")), "xiǎo ān")["words"]
'小|安'
"""

from __future__ import annotations

from reader.annotation.doubts import COLUMNS, Doubt, DoubtKind
from reader.errors import OptionError
from reader.pinyin import parse

CUT = "|"


def settled(doubt: Doubt, answer: str, text: str = "") -> dict[str, str]:
    """The row that says `answer`, by column.

    `answer` is written as `doubt.chosen` and its alternatives are: a cut with `|` between the
    words, a reading or name as pinyin, capitals for a name, spaces between words. `text` is the
    block's: a name may be longer than what was doubted. Raises `OptionError` for an answer that
    does not fit, and for a doubt that no row settles.
    """
    if not doubt.row:
        raise OptionError("no row settles this: it would change other places too")
    row = dict(zip(COLUMNS, doubt.row, strict=True))
    answer = answer.strip()
    if answer == doubt.chosen:
        return row
    if doubt.kind is DoubtKind.CUT:
        return row | _cut(row, doubt, answer)
    return row | _read(row, doubt, answer, text)


def _cut(row: dict[str, str], doubt: Doubt, answer: str) -> dict[str, str]:
    if answer.replace(CUT, "") != doubt.text or "" in answer.split(CUT):
        raise OptionError(f"a cut has the characters of {doubt.text}, with {CUT} between words")
    before, found, after = _around(row["words"], doubt.chosen)
    if not found and row["term"] != doubt.text:
        raise OptionError("no row settles this: it would change other places too")
    words = CUT.join(filter(None, (before, answer, after))) if found else answer
    # Other words may be read otherwise: the reading is theirs.
    return {"words": words, "pinyin": ""}


def _around(words: str, part: str) -> tuple[str, str, str]:
    """The words of a row before some of them, these, and those after."""
    pieces, wanted = words.split(CUT), part.split(CUT)
    for at in range(len(pieces) - len(wanted) + 1):
        if pieces[at : at + len(wanted)] == wanted:
            return CUT.join(pieces[:at]), part, CUT.join(pieces[at + len(wanted) :])
    return "", "", ""


def _read(row: dict[str, str], doubt: Doubt, answer: str, text: str) -> dict[str, str]:
    try:
        sizes = [len(parse(word)) for word in answer.split()]
    except ValueError as error:
        raise OptionError(f"{answer!r} is no pinyin: {error}") from error
    if not sizes:
        raise OptionError("a reading is pinyin, with tones")
    characters = sum(sizes)
    if row["term"] != doubt.text and characters == len(doubt.text):
        return _within(row, doubt, answer)
    term = row["term"]
    if row["term"] == doubt.text and characters > len(term):
        term = text[doubt.start : doubt.start + characters]
    if characters != len(term):
        raise OptionError(f"{term} has {len(term)} characters, and {answer!r} {characters}")
    words, at = [], 0
    for size in sizes:
        words.append(term[at : at + size])
        at += size
    simplified = row["simplified"] if term == row["term"] else ""
    return {
        "term": term,
        "simplified": simplified,
        "pinyin": answer,
        "words": CUT.join(words) if row["words"] else "",
    }


def _within(row: dict[str, str], doubt: Doubt, answer: str) -> dict[str, str]:
    """A row of more words than the doubted ones: only the pinyin of these changes."""
    pieces, spoken = row["words"].split(CUT), row["pinyin"].split()
    if len(pieces) == len(spoken):
        for at in range(len(pieces)):
            for end in range(at + 1, len(pieces) + 1):
                if "".join(pieces[at:end]) == doubt.text:
                    return {"pinyin": " ".join([*spoken[:at], answer, *spoken[end:]])}
    raise OptionError("no row settles this: it would change other places too")
