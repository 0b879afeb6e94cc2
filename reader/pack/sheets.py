"""The sheets of a pack and their keys, as pages to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from reader._version import __version__
from reader.files import read_data
from reader.learner import LearnerPolicy
from reader.learner.counts import LevelCount, Share
from reader.learner.level_report import ALONE, WITH_HELP
from reader.markup import Dialect, escape, web_page_frame
from reader.model import Token
from reader.options import Gloss, GlossWords, Pinyin, RenderOptions
from reader.pack.exercises import Cloze, Match, Order, Toned, Tones
from reader.pack.teaching import Pack
from reader.pack.text_lines import Line
from reader.pinyin import render
from reader.writers.labels import labels_in, shown_language
from reader.writers.pages import dictionary_credit
from reader.writers.pronunciation import NOTATION_LANGUAGES
from reader.writers.word_markup import Form, WordMarkup

__all__ = ["Sheet", "sheets_of"]

_SHOWN_ABOVE = 60
"""Words above the class that the report lists, at most."""


class Sheet(NamedTuple):
    """A page of the pack."""

    name: str
    """Of its file, without a suffix."""
    heading: str
    page: str
    """A whole HTML document."""


def sheets_of(pack: Pack, options: RenderOptions, paper: str = "a4") -> Iterator[Sheet]:
    """Every sheet and every key, in the order in which they are used.

    `options` say the notation of readings and the language of what the sheets say themselves;
    `paper` is `a4` or `letter`.
    """
    return _Sheets(pack, options, paper).all()


class _Sheets:
    def __init__(self, pack: Pack, options: RenderOptions, paper: str) -> None:
        self._pack = pack
        self._notation = options.notation
        self._labels = labels_in(options.labels)
        self._paper = paper
        self._dialect = Dialect(epub=False)
        metadata = pack.document.metadata
        self._language = shown_language(metadata, options.script)
        self._title = metadata.title or self._labels["untitled"]
        self._words = WordMarkup(self._dialect, Form(notation=options.notation))
        self._sure = RenderOptions(notation=options.notation)

    def all(self) -> Iterator[Sheet]:
        pack = self._pack
        yield self._sheet("before", self._before())
        yield self._sheet("report", self._report())
        yield self._sheet("text", self._text(key=False), for_pupils=True)
        yield self._sheet("text", self._text(key=True), key=True)
        if pack.cloze is not None:
            yield self._sheet("cloze", self._cloze(pack.cloze, key=False), for_pupils=True)
            yield self._sheet("cloze", self._cloze(pack.cloze, key=True), key=True)
        if pack.match is not None:
            yield self._sheet("match", self._match(pack.match, key=False), for_pupils=True)
            yield self._sheet("match", self._match(pack.match, key=True), key=True)
        if pack.tones is not None:
            yield self._sheet("tones", self._tones(pack.tones, key=False), for_pupils=True)
            yield self._sheet("tones", self._tones(pack.tones, key=True), key=True)
        if pack.orders:
            yield self._sheet("order", self._orders(pack.orders, key=False), for_pupils=True)
            yield self._sheet("order", self._orders(pack.orders, key=True), key=True)

    # ---- frames ----

    def _sheet(
        self, name: str, body: Iterable[str], *, key: bool = False, for_pupils: bool = False
    ) -> Sheet:
        heading = self._labels[f"pack-{name}"]
        if key:
            heading += f" · {self._labels['pack-key']}"
        tag = self._dialect.tag
        head = tag("h1").around(escape(self._title)) + self._said("h2", escape(heading))
        if for_pupils:
            head += self._said(
                "p", *map(self._blank_line, ("pack-name", "pack-date")), class_="who"
            )
        made = self._labels.markup(
            "pack-made", version=escape(__version__), seed=str(self._pack.seed)
        )
        credit = dictionary_credit(self._dialect, self._labels, self._sure)
        foot = tag("footer").around(self._said("p", made), credit)
        frame = web_page_frame(
            f"{self._title} · {heading}",
            self._language,
            f"sheet-{name}",
            {"viewport": "width=device-width, initial-scale=1"},
            self._style(),
        )
        page = frame.around(tag("header").around(head), *body, foot)
        return Sheet(f"{name}-key" if key else name, heading, page)

    def _style(self) -> str:
        size = {"a4": "A4", "letter": "letter"}[self._paper]
        return read_data("pack.css").decode().replace("PAPER", size)

    def _said(self, name: str, *markup: str, class_: str = "") -> str:
        """An element in the language of the labels."""
        return self._dialect.tag(name, class_=class_, lang=self._labels.language).around(*markup)

    def _blank_line(self, key: str) -> str:
        line = self._dialect.tag("span", class_="line").around("")
        return self._dialect.tag("span").around(escape(self._labels[key]), " ", line)

    def _pinyin(self, token: Token) -> str:
        tag = self._dialect.tag("span", class_="py", lang=NOTATION_LANGUAGES[self._notation])
        return tag.around(escape(token.spelled(self._notation)))

    def _english(self, text: str, name: str = "span") -> str:
        return self._dialect.tag(name, lang="en").around(escape(text))

    def _table(self, class_: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
        """Rows of cells that are markup; the heads are labels."""
        tag = self._dialect.tag
        body = [tag("tr").around(*map(tag("td").around, row)) for row in rows]
        table = tag("table", class_=class_)
        if not heads:
            return table.around(tag("tbody").around(*body))
        cells = [self._said("th", escape(self._labels[key]) if key else "") for key in heads]
        return table.around(
            tag("thead").around(tag("tr").around(*cells)), tag("tbody").around(*body)
        )

    # ---- before reading ----

    def _before(self) -> Iterator[str]:
        pack, tag = self._pack, self._dialect.tag
        yield self._said("p", self._for_whom())
        yield from self._what_is_known()
        if pack.taught:
            heads = ("pack-word", "pack-reading", "pack-meaning", "pack-level", "pack-times")
            yield self._table(
                "words",
                heads,
                (
                    (
                        tag("b").around(escape(word.token.text)),
                        self._pinyin(word.token),
                        self._english(word.gloss),
                        escape(word.level or "–"),
                        f"{word.count} ×",
                    )
                    for word in pack.taught
                ),
            )
        else:
            yield self._said("p", escape(self._labels["pack-no-words"]))
        if pack.names:
            names = [
                tag("li").around(
                    tag("b").around(escape(_text_of(name))), " ", *map(self._pinyin, name)
                )
                for name in pack.names
            ]
            heading = self._said("h3", escape(self._labels["pack-names"]))
            yield tag("section", class_="box").around(heading, tag("ul").around(*names))

    def _for_whom(self) -> str:
        learner = self._pack.for_level
        parts = {
            "level": escape(learner.level),
            "scheme": escape(learner.levels.title),
            "count": f"{len(learner.known):,}",
        }
        if not learner.level:
            return self._labels.markup("pack-for-list", count=parts["count"])
        return self._labels.markup("pack-for-both" if learner.known else "pack-for-level", **parts)

    def _what_is_known(self) -> Iterator[str]:
        """How much of the text is known before and after; two figures, since one alone misleads."""
        pack = self._pack
        now, then = pack.report.coverage.share, pack.with_them
        before = self._labels.markup("pack-known-now", **_shares(now))
        yield self._said("p", before)
        if pack.taught:
            count = str(len(pack.taught))
            after = self._labels.markup("pack-known-then", count=count, **_shares(then))
            yield self._said("p", self._dialect.tag("b").around(after))
        reached = then.with_parts
        verdict = "alone" if reached >= ALONE else "help" if reached >= WITH_HELP else "hard"
        yield self._said("p", escape(self._labels[f"pack-verdict-{verdict}"]))

    # ---- the level report ----

    def _report(self) -> Iterator[str]:
        report, labels, tag = self._pack.report, self._labels, self._dialect.tag
        found = report.coverage
        names, numbers = (found.tokens[kind] for kind in ("name", "number"))  # type: ignore[index]
        yield self._said("p", self._for_whom())
        yield self._said(
            "p",
            labels.markup(
                "pack-counts",
                words=f"{found.words:,}",
                different=f"{found.different:,}",
                characters=f"{found.characters:,}",
                names=f"{names:,}",
                numbers=f"{numbers:,}",
            ),
        )
        yield self._said(
            "p", labels.markup("pack-levels-of", scheme=escape(report.learner.levels.title))
        )
        if report.note:
            yield self._said("p", escape(labels["pack-taiwan"]))
        yield self._level_table(found.levels)
        yield self._said("p", self._thresholds())
        yield self._said("p", labels.markup("pack-known-now", **_shares(found.share)))
        above = [word for word in report.words if word.knowledge == "unknown"]
        above.sort(key=lambda word: -word.count)
        if above:
            yield self._said("h3", escape(labels["pack-above"]))
            shown = [
                tag("li").around(
                    escape(word.token.text),
                    " ",
                    self._said("small", escape(f"{word.level.label if word.level else '–'}")),
                )
                for word in above[:_SHOWN_ABOVE]
            ]
            yield tag("ul", class_="above").around(*shown)
            if len(above) > _SHOWN_ABOVE:
                more = labels.markup("pack-and-more", count=f"{len(above) - _SHOWN_ABOVE:,}")
                yield self._said("p", more)

    def _level_table(self, levels: Sequence[LevelCount]) -> str:
        heads = (
            "pack-level",
            "pack-running",
            "pack-different",
            "pack-characters",
            "pack-of-words",
            "pack-with-parts",
            "pack-of-characters",
        )
        rows = []
        for row in levels:
            known = map(_percent, row.known) if row.label else ("", "", "")
            label = row.label or self._labels["pack-off-list"]
            counts = (f"{row.tokens:,}", f"{row.types:,}", f"{row.characters:,}")
            rows.append((escape(label), *counts, *known))
        return self._table("levels", heads, rows)

    def _thresholds(self) -> str:
        found = self._pack.report.coverage
        values: dict[str, str] = {}
        for name, share in (("alone", ALONE), ("help", WITH_HELP)):
            strict, parts = found.first_level(share)
            values |= {name: self._level(strict), f"{name}_parts": self._level(parts)}
        return self._labels.markup("pack-thresholds", **values)

    def _level(self, label: str | None) -> str:
        if label is None:
            return escape(self._labels["pack-never"])
        return self._labels.markup("pack-from-level", level=escape(label))

    # ---- the text ----

    def _text(self, *, key: bool) -> Iterator[str]:
        tag = self._dialect.tag
        policy = LearnerPolicy(
            self._pack.for_level, Pinyin.ALL, GlossWords.FIRST, Gloss.INLINE
        ).start_chapter()
        rows = []
        for line in self._pack.lines:
            classes = " ".join(
                [*(["starts"] if line.starts else []), *(["heading"] if line.heading else [])]
            )
            glosses = self._line_glosses(line, policy) if key else ""
            text = self._words.join(line.tokens) if key else escape(_text_of(line.tokens))
            cells = [
                tag("td", class_="number").around(str(line.number)),
                tag("td", class_="text").around(text),
                tag("td", class_="margin").around(glosses),
            ]
            rows.append(tag("tr", class_=classes).around(*cells))
        yield tag("table", class_="text").around(tag("tbody").around(*rows))

    def _line_glosses(self, line: Line, policy: object) -> str:
        """Words that the class does not know, each where the text has it first."""
        parts = []
        for token in line.tokens:
            gloss = policy(token).gloss  # type: ignore[operator]
            if gloss:
                meaning = self._english(gloss)
                parts.append(self._dialect.tag("span").around(escape(token.text), " ", meaning))
        return " · ".join(parts)

    # ---- gaps ----

    def _cloze(self, cloze: Cloze, *, key: bool) -> Iterator[str]:
        tag = self._dialect.tag
        yield self._said("p", escape(self._labels["pack-cloze-do"]))
        bank = [tag("li").around(escape(word)) for word in cloze.bank]
        yield tag("ul", class_="bank box").around(*bank)
        numbers = {(gap.block, gap.token): at for at, gap in enumerate(cloze.gaps, 1)}
        for at in range(cloze.first, cloze.last + 1):
            block = self._pack.document.blocks[at]
            if block.kind.value in ("title", "subtitle", "byline", "image", "separator", "code"):
                continue
            parts = [
                self._gap(numbers[at, number], token, key=key)
                if (at, number) in numbers
                else escape(token.text)
                for number, token in enumerate(block.tokens)
            ]
            yield tag("p", class_="passage").around(*parts)

    def _gap(self, number: int, token: Token, *, key: bool) -> str:
        tag = self._dialect.tag
        mark = tag("sup").around(str(number))
        if key:
            return mark + tag("b", class_="answer").around(escape(token.text))
        return mark + tag("span", class_="gap").around("")

    # ---- pairs ----

    def _match(self, match: Match, *, key: bool) -> Iterator[str]:
        tag = self._dialect.tag
        yield self._said("p", escape(self._labels["pack-match-do"]))
        small = {pair: _letter(at) for at, pair in enumerate(match.readings)}
        large = {pair: _letter(at).upper() for at, pair in enumerate(match.glosses)}
        rows = []
        for at, pair in enumerate(match.pairs):
            answers = (small[at], large[at]) if key else ("", "")
            reading, gloss = match.pairs[match.readings[at]], match.pairs[match.glosses[at]]
            pinyin = tag("span", class_="py", lang=NOTATION_LANGUAGES[self._notation])
            rows.append(
                (
                    f"{at + 1}.",
                    tag("b").around(escape(pair.word)),
                    *(tag("span", class_="answer").around(answer) for answer in answers),
                    f"{_letter(at)}.",
                    pinyin.around(escape(reading.reading)),
                    f"{_letter(at).upper()}.",
                    self._english(gloss.gloss),
                )
            )
        yield self._table("match", (), rows)

    # ---- tones ----

    def _tones(self, tones: Tones, *, key: bool) -> Iterator[str]:
        tag = self._dialect.tag
        yield self._said("p", escape(self._labels["pack-tones-do"]))
        if key:
            yield self._said("p", escape(self._labels["pack-tones-said"]))
        items = [
            tag("li").around(tag("b").around(escape(word.text)), self._syllables(word, key=key))
            for word in tones.words
        ]
        yield tag("ol", class_="tones").around(*items)

    def _syllables(self, word: Toned, *, key: bool) -> str:
        py = self._dialect.tag("span", class_="py", lang="zh-Latn-pinyin")
        if not key:
            return py.around(escape("  ".join(each[:-1] for each in word.syllables)))
        shown = py.around(escape("  ".join(_marked(each) for each in word.syllables)))
        if word.spoken == word.syllables:
            return shown
        spoken = escape("  ".join(_marked(each) for each in word.spoken))
        return shown + py.around(self._dialect.tag("i").around(spoken))

    # ---- sentences ----

    def _orders(self, orders: Sequence[Order], *, key: bool) -> Iterator[str]:
        tag = self._dialect.tag
        yield self._said("p", escape(self._labels["pack-order-do"]))
        for order in orders:
            places = (0, *order.shown)
            rows = [
                (
                    tag("span", class_="place").around(str(place + 1) if key or place == 0 else ""),
                    escape(order.sentences[place]),
                )
                for place in places
            ]
            yield self._table("order", (), rows)


def _text_of(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def _marked(syllable: str) -> str:
    return render((syllable,), "pinyin")


def _letter(at: int) -> str:
    return chr(ord("a") + at)


def _shares(share: Share) -> dict[str, str]:
    return {"strict": _percent(share.strict), "parts": _percent(share.with_parts)}


def _percent(share: float) -> str:
    return "100 %" if share >= 1 else f"{min(100 * share, 99.9):.1f} %"
