# The package's names and where they live; read by type checkers and by `__init__.py`.
from .annotator import (
    Annotator as Annotator,
    Survey as Survey,
    annotate as annotate,
    annotate_stream as annotate_stream,
    repair as repair,
    survey as survey,
)
