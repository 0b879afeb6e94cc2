"""Short glosses: what a word means here, in the few letters that fit beside it on a page.

    glosses = Glosses.default()
    glosses.short(token)            # "to pay back; to return" -> "pay back"
    glosses.listed(token)           # for a list: a few senses, the likeliest first
    glosses.senses(token)           # all of them, for a pop-up

The senses of a token are the dictionary's for the word in this reading, in the dictionary's order.
A short gloss is one of them, whole: brackets and "to " are taken off, what is of old books, of
dialects or of parts of words comes last, and where none fits there is none. Words whose first sense
is seldom the one meant (function words above all) have a row of `data/glosses.tsv`; what in the
dictionary is no gloss is said by the rows of `data/gloss_patterns.tsv`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from operator import itemgetter

from reader.files import read_data
from reader.lexicon.lexicon import Lexicon
from reader.model import Token, TokenKind
from reader.scripts import has_han

__all__ = ["BOUND", "LONGEST", "Glosses", "short_gloss", "shown_senses"]

LONGEST = 18
"""Characters of a short gloss, at most."""
LISTED = 32
"""Characters of a gloss in a list, about."""
LONG = 60
"""And at most, where there is a shorter one."""
MEASURE = "measure word"
"""What is said of a word that is nothing else."""
BOUND = "(bound form)"
"""How the dictionary begins a sense that a character has in words, and not by itself."""
NONE = "-"
"""What a row says of a word that is better left without a gloss."""
_REMEMBERED = 1 << 15
_WORD = TokenKind.WORD
_LATE = 2


class Glosses:
    """The glosses of words, by the dictionary's senses and the rows for common words.

    `language` is that of the senses; the rows are for English ones.
    """

    def __init__(self, lexicon: Lexicon, language: str = "en") -> None:
        self._lexicon = lexicon
        self._rows = _rows() if language == "en" else {}
        self._words_of_rows = frozenset(word for word, _ in self._rows)
        self._short = lru_cache(maxsize=_REMEMBERED)(self._make)

    @staticmethod
    @lru_cache(maxsize=4)
    def default(language: str = "en") -> Glosses:
        """One for all who ask in a process: what it has worked out of a word it knows again."""
        return Glosses(Lexicon.default(), language)

    def short(self, token: Token) -> str:
        """The gloss of a word as it is read here, of at most `LONGEST` characters, or `""`.

        Names have none, nor has what is no word. Needs the layer senses.
        """
        if token.kind is not _WORD or token.proper or not token.senses:
            return ""
        syllables = token.reading.syllables if token.reading is not None else ()
        return self._short(token.simplified, syllables, token.senses)

    def listed(self, token: Token) -> str:
        """The gloss of a word for a list: some `LISTED` characters of senses, the first whole.

        Empty as that of `short` is, but not because a gloss is long.
        """
        senses = token.senses
        if token.kind is not _WORD or token.proper or not senses:
            return ""
        if token.simplified in self._words_of_rows and (row := self._row(token)):
            return row
        # Only as many as there is room for are looked at: lists have tens of thousands of words.
        shown = self._in_order(token) if len(senses) > 1 else iter(senses)
        if "[" in "".join(senses):
            shown = filter(None, map(_without_words, shown))
        listed = next(shown, "") or self._of_other(senses) or self.senses(token)[0]
        if len(listed) > LONG:
            # An explanation rather than a gloss: a short one says as much.
            return self.short(token) or listed
        return _with_what_fits(listed, shown)

    def noted(self, token: Token) -> str:
        """All senses, for a note."""
        return "; ".join(self.senses(token))

    def senses(self, token: Token) -> tuple[str, ...]:
        """The senses of a word as it is read here, the likeliest first.

        Family names are left out where the word is none, and other spellings come last.
        """
        return tuple(self._in_order(token)) if len(token.senses) > 1 else token.senses

    def _row(self, token: Token) -> str | None:
        syllables = token.reading.syllables if token.reading is not None else ()
        return self._rows.get((token.simplified, syllables))

    def _in_order(self, token: Token) -> Iterator[str]:
        """What `senses` gives; it is not asked of a sense how likely it is before its turn."""
        word, senses = token.simplified, token.senses
        if "surname" in "\n".join(senses):
            senses = shown_senses(token)
        row = self._row(token) if word in self._words_of_rows else None
        usual = frozenset(row.split("; ")) if row else frozenset()
        # Only where its senses differ in it is it asked which part of speech the word mostly is.
        tag = self._lexicon.tag(word) if _differ(senses) else ""
        first = _USUAL if usual else _PLAIN
        later: list[tuple[int, str]] = []
        for sense in senses:
            rank = _RANKS[_kind(sense)]
            if tag in _TELLING:
                rank += _is_later(tag, sense, rank)
            if usual and _says(sense, usual):
                rank = _USUAL
            if rank == first:
                yield sense
            else:
                later.append((rank, sense))
        later.sort(key=itemgetter(0))
        yield from map(itemgetter(1), later)

    def _make(self, word: str, syllables: tuple[str, ...], senses: tuple[str, ...]) -> str:
        row = self._rows.get((word, syllables))
        if row is not None:
            return row
        return short_gloss(senses, self._lexicon.tag(word)) or self._of_other(senses)

    def _of_other(self, senses: tuple[str, ...]) -> str:
        """The gloss of the word that a sense refers to: 一块 for 一块儿."""
        for sense in senses:
            named = _NAMED.search(sense) if _kind(sense) == _REFERENCE else None
            if named is not None:
                word = named[1]
                read = tuple(named[2].lower().replace("u:", "ü").split())
                for entry in self._lexicon.entries(word):
                    if entry.syllables == read and not entry.proper:
                        row = self._rows.get((word, read))
                        return row or short_gloss(entry.senses, self._lexicon.tag(word))
        return ""


def _with_what_fits(listed: str, others: Iterator[str]) -> str:
    for sense in others:
        if len(listed) + len(sense) > LISTED:
            break
        listed += f"; {sense}"
    return listed


def _without_words(sense: str) -> str:
    """A sense without the words that it names; `""` for one that only says whose the word is.

    >>> _without_words("e-commerce (abbr. for 電子商務|电子商务[dian4 zi3 shang1 wu4])")
    'e-commerce'
    """
    if _kind(sense) == _REFERENCE:
        return ""
    return _TAIL.sub("", _ASIDE.sub("", sense)).strip(" ,;") if "[" in sense else sense


_ASIDE = re.compile(r" ?\([^()]{0,300}\[[^()]{0,300}\)")
_TAIL = re.compile(r"[,;] (?:abbr\.|CL:|see|also|cf\.)[^,;]*\[.*$")
_NAMED = re.compile(r"(?<![^\s|\[\]()])([^\s|\[\]()]++)\[([^\]]{0,99}+)\]")
"""A word that a sense names, in Simplified, and how it is read."""


def shown_senses(token: Token) -> tuple[str, ...]:
    """The senses of a token for people: family names only of names, other spellings last.

    >>> import reader
    >>> token = reader.annotate("他还了书。").blocks[0].tokens[1]
    >>> token.senses, shown_senses(token)
    (('to pay back', 'to return', 'surname Huan'), ('to pay back', 'to return'))
    """
    if token.proper or len(token.senses) < 2:
        return token.senses
    return _without_surnames(token.senses, list(map(_kind, token.senses)))


def _without_surnames(senses: tuple[str, ...], kinds: Sequence[str]) -> tuple[str, ...]:
    own: list[str] = []
    references: list[str] = []
    for sense, kind in zip(senses, kinds, strict=True):
        if kind != _SURNAME:
            (references if kind == _REFERENCE else own).append(sense)
    return (*own, *references) or senses


def short_gloss(senses: Sequence[str], tag: str = "", *, longest: int = LONGEST) -> str:
    """The first of some senses that fits, whole, or `""`; rare uses come last.

    `tag` is the usual part of speech (`Lexicon.tag`): of a verb, what is none comes later, and of
    a noun, adjective or adverb what is a verb.

    >>> short_gloss(["(bound form) to open; to start", "surname Kai", "to drive"], "v")
    'drive'
    >>> short_gloss(["variant of 乾[gan1]", "a sense that is a good deal too long"])
    ''
    """
    found = sorted(_candidates(senses, tag), key=lambda candidate: candidate[0])
    fitting = (_fitted(gloss, longest) for _, gloss in found)
    return next(filter(None, fitting), "") or _measure(senses)


def _fitted(gloss: str, longest: int) -> str:
    if len(gloss) > longest:
        gloss = gloss.replace(" and ", " & ")
    return gloss if len(gloss) <= longest else ""


def _measure(senses: Sequence[str]) -> str:
    return MEASURE if _MEASURE in map(_kind, senses) else ""


def _candidates(senses: Sequence[str], tag: str) -> Iterator[tuple[int, str]]:
    """Pieces of the senses, each with how far back it comes."""
    for sense in senses:
        rank = _RANKS[_kind(sense)]
        if rank >= _APART:
            continue
        late = rank - _PLAIN
        for piece in _pieces(sense):
            gloss = piece.removeprefix("to ").strip()
            if not has_han(gloss) and any(map(str.isalpha, gloss)):
                yield late + _is_other(tag, piece), gloss


_NOT_VERBS = frozenset(("n", "ns", "nz", "t", "s", "f", "m", "q", "r", "c", "d", "ad", "a", "b"))
_ADVERBS = frozenset(("d", "ad"))
_TELLING = _NOT_VERBS | {"v"}
"""Parts of speech of which senses may be another."""


def _is_other(tag: str, piece: str) -> bool:
    """Whether a sense is of another part of speech than the word mostly is."""
    is_verb = piece.startswith("to ")
    if tag in _ADVERBS:
        return not piece.endswith("ly")
    return is_verb if tag in _NOT_VERBS else tag == "v" and not is_verb


def _is_later(tag: str, sense: str, rank: int) -> bool:
    return rank < _APART and _is_other(tag, _first_piece(sense))


def _differ(senses: Sequence[str]) -> bool:
    """Whether some may be of another part of speech than others."""
    said = "\n".join(senses)
    if "ly" in said or "to " not in said:
        return "ly" in said
    return 0 < sum(map(_is_verb, senses)) < len(senses)


def _is_verb(sense: str) -> bool:
    if "to " not in sense:
        return False
    if sense.startswith("to ") and sense[3:4].isalpha() and not _BRACKET.search(sense):
        return True
    return _first_piece(sense).startswith("to ")


def _first_piece(sense: str) -> str:
    if _BRACKET.search(sense):
        return next(_pieces(sense), "")
    return _PARTED.split(sense, 1)[0].strip(" .;,:…")


def _says(sense: str, usual: frozenset[str]) -> bool:
    """Whether a sense has a gloss of a row among its pieces."""
    return not usual.isdisjoint([piece.removeprefix("to ") for piece in _pieces(sense)])


_BRACKETS = re.compile(r"\([^()]*+\)|\[[^\[\]]*+\]|\{[^{}]*+\}")
_BRACKET = re.compile(r"[()\[\]{}]")
_PARTED = re.compile(r"[;,:]\s+")
_DEEPEST = 8
"""How deep brackets may be in brackets; what is in deeper ones is passed over."""


def _pieces(sense: str) -> Iterator[str]:
    """A sense without brackets, divided where it says the same again."""
    plain = sense
    for _ in range(_DEEPEST):
        if not _BRACKET.search(plain):
            break
        plain = _BRACKETS.sub(" ", plain)
    for piece in _PARTED.split(plain):
        piece = " ".join(piece.split()).removesuffix(" etc").strip(" .;,:…")
        if not _BRACKET.search(piece):
            yield piece


_SURNAME, _REFERENCE, _MEASURE, _NONE, _LATER = "surname", "reference", "measure", "none", "late"
_KINDS = (_SURNAME, _REFERENCE, _MEASURE, _NONE, _LATER)
"""Of senses that are no glosses of the word, or rare ones; the first that fits is the one."""
_USUAL, _PLAIN = 0, 1
_APART = _PLAIN + _LATE + 2
_RANKS = {
    "": _PLAIN,
    **dict.fromkeys(_KINDS, _APART),
    _LATER: _PLAIN + _LATE,
    _REFERENCE: _APART + 1,
}
"""How far back senses of each kind come; `_USUAL` is for what a row says."""


def _kind(sense: str) -> str:
    """What kind of sense one is by `data/gloss_patterns.tsv`; `""` for a plain one."""
    is_bare = sense.islower() and "(" not in sense
    if is_bare and sense.startswith("to "):
        return ""
    at_start, anywhere = _patterns()
    found = (at_start if is_bare else anywhere).match(sense)
    return found.lastgroup or "" if found else ""


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Those that tell kinds by how a sense begins, and all.

    What looks further, which takes long, looks for a bracket or a capital.
    """
    kinds: dict[str, list[str]] = defaultdict(list)
    for kind, pattern, _ in _data("gloss_patterns.tsv"):
        kinds[kind].append(pattern)
    at_start = {kind: [each for each in kinds[kind] if each[0] != "."] for kind in _KINDS}
    return _as_one(at_start), _as_one(kinds)


def _as_one(kinds: Mapping[str, Sequence[str]]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{'|'.join(kinds[kind])})" for kind in _KINDS))


@cache
def _rows() -> dict[tuple[str, tuple[str, ...]], str]:
    """Glosses of common words by Simplified form and reading."""
    return {
        (word, tuple(reading.split())): gloss if gloss != NONE else ""
        for word, reading, gloss in _data("glosses.tsv")
    }


def _data(name: str) -> Iterator[list[str]]:
    """The rows of a list, without its comments and its head."""
    lines = [line for line in read_data(name).decode().splitlines() if line]
    yield from [line.split("\t") for line in lines if not line.startswith("#")][1:]
