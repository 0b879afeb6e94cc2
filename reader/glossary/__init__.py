"""The glossary: terms a reader would stumble over, what they mean, where they stand in a text."""

from reader.glossary.entry import Entry, Match
from reader.glossary.matching import Glossary, GlossarySource

__all__ = ["Entry", "Glossary", "GlossarySource", "Match"]
