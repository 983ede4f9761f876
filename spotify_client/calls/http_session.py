"""HTTP session for spotipy."""

from typing import Any

import requests

from matcher.errors import SpotifyMalformed
from spotify_client.calls.api_errors import Refused, refusal_of


class ApiSession(requests.Session):
    """Sends to the API only, without redirects and without retries of its own.

    Every response but a 2xx raises `Refused` before spotipy sees it: spotipy logs the message, and fails on
    bodies that are not JSON objects.
    """

    def __init__(self, api_url: str) -> None:
        super().__init__()
        self._api_url = api_url
        self.auth = _as_it_is

    def check(self, url: str | bytes) -> None:
        """Check that an address lies inside the API.

        Raises:
            SpotifyMalformed: it does not.
        """
        # safe without parsing, on which libraries differ: the API's address ends with a slash
        if not str(url).startswith(self._api_url):
            raise SpotifyMalformed("Spotify pointed to an address outside its API")

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request.

        Raises:
            SpotifyMalformed: `url` lies outside the API; nothing was sent.
            Refused: the response is not a success.
            requests.RequestException: there is no response.
        """
        self.check(url)
        response = super().request(method, url, *args, **kwargs | {"allow_redirects": False})
        if response.status_code // 100 != 2:
            path = str(url).removeprefix(self._api_url).partition("?")[0]
            raise Refused(refusal_of(response, path))
        return response


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Auth hook: keeps requests from replacing the bearer token by a `.netrc` entry."""
    return request
