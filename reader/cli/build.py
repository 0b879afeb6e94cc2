"""`reader build`: a book, TEI, a web page or JSON of one text, or of many."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Any

import click

from reader.cli.options import annotate_options, render_from, render_options, source_options
from reader.writers.formats import FORMATS, find_format, format_of

STANDARD = "-"


@click.command(name="build")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", required=True, metavar="OUT", help="File, or folder for many.")
@click.option("--to", type=click.Choice(list(FORMATS)), help="Format; OUT's suffix if not given.")
@source_options
@annotate_options
@render_options
@click.option(
    "--translation",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The translation; NAME.en.txt beside NAME.txt if not given.",
)
@click.option("--no-translation", is_flag=True, help="Leave the translation out.")
@click.option(
    "--pairs",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Pairs made or corrected by hand (TSV of `reader align`, or TMX).",
)
@click.option("--quotes", is_flag=True, help="An EPUB's quotation marks follow --script too.")
@click.option("--new-identifier", is_flag=True, help="Give an annotated EPUB a new identifier.")
@click.option(
    "--max-size",
    type=click.IntRange(min=1),
    default=2048,
    show_default=True,
    metavar="MIB",
    help="Refuse an EPUB that unpacks to more.",
)
@click.option(
    "--max-ratio",
    type=click.IntRange(min=1),
    default=400,
    show_default=True,
    metavar="N",
    help="Refuse an EPUB with files that unpack to N times their size.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes; as many as cores if not given.",
)
@click.option("--timeout", type=click.FloatRange(min=0), metavar="S", help="Seconds for a text.")
@click.option("--bind", is_flag=True, help="One EPUB, with a chapter for each text.")
@click.option("--force", is_flag=True, help="Build again what has not changed.")
@click.option("--dask", metavar="URL", help="Use the Dask scheduler at this address.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
def command(sources: tuple[str, ...], **values: Any) -> None:
    """Make a book, TEI XML, a web page or JSON of SOURCE.

    SOURCE is a text (.txt .md .html .docx .xml .json), an EPUB, which is annotated in place, a
    folder or a glob; `-` is standard input (as SOURCE: texts; with a folder as OUT: a list of
    files) or standard output (as OUT, with --to).

    \b
    Examples:
      reader build article.txt -o article.epub
      reader build article.txt -o article.xml --script both
      reader build article.txt -o article.epub --translation english.txt --layout columns
      reader build book.epub -o annotated.epub --notation zhuyin
      reader build corpus/ -o out/ --to epub --jobs 4
      cat article.txt | reader build - -o - --to html > article.html
    """
    if _many(sources, values):
        from reader.cli.many import build_many

        build_many(sources, values)
    elif _book(sources[0], values):
        _refuse_overwriting(Path(sources[0]), values["output"])
        _spare_the_collector()
        from reader.cli.book import build_book

        build_book(Path(sources[0]), values)
    else:
        build_one(Path(sources[0]), values)


def _many(sources: tuple[str, ...], values: dict[str, Any]) -> bool:
    """Whether several texts are meant; a folder as OUT means so even for one SOURCE."""
    out = values["output"]
    return bool(
        len(sources) > 1
        or values["bind"]
        or values["dask"]
        or out.endswith(("/", "\\"))
        or "://" in out
        or (out != STANDARD and Path(out).is_dir())
        or Path(sources[0]).is_dir()
        or (any(c in sources[0] for c in "*?[") and not Path(sources[0]).exists())
    )


def _book(source: str, values: dict[str, Any]) -> bool:
    """Whether an EPUB is to be annotated in place: EPUB in, EPUB out."""
    to = values["to"] or Path(values["output"]).suffix.lower().removeprefix(".")
    return Path(source).suffix.lower() == ".epub" and to == "epub"


def build_one(source: Path, values: dict[str, Any]) -> None:
    from reader.cli.bilingual import translation_for
    from reader.cli.pipeline import load, load_stream, report
    from reader.model import Document, Stream

    _spare_the_collector()
    if values["output"] == STANDARD and not values["to"]:
        raise click.UsageError("Standard output has no suffix: name the format with --to.")
    name = values["to"] or format_of(values["output"])
    _refuse_overwriting(source, values["output"])
    senses = "senses" in find_format(name).needs(render_from(values))
    translation = translation_for(source, values)
    flow: Document | Stream
    if translation is not None or str(source) == STANDARD:
        flow = load(source, values, senses=senses)
        if translation is not None:
            flow = translation.align(flow)
    else:
        flow = load_stream(source, values, senses=senses)
    _write(flow, name, values)
    report(flow, source, verbose=values["verbose"])


def _spare_the_collector() -> None:
    """Seldom look for cycles: annotation makes millions of small values and none that is one."""
    gc.freeze()
    gc.set_threshold(1_000_000, 20, 100)


def _refuse_overwriting(source: Path, output: str) -> None:
    out = Path(output)
    if output != STANDARD and source.exists() and out.exists() and out.samefile(source):
        raise click.UsageError("SOURCE and OUT are the same file.")


def _write(flow: Any, name: str, values: dict[str, Any]) -> None:
    from reader.errors import WriteError
    from reader.writers.formats import write

    if values["output"] == STANDARD:
        if sys.stdout is None:
            raise WriteError("is closed", path="standard output")
        write(flow, sys.stdout.buffer, render_from(values), to=name)
    else:
        write(flow, values["output"], render_from(values), to=name)
