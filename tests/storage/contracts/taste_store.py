"""What every `TasteStore` does."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes
from matcher.domain.exclusions import Exclusion, Kind, value_of
from matcher.domain.library import Library
from matcher.domain.listening import Part, PartStatus, Source
from matcher.domain.profile import Facet, Row
from matcher.errors import NothingLeft, UnknownListener
from matcher.ports import Account, Candidate, KeptTaste, ListenerStore, NewTaste, TasteStore
from matcher.scoring.packed_candidates import BARE
from tests.fakes.product_way import nearest
from tests.storage.contracts.worlds import LATER, NOW, STRANGER, VERSION, profile, unit

LOW, MAY = Exclusion(Kind.ARTIST, "low"), Exclusion(Kind.PERIOD, "2026-05")
AUTUMN = Exclusion(Kind.PERIOD, "2026-09..2026-11")


def library(*artists: str) -> Library:
    return Library(
        listener_id="",
        source=Source.SPOTIFY_API,
        rows=tuple(Row(one, f"{one}|song", 1.5, "saved", 1990, "2026-05") for one in sorted(artists)),
        facets={"saved": Facet(Part.SAVED, "")},
        names={one: one.title() for one in artists},
        artist_tags={one: {"slowcore": 2.0, "a tag": 0.1} for one in artists},
        attributes={f"{one}|song": AudioAttributes({"energy": 0.25}, "a table") for one in artists},
        parts={Part.SAVED: PartStatus.OK},
    )


def read(found: Library):
    """Decides to keep a library that was read just now, with what is left out already."""

    def decide(kept: KeptTaste) -> NewTaste:
        profile = found.without(kept.exclusions)
        return NewTaste(kept.exclusions, profile, unit(1, len(profile.items)), BARE, VERSION, found)

    return decide


def leave_out(*things: Exclusion):
    """Decides to leave out these things and no other."""

    def decide(kept: KeptTaste) -> NewTaste:
        whole = kept.library()
        assert whole is not None
        profile = whole.without(things)
        return NewTaste(frozenset(things), profile, unit(1, len(profile.items)), BARE, VERSION)

    return decide


class TasteStoreContract:
    """Run by subclasses, which give the fixtures `listeners` and `store`."""

    @pytest.fixture
    def me(self, listeners: ListenerStore) -> str:
        return listeners.connect(Account("spotify:me"), Source.SPOTIFY_API, "x", NOW).listener_id

    def test_a_library_comes_back_exactly(self, store: TasteStore, me: str):
        assert store.library(me) is None
        store.change(me, read(library("low", "can")), NOW)
        assert store.library(me) == replace(library("low", "can"), listener_id=me)

    def test_sources_stand_side_by_side_and_make_one_library(self, store: TasteStore, me: str):
        other = replace(library("can", "neu"), source=Source.LASTFM)
        store.change(me, read(library("low", "can")), NOW)
        store.change(me, read(other), LATER)
        assert [(one.origin, one.read_at_utc) for one in store.sources(me)] == [
            ("spotify_api", NOW),
            ("lastfm", LATER),
        ]
        whole = store.library(me)
        assert whole is not None
        assert whole.artists == {"low", "can", "neu"}
        assert whole.source is Source.SPOTIFY_API

    def test_a_later_reading_takes_the_place_of_its_source_alone(self, store: TasteStore, me: str):
        for one in (library("low"), replace(library("can"), source=Source.LASTFM), library("neu")):
            store.change(me, read(one), NOW)
        whole = store.library(me)
        assert whole is not None
        assert whole.artists == {"can", "neu"}

    def test_files_of_two_services_are_two_sources(self, store: TasteStore, me: str):
        mine = replace(library("low"), source=Source.FILE)
        for service in ("Deezer", "Tidal", "Deezer"):
            store.change(me, read(replace(mine, service=service)), NOW)
        assert [one.origin for one in store.sources(me)] == ["file:Deezer", "file:Tidal"]

    def test_whose_a_source_is_stands_with_it(self, store: TasteStore, me: str):
        for proven in (False, True):
            typed = replace(library("can"), source=Source.LASTFM, proven=proven)
            store.change(me, read(typed), NOW)
            assert [one.proven for one in store.sources(me)] == [proven]

    def test_whether_anything_was_brought_is_known_whatever_is_read_beside_it(
        self, store: TasteStore, listeners: ListenerStore, me: str
    ):
        found = Candidate(Account("table:1"), profile("can"), unit(1, 2))
        listeners.add_candidates([found], ["Velvet Heron 7"], VERSION, NOW)
        (other,) = (one.listener_id for one in nearest(listeners, unit(1, 2), 1, VERSION, me))

        def told() -> tuple[bool, bool]:
            known = listeners.known(me, VERSION)
            return known is not None and known.brought, listeners.visible(me, [other])[other].brought

        store.change(me, read(library("low")), NOW)
        assert told() == (False, False)
        mine = replace(library("can"), source=Source.FILE, service="Deezer")
        store.change(me, read(mine), NOW)
        store.change(me, read(library("low", "neu")), LATER)
        assert told() == (True, False)
        store.change(other, read(mine), NOW)
        assert told() == (True, True)

    def test_a_removed_source_is_gone(self, store: TasteStore, me: str):
        for one in (library("low"), replace(library("can"), source=Source.LASTFM)):
            store.change(me, read(one), NOW)
        mark = store.mark(me)

        def remove(kept: KeptTaste) -> NewTaste:
            rest = kept.libraries()["lastfm"]
            return NewTaste(kept.exclusions, rest.profile(), unit(1, 2), BARE, VERSION, removed="spotify_api")

        store.change(me, remove, LATER)
        assert [one.origin for one in store.sources(me)] == ["lastfm"]
        assert store.mark(me) != mark

    def test_profile_and_vector_are_kept_with_it(self, store: TasteStore, listeners: ListenerStore, me: str):
        new, changed = store.change(me, read(library("low", "can")), NOW)
        assert changed
        assert listeners.profile(me) == replace(new.profile, listener_id=me)
        np.testing.assert_allclose(listeners.vectors([me], VERSION).get(me), new.stored, atol=1e-3)
        assert listeners.synced_at_utc(me) == NOW

    def test_reading_the_same_again_changes_only_the_time_of_reading(
        self, store: TasteStore, listeners: ListenerStore, me: str
    ):
        store.change(me, read(library("low", "can")), NOW)
        _, changed = store.change(me, read(library("low", "can")), LATER)
        assert not changed
        assert listeners.synced_at_utc(me) == LATER

    def test_what_is_left_out_is_kept_with_its_time_oldest_first(self, store: TasteStore, me: str):
        store.change(me, read(library("low", "can")), NOW)
        store.change(me, leave_out(MAY), NOW)
        store.change(me, leave_out(LOW, MAY), LATER)
        assert list(store.exclusions(me).items()) == [(MAY, NOW), (LOW, LATER)]

    def test_what_is_taken_back_in_is_forgotten(self, store: TasteStore, me: str):
        store.change(me, read(library("low", "can")), NOW)
        store.change(me, leave_out(LOW, MAY), NOW)
        store.change(me, leave_out(MAY), LATER)
        assert dict(store.exclusions(me)) == {MAY: NOW}

    def test_a_mark_is_another_while_the_taste_is_another(self, store: TasteStore, me: str):
        marks = [store.mark(me)]
        for decide in (
            read(library("low", "can")),
            leave_out(LOW),
            leave_out(LOW, AUTUMN),
            read(library("neu")),
        ):
            store.change(me, decide, NOW)
            marks.append(store.mark(me))
        assert marks[0] == ""
        assert len(set(marks)) == len(marks)

    def test_a_mark_is_the_same_for_the_same_taste(self, store: TasteStore, me: str):
        store.change(me, read(library("low", "can")), NOW)
        before = store.mark(me)
        store.change(me, leave_out(LOW), NOW)
        store.change(me, leave_out(), LATER)
        store.change(me, read(library("low", "can")), LATER)
        assert store.mark(me) == before

    def test_leaving_out_keeps_the_library_and_the_time_of_reading(
        self, store: TasteStore, listeners: ListenerStore, me: str
    ):
        store.change(me, read(library("low", "can")), NOW)
        _, changed = store.change(me, leave_out(LOW), LATER)
        assert changed
        assert set(listeners.profile(me).artists) == {"can"}
        assert len(store.library(me).rows) == 2
        assert listeners.synced_at_utc(me) == NOW

    def test_what_is_left_out_is_told_to_whoever_decides(self, store: TasteStore, me: str):
        store.change(me, read(library("low", "can")), NOW)
        store.change(me, leave_out(LOW), NOW)
        new, _ = store.change(me, read(library("low", "neu")), LATER)
        assert set(new.profile.artists) == {"neu"}

    def test_when_nothing_is_decided_nothing_is_written(
        self, store: TasteStore, listeners: ListenerStore, me: str
    ):
        store.change(me, read(library("low", "can")), NOW)
        before = (
            store.library(me),
            dict(store.exclusions(me)),
            listeners.profile(me),
            listeners.synced_at_utc(me),
        )

        def refuse(kept: KeptTaste) -> NewTaste:
            kept.library()
            raise NothingLeft("everything is left out")

        with pytest.raises(NothingLeft):
            store.change(me, refuse, LATER)
        now = (
            store.library(me),
            dict(store.exclusions(me)),
            listeners.profile(me),
            listeners.synced_at_utc(me),
        )
        assert now == before

    def test_of_changes_at_once_none_is_lost(self, store: TasteStore, listeners: ListenerStore, me: str):
        artists = [f"artist {n}" for n in range(8)]
        store.change(me, read(library("low", *artists)), NOW)

        def one_more(artist: str) -> None:
            def decide(kept: KeptTaste) -> NewTaste:
                return leave_out(*kept.exclusions, Exclusion(Kind.ARTIST, artist))(kept)

            store.change(me, decide, LATER)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(one_more, artists))
        assert {one.value for one in store.exclusions(me)} == set(artists)
        assert set(listeners.profile(me).artists) == {"low"}

    @pytest.mark.parametrize("listener_id", [STRANGER, "", "nobody", "\x00"])
    def test_unknown_ids_have_no_taste(self, store: TasteStore, listener_id: str):
        assert store.library(listener_id) is None
        assert dict(store.exclusions(listener_id)) == {}
        with pytest.raises(UnknownListener):
            store.change(listener_id, read(library("low")), NOW)

    def test_forgetting_a_listener_forgets_the_taste(
        self, store: TasteStore, listeners: ListenerStore, me: str
    ):
        store.change(me, read(library("low", "can")), NOW)
        store.change(me, leave_out(LOW), NOW)
        listeners.forget(me)
        assert store.library(me) is None
        assert dict(store.exclusions(me)) == {}

    def test_listeners_have_each_their_own(self, store: TasteStore, listeners: ListenerStore, me: str):
        other = listeners.connect(Account("spotify:other"), Source.SPOTIFY_API, "y", NOW).listener_id
        store.change(me, read(library("low", "can")), NOW)
        store.change(other, read(library("low", "neu")), NOW)
        store.change(me, leave_out(LOW), NOW)
        assert dict(store.exclusions(other)) == {}
        assert store.library(other).artists == {"low", "neu"}

    def test_hostile_names_are_kept_exactly(self, store: TasteStore, me: str):
        hostile = ("nul\x00", "half \ud800", "é" * 4000, "'; DROP TABLE libraries; --", "<script>")
        store.change(me, read(library("low", *hostile)), NOW)
        assert store.library(me).artists == {"low", *hostile}
        things = [Exclusion(Kind.ARTIST, value_of(one)) for one in hostile]
        new, _ = store.change(me, leave_out(*things), NOW + timedelta(seconds=1))
        assert set(store.exclusions(me)) == set(things)
        assert set(new.profile.artists) == {"low"}
