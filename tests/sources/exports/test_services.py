"""Files of other services and players come out as exactly the listening they tell of."""
# ruff: noqa: E501 - files as they come

import json
import zipfile

import pytest

from matcher.domain.library import build_profile
from matcher.domain.listening import Part, Source
from matcher.errors import InputError
from sources.exports.reader import is_export, read_export

LOW = "0aAaAaAaAaAaAaAaAaAaAa"


def write(tmp_path, content, name="my file.dat"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.fixture
def facts(tmp_path):
    """Facts of a file: part, artist, title, weight, month or "", and the playlist's name."""

    def read(content, name="my file.dat"):
        path = write(tmp_path, content, name)
        assert is_export(path)
        return facts_of(read_export([path]))

    return read


def facts_of(export):
    return sorted(
        (
            str(one.part),
            one.artist_name,
            one.track_name,
            round(one.plays, 6),
            f"{one.heard_at_utc:%Y-%m}" if one.heard_at_utc else "",
            one.facet_name,
        )
        for one in export.listening.hearings
    )


def play(artist, title, weight, month=""):
    return ("plays", artist, title, weight, month, "")


def saved(artist, title="", month=""):
    return ("saved", artist, title, 2.0, month, "")


def listed(artist, title, playlist, month=""):
    return ("playlists", artist, title, 1.0, month, playlist)


EXPORTIFY = """"Track URI","Track Name","Album Name","Artist Name(s)","Release Date","Added By","Added At","Genres"
"spotify:track:0aAaAaAaAaAaAaAaAaAaAa","Words","First","Low;Dirty Three","1994","mara","2026-03-01T08:00:00Z","folk"
"spotify:track:0bBbBbBbBbBbBbBbBbBbBb","Lions","Second","Low","1995","mara","2026-04-01T08:00:00Z","folk"
"""
EXPORTIFY_OLD = (
    "Spotify URI,Track Name,Artist Name,Album Name,Disc Number,Track Number,Track Duration (ms),Added By,Added At\n"
    "spotify:track:0aAaAaAaAaAaAaAaAaAaAa,Words,Low,First,1,1,230000,mara,2016-03-01T08:00:00Z\n"
)
EXPORTIFY_URIS = (
    '"Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album Name","Added At"\n'
    '"spotify:track:0aAaAaAaAaAaAaAaAaAaAa","Words","spotify:artist:x, spotify:artist:y","Low, Dirty Three",'
    '"First","2020-03-01T08:00:00Z"\n'
    '"spotify:track:0bBbBbBbBbBbBbBbBbBbBb","Yonkers","spotify:artist:z","Tyler, The Creator","G",""\n'
)


def test_exportify_is_a_playlist_of_the_files_name(facts, tmp_path):
    expected = [
        listed("Low", "Lions", "night drive", "2026-04"),
        listed("Low", "Words", "night drive", "2026-03"),
    ]
    assert facts(EXPORTIFY, "night drive.csv") == expected
    (one,) = read_export([write(tmp_path, EXPORTIFY_OLD, "old.csv")]).listening.hearings
    assert (one.track_id, one.facet_name, one.artist_name) == (LOW, "old", "Low")
    assert facts(EXPORTIFY_URIS, "x.csv") == [
        listed("Low", "Words", "x", "2020-03"),
        listed("Tyler, The Creator", "Yonkers", "x"),
    ]


TUNEMYMUSIC = """Track name,Artist name,Album,Playlist name,Type,ISRC,Tidal - id
Dreams,Fleetwood Mac,Rumours,Library Songs,Favorite,USWB19900179,77
Words,Low,First,Dawn,Playlist,,78
Lions,Low,Second,Dawn,Playlist,,79
Rumours,Fleetwood Mac,,Library Albums,Album,,
Can,,,Library Artists,Artist,,
Low - Sunflower,,,Dawn,Playlist,,
"""


def test_tunemymusic_tells_favourites_playlists_albums_and_artists(facts):
    assert facts(TUNEMYMUSIC) == sorted(
        [
            saved("Fleetwood Mac", "Dreams"),
            listed("Low", "Words", "Dawn"),
            listed("Low", "Lions", "Dawn"),
            saved("Fleetwood Mac"),
            saved("Can"),
            listed("Low", "Sunflower", "Dawn"),
        ]
    )


@pytest.mark.parametrize(
    "content",
    [
        "title;artist;album;isrc\nWords;Low;First;USUM71900001\n",
        "Title,Artist,Album,ISRC\nWords,Low,First,USUM71900001\n",
        "Track\tArtist\nWords\tLow\n",
        "\ufefftitle,artist,album,date_added\nWords,Low,First,\n",
        '{"playlist": {"title": "my file", "creator": "mara", "track": [{"title": "Words", "creator": "Low"}]}}',
        '<?xml version="1.0" encoding="UTF-8"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><title>my file'
        "</title><trackList><track><location>file:///x.mp3</location><creator>Low</creator><title>Words</title>"
        "</track></trackList></playlist>",
        "#EXTM3U\n#PLAYLIST:my file\n#EXTINF:231,Low - Words\n/music/x.mp3\n",
        "#EXTM3U\r\n#EXTINF:231,Low – Words\r\nC:\\Music\\x.mp3\r\n",
        "Music/Low/First/03 - Words.flac\n",
        "D:\\Low - Words.mp3\n",
    ],
)
def test_playlists_of_many_players_are_one_playlist(facts, content):
    assert facts(content) == [listed("Low", "Words", "my file")]


def test_older_encodings_of_playlists_are_read(facts):
    text = "#EXTM3U\n#EXTINF:231,Sigur Rós - Sæglópur\nx.mp3\n"
    expected = [listed("Sigur Rós", "Sæglópur", "my file")]
    assert facts(text.encode("cp1252")) == facts(text.encode()) == expected
    table = "Title,Artist\nSæglópur,Sigur Rós\n"
    assert facts(table.encode("utf-16")) == facts(table.encode("cp1252")) == expected


LASTFM = [
    # as lastfm.ghan.nl writes it
    "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n"
    '"1577958007","02 Jan 2020, 09:40","Low","","First","","Words",""\n'
    '"1577958007","02 Jan 2020, 09:40","Low","","First","","Words",""\n'
    '"1580636407","02 Feb 2020, 09:40","Can","","","","Vitamin C",""\n',
    # as benjaminbenben's tool does, without a header
    "Low,First,Words,02 Jan 2020 09:40\nCan,,Vitamin C,02 Feb 2020 09:40\n",
    "Artist;Album;AlbumId;Track;Date#mara\nLow;First;;Words;1577958007000\nCan;;;Vitamin C;1580636407000\n",
    json.dumps(
        {
            "username": "mara",
            "scrobbles": [
                {"track": "Words", "artist": "Low", "album": "First", "date": 1577958007000},
                {"track": "Vitamin C", "artist": "Can", "album": "", "date": 1580636407000},
            ],
        }
    ),
    json.dumps(
        [
            {
                "track": [
                    {"artist": {"#text": "Low"}, "name": "Words", "@attr": {"nowplaying": "true"}},
                    {"artist": {"mbid": "", "#text": "Low"}, "name": "Words", "date": {"uts": "1577958007"}},
                    {"artist": {"#text": "Can"}, "name": "Vitamin C", "date": {"uts": "1580636407"}},
                ],
                "@attr": {"user": "mara"},
            }
        ]
    ),
    # Maloja, as its three versions write it
    json.dumps(
        {
            "maloja": {"export_time": 1700000000},
            "scrobbles": [
                {
                    "time": 1577958007,
                    "track": {
                        "artists": ["Low", "Dirty Three"],
                        "title": "Words",
                        "album": None,
                        "length": 231,
                    },
                    "duration": None,
                    "origin": "import:lastfm",
                },
                {"time": 1580636407, "track": {"artists": ["Can"], "title": "Vitamin C"}, "duration": 200},
            ],
        }
    ),
    json.dumps(
        {
            "list": [
                {"artists": ["Low"], "title": "Words", "album": None, "duration": 20, "time": 1577958007},
                {"artists": ["Can"], "title": "Vitamin C", "duration": None, "time": 1580636407},
            ]
        }
    ),
    "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/Rockbox ipodvideo\n"
    "Low\tFirst\tWords\t6\t382\tL\t1577958007\t\nCan\t\tVitamin C\t\t200\tL\t1580636407\t0-1-2\n",
    "#AUDIOSCROBBLER/1.0\n#TZ/UNKNOWN\nLow\tFirst\tWords\t6\t382\tL\t1577958007\nCan\t\tVitamin C\t\t9\tL\t1580636407\n",
]


@pytest.mark.parametrize("content", LASTFM)
def test_scrobbles_of_many_tools_are_the_same_plays(facts, content):
    assert facts(content) == [play("Can", "Vitamin C", 1.0, "2020-02"), play("Low", "Words", 1.0, "2020-01")]


def test_a_skip_counts_less_and_an_unset_clock_costs_the_month_only(facts):
    log = "#AUDIOSCROBBLER/1.1\nLow\tFirst\tWords\t6\t382\tS\t1577958007\t\nCan\t\tVitamin C\t\t200\tL\t0\t\n"
    assert facts(log) == [play("Can", "Vitamin C", 1.0), play("Low", "Words", 0.5, "2020-01")]


@pytest.mark.parametrize("artist", ["Black Country, New Road", "Tyler, The Creator", "Love, Inc."])
def test_a_comma_in_the_name_of_a_scrobbled_artist_is_part_of_it(facts, artist):
    assert facts(f'uts,artist,track\n1577958007,"{artist}",Words\n') == [
        play(artist, "Words", 1.0, "2020-01")
    ]


def test_a_scrobble_of_two_files_counts_once(tmp_path):
    files = [write(tmp_path, content, f"{n}.x") for n, content in enumerate(LASTFM)]
    total = sum(one.plays for one in read_export(files).listening.hearings)
    assert total == 2.0


PLAY_ACTIVITY = (
    "Artist Name,Client IP Address,Device Identifier,End Reason Type,Event End Timestamp,Event Start Timestamp,"
    "Media Type,Play Duration Milliseconds,Song Name,UTC Offset In Seconds\n"
    "Low,192.0.2.77,secret-device,NATURAL_END_OF_TRACK,2020-01-03T10:03:00Z,2020-01-03T10:00:00Z,AUDIO,180000,Words,0\n"
    "Low,192.0.2.77,secret-device,TRACK_SKIPPED_FORWARDS,2020-01-03T10:05:00Z,2020-01-03T10:04:00Z,AUDIO,60000,Words,0\n"
    "Low,192.0.2.77,secret-device,TRACK_SKIPPED_FORWARDS,2020-01-03T10:06:09Z,2020-01-03T10:06:00.123Z,AUDIO,9000,Words,0\n"
    "Low,192.0.2.77,secret-device,NOT_APPLICABLE,,2020-01-03T10:07:00Z,AUDIO,,Words,0\n"
    "Low,192.0.2.77,secret-device,NATURAL_END_OF_TRACK,,2020-01-04T10:07:00Z,AUDIO,-20,Words,0\n"
    "Low,192.0.2.77,secret-device,NATURAL_END_OF_TRACK,,2020-01-04T11:07:00Z,VIDEO,180000,Words,0\n"
)
PLAY_ACTIVITY_NOW = (
    "Album Name,Container Artist Name,End Reason Type,Event Start Timestamp,IP City,Play Duration Milliseconds,"
    "Song Name\n"
    "First,,NATURAL_END_OF_TRACK,2022-01-03T10:00:00Z,secret-city,180000,Words\n"
    "First,,NATURAL_END_OF_TRACK,2022-01-03T10:04:00Z,secret-city,180000,Unknown Song\n"
    "First,Can,NATURAL_END_OF_TRACK,2022-01-03T10:08:00Z,secret-city,180000,Vitamin C\n"
)
DAILY_TRACKS = (
    "Country,Track Identifier,Media type,Date Played,Hours,Play Duration Milliseconds,End Reason Type,Source Type,"
    "Play Count,Skip Count,Ignore For Recommendations,Track Reference,Track Description\n"
    'secret-country,7,AUDIO,20220103,"18, 19",360000,X,IPHONE,2,0,,7,Low - Words\n'
    "secret-country,7,AUDIO,20220204,18,360000,X,IPHONE,2,1,,7,Low - Words\n"
    "secret-country,8,AUDIO,20220204,18,5000,X,IPHONE,0,1,,8,Can - Mushroom\n"
    "secret-country,9,VIDEO,20220204,18,500000,X,IPHONE,1,0,,9,Can - A film\n"
)
FAVORITES = (
    "Favorite Type,Item Reference,Item Description,Last Modified,Preference\n"
    "SONG,7,Low - Lions,2022-01-03T10:00:00Z,LIKE\n"
    "ARTIST,9,Neu!,2022-01-03T10:00:00Z,LIKE\n"
    "SONG,8,Can - Mushroom,2022-01-03T10:00:00Z,DISLIKE\n"
)


def test_apple_musics_play_activity(facts):
    assert facts(PLAY_ACTIVITY) == [play("Low", "Words", 1.6, "2020-01")]


def test_newer_play_activity_finds_its_artists_in_the_files_beside_it(tmp_path):
    path = tmp_path / "Apple_Media_Services.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Apple Music Activity/Apple Music Play Activity.csv", PLAY_ACTIVITY_NOW)
        archive.writestr("Apple Music Activity/Apple Music - Play History Daily Tracks.csv", DAILY_TRACKS)
        archive.writestr("Apple Music Activity/Apple Music - Favorites.csv", FAVORITES)
        archive.writestr("Apple Music Activity/Identifier Information.json", "no JSON")
        archive.writestr("Stores Activity/Other.csv", "a,b\n1,2\n")
    found = read_export([path])
    # the day's plays that the activity holds are not counted again
    assert facts_of(found) == [
        play("Can", "Vitamin C", 1.0, "2022-01"),
        play("Low", "Words", 1.0, "2022-01"),
        play("Low", "Words", 2.0, "2022-02"),
        saved("Low", "Lions"),
        saved("Neu!"),
    ]
    assert "1 rows without a track left out" in found.left_out
    assert "1 videos left out" in found.left_out
    assert found.services == ("Apple Music",)
    assert found.listening.source is Source.FILE
    assert "secret" not in repr(found)


