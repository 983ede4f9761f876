"""Plays of one listener, each counted once, summed by track and month."""

from array import array
from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matcher.domain.canonical_keys import artist_key, track_key
from matcher.domain.listening import FIRST_MONTH, LAST_MONTH, Facts, TrackNames
from matcher.domain.noise.unbroken import UnbrokenRuns

FULL_PLAY_MS = 30_000
"""From here on a play counts as one: Spotify's own rule for a stream."""

SHORT_WEIGHT, SKIPPED_WEIGHT = 0.1, 0.5
"""Weights of a play of less, and of one that was skipped later: chosen, not measured."""

MOST_A_DAY = 20_000
"""Plays of a day, a new one every four seconds: more is not one person's listening."""

MINUTE_S, DAY_S = 60, 86_400

# A play is 8 bytes: when it was, which track, and which of the weights it has.
_TRACK_BITS, _WEIGHT_BITS = 21, 10
_TIME_SHIFT = _TRACK_BITS + _WEIGHT_BITS
_MOST_TRACKS, _MOST_WEIGHTS = 1 << _TRACK_BITS, 1 << _WEIGHT_BITS
_CODES = _MOST_WEIGHTS - 1
_PIECE = 1 << 16

_Ints = NDArray[np.int64]

_MONTH_STARTS = (
    np.arange(LAST_MONTH - FIRST_MONTH + 1).astype("datetime64[M]").astype("datetime64[s]").astype(np.int64)
    << _TIME_SHIFT
)


class Moment(NamedTuple):
    """When a play ended or began: within `span_s` seconds (1, 60 or a day) from `at_s` on, in unix time."""

    at_s: int
    span_s: int


def weight_of(n_ms: float, skipped: bool) -> float:
    """How much a play counts, in [0, 1]."""
    if n_ms < FULL_PLAY_MS:
        return SHORT_WEIGHT if n_ms > 0 else 0.0
    return SKIPPED_WEIGHT if skipped else 1.0


