"""Actions on exclusions, and their outcomes."""

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
    """Evidence, and ids of the nearest listeners, when the buttons were drawn."""

    evidence: Evidence
    near: tuple[str, ...]


def leave_out(request: Request, thing: Exclusion, before: Before) -> Outcome:
    """Add an exclusion; raises as `Tastes.leave_out`."""
    changed = request.application.tastes.leave_out(request.listener_id, thing)
    return _outcome(words.NOW_OUT, before, changed)


def put_back(request: Request, thing: Exclusion, before: Before) -> Outcome:
    """Remove an exclusion; raises as `Tastes.undo`."""
    return _outcome(words.BACK_IN, before, request.application.tastes.undo(request.listener_id, thing))


def _outcome(title: str, before: Before, changed: TasteChange) -> Outcome:
    return Outcome(title, finish=partial(_moved, title, before, changed.profile.evidence))


def _moved(title: str, before: Before, after: Evidence, nearest: Sequence[SeenMatch]) -> Outcome:
    """The complete outcome, with the present nearest listeners."""
    now, near = [one.listener_id for one in nearest], before.near
    fresh = frozenset(now) - frozenset(near)
    n_moved = sum(one in near and near.index(one) != rank for rank, one in enumerate(now))
    return Outcome(title, words.moved(before.evidence, after, len(fresh), n_moved), fresh)
