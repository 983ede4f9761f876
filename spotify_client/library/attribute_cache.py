"""What a service answered about tracks, by Spotify id, for as long as it is believed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from matcher.domain.audio import AudioAttributes
from matcher.ports import AttributeCache, Clock, lookup_keys

Answers = dict[str, AudioAttributes | None]
"""Attributes by Spotify id; None where the service knows nothing."""


@dataclass(frozen=True, slots=True)
class RememberedAnswers:
    """The answers of one service, in the cache that every process shares.

    Attributes:
        cache: keeps them.
        service: which service.
        ttl: how long an answer, also "not known", is believed.
        clock: the time now.
    """

    cache: AttributeCache
    service: str
    ttl: timedelta
    clock: Clock

    def known(self, track_ids: Iterable[str]) -> Answers:
        """The answers that are believed still, of those tracks that were asked for.

        Raises:
            StorageUnreachable: the cache does not answer.
        """
        key_of = {one: _key(one) for one in track_ids}
        kept = self.cache.answers(self.service, list(key_of.values()), self.clock() - self.ttl)
        return {one: kept[key] for one, key in key_of.items() if key in kept}

    def keep(self, answers: Mapping[str, AudioAttributes | None]) -> None:
        """Remember answers from now on.

        Raises:
            StorageUnreachable: the cache does not answer.
        """
        by_key = {_key(one): found for one, found in answers.items()}
        self.cache.keep(self.service, by_key, self.clock())


def _key(track_id: str) -> str:
    return lookup_keys(track_id=track_id)[0]
