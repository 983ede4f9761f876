"""Last.fm: listening by user name with the operator's API key, and a sign-in that proves whose a name is.

Its API: https://www.last.fm/api.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import requests

from matcher.domain.listening import Source
from matcher.errors import (
    NameIsPrivate,
    ServiceClosed,
    ServiceError,
    ServiceMalformed,
    ServiceUnreachable,
    TokenRefused,
    UnknownName,
)
from matcher.ports import Clock
from sources.scrobbles.calls import Pace, Politeness, ServiceCalls, Sleep, name_in
from sources.scrobbles.history import History, NamedListener, PageOfPlays, Played, Totals, next_before
from spotify_client.calls.budget import CallBudget
from spotify_client.parsing.fields import count, is_plain, mapping, rows, text

API_URL = "https://ws.audioscrobbler.com/2.0/"
MOST_PLAYS, MOST_RANKED = 200, 1000
"""Most plays, and most artists or tracks, of one answer."""
POLITENESS = Politeness(gap_s=0.25, default_wait_s=5.0)
"""Last.fm asks for no more than five calls a second, and says in no header when it refuses more."""
USER_AGENT = "Earshot/0.1 (listening by user name)"


@dataclass(frozen=True, slots=True)
class LastFmSettings:
    """Settings of Last.fm; key and secret are of the operator's API account, "" if there is none.

    Attributes:
        url: the API, with a trailing slash.
    """

    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    url: str = API_URL
    politeness: Politeness = field(default=POLITENESS)

    @property
    def sign_in_url(self) -> str:
        """The page that asks a listener for permission."""
        is_real = self.url == API_URL
        return "https://www.last.fm/api/auth/" if is_real else self.url.removesuffix("2.0/") + "api/auth/"


class LastFm:
    """Last.fm for all listeners. Thread-safe."""

    def __init__(self, settings: LastFmSettings, clock: Clock, sleep: Sleep) -> None:
        self.settings = settings
        self._pace = Pace(settings.politeness, clock, sleep)

    @property
    def is_open(self) -> bool:
        """Whether the operator has an API key."""
        return bool(self.settings.key)

    @property
    def can_sign_in(self) -> bool:
        """Whether a name can be proven: that needs the shared secret as well."""
        return bool(self.settings.key and self.settings.secret)

    @property
    def source(self) -> Source:
        return Source.LASTFM

    def named(self, name: str) -> NamedListener:
        """Listening of a user name, or of the name in a profile's address; nothing is asked yet.

        Raises:
            UnknownName: it can be no name.
            ServiceClosed: the operator has no API key.
        """
        if not self.is_open:
            raise ServiceClosed("there is no API key of Last.fm")
        if not (found := name_in(name)):
            raise UnknownName("this is no name of Last.fm")
        return NamedListener(self, found)

    def sign_in_address(self, callback: str) -> str:
        """Where to send a browser; it comes back to `callback` with a `token`.

        Raises:
            ServiceClosed: the operator has no API key with its secret.
        """
        if not self.can_sign_in:
            raise ServiceClosed("there is no API key of Last.fm, or no secret")
        query = urlencode({"api_key": self.settings.key, "cb": callback})
        return f"{self.settings.sign_in_url}?{query}"

    def owner_of(self, token: str) -> str:
        """The user name that a sign-in's token stands for; a token can be used once.

        Raises:
            TokenRefused: it is unknown, too old, or used.
            ServiceClosed: the operator has no API key with its secret, or Last.fm refuses it.
            ServiceError: Last.fm did not say.
        """
        if not self.can_sign_in:
            raise ServiceClosed("there is no API key of Last.fm, or no secret")
        if not is_plain(token):
            raise TokenRefused("this is no token of Last.fm")
        with self.calls() as calls:
            params = {"method": "auth.getSession", "api_key": self.settings.key, "token": token}
            signed = params | {"api_sig": signature_of(params, self.settings.secret), "format": "json"}
            session = mapping(mapping(calls.get(self.settings.url, signed)).get("session"))
        # the session's key, which could write, is dropped: the name is all that is wanted
        if not (name := name_in(text(session.get("name")))):
            raise ServiceMalformed("Last.fm named nobody")
        return name

    def calls(self) -> ServiceCalls:
        return ServiceCalls(self._pace, self.settings.politeness, _translate, USER_AGENT)

    def history(self, name: str, calls: ServiceCalls) -> History:
        """The history of a user name, read by these calls."""
        return _LastFmHistory(self.settings, name, calls)


def signature_of(params: Mapping[str, str], secret: str) -> str:
    """Last.fm's `api_sig`: MD5 of names and values in the order of names, and the secret."""
    words = "".join(name + value for name, value in sorted(params.items()))
    return hashlib.md5((words + secret).encode(), usedforsecurity=False).hexdigest()


