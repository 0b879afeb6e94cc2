"""The routes of the local page: JSON in, JSON or a file out, one message where something is wrong.

GET    /                          the page
POST   /texts?name=               a text, its bytes as the body        -> {id, title, …}
PUT    /texts/ID/files/KIND?name=   likewise: its translation, pairs, known words
DELETE /texts/ID/files/KIND
POST   /texts/ID/preview          {options, rows}                      -> {page, warnings, …}
GET    /texts/ID/preview/N        the page that was made
POST   /texts/ID/doubts           {options, rows}                      -> {doubts}
POST   /texts/ID/settle           {options, rows, doubt, answer}       -> {row}
POST   /texts/ID/rows             {rows}                               they are right, and kept
POST   /texts/ID/levels, pairs    {options, rows}
POST   /texts/ID/outputs          {options, rows, target}              -> {job}
POST   /texts/ID/leave            nobody waits for its outputs any more
GET    /texts/ID/outputs/JOB      how far it is                        -> {done, total, state}
GET    /texts/ID/files/NAME       what was made, to be downloaded
"""

from __future__ import annotations

import json
import re
from asyncio import create_task
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from reader.epub.archive import Archive
from reader.errors import OptionError, ReaderError, printable
from reader.files import read_file
from reader.lexicon import Lexicon
from reader.web.desk import Desk, Text
from reader.web.guard import Guard
from reader.web.workshop import CommandLine, Workshop

__all__ = ["MOST", "make_app"]

MOST = 256 << 20
"""Bytes of a file."""
MOST_ASKED = 8 << 20
"""Bytes of a question."""
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
TYPES = {
    "index.html": "text/html; charset=utf-8",
    "app.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
}
BESIDE = ("translation", "pairs", "known")
T = TypeVar("T")


class Refused(Exception):
    """What was asked cannot be done: the message and the status."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def make_app(
    line: CommandLine, lexicon: Lexicon, token: str, *, first: Path | None = None
) -> Guard:
    """The application, for an ASGI server; every address of it begins with the token.

    `first` is a file that the page opens with.
    """
    return Guard(Routes(Workshop(line, lexicon), first).app(), token, MOST)


class Job:
    """An output that is being made."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.done, self.total = 0, 0
        self.state, self.message = "running", ""
        self.wanted = True

    def progress(self, done: int, total: int) -> None:
        if not self.wanted:
            raise OptionError("nobody waits for this any more")
        self.done, self.total = done, total

    def fields(self) -> dict[str, Any]:
        return {**vars(self)}


