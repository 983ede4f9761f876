"""Rows that name tracks, whatever their columns are called: plays, counts, lists.

A row with a time is a play, one with a number is so many plays, any other is in a playlist or saved. Only
the fields of `ROLES` are looked at: neither addresses and devices, nor the names of people.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from matcher.domain.listening import Part, TrackNames
from sources.dates import Dates
from sources.exports.documents import EXCESS, names_in
from sources.exports.json_rows import Row
from sources.exports.plays import DAY_S, FULL_PLAY_MS, MINUTE_S, Moment
from sources.exports.reading import Omission, Reading
from sources.exports.roles import fields_by_role
from sources.exports.spotify_rows import spotify_id
from sources.numbers import number_in
from spotify_client.parsing import fields

_LONGEST = 2_000  # characters that are looked at
_SPOKEN = re.compile(r"podcast|audiobook|spoken|audio.?drama|episode|show|\bradio", re.IGNORECASE)
_VIDEO = re.compile(r"video|movie|film", re.IGNORECASE)
_TO_THE_SECOND = re.compile(r"\d:\d\d:\d\d|\d{9}|\d{8}T\d{6}")
_TO_THE_MINUTE = re.compile(r"\d:\d\d|\dT\d\d")
_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
_OF_SEVERAL = frozenset(("artists", "artist_names", "artist_name_s"))
_EXCEL_START, _EXCEL_DAYS = datetime(1899, 12, 30, tzinfo=UTC), range(20_000, 80_000)
_DISLIKED = re.compile(r"disliked?|-1", re.IGNORECASE)
_LIKED = re.compile(r"true|1|yes|liked?|loved?|favou?rite", re.IGNORECASE)

_clean = lru_cache(maxsize=100_000)(fields.text)


class Records:
    """Reader of one file; `name` is that of its playlist if the rows name none."""

    def __init__(self, reading: Reading, name: str, part: Part = Part.PLAYLISTS) -> None:
        self._reading, self._name, self._part = reading, name, part
        self._dates = Dates()
        self._playlists: dict[str, str] = {}  # ids by name

    def read(self, _: str, row: object) -> Omission | None:
        """A play, a number of plays, or an item of a list."""
        if not isinstance(row, dict) or not row or EXCESS in row:
            return Omission.MALFORMED
        value = _Values(row)
        if omission := _omission(value.text("medium")):
            return omission
        if _DISLIKED.fullmatch(value.text("liked")):
            return self._ban(value)
        if value.text("played"):
            return self._play(value)
        is_loved = bool(_LIKED.fullmatch(value.text("loved")) or _LIKED.fullmatch(value.text("liked")))
        if value.has("n_plays"):
            if is_loved:
                self._list(value, is_saved=True)
            return self._count(value, None)
        return self._list(value, is_saved=is_loved)

    def _ban(self, value: "_Values") -> Omission | None:
        track = value.track(self._reading.artist_of)
        if value.text("medium").casefold() == "artist":
            return self._reading.ban("artist", TrackNames(track.artist or track.title, ""))
        return self._reading.ban("track", track)

    def _play(self, value: "_Values") -> Omission | None:
        try:
            moment = self._moment(value.text("played"))
        except ValueError:
            return Omission.MALFORMED
        if value.has("n_plays"):
            return self._count(value, moment)
        n_ms = value.played_ms(1)
        if n_ms is None:
            return Omission.MALFORMED
        return self._reading.play(value.track(self._reading.artist_of), moment, n_ms, value.is_skipped())

    def _count(self, value: "_Values", moment: Moment | None) -> Omission | None:
        n_plays, n_skips = value.count("n_plays"), value.count("n_skips")
        if n_plays is None or n_skips is None:
            return Omission.MALFORMED
        n_ms = value.played_ms(n_plays + n_skips)
        if n_ms is None:
            return Omission.MALFORMED
        track = value.track(self._reading.artist_of)
        # of what was only skipped, no play was long
        n_all, n_ms = (n_plays, n_ms) if n_plays else (n_skips, min(n_ms, 1.0))
        if moment is None:
            return self._reading.count(track, n_ms, n_all)
        return self._reading.play(track, moment, n_ms, n_plays=n_all)

    def _list(self, value: "_Values", *, is_saved: bool) -> Omission | None:
        kind, track = value.text("medium").casefold(), value.track(self._reading.artist_of)
        if kind in {"artist", "album"}:  # an artist's name stands in the first column
            return self._reading.save(TrackNames(track.artist or track.title, ""))
        isrc = fields.isrc(value.text("isrc"))
        if is_saved or kind == "favorite" or self._part is Part.SAVED:
            return self._reading.save(track, isrc=isrc)
        name = value.text("playlist") or self._name
        if name not in self._playlists:
            self._playlists[name] = self._reading.playlist_id(name)
        return self._reading.keep(
            Part.PLAYLISTS,
            track,
            isrc=isrc,
            facet_id=self._playlists[name],
            facet_name=name,
            heard_at_utc=self._added(value.text("added")),
        )

    def _added(self, text: str) -> datetime | None:
        try:
            return self._dates.time_of(text)
        except ValueError:
            return None

    def _moment(self, text: str) -> Moment | None:
        """When it was played; None if a clock was not set.

        Raises:
            ValueError: the text is no time.
        """
        days = number_in(text)
        if days is not None and math.isfinite(days) and int(days) in _EXCEL_DAYS:
            text = (_EXCEL_START + timedelta(days=days)).isoformat(timespec="seconds")
        self._dates.learn([text])
        when = self._dates.time_of(text)
        if when is None:
            return None
        span_s = _span_s(text)
        at_s = int(when.timestamp())
        return Moment(at_s if span_s < DAY_S else at_s - at_s % DAY_S, span_s)


def span_s_of(row: object) -> int:
    """How exact the time of a row is, in seconds: 1, 60 or a day; 1 without a time."""
    text = _Values(row).text("played") if isinstance(row, dict) else ""
    return _span_s(text) if text else 1


def _span_s(text: str) -> int:
    return 1 if _TO_THE_SECOND.search(text) else MINUTE_S if _TO_THE_MINUTE.search(text) else DAY_S


class TeachingRecords(Records):
    """Reader of a file that also tells whose the titles of another file are."""

    def learn(self, rows: Iterable[Row]) -> None:
        """Take note of the artists of all titles."""
        for _, row in rows:
            if isinstance(row, dict):
                track = _Values(row).track(lambda _: "")
                self._reading.learn_artist(track.title, track.artist)


class _Values:
    """Values of a row by their role."""

    def __init__(self, row: Mapping[str, object]) -> None:
        self._row, self._fields = row, fields_by_role(tuple(row))

    def has(self, role: str) -> bool:
        return role in self._fields

    def text(self, role: str) -> str:
        name = self._fields.get(role)
        return "" if name is None else _text_of(self._row[name])

    def track(self, artist_of: Callable[[str], str]) -> TrackNames:
        """Its names; the artist is looked up by the title where the row names none."""
        artist, title = self.text("artist"), self.text("title")
        if both := self.text("both"):
            artist, title = names_in(both)
        elif title and not artist:
            artist = artist_of(title)
            if not artist and " - " in title:
                artist, title = names_in(title)
        uri = self.text("uri")
        track_id = spotify_id("track", uri)
        if self._fields.get("uri") == "spotify_id" and _SPOTIFY_ID.fullmatch(uri):
            track_id = uri
        if self._fields.get("artist") in _OF_SEVERAL:
            artist = first_artist(artist, self.text("artist_uris"))
        return TrackNames(artist, title, track_id)

    def count(self, role: str) -> float | None:
        """A number of plays, 0 if there is none; None if it is malformed."""
        number = number_in(self.text(role) or "0")
        return number if number is not None and 0 <= number < 1e6 else None

    def played_ms(self, n_plays: float) -> float | None:
        """Mean length of `n_plays` in ms; None if malformed.

        Where the file does not tell, each is a full one.
        """
        role = "ms" if self.has("ms") else "seconds"
        if not self.has(role):
            return FULL_PLAY_MS
        number = number_in(self.text(role) or "0")
        if number is None or math.isnan(number):
            return None
        # Apple writes less than nothing where a device's clock was set back
        return max(number, 0.0) * (1 if role == "ms" else 1_000) / max(n_plays, 1.0)

    def is_skipped(self) -> bool:
        ended = self.text("ended")
        return "SKIP" in ended.upper() or ended.casefold() in {"s", "true"}


def _omission(medium: str) -> Omission | None:
    if _VIDEO.search(medium):
        return Omission.VIDEO
    return Omission.SPOKEN if _SPOKEN.search(medium) else None


def first_artist(names: str, uris: str = "") -> str:
    """The first of several artists, as one text lists them.

    A comma also stands in names such as "Tyler, The Creator" and "Earth, Wind & Fire": it parts names where
    `uris` lists several artists as well, or nothing says that the name goes on.
    """
    if ";" in names:
        return names.partition(";")[0].strip()
    if "\\," in names:  # as Exportify wrote commas within names
        return re.split(r"(?<!\\),\s*", names)[0].replace("\\,", ",").strip()
    first, comma, rest = names.partition(", ")
    goes_on = not first or rest.casefold().startswith("the ") or re.search(r"&|\b(?:and|und|et|y)\b", rest)
    is_one = bool(uris) and "," not in uris and ";" not in uris
    return names.strip() if not comma or is_one or (goes_on and not uris) else first.strip()


def _text_of(value: object) -> str:
    """The text of a value, of the first of several, or of its name."""
    if isinstance(value, str):
        return _clean(value[:_LONGEST])
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = next((value[key] for key in ("uts", "#text", "name", "title", "uri") if key in value), "")
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, int | float):
        return str(value) if abs(value) < 1e19 else ""
    return _clean(value[:_LONGEST]) if isinstance(value, str) else ""
