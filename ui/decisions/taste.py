"""What leaving out and taking back in do, and what they came to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matcher.consent import SeenMatch
from matcher.left_out import LeftOut
from matcher.profile import Evidence
from matcher.taste import TasteChange
from ui.decisions import Told
from ui.texts import taste as words
from ui.visit import Visit

N_NEAREST = 10


@dataclass(frozen=True, slots=True)
class Moved:
    """What a change of taste did, before it is known whom the matches are now.

    Attributes:
        title: a few words.
        before, after: on what the profile rested, and rests now.
        near: ids of the nearest before.
    """

    title: str
    before: Evidence
    after: Evidence
    near: tuple[str, ...]

    def told(self, nearest: Sequence[SeenMatch]) -> Told:
        """All of it, with the nearest as they are now."""
        now = [one.listener_id for one in nearest]
        fresh = frozenset(now) - frozenset(self.near)
        n_moved = sum(one in self.near and self.near.index(one) != rank for rank, one in enumerate(now))
        return Told(self.title, words.moved(self.before, self.after, len(fresh), n_moved), fresh)


def leave_out(visit: Visit, thing: LeftOut) -> Told:
    """Leave it out; what moved is told when the page is drawn. Raises what `Tastes.leave_out` raises."""
    tastes = visit.application.tastes
    return _moved(visit, words.NOW_OUT, lambda: tastes.leave_out(visit.listener_id, thing))


def take_back(visit: Visit, thing: LeftOut) -> Told:
    """Take it back in; what moved is told when the page is drawn. Raises what `Tastes.undo` raises."""
    tastes = visit.application.tastes
    return _moved(visit, words.BACK_IN, lambda: tastes.undo(visit.listener_id, thing))


def _moved(visit: Visit, title: str, change: Callable[[], TasteChange]) -> Told:
    before, near = visit.profile().evidence, tuple(one.listener_id for one in visit.nearest(N_NEAREST))
    moved = Moved(title, before, change().profile.evidence, near)
    return Told(title, finish=moved.told)
