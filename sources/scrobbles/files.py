"""ListenBrainz' export, as a listener downloads it: every listen, and which tracks they love or hate.

`listens/YEAR/MONTH.jsonl` and `feedback.jsonl` in a ZIP archive; older exports are one JSON array of listens.
Files are told apart by their content.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from matcher.domain.canonical_keys import artist_key, track_key
from matcher.domain.listening import Facts, Hearing, Listening, Part, PartStatus, Source
from matcher.errors import InputError
from matcher.ports import silent
from sources.exports.archive import UNREADABLE, JsonFile, digest_of, json_files, unreadable
from sources.exports.json_rows import rows_of
from sources.exports.plays import Plays
from sources.scrobbles.history import Played, moment_of
from sources.scrobbles.listenbrainz import play_of
from spotify_client.parsing.fields import mapping, text
from spotify_client.parsing.parse import SAVED_WEIGHT

LONGEST_LINE = 1 << 20
"""Most characters of one line; ListenBrainz takes no listen of more than ten thousand bytes."""

PRIVATE = re.compile(r"user\.json|pinned_recording", re.IGNORECASE)
"""How the names of files begin that are not opened: who it is, and what they wrote."""

_ENDINGS = (".jsonl", ".json")
_START = 1 << 12


class Omission(StrEnum):
    """Why a row does not count."""

    MALFORMED = "malformed rows left out"
    UNNAMED = "plays without artist or track left out"
    UNDATED = "plays without a time left out"
    HATED = "tracks left out that are marked as hated"
    UNKNOWN = "marks of tracks that are in no play left out"


@dataclass(frozen=True, slots=True)
class ListenBrainzExport:
    """Listening of one listener, and what was left out, a line for each reason."""

    listening: Listening
    left_out: tuple[str, ...]


def is_listenbrainz_export(path: Path) -> bool:
    """Whether a file is ListenBrainz' export, by its content."""
    if not path.is_file():
        return False
    try:
        with json_files(path, PRIVATE, (".jsonl",)) as files:
            return any("track_metadata" in _first_row(file) for file in files[:3])
    except (InputError, *UNREADABLE):
        return False


def read_listens(
    files: Sequence[Path],
    listener_id: str = "",
    source: Source = Source.LISTENBRAINZ,
    artist_tags: Mapping[str, Mapping[str, float]] | None = None,
    report: Callable[[float], None] = silent,
) -> ListenBrainzExport:
    """Read the files of one listener, archives or single files, in any mixture.

    Without `listener_id`, a digest of the files is the id. Facts are at the first moment of their month. A
    recording marked as loved counts as a saved track, one marked as hated not at all. `report` is told the
    share of the files that was read, in [0, 1].

    Raises:
        InputError: a file is damaged or hostile, most of its rows are malformed, or there are no plays.
    """
    reading = _Reading()
    with ExitStack() as stack:
        found = [
            (path, file)
            for path in files
            for file in stack.enter_context(json_files(path, PRIVATE, _ENDINGS))
        ]
        for n_read, (path, file) in enumerate(found):
            report(n_read / len(found))
            try:
                reading.read(_rows(file))
            except UNREADABLE as error:
                raise unreadable(path, file.name, error) from error
    hearings = reading.hearings()
    if not hearings:
        raise InputError(f"{files[0].name}: there are no listens of ListenBrainz in it")
    parts = {hearing.part: PartStatus.OK for hearing in hearings}
    listening = Listening(
        listener_id or digest_of(files),
        source,
        hearings,
        artist_tags or {},
        parts,
        unbroken=reading.unbroken(),
    )
    return ListenBrainzExport(listening, tuple(f"{n:,} {why}" for why, n in reading.omitted.items() if n))


_Row = Played | Mapping[str, object] | Omission


def _rows(file: JsonFile) -> Iterator[_Row]:
    """Plays, marks as they are written, and what is neither."""
    return map(_row_of, _lines(file) if _has_lines(_start(file)) else _array(file))


def _start(file: JsonFile) -> str:
    with file.text() as stream:
        return stream.read(_START).lstrip("\ufeff \t\r\n")


