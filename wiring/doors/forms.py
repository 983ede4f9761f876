"""Doors of our own: bringing a file, a recovery key, a new key. Every form is a POST."""

import asyncio
import hmac
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial, wraps
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from matcher.domain.listening import Source
from matcher.errors import EarshotError, InputError, StillReading, TooManyUploads, UploadBroken
from wiring.bootstrap import Application, application
from wiring.doors.reading_apart import look_apart
from wiring.doors.reading_uploads import OF_FILES, read_upload
from wiring.doors.web import session_token, set_cookie, to_page, to_problem
from wiring.gateway.headers import own_headers, scripted_headers
from wiring.gateway.limits import Open, Pace, TooMany, subscriber
from wiring.gateway.pages import Pages, page
from wiring.signing_in.recovery_keys import new_account
from wiring.signing_in.sessions import COOKIE, MOST_LIFETIME, new_key_token
from wiring.syncs import SyncStatus
from wiring.uploads import Upload, UploadForm, length_of

log = logging.getLogger(__name__)

FILE = "/file"
KEY = "/key"
NEW_KEY = "/new-key"
MOST_FORM_BYTES = 4096  # of a form without files
UPLOADS_PER_ADDRESS = 2  # at once
MOST_SILENT_S = 30.0  # between two parts of an upload: who sends nothing holds no place
_WITH_PROBLEMS = (KEY, "/name")  # pages that tell what went wrong with their form
Form = Mapping[str, str]
Handler = Callable[[Request, Application, Form], Response]


def door_routes(pages: Pages, uploads_per_hour: int) -> list[Route]:
    """The routes of the doors; `pages` makes what they show."""
    doors = Doors(pages)
    return [
        form_route(FILE, "GET", doors.ask_for_file),
        Route(FILE, UploadDoor(doors, uploads_per_hour), methods=["POST"]),
        form_route(KEY, "GET", doors.ask_for_key),
        form_route(KEY, "POST", doors.sign_in),
        form_route(NEW_KEY, "GET", doors.ask_for_new_key),
        form_route(NEW_KEY, "POST", doors.make_new_key),
    ]


class Doors:
    """What the routes do; each on a worker thread."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def ask_for_file(self, request: Request, app: Application, _: Form) -> Response:
        """The page to bring a file on, with the problem of the last one if there is one."""
        is_in = app.sessions.listener_of(session_token(request, app)) is not None
        query = request.query_params
        html = self._pages.file(is_in, query.get("problem", ""), query.get("until", ""))
        return page(html, headers=self._scripted(app))

    def may_upload(self, request: Request, app: Application) -> None:
        """Check that a signed-in listener's music may be read again; before they send it all.

        Raises:
            StillReading: it is being read.
            RefreshTooSoon: files of theirs were read a moment ago.
        """
        listener_id = app.sessions.listener_of(session_token(request, app))
        if listener_id is None:
            return
        state = app.syncs.state(listener_id)
        if state is not None and state.status is SyncStatus.RUNNING:
            raise StillReading("the listener's music is being read")
        app.pace.check_sources(listener_id, *OF_FILES)

    def take_upload(self, request: Request, app: Application, upload: Upload) -> Response:
        """Read an upload as the music of whoever is signed in, else of a new account.

        Shows the new account's recovery key.

        Raises:
            InputError: nobody is signed in, and none of the files may hold music.
        """
        listener_id = app.sessions.listener_of(session_token(request, app))
        if listener_id is not None:
            read_upload(app, listener_id, upload)
            return to_page()
        look_apart(upload.files)  # what holds no music makes no account
        read = partial(read_upload, app, upload=upload)
        return come_in_anew(request, app, self._pages, Source.SPOTIFY_EXPORT, read)

    def refuse(self, app: Application, error: InputError) -> Response:
        """The page to bring a file on, with what is wrong with the last one."""
        return page(self._pages.refused(error), 422, headers=self._scripted(app))

    def ask_for_key(self, request: Request, app: Application, _: Form) -> Response:
        """The page to type a recovery key on."""
        return self._page(app, self._pages.enter_key(request.query_params.get("problem", "")))

    def sign_in(self, request: Request, app: Application, form: Form) -> Response:
        """Sign in with a recovery key."""
        listener_id = app.recovery_keys.listener_of(form.get("key", ""))
        return begin_session(request, app, listener_id, to_page())

    def ask_for_new_key(self, request: Request, app: Application, _: Form) -> Response:
        """The page that asks whether to make a new recovery key."""
        if _owner(request, app) is None:
            return to_page()
        return self._page(app, self._pages.new_key(new_key_token(session_token(request, app))))

    def make_new_key(self, request: Request, app: Application, form: Form) -> Response:
        """Make a new recovery key, show it once, and end the listener's sessions elsewhere."""
        listener_id, token = _owner(request, app), session_token(request, app)
        proof = form.get("token", "").encode("utf-8", "replace")
        if listener_id is None or not hmac.compare_digest(proof, new_key_token(token).encode()):
            return to_page()
        key = app.recovery_keys.make(listener_id)
        app.sessions.end_others(listener_id, token)  # the old key may have begun them
        return self._page(app, self._pages.key(key, False))

    def _scripted(self, app: Application) -> Mapping[str, str]:
        return scripted_headers(self._pages.file_script, app.settings.secure_cookies)

    def _page(self, app: Application, html: str) -> Response:
        return page(html, headers=own_headers(app.settings.secure_cookies))


