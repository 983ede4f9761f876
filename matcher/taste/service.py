"""Use cases of taste: exclude, undo, and the facets to match on."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from matcher.domain.consent import Sharing
from matcher.domain.exclusions import NOISE_COUNTS, Exclusion, Kind
from matcher.domain.library import Library
from matcher.domain.profile import Evidence, ListenerProfile
from matcher.domain.shown import LEAST, shown_profile
from matcher.embedding import embed_views, unplaced
from matcher.errors import ModelError, NothingLeft, NotInLibrary, NotSynced, OnlySource
from matcher.pipeline import Pipeline
from matcher.ports import Clock, Clusterer, KeptSource, KeptTaste, NewTaste, Placed, Shown, TasteStore, silent
from matcher.taste.artist_vectors import ArtistVectors
from matcher.taste.change_limit import Act, Pace, unpaced
from matcher.taste.clusters import find_clusters
from matcher.taste.facet_cache import FacetCache, FacetSet
from matcher.taste.facets import TasteFacet, facets_with, is_cluster, is_source, profile_with
from matcher.taste.leave_one_out import without_each
from matcher.taste.library_entries import Entry, artists_tagged, entries_of, entry_of, noise_of
from matcher.taste.merging import merged, whole_of


@dataclass(frozen=True, slots=True)
class TasteChange:
    """Result of a change of taste."""

    changed: bool  # whether profile or vector differ from before
    profile: ListenerProfile  # after the change


@dataclass(frozen=True, slots=True)
class TasteLook:
    """A listener's taste as its owner sees it."""

    entries: tuple[Entry, ...]  # everything of one kind in the library, excluded or not
    exclusions: tuple[Entry, ...]  # newest first
    facets: tuple[TasteFacet, ...]  # those that can be matched on alone
    sources: tuple[KeptSource, ...] = ()  # oldest reading first
    noise: tuple[Entry, ...] = ()  # artists that are no taste and not left out, strongest first
    noise_counts: bool = False  # whether they count as everything else does