LIBRARY_JSON = json.dumps(
    [
        {
            "Content Type": "Song",
            "Track Identifier": 7,
            "Title": "Words",
            "Artist": "Low",
            "Track Play Count": 44,
            "Favorite Status - Track": True,
            "Date Added To Library": "2023-07-28T05:04:34Z",
        },
        {
            "Content Type": "Song",
            "Track Identifier": 8,
            "Title": "Lions",
            "Artist": "Low",
            "Track Play Count": 0,
        },
        {
            "Content Type": "Music Video",
            "Track Identifier": 9,
            "Title": "X",
            "Artist": "Y",
            "Track Play Count": 5,
        },
    ]
)


def test_apple_musics_library_counts_what_the_dated_plays_do_not_hold(facts, tmp_path):
    assert facts(LIBRARY_JSON) == [play("Low", "Words", 44.0), saved("Low", "Words")]
    both = [write(tmp_path, LIBRARY_JSON, "a"), write(tmp_path, DAILY_TRACKS, "b")]
    assert facts_of(read_export(both)) == [
        play("Can", "Mushroom", 0.1, "2022-02"),
        play("Low", "Words", 2.0, "2022-01"),
        play("Low", "Words", 2.0, "2022-02"),
        play("Low", "Words", 40.0),
        saved("Low", "Words"),
    ]


