"""What listeners download from Spotify comes out as exactly the listening it tells of."""

import json
import zipfile
from datetime import UTC, datetime

import pytest

from matcher.domain.library import build_library, build_profile
from matcher.domain.listening import Hearing, Part, PartStatus, Source
from matcher.errors import InputError
from sources.exports.reader import is_export, read_export
from sources.table import read_listening

LOW, CAN = "0aAaAaAaAaAaAaAaAaAaAa", "0bBbBbBbBbBbBbBbBbBbBb"
PERSON = {
    "username": "secret-user",
    "platform": "secret-device",
    "conn_country": "secret-country",
    "ip_addr_decrypted": "192.0.2.77",
    "user_agent_decrypted": "secret-agent",
}


def extended(ts, artist="Low", title="Words", ms=200_000, track_id=LOW, **more):
    """A row of the extended streaming history."""
    return {
        "ts": ts,
        **PERSON,
        "ms_played": ms,
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": "An album",
        "spotify_track_uri": track_id and f"spotify:track:{track_id}",
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "reason_start": "trackdone",
        "reason_end": "trackdone",
        "shuffle": False,
        "skipped": False,
        "offline_timestamp": 1_600_000_000,
        "incognito_mode": False,
        **more,
    }


def short(end_time, artist="Low", title="Words", ms=200_000):
    """A row of the last year's history."""
    return {"endTime": end_time, "artistName": artist, "trackName": title, "msPlayed": ms}


