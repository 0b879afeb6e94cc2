"""The pages of the library: every public name has its place, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import reader

PAGES = Path(__file__).parent.parent / "docs" / "api"


def test_every_public_name_has_its_place() -> None:
    pages = "".join(path.read_text("utf-8") for path in sorted(PAGES.glob("*.md")))
    named = re.findall(r"^\.\. (?:auto\w+|py:data):: reader\.(\w+)$", pages, re.MULTILINE)
    assert sorted(named) == sorted(set(dir(reader)) - {"__version__"})
