"""Actions on exclusions, and their outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matcher.domain.consent import SeenMatch
from matcher.domain.exclusions import NOISE_COUNTS, Exclusion
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


def leave_out_noise(request: Request, before: Before) -> Outcome:
    """Leave out what is no taste; raises as `Tastes.leave_out_noise`."""
    return _outcome(words.NOW_OUT, before, request.application.tastes.leave_out_noise(request.listener_id))


def count_noise(request: Request, before: Before, *, counts: bool) -> Outcome:
    """Let what is no taste count, or hardly; raises as `Tastes.undo`."""
    tastes, key = request.application.tastes, request.listener_id
    changed = tastes.count_noise(key) if counts else tastes.undo(key, NOISE_COUNTS)
    return _outcome(words.NOISE_FULL if counts else words.NOISE_LESS, before, changed)


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