class Plays:
    """Sums of plays.

    One recording at one second is one play, whatever number of files hold it, and under whatever names. A
    play that is known to the minute or the day only is none if the recording was played in it by what is
    known better.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[str, str, str], int] = {}  # of the tracks, by names as written
        self._tracks: list[TrackNames] = []
        self._recordings: list[int] = []  # of the tracks
        self._by_key: dict[str, int] = {}  # recordings
        self._codes: dict[float, int] = {}  # by weight
        self._plays = {span_s: array("q") for span_s in (1, MINUTE_S, DAY_S)}
        self._n_a_day: dict[int, int] = {}  # at most so many, as some may be there twice
        self._crowded: dict[int, set[tuple[int, int, int]]] = {}  # days with so many that each one is known

    def add(self, artist: str, title: str, track_id: str, moment: Moment, weight: float) -> None:
        """Count a play, if it is a new one; at least the id, or artist and title, are known.

        Raises:
            ValueError: it is one more than a day holds, or no listener has so many tracks.
        """
        at_s, span_s = moment
        # releases of one recording under several ids are one, the short files have no id at all
        key = (artist, title, "") if artist and title else ("", "", track_id)
        place = self._places.get(key)
        if place is None:
            place = self._place_of(key, TrackNames(artist, title, track_id))
        elif track_id and not self._tracks[place].track_id:
            self._tracks[place] = self._tracks[place]._replace(track_id=track_id)
        day = at_s // DAY_S
        n_before = self._n_a_day.get(day, 0)
        if n_before >= MOST_A_DAY and not self._is_new(day, moment, place):
            return
        code = self._codes.get(weight)
        if code is None:
            code = self._code_of(weight)
        self._n_a_day[day] = n_before + 1
        self._plays[span_s].append(at_s << _TIME_SHIFT | place << _WEIGHT_BITS | code)

    def facts(self) -> Facts:
        """One fact per track and month, by track."""
        self._settle()
        weights = np.array([*self._codes])
        found: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]] = []
        for month, plays in self._by_month(self._plays):
            some, order = np.unique(_place(plays), return_inverse=True)
            strengths = np.bincount(order, weights[plays & _CODES]).astype(np.float64)
            numbers = np.full(len(some), month, np.int32)
            found.append((some.astype(np.int32), numbers, strengths))
        if not found:
            return Facts()
        # one column after the other, as there may be millions of facts
        places = np.concatenate([one for one, _, _ in found])
        by_track = np.argsort(places, kind="stable")
        months = np.concatenate([one for _, one, _ in found])[by_track]
        sums = np.concatenate([one for _, _, one in found])[by_track]
        return Facts(tuple(self._tracks), places[by_track], months, sums)

    def unbroken(self) -> dict[str, int]:
        """Hours of the longest run, by canonical key, of artists that are played on end."""
        self._settle()
        keys = [artist_key(names.artist) for names in self._tracks]
        numbers = {key: n for n, key in enumerate(dict.fromkeys(keys))}
        artists = np.array([numbers[key] for key in keys], np.int64)
        runs = UnbrokenRuns(len(numbers))
        # of what is known to the day, nobody knows the order
        for _, month in self._by_month((1, MINUTE_S)):
            plays = np.sort(month)
            runs.add(plays >> _TIME_SHIFT, artists[_place(plays)])
        names = list(numbers)
        return {names[artist]: hours for artist, hours in runs.hours().items() if names[artist]}

    def _by_month(self, spans_s: Iterable[int]) -> Iterator[tuple[int, _Ints]]:
        """Number of each month with plays, and the plays, those of one span after those of another."""
        every = [_view(self._plays[span_s]) for span_s in spans_s]
        cuts = [np.searchsorted(one, _MONTH_STARTS) for one in every]
        for month in np.flatnonzero(sum(map(np.diff, cuts))).tolist():
            pieces = [one[cut[month] : cut[month + 1]] for one, cut in zip(every, cuts, strict=True)]
            yield FIRST_MONTH + month, np.concatenate(pieces)

    def _place_of(self, key: tuple[str, str, str], names: TrackNames) -> int:
        name = track_key(names.title, artist_key(names.artist), names.track_id or names.title)
        place = len(self._tracks)
        if place >= _MOST_TRACKS:
            raise ValueError("it holds more tracks than any listener's history")
        self._places[key] = place
        self._tracks.append(names)
        self._recordings.append(self._by_key.setdefault(name, len(self._by_key)))
        return place

    def _code_of(self, weight: float) -> int:
        code = len(self._codes)
        if code >= _MOST_WEIGHTS:
            raise ValueError("it counts plays in more ways than any listener's history")
        self._codes[weight] = code
        return code

    def _is_new(self, day: int, moment: Moment, place: int) -> bool:
        """Whether a play on a day that may be full is not there yet.

        Each is looked up by a hash: a day may be made hostile, and sorting at each would take minutes.

        Raises:
            ValueError: the day is full.
        """
        known = self._crowded.get(day)
        if known is None:
            known = self._crowded[day] = set(self._of_day(day))
        mine = (moment.at_s, moment.span_s, self._recordings[place])
        if mine in known:
            return False
        if len(known) >= MOST_A_DAY:
            raise ValueError(f"a day has more than {MOST_A_DAY:,} plays, so it is not one listener's history")
        known.add(mine)
        return True

    def _of_day(self, day: int) -> Iterator[tuple[int, int, int]]:
        for span_s, every in self._plays.items():
            plays = _view(every)
            plays = plays[plays >> _TIME_SHIFT >= day * DAY_S]
            plays = plays[plays >> _TIME_SHIFT < (day + 1) * DAY_S]
            recordings = (self._recordings[place] for place in _place(plays).tolist())
            yield from zip((plays >> _TIME_SHIFT).tolist(), repeat(span_s), recordings, strict=False)

    def _settle(self) -> None:
        """Sort, and drop what is there twice; in place, as there may be millions."""
        new_places, new_codes = self._by_recording(), self._by_weight()
        recordings = np.array(self._recordings, np.int64)
        better: list[_Ints] = []
        for span_s, plays in self._plays.items():
            _renumber(_view(plays), new_places, new_codes)
            _view(plays).sort()
            kept = _firsts(_view(plays), recordings)
            for known in better if len(plays) else ():
                known_then = _floored(_of_recordings(known, recordings), span_s)
                kept &= ~np.isin(_of_recordings(_view(plays), recordings), known_then)
            if not kept.all():
                self._plays[span_s] = array("q", _view(plays)[kept].tobytes())
            better.append(_view(self._plays[span_s]))

    def _by_recording(self) -> _Ints:
        """Number the tracks by their recordings, so that one's plays at one time are neighbours."""
        order = np.argsort(np.array(self._recordings, np.int64), kind="stable")
        new = np.argsort(order)
        if not (order == np.arange(len(order))).all():
            self._tracks = [self._tracks[place] for place in order]
            self._recordings = [self._recordings[place] for place in order]
            self._places = {key: int(new[place]) for key, place in self._places.items()}
        return new

    def _by_weight(self) -> _Ints:
        """Number the weights by their size, the largest first."""
        new = np.argsort(np.argsort([-weight for weight in self._codes]))
        self._codes = {weight: code for code, weight in enumerate(sorted(self._codes, reverse=True))}
        return new


def _view(plays: "array[int]") -> _Ints:
    return np.frombuffer(plays, np.int64) if plays else np.zeros(0, np.int64)


def _place(plays: _Ints) -> _Ints:
    return plays >> _WEIGHT_BITS & (_MOST_TRACKS - 1)


def _renumber(plays: _Ints, places: _Ints, codes: _Ints) -> None:
    """Give tracks and weights their new numbers."""
    if all((new == np.arange(len(new))).all() for new in (places, codes)):
        return
    for start in range(0, len(plays), _PIECE):
        piece = plays[start : start + _PIECE]
        when = piece >> _TIME_SHIFT << _TIME_SHIFT
        piece[:] = when | places[_place(piece)] << _WEIGHT_BITS | codes[piece & _CODES]


def _firsts(plays: _Ints, recordings: _Ints) -> NDArray[np.bool_]:
    """Of each recording at one time the first: by its first name, and with the weight that counts most."""
    kept = np.ones(len(plays), bool)
    for start in range(1, len(plays), _PIECE):
        found = _of_recordings(plays[start - 1 : start + _PIECE], recordings)
        kept[start : start + _PIECE] = found[1:] != found[:-1]
    return kept


def _of_recordings(plays: _Ints, recordings: _Ints) -> _Ints:
    """When which recording was played, sorted as `plays` are."""
    return plays >> _TIME_SHIFT << _TIME_SHIFT | recordings[_place(plays)] << _WEIGHT_BITS


def _floored(found: _Ints, span_s: int) -> _Ints:
    """With the start of the minute or the day."""
    at_s = found >> _TIME_SHIFT
    return found - (at_s % span_s << _TIME_SHIFT)
