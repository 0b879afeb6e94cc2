"""Annotated bilingual readers of Chinese texts.

    document = reader.read("texts/two-parks.txt")
    document = reader.annotate(document, glossary=reader.Glossary.default())
    reader.write(document, "two-parks.epub")

Names are imported when they are first used, so that `import reader` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Functions named like the packages they live in: bound here, after the import of the package
# has bound its own name.
from reader.align import align
from reader.annotate import annotate, annotate_stream

if TYPE_CHECKING:
    from reader.align import (
        AlignOptions as AlignOptions,
    )
    from reader.annotate.convert import (
        convert as convert,
    )
    from reader.books import (
        annotate_book as annotate_book,
        strip_book as strip_book,
    )
    from reader.errors import (
        ReaderError as ReaderError,
    )
    from reader.glossary import (
        Entry as Entry,
        Glossary as Glossary,
    )
    from reader.lexicon import (
        Lexicon as Lexicon,
    )
    from reader.model import (
        Block as Block,
        BlockKind as BlockKind,
        Correction as Correction,
        Document as Document,
        DocumentWarning as DocumentWarning,
        Link as Link,
        Mark as Mark,
        MarkKind as MarkKind,
        Metadata as Metadata,
        Note as Note,
        Reading as Reading,
        ReadingSource as ReadingSource,
        Resource as Resource,
        Segment as Segment,
        Span as Span,
        Stream as Stream,
        Token as Token,
        TokenKind as TokenKind,
        Translation as Translation,
    )
    from reader.options import (
        AnnotateOptions as AnnotateOptions,
        Layout as Layout,
        Notation as Notation,
        Notes as Notes,
        Pinyin as Pinyin,
        RenderOptions as RenderOptions,
        Ruby as Ruby,
        Script as Script,
        Standard as Standard,
    )
    from reader.sources import (
        SOURCES as SOURCES,
        SourceOptions as SourceOptions,
        read as read,
        read_bytes as read_bytes,
        read_stream as read_stream,
        read_text as read_text,
    )
    from reader.writers import (
        WRITERS as WRITERS,
        write as write,
    )

__version__ = "0.1.0"

_MODULES = {
    "reader.align": ("AlignOptions",),
    "reader.annotate.convert": ("convert",),
    "reader.books": ("annotate_book", "strip_book"),
    "reader.errors": ("ReaderError",),
    "reader.glossary": ("Entry", "Glossary"),
    "reader.lexicon": ("Lexicon",),
    "reader.model": tuple(
        "Block BlockKind Correction Document DocumentWarning Link Mark MarkKind Metadata Note "
        "Reading ReadingSource Resource Segment Span Stream Token TokenKind Translation".split()
    ),
    "reader.options": tuple(
        "AnnotateOptions Layout Notation Notes Pinyin RenderOptions Ruby Script Standard".split()
    ),
    "reader.sources": (
        "SOURCES",
        "SourceOptions",
        "read",
        "read_bytes",
        "read_stream",
        "read_text",
    ),
    "reader.writers": ("WRITERS", "write"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = ["__version__", "align", "annotate", "annotate_stream", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
