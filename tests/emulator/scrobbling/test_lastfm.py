from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from emulator.scrobbling.lastfm import is_playing, signature_of
from emulator.settings import LASTFM_KEY, LASTFM_SECRET, EmulatorSettings

NAME, CALLBACK = "syn-0001", "http://127.0.0.1:8501/callback"


@pytest.fixture
def local(start):
    return start(EmulatorSettings(lastfm_calls=1000))


def call(local, method, **params):
    query = {"method": method, "api_key": LASTFM_KEY, "format": "json"} | params
    return local.http.get("/lastfm/2.0/", params=query)


def signed(local, method, **params):
    params |= {"method": method, "api_key": LASTFM_KEY}
    return call(local, **params, api_sig=signature_of(params, LASTFM_SECRET))


def tracks_of(local, name, **params):
    return call(local, "user.getRecentTracks", user=name, **params).json()["recenttracks"]


def test_plays_come_in_numbered_pages(local):
    first = tracks_of(local, NAME, limit=200)
    attr = first["@attr"]
    pages = [tracks_of(local, NAME, limit=200, page=n) for n in range(1, int(attr["totalPages"]) + 1)]
    played = [row for page in pages for row in page["track"] if "date" in row]
    assert len(played) == int(attr["total"])
    times = [int(row["date"]["uts"]) for row in played]
    assert times == sorted(times, reverse=True)
    assert int(call(local, "user.getInfo", user=NAME).json()["user"]["playcount"]) == len(played)
    top = call(local, "user.getTopArtists", user=NAME, limit=1000).json()["topartists"]["artist"]
    assert {row["name"]: int(row["playcount"]) for row in top} == Counter(
        row["artist"]["#text"] for row in played
    )


def test_times_bound_the_plays(local):
    times = [int(row["date"]["uts"]) for row in tracks_of(local, NAME, limit=9)["track"] if "date" in row]
    found = tracks_of(local, NAME, **{"from": times[5], "to": times[2]})
    assert [int(row["date"]["uts"]) for row in found["track"] if "date" in row] == times[2:6]


def test_what_plays_now_stands_on_every_page_without_a_time(local, world):
    name = next(key for key, one in world.listeners.items() if is_playing(one) and one.library.plays)
    for page in (1, 2):
        first, *rest = tracks_of(local, name, limit=5, page=page)["track"]
        assert (first["@attr"], "date" in first) == ({"nowplaying": "true"}, False)
        assert len(rest) == 5


def test_tags_of_an_artist_are_ranked_to_a_hundred(local, world):
    artist = next(one for one in world.artists.values() if len(one.tags) > 1)
    tags = call(local, "artist.getTopTags", artist=artist.name).json()["toptags"]["tag"]
    assert {tag["name"] for tag in tags} == set(artist.tags)
    assert tags[0]["count"] == 100


@pytest.mark.parametrize(
    ("method", "params", "status", "code"),
    [
        ("user.getRecentTracks", {"user": "nobody"}, 404, 6),
        ("user.getRecentTracks", {}, 400, 6),
        ("user.getRecentTracks", {"user": "syn-odd"}, 403, 17),
        ("user.getNothing", {"user": NAME}, 400, 3),
        ("user.getInfo", {"user": NAME, "api_key": "0" * 32}, 403, 10),
        ("artist.getTopTags", {"artist": "No Such Artist"}, 404, 6),
        ("auth.getSession", {"token": "0" * 32, "api_sig": "0" * 32}, 403, 13),
    ],
)
def test_errors_have_a_number_and_a_message(local, method, params, status, code):
    answer = call(local, method, **params)
    assert (answer.status_code, answer.json()["error"], set(answer.json())) == (
        status,
        code,
        {"error", "message"},
    )


def test_a_web_sign_in_ends_with_a_session_that_names_the_listener(local):
    page = local.http.get("/lastfm/api/auth/", params={"api_key": LASTFM_KEY, "cb": CALLBACK, "q": NAME})
    assert (page.status_code, NAME in page.text) == (200, True)
    answer = local.http.post(
        "/lastfm/api/auth/", data={"api_key": LASTFM_KEY, "cb": CALLBACK, "listener_id": NAME}
    )
    assert answer.headers["location"].startswith(CALLBACK)
    (token,) = parse_qs(urlsplit(answer.headers["location"]).query)["token"]
    assert signed(local, "auth.getSession", token=token).json()["session"]["name"] == NAME
    assert signed(local, "auth.getSession", token=token).json()["error"] == 4


def test_a_desktop_token_waits_for_permission_and_expires(local):
    token = signed(local, "auth.getToken").json()["token"]
    assert signed(local, "auth.getSession", token=token).json()["error"] == 14
    form = {"api_key": LASTFM_KEY, "token": token, "listener_id": NAME}
    assert local.http.post("/lastfm/api/auth/", data=form).status_code == 200
    local.clock.now_s += 3601
    assert signed(local, "auth.getSession", token=token).json()["error"] == 15


def test_a_foreign_key_or_callback_is_refused(local):
    def status(**params):
        return local.http.get("/lastfm/api/auth/", params={"api_key": LASTFM_KEY} | params).status_code

    assert [status(api_key="x", cb=CALLBACK), status(cb="http://evil.example/"), status()] == [403, 400, 400]


def test_too_many_calls_are_error_29(start):
    local = start(EmulatorSettings(lastfm_calls=1))
    answers = [call(local, "user.getInfo", user=NAME) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 429]
    assert answers[1].json()["error"] == 29


@pytest.mark.parametrize(("kind", "code"), [("rate_limited", 29), ("server_error", 8), ("quota", 26)])
def test_faults_have_its_shape(local, kind, code):
    local.http.post("/_emulator/faults", json={"kind": kind, "path": "/lastfm"})
    assert call(local, "user.getInfo", user=NAME).json()["error"] == code
    assert "user" in call(local, "user.getInfo", user=NAME).json()
