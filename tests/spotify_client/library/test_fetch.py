import json
from datetime import timedelta

import pytest
from starlette.responses import JSONResponse

from emulator.server.app import EmulatorSettings
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Part, PartStatus, Source
from matcher.errors import (
    GrantRevoked,
    NotAllowListed,
    OwnerNotPremium,
    QuotaExceeded,
    RateLimited,
    ScopeMissing,
    SpotifyMalformed,
    SpotifyUnreachable,
)
from matcher.ports import silent
from sources.exports.reader import read_export
from spotify_client.settings import SCOPES
from tests.fakes.spotify import FakeReadingStore
from tests.spotify_client.conftest import cut, error, raw

OK, EMPTY, DENIED, FAILED = PartStatus.OK, PartStatus.EMPTY, PartStatus.DENIED, PartStatus.FAILED
ARTISTS, TRACKS, RECENT = "/v1/me/top/artists", "/v1/me/top/tracks", "/v1/me/player/recently-played"
SAVED, LISTS, ME = "/v1/me/tracks", "/v1/me/playlists", "/v1/me/"
ALBUMS, FOLLOWED = "/v1/me/albums", "/v1/me/following"


def track(n=1):
    return {"id": f"t{n}", "name": f"Song {n}", "type": "track", "artists": [{"id": "a1", "name": "Zemer"}]}


def page(*rows, next_url=None, total=None):
    return JSONResponse(
        {"items": list(rows), "next": next_url, "total": len(rows) if total is None else total}
    )


def album(n=1, artist="Zemer", added_at="2026-11-20T18:01:02Z"):
    artists = [{"id": f"a{n}", "name": artist}]
    return {"added_at": added_at, "album": {"id": f"b{n}", "name": f"Album {n}", "artists": artists}}


def artist(n=1, name="Zemer", **more):
    return {"id": f"a{n}", "name": name, "type": "artist", **more}


def followed(*rows, next_url=None, total=None):
    total = len(rows) if total is None else total
    return JSONResponse({"artists": {"items": list(rows), "next": next_url, "total": total}})


def playlist(name, total=1, owner="ann", **more):
    return {"id": name, "name": name.title(), "owner": {"id": owner}, "items": {"total": total}, **more}


def rows_of(n, first=0):
    return [{"item": track(i)} for i in range(first, first + n)]


@pytest.fixture
def library(script):
    """A small library with something in every part; tests change what they are about."""
    script.on(ARTISTS, page({"id": "a1", "name": "Zemer", "genres": ["dub"]}))
    script.on(TRACKS, page(track()))
    script.on(RECENT, page({"played_at": "2026-11-20T18:01:02Z", "track": track()}))
    script.on(SAVED, page({"added_at": "2026-11-20T18:01:02Z", "track": track()}))
    script.on(ALBUMS, page(album()))
    script.on(FOLLOWED, followed(artist()))
    script.on(ME, JSONResponse({"id": "ann", "account_id": "aB3"}))
    script.on(LISTS, page(playlist("walk"), playlist("run")))
    script.on("/v1/playlists/walk/items", page({"item": track(1)}))
    script.on("/v1/playlists/run/items", page({"item": track(2)}))
    return script


def parts_of(listening):
    return {part: sum(one.part is part for one in listening.hearings) for part in listening.parts}


# ---- everything works -----------------------------------------------------------------------------------


def test_every_part_is_read(room, library):
    listening = room.fetch()
    assert listening.listener_id == "ann"
    assert listening.source is Source.SPOTIFY_API
    assert dict(listening.parts) == dict.fromkeys(
        [
            Part.TOP_ARTISTS,
            Part.TOP_TRACKS,
            Part.RECENT,
            Part.ALBUMS,
            Part.FOLLOWED,
            Part.PLAYLISTS,
            Part.SAVED,
        ],
        OK,
    )
    assert parts_of(listening) == {
        Part.TOP_ARTISTS: 3,
        Part.TOP_TRACKS: 3,
        Part.RECENT: 1,
        Part.ALBUMS: 1,
        Part.FOLLOWED: 1,
        Part.PLAYLISTS: 2,
        Part.SAVED: 1,
    }


def test_genres_of_top_artists_become_tags(room, library):
    assert room.fetch().artist_tags == {"zemer": {"dub": 1.0}}


