"""What every `ConsentStore`, `RelationStore` and `PersonalDataStore` does."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from matcher.domain.consent import Relation, Sharing
from matcher.domain.listening import Source
from matcher.errors import AliasTaken, NotAsked, NotOnEarshot, RequestDeclined, UnknownListener
from matcher.ports import (
    Account,
    Candidate,
    ConsentStore,
    ListenerStore,
    PersonalDataStore,
    RelationStore,
    ReportReason,
)
from tests.fakes.product_way import nearest, save_profile, set_sharing
from tests.storage.contracts.worlds import LATER, NOW, STRANGER, VERSION, profile, unit

LINK = "https://open.spotify.com/user/"
ALL_OFF = Sharing(False, False, False, False)


@dataclass
class Stores:
    """The stores of one world, over the same listeners."""

    listeners: ListenerStore
    consent: ConsentStore
    relations: RelationStore
    personal: PersonalDataStore

    def join(self, name: str, discoverable: bool = True) -> str:
        """A listener who has signed in, with a profile; discoverable unless told otherwise."""
        account = Account(f"spotify:{name}", LINK + name)
        key = self.listeners.connect(account, Source.SPOTIFY_API, f"Alias {name}", NOW).listener_id
        save_profile(self.listeners, key, profile(), unit(1, 2), VERSION, NOW)
        if discoverable:
            self.consent.set_discoverable(key, True, NOW)
        return key

    def bring_in(self, source: Source) -> str:
        """A listener from a table, whom nobody signs in as."""
        row = Candidate(Account(f"table:{source}"), profile(source=source), unit(1, 2))
        self.listeners.add_candidates([row], [f"From {source}"], VERSION, NOW)
        return str(self.listeners.owner_of(row.account))

    def connect(self, one: str, other: str) -> None:
        self.relations.ask(one, other, NOW)
        assert self.relations.agree(other, one, LATER) is Relation.CONNECTED

    def relation(self, one: str, other: str) -> Relation:
        return self.relations.standings(one, [other])[other].relation

    def found_by(self, listener_id: str) -> set[str]:
        return {
            one.listener_id for one in nearest(self.listeners, unit(1, 2), 9, VERSION, exclude=listener_id)
        }


class PeopleContract:
    """Run by subclasses, which give the fixture `stores`."""

    # ---- what each allows ----------------------------------------------------------------------------

    def test_a_new_listener_is_hidden_and_shares_by_default(self, stores: Stores):
        me = stores.join("ann", discoverable=False)
        choices = stores.consent.choices(me)
        assert (choices.alias, choices.discoverable, choices.paused) == ("Alias ann", False, False)
        assert choices.sharing == Sharing()
        assert choices.profile_url == LINK + "ann"

    def test_the_link_follows_the_account_at_every_sign_in(self, stores: Stores):
        me = stores.join("ann")
        stores.listeners.connect(Account("spotify:ann"), Source.SPOTIFY_API, "x", LATER)
        assert stores.consent.choices(me).profile_url == ""

    def test_nobody_has_no_choices(self, stores: Stores):
        assert stores.consent.choices(STRANGER) is None
        assert stores.consent.choices("nobody") is None

    @pytest.mark.parametrize("setter", ["set_discoverable", "set_paused"])
    def test_a_choice_is_a_change_once(self, stores: Stores, setter: str):
        me = stores.join("ann", discoverable=False)
        change = getattr(stores.consent, setter)
        assert change(me, True, NOW)
        assert not change(me, True, NOW)
        assert change(me, False, NOW)

    def test_the_note_on_who_sees_me_is_closed_once_and_stays_so(self, stores: Stores):
        me, other = stores.join("ann", discoverable=False), stores.join("bob")
        assert not stores.consent.choices(me).note_closed
        assert stores.consent.close_note(me)
        assert not stores.consent.close_note(me)
        assert stores.consent.choices(me).note_closed
        assert not stores.consent.choices(other).note_closed

    @pytest.mark.parametrize(
        "choose",
        [
            lambda consent: consent.close_note(STRANGER),
            lambda consent: consent.set_discoverable(STRANGER, True, NOW),
            lambda consent: consent.set_paused(STRANGER, True, NOW),
            lambda consent: consent.set_alias(STRANGER, "Quiet Fox", NOW),
            lambda consent: consent.set_shared(STRANGER, "tags", False, NOW),
            lambda consent: consent.share_facet(STRANGER, "saved", False, NOW),
        ],
    )
    def test_nobody_cannot_choose(self, stores: Stores, choose: Any):
        with pytest.raises(UnknownListener):
            choose(stores.consent)

    def test_an_alias_is_changed(self, stores: Stores):
        me = stores.join("ann")
        assert stores.consent.set_alias(me, "Quiet Fox", NOW)
        assert not stores.consent.set_alias(me, "Quiet Fox", NOW)
        assert stores.consent.set_alias(me, "quiet fox", NOW)
        assert stores.listeners.listener(me).alias == "quiet fox"

    @pytest.mark.parametrize("wanted", ["Élan (a+b) Straße", "éLAN (A+B) STRAßE", "ÉLAN (A+B) straße"])
    def test_an_alias_that_another_has_is_taken_in_any_case(self, stores: Stores, wanted: str):
        me, other = stores.join("ann"), stores.join("bob")
        stores.consent.set_alias(other, "Élan (a+b) Straße", NOW)
        with pytest.raises(AliasTaken):
            stores.consent.set_alias(me, wanted, NOW)
        assert stores.consent.choices(me).alias == "Alias ann"
        assert stores.consent.set_alias(me, wanted + "n", NOW)

    def test_of_many_who_want_one_alias_one_gets_it(self, stores: Stores):
        everybody = [stores.join(f"n{n}") for n in range(6)]

        def want(key: str) -> bool:
            try:
                return stores.consent.set_alias(key, "Quiet Fox", NOW)
            except AliasTaken:
                return False

        with ThreadPoolExecutor(6) as pool:
            assert sum(pool.map(want, everybody)) == 1

    def test_what_is_shared_is_kept_with_the_facets_that_are_hidden(self, stores: Stores):
        me = stores.join("ann")
        assert stores.consent.share_facet(me, "saved", False, NOW)
        assert not stores.consent.share_facet(me, "saved", False, NOW)
        assert set_sharing(stores.consent, me, ALL_OFF, NOW)
        assert not set_sharing(stores.consent, me, ALL_OFF, NOW)
        assert stores.consent.choices(me).sharing == replace(ALL_OFF, hidden_facets=frozenset({"saved"}))
        assert stores.consent.share_facet(me, "saved", True, NOW)
        assert not stores.consent.share_facet(me, "saved", True, NOW)
        assert stores.consent.choices(me).sharing == ALL_OFF

    @pytest.mark.parametrize("switch", ["artists", "tracks", "tags", "profile_link", "cards"])
    def test_one_switch_is_turned_and_the_others_stay(self, stores: Stores, switch: Any):
        me = stores.join("ann")
        by_default = getattr(Sharing(), switch)
        assert not stores.consent.set_shared(me, switch, by_default, NOW)
        stores.consent.share_facet(me, "saved", False, NOW)
        for shared in (not by_default, by_default):
            assert stores.consent.set_shared(me, switch, shared, NOW)
            assert not stores.consent.set_shared(me, switch, shared, NOW)
            expected = replace(Sharing(hidden_facets=frozenset({"saved"})), **{switch: shared})
            assert stores.consent.choices(me).sharing == expected

    def test_cards_are_not_allowed_before_they_are_chosen(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.connect(me, other)
        assert not stores.relations.standings(me, [other])[other].sharing.cards
        set_sharing(stores.consent, other, Sharing(tags=False), NOW)
        assert not stores.relations.standings(me, [other])[other].sharing.cards
        assert set_sharing(stores.consent, other, Sharing(cards=True), NOW)
        assert stores.relations.standings(me, [other])[other].sharing.cards
        assert stores.consent.choices(other).sharing == Sharing(cards=True)

    # ---- who is seen ---------------------------------------------------------------------------------

    def test_the_discoverable_are_found_and_stand_there(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        standing = stores.relations.standings(me, [other])[other]
        assert (standing.alias, standing.relation) == ("Alias bob", Relation.STRANGERS)
        assert standing.profile_url == LINK + "bob"
        assert stores.found_by(me) == {other}

    @pytest.mark.parametrize(
        "vanish",
        [
            lambda stores, me, other: stores.consent.set_discoverable(other, False, NOW),
            lambda stores, me, other: stores.consent.set_paused(other, True, NOW),
            lambda stores, me, other: stores.relations.block(me, other, NOW),
            lambda stores, me, other: stores.relations.block(other, me, NOW),
            lambda stores, me, other: stores.listeners.forget(other),
        ],
        ids=["hidden", "paused", "blocked by me", "blocked by them", "erased"],
    )
    def test_whoever_goes_out_of_sight_is_neither_found_nor_stands_there(self, stores: Stores, vanish: Any):
        me, other = stores.join("ann"), stores.join("bob")
        stores.connect(me, other)
        vanish(stores, me, other)
        assert stores.found_by(me) == set()
        assert stores.relations.standings(me, [other]) == {}

    def test_a_pause_and_its_end_leave_the_rest_as_it_was(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.connect(me, other)
        stores.consent.set_paused(other, True, NOW)
        assert stores.listeners.n_candidates(VERSION) == 1
        stores.consent.set_paused(other, False, NOW)
        assert stores.relation(me, other) is Relation.CONNECTED
        assert stores.found_by(me) == {other}

    def test_nobody_stands_to_oneself(self, stores: Stores):
        me = stores.join("ann")
        assert stores.relations.standings(me, [me, STRANGER, "nobody"]) == {}

    def test_the_erased_see_nobody(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.listeners.forget(me)
        with pytest.raises(UnknownListener):
            stores.relations.standings(me, [other])

    # ---- between two ---------------------------------------------------------------------------------

    def test_asking_and_agreeing_connects_both(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        assert stores.relations.ask(me, other, NOW) is Relation.ASKED_BY_ME
        assert stores.relations.ask(me, other, LATER) is Relation.ASKED_BY_ME
        assert stores.relation(me, other) is Relation.ASKED_BY_ME
        assert stores.relation(other, me) is Relation.ASKED_BY_THEM
        assert stores.relations.agree(other, me, LATER) is Relation.CONNECTED
        assert stores.relations.agree(me, other, LATER) is Relation.CONNECTED
        assert stores.relation(me, other) is stores.relation(other, me) is Relation.CONNECTED

    def test_two_who_ask_each_other_are_connected(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.ask(me, other, NOW)
        assert stores.relations.ask(other, me, LATER) is Relation.CONNECTED

    def test_nobody_agrees_to_what_was_not_asked(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        with pytest.raises(NotAsked):
            stores.relations.agree(me, other, NOW)
        stores.relations.ask(me, other, NOW)
        with pytest.raises(NotAsked):
            stores.relations.agree(me, other, NOW)

    @pytest.mark.parametrize("mine", [True, False])
    def test_either_ends_a_request_or_a_connection(self, stores: Stores, mine: bool):
        me, other = stores.join("ann"), stores.join("bob")
        who, whom = (me, other) if mine else (other, me)
        assert not stores.relations.withdraw(who, whom, NOW)
        stores.relations.ask(me, other, NOW)
        assert stores.relations.withdraw(who, whom, NOW)
        assert stores.relation(me, other) is Relation.STRANGERS
        stores.connect(who, whom)  # the other way round, a request that was declined waits
        assert stores.relations.withdraw(who, whom, NOW)
        assert stores.relation(other, me) is Relation.STRANGERS

    def test_a_synthetic_listener_agrees_at_once(self, stores: Stores):
        me, other = stores.join("ann"), stores.bring_in(Source.SYNTHETIC)
        assert stores.relations.standings(me, [other])[other].is_made_up
        assert stores.relations.ask(me, other, NOW) is Relation.CONNECTED

    def test_a_listener_from_an_open_table_never_answers(self, stores: Stores):
        me, other = stores.join("ann"), stores.bring_in(Source.TABLE)
        assert not stores.relations.standings(me, [other])[other].is_made_up
        assert stores.relations.ask(me, other, NOW) is Relation.ASKED_BY_ME

    def test_a_listener_from_open_data_cannot_be_asked_until_a_person_signs_in(self, stores: Stores):
        me, other = stores.join("ann"), stores.bring_in(Source.LISTENBRAINZ)
        assert stores.relations.standings(me, [other])[other].is_open_data
        with pytest.raises(NotOnEarshot):
            stores.relations.ask(me, other, NOW)
        assert stores.relation(me, other) is Relation.STRANGERS
        stores.listeners.connect(Account("table:listenbrainz"), Source.LISTENBRAINZ, "x", NOW)
        stores.consent.set_discoverable(other, True, NOW)
        assert not stores.relations.standings(me, [other])[other].is_open_data
        assert stores.relations.ask(me, other, NOW) is Relation.ASKED_BY_ME

    def test_somebody_who_signs_in_as_a_synthetic_listener_is_asked(self, stores: Stores):
        me, other = stores.join("ann"), stores.bring_in(Source.SYNTHETIC)
        stores.listeners.connect(Account("table:synthetic"), Source.SYNTHETIC, "x", NOW)
        stores.consent.set_discoverable(other, True, NOW)
        assert not stores.relations.standings(me, [other])[other].is_made_up
        assert stores.relations.ask(me, other, NOW) is Relation.ASKED_BY_ME

    @pytest.mark.parametrize("where", ["hidden", "paused", "blocked by me", "blocked by them", "erased"])
    def test_who_is_out_of_sight_cannot_be_asked_and_why_is_not_told(self, stores: Stores, where: str):
        me, other = stores.join("ann"), stores.join("bob")
        {
            "hidden": lambda: stores.consent.set_discoverable(other, False, NOW),
            "paused": lambda: stores.consent.set_paused(other, True, NOW),
            "blocked by me": lambda: stores.relations.block(me, other, NOW),
            "blocked by them": lambda: stores.relations.block(other, me, NOW),
            "erased": lambda: stores.listeners.forget(other),
        }[where]()
        with pytest.raises(UnknownListener, match="there is no such listener"):
            stores.relations.ask(me, other, NOW)
        assert stores.relations.contacts(me) == []

    @pytest.mark.parametrize(
        "do",
        [
            lambda relations, me, other: relations.ask(me, other, NOW),
            lambda relations, me, other: relations.agree(me, other, NOW),
            lambda relations, me, other: relations.withdraw(me, other, NOW),
            lambda relations, me, other: relations.block(me, other, NOW),
            lambda relations, me, other: relations.unblock(me, other, NOW),
            lambda relations, me, other: relations.report(me, other, ReportReason.SPAM, NOW),
        ],
        ids=["ask", "agree", "withdraw", "block", "unblock", "report"],
    )
    def test_nothing_is_between_oneself_or_nobody(self, stores: Stores, do: Any):
        me = stores.join("ann")
        for other in (me, STRANGER, "nobody"):
            with pytest.raises(UnknownListener):
                do(stores.relations, me, other)
            with pytest.raises(UnknownListener):
                do(stores.relations, other, me)

    def test_contacts_are_the_newest_first_with_what_may_be_shown(self, stores: Stores):
        me, bob, cid, dan = (stores.join(name) for name in ("ann", "bob", "cid", "dan"))
        stores.relations.ask(me, bob, NOW)
        stores.relations.ask(cid, me, NOW + timedelta(minutes=1))
        stores.relations.ask(me, dan, NOW)
        stores.relations.agree(dan, me, LATER)
        found = stores.relations.contacts(me)
        assert [(one.alias, one.relation, one.profile_url) for one in found] == [
            ("Alias dan", Relation.CONNECTED, LINK + "dan"),
            ("Alias cid", Relation.ASKED_BY_THEM, None),
            ("Alias bob", Relation.ASKED_BY_ME, None),
        ]
        assert found[0].since_utc == LATER
        assert all(one.in_sight for one in found)

    def test_requests_and_agreements_are_news_until_they_are_seen(self, stores: Stores):
        me, bob, cid = (stores.join(name) for name in ("ann", "bob", "cid"))
        assert stores.relations.n_news(me) == 0
        stores.relations.ask(bob, me, NOW)
        stores.relations.ask(me, cid, NOW)
        assert stores.relations.n_news(me) == 1
        stores.relations.agree(cid, me, LATER)
        assert stores.relations.n_news(me) == 2
        assert stores.relations.n_news(cid) == 0  # their own answer is no news to them
        for moment in (LATER, NOW):  # a slower page comes second
            stores.relations.see_people(me, moment)
        assert stores.relations.n_news(me) == 0
        assert stores.relations.n_news(STRANGER) == 0

    def test_an_answer_in_the_moment_of_the_request_is_no_news(self, stores: Stores):
        me, other = stores.join("ann"), stores.bring_in(Source.SYNTHETIC)
        assert stores.relations.ask(me, other, NOW) is Relation.CONNECTED
        assert stores.relations.n_news(me) == 0

    def test_what_was_taken_back_or_blocked_is_no_news(self, stores: Stores):
        me, bob, cid = (stores.join(name) for name in ("ann", "bob", "cid"))
        for other in (bob, cid):
            stores.relations.ask(other, me, NOW)
        stores.relations.withdraw(bob, me, NOW)
        stores.relations.block(me, cid, NOW)
        assert stores.relations.n_news(me) == 0

    def test_of_a_contact_out_of_sight_only_the_alias_is_left(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.connect(me, other)
        stores.consent.set_paused(other, True, NOW)
        (contact,) = stores.relations.contacts(me)
        assert (contact.alias, contact.in_sight, contact.profile_url) == ("Alias bob", False, None)
        assert stores.relations.withdraw(me, other, NOW)

    def test_a_link_that_is_not_shared_is_no_contacts_to_see(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.connect(me, other)
        set_sharing(stores.consent, other, Sharing(profile_link=False), NOW)
        assert stores.relations.contacts(me)[0].profile_url is None
        assert stores.relations.contacts(other)[0].profile_url == LINK + "ann"

    def test_a_block_works_both_ways_ends_a_connection_and_can_be_taken_back(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.connect(me, other)
        assert stores.relations.block(me, other, LATER)
        assert not stores.relations.block(me, other, LATER)
        assert stores.found_by(me) == stores.found_by(other) == set()
        assert stores.relations.contacts(me) == stores.relations.contacts(other) == []
        assert [(one.alias, one.blocked_at_utc) for one in stores.relations.blocked(me)] == [
            ("Alias bob", LATER)
        ]
        assert stores.relations.blocked(other) == []
        with pytest.raises(UnknownListener):  # whoever is blocked is not told so
            stores.relations.unblock(other, me, LATER)
        assert stores.relations.unblock(me, other, LATER)
        assert stores.relation(me, other) is stores.relation(other, me) is Relation.STRANGERS

    def test_a_block_by_both_lasts_until_both_take_it_back(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.report(other, me, ReportReason.SPAM, NOW)
        stores.relations.block(me, other, NOW)
        stores.relations.block(other, me, NOW)  # they have met: the report shows it
        stores.relations.unblock(me, other, NOW)
        assert stores.found_by(me) == stores.found_by(other) == set()
        stores.relations.unblock(other, me, NOW)
        assert stores.found_by(me) == {other}

    def test_no_request_survives_a_block_that_comes_at_the_same_time(self, stores: Stores):
        for n in range(6):
            me, other = stores.join(f"a{n}"), stores.join(f"b{n}")
            with ThreadPoolExecutor(2) as pool:
                asked = pool.submit(stores.relations.ask, me, other, NOW)
                pool.submit(stores.relations.block, other, me, NOW).result()
                assert asked.exception() is None or isinstance(asked.exception(), UnknownListener)
            assert stores.relations.contacts(me) == stores.relations.contacts(other) == []

    @pytest.mark.parametrize("where", ["hidden", "paused", "blocked by them", "erased"])
    def test_who_is_out_of_sight_and_was_never_met_is_nobody_to_do_anything_with(
        self, stores: Stores, where: str
    ):
        me, other = stores.join("ann"), stores.join("bob")
        {
            "hidden": lambda: stores.consent.set_discoverable(other, False, NOW),
            "paused": lambda: stores.consent.set_paused(other, True, NOW),
            "blocked by them": lambda: stores.relations.block(other, me, NOW),
            "erased": lambda: stores.listeners.forget(other),
        }[where]()
        with pytest.raises(UnknownListener, match="there is no such listener"):
            stores.relations.block(me, other, NOW)
        with pytest.raises(UnknownListener, match="there is no such listener"):
            stores.relations.report(me, other, ReportReason.SPAM, NOW)
        for do in (stores.relations.agree, stores.relations.withdraw, stores.relations.unblock):
            with pytest.raises(UnknownListener, match="there is no such listener"):
                do(me, other, NOW)
        assert stores.relations.blocked(me) == []

    def test_who_asks_and_hides_can_still_be_blocked_and_reported(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.ask(other, me, NOW)
        stores.consent.set_discoverable(other, False, NOW)
        stores.relations.withdraw(me, other, NOW)
        stores.relations.report(me, other, ReportReason.HARASSMENT, NOW)
        assert stores.relations.block(me, other, NOW)

    # ---- requests that were declined -----------------------------------------------------------------

    @pytest.mark.parametrize("decline", ["withdraw", "block"])
    def test_a_declined_request_is_not_sent_again_within_thirty_days(self, stores: Stores, decline: str):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.ask(me, other, NOW)
        getattr(stores.relations, decline)(other, me, NOW)
        stores.relations.unblock(other, me, NOW)
        with pytest.raises(RequestDeclined) as refused:
            stores.relations.ask(me, other, NOW + timedelta(days=30, seconds=-1))
        assert refused.value.retry_at_utc == NOW + timedelta(days=30)
        assert stores.relations.contacts(other) == []
        assert stores.relations.ask(me, other, NOW + timedelta(days=30)) is Relation.ASKED_BY_ME

    def test_a_request_declined_twice_is_never_sent_again(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        for days in (0, 30):
            stores.relations.ask(me, other, NOW + timedelta(days=days))
            stores.relations.withdraw(other, me, NOW + timedelta(days=days))
        with pytest.raises(RequestDeclined) as refused:
            stores.relations.ask(me, other, NOW + timedelta(days=10_000))
        assert refused.value.retry_at_utc is None

    def test_taking_back_a_request_or_ending_a_connection_declines_nothing(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.ask(me, other, NOW)
        stores.relations.withdraw(me, other, NOW)
        stores.connect(me, other)
        stores.relations.withdraw(other, me, NOW)
        assert stores.relations.ask(me, other, NOW) is Relation.ASKED_BY_ME

    def test_who_declined_may_ask_and_connecting_makes_up_for_it(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.ask(me, other, NOW)
        stores.relations.withdraw(other, me, NOW)
        stores.connect(other, me)
        stores.relations.withdraw(me, other, NOW)
        assert stores.relations.ask(me, other, NOW) is Relation.ASKED_BY_ME

    def test_who_declined_and_hides_is_nobody_to_ask(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.ask(me, other, NOW)
        stores.relations.withdraw(other, me, NOW)
        stores.consent.set_discoverable(other, False, NOW)
        with pytest.raises(UnknownListener, match="there is no such listener"):
            stores.relations.ask(me, other, NOW)

    # ---- what outlasts an erasure --------------------------------------------------------------------

    @pytest.mark.parametrize("gone", [["ann"], ["bob"], ["ann", "bob"], ["bob", "ann"]])
    def test_a_block_is_in_force_again_when_an_erased_account_comes_back(
        self, stores: Stores, gone: list[str]
    ):
        ids = {name: stores.join(name) for name in ("ann", "bob", "cid")}
        stores.relations.block(ids["ann"], ids["bob"], NOW)
        for name in gone:
            assert stores.listeners.forget(ids[name]).kept_until_utc is not None
        for name in gone:
            ids[name] = stores.join(name)
        ann, bob, cid = ids.values()
        assert stores.found_by(ann) == stores.found_by(bob) == {cid}
        assert [one.alias for one in stores.relations.blocked(ann)] == ["Alias bob"]
        assert stores.relations.blocked(bob) == []
        assert stores.relations.unblock(ann, bob, NOW)
        assert stores.found_by(bob) == {ann, cid}

    def test_a_block_outlasts_one_erasure_after_another(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.block(me, other, NOW)
        for _ in range(3):
            stores.listeners.forget(other)
            other = stores.join("bob")
            stores.listeners.forget(me)
            me = stores.join("ann")
        assert stores.found_by(me) == stores.found_by(other) == set()

    def test_a_refusal_outlasts_an_erasure(self, stores: Stores):
        me, other = stores.join("ann"), stores.join("bob")
        stores.relations.ask(me, other, NOW)
        stores.relations.withdraw(other, me, NOW)
        stores.listeners.forget(me)
        me = stores.join("ann")
        with pytest.raises(RequestDeclined):
            stores.relations.ask(me, other, LATER)

    def test_a_receipt_does_not_tell_that_others_have_blocked_or_reported(self, stores: Stores):
        ids = [stores.join(name) for name in ("ann", "bob", "cid")]
        stores.relations.block(ids[1], ids[0], NOW)
        stores.relations.report(ids[1], ids[0], ReportReason.SPAM, NOW)
        receipts = [stores.listeners.forget(one) for one in (ids[0], ids[2])]
        blocked, left_alone = ({k: v for k, v in one.erased.items() if k != "audit"} for one in receipts)
        assert blocked == left_alone

    # ---- everything kept of one ----------------------------------------------------------------------

    def test_an_export_holds_everything_and_of_others_at_most_the_alias(self, stores: Stores):
        me, friend, foe, fan = (stores.join(name) for name in ("ann", "bob", "cid", "dan"))
        stores.connect(me, friend)
        stores.relations.block(me, foe, NOW)
        stores.relations.block(fan, me, NOW)
        found = stores.personal.export(me, LATER)
        text = json.dumps(found)
        assert found["exported_at_utc"] == LATER.isoformat()
        assert found["listeners"][0]["alias"] == "Alias ann"
        assert found["profiles"][0]["content"]["names"] == {"low": "Low"}
        np.testing.assert_allclose(found["vectors"][0]["embedding"], unit(1, 2), atol=1e-3)
        assert found["connections"][0]["other_id"] == "Alias bob"
        assert found["blocks"][0]["blocked_id"] == "Alias cid"
        assert len(found["blocks"]) == 1
        assert "Alias dan" not in text
        assert not any(other in text for other in (friend, foe, fan))
        assert {"consent changed", "export"} <= {row["action"] for row in found["audit"]}

    def test_there_is_nothing_to_export_of_nobody(self, stores: Stores):
        with pytest.raises(UnknownListener):
            stores.personal.export(STRANGER, NOW)
