"""The lexicon's table, compiled from the data of the installed packages.

`records` has the shape of each record, `costs` the words of the lattice and the name model; here
the lists are put together, and everything that is counted over the dictionary is counted.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from operator import attrgetter
from pathlib import Path
from sys import intern
from typing import BinaryIO, TypeAlias

from reader.lexicon.costs import (
    NAME_FLOORS,
    SHARED,
    NameDivision,
    Word,
    Words,
    is_han_word,
    lattice_records,
    name_model,
    weigh_words,
)
from reader.lexicon.levels import level_record
from reader.lexicon.packages import (
    PHRASE,
    ListedEntry,
    OwnWord,
    list_again,
    list_entry,
    numbered,
    read_cedict,
    read_characters,
    read_frequencies,
    read_learnt,
    read_levels,
    read_list,
    read_neutral,
    read_phrases,
    read_words,
)
from reader.lexicon.records import (
    INDEXED_LENGTHS,
    by_first,
    merge_readings,
    pack_costs,
    readings_fields,
    readings_row,
)
from reader.lexicon.table import write
from reader.scripts import let_go, simplify, to_traditional_each

Records: TypeAlias = Iterator[tuple[bytes, bytes]]
Forms: TypeAlias = dict[str, tuple[str, str]]
"""Of Traditional words that differ from the Simplified: these, with tabs between, and the fields of
the Traditional word's row in the reading index."""


def compile_table(files: Mapping[str, Path], file: BinaryIO) -> None:
    """Make of an empty file the table of what is in the files that `data_files` names."""
    try:
        write(_records(files), file)
    finally:
        # What is remembered lies between what is not, and would keep all that memory.
        numbered.cache_clear()
        let_go()


def _records(files: Mapping[str, Path]) -> Records:
    """Every record, made when the one before it is written: what is held is words, not records."""
    everyday, parts = read_list(files["everyday"]), read_list(files["parts"])
    learnt = read_learnt(files["segmentation"])
    words = gather_words(files)
    people = _add_frequencies(words, read_frequencies(files["frequencies"]))
    whole = _tag_ours(words, read_words(files["words"]))
    weigh_words(words, everyday)
    yield from _word_records(words, everyday)
    yield from _index_records(words, read_characters(files["characters"]))
    division = NameDivision(words, everyday)
    yield from lattice_records(words, division, learnt, parts, whole)
    names = name_model(words, people, division.surnames, parts)
    names |= {feature: names.get(feature, 0) + cost for feature, cost in learnt["name"].items()}
    yield b"n", pack_costs(names)
    yield b"k", pack_costs(_with_pairs(learnt["boundary"]))
    shared = read_list(files["shared"])
    yield b"s", "\n".join(f"{a}\t{b}" for a, b in shared.items()).encode()
    yield b"p", "\n".join(sorted(doubtful_pairs(words.values(), shared))).encode()
    # Words of the lattice have nothing but Han characters.
    others = [word.text for word in words.values() if word.entries and not word.weight]
    yield b"m", "\n".join(filter(None, map(_mixed, others))).encode()


def gather_words(files: Mapping[str, Path]) -> Words:
    """The words of all lists but the frequencies', those of the dictionary first."""
    everyday = read_list(files["everyday"])
    words = _dictionary(read_cedict(files["cedict"]))
    _take_names(words, everyday)
    _neutralize(words, read_neutral(files["neutral"]))
    _add_ours(words, read_words(files["words"]))
    _add_phrases(words, files["phrases"])
    let_go()
    for text, pairs in read_levels(files["levels"]):
        words.setdefault(text, Word(text)).level = level_record(pairs)
    for text in everyday:
        words.setdefault(text, Word(text))
    return words


def _word_records(words: Words, everyday: Container[str]) -> Records:
    line = attrgetter("line")
    for word in words.values():
        entries = word.entries or word.phrases
        if entries or word.weight:
            # What the frequency list takes for a name (ns, nr, nt) is a noun where we know better.
            tag = word.tag[:1] if word.text in everyday else word.tag
            head = f"{word.count}\t{tag}\t{word.level}".encode()
            yield b"w" + word.text.encode(), b"".join([head, *map(line, entries)])


# ---- the lists ----


def _dictionary(read: Iterable[ListedEntry]) -> Words:
    """The words of the dictionary: entries in their order, ordinary ones first, then names, then
    mere variants.

    Where OpenCC simplifies a word otherwise than the dictionary does (論著 as 论着), the entry
    is found under both.
    """
    listed = list(read)
    words: Words = {}
    for entry in listed:
        _add_entry(words, entry.simplified, entry)
    shadows = simplify("\n".join([entry.traditional for entry in listed])).split("\n")
    for entry, shadow in zip(listed, shadows, strict=True):
        if shadow != entry.simplified and len(shadow) > 1:
            _add_entry(words, shadow, entry)
    for word in words.values():
        if len(word.entries) > 1:
            # Stable: within these groups the order of the dictionary's file stays.
            order = attrgetter("kind.variant", "kind.surname", "kind.proper")
            word.entries = tuple(sorted(word.entries, key=order))
    return words


