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
    )
    from reader.books import (
        strip_book as strip_book,
    )
    from reader.errors import (
        ReaderError as ReaderError,
    )
    from reader.glossary import (
        Entry as Entry,
    )
    from reader.glossary import (
        Glossary as Glossary,
    )
    from reader.lexicon import (
        Lexicon as Lexicon,
    )
    from reader.model import (
        Block as Block,
    )
    from reader.model import (
        BlockKind as BlockKind,
    )
    from reader.model import (
        Correction as Correction,
    )
    from reader.model import (
        Document as Document,
    )
    from reader.model import (
        DocumentWarning as DocumentWarning,
    )
    from reader.model import (
        Link as Link,
    )
    from reader.model import (
        Mark as Mark,
    )
    from reader.model import (
        MarkKind as MarkKind,
    )
    from reader.model import (
        Metadata as Metadata,
    )
    from reader.model import (
        Note as Note,
    )
    from reader.model import (
        Reading as Reading,
    )
    from reader.model import (
        ReadingSource as ReadingSource,
    )
    from reader.model import (
        Resource as Resource,
    )
    from reader.model import (
        Segment as Segment,
    )
    from reader.model import (
        Span as Span,
    )
    from reader.model import (
        Stream as Stream,
    )
    from reader.model import (
        Token as Token,
    )
    from reader.model import (
        TokenKind as TokenKind,
    )
    from reader.model import (
        Translation as Translation,
    )
    from reader.options import (
        AnnotateOptions as AnnotateOptions,
    )
    from reader.options import (
        Layout as Layout,
    )
    from reader.options import (
        Notation as Notation,
    )
    from reader.options import (
        Notes as Notes,
    )
    from reader.options import (
        Pinyin as Pinyin,
    )
    from reader.options import (
        RenderOptions as RenderOptions,
    )
    from reader.options import (
        Ruby as Ruby,
    )
    from reader.options import (
        Script as Script,
    )
    from reader.options import (
        Standard as Standard,
    )
    from reader.sources import (
        SOURCES as SOURCES,
    )
    from reader.sources import (
        SourceOptions as SourceOptions,
    )
    from reader.sources import (
        read as read,
    )
    from reader.sources import (
        read_bytes as read_bytes,
    )
    from reader.sources import (
        read_stream as read_stream,
    )
    from reader.sources import (
        read_text as read_text,
    )
    from reader.writers import (
        WRITERS as WRITERS,
    )
    from reader.writers import (
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