def packed(path, files):
    """A ZIP archive of JSON texts, or of texts as they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str | bytes) else json.dumps(content))
    return path


@pytest.fixture
def read(tmp_path):
    """Reads an export of these files: names in the archive and their contents."""
    return lambda files: read_export([packed(tmp_path / "my_spotify_data.zip", files)])


def plays_of(export):
    """Weight by artist, title, id and month."""
    return {
        (h.artist_name, h.track_name, h.track_id, f"{h.heard_at_utc:%Y-%m-%d}"): pytest.approx(h.plays)
        for h in export.listening.hearings
        if h.part is Part.PLAYS
    }


def test_the_extended_history_is_summed_by_track_and_month(read):
    found = read(
        {
            "Spotify Extended Streaming History/Streaming_History_Audio_2019-2020_0.json": [
                extended("2019-12-31T23:59:59Z"),
                extended("2020-01-01T00:00:00Z"),
                extended("2020-01-02T10:00:00Z"),
            ],
            "Spotify Extended Streaming History/Streaming_History_Audio_2020_1.json": [
                extended("2020-01-03T10:00:00Z"),
                extended("2020-02-03T10:00:00Z", "Can", "Vitamin C", track_id=CAN),
            ],
        }
    )
    assert plays_of(found) == {
        ("Low", "Words", LOW, "2019-12-01"): 1.0,
        ("Low", "Words", LOW, "2020-01-01"): 3.0,
        ("Can", "Vitamin C", CAN, "2020-02-01"): 1.0,
    }
    assert found.listening.source is Source.SPOTIFY_EXPORT
    assert found.listening.parts == {Part.PLAYS: PartStatus.OK}
    assert found.left_out == ()


@pytest.mark.parametrize("name", ["MyData/endsong_0.json", "Meine Daten/verlauf.json", "履歴/１.JSON"])
@pytest.mark.parametrize(
    "ts", ["2020-01-03T10:00:00Z", "2020-01-03 10:00:00 UTC", "2020-01-03T10:00:00.000Z"]
)
def test_older_extended_files_of_any_name_are_known_by_their_content(read, name, ts):
    older = extended(ts, skipped=None, episode_name=None)
    assert plays_of(read({name: [older]})) == {("Low", "Words", LOW, "2020-01-01"): 1.0}


@pytest.mark.parametrize(
    "name", ["StreamingHistory_music_0.json", "StreamingHistory0.json", "x/y/Verlauf.json"]
)
def test_the_history_of_a_year_has_no_ids(read, name):
    rows = [
        short("2020-01-03 10:00"),
        short("2020-01-03 10:05"),
        short("2020-02-01 00:00", "Can", "Mushroom"),
    ]
    assert plays_of(read({name: rows})) == {
        ("Low", "Words", "", "2020-01-01"): 2.0,
        ("Can", "Mushroom", "", "2020-02-01"): 1.0,
    }


def test_the_oldest_files_write_times_otherwise(read):
    row = {
        "artistName": "Low",
        "time": "2018-07-28T17:14:30.343Z[UTC]",
        "trackName": "Words",
        "msPlayed": 99_000,
    }
    assert plays_of(read({"StreamingHistory.json": [row]})) == {("Low", "Words", "", "2018-07-01"): 1.0}


def test_short_plays_and_skips_count_less_and_nothing_heard_counts_nothing(read):
    found = read(
        {
            "a.json": [
                extended("2020-01-01T10:00:00Z", title="Whole", ms=30_000),
                extended("2020-01-01T11:00:00Z", title="Short", ms=29_999),
                extended("2020-01-01T12:00:00Z", title="Skipped", skipped=True),
                extended("2020-01-01T13:00:00Z", title="Skipped of old", skipped=None, reason_end="fwdbtn"),
                extended("2020-01-01T14:00:00Z", title="Skipped at once", ms=4_000, skipped=True),
                extended("2020-01-01T15:00:00Z", title="Nothing", ms=0),
            ]
        }
    )
    assert {key[1]: plays for key, plays in plays_of(found).items()} == {
        "Whole": 1.0,
        "Short": 0.1,
        "Skipped": 0.5,
        "Skipped of old": 0.5,
        "Skipped at once": 0.1,
    }


def test_podcasts_and_audiobooks_do_not_count(read):
    nothing = {"artist": None, "title": None, "track_id": None}
    found = read(
        {
            "Streaming_History_Audio_0.json": [
                extended("2020-01-01T10:00:00Z"),
                extended(
                    "2020-01-01T11:00:00Z",
                    **nothing,
                    episode_name="E",
                    spotify_episode_uri="spotify:episode:x",
                ),
                extended(
                    "2020-01-01T12:00:00Z", **nothing, audiobook_title="B", audiobook_uri="spotify:show:x"
                ),
            ],
            "StreamingHistory_podcast_0.json": [
                {"endTime": "2020-01-01 10:00", "podcastName": "P", "episodeName": "E", "msPlayed": 900_000}
            ],
        }
    )
    assert plays_of(found) == {("Low", "Words", LOW, "2020-01-01"): 1.0}
    assert found.left_out == ("3 plays of podcasts and audiobooks left out",)


@pytest.mark.parametrize(
    "told_by",
    [
        {"YourLibrary.json": {"tracks": [], "shows": [{"name": "The Show", "publisher": "P", "uri": "x"}]}},
        {
            "z.json": [
                {"endTime": "2020-01-01 10:00", "podcastName": "The Show", "episodeName": "E", "msPlayed": 1}
            ]
        },
    ],
)
def test_podcasts_of_older_files_are_known_by_their_show(read, told_by):
    rows = [short("2020-01-01 10:00"), short("2020-01-01 11:00", "The Show", "Episode 7")]
    found = read({"StreamingHistory0.json": rows, **told_by})
    assert plays_of(found) == {("Low", "Words", "", "2020-01-01"): 1.0}
    assert "1 items of shows that are podcasts in other files left out" in found.left_out


def test_one_play_at_one_second_counts_once_though_two_files_hold_it(read):
    row = extended("2020-01-03T10:00:07Z")
    other = extended("2020-01-03T10:00:07Z", title="Words - Remastered")
    again = {
        "a/Streaming_History_Audio_0.json": [row],
        "b/endsong_3.json": [row, other],
        "c/1.json": [row, row],
    }
    assert plays_of(read(again)) == {("Low", "Words", LOW, "2020-01-01"): 1.0}


def test_another_second_or_another_track_is_another_play(read):
    rows = [
        extended("2020-01-03T10:00:07Z"),
        extended("2020-01-03T10:00:08Z"),
        extended("2020-01-03T10:00:07Z", "Can", "Mushroom", track_id=CAN),
    ]
    assert sum(one.plays for one in read({"a.json": rows}).listening.hearings) == 3.0


@pytest.mark.parametrize("names", [("a.json", "b.json"), ("b.json", "a.json")])
def test_a_play_to_the_minute_is_one_to_the_second_of_a_better_file(read, names):
    few, many = names
    files = {
        few: [short("2020-01-03 10:00"), short("2020-01-03 10:00"), short("2020-01-03 10:01")],
        many: [extended("2020-01-03T10:00:07Z"), extended("2020-01-03T10:00:59Z")],
    }
    assert plays_of(read(dict(sorted(files.items())))) == {("Low", "Words", LOW, "2020-01-01"): 3.0}


def test_plays_of_two_archives_and_a_single_file_are_one_listeners(tmp_path):
    one = packed(tmp_path / "x.zip", {"a.json": [extended("2020-01-03T10:00:07Z")]})
    other = packed(tmp_path / "y.zip", {"a.json": [short("2020-01-03 10:00"), short("2021-01-03 10:00")]})
    single = tmp_path / "z.json"
    single.write_text(json.dumps([extended("2022-01-03T10:00:07Z")]))
    found = read_export([other, single, one])
    assert sum(one.plays for one in found.listening.hearings) == 3.0
    assert found.listening.listener_id == read_export([one, other, single]).listening.listener_id
    assert found.listening.listener_id != read_export([one, other]).listening.listener_id
    assert read_export([one], "ann").listening.listener_id == "ann"


PLAYLISTS = {
    "playlists": [
        {
            "name": "Dawn",
            "lastModifiedDate": "2021-05-05",
            "collaborators": ["secret-user"],
            "items": [
                {
                    "track": {
                        "trackName": "Words",
                        "artistName": "Low",
                        "albumName": "A",
                        "trackUri": f"spotify:track:{LOW}",
                    },
                    "episode": None,
                    "localTrack": None,
                    "addedDate": "2020-03-04",
                },
                {"track": None, "episode": {"episodeName": "E", "showName": "S"}, "addedDate": "2020-03-04"},
                {"track": None, "localTrack": {"uri": "spotify:local:x"}, "addedDate": "2020-03-04"},
            ],
            "description": None,
            "numberOfFollowers": 3,
        },
        {
            "name": "Joint",
            "items": [{"track": {"trackName": "T", "artistName": "Can"}}],
            "description": "With X. Made with Earshot.",
        },
    ]
}


def test_playlists_are_facets_and_our_own_are_left_out(read):
    found = read({"Playlist1.json": PLAYLISTS})
    (hearing,) = found.listening.hearings
    assert hearing == Hearing(
        Part.PLAYLISTS,
        "Low",
        track_name="Words",
        track_id=LOW,
        facet_id=hearing.facet_id,
        facet_name="Dawn",
        heard_at_utc=datetime(2020, 3, 4, tzinfo=UTC),
    )
    assert hearing.facet_id
    assert found.left_out == ("1 playlists made with Earshot left out",)


def test_older_playlists_without_uris_and_two_of_one_name_are_read(read):
    track = {"trackName": "Words", "artistName": "Low", "albumName": "A"}
    older = {
        "playlists": [{"name": "Dawn", "items": [{"track": track}]}, {"name": "Dawn", "tracks": [track]}]
    }
    one, other = read({"Playlist.json": older}).listening.hearings
    assert (one.artist_name, one.track_name, one.track_id) == ("Low", "Words", "")
    assert one.facet_id != other.facet_id


LIBRARY = {
    "tracks": [
        {"artist": "Low", "album": "A", "track": "Words", "uri": f"spotify:track:{LOW}"},
        {"artist": "Nobody", "album": "B", "track": "Noise", "uri": "spotify:track:0cCcCcCcCcCcCcCcCcCcCc"},
        {"artist": "Can", "album": "B", "track": "Mushroom", "uri": f"spotify:track:{CAN}"},
    ],
    "albums": [{"album": "Laughing Stock", "artist": "Talk Talk", "uri": "spotify:album:x"}],
    "shows": [{"name": "A show", "publisher": "P", "uri": "spotify:show:x"}],
    "episodes": [],
    "bannedTracks": [{"artist": "Can", "album": "B", "track": "Mushroom", "uri": f"spotify:track:{CAN}"}],
    "artists": [{"name": "Neu!", "uri": "spotify:artist:0dDdDdDdDdDdDdDdDdDdDd"}],
    "bannedArtists": [{"name": "Nobody", "uri": "spotify:artist:0eEeEeEeEeEeEeEeEeEeEe"}],
    "other": ["x"],
}


def test_a_library_is_saved_tracks_artists_of_albums_and_followed_artists(read):
    found = read({"YourLibrary.json": LIBRARY})
    assert found.listening.hearings == (
        Hearing(Part.SAVED, "Low", track_name="Words", track_id=LOW, plays=2.0),
        Hearing(Part.ALBUMS, "Talk Talk", plays=2.0),
        Hearing(Part.FOLLOWED, "Neu!", artist_id="0dDdDdDdDdDdDdDdDdDdDd", plays=2.0),
    )
    assert found.left_out == ("2 items of banned artists or tracks left out",)


def test_what_is_banned_counts_in_no_file(read):
    rows = [
        extended("2020-01-03T10:00:00Z", "Nobody", "Other noise", track_id=None),
        extended("2020-01-03T11:00:00Z", "Can", "Mushroom", track_id=CAN),
        extended("2020-01-03T12:00:00Z"),
    ]
    found = read({"a.json": rows, "YourLibrary.json": LIBRARY})
    assert plays_of(found) == {("Low", "Words", LOW, "2020-01-01"): 1.0}


def test_a_library_without_uris_is_read(read):
    older = {"tracks": [{"artist": "Low", "album": "A", "track": "Words"}], "bannedArtists": ["Low", "Can"]}
    with pytest.raises(InputError, match="no music"):
        read({"YourLibrary.json": older})
    older["bannedArtists"] = ["Can"]
    assert read({"YourLibrary.json": older}).listening.hearings == (
        Hearing(Part.SAVED, "Low", track_name="Words", plays=2.0),
    )


def test_followed_names_count_only_as_artists_of_the_listener(read):
    follow = {
        "userIsFollowing": ["LOW", "a-friend", "Can"],
        "userIsFollowedBy": ["Low", "stalker"],
        "userIsBlocking": [],
    }
    found = read({"Follow.json": follow, "a.json": [extended("2020-01-03T12:00:00Z")]})
    assert found.listening.hearings[1:] == (Hearing(Part.FOLLOWED, "Low", plays=2.0),)


def test_an_artist_followed_in_two_files_counts_once(read):
    files = {"Follow.json": {"userIsFollowing": ["Neu!"]}, "YourLibrary.json": LIBRARY}
    assert [one.artist_name for one in read(files).listening.hearings].count("Neu!") == 1


def test_all_files_together_give_the_expected_profile(read):
    found = read(
        {
            "Account Data/Playlist1.json": PLAYLISTS,
            "Account Data/YourLibrary.json": LIBRARY,
            "Account Data/StreamingHistory_music_0.json": [
                short("2020-01-03 10:00"),
                short("2020-05-01 10:00"),
            ],
            "Extended/Streaming_History_Audio_0.json": [extended("2020-01-03T10:00:07Z")],
            "Extended/ReadMeFirst_ExtendedStreamingHistory.pdf": b"%PDF-1.4",
        }
    )
    profile = build_profile(found.listening)
    # saved 2, in a playlist 1, played once now and once four months of a half-life of three years ago
    low = pytest.approx(2.0 + 1.0 + 1.0 + 0.5 ** (4 / 36))
    assert profile.artists == {"low": low, "neu": 2.0, "talk talk": 2.0}
    assert profile.tracks == {"low|words": low}
    assert {facet.name or facet.part for facet in profile.facets.values()} == {
        "Dawn",
        "plays",
        "saved",
        "albums",
        "followed",
    }


def test_the_same_listening_as_a_table_is_the_same_profile(read, tmp_path):
    rows = [extended(f"2020-01-0{n}T10:00:07Z") for n in range(1, 6)]
    rows += [extended("2020-02-03T10:00:00Z", "Can", "Vitamin C", track_id=CAN)]
    table = tmp_path / "table.csv"
    table.write_text(
        "listener_id,artist_name,track_name,plays,played_at\n"
        "a,Low,Words,5,2020-01-03\na,Can,Vitamin C,1,2020-02-03\n"
    )
    one, (other,) = read({"a.json": rows}).listening, read_listening(table).listenings
    assert build_library(one).rows == build_library(other).rows
    assert build_profile(one).items == build_profile(other).items


def test_nothing_about_the_person_is_kept(read):
    files = {
        "a.json": [extended("2020-01-03T10:00:07Z")],
        "Playlist1.json": PLAYLISTS,
        "Follow.json": {"userIsFollowing": ["secret-friend"], "userIsFollowedBy": ["secret-other"]},
    }
    kept = repr(read(files))
    assert "secret" not in kept
    assert "192.0.2.77" not in kept
    assert "10:00:07" not in kept
    assert "10, 0, 7" not in kept


def test_artists_of_older_lists_of_whom_one_follows_count(read):
    older = {"followerCount": 3, "followingUsersCount": 1, "followingArtists": ["Low"]}
    assert read({"Follow.json": older}).listening.hearings == (Hearing(Part.FOLLOWED, "Low", plays=2.0),)


def test_a_single_file_about_the_person_is_not_opened_either(tmp_path):
    path = tmp_path / "Userdata.json"
    path.write_text(json.dumps([extended("2020-01-03T10:00:07Z")]))
    with pytest.raises(InputError, match="by its name it is about a person, so it was not opened"):
        read_export([path])


PRIVATE_NAMES = [
    "Userdata",
    "Identity",
    "Identifiers",
    "Payments",
    "SearchQueries",
    "Inferences",
    "UserAddress",
]


@pytest.mark.parametrize("name", [*PRIVATE_NAMES, "DuoNewFamily", "VoiceInput", "MessageData", "UserPrompts"])
def test_files_about_the_person_are_not_opened(read, name):
    # it would be refused if it were opened
    files = {f"Account Data/{name}.json": b"\xff\xfe not JSON", "a.json": [extended("2020-01-03T10:00:07Z")]}
    assert len(read(files).listening.hearings) == 1


def test_folders_parted_by_backslashes_and_the_files_of_a_mac_are_no_matter(read):
    files = {
        "Account Data\\Userdata.json": b"\xff\xfe not JSON",
        "__MACOSX/._a.json": b"\0\5\x16\7",
        "odd.json/": b"",
        "Extended\\a.json": [extended("2020-01-03T10:00:07Z")],
    }
    assert len(read(files).listening.hearings) == 1


def test_a_file_of_another_kind_is_passed_over(read):
    files = {"Wrapped.json": {"year": 2024, "top": {"x": [1]}}, "a.json": [extended("2020-01-03T10:00:07Z")]}
    assert len(read(files).listening.hearings) == 1


def test_a_malformed_row_costs_itself(read):
    bad = [extended("yesterday"), extended("2020-01-03T10:00:07Z", ms="200000"), 7]
    good = [extended(f"2020-01-03T1{n}:00:07Z") for n in range(4)]
    found = read({"a.json": good + bad})
    assert sum(one.plays for one in found.listening.hearings) == 4.0
    assert found.left_out == ("3 malformed rows left out",)


def test_utf_16_and_a_byte_order_mark_are_read(tmp_path):
    text = json.dumps([extended("2020-01-03T10:00:07Z", "Sigur Rós", "Sæglópur")], ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-32"):
        path = tmp_path / "x.json"
        path.write_bytes(text.encode(encoding))
        assert is_export(path)
        assert read_export([path]).listening.hearings[0].artist_name == "Sigur Rós"


def test_rows_longer_than_a_piece_and_pieces_of_many_rows_are_read(tmp_path):
    path = tmp_path / "x.json"
    rows = [
        extended(f"2020-{m:02}-{d:02}T10:00:{s:02}Z", x="y" * 900)
        for m in (1, 2)
        for d in (1, 9)
        for s in range(60)
    ]
    rows[7]["x"] = "z" * 900_000
    path.write_text(json.dumps(rows, indent=2))
    assert plays_of(read_export([path])) == {("Low", "Words", LOW, f"2020-0{m}-01"): 120.0 for m in (1, 2)}


@pytest.mark.parametrize("content", ["listener_id,artist_name\na,Low\n", "[brackets],b\n", ""])
def test_a_table_is_no_export(tmp_path, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    assert not is_export(path)


def test_an_excel_workbook_is_no_export(tmp_path):
    assert not is_export(packed(tmp_path / "x.zip", {"xl/workbook.xml": "<a/>"}))
    assert is_export(packed(tmp_path / "x.csv", {"a.json": []}))


def test_what_was_found_instead_is_named(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('{"shoes": [1]}')
    with pytest.raises(InputError, match="no music in JSON with the keys shoes; Earshot reads"):
        read_export([path])
    with pytest.raises(InputError, match=r"no music in shoes\.json; Earshot reads"):
        read_export([packed(tmp_path / "x.zip", {"a/shoes.json": "{}"})])
    with pytest.raises(InputError, match=r"it holds no JSON about music"):
        read_export([packed(tmp_path / "x.zip", {"a/shoes.txt": "{}"})])


def test_nights_of_one_artist_are_noise_by_how_they_are_played(tmp_path):
    times = [f"2020-01-0{day}T0{n // 2}:{n % 2 * 3}0:00Z" for day in (1, 2, 3) for n in range(13)]
    night = [extended(time, "Calm Air", "Air", track_id=CAN) for time in times]
    path = tmp_path / "x.json"
    path.write_text(json.dumps([extended("2020-02-01T10:00:07Z"), *night]))
    assert read_export([path]).listening.unbroken == {"calm air": 6}
    path.write_text(json.dumps([extended("2020-02-01T10:00:07Z"), *night[:-13]]))
    assert read_export([path]).listening.unbroken == {}