def _add_entry(words: Words, text: str, entry: ListedEntry) -> None:
    word = words.get(text)
    if word is None:
        words[text] = Word(text, (entry,))
    else:
        word.entries += (entry,)


def _with_pairs(boundaries: Mapping[str, int]) -> dict[str, int]:
    """The costs, with the pair in the middle of every three characters that have one: so what is
    not known of a pair need not be looked up with a third."""
    pairs = (re.sub(r".?(.\|.).?", r"\1", seen) for seen in boundaries)
    return dict.fromkeys(pairs, 0) | dict(boundaries)


def _take_names(words: Words, everyday: Mapping[str, str]) -> None:
    """Take away the names that are rather ordinary words, or several (`words`)."""
    for text, how in everyday.items():
        if text in words and words[text].proper:
            word = words.pop(text)
            if how == "word":
                ordinary = [
                    list_again(
                        entry, kind=entry.kind._replace(proper=False, breaks=(), person=False)
                    )
                    for entry in word.entries
                ]
                words[text] = Word(text, tuple(ordinary))


def _neutralize(words: Words, listed: Mapping[str, str]) -> None:
    """Give the words their neutral tones, where the dictionary has none: those of the reading
    that is listed, or the last one."""
    for text, reading in listed.items():
        entries = words[text].entries if text in words else ()
        ordinary = [entry.reading for entry in entries if not entry.kind.proper]
        if reading or not any(spoken.endswith("5") for spoken in ordinary):
            changed = [_with_neutral(entry, reading) for entry in entries]
            if changed:
                words[text].entries = tuple(changed)


def _with_neutral(entry: ListedEntry, reading: str) -> ListedEntry:
    if not reading:
        return entry if entry.kind.proper else list_again(entry, reading=_neutral(entry.reading))
    return list_again(entry, reading=reading) if _spells(entry.reading, reading) else entry


def _neutral(reading: str) -> str:
    return reading.rstrip("12345") + "5"


def _spells(reading: str, other: str) -> bool:
    """Whether two readings differ by their tones at most."""
    return re.sub("[1-5]", "", reading) == re.sub("[1-5]", "", other)


def _add_ours(words: Words, listed: Iterable[OwnWord]) -> None:
    """Add words without senses that the dictionary does not have."""
    new = [own for own in listed if own.text not in words]
    converted = to_traditional_each([own.text for own in new]) if new else []
    for own, traditional in zip(new, converted, strict=True):
        form = _as_read(words, own, traditional)
        entry = list_entry(form, own.text, own.reading, own.kind)
        words[own.text] = word = Word(own.text)
        if own.kind is PHRASE:
            word.phrases = (entry,)
        else:
            word.entries = (entry,)


def _as_read(words: Words, own: OwnWord, traditional: str) -> str:
    """The Traditional form, with other characters for those that are never read so: 斗 dǒu is no
    鬥, and fà is 髮."""
    written = ""
    for character, simplified, syllable in zip(
        traditional, own.text, own.reading.split(","), strict=True
    ):
        known = words[simplified].entries if simplified in words else ()
        forms = [e.traditional for e in known if e.reading == syllable and not e.kind.variant]
        usual = (
            () if character in forms else [form for form in forms if simplify(form) == simplified]
        )
        written += usual[0] if usual else character
    return written


def _tag_ours(words: Words, listed: Iterable[OwnWord]) -> list[str]:
    """Give our words their parts of speech; those that are not to be cut, however rare they are."""
    ours = [own for own in listed if own.kind is not PHRASE]
    for own in ours:
        words[own.text].tag = words[own.text].tag or own.tag
    return [own.text for own in ours if not own.kind.proper or len(own.text) > 2]


def _add_phrases(words: Words, path: Path) -> None:
    """Add the phrases that the dictionary has in neither script.

    They have readings alone: they are no words of the lattice, and their names are no names.
    """
    known = {entry.traditional for word in words.values() for entry in word.entries}
    known.update(words)
    new = {
        phrase: ",".join(syllables)
        for phrase, syllables in read_phrases(path, known)
        # What is but a doubled character is read by rule: the list has no neutral tones.
        if is_han_word(phrase) and phrase != 2 * phrase[0]
    }
    converted = to_traditional_each(list(new)) if new else []
    for (text, reading), traditional in zip(new.items(), converted, strict=True):
        words[text] = Word(text)
        words[text].phrases = (list_entry(traditional, text, reading, PHRASE),)