_MEANINGS: Mapping[int, type[ServiceError]] = {
    4: TokenRefused,
    6: UnknownName,
    8: ServiceUnreachable,
    9: TokenRefused,
    10: ServiceClosed,
    11: ServiceUnreachable,
    13: ServiceClosed,
    14: TokenRefused,
    15: TokenRefused,
    16: ServiceUnreachable,
    17: NameIsPrivate,
    26: ServiceClosed,
}
"""https://www.last.fm/api/errorcodes"""


def _translate(_: requests.Response, body: object) -> None:
    given = mapping(body).get("error")
    code = count(given)
    if code is not None and (error := _MEANINGS.get(code)):
        raise error(f"Last.fm refuses (error {code})")
    if given is not None:
        raise ServiceMalformed("Last.fm gave an error that its API does not promise")


@dataclass(frozen=True, slots=True)
class _LastFmHistory:
    settings: LastFmSettings
    name: str
    calls: ServiceCalls

    @property
    def source(self) -> Source:
        return Source.LASTFM

    @property
    def budget(self) -> CallBudget:
        return self.calls.budget

    def totals(self) -> Totals:
        # charts stay public where plays are hidden: who hides their plays is asked for nothing else
        recent = mapping(self._call("user.getRecentTracks", {"limit": "1"}).get("recenttracks"))
        n_plays = _whole(mapping(recent.get("@attr")).get("total"))
        if not n_plays:
            return Totals()
        return Totals(n_plays, self._top("artist"), self._top("track"))

    def page(self, before: int | None) -> PageOfPlays:
        params = {"limit": str(MOST_PLAYS)} | ({} if before is None else {"to": str(before)})
        recent = mapping(self._call("user.getRecentTracks", params).get("recenttracks"))
        plays = [play for play in map(_play_of, _listed(recent.get("track"))) if play]
        n_pages = _whole(mapping(recent.get("@attr")).get("totalPages"))
        times = [play.at_s for play in plays if play.at_s is not None]
        if not times or n_pages <= 1:
            return PageOfPlays(plays, None)
        return PageOfPlays(plays, next_before(times, before))

    def _top(self, kind: str) -> list[Played]:
        params = {"period": "overall", "limit": str(MOST_RANKED)}
        top = mapping(self._call(f"user.getTop{kind.title()}s", params).get(f"top{kind}s"))
        found = []
        for row in map(mapping, _listed(top.get(kind))):
            name, n = text(row.get("name")), _whole(row.get("playcount"))
            artist = _name_of(row.get("artist")) if kind == "track" else name
            if artist and name and n:
                found.append(Played(artist, name if kind == "track" else "", n=n))
        return found

    def _call(self, method: str, params: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        always = {"method": method, "user": self.name, "api_key": self.settings.key, "format": "json"}
        return mapping(self.calls.get(self.settings.url, always | dict(params or {})))


def _play_of(value: object) -> Played | None:
    """A play in an answer; None for what is playing now, and without artist or title."""
    row = mapping(value)
    artist, title = _name_of(row.get("artist")), text(row.get("name"))
    at_s = _whole(mapping(row.get("date")).get("uts"))
    return Played(artist, title, text(row.get("mbid")), at_s) if artist and title and at_s else None


def _name_of(artist: object) -> str:
    """The name of an artist, which stands in `name` or in `#text`."""
    return text(artist) or text(mapping(artist).get("name")) or text(mapping(artist).get("#text"))


def _listed(value: object) -> list[object]:
    """Rows; of a single one, Last.fm makes no list."""
    return [value] if isinstance(value, dict) else rows(value)


def _whole(value: object) -> int:
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else 0
