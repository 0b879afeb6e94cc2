# The package's names and where they live; read by type checkers and by `__init__.py`.
from .annotator import (
    Annotator as Annotator,
    annotate as annotate,
    annotate_stream as annotate_stream,
)
from .preparation import (
    convert as convert,
    repair as repair,
)
from .surveying import (
    Survey as Survey,
    survey as survey,
)
