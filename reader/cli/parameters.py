"""The options that commands share, and the one frozen value they become: a `Recipe`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from enum import StrEnum
from functools import wraps
from inspect import signature
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reader.errors import OptionError
from reader.options import (
    OF_A_LEARNER,
    AlignOptions,
    AnnotateOptions,
    BookOptions,
    Credit,
    Gloss,
    GlossWords,
    LabelLanguage,
    Layout,
    Limits,
    Notation,
    Notes,
    Pinyin,
    PinyinLine,
    Region,
    RenderOptions,
    Ruby,
    Script,
    SourceOptions,
    Standard,
)
from reader.writers.formats import FORMATS, find_format

if TYPE_CHECKING:
    from reader.building import Recipe
    from reader.glossary import Glossary
    from reader.learner import Learner

F = TypeVar("F", bound=Callable[..., Any])


def choice(enum: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([member.value for member in enum])


class Number(click.FloatRange):
    """A number within a range: of `nan`, click says that it is within any."""

    name = "number"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if not isfinite(number):
            self.fail(f"{value!r} is no number to count with.", param, ctx)
        return number


class FormatName(click.Choice[str]):
    """A format of the table, or one that another package adds: asked for only when it is named."""

    def __init__(self) -> None:
        super().__init__(list(FORMATS))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value in self.choices:
            return super().convert(value, param, ctx)
        try:
            return find_format(value).name
        except OptionError as error:
            self.fail(error.message, param, ctx)


def _stack(*options: Callable[[F], F]) -> Callable[[F], F]:
    """One decorator of several, shown by `--help` in the order given."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


LANGUAGES = {
    "zh-hans": "zh-Hans",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "zh-hant": "zh-Hant",
    "zh-tw": "zh-Hant-TW",
    "zh-hant-tw": "zh-Hant-TW",
    "zh-hk": "zh-Hant-HK",
    "zh-mo": "zh-Hant-HK",
    "zh-hant-hk": "zh-Hant-HK",
}
"""BCP 47 tags as people write them, in lower case, and what they stand for."""


def _language(ctx: click.Context, parameter: click.Parameter, tag: str) -> str:
    if not tag or tag.lower() in LANGUAGES:
        return LANGUAGES.get(tag.lower(), "")
    known = ", ".join(dict.fromkeys(LANGUAGES.values()))
    raise click.BadParameter(f"{tag!r} is not one of {known}.")


source_options = _stack(
    click.option("--encoding", help="Encoding of the source; recognised if not given."),
    click.option(
        "--language",
        metavar="TAG",
        default="",
        callback=_language,
        help="zh-Hans, zh-Hant, zh-Hant-TW or zh-Hant-HK; detected if not given.",
    ),
    click.option("--title", help="Title, in place of the text's own."),
    click.option("--author", "authors", multiple=True, help="Author; repeatable."),
    click.option("--date", help="Date of the text, ISO 8601."),
    click.option("--whole", is_flag=True, help="All of a web page, not only its main text."),
    click.option(
        "--unwrap/--no-unwrap",
        default=None,
        help="Join lines broken by hand, or keep every line; where a text looks so if not given.",
    ),
)

glossary_options = _stack(
    click.option(
        "--glossary",
        "glossaries",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Glossary CSV; repeatable, later files win.",
    ),
    click.option("--no-default-glossary", is_flag=True, help="Use only the glossaries named."),
)

annotate_options = _stack(
    glossary_options,
    click.option(
        "--segmentation",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Words cut by hand, one a line: 張江|高科技|園區.",
    ),
    # The name that it had before there was `reader words`.
    click.option("--words", type=click.Path(path_type=Path), hidden=True),
    click.option(
        "--config",
        metavar="NAME",
        help="Convert the text by an OpenCC config first (tw2sp: 硬體 becomes 硬件).",
    ),
    click.option(
        "--standard",
        type=choice(Standard),
        default=Standard.PRC.value,
        show_default=True,
        help="Whose standard readings: 研究 yánjiū or yánjiù.",
    ),
    click.option(
        "--region",
        type=click.Choice([Region.TAIWAN.value, Region.HONG_KONG.value]),
        help="Whose Traditional characters are shown: Taiwan's of a Simplified text, and a "
        "Traditional text's own, if not given.",
    ),
    click.option("--read-numbers", is_flag=True, help="Give digits their readings too."),
    click.option("--repair", is_flag=True, help="Correct likely slips in the text itself."),
)