def test_the_top_lists_are_asked_for_three_ranges(room, library):
    room.fetch()
    ranges = [one.query["time_range"] for one in library.seen if one.path in (ARTISTS, TRACKS)]
    assert ranges == ["short_term", "medium_term", "long_term"] * 2


def test_an_empty_library_has_empty_parts(room, script):
    script.on(ME, JSONResponse({"id": "ann"}))
    assert set(room.fetch().parts.values()) == {EMPTY}


def test_one_library_costs_few_calls(room, library):
    room.fetch()
    assert len(library.seen) == 3 + 3 + 1 + 1 + 1 + 1 + 1 + 2 + 1


def test_progress_is_told_for_each_part(room, library):
    told = []
    room.fetch(report=told.append)
    walked = [(one.done, one.total) for one in told if one.step is Part.PLAYLISTS]
    assert walked == [(0, 0), (0, 2), (1, 2), (2, 2)]
    assert [one.step for one in told if one.done == one.total > 0] == [
        Part.TOP_ARTISTS,
        Part.TOP_TRACKS,
        Part.RECENT,
        Part.ALBUMS,
        Part.FOLLOWED,
        Part.PLAYLISTS,
        Part.SAVED,
    ]
    assert [one.calls_used for one in told] == sorted(one.calls_used for one in told)
    assert told[-1].calls_used == len(library.seen)
    assert {one.calls_budget for one in told} == {60}


# ---- saved albums, followed artists ---------------------------------------------------------------------


def test_albums_and_followed_artists_are_artists_and_count_as_saved_tracks(room, library):
    library.on(ALBUMS, page(album(1, "Low"), album(2, "Can"), album(3, "Low"), {"album": None}))
    library.on(FOLLOWED, followed(artist(4, "Neu!"), None, {"name": "a friend", "type": "user"}))
    found = room.fetch().hearings
    assert [one for one in found if one.part is Part.ALBUMS] == [
        Hearing(Part.ALBUMS, name, f"a{n}", plays=2.0) for n, name in enumerate(("Low", "Can", "Low"), 1)
    ]
    assert [one for one in found if one.part is Part.FOLLOWED] == [
        Hearing(Part.FOLLOWED, "Neu!", "a4", plays=2.0)
    ]


def test_the_same_library_by_the_web_api_and_by_an_export_gives_the_same_profile(room, script, tmp_path):
    script.on(ME, JSONResponse({"id": "ann"}))
    script.on(ALBUMS, page(album(1, "Low"), album(2, "Can"), album(3, "Low")))
    script.on(FOLLOWED, followed(artist(4, "Neu!"), artist(5, "Low")))
    by_api = build_profile(room.fetch())
    library = {
        "tracks": [],
        "albums": [
            {"album": "A", "artist": name, "uri": "spotify:album:x"} for name in ("Low", "Can", "Low")
        ],
        "artists": [{"name": name, "uri": ""} for name in ("Neu!", "Low")],
    }
    path = tmp_path / "YourLibrary.json"
    path.write_text(json.dumps(library))
    by_export = build_profile(read_export([path]).listening)
    assert (by_export.items, by_export.facets) == (by_api.items, by_api.facets)
    assert by_export.artists["low"] == 6.0


def test_genres_of_followed_artists_become_tags(room, library):
    library.on(FOLLOWED, followed(artist(4, "Neu!", genres=["krautrock"])))
    assert room.fetch().artist_tags == {"zemer": {"dub": 1.0}, "neu": {"krautrock": 1.0}}


def test_followed_artists_are_walked_by_their_next_addresses(room, library):
    following = library.api + "me/following?type=artist&after=a50"
    first = [artist(n, f"Artist {n}") for n in range(50)]
    library.on(FOLLOWED, followed(*first, next_url=following, total=51), followed(artist(50, "Last")))
    assert parts_of(room.fetch())[Part.FOLLOWED] == 51
    asked = [one.query for one in library.seen if one.path == FOLLOWED]
    assert [(one["type"], one.get("after")) for one in asked] == [("artist", None), ("artist", "a50")]


@pytest.mark.parametrize(("calls_budget", "n_pages"), [(60, 4), (22, 2), (16, 1)])
def test_long_lists_of_albums_and_artists_leave_calls_for_the_rest(room_of, library, calls_budget, n_pages):
    def pages(path, answer, row):
        def of(seen):
            start = int(seen.query.get("offset", 0)) + 50
            return answer(*[row] * 50, next_url=f"{library.base}{path}?offset={start}", total=10_000)

        library.on(path, of)

    pages(ALBUMS, page, album())
    pages(FOLLOWED, followed, artist())
    listening = room_of(library.base, calls_budget=calls_budget).fetch()
    assert [library.paths().count(path) for path in (ALBUMS, FOLLOWED)] == [n_pages, n_pages]
    assert set(listening.parts.values()) == {OK}


