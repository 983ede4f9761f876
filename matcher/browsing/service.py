"""Use cases of browsing: the filtered match list, and one match in detail."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from matcher.browsing.feedback import FeedbackAction, FeedbackLog
from matcher.browsing.history import DEPTH, MatchChange, MatchHistory, WhatChanged
from matcher.domain.audio import AudioSummary
from matcher.domain.consent import Relation, SeenItem, SeenMatch
from matcher.domain.digests import digest_of
from matcher.domain.profile import Evidence, ListenerProfile
from matcher.errors import NoCandidates, NotConnected, NotSynced, TooFewArtists, UnknownListener
from matcher.groups.near_pairs import NearPair
from matcher.groups.service import Groups
from matcher.matching.service import ItemId, MatchingService, MatchList
from matcher.people.disclosure import LEAST_REASON
from matcher.people.service import People
from matcher.pipeline import Pipeline
from matcher.scoring.audio_similarity import Trait, traits
from matcher.taste.service import Tastes

LOOKED_THROUGH = 100  # nearest listeners that are searched if the list is filtered or not sorted by score
N_EFFECTS = 8  # items of each kind that are left out one by one: each is embedded, some milliseconds
N_PAIRS, MOST_PAIRS = 6, 3  # near pairs that are tried, and named at most
MOST_TAGS = 40  # tags offered as filters: those shared with most of the listeners searched


class Order(StrEnum):
    """Sort order of the match list."""

    NEAR = "near"
    DISCOVER = "discover"  # the nearest `LOOKED_THROUGH` by number of artists, as far as it is shown


@dataclass(frozen=True, slots=True)
class MatchFilters:
    """Filters and order of the match list.

    Attributes:
        tag: id of a tag to be shared (`tag_id`); 0 for any. A tag that nobody shares is ignored.
        facet_id: the facet to match on; '' for the whole taste.
        lately: only listeners active in the last thirty days, as far as known.
    """

    top_n: int = DEPTH
    tag: int = 0
    facet_id: str = ""
    lately: bool = False
    order: Order = Order.NEAR

    @property
    def n_looked_through(self) -> int:
        """How many of the nearest listeners to search."""
        narrowed = self.tag or self.lately or self.order is not Order.NEAR
        return max(self.top_n, LOOKED_THROUGH if narrowed else DEPTH)


@dataclass(frozen=True, slots=True)
class Sight:
    """The match list as shown.

    Attributes:
        matches: in the order requested, ranks from 1; may be empty.
        n_left: further matches among the listeners searched.
        evidence: of the query profile.
        n_candidates: everyone who can be found.
        synced_at_utc: when the library was read.
        tags: shared with the listeners searched, most frequent first.
        n_dismissed: matches dismissed under this model.
        changed: since the look before; None at the first look, and for a facet.
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
    """One match in detail.

    Attributes:
        match: as far as the other allows.
        evidence: of the listener's own profile.
        my_sound: audio summary; None if unknown.
        their_sound: audio summary; None if unknown or not shown.
        before_utc: when the look before was; None at the first.
        change: of the match since then; None if unchanged or unknown.
        is_same: whether the match is known to be unchanged.
        effects: how much lower the likeness would be without a shared item, by kind and key, of the
            `N_EFFECTS` strongest of each kind; empty unless connected.
        near: the listener's artists that lie near the other's, each adding to the towers' part; empty unless
            connected.
        traits: how both sound, else, without `their_sound`, how the listener's own music sounds.
        tagged: names of the listener's own artists that the shared tags describe, strongest first.
        n_nearer: number of listeners who are nearer; None unless connected and among the nearest.
        n_others: everybody who can be found, without the listener; an estimate if they are many.

    Raises:
        ValueError: it contains something that requires a connection.
    """

    match: SeenMatch
    model_version: str
    evidence: Evidence
    my_sound: AudioSummary | None = field(default=None, repr=False)
    their_sound: AudioSummary | None = field(default=None, repr=False)
    before_utc: datetime | None = None
    change: MatchChange | None = None
    is_same: bool = False
    effects: Mapping[ItemId, float] = field(default_factory=dict)
    near: tuple[NearPair, ...] = ()
    traits: tuple[Trait, ...] = ()
    tagged: tuple[str, ...] = ()
    n_nearer: int | None = None
    n_others: int = 0

    def __post_init__(self) -> None:
        exact = self.effects or self.near or self.their_sound or self.n_nearer is not None
        if exact and self.match.relation is not Relation.CONNECTED:
            raise ValueError("this may not be told before both agree")


