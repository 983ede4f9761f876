"""Rows of Spotify's exports, by kind of file.

Of a row nothing is read but the music, its time and how long it was heard: neither addresses, devices and
countries, nor the names of people.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from enum import Enum, StrEnum, auto
from functools import lru_cache
from itertools import islice

from matcher.domain.canonical_keys import OPAQUE, artist_key, keys_of
from matcher.domain.listening import Hearing, Part
from sources.exports.json_rows import Row
from sources.exports.plays import Moment, Plays, weight_of
from spotify_client.parsing import fields
from spotify_client.parsing.made_playlists import is_marked
from spotify_client.parsing.parse import SAVED_WEIGHT

_LONGEST = 2_000  # characters that are looked at
_SAMPLE = 20  # rows that tell what a file is
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](?:([01]\d|2[0-3])):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?"
    r" ?(?:Z|\+00:?00|UTC)?(?:\[UTC\])?",
    re.ASCII,
)
_DAY_MS = 86_400_000  # longer than any track is heard at a time
_YEARS = range(2006, 2101)  # since Spotify was founded
_URI = re.compile(r"spotify:(track|artist):([0-9A-Za-z]{22})")
_SPOKEN_LONG = ("spotify_episode_uri", "episode_name", "audiobook_uri", "audiobook_title")
_SPOKEN_SHORT = ("podcastName", "episodeName", "audiobookName", "audiobookTitle", "bookName", "authorName")

_text = lru_cache(maxsize=100_000)(fields.text)


class Kind(Enum):
    """Kind of file, in the order in which files are to be read."""

    EXTENDED = auto()  # plays to the second, before those to the minute
    SHORT = auto()
    PLAYLISTS = auto()
    LIBRARY = auto()
    FOLLOWED = auto()
    OTHER = auto()


class Omission(StrEnum):
    """Why a row does not count."""

    MALFORMED = "malformed rows left out"
    SPOKEN = "plays of podcasts and audiobooks left out"
    SHOW = "items of shows that are podcasts in other files left out"
    UNNAMED = "rows without a track left out"
    OURS = "playlists made with Earshot left out"
    BANNED = "items of banned artists or tracks left out"


_LIBRARY = ("tracks", "albums", "artists", "bannedTracks", "bannedArtists", "shows", "episodes", "other")
_KINDS = {
    "playlists": Kind.PLAYLISTS,
    **dict.fromkeys(_LIBRARY, Kind.LIBRARY),
    **dict.fromkeys(("userIsFollowing", "userIsFollowedBy", "userIsBlocking"), Kind.FOLLOWED),
    **dict.fromkeys(("followingArtists", "followerCount", "followingUsersCount"), Kind.FOLLOWED),
}


def kind_of(rows: Iterator[Row]) -> Kind:
    """The kind of file whose rows these are, by the keys of the first ones."""
    for key, row in islice(rows, _SAMPLE):
        if key in _KINDS:
            return _KINDS[key]
        names = row.keys() if isinstance(row, dict) and not key else frozenset[str]()
        if {"ts", "ms_played"} <= names:
            return Kind.EXTENDED
        if "msPlayed" in names and names & {"endTime", "time"}:
            return Kind.SHORT
    return Kind.OTHER


class ExportReading:
    """Listening of one listener from any number of files."""

    def __init__(self) -> None:
        self._plays = Plays()
        self._lists: list[Hearing] = []
        self._followed: set[str] = set()  # keys of names, which may be artists' or people's
        self._banned: set[str] = set()
        self._shows: set[str] = set()  # keys of names of podcasts
        self._n_by_name: Counter[str] = Counter()
        self.omitted: Counter[Omission] = Counter()
        self._readers: Mapping[Kind, Callable[[str, object], Omission | None]] = {
            Kind.EXTENDED: self._extended,
            Kind.SHORT: self._short,
            Kind.PLAYLISTS: self._playlist,
            Kind.LIBRARY: self._library,
            Kind.FOLLOWED: self._follow,
        }

    def read(self, kind: Kind, rows: Iterable[Row]) -> None:
        """Read a file of this kind, not `OTHER`.

        Raises:
            ValueError: it is no JSON, most rows are malformed, or it is not one listener's.
        """
        read_row, n_rows, n_malformed = self._readers[kind], 0, 0
        for key, row in rows:
            n_rows += 1
            if omission := read_row(key, row):
                self.omitted[omission] += 1
                n_malformed += omission is Omission.MALFORMED
        if 2 * n_malformed > n_rows:
            raise ValueError(f"{n_malformed:,} of {n_rows:,} rows are malformed")

    def hearings(self) -> tuple[Hearing, ...]:
        """All facts, without what the listener banned. Call once, when all files are read."""
        found = [*self._plays.hearings(), *self._lists]
        found += self._heard_and_followed(found)
        allowed = [one for one in found if self._banned.isdisjoint((*keys_of(one), *_ids_of(one)))]
        kept = tuple(one for one in allowed if not self._is_show(one))
        self.omitted[Omission.BANNED] += len(found) - len(allowed)
        self.omitted[Omission.SHOW] += len(allowed) - len(kept)
        return kept

    def _is_show(self, hearing: Hearing) -> bool:
        """Whether a play is a podcast's: older files to the minute write its show as the artist."""
        is_unsure = hearing.part is Part.PLAYS and not hearing.track_id
        return is_unsure and artist_key(hearing.artist_name) in self._shows

    def _extended(self, _: str, row: object) -> Omission | None:
        play = fields.mapping(row)
        track_id = _id_in("track", play.get("spotify_track_uri"))
        if not track_id and any(play.get(name) for name in _SPOKEN_LONG):
            self._add_show(play.get("episode_show_name"))
            return Omission.SPOKEN
        artist = _text(_str(play.get("master_metadata_album_artist_name")))
        title = _text(_str(play.get("master_metadata_track_name")))
        # older files have no value in `skipped`
        is_skipped = play.get("skipped") is True or play.get("reason_end") == "fwdbtn"
        return self._play((artist, title, track_id), play.get("ts"), play.get("ms_played"), is_skipped)

    def _short(self, _: str, row: object) -> Omission | None:
        play = fields.mapping(row)
        if any(name in play for name in _SPOKEN_SHORT):
            self._add_show(play.get("podcastName"))
            return Omission.SPOKEN
        track = _text(_str(play.get("artistName"))), _text(_str(play.get("trackName"))), ""
        return self._play(track, play.get("endTime", play.get("time")), play.get("msPlayed"), False)

    def _play(
        self, track: tuple[str, str, str], time: object, n_ms: object, is_skipped: bool
    ) -> Omission | None:
        moment, played_ms = _moment(_str(time)), fields.number(n_ms)
        if moment is None or played_ms is None or not 0 <= played_ms <= _DAY_MS:
            return Omission.MALFORMED
        artist, title, track_id = track
        if not ((artist and title) or track_id):
            return Omission.UNNAMED
        if weight := weight_of(played_ms, is_skipped):
            self._plays.add(artist, title, track_id, moment, weight)
        return None

    def _playlist(self, key: str, row: object) -> Omission | None:
        playlist = fields.mapping(row)
        items = playlist.get("items", playlist.get("tracks"))
        if key != "playlists" or not isinstance(items, list):
            return Omission.MALFORMED
        if is_marked(fields.text(playlist.get("description"))):
            return Omission.OURS
        name = fields.text(playlist.get("name"))
        # exports have no ids of playlists; of several with one name, their order tells
        facet_id = hashlib.sha256(f"{self._n_by_name[name]} {name}".encode()).hexdigest()[:22]
        self._n_by_name[name] += 1
        for item in map(fields.mapping, items):
            track = fields.mapping(item.get("track", item))
            self._keep(
                Part.PLAYLISTS,
                *(fields.text(track.get("artistName")), fields.text(track.get("trackName"))),
                track_id=_id_in("track", track.get("trackUri")),
                facet_id=facet_id,
                facet_name=name,
                heard_at_utc=fields.moment(item.get("addedDate")),
            )
        return None

    def _library(self, key: str, row: object) -> Omission | None:
        entry = fields.mapping(row)
        uri, artist = entry.get("uri"), fields.text(entry.get("artist"))
        if key.startswith("banned"):
            return self._ban(key, row)
        if key == "tracks":
            title = fields.text(entry.get("track"))
            is_kept = self._keep(Part.SAVED, artist, title, track_id=_id_in("track", uri), plays=SAVED_WEIGHT)
        elif key == "albums":
            is_kept = self._keep(Part.SAVED, artist, plays=SAVED_WEIGHT)
        elif key == "artists":
            name = fields.text(entry.get("name"))
            is_kept = self._keep(Part.SAVED, name, artist_id=_id_in("artist", uri), plays=SAVED_WEIGHT)
        else:
            if key == "shows":
                self._add_show(entry.get("name"))
            return None
        return None if is_kept else Omission.UNNAMED

    def _add_show(self, name: object) -> None:
        self._shows |= {artist_key(_text(_str(name)))} - {""}

    def _ban(self, key: str, row: object) -> Omission | None:
        entry = fields.mapping(row)
        kind = "artist" if key == "bannedArtists" else "track"
        artist = fields.text(entry.get("name" if kind == "artist" else "artist")) or (
            fields.text(row) if kind == "artist" else ""
        )
        spotify_id = _id_in(kind, entry.get("uri", row))
        title = fields.text(entry.get("track", entry.get("name"))) if kind == "track" else ""
        keys = {OPAQUE + spotify_id} if spotify_id else set[str]()
        if artist and (title or kind == "artist"):
            keys.add(keys_of(Hearing(Part.SAVED, artist, track_name=title))[kind == "track"])
        self._banned |= keys - {""}
        return None if keys else Omission.UNNAMED

    def _follow(self, key: str, row: object) -> Omission | None:
        if key == "followingArtists":
            self._keep(Part.SAVED, fields.text(row), plays=SAVED_WEIGHT)
        elif key == "userIsFollowing" and (artist := artist_key(fields.text(row))):
            self._followed.add(artist)
        return None

    def _heard_and_followed(self, hearings: Iterable[Hearing]) -> list[Hearing]:
        """A fact for each followed name that is an artist of the listener.

        Other names may be people's, and the file does not tell: they are forgotten.
        """
        names: dict[str, str] = {}
        for one in hearings:
            if one.part is Part.SAVED and one.artist_id:  # followed by another file as well
                self._followed.discard(artist_key(one.artist_name))
        for one in hearings if self._followed else ():
            if (key := artist_key(one.artist_name)) in self._followed:
                names.setdefault(key, one.artist_name)
        return [Hearing(Part.SAVED, name, plays=SAVED_WEIGHT) for name in names.values()]

    def _keep(self, part: Part, artist: str, title: str = "", **more: object) -> bool:
        """Keep a fact of a list, unless it names nothing."""
        if not (artist_key(artist) or (artist and title) or more.get("track_id") or more.get("artist_id")):
            return False
        self._lists.append(Hearing(part, artist, track_name=title, **more))  # type: ignore[arg-type]
        return True


def _str(value: object) -> str:
    # cut, as a cache holds it
    return value[:_LONGEST] if isinstance(value, str) else ""


def _id_in(kind: str, uri: object) -> str:
    found = _URI.fullmatch(uri) if isinstance(uri, str) else None
    return found[2] if found and found[1] == kind else ""


def _ids_of(hearing: Hearing) -> tuple[str, str]:
    return OPAQUE + hearing.artist_id, OPAQUE + hearing.track_id


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
    return Moment(day, second, found[4] is not None)
