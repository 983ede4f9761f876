"""Tastes of invented listeners, and the tracks they choose by them."""

from bisect import bisect
from dataclasses import dataclass

import numpy as np

from emulator.world.catalogue import Catalogue, Floats, Places, Pool
from emulator.world.music import SOUND_TASTES

_MORE_SCENES = (0.25, 0.65, 0.9)  # share of listeners with at most one, two and three scenes
_NICHE_SHARE = 0.1
_NICHE_POPULARITY = 0.4  # weight of popularity for niche listeners; 1 for the others
# Log-odds per standard deviation of liking and of sound, for each of `SOUND_TASTES`.
_SOUND_WEIGHTS = np.array([0.4, 0.65, 0.55, 0.55, 0.8])
_MORE_TRACKS, _DEPTH_SHAPE = 0.45, 0.5  # mean of the tracks beyond one of a chosen artist, and gamma shape
# Sizes of libraries in tracks, log-normal: 10, 50 and 90 % are near 15, 40 and 110.
_MEDIAN_SIZE, _LOG_SPREAD, _LEAST_SIZE, _MOST_SIZE = 40, 0.8, 12, 500


@dataclass(frozen=True, slots=True)
class Taste:
    """A listener's pools with weights, largest first, and liking of `SOUND_TASTES`."""

    pools: tuple[Pool, ...]
    weights: tuple[float, ...]
    niche: bool
    sound: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A listener's tracks by place in the catalogue, favourites first, with their pool's index and plays."""

    tracks: Places
    scene_places: Places
    plays: Places


def draw_taste(catalogue: Catalogue, rng: np.random.Generator) -> Taste:
    """Draw one to four scenes; the further ones are mostly near the first one in the ring."""
    pools = catalogue.pools
    n_scenes = 1 + bisect(_MORE_SCENES, rng.random())
    first = int(np.searchsorted(np.cumsum(catalogue.shares[:-1]), rng.random()))
    order = dict.fromkeys([first])
    while len(order) < n_scenes:
        near = first + int(rng.integers(-3, 4))
        order[(near if rng.random() < 0.6 else int(rng.integers(len(pools)))) % len(pools)] = None
    weights = np.sort(rng.dirichlet(np.full(n_scenes, 1.5)))[::-1]
    niche = bool(rng.random() < _NICHE_SHARE)
    sound = rng.normal(size=len(SOUND_TASTES))
    return Taste(tuple(pools[place] for place in order), (*weights.tolist(),), niche, (*sound.tolist(),))


def choose_tracks(taste: Taste, rng: np.random.Generator) -> Chosen:
    """Sample artists without replacement, and tracks of each, by personal taste."""
    size = np.clip(_MEDIAN_SIZE * np.exp(rng.normal(0, _LOG_SPREAD)), _LEAST_SIZE, _MOST_SIZE)
    tracks, places, keys = [], [], []
    for place, (pool, weight) in enumerate(zip(taste.pools, taste.weights, strict=True)):
        chosen, utility = _choose_of_scene(taste, pool, max(1, round(weight * float(size))), rng)
        tracks.append(pool.first_track + chosen)
        places.append(np.full(len(chosen), place))
        keys.append(utility - utility.max() + np.log(weight) + rng.gumbel(size=len(chosen)))
    order = np.argsort(-np.concatenate(keys), kind="stable")
    plays = 1 + rng.poisson(rng.gamma(1.2, 70 / (1 + np.arange(len(order))) ** 0.8))
    return Chosen(np.concatenate(tracks)[order], np.concatenate(places)[order], plays)


def _choose_of_scene(
    taste: Taste, pool: Pool, n_tracks: int, rng: np.random.Generator
) -> tuple[Places, Floats]:
    """Places of the chosen tracks in the pool, and how much their artists are liked."""
    utility = _artist_utility(taste, pool, rng)
    order = _largest(utility, n_tracks)
    counts = 1 + rng.poisson(rng.gamma(_DEPTH_SHAPE, _MORE_TRACKS / _DEPTH_SHAPE, len(order)))
    counts = np.minimum(np.minimum(counts, max(1, n_tracks // 5)), pool.sizes[order])  # five artists or more
    if counts.sum() < n_tracks:  # a small scene: more tracks of each artist
        counts = np.minimum(np.ceil(counts * n_tracks / counts.sum()).astype(int), pool.sizes[order])
    n_artists = int(np.searchsorted(np.cumsum(counts), n_tracks)) + 1
    order, counts = order[:n_artists], counts[:n_artists]
    best = _best_tracks(taste, pool, order, counts, rng)[:n_tracks]
    return best, np.repeat(utility[order], counts)[:n_tracks]


def _artist_utility(taste: Taste, pool: Pool, rng: np.random.Generator) -> Floats:
    # The logistic is the difference of two Gumbels. One is for sampling without replacement (Gumbel top-k,
    # Yellott 1977), the other is the log of a liking drawn from the exponential distribution.
    popularity = pool.log_artist * (_NICHE_POPULARITY if taste.niche else 1.0)
    sound = pool.artist_sound @ (_SOUND_WEIGHTS * taste.sound)
    utility: Floats = popularity + sound + rng.logistic(size=len(popularity))
    return utility


def _largest(keys: Floats, n: int) -> Places:
    """Places of the n largest keys, largest first."""
    best = np.argpartition(-keys, n)[:n] if n < len(keys) else np.arange(len(keys))
    return best[np.argsort(-keys[best], kind="stable")]


def _best_tracks(
    taste: Taste, pool: Pool, artists: Places, counts: Places, rng: np.random.Generator
) -> Places:
    """The tracks liked best of each artist, artist by artist."""
    sizes = pool.sizes[artists]
    slots = np.repeat(np.arange(len(artists)), sizes)
    numbers = np.arange(len(slots)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    tracks = pool.starts[artists][slots] + numbers
    sound = pool.track_sound[tracks] @ (_SOUND_WEIGHTS * taste.sound)
    keys = pool.log_track[tracks] + sound + rng.gumbel(size=len(tracks))
    order = np.lexsort((-keys, slots))  # `numbers` count the tracks of each artist in this order, too
    return tracks[order][numbers < counts[slots]]
