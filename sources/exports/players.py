"""Rows of players and services whose fields `records` alone would not understand."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from matcher.domain.listening import Part, TrackNames
from sources.exports.documents import names_in
from sources.exports.json_rows import Row
from sources.exports.plays import FULL_PLAY_MS
from sources.exports.reading import Omission, Reading
from sources.exports.records import Records
from sources.exports.workbook import SHEET
from sources.exports.xml_rows import LIBRARY_PLAYLIST, LIST_TITLE
from spotify_client.parsing import fields

TOPIC = " - Topic"
"""How YouTube names the channel of an artist's recordings."""

_WATCHED_FIRST, _MOST_WORDS, _FEWEST_TITLES = "Watched ", 4, 10
_NOT_MUSIC = ("Podcast", "Movie", "TV Show", "Has Video", "Audiobook", "iTunesU", "Voice Memo")
_SPOKEN_GENRE = re.compile(
    r"podcasts?|audiobooks?|books? & spoken|spoken word|hörb(?:uch|ücher)", re.IGNORECASE
)


class PlaylistRows:
    """Reader of a playlist: XSPF, JSPF or M3U."""

    def __init__(self, reading: Reading, name: str) -> None:
        self._reading, self._name = reading, name
        self._records: Records | None = None

    def read(self, key: str, row: object) -> Omission | None:
        """The playlist's title, or a track of it; of JSPF, all of it."""
        if key == LIST_TITLE:
            self._name = fields.text(row) or self._name
            return None
        playlist = fields.mapping(row)
        if isinstance(tracks := playlist.get("track"), list):
            self._name = fields.text(playlist.get("title")) or self._name
            for track in tracks:
                self._reading.note(self.read("", track))
            return None
        self._records = self._records or Records(self._reading, self._name)
        return self._records.read("", row)


class LibraryRows:
    """Reader of the library file of Apple Music and iTunes."""

    def __init__(self, reading: Reading, _: str) -> None:
        self._reading = reading
        self._tracks: dict[str, TrackNames] = {}  # by id in the file

    def read(self, key: str, row: object) -> Omission | None:
        """A track, or a playlist of tracks that came before."""
        entry = fields.mapping(row)
        return self._playlist(entry) if key == LIBRARY_PLAYLIST else self._track(entry)

    def _track(self, entry: Mapping[str, object]) -> Omission | None:
        kind, genre = fields.text(entry.get("Kind")), fields.text(entry.get("Genre"))
        if any(entry.get(name) for name in _NOT_MUSIC) or _SPOKEN_GENRE.fullmatch(genre):
            return Omission.VIDEO if entry.get("Has Video") else Omission.SPOKEN
        if "video" in kind.casefold():
            return Omission.VIDEO
        artist = fields.text(entry.get("Artist")) or fields.text(entry.get("Album Artist"))
        track = TrackNames(artist, fields.text(entry.get("Name")))
        self._tracks[fields.text(entry.get("Track ID"))] = track
        if entry.get("Disliked"):
            return self._reading.ban("track", track)
        if entry.get("Loved") or entry.get("Favorited"):
            self._reading.save(track)
        n_plays, n_skips = (_count(entry.get(name)) for name in ("Play Count", "Skip Count"))
        # a skip is a play that ended within seconds
        return (
            self._reading.count(track, FULL_PLAY_MS, n_plays)
            if n_plays
            else (self._reading.count(track, 1.0, n_skips))
        )

    def _playlist(self, entry: Mapping[str, object]) -> Omission | None:
        items = entry.get("Playlist Items")
        # the whole library, purchases and such; folders hold what their playlists hold
        is_made = any(entry.get(name) for name in ("Master", "Distinguished Kind", "Folder", "Music"))
        if is_made or not isinstance(items, list):
            return None
        name = fields.text(entry.get("Name"))
        facet_id = self._reading.playlist_id(name)
        for item in map(fields.mapping, items):
            if track := self._tracks.get(fields.text(item.get("Track ID"))):
                self._reading.keep(Part.PLAYLISTS, track, facet_id=facet_id, facet_name=name)
        return None


def _count(value: object) -> int:
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,6}", value) else 0


