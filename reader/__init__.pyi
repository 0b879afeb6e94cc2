# The public names and where they live; read by type checkers, and by `__init__.py`, which
# imports each when it is first used.
from ._version import __version__ as __version__
from .alignment import (
    align as align,
)
from .annotation import (
    convert as convert,
)
from .building import (
    BuildReport as BuildReport,
    Recipe as Recipe,
    annotate as annotate,
    annotate_stream as annotate_stream,
    build as build,
)
from .errors import (
    ReaderError as ReaderError,
)
from .glossary import (
    Entry as Entry,
    Glossary as Glossary,
)
from .inplace import (
    annotate_book as annotate_book,
    strip_book as strip_book,
)
from .layers import (
    Layer as Layer,
    LayerContext as LayerContext,
)
from .learner import (
    Coverage as Coverage,
    Knowledge as Knowledge,
    KnownWords as KnownWords,
    Learner as Learner,
    ListedWord as ListedWord,
    ListOrder as ListOrder,
    Scheme as Scheme,
    State as State,
    VocabularyWord as VocabularyWord,
    WordLevel as WordLevel,
    WordList as WordList,
    coverage as coverage,
    vocabulary as vocabulary,
)
from .lexicon import (
    Lexicon as Lexicon,
)
from .model import (
    Block as Block,
    BlockKind as BlockKind,
    Correction as Correction,
    Cue as Cue,
    Document as Document,
    DocumentWarning as DocumentWarning,
    Link as Link,
    Mark as Mark,
    MarkKind as MarkKind,
    Metadata as Metadata,
    Note as Note,
    Reading as Reading,
    ReadingSource as ReadingSource,
    Resource as Resource,
    Segment as Segment,
    Span as Span,
    Stream as Stream,
    Token as Token,
    TokenKind as TokenKind,
    Translation as Translation,
)
from .options import (
    AlignOptions as AlignOptions,
    AnnotateOptions as AnnotateOptions,
    BookOptions as BookOptions,
    LabelLanguage as LabelLanguage,
    Layout as Layout,
    Notation as Notation,
    Notes as Notes,
    Pinyin as Pinyin,
    PinyinLine as PinyinLine,
    Region as Region,
    RenderOptions as RenderOptions,
    Ruby as Ruby,
    Script as Script,
    SourceOptions as SourceOptions,
    Standard as Standard,
    WordDisplay as WordDisplay,
    WordPolicy as WordPolicy,
)
from .sources import (
    SOURCES as SOURCES,
    read as read,
    read_bytes as read_bytes,
    read_stream as read_stream,
    read_text as read_text,
)
from .writers import (
    FORMATS as FORMATS,
    Format as Format,
    write as write,
)
