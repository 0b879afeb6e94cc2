"""`reader translate`: a draft translation, made by a server, to edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from reader.cli.options import source_options

if TYPE_CHECKING:
    from reader.glossary import Glossary
    from reader.model import Document
    from reader.translation import Cache, TranslateOptions, Translator


@click.command(name="translate")
@click.argument("text", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="OUT", help="NAME.en.txt.")
@click.option("--base-url", metavar="URL", help="The server's, such as http://localhost:8080/v1.")
@click.option("--model", metavar="NAME", help="The model, as the server calls it.")
@click.option("--to", "target", default="en", show_default=True, metavar="TAG", help="Language.")
@click.option("--translator", metavar="NAME", help="An installed plugin, in place of a server.")
@click.option(
    "--glossary",
    "glossaries",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Glossary CSV; repeatable, later files win.",
)
@click.option("--no-default-glossary", is_flag=True, help="Use only the glossaries named.")
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
    type=click.FloatRange(min=0, min_open=True),
    default=120.0,
    show_default=True,
    metavar="S",
    help="Seconds for one request.",
)
@click.option("--dry-run", is_flag=True, help="Ask nobody: print segments, tokens and price.")
@click.option("--input-rate", type=float, default=0.0, help="Price of a million tokens sent.")
@click.option("--output-rate", type=float, default=0.0, help="Price of a million received.")
@source_options
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
def command(text: Path, output: Path | None, **values: Any) -> None:
    """Have TEXT translated by any server that speaks the chat-completions protocol.

    The key is taken from READER_API_KEY or OPENAI_API_KEY. What was answered once is not asked
    again, so a run that was cut off goes on where it was. The result is a plain text to edit,
    marked as a machine's in its first line.

    \b
    Examples:
      reader translate market.txt --dry-run --input-rate 0.5 --output-rate 1.5
      reader translate market.txt -o market.en.txt --base-url http://localhost:8080/v1 --model qwen3
    """
    from reader.cli.pipeline import glossary_from, read_source, report

    document = read_source(text, values)
    glossary = glossary_from({**values, "words": None})
    options = _options(values)
    cache = _cache(values["cache_path"])
    try:
        if values["dry_run"]:
            _estimate(document, glossary, cache, options, values)
            return
        _translate(document, glossary, cache, options, _target(text, output, values), values)
    finally:
        cache.close()
    report(document, text, verbose=values["verbose"])


def _target(text: Path, output: Path | None, values: dict[str, Any]) -> Path:
    if output is not None:
        return output
    if str(text) == "-":
        raise click.UsageError("Standard input has no name: say -o.")
    return text.with_suffix(f".{values['target']}.txt")


def _options(values: dict[str, Any]) -> TranslateOptions:
    from reader.translation import TranslateOptions

    return TranslateOptions(language=values["target"], concurrency=values["concurrency"])


def _cache(path: Path | None) -> Cache:
    from reader.lexicon.cache import default_folder
    from reader.translation import Cache

    if path is None:
        path = default_folder() / "translations.sqlite"
        path.parent.mkdir(parents=True, exist_ok=True)
    return Cache(path)


def _translator(values: dict[str, Any]) -> Translator:
    from reader.translation import ServerOptions, load_translator

    if values["translator"] is not None:
        return load_translator(values["translator"])
    for name in ("base_url", "model"):
        if not values[name]:
            raise click.UsageError(f"Which server, and which model? --{name.replace('_', '-')}")
    server = ServerOptions(timeout=values["timeout"])
    return load_translator(base_url=values["base_url"], model=values["model"], options=server)


def _translate(
    document: Document,
    glossary: Glossary,
    cache: Cache,
    options: TranslateOptions,
    output: Path,
    values: dict[str, Any],
) -> None:
    from reader.cli.progress import Bar
    from reader.translation import translate, write_translation

    with Bar("translating", "segments") as bar:
        translation = translate(
            document,
            _translator(values),
            glossary=glossary,
            cache=cache,
            options=options,
            progress=bar.progress,
            doubt=lambda text, wrong: click.echo(f"{wrong}: {text[:40]}", err=True),
        )
    write_translation(translation, output)
    click.echo(f"{output}: {len(translation.blocks)} paragraphs, to be read and edited", err=True)


def _estimate(
    document: Document,
    glossary: Glossary,
    cache: Cache,
    options: TranslateOptions,
    values: dict[str, Any],
) -> None:
    from reader.translation import estimate

    asked = _translator(values) if values["base_url"] and values["model"] else None
    found = estimate(
        document,
        asked,
        glossary=glossary,
        cache=cache,
        options=options,
        input_rate=values["input_rate"],
        output_rate=values["output_rate"],
    )
    click.echo(f"{found.segments} segments, {found.cached} of them answered before")
    click.echo(f"{found.requests} requests")
    click.echo(f"about {found.input_tokens:,} tokens to send, {found.output_tokens:,} to receive")
    click.echo(f"price at these rates: {found.price:.2f}")
