"""`reader translate`: a draft translation, made by a server, to edit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.cli.console import Bar, echo, echo_warnings, refuse_same_file, source_from
from reader.cli.parameters import Number, glossary_options, source_options, with_recipe
from reader.options import LONGEST_WAIT

if TYPE_CHECKING:
    from reader.building import Recipe
    from reader.glossary import Glossary
    from reader.model import Document
    from reader.options import TranslateOptions
    from reader.translation import Cache, Translator


@click.command(name="translate")
@click.argument("text", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="NAME.en.txt.")
@click.option("--base-url", metavar="URL", help="The server's, such as http://localhost:8080/v1.")
@click.option("--model", metavar="NAME", help="The model, as the server calls it.")
@click.option("--to", "target", default="en", show_default=True, metavar="TAG", help="Language.")
@click.option("--translator", metavar="NAME", help="An installed plugin, in place of a server.")
@glossary_options
@click.option(
    "--cache",
    "cache_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Answers already paid for; in your cache folder if not given.",
)
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="Requests under way at once.",
)
@click.option(
    "--timeout",
    type=Number(0, LONGEST_WAIT, min_open=True),
    default=120.0,
    show_default=True,
    metavar="S",
    help="Seconds for one request.",
)
@click.option("--dry-run", is_flag=True, help="Ask nobody: print segments, tokens and price.")
@click.option(
    "--input-rate", type=Number(min=0), default=0.0, help="Price of a million tokens sent."
)
@click.option("--output-rate", type=Number(min=0), default=0.0, help="Price of a million received.")
@source_options
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@with_recipe
def command(
    text: Path,
    output: Path | None,
    recipe: Recipe,
    base_url: str | None,
    model: str | None,
    translator: str | None,
    timeout: float,
    target: str,
    cache_path: Path | None,
    concurrency: int,
    dry_run: bool,
    input_rate: float,
    output_rate: float,
    verbose: bool,
) -> None:
    """Have TEXT translated by any server that speaks the chat-completions protocol.

    The key is taken from READER_API_KEY or OPENAI_API_KEY. What was answered once is not asked
    again, so a run that was cut off goes on where it was. The result is a plain text to edit,
    marked as a machine's in its first line.

    \b
    Examples:
      reader translate market.txt --dry-run --input-rate 0.5 --output-rate 1.5
      reader translate market.txt -o market.en.txt --base-url http://localhost:8080/v1 --model qwen3
    """
    from reader.building import read_source
    from reader.glossary import Glossary
    from reader.options import TranslateOptions

    if output is not None:
        refuse_same_file(output, text)
    document = read_source(source_from(text, recipe), recipe).gather()
    cache = _cache(cache_path, needed=not dry_run)
    server = _Server(base_url, model, translator, timeout)
    work = _Work(
        document,
        Glossary.of(recipe.glossary),
        cache,
        TranslateOptions(language=target, concurrency=concurrency),
    )
    try:
        if dry_run:
            _estimate(work, server, input_rate, output_rate)
            return
        _translate(work, server, output or _default_output(text, target))
    finally:
        if cache is not None:
            cache.close()
    echo_warnings(document.warnings, text, verbose=verbose)


@dataclass(frozen=True, slots=True)
class _Server:
    """Who is asked."""

    base_url: str | None
    model: str | None
    plugin: str | None
    timeout: float

    def translator(self) -> Translator:
        from reader.options import ServerOptions
        from reader.translation import load_translator

        if self.plugin is not None:
            return load_translator(self.plugin)
        for option, value in (("--base-url", self.base_url), ("--model", self.model)):
            if not value:
                raise click.UsageError(f"{option}: name the server's --base-url and its --model.")
        options = ServerOptions(timeout=self.timeout)
        return load_translator(base_url=self.base_url, model=self.model, options=options)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is asked for."""

    document: Document
    glossary: Glossary | None
    cache: Cache | None
    options: TranslateOptions


def _default_output(text: Path, language: str) -> Path:
    if str(text) == "-":
        raise click.UsageError("Standard input has no name: say -o.")
    return text.with_suffix(f".{language}.txt")


def _cache(path: Path | None, *, needed: bool) -> Cache | None:
    """The file of answers; a run that asks nobody needs none, and makes none."""
    from reader.files import cache_folder, make_cache_folder
    from reader.translation import Cache

    if path is None:
        path = cache_folder() / "translations.sqlite"
        if needed:
            make_cache_folder(path.parent)
    return Cache(path) if needed or path.exists() else None


def _translate(work: _Work, server: _Server, output: Path) -> None:
    from reader.translation import translate, write_translation

    with Bar("translating", "segments") as bar:
        translation = translate(
            work.document,
            server.translator(),
            glossary=work.glossary,
            cache=work.cache,
            options=work.options,
            progress=bar.progress,
            doubt=lambda text, wrong: echo(f"{wrong}: {text[:40]}", err=True),
        )
    write_translation(translation, output)
    echo(f"{output}: {len(translation.blocks)} paragraphs, to be read and edited", err=True)


def _estimate(work: _Work, server: _Server, input_rate: float, output_rate: float) -> None:
    from reader.translation import estimate

    total = estimate(
        work.document,
        # Only a server that is named has answers in the cache.
        server.translator() if server.base_url and server.model else None,
        glossary=work.glossary,
        cache=work.cache,
        options=work.options,
        input_rate=input_rate,
        output_rate=output_rate,
    )
    echo(f"{total.segments} segments, {total.cached} of them answered before")
    echo(f"{total.requests} requests")
    echo(f"about {total.input_tokens:,} tokens to send, {total.output_tokens:,} to receive")
    echo(f"price at these rates: {total.price:.2f}")
