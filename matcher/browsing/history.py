"""Compare two looks at the match list: what changed, and why.

A look is a snapshot of the first `DEPTH` matches.
"""

from bisect import bisect
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from matcher.matching.service import MatchList
from matcher.ports import Clock, HistoryStore, Look, Place

DEPTH = 20  # Ranks in a snapshot: a page of matches. Lower ranks are not compared.

_SAME_SCORE = 1e-6  # smaller differences of scores are rounding


class Kind(StrEnum):
    """How a match changed."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"  # still listed, at another rank or with another score


class Reason(StrEnum):
    """Cause of a change."""

    MY_TASTE = "my_taste"
    THEIR_TASTE = "their_taste"
    MODEL = "model"
    OTHERS = "others"  # none of the above: other listeners came, left, hid or changed


@dataclass(frozen=True, slots=True)
class MatchChange:
    """How one match changed between two looks.

    Attributes:
        other_id: check what may be shown of them first: a match may be gone because it is hidden or blocked.
        moved_up: ranks gained, negative if lost; 0 unless moved.
        score_change: score now minus score before; 0 unless moved.
        reasons: at least one.
    """

    other_id: str
    kind: Kind
    moved_up: int
    score_change: float
    reasons: frozenset[Reason]


@dataclass(frozen=True, slots=True)
class WhatChanged:
    """Differences between two looks.

    Attributes:
        changes: moved and new matches by rank now, then those gone by rank before; unchanged ones are
            omitted.
        same: ids with equal rank and score in both looks. An id in neither field was below `DEPTH` both
            times.
    """

    before_utc: datetime
    now_utc: datetime
    changes: tuple[MatchChange, ...]
    same: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MatchHistory:
    """Stores looks at the match list and compares the latest two."""

    store: HistoryStore
    clock: Clock

    def look(
        self, listener_id: str, seen: MatchList, away: AbstractSet[str] = frozenset()
    ) -> WhatChanged | None:
        """Store a look if it differs from the last, and compare the latest two.

        `seen` holds at least the first `DEPTH` matches, or all there are; only those are compared, so that
        showing more of a list is no change. An empty list is not stored. For `away` see `what_changed`.

        Raises:
            UnknownListener: the listener has been erased.
        """
        looks, look = self.store.looks(listener_id), _look(seen, self.clock())
        last = next(iter(looks), None)
        is_same = not look.places or (last is not None and _is_same(last, look))
        if not is_same and self.store.add(listener_id, look, last):
            return self.what_changed(listener_id, away)
        return _between(looks, away)

    def what_changed(self, listener_id: str, away: AbstractSet[str] = frozenset()) -> WhatChanged | None:
        """Compare the latest two looks; None if there are fewer.

        Ids in `away` (dismissed) are ignored, and the ranks below them close up.
        """
        return _between(self.store.looks(listener_id), away)


def _between(looks: Sequence[Look], away: AbstractSet[str]) -> WhatChanged | None:
    return compare(_less(looks[1], away), _less(looks[0], away)) if len(looks) > 1 else None


def _less(look: Look, away: AbstractSet[str]) -> Look:
    """Remove `away` from a look and close up the ranks."""
    freed = sorted(one.rank for one in look.places if one.other_id in away)
    left = (one for one in look.places if one.other_id not in away)
    return replace(look, places=tuple(replace(one, rank=one.rank - bisect(freed, one.rank)) for one in left))


def compare(before: Look, now: Look) -> WhatChanged:
    """Differences between two looks of one listener."""
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
    """Whether two looks are equal, ranks of erased listeners closed up."""
    digests = [{one.other_id: one.their_digest for one in each.places} for each in (last, look)]
    if _shared_reasons(last, look) or digests[0] != digests[1]:
        return False
    return not compare(_closed_up(last), look).changes


def _closed_up(look: Look) -> Look:
    places = (replace(one, rank=rank) for rank, one in enumerate(look.places, start=1))
    return replace(look, places=tuple(places))


def _shared_reasons(before: Look, now: Look) -> frozenset[Reason]:
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
    # in one look only, so that a change of the other's taste cannot be seen
    return MatchChange(place.other_id, kind, 0, 0.0, _or_others(shared))
