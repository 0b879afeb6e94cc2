"""Files that come with the package."""

from __future__ import annotations

import os.path

import reader


def read_data(name: str) -> bytes:
    """The content of `reader/data/name`.

    `importlib.resources` would give the same and takes twenty times as long to import.
    """
    with open(os.path.join(os.path.dirname(reader.__file__), "data", name), "rb") as file:
        return file.read()
