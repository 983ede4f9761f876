"""What others may know of a listener's taste: the profile without what its owner keeps back.

It is masked here, before anything is computed from it. A figure, an order or a choice that rests on what is
kept back tells it, however little of it is shown: one probe more, and it is known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from matcher.consent import Sharing
from matcher.discovery import Taste
from matcher.ports import Embedder
from matcher.profile import Item, ListenerProfile
from matcher.vectors import to_half


def keeps_back(sharing: Sharing) -> bool:
    """Whether anything of the taste may be kept back: a kind that is switched off, or a hidden facet."""
    return bool(sharing.hidden_facets) or not (sharing.artists and sharing.tracks and sharing.tags)


def shown_profile(profile: ListenerProfile, sharing: Sharing) -> ListenerProfile:
    """The profile as others may know it; the same one where nothing is kept back.

    What stands in a hidden facet counts there for nothing, also where the same artist is shown elsewhere.
    Tags and sound cannot be told apart by facet, so hiding one hides them. Without artists there are no
    tracks, as a track names its artist, and no names of playlists. Without tracks there is no sound.
    """
    hidden = sharing.hidden_facets & profile.facets.keys()
    if not keeps_back(replace(sharing, hidden_facets=hidden)):
        return profile
    items = tuple(one for one in profile.items if one.facet not in hidden) if sharing.artists else ()
    if not sharing.tracks:
        items = _artists_of(items)
    sounds = sharing.artists and sharing.tracks and not hidden
    return ListenerProfile(
        listener_id=profile.listener_id,
        source=profile.source,
        items=items,
        facets={key: one for key, one in profile.facets.items() if sharing.artists and key not in hidden},
        tags=profile.tags if sharing.tags and not hidden else {},
        audio=profile.audio if sounds else None,
        names=profile.names,
        parts=profile.parts,
    )


def as_shown(
    tastes: Sequence[Taste], sharing: Mapping[str, Sharing], viewer_id: str, embedder: Embedder
) -> list[Taste]:
    """Tastes as the viewer may know them, with the vectors of what is shown; the viewer's own is whole.

    Args:
        tastes: of the viewer, and of others who may be seen.
        sharing: what each of the others shares, by listener id.
        viewer_id: who looks.
        embedder: of the model that the vectors are of.
    """
    shown = {one.listener_id: one for one in tastes}
    for one in tastes:
        if one.listener_id != viewer_id:
            profile = shown_profile(one.profile, sharing[one.listener_id])
            if profile is not one.profile:
                shown[one.listener_id] = replace(one, profile=profile, stored=np.zeros_like(one.stored))
    masked = [one for one in tastes if shown[one.listener_id] is not one]
    known = [shown[one.listener_id] for one in masked if not shown[one.listener_id].profile.is_empty]
    if known:  # of whom nothing is shown lies in the middle of everything: that tells nothing
        rows = to_half(embedder.embed([one.profile for one in known]).stored)
        shown |= {one.listener_id: replace(one, stored=row) for one, row in zip(known, rows, strict=True)}
    return [shown[one.listener_id] for one in tastes]


def _artists_of(items: Sequence[Item]) -> tuple[Item, ...]:
    """The artists of items, each once a facet, with all that is heard of them; sorted."""
    plays: dict[tuple[str, str], float] = {}
    for item in items:
        if item.artist:
            place = (item.artist, item.facet)
            plays[place] = plays.get(place, 0.0) + item.plays
    return tuple(Item(artist, "", amount, facet) for (artist, facet), amount in sorted(plays.items()))