def test_a_grant_from_before_does_without_followed_artists_alone(emulated):
    before = tuple(one for one in SCOPES if one != "user-follow-read")
    spotify = emulated(scopes=before)
    spotify.sign_in("syn-0003")
    parts = dict(spotify.room.fetch("syn-0003").parts)
    assert parts.pop(Part.FOLLOWED) is DENIED
    assert set(parts.values()) == {OK}


# ---- saved tracks, pages --------------------------------------------------------------------------------


def test_pages_are_followed_to_the_end(room, library):
    library.on(
        SAVED,
        page(
            *[{"track": track(i)} for i in range(50)], next_url=library.api + "me/tracks?offset=50", total=60
        ),
        page(*[{"track": track(i)} for i in range(50, 60)], total=60),
    )
    assert parts_of(room.fetch())[Part.SAVED] == 60


def test_saved_tracks_are_capped(room_of, library):
    rows = [{"track": track(i)} for i in range(50)]
    library.on(SAVED, page(*rows, next_url=library.api + "me/tracks?offset=50", total=5000))
    told = []
    listening = room_of(library.base, max_saved_tracks=70).fetch(report=told.append)
    assert parts_of(listening)[Part.SAVED] == 70
    assert (told[-1].done, told[-1].total) == (70, 70)


def test_a_next_that_goes_in_circles_ends(room, library):
    library.on(SAVED, page({"track": track()}, next_url=library.api + "me/tracks?offset=0", total=99))
    room.fetch()
    assert library.paths().count(SAVED) == 2


def test_a_next_to_a_foreign_host_ends_the_part_and_gets_no_token(room, library):
    library.on(SAVED, page({"track": track()}, next_url="https://evil.example/v1/me/tracks", total=99))
    listening = room.fetch()
    assert listening.parts[Part.SAVED] is FAILED
    assert parts_of(listening)[Part.SAVED] == 1


def test_a_part_that_is_not_wanted_is_absent(room_of, library):
    listening = room_of(library.base, max_saved_tracks=0, max_playlists=0).fetch()
    assert not {Part.SAVED, Part.PLAYLISTS} & set(listening.parts)
    assert not {SAVED, LISTS, ME} & set(library.paths())


# ---- playlists ------------------------------------------------------------------------------------------


def test_only_own_and_collaborative_playlists_with_rows_are_read(room, library):
    library.on(
        LISTS,
        page(
            playlist("mine"),
            playlist("theirs", owner="bob"),
            playlist("ours", owner="bob", collaborative=True),
            playlist("blank", total=0),
            playlist("pseudonym", owner="aB3"),
            None,
        ),
    )
    room.fetch()
    read = [path.split("/")[3] for path in library.paths() if path.endswith("/items")]
    assert read == ["mine", "ours", "pseudonym"]


def test_the_first_playlists_are_read_up_to_the_cap(room_of, library):
    library.on(LISTS, page(*[playlist(f"p{i}") for i in range(9)]))
    room_of(library.base, max_playlists=2).fetch()
    assert [path for path in library.paths() if path.endswith("/items")] == [
        "/v1/playlists/p0/items",
        "/v1/playlists/p1/items",
    ]


def test_the_list_of_playlists_is_followed_until_enough_are_found(room_of, library):
    library.on(
        LISTS,
        page(playlist("theirs", owner="bob"), next_url=library.api + "me/playlists?offset=50"),
        page(playlist("walk"), next_url=library.api + "me/playlists?offset=100"),
        error(500),
    )
    listening = room_of(library.base, max_playlists=1).fetch()
    assert listening.parts[Part.PLAYLISTS] is OK


@pytest.mark.parametrize("denial", [error(403, "Forbidden"), error(404, "Resource not found")])
def test_one_denied_playlist_is_skipped(room, library, denial, caplog):
    caplog.set_level("INFO")
    library.on("/v1/playlists/walk/items", denial)
    listening = room.fetch()
    assert listening.parts[Part.PLAYLISTS] is OK
    assert parts_of(listening)[Part.PLAYLISTS] == 1
    assert "1 playlists denied" in caplog.text


