# The package's names and where they live; read by type checkers and by `__init__.py`.
from .aligner import (
    align as align,
)
from .anchors import (
    Pair as Pair,
)
from .files import (
    find_translation as find_translation,
)
from .options import (
    AlignOptions as AlignOptions,
)
from .pairs import (
    pairs_of as pairs_of,
    read_pairs as read_pairs,
    write_pairs as write_pairs,
)
from .rebuild import (
    translation_from as translation_from,
)
from .scorers import (
    Scorer as Scorer,
)
from .tmx import (
    read_tmx as read_tmx,
    write_tmx as write_tmx,
)
