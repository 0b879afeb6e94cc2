"""The texts under work, each in a folder of its own that goes when the server ends."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from shutil import rmtree
from tempfile import TemporaryDirectory

from reader.annotation.doubts import COLUMNS, csv_line
from reader.errors import GlossaryError, OptionError
from reader.files import replacing
from reader.glossary import Glossary

MOST_TEXTS = 20
"""How many texts are kept: of more, the one that was longest not asked for goes."""
LONGEST_NAME = 80
SETTLED = "settled.csv"


@dataclass(slots=True)
class Text:
    """A text under work, and what goes with it; the names are those on the command line."""

    id: str
    folder: Path
    source: str = ""
    translation: str = ""
    known: list[str] = field(default_factory=list)
    pairs: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)
    """The glossary rows that were decided, as `settled.csv` has them."""

    def path(self, name: str) -> Path:
        """Where a file of this text stands."""
        return self.folder / name

    def store(self, name: str, data: bytes) -> str:
        """Keep a file under a name made safe, and no other file's; the name that it has now."""
        safe = safe_name(name)
        stem, suffix = Path(safe).stem, Path(safe).suffix
        taken = {self.source, self.translation, self.pairs, SETTLED, *self.known}
        number = 1
        while safe in taken:
            number += 1
            safe = f"{stem}-{number}{suffix}"
        with replacing(self.path(safe)) as file:
            file.write(data)
        return safe

    def settle(self, rows: list[dict[str, str]]) -> None:
        """Replace the rows by these, which are written to `settled.csv`.

        Raises `OptionError` for a row that no glossary takes, and keeps those that were there.
        """
        for row in rows:
            if not isinstance(row, dict) or not set(row) <= set(COLUMNS):
                raise OptionError(f"a row has the columns {', '.join(COLUMNS)}")
        cells = [tuple(str(row.get(name, "")) for name in COLUMNS) for row in rows]
        table = "".join(map(csv_line, (COLUMNS, *cells)))
        try:
            Glossary.loads(table)
        except GlossaryError as error:
            raise OptionError(error.message) from error
        with replacing(self.path(SETTLED)) as file:
            file.write(table.encode())
        self.rows = rows


class Desk:
    """All texts under work."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="reader-")
        self._texts: OrderedDict[str, Text] = OrderedDict()

    @property
    def folder(self) -> str:
        """Where all of them stand."""
        return self._folder.name

    def new(self) -> Text:
        """A new text, in an empty folder."""
        id = token_urlsafe(9)
        folder = Path(self._folder.name) / id
        folder.mkdir()
        self._texts[id] = Text(id, folder)
        if len(self._texts) > MOST_TEXTS:
            self.drop(next(iter(self._texts)))
        return self._texts[id]

    def text(self, id: str) -> Text:
        """A text by its id. Raises `OptionError` when it is not there, or no more."""
        if id not in self._texts:
            raise OptionError("this text is no longer here: load it again")
        self._texts.move_to_end(id)
        return self._texts[id]

    def drop(self, id: str) -> None:
        """Forget a text and its files."""
        rmtree(self._texts.pop(id).folder, ignore_errors=True)

    def close(self) -> None:
        """Forget all."""
        self._texts.clear()
        self._folder.cleanup()


def safe_name(name: str) -> str:
    """A file name made of a stranger's: its last part, printable, short, its suffix kept.

    >>> safe_name("../../etc/pass wd.TXT"), safe_name("新聞：一.txt"), safe_name("")
    ('pass wd.TXT', '新聞：一.txt', 'text')
    """
    last = re.split(r"[/\\\\]", name)[-1]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    if not dot:
        return kept[:LONGEST_NAME] or "text"
    return f"{stem[:LONGEST_NAME] or 'text'}.{suffix[:16]}"
