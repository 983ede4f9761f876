"""From profiles to what is kept of them for matching."""

from collections.abc import Sequence

from matcher.packed import PackedProfile, as_packed, pack
from matcher.pipeline import Pipeline
from matcher.profile import ListenerProfile
from matcher.vectors import Floats


def embed_profiles(
    model: Pipeline, profiles: Sequence[ListenerProfile]
) -> list[tuple[Floats, PackedProfile]]:
    """Stored vector, in half precision, and packed form of every profile."""
    return [(one.stored, pack(one, model.ranker)) for one in map(as_packed, model.weigh(profiles))]
