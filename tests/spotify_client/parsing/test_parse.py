from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain.listening import Hearing, Part
from matcher.errors import SpotifyMalformed
from spotify_client.parsing import fields, parse
from spotify_client.parsing.parse import Page, PlaylistRow

TRACK = {
    "id": "0VjIjW4GlUZAMYd2vXMi3b",
    "name": "Blinding Lights",
    "type": "track",
    "is_local": False,
    "external_ids": {"isrc": "usug11904206"},
    "artists": [{"id": "1Xyo4u8uXC1ZmMpatF05PJ", "name": "The Weeknd"}, {"id": "b", "name": "Other"}],
    "album": {"release_date": "2019-11-29"},
}
WALK = PlaylistRow("abc", "Walking", "s1", 3, "ann", False)


def page(*rows):
    return Page(rows, "", len(rows))


def only(rows):
    (hearing,) = filter(None, rows)
    return hearing


# ---- pages ----------------------------------------------------------------------------------------------


def test_a_page_has_rows_a_next_and_a_total():
    body = {"items": [1, 2], "next": "http://x", "total": 7}
    assert parse.page_of(body) == Page((1, 2), "http://x", 7)


@pytest.mark.parametrize("body", [{}, [], None, "x", 7, {"items": None}, {"items": {}}, {"items": "abc"}])
def test_an_answer_without_rows_is_malformed(body):
    with pytest.raises(SpotifyMalformed):
        parse.page_of(body)


@pytest.mark.parametrize("total", ["7", -1, None, True, 7.5])
def test_a_strange_total_is_unknown(total):
    assert parse.page_of({"items": [], "next": 3, "total": total}) == Page((), "", 0)


# ---- tracks ---------------------------------------------------------------------------------------------


def test_a_track_becomes_a_fact_with_all_it_says():
    added = {"added_at": "2026-03-01T10:00:00Z", "item": TRACK}
    assert only(parse.playlist_items(page(added), WALK)) == Hearing(
        part=Part.PLAYLISTS,
        artist_name="The Weeknd",
        artist_id="1Xyo4u8uXC1ZmMpatF05PJ",
        track_name="Blinding Lights",
        track_id="0VjIjW4GlUZAMYd2vXMi3b",
        isrc="USUG11904206",
        facet_id="abc",
        facet_name="Walking",
        plays=1.0,
        heard_at_utc=datetime(2026, 3, 1, 10, tzinfo=UTC),
        release_year=2019,
    )


def test_both_dialects_of_a_row_say_the_same():
    new, old, both = {"item": TRACK}, {"track": TRACK}, {"item": TRACK, "track": TRACK}
    found = [only(parse.playlist_items(page(row), WALK)) for row in (new, old, both)]
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    "row",
    [
        None,
        7,
        [],
        "text",
        {},
        {"item": None},
        {"item": None, "track": None},
        {"item": [TRACK]},
        {"item": {**TRACK, "type": "episode"}},
        {"item": {**TRACK, "is_local": True}},
        {"item": {**TRACK, "id": None}},
        {"item": {**TRACK, "id": 7}},
        {"item": {**TRACK, "type": ["track"]}},
        {"is_local": True, "item": TRACK},
    ],
)
def test_a_row_that_holds_no_track_is_skipped_and_counted(row):
    skipped, kept = parse.playlist_items(page(row, {"item": TRACK}), WALK)
    assert skipped is None
    assert kept is not None


@pytest.mark.parametrize(
    ("changed", "field", "expected"),
    [
        ({"external_ids": None}, "isrc", ""),
        ({"external_ids": []}, "isrc", ""),
        ({"external_ids": {"isrc": 7}}, "isrc", ""),
        ({"external_ids": {"isrc": "US-UG1-19-04206"}}, "isrc", "USUG11904206"),
        ({"external_ids": {"isrc": "nonsense"}}, "isrc", ""),
        ({"album": None}, "release_year", None),
        ({"album": {"release_date": "1977"}}, "release_year", 1977),
        ({"album": {"release_date": "1977-05"}}, "release_year", 1977),
        ({"album": {"release_date": "0000"}}, "release_year", None),
        ({"album": {"release_date": "9999-12-31"}}, "release_year", None),
        ({"album": {"release_date": 1977}}, "release_year", None),
        ({"album": {"release_date": "soon"}}, "release_year", None),
        ({"artists": None}, "artist_name", ""),
        ({"artists": []}, "artist_name", ""),
        ({"artists": [None, 7, {"name": "Second"}]}, "artist_name", "Second"),
        ({"name": None}, "track_name", ""),
        ({"name": "x" * 700}, "track_name", "x" * 500),
        ({"name": " a\x00b\nc "}, "track_name", "a b c"),
        ({"name": "half \ud800 pair"}, "track_name", "half  pair"),
        ({"type": None}, "track_name", "Blinding Lights"),
    ],
)
def test_a_missing_or_strange_field_costs_only_itself(changed, field, expected):
    hearing = only(parse.top_tracks(page({**TRACK, **changed}), "short_term"))
    assert getattr(hearing, field) == expected


@pytest.mark.parametrize(
    "moment",
    [
        None,
        7,
        "",
        "yesterday",
        "1970-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-13-41T00:00:00Z",
        "+292278994-08-17T07:12:55Z",
    ],
)
def test_an_absurd_date_is_unknown(moment):
    assert only(parse.saved_tracks(page({"added_at": moment, "track": TRACK}))).heard_at_utc is None


