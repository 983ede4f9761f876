from datetime import timedelta

import pytest
from starlette.responses import JSONResponse

from emulator.server.app import EmulatorSettings
from matcher.domain.audio import AudioAttributes
from matcher.domain.listening import Source
from spotify_client.library.audio_features import SpotifyAudioFeatures
from tests.fakes.records import FakeAttributeCache
from tests.spotify_client.conftest import error, listening_of, spotify_id

PATH = "/v1/audio-features"


def own(room):
    cache = FakeAttributeCache()
    return SpotifyAudioFeatures(
        room.grants, room.settings, room.cooldowns, cache, room.clock, room.clock.sleep
    )


def test_spotifys_attributes_are_joined_on_the_id(room, script):
    rows = [None, {"id": spotify_id(1), "energy": 0.75, "key": 9, "time_signature": 4}]
    script.on(PATH + "/", JSONResponse({"audio_features": rows}))
    found = own(room).attributes(listening_of(1, 2))
    assert found == {"zemer|song 1": AudioAttributes({"energy": 0.75, "key": 9.0}, "spotify")}


def test_spotifys_answers_are_believed_for_a_week(room, script):
    script.on(PATH + "/", JSONResponse({"audio_features": [{"id": spotify_id(1), "energy": 0.75}]}))
    script.on("/api/token", JSONResponse({"access_token": "t", "token_type": "Bearer", "expires_in": 3600}))
    provider = own(room)
    first = provider.attributes(listening_of(1, 2))
    room.clock.now += timedelta(days=7)
    assert provider.attributes(listening_of(1, 2)) == first
    assert len(script.seen) == 1
    room.clock.now += timedelta(seconds=1)
    provider.attributes(listening_of(1, 2))
    assert script.paths().count(PATH + "/") == 2


def test_the_first_403_turns_it_off_for_good(room, script):
    script.on(PATH + "/", error(403, "Forbidden"))
    provider = own(room)
    assert provider.attributes(listening_of(1)) == {}
    assert provider.attributes(listening_of(2)) == {}
    assert len(script.seen) == 1


def test_other_listening_has_no_token_to_ask_with(room, script):
    assert own(room).attributes(listening_of(1, source=Source.TABLE)) == {}
    assert script.seen == []


def test_a_hundred_tracks_are_asked_for_at_once(room, script):
    own(room).attributes(listening_of(*range(150)))
    assert [len(one.query["ids"].split(",")) for one in script.seen] == [100, 50]


@pytest.mark.parametrize(("dialect", "known"), [("extended", True), ("development", False)])
def test_only_an_extended_app_gets_attributes_from_the_local_spotify(emulated, dialect, known):
    spotify = emulated(EmulatorSettings(dialect=dialect))
    spotify.sign_in("syn-0001")
    heard = spotify.room.fetch("syn-0001")
    assert bool(own(spotify.room).attributes(heard)) is known
