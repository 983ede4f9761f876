import pytest

from emulator.webapi.reccobeats import is_known, own_id

PATH = "/reccobeats/v1/audio-features"
AGENT = {"User-Agent": "Earshot tests"}


def ask(shared, *ids, path=PATH, headers=AGENT):
    return shared.http.get(path, params={"ids": ",".join(ids)}, headers=headers)


@pytest.fixture(scope="module")
def tracks(world):
    return list(world.tracks.values())[:40]


def test_unknown_tracks_are_left_out_and_rows_are_joined_on_href(shared, tracks):
    content = ask(shared, *[one.id for one in tracks]).json()["content"]
    known = {one.id for one in tracks if is_known(one)}
    assert 0 < len(known) < len(tracks)
    assert {row["href"].rpartition("/")[2] for row in content} == known
    assert not {row["id"] for row in content} & known


def test_values_are_those_of_the_world(shared, tracks):
    track = next(one for one in tracks if is_known(one))
    (row,) = ask(shared, track.id).json()["content"]
    assert row["danceability"] == track.attributes[0]
    assert row["isrc"] == track.isrc
    assert not {"time_signature", "duration_ms"} & set(row)


def test_its_own_ids_are_understood_too(shared, tracks):
    track = next(one for one in tracks if is_known(one))
    (row,) = ask(shared, own_id(track.id), path="/reccobeats/v1/track").json()["content"]
    assert (row["trackTitle"], row["durationMs"]) == (track.name, track.duration_ms)


@pytest.mark.parametrize("n", [0, 41])
def test_forty_ids_at_most(shared, tracks, n):
    answer = ask(shared, *[tracks[0].id] * n)
    assert answer.status_code == 400
    message = {"path": "getAudioFeatures.ids", "message": "size must be between 1 and 40"}
    assert answer.json() == {"status": 4004, "errors": [message]}


@pytest.mark.parametrize("agent", ["", "Python-urllib/3.11"])
def test_anonymous_libraries_are_turned_away(shared, tracks, agent):
    assert ask(shared, tracks[0].id, headers={"User-Agent": agent}).status_code == 403
