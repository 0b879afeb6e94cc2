"""The lexicon's table, compiled from the data of the installed packages.

`records` has the shape of each record, `costs` the words of the lattice and the name model; here
the lists are put together, and everything that is counted over the dictionary is counted.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import combinations, pairwise, permutations, product
from pathlib import Path
from typing import BinaryIO, TypeAlias

from reader.lexicon.costs import (
    NameDivision,
    is_han_word,
    lattice_records,
    lattice_words,
    name_model,
)
from reader.lexicon.levels import level_record
from reader.lexicon.packages import (
    read_cedict,
    read_characters,
    read_frequencies,
    read_learnt,
    read_levels,
    read_list,
    read_phrases,
    read_words,
)
from reader.lexicon.records import (
    INDEXED_LENGTHS,
    LexEntry,
    entry_line,
    pack_costs,
    readings_line,
)
from reader.lexicon.table import write
from reader.scripts import convert, simplify, to_traditional

Entries: TypeAlias = dict[str, list[LexEntry]]
"""Entries by Simplified word."""


def compile_table(files: Mapping[str, Path], file: BinaryIO) -> None:
    """Make of an empty file the table of what is in the files that `data_files` names."""
    everyday = read_list(files["everyday"])
    entries = _without_names(_entries(read_cedict(files["cedict"])), everyday)
    _neutralize(entries, read_list(files["neutral"]))
    counts, tags = _frequencies(read_frequencies(files["frequencies"]))
    ours = list(read_words(files["words"]))
    _add_words(entries, ours)
    tags = {word: tag for word, _, tag in ours} | tags
    levels = {word: level_record(pairs) for word, pairs in read_levels(files["levels"])}
    surnames = _surnames(entries)
    learnt = read_learnt(files["segmentation"])
    words = lattice_words(entries, counts, tags, levels, everyday)
    people = _known_people(entries, surnames)
    parts = read_list(files["parts"])
    names = name_model(tags, people, surnames, words, entries, parts)
    names |= {feature: names.get(feature, 0) + cost for feature, cost in learnt["name"].items()}
    division = NameDivision(entries, tags, surnames, everyday)
    lattice = lattice_records(words, division, tags, learnt, parts, [word for word, _, _ in ours])
    # Phrases have readings alone. They come after all that is counted over entries: they are no
    # words of the lattice, and their names are no names.
    _add_phrases(entries, read_phrases(files["phrases"]))
    records: dict[bytes, bytes] = {}
    for word in sorted(entries.keys() | words.keys()):
        head = f"{counts.get(word, 0)}\t{tags.get(word, '')}\t{levels.get(word, '')}"
        lines = [head, *map(entry_line, entries.get(word, ()))]
        records[b"w" + word.encode()] = "\n".join(lines).encode()
    simplified = _simplified_forms(entries)
    records |= {b"t" + k.encode(): "\t".join(forms).encode() for k, forms in simplified.items()}
    records |= _reading_index(entries, simplified)
    records |= _characters(entries, read_characters(files["characters"]))
    records |= lattice
    records[b"n"] = pack_costs(names)
    records[b"k"] = pack_costs(_with_pairs(learnt["boundary"]))
    shared = shared_forms(entries)
    records[b"s"] = "\n".join(f"{a}\t{b}" for a, b in shared.items()).encode()
    records[b"p"] = "\n".join(sorted(doubtful_pairs(entries, shared))).encode()
    records[b"m"] = "\n".join(filter(None, map(_mixed, entries))).encode()
    write(records.items(), file)


# ---- the lists ----


def _entries(read: Iterable[LexEntry]) -> Entries:
    """Entries by Simplified word: ordinary ones first, then names, then mere variants.

    Where OpenCC simplifies a word otherwise than the dictionary does (論著 as 论着), the entry
    is found under both.
    """
    listed = list(read)
    entries: Entries = defaultdict(list)
    for entry in listed:
        entries[entry.simplified].append(entry)
    shadows = simplify("\n".join(entry.traditional for entry in listed)).split("\n")
    for entry, shadow in zip(listed, shadows, strict=True):
        if shadow != entry.simplified and len(shadow) > 1:
            entries[shadow].append(entry)
    for homographs in entries.values():
        # Stable: within these groups the order of the dictionary's file stays.
        homographs.sort(key=lambda entry: (entry.variant, entry.surname, entry.proper))
    return entries


def _with_pairs(boundaries: Mapping[str, int]) -> dict[str, int]:
    """The costs, with the pair in the middle of every three characters that have one: so what is
    not known of a pair need not be looked up with a third."""
    pairs = (re.sub(r".?(.\|.).?", r"\1", seen) for seen in boundaries)
    return dict.fromkeys(pairs, 0) | dict(boundaries)


def _add_words(entries: Entries, words: Iterable[tuple[str, tuple[str, ...], str]]) -> None:
    """Add words without senses that the dictionary does not have."""
    new = [(word, syllables) for word, syllables, _ in words if word not in entries]
    converted = to_traditional("\n".join(word for word, _ in new)).split("\n")
    for (word, syllables), traditional in zip(new, converted, strict=True):
        entries[word] = [LexEntry(traditional, word, syllables)]


def _without_names(entries: Entries, everyday: Mapping[str, str]) -> Entries:
    """The entries less the names that are rather ordinary words, or several (`words`)."""
    for word, how in everyday.items():
        if all(entry.proper for entry in entries.get(word, ())):
            ordinary = [entry._replace(proper=False, breaks=()) for entry in entries.pop(word, ())]
            if how == "word" and ordinary:
                entries[word] = ordinary
    return entries


def _neutralize(entries: Entries, words: Iterable[str]) -> None:
    """Give the words their neutral tone at the end, where the dictionary has none."""
    for word in words:
        ordinary = [entry for entry in entries.get(word, ()) if not entry.proper]
        if ordinary and not any(entry.syllables[-1].endswith("5") for entry in ordinary):
            entries[word] = [
                entry if entry.proper else entry._replace(syllables=_neutral(entry.syllables))
                for entry in entries.get(word, ())
            ]


def _neutral(syllables: tuple[str, ...]) -> tuple[str, ...]:
    return (*syllables[:-1], syllables[-1].rstrip("12345") + "5")


def _surnames(entries: Entries) -> set[str]:
    """The family names of one or two characters that the dictionary has."""
    return {
        word
        for word, listed in entries.items()
        if len(word) <= 2 and any(entry.surname for entry in listed)
    }


def _known_people(
    entries: Mapping[str, Iterable[LexEntry]], surnames: Container[str]
) -> Iterator[tuple[str, str]]:
    """The surname and given name of everybody whom the dictionary has."""
    for word, listed in entries.items():
        for entry in listed:
            if entry.person and word[: entry.breaks[0]] in surnames:
                yield word[: entry.breaks[0]], word[entry.breaks[0] :]


def _frequencies(
    rows: Iterable[tuple[str, int, str]],
) -> tuple[dict[str, int], dict[str, str]]:
    counts: dict[str, int] = {}
    tags: dict[str, str] = {}
    for word, count, tag in rows:
        if is_han_word(word):
            counts[word] = count
            tags[word] = tag
    return counts, tags


def _add_phrases(entries: Entries, phrases: Iterable[tuple[str, tuple[str, ...]]]) -> None:
    known = {entry.traditional for listed in entries.values() for entry in listed}
    new = [
        (phrase, syllables)
        for phrase, syllables in phrases
        # What is but a doubled character is read by rule: the list has no neutral tones.
        if phrase not in entries
        and phrase not in known
        and is_han_word(phrase)
        and phrase != 2 * phrase[0]
    ]
    # One call for all: OpenCC begins slowly.
    converted = to_traditional("\n".join(phrase for phrase, _ in new)).split("\n")
    for (phrase, syllables), traditional in zip(new, converted, strict=True):
        entries[phrase] = [LexEntry(traditional, phrase, syllables, phrase=True)]


def _simplified_forms(entries: Mapping[str, Iterable[LexEntry]]) -> Mapping[str, Iterable[str]]:
    """The Simplified words that each Traditional one, where it differs, may stand for."""
    simplified: dict[str, dict[str, None]] = defaultdict(dict)
    for word, listed in entries.items():
        for entry in listed:
            if entry.traditional != word:
                simplified[entry.traditional][word] = None
    return simplified


def _characters(
    entries: Mapping[str, Iterable[LexEntry]],
    listed: Iterable[tuple[str, tuple[str, ...]]],
) -> dict[bytes, bytes]:
    """Readings by character: the dictionary's first, in the order of the longer list."""
    known: dict[str, dict[str, None]] = defaultdict(dict)
    for word, homographs in entries.items():
        if len(word) == 1:
            for entry in homographs:
                known[entry.traditional][entry.syllables[0]] = None
                known[word][entry.syllables[0]] = None
    records = {}
    for character, readings in listed:
        ours = known.pop(character, {})
        order = [r for r in readings if r in ours] + [r for r in ours if r not in readings]
        merged = dict.fromkeys([*order, *readings])
        records[b"c" + character.encode()] = ",".join(merged).encode()
    for character, ours in known.items():
        records[b"c" + character.encode()] = ",".join(ours).encode()
    return records


