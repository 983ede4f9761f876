"""Trips to the local Spotify and back, as browsers take them, over the real routes."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import requests

from wiring.bootstrap import Application
from wiring.signing_in.sessions import COOKIE


@dataclass
class Browser:
    """A browser with its cookies, on an Earshot and a local Spotify.

    Attributes:
        base: Earshot's address.
        spotify: the local Spotify's.
        app: what the process runs.
    """

    base: str
    spotify: str
    app: Application
    cookies: requests.Session = field(default_factory=requests.Session)

    def leave(self, **query: str) -> dict[str, str]:
        """Begin the trip; what Spotify is asked, or nothing where the browser stays here."""
        address = self.get("/login", **query)
        return dict(parse_qsl(urlsplit(address).query)) if address.startswith(self.spotify) else {}

    def agree(self, asked: dict[str, str], account: str) -> str:
        """Agree at Spotify as an account; the page of ours where that ends."""
        form = {**asked, "listener_id": account}
        answer = requests.post(self.spotify + "/authorize", data=form, allow_redirects=False, timeout=60)
        return self.get("/callback", **dict(parse_qsl(urlsplit(answer.headers["location"]).query)))

    def travel(self, account: str, **query: str) -> str:
        """The whole trip; the page of ours where it ends."""
        return self.agree(self.leave(**query), account)

    def get(self, path: str, **query: str) -> str:
        """Where a route leads."""
        answer = self.cookies.get(self.base + path, params=query, allow_redirects=False, timeout=60)
        return answer.headers["location"]

    @property
    def listener_id(self) -> str | None:
        """Who is signed in here."""
        return self.app.sessions.listener_of(self.cookies.cookies.get(COOKIE))

    @property
    def account(self) -> str:
        """The key of the account that is signed in here; empty for nobody's."""
        key = self.listener_id
        found = self.app.service.account_of(key) if key else None
        return found.key if found else ""
