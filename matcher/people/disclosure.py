"""Disclosure: what a viewer sees of a match, by `matcher.domain.consent`."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from matcher.domain.consent import Relation, SeenItem, SeenMatch, Standing, about, shows
from matcher.matching.matches import Match
from matcher.scoring.explain import Explanation, SharedItem

LATELY = timedelta(days=30)
N_REASONS = 3
LEAST_REASON = 0.0005  # a smaller part is shown as 0.0 points, and is no reason for a match


def reveal(match: Match, other: Standing, rank: int, now: datetime | None = None) -> SeenMatch:
    """Reduce a match to what its viewer may see.

    Shared items stay in order of weight. Strangers see only items that are strong on both sides, and no
    weights. `other` holds consent and relation of the matched listener; without `now`, `lately` is False.
    """
    shared = _shown(match, other)
    seen = SeenMatch(
        listener_id=other.listener_id,
        alias=other.alias,
        source=other.source,
        rank=rank,
        relation=other.relation,
        band=match.percent.band,
        artists=_seen(shared.artists),
        tags=_seen(shared.tags),
        is_near_duplicate=match.is_near_duplicate,
        is_double=match.is_double,
        reasons=_reasons(match.explanation, shared),
        n_about=_n_about(match, other),
        is_made_up=other.is_made_up,
        is_open_data=other.is_open_data,
        lately=bool(now and other.active_at_utc and now - other.active_at_utc <= LATELY),
    )
    return _opened(seen, match, other, shared) if other.relation is Relation.CONNECTED else seen


def _opened(seen: SeenMatch, match: Match, other: Standing, shared: Explanation) -> SeenMatch:
    return replace(
        seen,
        tracks=_seen(shared.tracks),
        n_more=_n_more_artists(match, other),
        n_more_tracks=_n_more_tracks(match, other),
        percent=match.percent,
        parts=dict(shared.parts),
        profile_url=other.profile_url or None if other.sharing.profile_link else None,
        cards=other.sharing.cards or other.is_made_up,
        sounds=other.sharing.artists and other.sharing.tracks,
    )


def _reasons(whole: Explanation, shown: Explanation) -> tuple[str, ...]:
    """Names of the strongest components among those that may be named."""
    kept_back = {kind for kind in ("artists", "tracks", "tags") if not getattr(shown, kind)}
    told = [name for name, value in whole.parts.items() if name not in kept_back and value >= LEAST_REASON]
    return tuple(sorted(told, key=lambda name: (-whole.parts[name], name))[:N_REASONS])


def _n_about(match: Match, other: Standing) -> int | None:
    """Rounded number of artists that the other shows."""
    if not other.sharing.artists or match.n_artists is None:
        return None
    # Shared artists are not subtracted: a viewer who excludes artists one by one would see when the rounded
    # number changes, and could compute the exact one.
    return about(match.n_artists)


def _n_more_artists(match: Match, other: Standing) -> int | None:
    if not other.sharing.artists or match.n_artists is None:
        return None
    return max(match.n_artists - len(match.explanation.artists), 0)


def _n_more_tracks(match: Match, other: Standing) -> int | None:
    """Number of the other's tracks beyond the shared ones; None if not shown."""
    if not (other.sharing.artists and other.sharing.tracks):
        return None
    if match.n_artists is None:
        return None
    return max(match.n_items - match.n_artists - len(match.explanation.tracks), 0)


def _shown(match: Match, other: Standing) -> Explanation:
    """Shared items that may be named: a few to strangers, all to connections."""
    shown, whole = shows(other), match.explanation
    opened = other.relation is Relation.CONNECTED
    kept = {
        kind: tuple(
            item
            for item in getattr(whole, kind)
            if shown(kind, item.key) and (opened or (kind, item.key) in match.few)
        )
        for kind in ("artists", "tracks", "tags")
    }
    return Explanation(parts=whole.parts, **kept)


def _seen(items: Iterable[SharedItem]) -> tuple[SeenItem, ...]:
    return tuple(SeenItem(item.key, item.name, item.artist) for item in items)
