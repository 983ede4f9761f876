"""What every `ListenerStore` does."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.domain.vectors import query_of
from matcher.errors import AccountTaken, UnknownListener
from matcher.ports import Account, Candidate, ListenerStore, Question
from matcher.scoring.packed_candidates import PackedProfile
from tests.fakes.product_way import nearest, save_profile
from tests.storage.contracts.worlds import (
    LATER,
    NOW,
    STRANGER,
    VERSION,
    aliases,
    candidates,
    profile,
    random_units,
    unit,
)

ME = Account("spotify:me")


class ListenerStoreContract:
    """Run by subclasses, which give the fixture `store`."""

    def test_a_new_listener_is_hidden_under_the_alias(self, store: ListenerStore):
        me = store.connect(ME, Source.SPOTIFY_API, "Quiet Fox 123", NOW)
        assert (me.alias, me.source, me.discoverable) == ("Quiet Fox 123", Source.SPOTIFY_API, False)
        assert store.listener(me.listener_id) == me

    def test_an_account_stays_one_listener(self, store: ListenerStore):
        first = store.connect(ME, Source.SPOTIFY_API, "Quiet Fox 123", NOW)
        assert store.connect(ME, Source.SPOTIFY_API, "Other Name 999", LATER) == first

    def test_an_account_has_an_owner_and_a_listener_an_account(self, store: ListenerStore):
        account = Account("spotify:ann", "https://open.spotify.com/user/ann")
        me = store.connect(account, Source.SPOTIFY_API, "Quiet Fox 123", NOW).listener_id
        assert store.owner_of(account) == store.owner_of(Account("spotify:ann")) == me
        assert store.account_of(me) == account

    def test_asking_whose_an_account_is_makes_nobody(self, store: ListenerStore):
        assert store.owner_of(ME) is None
        assert store.owner_of(ME) is None
        assert store.account_of(STRANGER) is None

    def test_another_account_takes_the_place_of_the_present_one(self, store: ListenerStore):
        me = store.connect(Account("key:1"), Source.FILE, "Quiet Fox 123", NOW)
        ann = Account("spotify:ann", "https://open.spotify.com/user/ann")
        store.change_account(me.listener_id, ann, LATER)
        assert store.account_of(me.listener_id) == ann
        assert store.owner_of(Account("key:1")) is None
        assert store.connect(ann, Source.SPOTIFY_API, "Other Name 999", LATER) == me
        store.change_account(me.listener_id, Account("key:2"), LATER)
        assert store.account_of(me.listener_id) == Account("key:2")
        assert store.connect(ann, Source.SPOTIFY_API, "Other Name 999", LATER) != me

    def test_the_present_account_once_more_changes_nothing(self, store: ListenerStore):
        me = store.connect(ME, Source.SPOTIFY_API, "Quiet Fox 123", NOW)
        store.change_account(me.listener_id, ME, LATER)
        assert store.owner_of(ME) == me.listener_id

    def test_an_account_that_somebody_signs_in_with_stays_theirs(self, store: ListenerStore):
        them = store.connect(ME, Source.SPOTIFY_API, "Quiet Fox 123", NOW)
        me = store.connect(Account("key:1"), Source.FILE, "Velvet Heron 7", NOW)
        with pytest.raises(AccountTaken):
            store.change_account(me.listener_id, ME, LATER)
        assert store.owner_of(ME) == them.listener_id
        assert store.account_of(me.listener_id) == Account("key:1")

    def test_whoever_was_imported_under_the_new_account_is_no_second_listener(self, store: ListenerStore):
        store.add_candidates([Candidate(ME, profile(), unit(1, 2))], aliases(1), VERSION, NOW)
        imported = store.owner_of(ME)
        me = store.connect(Account("key:1"), Source.FILE, "Quiet Fox 123", NOW)
        store.change_account(me.listener_id, ME, LATER)
        assert store.owner_of(ME) == me.listener_id
        assert store.listener(str(imported)) is None
        assert store.listener(me.listener_id) == me

    def test_nobody_has_no_account_to_change(self, store: ListenerStore):
        with pytest.raises(UnknownListener):
            store.change_account(STRANGER, ME, NOW)
        assert store.owner_of(ME) is None

    @pytest.mark.parametrize("listener_id", [STRANGER, "", "nobody", "\x00", STRANGER.replace("-", "")])
    def test_unknown_ids_are_nobody(self, store: ListenerStore, listener_id: str):
        assert store.listener(listener_id) is None
        assert store.listeners([listener_id]) == {}
        assert store.profile(listener_id) is None
        assert store.vectors([listener_id], VERSION).get(listener_id) is None
        assert store.synced_at_utc(listener_id) is None
        assert sum(store.forget(listener_id).erased.values()) == 0

    def test_the_imported_of_one_source_can_be_forgotten_some_at_a_time(self, store: ListenerStore):
        named = list(aliases(10))
        for source, name in ((Source.LISTENBRAINZ, "lb"), (Source.TABLE, "table")):
            found = [Candidate(Account(f"{name}:{n}"), profile(source=source), unit(1, 2)) for n in range(5)]
            assert store.add_candidates(found, [named.pop() for _ in found], VERSION, NOW) == 5
        person = store.connect(Account("lb:0"), Source.LISTENBRAINZ, "x", LATER).listener_id
        assert store.n_imported(Source.LISTENBRAINZ) == 4
        assert [store.forget_imported(Source.LISTENBRAINZ, 3) for _ in range(3)] == [3, 1, 0]
        assert store.listener(person) is not None
        assert store.owner_of(Account("lb:1")) is None
        assert store.owner_of(Account("table:1")) is not None
        assert store.n_candidates(VERSION) == 5

    def test_a_saved_profile_comes_back(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        assert store.profile(me) is None
        assert save_profile(store, me, profile(), unit(1, 2), VERSION, NOW)
        assert store.profile(me) == replace(profile(), listener_id=me)
        np.testing.assert_array_equal(store.vectors([me], VERSION).get(me), unit(1, 2))
        assert store.synced_at_utc(me) == NOW

    def test_the_same_profile_again_changes_only_the_time_of_reading(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 2), VERSION, NOW)
        assert not save_profile(store, me, profile(), unit(1, 2), VERSION, LATER)
        assert store.synced_at_utc(me) == LATER

    def test_another_vector_or_profile_is_a_change(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 2), VERSION, NOW)
        assert save_profile(store, me, profile(), unit(2, 1), VERSION, NOW)
        assert save_profile(store, me, profile("can"), unit(2, 1), VERSION, NOW)
        np.testing.assert_array_equal(store.vectors([me], VERSION).get(me), unit(2, 1))

    def test_a_listener_keeps_vectors_of_several_versions_while_the_profile_stays(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 2), "old", NOW)
        assert save_profile(store, me, profile(), unit(1, 2, 3, 4), "new", NOW)
        np.testing.assert_array_equal(store.vectors([me], "old").get(me), unit(1, 2))

    def test_a_changed_profile_drops_vectors_that_no_longer_fit(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 2), "old", NOW)
        save_profile(store, me, profile("can"), unit(1, 2), "new", NOW)
        assert store.vectors([me], "old").get(me) is None

    def test_a_listener_has_the_source_of_the_last_profile(self, store: ListenerStore):
        me = store.connect(ME, Source.SPOTIFY_API, "x", NOW).listener_id
        save_profile(store, me, profile(source=Source.SPOTIFY_EXPORT), unit(1, 2), VERSION, NOW)
        assert store.listener(me).source is Source.SPOTIFY_EXPORT

    def test_saving_for_an_erased_listener_is_refused(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        store.forget(me)
        with pytest.raises(UnknownListener):
            save_profile(store, me, profile(), unit(1, 2), VERSION, NOW)

    def test_imported_candidates_are_found_best_first(self, store: ListenerStore):
        vectors = random_units(30)
        assert store.add_candidates(candidates(vectors), aliases(30), VERSION, NOW) == 30
        found = nearest(store, vectors[3], 10, VERSION, exclude=STRANGER)
        np.testing.assert_allclose(
            [one.score for one in found], np.sort(vectors @ vectors[3])[::-1][:10], atol=1e-6
        )
        assert store.n_candidates(VERSION) == 30

    def test_equal_scores_come_in_the_order_of_ids(self, store: ListenerStore):
        store.add_candidates(candidates(np.tile(unit(1, 0), (9, 1))), aliases(9), VERSION, NOW)
        found = [one.listener_id for one in nearest(store, unit(1, 0), 5, VERSION, STRANGER)]
        everyone = [one.listener_id for one in nearest(store, unit(1, 0), 9, VERSION, STRANGER)]
        assert everyone == sorted(everyone)
        assert found == everyone[:5]

    @pytest.mark.parametrize("n", [0, 1, 2])
    def test_small_pools_give_who_there_is(self, store: ListenerStore, n: int):
        store.add_candidates(candidates(random_units(n)), aliases(n), VERSION, NOW)
        assert len(nearest(store, random_units(1)[0], 5, VERSION, STRANGER)) == n
        assert nearest(store, random_units(1)[0], 0, VERSION, STRANGER) == []

    def test_nobody_finds_themselves(self, store: ListenerStore):
        vectors = random_units(3)
        store.add_candidates(candidates(vectors), aliases(3), VERSION, NOW)
        me = nearest(store, vectors[0], 1, VERSION, STRANGER)[0].listener_id
        assert me not in {one.listener_id for one in nearest(store, vectors[0], 3, VERSION, exclude=me)}

    def test_the_score_is_the_same_from_both_sides(self, store: ListenerStore):
        store.add_candidates(candidates(random_units(8)), aliases(8), VERSION, NOW)
        ids = [one.listener_id for one in nearest(store, random_units(1)[0], 8, VERSION, STRANGER)]
        scores = {}
        for me in ids:
            query = query_of(store.vectors([me], VERSION).get(me))
            for other in nearest(store, query, 8, VERSION, exclude=me):
                scores[me, other.listener_id] = other.score
        assert len(scores) == 56
        for (me, other), score in scores.items():
            assert score == pytest.approx(scores[other, me], abs=1e-6)

    def test_the_hidden_are_never_found(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 0), VERSION, NOW)
        assert nearest(store, unit(1, 0), 5, VERSION, STRANGER) == []
        assert store.n_candidates(VERSION) == 0

    def test_versions_never_mix(self, store: ListenerStore):
        store.add_candidates(candidates(random_units(4, dim=8), "a"), aliases(4), "old", NOW)
        store.add_candidates(candidates(random_units(3, dim=16), "b"), aliases(3), "new", NOW)
        assert len(nearest(store, random_units(1, dim=8)[0], 9, "old", STRANGER)) == 4
        assert len(nearest(store, random_units(1, dim=16)[0], 9, "new", STRANGER)) == 3
        assert nearest(store, random_units(1)[0], 9, "other", STRANGER) == []

    def test_importing_again_changes_nothing(self, store: ListenerStore):
        rows = candidates(random_units(5))
        store.add_candidates(rows, aliases(5), VERSION, NOW)
        before = nearest(store, rows[0].stored, 9, VERSION, STRANGER)
        names = store.listeners([one.listener_id for one in before])
        assert store.add_candidates(rows, ["other"] * 5, VERSION, LATER) == 5
        assert nearest(store, rows[0].stored, 9, VERSION, STRANGER) == before
        assert store.listeners([one.listener_id for one in before]) == names

    def test_importing_replaces_what_changed(self, store: ListenerStore):
        store.add_candidates([Candidate(ME, profile("low"), unit(1, 0))], aliases(1), "old", NOW)
        store.add_candidates([Candidate(ME, profile("can"), unit(0, 1))], aliases(1), "new", LATER)
        (found,) = nearest(store, unit(0, 1), 5, "new", STRANGER)
        assert store.profile(found.listener_id).artists == {"can": 1.5}
        assert nearest(store, unit(1, 0), 5, "old", STRANGER) == []

    def test_of_one_account_twice_in_an_import_the_last_counts(self, store: ListenerStore):
        rows = [Candidate(ME, profile("low"), unit(1, 0)), Candidate(ME, profile("can"), unit(0, 1))]
        assert store.add_candidates(rows, aliases(2), VERSION, NOW) == 1
        (found,) = nearest(store, unit(0, 1), 5, VERSION, STRANGER)
        assert store.profile(found.listener_id).artists == {"can": 1.5}

    def test_an_import_short_of_aliases_keeps_nobody(self, store: ListenerStore):
        with pytest.raises(ValueError, match="fewer aliases"):
            store.add_candidates(candidates(random_units(3)), aliases(2), VERSION, NOW)
        assert store.n_candidates(VERSION) == 0

    def test_who_signs_in_takes_over_the_imported_and_is_hidden(self, store: ListenerStore):
        store.add_candidates([Candidate(ME, profile(), unit(1, 0))], ["Calm Owl 200"], VERSION, NOW)
        me = store.connect(ME, Source.SPOTIFY_API, "other", LATER)
        assert (me.alias, me.discoverable) == ("Calm Owl 200", False)
        assert store.n_candidates(VERSION) == 0

    def test_who_takes_over_an_imported_listener_starts_without_its_profile(self, store: ListenerStore):
        store.add_candidates([Candidate(ME, profile(), unit(1, 0))], ["Calm Owl 200"], VERSION, NOW)
        me = store.connect(ME, Source.SPOTIFY_API, "other", LATER).listener_id
        assert (store.profile(me), store.vectors([me], VERSION).get(me), store.synced_at_utc(me)) == (
            None,
            None,
            None,
        )

    def test_vectors_of_several_are_by_id_and_version(self, store: ListenerStore):
        me = store.connect(ME, Source.SPOTIFY_API, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 0), VERSION, NOW)
        found = store.vectors([me, "not-an-id"], VERSION)
        assert list(found) == [me]
        np.testing.assert_array_equal(found[me], unit(1, 0))
        assert store.vectors([me], "another") == {}

    def test_who_signs_in_again_keeps_the_profile(self, store: ListenerStore):
        me = store.connect(ME, Source.SPOTIFY_API, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 0), VERSION, NOW)
        store.connect(ME, Source.SPOTIFY_API, "x", LATER)
        assert store.profile(me) is not None
        assert store.vectors([me], VERSION).get(me) is not None

    def test_an_import_leaves_alone_who_has_signed_in(self, store: ListenerStore):
        me = store.connect(ME, Source.SPOTIFY_API, "x", NOW)
        save_profile(store, me.listener_id, profile("mine"), unit(1, 0), VERSION, NOW)
        assert store.add_candidates([Candidate(ME, profile(), unit(0, 1))], ["y"], VERSION, LATER) == 0
        assert store.profile(me.listener_id).artists == {"mine": 1.5}
        assert store.n_candidates(VERSION) == 0
        np.testing.assert_array_equal(
            store.vectors([me.listener_id], VERSION).get(me.listener_id), unit(1, 0)
        )

    def test_of_a_stranger_nothing_is_known(self, store: ListenerStore):
        assert store.known(STRANGER, VERSION) is None

    def test_before_the_first_reading_only_the_listener_is_known(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        known = store.known(me, VERSION)
        assert (known.profile, known.profile_digest, known.stored) == (None, "", None)

    def test_what_is_known_of_who_asks(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 2), VERSION, NOW)
        known = store.known(me, VERSION)
        assert (known.profile, known.synced_at_utc) == (replace(profile(), listener_id=me), NOW)
        np.testing.assert_array_equal(known.stored, unit(1, 2))
        assert store.known(me, "another").stored is None

    def test_another_profile_has_another_digest(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 2), VERSION, NOW)
        first = store.known(me, VERSION).profile_digest
        save_profile(store, me, profile("can"), unit(1, 2), VERSION, NOW)
        assert first != store.known(me, VERSION).profile_digest != ""

    def test_candidates_are_retrieved_as_they_were_kept(self, store: ListenerStore):
        vectors = random_units(3)
        packed = [PackedProfile(f"content {place}".encode(), (place,)) for place in range(3)]
        rows = [replace(one, packed=own) for one, own in zip(candidates(vectors), packed, strict=True)]
        store.add_candidates(rows, aliases(3), VERSION, NOW)
        found = store.retrieve(Question(STRANGER, vectors[0], (0,)), 9, VERSION)
        assert len(set(found.listener_ids)) == 3
        assert sorted(found.contents) == [one.content for one in packed]
        for stored, content in zip(found.stored, found.contents, strict=True):
            np.testing.assert_array_equal(stored, vectors[int(content[-1:])])

    def test_another_packed_form_is_a_change(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        packed = PackedProfile(b"one", (1,))
        save_profile(store, me, profile(), unit(1, 2), VERSION, NOW, packed)
        assert not save_profile(store, me, profile(), unit(1, 2), VERSION, NOW, packed)
        assert save_profile(store, me, profile(), unit(1, 2), VERSION, NOW, PackedProfile(b"one", (2,)))
        assert save_profile(store, me, profile(), unit(1, 2), VERSION, NOW, PackedProfile(b"two", (2,)))

    def test_only_listeners_under_that_version_are_retrieved(self, store: ListenerStore):
        store.add_candidates(candidates(random_units(3)), aliases(3), VERSION, NOW)
        question = Question(STRANGER, random_units(1)[0], ())
        assert list(store.retrieve(question, 9, "another").listener_ids) == []

    def test_neither_oneself_nor_the_hidden_are_seen(self, store: ListenerStore):
        store.add_candidates(candidates(random_units(2)), aliases(2), VERSION, NOW)
        one, other = (found.listener_id for found in nearest(store, unit(*[1] * 16), 2, VERSION, STRANGER))
        hidden = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, hidden, profile(), random_units(1)[0], VERSION, NOW)
        assert set(store.visible(one, [one, other, hidden, "not-an-id"])) == {other}

    def test_oneself_is_not_retrieved(self, store: ListenerStore):
        store.add_candidates(candidates(random_units(2)), aliases(2), VERSION, NOW)
        one, other = (found.listener_id for found in nearest(store, unit(*[1] * 16), 2, VERSION, STRANGER))
        found = store.retrieve(Question(one, random_units(1)[0], ()), 9, VERSION)
        assert list(found.listener_ids) == [other]

    def test_who_is_seen_comes_with_the_digest_of_their_profile(self, store: ListenerStore):
        store.add_candidates(candidates(random_units(1)), aliases(1), VERSION, NOW)
        (one,) = nearest(store, random_units(1)[0], 1, VERSION, STRANGER)
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        seen = store.visible(me, [one.listener_id])[one.listener_id]
        assert seen.listener == store.listener(one.listener_id)
        assert seen.profile_digest == store.known(one.listener_id, VERSION).profile_digest

    def test_who_was_erased_sees_nobody(self, store: ListenerStore):
        store.add_candidates(candidates(random_units(1)), aliases(1), VERSION, NOW)
        (one,) = nearest(store, random_units(1)[0], 1, VERSION, STRANGER)
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        assert set(store.visible(me, [one.listener_id])) == {one.listener_id}
        store.forget(me)
        assert store.visible(me, [one.listener_id]) == {}

    def test_forgetting_counts_what_goes(self, store: ListenerStore):
        me = store.connect(ME, Source.TABLE, "x", NOW).listener_id
        save_profile(store, me, profile(), unit(1, 0), VERSION, NOW)
        erased = store.forget(me).erased
        assert {name: n for name, n in erased.items() if n} == {"listeners": 1, "profiles": 1, "vectors": 1}
        assert store.listener(me) is None
        assert store.profile(me) is None
        assert store.connect(ME, Source.TABLE, "y", NOW).listener_id != me
