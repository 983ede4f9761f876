"""Listening that is read by a user name at ListenBrainz or Last.fm."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.domain.listening import Source
from matcher.errors import UnknownName
from matcher.ports import ServiceName, ServiceNameStore
from sources.scrobbles.history import NamedListener
from sources.scrobbles.lastfm import LastFm
from sources.scrobbles.listenbrainz import ListenBrainz


@dataclass(frozen=True, slots=True)
class NamedSources:
    """The names that listeners gave, and the services that know them."""

    names: ServiceNameStore
    listenbrainz: ListenBrainz
    lastfm: LastFm

    def named(self, source: Source, name: str, *, proven: bool) -> NamedListener:
        """Listening of a user name; nothing is asked yet.

        Raises:
            UnknownName: it can be no name, or there is no such service.
            ServiceClosed: the operator has no API key of the service.
        """
        services: dict[Source, ListenBrainz | LastFm] = {
            Source.LISTENBRAINZ: self.listenbrainz,
            Source.LASTFM: self.lastfm,
        }
        if source not in services:
            raise UnknownName("names are of ListenBrainz or Last.fm")
        return replace(services[source].named(name), proven=proven)

    def of(self, listener_id: str) -> Sequence[NamedListener]:
        """Listening of the names that a listener gave."""
        return [self.named(one.source, one.name, proven=one.proven) for one in self.names.of(listener_id)]

    def keep(self, listener_id: str, named: NamedListener) -> None:
        """Store a name in place of an earlier one, to read it again when asked to."""
        self.names.keep(listener_id, ServiceName(named.source, named.name, named.proven))
