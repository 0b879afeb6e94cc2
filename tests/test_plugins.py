"""Plugins: found by a real entry point, and only when one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

import reader
from reader.errors import OptionError, SourceError
from reader.options import AlignOptions
from reader.plugins import Group, find, load
from reader.translation import load_translator
from tests.command_line import said_by

MODULE = """
from reader import Block, Document, Metadata

def read_shouting(data, *, path, options):
    return Document(Metadata(language="zh-Hans"), (Block(data.decode()),))

class Translator:
    name, version = "parrot", "1"
    def __init__(self, **settings): self.settings = settings
    def translate(self, batch, language): return [request.text for request in batch]
"""
ENTRY_POINTS = """
[annotated_reader.sources]
.shout = shouting_plugin:read_shouting
[annotated_reader.translators]
parrot = shouting_plugin:Translator
missing = no_such_module_anywhere:Translator
renamed = shouting_plugin:Gone
[annotated_reader.scorers]
broken = broken_plugin:Scorer
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on `sys.path` with a module and the metadata of a package that offers it."""
    info = tmp_path / "shouting-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shouting\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(ENTRY_POINTS)
    (tmp_path / "shouting_plugin.py").write_text(MODULE)
    (tmp_path / "broken_plugin.py").write_text("raise RuntimeError('no model here')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_source_is_found_by_its_suffix(installed: Path) -> None:
    text = installed / "a.shout"
    text.write_text("你好", encoding="utf-8")
    assert reader.read(text).blocks[0].text == "你好"
    (installed / "a.whisper").write_text("你好", encoding="utf-8")
    with pytest.raises(SourceError, match=r"'.whisper' cannot be read; known are .txt"):
        reader.read(installed / "a.whisper")


def test_a_translator_gets_its_settings(installed: Path) -> None:
    translator = load_translator("parrot", volume=11)
    assert translator.name == "parrot"
    assert vars(translator)["settings"] == {"volume": 11}


def test_what_is_missing_is_named_with_what_there_is(installed: Path) -> None:
    assert find(Group.TRANSLATOR, "raven") is None
    with pytest.raises(
        OptionError, match="no translator 'raven': there are chat, missing, parrot, renamed"
    ):
        load_translator("raven")
    with pytest.raises(OptionError, match="no layer 'tones': there are words"):
        load(Group.LAYER, "tones", built_in=["words"])
    with pytest.raises(OptionError, match="no writer 'pdf': none is installed"):
        load(Group.WRITER, "pdf")


def test_what_fails_to_load_is_named_with_the_reason(installed: Path) -> None:
    for name, reason in (
        ("missing", "ModuleNotFoundError"),
        ("renamed", "AttributeError"),
    ):
        with pytest.raises(OptionError, match=f"translator '{name}' .*cannot be loaded: {reason}"):
            load_translator(name)
    document = reader.read_text("你好。")
    translation = reader.read_text("Hello there.", language="en")
    with pytest.raises(OptionError, match=r"scorer 'broken' .*RuntimeError: no model here"):
        reader.align(document, translation, options=AlignOptions(scorer="broken"))


def test_nothing_is_looked_up_until_something_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("你好。", encoding="utf-8")
    code = (
        "import sys, reader; reader.write(reader.annotate(reader.read(sys.argv[1])), sys.argv[2]);"
        "print('importlib.metadata' in sys.modules)"
    )
    assert said_by(code, tmp_path / "a.txt", tmp_path / "a.json").strip() == "False"