LIBRARY_XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple Computer//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Major Version</key><integer>1</integer>
  <key>Music Folder</key><string>file:///Users/secret-user/Music/</string>
  <key>Tracks</key>
  <dict>
    <key>101</key>
    <dict>
      <key>Track ID</key><integer>101</integer><key>Name</key><string>Words &amp; Music</string>
      <key>Artist</key><string>Low</string><key>Kind</key><string>MPEG audio file</string>
      <key>Play Count</key><integer>7</integer><key>Skip Count</key><integer>2</integer><key>Loved</key><true/>
      <key>Play Date UTC</key><date>2020-01-03T10:00:00Z</date>
      <key>Location</key><string>file:///Users/secret-user/Music/x.mp3</string>
    </dict>
    <key>102</key>
    <dict><key>Track ID</key><integer>102</integer><key>Name</key><string>Lions</string>
      <key>Artist</key><string>Low</string><key>Skip Count</key><integer>3</integer></dict>
    <key>103</key>
    <dict><key>Track ID</key><integer>103</integer><key>Name</key><string>Episode 7</string>
      <key>Artist</key><string>A show</string><key>Podcast</key><true/><key>Play Count</key><integer>9</integer></dict>
    <key>104</key>
    <dict><key>Track ID</key><integer>104</integer><key>Name</key><string>A book</string>
      <key>Artist</key><string>An author</string><key>Genre</key><string>Books &amp; Spoken</string>
      <key>Play Count</key><integer>9</integer></dict>
    <key>105</key>
    <dict><key>Track ID</key><integer>105</integer><key>Name</key><string>Mushroom</string>
      <key>Artist</key><string>Can</string><key>Has Video</key><true/><key>Play Count</key><integer>9</integer></dict>
  </dict>
  <key>Playlists</key>
  <array>
    <dict><key>Master</key><true/><key>Name</key><string>Library</string>
      <key>Playlist Items</key><array><dict><key>Track ID</key><integer>102</integer></dict></array></dict>
    <dict><key>Name</key><string>Music</string><key>Distinguished Kind</key><integer>4</integer>
      <key>Playlist Items</key><array><dict><key>Track ID</key><integer>102</integer></dict></array></dict>
    <dict><key>Name</key><string>Dawn</string>
      <key>Playlist Items</key><array><dict><key>Track ID</key><integer>102</integer></dict>
      <dict><key>Track ID</key><integer>103</integer></dict></array></dict>
  </array>