_CORE = re.compile(r"([^\x00-\x7f]*)([A-Za-z0-9]+)([^\x00-\x7f]*)")


def _mixed(word: str) -> str:
    """A word with one run of Latin letters or digits: what is before, it, and what is after.

    `""` for others.
    """
    match = _CORE.fullmatch(word)
    return "\t".join(match.groups()) if match and (match[1] or match[3]) else ""


# ---- the reading index ----


def _reading_index(entries: Entries, simplified: Mapping[str, Iterable[str]]) -> dict[bytes, bytes]:
    """The records of all short words: `h` + a first character, `d` + a pair.

    `simplified` are the Simplified words that each Traditional one may stand for.
    """
    pairs: dict[str, list[str]] = defaultdict(list)
    seconds: dict[str, dict[str, None]] = defaultdict(dict)
    for word in sorted(entries.keys() | simplified.keys()):
        if len(word) not in INDEXED_LENGTHS:
            continue
        listed = list(entries.get(word, ()))
        for form in simplified.get(word, ()):
            listed += [entry for entry in entries[form] if entry.traditional == word]
        if line := readings_line(word, listed):
            pairs[word[:2]].append(line)
            seconds[word[0]][word[1]] = None
    records = {b"d" + pair.encode(): "".join(lines).encode() for pair, lines in pairs.items()}
    return records | {b"h" + c.encode(): "".join(second).encode() for c, second in seconds.items()}


