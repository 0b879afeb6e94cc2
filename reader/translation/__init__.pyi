# The package's names and where they live; read by type checkers and by `__init__.py`.
from .cache import (
    Cache as Cache,
)
from .cost import (
    Estimate as Estimate,
    estimate as estimate,
)
from .options import (
    ServerOptions as ServerOptions,
    TranslateOptions as TranslateOptions,
)
from .plugins import (
    load_translator as load_translator,
)
from .protocol import (
    AnswerError as AnswerError,
    Request as Request,
    Translator as Translator,
)
from .runner import (
    translate as translate,
)
from .server import (
    ChatTranslator as ChatTranslator,
)
from .text import (
    translation_text as translation_text,
    write_translation as write_translation,
)
