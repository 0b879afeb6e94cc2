"""What a sentence says, as keys that can be compared across languages.

A key is a Chinese word in its Simplified form (`经济`), the stem of a word of an alphabet
(`econom`), or a cognate (`#1992`). Keys that both sides share are evidence by themselves; Chinese
words correspond to the stems of their dictionary glosses (`meanings`). The stems are for comparing
those with a translation, never for show, so a stem need not be a word: *studies*, *studied* and
*study* are all `studi`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Sequence
from functools import lru_cache, partial
from typing import Protocol

from reader.alignment.cognates import (
    NameFinder,
    chinese_numbers,
    english_numbers,
    mark_keys,
    names_in,
)
from reader.alignment.evidence import Weights
from reader.alignment.units import Unit
from reader.glossary import Glossary
from reader.model import Block
from reader.scripts import simplify

_HAN_LANGUAGES = frozenset({"zh", "yue", "lzh", "wuu", "nan", "hak"})
_HAN_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+")
_LATIN_RUN = re.compile(
    r"[^\W\d_\u3040-\u9fff\uf900-\ufaff\U00020000-\U0003fffd]+(?:['’][A-Za-z]+)*"
)
_LONGEST_WORD = 8
"""Characters of the longest word looked for."""
_MOST_KEYS = 200
"""Keys of a unit, at most: each is compared with all of the units it may answer, and a text without
stops is one sentence."""
_ASIDE = re.compile(r"\([^)]{0,200}+\)|\[[^\]]{0,200}+\]|（[^）]{0,200}+）")
_NOT_A_GLOSS = ("CL:", "see ", "variant of ", "old variant of ", "also written ", "Taiwan pr.")
_FUNCTION = frozenset(
    "的了着过在是和与及或也都就还而但被把将对从向于以为之其这那此该我你他她它们吗呢吧啊个"
)
"""Characters that, alone, say little: left out."""

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")

STOP_WORDS = frozenset(
    (
        "a about above after again all also although am an and any are aren as at be because been "
        "being but by can cannot could did do does doing don done down each either else ever every "
        "for from get got had has have having he her here hers herself him himself his how however "
        "i if in into is it its itself just let ll may me might mine more most much must my myself "
        "no nor not now of off on one oneself only or other our ours out over own per re s same "
        "shall she should so some such than that the their theirs them themselves then there these "
        "they this those though through thus to too up upon us ve very was we were what when where "
        "whether which while who whom whose why will with would yet you your yours yourself t d m "
        "sb sth esp etc eg ie abbr cf lit fig sth's sb's one's used particle variant old classifier"
    ).split()
)
"""Words that say nothing of the content, and the dictionary's own (sb, sth, variant of)."""

_IRREGULAR_GROUPS = (
    "be was were been|go went gone|man men|woman women|child children|foot feet|tooth teeth|"
    "person people|mouse mice|buy bought|bring brought|think thought|seek sought|teach taught|"
    "catch caught|fight fought|sell sold|tell told|say said|pay paid|lay laid|make made|"
    "find found|hold held|stand stood|understand understood|leave left|lose lost|"
    "feel felt|keep kept|sleep slept|meet met|lead led|feed fed|send sent|spend spent|build built|"
    "lend lent|mean meant|deal dealt|hear heard|see saw seen|know knew known|grow grew grown|"
    "throw threw thrown|fly flew flown|draw drew drawn|show shown|begin began begun|"
    "drink drank drunk|sing sang sung|swim swam swum|run ran|come came|become became|"
    "give gave given|take took taken|shake shook shaken|break broke broken|speak spoke spoken|"
    "choose chose chosen|write wrote written|drive drove driven|rise rose risen|"
    "ride rode ridden|eat ate eaten|fall fell fallen|forget forgot forgotten|"
    "hide hid hidden|bite bit bitten|win won|sit sat|strike struck|steal stole stolen|"
    "wear wore worn|bear bore born borne|tear tore torn|swear swore sworn|wake woke woken|"
    "arise arose arisen|shoot shot|shine shone|hang hung|dig dug|stick stuck|sweep swept|weep wept|"
    "life lives|wife wives|knife knives|leaf leaves|half halves|wolf wolves|"
    "good better best|bad worse worst|china chinese|japan japanese|france french|britain british|"
    "germany german|russia russian|america american|analysis analyses|crisis crises|die dying dead "
    "death"
)
_IRREGULAR = {
    form: group.split()[0] for group in _IRREGULAR_GROUPS.split("|") for form in group.split()
}
_SUFFIXES = (
    ("ations", ""), ("ation", ""), ("ments", ""), ("ment", ""), ("nesses", ""), ("ness", ""),
    ("ities", ""), ("ity", ""), ("ically", "ic"), ("ingly", ""), ("edly", ""), ("ally", ""),
    ("ly", ""), ("ions", ""), ("ion", ""), ("ings", ""), ("ing", ""), ("ied", "y"), ("ed", ""),
    ("ies", "y"), ("ers", ""), ("er", ""), ("ors", ""), ("or", ""), ("als", ""), ("al", ""),
    ("sses", "ss"), ("xes", "x"), ("shes", "sh"), ("ches", "ch"),
)  # fmt: skip
"""Endings, longest first, each with what stands in its place; three letters must remain."""