class Routes:
    """What is answered. Texts are worked on in one thread, one after another."""

    def __init__(self, workshop: Workshop, first: Path | None = None) -> None:
        self._workshop = workshop
        self._first = first
        self._desk = Desk()
        self._pages: dict[tuple[str, str], bytes] = {}
        self._jobs: dict[tuple[str, str], Job] = {}
        self._made = 0
        # What is remembered of texts is one thread's.
        self._one = CapacityLimiter(1)

    def app(self) -> Starlette:
        """The Starlette application."""
        text = "/texts/{id}"
        asked = {
            "preview": self._preview,
            "doubts": self._doubts,
            "settle": self._settle,
            "levels": self._levels,
            "pairs": self._pairs,
            "outputs": self._output,
            "leave": self._left,
            "rows": self._rows,
        }
        routes = [
            *(self._route(f"/{name}", partial(_static, name)) for name in TYPES),
            self._route("/", partial(_static, "index.html")),
            self._route("/options", self._options),
            self._route("/texts", self._new, "POST"),
            self._route("/texts/first", self._opened_first, "POST"),
            self._route(f"{text}/preview/{{page}}", self._page),
            self._route(f"{text}/outputs/{{job}}", self._job),
            self._route(f"{text}/files/{{name}}", self._file),
            *(self._route(f"{text}/{name}", answer, "POST") for name, answer in asked.items()),
            self._route(f"{text}/files/{{kind}}", self._beside, "PUT"),
            self._route(f"{text}/files/{{kind}}", self._without, "DELETE"),
        ]
        return Starlette(
            routes=routes,
            exception_handlers={HTTPException: _http_error},
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        # What the first text would wait for is fetched while the page is read.
        warming = create_task(self._work(self._workshop.warm))
        try:
            yield
        finally:
            await warming
            self._desk.close()

    def _route(
        self, path: str, answer: Callable[[Request], Awaitable[Response]], method: str = "GET"
    ) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return await answer(request)
            except Refused as error:
                return _error(str(error), error.status)
            except ReaderError as error:
                return _error(self._said(error), 400)
            except MemoryError:
                return _error("there is not enough memory for this", 400)

        return Route(path, endpoint, methods=[method])

    def _said(self, error: ReaderError) -> str:
        """The message, without the folders in which the file stands here."""
        return printable(re.sub(rf"{re.escape(self._desk.folder)}/[\w-]+/", "", str(error)))

    async def _work(self, function: Callable[..., T], *arguments: Any) -> T:
        return await to_thread.run_sync(partial(function, *arguments), limiter=self._one)

    # ---- a text and what goes with it ----

    async def _options(self, request: Request) -> Response:
        first = self._first.name if self._first else ""
        return JSONResponse({"options": self._workshop.line.options(), "first": first})

    async def _opened_first(self, request: Request) -> Response:
        if self._first is None:
            raise Refused("no file was named", 404)
        return await self._opened(self._first.name, await self._work(read_file, self._first))

    async def _new(self, request: Request) -> Response:
        name = request.query_params.get("name", "text.txt")
        return await self._opened(name, await _body(request, MOST))

    async def _opened(self, name: str, data: bytes) -> Response:
        text = self._desk.new()
        text.source = text.store(name, data)
        try:
            return JSONResponse(await self._work(self._workshop.opened, text, {}))
        except ReaderError:
            self._desk.drop(text.id)
            raise

    async def _beside(self, request: Request) -> Response:
        text, kind = self._text(request), request.path_params["kind"]
        if kind not in BESIDE:
            raise Refused("there is no such file", 404)
        data = await _body(request, MOST)
        name = text.store(request.query_params.get("name", f"{kind}.txt"), data)
        if kind == "known":
            text.known.append(name)
        else:
            setattr(text, kind, name)
        return JSONResponse({"name": name})

    async def _without(self, request: Request) -> Response:
        text, kind = self._text(request), request.path_params["kind"]
        if kind not in BESIDE:
            raise Refused("there is no such file", 404)
        if kind == "known":
            text.known.clear()
        else:
            setattr(text, kind, "")
        return JSONResponse({})

    def _text(self, request: Request) -> Text:
        try:
            return self._desk.text(request.path_params["id"])
        except ReaderError as error:
            raise Refused(str(error), 404) from error

    async def _asked(self, request: Request) -> tuple[Text, dict[str, Any], dict[str, Any]]:
        """The text, its options, and all that was asked; the rows are the text's from now on."""
        text = self._text(request)
        try:
            value = json.loads(await _body(request, MOST_ASKED))
        except (ValueError, RecursionError) as error:
            raise Refused("the question is no JSON") from error
        if not isinstance(value, dict) or not isinstance(value.get("options", {}), dict):
            raise Refused("the question is no object with options")
        rows = value.get("rows", text.rows)
        if not isinstance(rows, list):
            raise Refused("rows are a list")
        if rows != text.rows:
            text.settle(rows)
        return text, value.get("options", {}), value

    # ---- what is made of it ----

    async def _preview(self, request: Request) -> Response:
        text, options, _ = await self._asked(request)
        page, said = await self._work(self._workshop.preview, text, options)
        # Only the newest page of a text is kept: the one before may still be loading.
        self._made += 1
        kept = [key for key in self._pages if key[0] == text.id][-1:]
        pages = {key: self._pages[key] for key in self._pages if key[0] != text.id or key in kept}
        self._pages = {**pages, (text.id, str(self._made)): page}
        stem, suffix = Path(text.source).stem, Path(text.source).suffix
        target = f"{stem}{'-annotated' if suffix.lower() == '.epub' else ''}.epub"
        command = self._workshop.shown_command(text, options, target)
        return JSONResponse({**said, "page": str(self._made), "command": command})

    async def _page(self, request: Request) -> Response:
        page = self._pages.get((self._text(request).id, request.path_params["page"]))
        if page is None:
            raise Refused("this page is no longer here", 404)
        # The page brings its own policy, which forbids every request and other script.
        return Response(page, media_type="text/html")

    async def _doubts(self, request: Request) -> Response:
        text, options, _ = await self._asked(request)
        return JSONResponse({"doubts": await self._work(self._workshop.doubts, text, options)})

    async def _settle(self, request: Request) -> Response:
        text, options, value = await self._asked(request)
        which, answer = value.get("doubt"), value.get("answer")
        if not isinstance(which, dict) or not isinstance(answer, str):
            raise Refused("an answer is a text, to a doubt")
        row = await self._work(self._workshop.settle, text, options, which, answer)
        return JSONResponse({"row": row})

    async def _rows(self, request: Request) -> Response:
        await self._asked(request)
        return JSONResponse({})

    async def _levels(self, request: Request) -> Response:
        text, options, _ = await self._asked(request)
        return JSONResponse(await self._work(self._workshop.levels, text, options))

    async def _pairs(self, request: Request) -> Response:
        text, options, value = await self._asked(request)
        if isinstance(value.get("pairs"), list):
            await self._work(self._workshop.keep_pairs, text, value["pairs"])
        return JSONResponse({"pairs": await self._work(self._workshop.pairs, text, options)})

    async def _output(self, request: Request) -> Response:
        text, options, value = await self._asked(request)
        target = value.get("target")
        if not isinstance(target, str) or "/" in target or "\\" in target or not target.strip("."):
            raise Refused("an output is the name of a file")
        self._made += 1
        job = Job(target)
        self._jobs[text.id, str(self._made)] = job
        command = self._workshop.shown_command(text, options, target)
        number = str(self._made)

        async def make() -> None:
            try:
                await self._work(self._workshop.output, text, options, target, job.progress)
                job.state = "done"
            except ReaderError as error:
                job.state, job.message = "failed", self._said(error)
            except MemoryError:
                job.state, job.message = "failed", "there is not enough memory for this"
            except Exception:
                job.state, job.message = "failed", "this failed: the terminal says how"
                raise

        answer = {"job": number, "command": command}
        return JSONResponse(answer, background=BackgroundTask(make))

    async def _job(self, request: Request) -> Response:
        job = self._jobs.get((self._text(request).id, request.path_params["job"]))
        if job is None:
            raise Refused("there is no such output", 404)
        return JSONResponse(job.fields())

    async def _left(self, request: Request) -> Response:
        text = self._text(request)
        for (id, _), job in self._jobs.items():
            job.wanted = job.wanted and id != text.id
        return JSONResponse({})

    async def _file(self, request: Request) -> Response:
        text, name = self._text(request), request.path_params["name"]
        if name == "settled.csv" and text.rows:
            return _download(name, text.path(name).read_bytes())
        if name == "pairs.tsv":
            return _download(name, await self._work(self._workshop.pairs_file, text, {}))
        path = text.path("out") / name
        if "/" in name or "\\" in name or not path.exists():
            raise Refused("there is no such file", 404)
        if path.is_dir():
            return _download(f"{name}.zip", await self._work(_zipped, path))
        return _download(name, await self._work(path.read_bytes))


def _static(name: str, request: Request) -> Awaitable[Response]:
    async def answer() -> Response:
        data = (files("reader") / "data" / "web" / name).read_bytes()
        headers = {"content-security-policy": POLICY, "content-type": TYPES[name]}
        return Response(data, headers=headers)

    return answer()


def _download(name: str, data: bytes) -> Response:
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def _zipped(folder: Path) -> bytes:
    """The files of a folder, in the order of their names, dated alike."""
    file = BytesIO()
    with Archive(file) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.add(path.relative_to(folder.parent).as_posix(), path.read_bytes())
    return file.getvalue()


async def _body(request: Request, most: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > most:
            raise Refused(f"too large: at most {most >> 20} MiB", 413)
    return bytes(data)


def _error(message: str, status: int) -> Response:
    return JSONResponse({"error": message}, status)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _error(error.detail, error.status_code)
