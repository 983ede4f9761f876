"""From retrieved candidates to matches: rank, calibrate, explain."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from matcher.domain.calibration import Percent
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import Floats, query_of
from matcher.pipeline import Pipeline
from matcher.ports import Listener, Question, Retrieved, Seen
from matcher.scoring.components import WeighedProfile
from matcher.scoring.explain import Explanation, explain
from matcher.scoring.near_duplicates import Placed, are_near_duplicates, push_near_duplicates_behind
from matcher.scoring.packed_candidates import PackedCandidates, as_packed, items_of, rarest
from matcher.scoring.preview import strong_of

Visible = Callable[[Sequence[str]], Mapping[str, Seen]]
"""Tells who of some may be seen, by id."""

FIRST_LOOK = 3
"""For each wanted match, so many of the best are asked about at first: some are hidden or duplicates."""


@dataclass(frozen=True, slots=True)
class Match:
    """A listener who hears music the way the asking one does.

    Attributes:
        listener: the other, under an alias.
        rank: from 1.
        score: in (-1, 1), of all of one's own with what the other shows; the same from both sides where both
            show everything.
        percent: what the score means, with its interval.
        explanation: what the score is made of, and what both share.
        profile_digest: tells whether what the other shows is another than it was.
        is_near_duplicate: whether it is nearly the same library as that of somebody who stands further up.
        is_double: whether it is nearly the same library as that of the one who asks.
        n_items: distinct artists and tracks of the other.
        n_artists: distinct artists, of these; None where that is not known.
        few: kind and key of what of the shared a stranger may be told of (see `matcher.scoring.preview`).
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
    """Somebody who asks, made ready: the model in service, the question, and what the answer is made with.

    Attributes:
        model: the model in service.
        question: what candidates are looked for by.
        profile: what is asked with; shared items are named as it names them.
        mine: the same, weighed and rounded as it is kept.
        strong: what is strong in it, kind and key by digest.
    """

    model: Pipeline
    question: Question
    profile: ListenerProfile
    mine: WeighedProfile
    strong: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, model: Pipeline, listener_id: str, profile: ListenerProfile, stored: Floats) -> "Ask":
        """Make a profile with its stored vector ready to ask with."""
        mine = as_packed(model.ranker.weigh(profile, stored))
        question = Question(listener_id, query_of(mine.stored), rarest(mine, model.ranker))
        return cls(model, question, profile, mine, strong_of(mine.bags))


def best_matches(ask: Ask, found: Retrieved, top_n: int, visible: Visible) -> tuple[Match, ...]:
    """The best of the retrieved who may be seen, by falling score, ties by id; near-duplicates come last.

    Args:
        ask: who asks.
        found: the retrieved, whether they may be seen or not.
        top_n: how many at most.
        visible: tells who of some may be seen; asked of the best first, and of no more than needed.
    """
    if not found.listener_ids:
        return ()
    pool = PackedCandidates(found.listener_ids, found.stored, found.contents, ask.mine)
    scores = ask.model.ranker.scores(pool.components())
    order = sorted(range(len(scores)), key=lambda row: (-scores[row], pool.ids[row]))
    row_of = {pool.ids[row]: row for row in order}
    seen: dict[str, Seen] = {}
    in_sight = _in_sight(list(row_of), FIRST_LOOK * top_n, visible, seen)
    candidates = ((key, pool.items(row_of[key])) for key in in_sight)
    placed = push_near_duplicates_behind(candidates, items_of(ask.mine), top_n)
    best = [_match(ask, one, pool, row_of[one.listener_id], seen[one.listener_id]) for one in placed]
    best.sort(key=lambda one: (one.is_near_duplicate, -one.score, one.listener.listener_id))
    return tuple(replace(one, rank=rank) for rank, one in enumerate(best, start=1))


def _in_sight(ids: Sequence[str], n: int, visible: Visible, seen: dict[str, Seen]) -> Iterator[str]:
    """Those who may be seen, in their order, noted in `seen`; looked up `n` at first, then twice as many."""
    first = 0
    while first < len(ids):
        some = ids[first : first + n]
        seen.update(visible(some))
        yield from (one for one in some if one in seen)
        first, n = first + n, 2 * n


def only_match(ask: Ask, found: Retrieved, seen: Seen) -> Match | None:
    """One other as a match, from what the list is made of, so that both tell the same; None of nobody."""
    if not found.listener_ids:
        return None
    pool = PackedCandidates(found.listener_ids, found.stored, found.contents, ask.mine)
    alone = Placed(pool.ids[0], is_double=are_near_duplicates(items_of(ask.mine), pool.items(0)))
    return _match(ask, alone, pool, 0, seen)


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
