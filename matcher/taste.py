"""The use cases of taste: leave out, undo, and the facets one can be matched on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from matcher.clusters import find_clusters
from matcher.contents import Entry, entries_of, entry_of
from matcher.embedding import embed_profiles
from matcher.errors import NothingLeft, NotInLibrary, NotSynced
from matcher.facets import TasteFacet, facets_with, is_cluster, profile_with
from matcher.left_out import Kind, LeftOut
from matcher.library import Library
from matcher.pipeline import Pipeline
from matcher.ports import Clock, Clusterer, KeptTaste, NewTaste, TasteStore, silent
from matcher.profile import Evidence, ListenerProfile
from matcher.sides import SideMemory, Sides


@dataclass(frozen=True, slots=True)
class TasteChange:
    """What a change of taste came to.

    Attributes:
        changed: whether profile or vector are others than before.
        profile: as others are matched with it now.
    """

    changed: bool
    profile: ListenerProfile


@dataclass(frozen=True, slots=True)
class TasteLook:
    """A listener's taste, as its owner looks at it.

    Attributes:
        entries: everything of one kind in the library, left out or not.
        left_out: what is left out, the latest first.
        facets: what the listener can be matched on alone.
    """

    entries: tuple[Entry, ...]
    left_out: tuple[Entry, ...]
    facets: tuple[TasteFacet, ...]


@dataclass(frozen=True, slots=True)
class Tastes:
    """Decides what of a listener's library counts. Nothing here calls Spotify.

    Attributes:
        store: libraries, and what is left out of them.
        model: gives the model in service; raises ModelMissing or ModelBroken.
        clusterer: finds groups among artists.
        clock: the time now.
    """

    store: TasteStore
    model: Callable[[], Pipeline]
    clusterer: Clusterer
    clock: Clock
    _memory: SideMemory = field(default_factory=SideMemory, repr=False)

    def keep(
        self, listener_id: str, library: Library, told: Callable[[Evidence], None] = silent
    ) -> TasteChange:
        """Keep a library that was read just now, and bring profile and vector up to date with what stays.

        Args:
            listener_id: whose library it is.
            library: everything that was read.
            told: hears on what the profile rests before it is embedded; what it raises, ends the change.

        Raises:
            NothingLeft: everything in it is left out.
            UnknownListener: the listener was erased meanwhile.
        """

        def decide(kept: KeptTaste) -> NewTaste:
            return replace(self._new(library, kept.left_out, told), library=library)

        return self._change(listener_id, decide)

    def leave_out(self, listener_id: str, thing: LeftOut) -> TasteChange:
        """Leave something out of the taste; the matches are others at once.

        Raises:
            NotSynced: no library was read yet.
            NotInLibrary: there is nothing of it in the library.
            NothingLeft: nothing would stay.
            UnknownListener: there is no such listener.
        """

        def decide(kept: KeptTaste) -> NewTaste:
            library = _read(kept.library())
            if not any(map(thing.covering(), library.rows)):
                raise NotInLibrary("there is nothing of it in the library")
            return self._new(library, kept.left_out | {thing})

        return self._change(listener_id, decide)

    def undo(self, listener_id: str, thing: LeftOut) -> TasteChange:
        """Take something back in; no matter if it was not left out.

        Raises:
            NotSynced: no library was read yet.
            NothingLeft: what else is left out leaves nothing.
            UnknownListener: there is no such listener.
        """
        return self._change(
            listener_id, lambda kept: self._new(_read(kept.library()), kept.left_out - {thing})
        )

    def look(self, listener_id: str, kind: Kind) -> TasteLook:
        """What there is of a kind, what is left out, and the facets: with the library read once.

        Raises:
            NotSynced: no library was read yet.
        """
        library, found = self._library(listener_id), self.store.left_out(listener_id)
        return TasteLook(
            entries=entries_of(library, kind, found),
            left_out=_latest_first(library, found),
            facets=self.facets_of(listener_id),
        )

    def facets_of(self, listener_id: str) -> tuple[TasteFacet, ...]:
        """What the listener can be matched on alone: clusters of their taste, playlists, other parts.

        Raises:
            NotSynced: no library was read yet.
        """
        return self._sides(listener_id).facets

    def facet(self, listener_id: str, facet_id: str) -> ListenerProfile:
        """The profile of one facet of what stays, to ask for matches with.

        Raises:
            NotSynced: no library was read yet.
            NotInLibrary: there is no such facet, or no longer.
        """
        clusters = self._sides(listener_id).clusters if is_cluster(facet_id) else ()
        found = profile_with(self._staying(listener_id), facet_id, clusters)
        if found is None:
            raise NotInLibrary("there is no such facet")
        return found

    def forget(self, listener_id: str) -> None:
        """Let go of what is remembered of a listener in this process: to be called once they are erased."""
        self._memory.forget(listener_id)

    def _sides(self, listener_id: str) -> Sides:
        """The sides as the taste stands now: remembered ones only if nothing has changed since."""
        embedder, now = self.model().embedder, self.clock()
        stored = self.store.mark(listener_id)
        mark = f"{embedder.model_version} {stored}"
        known = self._memory.recall(listener_id, mark, now)
        if known is not None:
            return known
        library = self._staying(listener_id)
        clusters = tuple(find_clusters(library, embedder, self.clusterer))
        sides = Sides(facets_with(library, clusters), clusters)
        self._memory.keep(listener_id, mark, sides, now)
        if self.store.mark(listener_id) != stored:  # changed, or erased, while they were looked for
            self._memory.forget(listener_id)
        return sides

    def _library(self, listener_id: str) -> Library:
        return _read(self.store.library(listener_id))

    def _staying(self, listener_id: str) -> Library:
        return self._library(listener_id).less(self.store.left_out(listener_id))

    def _change(self, listener_id: str, decide: Callable[[KeptTaste], NewTaste]) -> TasteChange:
        new, changed = self.store.change(listener_id, decide, self.clock())
        return TasteChange(changed, new.profile)

    def _new(
        self, library: Library, left_out: frozenset[LeftOut], told: Callable[[Evidence], None] = silent
    ) -> NewTaste:
        profile, model = library.without(left_out), self.model()
        if profile.is_empty:
            raise NothingLeft("everything in the library is left out")
        told(profile.evidence)
        ((stored, packed),) = embed_profiles(model, [profile])
        return NewTaste(left_out, profile, stored, packed, model.embedder.model_version)


def _latest_first(library: Library, left_out: Mapping[LeftOut, datetime]) -> tuple[Entry, ...]:
    return tuple(entry_of(library, one, since) for one, since in reversed(list(left_out.items())))


def _read(library: Library | None) -> Library:
    if library is None:
        raise NotSynced("the library was not read yet")
    return library
