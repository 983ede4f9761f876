"""Who may be compared with whom, by consent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

from matcher.domain.consent import Relation, shows
from matcher.ports import RelationStore

Allowed = Callable[[str, str, str], bool]
"""Whether a listener (id) shows an item, by kind (artists, tracks, tags) and key."""


@dataclass(frozen=True, slots=True)
class Access:
    """Relations between listeners at this moment.

    Every method raises UnknownListener if there is no such viewer.
    """

    relations: RelationStore

    def connected_with(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[str]:
        """Those of the others who are connected with the viewer and visible now."""
        standings = self.relations.standings(viewer_id, other_ids)
        return frozenset(key for key, one in standings.items() if one.relation is Relation.CONNECTED)

    def told_pairs(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[frozenset[str]]:
        """Pairs whose exact similarity the viewer may see: own and synthetic ones."""
        seen = self.relations.standings(viewer_id, other_ids)
        own = {frozenset((viewer_id, key)) for key, one in seen.items() if one.relation is Relation.CONNECTED}
        # An exact figure for two others would reveal that they are connected. Synthetic listeners connect
        # with everybody, so that it reveals nothing.
        made_up = [key for key, one in seen.items() if one.is_made_up]
        return frozenset(own | {frozenset(pair) for pair in combinations(made_up, 2)})

    def seen(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[str]:
        """Those of the others who are visible to the viewer now."""
        return frozenset(self.relations.standings(viewer_id, other_ids))

    def allowed(self, viewer_id: str, owner_ids: Sequence[str]) -> Allowed:
        """Which items the viewer may see: all of their own, none of hidden listeners."""
        standings = self.relations.standings(viewer_id, owner_ids)
        shown = {key: shows(one) for key, one in standings.items()}

        def may_see(owner: str, kind: str, key: str) -> bool:
            return owner == viewer_id or (owner in shown and shown[owner](kind, key))

        return may_see
