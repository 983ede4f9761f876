"""Remembering what services answered about tracks, so that they are not asked again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from matcher.domain.audio import AudioAttributes


class AttributeCache(Protocol):
    """Answers of services about audio attributes, also that nothing is known, shared by every process.

    Raises:
        StorageUnreachable: from any method, when the database does not answer.
    """

    def answers(
        self, service: str, keys: Sequence[str], since: datetime
    ) -> Mapping[str, AudioAttributes | None]:
        """What a service answered, by key; None where it knew nothing. Keys it was not asked for are absent.

        Args:
            service: which service; each has its own answers.
            keys: look-up keys of tracks (see `lookup_keys`).
            since: answers from before this moment are not looked at.
        """
        ...

    def keep(self, service: str, answers: Mapping[str, AudioAttributes | None], now: datetime) -> None:
        """Keep answers by look-up key, in place of earlier ones."""
        ...
