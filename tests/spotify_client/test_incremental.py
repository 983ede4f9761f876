"""A refresh that fetches only what changed gives what a full reading gives."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.responses import JSONResponse

from matcher.domain.library import build_library, build_profile
from matcher.domain.listening import Hearing, Part, PartStatus
from matcher.errors import RateLimited, Stopped
from spotify_client.library.known_library import (
    MOST_AGE,
    FacetReading,
    Memory,
    as_counts,
    memory_to_json,
    recalled,
)
from tests.fakes.spotify import FakeReadingStore
from tests.spotify_client.conftest import error

ME, LISTS, SAVED = "/v1/me/", "/v1/me/playlists", "/v1/me/tracks"
ALBUMS = "/v1/me/albums"
TOPS = ("/v1/me/top/artists", "/v1/me/top/tracks", "/v1/me/player/recently-played")
START = datetime(2026, 11, 1, tzinfo=UTC)


def fetch(room, readings=None, told=None):
    return room.source(readings).fetch("ann", ([] if told is None else told).append)


def profile_of(listening):
    return build_profile(listening)


# ---- a small library that changes -----------------------------------------------------------------------


def track(n):
    artist = {"id": f"a{n % 7}", "name": f"Artist {n % 7}"}
    return {"id": f"t{n}", "name": f"Song {n}", "type": "track", "artists": [artist]}


def added_at(n):
    """Each track was added in a month of its own."""
    return f"{2000 + n // 12}-{n % 12 + 1:02d}-17T08:09:10Z"


class Library:
    """Serves playlists and saved tracks as they are now, in pages of 50, and counts by path."""

    def __init__(self, script, n_playlists=3, n_saved=60):
        self.script = script
        self.playlists = {f"p{i}": [3 * i + 1, 3 * i + 2] for i in range(n_playlists)}
        self.versions = Counter()
        self.names = {}
        self.saved = [(i, START + timedelta(minutes=i)) for i in reversed(range(n_saved))]
        self.now = START + timedelta(days=1)
        script.on(ME, JSONResponse({"id": "ann"}))
        script.on(TOPS[0], page([{"id": "a1", "name": "Artist 1", "genres": ["dub"]}]))
        script.on(TOPS[1], page([track(1), track(2)]))
        script.on(
            TOPS[2], page([{"played_at": "2026-11-20T18:01:02Z", "track": track(n)} for n in (1, 1, 2)])
        )
        script.on(LISTS, lambda _: self._lists())
        script.on(SAVED, self._saved)

    def _lists(self):
        for key in self.playlists:
            self.script.answers.setdefault(f"/v1/playlists/{key}/items", [self._items(key)])
        return page([self._list(key) for key in self.playlists])

    def _list(self, key):
        snapshot = f"{key}-{self.versions[key]}"
        return {
            "id": key,
            "name": self.names.get(key, key),
            "owner": {"id": "ann"},
            "snapshot_id": snapshot,
            "items": {"total": len(self.playlists[key]) or 1},
        }

    def _items(self, key):
        return lambda _: self._rows(key)

    def _rows(self, key):
        rows = [{"item": track(n) if n else None, "added_at": added_at(n)} for n in self.playlists[key]]
        return page(rows)

    def _saved(self, seen):
        start = int(seen.query.get("offset", 0))
        rows = [{"added_at": when.isoformat(), "track": track(n) if n else None} for n, when in self.saved]
        more = start + 50 < len(rows)
        return page(
            rows[start : start + 50],
            next_url=f"{self.script.api}me/tracks?offset={start + 50}" if more else None,
            total=len(rows),
        )

    def save(self, *numbers):
        self.now += timedelta(minutes=1)
        self.saved = [(n, self.now) for n in numbers] + self.saved

    def edit(self, key, rows):
        self.playlists[key] = rows
        self.versions[key] += 1


def page(rows, next_url=None, total=None):
    return JSONResponse({"items": rows, "next": next_url, "total": len(rows) if total is None else total})


@pytest.fixture
def library(script):
    return Library(script)


def items_read(script):
    return [path.split("/")[3] for path in script.paths() if path.endswith("/items")]


# ---- what is fetched ------------------------------------------------------------------------------------


def test_an_unchanged_account_costs_twelve_calls_and_gives_the_same_profile(room, script, library):
    readings = FakeReadingStore()
    first = fetch(room, readings)
    script.seen.clear()
    again = fetch(room, readings)
    assert len(script.seen) == 12
    assert items_read(script) == []
    assert script.paths().count(SAVED) == 1
    assert build_library(again) == build_library(first)


def fetch_until(room, readings, part, done):
    """A reading that its listener stops when so much of a part was read."""

    def report(progress):
        if (progress.step, progress.done) == (part, done):
            raise Stopped("enough")

    with pytest.raises(Stopped):
        room.source(readings).fetch("ann", report)


@pytest.mark.parametrize("concurrent_calls", [1, 4])
def test_a_stopped_reading_is_taken_up_where_it_ended(room_of, script, library, concurrent_calls):
    room, readings = room_of(script.base, concurrent_calls=concurrent_calls), FakeReadingStore()
    fetch_until(room, readings, Part.PLAYLISTS, 2)
    before = len(items_read(script))
    resumed = fetch(room, readings)
    assert len(items_read(script)) < before + len(library.playlists)
    assert profile_of(resumed) == profile_of(fetch(room))


def test_a_stopped_refresh_forgets_nothing_that_was_known(room, script, library):
    readings = FakeReadingStore()
    first = fetch(room, readings)
    fetch_until(room, readings, Part.TOP_ARTISTS, 1)
    script.seen.clear()
    assert profile_of(fetch(room, readings)) == profile_of(first)
    assert items_read(script) == []


def test_stopping_again_and_again_does_not_keep_old_content_young(room, script, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    for _ in range(3):
        room.clock.now += MOST_AGE / 2.5
        room.store.save("ann", _long_grant(room))
        fetch_until(room, readings, Part.TOP_ARTISTS, 1)
    script.seen.clear()
    fetch(room, readings)
    assert len(items_read(script)) == len(library.playlists)


def test_only_the_changed_playlist_is_fetched(room, script, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    library.edit("p1", [5, 6, 7])
    script.seen.clear()
    again = fetch(room, readings)
    assert items_read(script) == ["p1"]
    assert len(script.seen) == 13
    assert profile_of(again) == profile_of(fetch(room))


class Albums:
    """Serves saved albums as they are now, newest first, in pages of 50."""

    def __init__(self, script, n):
        self.script = script
        self.saved = [(k, START + timedelta(minutes=k)) for k in reversed(range(n))]
        script.on(ALBUMS, self._page)

    def _page(self, seen):
        start = int(seen.query.get("offset", 0))
        rows = [
            {"added_at": when.isoformat(), "album": {"artists": [{"id": f"a{k}", "name": f"Artist {k}"}]}}
            for k, when in self.saved
        ]
        more = start + 50 < len(rows)
        return page(
            rows[start : start + 50],
            next_url=f"{self.script.api}me/albums?offset={start + 50}" if more else None,
            total=len(rows),
        )


def albums_of(listening):
    return [one.artist_name for one in listening.hearings if one.part is Part.ALBUMS]


def test_unchanged_albums_cost_one_call_however_many_they_are(room, script, library):
    albums, readings = Albums(script, 120), FakeReadingStore()
    first = fetch(room, readings)
    assert script.paths().count(ALBUMS) == 3
    script.seen.clear()
    again = fetch(room, readings)
    assert script.paths().count(ALBUMS) == 1
    assert albums_of(again) == albums_of(first) == [f"Artist {k}" for k, _ in albums.saved]


@pytest.mark.parametrize("change", ["save", "remove", "exchange"])
def test_albums_that_came_or_went_are_read_again(room, script, library, change):
    albums, readings = Albums(script, 120), FakeReadingStore()
    fetch(room, readings)
    if change != "remove":
        albums.saved.insert(0, (500, START + timedelta(days=1)))
    if change != "save":
        del albums.saved[100]
    again = fetch(room, readings)
    assert albums_of(again) == [f"Artist {k}" for k, _ in albums.saved]
    assert build_library(again) == build_library(fetch(room))


def test_saved_tracks_are_fetched_back_to_the_newest_known(room, script):
    library, readings = Library(script, n_saved=300), FakeReadingStore()
    fetch(room, readings)
    library.save(901, 902)
    script.seen.clear()
    again = fetch(room, readings)
    assert script.paths().count(SAVED) == 1
    assert [one.track_id for one in again.hearings if one.part is Part.SAVED][:3] == ["t901", "t902", "t299"]
    assert profile_of(again) == profile_of(fetch(room))


def test_a_removed_saved_track_makes_all_of_them_be_read_again(room, script):
    library, readings = Library(script, n_saved=120), FakeReadingStore()
    fetch(room, readings)
    del library.saved[100]
    library.save(901)
    script.seen.clear()
    again = fetch(room, readings)
    assert script.paths().count(SAVED) == 3
    assert profile_of(again) == profile_of(fetch(room))


def test_a_playlist_that_was_deleted_is_gone_and_a_renamed_one_is_renamed(room, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    del library.playlists["p0"]
    library.names["p2"] = "Rainy mornings"
    found = profile_of(fetch(room, readings))
    assert {f"playlists:{key}" for key in ("p1", "p2")} == {
        key for key, facet in found.facets.items() if facet.part is Part.PLAYLISTS
    }
    assert "rainy" in found.words


def test_a_denied_playlist_is_not_asked_for_again_and_still_counted(room, script, library):
    readings, told = FakeReadingStore(), []
    script.on("/v1/playlists/p1/items", error(403, "Forbidden"))
    fetch(room, readings)
    script.seen.clear()
    fetch(room, readings, told)
    assert items_read(script) == []
    assert max(one.n_skipped for one in told) == 1


def test_after_seven_days_everything_is_fetched_again(room, script, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    room.clock.now += MOST_AGE - timedelta(seconds=1)
    room.store.save("ann", _long_grant(room))
    fetch(room, readings)
    room.clock.now += timedelta(seconds=2)
    room.store.save("ann", _long_grant(room))
    script.seen.clear()
    fetch(room, readings)
    assert items_read(script) == ["p0", "p1", "p2"]


def _long_grant(room):
    from tests.spotify_client.conftest import make_grant

    return make_grant("ann", room.clock())


def test_a_memory_of_another_format_is_forgotten(room, library):
    readings = FakeReadingStore()
    for strange in ({"format": 0}, {"format": 1}, {"format": 1, "facets": [{"part": "x"}]}):
        readings.save("ann", strange)
        assert profile_of(fetch(room, readings)) == profile_of(fetch(room))


# ---- failures keep what was known ------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*TOPS, LISTS, SAVED, ME])
def test_a_part_that_fails_keeps_its_previous_content(room, script, library, path):
    readings = FakeReadingStore()
    before = profile_of(fetch(room, readings))
    script.on(path, error(500))
    after = profile_of(fetch(room, readings))
    assert PartStatus.FAILED in after.parts.values()
    assert (after.items, after.tags, after.facets) == (before.items, before.tags, before.facets)


def test_a_limit_in_the_middle_keeps_everything(room, script, library):
    readings = FakeReadingStore()
    before = profile_of(fetch(room, readings))
    script.on(TOPS[1], error(429, Retry_After="600"))
    after = profile_of(fetch(room, readings))
    assert after.items == before.items


def test_a_playlist_that_fails_keeps_its_rows_and_is_read_next_time(room, script, library):
    readings = FakeReadingStore()
    before = profile_of(fetch(room, readings))
    library.edit("p1", [31, 32])
    good = script.answers["/v1/playlists/p1/items"]
    script.on("/v1/playlists/p1/items", error(500))
    assert profile_of(fetch(room, readings)).items == before.items
    script.answers["/v1/playlists/p1/items"] = good
    assert profile_of(fetch(room, readings)) == profile_of(fetch(room))


def test_a_permission_that_was_withdrawn_takes_its_part_away(room, script, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    script.on(SAVED, error(403, "Insufficient client scope"))
    after = profile_of(fetch(room, readings))
    assert after.parts[Part.SAVED] is PartStatus.DENIED
    assert "saved" not in after.facets


def test_nothing_is_remembered_of_a_reading_that_gave_nothing(room, script, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    kept = dict(readings.kept)
    script.default, script.answers = error(429, Retry_After="600"), {}
    with pytest.raises(RateLimited):
        fetch(room, readings)
    assert readings.kept == kept


# ---- exactness ------------------------------------------------------------------------------------------


STEPS = st.one_of(
    st.tuples(st.just("save"), st.lists(st.integers(200, 900), min_size=1, max_size=60, unique=True)),
    st.tuples(st.just("unsave"), st.integers(0, 200)),
    st.tuples(st.just("resave"), st.integers(0, 200)),
    st.tuples(st.just("edit"), st.tuples(st.integers(0, 4), st.lists(st.integers(0, 50), max_size=5))),
    st.tuples(st.just("delete"), st.integers(0, 4)),
    st.tuples(st.just("rename"), st.tuples(st.integers(0, 4), st.text("abc d", max_size=6))),
)


def take(library, step, value):
    if step == "save":
        library.save(*value)
    elif step in ("unsave", "resave") and library.saved:
        number, _ = library.saved.pop(value % len(library.saved))
        if step == "resave":
            library.save(number)
    elif step == "edit":
        library.edit(f"p{value[0]}", value[1])
    elif step == "delete":
        library.playlists.pop(f"p{value}", None)
    elif step == "rename":
        library.names[f"p{value[0]}"] = value[1]


@pytest.mark.parametrize("concurrent_calls", [1, 4])
@given(rounds=st.lists(st.lists(STEPS, max_size=3), min_size=1, max_size=3), most_saved=st.integers(1, 120))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_an_incremental_reading_is_a_full_reading(script, room_of, rounds, most_saved, concurrent_calls):
    script.reset()
    library, readings = Library(script, n_saved=70), FakeReadingStore()
    room = room_of(script.base, max_saved_tracks=most_saved, concurrent_calls=concurrent_calls)
    fetch(room, readings)
    for steps in rounds:
        for step, value in steps:
            take(library, step, value)
        found, full = fetch(room, readings), fetch(room)
        assert profile_of(found) == profile_of(full)
        assert build_library(found) == build_library(full)


TEXT = st.text(max_size=8)
HEARINGS = st.builds(
    Hearing,
    part=st.just(Part.PLAYLISTS),
    artist_name=st.text(min_size=1, max_size=8),
    artist_id=TEXT,
    track_name=TEXT,
    track_id=TEXT,
    isrc=TEXT,
    facet_id=st.just("p"),
    facet_name=st.just("name"),
    plays=st.floats(min_value=5e-324, max_value=1e9),
    heard_at_utc=st.none() | st.dates().map(lambda day: datetime(day.year, day.month, 1, tzinfo=UTC)),
    release_year=st.none() | st.integers(1860, 2100),
)


@given(st.lists(st.none() | HEARINGS, min_size=1), st.text(), st.integers(0), st.booleans())
def test_a_memory_comes_back_as_it_was(rows, stamp, total, denied):
    rows = rows if any(rows) else []
    facets = {(Part.PLAYLISTS, "p"): FacetReading(tuple(rows), stamp, total, denied)}
    memory = Memory(facets, {"zemer": {"dub": 1.0}}, START)
    assert recalled(json.loads(json.dumps(memory_to_json(memory)))) == memory


def test_recent_plays_are_kept_as_counts_a_month():
    plays = [
        Hearing(Part.RECENT, "A", track_id=key, heard_at_utc=START + timedelta(days=day))
        for key, day in (("x", 2), ("y", 3), ("x", 29), ("x", 30))
    ]
    assert as_counts([*plays, None]) == (
        Hearing(Part.RECENT, "A", track_id="x", plays=2.0, heard_at_utc=START),
        Hearing(Part.RECENT, "A", track_id="y", heard_at_utc=START),
        Hearing(Part.RECENT, "A", track_id="x", heard_at_utc=START + timedelta(days=30)),
    )


def test_of_each_play_and_saving_the_month_is_kept(room, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    memory = recalled(readings.load("ann"))
    kept = {row.heard_at_utc for facet in memory.facets.values() for row in facet.rows if row}
    assert START in kept
    assert {when and (when.day, when.hour, when.minute) for when in kept} == {None, (1, 0, 0)}


def test_what_was_remembered_before_months_were_is_still_known(room, script, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    readings.save("ann", without_months(readings.load("ann")))
    script.seen.clear()
    assert profile_of(fetch(room, readings)) == profile_of(fetch(room))
    assert len(items_read(script)) == len(library.playlists)


def without_months(content):
    facets = [{**one, "rows": [row and row[:7] for row in one["rows"]]} for one in content["facets"]]
    return {**content, "facets": facets}


def test_no_time_of_a_play_or_of_a_saving_is_kept_but_the_newest(room, library):
    readings = FakeReadingStore()
    fetch(room, readings)
    kept = readings.kept["ann"]
    assert "2026-11-20T18:01:02" not in kept
    assert "08:09:10" not in kept
    moments = [when.isoformat() for _, when in library.saved]
    assert [one for one in moments if one in kept] == [max(moments)]