class Dictionary(Protocol):
    """What alignment asks of a lexicon; `reader.lexicon.Lexicon` is one."""

    def entries(self, word: str) -> Iterable[Article]: ...
    def lattice_words(self, pair: str) -> Iterable[tuple[str, int, str]]: ...
    def readings(self, character: str) -> tuple[str, ...]: ...


class Article(Protocol):
    @property
    def senses(self) -> tuple[str, ...]: ...
    @property
    def traditional(self) -> str: ...


class KeyMaker:
    """Fills in the keys of units; `meanings` then says what Chinese keys may mean."""

    def __init__(
        self,
        dictionary: Dictionary,
        glosses: dict[str, str],
        targets: Sequence[Unit],
        language: str,
    ) -> None:
        chinese = language.split("-")[0].lower() in _HAN_LANGUAGES
        names = set() if chinese else {n for unit in targets for n in names_in(unit.text)}
        self._words = ChineseWords(dictionary, names - STOP_WORDS, glosses)
        self._target = self._words.keys if chinese else self._alphabet
        self._target_chinese, self._language = chinese, language
        self.meanings: Callable[[str], Weights] = partial(
            meanings, dictionary=dictionary, glosses=glosses
        )

    def _alphabet(self, text: str) -> list[str]:
        # The Chinese text comes first, so that only names that it has are keys here.
        return alphabet_keys(text, self._language, self._words.names.matched)

    def of_source(self, units: Sequence[Unit]) -> list[Unit]:
        return self._filled(units, _simplified(unit.text for unit in units), self._words.keys)

    def of_target(self, units: Sequence[Unit]) -> list[Unit]:
        texts = [unit.text for unit in units]
        return self._filled(
            units, _simplified(texts) if self._target_chinese else texts, self._target
        )

    def _filled(
        self, units: Sequence[Unit], texts: Sequence[str], keys: Callable[[str], list[str]]
    ) -> list[Unit]:
        return [
            unit.with_keys([*keys(text)[:_MOST_KEYS], *mark_keys(text)])
            for unit, text in zip(units, texts, strict=True)
        ]


def _simplified(texts: Iterable[str]) -> list[str]:
    """The texts in Simplified characters."""
    # All in one call: a call of OpenCC costs twice what a sentence does.
    lines = [text.replace("\n", " ") for text in texts]
    return simplify("\n".join(lines)).split("\n")


def term_glosses(blocks: Sequence[Block], glossary: Glossary | None) -> dict[str, str]:
    """The glosses of glossary terms that occur in the blocks, by Simplified form.

    From the notes of an annotated text, and from the glossary if one is given.
    """
    by_term = {note.simplified: note.gloss for block in blocks for note in block.notes}
    if glossary is None:
        return by_term
    texts = [block.text for block in blocks]
    for text, shadow in zip(texts, _simplified(texts), strict=True):
        for match in glossary.find(text, shadow):
            by_term[match.entry.simplified] = match.entry.gloss
    return by_term


class ChineseWords:
    """Turns Simplified text into keys, by greedy longest match over the dictionary's words.

    `names` are the spellings to look for, `terms` Simplified glossary terms.
    """

    def __init__(
        self, dictionary: Dictionary, names: Iterable[str] = (), terms: Iterable[str] = ()
    ) -> None:
        self._dictionary = dictionary
        self.names = NameFinder(names, dictionary.readings)
        self._starting: dict[str, tuple[str, ...]] = {}
        self._terms: dict[str, list[str]] = {}
        for term in terms:
            # One character is a key by itself wherever no longer word begins with it.
            if len(term) > 1:
                self._terms.setdefault(term[:2], []).append(term)

    def keys(self, text: str) -> list[str]:
        """The keys of `text`: its words, numbers, Latin words, and names as spelled abroad."""
        keys = chinese_numbers(text)
        for run in _HAN_RUN.findall(text):
            keys += self._words(run)
            keys += [stem(name) for name in self.names.find(run)]
        keys += [stem(word) for word in _LATIN_RUN.findall(text)]
        return keys

    def _words(self, run: str) -> list[str]:
        words: list[str] = []
        start = 0
        while start < len(run):
            word = self._longest(run, start)
            if len(word) > 1 or word not in _FUNCTION:
                words.append(word)
            start += len(word)
        return words

    def _longest(self, run: str, start: int) -> str:
        pair = run[start : start + 2]
        words = self._starting.get(pair)
        if words is None:
            words = self._starting[pair] = self._all_starting(pair)
        return next((word for word in words if run.startswith(word, start)), run[start])

    def _all_starting(self, pair: str) -> tuple[str, ...]:
        """The words that begin with `pair`, longest first, a glossary's before a dictionary's."""
        terms = self._terms.get(pair, [])
        words = [item[0] for item in self._dictionary.lattice_words(pair)] if len(pair) == 2 else []
        known = (word for word in words if len(word) <= _LONGEST_WORD)
        return (*sorted(terms, key=len, reverse=True), *sorted(known, key=len, reverse=True))


