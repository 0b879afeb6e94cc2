"""What says a version says the same one."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

from reader import __version__
from reader.writers.tei import CUSTOMISATION

ROOT = Path(__file__).parent.parent
DATA = files("reader") / "data"


def test_the_newest_entry_of_the_changelog_is_this_version_or_one_to_come() -> None:
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert __version__ in headings[:2]
    assert headings[0] in (__version__, "Unreleased")


def test_the_schema_of_tei_is_the_one_that_documents_name() -> None:
    schema = (DATA / "reader-tei.rng").read_text("utf-8")
    assert set(re.findall(r"urn:annotated-reader:tei:\d+", schema)) == {CUSTOMISATION}
    assert CUSTOMISATION in (ROOT / "docs" / "formats.md").read_text("utf-8")


def test_the_schema_of_json_says_its_version_twice_alike() -> None:
    schema = json.loads((DATA / "reader.schema.json").read_text("utf-8"))
    version = schema["properties"]["version"]["const"]
    assert schema["$id"] == f"urn:annotated-reader:document:{version}"


def test_the_citation_has_this_version() -> None:
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (\S+)$", citation, re.MULTILINE) == [__version__]