# ---- shared Simplified forms ----

SEEN = 2
"""A character that stands opposite a Simplified one in fewer entries does not count."""
ALIKE = 0.1
"""Two characters are spellings of one when this share of the rarer's words has both forms."""
# Spellings that texts by people mix, whatever the dictionary prefers.
_ALIKE = (
    "周週 采採 游遊 布佈 占佔 欲慾 托託 志誌 卷捲 回迴 局侷 杰傑 迹跡蹟 岩巖 台臺檯颱 "
    "才纔 凶兇 吊弔 秘祕 雇僱 恒恆 污汙 泄洩 熏薰燻 沉沈 升昇陞 丘坵 贊讚 克剋 尸屍 咨諮 "
    "并並併 梁樑 雕鵰 向嚮 困睏 尽盡儘 板闆 喂餵 症癥 蒙矇濛 霉黴 簽籤 扎紮 腌醃 挽輓 "
    "毀燬譭 蕩盪 嘆歎 鑒鑑 淨凈 裡裏 眾衆 麼麽 床牀 群羣 峰峯 線綫 污汚 佣傭 伙夥 奸姦 "
    "痴癡 侄姪 效傚 幸倖 巨鉅 煙菸 濕溼 仿倣 閒閑 鏽銹 砲炮 盤槃 鋪舖 凄淒悽 涌湧 說説 "
    "帘簾 借藉 疏疎 唇脣 杯盃 別彆 分份 獲穫 須鬚 扣釦 恤卹 你妳 他她 背揹 坐座 愈癒 "
    "念唸 御禦 飢饑 艷豔 辟闢 鹵滷 釐厘 槓杠 杆桿 乃迺 豬猪 蘇甦 郁鬱 娘孃 考攷 暗闇 "
    "凌淩 累纍"
).split()


