"""Split halves: two disjoint parts of one listener, as profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Part
from matcher.domain.profile import Item, ListenerProfile, restrict

MIN_ITEMS = 3
"""Fewest tracks (artists, if no track is known) in a half."""


@dataclass(frozen=True, slots=True)
class ItemMetadata:
    """Tags by canonical artist key, and audio attributes by canonical track key."""

    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    attributes: Mapping[str, AudioAttributes] = field(default_factory=dict)

    def part(self, profile: ListenerProfile, items: Sequence[Item]) -> ListenerProfile:
        """Profile of some of a listener's items."""
        return restrict(profile, items, self.artist_tags, self.attributes)


SplitHalves = tuple[ListenerProfile, ListenerProfile]


def split_halves(
    profile: ListenerProfile,
    rng: np.random.Generator,
    metadata: ItemMetadata,
    *,
    by_playlist: bool = True,
    repeated: float = 0.0,
) -> SplitHalves | None:
    """Split a listener into random halves; None if one has less than `MIN_ITEMS`.

    Listeners with two or more playlists are split by playlist, because people repeat items across playlists.
    `repeated` is the share of items that go into both halves of a split by item.
    """
    playlists = playlists_of(profile)
    if by_playlist and len(playlists) >= 2:
        parts = _split_by_playlist(profile, playlists, rng)
    else:
        parts = _split_by_item(profile, rng, repeated)
    return _halves_of(profile, *parts, metadata)


def split_by_artist(
    profile: ListenerProfile, rng: np.random.Generator, metadata: ItemMetadata
) -> SplitHalves | None:
    """Split a listener into halves without a common artist; None if one has less than `MIN_ITEMS`."""
    artists = sorted({item.artist for item in profile.items if item.artist})
    first = {artists[index] for index in rng.permutation(len(artists))[: len(artists) // 2]}
    return _halves_of(
        profile,
        [item for item in profile.items if item.artist in first],
        [item for item in profile.items if item.artist and item.artist not in first],
        metadata,
    )


def playlists_of(profile: ListenerProfile) -> list[str]:
    """Keys of the facets that are playlists, sorted."""
    return sorted(key for key, facet in profile.facets.items() if facet.part is Part.PLAYLISTS)


def _halves_of(
    profile: ListenerProfile, first: Sequence[Item], second: Sequence[Item], metadata: ItemMetadata
) -> SplitHalves | None:
    halves = metadata.part(profile, first), metadata.part(profile, second)
    return halves if min(map(_n_items, halves)) >= MIN_ITEMS else None


def _n_items(profile: ListenerProfile) -> int:
    return len(profile.tracks) or len(profile.artists)


def _split_by_playlist(
    profile: ListenerProfile, playlists: list[str], rng: np.random.Generator
) -> tuple[list[Item], list[Item]]:
    order = rng.permutation(len(playlists))
    first = {playlists[index] for index in order[: len(playlists) // 2]}
    second = set(playlists) - first
    return (
        [item for item in profile.items if item.facet in first],
        [item for item in profile.items if item.facet in second],
    )


def _split_by_item(
    profile: ListenerProfile, rng: np.random.Generator, repeated: float
) -> tuple[list[Item], list[Item]]:
    # by track and not by entry, so that a track in two facets goes into one half
    keys = sorted({item.track or item.artist for item in profile.items})
    in_first = dict(zip(keys, rng.permutation(len(keys)) < len(keys) / 2, strict=True))
    in_both = {key for key, draw in zip(keys, rng.random(len(keys)), strict=True) if draw < repeated}
    first, second = [], []
    for item in profile.items:
        key = item.track or item.artist
        if in_first[key] or key in in_both:
            first.append(item)
        if not in_first[key] or key in in_both:
            second.append(item)
    return first, second
