"""Consent: what one listener may see of another.

| relation | visible, as far as the other shares it |
|---|---|
| strangers, or a request is open | alias, band, strongest components |
| | shared artists and tags that are strong on both sides (`matcher.scoring.preview`) |
| | number of artists to the nearest ten; whether active in the last thirty days |
| connected | also percent with interval, components, all shared items, link to the Spotify profile |
| | what each shared item adds; artists of both that lie near each other, shared or not |
| | how the music sounds; exact numbers of artists and tracks that are not shared |
| | recommendations from the other's music, tracks for joint playlists |
| both connected with the viewer, in a group | only the band between the two, connected or not |
| connected, and the other allows cards | alias and percent on a card for others; else only the band |
| hidden or paused, but connected or asking | alias in the list of contacts; no match |
| hidden, paused, blocked (either way), erased | nothing: removed before these rules apply |

Search, ranking and explanation use the shown view (`matcher.domain.shown`), which lacks what is switched
off. `matcher.people.disclosure` applies these rules. Pages get only a `SeenMatch`, which rejects percent and
components unless both are connected.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from matcher.domain.calibration import Band, Percent
from matcher.domain.listening import Source
from matcher.errors import RequestDeclined


class Relation(StrEnum):
    """Relation of two listeners, from the viewpoint of one of them."""

    STRANGERS = "strangers"
    ASKED_BY_ME = "asked by me"
    ASKED_BY_THEM = "asked by them"
    CONNECTED = "connected"


DECLINED_FOR = timedelta(days=30)  # a declined request is blocked for this time
MOST_DECLINED = 2  # declined requests after which none can be sent again


def check_may_ask(n_declined: int, declined_at_utc: datetime | None, now: datetime) -> None:
    """Limit repeated requests to connect.

    `n_declined` counts the requests declined since the two were last connected.

    Raises:
        RequestDeclined: declined too recently or too often.
    """
    if declined_at_utc is None or not n_declined:
        return
    if n_declined >= MOST_DECLINED:
        raise RequestDeclined("the other has declined twice")
    if now < declined_at_utc + DECLINED_FOR:
        raise RequestDeclined("the other has declined lately", declined_at_utc + DECLINED_FOR)


def is_open_data(source: Source, has_signed_in: bool) -> bool:
    """Whether a listener is known from open data only: not here, so that nobody can ask them anything."""
    return source is Source.LISTENBRAINZ and not has_signed_in


Switch = Literal["artists", "tracks", "tags", "profile_link", "cards"]
"""A field of `Sharing` with its own switch."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a listener shares: used to find them, and visible to others.

    Attributes:
        artists: a few strong ones are named to everyone, all to connected listeners.
        tracks: named to connected listeners only; requires `artists`, as a track names its artist.
        tags: named as artists are.
        profile_link: link to the Spotify profile, for connected listeners.
        cards: alias and percent on cards that connected listeners may publish; off by default.
        hidden_facets: facets whose items are hidden unless another facet has them too.
    """

    artists: bool = True
    tracks: bool = True
    tags: bool = True
    profile_link: bool = True
    cards: bool = False
    hidden_facets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """Relation of another listener to the viewer, and what they share.

    Attributes:
        source: latest origin of their listening.
        active_at_utc: day of their last visit; None if unknown.
        is_made_up: synthetic, without a person behind it; accepts every request at once.
        is_open_data: see the function of this name.
    """

    listener_id: str
    alias: str
    source: Source
    relation: Relation = Relation.STRANGERS
    sharing: Sharing = Sharing()
    profile_url: str = field(default="", repr=False)
    active_at_utc: datetime | None = field(default=None, repr=False)
    is_made_up: bool = False
    is_open_data: bool = False


class SeenItem(NamedTuple):
    """A shared artist, track or tag. A tuple for speed: one list holds thousands.

    Attributes:
        name, artist: as the viewer's library writes them; `artist` for tracks only.
    """

    key: str
    name: str
    artist: str = ""


def about(n: int) -> int:
    """Round a count of the other's items to the nearest ten, half up.

    Pass only counts that do not depend on the viewer. Otherwise the viewer could vary their exclusions until
    the result steps, and derive the exact count.
    """
    return (n + 5) // 10 * 10


@dataclass(frozen=True, slots=True)
class SeenMatch:
    """What a listener may see of a match. "Connected": both have agreed.

    Attributes:
        source: origin of their listening: pages label synthetic listeners.
        rank: from 1, without gaps.
        artists, tags: shared items that the other shows, strongest first; unless connected, only
            those that are strong on both sides.
        tracks: shared tracks; empty unless connected.
        percent: None unless connected.
        parts: contribution to the score by component; None unless connected.
        profile_url: the other's Spotify profile; None unless connected, or if not shared.
        is_near_duplicate: nearly the same library as a match higher in the list.
        is_double: nearly the same library as the viewer's own.
        reasons: at most three visible components, highest contribution first.
        n_about: number of artists that the other shows, to the nearest ten, the same for every viewer; None
            if artists are not shared or their number is unknown.
        n_more, n_more_tracks: exact number of their artists and tracks that are not in common; None unless
            connected.
        lately: active in the last thirty days; False if unknown.
        sounds: whether to show how their music sounds: connected, and nothing hidden.
        cards: whether a card may show alias and percent: connected, and allowed by the other.
        is_made_up, is_open_data: as in `Standing`.

    Raises:
        ValueError: it contains something that requires a connection.
    """

    listener_id: str
    alias: str
    source: Source
    rank: int
    relation: Relation
    band: Band
    artists: tuple[SeenItem, ...] = ()
    tags: tuple[SeenItem, ...] = ()
    tracks: tuple[SeenItem, ...] = ()
    percent: Percent | None = None
    parts: Mapping[str, float] | None = None
    profile_url: str | None = None
    is_near_duplicate: bool = False
    is_double: bool = False
    reasons: tuple[str, ...] = ()
    n_about: int | None = None
    n_more: int | None = None
    n_more_tracks: int | None = None
    lately: bool = False
    sounds: bool = False
    cards: bool = False
    is_made_up: bool = False
    is_open_data: bool = False

    def __post_init__(self) -> None:
        exact = self.percent is not None or self.parts is not None or self.profile_url is not None
        exact = exact or self.sounds or self.cards
        exact = exact or self.n_more is not None or self.n_more_tracks is not None
        if self.relation is not Relation.CONNECTED and (exact or self.tracks):
            raise ValueError("this may not be told before both agree")

    @property
    def n_new(self) -> int | None:
        """Artists that the viewer would not know yet: exact once connected, else rounded and at most so many.

        Before both agree it follows from `n_about` and `artists` alone: what else the two share must not move
        it, or the viewer could try artists one by one. None if it cannot be told.
        """
        if self.n_more is not None or self.n_about is None:
            return self.n_more
        return about(max(self.n_about - len(self.artists), 0))

    @property
    def score(self) -> float | None:
        """Sum of `parts`: the likeness; None before both agree."""
        return None if self.parts is None else math.fsum(self.parts.values())


def shows(other: Standing) -> Callable[[str, str], bool]:
    """Test by kind ("artists", "tracks" or "tags") and canonical key: is it visible?

    Repeats the filter of the shown view (`matcher.domain.shown`) with the current switches: a list may be
    older than the last change. Tracks need a connection, and also `artists`, as a track names its artist.
    """
    allowed = other.sharing
    kinds = {
        "artists": allowed.artists,
        "tracks": allowed.artists and allowed.tracks and other.relation is Relation.CONNECTED,
        "tags": allowed.tags,
    }
    return lambda kind, key: kinds[kind]
