"""Halves of held-out listeners, as whole profiles: what the ranker and the calibration are learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matcher.audio import AudioAttributes
from matcher.listening import Part
from matcher.profile import Item, ListenerProfile, restrict

FEWEST_ITEMS = 3
"""A half has at least so many items."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the parts of a profile are made with.

    Attributes:
        artist_tags: tags by canonical artist key.
        attributes: audio attributes by canonical track key.
    """

    artist_tags: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    attributes: Mapping[str, AudioAttributes] = field(default_factory=dict)

    def part(self, profile: ListenerProfile, items: Sequence[Item]) -> ListenerProfile:
        """The profile of some of a listener's items."""
        return restrict(profile, items, self.artist_tags, self.attributes)


Halves = tuple[ListenerProfile, ListenerProfile]


def halves_of(
    profile: ListenerProfile,
    rng: np.random.Generator,
    context: Context,
    *,
    by_playlist: bool = True,
    repeated: float = 0.0,
) -> Halves | None:
    """Two halves of one listener; None where there is not enough for two.

    Args:
        profile: the listener.
        rng: draws the halves.
        context: what tags and audio of the halves are made with.
        by_playlist: halves of whole playlists where there are two or more, as people repeat themselves.
        repeated: otherwise, the share of items that go into both.
    """
    playlists = playlists_of(profile)
    if by_playlist and len(playlists) >= 2:
        sides = _playlist_sides(profile, playlists, rng)
    else:
        sides = _item_sides(profile, rng, repeated)
    one, other = (context.part(profile, items) for items in sides)
    enough = min(_n_items(one), _n_items(other)) >= FEWEST_ITEMS
    return (one, other) if enough else None


def playlists_of(profile: ListenerProfile) -> list[str]:
    """Facets of a profile that are playlists, sorted."""
    return sorted(key for key, facet in profile.facets.items() if facet.part is Part.PLAYLISTS)


def _n_items(profile: ListenerProfile) -> int:
    return len(profile.tracks) or len(profile.artists)


def _playlist_sides(
    profile: ListenerProfile, playlists: list[str], rng: np.random.Generator
) -> tuple[list[Item], list[Item]]:
    order = rng.permutation(len(playlists))
    first = {playlists[place] for place in order[: len(playlists) // 2]}
    second = set(playlists) - first
    return (
        [item for item in profile.items if item.facet in first],
        [item for item in profile.items if item.facet in second],
    )


def _item_sides(
    profile: ListenerProfile, rng: np.random.Generator, repeated: float
) -> tuple[list[Item], list[Item]]:
    """By recording (by artist where there is none), so that one recording in two facets is not parted."""
    keys = sorted({item.track or item.artist for item in profile.items})
    first = dict(zip(keys, rng.permutation(len(keys)) < len(keys) / 2, strict=True))
    both = {key for key, draw in zip(keys, rng.random(len(keys)), strict=True) if draw < repeated}
    sides: tuple[list[Item], list[Item]] = ([], [])
    for item in profile.items:
        key = item.track or item.artist
        if first[key] or key in both:
            sides[0].append(item)
        if not first[key] or key in both:
            sides[1].append(item)
    return sides
