"""How many calls a reading costs, and how long it takes."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from emulator.server.app import EmulatorSettings
from matcher.domain.listening import Part, PartStatus
from tests.service.conftest import BIG, ME, grant_of

MOST_UNCHANGED = 12


def test_a_first_reading_an_unchanged_one_and_one_changed_playlist(earshot):
    running = earshot()
    me = running.sign_in()
    running.forget_calls()
    running.refresh(me)
    playlists = [path for path in running.calls() if path.endswith("/items")]
    assert len(running.calls()) <= 60
    assert playlists

    running.forget_calls()
    assert not running.refresh(me).changed
    assert len(running.calls()) == 12 <= MOST_UNCHANGED

    running.admin("DELETE", f"listeners/{ME}/playlists/{playlists[0].split('/')[3]}")
    running.forget_calls()
    assert running.refresh(me).changed
    assert len(running.calls()) == 12


def test_an_added_album_is_found_at_the_price_of_no_call_more(earshot):
    running = earshot()
    me = running.sign_in()
    before = running.refresh(me).profile
    album = running.admin("POST", f"listeners/{ME}/add-album")["album"]
    running.forget_calls()
    after = running.refresh(me)
    assert after.changed
    assert len(running.calls()) == 12
    n_saved = [sum(one.facet == "saved" for one in profile.items) for profile in (before, after.profile)]
    assert n_saved[1] - n_saved[0] == album["n_tracks"]


def test_every_change_gives_what_a_full_reading_gives(earshot, database):
    running = earshot()
    me = running.sign_in()
    running.refresh(me)
    scenes = running.admin("GET", "scenes")["scenes"]
    for change in (
        lambda: running.admin("POST", f"listeners/{ME}/add-album"),
        lambda: running.admin("POST", f"listeners/{ME}/adopt-scene", scene=scenes[3]["name"], share=0.3),
    ):
        change()
        found = running.refresh(me).profile
        with database.transaction() as connection:
            connection.exec_driver_sql("DELETE FROM readings")
        assert running.refresh(me).profile == found


@pytest.mark.slow
def test_a_big_library_is_read_within_the_budget_and_five_seconds(earshot):
    """60 playlists of 100 tracks and 2,000 saved ones, at 100 ms a call: the ten newest playlists whole."""
    running = earshot(EmulatorSettings(latency_ms=100))
    me, told = running.sign_in(BIG), []
    running.forget_calls()
    took_s = []
    for _ in range(2):  # the second one for machines that are busy with something else
        start = time.perf_counter()
        listening = running.replica.source.fetch(me, told.append)
        took_s.append(time.perf_counter() - start)
        if len(took_s) == 1:
            assert len(running.calls()) == told[-1].calls_used == 41
            assert {hearing.part for hearing in listening.hearings} == set(listening.parts)
            assert set(listening.parts.values()) == {PartStatus.OK}
            saved = sum(one.part is Part.SAVED for one in listening.hearings)
            assert (saved, len({one.facet_id for one in listening.hearings if one.facet_name})) == (500, 10)
            running.replica.readings.save(me, {})
    assert min(took_s) < 5


@pytest.mark.slow
def test_fifty_threads_that_need_a_new_token_make_one_call_and_lose_none(earshot):
    running = earshot(EmulatorSettings(rotate_refresh_tokens=True))
    me = running.sign_in()
    rejected = grant_of(running, me).access_token
    running.admin("POST", f"listeners/{ME}/expire-token")
    running.forget_calls()
    replicas = [running.replica, running.another()]
    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(lambda n: replicas[n % 2].grants.renewed(me, rejected), range(50)))
    assert len(set(found)) == 1
    assert found[0] != rejected
    assert running.calls("/api/token") == ["/api/token"]
    running.admin("POST", f"listeners/{ME}/expire-token")
    running.refresh(me)