</dict>
</plist>
"""


def test_the_library_of_itunes_is_counts_loved_tracks_and_playlists(facts, tmp_path):
    expected = [
        listed("Low", "Lions", "Dawn"),
        play("Low", "Lions", 0.3),
        play("Low", "Words & Music", 7.0),
        saved("Low", "Words & Music"),
    ]
    assert facts(LIBRARY_XML) == expected
    found = read_export([write(tmp_path, LIBRARY_XML)])
    assert found.left_out == (
        "2 plays of podcasts and audiobooks left out",
        "1 videos left out",
    )
    assert "secret" not in repr(found)
    assert facts(LIBRARY_XML.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")) == expected


def watched(title, channel, time="2020-01-03T10:00:07.784Z", header="YouTube Music"):
    return {
        "header": header,
        "title": title,
        "titleUrl": "https://www.youtube.com/watch?v=x",
        "subtitles": [{"name": channel, "url": "https://www.youtube.com/channel/x"}] if channel else [],
        "time": time,
        "products": ["YouTube"],
        "activityControls": ["YouTube watch history"],
    }


def test_of_youtube_only_music_counts(facts, tmp_path):
    rows = [
        watched("Watched Words", "Low - Topic"),
        watched("Watched Lions", "Low - Topic", header="YouTube"),
        watched("Watched Can - Vitamin C", "SpoonRecords", "2020-02-03T10:00:07Z"),
        watched("Watched Halleluhwah", "Can", "2020-02-03T11:00:07Z"),
        watched("Watched How to cook", "A cook", header="YouTube"),
        watched("Watched a video that has been removed", ""),
    ]
    expected = [
        play("Can", "Halleluhwah", 1.0, "2020-02"),
        play("Can", "Vitamin C", 1.0, "2020-02"),
        play("Low", "Lions", 1.0, "2020-01"),
        play("Low", "Words", 1.0, "2020-01"),
    ]
    assert facts(json.dumps(rows)) == expected
    path = tmp_path / "takeout-20260101T000000Z-001.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.json", json.dumps(rows))
        archive.writestr("Takeout/YouTube und YouTube Music/Verlauf/search-history.json", "no JSON")
        archive.writestr(
            "Takeout/YouTube und YouTube Music/Abos/subscriptions.csv", "Channel Id,Title\n1,x\n"
        )
        archive.writestr(
            "Takeout/YouTube und YouTube Music/music library songs.csv",
            "Video ID,Song Title,Album Title,Artist Name 1,Artist Name 2\nx,Sunflower,A,Low,\n",
        )
        archive.writestr("Takeout/archive_browser.html", "<html></html>")
    found = read_export([path])
    assert facts_of(found) == [*expected, saved("Low", "Sunflower")]
    assert found.left_out == ("2 videos left out",)


@pytest.mark.parametrize(
    "words", ["Has visto {}", "{} angesehen", "Vous avez regardé {}", "{} を視聴しました"]
)
def test_the_word_for_watched_is_found_in_any_language(facts, words):
    titles = [
        "Words",
        "Lions",
        "Sunflower",
        "Dinosaur Act",
        "In Metal",
        "July",
        "Embrace",
        "Whore",
        "Like",
        "Closer",
    ]
    rows = [watched(words.format(title), "Low - Topic") for title in titles]
    assert facts(json.dumps(rows)) == sorted(play("Low", title, 1.0, "2020-01") for title in titles)


def workbook(path, sheets, texts=True):
    """An Excel workbook of these sheets, its texts shared or within the cells."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    shared = list(dict.fromkeys(text for rows in sheets.values() for row in rows for text in row))

    def cell(place, number, text):
        where = f"{chr(65 + place)}{number}"
        if texts:
            return f'<c r="{where}" t="s"><v>{shared.index(text)}</v></c>'
        return f'<c r="{where}" t="inlineStr"><is><t>{text}</t></is></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        names = "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook {main} xmlns:r="{rel}"><sheets>{names}</sheets></workbook>'
        )
        links = "".join(
            f'<Relationship Id="rId{n}" Target="worksheets/sheet{n}.xml"/>' for n in range(1, len(sheets) + 1)
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="x">{links}</Relationships>')
        if texts:
            items = "".join(f"<si><t>{text}</t></si>" for text in shared)
            archive.writestr("xl/sharedStrings.xml", f"<sst {main}>{items}</sst>")
        for n, rows in enumerate(sheets.values(), 1):
            lines = "".join(
                f'<row r="{number}">{"".join(cell(place, number, text) for place, text in enumerate(row))}</row>'
                for number, row in enumerate(rows, 1)
            )
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f"<worksheet {main}><sheetData>{lines}</sheetData></worksheet>",
            )
    return path


