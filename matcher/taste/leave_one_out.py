"""Leave-one-out: a listener's profile as it would be without one of its items."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.library import Library
from matcher.domain.profile import ListenerProfile

_KINDS: Mapping[str, Kind] = {"artists": Kind.ARTIST, "tracks": Kind.TRACK}


def without_each(
    library: Library, exclusions: frozenset[Exclusion], items: Sequence[tuple[str, str]]
) -> list[ListenerProfile]:
    """Profiles after `exclusions`, each also without one of `items` (kind, key).

    An artist goes with all their tracks; tags and audio are those of what is left. A tag cannot be excluded:
    without it, the other tags keep their proportions.
    """
    whole = library.without(exclusions)
    return [
        library.without(exclusions | {Exclusion(_KINDS[kind], value_of(key))})
        if kind in _KINDS
        else _without_tag(whole, key)
        for kind, key in items
    ]


def _without_tag(profile: ListenerProfile, tag: str) -> ListenerProfile:
    rest = {key: share for key, share in profile.tags.items() if key != tag}
    total = sum(rest.values())
    return replace(profile, tags={key: share / total for key, share in rest.items()})
