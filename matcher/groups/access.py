"""Who may be looked at together with whom, by consent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from matcher.domain.consent import Relation, shows
from matcher.ports import RelationStore

Allowed = Callable[[str, str, str], bool]
"""Whether a listener (by id) lets it be seen that they have an item of a kind: artists, tracks or tags."""


@dataclass(frozen=True, slots=True)
class Access:
    """How listeners stand to each other at this moment.

    Every method raises UnknownListener where there is no such viewer.
    """

    relations: RelationStore

    def connected_with(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[str]:
        """Those of the others with whom the viewer is connected, and whom they may see at this moment."""
        standings = self.relations.standings(viewer_id, other_ids)
        return frozenset(key for key, one in standings.items() if one.relation is Relation.CONNECTED)

    def told_pairs(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[frozenset[str]]:
        """Pairs whose nearness the viewer may be told to the point: their own, and those of the made-up.

        Of two others it is never told, connected or not: who is connected with whom is theirs to tell. The
        made-up agree at once with everybody, so that there is nothing to be told.
        """
        seen = self.relations.standings(viewer_id, other_ids)
        own = {frozenset((viewer_id, key)) for key, one in seen.items() if one.relation is Relation.CONNECTED}
        made_up = [key for key, one in seen.items() if one.is_made_up]
        return frozenset(own | {frozenset(pair) for pair in combinations(made_up, 2)})

    def seen(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[str]:
        """Those of the others whom the viewer may see at this moment."""
        return frozenset(self.relations.standings(viewer_id, other_ids))

    def allowed(self, viewer_id: str, owner_ids: Sequence[str]) -> Allowed:
        """What the viewer may see of what these hear; all of the viewer's own, nothing of who is not seen."""
        standings = self.relations.standings(viewer_id, owner_ids)
        shown = {key: shows(one) for key, one in standings.items()}

        def may_see(owner: str, kind: str, key: str) -> bool:
            return owner == viewer_id or (owner in shown and shown[owner](kind, key))

        return may_see
