"""What is known of words: dictionary, frequencies, readings; compiled once, opened fast."""

from reader.lexicon.entry import LexEntry
from reader.lexicon.lexicon import Lexicon

__all__ = ["LexEntry", "Lexicon"]
