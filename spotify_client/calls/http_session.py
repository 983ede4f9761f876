"""The HTTP session handed to spotipy."""

from typing import Any

import requests

from matcher.errors import SpotifyMalformed
from spotify_client.calls.api_errors import Refused, refusal_of


class ApiSession(requests.Session):
    """Sends to the API and nowhere else, follows no redirect, and never retries by itself.

    Everything but a 2xx leaves as `Refused`, before spotipy looks at it: spotipy would log the words of the
    answer, and falls over a body that is no JSON object.
    """

    def __init__(self, api_url: str) -> None:
        super().__init__()
        self._api_url = api_url
        self.auth = _as_it_is

    def check(self, url: str | bytes) -> None:
        """Make sure that an address lies inside the API.

        Comparing its beginning needs no parsing, over which libraries differ: the API's address ends with
        the slash behind the host.

        Raises:
            SpotifyMalformed: it does not.
        """
        if not str(url).startswith(self._api_url):
            raise SpotifyMalformed("Spotify pointed to an address outside its API")

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request.

        Raises:
            SpotifyMalformed: `url` lies outside the API; nothing was sent.
            Refused: the answer is not a success.
            requests.RequestException: there is no answer.
        """
        self.check(url)
        response = super().request(method, url, *args, **kwargs | {"allow_redirects": False})
        if response.status_code // 100 != 2:
            path = str(url).removeprefix(self._api_url).partition("?")[0]
            raise Refused(refusal_of(response, path))
        return response


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from putting a `.netrc` entry in place of the bearer token."""
    return request
