"""Who may be looked at together with whom, and what of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats
from matcher.ports.values import Listener

Allowed = Callable[[str, str, str], bool]
"""Whether a listener (by id) lets it be seen that they have an item of a kind: artists, tracks or tags."""


class Circle(Protocol):
    """How listeners stand to each other."""

    def connected_with(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[str]:
        """Those of the others who have agreed with the viewer, neither blocked by the other."""
        ...

    def told_pairs(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[frozenset[str]]:
        """Pairs among all of these whose nearness the viewer may be told to the point.

        Those with the viewer in them who have both agreed, and those of two made-up listeners. Whether two
        others are connected makes no difference: else it would be told by that.
        """
        ...

    def seen(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[str]:
        """Those of the others whom the viewer may see at this moment; the viewer is not among them."""
        ...

    def allowed(self, viewer_id: str, owner_ids: Sequence[str]) -> Allowed:
        """What the viewer may see of what these hear; all of the viewer's own."""
        ...


class Reader(Protocol):
    """The part of `ListenerStore` that looking at others needs: of them, only what they show."""

    def listeners(self, listener_ids: Sequence[str]) -> Mapping[str, Listener]:
        """Those that exist, by id."""
        ...

    def profile(self, listener_id: str) -> ListenerProfile | None:
        """The listener's own view, for their own eyes, or None when none was read yet."""
        ...

    def own_vector(self, listener_id: str, model_version: str) -> Floats | None:
        """[2 * dim] float32, what the listener asks with under that version, or None."""
        ...

    def shown_profiles(self, listener_ids: Sequence[str]) -> Mapping[str, ListenerProfile]:
        """What others may find of those who have a profile, by id."""
        ...

    def vectors(self, listener_ids: Sequence[str], model_version: str) -> Mapping[str, Floats]:
        """[2 * dim] float32 vectors of what is shown, under that version, of the findable, by id."""
        ...