def test_when_every_playlist_is_denied_the_part_is(room, library):
    for name in ("walk", "run"):
        library.on(f"/v1/playlists/{name}/items", error(403, "Forbidden"))
    assert room.fetch().parts[Part.PLAYLISTS] is DENIED


def test_playlists_read_side_by_side_give_the_same(room_of, library):
    library.on(LISTS, page(*[playlist(f"p{i}", total=120) for i in range(9)]))
    for i in range(9):
        endless(library, f"/v1/playlists/p{i}/items", n_rows=3)
    one_by_one = room_of(library.base).fetch()
    for i in range(9):
        endless(library, f"/v1/playlists/p{i}/items", n_rows=3)
    n_calls = len(library.seen)
    together = room_of(library.base, concurrent_calls=4).fetch()
    facets = [one.facet_id for one in together.hearings if one.part is Part.PLAYLISTS]
    assert facets == sorted(facets)
    assert len(facets) == 9 * 3 * 3
    assert len(library.seen) - n_calls <= 60
    assert set(one_by_one.parts) == set(together.parts)


@pytest.mark.parametrize(
    ("trouble", "status"),
    [(error(403, "the user may not be registered."), DENIED), (error(429, Retry_After="600"), FAILED)],
)
def test_after_an_error_side_by_side_at_most_those_on_their_way_are_finished(
    room_of, library, trouble, status
):
    library.on(LISTS, page(*[playlist(f"p{i}") for i in range(10)]))
    for i in range(10):
        library.on(f"/v1/playlists/p{i}/items", trouble)
    listening = room_of(library.base, concurrent_calls=3).fetch()
    assert listening.parts[Part.PLAYLISTS] is status
    assert sum(path.endswith("/items") for path in library.paths()) <= 2 * 3


@pytest.mark.parametrize("trouble", [error(502), raw(""), raw("no json"), cut, JSONResponse({"items": 7})])
def test_a_playlist_that_fails_keeps_what_was_read_of_it_and_is_read_again(room, library, trouble):
    readings = FakeReadingStore()
    more = library.api + "playlists/walk/items?offset=50"
    library.on("/v1/playlists/walk/items", page({"item": track(1)}, next_url=more, total=2), trouble)
    listening = room.source(readings).fetch("ann", silent)
    assert listening.parts[Part.PLAYLISTS] is OK
    assert parts_of(listening)[Part.PLAYLISTS] == 2
    library.on("/v1/playlists/walk/items", page({"item": track(1)}, {"item": track(3)}))
    assert parts_of(room.source(readings).fetch("ann", silent))[Part.PLAYLISTS] == 3


def test_a_playlist_that_fails_keeps_what_was_known_of_it(room, library):
    readings = FakeReadingStore()
    library.on(LISTS, page(playlist("walk", snapshot_id="1"), playlist("run", snapshot_id="1")))
    first = room.source(readings).fetch("ann", silent)
    library.on(LISTS, page(playlist("walk", snapshot_id="2"), playlist("run", snapshot_id="1")))
    library.on("/v1/playlists/walk/items", error(502))
    told = []
    again = room.source(readings).fetch("ann", told.append)
    assert build_profile(again).items == build_profile(first).items
    assert max(one.n_skipped for one in told) == 1
    library.on("/v1/playlists/walk/items", page({"item": track(9)}))
    assert "t9" in {one.track_id for one in room.source(readings).fetch("ann", silent).hearings}


# ---- the list of playlists ------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [error(502), error(404), raw(""), raw("no json"), cut])
def test_a_page_of_the_list_that_fails_keeps_what_was_listed(room, library, trouble):
    more = library.api + "me/playlists?offset=50"
    library.on(LISTS, page(playlist("walk"), next_url=more, total=60), trouble)
    listening = room.fetch()
    assert parts_of(listening)[Part.PLAYLISTS] == 1
    assert listening.parts[Part.PLAYLISTS] is FAILED
    assert listening.parts[Part.SAVED] is OK


def test_what_stands_behind_a_page_of_the_list_that_fails_is_not_taken_for_gone(room, library):
    readings = FakeReadingStore()
    more = library.api + "me/playlists?offset=50"
    walk, run = playlist("walk", snapshot_id="1"), playlist("run", snapshot_id="1")
    library.on(LISTS, page(walk, next_url=more, total=2), page(run, total=2))
    first = room.source(readings).fetch("ann", silent)
    library.on(LISTS, page(walk, next_url=more, total=2), error(502))
    again = room.source(readings).fetch("ann", silent)
    assert again.parts[Part.PLAYLISTS] is FAILED
    assert build_profile(again).items == build_profile(first).items


