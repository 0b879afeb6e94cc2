"""The options that commands share, and the frozen values they become."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import click

from reader.options import (
    AnnotateOptions,
    Layout,
    Notation,
    Notes,
    Pinyin,
    RenderOptions,
    Ruby,
    Script,
    Standard,
)

F = TypeVar("F", bound=Callable[..., Any])


def choice(enum: type[StrEnum]) -> click.Choice[str]:
    return click.Choice([member.value for member in enum])


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
)

annotate_options = _stack(
    click.option(
        "--glossary",
        "glossaries",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Glossary CSV; repeatable, later files win.",
    ),
    click.option("--no-default-glossary", is_flag=True, help="Use only the glossaries named."),
    click.option(
        "--words",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Words cut by hand, one a line: 張江|高科技|園區.",
    ),
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
        help="Whose standard readings: 企業 qǐyè or qìyè.",
    ),
    click.option("--read-numbers", is_flag=True, help="Give digits their readings too."),
    click.option("--repair", is_flag=True, help="Correct likely slips in the text itself."),
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
        default=Pinyin.ALL.value,
        show_default=True,
        help="Words that carry their reading.",
    ),
    click.option(
        "--notation",
        type=choice(Notation),
        default=Notation.PINYIN.value,
        show_default=True,
        help="How readings are written.",
    ),
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
    click.option("--every", is_flag=True, help="A note at every occurrence of a term."),
    click.option("--sandhi", is_flag=True, help="Tones as spoken instead of citation tones."),
    click.option("--spacing", is_flag=True, help="Capitals at sentence starts (GB/T 16159)."),
    click.option(
        "--layout",
        type=choice(Layout),
        default=Layout.INTERLEAVED.value,
        show_default=True,
        help="How a translation stands beside the text.",
    ),
)


def render_from(values: dict[str, Any]) -> RenderOptions:
    return RenderOptions(
        script=Script(values["script"]),
        pinyin=Pinyin(values["pinyin"]),
        notation=Notation(values["notation"]),
        ruby=Ruby(values["ruby"]),
        notes=Notes(values["notes"]),
        every=values["every"],
        layout=Layout(values["layout"]),
        sandhi=values["sandhi"],
        spacing=values["spacing"],
    )


_IN_TRADITIONAL = (Script.TRADITIONAL, Script.BOTH)


def annotate_from(values: dict[str, Any], *, senses: bool) -> AnnotateOptions:
    """What costs time is only looked up for outputs that carry it."""
    return AnnotateOptions(
        language=values["language"],
        standard=Standard(values["standard"]),
        senses=senses,
        levels=senses,
        traditional=senses or values.get("script") in _IN_TRADITIONAL,
        read_numbers=values["read_numbers"],
    )
