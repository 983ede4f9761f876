"""Use cases between listeners: visibility, connections, blocks, own data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.domain.alias import Skeleton, chosen_alias
from matcher.domain.consent import Relation, SeenMatch, Switch
from matcher.domain.listening import Source
from matcher.errors import NoCandidates, UnknownListener
from matcher.matching.service import MatchingService, MatchList
from matcher.people.disclosure import reveal
from matcher.ports import (
    Blocked,
    Choices,
    Clock,
    ConsentStore,
    Contact,
    ErasureReceipt,
    ListenerStore,
    PersonalDataStore,
    RelationStore,
    ReportReason,
)


@dataclass(frozen=True, slots=True)
class People:
    """Decisions of listeners about each other and about themselves.

    Every method raises StorageUnreachable when the database does not answer, and UnknownListener when there
    is no such listener.
    """

    consent: ConsentStore
    relations: RelationStore
    personal_data: PersonalDataStore
    matching: MatchingService
    profiles: ListenerStore
    clock: Clock
    skeleton: Skeleton  # maps look-alike aliases to one text

    # ---- seeing --------------------------------------------------------------------------------------

    def show(self, listener_id: str, found: MatchList) -> tuple[SeenMatch, ...]:
        """Apply consent to matches: the last step before a page.

        Listeners hidden, paused, blocked or erased before this call are dropped.

        Raises:
            NoCandidates: nobody is left.
        """
        ids = [match.listener.listener_id for match in found.matches]
        standings = self.relations.standings(listener_id, ids)
        left = [match for match in found.matches if match.listener.listener_id in standings]
        if not left:
            raise NoCandidates("nobody to be matched with yet")
        now = self.clock()
        return tuple(
            reveal(match, standings[match.listener.listener_id], rank, now)
            for rank, match in enumerate(left, 1)
        )

    def knows(self, listener_id: str, other_id: str) -> bool:
        """Whether the other is visible now or is a contact."""
        if other_id in self.relations.standings(listener_id, [other_id]):
            return True
        return any(one.listener_id == other_id for one in self.relations.contacts(listener_id))

    # ---- being seen ----------------------------------------------------------------------------------

    def choices(self, listener_id: str) -> Choices:
        """The listener's settings of visibility and sharing."""
        found = self.consent.choices(listener_id)
        if found is None:
            raise UnknownListener("there is no such listener")
        return found

    def facets(self, listener_id: str) -> Mapping[str, tuple[str, bool]]:
        """Facets of the library by id, as (name or '', whether shown)."""
        hidden = self.choices(listener_id).sharing.hidden_facets
        profile = self.profiles.profile(listener_id)
        known = profile.facets if profile else {}
        return {key: (facet.name, key not in hidden) for key, facet in known.items()}

    def choose_discoverable(self, listener_id: str, discoverable: bool) -> bool:
        """Turn discoverability on or off (initially off); whether it changed.

        Raises:
            NotProven: their music was read by a name that is not proven to be theirs.
        """
        return self.consent.set_discoverable(listener_id, discoverable, self.clock())

    def pause(self, listener_id: str) -> bool:
        """Hide for a while and keep everything else; whether it changed."""
        return self.consent.set_paused(listener_id, True, self.clock())

    def resume(self, listener_id: str) -> bool:
        """End a pause; whether there was one."""
        return self.consent.set_paused(listener_id, False, self.clock())

    def close_note(self, listener_id: str) -> bool:
        """Show the note on who sees them no more; whether it was shown until now."""
        return self.consent.close_note(listener_id)

    def choose_alias(self, listener_id: str, wanted: str) -> str:
        """Change the alias and return it as shown.

        Aliases are unique, ignoring case. An alias cannot be compared with the Spotify name, which is not
        stored.

        Raises:
            AliasRefused: see `matcher.domain.alias.chosen_alias`.
            AliasTaken: another listener has it.
        """
        alias = chosen_alias(wanted, self.skeleton)
        self.consent.set_alias(listener_id, alias, self.clock())
        return alias

    def share(self, listener_id: str, switch: Switch, shared: bool) -> bool:
        """Switch sharing of one kind of data; whether it changed."""
        return self.consent.set_shared(listener_id, switch, shared, self.clock())

    def hide_facet(self, listener_id: str, facet_id: str) -> bool:
        """Hide items that are in this facet only; False if unchanged or unknown."""
        profile = self.profiles.profile(listener_id)
        known = profile is not None and facet_id in profile.facets
        return known and self.consent.share_facet(listener_id, facet_id, False, self.clock())

    def show_facet(self, listener_id: str, facet_id: str) -> bool:
        """Show a hidden facet again; whether it changed."""
        return self.consent.share_facet(listener_id, facet_id, True, self.clock())

    # ---- training ------------------------------------------------------------------------------------

    def training(self, listener_id: str) -> Mapping[str, bool]:
        """Whether models may be trained on each source of theirs that is trainable, by origin."""
        agreed = self.consent.training(listener_id)
        origins = (one.origin for one in self.matching.tastes.sources(listener_id))
        return {one: one in agreed for one in origins if Source.of_origin(one).trainable}

    def choose_training(self, listener_id: str, origin: str, agreed: bool) -> bool:
        """Agree that models are trained on a source, or withdraw that; whether it changed.

        Of a source that they do not have, or that is not trainable, nothing changes.
        """
        known = self.training(listener_id)
        return origin in known and self.consent.set_training(listener_id, origin, agreed, self.clock())

    # ---- between two ---------------------------------------------------------------------------------

    def ask_to_connect(self, listener_id: str, other_id: str) -> Relation:
        """Request a connection and return the new relation.

        The other sees the alias, even of a hidden listener. Synthetic listeners accept at once; listeners
        from imported tables never answer, and those from open data cannot be asked.

        Raises:
            UnknownListener: the other is unknown, hidden, paused or blocked; which one is not revealed.
            RequestDeclined: they declined in the last thirty days, or twice.
            NotOnEarshot: they are known from open data only.
        """
        return self.relations.ask(listener_id, other_id, self.clock())

    def agree_to_connect(self, listener_id: str, other_id: str) -> Relation:
        """Accept a request and return the new relation.

        Raises:
            NotAsked: there is no open request.
        """
        return self.relations.agree(listener_id, other_id, self.clock())

    def withdraw(self, listener_id: str, other_id: str) -> bool:
        """Withdraw or decline a request, or end a connection; whether there was one."""
        return self.relations.withdraw(listener_id, other_id, self.clock())

    def contacts(self, listener_id: str) -> list[Contact]:
        """Connections, and open requests of both directions, newest first."""
        return self.relations.contacts(listener_id)

    def n_news(self, listener_id: str) -> int:
        """Number of requests, and of agreements with own requests, that the listener has not seen yet."""
        return self.relations.n_news(listener_id)

    def see_contacts(self, listener_id: str) -> list[Contact]:
        """The same as `contacts`, which are no news from then on."""
        now = self.clock()  # before they are read: who asks meanwhile is news
        found = self.contacts(listener_id)
        self.relations.see_people(listener_id, now)
        return found

    def block(self, listener_id: str, other_id: str) -> bool:
        """Hide both from each other and end their connection; False if already so."""
        return self.relations.block(listener_id, other_id, self.clock())

    def unblock(self, listener_id: str, other_id: str) -> bool:
        """Remove one's own block; whether there was one."""
        return self.relations.unblock(listener_id, other_id, self.clock())

    def blocked(self, listener_id: str) -> list[Blocked]:
        """Listeners that this one has blocked, newest first."""
        return self.relations.blocked(listener_id)

    def report(self, listener_id: str, other_id: str, reason: ReportReason) -> None:
        """Report somebody to the operator. It does not block them."""
        self.relations.report(listener_id, other_id, reason, self.clock())

    # ---- one's own data ------------------------------------------------------------------------------

    def export(self, listener_id: str) -> str:
        """Everything stored about the listener, as JSON text."""
        found = self.personal_data.export(listener_id, self.clock())
        return json.dumps(found, ensure_ascii=False, indent=2)

    def erase(self, listener_id: str) -> ErasureReceipt:
        """Erase the listener at once and for good."""
        return self.matching.forget_listener(listener_id)
