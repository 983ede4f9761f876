from datetime import timedelta

import pytest
from starlette.responses import JSONResponse

from emulator.server.app import EmulatorSettings
from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.errors import SpotifyUnreachable
from spotify_client.attributes import ChainedAttributes
from spotify_client.audio_features import SpotifyAudioFeatures
from spotify_client.reccobeats import ReccoBeats, ReccoBeatsSettings
from tests.fakes.records import FakeAttributeCache
from tests.spotify_client.conftest import cut, error, raw

PATH = "/v1/audio-features"


def spotify_id(n):
    return f"{n:022d}"


def listening(*numbers, source=Source.SPOTIFY_API):
    heard = [
        Hearing(Part.SAVED, "Zemer", track_name=f"Song {n}", track_id=spotify_id(n), plays=1 + 1 / (1 + n))
        for n in numbers
    ]
    return Listening("ann", source, tuple(heard))


def row(n, **values):
    return {
        "id": "70b85474-5c5e-4430-a309-f1d71ee5cb23",
        "href": f"https://open.spotify.com/track/{spotify_id(n)}",
        "energy": 0.5,
        **values,
    }


# ---- chain ----------------------------------------------------------------------------------------------


class Knows:
    """Knows the energy of some tracks, and remembers what it was asked."""

    def __init__(self, name, *keys):
        self.name, self.keys, self.asked = name, keys, []

    def attributes(self, asked):
        self.asked.append([one.track_name for one in asked.hearings])
        return {key: AudioAttributes({"energy": 0.5}, self.name) for key in self.keys}


class Fails:
    def attributes(self, asked):
        raise SpotifyUnreachable("no")


def test_the_first_provider_that_knows_a_track_wins():
    chain = ChainedAttributes([Knows("table", "zemer|song 1"), Knows("net", "zemer|song 1", "zemer|song 2")])
    found = chain.attributes(listening(1, 2))
    assert {key: one.provenance for key, one in found.items()} == {
        "zemer|song 1": "table",
        "zemer|song 2": "net",
    }


def test_a_provider_is_asked_for_what_is_still_unknown():
    second = Knows("net")
    ChainedAttributes([Knows("table", "zemer|song 1"), second]).attributes(listening(1, 2))
    assert second.asked == [["Song 2"]]


def test_when_all_is_known_nobody_else_is_asked():
    second = Knows("net")
    ChainedAttributes([Knows("table", "zemer|song 1"), second]).attributes(listening(1))
    assert second.asked == []


def test_a_provider_that_fails_is_passed_over():
    found = ChainedAttributes([Fails(), Knows("net", "zemer|song 1")]).attributes(listening(1))
    assert list(found) == ["zemer|song 1"]


def test_without_providers_nothing_is_known():
    assert ChainedAttributes([]).attributes(listening(1)) == {}


# ---- ReccoBeats -----------------------------------------------------------------------------------------


@pytest.fixture
def recco(script, clock):
    return new_recco(script, clock, FakeAttributeCache())


def new_recco(script, clock, cache):
    return ReccoBeats(clock, cache, ReccoBeatsSettings(url=script.base + "/v1", user_agent="Earshot/test"))


def test_a_track_is_joined_on_the_end_of_href(recco, script):
    script.on(PATH, JSONResponse({"content": [row(2), row(1, energy=0.25)]}))
    found = recco.attributes(listening(1, 2, 3))
    assert {key: one.values["energy"] for key, one in found.items()} == {
        "zemer|song 1": 0.25,
        "zemer|song 2": 0.5,
    }
    assert found["zemer|song 1"].provenance == "reccobeats"


def test_our_own_user_agent_is_sent(recco, script):
    recco.attributes(listening(1))
    assert script.seen[0].headers["user-agent"] == "Earshot/test"


def test_at_most_forty_tracks_are_asked_for_at_once(recco, script):
    recco.attributes(listening(*range(95)))
    assert [len(one.query["ids"].split(",")) for one in script.seen] == [40, 40, 15]


def test_a_huge_library_is_capped_heaviest_first(script, clock):
    settings = ReccoBeatsSettings(url=script.base + "/v1", max_calls=1)
    recco = ReccoBeats(clock, FakeAttributeCache(), settings)
    recco.attributes(listening(*reversed(range(95))))
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
    first = recco.attributes(listening(1, 2))
    clock.now += timedelta(days=30)
    assert recco.attributes(listening(1, 2)) == first
    assert len(script.seen) == 1
    clock.now += timedelta(seconds=1)
    recco.attributes(listening(1, 2))
    assert len(script.seen) == 2