def test_a_date_without_a_zone_is_utc():
    assert fields.moment("2026-03-01T10:00:00") == datetime(2026, 3, 1, 10, tzinfo=UTC)


def test_a_saved_track_counts_twice_a_playlist_row():
    saved = only(parse.saved_tracks(page({"track": TRACK})))
    row = only(parse.playlist_items(page({"track": TRACK}), WALK))
    assert (saved.part, saved.plays, row.plays) == (Part.SAVED, 2.0, 1.0)


def test_every_recent_play_counts_by_itself_with_its_moment():
    plays = [{"played_at": f"2026-11-20T18:0{i}:02.123Z", "track": TRACK} for i in range(2)]
    rows = parse.recent_tracks(page(*plays))
    assert [one.plays for one in rows] == [1.0, 1.0]
    assert [one.heard_at_utc.minute for one in rows] == [0, 1]


# ---- top lists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rank", "plays"), [(0, 5.0), (10, 3.0), (30, 2.0)])
def test_a_place_weighs_one_and_four_tenths_falling(rank, plays):
    assert parse.top_plays(rank) == pytest.approx(plays)


@given(st.integers(0, 10_000))
def test_a_better_place_always_weighs_more_and_any_more_than_a_row(rank):
    assert parse.top_plays(rank) > parse.top_plays(rank + 1) > 1.0


def test_a_skipped_row_keeps_its_place():
    hearing = only(parse.top_tracks(page(None, TRACK), "long_term"))
    assert hearing.plays == parse.top_plays(1)
    assert (hearing.part, hearing.facet_id, hearing.facet_name) == (Part.TOP_TRACKS, "long_term", "")


def test_a_top_artist_is_an_artist_alone():
    artist = {"id": "a1", "name": "Zemer", "type": "artist", "genres": ["Dub"]}
    assert only(parse.top_artists(page(artist), "short_term")) == Hearing(
        Part.TOP_ARTISTS, "Zemer", "a1", facet_id="short_term", plays=5.0
    )


def test_genres_are_tags_under_the_artists_key():
    artists = page({"id": "a1", "name": "The Zemer", "genres": ["Dub", " Slow  ", "dub"]})
    assert parse.artist_tags(artists) == {"zemer": {"dub": 1.0, "slow": 1.0}}


@pytest.mark.parametrize("genres", [None, [], "dub", {"dub": 1}, [None, 7, ["x"], ""]])
def test_missing_or_strange_genres_are_no_tags(genres):
    assert parse.artist_tags(page({"id": "a1", "name": "Zemer", "genres": genres})) == {}


# ---- playlists, account ---------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["items", "tracks"])
def test_a_playlist_is_read_in_both_dialects(key):
    row = {"id": "abc", "name": "Walking", "owner": {"id": "ann"}, "snapshot_id": "s1", key: {"total": 3}}
    assert parse.playlists_of(page(row)) == (WALK,)


@pytest.mark.parametrize(
    "row", [None, {}, {"id": None}, {"id": "../me"}, {"id": "a b"}, {"id": "a\n"}, {"id": 7}, []]
)
def test_a_playlist_without_a_sound_id_is_left_out(row):
    assert parse.playlists_of(page(row)) == ()


def test_a_playlist_of_unknown_size_may_have_rows():
    (row,) = parse.playlists_of(page({"id": "abc", "items": [], "owner": "ann", "collaborative": "yes"}))
    assert (row.n_items, row.owner_id, row.collaborative) == (None, "", False)


def test_an_account_owns_playlists_under_both_its_ids():
    assert parse.account_of({"id": "ann", "account_id": "aB3"}).ids == {"ann", "aB3"}


# ---- anything at all ------------------------------------------------------------------------------------

KEYS = st.sampled_from(
    "items next total item track tracks artists artist album id name type isrc external_ids is_local "
    "release_date genres owner collaborative added_at played_at account_id snapshot_id".split()
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["track", "episode", "2026-01-01T00:00:00Z", "0000", "abc", "\ud800", "\x00"])
)
JSON = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)
ROW_READERS = [
    lambda p: parse.top_tracks(p, "short_term"),
    lambda p: parse.top_artists(p, "short_term"),
    parse.saved_tracks,
    parse.recent_tracks,
    lambda p: parse.playlist_items(p, WALK),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=4))
def test_any_rows_give_facts_and_a_count_that_add_up(rows):
    for read in ROW_READERS:
        found = read(page(*rows))
        assert all(isinstance(one, Hearing | None) for one in found)
        assert len(found) == len(rows)


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_any_answer_is_a_page_or_malformed(body):
    try:
        found = parse.page_of(body)
    except SpotifyMalformed:
        return
    assert isinstance(found.next_url, str)
    assert found.total >= 0


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_any_answer_is_an_account_or_malformed(body):
    try:
        assert parse.account_of(body).key
    except SpotifyMalformed:
        return


@settings(max_examples=100, deadline=None)
@given(st.lists(JSON, max_size=4))
def test_any_rows_give_playlists_and_tags(rows):
    assert all(row.playlist_id.isalnum() for row in parse.playlists_of(page(*rows)))
    assert all(parse.artist_tags(page(*rows)).values())


@given(st.text(max_size=700))
def test_any_text_can_be_stored_and_stays_as_it_is_the_second_time(value):
    cleaned = fields.text(value)
    assert cleaned.encode("utf-8").decode("utf-8") == fields.text(cleaned)
    assert "\x00" not in cleaned
    assert len(cleaned) <= 500
