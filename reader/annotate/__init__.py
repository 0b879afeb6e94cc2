"""Words, readings, notes and sentences, beside the text and never woven into it.

The functions stand here and what does the work is imported when they are called, so that
`import reader` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reader.annotate.annotator import Annotator as Annotator
    from reader.glossary import Glossary
    from reader.lexicon import Lexicon
    from reader.model import Document, Flow, Stream
    from reader.options import AnnotateOptions

__all__ = ["Annotator", "annotate", "annotate_stream", "repair"]


def annotate(
    document: Document,
    *,
    glossary: Glossary | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
) -> Document:
    """The document with words, readings, notes and sentences, in the language detected or told.

    Without a glossary there are no notes. `lexicon` is `Lexicon.open()` unless given.
    A translation that was aligned stays, its links untouched.
    """
    from reader.annotate import annotator

    return annotator.annotate(document, glossary, lexicon, options)


def annotate_stream(
    flow: Flow,
    *,
    glossary: Glossary | None = None,
    lexicon: Lexicon | None = None,
    options: AnnotateOptions | None = None,
) -> Stream:
    """The same, block by block: nothing is held but the first blocks, to tell the language by.

    Warnings are added to the stream's as its blocks pass.
    """
    from reader.annotate import annotator

    return annotator.annotate_stream(flow, glossary, lexicon, options)


def repair(document: Document, *, lexicon: Lexicon | None = None) -> Document:
    """The document with its likely slips corrected in the text, to be annotated (again).

    Those found by annotation, which is done here where it has not been. Tokens, notes, sentences
    and corrections of the blocks that change are dropped, marks and translation stay.
    """
    from reader.annotate import annotator

    return annotator.repair(document, lexicon=lexicon)


def __getattr__(name: str) -> Any:
    if name == "Annotator":
        from reader.annotate.annotator import Annotator

        return Annotator
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