@dataclass(frozen=True, slots=True)
class Browsing:
    """The match list of a listener. Everything returned has passed consent.

    Every method raises StorageUnreachable when the database does not answer, ModelMissing or ModelBroken when
    there is no usable model, and (except `undo_dismissals`) UnknownListener when there is no such listener.
    """

    matching: MatchingService
    people: People
    groups: Groups
    tastes: Tastes
    feedback: FeedbackLog
    history: MatchHistory
    profile_of: Callable[[str], ListenerProfile | None]  # own profile; None before the first refresh
    model: Callable[[], Pipeline]

    def look(self, listener_id: str, match_filters: MatchFilters) -> Sight:
        """The match list as requested; stores a look, to compare with the next.

        Raises:
            NotSynced: the library was not read yet.
            NotInLibrary: the facet does not exist (any more).
            TooFewArtists: the profile, or the facet, is too small to be matched.
            TasteTooSoon: too many facets were requested.
            NoCandidates: nobody else can be found.
        """
        away = self.dismissed(listener_id)
        asking = self.tastes.facet(listener_id, match_filters.facet_id) if match_filters.facet_id else None
        found = self.matching.find_matches(listener_id, match_filters.n_looked_through + len(away), asking)
        changed = None if match_filters.facet_id else self.history.look(listener_id, found, away)
        seen = self._seen(listener_id, found, away)[: match_filters.n_looked_through]
        wanted = narrow(seen, match_filters)
        return Sight(
            matches=ranked(wanted[: match_filters.top_n]),
            n_left=max(len(wanted) - match_filters.top_n, 0),
            evidence=found.evidence,
            n_candidates=found.n_candidates,
            synced_at_utc=found.synced_at_utc,
            model_version=found.model_version,
            tags=tags_of(seen),
            n_dismissed=len(away),
            changed=changed,
        )

    def nearest(self, listener_id: str, top_n: int) -> tuple[SeenMatch, ...]:
        """The nearest matches that are not dismissed, ranked as in the list.

        Stores no look. Empty if nobody can be found.

        Raises:
            NotSynced: the library was not read yet.
        """
        away = self.dismissed(listener_id)
        try:
            found = self.matching.find_matches(listener_id, top_n + len(away))
            return self._seen(listener_id, found, away)[:top_n]
        except (NoCandidates, TooFewArtists):
            return ()

    def look_ahead(self, listener_id: str, profile: ListenerProfile, top_n: int) -> tuple[SeenMatch, ...]:
        """Matches of a partial profile, during the first refresh.

        Stores no look. Empty if nobody can be found.
        """
        try:
            found = self.matching.find_matches(listener_id, top_n, profile)
            return self.people.show(listener_id, found)
        except (NoCandidates, TooFewArtists):  # the next part may add enough artists
            return ()

    def look_closely(self, listener_id: str, other_id: str) -> CloseLook:
        """One match in detail, as far as the other allows.

        Raises:
            UnknownListener: also if the other is not visible.
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
        effects, near = self._effects(listener_id, match)
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
            effects=effects,
            near=near,
            traits=self._traits(mine, theirs),
            tagged=self.tastes.tagged(listener_id, [tag.key for tag in match.tags[:N_EFFECTS]]),
            n_nearer=self._n_nearer(listener_id, match),
            n_others=found.n_candidates - self._is_candidate(listener_id),
        )

    def _is_candidate(self, listener_id: str) -> bool:
        me = self.matching.listener(listener_id)
        return me is not None and me.discoverable and self.matching.shows_enough(listener_id)

    def _n_nearer(self, listener_id: str, match: SeenMatch) -> int | None:
        """Number of nearer listeners; None before both agree, as it follows the exact figure."""
        if match.relation is not Relation.CONNECTED:
            return None
        return self.matching.n_nearer(listener_id, match.listener_id)

    def _effects(
        self, listener_id: str, match: SeenMatch
    ) -> tuple[Mapping[ItemId, float], tuple[NearPair, ...]]:
        """Effects of what the page names, and near pairs; nothing before both agree.

        A stranger could bring a library with one artist of each sort, and read off what everybody in the list
        hears by which of them lie near. So strangers are named those of their own artists that the shared
        tags describe (`tagged`): a function of what they have and see already.
        """
        if match.relation is not Relation.CONNECTED:
            return {}, ()
        shared = [
            (kind, item.key)
            for kind, items in (("artists", match.artists), ("tracks", match.tracks), ("tags", match.tags))
            for item in items[:N_EFFECTS]
        ]
        try:
            pairs = self.groups.near_pairs(listener_id, match.listener_id, N_PAIRS)
        except (NotConnected, NotSynced):  # changed after the match was shown
            return {}, ()
        own = [("artists", pair.key) for pair in pairs]
        parts = self.matching.effects(listener_id, match.listener_id, [*shared, *own])
        pulls = {pair: parts.get(item, {}).get("towers", 0.0) for pair, item in zip(pairs, own, strict=True)}
        near = sorted((pair for pair in pairs if pulls[pair] >= LEAST_REASON), key=lambda pair: -pulls[pair])
        effects = {item: math.fsum(parts[item].values()) for item in shared if item in parts}
        return effects, tuple(near[:MOST_PAIRS])

    def _traits(self, mine: ListenerProfile | None, theirs: ListenerProfile | None) -> tuple[Trait, ...]:
        scale = self.model().ranker.audio
        own = scale.standardise(mine.audio if mine else None)
        return traits(own, scale.standardise(theirs.audio) if theirs and theirs.audio else None)

    def note(self, listener_id: str, other_id: str, action: FeedbackAction) -> bool:
        """Record an action on a match under the model in service; whether it is new.

        Raises:
            ValueError: both ids are the same.
            UnknownListener: the other is neither visible nor a contact, or one was erased.
        """
        if listener_id != other_id and not self.people.knows(listener_id, other_id):
            raise UnknownListener("there is no such listener")
        return self.feedback.note(listener_id, other_id, action, self.model().embedder.model_version)

    def dismissed(self, listener_id: str) -> frozenset[str]:
        """Ids of dismissed listeners under the model in service."""
        return self.feedback.dismissed(listener_id, self.model().embedder.model_version)

    def undo_dismissals(self, listener_id: str) -> int:
        """Delete all dismissals under the model in service and return their number."""
        return self.feedback.undo_dismissals(listener_id, self.model().embedder.model_version)

    def _seen(self, listener_id: str, found: MatchList, away: frozenset[str]) -> tuple[SeenMatch, ...]:
        left = tuple(one for one in found.matches if one.listener.listener_id not in away)
        if not left:
            return ()
        return self.people.show(listener_id, replace(found, matches=left))


def narrow(seen: Iterable[SeenMatch], match_filters: MatchFilters) -> list[SeenMatch]:
    """Filter and sort matches; ties by rank."""
    every = list(seen)
    tagged = [one for one in every if any(tag_id(tag.key) == match_filters.tag for tag in one.tags)]
    found = [one for one in tagged or every if one.lately or not match_filters.lately]
    if match_filters.order is Order.DISCOVER:
        return sorted(found, key=lambda one: (-(one.n_about or 0), one.rank))
    return found


def tag_id(key: str) -> int:
    """Id of a tag, for places where its name must not appear; never 0."""
    return digest_of("tags", key) or 1


def ranked(matches: Iterable[SeenMatch]) -> tuple[SeenMatch, ...]:
    """Renumber ranks from 1."""
    return tuple(replace(one, rank=rank) for rank, one in enumerate(matches, start=1))


def tags_of(seen: Iterable[SeenMatch]) -> tuple[SeenItem, ...]:
    """Shared tags that may be shown: most frequent first, then by name."""
    every = [tag for one in seen for tag in one.tags]
    n_sharing = Counter(tag.key for tag in every)
    by_key = {tag.key: SeenItem(tag.key, tag.name) for tag in every}
    return tuple(sorted(by_key.values(), key=lambda tag: (-n_sharing[tag.key], tag.name)))[:MOST_TAGS]
