"""What leaving out and taking back in do, and what they came to."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.domain.consent import SeenMatch
from matcher.domain.exclusions import Exclusion
from matcher.domain.profile import Evidence
from matcher.taste.service import TasteChange
from ui.actions.outcome import Told
from ui.pages.taste import words
from ui.request import Request

N_NEAREST = 10


@dataclass(frozen=True, slots=True)
class Before:
    """What a page showed when its buttons were drawn.

    Attributes:
        evidence: on what the profile rested.
        near: ids of the nearest, the nearest first.
    """

    evidence: Evidence
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What a change of taste did, before it is known whom the matches are now.

    Attributes:
        title: a few words.
        before: what was there.
        after: on what the profile rests now.
    """

    title: str
    before: Before
    after: Evidence

    def told(self, nearest: Sequence[SeenMatch]) -> Told:
        """All of it, with the nearest as they are now."""
        now, near = [one.listener_id for one in nearest], self.before.near
        fresh = frozenset(now) - frozenset(near)
        n_moved = sum(one in near and near.index(one) != rank for rank, one in enumerate(now))
        return Told(self.title, words.moved(self.before.evidence, self.after, len(fresh), n_moved), fresh)


def leave_out(request: Request, thing: Exclusion, before: Before) -> Told:
    """Leave it out; what moved is told when the page is drawn. Raises what `Tastes.leave_out` raises."""
    changed = request.application.tastes.leave_out(request.listener_id, thing)
    return _told(words.NOW_OUT, before, changed)


def take_back(request: Request, thing: Exclusion, before: Before) -> Told:
    """Take it back in; what moved is told when the page is drawn. Raises what `Tastes.undo` raises."""
    return _told(words.BACK_IN, before, request.application.tastes.undo(request.listener_id, thing))


def _told(title: str, before: Before, changed: TasteChange) -> Told:
    return Told(title, finish=Moved(title, before, changed.profile.evidence).told)