@dataclass(frozen=True, slots=True)
class Tastes:
    """Decides what of a listener's library counts. Makes no calls to Spotify.

    Methods that need a library raise NotSynced if none was read yet.
    """

    store: TasteStore
    model: Callable[[], Pipeline]  # in service; raises ModelMissing or ModelBroken
    clusterer: Clusterer
    clock: Clock
    others: Callable[[], Sequence[Pipeline]] = tuple  # models that are to serve, or may serve again
    least: int = LEAST  # fewest artists to be matched
    pace: Pace = unpaced  # limits changes and facet requests
    _memory: FacetCache = field(default_factory=FacetCache, repr=False)

    def keep(
        self, listener_id: str, library: Library, told: Callable[[Evidence], None] = silent
    ) -> TasteChange:
        """Store a library that was just read beside those of other sources, and update profile and vector.

        It takes the place of an earlier one of its origin; the profile is of all of them. `told` receives the
        evidence before embedding; if it raises, nothing is stored.

        Raises:
            NothingLeft: everything in it is excluded.
            UnknownListener: the listener was erased meanwhile.
        """

        def decide(kept: KeptTaste) -> NewTaste:
            every = _of_all({**kept.libraries(), library.origin: library})
            return replace(self._new(every, kept.exclusions, kept.sharing, told), library=library)

        return self._change(listener_id, decide)

    def sources(self, listener_id: str) -> tuple[KeptSource, ...]:
        """What the taste was read from, oldest reading first."""
        return tuple(self.store.sources(listener_id))

    def remove_source(self, listener_id: str, origin: str) -> TasteChange:
        """Delete what was read from one source; nothing happens if there is no such source.

        Raises:
            OnlySource: there is no other, or none that has not expired.
            NothingLeft, TasteTooSoon, UnknownListener: as for `leave_out`.
        """
        self.pace(listener_id, Act.CHANGE, "")

        def decide(kept: KeptTaste) -> NewTaste:
            rest = {key: one for key, one in kept.libraries().items() if key != origin}
            if not rest:
                raise OnlySource("there is no other source")
            return replace(self._new(_of_all(rest), kept.exclusions, kept.sharing), removed=origin)

        return self._change(listener_id, decide)

    def leave_out(self, listener_id: str, thing: Exclusion) -> TasteChange:
        """Exclude something; matches change at once.

        Raises:
            NotInLibrary: it is not in the library.
            NothingLeft: nothing would remain.
            TasteTooSoon: the taste was changed too often.
            UnknownListener: there is no such listener.
        """
        self.pace(listener_id, Act.CHANGE, "")

        def decide(kept: KeptTaste) -> NewTaste:
            library = _read(kept.library())
            if not any(map(thing.covering(), library.rows)):
                raise NotInLibrary("there is nothing of it in the library")
            return self._new(library, kept.exclusions | {thing}, kept.sharing)

        return self._change(listener_id, decide)

    def leave_out_noise(self, listener_id: str) -> TasteChange:
        """Exclude all artists that are no taste.

        Raises:
            NothingLeft, TasteTooSoon, UnknownListener: as for `leave_out`.
        """
        self.pace(listener_id, Act.CHANGE, "")

        def decide(kept: KeptTaste) -> NewTaste:
            library = _read(kept.library())
            noise = {one.thing for one in noise_of(library.less(kept.exclusions), {})}
            return self._new(library, kept.exclusions | noise, kept.sharing)

        return self._change(listener_id, decide)

    def count_noise(self, listener_id: str) -> TasteChange:
        """Let noise count as everything else, until `undo` of `NOISE_COUNTS`.

        Raises:
            NothingLeft, TasteTooSoon, UnknownListener: as for `undo`.
        """
        self.pace(listener_id, Act.CHANGE, "")
        return self._change(
            listener_id,
            lambda kept: self._new(_read(kept.library()), kept.exclusions | {NOISE_COUNTS}, kept.sharing),
        )

    def undo(self, listener_id: str, thing: Exclusion) -> TasteChange:
        """Remove an exclusion, if there is one.

        Raises:
            NothingLeft: the other exclusions leave nothing.
            TasteTooSoon: the taste was changed too often.
            UnknownListener: there is no such listener.
        """
        self.pace(listener_id, Act.CHANGE, "")
        return self._change(
            listener_id,
            lambda kept: self._new(_read(kept.library()), kept.exclusions - {thing}, kept.sharing),
        )

    def look(self, listener_id: str, kind: Kind) -> TasteLook:
        """Entries of one kind, exclusions and facets; reads the library once."""
        kept = _Kept(self.store, listener_id)
        facet_set = self._facet_set(kept)
        return TasteLook(
            entries=entries_of(kept.library, kind, kept.exclusions),
            exclusions=_latest_first(kept.library, kept.exclusions),
            facets=facet_set.facets,
            sources=kept.sources,
            noise=noise_of(kept.staying, kept.exclusions),
            noise_counts=NOISE_COUNTS in kept.exclusions,
        )

    def facets_of(self, listener_id: str) -> tuple[TasteFacet, ...]:
        """Facets to match on: clusters of artists, playlists, other parts."""
        return self._facet_set(_Kept(self.store, listener_id)).facets

    def known_facets(self, listener_id: str) -> tuple[TasteFacet, ...] | None:
        """The same if they were found lately, at the cost of one short query; None otherwise."""
        known = self._memory.recall(listener_id, self._mark(self.store.mark(listener_id)), self.clock())
        return known.facets if known else None

    def facet(self, listener_id: str, facet_id: str) -> ListenerProfile:
        """The profile of one facet, after exclusions.

        Raises:
            NotInLibrary: the facet does not exist (any more).
            TasteTooSoon: too many facets were requested.
        """
        kept = _Kept(self.store, listener_id)
        clusters = self._facet_set(kept).clusters if is_cluster(facet_id) else ()
        found = profile_with(
            kept.staying, facet_id, clusters, kept.by_source if is_source(facet_id) else None
        )
        if found is None:
            raise NotInLibrary("there is no such facet")
        self.pace(listener_id, Act.FACET, facet_id)
        return found

    def without_each(self, listener_id: str, items: Sequence[tuple[str, str]]) -> list[ListenerProfile]:
        """Profiles as they would be after excluding one item (kind, key) each; nothing is stored.

        Raises:
            NotSynced: the library is not kept any more.
        """
        kept = _Kept(self.store, listener_id)
        return without_each(kept.library, frozenset(kept.exclusions), items)

    def tagged(self, listener_id: str, tags: Collection[str]) -> tuple[str, ...]:
        """Names of the listener's artists with these tags, strongest first; empty if no library is kept."""
        library = self.store.library(listener_id) if tags else None
        return artists_tagged(library.less(self.store.exclusions(listener_id)), tags) if library else ()

    def forget(self, listener_id: str) -> None:
        """Drop the cached facets of a listener in this process. Call after erasure."""
        self._memory.forget(listener_id)

    def _facet_set(self, kept: "_Kept") -> FacetSet:
        embedder, now, listener_id = self.model().embedder, self.clock(), kept.listener_id
        # Read the tag first: `kept` reads lazily, so nothing it returns is older than the tag.
        stored = self.store.mark(listener_id)
        mark = self._mark(stored)
        known = self._memory.recall(listener_id, mark, now)
        if known is not None:
            return known
        latest = self._memory.latest(listener_id, now)
        vectors = latest.vectors if latest else ArtistVectors()
        clusters = tuple(find_clusters(kept.staying, embedder, self.clusterer, vectors))
        facet_set = FacetSet(facets_with(kept.staying, clusters, kept.by_source), clusters, vectors)
        self._memory.keep(listener_id, mark, facet_set, now)
        if self.store.mark(listener_id) != stored:  # changed or erased meanwhile
            self._memory.forget(listener_id)
        return facet_set

    def _mark(self, stored: str) -> str:
        return f"{self.model().embedder.model_version} {stored}"

    def renew(self, listener_id: str) -> NewTaste | None:
        """Embed the stored profile again, as for a new model; None if there is none.

        Raises:
            UnknownListener: there is no such listener.
        """
        return self.store.renew(listener_id, self.show)

    def place(self, listener_id: str, model: Pipeline) -> bool:
        """Embed the stored profile by one more model; False if there is none.

        Raises:
            UnknownListener: there is no such listener.
        """
        return self.store.renew(listener_id, lambda kept: self._shown_by(model, kept)) is not None

    def show(self, kept: KeptTaste) -> NewTaste | None:
        """Embed the full and the shown profile; None if nothing is stored.

        Store both in the transaction that changes consent. Without a model there are no vectors, and the
        listener cannot be found until there is a model.
        """
        try:
            new = self._shown_by(self.model(), kept)
        except ModelError:
            return unplaced(kept)
        return new and replace(new, also=self._also(new.profile, new.shown))

    def _shown_by(self, model: Pipeline, kept: KeptTaste) -> NewTaste | None:
        profile = kept.profile()
        if profile is None:
            return None
        # summaries stored before there were moments are made anew, if the library is still there
        dated = profile.audio is not None and not profile.audio.moments
        library = kept.library() if kept.sharing.hidden_facets or dated else None
        if dated and library is not None:
            profile = replace(profile, audio=library.without(kept.exclusions).audio)
        return self._both_views(model, profile, kept.sharing, library, kept.exclusions)

    def _change(self, listener_id: str, decide: Callable[[KeptTaste], NewTaste]) -> TasteChange:
        new, changed = self.store.change(listener_id, decide, self.clock())
        return TasteChange(changed, new.profile)

    def _new(
        self,
        library: Library,
        exclusions: frozenset[Exclusion],
        sharing: Sharing,
        told: Callable[[Evidence], None] = silent,
    ) -> NewTaste:
        profile = library.without(exclusions)
        if profile.is_empty:
            raise NothingLeft("everything in the library is left out")
        told(profile.evidence)
        new = self._both_views(self.model(), profile, sharing, library, exclusions)
        return replace(new, also=self._also(profile, new.shown))

    def _also(self, profile: ListenerProfile, shown: Shown | None) -> tuple[Placed, ...]:
        """Both views under the other models, so that a switch to them loses no change."""
        found = profile if shown is None else shown.profile
        return tuple(
            Placed(one.embedder.model_version, *embed_views(one, profile, found, self.least))
            for one in self.others()
        )

    def _both_views(
        self,
        model: Pipeline,
        profile: ListenerProfile,
        sharing: Sharing,
        library: Library | None,
        exclusions: frozenset[Exclusion],
    ) -> NewTaste:
        parts = (library.artist_tags, library.attributes) if library else ()
        shown = shown_profile(profile, sharing, *parts)
        stored, packed, differing = embed_views(model, profile, shown, self.least)
        return NewTaste(exclusions, profile, stored, packed, model.embedder.model_version, shown=differing)


@dataclass(frozen=True)
class _Kept:
    """What is stored of a listener, read on first use and once."""

    store: TasteStore
    listener_id: str

    @cached_property
    def sources(self) -> tuple[KeptSource, ...]:
        return tuple(self.store.sources(self.listener_id))

    @cached_property
    def library(self) -> Library:
        return _read(whole_of(self.sources))

    @cached_property
    def exclusions(self) -> Mapping[Exclusion, datetime]:
        return self.store.exclusions(self.listener_id)

    @cached_property
    def by_source(self) -> Mapping[str, Library]:
        return {one.origin: one.library.less(self.exclusions) for one in self.sources if one.library}

    @cached_property
    def staying(self) -> Library:
        return self.library.less(self.exclusions)


def _latest_first(library: Library, exclusions: Mapping[Exclusion, datetime]) -> tuple[Entry, ...]:
    latest = reversed([(one, since) for one, since in exclusions.items() if one != NOISE_COUNTS])
    return tuple(entry_of(library, one, since) for one, since in latest)


def _of_all(libraries: Mapping[str, Library]) -> Library:
    return _read(merged(libraries.values()))


def _read(library: Library | None) -> Library:
    if library is None:
        raise NotSynced("the library was not read yet")
    return library
