"""The words of a text to learn, in the order in which they are best learnt."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reader.errors import OptionError, one_of
from reader.learner.counts import VocabularyWord, vocabulary
from reader.learner.decisions import Knowledge, Learner, homographs
from reader.lexicon.glosses import Glosses, shown_senses
from reader.lexicon.homographs import Syllables
from reader.lexicon.lexicon import Lexicon
from reader.model import Block, Document
from reader.pinyin import Notation

__all__ = ["LICENCE", "ListOrder", "ListedWord", "WordList", "sentence_at", "words_to_learn"]

LICENCE = "Meanings: CC-CEDICT (www.mdbg.net), CC BY-SA 4.0"
"""What every list with the dictionary's meanings says."""
_LAST = 1 << 16


class ListOrder(StrEnum):
    """The order of a list of words."""

    COVERAGE = "coverage"
    """First what the text has most often: each word makes most of it known."""
    TEXT = "text"
    """As the text has them."""
    FREQUENCY = "frequency"
    """First what Chinese texts in general have most often."""


@dataclass(frozen=True, slots=True)
class ListedWord:
    """A word to learn, with what a card needs."""

    word: str
    """As the text has it."""
    simplified: str
    traditional: str
    syllables: Syllables
    reading: str
    """In the notation asked for."""
    gloss: str
    """Short: a glossary's, or the sense that is mostly meant; `""` where none fits."""
    senses: tuple[str, ...]
    """Of this reading."""
    level: str
    """`""` for a word that the scheme does not teach."""
    count: int
    """How often the text has it."""
    sentence: str
    """Where it first stands."""
    at: tuple[int, int]
    """Start and end of the word in the sentence."""
    translation: str
    """Of the sentence, or `""`."""
    doubtful: bool
    """Whether the reading is not sure."""

    @property
    def guid(self) -> str:
        """The same for this word in this reading, in whatever text and however it is glossed.

        Cards are known again by it: a list that is imported twice adds nothing, and what was
        mended takes the place of what was there.
        """
        from hashlib import sha256  # brings OpenSSL with it, which a book does not need

        name = f"{self.simplified}\t{' '.join(self.syllables)}"
        return urlsafe_b64encode(sha256(name.encode("utf-8", "replace")).digest())[:12].decode()


@dataclass(frozen=True, slots=True)
class WordList:
    """The words of a text to learn.

    >>> import reader
    >>> document = reader.annotate("他把芯片放在银行里。芯片！")
    >>> listed = WordList.of(document, reader.Learner(level="3"))
    >>> [(word.simplified, word.reading, word.count) for word in listed.words]
    [('芯片', 'xīnpiàn', 2)]
    """

    title: str
    """Of the text."""
    scheme: str
    """Which document the levels come from, for people."""
    words: tuple[ListedWord, ...]
    left_out: int = 0
    """Compounds that are clear from parts which the learner knows."""

    @classmethod
    def of(
        cls,
        document: Document,
        learner: Learner,
        *,
        by: ListOrder | str = ListOrder.COVERAGE,
        limit: int | None = None,
        notation: Notation | str = Notation.PINYIN,
    ) -> WordList:
        """The unknown words of a document, with the sentences of their first use.

        Not names, nor compounds that are clear from their parts. Needs the layers words, readings,
        senses and scripts; with sentences and notes, and a translation that was aligned, there are
        also sentences, the glossary's meanings and the sentences' translations.

        Raises `OptionError` for an order or notation that there is not.
        """
        notation = one_of(Notation, "notation", notation)
        if limit is not None and limit < 1:
            raise OptionError(f"limit is {limit}, and not 1 or more")
        found = vocabulary(document, learner)
        describe = _Describer(document, notation)
        chosen = words_to_learn(found, by)[:limit]
        left_out = sum(word.by_parts for word in found if word.knowledge is Knowledge.UNKNOWN)
        title = document.metadata.title
        listed = tuple(map(describe.listed, chosen))
        return cls(title, learner.levels.title, listed, left_out)


def words_to_learn(
    words: Iterable[VocabularyWord], by: ListOrder | str = ListOrder.COVERAGE
) -> list[VocabularyWord]:
    """The unknown words of a text; not names, and not compounds that are clear from their parts."""
    by = one_of(ListOrder, "by", by)
    found = [word for word in words if word.knowledge is Knowledge.UNKNOWN and not word.by_parts]
    if by is ListOrder.COVERAGE:
        found.sort(key=lambda word: (-word.count, word.level.rank if word.level else _LAST))
    elif by is ListOrder.FREQUENCY:
        found.sort(key=_rarity)
    return found


def _rarity(word: VocabularyWord) -> float:
    # Counts are of spellings: another reading than the usual one has little of them.
    usual = next(iter(homographs().readings(word.simplified)), word.syllables)
    share = 1.0 if word.syllables == usual else RARER
    return -share * Lexicon.default().frequency(word.simplified)


RARER = 0.02
"""Of a spelling's uses those that a reading has which is not the usual one."""


class _Describer:
    """Finds what is said of a word where it first stands."""

    def __init__(self, document: Document, notation: Notation) -> None:
        self._document = document
        self._notation = notation
        self._glosses = Glosses.default()
        self._translations = dict(_translations(document))

    def listed(self, word: VocabularyWord) -> ListedWord:
        token, block = word.token, self._document.blocks[word.block]
        end = word.start + len(token.text)
        number, start, stop = sentence_at(block, word.start)
        own = [note for note in block.notes if (note.start, note.end) == (word.start, end)]
        text = block.text[start:stop]
        # Cards and tables have a sentence on one line, of the same length.
        text = "".join(" " if character.isspace() else character for character in text)
        return ListedWord(
            token.text,
            word.simplified,
            word.traditional,
            word.syllables,
            token.spelled(self._notation),
            own[0].gloss if own else self._glosses.short(token),
            shown_senses(token),
            word.level.label if word.level else "",
            word.count,
            text,
            (word.start - start, end - start),
            self._translations.get((word.block, number))
            or self._translations.get((word.block, None), ""),
            bool(word.doubtful),
        )


def sentence_at(block: Block, at: int) -> tuple[int | None, int, int]:
    """The sentence of a block that has this place: its number, its start and its end; where none
    has it, None and the whole block."""
    for number, span in enumerate(block.sentences):
        if span.start <= at < span.end:
            return number, span.start, span.end
    return None, 0, len(block.text)


def _translations(document: Document) -> Iterator[tuple[tuple[int, int | None], str]]:
    """The translation of each sentence that is linked, and of whole blocks."""
    translation = document.translation
    if translation is None:
        return
    for link in translation.links:
        targets = (_text(translation.blocks[at.block], at.sentence) for at in link.targets)
        text = " ".join(" ".join(targets).split())
        if text:
            for source in link.sources:
                yield (source.block, source.sentence), text


def _text(block: Block, sentence: int | None) -> str:
    if sentence is None:
        return block.text
    span = block.sentences[sentence]
    return block.text[span.start : span.end]
