"""The shown view of a listener: what of their profile counts where they are a candidate.

Every listener has an own view, which they ask with, and a shown view, by which they are found, ranked,
explained and counted (docs/adr/0012). The shown view is a function of what is switched on: two profiles that
differ only in what is switched off have the same one, so nothing that is made of it can tell them apart.

| switched off | what goes with it, as it derives from it |
|---|---|
| a facet | its items: what stands elsewhere too counts with its plays there; tags and sound are made anew |
| artists | tracks, sound, decades, playlists with their names: all that names music; tags stay |
| tracks | sound and decades; their plays still count for the artists |
| tags | nothing else |
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from matcher.domain.audio import AudioAttributes
from matcher.domain.consent import Sharing
from matcher.domain.profile import Facet, Item, ListenerProfile, restrict

LEAST = 5
"""Distinct artists from which on somebody is matched: fewer say little, and make probing easy."""


def shown_profile(
    profile: ListenerProfile,
    sharing: Sharing,
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
    attributes: Mapping[str, AudioAttributes] | None = None,
) -> ListenerProfile:
    """The profile as others may find it; the very same where everything is switched on.

    Args:
        profile: all that counts of the listener.
        sharing: what is switched on, and the facets that are hidden.
        artist_tags: tags by canonical artist key: while facets are hidden, tags are made of these, or there
            are none.
        attributes: audio attributes by canonical track key, likewise.

    Returns:
        a profile that is the same for all that is the same in what is switched on.
    """
    if sharing.artists and sharing.tracks and sharing.tags and not sharing.hidden_facets:
        return profile
    found = profile
    if sharing.hidden_facets:
        open_items = (item for item in profile.items if item.facet not in sharing.hidden_facets)
        found = restrict(profile, open_items, artist_tags, attributes)
    if not sharing.artists:
        found = replace(found, items=(), facets={}, audio=None)
    elif not sharing.tracks:
        items = _artists_only(found.items)
        found = replace(found, items=items, facets=_facets_of(found, items), audio=None)
    return replace(
        found,
        facets=dict(sorted(found.facets.items())),
        tags=dict(sorted(found.tags.items())) if sharing.tags else {},
        names=_names_of(found),
        parts={},
    )


def n_evidence(profile: ListenerProfile) -> int:
    """On how many distinct things a match would rest: artists; tracks where there are none; else tags."""
    return len(profile.artists) or len(profile.tracks) or len(profile.tags)


def _artists_only(items: Iterable[Item]) -> tuple[Item, ...]:
    """The items without their tracks: one for each artist and facet, with all its plays."""
    plays: dict[tuple[str, str], list[float]] = defaultdict(list)
    for item in items:
        if item.artist:
            plays[item.artist, item.facet].append(item.plays)
    return tuple(Item(*_of_artist(key, math.fsum(found))) for key, found in sorted(plays.items()))


def _of_artist(key: tuple[str, str], plays: float) -> tuple[str, str, float, str]:
    artist, facet = key
    return artist, "", plays, facet


def _facets_of(profile: ListenerProfile, items: Iterable[Item]) -> dict[str, Facet]:
    used = {item.facet for item in items}
    return {key: facet for key, facet in profile.facets.items() if key in used}


def _names_of(profile: ListenerProfile) -> dict[str, str]:
    known = sorted({key for item in profile.items for key in (item.artist, item.track) if key})
    return {key: profile.names[key] for key in known if key in profile.names}
