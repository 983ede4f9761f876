"""What a listener did with a match, in the scores that training takes."""

from dataclasses import dataclass
from enum import IntEnum

from matcher.ports import Clock, FeedbackStore


class Deed(IntEnum):
    """What was done with a match, and its score: ignored 0, clicked 1, a strong action 5.

    The scale is that of the usual two-stage recommenders, and of the pairs table of `earshot train`.
    """

    DISMISSED = 0
    OPENED = 1
    CONNECTED = 5


@dataclass(frozen=True, slots=True)
class FeedbackLog:
    """Notes what listeners do with their matches.

    Doing the same again adds nothing: a match that was opened a hundred times was opened. In the export the
    strongest deed of a pair counts, so that a match which was dismissed after all was still opened.

    Attributes:
        store: keeps it.
        clock: the time now.
    """

    store: FeedbackStore
    clock: Clock

    def note(self, listener_id: str, other_id: str, deed: Deed, model_version: str) -> bool:
        """Note a deed; whether it was news.

        Args:
            listener_id: who acted.
            other_id: on whom.
            deed: what they did.
            model_version: the model that had proposed the match: `MatchList.model_version`.

        Raises:
            ValueError: a listener acted on themselves.
            UnknownListener: either has been erased meanwhile.
        """
        if listener_id == other_id:
            raise ValueError("nobody is their own match")
        return self.store.add(listener_id, other_id, int(deed), model_version, self.clock())

    def dismissed(self, listener_id: str, model_version: str) -> frozenset[str]:
        """Whom the listener has dismissed under a model: they are not proposed again until another serves."""
        return self.store.given(listener_id, int(Deed.DISMISSED), model_version)

    def undo_dismissals(self, listener_id: str, model_version: str) -> int:
        """Take back every dismissal under a model, as if it had not been; how many."""
        return self.store.take_back(listener_id, int(Deed.DISMISSED), model_version)
