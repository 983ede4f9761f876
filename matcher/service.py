"""The use cases: connect, refresh, find matches, forget."""

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from matcher.alias import make_alias
from matcher.calibrate import Percent
from matcher.errors import NoCandidates, NoMusic, NotSynced, UnknownListener
from matcher.explain import Explanation, explain
from matcher.library import build_library
from matcher.listening import Listening, Source
from matcher.pipeline import Pipeline
from matcher.ports import (
    Account,
    AttributeProvider,
    Candidate,
    Clock,
    ErasureReceipt,
    Listener,
    ListenerStore,
    ListeningSource,
    Neighbour,
    Progress,
    Report,
)
from matcher.profile import Evidence, ListenerProfile, build_profile
from matcher.rank import WeighedProfile
from matcher.taste import Tastes
from matcher.vectors import Floats, query_of

Weighed = tuple[ListenerProfile, WeighedProfile]

RETRIEVED = 200
"""Candidates that are ranked, the nearest by vector."""
BATCH = 512
"""Profiles embedded and kept at a time in bulk work."""


@dataclass(frozen=True, slots=True)
class Match:
    """A listener who hears music the way the asking one does.

    Attributes:
        listener: the other, under an alias.
        rank: from 1.
        score: in (-1, 1); the same from both sides.
        percent: what the score means, with its interval.
        explanation: what the score is made of, and what both share.
    """

    listener: Listener
    rank: int
    score: float
    percent: Percent
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class MatchList:
    """Matches of one listener, best first, and what they rest on."""

    matches: tuple[Match, ...]
    evidence: Evidence
    n_candidates: int
    synced_at_utc: datetime | None
    model_version: str


@dataclass(frozen=True, slots=True)
class RefreshOutcome:
    """What a refresh did: whether the profile changed, and the profile as it is now."""

    changed: bool
    profile: ListenerProfile