HEAD = [
    "Song Title",
    "Artist",
    "ISRC",
    "Album Title",
    "IP Address",
    "Listening Time",
    "Platform Name",
    "Date",
]
DEEZER = {
    "1_creationData": [["Email"], ["secret-mail"]],
    "10_listeningHistory": [
        HEAD,
        [
            "Words",
            "Low",
            "USUM71900001",
            "First",
            "192.0.2.77",
            "213",
            "secret-device",
            "2020-01-03 10:00:07",
        ],
        ["Words", "Low", "USUM71900001", "First", "192.0.2.77", "12", "secret-device", "2020-01-03 11:00:07"],
        [
            "Vitamin C",
            "Can, Malcolm Mooney",
            "",
            "",
            "192.0.2.77",
            "200",
            "secret-device",
            "2020-02-03 10:00:07",
        ],
        ["Lions", "Low", "", "", "192.0.2.77", "200", "secret-device", "43833.5"],
    ],
    "8_favoriteSong": [["Song Title", "Artists", "Album Title", "ISRC"], ["Lions", "Low", "Second", ""]],
    "4_favoriteArtist": [["Artist"], ["Neu!"]],
    "5_favoriteAlbum": [["Album Title", "Artist"], ["Laughing Stock", "Talk Talk"]],
    "9_dislikedTracks": [["Song Title", "Artist"], ["Noise", "Nobody"]],
}


