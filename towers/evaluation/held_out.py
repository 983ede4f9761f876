"""Held-out listeners: those who are tested, and those on whom the rivals are tuned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.domain.profile import ListenerProfile
from towers.evaluation.protocols import friend_figures, friendships, same_person
from towers.evaluation.rivals.bags import Profiles
from towers.evaluation.rivals.tuning import System, Task
from towers.training.splits import ItemMetadata, SplitHalves, playlists_of, split_halves

MAX_TESTED = 2_000
TESTED_SHARE = 0.3
MIN_MULTI = 100
"""Fewest listeners of several playlists for halves by playlist (P2, else P1)."""
MIN_TESTED = 2
MAX_TUNED = 600
TUNED_SHARE = 1 / 3
HALVES, FRIENDS = "halves", "friends"
"""Tasks of tuning: for P1, P2, P4 and P5; for P3."""


def split(
    profiles: Sequence[ListenerProfile], seed: int
) -> tuple[list[ListenerProfile], list[ListenerProfile], bool]:
    """Training listeners, test listeners, and whether halves are split by playlist.

    Half of the listeners with two or more playlists are tested, if there are enough of them; otherwise 30 %
    of those with six or more items, at most 2,000.
    """
    several = _testable(profiles, by_playlist=True)
    by_playlist = len(several) >= MIN_MULTI
    if by_playlist:
        return *_draw(profiles, several, len(several) // 2, seed), by_playlist
    n = min(MAX_TESTED, int(len(profiles) * TESTED_SHARE))
    return *_draw(profiles, _testable(profiles, by_playlist=False), n, seed), by_playlist


def _testable(profiles: Profiles, *, by_playlist: bool) -> list[int]:
    if by_playlist:
        return [row for row, profile in enumerate(profiles) if len(playlists_of(profile)) >= 2]
    return [
        row for row, profile in enumerate(profiles) if max(len(profile.tracks), len(profile.artists)) >= 6
    ]


def _draw(
    profiles: Profiles, rows: list[int], n: int, seed: int
) -> tuple[list[ListenerProfile], list[ListenerProfile]]:
    """The others, and `n` listeners drawn from some rows."""
    chosen = set(np.random.default_rng(seed).permutation(rows)[:n].tolist())
    others = [profile for row, profile in enumerate(profiles) if row not in chosen]
    return others, [profiles[row] for row in sorted(chosen)]


def halves_of(
    tested: Profiles, rng: np.random.Generator, metadata: ItemMetadata, *, by_playlist: bool
) -> list[SplitHalves]:
    """Halves of those listeners who have enough for two."""
    drawn = [split_halves(profile, rng, metadata, by_playlist=by_playlist) for profile in tested]
    return [halves for halves in drawn if halves is not None]


@dataclass(frozen=True, slots=True)
class TuningSplit:
    """Training listeners to fit the rivals on; the tasks of those left out of them, and their halves."""

    fitted_on: Profiles
    tasks: Mapping[str, Task]
    halves: Sequence[SplitHalves]


def tuning_split(
    known: Profiles,
    metadata: ItemMetadata,
    friends: Sequence[tuple[str, str]],
    seed: int,
    *,
    by_playlist: bool,
) -> TuningSplit:
    """Leave out a third of the training listeners, at most 600, split as the test listeners are.

    On them a system has to find halves by MRR, as in P1 or P2, and friends by R@20, as in P3, if there are
    any: halves without a common item would not say how much overlap counts among friends.
    """
    n = min(MAX_TUNED, int(len(known) * TUNED_SHARE))
    fitted_on, left_out = _draw(known, _testable(known, by_playlist=by_playlist), n, seed)
    pairs = halves_of(left_out, np.random.default_rng(seed), metadata, by_playlist=by_playlist)
    first, second = [half for half, _ in pairs], [half for _, half in pairs]
    among = friendships(friends, [profile.listener_id for profile in left_out])

    def find_halves(system: System) -> float:
        return same_person(system(first, second))["mrr"]

    def find_friends(system: System) -> float:
        return friend_figures(system(left_out, left_out), among)["r@20"]

    tasks = {HALVES: find_halves, **({FRIENDS: find_friends} if friends else {})}
    return TuningSplit(fitted_on, tasks, pairs)
