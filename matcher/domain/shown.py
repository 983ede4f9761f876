"""The shown view: the part of a profile by which others may find the listener.

A listener's queries use their own view; they are found, ranked, explained and counted by their shown view
(docs/adr/0012). It depends only on what is switched on: profiles that differ only in hidden data have equal
shown views, so nothing derived from the view reveals hidden data.

| switched off | removed with it, because derived from it |
|---|---|
| a facet | its items (items in other facets keep the plays there); tags and sound are recomputed |
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

LEAST = 5  # distinct artists a match needs: fewer say little, and make probing easy


def shown_profile(
    profile: ListenerProfile,
    sharing: Sharing,
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
    attributes: Mapping[str, AudioAttributes] | None = None,
) -> ListenerProfile:
    """Profile as others may find it; the same object if everything is switched on.

    If facets are hidden, tags and audio are recomputed from `artist_tags` (by canonical artist key) and
    `attributes` (by canonical track key), and absent without them.
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
    """Number of distinct artists, else of tracks, else of tags."""
    return len(profile.artists) or len(profile.tracks) or len(profile.tags)


def _artists_only(items: Iterable[Item]) -> tuple[Item, ...]:
    """Items without tracks: one for each artist and facet, with the summed plays."""
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
