"""The teacher's pack of a text: what to teach before it is read, and sheets with their keys.

    pack = Pack.of(document, Learner(level="4"), seed=1)
    write_pack(pack, "pack/")

Its parts:

    exercises     what is asked, drawn from the text by a seed
    text_lines    the text in numbered lines
    teaching      all that is in a pack, as values
    sheets        sheets and keys as pages
    folder        the files of a pack, and PDF of them by a browser
"""

from reader.pack.folder import Paper, write_pack
from reader.pack.teaching import Pack

__all__ = ["Pack", "Paper", "write_pack"]
