"""`reader level`: how hard texts are, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.cli.parameters import (
    annotate_options,
    learner_of,
    learner_options,
    source_options,
    with_recipe,
)
from reader.errors import printable

if TYPE_CHECKING:
    from reader.building import Recipe
    from reader.learner import Learner
    from reader.learner.counts import Coverage, LevelCount, Share
    from reader.learner.level_report import LevelReport, Raise


@click.command(name="level")
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@learner_options
@source_options
@annotate_options
@click.option("--json", "as_json", is_flag=True, help="Print all figures and words as JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(
    texts: tuple[str, ...],
    level: str | None,
    known: tuple[Path, ...],
    scheme: str,
    as_json: bool,
    recipe: Recipe,
    verbose: bool,
) -> None:
    """Say how hard each TEXT is: its words by level, and how much of it readers know.

    Who knows 98 % of the running words reads alone, who knows 95 % with help. Both are said
    strictly, by the list alone, and with compounds that are clear from parts that are known.
    Names and numbers are counted apart. Several texts are sorted, the easiest first.

    \b
    Examples:
      reader level article.txt
      reader level article.txt --level 4 --known known.txt
      reader level texts/*.txt --scheme hsk2
    """
    from reader.cli.console import echo
    from reader.learner.level_report import in_order, reports_json

    learner = learner_of(level, known, scheme)
    reports, failed = _reports(texts, learner, recipe, verbose=verbose)
    reports = in_order(reports)
    if as_json:
        echo(reports_json(reports, learner), nl=False)
    elif len(texts) == 1:
        for one in reports:
            for line in _lines(one, asked=bool(level or known)):
                echo(line)
    elif reports:
        for line in _table_of_texts(reports, asked=bool(level or known)):
            echo(line)
    if failed:
        raise click.exceptions.Exit(1)


def _reports(
    texts: Sequence[str], learner: Learner, recipe: Recipe, *, verbose: bool
) -> tuple[list[LevelReport], bool]:
    """A report of each text that can be read; what cannot is said, and does not stop the rest."""
    from reader.building import annotate_source
    from reader.cli.console import echo, echo_warnings, open_lexicon, source_from
    from reader.errors import ReaderError
    from reader.learner.level_report import LEVEL_LAYERS, report

    lexicon = open_lexicon()
    found, failed = [], False
    for text in texts:
        try:
            source = source_from(Path(text), recipe)
            stream = annotate_source(source, recipe, layers=LEVEL_LAYERS, lexicon=lexicon)
            found.append(report(stream, learner, text))
        except ReaderError as error:
            if len(texts) == 1:
                raise
            echo(f"Error: {error}", err=True)
            failed = True
            continue
        echo_warnings(stream.warnings, text, verbose=verbose)
    return found, failed


# ---- one text ----


def _lines(one: LevelReport, *, asked: bool) -> Iterator[str]:
    from reader.learner import Knowledge

    found = one.coverage
    title = f"  {one.metadata.title}" if one.metadata.title else ""
    yield f"{one.name}{title}"
    words = "1 word" if found.words == 1 else f"{found.words:,} words"
    kinds = (Knowledge.NAME, Knowledge.NUMBER)
    apart = [_apart(kind.value, found.tokens[kind], found.types[kind]) for kind in kinds]
    yield f"{words}, {found.different:,} different; counted apart: {', '.join(apart)}"
    if not found.words:
        yield "There are no words to count."
        return
    yield f"Levels: {one.learner.levels.title}"
    if one.note:
        yield f"Note: {one.note}."
    yield ""
    yield from _table(_level_rows(found, one.learner))
    yield ""
    yield from _thresholds(found)
    yield from _for_whom(one, asked=asked)


def _apart(kind: str, tokens: int, types: int) -> str:
    """How many names or numbers there are, which no list of words is about."""
    if not tokens:
        return f"no {kind}s"
    many = f"1 {kind}" if tokens == 1 else f"{tokens:,} {kind}s"
    return many if types == tokens else f"{many} ({types:,} different)"


def _level_rows(found: Coverage, learner: Learner) -> Iterator[tuple[str, ...]]:
    whose = " + list" if learner.known else ""
    yield "", "in the text", "", "", f"a reader of this level{whose} knows", "", ""
    yield "level", "words", "different", "characters", "of words", "with parts", "of characters"
    for row in found.levels:
        label = row.label or "no level"
        counts = (f"{row.tokens:,}", f"{row.types:,}", f"{row.characters:,}")
        yield label, *counts, *(_shares(row) if row.label else ("", "", ""))
    last = found.levels[-1]
    if last.tokens != last.tokens_with_parts:
        clear = f"{last.tokens - last.tokens_with_parts:,}"
        types = f"{last.types - last.types_with_parts:,}"
        yield "… of it clear from parts", clear, types, "", "", "", ""


def _shares(row: LevelCount) -> tuple[str, str, str]:
    known = row.known
    return percent(known.strict), percent(known.with_parts), percent(known.characters)


def percent(share: float) -> str:
    """A share for people, which is 100 % only where it is all.

    >>> percent(0.9996), percent(1.0), percent(0.95)
    ('99.9 %', '100 %', '95.0 %')
    """
    return "100 %" if share >= 1 else f"{min(share * 100, 99.9):.1f} %"


def _table(rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """The rows as lines, numbers to the right; the first row is what stands over several columns,
    at the first of them."""
    from reader.cli.show_command import display_width, pad

    over, *body = rows
    widths = [max(display_width(row[at]) for row in body) for at in range(len(over))]
    above = ""
    for at, cell in enumerate(over):
        if cell:
            above = above.ljust(sum(widths[:at]) + 2 * at) + cell
    yield above
    for first, *others in body:
        yield "  ".join([pad(first, widths[0]), *map(str.rjust, others, widths[1:])]).rstrip()


def _thresholds(found: Coverage) -> Iterator[str]:
    from reader.learner.level_report import ALONE, WITH_HELP

    for what, share in (("Alone", ALONE), ("With help", WITH_HELP)):
        strict, with_parts = found.first_level(share)
        yield (
            f"{what} ({100 * share:.0f} % of the words known): strictly {_from(strict)}; "
            f"with parts {_from(with_parts)}."
        )


def _from(label: str | None) -> str:
    return f"from level {label}" if label else "at no level"


def _for_whom(one: LevelReport, *, asked: bool) -> Iterator[str]:
    share = one.coverage.share
    who = _who(one.learner)
    yield ""
    yield (
        f"{who}: {percent(share.strict)} of the words, {percent(share.with_parts)} with parts, "
        f"{percent(share.characters)} of the characters: {_verdict(share)}."
    )
    raising = one.raising()
    if not raising:
        return
    yield f"Words that would raise it most{'' if asked else ' (--level and --known say for whom)'}:"
    yield from _words(raising)
    with_them = "With this one" if len(raising) == 1 else f"With these {len(raising)}"
    yield f"{with_them}: {percent(raising[-1].known)} of the words."


def _who(learner: Learner) -> str:
    level = f"Level {learner.level}" if learner.level else ""
    known = f"{len(learner.known):,} known words" if learner.known else ""
    return f"{level} and {known}" if level and known else level or known


def _verdict(share: Share) -> str:
    """Read alone, with help, or too hard; where the two figures differ, both are said."""
    strict, with_parts = _reads(share.strict), _reads(share.with_parts)
    return strict if strict == with_parts else f"{strict} strictly, {with_parts} with parts"


def _reads(share: float) -> str:
    from reader.learner.level_report import ALONE, WITH_HELP

    if share >= ALONE:
        return "to read alone"
    return "to read with help" if share >= WITH_HELP else "too hard"


def _words(raising: Sequence[Raise]) -> Iterator[str]:
    """A line for each word: how often, the word, its reading, level and meaning."""
    from reader.cli.show_command import display_width, pad
    from reader.lexicon.glosses import Glosses

    glosses = Glosses.default()
    rows = [
        (
            f"{at.word.count:,} ×".rjust(7),
            printable(at.word.token.text),
            at.word.token.pinyin,
            at.word.level.label if at.word.level else "no level",
            glosses.short(at.word.token),
        )
        for at in raising
    ]
    widths = [max(display_width(row[at]) for row in rows) for at in range(5)]
    for row in rows:
        yield "  ".join(map(pad, row, widths)).rstrip()


# ---- several texts ----


def _table_of_texts(reports: Sequence[LevelReport], *, asked: bool) -> Iterator[str]:

    yield f"Levels: {reports[0].learner.levels.title}. Easiest first."
    for note in dict.fromkeys(one.note for one in reports if one.note):
        yield f"Note on texts marked *: {note}."
    yield ""
    yield from _table(_text_rows(reports, asked=asked))


def _text_rows(reports: Sequence[LevelReport], *, asked: bool) -> Iterator[tuple[str, ...]]:
    from reader.learner.level_report import ALONE, WITH_HELP

    of_learner = (f"{_who(reports[0].learner)}:", "", "") if asked else ()
    figures = ("of words", "with parts", "of characters") if asked else ()
    yield "", "", "with help from level", "", "alone from level", "", *of_learner
    yield "text", "words", "strictly", "with parts", "strictly", "with parts", *figures
    for one in reports:
        found = one.coverage
        levels = (*found.first_level(WITH_HELP), *found.first_level(ALONE))
        shares = map(percent, found.share) if asked else ()
        name = printable(one.name) + (" *" if one.note else "")
        yield name, f"{found.words:,}", *(label or "none" for label in levels), *shares