learner_options = _stack(
    click.option("--level", metavar="LEVEL", help="The level of who reads: 4 (see --scheme)."),
    click.option(
        "--known",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Words that who reads knows; may be given again.",
    ),
    click.option(
        "--scheme",
        default="hsk2025",
        show_default=True,
        metavar="NAME",
        help="Whose levels: hsk2025, hsk2021, hsk2, or a file of words and levels.",
    ),
)

notation_option = click.option(
    "--notation",
    type=choice(Notation),
    default=Notation.PINYIN.value,
    show_default=True,
    help="How readings are written.",
)

render_options = _stack(
    click.option(
        "--script",
        type=choice(Script),
        default=Script.AS_IS.value,
        show_default=True,
        help="Script to show; `both` puts the other script below each block.",
    ),
    click.option(
        "--pinyin",
        type=choice(Pinyin),
        help="Words that carry their reading: `all`, or `unknown` with --level or --known.",
    ),
    learner_options,
    notation_option,
    click.option(
        "--ruby",
        type=choice(Ruby),
        default=Ruby.WORD.value,
        show_default=True,
        help="A reading to each word or to each character.",
    ),
    click.option(
        "--notes",
        type=choice(Notes),
        default=Notes.POPUP.value,
        show_default=True,
        help="Glossary notes: pop-up, at the end, or none.",
    ),
    click.option(
        "--gloss",
        type=choice(Gloss),
        help="Meanings of words: in the line, above them (ruby), in notes, or in a list after each "
        "chapter; `list` with --level or --known, else `none`.",
    ),
    click.option(
        "--gloss-words",
        type=choice(GlossWords),
        help="Words with a meaning: unknown, hard (two levels above --level), first (once a "
        "chapter), or all; `first` without --level and --known, else `unknown`.",
    ),
    click.option(
        "--pinyin-line",
        type=choice(PinyinLine),
        default=PinyinLine.ABOVE.value,
        show_default=True,
        help="In subtitles: the line of readings above or below the text.",
    ),
    click.option(
        "--dictionary",
        metavar="FILE",
        help="A dictionary in CC-CEDICT's format, whose meanings are shown; with --gloss-language.",
    ),
    click.option("--gloss-language", metavar="TAG", help="Of --dictionary: de, fr …"),
    click.option("--every", is_flag=True, help="A note at every occurrence of a term."),
    click.option("--sandhi", is_flag=True, help="Tones as spoken instead of citation tones."),
    click.option("--spacing", is_flag=True, help="Capitals at sentence starts (GB/T 16159)."),
    click.option(
        "--labels",
        type=choice(LabelLanguage),
        default=LabelLanguage.EN.value,
        show_default=True,
        help="Language of headings and notices that the output adds.",
    ),
    click.option(
        "--layout",
        type=choice(Layout),
        default=Layout.INTERLEAVED.value,
        show_default=True,
        help="How a translation stands beside the text.",
    ),
    click.option("--static", is_flag=True, help="A web page without script."),
    click.option("--switch", is_flag=True, help="A web page that can change to the other script."),
)


translation_options = _stack(
    click.option(
        "--translation",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The translation; NAME.en.txt beside NAME.txt if not given.",
    ),
    click.option("--no-translation", is_flag=True, help="Leave the translation out."),
    click.option(
        "--pairs",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Pairs made or corrected by hand (TSV of `reader align`, or TMX).",
    ),
)

book_options = _stack(
    click.option("--quotes", is_flag=True, help="An EPUB's quotation marks follow --script too."),
    click.option("--new-identifier", is_flag=True, help="Give an annotated EPUB a new identifier."),
    click.option(
        "--max-size",
        type=click.IntRange(min=1),
        default=2048,
        show_default=True,
        metavar="MIB",
        help="Refuse an EPUB that unpacks to more.",
    ),
    click.option(
        "--max-ratio",
        type=click.IntRange(min=1),
        default=400,
        show_default=True,
        metavar="N",
        help="Refuse an EPUB with files that unpack to N times their size.",
    ),
)


def with_recipe(function: Callable[..., None]) -> Callable[..., None]:
    """A command that is handed a `recipe` made of all options it does not name itself."""
    own = signature(function).parameters

    @wraps(function)
    def command(**values: Any) -> None:
        shared = {name: values.pop(name) for name in list(values) if name not in own}
        function(recipe=recipe_of(shared), **values)

    return command


