"""From retrieved candidates to matches: rank, calibrate, explain."""

from dataclasses import dataclass

from matcher.calibrate import Percent
from matcher.clones import Placed, push_clones_behind
from matcher.explain import Explanation, explain
from matcher.packed import PackedPool, as_packed, items_of, rarest
from matcher.pipeline import Pipeline
from matcher.ports import Listener, Question, Retrieved, Seen
from matcher.profile import ListenerProfile
from matcher.rank import WeighedProfile
from matcher.vectors import Floats, query_of


@dataclass(frozen=True, slots=True)
class Match:
    """A listener who hears music the way the asking one does.

    Attributes:
        listener: the other, under an alias.
        rank: from 1.
        score: in (-1, 1); the same from both sides.
        percent: what the score means, with its interval.
        explanation: what the score is made of, and what both share.
        profile_digest: tells whether the other's profile is another than it was.
        is_clone: whether it is nearly the same library as that of somebody who stands further up.
        is_double: whether it is nearly the same library as that of the one who asks.
        n_items: distinct artists and tracks of the other.
    """

    listener: Listener
    rank: int
    score: float
    percent: Percent
    explanation: Explanation
    profile_digest: str = ""
    is_clone: bool = False
    is_double: bool = False
    n_items: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Ask:
    """Somebody who asks, made ready: the model in service, the question, and what the answer is made with.

    Attributes:
        model: the model in service.
        question: what candidates are looked for by.
        profile: what is asked with; shared items are named as it names them.
        mine: the same, weighed and rounded as it is kept.
    """

    model: Pipeline
    question: Question
    profile: ListenerProfile
    mine: WeighedProfile

    @classmethod
    def of(cls, model: Pipeline, listener_id: str, profile: ListenerProfile, stored: Floats) -> "Ask":
        """Make a profile with its stored vector ready to ask with."""
        mine = as_packed(model.ranker.weigh(profile, stored))
        question = Question(listener_id, query_of(mine.stored), rarest(mine, model.ranker))
        return cls(model, question, profile, mine)


@dataclass(frozen=True, slots=True)
class RankedCandidate:
    """A candidate with its score explained; not yet known whether it may be shown."""

    listener_id: str
    percent: Percent
    explanation: Explanation
    n_items: int
    placed: Placed

    @property
    def is_clone(self) -> bool:
        """Whether somebody who stands further up has nearly the same library."""
        return bool(self.placed.clone_of)

    def match(self, seen: Seen, rank: int) -> Match:
        """The candidate as a match."""
        return Match(
            listener=seen.listener,
            rank=rank,
            score=self.explanation.score,
            percent=self.percent,
            explanation=self.explanation,
            profile_digest=seen.profile_digest,
            is_clone=self.is_clone,
            is_double=self.placed.is_double,
            n_items=self.n_items,
        )


def rank_best(ask: Ask, found: Retrieved, top_n: int) -> list[RankedCandidate]:
    """The best of the retrieved, by falling score, ties by id; clones of somebody better come last."""
    pool = PackedPool(found.listener_ids, found.stored, found.contents, ask.mine)
    scores = ask.model.ranker.scores(pool.components())
    order = sorted(range(len(scores)), key=lambda row: (-scores[row], pool.ids[row]))
    candidates = ((pool.ids[row], pool.items(row)) for row in order)
    placed = push_clones_behind(candidates, items_of(ask.mine), top_n)
    row_of = {pool.ids[row]: row for row in order}
    best = [explained(ask, one, pool.profile(row_of[one.listener_id])) for one in placed]
    return sorted(best, key=lambda one: (one.is_clone, -one.explanation.score, one.listener_id))


def explained(ask: Ask, placed: Placed, theirs: WeighedProfile) -> RankedCandidate:
    """One other with the score explained; `theirs` is rounded as it is kept."""
    explanation = explain(ask.model.ranker, ask.mine, theirs, ask.profile.names)
    percent = ask.model.calibration.percent(explanation.score, ask.mine.n_items, theirs.n_items)
    return RankedCandidate(placed.listener_id, percent, explanation, theirs.n_items, placed)
