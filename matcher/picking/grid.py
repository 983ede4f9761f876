"""Which artists to ask about next: those on which the listeners still in question differ most."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from matcher.picking.artists import Doubles, PickableArtists

SCREEN = 12  # artists on a screen
_PRIOR = 2.0  # listeners that each group is given of the average


@dataclass(frozen=True, eq=False)
class ArtistGrid:
    """Chooses artists by variance, over groups of alike listeners.

    Who picks is like one of the training listeners. Each group of them hears artist a with probability θ,
    independently of the other artists (naive Bayes): w, the probability that the picker belongs to a group,
    follows from what was picked and what was passed over, and p = Σ w θ that they hear a. A pick of a adds
    idf(a) to what tells them from others (`matcher.scoring.overlap`), so that the variance of what it adds is
    idf(a)² p (1 - p): small for artists that nearly nobody hears, and for those that everybody does. Asking
    first where the variance is greatest is the usual way to learn a taste (A. Rashid et al., "Getting to Know
    You: Learning New User Preferences in Recommender Systems", IUI 2002).
    """

    artists: PickableArtists

    def next_screen(self, picked: Sequence[int], seen: Sequence[int], n: int = SCREEN) -> list[int]:
        """At most `n` rows of artists, most telling first, none picked or seen.

        `picked` and `seen` are rows of artists; those that were seen and not picked count as not heard.
        """
        worth = self._worth(self._groups(picked, sorted({*seen} - {*picked})))
        worth[[*picked, *seen]] = 0
        chosen: list[int] = []
        beside = np.ones_like(worth)
        for _ in range(min(n, int(np.count_nonzero(worth)))):
            best = int(np.argmax(worth / beside))
            chosen.append(best)
            worth[best] = 0
            # the n-th artist that the same groups hear is worth 1/n, so that a screen has some for each
            beside += np.maximum(self._profiles[:, best] @ self._profiles, 0)
        return chosen

    def _groups(self, picked: Sequence[int], passed: Sequence[int]) -> Doubles:
        """[n_groups] probability of each group, after Bayes."""
        logs = np.log(self.artists.sizes)
        logs = logs + np.log(self._hearing[:, list(picked)]).sum(axis=1)
        logs = logs + np.log1p(-self._hearing[:, list(passed)]).sum(axis=1)
        found = np.exp(logs - logs.max())
        return np.asarray(found / found.sum())

    def _worth(self, groups: Doubles) -> Doubles:
        """[n_artists] variance of what a pick adds, > 0."""
        heard = groups @ self._hearing
        return np.asarray(self._idf**2 * heard * (1 - heard))

    @cached_property
    def _everywhere(self) -> Doubles:
        """[n_artists] share of listeners, in (0, 1)."""
        return np.asarray((self.artists.counts + 0.5) / (self.artists.n_listeners + 1))

    @cached_property
    def _idf(self) -> Doubles:
        """[n_artists], as in `matcher.scoring.overlap`."""
        return np.log1p((1 - self._everywhere) / self._everywhere)

    @cached_property
    def _hearing(self) -> Doubles:
        """[n_groups, n_artists] θ in (0, 1): the share of a group, drawn to that of all."""
        sizes = self.artists.sizes[:, np.newaxis]
        return np.asarray((self.artists.hearing + _PRIOR * self._everywhere) / (sizes + _PRIOR))

    @cached_property
    def _profiles(self) -> Doubles:
        """[n_groups, n_artists] which groups hear an artist more than others do, columns of unit length."""
        spread = self._hearing - self._everywhere
        return np.asarray(spread / np.maximum(np.linalg.norm(spread, axis=0), 1e-12))