class UploadDoor:
    """Takes an upload as it arrives, to disk."""

    def __init__(self, doors: Doors, uploads_per_hour: int) -> None:
        self._doors = doors
        self._pace, self._open = Pace(uploads_per_hour, "hour"), Open(UPLOADS_PER_ADDRESS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        try:
            response = await self._response(request)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        app = None
        try:
            app = await run_in_threadpool(application)
            return await self._taken(request, app)
        except EarshotError as error:
            log.info("%s ended with %s", FILE, type(error).__name__)
            # a browser shows no answer to what it has not finished sending
            await _pass_over(request, app.uploads.most_bytes if app else 0)
            return to_problem(FILE, error)

    async def _taken(self, request: Request, app: Application) -> Response:
        with self._place(request):
            await run_in_threadpool(self._doors.may_upload, request, app)
            upload = await run_in_threadpool(app.uploads.begin, length_of(request.headers))
            try:
                form = UploadForm(request.headers.get("content-type", ""), upload)
                async for chunk in _chunks(request):
                    await run_in_threadpool(form.feed, chunk)
                await run_in_threadpool(form.finish)
                return await run_in_threadpool(self._doors.take_upload, request, app, upload)
            except InputError as error:
                upload.discard()
                log.info("%s ended with %s", FILE, type(error).__name__)
                return self._doors.refuse(app, error)
            except BaseException:
                upload.discard()
                raise

    @contextmanager
    def _place(self, request: Request) -> Iterator[None]:
        """Count an upload of its address; raises TooManyUploads."""
        who = subscriber(request.client.host if request.client else "")
        try:
            with self._open.one_more(who):
                if not self._pace.allows(who):
                    raise TooManyUploads("too many uploads from one address within an hour")
                yield
        except TooMany:
            raise TooManyUploads("too many uploads from one address at once") from None


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """The body as it arrives; raises UploadBroken if nothing does for `MOST_SILENT_S`."""
    stream = request.stream()
    while True:
        try:
            async with asyncio.timeout(MOST_SILENT_S):
                chunk = await anext(stream, None)
        except TimeoutError as error:
            raise UploadBroken("nothing arrives any more") from error
        if chunk is None:
            return
        yield chunk


async def _pass_over(request: Request, most_bytes: int) -> None:
    """Receive the rest of a body, and drop it; at most so many bytes."""
    n_bytes = 0
    with suppress(RuntimeError, UploadBroken):  # it was received already; it stopped
        async for chunk in _chunks(request):
            n_bytes += len(chunk)
            if n_bytes > most_bytes:
                return


def come_in_anew(
    request: Request, app: Application, pages: Pages, source: Source, read: Callable[[str], object]
) -> Response:
    """Make an account, `read` music for its listener, sign this browser in, and show the recovery key."""
    listener_id = app.service.connect_listener(new_account(), source).listener_id
    key = app.recovery_keys.make(listener_id)
    read(listener_id)
    shown = page(pages.key(key, True), headers=own_headers(app.settings.secure_cookies))
    return begin_session(request, app, listener_id, shown)


def begin_session(request: Request, app: Application, listener_id: str, response: Response) -> Response:
    """Sign this browser in; always with a new session, and the one before ends."""
    app.sessions.end(session_token(request, app))
    lasts_s = int(MOST_LIFETIME.total_seconds())
    set_cookie(response, app, COOKIE, app.sessions.begin(listener_id), lasts_s)
    return response


def _owner(request: Request, app: Application) -> str | None:
    """The signed-in listener, if a recovery key signs in to their account."""
    listener_id = app.sessions.listener_of(session_token(request, app))
    return listener_id if listener_id and app.has_key(listener_id) else None


def form_route(path: str, method: str, handler: Handler, problem_path: str = "") -> Route:
    """A route of a form; errors redirect to a page that explains them, by default that of a form itself."""
    shown_at = problem_path or (path if method == "POST" and path in _WITH_PROBLEMS else "/")

    @wraps(handler)
    async def endpoint(request: Request) -> Response:
        form = await _form(request) if method == "POST" else {}
        return await run_in_threadpool(_answer, path, shown_at, lambda: handler(request, application(), form))

    return Route(path, endpoint, methods=[method])


def _answer(path: str, shown_at: str, handle: Callable[[], Response]) -> Response:
    """The response of a handler, or a redirect to a page that explains its error."""
    try:
        return handle()
    except EarshotError as error:
        log.info("%s ended with %s", path, type(error).__name__)
        return to_problem(shown_at, error)


async def _form(request: Request) -> Form:
    """Fields of a form without files; empty if it is too long, or no such form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_FORM_BYTES:
            return {}
    try:
        return dict(parse_qsl(body.decode("ascii"), max_num_fields=10))
    except ValueError:
        return {}
