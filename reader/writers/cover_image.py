"""The cover as a PNG, drawn here in a font of this system: most shelves show no SVG.

A font for Chinese is too large to bring along; where none is found the cover is an SVG, whose
letters are the reading system's own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, cast

from PIL import Image, ImageColor, ImageDraw, ImageFont

from reader.files import read_data
from reader.writers.cover import HEIGHT, WIDTH, Cover, Rectangle, Writing

__all__ = ["cover_png", "font_files"]

_SCALE = 0.75
_NARROWEST = 12
"""Pixels of letters that are made smaller to have room."""
_FACES = 12
"""More fonts than one file has."""
_SHADES = 15
"""Steps from what is below to ink, on the edges of letters."""

_Colour = tuple[int, ...]


class _Face(NamedTuple):
    path: str
    number: int
    """Of the font in its file."""


def cover_png(cover: Cover, files: Mapping[str, str] | None = None) -> bytes | None:
    """The cover as a PNG of 1200 × 1800 pixels; nothing where no font has all of its characters.

    `files` are those fonts may be in, by name; else they are looked for where this system has them.
    """
    found = font_files() if files is None else files
    faces = {
        bold: _face_for([w.text for w in _writings(cover, bold=bold)], cover, found, bold=bold)
        for bold in (True, False)
    }
    if any(faces[w.bold] is None for bold in faces for w in _writings(cover, bold=bold)):
        return None
    sheet = _Sheet()
    for shape in cover.shapes:
        if isinstance(shape, Rectangle):
            sheet.draw(shape)
        elif face := faces[shape.bold]:
            sheet.write(shape, face)
    return sheet.png()


def _writings(cover: Cover, *, bold: bool) -> list[Writing]:
    return [s for s in cover.shapes if isinstance(s, Writing) and s.bold is bold]


class _Sheet:
    """A picture by the numbers of its colours, which are few: a quarter of the work of all colours.

    What a shape is drawn on is of one colour.
    """

    def __init__(self) -> None:
        self._image = Image.new("P", (round(WIDTH * _SCALE), round(HEIGHT * _SCALE)))
        self._draw = ImageDraw.Draw(self._image)
        self._numbers: dict[_Colour, int] = {}

    def draw(self, shape: Rectangle) -> None:
        box = (shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)
        # The last pixel is part of a rectangle.
        left, top, right, bottom = (round(side * _SCALE) for side in box)
        place = (left, top, right - 1, bottom - 1)
        colour = ImageColor.getrgb(shape.colour)[:3]
        if shape.line:
            width = round(shape.line * _SCALE)
            self._draw.rectangle(place, outline=self._number(colour), width=width)
        else:
            shade = colour if shape.opacity == 1 else self._mixed(left, top, colour, shape.opacity)
            self._draw.rectangle(place, fill=self._number(shade))

    def write(self, writing: Writing, face: _Face) -> None:
        size = max(round(writing.size * _SCALE), _NARROWEST)
        room = WIDTH * _SCALE * 0.8
        font = _font(face, size)
        # Letters of some fonts are wider than lines were broken for.
        while font.getlength(writing.text) > room and size > _NARROWEST:
            size -= 2
            font = _font(face, size)
        # A strip that has room for the letters, above the baseline and below it.
        top = round(writing.baseline * _SCALE) - 2 * size
        ink = Image.new("L", (self._image.width, 3 * size))
        place = (ink.width / 2, writing.baseline * _SCALE - top)
        ImageDraw.Draw(ink).text(place, writing.text, font=font, fill=255, anchor="ms")
        box = ink.getbbox()
        if box is None:
            return
        ink = ink.crop(box)
        left, top = box[0], top + box[1]
        colour = ImageColor.getrgb(writing.colour)[:3]
        shades = [
            self._number(self._mixed(left, top, colour, step / _SHADES))
            for step in range(_SHADES + 1)
        ]
        steps = [round(level * _SHADES / 255) for level in range(256)]
        drawn = ink.point([shades[step] for step in steps])
        self._image.paste(drawn, (left, top), ink.point([255 * (step > 0) for step in steps]))

    def png(self) -> bytes:
        self._image.putpalette([part for colour in self._numbers for part in colour])
        file = BytesIO()
        self._image.save(file, "PNG")
        return file.getvalue()

    def _mixed(self, x: int, y: int, colour: _Colour, opacity: float) -> _Colour:
        """A colour over that of a pixel."""
        below = [*self._numbers][cast(int, self._image.getpixel((x, y)))]
        pairs = zip(below, colour, strict=True)
        return tuple(round(old + (new - old) * opacity) for old, new in pairs)

    def _number(self, colour: _Colour) -> int:
        return self._numbers.setdefault(colour, len(self._numbers))


def _face_for(
    texts: Sequence[str], cover: Cover, files: Mapping[str, str], *, bold: bool
) -> _Face | None:
    """The first font of a weight that has the characters of all these lines."""
    script = "Hant" if cover.is_traditional else "Hans"
    characters = set("".join(texts)) - {" "}
    for weight, scripts, file, family, style in _rows():
        if weight != ("bold" if bold else "regular") or scripts not in ("*", script):
            continue
        if file not in files:
            continue
        face = _face(files[file], family, style)
        if face is not None and _has(face, characters):
            return face
    return None


@cache
def _face(path: str, family: str, style: str) -> _Face | None:
    """The font of that name in a file; none in a file that is no font, or another."""
    for number in range(_FACES):
        face = _Face(path, number)
        try:
            name = _font(face, 20).getname()
        except OSError:
            return None
        if name == (family, style):
            return face
    return None


@cache
def _font(face: _Face, size: int) -> ImageFont.FreeTypeFont:
    # Not by Raqm, which not every installation has: lines of a title are set alike everywhere.
    layout = ImageFont.Layout.BASIC
    return ImageFont.truetype(face.path, size, index=face.number, layout_engine=layout)


def _has(face: _Face, characters: set[str]) -> bool:
    """Whether a font has all these characters: what it lacks looks like a noncharacter."""
    font = _font(face, 20)
    missing = bytes(font.getmask("\uffff"))
    return all(bytes(font.getmask(character)) != missing for character in characters)


@cache
def _rows() -> tuple[tuple[str, str, str, str, str], ...]:
    lines = read_data("cover_fonts.tsv").decode().splitlines()
    rows = [line.split("\t") for line in lines if line[:1] != "#"]
    return tuple((w, s, file, family, style) for w, s, file, family, style in rows)


@cache
def font_files() -> dict[str, str]:
    """The files of this system's fonts that covers may be written in, by name."""
    wanted = {file for _, _, file, _, _ in _rows()}
    found: dict[str, str] = {}
    for folder in _folders():
        for path, folders, names in os.walk(folder):
            folders.sort()
            for name in sorted(wanted.intersection(names)):
                found.setdefault(name, os.path.join(path, name))
    return found


def _folders() -> Iterator[Path]:
    """Where this system keeps fonts, those of all its users first."""
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts")
        yield Path(os.environ.get("LOCALAPPDATA", ""), "Microsoft/Windows/Fonts")
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
        yield Path(os.path.expanduser("~/Library/Fonts"))
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
        yield Path(os.path.expanduser("~/.local/share/fonts"))
