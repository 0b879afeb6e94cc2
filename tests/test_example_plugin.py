"""The example plugin: a source, a layer and a writer of another package."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import reader
from reader.errors import SourceError
from tests.command_line import run_well

PLUGIN = Path(__file__).parent.parent / "examples" / "plugin"
SONG = """[ti:小雨]
[ar:无名]
[00:01.20]小雨下了一天
[00:05]
[00:07.00]她在窗边等待黎明
"""


@pytest.fixture
def song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A song, and the plugin installed: its module, and what an installer writes of it."""
    project = tomllib.loads((PLUGIN / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    info = tmp_path / "reader_lyrics-1.0.dist-info"
    info.mkdir()
    name, version = project["name"], project["version"]
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    lines: list[str] = []
    for group, points in project["entry-points"].items():
        lines += [f"[{group}]", *(f"{point} = {place}" for point, place in points.items())]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(str(PLUGIN))
    monkeypatch.syspath_prepend(str(tmp_path))
    path = tmp_path / "song.lrc"
    path.write_text(SONG, encoding="utf-8")
    return path


def test_a_song_becomes_verse(song: Path) -> None:
    document = reader.read(song)
    assert document.metadata.title == "小雨"
    assert [block.text for block in document.blocks] == ["小雨", "小雨下了一天", "她在窗边等待黎明"]
    (song.parent / "empty.lrc").write_text("[ti:无]\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no line with a time"):
        reader.read(song.parent / "empty.lrc")


def test_the_command_line_writes_the_table(song: Path) -> None:
    out = song.with_suffix(".tsv")
    run_well("build", song, "-o", out, "--to", "words")
    rows = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]
    assert ["黎明", "límíng", "3"] in rows
    assert ["她", "tā", "1"] in rows
    assert [int(rarity) for *_, rarity in rows] == sorted((int(r) for *_, r in rows), reverse=True)


def test_every_output_has_room_for_its_levels(song: Path) -> None:
    document = reader.annotate(song, layers=["words", "rarity"])
    levels = {token.text: token.levels for block in document.blocks for token in block.tokens}
    assert ("rarity", "3") in levels["黎明"]
