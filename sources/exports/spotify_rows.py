"""Rows of Spotify's exports, by kind of file.

Of a row nothing is read but the music, its time and how long it was heard: neither addresses, devices and
countries, nor the names of people.
"""

import re
from datetime import date
from functools import lru_cache

from matcher.domain.listening import Part, TrackNames
from sources.exports.plays import DAY_S, MINUTE_S, Moment
from sources.exports.reading import Omission, Reading
from spotify_client.parsing import fields
from spotify_client.parsing.made_playlists import is_marked

_LONGEST = 2_000  # characters that are looked at
_MOST_TRACKS = 50_000  # that are known by the names in a row; others are read anew
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MINUTE = re.compile(r"[T ]([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_SECOND = re.compile(r"(?::([0-5]\d)(?:\.\d+)?)? ?(?:Z|\+00:?00|UTC)?(?:\[UTC\])?", re.ASCII)
_EPOCH = date(1970, 1, 1)
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
        names = (
            play.get("master_metadata_album_artist_name"),
            play.get("master_metadata_track_name"),
            play.get("spotify_track_uri"),
        )
        track = self._track_of(names)
        if not track.track_id and any(play.get(name) for name in _SPOKEN_LONG):
            self._reading.add_show(_text(_str(play.get("episode_show_name"))))
            return Omission.SPOKEN
        # older files have no value in `skipped`
        is_skipped = play.get("skipped") is True or play.get("reason_end") == "fwdbtn"
        return self._play(track, play.get("ts"), play.get("ms_played"), is_skipped)

    def _track_of(self, names: tuple[object, object, object]) -> TrackNames:
        """The track of a row, from its artist, title and URI."""
        try:
            track = self._reading.known.get(names)
        except TypeError:  # what is no name cannot be looked up either
            track = None
        if track is None:
            artist, title, uri = map(_str, names)
            track = TrackNames(_text(artist), _text(title), spotify_id("track", uri))
            if (artist, title, uri) == names and len(self._reading.known) < _MOST_TRACKS:
                self._reading.known[names] = track
        return track

    def short(self, _: str, row: object) -> Omission | None:
        """A play of the last year's history."""
        play = fields.mapping(row)
        if any(name in play for name in _SPOKEN_SHORT):
            self._reading.add_show(_text(_str(play.get("podcastName"))))
            return Omission.SPOKEN
        artist, title = (_text(_str(play.get(name))) for name in ("artistName", "trackName"))
        track = TrackNames(artist, title)
        return self._play(track, play.get("endTime", play.get("time")), play.get("msPlayed"))

    def _play(
        self, track: TrackNames, time: object, n_ms: object, is_skipped: bool = False
    ) -> Omission | None:
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
            return self._reading.ban(
                "artist", TrackNames(name, ""), spotify_id("artist", entry.get("uri", row))
            )
        track = _track(entry.get("artist"), entry.get("track", entry.get("name")), entry.get("uri", row))
        return self._reading.ban("track", track, track.track_id)

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


def _track(artist: object, title: object = "", uri: object = "") -> TrackNames:
    return TrackNames(fields.text(artist), fields.text(title), spotify_id("track", uri))


def _str(value: object) -> str:
    # cut, as a cache holds it
    return value[:_LONGEST] if isinstance(value, str) else ""


@lru_cache(maxsize=10_000)
def _midnight_s(text: str) -> int | None:
    """Unix time of the start of a day; None if it is none since Spotify was founded."""
    if not _DAY.fullmatch(text):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return (found - _EPOCH).days * DAY_S if found.year in _YEARS else None


@lru_cache(maxsize=10_000)
def _minute_s(text: str) -> int | None:
    """Seconds from midnight to a minute; None if it is none."""
    found = _MINUTE.fullmatch(text)
    return int(found[1]) * 3600 + int(found[2]) * MINUTE_S if found else None


@lru_cache(maxsize=10_000)
def _second(text: str) -> tuple[int, int] | None:
    """From what follows the minute, a second of it, and within how many from it on the play was."""
    found = _SECOND.fullmatch(text)
    if found is None:
        return None
    return (0, MINUTE_S) if found[1] is None else (int(found[1]), 1)


def _moment(text: str) -> Moment | None:
    """When a play ended, by a file to the second or to the minute; None if it is no time."""
    # in parts, of which there are few
    day_s, minute_s, second = _midnight_s(text[:10]), _minute_s(text[10:16]), _second(text[16:])
    if day_s is None or minute_s is None or second is None:
        return None
    return Moment(day_s + minute_s + second[0], second[1])
