from collections import Counter

import pytest

from emulator.scrobbling.listenbrainz import token_of
from emulator.settings import EmulatorSettings

NAME = "syn-0001"
USER, STATS = f"/listenbrainz/1/user/{NAME}", f"/listenbrainz/1/stats/user/{NAME}"


@pytest.fixture
def local(start):
    return start(EmulatorSettings(listenbrainz_calls=1000))


def ask(local, path, **params):
    answer = local.http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["payload"]


def paged(local, count):
    found, until = [], {}
    while listens := ask(local, USER + "/listens", count=count, **until)["listens"]:
        found += listens
        until = {"max_ts": listens[-1]["listened_at"]}
    return found


def test_all_plays_of_the_world_come_page_by_page_newest_first(local, world):
    listens = paged(local, 100)
    times = [one["listened_at"] for one in listens]
    assert times == sorted(set(times), reverse=True)
    titles = Counter(one["track_metadata"]["track_name"] for one in listens)
    library = world.listeners[NAME].library
    for key, n in list(library.plays.items())[:20]:
        track = world.tracks[key]
        if sum(one.name == track.name for one in world.tracks.values()) == 1:
            assert titles[track.name] >= n
    assert ask(local, USER + "/listen-count")["count"] == len(listens)


def test_the_latest_are_those_that_spotify_lists_as_recent(local, world):
    listens = ask(local, USER + "/listens", count=50)["listens"]
    assert [one["listened_at"] for one in listens] == [
        row.at_s for row in world.listeners[NAME].library.recent
    ]


def test_with_min_ts_the_oldest_of_the_later_listens_come(local):
    every = paged(local, 1000)
    since = every[-1]["listened_at"]
    page = ask(local, USER + "/listens", count=3, min_ts=since)
    assert page["listens"] == every[-4:-1]
    assert (page["oldest_listen_ts"], page["latest_listen_ts"]) == (since, every[0]["listened_at"])


def test_statistics_count_what_the_listens_hold(local):
    listens = paged(local, 1000)
    artists = Counter(one["track_metadata"]["additional_info"]["artist_names"][0] for one in listens)
    page = ask(local, STATS + "/artists", count=1000, range="all_time")
    assert {one["artist_name"]: one["listen_count"] for one in page["artists"]} == artists
    assert page["total_artist_count"] == len(artists)
    rest = ask(local, STATS + "/recordings", count=1000, offset=1)
    assert rest["total_recording_count"] == len(rest["recordings"]) + 1


def test_statistics_that_were_never_made_are_an_empty_answer(local):
    answer = local.http.get("/listenbrainz/1/stats/user/syn-quiet/artists")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_token_says_whose_it_is(local):
    path, headers = "/listenbrainz/1/validate-token", {"Authorization": f"Token {token_of(NAME)}"}
    valid = local.http.get(path, headers=headers).json()
    assert valid == {"code": 200, "message": "Token valid.", "valid": True, "user_name": NAME}
    invalid = local.http.get(path, headers={"Authorization": "Token nobody"}).json()
    assert invalid == {"code": 200, "message": "Token invalid.", "valid": False}
    assert local.http.get(path).status_code == 400


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/listenbrainz/1/user/nobody/listens", 404, "Cannot find user: nobody"),
        (USER + "/listens?max_ts=5&min_ts=5", 400, "max_ts should be greater than min_ts"),
        (USER + "/listens?max_ts=x", 400, "Invalid max_ts argument: x"),
        (STATS + "/artists?range=ever", 400, "Invalid range: ever"),
    ],
)
def test_errors_have_a_code_and_a_sentence(local, path, status, words):
    answer = local.http.get(path)
    assert (answer.status_code, answer.json()) == (status, {"code": status, "error": words})


def test_calls_are_counted_in_headers_until_429(start):
    local = start(EmulatorSettings(listenbrainz_calls=2, listenbrainz_window_s=10))
    answers = [local.http.get(USER + "/listen-count") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one.headers["X-RateLimit-Remaining"] for one in answers] == ["1", "0", "0"]
    assert answers[2].headers["X-RateLimit-Reset-In"] == "10"
    local.clock.now_s += 10
    assert local.http.get(USER + "/listen-count").status_code == 200


@pytest.mark.parametrize(
    ("kind", "status"), [("rate_limited", 429), ("server_error", 500), ("bad_gateway", 502)]
)
def test_faults_have_its_shape(local, kind, status):
    local.http.post("/_emulator/faults", json={"kind": kind, "path": "/listenbrainz", "retry_after": 7})
    answer = local.http.get(USER + "/listens")
    assert (answer.status_code, answer.json()["code"]) == (status, status)
    assert answer.headers.get("X-RateLimit-Reset-In") == ("7" if status == 429 else None)
    assert local.http.get(USER + "/listens").status_code == 200