@pytest.mark.parametrize("texts", [True, False])
def test_deezers_workbook(tmp_path, texts):
    path = workbook(tmp_path / "deezer-data_1.xlsx", DEEZER, texts)
    assert is_export(path)
    found = read_export([path])
    assert facts_of(found) == sorted(
        [
            play("Low", "Words", 1.1, "2020-01"),
            play("Low", "Lions", 1.0, "2020-01"),
            play("Can", "Vitamin C", 1.0, "2020-02"),
            saved("Low", "Lions"),
            saved("Neu!"),
            saved("Talk Talk"),
        ]
    )
    assert "secret" not in repr(found)
    assert "192.0.2" not in repr(found)


def test_another_workbook_is_no_export(tmp_path):
    assert not is_export(workbook(tmp_path / "x.xlsx", {"Sheet1": [["a"], ["1"]]}))


def test_the_same_listening_by_every_door_is_the_same_profile(tmp_path):
    rows = [("Low", "Words", 5), ("Can", "Vitamin C", 1), ("Neu!", "Hero", 2)]
    plays = [(a, t, 1577958007 + 600 * n) for a, t, n_all in rows for n in range(n_all)]
    doors = [
        "uts,artist,track\n" + "".join(f"{when},{a},{t}\n" for a, t, when in plays),
        "#AUDIOSCROBBLER/1.1\n" + "".join(f"{a}\t\t{t}\t\t200\tL\t{when}\t\n" for a, t, when in plays),
        json.dumps({"scrobbles": [{"time": w, "track": {"artists": [a], "title": t}} for a, t, w in plays]}),
    ]
    found = [build_profile(read_export([write(tmp_path, one)]).listening).items for one in doors]
    assert found[0] == found[1] == found[2]


