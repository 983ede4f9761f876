"""From profiles to stored vectors and packed rows."""

from collections.abc import Sequence

from matcher.domain.profile import ListenerProfile
from matcher.domain.shown import LEAST, n_evidence, shown_profile
from matcher.domain.vectors import Floats
from matcher.pipeline import Pipeline
from matcher.ports import KeptTaste, NewTaste, Shown
from matcher.scoring.packed_candidates import BARE, PackedProfile, as_packed, pack


def embed_profiles(
    model: Pipeline, profiles: Sequence[ListenerProfile]
) -> list[tuple[Floats, PackedProfile]]:
    """Stored vector, in half precision, and packed row of every profile."""
    return [(one.stored, pack(one, model.ranker)) for one in map(as_packed, model.weigh(profiles))]


def embed_views(
    model: Pipeline, own: ListenerProfile, shown: ListenerProfile, least: int = LEAST
) -> tuple[Floats, PackedProfile, Shown | None]:
    """Embed the own and the shown view of a listener.

    `shown` is the same object as `own` if everything is switched on. A match needs `least` artists (see
    `matcher.domain.shown.n_evidence`).

    Returns:
        the own view's vector and packed row; the shown view, or None if it is the own view.
    """
    ((stored, packed),) = embed_profiles(model, [own])
    if n_evidence(shown) < least:
        return stored, BARE, Shown(shown)
    if shown is own:
        return stored, packed, None
    ((shown_stored, shown_packed),) = embed_profiles(model, [shown])
    return stored, BARE, Shown(shown, shown_stored, shown_packed)


def unplaced(kept: KeptTaste) -> NewTaste | None:
    """Both views without vectors, for use without a model; None without a profile.

    The listener cannot be found until there is a model.
    """
    profile = kept.profile()
    if profile is None:
        return None
    shown = Shown(shown_profile(profile, kept.sharing))
    return NewTaste(kept.exclusions, profile, None, BARE, "", shown=shown)
