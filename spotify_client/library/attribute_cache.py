"""What a service answered about tracks, by Spotify id, for as long as it is believed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from matcher.domain.audio import AudioAttributes
from matcher.ports import AttributeCache, Clock, lookup_keys

Answers = dict[str, AudioAttributes | None]
"""Attributes by Spotify id; None where the service knows nothing."""


@dataclass(frozen=True, slots=True)
class CachedAnswers:
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

    def attributes(
        self, ids: Mapping[str, str], ask: Callable[[list[str]], Answers]
    ) -> Mapping[str, AudioAttributes]:
        """Attributes of tracks, those that are not cached being asked for.

        Args:
            ids: Spotify ids by canonical track key.
            ask: the service's answers about some of the ids; what it gives is cached.

        Returns:
            attributes by canonical track key, where the service has any.

        Raises:
            StorageUnreachable: the cache does not answer; or whatever `ask` raises.
        """
        cache_keys = {one: lookup_keys(track_id=one)[0] for one in ids.values()}
        cached = self.cache.answers(self.service, list(cache_keys.values()), self.clock() - self.ttl)
        answers = {one: cached[key] for one, key in cache_keys.items() if key in cached}
        if unknown := [one for one in ids.values() if one not in answers]:
            new = ask(unknown)
            self.cache.keep(
                self.service, {cache_keys[one]: found for one, found in new.items()}, self.clock()
            )
            answers |= new
        return {key: found for key, one in ids.items() if (found := answers.get(one)) is not None}
