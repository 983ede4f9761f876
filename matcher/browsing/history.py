"""Why matches changed between two looks: my taste, their taste, the model, or who else is there."""

from bisect import bisect
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from matcher.matching.service import MatchList
from matcher.ports import Clock, HistoryStore, Look, Place

DEPTH = 20
"""Places that are remembered of a look: a page of matches. What stands further down is not compared."""

_SAME_SCORE = 1e-6
"""Scores that differ by less are the same: sums in another order do that much."""


class Kind(StrEnum):
    """What became of a match."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"
    """Still among the matches, at another place or with another score."""


class Reason(StrEnum):
    """What made it so."""

    MY_TASTE = "my_taste"
    THEIR_TASTE = "their_taste"
    MODEL = "model"
    OTHERS = "others"
    """None of these three, as far as can be told: others came, went, hid, or changed."""


@dataclass(frozen=True, slots=True)
class MatchChange:
    """What became of one match between two looks.

    Attributes:
        other_id: whose match it is. Whoever shows it asks first what may be shown of them: they may have gone
            because they are hidden or blocked now.
        kind: new, gone or moved.
        moved_up: by how many places; below 0 for down; 0 for new and gone ones.
        score_change: score now minus score before; 0 for new and gone ones.
        reasons: at least one.
    """

    other_id: str
    kind: Kind
    moved_up: int
    score_change: float
    reasons: frozenset[Reason]


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """What changed between two looks.

    Attributes:
        before_utc: when the earlier look was.
        now_utc: when the later one was.
        changes: those still there and new ones by their place now, then those gone by their place before.
            Matches that are as they were are not among them.
        same: ids of those who stood in both looks, at one place and with one score. Of whoever is neither
            here nor among the changes nothing is known: they stood further down both times.
    """

    before_utc: datetime
    now_utc: datetime
    changes: tuple[MatchChange, ...]
    same: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MatchHistory:
    """Remembers looks at the matches, and tells what changed since the one before.

    Attributes:
        store: keeps the last two looks of each listener.
        clock: the time now.
    """

    store: HistoryStore
    clock: Clock

    def look(
        self, listener_id: str, seen: MatchList, away: AbstractSet[str] = frozenset()
    ) -> WhatChanged | None:
        """Remember what is looked at, if it differs from the last look; what changed since the one before.

        Args:
            listener_id: who looks.
            seen: at least the first `DEPTH` matches, or all there are. Only the first `DEPTH` are compared
                and remembered, so that asking for more of the same list is no change. Without any, nothing
                is remembered.
            away: as in `what_changed`.

        Raises:
            UnknownListener: the one who looks has been erased meanwhile.
        """
        looks, look = self.store.looks(listener_id), _look(seen, self.clock())
        last = next(iter(looks), None)
        is_same = not look.places or (last is not None and _is_same(last, look))
        if not is_same and self.store.add(listener_id, look, last):
            return self.what_changed(listener_id, away)
        return _between(looks, away)

    def what_changed(self, listener_id: str, away: AbstractSet[str] = frozenset()) -> WhatChanged | None:
        """What differs between the last two looks; None when there was no second one yet.

        Args:
            listener_id: who looks.
            away: ids of those who are kept from the list: nothing is told of them, and they take no place.
        """
        return _between(self.store.looks(listener_id), away)


def _between(looks: Sequence[Look], away: AbstractSet[str]) -> WhatChanged | None:
    return compare(_less(looks[1], away), _less(looks[0], away)) if len(looks) > 1 else None


def _less(look: Look, away: AbstractSet[str]) -> Look:
    """The look without these: whoever stood below one of them stands a place further up."""
    freed = sorted(one.rank for one in look.places if one.other_id in away)
    left = (one for one in look.places if one.other_id not in away)
    return replace(look, places=tuple(replace(one, rank=one.rank - bisect(freed, one.rank)) for one in left))


def compare(before: Look, now: Look) -> WhatChanged:
    """What differs between two looks of one listener."""
    old = {one.other_id: one for one in before.places}
    new = {one.other_id: one for one in now.places}
    shared = _shared_reasons(before, now)
    here = [
        _moved(old[key], one, shared) if key in old else _alone(one, Kind.NEW, shared)
        for key, one in new.items()
    ]
    gone = [_alone(one, Kind.GONE, shared) for key, one in old.items() if key not in new]
    changes = tuple(one for one in here if one is not None) + tuple(gone)
    same = frozenset(key for key, one in zip(new, here, strict=True) if one is None)
    return WhatChanged(before.seen_at_utc, now.seen_at_utc, changes, same)


def _look(seen: MatchList, now: datetime) -> Look:
    places = tuple(
        Place(one.listener.listener_id, one.rank, one.score, one.profile_digest)
        for one in seen.matches[:DEPTH]
    )
    return Look(now, seen.profile_digest, seen.model_version, places)


def _is_same(last: Look, look: Look) -> bool:
    """Whether two looks saw the same, and made of the same. Ranks close up where somebody was erased."""
    digests = [{one.other_id: one.their_digest for one in each.places} for each in (last, look)]
    if _shared_reasons(last, look) or digests[0] != digests[1]:
        return False
    return not compare(_closed_up(last), look).changes


def _closed_up(look: Look) -> Look:
    places = (replace(one, rank=rank) for rank, one in enumerate(look.places, start=1))
    return replace(look, places=tuple(places))


def _shared_reasons(before: Look, now: Look) -> frozenset[Reason]:
    """Reasons that bear on every match."""
    mine = {Reason.MY_TASTE} if before.my_digest != now.my_digest else set()
    model = {Reason.MODEL} if before.model_version != now.model_version else set()
    return frozenset(mine | model)


def _moved(old: Place, new: Place, shared: frozenset[Reason]) -> MatchChange | None:
    moved_up, score_change = old.rank - new.rank, new.score - old.score
    if not moved_up and abs(score_change) <= _SAME_SCORE:
        return None
    theirs = {Reason.THEIR_TASTE} if old.their_digest != new.their_digest else set()
    return MatchChange(new.other_id, Kind.MOVED, moved_up, score_change, _or_others(shared | theirs))


def _or_others(reasons: frozenset[Reason]) -> frozenset[Reason]:
    return reasons or frozenset({Reason.OTHERS})


def _alone(place: Place, kind: Kind, shared: frozenset[Reason]) -> MatchChange:
    """Of a match that stands in one look only, whether the other's taste changed cannot be told."""
    return MatchChange(place.other_id, kind, 0, 0.0, _or_others(shared))
