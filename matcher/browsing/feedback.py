"""Feedback on matches, in the scores that training uses."""

from dataclasses import dataclass
from enum import IntEnum

from matcher.ports import Clock, FeedbackStore


class FeedbackAction(IntEnum):
    """Action on a match, valued by its score: ignored 0, clicked 1, strong 5.

    This is the usual scale of two-stage recommenders, and that of the pairs table of `earshot train`.
    """

    DISMISSED = 0
    OPENED = 1
    CONNECTED = 5


@dataclass(frozen=True, slots=True)
class FeedbackLog:
    """Records what listeners do with their matches.

    Repeating an action adds nothing. The export keeps the highest score of a pair: a match that was opened
    and then dismissed counts as opened.
    """

    store: FeedbackStore
    clock: Clock

    def note(self, listener_id: str, other_id: str, action: FeedbackAction, model_version: str) -> bool:
        """Record an action on a match; whether it is new.

        `model_version` is the model that proposed the match.

        Raises:
            ValueError: both ids are the same.
            UnknownListener: one of the two has been erased.
        """
        if listener_id == other_id:
            raise ValueError("nobody is their own match")
        return self.store.add(listener_id, other_id, int(action), model_version, self.clock())

    def dismissed(self, listener_id: str, model_version: str) -> frozenset[str]:
        """Ids dismissed under a model; not proposed again while that model serves."""
        return self.store.given(listener_id, int(FeedbackAction.DISMISSED), model_version)

    def undo_dismissals(self, listener_id: str, model_version: str) -> int:
        """Delete all dismissals under a model and return their number."""
        return self.store.take_back(listener_id, int(FeedbackAction.DISMISSED), model_version)
