"""Who may be looked at together with whom: the `Circle` that consent draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.consent import Relation, shows
from matcher.ports import RelationStore
from matcher.ports.circle import Allowed


@dataclass(frozen=True, slots=True)
class ConsentedCircle:
    """The `Circle` over how listeners stand to each other at this moment.

    Attributes:
        relations: how they stand.
    """

    relations: RelationStore

    def connected_pairs(self, listener_ids: Sequence[str]) -> frozenset[frozenset[str]]:
        """Pairs who have both agreed. The first of these looks: whoever they may not see is in none.

        Raises:
            UnknownListener: the one who looks does not exist.
            StorageUnreachable: the database does not answer.
        """
        if not listener_ids:
            return frozenset()
        viewer, *others = listener_ids
        seen = self.relations.standings(viewer, others)
        pairs = self._connected(viewer, list(seen))
        for one in seen:
            pairs |= self._connected(one, list(seen))
        return frozenset(pairs)

    def _connected(self, listener_id: str, others: Sequence[str]) -> set[frozenset[str]]:
        standings = self.relations.standings(listener_id, others)
        return {
            frozenset((listener_id, key))
            for key, one in standings.items()
            if one.relation is Relation.CONNECTED
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
