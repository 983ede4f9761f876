import json
from datetime import timedelta

import pytest
from starlette.responses import JSONResponse

from matcher.domain.listening import Hearing, Listening, Part, Source
from sources.reccobeats import ReccoBeats, ReccoBeatsSettings
from tests.fakes.records import FakeAttributeCache
from tests.spotify_client.conftest import cut, error, listening_of, raw, spotify_id

PATH = "/v1/audio-features"


def row(n, **values):
    return {
        "id": "70b85474-5c5e-4430-a309-f1d71ee5cb23",
        "href": f"https://open.spotify.com/track/{spotify_id(n)}",
        "energy": 0.5,
        **values,
    }


@pytest.fixture
def recco(script, clock):
    return new_recco(script, clock, FakeAttributeCache())


def new_recco(script, clock, cache):
    return ReccoBeats(clock, cache, ReccoBeatsSettings(url=script.base + "/v1", user_agent="Earshot/test"))


def test_a_track_is_joined_on_the_end_of_href(recco, script):
    script.on(PATH, JSONResponse({"content": [row(2), row(1, energy=0.25)]}))
    found = recco.attributes(listening_of(1, 2, 3))
    assert {key: one.values["energy"] for key, one in found.items()} == {
        "zemer|song 1": 0.25,
        "zemer|song 2": 0.5,
    }
    assert found["zemer|song 1"].provenance == "reccobeats"


def test_our_own_user_agent_is_sent(recco, script):
    recco.attributes(listening_of(1))
    assert script.seen[0].headers["user-agent"] == "Earshot/test"


def test_at_most_forty_tracks_are_asked_for_at_once(recco, script):
    recco.attributes(listening_of(*range(95)))
    assert [len(one.query["ids"].split(",")) for one in script.seen] == [40, 40, 15]


def test_a_huge_library_is_capped_heaviest_first(script, clock):
    settings = ReccoBeatsSettings(url=script.base + "/v1", max_calls=1)
    recco = ReccoBeats(clock, FakeAttributeCache(), settings)
    recco.attributes(listening_of(*reversed(range(95))))
    assert script.seen[0].query["ids"].split(",") == [spotify_id(n) for n in range(40)]
    assert len(script.seen) == 1


def test_only_spotify_ids_leave_the_house(recco, script):
    heard = [
        Hearing(Part.PLAYS, "Zemer", track_name="Song", track_id=one) for one in ("", "mbid-1", "x" * 23)
    ]
    recco.attributes(Listening("ann", Source.TABLE, tuple(heard)))
    assert script.seen == []


def test_known_and_unknown_tracks_are_remembered_for_thirty_days(recco, script, clock):
    script.on(PATH, JSONResponse({"content": [row(1)]}))
    first = recco.attributes(listening_of(1, 2))
    clock.now += timedelta(days=30)
    assert recco.attributes(listening_of(1, 2)) == first
    assert len(script.seen) == 1
    clock.now += timedelta(seconds=1)
    recco.attributes(listening_of(1, 2))
    assert len(script.seen) == 2


def test_what_one_process_learnt_no_other_asks_for(script, clock):
    cache = FakeAttributeCache()
    script.on(PATH, JSONResponse({"content": [row(1)]}))
    first = new_recco(script, clock, cache).attributes(listening_of(1, 2))
    assert new_recco(script, clock, cache).attributes(listening_of(1, 2)) == first
    assert len(script.seen) == 1


def test_only_what_was_answered_is_remembered(recco, script):
    script.on(PATH, JSONResponse({"content": [row(1)]}), error(500))
    recco.attributes(listening_of(*range(50)))
    script.on(PATH, JSONResponse({"content": []}))
    recco.attributes(listening_of(*range(50)))
    assert [len(one.query["ids"].split(",")) for one in script.seen] == [40, 10, 10]


@pytest.mark.parametrize(
    "values",
    [
        {"energy": None},
        {"energy": "0.5"},
        {"energy": 1.5},
        {"energy": True},
        {"energy": float("nan")},
        {"energy": None, "key": -1},
        {"energy": None, "tempo": 10**400},
    ],
)
def test_a_value_that_cannot_be_is_left_out(recco, script, values):
    script.on(PATH, raw(json.dumps({"content": [row(1, **values)]})))
    assert recco.attributes(listening_of(1)) == {}


@pytest.mark.parametrize(
    "answer",
    [
        error(500),
        error(400),
        error(403),
        raw("not json"),
        raw("[" * 100_000),
        cut,
        raw("", 302, location="/x"),
    ],
)
def test_a_service_in_trouble_costs_nothing_but_coverage(recco, script, answer):
    script.on(PATH, answer)
    assert recco.attributes(listening_of(*range(50))) == {}
    assert len(script.seen) == 1


@pytest.mark.parametrize("answer", [[], {}, {"content": None}, {"content": [None, 7, {"href": []}]}, "x"])
def test_a_strange_answer_is_nothing_known(recco, script, answer):
    script.on(PATH, JSONResponse(answer))
    assert recco.attributes(listening_of(1)) == {}


def test_a_pause_that_is_asked_for_is_kept(recco, script, clock):
    script.on(PATH, error(429, Retry_After="60"), JSONResponse({"content": [row(1)]}))
    assert recco.attributes(listening_of(1)) == {}
    assert recco.attributes(listening_of(1)) == {}
    assert len(script.seen) == 1
    clock.now += timedelta(seconds=60)
    assert recco.attributes(listening_of(1))
