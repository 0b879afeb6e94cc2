"""What is known of words: dictionary, frequencies, readings; compiled once, opened fast."""

from reader.lexicon.lexicon import Lexicon
from reader.lexicon.records import LexEntry

__all__ = ["LexEntry", "Lexicon"]