def _silent(_: Progress) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class MatchingService:
    """Connects listeners and finds who hears music the way they do.

    Attributes:
        store: listeners, profiles, vectors.
        model: gives the model in service; raises ModelMissing or ModelBroken.
        attributes: audio attributes of tracks.
        clock: the time now.
        rng: for aliases only.
        tastes: keeps what was read, and knows what of it counts.
    """

    store: ListenerStore
    model: Callable[[], Pipeline]
    attributes: AttributeProvider
    clock: Clock
    rng: random.Random
    tastes: Tastes

    def connect_listener(self, account: Account, source: Source = Source.SPOTIFY_API) -> Listener:
        """The listener who owns `account`, made on first sight, hidden until they say otherwise."""
        return self.store.connect(account, source, make_alias(self.rng), self.clock())

    def refresh_listener(
        self, listener_id: str, source: ListeningSource, report: Report = _silent
    ) -> RefreshOutcome:
        """Read the listener's library again and bring profile and vector up to date, without retraining.

        Nothing is written unless everything was read, embedded and kept in one go.

        Raises:
            NoMusic: the library has no artist and no track.
            NothingLeft: everything in it is left out.
            EarshotError: whatever reading, the model or the store raise.
        """
        self.model()  # without one, nothing is to be fetched
        listening = source.fetch(listener_id, report)
        report(Progress("profile"))
        library = build_library(listening, self.attributes.attributes(listening))
        if library.is_empty:
            raise NoMusic("the library has no artist and no track")
        report(Progress("embed"))
        kept = self.tastes.keep(listener_id, library)
        return RefreshOutcome(kept.changed, kept.profile)

    def find_matches(self, listener_id: str, top_n: int = 20) -> MatchList:
        """The listeners nearest in the shared space, with what is shared.

        Raises:
            UnknownListener: there is no such listener.
            NotSynced: the library was not read yet.
            NoCandidates: nobody else can be found under the model in service.
        """
        if self.store.listener(listener_id) is None:
            raise UnknownListener("there is no such listener")
        profile = self.store.profile(listener_id)
        if profile is None:
            raise NotSynced("the library was not read yet")
        matches = self._matches(listener_id, profile, top_n)
        version = self.model().embedder.model_version
        return MatchList(
            matches=matches,
            evidence=profile.evidence,
            n_candidates=self.store.n_candidates(version),
            synced_at_utc=self.store.synced_at_utc(listener_id),
            model_version=version,
        )

    def listener(self, listener_id: str) -> Listener | None:
        """The listener, or None."""
        return self.store.listener(listener_id)

    def forget_listener(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about a listener."""
        return self.store.forget(listener_id)

    def import_candidates(
        self,
        listenings: Iterable[Listening],
        account_of: Callable[[Listening], Account],
        report: Report = _silent,
    ) -> int:
        """Make listeners from listening in bulk, embedded and discoverable; how many.

        Listeners without music are left out.
        """
        embedder, done = self.model().embedder, 0
        for batch in _batches(listenings, BATCH):
            profiles = [build_profile(one, self.attributes.attributes(one)) for one in batch]
            pairs = [(one, p) for one, p in zip(batch, profiles, strict=True) if not p.is_empty]
            stored = embedder.embed([profile for _, profile in pairs]).stored
            candidates = [
                Candidate(account_of(one), profile, row)
                for (one, profile), row in zip(pairs, stored, strict=True)
            ]
            aliases = [make_alias(self.rng) for _ in candidates]
            done += self.store.add_candidates(candidates, aliases, embedder.model_version, self.clock())
            report(Progress("embed", done))
        self.store.index_vectors(embedder.model_version)
        return done

    def _matches(self, listener_id: str, mine: ListenerProfile, top_n: int) -> tuple[Match, ...]:
        model = self.model()
        stored = self._vector(listener_id, mine)
        found = self.store.nearest(
            query_of(stored), max(top_n, RETRIEVED), model.embedder.model_version, exclude=listener_id
        )
        if not found:
            raise NoCandidates("nobody to be matched with yet")
        me = model.ranker.weigh(mine, stored)
        scored = sorted(self._scored(model, me, found), key=lambda one: (-one[0], one[1]))[:top_n]
        listeners = self.store.listeners([key for _, key, _ in scored])
        alive = [one for one in scored if one[1] in listeners]
        return tuple(
            _match(model, me, mine, listeners[key], rank, theirs)
            for rank, (_, key, theirs) in enumerate(alive, start=1)
        )

    def _scored(
        self, model: Pipeline, me: WeighedProfile, found: Sequence[Neighbour]
    ) -> Iterator[tuple[float, str, Weighed]]:
        """Score, id, and profile with its weighed form, of every candidate that is still there."""
        ids = [one.listener_id for one in found]
        profiles = self.store.profiles(ids)
        vectors = self.store.vectors(ids, model.embedder.model_version)
        for key in ids:
            if key in profiles and key in vectors:
                weighed = model.ranker.weigh(profiles[key], vectors[key])
                yield model.ranker.score(me, weighed), key, (profiles[key], weighed)

    def _vector(self, listener_id: str, profile: ListenerProfile) -> Floats:
        """The stored vector under the model in service; made, and kept, when only another version's is."""
        embedder = self.model().embedder
        found = self.store.vector(listener_id, embedder.model_version)
        if found is not None:
            return found
        stored: Floats = embedder.embed([profile]).stored[0]
        self.store.save_profile(listener_id, profile, stored, embedder.model_version, self.clock())
        return stored


def _match(
    model: Pipeline,
    me: WeighedProfile,
    mine: ListenerProfile,
    listener: Listener,
    rank: int,
    theirs: Weighed,
) -> Match:
    profile, weighed = theirs
    explanation = explain(model.ranker, me, weighed, {**profile.names, **mine.names})
    percent = model.calibration.percent(explanation.score, me.n_items, weighed.n_items)
    return Match(listener, rank, explanation.score, percent, explanation)


def _batches(listenings: Iterable[Listening], size: int) -> Iterator[list[Listening]]:
    rows = iter(listenings)
    while batch := list(islice(rows, size)):
        yield batch
