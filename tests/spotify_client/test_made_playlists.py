"""What Earshot made is never read back as anybody's taste, and never made twice."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from matcher.domain.library import build_profile
from matcher.domain.listening import Part
from matcher.ports import silent
from spotify_client.parsing.made_playlists import MARK, marked
from tests.fakes.records import FakeMadePlaylistStore
from tests.spotify_client.conftest import page_of_playlists
from tests.spotify_client.library.test_playlists import LISTENER, consent, maker_of, track_of

FRIEND = "syn-0002"


@pytest.fixture
def made():
    return FakeMadePlaylistStore()


@pytest.fixture
def spotify(emulated):
    local = emulated()
    consent(local)
    return local


@pytest.fixture
def tracks(world):
    """Tracks of the world that the listener has not."""
    own = set(world.listeners[LISTENER].library.item_ids())
    new = [one for one in world.tracks.values() if one.name and one.artists and one.id not in own]
    return [track_of(one.name, one.artists[0].name) for one in new[:5]]


def read(spotify, made, listener_id=LISTENER):
    return spotify.room.source(made=made).fetch(listener_id, silent)


def n_made(spotify, name="Both of us"):
    client = spotify.room.client(spotify.room.grants.access_token(LISTENER))
    return [one["name"] for one in client.playlists()["items"]].count(name)


def change(spotify, playlist_id, **fields):
    path = f"{spotify.base}/_emulator/listeners/{LISTENER}/playlists/{playlist_id}"
    requests.patch(path, json=fields, timeout=5).raise_for_status()


# ---- never read back ------------------------------------------------------------------------------------


def test_a_playlist_that_earshot_made_changes_nothing_of_the_taste(spotify, made, tracks):
    before = build_profile(read(spotify, made))
    assert maker_of(spotify.room, made=made).make(LISTENER, "Both of us", "Ours", tracks).n_added == 5
    assert build_profile(read(spotify, made)) == before


def test_nor_does_it_under_another_name_and_description(spotify, made, tracks):
    before = build_profile(read(spotify, made))
    maker_of(spotify.room, made=made).make(LISTENER, "Both of us", "Ours", tracks)
    ((_, playlist_id),) = made.rows
    change(spotify, playlist_id, name="Road trip", description="")
    assert build_profile(read(spotify, made)) == before


def test_nor_where_the_one_who_had_it_made_shares_it_with_another_listener(spotify, made, tracks):
    spotify.sign_in(FRIEND)
    before = build_profile(read(spotify, made, FRIEND))
    maker_of(spotify.room, made=made).make(LISTENER, "Both of us", "Ours", tracks)
    ((_, playlist_id),) = made.rows
    change(spotify, playlist_id, description="", collaborative=True, followed_by=FRIEND)
    assert playlist_id in page_of_playlists(spotify, FRIEND)
    assert build_profile(read(spotify, made, FRIEND)) == before


def test_nor_after_everything_was_forgotten_that_told_it_apart_by_id(spotify, made, tracks):
    """Erased and back, another Earshot, or Spotify's answer lost: its description says who made it."""
    before = build_profile(read(spotify, made))
    maker_of(spotify.room, made=made).make(LISTENER, "Both of us", "Ours", tracks)
    assert build_profile(read(spotify, FakeMadePlaylistStore())) == before


def test_nor_after_a_new_sign_in(spotify, made, tracks):
    before = build_profile(read(spotify, made))
    maker_of(spotify.room, made=made).make(LISTENER, "Both of us", "Ours", tracks)
    spotify.room.store.wipe(LISTENER)
    spotify.sign_in(LISTENER)
    assert build_profile(read(spotify, made)) == before


def test_what_the_listener_made_themselves_is_read(spotify, made, world):
    listening = read(spotify, made)
    named = {one.facet_name for one in listening.hearings if one.part is Part.PLAYLISTS}
    assert named