def test_what_one_process_learnt_no_other_asks_for(script, clock):
    cache = FakeAttributeCache()
    script.on(PATH, JSONResponse({"content": [row(1)]}))
    first = new_recco(script, clock, cache).attributes(listening(1, 2))
    assert new_recco(script, clock, cache).attributes(listening(1, 2)) == first
    assert len(script.seen) == 1


def test_only_what_was_answered_is_remembered(recco, script):
    script.on(PATH, JSONResponse({"content": [row(1)]}), error(500))
    recco.attributes(listening(*range(50)))
    script.on(PATH, JSONResponse({"content": []}))
    recco.attributes(listening(*range(50)))
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
    import json

    script.on(PATH, raw(json.dumps({"content": [row(1, **values)]})))
    assert recco.attributes(listening(1)) == {}


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
    assert recco.attributes(listening(*range(50))) == {}
    assert len(script.seen) == 1


@pytest.mark.parametrize("answer", [[], {}, {"content": None}, {"content": [None, 7, {"href": []}]}, "x"])
def test_a_strange_answer_is_nothing_known(recco, script, answer):
    script.on(PATH, JSONResponse(answer))
    assert recco.attributes(listening(1)) == {}


def test_a_pause_that_is_asked_for_is_kept(recco, script, clock):
    script.on(PATH, error(429, Retry_After="60"), JSONResponse({"content": [row(1)]}))
    assert recco.attributes(listening(1)) == {}
    assert recco.attributes(listening(1)) == {}
    assert len(script.seen) == 1
    clock.now += timedelta(seconds=60)
    assert recco.attributes(listening(1))


# ---- Spotify's own --------------------------------------------------------------------------------------


def own(room):
    cache = FakeAttributeCache()
    return SpotifyAudioFeatures(
        room.grants, room.settings, room.cooldowns, cache, room.clock, room.clock.sleep
    )


def test_spotifys_attributes_are_joined_on_the_id(room, script):
    rows = [None, {"id": spotify_id(1), "energy": 0.75, "key": 9, "time_signature": 4}]
    script.on(PATH + "/", JSONResponse({"audio_features": rows}))
    found = own(room).attributes(listening(1, 2))
    assert found == {"zemer|song 1": AudioAttributes({"energy": 0.75, "key": 9.0}, "spotify")}


def test_spotifys_answers_are_believed_for_a_week(room, script):
    script.on(PATH + "/", JSONResponse({"audio_features": [{"id": spotify_id(1), "energy": 0.75}]}))
    script.on("/api/token", JSONResponse({"access_token": "t", "token_type": "Bearer", "expires_in": 3600}))
    provider = own(room)
    first = provider.attributes(listening(1, 2))
    room.clock.now += timedelta(days=7)
    assert provider.attributes(listening(1, 2)) == first
    assert len(script.seen) == 1
    room.clock.now += timedelta(seconds=1)
    provider.attributes(listening(1, 2))
    assert script.paths().count(PATH + "/") == 2


def test_the_first_403_turns_it_off_for_good(room, script):
    script.on(PATH + "/", error(403, "Forbidden"))
    provider = own(room)
    assert provider.attributes(listening(1)) == {}
    assert provider.attributes(listening(2)) == {}
    assert len(script.seen) == 1


def test_other_listening_has_no_token_to_ask_with(room, script):
    assert own(room).attributes(listening(1, source=Source.TABLE)) == {}
    assert script.seen == []


def test_a_hundred_tracks_are_asked_for_at_once(room, script):
    own(room).attributes(listening(*range(150)))
    assert [len(one.query["ids"].split(",")) for one in script.seen] == [100, 50]


@pytest.mark.parametrize(("dialect", "known"), [("extended", True), ("development", False)])
def test_only_an_extended_app_gets_attributes_from_the_local_spotify(emulated, dialect, known):
    spotify = emulated(EmulatorSettings(dialect=dialect))
    spotify.sign_in("syn-0001")
    heard = spotify.room.fetch("syn-0001")
    assert bool(own(spotify.room).attributes(heard)) is known
