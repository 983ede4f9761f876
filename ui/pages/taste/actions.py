"""What leaving out and putting back do, and what they came to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matcher.domain.consent import SeenMatch
from matcher.domain.exclusions import Exclusion
from matcher.domain.profile import Evidence
from matcher.taste.service import TasteChange
from ui.actions.outcome import Outcome
from ui.pages.taste import words
from ui.request import Request

N_NEAREST = 10


@dataclass(frozen=True, slots=True)
class Before:
    """What a page showed when its buttons were drawn: the evidence, and ids of the nearest, best first."""

    evidence: Evidence
    near: tuple[str, ...]


def leave_out(request: Request, thing: Exclusion, before: Before) -> Outcome:
    """Leave it out; what moved is shown when the page is drawn. Raises what `Tastes.leave_out` raises."""
    changed = request.application.tastes.leave_out(request.listener_id, thing)
    return _outcome(words.NOW_OUT, before, changed)


def put_back(request: Request, thing: Exclusion, before: Before) -> Outcome:
    """Put it back; what moved is shown when the page is drawn. Raises what `Tastes.undo` raises."""
    return _outcome(words.BACK_IN, before, request.application.tastes.undo(request.listener_id, thing))


def _outcome(title: str, before: Before, changed: TasteChange) -> Outcome:
    return Outcome(title, finish=partial(_moved, title, before, changed.profile.evidence))


def _moved(title: str, before: Before, after: Evidence, nearest: Sequence[SeenMatch]) -> Outcome:
    """All of it, with the nearest as they are now."""
    now, near = [one.listener_id for one in nearest], before.near
    fresh = frozenset(now) - frozenset(near)
    n_moved = sum(one in near and near.index(one) != rank for rank, one in enumerate(now))
    return Outcome(title, words.moved(before.evidence, after, len(fresh), n_moved), fresh)
