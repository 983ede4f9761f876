"""Joint playlist for two to ten listeners, with the owners of each track.

On offer are the tracks that each member hears most and shows. A member's liking is between ½ and 1 for own
tracks, by rank of plays, and between 0 and ½ for others' tracks, by rank of appeal
(`matcher.groups.discovery`). The playlist is a fair choice of them (`matcher.groups.fair_choice`), with the
tracks of each owner spread evenly.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.canonical_keys import artist_of
from matcher.domain.playlist import JointTrack
from matcher.groups.access import Allowed
from matcher.groups.discovery import (
    ItemSpace,
    Taste,
    appeal,
    artist_name,
    everything,
    item_affinity,
    rarity,
    strongest,
)
from matcher.groups.fair_choice import choose_fairly, satisfaction
from matcher.scoring.audio_similarity import Doubles
from matcher.scoring.overlap import ItemFrequencies

MOST_EACH = 60  # tracks offered by each member, strongest first; shared tracks come in addition
MOST_BY_ARTIST = 2
TRACKS = 30


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """Tracks on offer for a joint playlist, sorted by key.

    Attributes:
        owners: of each track, indices of its members, rising.
        liking: [n_members, n_tracks] float64 in [0, 1].
    """

    keys: tuple[str, ...]
    owners: tuple[tuple[int, ...], ...]
    liking: Doubles


@dataclass(frozen=True, slots=True)
class FairPlaylist:
    """A joint playlist with the satisfaction of each member.

    Attributes:
        tracks: in playing order.
        satisfaction: by listener id, in [0, 1]: liking of the playlist relative to the member's best one of
            that length.
    """

    tracks: tuple[JointTrack, ...]
    satisfaction: Mapping[str, float]


def fair_playlist(
    members: Sequence[Taste],
    space: ItemSpace,
    frequencies: ItemFrequencies,
    n_tracks: int = TRACKS,
    allowed: Allowed = everything,
) -> FairPlaylist:
    """Make the playlist that satisfies its least satisfied member most.

    Deterministic; the order of `members` (two or more) only breaks ties. `allowed` says which tracks may be
    seen. There are fewer than `n_tracks` tracks if no more are on offer.
    """
    offer = offer_of(members, space, frequencies, allowed)
    artists = [_artist(members[owners[0]], key) for key, owners in zip(offer.keys, offer.owners, strict=True)]
    chosen = choose_fairly(offer.liking, n_tracks, artists, MOST_BY_ARTIST)
    satisfied = satisfaction(offer.liking, chosen, len(chosen)).tolist()
    return FairPlaylist(
        tracks=tuple(_track(members, offer, column) for column in _spread(offer, chosen.tolist())),
        satisfaction={one.listener_id: share for one, share in zip(members, satisfied, strict=True)},
    )


def offer_of(
    members: Sequence[Taste], space: ItemSpace, frequencies: ItemFrequencies, allowed: Allowed = everything
) -> Offer:
    """Tracks on offer, their owners, and each member's liking."""
    owners = _owners(members, allowed)
    keys = tuple(sorted(owners))
    offer = tuple(owners[key] for key in keys)
    rows = [_liking(members, place, keys, offer, space, frequencies) for place in range(len(members))]
    return Offer(keys, offer, np.array(rows).reshape(len(members), len(keys)))


def _owners(members: Sequence[Taste], allowed: Allowed) -> dict[str, tuple[int, ...]]:
    """Indices of the members who show a track, for each offered track."""
    shown = [
        {key for key in one.profile.tracks if allowed(one.listener_id, "tracks", key)} for one in members
    ]
    counts: dict[str, int] = {}
    for keys in shown:
        for key in keys:
            counts[key] = counts.get(key, 0) + 1
    offered: set[str] = set()
    for one, keys in zip(members, shown, strict=True):
        mine = [key for key in strongest(one.profile, "tracks", len(one.profile.tracks), {}) if key in keys]
        offered.update(mine[:MOST_EACH])
        offered.update([key for key in mine if counts[key] > 1][:MOST_EACH])
    return {key: tuple(p for p, keys in enumerate(shown) if key in keys) for key in offered}


def _liking(
    members: Sequence[Taste],
    place: int,
    keys: Sequence[str],
    owners: Sequence[tuple[int, ...]],
    space: ItemSpace,
    frequencies: ItemFrequencies,
) -> Doubles:
    """Liking of each track by one member: [n_tracks] float64 in [0, 1]."""
    me, heard = members[place], members[place].profile.tracks
    # A hidden track counts as somebody else's: its liking must not reveal that the member has it.
    own = np.array([place in those for those in owners], bool)
    liking = np.zeros(len(keys))
    plays = np.array([heard.get(key, 0.0) for key in keys])
    liking[own] = 0.5 + 0.5 * _percentile(plays[own])
    others = [column for column in range(len(keys)) if not own[column]]
    if others:
        liking[others] = 0.5 * _percentile(_appeal(members, me, keys, owners, others, space, frequencies))
    return liking


def _appeal(
    members: Sequence[Taste],
    me: Taste,
    keys: Sequence[str],
    owners: Sequence[tuple[int, ...]],
    columns: Sequence[int],
    space: ItemSpace,
    frequencies: ItemFrequencies,
) -> Doubles:
    named = [keys[column] for column in columns]
    near = np.zeros(len(columns))
    strength = np.zeros(len(columns))
    for number, column in enumerate(columns):
        heard = [members[one].profile for one in owners[column]]
        strength[number] = sum(one.tracks[keys[column]] / one.peak for one in heard) / len(heard)
    for owner in sorted({owners[column][0] for column in columns}):
        of_owner = [number for number, column in enumerate(columns) if owners[column][0] == owner]
        theirs = [named[number] for number in of_owner]
        near[of_owner] = item_affinity(me, theirs, "tracks", space, members[owner].profile)
    return appeal(near, strength, rarity(named, "tracks", frequencies))


def _percentile(values: Doubles) -> Doubles:
    """Share of values that are not higher: [n] float64 in (0, 1]."""
    ordered = np.sort(np.round(values, 9))
    return np.searchsorted(ordered, np.round(values, 9), side="right") / max(len(values), 1)


def _spread(offer: Offer, chosen: Sequence[int]) -> list[int]:
    """Playing order: tracks of the same owners spread evenly, best liked first."""
    queues: dict[tuple[int, ...], list[int]] = {}
    mean = offer.liking.mean(axis=0)
    for column in sorted(chosen, key=lambda one: (-mean[one], offer.keys[one])):
        queues.setdefault(offer.owners[column], []).append(column)
    placed = [
        ((number + 0.5) / len(queue), owners, column)
        for owners, queue in queues.items()
        for number, column in enumerate(queue)
    ]
    return [column for _, _, column in sorted(placed)]


def _artist(member: Taste, track: str) -> str:
    return artist_of(track) or member.profile.track_artists.get(track, "")


def _track(members: Sequence[Taste], offer: Offer, column: int) -> JointTrack:
    key, owners = offer.keys[column], [members[place] for place in offer.owners[column]]
    named = next((one for one in owners if key in one.profile.names), owners[0])
    return JointTrack(
        key=key,
        title=named.profile.names.get(key, key),
        artist=artist_name(named.profile, key),
        owners=tuple(one.listener_id for one in owners),
        liking={one.listener_id: float(offer.liking[row, column]) for row, one in enumerate(members)},
    )
