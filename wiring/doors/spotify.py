"""The door of Spotify for who came without it: Spotify is connected to the account that is signed in."""

import hmac
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from wiring.bootstrap import Application
from wiring.doors.forms import Form, form_route
from wiring.doors.web import CONNECT, leave, session_token, to_page
from wiring.gateway.headers import leading_headers
from wiring.gateway.pages import Pages, page
from wiring.signing_in.sessions import connect_token
from wiring.spotify import spotify_settings

BACK = "/taste"
"""Page of the sources, which tells what went wrong."""


def spotify_routes(pages: Pages) -> list[Route]:
    """The routes of the door; `pages` makes what they show."""
    door = SpotifyDoor(pages)
    return [form_route(CONNECT, "GET", door.ask, BACK), form_route(CONNECT, "POST", door.leave, BACK)]


class SpotifyDoor:
    """What the routes do; each on a worker thread."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def ask(self, request: Request, app: Application, _: Form) -> Response:
        """The page that asks whether to connect Spotify."""
        if _without_spotify(request, app) is None:
            return to_page()
        shown = self._pages.connect(connect_token(session_token(request, app)))
        # browsers hold the redirect that answers a form to the form's policy
        spotify = urlsplit(spotify_settings(app.settings).accounts_url)
        headers = leading_headers(f"{spotify.scheme}://{spotify.netloc}", app.settings.secure_cookies)
        return page(shown, headers=headers)

    def leave(self, request: Request, app: Application, form: Form) -> Response:
        """Go to Spotify, and come back for the listener who is signed in."""
        listener_id, token = _without_spotify(request, app), session_token(request, app)
        proof = form.get("token", "").encode("utf-8", "replace")
        if listener_id is None or not hmac.compare_digest(proof, connect_token(token).encode()):
            return to_page()
        return leave(request, app, listener_id, BACK, connects=True)


def _without_spotify(request: Request, app: Application) -> str | None:
    """The signed-in listener, if Spotify can be connected to their account."""
    listener_id = app.sessions.listener_of(session_token(request, app))
    if listener_id is None or not app.settings.spotify or app.has_spotify(listener_id):
        return None
    return listener_id
