"""The layers of annotation: what `annotate` adds to a text, and how more is added from outside.

Those built in are rows of `REQUIRES`. `Document.layers` records which were run, since no senses
is not the same as senses that were never looked up.

A layer from outside is an object that follows `Layer`. It is passed to `annotate(..., layers=...)`
itself, or named there and found as an entry point (`reader.plugins`): a layer, or a class that
makes one without arguments. It may fill what tokens and blocks have room for:
readings, senses, levels under schemes of its own, notes. Everything else must come back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias, runtime_checkable

from reader.errors import LayerError, OptionError, ReaderError
from reader.model import Block, DocumentWarning, Levels, Token
from reader.plugins import Group, load

if TYPE_CHECKING:
    from reader.lexicon import Lexicon
    from reader.options import AnnotateOptions

__all__ = ["REQUIRES", "Layer", "LayerContext", "Selection", "evident_layers", "select_layers"]

REQUIRES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "words": (),
        "sentences": (),
        "readings": ("words",),
        "notes": ("words", "readings"),
        "corrections": ("words",),
        "scripts": ("words", "readings"),
        "senses": ("words", "readings"),
        "levels": ("words",),
    }
)
"""The layers built in, by name, with those that each needs. `scripts` is the form of each token in
the other script; without it the tokens of a Simplified text have their own for Traditional."""


@dataclass(frozen=True)
class LayerContext:
    """What a layer is told of the text whose blocks it gets."""

    language: str
    """BCP 47: zh-Hans, zh-Hant, zh-Hant-TW, zh-Hant-HK."""
    lexicon: Lexicon
    options: AnnotateOptions
    warn: Callable[[DocumentWarning], None]
    """Adds a warning to the document's; its `block` is an index of the blocks handed over."""


@runtime_checkable
class Layer(Protocol):
    """A layer from outside."""

    @property
    def name(self) -> str:
        """What it is asked for by; not the name of a layer built in."""

    @property
    def requires(self) -> Collection[str]:
        """Names of layers built in that must have run before it."""

    def apply(self, blocks: Sequence[Block], context: LayerContext) -> Iterable[Block]:
        """These blocks, a portion of a text, with what the layer adds."""


Named: TypeAlias = "str | Layer"


class Selection(NamedTuple):
    """The layers to run: those built in, by name, and others in the order in which they run."""

    built_in: frozenset[str]
    outside: tuple[Layer, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of all of them, sorted: what `Document.layers` says."""
        return tuple(sorted(self.built_in.union(layer.name for layer in self.outside)))


def select_layers(layers: Iterable[Named] | None = None) -> Selection:
    """The layers asked for, and those that these need; None stands for all that are built in.

    >>> sorted(select_layers(["senses", "sentences"]).built_in)
    ['readings', 'senses', 'sentences', 'words']

    Raises `OptionError` for a name that no layer has, or for one that cannot be loaded.
    """
    if layers is None:
        return Selection(frozenset(REQUIRES), ())
    if isinstance(layers, str) or not isinstance(layers, Iterable):
        raise OptionError(
            f"layers is {layers!r:.60}, and not a collection of names: {', '.join(REQUIRES)}"
        )
    built_in: set[str] = set()
    outside: dict[str, Layer] = {}
    for each in layers:
        if isinstance(each, str) and each in REQUIRES:
            built_in.add(each)
        else:
            layer = _layer(each)
            outside[layer.name] = layer
            built_in.update(_required(layer))
    built_in.update(*map(REQUIRES.__getitem__, built_in))
    return Selection(frozenset(built_in), tuple(outside.values()))


def _layer(asked: Named) -> Layer:
    layer = _load(asked) if isinstance(asked, str) else asked
    if not isinstance(layer, Layer) or isinstance(layer, type):
        raise LayerError(f"{asked!r} is no layer: it needs name, requires and apply")
    if layer.name in REQUIRES:
        raise LayerError(f"the layer {layer.name!r} has the name of one that is built in")
    return layer


def _load(name: str) -> object:
    found = load(Group.LAYER, name, built_in=REQUIRES)
    return found() if isinstance(found, type) else found


def _required(layer: Layer) -> Collection[str]:
    unknown = sorted(set(layer.requires).difference(REQUIRES))
    if unknown:
        raise LayerError(f"the layer {layer.name!r} needs {unknown[0]!r}, which is not built in")
    return layer.requires


def apply_layer(layer: Layer, blocks: Sequence[Block], context: LayerContext) -> list[Block]:
    """What the layer makes of the blocks.

    Raises `LayerError`, which names it, where it fails or changes what is not for it to change.
    """
    try:
        filled = list(layer.apply(blocks, context))
    except ReaderError:
        raise
    except Exception as error:
        message = f"the layer {layer.name!r} failed: {type(error).__name__}: {error}"
        raise LayerError(message) from error
    if len(filled) != len(blocks):
        raise LayerError(f"the layer {layer.name!r} gave {len(filled)} blocks for {len(blocks)}")
    for before, after in zip(blocks, filled, strict=True):
        if changed := _changed(before, after):
            message = f"the layer {layer.name!r} changed the {changed} of a block"
            raise LayerError(message, excerpt=before.text)
    return filled


def _changed(before: Block, after: Block) -> str:
    """What of a block is not as it was, though it must be; empty where all is well."""
    if before is after:
        return ""
    if not isinstance(after, Block):
        return "type"
    # Compared without what a layer may fill: notes, and of tokens all that is looked at below.
    if replace(before, tokens=(), notes=()) != replace(after, tokens=(), notes=()):
        return "text, kind, marks, sentences or corrections"
    if [token.text for token in before.tokens] != [token.text for token in after.tokens]:
        return "words"
    pairs = zip(before.tokens, after.tokens, strict=True)
    return next(filter(None, (_changed_token(*pair) for pair in pairs)), "")


def _changed_token(before: Token, after: Token) -> str:
    if before is after:
        return ""
    if before.kind is not after.kind or before.proper != after.proper:
        return "kinds of words"
    if (before.simplified, before.traditional) != (after.simplified, after.traditional):
        return "forms of words"
    if _own_levels(before) != _own_levels(after):
        return "levels under a scheme built in"
    return ""


def _own_levels(token: Token) -> Levels:
    # Here, since the table of formats needs this module and no lexicon.
    from reader.lexicon.levels import SCHEMES

    return tuple(level for level in token.levels if level[0] in SCHEMES)


def evident_layers(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The layers that annotated blocks show, sorted: for documents that do not record them.

    A layer that found nothing shows nothing.
    """
    shown: set[str] = set()
    known: set[int] = set()
    for block in blocks:
        shown.update(name for name in _OF_BLOCKS if getattr(block, name))
        for token in block.tokens:
            # Equal tokens are one object, so most have been seen.
            if id(token) not in known:
                known.add(id(token))
                shown.update(_shown_by(token))
    return tuple(sorted(shown))


_OF_BLOCKS = ("sentences", "notes", "corrections")


def _shown_by(token: Token) -> Iterable[str]:
    yield "words"
    if token.reading is not None:
        yield "readings"
    if token.simplified != token.text or token.traditional != token.text:
        yield "scripts"
    if token.senses:
        yield "senses"
    if token.levels:
        yield "levels"