def test_a_lock_out_in_the_middle_of_the_list_calls_nobody_any_more(room, library):
    more = library.api + "me/playlists?offset=50"
    library.on(LISTS, page(playlist("walk"), next_url=more, total=60), error(429, Retry_After="600"))
    assert room.fetch().parts[Part.PLAYLISTS] is FAILED
    assert library.paths()[-1] == LISTS


# ---- budget ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("budget", [1, 3, 7, 8, 9, 10, 12, 20, 60])
def test_no_budget_is_ever_exceeded(room_of, library, budget):
    huge = page(*rows_of(50), next_url=library.api + "playlists/walk/items?offset=50", total=10_000)
    library.on("/v1/playlists/walk/items", huge)
    listening = room_of(library.base, calls_budget=budget).fetch()
    assert len(library.seen) <= budget
    assert set(listening.parts.values()) == {OK}


def test_a_part_that_the_budget_did_not_reach_is_absent(room_of, library):
    listening = room_of(library.base, calls_budget=4).fetch()
    assert set(listening.parts) == {Part.TOP_ARTISTS, Part.TOP_TRACKS}


def endless(script, path, n_rows=50):
    """Pages that lead to ever new pages."""
    state = {"n": 0}

    def answer(_):
        state["n"] += 1
        address = f"{script.base}{path}?offset={50 * state['n']}"
        return page(*rows_of(n_rows, first=50 * state["n"]), next_url=address, total=100_000)

    script.on(path, answer)


def test_a_huge_playlist_leaves_calls_for_the_others_and_for_saved_tracks(room_of, library):
    for name in ("walk", "run"):
        endless(library, f"/v1/playlists/{name}/items")
    endless(library, SAVED)
    listening = room_of(library.base, calls_budget=41).fetch()
    calls = {name: library.paths().count(f"/v1/playlists/{name}/items") for name in ("walk", "run")}
    assert calls["walk"] == calls["run"] == 10
    assert library.paths().count(SAVED) == 10
    assert set(listening.parts.values()) == {OK}


def test_calls_that_playlists_leave_go_to_saved_tracks(room_of, library):
    endless(library, SAVED)
    room_of(library.base, calls_budget=22).fetch()
    assert library.paths().count(SAVED) == 22 - 13


def test_retries_are_counted(room, library):
    told = []
    library.on(RECENT, error(500), page({"track": track()}))
    room.fetch(report=told.append)
    assert told[-1].calls_used == len(library.seen) == 15


# ---- things go wrong ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trouble", "status"),
    [
        (error(500), FAILED),
        (cut, FAILED),
        (raw("not json"), FAILED),
        (JSONResponse([1, 2]), FAILED),
        (error(403, "Insufficient client scope"), DENIED),
        (error(403, "Forbidden"), DENIED),
        (error(404), DENIED),
    ],
)
@pytest.mark.parametrize(
    ("path", "part"),
    [
        (ARTISTS, Part.TOP_ARTISTS),
        (TRACKS, Part.TOP_TRACKS),
        (RECENT, Part.RECENT),
        (ME, Part.PLAYLISTS),
        (LISTS, Part.PLAYLISTS),
        (SAVED, Part.SAVED),
        (ALBUMS, Part.ALBUMS),
        (FOLLOWED, Part.FOLLOWED),
    ],
)
def test_a_part_that_fails_is_marked_and_the_others_go_on(room, library, path, part, trouble, status):
    library.on(path, trouble)
    parts = dict(room.fetch().parts)
    assert parts.pop(part) is status
    assert set(parts.values()) == {OK}


def test_what_a_failing_part_read_before_is_kept(room, library):
    next_url = library.api + "me/tracks?offset=50"
    library.on(SAVED, page({"track": track()}, next_url=next_url, total=99), error(500))
    listening = room.fetch()
    assert listening.parts[Part.SAVED] is FAILED
    assert parts_of(listening)[Part.SAVED] == 1


