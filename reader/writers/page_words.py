"""The words of a page that answers: a number on each, and what is said of them, once, as JSON.

The page has `data-w="12"` on each word that is read; row 12 of the data has its forms, reading,
senses and level. The script of the page (`data/page.js`) does the rest; without it the page
shows what it would have shown without the data.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import chain
from typing import Any, NamedTuple

from reader.learner import Knowledge, Learner, LearnerPolicy
from reader.learner.decisions import counted_apart, homographs, is_person
from reader.markup import ADDED, Dialect
from reader.model import Metadata, Token, TokenKind
from reader.options import Notation, RenderOptions, Script, WordDisplay, WordPolicy
from reader.pinyin import is_syllable, render_syllable
from reader.writers.labels import labels_in, shown_language
from reader.writers.policy import policy_of

__all__ = ["DATA_ID", "PageWords", "Quiet", "mode_of"]

DATA_ID = "reader-data"
_QUIET = "k"
"""Class of a word whose reading is there and, where the page shows only some, not shown."""
_IN_JSON = re.compile("[<>&\x7f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""What could end a script, or cannot stand in XML."""
_LABEL = "page-"
_SCRIPTS = (Script.SIMPLIFIED, Script.TRADITIONAL)

PERSON, NAME, NUMBER, DOUBTFUL = 1, 2, 4, 8
"""Flags of a row: a person's name; another name or a number, if no level teaches it; a reading that
is less sure than a learner can rely on."""


class Quiet(NamedTuple):
    """A policy under which every reading is there: what the other hides has the class `k`."""

    policy: WordPolicy

    @property
    def constant(self) -> WordDisplay | None:
        shown = self.policy.constant
        return None if shown is None else _there(shown)

    @property
    def in_terms(self) -> WordDisplay | None:
        shown = self.policy.in_terms
        return None if shown is None else _there(shown)

    @property
    def layers(self) -> frozenset[str]:
        return self.policy.layers

    def start_chapter(self) -> Callable[[Token], WordDisplay]:
        display = self.policy.start_chapter()
        return lambda token: _there(display(token)) if token.reading else display(token)


def _there(shown: WordDisplay) -> WordDisplay:
    if shown.reading:
        return shown
    return shown._replace(reading=True, classes=(*shown.classes, _QUIET))


def mode_of(options: RenderOptions) -> str:
    """Which readings a page shows at first: `all`, `none`, or `some`, those without class `k`."""
    policy = policy_of(options)
    if policy.constant is None or policy.in_terms is not None:
        return "some"
    return "all" if policy.constant.reading else "none"


def page_policy(options: RenderOptions) -> WordPolicy:
    """The policy of a page that answers, whose readings are all there."""
    policy = policy_of(options)
    return policy_of(RenderOptions()) if mode_of(options) == "none" else Quiet(policy)