def test_progress_is_told_up_to_one(tmp_path):
    content = "uts,artist,track\n" + "".join(f"{1577958007 + n},Low,Words\n" for n in range(12_000))
    told = []
    read_export([write(tmp_path, content), write(tmp_path, LIBRARY_JSON, "y")], report=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 3


UNKNOWN = {
    "a table": ("shoe,size\nboot,42\n", "a table with the columns shoe, size"),
    "a table of listeners": ("user_id,artist,track\n1,Low,Words\n", "several listeners"),
    "JSON": ('{"shoes": [1]}', "JSON with the keys shoes"),
    "XML": ("<shoes><shoe/></shoes>", "XML or HTML with the elements shoes, shoe"),
    "a web page": ("<!DOCTYPE html><HTML><body>Watched Words</body></html>", "choose JSON or CSV"),
    "an empty playlist": ("#EXTM3U\n", "no music in"),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_file_is_told_what_was_found_and_what_would_do(tmp_path, name):
    content, said = UNKNOWN[name]
    with pytest.raises(InputError, match=said) as refused:
        read_export([write(tmp_path, content)])
    assert "track_name and artist_name" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "content", ["user_id,artist,track\n1,Low,Words\n", "listener_id,artist_name\n1,Low\n"]
)
def test_a_table_of_many_listeners_is_no_export(tmp_path, content):
    assert not is_export(write(tmp_path, content))


LINE = '{{"artist_name": "Low", "track_name": "Words", "played_at": "2020-01-0{} 10:00:07"}}\n'


@pytest.mark.parametrize("end", ["", '\n{"artist_name": \n', "nonsense\n"])
def test_json_lines_are_read_alone_and_in_an_archive(tmp_path, end):
    content = "".join(LINE.format(n) for n in range(1, 5)) + end
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("backup/plays.json", content)
    for one in (path, write(tmp_path, content)):
        assert [(hearing.track_name, hearing.plays) for hearing in read_export([one]).listening.hearings] == [
            ("Words", 4.0)
        ]


def test_json_lines_of_something_else_do_not_cost_an_archive(tmp_path):
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("backup/events.json", '{"level": "info"}\n{"level": "warn"}\n')
        archive.writestr("backup/plays.json", "".join(LINE.format(n) for n in range(1, 5)))
    (one,) = read_export([path]).listening.hearings
    assert one.artist_name == "Low"


def test_parts_tell_where_facts_come_from(tmp_path):
    export = read_export([write(tmp_path, LIBRARY_XML)])
    assert set(export.listening.parts) == {Part.PLAYS, Part.SAVED, Part.PLAYLISTS}
