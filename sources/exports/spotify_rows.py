"""Rows of Spotify's exports, by kind of file.

Of a row nothing is read but the music, its time and how long it was heard: neither addresses, devices and
countries, nor the names of people.
"""

import re
from datetime import date
from functools import lru_cache

from matcher.domain.listening import Part
from sources.exports.plays import MINUTE_S, Moment
from sources.exports.reading import Omission, Reading, Track
from spotify_client.parsing import fields
from spotify_client.parsing.made_playlists import is_marked

_LONGEST = 2_000  # characters that are looked at
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](?:([01]\d|2[0-3])):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?"
    r" ?(?:Z|\+00:?00|UTC)?(?:\[UTC\])?",
    re.ASCII,
)
_YEARS = range(2006, 2101)  # since Spotify was founded
_URI = re.compile(r"spotify:(track|artist):([0-9A-Za-z]{22})")
_SPOKEN_LONG = ("spotify_episode_uri", "episode_name", "audiobook_uri", "audiobook_title")
_SPOKEN_SHORT = ("podcastName", "episodeName", "audiobookName", "audiobookTitle", "bookName", "authorName")

_text = lru_cache(maxsize=100_000)(fields.text)

LIBRARY_KEYS = frozenset(
    ("tracks", "albums", "artists", "bannedTracks", "bannedArtists", "shows", "episodes", "other")
)
FOLLOW_KEYS = frozenset(
    ("userIsFollowing", "userIsFollowedBy", "userIsBlocking", "followingArtists", "followerCount")
) | {"followingUsersCount"}


class SpotifyRows:
    """Readers of rows, one for each kind of file."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def extended(self, _: str, row: object) -> Omission | None:
        """A play of the extended streaming history."""
        play = fields.mapping(row)
        track_id = spotify_id("track", play.get("spotify_track_uri"))
        if not track_id and any(play.get(name) for name in _SPOKEN_LONG):
            self._reading.add_show(_text(_str(play.get("episode_show_name"))))
            return Omission.SPOKEN
        artist = _text(_str(play.get("master_metadata_album_artist_name")))
        title = _text(_str(play.get("master_metadata_track_name")))
        # older files have no value in `skipped`
        is_skipped = play.get("skipped") is True or play.get("reason_end") == "fwdbtn"
        return self._play(
            Track(artist, title, track_id), play.get("ts"), play.get("ms_played"), is_skipped=is_skipped
        )

    def short(self, _: str, row: object) -> Omission | None:
        """A play of the last year's history."""
        play = fields.mapping(row)
        if any(name in play for name in _SPOKEN_SHORT):
            self._reading.add_show(_text(_str(play.get("podcastName"))))
            return Omission.SPOKEN
        track = Track(_text(_str(play.get("artistName"))), _text(_str(play.get("trackName"))))
        return self._play(track, play.get("endTime", play.get("time")), play.get("msPlayed"))

    def _play(self, track: Track, time: object, n_ms: object, *, is_skipped: bool = False) -> Omission | None:
        moment, played_ms = _moment(_str(time)), fields.number(n_ms)
        if moment is None or played_ms is None:
            return Omission.MALFORMED
        return self._reading.play(track, moment, played_ms, is_skipped)

    def playlist(self, key: str, row: object) -> Omission | None:
        """A playlist."""
        playlist = fields.mapping(row)
        items = playlist.get("items", playlist.get("tracks"))
        if key != "playlists" or not isinstance(items, list):
            return Omission.MALFORMED
        if is_marked(fields.text(playlist.get("description"))):
            return Omission.OURS
        name = fields.text(playlist.get("name"))
        facet_id = self._reading.playlist_id(name)
        for item in map(fields.mapping, items):
            track = fields.mapping(item.get("track", item))
            self._reading.keep(
                Part.PLAYLISTS,
                _track(track.get("artistName"), track.get("trackName"), track.get("trackUri")),
                facet_id=facet_id,
                facet_name=name,
                heard_at_utc=fields.moment(item.get("addedDate")),
            )
        return None

    def library(self, key: str, row: object) -> Omission | None:
        """A saved track, an artist of a saved album, a followed artist, or what is banned."""
        entry = fields.mapping(row)
        uri, artist = entry.get("uri"), entry.get("artist")
        if key.startswith("banned"):
            return self._ban(key, row)
        if key == "tracks":
            return self._reading.save(_track(artist, entry.get("track"), uri))
        if key == "albums":
            return self._reading.save_album(fields.text(artist))
        if key == "artists":
            return self._reading.follow_artist(fields.text(entry.get("name")), spotify_id("artist", uri))
        if key == "shows":
            self._reading.add_show(_text(_str(entry.get("name"))))
        return None

    def _ban(self, key: str, row: object) -> Omission | None:
        entry = fields.mapping(row)
        if key == "bannedArtists":
            name = fields.text(entry.get("name")) or fields.text(row)
            return self._reading.ban("artist", Track(name, ""), spotify_id("artist", entry.get("uri", row)))
        track = _track(entry.get("artist"), entry.get("track", entry.get("name")), entry.get("uri", row))
        return self._reading.ban("track", track, track.spotify_id)

    def follow(self, key: str, row: object) -> Omission | None:
        """A name that is followed, blocked or follows."""
        if key == "followingArtists":
            self._reading.follow_artist(fields.text(row))
        elif key == "userIsFollowing":
            self._reading.follow(fields.text(row))
        return None


def spotify_id(kind: str, uri: object) -> str:
    """Id in a Spotify URI of this kind ("track" or "artist"), or ""."""
    found = _URI.fullmatch(uri) if isinstance(uri, str) else None
    return found[2] if found and found[1] == kind else ""


def _track(artist: object, title: object = "", uri: object = "") -> Track:
    return Track(fields.text(artist), fields.text(title), spotify_id("track", uri))


def _str(value: object) -> str:
    # cut, as a cache holds it
    return value[:_LONGEST] if isinstance(value, str) else ""


@lru_cache(maxsize=10_000)
def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _moment(text: str) -> Moment | None:
    """When a play ended, by a file to the second or to the minute; None if it is no time."""
    found = _TIME.fullmatch(text)
    if found is None or (day := _day(found[1])) is None:
        return None
    second = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
    return Moment(day, second, 1 if found[4] is not None else MINUTE_S)
