"""Subtitles as files: SubRip, WebVTT, Advanced SubStation Alpha. The one door to pysubs2."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pysubs2

__all__ = ["DRAWING", "PINYIN", "Event", "parsed", "written"]

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
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = pysubs2.SSAFile.from_string(text, format_=format, keep_html_tags=True)
    except Exception as error:  # of many kinds, for as many kinds of damage
        raise ValueError(str(error) or type(error).__name__) from error
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
        for event in found
    ]


def written(events: Iterable[Event], format: str) -> str:
    """A file of `format` with these events, whose texts have its tags."""
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
        return _with_styles(file, events)
    text = str(file.to_string(format, keep_ssa_tags=True)).translate(_SHOWN)
    return _with_settings(text, sorted(events, key=lambda event: event.start), format)


def _with_styles(file: pysubs2.SSAFile, events: Sequence[Event]) -> str:
    file.info.update(_SCREEN)
    file.styles = dict(_STYLES)
    for event in events:
        file.styles.setdefault(event.style or "Default", _STYLES["Default"])
    return str(file.to_string("ass"))


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
