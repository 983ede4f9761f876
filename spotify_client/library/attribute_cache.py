"""Cache of a service's answers about tracks, by Spotify id."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from matcher.domain.audio import AudioAttributes
from matcher.ports import AttributeCache, Clock, lookup_keys

Answers = dict[str, AudioAttributes | None]
"""Attributes by Spotify id; None if the service does not know the track."""


@dataclass(frozen=True, slots=True)
class CachedAnswers:
    """Cached answers of one service, "not known" included, valid for `ttl`."""

    cache: AttributeCache
    service: str
    ttl: timedelta
    clock: Clock

    def attributes(
        self, ids: Mapping[str, str], ask: Callable[[list[str]], Answers]
    ) -> Mapping[str, AudioAttributes]:
        """Attributes by canonical track key, from the cache or else from `ask`.

        Unknown tracks are absent.

        Args:
            ids: Spotify ids by canonical track key.
            ask: asks the service about uncached ids; its answers are cached.

        Raises:
            StorageUnreachable: the cache does not respond; also whatever `ask` raises.
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