def _has_lines(start: str) -> bool:
    """Whether the first line is a listen or a mark by itself, as in JSON Lines."""
    line, found, _ = start.partition("\n")
    try:
        row = mapping(json.loads(line))
    except ValueError:  # a longer line than `start` can still be a listen
        return not found and len(start) >= _START and "track_metadata" in start
    return "track_metadata" in row or "score" in row


def _first_row(file: JsonFile) -> str:
    with file.text() as stream:
        return stream.readline(_START)


def _lines(file: JsonFile) -> Iterator[object]:
    with file.text() as stream:
        while line := stream.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise ValueError("a line is longer than any listen")
            if line.strip():
                yield _parsed(line)


def _parsed(line: str) -> object:
    try:
        return json.loads(line)
    except ValueError:
        return None


def _array(file: JsonFile) -> Iterator[object]:
    with file.text() as stream:
        yield from (value for _, value in rows_of(stream))


def _row_of(value: object) -> _Row:
    row = mapping(value)
    if "score" in row:
        return row
    if "track_metadata" not in row:
        return Omission.MALFORMED
    return play_of(row) or Omission.UNNAMED


class _Reading:
    """Plays and marks of one listener, from any number of files."""

    def __init__(self) -> None:
        self._plays = Plays()
        self._tracks: dict[str, Played] = {}  # by id of ListenBrainz or MusicBrainz, the one that marks use
        self._marks: dict[str, int] = {}
        self.omitted: Counter[Omission] = Counter()

    def read(self, rows: Iterator[_Row]) -> None:
        """Read a file.

        Raises:
            ValueError: it is no such file, or most rows are malformed.
        """
        n_rows = n_malformed = 0
        for row in rows:
            n_rows += 1
            omission = row if isinstance(row, Omission) else self._add(row)
            if omission:
                self.omitted[omission] += 1
                n_malformed += omission is Omission.MALFORMED
        if 2 * n_malformed > n_rows:
            raise ValueError(f"{n_malformed:,} of {n_rows:,} rows are malformed")

    def _add(self, row: Played | Mapping[str, object]) -> Omission | None:
        if not isinstance(row, Played):
            return self._mark(row)
        if row.at_s is None or (moment := moment_of(row.at_s)) is None:
            return Omission.UNDATED
        self._plays.add(row.artist, row.title, row.recording_id, moment, 1.0)
        for key in (row.recording_id, row.message_id):
            if key:
                self._tracks.setdefault(key, row)
        return None

    def _mark(self, row: Mapping[str, object]) -> Omission | None:
        score = row.get("score")
        keys = [key for name in ("recording_mbid", "recording_msid") if (key := text(row.get(name)))]
        if not keys or score not in (-1, 1):
            return Omission.MALFORMED
        self._marks.update(dict.fromkeys(keys, 1 if score == 1 else -1))
        return None

    def hearings(self) -> Facts:
        """All facts, without what is marked as hated. Call once, when all files are read."""
        loved, hated = self._marked(1), self._marked(-1)
        self.omitted[Omission.UNKNOWN] += sum(key not in self._tracks for key in self._marks)
        self.omitted[Omission.HATED] += len(hated)
        plays = self._plays.facts().where(lambda one: _key(one.artist_name, one.track_name) not in hated)
        saved = [
            Hearing(Part.SAVED, one.artist, "", one.title, one.recording_id, plays=SAVED_WEIGHT)
            for key, one in loved.items()
            if key not in hated
        ]
        return plays.plus(saved)

    def unbroken(self) -> dict[str, int]:
        """Hours of the longest run, by canonical key, of artists that are played on end."""
        return self._plays.unbroken()

    def _marked(self, score: int) -> dict[str, Played]:
        marked = [
            self._tracks[key] for key, mark in self._marks.items() if mark == score and key in self._tracks
        ]
        return {_key(one.artist, one.title): one for one in marked}


def _key(artist: str, title: str) -> str:
    return track_key(title, artist_key(artist))
