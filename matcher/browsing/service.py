"""The use cases of looking at matches: the list, narrowed and in an order, and one of them closely."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from matcher.browsing.feedback import Deed, FeedbackLog
from matcher.browsing.history import DEPTH, MatchChange, MatchHistory, WhatChanged
from matcher.domain.audio import AudioSummary
from matcher.domain.consent import SeenItem, SeenMatch
from matcher.domain.digests import digest_of
from matcher.domain.profile import Evidence, ListenerProfile
from matcher.errors import NoCandidates, TooFewArtists, UnknownListener
from matcher.matching.service import MatchingService, MatchList
from matcher.people.service import People
from matcher.pipeline import Pipeline
from matcher.taste.service import Tastes

LOOKED_THROUGH = 100
"""Nearest listeners that are looked through where the list is narrowed, or not in the order of nearness."""
MOST_TAGS = 40
"""Tags one may choose from: those shared with most of the listeners looked through."""


class Order(StrEnum):
    """What the list is sorted by."""

    NEAR = "near"
    DISCOVER = "discover"
    """Of the nearest `LOOKED_THROUGH`, those first who have the most artists, as far as that is told."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a listener wants to see of their matches.

    Attributes:
        top_n: how many at most.
        tag: id of a tag that is to be shared (`tag_id`); 0 for any. One that nobody shares counts nothing.
        facet_id: one facet of the listener's own taste to be matched on alone; empty for all of it.
        lately: only who was here in the last thirty days, as far as that is known.
        order: what to sort by.
    """

    top_n: int = DEPTH
    tag: int = 0
    facet_id: str = ""
    lately: bool = False
    order: Order = Order.NEAR

    @property
    def n_looked_through(self) -> int:
        """How many of the nearest to look through."""
        narrowed = self.tag or self.lately or self.order is not Order.NEAR
        return max(self.top_n, LOOKED_THROUGH if narrowed else DEPTH)


@dataclass(frozen=True, slots=True)
class Sight:
    """Matches as they are shown.

    Attributes:
        matches: in the order that was wished for, ranks from 1; perhaps none.
        n_left: how many there are beyond these among those looked through.
        evidence: on how much the profile rests that was asked with.
        n_candidates: how many can be found at all.
        synced_at_utc: when the library was last read.
        model_version: what scored them.
        tags: tags shared with those who were looked through, with most of them first.
        n_dismissed: how many the listener has dismissed under this model.
        changed: what differs from the look before; None at the first look, and where a facet is asked with.
    """

    matches: tuple[SeenMatch, ...]
    n_left: int
    evidence: Evidence
    n_candidates: int
    synced_at_utc: datetime | None
    model_version: str
    tags: tuple[SeenItem, ...] = ()
    n_dismissed: int = 0
    changed: WhatChanged | None = None


@dataclass(frozen=True, slots=True)
class CloseLook:
    """One match, looked at closely.

    Attributes:
        match: as far as the other allows it.
        model_version: what scored it.
        evidence: on how much my own profile rests.
        my_sound: how my music sounds; None where unknown.
        their_sound: likewise; None also where it may not be shown.
        before_utc: when the look before was; None at the first.
        change: what became of the match since then; None if nothing, or if that is not known.
        is_same: whether it is known that nothing did.
    """

    match: SeenMatch
    model_version: str
    evidence: Evidence
    my_sound: AudioSummary | None = field(default=None, repr=False)
    their_sound: AudioSummary | None = field(default=None, repr=False)
    before_utc: datetime | None = None
    change: MatchChange | None = None
    is_same: bool = False


@dataclass(frozen=True, slots=True)
class Browsing:
    """Lets a listener look at their matches. All that comes out of it has gone through consent.

    Every method raises StorageUnreachable when the database does not answer, and ModelMissing or ModelBroken
    when there is no model that can be used.

    Attributes:
        matching: finds matches.
        people: says what may be seen of them.
        tastes: knows the facets of a taste.
        feedback: what was done with matches.
        history: what was seen before.
        profile_of: own views by listener id; None where nothing was read.
        model: gives the model in service.
    """

    matching: MatchingService
    people: People
    tastes: Tastes
    feedback: FeedbackLog
    history: MatchHistory
    profile_of: Callable[[str], ListenerProfile | None]
    model: Callable[[], Pipeline]

    def look(self, listener_id: str, wish: Wish) -> Sight:
        """The matches as wished for; what is seen is remembered, so that changes can be told next time.

        Raises:
            UnknownListener: there is no such listener.
            NotSynced: the library was not read yet.
            NotInLibrary: there is no such facet, or no longer.
            TooFewArtists: the profile, or the facet, is too small to be matched.
            TasteTooSoon: too many facets were asked with.
            NoCandidates: nobody else can be found.
        """
        away = self.feedback.dismissed(listener_id, self.model().embedder.model_version)
        asking = self.tastes.facet(listener_id, wish.facet_id) if wish.facet_id else None
        found = self.matching.find_matches(listener_id, wish.n_looked_through + len(away), asking)
        changed = None if wish.facet_id else self.history.look(listener_id, found, away)
        seen = self._seen(listener_id, found, away)[: wish.n_looked_through]
        wanted = narrow(seen, wish)
        return Sight(
            matches=ranked(wanted[: wish.top_n]),
            n_left=max(len(wanted) - wish.top_n, 0),
            evidence=found.evidence,
            n_candidates=found.n_candidates,
            synced_at_utc=found.synced_at_utc,
            model_version=found.model_version,
            tags=tags_of(seen),
            n_dismissed=len(away),
            changed=changed,
        )

    def nearest(self, listener_id: str, top_n: int) -> tuple[SeenMatch, ...]:
        """The nearest who are not dismissed, in the places they have in the list; not remembered as a look.

        None where nobody can be found.

        Raises:
            UnknownListener: there is no such listener.
            NotSynced: the library was not read yet.
        """
        away = self.feedback.dismissed(listener_id, self.model().embedder.model_version)
        try:
            found = self.matching.find_matches(listener_id, top_n + len(away))
            return self._seen(listener_id, found, away)[:top_n]
        except (NoCandidates, TooFewArtists):
            return ()

    def look_ahead(self, listener_id: str, profile: ListenerProfile, top_n: int) -> tuple[SeenMatch, ...]:
        """The matches of what has been read so far, while a library is read for the first time.

        They go through consent like any others; they are not remembered. None where nobody can be found.

        Raises:
            UnknownListener: there is no such listener.
        """
        try:
            found = self.matching.find_matches(listener_id, top_n, profile)
            return self.people.show(listener_id, found)
        except (NoCandidates, TooFewArtists):  # a few more may be read soon
            return ()

    def look_closely(self, listener_id: str, other_id: str) -> CloseLook:
        """One match, as far as the other allows it.

        Raises:
            UnknownListener: there is no such listener; also where the other may not be seen.
            NotSynced: the listener's own library was not read yet.
            TooFewArtists: it is too small to be matched.
        """
        found = self.matching.find_match(listener_id, other_id)
        try:
            (match,) = self.people.show(listener_id, found)
        except NoCandidates as error:
            raise UnknownListener("there is nobody to be seen") from error
        mine = self.profile_of(listener_id)
        theirs = self.matching.shown_profile(other_id) if match.sounds else None
        away = self.feedback.dismissed(listener_id, found.model_version) - {other_id}
        changed = self.history.what_changed(listener_id, away)
        return CloseLook(
            match=match,
            model_version=found.model_version,
            evidence=found.evidence,
            my_sound=mine.audio if mine else None,
            their_sound=theirs.audio if theirs else None,
            before_utc=changed.before_utc if changed else None,
            change=next((one for one in changed.changes if one.other_id == other_id), None)
            if changed
            else None,
            is_same=changed is not None and other_id in changed.same,
        )

    def note(self, listener_id: str, other_id: str, deed: Deed) -> bool:
        """Note what was done with a match, under the model in service; whether it was news.

        Raises:
            ValueError: a listener acted on themselves.
            UnknownListener: the other is neither to be seen nor a contact; or either has been erased.
        """
        if listener_id != other_id and not self.people.knows(listener_id, other_id):
            raise UnknownListener("there is no such listener")
        return self.feedback.note(listener_id, other_id, deed, self.model().embedder.model_version)

    def undo_dismissals(self, listener_id: str) -> int:
        """Let everybody be proposed again who was dismissed under the model in service; how many."""
        return self.feedback.undo_dismissals(listener_id, self.model().embedder.model_version)

    def _seen(self, listener_id: str, found: MatchList, away: frozenset[str]) -> tuple[SeenMatch, ...]:
        left = tuple(one for one in found.matches if one.listener.listener_id not in away)
        if not left:
            return ()
        return self.people.show(listener_id, replace(found, matches=left))


def narrow(seen: Iterable[SeenMatch], wish: Wish) -> list[SeenMatch]:
    """Those that are wanted, in the order that is wanted; nearest first among equals."""
    every = list(seen)
    tagged = [one for one in every if any(tag_id(tag.key) == wish.tag for tag in one.tags)]
    found = [one for one in tagged or every if one.lately or not wish.lately]
    if wish.order is Order.DISCOVER:
        return sorted(found, key=lambda one: (-(one.n_about or 0), one.rank))
    return found


def tag_id(key: str) -> int:
    """What stands for a tag where its name must not: never 0."""
    return digest_of("tags", key) or 1


def ranked(matches: Iterable[SeenMatch]) -> tuple[SeenMatch, ...]:
    """The same, with ranks from 1 without gaps."""
    return tuple(replace(one, rank=rank) for rank, one in enumerate(matches, start=1))


def tags_of(seen: Iterable[SeenMatch]) -> tuple[SeenItem, ...]:
    """Tags that are shared with any of these and may be seen, with most of them first, then by name."""
    every = [tag for one in seen for tag in one.tags]
    n_sharing = Counter(tag.key for tag in every)
    by_key = {tag.key: SeenItem(tag.key, tag.name) for tag in every}
    return tuple(sorted(by_key.values(), key=lambda tag: (-n_sharing[tag.key], tag.name)))[:MOST_TAGS]