def alphabet_keys(text: str, language: str, names: Container[str] = ()) -> list[str]:
    """The keys of a text in an alphabet: English in stems, other languages in lower case.

    `names` are the spellings of names that the Chinese text has.
    """
    numbers, rest = english_numbers(text)
    if language.split("-")[0].lower() in ("en", ""):
        words = content_stems(rest)
    else:
        words = [word.lower() for word in WORD.findall(rest)]
    spelled = [stem(name) for name in names_in(text) if name in names]
    return numbers + words + [name for name in spelled if name not in words]


@lru_cache(maxsize=1 << 16)
def gloss_stems(senses: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """The stems of dictionary glosses, each with its share, first senses weighing a little more.

    >>> gloss_stems(("to improve; to make better", "improvement", "CL:個|个[ge4]"))
    (('improv', 2.0), ('mak', 0.5), ('good', 0.5))
    """
    shares: dict[str, float] = {}
    for sense in senses:
        if sense.startswith(_NOT_A_GLOSS):
            continue
        for gloss in _ASIDE.sub(" ", sense.removeprefix("surname ")).split(";"):
            # A gloss of many words shares its weight among them: none need be in a translation.
            stems = content_stems(gloss)
            for one in stems:
                shares[one] = shares.get(one, 0.0) + 1.0 / len(stems)
    return tuple(shares.items())


def meanings(
    word: str, dictionary: Dictionary, glosses: dict[str, str]
) -> tuple[tuple[str, float], ...]:
    """The stems that may translate the Chinese `word`, with weights.

    `glosses` are a glossary's, by Simplified term; they come before the dictionary's.
    """
    if word in glosses:
        return gloss_stems(tuple(glosses[word].split(";")))
    senses = [sense for article in dictionary.entries(word) for sense in article.senses]
    # Words of two characters are rarely the sum of their halves (东西 is no east and west).
    if senses or len(word) < 3:
        return gloss_stems(tuple(senses))
    return _by_parts(word, dictionary)


def _by_parts(word: str, dictionary: Dictionary) -> tuple[tuple[str, float], ...]:
    """What the halves of a word without an article mean (机器学习: 机器 and 学习)."""
    cut = len(word) // 2
    halves = (word[:cut], word[cut:])
    senses = [s for half in halves for article in dictionary.entries(half) for s in article.senses]
    return gloss_stems(tuple(senses))


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A key under which the forms of one English word meet.

    >>> [stem(word) for word in ("studies", "developed", "development", "running", "Went")]
    ['studi', 'develop', 'develop', 'run', 'go']
    """
    word = word.lower().replace("’", "'").removesuffix("'s").replace("'", "")
    word = _IRREGULAR.get(word, word)
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ies")):
        word = word[:-1]
    return _ending(_without_suffix(_without_suffix(word)))


def _without_suffix(word: str) -> str:
    for suffix, instead in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word.removesuffix(suffix) + instead
    return word


def _ending(word: str) -> str:
    """Doubled consonants, a last `e` and a last `y` are where the forms of a stem still differ."""
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return f"{word[:-1]}i" if len(word) > 2 and word.endswith("y") else word


def content_stems(text: str) -> list[str]:
    """The stems of the words of `text` that carry content, in order."""
    words = (word.lower() for word in WORD.findall(text))
    return [stem(word) for word in words if word not in STOP_WORDS]


def share_of_stop_words(text: str) -> float:
    """How much of `text` is function words: about 0.4 in English prose, near 0 elsewhere."""
    words = [word.lower() for word in WORD.findall(text)]
    return sum(word in STOP_WORDS for word in words) / max(1, len(words))
