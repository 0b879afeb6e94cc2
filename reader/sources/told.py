"""What the caller says of a source, laid over what the source says of itself."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

from reader.model import Metadata
from reader.options import SourceOptions

__all__ = ["readable", "told"]


def told(found: Metadata, options: SourceOptions, path: Path | None = None) -> Metadata:
    """`found` with the fields that `options` sets; the source is the name of `path` if none is.

    Characters that XML cannot hold, which a page's metadata can, are left out.

    >>> told(Metadata("甲", ("乙",)), SourceOptions(title="丙"), Path("x/y.md"))
    Metadata(title='丙', authors=('乙',), language='zh', date='', publisher='', description='', \
identifier='', rights='', source='y.md')
    """
    found = _cleaned(found)
    return replace(
        found,
        title=found.title if options.title is None else options.title,
        authors=options.authors or found.authors,
        language=options.language or found.language,
        date=found.date if options.date is None else options.date,
        source=found.source or (readable(path.name) if path else ""),
    )


def _cleaned(metadata: Metadata) -> Metadata:
    from reader.markup import XML_FORBIDDEN  # plain texts, which come here too, need no XML

    def clean(text: str) -> str:
        return re.sub(XML_FORBIDDEN, "", text)

    texts = {f.name: getattr(metadata, f.name) for f in fields(metadata) if f.name != "authors"}
    return Metadata(
        authors=tuple(map(clean, metadata.authors)),
        **{name: clean(text) for name, text in texts.items()},
    )


def readable(name: str) -> str:
    """A file name as text: bytes of it that are no UTF-8 reach Python as lone surrogates.

    >>> readable("\\udcff書.txt")
    '\ufffd書.txt'
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
