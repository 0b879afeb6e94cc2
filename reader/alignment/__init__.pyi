# The package's names and where they live; read by type checkers and by `__init__.py`.
from .aligner import (
    align as align,
)
from .pairs import (
    Pair as Pair,
    find_translation as find_translation,
    pairs_of as pairs_of,
    read_pairs as read_pairs,
    translation_from as translation_from,
    translation_language as translation_language,
    write_pairs as write_pairs,
)
from .scores import (
    Scorer as Scorer,
)
from .tmx import (
    read_tmx as read_tmx,
    write_tmx as write_tmx,
)
