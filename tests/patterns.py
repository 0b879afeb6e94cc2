"""Every pattern of the package, and strings that are the worst for it by its own structure."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from re import _compiler, _constants as opcodes, _parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple
from unittest.mock import patch

import reader

Tree = Any
"""A pattern as `re` parses it: a sequence of pairs of an opcode and its arguments."""
LONG = 16
"""A repetition that may go on for longer than this can take time."""
_CATEGORIES = {"SPACE": " ", "DIGIT": "1", "WORD": "a"}
_REPEATS = (opcodes.MAX_REPEAT, opcodes.MIN_REPEAT, opcodes.POSSESSIVE_REPEAT)


class Found(NamedTuple):
    """A pattern and where it was compiled."""

    place: str
    pattern: re.Pattern[Any]
    anchored: bool = False
    """Whether it is tried at the beginning of texts alone."""

    def run(self, text: str) -> None:
        """Use it on a text as the package does."""
        given = text.encode() if isinstance(self.pattern.pattern, bytes) else text
        if self.anchored:
            self.pattern.match(given)
            self.pattern.fullmatch(given)
        else:
            for _ in self.pattern.finditer(given):
                pass


def patterns() -> list[Found]:
    """All patterns that modules of the package compile when they are imported or first used, and
    those that are written where they are used."""
    recorded: dict[str | bytes, tuple[str, re.Pattern[Any]]] = {}
    compile_pattern = re._compile  # type: ignore[attr-defined]

    def record(pattern: str | bytes, flags: int) -> re.Pattern[Any]:
        compiled: re.Pattern[Any] = compile_pattern(pattern, flags)
        frame = sys._getframe(1)
        while frame.f_back is not None and frame.f_code.co_filename.endswith("re/__init__.py"):
            frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        if "reader" in path.parts and isinstance(compiled, re.Pattern):
            recorded.setdefault(pattern, (f"{path.stem}.{frame.f_code.co_name}", compiled))
        return compiled

    names = [module.name for module in pkgutil.walk_packages(reader.__path__, "reader.")]
    kept = {name: sys.modules.pop(name) for name in names if name in sys.modules}
    held: dict[str | bytes, str] = {}
    with patch.object(re, "_compile", record):
        modules = [importlib.import_module(name) for name in names if "__main__" not in name]
        for module in modules:
            for name, value in vars(module).items():
                for pattern in _compile_lazy(value):
                    held.setdefault(pattern, f"{module.__name__.rpartition('.')[2]}.{name}")
    sys.modules.update(kept)
    uses: dict[str, set[str]] = defaultdict(set)
    for path in (Path(str(module.__file__)) for module in modules):
        if path.suffix == ".py":
            tree = ast.parse(path.read_text("utf-8"))
            for line, written in _written(tree):
                recorded.setdefault(written, (f"{path.stem}:{line}", compile_pattern(written, 0)))
            for name, method in _used(tree):
                # What begins with `_` is its module's own.
                uses[f"{path.stem}.{name}" if name.startswith("_") else name].add(method)
    found = []
    for pattern, (place, compiled) in recorded.items():
        place = held.get(pattern, place)
        methods = uses[place] | uses[place.partition(".")[2]]
        found.append(Found(place, compiled, bool(methods) and methods <= _ANCHORED))
    return sorted(found, key=lambda one: one.place)


def has_possessive_group(pattern: re.Pattern[Any]) -> bool:
    """Whether something is repeated possessively that is more than one character."""
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    return _repeats_possessively(_parser.parse(pattern.pattern, flags))


def _repeats_possessively(part: object) -> bool:
    if isinstance(part, tuple) and part and part[0] is opcodes.POSSESSIVE_REPEAT:
        return not _compiler._simple(part[1][2]) or _repeats_possessively(part[1][2])
    if isinstance(part, (_parser.SubPattern, list, tuple)):
        return any(map(_repeats_possessively, part))
    return False


def never_matches(pattern: re.Pattern[Any]) -> bool:
    """Whether a character that must follow a possessive repetition is always taken by it."""
    flags = pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags
    return _eats_what_follows(_parser.parse(pattern.pattern, flags))


def _eats_what_follows(tree: Tree) -> bool:
    for (opcode, argument), following in pairwise([*tree, None]):
        inside = (argument[2],) if opcode in _REPEATS else _parts(opcode, argument)
        if any(map(_eats_what_follows, inside)):
            return True
        endless = opcode is opcodes.POSSESSIVE_REPEAT and argument[1] is opcodes.MAXREPEAT
        if endless and _compiler._simple(argument[2]) and following and following[0] in _CHARACTER:
            wanted = _one_of(following)
            if wanted and wanted <= _one_of(argument[2][0]):
                return True
    return False


_CHARACTER = (opcodes.LITERAL, opcodes.IN, opcodes.ANY, opcodes.NOT_LITERAL)


def _one_of(element: Any) -> set[str]:
    """The characters of a sample that an element stands for."""
    single = _parser.SubPattern(_parser.State(), [element])
    matches = _compiler.compile(single).fullmatch
    return {c for c in map(chr, (*range(256), 0x3000, 0x4E00, 0xFF0C)) if matches(c)}


_ANCHORED = {"match", "fullmatch"}


def _compile_lazy(value: object, depth: int = 0) -> Iterator[str | bytes]:
    """The patterns that a module holds, those compiled that are when they are first used."""
    if isinstance(value, re.Pattern):
        yield value.pattern
    elif type(value).__name__ == "Pattern" and hasattr(value, "compiled"):
        yield value.compiled.pattern
    elif isinstance(value, (dict, tuple, list)) and depth < 3:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _compile_lazy(item, depth + 1)
    elif hasattr(value, "cache_info") and str(getattr(value, "__module__", "")).startswith(
        "reader"
    ):
        with suppress(TypeError):
            yield from _compile_lazy(value(), depth + 1)  # type: ignore[operator]


def _written(tree: ast.AST) -> Iterator[tuple[int, str | bytes]]:
    """The lines and patterns that stand as they are in calls such as `re.sub`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re")),
                args=[ast.Constant(value=str() | bytes() as written), *_],
            ):
                yield node.lineno, written


