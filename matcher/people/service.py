"""The use cases between listeners: being seen or not, connecting, blocking, taking one's data, leaving."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from matcher.domain.alias import Skeleton, chosen_alias
from matcher.domain.consent import Relation, SeenMatch, Switch
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
    """What listeners decide about each other and about themselves.

    Every method raises StorageUnreachable when the database does not answer, and UnknownListener when there
    is no such listener.

    Attributes:
        consent: what each allows.
        relations: how they stand to each other.
        personal_data: everything kept of one.
        matching: erases.
        profiles: profiles by listener.
        clock: the time now.
        skeleton: tells which aliases look alike.
    """

    consent: ConsentStore
    relations: RelationStore
    personal_data: PersonalDataStore
    matching: MatchingService
    profiles: ListenerStore
    clock: Clock
    skeleton: Skeleton

    # ---- seeing --------------------------------------------------------------------------------------

    def show(self, listener_id: str, found: MatchList) -> tuple[SeenMatch, ...]:
        """Matches as the listener may see them: the last step before a page, whatever found them.

        Whoever was hidden, paused, blocked or erased before this call began is not among them.

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
        """Whether the other may be seen at this moment, or is a contact.

        Raises:
            UnknownListener: there is no such listener.
        """
        if other_id in self.relations.standings(listener_id, [other_id]):
            return True
        return any(one.listener_id == other_id for one in self.relations.contacts(listener_id))

    # ---- being seen ----------------------------------------------------------------------------------

    def choices(self, listener_id: str) -> Choices:
        """What the listener has chosen about being seen."""
        found = self.consent.choices(listener_id)
        if found is None:
            raise UnknownListener("there is no such listener")
        return found

    def facets(self, listener_id: str) -> Mapping[str, tuple[str, bool]]:
        """Facets of the listener's library by id: the name, empty where it has none, and whether shown."""
        hidden = self.choices(listener_id).sharing.hidden_facets
        profile = self.profiles.profile(listener_id)
        known = profile.facets if profile else {}
        return {key: (facet.name, key not in hidden) for key, facet in known.items()}

    def choose_discoverable(self, listener_id: str, discoverable: bool) -> bool:
        """Let oneself be found by others, or hide; whether that is a change. Everybody begins hidden."""
        return self.consent.set_discoverable(listener_id, discoverable, self.clock())

    def pause(self, listener_id: str) -> bool:
        """Be out of sight for a while, everything else kept; whether that is a change."""
        return self.consent.set_paused(listener_id, True, self.clock())

    def resume(self, listener_id: str) -> bool:
        """End a pause; whether that is a change."""
        return self.consent.set_paused(listener_id, False, self.clock())

    def choose_alias(self, listener_id: str, wanted: str) -> str:
        """Go by another alias; as it is shown from now on.

        A chosen alias is nobody else's, in whatever case. That it is not one's own Spotify name is up to the
        listener: that name is never kept, so it cannot be compared.

        Raises:
            AliasRefused: see `matcher.domain.alias.chosen_alias`.
            AliasTaken: another listener has it.
        """
        alias = chosen_alias(wanted, self.skeleton)
        self.consent.set_alias(listener_id, alias, self.clock())
        return alias

    def share(self, listener_id: str, switch: Switch, shared: bool) -> bool:
        """Share one kind of thing, or keep it back; whether that is a change."""
        return self.consent.set_shared(listener_id, switch, shared, self.clock())

    def hide_facet(self, listener_id: str, facet_id: str) -> bool:
        """Keep back what stands in this facet alone; whether that is a change. An unknown facet is none."""
        profile = self.profiles.profile(listener_id)
        known = profile is not None and facet_id in profile.facets
        return known and self.consent.share_facet(listener_id, facet_id, False, self.clock())

    def show_facet(self, listener_id: str, facet_id: str) -> bool:
        """Show a hidden facet again; whether that is a change."""
        return self.consent.share_facet(listener_id, facet_id, True, self.clock())

    # ---- between two ---------------------------------------------------------------------------------

    def ask_to_connect(self, listener_id: str, other_id: str) -> Relation:
        """Ask somebody to connect; how both stand then. It shows them one's alias, hidden or not.

        Synthetic listeners agree at once; listeners from open tables are nobody who could ever answer.

        Raises:
            UnknownListener: also where the other is hidden, paused or blocked, which are not told apart.
            RequestDeclined: they have declined, in the last thirty days or twice.
        """
        return self.relations.ask(listener_id, other_id, self.clock())

    def agree_to_connect(self, listener_id: str, other_id: str) -> Relation:
        """Agree to what somebody has asked.

        Raises:
            NotAsked: they have not, or no longer.
        """
        return self.relations.agree(listener_id, other_id, self.clock())

    def withdraw(self, listener_id: str, other_id: str) -> bool:
        """Take back a request, decline one, or end a connection; whether there was one."""
        return self.relations.withdraw(listener_id, other_id, self.clock())

    def contacts(self, listener_id: str) -> list[Contact]:
        """Everybody one is connected with, has asked, or is asked by; the newest first."""
        return self.relations.contacts(listener_id)

    def block(self, listener_id: str, other_id: str) -> bool:
        """Neither sees the other any more, and what was between them ends; False if it was so already."""
        return self.relations.block(listener_id, other_id, self.clock())

    def unblock(self, listener_id: str, other_id: str) -> bool:
        """Take one's own block back; whether there was one."""
        return self.relations.unblock(listener_id, other_id, self.clock())

    def blocked(self, listener_id: str) -> list[Blocked]:
        """Whom one has blocked, the newest first."""
        return self.relations.blocked(listener_id)

    def report(self, listener_id: str, other_id: str, reason: ReportReason) -> None:
        """Tell the operator about somebody. It does not block them."""
        self.relations.report(listener_id, other_id, reason, self.clock())

    # ---- one's own data ------------------------------------------------------------------------------

    def export(self, listener_id: str) -> str:
        """Everything that is kept of the listener, as JSON text."""
        found = self.personal_data.export(listener_id, self.clock())
        return json.dumps(found, ensure_ascii=False, indent=2)

    def erase(self, listener_id: str) -> ErasureReceipt:
        """Erase everything about the listener, at once and for good; rows erased by table."""
        return self.matching.forget_listener(listener_id)