def shared_forms(entries: Mapping[str, Iterable[LexEntry]]) -> dict[str, str]:
    """For each Traditional character the others that it may have been written for by a machine,
    because Simplified writes both alike.

    Counted over the dictionary: 製 and 制 both stand opposite 制, 復 複 覆 opposite 复. Pairs that
    good Traditional texts use for each other (台/臺, 周/週) are no mistakes and are left out.
    """
    opposite: dict[str, Counter[str]] = defaultdict(Counter)
    both: Counter[frozenset[str]] = Counter()
    for word, listed in entries.items():
        forms = {e.traditional: e for e in listed if not e.variant and e.simplified == word}
        _count_opposite(opposite, word, forms)
        both.update(_spellings(forms))
    shared: dict[str, set[str]] = defaultdict(set)
    for counts in opposite.values():
        family = [character for character, count in counts.items() if count >= SEEN]
        for a, b in permutations(family, 2):
            if not _alike(a, b, both[frozenset((a, b))], min(counts[a], counts[b])):
                shared[a].add(b)
    return {a: "".join(sorted(others)) for a, others in sorted(shared.items())}


def doubtful_pairs(
    entries: Mapping[str, Iterable[LexEntry]], shared: Mapping[str, str]
) -> set[str]:
    """The pairs of characters in which a shared form may stand for another: 覆雜, for 複雜.

    Wherever a word is written with a shared form for its own, that form and its neighbour are one
    of these, so few places of a text need to be looked at word by word.
    """
    written_for: dict[str, str] = defaultdict(str)
    for character, others in shared.items():
        for other in others:
            written_for[other] += character
    pairs: set[str] = set()
    for entry in {entry for listed in entries.values() for entry in listed if not entry.phrase}:
        for first, second in pairwise(entry.traditional):
            spellings = product(first + written_for[first], second + written_for[second])
            next(spellings)  # as it should be written
            pairs.update(map("".join, spellings))
    return pairs


def _count_opposite(opposite: Mapping[str, Counter[str]], word: str, forms: Iterable[str]) -> None:
    """Count the characters of a word's Traditional forms under those of the word."""
    for form in forms:
        for character, simplified in zip(form, word, strict=True):
            opposite[simplified][character] += 1


def _spellings(forms: Mapping[str, LexEntry]) -> Iterable[frozenset[str]]:
    """The pairs of characters by which two spellings of one word, read alike, differ."""
    for one, other in combinations(forms.values(), 2):
        if one.syllables == other.syllables:
            pairs = zip(one.traditional, other.traditional, strict=True)
            yield from (frozenset(pair) for pair in pairs if pair[0] != pair[1])


def _alike(a: str, b: str, both: int, fewer: int) -> bool:
    """Whether two characters are spellings of one; `both`: in how many words they are."""
    if both >= max(2, ALIKE * fewer) or _standard(a) == _standard(b):
        return True
    return any(a in spellings and b in spellings for spellings in _ALIKE)


def _standard(character: str) -> str:
    """A character without the preferences of a region: 為 and 爲 are one."""
    return convert(convert(character, "hk2t"), "tw2t")
