"""What all files of one listener add up to, whatever service they come from."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import chain

from matcher.domain.canonical_keys import OPAQUE, artist_key, keys_of, title_words
from matcher.domain.listening import MOST_PLAYS, Facts, Hearing, Part, TrackNames
from sources.exports.json_rows import Row
from sources.exports.plays import Moment, Plays, weight_of
from spotify_client.parsing.parse import SAVED_WEIGHT

_DAY_MS = 86_400_000  # longer than any track is heard at a time


class Omission(StrEnum):
    """Why a row does not count."""

    MALFORMED = "malformed rows left out"
    SPOKEN = "plays of podcasts and audiobooks left out"
    VIDEO = "videos left out"
    SHOW = "items of shows that are podcasts in other files left out"
    UNNAMED = "rows without a track left out"
    OURS = "playlists made with Earshot left out"
    BANNED = "items of banned artists or tracks left out"


ReadRow = Callable[[str, object], Omission | None]
"""Reads a row and the key it stands under, or tells why it does not count."""


class Reading:
    """Listening of one listener from any number of files."""

    def __init__(self) -> None:
        self._plays = Plays()
        self._lists: list[Hearing] = []
        self._counts: dict[TrackNames, float] = {}  # without times
        self._followed: set[str] = set()  # keys of names, which may be artists' or people's
        self._banned: set[str] = set()
        self._shows: set[str] = set()  # keys of names of podcasts
        self._n_by_name: Counter[str] = Counter()
        self._artists: dict[str, str] = {}  # by the words of a title; "" if several have it
        self.known: dict[tuple[object, ...], TrackNames] = {}  # by the fields of a row that name it
        self.omitted: Counter[Omission] = Counter()

    def read(self, read_row: ReadRow, rows: Iterable[Row]) -> None:
        """Read the rows of a file.

        Raises:
            ValueError: it cannot be read, most rows are malformed, or it is not one listener's.
        """
        n_rows, n_malformed = 0, 0
        for key, row in rows:
            n_rows += 1
            if omission := read_row(key, row):
                self.omitted[omission] += 1
                n_malformed += omission is Omission.MALFORMED
        if 2 * n_malformed > n_rows:
            raise ValueError(f"{n_malformed:,} of {n_rows:,} rows are malformed")

    def note(self, omission: Omission | None) -> None:
        """Count a row that does not count, if it is one."""
        if omission:
            self.omitted[omission] += 1

    def play(
        self,
        track: TrackNames,
        moment: Moment | None,
        n_ms: float,
        is_skipped: bool = False,
        n_plays: float = 1.0,
    ) -> Omission | None:
        """Count plays of `n_ms` each.

        Without a moment, as when a clock was not set, each is a new one.
        """
        if not (0 <= n_ms <= _DAY_MS and 0 <= n_plays <= MOST_PLAYS):
            return Omission.MALFORMED
        if not _is_named(track):
            return Omission.UNNAMED
        if weight := n_plays * weight_of(n_ms, is_skipped):
            if moment is None:
                self.keep(Part.PLAYS, track, plays=weight)
            else:
                self._plays.add(*track, moment, weight)
        return None

    def count(self, track: TrackNames, n_ms: float, n_plays: float) -> Omission | None:
        """Take note of all plays of a track, those with their times included."""
        if not _is_named(track):
            return Omission.UNNAMED
        self._counts[track] = max(self._counts.get(track, 0.0), n_plays * weight_of(n_ms, skipped=False))
        return None

    def keep(self, part: Part, track: TrackNames, **more: object) -> Omission | None:
        """Keep a fact of a list, unless it names nothing."""
        artist, title, track_id = track
        if not (artist_key(artist) or (artist and title) or track_id or more.get("artist_id")):
            return Omission.UNNAMED
        self._lists.append(Hearing(part, artist, track_name=title, track_id=track_id, **more))  # type: ignore[arg-type]
        return None

    def save(self, track: TrackNames, **more: object) -> Omission | None:
        """Keep a saved or loved track, or an artist of whom the listener saved something."""
        return self.keep(Part.SAVED, track, plays=SAVED_WEIGHT, **more)

    def save_album(self, artist: str) -> Omission | None:
        """Keep the artist of a saved album."""
        return self.keep(Part.ALBUMS, TrackNames(artist, ""), plays=SAVED_WEIGHT)

    def follow_artist(self, artist: str, artist_id: str = "") -> Omission | None:
        """Keep a followed artist."""
        return self.keep(Part.FOLLOWED, TrackNames(artist, ""), plays=SAVED_WEIGHT, artist_id=artist_id)

    def playlist_id(self, name: str) -> str:
        """Id of the next playlist of this name: exports have none, so their order tells."""
        facet_id = hashlib.sha256(f"{self._n_by_name[name]} {name}".encode()).hexdigest()[:22]
        self._n_by_name[name] += 1
        return facet_id

    def ban(self, kind: str, track: TrackNames, spotify_id: str = "") -> Omission | None:
        """Leave out an artist, or with the kind "track" a track."""
        keys = {OPAQUE + spotify_id} if spotify_id else set[str]()
        if track.artist and (track.title or kind == "artist"):
            named = Hearing(Part.SAVED, track.artist, track_name=track.title if kind == "track" else "")
            keys.add(keys_of(named)[kind == "track"])
        self._banned |= keys - {""}
        return None if keys else Omission.UNNAMED

    def add_show(self, name: str) -> None:
        """Take note of a podcast's name."""
        self._shows |= {artist_key(name)} - {""}

    def follow(self, name: str) -> None:
        """Take note of a followed name, which may be an artist's or a person's."""
        self._followed |= {artist_key(name)} - {""}

    def learn_artist(self, title: str, artist: str) -> None:
        """Take note of a title's artist, for files that name the title only."""
        if (words := title_words(title)) and artist:
            known = self._artists.setdefault(words, artist)
            if artist_key(known) != artist_key(artist):
                self._artists[words] = ""

    def artist_of(self, title: str) -> str:
        """The only artist known to have this title, or ""."""
        return self._artists.get(title_words(title), "")

    def hearings(self) -> Facts:
        """All facts, without what the listener banned. Call once, when all files are read."""
        dated = self._plays.facts()
        found = dated.plus([*self._undated(dated.totals()), *self._lists])
        found = found.plus(self._heard_and_followed(found))
        allowed = found.where(lambda one: self._banned.isdisjoint((*keys_of(one), *_ids_of(one))))
        kept = allowed.where(lambda one: not self._is_show(one))
        self.omitted[Omission.BANNED] += len(found) - len(allowed)
        self.omitted[Omission.SHOW] += len(allowed) - len(kept)
        return kept

    def unbroken(self) -> dict[str, int]:
        """Hours of the longest run, by canonical key, of artists that are played on end."""
        return self._plays.unbroken()

    def _undated(self, dated: Iterable[Hearing]) -> Iterator[Hearing]:
        """What the counts say beyond the plays with their times."""
        known: defaultdict[tuple[str, str], float] = defaultdict(float)
        for one in dated if self._counts else ():
            known[keys_of(one)] += one.plays
        for track, weight in self._counts.items():
            bare = Hearing(Part.PLAYS, track.artist, track_name=track.title, track_id=track.track_id)
            if (more := weight - known[keys_of(bare)]) > 0:
                yield replace(bare, plays=more)

    def _is_show(self, hearing: Hearing) -> bool:
        """Whether a play is a podcast's: older files to the minute write its show as the artist."""
        is_unsure = hearing.part is Part.PLAYS and not hearing.track_id
        return is_unsure and artist_key(hearing.artist_name) in self._shows

    def _heard_and_followed(self, facts: Facts) -> list[Hearing]:
        """A fact for each followed name that is an artist of the listener.

        Other names may be people's, and the file does not tell: they are forgotten.
        """
        names: dict[str, str] = {}
        for one in facts.rest:
            if one.part is Part.FOLLOWED:  # by another file as well
                self._followed.discard(artist_key(one.artist_name))
        for one in chain(facts.totals(), facts.rest) if self._followed else ():
            if (key := artist_key(one.artist_name)) in self._followed:
                names.setdefault(key, one.artist_name)
        return [Hearing(Part.FOLLOWED, name, plays=SAVED_WEIGHT) for name in names.values()]


def _ids_of(hearing: Hearing) -> tuple[str, str]:
    return OPAQUE + hearing.artist_id, OPAQUE + hearing.track_id


def _is_named(track: TrackNames) -> bool:
    return bool((track.artist and track.title) or track.track_id)
