"""Who reads: a level, a list of known words, and what they know of a text.

    learner = Learner(level="4", known=KnownWords.load("known.txt"))
    learner.knows(token)            # Knowledge.KNOWN, Knowledge.UNKNOWN …
    coverage(document, learner)     # how much of the text that is

Nothing of this is part of a document: a learner is given to what counts or writes one.

    schemes       levels of words by scheme: HSK 2025, 2021 and 2.0, or a file
    known_words   lists of known words; known_formats reads those that are not plain, anki_decks
                  Anki's own files
    decisions     the learner, and what it says of each word
    parts         compounds that are known by their parts
    help          what a page shows to a learner, word by word
    counts        coverage and vocabulary of a document
    level_report  how hard a text is, and for whom
    word_lists    the words of a text to learn; word_list_formats writes them, anki_notes and
                  anki_packages for Anki
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
