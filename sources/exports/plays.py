"""Plays of one listener, each counted once, summed by track and month."""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import NamedTuple
from zlib import crc32

import numpy as np

from matcher.domain.canonical_keys import artist_key, track_key
from matcher.domain.listening import Hearing, Part

FULL_PLAY_MS = 30_000
"""From here on a play counts as one: Spotify's own rule for a stream."""

SHORT_WEIGHT, SKIPPED_WEIGHT = 0.1, 0.5
"""Weights of a play of less, and of one that was skipped later: chosen, not measured."""

MOST_A_DAY = 20_000
"""Plays of a day, a new one every four seconds: more is not one person's listening."""

MINUTE_S, DAY_S = 60, 86_400

_TRACK = np.uint64(0xFFFFFFFF)  # the bits of an entry that name the track


class Moment(NamedTuple):
    """When a play ended or began in UTC.

    It was within `span_s` seconds (1, 60 or a day) from `second` of the day on.
    """

    day: date
    second: int
    span_s: int


def weight_of(n_ms: float, skipped: bool) -> float:
    """How much a play counts, in [0, 1]."""
    if n_ms < FULL_PLAY_MS:
        return SHORT_WEIGHT if n_ms > 0 else 0.0
    return SKIPPED_WEIGHT if skipped else 1.0


class Plays:
    """Sums of plays.

    One track at one second is one play, whatever number of files hold it. Files that tell the minute or the
    day only are to be added last: what was played in it by a better file is known already.
    """

    def __init__(self) -> None:
        self._tracks: dict[tuple[str, str, str], int] = {}
        self._ids: list[str] = []
        self._hashes: list[int] = []
        # 8 bytes a play, sorted; by day, so that one inserted late moves few others
        self._seen: defaultdict[int, array[int]] = defaultdict(lambda: array("Q"))
        self._sums: defaultdict[tuple[int, int], float] = defaultdict(float)

    def add(self, artist: str, title: str, track_id: str, moment: Moment, weight: float) -> None:
        """Count a play, if it is a new one; at least the id, or artist and title, are known.

        Raises:
            ValueError: it is one more than a day holds.
        """
        track = self._track(artist, title, track_id)
        if self._is_new(self._hashes[track], moment):
            self._sums[track, moment.day.year * 12 + moment.day.month - 1] += weight

    def hearings(self) -> Iterator[Hearing]:
        """One fact per track and month, at its first moment."""
        names = list(self._tracks)
        for (track, month), weight in self._sums.items():
            artist, title, _ = names[track]
            first = datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
            yield Hearing(Part.PLAYS, artist, "", title, self._ids[track], plays=weight, heard_at_utc=first)

    def _track(self, artist: str, title: str, track_id: str) -> int:
        # releases of one recording under several ids are one, the short files have no id at all
        key = (artist, title, "") if artist and title else ("", "", track_id)
        place = self._tracks.setdefault(key, len(self._tracks))
        if place == len(self._ids):
            self._ids.append(track_id)
            self._hashes.append(crc32(track_key(title, artist_key(artist), track_id or title).encode()))
        self._ids[place] = self._ids[place] or track_id
        return place

    def _is_new(self, track: int, moment: Moment) -> bool:
        seen, end = self._seen[moment.day.toordinal()], moment.span_s
        wanted = moment.second << 32 | track
        place = bisect_left(seen, wanted)
        if end == 1:
            if place < len(seen) and seen[place] == wanted:
                return False
        else:
            first, last = (bisect_left(seen, second << 32) for second in (moment.second, moment.second + end))
            # by numpy, as a day that only a hostile file has would take too long in a loop
            if first < last and (np.frombuffer(seen, np.uint64)[first:last] & _TRACK == track).any():
                return False
        if len(seen) >= MOST_A_DAY:
            raise ValueError(f"a day has more than {MOST_A_DAY:,} plays, so it is not one listener's history")
        seen.insert(place, wanted)
        return True
