"""Subtitles as files: SubRip, WebVTT, Advanced SubStation Alpha. The one door to pysubs2."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pysubs2

__all__ = ["DRAWING", "PINYIN", "STYLES", "Event", "parsed", "styles_of", "written"]

STYLES = "text/x-ssa"
"""Media type of a resource that holds the styles of subtitles: the head of a file in ASS."""

DRAWING = re.compile(r"\{[^{}]{0,400}\\p[1-9]")
"""A tag of ASS after which stands a picture's outline, no text."""
PINYIN = "Pinyin"
"""The name of the style of readings in ASS."""

_STYLES = {
    "Default": pysubs2.SSAStyle(
        fontname="Noto Sans CJK SC", fontsize=60.0, marginv=45, outline=3.0, shadow=1.0
    ),
    PINYIN: pysubs2.SSAStyle(
        fontname="Noto Sans", fontsize=38.0, marginv=45, outline=2.0, shadow=1.0
    ),
}
_SCREEN = {"PlayResX": "1920", "PlayResY": "1080", "WrapStyle": "0", "ScaledBorderAndShadow": "yes"}


_SOFT = re.compile(r"\\[hn]")
"""In ASS, a space that is kept, and a line end where lines are not broken otherwise."""
# What pysubs2 would take for tags of its own, while it writes formats that have none like them.
_HIDDEN = str.maketrans("{}\\", "\x01\x02\x03")
_SHOWN = str.maketrans("\x01\x02\x03", "{}\\")


class Event(NamedTuple):
    """A cue as a file has it; `text` has the format's own tags, line feeds between its lines."""

    start: int
    end: int
    text: str
    settings: str = ""
    """Of WebVTT: what stands behind the times."""
    speaker: str = ""
    style: str = ""
    comment: bool = False


def parsed(text: str, format: str) -> list[Event]:
    """The events of a file of `format` (srt, vtt, ass), in its order; times may be negative.

    Raises `ValueError` for what pysubs2 cannot read.
    """
    return [
        Event(
            event.start,
            event.end,
            _SOFT.sub(" ", event.text).replace("\\N", "\n")
            if format == "ass"
            else event.text.replace("\\N", "\n"),
            speaker=event.name,
            style=event.style if format == "ass" else "",
            comment=event.is_comment,
        )
        for event in _read(text, format)
    ]


def _read(text: str, format: str) -> pysubs2.SSAFile:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return pysubs2.SSAFile.from_string(text, format_=format, keep_html_tags=True)
    except Exception as error:  # of many kinds, for as many kinds of damage
        raise ValueError(str(error) or type(error).__name__) from error


def styles_of(text: str) -> str:
    """The head of a file in ASS that can be read: its screen and its styles, and no events."""
    file = _read(text, "ass")
    head = pysubs2.SSAFile()
    head.styles = file.styles
    head.info.update({name: file.info[name] for name in _SCREEN if name in file.info})
    return str(head.to_string("ass"))


def written(events: Iterable[Event], format: str, styles: str = "") -> str:
    """A file of `format` with these events, whose texts have its tags; ASS has the `styles` too."""
    events = list(events)
    hidden = {} if format == "ass" else _HIDDEN
    file = pysubs2.SSAFile()
    file.events = [
        pysubs2.SSAEvent(
            start=event.start,
            end=event.end,
            text=event.text.translate(hidden).replace("\n", "\\N"),
            name=event.speaker.replace(",", " "),
            style=event.style or "Default",
        )
        for event in events
    ]
    if format == "ass":
        return _with_styles(file, events, styles)
    text = str(file.to_string(format, keep_ssa_tags=True)).translate(_SHOWN)
    return _with_settings(text, sorted(events, key=lambda event: event.start), format)


def _with_styles(file: pysubs2.SSAFile, events: Sequence[Event], styles: str) -> str:
    """ASS with the styles of its source, or plain ones, and that of the readings."""
    own = _read(styles, "ass") if styles else None
    file.info.update(_SCREEN if own is None else own.info)
    file.styles = dict(_STYLES) if own is None else {**own.styles, PINYIN: _beside(own, events)}
    for event in events:
        file.styles.setdefault(event.style or "Default", _STYLES["Default"])
    return str(file.to_string("ass"))


def _beside(own: pysubs2.SSAFile, events: Sequence[Event]) -> pysubs2.SSAStyle:
    """The style of readings beside text in the style that most of the cues have, but smaller."""
    usual = Counter(event.style or "Default" for event in events).most_common()
    known = next((own.styles[name] for name, _ in usual if name in own.styles), None)
    style = (known or _STYLES["Default"]).copy()
    plain = _STYLES[PINYIN]
    # Fonts for Chinese have poor letters with tone marks.
    style.fontname = plain.fontname
    style.fontsize = round(style.fontsize * plain.fontsize / _STYLES["Default"].fontsize, 1)
    style.italic = style.bold = False
    return style


def _with_settings(text: str, events: Sequence[Event], format: str) -> str:
    """WebVTT with what stands behind the times of each cue, which pysubs2 does not write."""
    if format != "vtt" or not any(event.settings for event in events):
        return text
    settings = iter(events)
    lines = []
    for line in text.split("\n"):
        behind = next(settings).settings if " --> " in line else ""
        lines.append(f"{line} {behind}".rstrip() if behind else line)
    return "\n".join(lines)
