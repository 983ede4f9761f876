"""Web API client over spotipy; all calls go through it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import requests
import spotipy

from matcher.errors import SpotifyMalformed, SpotifyUnreachable
from spotify_client.calls.api_errors import Refusal, Refused, error_for, too_many_calls
from spotify_client.calls.budget import CallBudget
from spotify_client.calls.cooldown import Gate
from spotify_client.calls.http_session import ApiSession
from spotify_client.calls.log_redaction import redact_logs
from spotify_client.settings import SpotifySettings

PAGE = 50
"""Rows per page, Spotify's maximum."""
_HITS = 5
_LONGEST_WORDS = 100
RANGES = ("short_term", "medium_term", "long_term")
"""Time ranges of the top lists: about four weeks, six months, a year."""

Renew = Callable[[str], str]
"""Takes the rejected token, returns a new one; may raise GrantRevoked."""


@dataclass(slots=True)
class _Tries:
    renewals: int = 0
    repeats: int = 0
    waits: int = 0


class SpotifyClient:
    """Calls the Web API for one listener; returns raw JSON (see `parse`). Thread-safe.

    Each method raises what `call` raises.
    """

    def __init__(
        self, settings: SpotifySettings, token: str, renew: Renew, gate: Gate, budget: CallBudget
    ) -> None:
        redact_logs()
        self.budget = budget
        self._settings, self._gate = settings, gate
        self._token, self._renew = token, renew
        self._session = ApiSession(settings.api_url)
        # Our own session: spotipy's would sleep for hours on a 429, and lose Retry-After. No auth_manager:
        # without a valid token it would open a browser and a port inside the server.
        self._spotipy = spotipy.Spotify(
            auth=token, requests_session=self._session, requests_timeout=settings.timeout_s
        )
        self._spotipy.prefix = settings.api_url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def me(self) -> object:
        return self.call(lambda api: api.current_user())

    def top_artists(self, time_range: str) -> object:
        """First page of the top artists over one of `RANGES`."""
        return self.call(lambda api: api.current_user_top_artists(limit=PAGE, time_range=time_range))

    def top_tracks(self, time_range: str) -> object:
        """First page of the top tracks over one of `RANGES`."""
        return self.call(lambda api: api.current_user_top_tracks(limit=PAGE, time_range=time_range))

    def saved_tracks(self) -> object:
        """First page of saved tracks, newest first."""
        return self.call(lambda api: api.current_user_saved_tracks(limit=PAGE))

    def saved_albums(self) -> object:
        """First page of saved albums, newest first."""
        return self.call(lambda api: api.current_user_saved_albums(limit=PAGE))

    def followed_artists(self) -> object:
        """First page of followed artists; see `parse.followed_of`."""
        return self.call(lambda api: api.current_user_followed_artists(limit=PAGE))

    def recently_played(self) -> object:
        """The last plays, at most 50."""
        return self.call(lambda api: api.current_user_recently_played(limit=PAGE))

    def playlists(self) -> object:
        return self.call(lambda api: api.current_user_playlists(limit=PAGE))

    def playlist_items(self, playlist_id: str) -> object:
        return self.call(lambda api: api.playlist_items(playlist_id, limit=PAGE))

    def following(self, next_url: str) -> object:
        """The page at a `next` address."""
        # the token is sent along, so the address must lie inside the API
        self._session.check(next_url)
        return self.call(lambda api: api.next({"next": next_url}))

    def find_track(self, title: str, artist: str) -> object:
        """Search tracks by title and artist."""
        words = f'track:"{_quotable(title)}" artist:"{_quotable(artist)}"'
        return self.call(lambda api: api.search(words, limit=_HITS, type="track"))

    def create_playlist(self, name: str, description: str) -> object:
        """Create a private playlist."""
        return self.call(
            lambda api: api.current_user_playlist_create(name, public=False, description=description),
            # after a lost response, a retry would create a second playlist
            repeatable=False,
        )

    def add_tracks(self, playlist_id: str, track_ids: Sequence[str]) -> object:
        """Append at most 100 tracks to a playlist; retried as `create_playlist`."""
        uris = [f"spotify:track:{one}" for one in track_ids]
        path = f"playlists/{playlist_id}/items"
        # spotipy's method sends an array; the API documents an object
        return self.call(lambda api: api._post(path, payload={"uris": uris}), repeatable=False)

    def library_holds(self, playlist_id: str) -> object:
        """Whether a playlist is in the listener's library: `[true]` or `[false]`."""
        # spotipy has no method for this
        uri = f"spotify:playlist:{playlist_id}"
        return self.call(lambda api: api._get("me/library/contains", uris=uri))

    def audio_features(self, track_ids: list[str]) -> object:
        """Audio features of at most 100 tracks; closed to most apps."""
        # spotipy's method adds a DeprecationWarning to our log
        return self.call(lambda api: api._get("audio-features/?ids=" + ",".join(track_ids)))

    def call(self, request: Callable[[Any], object], repeatable: bool = True) -> object:
        """Make one call, with retries.

        Retried: a 401 once with a renewed token, a 5xx or a lost connection once, and a 429 up to `max_waits`
        times if `Retry-After` is at most `max_wait_s`.

        Args:
            request: makes the call on the given spotipy client.
            repeatable: whether the call is safe to repeat. If not, a 5xx or a lost connection is raised at
                once; a 401 and a 429 are retried, because nothing was done.

        Raises:
            BudgetSpent: no call is left.
            GrantRevoked: the renewed token was rejected, or there is no grant.
            RateLimited: a 429 beyond the waits above, or the app is in its cooldown.
            QuotaExceeded: the same, for the quota.
            SpotifyForbidden: a 403, as the subclass for its message, or a 404.
            SpotifyUnreachable: no response, or a 5xx, twice.
            SpotifyMalformed: the response is not JSON, or points outside the API.
        """
        self._gate.enter()
        tries = _Tries(repeats=0 if repeatable else 1)
        while True:
            self.budget.spend()
            token = self._token
            try:
                return self._answer(request)
            except Refused as refused:
                self._recover(refused.refusal, tries, token)
            except requests.RequestException as error:
                tries.repeats += 1
                if tries.repeats > 1:
                    raise SpotifyUnreachable("Spotify did not answer") from error

    def _answer(self, request: Callable[[Any], object]) -> object:
        try:
            answer = request(self._spotipy)
        except spotipy.SpotifyException as error:
            raise SpotifyMalformed("the call is none that the API knows") from error
        except RecursionError as error:
            raise SpotifyMalformed("Spotify's answer is nested too deeply") from error
        if answer is None:
            raise SpotifyMalformed("Spotify's answer is no JSON")
        return answer

    def _recover(self, refusal: Refusal, tries: _Tries, token: str) -> None:
        if refusal.status == requests.codes.too_many_requests:
            self._wait(refusal, tries)
        elif refusal.is_about_the_app:  # another token, or another try, changes nothing
            raise error_for(refusal)
        elif refusal.status == requests.codes.unauthorized and not tries.renewals:
            tries.renewals += 1
            self._take_token(self._renew(token))
        elif refusal.status >= requests.codes.internal_server_error and not tries.repeats:
            tries.repeats += 1
        else:
            raise error_for(refusal)

    def _take_token(self, token: str) -> None:
        self._spotipy.set_auth(token)
        self._token = token

    def _wait(self, refusal: Refusal, tries: _Tries) -> None:
        wait_s = refusal.wait_s(self._gate.now())
        retry_at_utc = self._gate.close(wait_s, refusal.is_quota)
        tries.waits += 1
        short = wait_s <= self._settings.max_wait_s and not refusal.is_quota
        if not short or tries.waits > self._settings.max_waits:
            raise too_many_calls(refusal.is_quota, retry_at_utc)
        self._gate.wait(wait_s)


def _quotable(text: str) -> str:
    """Search text without quotes, cut to `_LONGEST_WORDS`."""
    return " ".join(text.replace('"', " ").split())[:_LONGEST_WORDS]