def recipe_of(values: dict[str, Any]) -> Recipe:
    """The recipe that click's parameters of a command stand for; some commands have few."""
    from reader.building import Recipe

    if values.get("no_translation") and (values["translation"] or values["pairs"]):
        raise click.UsageError("--no-translation with --translation or --pairs")
    return Recipe(
        to=values.get("to") or "",
        source=_options(SourceOptions, values),
        annotate=_options(AnnotateOptions, values),
        render=_options(
            RenderOptions, {**values, "dictionary": _credit(values), **_for_learner(values)}
        ),
        align=_options(AlignOptions, values),
        book=_options(BookOptions, {**values, "limits": _limits(values)}),
        glossary=_glossary(values),
        config=values.get("config"),
        repair=values.get("repair", False),
        find_translation=not values.get("no_translation"),
        translation=values.get("translation"),
        pairs=values.get("pairs") or (),
    )


def _for_learner(values: dict[str, Any]) -> dict[str, Any]:
    """The readings and glosses that are shown, and the policy that shows them to a learner."""
    if not (values.get("level") or values.get("known")):
        return _for_anybody(values)
    pinyin = Pinyin(values.get("pinyin") or Pinyin.UNKNOWN)
    gloss = Gloss(values.get("gloss") or Gloss.LIST)
    if gloss is Gloss.NONE and pinyin not in OF_A_LEARNER:
        return {}
    learner = learner_of(values["level"], values["known"], values["scheme"])
    words = GlossWords(values.get("gloss_words") or GlossWords.UNKNOWN)
    return _with_policy(learner, pinyin, gloss, words, _gloss_language(values))


def _for_anybody(values: dict[str, Any]) -> dict[str, Any]:
    """The same where nothing is said of who reads: no word is known."""
    words = values.get("gloss_words")
    if values.get("pinyin") in OF_A_LEARNER:
        raise click.UsageError(f"--pinyin {values['pinyin']} wants --level or --known.")
    if words in (GlossWords.UNKNOWN, GlossWords.HARD):
        raise click.UsageError(f"--gloss-words {words} wants --level or --known.")
    gloss = Gloss(values.get("gloss") or (Gloss.LIST if words else Gloss.NONE))
    if gloss is Gloss.NONE:
        return {}
    from reader.learner import Learner

    pinyin = Pinyin(values.get("pinyin") or Pinyin.ALL)
    which = GlossWords(words or GlossWords.FIRST)
    return _with_policy(Learner(), pinyin, gloss, which, _gloss_language(values))


def _gloss_language(values: dict[str, Any]) -> str:
    return values.get("gloss_language") or "en"


def _credit(values: dict[str, Any]) -> Credit | None:
    """The dictionary that is named beside the lexicon's own."""
    path, language = values.get("dictionary"), values.get("gloss_language")
    if not path:
        if language:
            raise click.UsageError("--gloss-language says in which language a --dictionary is.")
        return None
    if not language:
        raise click.UsageError("--dictionary wants --gloss-language: de.")
    from reader.lexicon.dictionaries import Dictionary

    return Dictionary.load(path, language).credit


def _with_policy(
    learner: Learner, pinyin: Pinyin, gloss: Gloss, words: GlossWords, language: str
) -> dict[str, Any]:
    from reader.learner import LearnerPolicy

    shown = None if gloss is Gloss.NONE else words
    policy = LearnerPolicy(learner, pinyin, shown, gloss, language)
    return {"pinyin": pinyin, "gloss": gloss, "policy": policy}


LEARNERS = ("level", "known", "scheme")
"""The parameters of `learner_of`."""


def learner_of(level: str | None, known: Sequence[Path], scheme: str) -> Learner:
    """Who reads, as `learner_options` say it."""
    from reader.cli.console import spare_the_collector
    from reader.learner import KnownWords, Learner

    spare_the_collector()
    return Learner(level or "", KnownWords.load(*known), scheme)


T = TypeVar("T")


def _options(kind: type[T], values: dict[str, Any]) -> T:
    """The dataclass of the parameters that have its fields' names; None stands for the default."""
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    return kind(**{name: values[name] for name in names if values.get(name) is not None})


def _glossary(values: dict[str, Any]) -> Glossary:
    """The default glossary, the files named (later ones win) and the words cut by hand."""
    from reader.glossary import Glossary

    glossary = Glossary(()) if values.get("no_default_glossary") else Glossary.default()
    for path in values.get("glossaries", ()):
        glossary |= Glossary.load(path)
    for name in ("words", "segmentation"):
        if values.get(name) is not None:
            glossary |= Glossary.load_words(values[name])
    return glossary


def _limits(values: dict[str, Any]) -> Limits | None:
    """What an EPUB may unpack to; a quarter of it may be in one member."""
    if "max_size" not in values:
        return None
    size = values["max_size"] << 20
    return Limits(total=size, member=max(size // 4, 1 << 20), ratio=values["max_ratio"])
