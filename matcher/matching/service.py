"""Use cases of matching: connect, refresh, find matches, forget."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice

from matcher.domain.alias import make_alias
from matcher.domain.library import build_library, build_profile
from matcher.domain.listening import Listening, Source, once_each
from matcher.domain.profile import Evidence, ListenerProfile
from matcher.domain.shown import n_evidence
from matcher.domain.vectors import Floats
from matcher.embedding import embed_profiles
from matcher.errors import NoCandidates, NoMusic, NotSynced, TooFewArtists, UnknownListener
from matcher.matching.matches import Ask, Match, best_matches, effects_of, n_nearer, only_match
from matcher.pipeline import Pipeline
from matcher.ports import (
    Account,
    AttributeProvider,
    Candidate,
    Clock,
    ErasureReceipt,
    Known,
    Listener,
    ListenerStore,
    ListeningSource,
    Progress,
    Report,
    Retrieved,
    Seen,
    silent,
)
from matcher.scoring.candidates import RETRIEVED
from matcher.scoring.packed_candidates import PackedProfile
from matcher.taste.service import TasteChange, Tastes

__all__ = ["BATCH", "Glimpse", "Imported", "ItemId", "Match", "MatchList", "MatchingService", "ProfileBatch"]

BATCH = 512  # profiles embedded and stored at a time in bulk work


@dataclass(frozen=True, slots=True)
class MatchList:
    """Matches of one listener, best first, and what they are based on.

    Attributes:
        evidence: of the query profile.
        n_candidates: everyone who can be found; an estimate if they are many.
        synced_at_utc: when the library was read.
        profile_digest: changes with the listener's profile.
    """

    matches: tuple[Match, ...]
    evidence: Evidence
    n_candidates: int
    synced_at_utc: datetime | None
    model_version: str
    profile_digest: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """Result of an import."""

    n_kept: int  # listeners stored
    n_findable: int  # those with enough artists to be found


ItemId = tuple[str, str]  # kind ("artists", "tracks" or "tags") and canonical key
ProfileBatch = Sequence[tuple[Listening, ListenerProfile]]
Glimpse = Callable[[ListenerProfile], None]  # receives a partial profile during a refresh; must return soon


@dataclass(frozen=True, slots=True)
class MatchingService:
    """Connects accounts, refreshes libraries and finds matches."""

    store: ListenerStore
    model: Callable[[], Pipeline]  # in service; raises ModelMissing or ModelBroken
    attributes: AttributeProvider
    clock: Clock
    rng: random.Random  # for aliases only
    tastes: Tastes

    def connect_listener(self, account: Account, source: Source = Source.SPOTIFY_API) -> Listener:
        """The listener of `account`; a new one is created, hidden until they choose."""
        return self.store.connect(account, source, make_alias(self.rng), self.clock())

    def owner_of(self, account: Account) -> str | None:
        """Id of the listener of `account`, or None; creates nobody."""
        return self.store.owner_of(account)

    def change_account(self, listener_id: str, account: Account) -> None:
        """Let another account sign in as a listener; raises as `ListenerStore.change_account`."""
        self.store.change_account(listener_id, account, self.clock())

    def account_of(self, listener_id: str) -> Account | None:
        """The account that a listener signs in with; to be shown to its owner only."""
        return self.store.account_of(listener_id)

    def refresh_listener(
        self,
        listener_id: str,
        source: ListeningSource,
        report: Report = silent,
        glimpse: Glimpse | None = None,
    ) -> TasteChange:
        """Read the library again and update profile and vector, without retraining.

        Nothing is written unless everything was read and embedded. `glimpse` receives the profile so far
        after each part of the library, without audio; it is not stored.

        Raises:
            NoMusic: the library has no artist and no track.
            NothingLeft: everything in it is excluded.
            EarshotError: reading, the model or the store failed.
        """
        self.model()  # without a model, fail before any call to Spotify
        listening = _fetch(source, listener_id, report, glimpse)
        report(Progress("profile"))
        library = build_library(listening, self.attributes.attributes(listening))
        if library.is_empty:
            raise NoMusic("the library has no artist and no track")
        return self.tastes.keep(listener_id, library, lambda evidence: _tell_understood(evidence, report))

    def find_matches(
        self, listener_id: str, top_n: int = 20, asking: ListenerProfile | None = None
    ) -> MatchList:
        """Find the nearest listeners and what they share with this one.

        `asking` is a query profile in place of the listener's own: one facet, or what a first refresh has
        read so far.

        Raises:
            UnknownListener: there is no such listener.
            NotSynced: the library was not read yet, and there is no `asking`.
            TooFewArtists: the query profile is too small.
            NoCandidates: nobody else can be found under the model in service.
        """
        model = self.model()
        known, mine = self._read(model, listener_id, asking)
        profile, stored = self._asking(model, listener_id, known, mine, asking)
        matches = self._matches(Ask.of(model, listener_id, profile, stored, brought=known.brought), top_n)
        return self._list(model, known, profile, matches)

    def find_match(self, listener_id: str, other_id: str) -> MatchList:
        """Score one other listener, near or far: a list of one.

        Raises:
            UnknownListener: there is no such listener; or the other is unknown, not visible, without a vector
                of this model, or shows too little to be found.
            NotSynced: the library was not read yet.
            TooFewArtists: the profile is too small.
        """
        ask, known = self._ask(listener_id)
        return self._list(ask.model, known, ask.profile, (self._match(ask, other_id),))

    def n_nearer(self, listener_id: str, other_id: str) -> int | None:
        """Number of listeners who are nearer than another; None if that one is not among the nearest.

        Counted among the listeners that the list is ranked from, without those whom it never shows.

        Raises:
            EarshotError: as `find_match`.
        """
        ask, _ = self._ask(listener_id)
        found = self.store.retrieve(ask.question, RETRIEVED, ask.model.embedder.model_version)
        return n_nearer(ask, found, other_id, partial(self.store.visible, listener_id))

    def effects(
        self, listener_id: str, other_id: str, items: Sequence[ItemId]
    ) -> Mapping[ItemId, Mapping[str, float]]:
        """Parts of the likeness with another listener, less those without each item (leave-one-out).

        "Without" is what excluding the item does: the listener's profile is built, embedded and weighed
        again; the other's shown view is unchanged. So the sum over the components is exactly what the
        likeness would lose. Effects of several items need not add up: two items can say the same, and an
        artist goes with their tracks. Empty if the library is not kept any more, or the other shows too
        little to be found.

        Raises:
            EarshotError: as `find_match`.
        """
        ask, _ = self._ask(listener_id)
        _, found = self._row(ask, other_id)
        if not found.listener_ids:  # hidden since the match was shown
            return {}
        try:
            rests = self.tastes.without_each(listener_id, items)
        except NotSynced:
            return {}
        return dict(zip(items, effects_of(ask, found, rests), strict=True))

    def listener(self, listener_id: str) -> Listener | None:
        """Look up a listener by id; None if unknown."""
        return self.store.listener(listener_id)

    def shown_profile(self, listener_id: str) -> ListenerProfile | None:
        """What others may find of a listener's profile; None if nothing is stored."""
        return self.store.shown_profiles([listener_id]).get(listener_id)

    def shows_enough(self, listener_id: str) -> bool:
        """Whether a listener shows enough to be found; True before the first refresh."""
        shown = self.shown_profile(listener_id)
        return shown is None or n_evidence(shown) >= self.tastes.least

    def forget_listener(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about a listener."""
        receipt = self.store.forget(listener_id)
        self.tastes.forget(listener_id)
        return receipt

    def remove_imported(self, source: Source, report: Report = silent) -> int:
        """Erase all imported listeners of a source as whom nobody has signed in; return how many."""
        n_removed = 0
        while n := self.store.forget_imported(source, BATCH):
            n_removed += n
            report(Progress("remove", n_removed))
        return n_removed

    def import_candidates(
        self,
        listenings: Iterable[Listening],
        account_of: Callable[[Listening], Account],
        report: Report = silent,
    ) -> Imported:
        """Create discoverable listeners in bulk.

        Listeners without music are skipped; those with too few artists are stored without a vector.
        `listenings` should be of one source: audio attributes are requested for a batch at once.
        """
        return self.add_candidates(self.profiles_of(listenings), account_of, report)

    def profiles_of(self, listenings: Iterable[Listening]) -> Iterator[ProfileBatch]:
        """Build profiles in batches; needs no model. Listeners without music are skipped."""
        for batch in _batches(listenings, BATCH):
            known = self.attributes.attributes(_together(batch))
            profiles = [build_profile(one, known) for one in batch]
            yield [(one, p) for one, p in zip(batch, profiles, strict=True) if not p.is_empty]

    def add_candidates(
        self,
        batches: Iterable[ProfileBatch],
        account_of: Callable[[Listening], Account],
        report: Report = silent,
    ) -> Imported:
        """Embed profiles and store them as `import_candidates` does."""
        model, n_kept, n_small = self.model(), 0, 0
        version = model.embedder.model_version
        for pairs in batches:
            rows = embed_profiles(model, [profile for _, profile in pairs])
            candidates = [
                self._candidate(account_of(one), profile, *row)
                for (one, profile), row in zip(pairs, rows, strict=True)
            ]
            aliases = [make_alias(self.rng) for _ in candidates]
            n_kept += self.store.add_candidates(candidates, aliases, version, self.clock())
            n_small += sum(one.stored is None for one in candidates)
            report(Progress("embed", n_kept))
        self.store.index_vectors(version)
        return Imported(n_kept, max(n_kept - n_small, 0))

    def _candidate(
        self, account: Account, profile: ListenerProfile, stored: Floats, packed: PackedProfile
    ) -> Candidate:
        if n_evidence(profile) < self.tastes.least:
            return Candidate(account, profile, None)
        return Candidate(account, profile, stored, packed)

    def _read(
        self, model: Pipeline, listener_id: str, instead: ListenerProfile | None = None
    ) -> tuple[Known, ListenerProfile]:
        known = self.store.known(listener_id, model.embedder.model_version)
        if known is None:
            raise UnknownListener("there is no such listener")
        profile = known.profile or instead
        if profile is None:
            raise NotSynced("the library was not read yet")
        return known, profile

    def _list(
        self, model: Pipeline, known: Known, profile: ListenerProfile, matches: tuple[Match, ...]
    ) -> MatchList:
        version = model.embedder.model_version
        return MatchList(
            matches=matches,
            evidence=profile.evidence,
            n_candidates=self.store.n_candidates(version),
            synced_at_utc=known.synced_at_utc,
            model_version=version,
            profile_digest=known.profile_digest,
        )

    def _asking(
        self,
        model: Pipeline,
        listener_id: str,
        known: Known,
        mine: ListenerProfile,
        asking: ListenerProfile | None,
    ) -> tuple[ListenerProfile, Floats]:
        """Query profile and vector, embedded if missing; raises TooFewArtists."""
        n = n_evidence(asking or mine)
        if n < self.tastes.least:
            raise TooFewArtists("too few artists to be matched on", n, self.tastes.least)
        if asking is not None:
            return asking, embed_profiles(model, [asking])[0][0]
        if known.stored is not None and known.shown_digest:
            return mine, known.stored
        new = self.tastes.renew(listener_id)
        if new is None or new.stored is None:
            raise NotSynced("the library was not read yet")
        return new.profile, new.stored

    def _ask(self, listener_id: str) -> tuple[Ask, Known]:
        """A listener's own profile as a query; raises UnknownListener, NotSynced or TooFewArtists."""
        model = self.model()
        known, mine = self._read(model, listener_id)
        profile, stored = self._asking(model, listener_id, known, mine, None)
        return Ask.of(model, listener_id, profile, stored, brought=known.brought), known

    def _matches(self, ask: Ask, top_n: int) -> tuple[Match, ...]:
        found = self.store.retrieve(ask.question, max(top_n, RETRIEVED), ask.model.embedder.model_version)
        # visibility is checked after retrieval: who hid or blocked meanwhile is not shown
        matches = best_matches(ask, found, top_n, partial(self.store.visible, ask.question.listener_id))
        if top_n > 0 and not matches:
            raise NoCandidates("nobody to be matched with yet")
        return matches

    def _match(self, ask: Ask, other_id: str) -> Match:
        seen, found = self._row(ask, other_id)
        match = only_match(ask, found, seen)
        if match is None:
            raise UnknownListener("there is nobody to be seen")
        return match

    def _row(self, ask: Ask, other_id: str) -> tuple[Seen, Retrieved]:
        """Another listener's stored row, empty without a vector of this model."""
        seen = self.store.visible(ask.question.listener_id, [other_id]).get(other_id)
        if seen is None:  # before reading their profile: response times must not reveal who hides
            raise UnknownListener("there is nobody to be seen")
        return seen, self.store.kept(other_id, ask.model.embedder.model_version)


def _fetch(source: ListeningSource, listener_id: str, report: Report, glimpse: Glimpse | None) -> Listening:
    if glimpse is None:
        return source.fetch(listener_id, report)

    def show(listening: Listening) -> None:
        profile = build_profile(listening, {})
        if not profile.is_empty:
            glimpse(profile)

    return source.fetch(listener_id, report, show)


def _tell_understood(evidence: Evidence, report: Report) -> None:
    """Report the tracks of the profile, those with audio, and the start of embedding."""
    n_tracks = evidence.n_tracks
    report(Progress("profile", n_tracks, n_tracks))
    report(Progress("audio", round(evidence.audio_coverage * n_tracks), n_tracks))
    report(Progress("embed"))


def _together(batch: Sequence[Listening]) -> Listening:
    """Merge a batch into one anonymous listening, each track once."""
    heard = chain.from_iterable(once_each(one.hearings) for one in batch)
    distinct = {(one.artist_name, one.track_name, one.track_id, one.isrc): one for one in heard}
    return Listening("", batch[0].source, tuple(distinct.values()))


def _batches(listenings: Iterable[Listening], size: int) -> Iterator[list[Listening]]:
    rows = iter(listenings)
    while batch := list(islice(rows, size)):
        yield batch
