"""Lexicons of few words, for tests."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path

from reader.lexicon.compile import compile_table
from reader.lexicon.lexicon import data_files
from reader.lexicon.packages import read_cedict
from reader.lexicon.table import Table

SMALL = {
    "cedict.u8": "# comment\n張三 张三 [Zhang1 San1] /John Doe/\n讀者 读者 [du2 zhe3] /reader/\n",
    "dict.txt": "读者 50 n\n张三 7 nrfg\n",
    "phrases.json": '{"沙发": [["sh\u0101"], ["f\u0101"]]}',
    "characters.json": '{"35835": "d\u00fa,d\u00f2u"}',
    "levels.tsv": "word\tlevel\n读者\t3\n",
    "words.tsv": "回调\thui2 diao4\tn\n",
    "neutral.tsv": "# word\tsource\n读者\tunverified\n",
    "parts.tsv": "title\t先生\nprefix\t老\nplace\t市\ngiven\t芳\nalone\t是\n"
    "transliteration\t薇\nabbreviated\t美\nmeasure\t个\ntitled\t和\nperceived\t看\nobject\t写字\nnever\t佢\n",
    "everyday.tsv": "大雪\tword\n",
    "shared.tsv": "# character\tothers\n發\t髮\n",
    "segmentation.tsv": "# kind\nword\t读者\t-3\nname\tT1\t40\nboundary\t的|话$\t-8\n",
}
NAMES = (
    *("cedict", "frequencies", "phrases", "characters", "levels"),
    *("words", "neutral", "parts", "everyday", "shared", "segmentation"),
)


def packages_in(folder: Path, cedict: str = SMALL["cedict.u8"]) -> dict[str, Path]:
    """Packages that hold next to nothing."""
    files = {}
    for name, (file, text) in zip(NAMES, (SMALL | {"cedict.u8": cedict}).items(), strict=True):
        files[name] = folder / file
        files[name].write_text(text, encoding="utf-8")
    return files


def modest_table(folder: Path, text: str, most: int = 2000) -> bytes:
    """A table of the dictionary's words that a text may hold, two thousand at most."""
    pairs = {text[at : at + 2] for at in range(len(text))} | set(text)
    real = data_files()
    found = (e for e in read_cedict(real["cedict"]) if e.simplified[:2] in pairs)
    listed = [entry.whole() for entry in islice(found, most)]
    files = packages_in(
        folder,
        "\n".join(
            f"{e.traditional} {e.simplified} [{' '.join(e.syllables)}] /{'/'.join(e.senses)}/"
            for e in listed
            if all(e.syllables)
        ),
    )
    words = {entry.simplified for entry in listed}
    lines = real["frequencies"].read_text(encoding="utf-8").splitlines()
    known = [line for line in lines if line.split(" ")[0] in words]
    files["frequencies"].write_text("\n".join(known), encoding="utf-8")
    codes = {str(ord(character)) for character in "".join(words)}
    characters = json.loads(real["characters"].read_bytes())
    some = {code: characters[code] for code in sorted(codes & characters.keys())}
    files["characters"].write_text(json.dumps(some))
    files |= {"parts": real["parts"], "segmentation": real["segmentation"]}
    table = BytesIO()
    compile_table(files, table)
    return table.getvalue()


def all_records(table: Table) -> Iterator[tuple[bytes, bytes]]:
    """Every record of a table."""
    whole = bytes(table.buffer)
    _, slots, count, _ = struct.unpack_from("=8sIIQ", whole)
    at = 24 + 4 * slots
    for _ in range(count):
        key_size, value_size = struct.unpack_from("=HI", whole, at)
        end = at + 6 + key_size
        yield whole[at + 6 : end], whole[end : end + value_size]
        at = end + value_size
