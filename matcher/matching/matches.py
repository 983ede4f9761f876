"""From retrieved candidates to matches: rank, calibrate, explain."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from matcher.domain.calibration import Percent
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, query_of
from matcher.pipeline import Pipeline
from matcher.ports import Listener, Question, Retrieved, Seen
from matcher.scoring.components import WeighedProfile
from matcher.scoring.explain import Explanation, explain
from matcher.scoring.near_duplicates import Items, Placed, are_near_duplicates, push_near_duplicates_behind
from matcher.scoring.packed_candidates import PackedCandidates, as_packed, items_of, rarest
from matcher.scoring.preview import strong_of

Visible = Callable[[Sequence[str]], Mapping[str, Seen]]
"""Returns those of the given ids that the viewer may see now."""

FIRST_LOOK = 3
"""Candidates checked for visibility at first, per wanted match: some are hidden or near-duplicates."""


@dataclass(frozen=True, slots=True)
class Match:
    """A ranked candidate with its explanation.

    Attributes:
        rank: from 1.
        score: likeness of the searcher's full profile and what the other shows: 0 for strangers on average, 1
            for oneself; symmetric if both show everything.
        percent: the same in per cent, with its interval and landmarks.
        explanation: score components and shared items.
        profile_digest: changes with what the other shows.
        is_near_duplicate: whether the library is nearly that of a better match.
        is_double: whether the library is nearly the searcher's own.
        n_items: distinct artists and tracks of the other.
        n_artists: distinct artists of the other; None if unknown.
        few: (kind, key) of the shared items that a stranger may see (`matcher.scoring.preview`).
    """

    listener: Listener
    rank: int
    score: float
    percent: Percent
    explanation: Explanation
    profile_digest: str = ""
    is_near_duplicate: bool = False
    is_double: bool = False
    n_items: int = 0
    n_artists: int | None = None
    few: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """A prepared query.

    Attributes:
        question: what retrieval searches by.
        profile: the query profile; shared items take their names from it.
        mine: the same, weighed and rounded as stored profiles are.
        strong: (kind, key) of its strong items, by digest.
        brought: whether any of the searcher's music is brought, whatever else is read with it.
    """

    model: Pipeline
    question: Question
    profile: ListenerProfile
    mine: WeighedProfile
    strong: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    brought: bool = False

    @classmethod
    def of(
        cls,
        model: Pipeline,
        listener_id: str,
        profile: ListenerProfile,
        stored: Floats,
        *,
        brought: bool = False,
    ) -> "Ask":
        """Prepare a profile and its stored vector as a query; `brought`: any music of the searcher is."""
        mine = as_packed(model.ranker.weigh(profile, stored))
        question = Question(listener_id, query_of(mine.stored), rarest(mine, model.ranker))
        brought = brought or profile.source.brought
        return cls(model, question, profile, mine, strong_of(mine.bags), brought)


def best_matches(ask: Ask, found: Retrieved, top_n: int, visible: Visible) -> tuple[Match, ...]:
    """Rank, deduplicate and explain retrieved candidates.

    Sorted by falling score, ties by id, near-duplicates last. `visible` filters `found`: it is called for the
    best candidates first, and for no more than needed.
    """
    if not found.listener_ids:
        return ()
    pool = PackedCandidates(found.listener_ids, found.stored, found.contents, ask.mine)
    scores = pool.scores(ask.model.ranker)
    order = sorted(range(len(scores)), key=lambda row: (-scores[row], pool.ids[row]))
    row_of = {pool.ids[row]: row for row in order}
    seen: dict[str, Seen] = {}
    in_sight = _in_sight(list(row_of), FIRST_LOOK * top_n, visible, seen)
    candidates = _without_oneself(ask, ((key, pool.items(row_of[key])) for key in in_sight), seen)
    placed = push_near_duplicates_behind(candidates, items_of(ask.mine), top_n)
    best = [_match(ask, one, pool, row_of[one.listener_id], seen[one.listener_id]) for one in placed]
    best.sort(key=lambda one: (one.is_near_duplicate, -one.score, one.listener.listener_id))
    return tuple(replace(one, rank=rank) for rank, one in enumerate(best, start=1))


def _without_oneself(
    ask: Ask, candidates: Iterable[tuple[str, Items]], seen: Mapping[str, Seen]
) -> Iterator[tuple[str, Items]]:
    """Leave out near-duplicates of the searcher's library where anything of either was brought.

    Somebody with two accounts would find themselves; somebody with another's file, its owner.
    """
    mine = items_of(ask.mine)
    for key, items in candidates:
        one = seen[key]
        brought = ask.brought or one.brought or one.listener.source.brought
        if not (brought and are_near_duplicates(mine, items)):
            yield key, items


def _in_sight(ids: Sequence[str], n: int, visible: Visible, seen: dict[str, Seen]) -> Iterator[str]:
    """Yield visible ids in order and add them to `seen`, checking `n` first, then 2n."""
    first = 0
    while first < len(ids):
        some = ids[first : first + n]
        seen.update(visible(some))
        yield from (one for one in some if one in seen)
        first, n = first + n, 2 * n


def only_match(ask: Ask, found: Retrieved, seen: Seen) -> Match | None:
    """Score one candidate exactly as the list does; None if `found` is empty."""
    if not found.listener_ids:
        return None
    pool = PackedCandidates(found.listener_ids, found.stored, found.contents, ask.mine)
    alone = Placed(pool.ids[0], is_double=are_near_duplicates(items_of(ask.mine), pool.items(0)))
    return _match(ask, alone, pool, 0, seen)


def n_nearer(ask: Ask, found: Retrieved, other_id: str, visible: Visible) -> int | None:
    """Number of retrieved candidates of a higher score than one of them; None if that one is not retrieved.

    Who the list leaves out is not counted: else the number would tell that they are there.
    """
    if other_id not in found.listener_ids:
        return None
    pool = PackedCandidates(found.listener_ids, found.stored, found.contents, ask.mine)
    scores = pool.scores(ask.model.ranker)
    row_of = {key: row for row, key in enumerate(pool.ids)}
    nearer = [key for key, row in row_of.items() if scores[row] > scores[row_of[other_id]]]
    seen = visible(nearer)
    return sum(1 for _ in _without_oneself(ask, ((key, pool.items(row_of[key])) for key in seen), seen))


def effects_of(ask: Ask, found: Retrieved, rests: Sequence[ListenerProfile]) -> list[Mapping[str, float]]:
    """Parts with the only candidate in `found`, less those with each of `rests` as the query profile."""
    theirs = PackedCandidates(found.listener_ids, found.stored, found.contents, ask.mine).profile(0)
    ranker = ask.model.ranker
    whole = ranker.parts(ask.mine, theirs)
    without = [ranker.parts(as_packed(one), theirs) for one in ask.model.weigh(rests)]
    return [{name: whole[name] - parts[name] for name in whole} for parts in without]


def _match(ask: Ask, placed: Placed, pool: PackedCandidates, row: int, seen: Seen) -> Match:
    theirs = pool.profile(row)
    explanation = explain(ask.model.ranker, ask.mine, theirs, ask.profile.names)
    return Match(
        listener=seen.listener,
        rank=1,
        score=explanation.score,
        percent=ask.model.calibration.percent(explanation.score, ask.mine.n_items, theirs.n_items),
        explanation=explanation,
        profile_digest=seen.profile_digest,
        is_near_duplicate=bool(placed.duplicate_of),
        is_double=placed.is_double,
        n_items=theirs.n_items,
        n_artists=theirs.n_artists,
        few=frozenset(ask.strong[digest] for digest in pool.front(row) if digest in ask.strong),
    )
