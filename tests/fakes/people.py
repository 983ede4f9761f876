"""What listeners allow and how they stand, in memory, over the listeners of a `FakeListenerStore`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from matcher.domain.alias import fold
from matcher.domain.consent import Relation, Sharing, Standing, Switch, check_may_ask, is_open_data
from matcher.domain.json_codec import profile_to_json
from matcher.domain.listening import Source
from matcher.embedding import unplaced
from matcher.errors import AliasTaken, NotAsked, NotOnEarshot, UnknownListener
from matcher.ports import Blocked, Choices, Contact, KeptTaste, ReportReason, Show
from tests.fakes.stores import FakeListenerStore


@dataclass
class _Asked:
    """Who asked whom, when, and when the other agreed."""

    asker: str
    other: str
    asked_at_utc: datetime
    agreed_at_utc: datetime | None = None


class FakePeople:
    """The `ConsentStore`, `RelationStore` and `PersonalDataStore` in one; an erasure takes all along."""

    def __init__(self, store: FakeListenerStore, show: Show = unplaced) -> None:
        self.store = store
        self.show = show
        self.sharing = store.sharing
        self.asked: dict[frozenset[str], _Asked] = {}
        self.blocked_at: dict[tuple[str, str], datetime] = store.blocks
        self.reports: dict[tuple[str, str], tuple[ReportReason, datetime]] = {}
        self.audit: list[tuple[str, str | None]] = []
        self.trained_on: dict[tuple[str, str], datetime] = {}
        self.active_at: dict[str, datetime] = {}
        self.seen_at: dict[str, datetime] = {}
        self.declined: dict[tuple[str, str], tuple[int, datetime]] = {}
        self.safeguards: list[tuple[Any, str, str, Any]] = []
        store.also_forget.append(self._forget)
        store.also_connect.append(self._restore)

    # ---- what each allows ----------------------------------------------------------------------------

    def choices(self, listener_id: str) -> Choices | None:
        row = self.store.rows.get(listener_id)
        if row is None:
            return None
        one = row.listener
        sharing = self.sharing.get(listener_id, Sharing())
        return Choices(
            one.alias, one.discoverable, row.paused, sharing, row.profile_url, note_closed=row.note_closed
        )

    def training(self, listener_id: str) -> Mapping[str, datetime]:
        return {origin: at for (who, origin), at in self.trained_on.items() if who == listener_id}

    def set_training(self, listener_id: str, origin: str, agreed: bool, now: datetime) -> bool:
        self._row(listener_id)
        changed = ((listener_id, origin) in self.trained_on) is not agreed
        if agreed:
            self.trained_on.setdefault((listener_id, origin), now)
        else:
            self.trained_on.pop((listener_id, origin), None)
        return self._noted(changed, listener_id)

    def set_discoverable(self, listener_id: str, discoverable: bool, now: datetime) -> bool:
        row = self._row(listener_id)
        changed = row.listener.discoverable is not discoverable
        row.listener = replace(row.listener, discoverable=discoverable)
        return self._noted(changed, listener_id)

    def set_paused(self, listener_id: str, paused: bool, now: datetime) -> bool:
        row = self._row(listener_id)
        changed = row.paused is not paused
        row.paused = paused
        return self._noted(changed, listener_id)

    def close_note(self, listener_id: str) -> bool:
        row = self._row(listener_id)
        changed, row.note_closed = not row.note_closed, True
        return changed

    def set_alias(self, listener_id: str, alias: str, now: datetime) -> bool:
        row = self._row(listener_id)
        others = (one for key, one in self.store.rows.items() if key != listener_id)
        if any(fold(one.listener.alias) == fold(alias) for one in others):
            raise AliasTaken("another listener has this alias")
        changed = row.listener.alias != alias
        row.listener = replace(row.listener, alias=alias)
        return self._noted(changed, listener_id)

    def set_shared(self, listener_id: str, switch: Switch, shared: bool, now: datetime) -> bool:
        self._row(listener_id)
        before = self.sharing.get(listener_id, Sharing())
        changed: Any = {switch: shared}
        self.sharing[listener_id] = replace(before, **changed)
        return self._noted(self.sharing[listener_id] != before, listener_id) and self._renewed(listener_id)

    def share_facet(self, listener_id: str, facet_id: str, shared: bool, now: datetime) -> bool:
        self._row(listener_id)
        before = self.sharing.get(listener_id, Sharing())
        hidden = before.hidden_facets - {facet_id} if shared else before.hidden_facets | {facet_id}
        self.sharing[listener_id] = replace(before, hidden_facets=hidden)
        return self._noted(hidden != before.hidden_facets, listener_id) and self._renewed(listener_id)

    def _renewed(self, listener_id: str) -> bool:
        row = self.store.rows[listener_id]
        kept = KeptTaste(frozenset(), lambda: None, self.sharing[listener_id], lambda: row.profile)
        new = self.show(kept)
        if new is not None:
            self.store.renew(listener_id, new)
        return True

    # ---- between two ---------------------------------------------------------------------------------

    def standings(self, viewer_id: str, other_ids: Sequence[str]) -> Mapping[str, Standing]:
        self._row(viewer_id)
        return {key: self._standing(viewer_id, key) for key in other_ids if self.store.sees(viewer_id, key)}

    def contacts(self, listener_id: str) -> list[Contact]:
        found = [
            self._contact(listener_id, one)
            for one in self.asked.values()
            if listener_id in (one.asker, one.other)
        ]
        by_id = sorted(found, key=lambda one: one.listener_id)
        return sorted(by_id, key=lambda one: one.since_utc, reverse=True)

    def n_news(self, listener_id: str) -> int:
        every, seen = self.asked.values(), self.seen_at.get(listener_id)
        asked = [one.asked_at_utc for one in every if one.other == listener_id and not one.agreed_at_utc]
        mine = [one for one in every if one.asker == listener_id and one.agreed_at_utc]
        agreed = [one.agreed_at_utc for one in mine if one.agreed_at_utc != one.asked_at_utc]
        return sum(seen is None or moment > seen for moment in (*asked, *agreed))

    def see_people(self, listener_id: str, now: datetime) -> None:
        if listener_id in self.store.rows:
            self.seen_at[listener_id] = max(now, self.seen_at.get(listener_id, now))

    def ask(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        pair = self._acting(listener_id, other_id)
        before = self._relation(listener_id, other_id)
        if before is Relation.ASKED_BY_THEM:
            return self.agree(listener_id, other_id, now)
        if before is Relation.STRANGERS:
            if not self.store.sees(listener_id, other_id):
                raise UnknownListener("there is no such listener")
            check_may_ask(*self.declined.get((listener_id, other_id), (0, None)), now)
            other = self.store.rows[other_id]
            if is_open_data(other.listener.source, other.signed_in):
                raise NotOnEarshot("they are known from open data only")
            self.asked[pair] = _Asked(listener_id, other_id, now, now if _is_made_up(other) else None)
            self._noted(True, listener_id)
        return self._relation(listener_id, other_id)

    def agree(self, listener_id: str, other_id: str, now: datetime) -> Relation:
        pair = self._reaching(listener_id, other_id)
        before = self._relation(listener_id, other_id)
        if before not in (Relation.ASKED_BY_THEM, Relation.CONNECTED):
            raise NotAsked("the other has not asked to connect")
        if before is Relation.ASKED_BY_THEM:
            self.asked[pair].agreed_at_utc = now
            for key in ((listener_id, other_id), (other_id, listener_id)):
                self.declined.pop(key, None)
            self._noted(True, listener_id)
        return Relation.CONNECTED

    def withdraw(self, listener_id: str, other_id: str, now: datetime) -> bool:
        self._reaching(listener_id, other_id)
        return self._noted(self._end(listener_id, other_id, now), listener_id)

    def block(self, listener_id: str, other_id: str, now: datetime) -> bool:
        self._reaching(listener_id, other_id)
        if (listener_id, other_id) in self.blocked_at:
            return False
        self.blocked_at[listener_id, other_id] = now
        self._end(listener_id, other_id, now)
        return self._noted(True, listener_id)

    def unblock(self, listener_id: str, other_id: str, now: datetime) -> bool:
        self._reaching(listener_id, other_id)
        return self._noted(self.blocked_at.pop((listener_id, other_id), None) is not None, listener_id)

    def blocked(self, listener_id: str) -> list[Blocked]:
        mine = sorted((other, at) for (by, other), at in self.blocked_at.items() if by == listener_id)
        found = [Blocked(other, self.store.rows[other].listener.alias, at) for other, at in mine]
        return sorted(found, key=lambda one: one.blocked_at_utc, reverse=True)

    def report(self, listener_id: str, other_id: str, reason: ReportReason, now: datetime) -> None:
        self._reaching(listener_id, other_id)
        self.reports[listener_id, other_id] = (reason, now)
        self._noted(True, listener_id)

    # ---- everything kept of one ----------------------------------------------------------------------

    def export(self, listener_id: str, now: datetime) -> Mapping[str, Any]:
        row = self._row(listener_id)
        self.audit.append(("export", listener_id))
        return {
            "exported_at_utc": now.isoformat(),
            "listeners": [{"id": listener_id, "alias": row.listener.alias, "paused": row.paused}],
            "profiles": [{"content": profile_to_json(row.profile)}] if row.profile else [],
            "vectors": [{"embedding": vector.tolist()} for vector in row.vectors.values()],
            "connections": [{"other_id": one.alias} for one in self.contacts(listener_id)],
            "blocks": [{"blocked_id": one.alias} for one in self.blocked(listener_id)],
            "audit": [{"action": action} for action, whose in self.audit if whose == listener_id],
        }

    # ---- within --------------------------------------------------------------------------------------

    def _row(self, listener_id: str) -> Any:
        row = self.store.rows.get(listener_id)
        if row is None:
            raise UnknownListener("there is no such listener")
        return row

    def _acting(self, one: str, other: str) -> frozenset[str]:
        self._row(one)
        if one == other:
            raise UnknownListener("there is no such other listener")
        return frozenset((one, other))

    def _reaching(self, one: str, other: str) -> frozenset[str]:
        """Whoever is neither seen nor was met is not there."""
        pair = self._acting(one, other)
        known = self._relation(one, other) is not Relation.STRANGERS
        traces = (self.blocked_at, self.reports, self.declined)
        met = any((one, other) in kept for kept in traces) or (other, one) in self.declined
        if not (known or met or self.store.sees(one, other)):
            raise UnknownListener("there is no such listener")
        return pair

    def _end(self, by: str, other: str, now: datetime) -> bool:
        if self._relation(by, other) is Relation.ASKED_BY_THEM:
            n_times, _ = self.declined.get((other, by), (0, now))
            self.declined[other, by] = (n_times + 1, now)
        return self.asked.pop(frozenset((by, other)), None) is not None

    def _noted(self, changed: bool, listener_id: str) -> bool:
        if changed:
            self.audit.append(("consent changed", listener_id))
        return changed

    def _relation(self, viewer: str, other: str) -> Relation:
        asked = self.asked.get(frozenset((viewer, other)))
        if asked is None:
            return Relation.STRANGERS
        if asked.agreed_at_utc is not None:
            return Relation.CONNECTED
        return Relation.ASKED_BY_ME if asked.asker == viewer else Relation.ASKED_BY_THEM

    def _standing(self, viewer: str, other: str) -> Standing:
        row, sharing = self.store.rows[other], self.sharing.get(other, Sharing())
        return Standing(
            listener_id=other,
            alias=row.listener.alias,
            source=row.listener.source,
            relation=self._relation(viewer, other),
            sharing=sharing,
            profile_url=row.profile_url,
            active_at_utc=self.active_at.get(other),
            is_made_up=_is_made_up(row),
            is_open_data=is_open_data(row.listener.source, row.signed_in),
        )

    def _contact(self, viewer: str, asked: _Asked) -> Contact:
        other = asked.other if asked.asker == viewer else asked.asker
        row, relation = self.store.rows[other], self._relation(viewer, other)
        shared = self.sharing.get(other, Sharing()).profile_link
        linked = relation is Relation.CONNECTED and self.store.is_in_sight(other) and shared
        return Contact(
            listener_id=other,
            alias=row.listener.alias,
            source=row.listener.source,
            relation=relation,
            since_utc=asked.agreed_at_utc or asked.asked_at_utc,
            in_sight=self.store.is_in_sight(other),
            profile_url=row.profile_url or None if linked else None,
        )

    def _forget(self, listener_id: str) -> Mapping[str, int]:
        n_asked = len(self.asked)
        sharing = self.sharing.pop(listener_id, None)
        self.trained_on = {key: at for key, at in self.trained_on.items() if key[0] != listener_id}
        self.asked = {pair: one for pair, one in self.asked.items() if listener_id not in pair}
        own = {"blocks": self.blocked_at, "reports": self.reports, "declined": self.declined}
        counts = {name: self._outlast(kept, listener_id) for name, kept in own.items()}
        self.audit = [(action, whose) for action, whose in self.audit if whose != listener_id]
        self.audit.append(("erasure", None))
        return counts | {
            "connections": n_asked - len(self.asked),
            "sharing": int(sharing is not None),
        }

    def _outlast(self, kept: Any, listener_id: str) -> int:
        """Keep rows by account; how many the listener made, or of refusals all."""
        accounts = self.store.accounts
        rows = [pair for pair in kept if listener_id in pair]
        for pair in rows:
            self.safeguards.append((kept, accounts[pair[0]], accounts[pair[1]], kept.pop(pair)))
        return sum(pair[0] == listener_id or kept is self.declined for pair in rows)

    def _restore(self, listener_id: str) -> None:
        there = {account: key for key, account in self.store.accounts.items() if key in self.store.rows}
        waiting = []
        for kept, by, about, value in self.safeguards:
            if by in there and about in there:
                kept.setdefault((there[by], there[about]), value)
            else:
                waiting.append((kept, by, about, value))
        self.safeguards = waiting


def _is_made_up(row: Any) -> bool:
    return row.listener.source is Source.SYNTHETIC and not row.signed_in
