"""ListenBrainz: listening by user name, and whose a token is.

Its API: https://listenbrainz.readthedocs.io/en/latest/users/api/. Listens are public, and CC0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests

from matcher.domain.listening import Source
from matcher.errors import ServiceMalformed, TokenRefused, UnknownName
from matcher.ports import Clock
from sources.scrobbles.calls import Pace, Politeness, ServiceCalls, Sleep, name_in
from sources.scrobbles.history import History, NamedListener, PageOfPlays, Played, Totals, next_before
from spotify_client.calls.budget import CallBudget
from spotify_client.parsing.fields import count, is_plain, mapping, rows, text

MOST_LISTENS, MOST_RANKED = 1000, 1000
"""Most listens, and most artists or recordings, of one answer."""
USER_AGENT = "Earshot/0.1 (listening by user name)"


class ListenBrainz:
    """ListenBrainz for all listeners. Thread-safe.

    Attributes:
        url: the API's root, without a trailing slash.
    """

    def __init__(self, url: str, clock: Clock, sleep: Sleep, politeness: Politeness | None = None) -> None:
        self.url = url
        self._politeness = politeness or Politeness()
        self._pace = Pace(self._politeness, clock, sleep)

    @property
    def source(self) -> Source:
        return Source.LISTENBRAINZ

    def named(self, name: str) -> NamedListener:
        """Listening of a user name, or of the name in a profile's address; nothing is asked yet.

        Raises:
            UnknownName: it can be no name.
        """
        if not (found := name_in(name)):
            raise UnknownName("this is no name of ListenBrainz")
        return NamedListener(self, found)

    def owner_of(self, token: str) -> str:
        """The user name whose token this is: who has it is that user.

        Raises:
            TokenRefused: it is nobody's.
            ServiceError: ListenBrainz did not say.
        """
        if not is_plain(token):
            raise TokenRefused("this is no token of ListenBrainz")
        with self.calls() as calls:
            headers = {"Authorization": f"Token {token}"}
            answer = mapping(calls.get(f"{self.url}/1/validate-token", {}, headers))
        if answer.get("valid") is not True:
            raise TokenRefused("ListenBrainz does not know this token")
        if not (name := name_in(text(answer.get("user_name")))):
            raise ServiceMalformed("ListenBrainz named nobody")
        return name

    def calls(self) -> ServiceCalls:
        return ServiceCalls(self._pace, self._politeness, _translate, USER_AGENT)

    def history(self, name: str, calls: ServiceCalls) -> History:
        """The history of a user name, read by these calls."""
        return _ListenBrainzHistory(self.url, name, calls)


@dataclass(frozen=True, slots=True)
class _ListenBrainzHistory:
    url: str
    name: str
    calls: ServiceCalls

    @property
    def source(self) -> Source:
        return Source.LISTENBRAINZ

    @property
    def budget(self) -> CallBudget:
        return self.calls.budget

    def totals(self) -> Totals:
        n_plays = count(self._payload(f"user/{self._path}/listen-count").get("count")) or 0
        if not n_plays:
            return Totals()
        return Totals(n_plays, self._top("artists", "artist_name"), self._top("recordings", "track_name"))

    def page(self, before: int | None) -> PageOfPlays:
        params = {"count": str(MOST_LISTENS)} | ({} if before is None else {"max_ts": str(before)})
        payload = self._payload(f"user/{self._path}/listens", params)
        plays = [play for play in map(play_of, rows(payload.get("listens"))) if play]
        times = [play.at_s for play in plays if play.at_s is not None]
        oldest = count(payload.get("oldest_listen_ts")) or 0
        if not times or min(times) <= oldest:
            return PageOfPlays(plays, None)
        return PageOfPlays(plays, next_before(times, before))

    @property
    def _path(self) -> str:
        return quote(self.name, safe="")

    def _top(self, kind: str, title: str) -> list[Played]:
        params = {"range": "all_time", "count": str(MOST_RANKED)}
        payload = self._payload(f"stats/user/{self._path}/{kind}", params)
        found = []
        for row in map(mapping, rows(payload.get(kind))):
            artist, n = text(row.get("artist_name")), count(row.get("listen_count")) or 0
            if artist and n:
                is_track = kind == "recordings"
                artist = _first_artist(artist, {}, row)  # a recording's credit has its artists beside it
                recording_id = text(row.get("recording_mbid")) if is_track else ""
                found.append(Played(artist, text(row.get(title)) if is_track else "", recording_id, n=n))
        return found

    def _payload(self, path: str, params: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        return mapping(mapping(self.calls.get(f"{self.url}/1/{path}", params or {})).get("payload"))


def play_of(listen: object) -> Played | None:
    """The play in a listen, of the API, an export or a dump; None without artist or title."""
    row = mapping(listen)
    metadata = mapping(row.get("track_metadata"))
    info, mapped = mapping(metadata.get("additional_info")), mapping(metadata.get("mbid_mapping"))
    credit, title = text(metadata.get("artist_name")), text(metadata.get("track_name"))
    if not (credit and title):
        return None
    recording_id = text(info.get("recording_mbid")) or text(mapped.get("recording_mbid"))
    artist = _first_artist(credit, info, mapped)
    # an export has it in the metadata
    message_id = text(row.get("recording_msid")) or text(metadata.get("recording_msid"))
    return Played(artist, title, recording_id, _seconds(row), message_id=message_id)


def _first_artist(credit: str, info: Mapping[str, Any], mapped: Mapping[str, Any]) -> str:
    """The first of several artists, if the client or MusicBrainz says where it ends; else all."""
    names = [text(name) for name in rows(info.get("artist_names"))[:1]]
    names += [text(mapping(one).get("artist_credit_name")) for one in rows(mapped.get("artists"))[:1]]
    start = credit.casefold()
    return next((name for name in names if name and start.startswith(name.casefold())), credit)


def _seconds(row: Mapping[str, Any]) -> int | None:
    value = row.get("listened_at", row.get("timestamp"))
    return int(value) if isinstance(value, int | float) and 0 <= value < 1 << 40 else None


def _translate(response: requests.Response, _: object) -> None:
    if response.status_code == requests.codes.not_found:
        raise UnknownName("ListenBrainz has nobody of this name")
    if response.status_code == requests.codes.unauthorized:
        raise TokenRefused("ListenBrainz refuses the token")