class WatchedRows:
    """Reader of what was watched on YouTube, of which only music counts."""

    def __init__(self, reading: Reading, _: str) -> None:
        self._records = Records(reading, "")
        self._starts: Counter[str] = Counter()
        self._ends: Counter[str] = Counter()
        self._titles: set[int] = set()
        self._first, self._last = _WATCHED_FIRST, ""

    def learn(self, rows: Iterable[Row]) -> None:
        """Find the words that all titles have: "Watched" in the listener's language."""
        for _, row in rows:
            entry = fields.mapping(row)
            title = fields.text(entry.get("title"))
            if _is_music(entry) and hash(title) not in self._titles and len(self._titles) < 10_000:
                self._titles.add(hash(title))
                words = title.split(" ")
                for n_words in range(1, min(_MOST_WORDS, len(words) - 1) + 1):
                    self._starts[" ".join(words[:n_words]) + " "] += 1
                    self._ends[" " + " ".join(words[-n_words:])] += 1
        self._first, self._last = self._common(self._starts, self._first), self._common(self._ends, "")

    def read(self, _: str, row: object) -> Omission | None:
        """A video that was watched."""
        entry = fields.mapping(row)
        if "title" not in entry or "time" not in entry:
            return Omission.MALFORMED
        if not _is_music(entry):
            return Omission.VIDEO
        channel = _channel(entry)
        title = fields.text(entry.get("title")).removeprefix(self._first)
        title = title.removesuffix(self._last)
        artist = channel.removesuffix(TOPIC)
        if artist == channel and " - " in title:
            artist, title = names_in(title)
        return self._records.read("", {"artist": artist, "title": title, "time": entry.get("time")})

    def _common(self, counts: Counter[str], default: str) -> str:
        n_least = 0.9 * len(self._titles)
        if len(self._titles) < _FEWEST_TITLES:
            return default
        return max((text for text, n in counts.items() if n >= n_least), key=len, default="")


def _is_music(entry: Mapping[str, object]) -> bool:
    is_named = bool(_channel(entry))
    return is_named and (entry.get("header") == "YouTube Music" or _channel(entry).endswith(TOPIC))


def _channel(entry: Mapping[str, object]) -> str:
    found = entry.get("subtitles")
    return fields.text(fields.mapping(found[0]).get("name")) if isinstance(found, list) and found else ""


class SheetRows:
    """Reader of Deezer's workbook."""

    def __init__(self, reading: Reading, name: str) -> None:
        self._reading = reading
        self._plays, self._saved = Records(reading, name), Records(reading, name, Part.SAVED)

    def read(self, key: str, row: object) -> Omission | None:
        """A row of a sheet: a play, a favourite, or a track that the listener dislikes."""
        sheet = key.removeprefix(SHEET).lstrip("0123456789_")
        entry = dict(fields.mapping(row))
        artists = entry.pop("artist", "")  # one cell names them all
        entry.setdefault("artists", artists)
        if sheet == "listeningHistory":
            return self._plays.read("", entry)
        entry.pop("date", None)  # of being marked
        if sheet == "dislikedTracks":
            return self._saved.read("", {**entry, "preference": "dislike"})
        if sheet == "favoriteSong":
            return self._saved.read("", entry)
        return self._reading.save(TrackNames(fields.text(artists), ""))


class ScrobbleRows:
    """Reader of scrobbles in JSON: Maloja's, Last.fm's pages, export tools'."""

    def __init__(self, reading: Reading, name: str) -> None:
        self._reading, self._records = reading, Records(reading, name)

    def read(self, key: str, row: object) -> Omission | None:
        """A play or a page of them; what else is in the file is not about music."""
        entry = fields.mapping(row)
        track = entry.get("track")
        if isinstance(page := track if isinstance(track, list) else row, list):
            for one in page:
                self._reading.note(self.read("", one) if isinstance(one, dict) else Omission.MALFORMED)
            return None
        if key not in SCROBBLE_KEYS or "@attr" in entry:  # such as what is playing now
            return None
        if isinstance(track, dict):
            heard = {"seconds_played": entry["duration"]} if entry.get("duration") else {}
            entry = {**track, "time": entry.get("time"), **heard}
        return self._records.read("", entry)


SCROBBLE_KEYS = frozenset(("", "scrobbles", "list", "track", "tracks", "recenttracks"))
"""Keys whose arrays hold plays."""
