"""Who may be looked at together with whom: the `Circle` that consent draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.consent import Relation, Standing, shows
from matcher.ports import RelationStore
from matcher.ports.circle import Allowed


@dataclass(frozen=True, slots=True)
class ConsentedCircle:
    """The `Circle` over how listeners stand to each other at this moment.

    Attributes:
        relations: how they stand.
    """

    relations: RelationStore

    def connected_with(self, viewer_id: str, other_ids: Sequence[str]) -> frozenset[str]:
        """Those of the others with whom the viewer is connected, and whom they may see at this moment.

        Raises:
            UnknownListener: there is no such viewer.
            StorageUnreachable: the database does not answer.
        """
        standings = self.relations.standings(viewer_id, other_ids)
        return frozenset(key for key, one in standings.items() if one.relation is Relation.CONNECTED)

    def connected_pairs(self, listener_ids: Sequence[str]) -> frozenset[frozenset[str]]:
        """Pairs who have both agreed. The first of these looks: whoever they may not see is in none.

        The made-up agree at once with everybody, hence with each other.

        Raises:
            UnknownListener: the one who looks does not exist.
            StorageUnreachable: the database does not answer.
        """
        if not listener_ids:
            return frozenset()
        viewer, *others = listener_ids
        seen = self.relations.standings(viewer, others)
        pairs = {frozenset((viewer, key)) for key, one in seen.items() if one.relation is Relation.CONNECTED}
        for one in seen.values() if len(seen) > 1 else ():
            pairs |= self._pairs_of(one, list(seen))
        return frozenset(pairs)

    def _pairs_of(self, one: Standing, others: Sequence[str]) -> set[frozenset[str]]:
        """Pairs of somebody the viewer sees with these others."""
        standings = self.relations.standings(one.listener_id, others)
        return {
            frozenset((one.listener_id, key))
            for key, other in standings.items()
            if other.relation is Relation.CONNECTED or (one.is_made_up and other.is_made_up)
        }

    def allowed(self, viewer_id: str, owner_ids: Sequence[str]) -> Allowed:
        """What the viewer may see of what these hear; all of the viewer's own, nothing of who is not seen.

        Raises:
            UnknownListener: there is no such viewer.
            StorageUnreachable: the database does not answer.
        """
        standings = self.relations.standings(viewer_id, owner_ids)
        shown = {key: shows(one) for key, one in standings.items()}

        def may_see(owner: str, kind: str, key: str) -> bool:
            return owner == viewer_id or (owner in shown and shown[owner](kind, key))

        return may_see