def _add_frequencies(words: Words, rows: Iterable[Sequence[str]]) -> list[str]:
    """Add how often words occur, and as what.

    Half of the list is left out: rare words that are neither known nor names say nothing, nor do
    names that are rarer still, and the rare ones that are nothing but people's names, which are
    returned, say only what names are like.
    """
    people: list[str] = []
    for text, digits, tag in rows:
        word = words.get(text)
        if word is None:
            # What is but a character said twice tells of what part of speech that is.
            if (count := int(digits)) < SHARED and text.strip(text[0]):
                if tag == "nr":
                    people.append(text)
                    continue
                if count < NAME_FLOORS.get(tag, SHARED) and tag not in ("nrt", "nrfg"):
                    continue
            word = words[text] = Word(text)
        word.count = int(digits)
        word.tag = intern(tag)
    return people


_CORE = re.compile(r"([^\x00-\x7f]*)([A-Za-z0-9]+)([^\x00-\x7f]*)")


def _mixed(word: str) -> str:
    """A word with one run of Latin letters or digits: what is before, it, and what is after.

    `""` for others.
    """
    match = _CORE.fullmatch(word)
    return "\t".join(match.groups()) if match and (match[1] or match[3]) else ""


# ---- the other indexes ----


def _index_records(words: Words, characters: Iterable[tuple[str, tuple[str, ...]]]) -> Records:
    """The records that find words by their Traditional forms (`t`), by their first characters
    (`d`), and the readings of characters (`c`)."""
    forms: Forms = {}
    known: dict[str, dict[str, None]] = defaultdict(dict)
    for word in words.values():
        text, fields = word.text, ""
        for entry in word.entries or word.phrases:
            entry.line = b""  # It is written, and all of them are a fifth of the memory.
            if len(text) in INDEXED_LENGTHS:
                fields = readings_fields(entry.reading, entry.kind.breaks, entry.kind.phrase)
                word.readings = merge_readings(word.readings, fields) if word.readings else fields
            elif len(text) == 1:
                known[entry.traditional][entry.reading] = None
                known[text][entry.reading] = None
            if entry.traditional != text:
                new = text, fields
                form = forms.setdefault(entry.traditional, new)
                if form is not new:
                    forms[entry.traditional] = _merge_forms(form, new)
    for written, (texts, _) in forms.items():
        yield b"t" + written.encode(), texts.encode()
    for first, lines in by_first(sorted(_reading_rows(words, forms))):
        yield b"d" + first.encode(), lines.encode()
    yield from _characters(known, characters)


def _merge_forms(form: tuple[str, str], other: tuple[str, str]) -> tuple[str, str]:
    texts, fields = form
    text, more = other
    if text not in texts.split("\t"):
        texts += f"\t{text}"
    return texts, merge_readings(fields, more) if fields else more


def _reading_rows(words: Words, forms: Forms) -> Iterator[str]:
    """The rows of all short words. One that is a Simplified word and the Traditional form of
    another has the readings of both.

    Nothing is left of what is given, so that the rows take its place in memory.
    """
    for text in words.keys() & forms.keys():
        word, (_, fields) = words[text], forms.pop(text)
        both = word.readings and fields
        word.readings = merge_readings(word.readings, fields) if both else word.readings or fields
    for word in words.values():
        if word.readings:
            yield readings_row(word.text, word.readings)
            word.readings = ""
    while forms:
        written, (_, fields) = forms.popitem()
        if fields:
            yield readings_row(written, fields)


def _characters(
    known: dict[str, dict[str, None]], listed: Iterable[tuple[str, tuple[str, ...]]]
) -> Records:
    """Readings by character: the dictionary's first, in the order of the longer list."""
    for character, readings in listed:
        if ours := known.pop(character, {}):
            order = [r for r in readings if r in ours] + [r for r in ours if r not in readings]
            readings = tuple(dict.fromkeys([*order, *readings]))
        yield b"c" + character.encode(), ",".join(readings).encode()
    for character, ours in known.items():
        yield b"c" + character.encode(), ",".join(ours).encode()


def doubtful_pairs(words: Iterable[Word], shared: Mapping[str, str]) -> set[str]:
    """The pairs of characters in which a shared form may stand for another: 覆雜, for 複雜.

    Wherever a word is written with a shared form for its own, that form and its neighbour are one
    of these, so few places of a text need to be looked at word by word.
    """
    written_for: dict[str, str] = defaultdict(str)
    for character, others in shared.items():
        for other in others:
            written_for[other] += character
    meant: set[tuple[str, str]] = set()
    for word in words:
        for entry in word.entries:
            if not written_for.keys().isdisjoint(entry.traditional):
                meant.update(pairwise(entry.traditional))
    pairs: set[str] = set()
    for first, second in meant:
        spellings = product(first + written_for[first], second + written_for[second])
        next(spellings)  # as it should be written
        pairs.update(map("".join, spellings))
    return pairs
