"""Artists that are played for hours on end, with nothing else between: nobody listens to a whole night.

Only plays with their times tell it. The limits are chosen so that none of 2,290 artists of four real
listeners is taken for noise; ADR 23 has the figures, and what was tried besides.
"""

import numpy as np
from numpy.typing import NDArray

LONGEST_PAUSE_S = 70 * 60
"""Between two plays of a run; some tracks of noise last an hour."""

LEAST_RUN_S = 6 * 3_600
LEAST_TOGETHER_S = 18 * 3_600
"""Such as three nights, or a machine's day."""

LEAST_SHARE = 0.5
"""Of an artist's plays, in runs of `LEAST_RUN_S` or more."""


class UnbrokenRuns:
    """Finds runs of plays of one artist in plays that come in order of time, piece by piece."""

    def __init__(self, n_artists: int) -> None:
        self._n_plays, self._n_in_runs = np.zeros((2, n_artists), np.int64)
        self._together_s, self._longest_s = np.zeros((2, n_artists), np.int64)
        self._open = (0, 0, -1, 0)  # a run that may go on: first and last second, artist, plays

    def add(self, seconds: NDArray[np.int64], artists: NDArray[np.int64]) -> None:
        """Add the next plays: seconds since any day, ascending, and numbers of their artists."""
        if not len(seconds):
            return
        breaks = (np.diff(artists) != 0) | (np.diff(seconds) > LONGEST_PAUSE_S)
        firsts = np.concatenate([[0], np.flatnonzero(breaks) + 1])
        lasts = np.concatenate([firsts[1:], [len(seconds)]]) - 1
        begins, counts = seconds[firsts], lasts - firsts + 1
        begin, end, artist, n = self._open
        if artist == artists[0] and seconds[0] - end <= LONGEST_PAUSE_S:
            begins[0], counts[0] = begin, counts[0] + n
        else:
            self._close(np.array([[begin], [end], [artist], [n]]))
        runs = np.stack([begins, seconds[lasts], artists[firsts], counts])
        self._open = tuple(runs[:, -1].tolist())
        self._close(runs[:, :-1])

    def _close(self, runs: NDArray[np.int64]) -> None:
        begins, ends, artists, counts = runs[:, runs[2] >= 0]
        np.add.at(self._n_plays, artists, counts)
        lasted_s = ends - begins
        long = lasted_s >= LEAST_RUN_S
        np.add.at(self._n_in_runs, artists[long], counts[long])
        np.add.at(self._together_s, artists[long], lasted_s[long])
        np.maximum.at(self._longest_s, artists[long], lasted_s[long])

    def hours(self) -> dict[int, int]:
        """Full hours of the longest run, of each artist that is noise by its runs. Call last."""
        self._close(np.array(self._open)[:, None])
        self._open = (0, 0, -1, 0)
        found = (self._together_s >= LEAST_TOGETHER_S) & (self._n_in_runs >= LEAST_SHARE * self._n_plays)
        return {int(artist): int(self._longest_s[artist]) // 3_600 for artist in np.flatnonzero(found)}