def _used(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """The methods called on names; one that is given a place to begin may begin anywhere."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name), attr=method):
                yield name, method
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=name) | ast.Attribute(attr=name)),
                args=[_, _, *_],
            ):
                yield name, "anywhere"
            case ast.Call(args=arguments):
                yield from ((a.id, "handed on") for a in arguments if isinstance(a, ast.Name))


class Attack(NamedTuple):
    """A string that repeats `unit` between `before` and `after`."""

    before: str
    unit: str
    after: str

    def text(self, size: int) -> str:
        return self.before + self.unit * max(1, size // len(self.unit)) + self.after


def attacks(pattern: re.Pattern[Any], count: int) -> Iterator[Attack]:
    """Strings on which a repetition of the pattern goes on and then fails.

    For each repetition: what leads to it and then what it repeats, without end; what leads to it,
    over and over, so that it begins at each; and what it shares with its neighbours.
    """
    tree = _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    draw = random.Random(f"{pattern.pattern!r}")
    letters = sorted(set(_letters(tree)))
    for before, body in _repeated(tree, draw, ""):
        pieces = [_sample(body, draw) for _ in range(count)]
        pieces += draw.sample(letters, min(count, len(letters)))
        for unit in dict.fromkeys(filter(None, pieces)):
            for after in ("", "\0", draw.choice(letters) if letters else "a"):
                yield Attack(before, unit, after)
        if before:
            yield Attack("", before, "")
            yield Attack("", before + _sample(body, draw), "\0")


def _repeated(tree: Tree, draw: random.Random, before: str) -> Iterator[tuple[str, Tree]]:
    """What stands before each long repetition in the pattern, and what it repeats."""
    for opcode, argument in tree:
        if opcode in _REPEATS:
            low, high, body = argument
            if high is opcodes.MAXREPEAT or int(high) > LONG:
                yield before, body
            yield from _repeated(body, draw, before)
            before += "".join(_sample(body, draw) for _ in range(min(low, 300)))
        else:
            for part in _parts(opcode, argument):
                yield from _repeated(part, draw, before)
            before += _one(opcode, argument, draw)


def _parts(opcode: Any, argument: Any) -> Iterable[Tree]:
    """The patterns in an element that is no repetition."""
    if opcode is opcodes.SUBPATTERN:
        return (argument[3],)
    if opcode is opcodes.BRANCH:
        return tuple(argument[1])
    if opcode in (opcodes.ASSERT, opcodes.ASSERT_NOT):
        return (argument[1],)
    if opcode is opcodes.ATOMIC_GROUP:
        return (argument,)
    return ()


def _letters(tree: Tree) -> Iterator[str]:
    """Characters that the pattern speaks of, and one that each set leaves out."""
    for opcode, argument in tree:
        if opcode in _REPEATS:
            yield from _letters(argument[2])
        elif opcode is opcodes.LITERAL:
            yield chr(argument)
        elif opcode is opcodes.IN:
            yield from _members(argument)
        elif opcode is opcodes.ANY:
            yield "x"
        for part in _parts(opcode, argument):
            yield from _letters(part)


def _members(argument: Any) -> list[str]:
    """Characters of a set; of one that says what it has not, a few others."""
    members: list[str] = []
    for opcode, value in argument:
        if opcode is opcodes.LITERAL:
            members.append(chr(value))
        elif opcode is opcodes.RANGE:
            members += map(chr, value)
        elif opcode is opcodes.CATEGORY:
            members.append(_CATEGORIES.get(str(value).rpartition("_")[2], "-"))
    if argument[0][0] is opcodes.NEGATE:
        return [other for other in "ya1 字<\"'=&" if other not in members]
    return members


def _sample(tree: Tree, draw: random.Random) -> str:
    """A string that the pattern matches, or nearly."""
    out = ""
    for opcode, argument in tree:
        if opcode in _REPEATS:
            low, high, body = argument
            most = low + 2 if high is opcodes.MAXREPEAT else min(int(high), low + 2)
            times = min(draw.randint(low, most), 300)
            out += "".join(_sample(body, draw) for _ in range(times))
        else:
            out += _one(opcode, argument, draw)
    return out


def _one(opcode: Any, argument: Any, draw: random.Random) -> str:
    """A string for one element."""
    if opcode is opcodes.LITERAL:
        return chr(argument)
    if opcode is opcodes.NOT_LITERAL:
        return "b" if chr(argument) == "a" else "a"
    if opcode is opcodes.ANY:
        return "x"
    if opcode is opcodes.IN:
        return draw.choice(_members(argument) or ["a"])
    if opcode in (opcodes.SUBPATTERN, opcodes.ATOMIC_GROUP, opcodes.BRANCH):
        return _sample(draw.choice([*_parts(opcode, argument)]), draw)
    return ""