@pytest.mark.parametrize("description", ["", "Ours", "x" * 1000, "a\nb\x00", f"Ours {MARK}"])
def test_every_description_ends_with_the_mark_once_and_is_short_enough(description):
    found = marked(description)
    assert found.endswith("Made with Earshot.")
    assert found.count("Made with Earshot.") == 1
    assert len(found) <= 300
    assert found.isprintable()


# ---- never made twice -----------------------------------------------------------------------------------


def test_making_it_again_is_answered_with_the_one_that_is_there(spotify, made, tracks):
    maker = maker_of(spotify.room, made=made)
    first = maker.make(LISTENER, "Both of us", "Ours", tracks)
    again = maker.make(LISTENER, "Under a new alias", "Ours", tracks)
    assert (again.url, again.n_added, again.complete) == (first.url, 5, True)
    assert (first.was_there, again.was_there) == (False, True)
    assert (n_made(spotify), n_made(spotify, "Under a new alias")) == (1, 0)


def test_pressing_five_times_at_once_makes_one(spotify, made, tracks):
    maker = maker_of(spotify.room, made=made)
    with ThreadPoolExecutor(5) as pool:
        found = list(pool.map(lambda _: maker.make(LISTENER, "Both of us", "Ours", tracks), range(5)))
    assert len({one.url for one in found}) == 1
    assert n_made(spotify) == 1


def test_other_tracks_make_another_one(spotify, made, tracks):
    maker = maker_of(spotify.room, made=made)
    maker.make(LISTENER, "Both of us", "Ours", tracks)
    assert not maker.make(LISTENER, "Both of us", "Ours", tracks[:3]).was_there
    assert n_made(spotify) == 2


def test_one_that_was_deleted_at_spotify_is_made_anew(spotify, made, tracks):
    maker = maker_of(spotify.room, made=made)
    maker.make(LISTENER, "Both of us", "Ours", tracks)
    ((_, playlist_id),) = made.rows
    requests.delete(
        f"{spotify.base}/_emulator/listeners/{LISTENER}/playlists/{playlist_id}", timeout=5
    ).raise_for_status()
    assert not maker.make(LISTENER, "Both of us", "Ours", tracks).was_there
    assert n_made(spotify) == 1


@pytest.mark.parametrize("kind", ["server_error", "not_found", "malformed"])
def test_where_it_cannot_be_told_whether_it_is_there_no_second_one_is_made(spotify, made, tracks, kind):
    maker = maker_of(spotify.room, made=made)
    maker.make(LISTENER, "Both of us", "Ours", tracks)
    spotify.fault(kind, path="/v1/me/library/contains", times=2)
    assert maker.make(LISTENER, "Both of us", "Ours", tracks).was_there
    assert n_made(spotify) == 1


def test_one_that_was_left_empty_is_filled_by_the_next_press(spotify, made, tracks):
    maker = maker_of(spotify.room, made=made)
    spotify.fault("unavailable", path=r"/v1/playlists/[^/]+/items", times=1)
    assert not maker.make(LISTENER, "Both of us", "Ours", tracks).complete
    again = maker.make(LISTENER, "Both of us", "Ours", tracks)
    assert (again.n_added, again.complete) == (5, True)
    assert n_made(spotify) == 1


def test_one_of_which_only_the_answer_was_lost_is_not_filled_twice(spotify, made, tracks):
    maker = maker_of(spotify.room, made=made)
    maker.make(LISTENER, "Both of us", "Ours", tracks)
    ((owner, playlist_id),) = made.rows
    made.rows[owner, playlist_id] = (*made.rows[owner, playlist_id][:2], None)
    again = maker.make(LISTENER, "Both of us", "Ours", tracks)
    assert (again.n_added, again.was_there) == (5, True)
    client = spotify.room.client(spotify.room.grants.access_token(LISTENER))
    assert client.playlist_items(playlist_id)["total"] == 5
