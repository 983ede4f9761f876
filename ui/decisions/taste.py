"""What leaving out and taking back in do, and what they came to."""

from collections.abc import Callable

from matcher.consent import SeenMatch
from matcher.errors import NoCandidates
from matcher.left_out import LeftOut
from matcher.taste import TasteChange
from ui.decisions import Told
from ui.texts import taste as words
from ui.visit import Visit

N_NEAREST = 10


def nearest(visit: Visit) -> tuple[SeenMatch, ...]:
    """The ten nearest listeners as they may be seen; nobody where nobody can be found.

    Raises:
        NotSynced, StorageUnreachable: what finding them raises.
    """
    try:
        return visit.application.people.see_matches(visit.listener_id, N_NEAREST).matches
    except NoCandidates:
        return ()


def leave_out(visit: Visit, thing: LeftOut) -> Told:
    """Leave it out, and tell what moved; raises what `Tastes.leave_out` raises."""
    tastes = visit.application.tastes
    return _moved(visit, words.NOW_OUT, lambda: tastes.leave_out(visit.listener_id, thing))


def take_back(visit: Visit, thing: LeftOut) -> Told:
    """Take it back in, and tell what moved; raises what `Tastes.undo` raises."""
    tastes = visit.application.tastes
    return _moved(visit, words.BACK_IN, lambda: tastes.undo(visit.listener_id, thing))


def _moved(visit: Visit, title: str, change: Callable[[], TasteChange]) -> Told:
    before, near = visit.profile().evidence, _ids(visit)
    after, now = change().profile.evidence, _ids(visit)
    fresh = frozenset(now) - frozenset(near)
    n_moved = sum(one in near and near.index(one) != rank for rank, one in enumerate(now))
    return Told(title, words.moved(before, after, len(fresh), n_moved), fresh)


def _ids(visit: Visit) -> list[str]:
    return [one.listener_id for one in nearest(visit)]