class PageWords:
    """Numbers words as they first come, and says in the end what there is to say of them."""

    def __init__(self, options: RenderOptions) -> None:
        self._options = options
        policy = options.policy
        self._learner = policy.learner if isinstance(policy, LearnerPolicy) else Learner()
        self._numbers: dict[tuple[object, ...], int] = {}
        self._tokens: list[Token] = []

    def number(self, token: Token) -> int:
        """The number of a word: of its forms, its reading and how sure that is."""
        reading = token.reading
        assert reading is not None
        sure = reading.probability >= self._learner.sure
        spoken = reading.syllables, reading.breaks, token.capitals
        key = (token.text, token.simplified, token.traditional, spoken, is_person(token), sure)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._tokens)
            self._tokens.append(token)
        return number

    def element(self, dialect: Dialect, metadata: Metadata) -> str:
        """The data as an element."""
        data = dialect.tag("script", id=DATA_ID, class_=ADDED, type="application/json")
        return data.around(_IN_JSON.sub(_code, self._json(metadata)))

    def _json(self, metadata: Metadata) -> str:
        scheme, labels = self._learner.levels, labels_in(self._options.labels)
        known = {key: text for key, text in labels.texts.items() if key.startswith(_LABEL)}
        head = {
            "languages": [shown_language(metadata, script) for script in _SCRIPTS],
            "switch": self._options.switch,
            "notation": self._options.notation.value,
            "mode": mode_of(self._options),
            "scheme": [scheme.name, scheme.title],
            "levels": scheme.labels,
            "level": scheme.rank(self._learner.level) + 1 if self._learner.level else 0,
            "ui": {key.removeprefix(_LABEL): text for key, text in known.items()},
            "lang": labels.language,
            "glosses": self._options.gloss_language,
            "sounds": self._sounds(),
        }
        head["words"] = list(map(self._row, self._tokens))
        return json.dumps(head, ensure_ascii=False, separators=(",", ":"))

    def _sounds(self) -> str:
        """How zhuyin and Wade-Giles write syllables, tones apart, a line each: `wo ㄨㄛ wo`.

        What is written as its initial and its final are (`b- ㄅ p`, `-ang ㄤ ang`) has no line.
        """
        readings = [token.reading.syllables for token in self._tokens if token.reading]
        # A character may be read as several syllables.
        each = " ".join(set(chain.from_iterable(readings))).split()
        lines: dict[str, tuple[str, str]] = {}
        for letters in sorted({each[:-1] for each in each if is_syllable(each)}):
            zhuyin, wade = _sound(letters)
            if initial := _INITIAL.match(letters):
                first = lines.setdefault(f"{initial[0]}-", _initial_sound(initial[0]))
                rest = zhuyin.removeprefix(first[0]), wade.removeprefix(first[1])
                last = lines.setdefault(f"-{letters[initial.end() :]}", rest)
                if (first[0] + last[0], first[1] + last[1]) == (zhuyin, wade):
                    continue
            lines[letters] = zhuyin, wade
        return "\n".join(" ".join((name, *written)) for name, written in lines.items())

    def _row(self, token: Token) -> list[Any]:
        """Simplified form, syllables, senses, level from 1 or 0, flags, Traditional form if it
        differs, state by the learner's list, the text as it stands if it is neither form."""
        learner = self._learner
        level = learner.level_of(token)
        spoken = token.reading.syllables if token.reading else ()
        state = learner.known.state(token.simplified, spoken, homographs())
        row = [
            token.simplified,
            _syllables(token),
            _senses(token.senses),
            level.rank + 1 if level else 0,
            self._flags(token, taught=level is not None),
            token.traditional if token.traditional != token.simplified else "",
            state.value if state else "",
            token.text if token.text not in (token.simplified, token.traditional) else "",
        ]
        while row and row[-1] in ("", 0):
            row.pop()
        return row

    def _flags(self, token: Token, *, taught: bool) -> int:
        assert token.reading is not None
        flags = DOUBTFUL * (token.reading.probability < self._learner.sure)
        if is_person(token):
            return flags | PERSON
        if token.kind is TokenKind.NUMBER:
            return flags | NUMBER
        return flags if taught else flags | _APART[counted_apart(token)]


_INITIAL = re.compile("(?:[zcs]h|[^aeêiouüwy])(?=[aeêiouü])")
"""The initial of a syllable that has one; as the script of the page knows it."""


def _sound(letters: str) -> tuple[str, str]:
    """A syllable without its tone in zhuyin and Wade-Giles."""
    syllable = f"{letters}5"
    zhuyin = render_syllable(syllable, Notation.ZHUYIN).removeprefix("˙")
    return zhuyin, render_syllable(syllable, Notation.WADE_GILES)


def _initial_sound(initial: str) -> tuple[str, str]:
    """An initial in both, as a syllable has it that is written regularly."""
    zhuyin, wade = _sound(initial + ("in" if initial in "jqx" else "an"))
    return zhuyin[:1], wade[:-2]


def _senses(senses: tuple[str, ...]) -> str | tuple[str, ...]:
    """As the dictionary's file has them, with `/` between, which is shorter: where none has one."""
    return senses if any("/" in sense for sense in senses) else "/".join(senses)


_APART = {None: 0, Knowledge.NAME: NAME, Knowledge.NUMBER: NUMBER}


def _syllables(token: Token) -> str:
    """The syllables apart, `-` for what is not read; a capital where one is, `|` at a new word."""
    assert token.reading is not None
    spoken = token.reading.syllables
    capitals, breaks = token.capitals, token.reading.breaks
    plain = " ".join(spoken)
    if not capitals and not breaks and "" not in spoken and plain.count(" ") == len(spoken) - 1:
        return plain
    parts = []
    for at, syllables in enumerate(spoken):
        written = "".join(syllables.split()) or "-"
        written = written[:1].upper() + written[1:] if at in capitals else written
        parts.append(f"|{written}" if at in breaks else written)
    return " ".join(parts)


def _code(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"
