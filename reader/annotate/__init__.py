"""Words, readings, notes and sentences, beside the text and never woven into it."""

from reader.annotate.annotator import Annotator, annotate, annotate_stream

__all__ = ["Annotator", "annotate", "annotate_stream"]