@pytest.mark.parametrize(
    ("trouble", "expected", "n_calls"),
    [
        (error(429, Retry_After="600"), RateLimited, 1),
        (error(429, "", "QUOTA_EXCEEDED", Retry_After="86400"), QuotaExceeded, 1),
        (error(403, "the user may not be registered."), NotAllowListed, 1),
        (error(403, "Active premium subscription required for the owner of the app."), OwnerNotPremium, 1),
        (error(403, "Insufficient client scope"), ScopeMissing, 7),
        (error(503), SpotifyUnreachable, 14),
        (raw("no json"), SpotifyMalformed, 7),
    ],
)
def test_when_nothing_can_be_read_the_reason_is_raised(room, script, trouble, expected, n_calls):
    script.default = trouble
    with pytest.raises(expected):
        room.fetch()
    assert len(script.seen) == n_calls


@pytest.mark.parametrize("reason", ["", "QUOTA_EXCEEDED"])
def test_a_limit_in_the_middle_keeps_what_was_read_and_stops_calling(room, library, reason):
    library.on(RECENT, error(429, "", reason, Retry_After="600"))
    listening = room.fetch()
    assert dict(listening.parts) == {
        Part.TOP_ARTISTS: OK,
        Part.TOP_TRACKS: OK,
        Part.RECENT: FAILED,
        Part.ALBUMS: FAILED,
        Part.FOLLOWED: FAILED,
        Part.PLAYLISTS: FAILED,
        Part.SAVED: FAILED,
    }
    assert library.paths()[-1] == RECENT


def test_a_limit_after_an_empty_part_is_raised(room, script):
    script.on(TRACKS, error(429, Retry_After="600"))
    with pytest.raises(RateLimited):
        room.fetch()


def test_without_a_grant_nothing_is_called(room, script):
    room.store.wipe("ann")
    with pytest.raises(GrantRevoked):
        room.fetch()
    assert script.seen == []


def test_while_the_app_cools_down_nothing_is_called(room, script):
    room.cooldowns.set(room.settings.app_key, room.clock() + timedelta(hours=1), quota=True)
    with pytest.raises(QuotaExceeded):
        room.fetch()
    assert script.seen == []


# ---- against the local Spotify --------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["development", "extended"])
def test_a_library_of_the_local_spotify_becomes_a_profile(emulated, dialect):
    spotify = emulated(EmulatorSettings(dialect=dialect))
    spotify.sign_in("syn-0001")
    profile = build_profile(spotify.room.fetch("syn-0001"))
    assert set(profile.parts.values()) == {OK}
    assert profile.evidence.n_artists > 0
    assert profile.evidence.n_playlists > 0
    assert len(spotify.calls()) <= 60


def test_an_expired_token_is_renewed_on_the_way(emulated):
    spotify = emulated(EmulatorSettings(rotate_refresh_tokens=True))
    spotify.sign_in("syn-0001")
    before = spotify.room.store.load("syn-0001")
    spotify.admin("listeners/syn-0001/expire-token")
    assert spotify.room.fetch("syn-0001").hearings
    assert spotify.room.store.load("syn-0001") != before


def test_a_revoked_listener_has_to_connect_again_and_the_grant_is_gone(emulated):
    spotify = emulated()
    spotify.sign_in("syn-0001")
    spotify.admin("listeners/syn-0001/revoke")
    with pytest.raises(GrantRevoked):
        spotify.room.fetch("syn-0001")
    assert spotify.room.store.load("syn-0001") is None


def test_a_permission_that_was_not_given_denies_its_part_alone(emulated, clock):
    scopes = ("user-top-read", "playlist-read-private", "playlist-read-collaborative")
    spotify = emulated(scopes=scopes)
    spotify.sign_in("syn-0001")
    parts = spotify.room.fetch("syn-0001").parts
    assert (parts[Part.SAVED], parts[Part.RECENT], parts[Part.TOP_TRACKS]) == (DENIED, DENIED, OK)


def test_what_has_been_read_so_far_is_told_after_each_part_but_the_last(room, library):
    told = []
    listening = room.fetch(so_far=told.append)
    parts = [
        Part.TOP_ARTISTS,
        Part.TOP_TRACKS,
        Part.RECENT,
        Part.ALBUMS,
        Part.FOLLOWED,
        Part.PLAYLISTS,
    ]
    assert [list(one.parts) for one in told] == [parts[:n] for n in range(1, 7)]
    assert [len(one.hearings) for one in told] == sorted(len(one.hearings) for one in told)
    assert len(told[-1].hearings) < len(listening.hearings)
    assert told[0].artist_tags == listening.artist_tags
