"""Consent: what one listener may see of another.

| how they stand | shown, as far as the other shares it |
|---|---|
| strangers, or one has asked | alias, band, what speaks most for it |
| likewise | of the shared artists and tags, the few strong on both sides (`matcher.scoring.preview`) |
| likewise | about how many artists the other has, and whether they were here lately |
| connected | also percent with interval, parts, all that is shared, the link to the Spotify profile |
| likewise | how the other's music sounds on the whole, and how many more artists and tracks they have |
| likewise | of what the other shares: what one would like of it, tracks for playlists together |
| both connected with the one who looks | of two others in a group the band alone, connected or not |
| connected, and the other allows cards | alias and percent on a card for others to see; else only the band |
| hidden or paused, but has asked, or is connected | the alias, in the list of contacts; no match |
| hidden, paused, blocked (either way), erased | nothing: such a listener never gets this far |

What is switched off has no part in any of it: a listener is found, ranked and explained by the shown view
(`matcher.domain.shown`). `matcher.people.disclosure` shows a match by these rules. A percent, a score or a
part of one
never gets to a page before both have agreed: `SeenMatch`, the only thing pages get, refuses to hold them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal, NamedTuple

from matcher.domain.calibration import Percent
from matcher.domain.listening import Source
from matcher.errors import RequestDeclined

VERY_CLOSE_FROM = 90.0
CLOSE_FROM = 70.0


class Relation(StrEnum):
    """How two listeners stand to each other, from the side of one of them."""

    STRANGERS = "strangers"
    ASKED_BY_ME = "asked by me"
    ASKED_BY_THEM = "asked by them"
    CONNECTED = "connected"


DECLINED_FOR = timedelta(days=30)
"""A declined request is not sent again for so long."""
MOST_DECLINED = 2
"""So often declined, a request is never sent again: so nobody is asked more than twice against their will."""


def check_may_ask(n_declined: int, declined_at_utc: datetime | None, now: datetime) -> None:
    """Let nobody be asked again and again.

    Args:
        n_declined: how many requests the other has declined, since the two were last connected.
        declined_at_utc: when the last time; None if never.
        now: the time now.

    Raises:
        RequestDeclined: too lately, or too often.
    """
    if declined_at_utc is None or not n_declined:
        return
    if n_declined >= MOST_DECLINED:
        raise RequestDeclined("the other has declined twice")
    if now < declined_at_utc + DECLINED_FOR:
        raise RequestDeclined("the other has declined lately", declined_at_utc + DECLINED_FOR)


class Band(StrEnum):
    """How near somebody is, in a word: all that is told before both agree."""

    VERY_CLOSE = "very close"
    CLOSE = "close"
    NEAR = "near"


def band_of(percent: float) -> Band:
    """The band of a calibrated percent: very close from 90, close from 70, near below.

    At 90 %, nine in ten pairs this close were two halves of one person's listening; at 70 %, seven in ten.

    Args:
        percent: in [0, 100].
    """
    if percent >= VERY_CLOSE_FROM:
        return Band.VERY_CLOSE
    return Band.CLOSE if percent >= CLOSE_FROM else Band.NEAR


Switch = Literal["artists", "tracks", "tags", "profile_link", "cards"]
"""A field of `Sharing` that is turned by itself."""


@dataclass(frozen=True, slots=True)
class Sharing:
    """What a listener lets others find them by, and see.

    Attributes:
        artists: found by artists; a few strong ones are named to everybody, all to the connected.
        tracks: found by tracks, which are named to the connected alone; not without `artists`, as a track
            names its artist.
        tags: found by tags; named as artists are.
        profile_link: the link to the Spotify profile, to the connected.
        cards: alias and percent on cards that the connected draw, which anybody may then see; off until it
            is allowed.
        hidden_facets: facets by whose music nobody is found: what stands in these alone is kept back.
    """

    artists: bool = True
    tracks: bool = True
    tags: bool = True
    profile_link: bool = True
    cards: bool = False
    hidden_facets: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """How another listener stands to the one who looks, and what they allow.

    Attributes:
        listener_id: the other's id.
        alias: the name they are shown under.
        source: where their listening came from last.
        relation: from the side of the one who looks.
        sharing: what the other allows.
        profile_url: address of their Spotify profile; empty if unknown.
        active_at_utc: the day they were last here; None where that is not known.
        is_made_up: whether they are synthetic and nobody signs in as them: they agree to everything at once.
    """

    listener_id: str
    alias: str
    source: Source
    relation: Relation = Relation.STRANGERS
    sharing: Sharing = Sharing()
    profile_url: str = field(default="", repr=False)
    active_at_utc: datetime | None = field(default=None, repr=False)
    is_made_up: bool = False


class SeenItem(NamedTuple):
    """An artist, a track or a tag that both listen to. Thousands are made for one list, and a tuple is quick.

    Attributes:
        key: canonical key.
        name: as written by the one who looks.
        artist: for a track, its artist as written; empty otherwise.
        part: its part of the score; None before both agree.
    """

    key: str
    name: str
    artist: str = ""
    part: float | None = None


def about(n: int) -> int:
    """A count of the other's, >= 0, to the nearest ten, fives up: all that is told before both agree.

    To be made of what is kept of the other alone. Where it also depended on the one who looks, they could
    move it by what they leave out until it steps, and know the count.
    """
    return (n + 5) // 10 * 10


@dataclass(frozen=True, slots=True)
class SeenMatch:
    """What one listener may see of another who hears music the way they do.

    Attributes:
        listener_id: the other's id, to act on.
        alias: the name they are shown under.
        source: where their listening came from: pages label those who are not people.
        rank: from 1, without gaps.
        relation: from the side of the one who looks.
        band: how near, in a word.
        artists, tags: what both share and the other shows, the most telling first; before both agree, the few
            that are strong on both sides.
        tracks: likewise; empty before both agree.
        percent: with its interval; None before both agree.
        parts: parts of the score by component, which sum to it; None before both agree.
        profile_url: the other's Spotify profile; None before both agree, or where it is not shared.
        is_near_duplicate: whether it is nearly the same library as that of somebody who stands further up.
        is_double: whether it is nearly the same library as one's own.
        reasons: the components that speak most for the match, strongest first, at most three; without those
            of which nothing is shown.
        n_about: about how many artists the other shows, to the nearest ten; the same for everybody who looks.
            None where the other shares no artists, or their number is not known.
        n_more: how many of these are not shared, exactly; None before both agree.
        n_more_tracks: how many tracks of theirs are not shared; None before both agree.
        lately: whether they were here in the last thirty days; False also where that is not known.
        sounds: whether how their music sounds may be shown: to the connected, where nothing is kept back.
        cards: whether alias and percent may stand on a card for others: of the connected who allow it.
        is_made_up: whether nobody signs in as them, so that they say yes at once.

    Raises:
        ValueError: it holds what may not be told before both agree.
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

    def __post_init__(self) -> None:
        exact = self.percent is not None or self.parts is not None or self.profile_url is not None
        exact = exact or self.sounds or self.cards
        exact = exact or self.n_more is not None or self.n_more_tracks is not None
        weighed = any(item.part is not None for item in (*self.artists, *self.tags))
        if self.relation is not Relation.CONNECTED and (exact or weighed or self.tracks):
            raise ValueError("this may not be told before both agree")

    @property
    def score(self) -> float | None:
        """The score that the parts sum to, in (-1, 1); None before both agree."""
        return None if self.parts is None else math.fsum(self.parts.values())


def shows(other: Standing) -> Callable[[str, str], bool]:
    """What the one who looks may know the other to hear, as a test of a kind and a canonical key.

    The shown view (`matcher.domain.shown`) holds nothing that is switched off. This is looked at beside it,
    so that
    a list that was made a moment ago does not name what has been switched off since. Whoever shares no
    artists shares no tracks, as a track names its artist; and tracks are for the connected.

    Args:
        other: how the other stands to the one who looks, and what they allow.

    Returns:
        a function of the kind, "artists", "tracks" or "tags", and the key.
    """
    allowed = other.sharing
    kinds = {
        "artists": allowed.artists,
        "tracks": allowed.artists and allowed.tracks and other.relation is Relation.CONNECTED,
        "tags": allowed.tags,
    }
    return lambda kind, key: kinds[kind]
