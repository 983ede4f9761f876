"""Synthetic world: invented scenes, artists and listeners, labelled as synthetic."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from emulator.world.catalogue import Catalogue, Pool, make_catalogue
from emulator.world.ids import base62_id
from emulator.world.music import (
    EPOCH_S,
    TIME_RANGES,
    Episode,
    Item,
    Library,
    Listener,
    LocalFile,
    Playlist,
    Row,
    World,
    rank_artists,
)
from emulator.world.names import NameMaker
from emulator.world.scenes import SCENES

DAY_S = 86_400
EPISODE_ID = base62_id("episode", "synthetic")
LOCAL_FILE_ID = "local:synthetic"
_ODD_ITEMS: dict[str, Item] = {
    EPISODE_ID: Episode(EPISODE_ID, "How a lantern is tuned", "The Synthetic Hour", 1_830_000),
    LOCAL_FILE_ID: LocalFile("Rehearsal, second take", "Somebody's Cousin", "", 201_000),
}
_N_TOP = 99
_N_RECENT = 50
_NICHE_SHARE = 0.1
# noise of each time range's ranking against all plays
_STRAY = dict(zip(TIME_RANGES, (0.9, 0.45, 0.1), strict=True))


def synthetic_world(n_listeners: int = 2000, seed: int = 7, *, n_artists: int = 1200) -> World:
    """Make an invented world; equal arguments give an equal world on every machine.

    Listener number i does not depend on how many others there are. Three special listeners are added:
    ``syn-quiet`` without music, ``syn-solo`` with one song, and ``syn-odd`` with every kind of playlist row.
    Artists have about ten tracks each.

    Raises:
        ValueError: a number is negative, or there are too few artists to fill the scenes.
    """
    if n_listeners < 0 or seed < 0 or n_artists < 3 * len(SCENES):
        raise ValueError(f"need n_listeners >= 0, seed >= 0 and n_artists >= {3 * len(SCENES)}")
    catalogue = make_catalogue(SCENES, n_artists, seed)
    maker = _ListenerMaker(catalogue, seed, n_listeners)
    listeners = [maker.make(number) for number in range(1, n_listeners + 1)]
    listeners += [_quiet(), _solo(catalogue), maker.odd()]
    return World(
        label="synthetic listeners",
        listeners={listener.id: listener for listener in listeners},
        items={**catalogue.tracks, **_ODD_ITEMS},
        artists=catalogue.artists,
        scenes={scene.name: scene for scene in SCENES},
    )


def _listener_id(number: int) -> str:
    return f"syn-{number:04d}"


def _playlist_id(seed: int, number: int, place: int) -> str:
    return base62_id("playlist", seed, number, place)


def _quiet() -> Listener:
    return Listener("syn-quiet", "Quiet Quinn (synthetic, no music yet)", Library())


def _solo(catalogue: Catalogue) -> Listener:
    pool = catalogue.pools[0]
    track_id = str(pool.track_ids[0])
    top = dict.fromkeys(TIME_RANGES, (track_id,))
    artists = dict.fromkeys(TIME_RANGES, (catalogue.tracks[track_id].artists[0].id,))
    row = Row(track_id, EPOCH_S - DAY_S)
    library = Library(
        saved=(row,), recent=(row,), top_track_ids=top, top_artist_ids=artists, plays={track_id: 3}
    )
    return Listener("syn-solo", "Solo Sol (synthetic, one song)", library, (pool.scene.name,), (1.0,))


@dataclass(frozen=True, slots=True)
class _Taste:
    """A listener's pools with weights, largest first."""

    pools: tuple[Pool, ...]
    weights: tuple[float, ...]
    niche: bool


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A listener's tracks, favourites first, with their pool's index and plays."""

    ids: NDArray[np.str_]
    scene_places: NDArray[np.int64]
    plays: NDArray[np.int64]


class _ListenerMaker:
    def __init__(self, catalogue: Catalogue, seed: int, n_listeners: int) -> None:
        self._catalogue, self._seed, self._n_listeners = catalogue, seed, n_listeners

    def make(self, number: int) -> Listener:
        rng = np.random.default_rng([self._seed, 2, number])
        names = NameMaker(rng)
        taste = _draw_taste(self._catalogue.pools, rng)
        library = self._library(number, taste, names, rng)
        return Listener(
            _listener_id(number),
            f"{names.person()} (synthetic)",
            library,
            tuple(pool.scene.name for pool in taste.pools),
            taste.weights,
            taste.niche,
        )

    def odd(self) -> Listener:
        """A listener whose first playlist has a removed item, an episode and a local file."""
        made = self.make(0)
        first, *rest = made.library.playlists
        odd_rows = tuple(Row(item_id, EPOCH_S - 60) for item_id in (None, EPISODE_ID, LOCAL_FILE_ID))
        first = Playlist(first.id, first.name, "syn-odd", (*odd_rows, *first.rows))
        mine = [Playlist(p.id, p.name, "syn-odd", p.rows, p.description, p.public) for p in rest]
        followed = (_playlist_id(self._seed, 1, 0),) if self._n_listeners else ()
        old = made.library
        library = Library(
            (first, *mine), followed, old.saved, old.recent, old.top_track_ids, old.top_artist_ids, old.plays
        )
        name = "Odd Otti (synthetic, every kind of row)"
        return Listener("syn-odd", name, library, made.scenes, made.weights)

    def _library(self, number: int, taste: _Taste, names: NameMaker, rng: np.random.Generator) -> Library:
        chosen = _choose_tracks(taste, int(rng.integers(60, 251)), rng)
        playlists = tuple(
            self._playlist(number, place, taste, chosen, names, rng)
            for place in range(int(rng.integers(3, 13)))
        )
        top = {name: _stray(chosen, stray, rng) for name, stray in _STRAY.items()}
        return Library(
            playlists=playlists,
            followed_ids=self._followed(number, rng),
            saved=_saved(chosen, rng),
            recent=_recent(chosen, rng),
            top_track_ids=top,
            top_artist_ids={name: rank_artists(ids, self._catalogue.tracks) for name, ids in top.items()},
            plays=dict(zip(chosen.ids.tolist(), chosen.plays.tolist(), strict=True)),
        )

    def _followed(self, number: int, rng: np.random.Generator) -> tuple[str, ...]:
        other = int(rng.integers(1, max(self._n_listeners, 1) + 1))
        follows = rng.random() < 0.1 and other not in {number, 0} and self._n_listeners > 1
        return (_playlist_id(self._seed, other, 0),) if follows else ()

    def _playlist(
        self,
        number: int,
        place: int,
        taste: _Taste,
        chosen: _Chosen,
        names: NameMaker,
        rng: np.random.Generator,
    ) -> Playlist:
        scene_place = int(rng.choice(len(taste.pools), p=taste.weights))
        scene = taste.pools[scene_place].scene
        candidates = chosen.ids[chosen.scene_places == scene_place]
        if len(candidates) < 5 or rng.random() < 0.2:
            candidates = chosen.ids
        size = min(len(candidates), int(rng.integers(8, 41)))
        rows = _rows_over_time(candidates[rng.permutation(len(candidates))[:size]].tolist(), rng)
        return Playlist(
            id=_playlist_id(self._seed, number, place),
            name=names.playlist(scene.name, scene.tags),
            owner_id=_listener_id(number),
            rows=_with_odd_row(rows, rng),
            # Others may follow the first playlist, which only its owner fills.
            public=bool(rng.random() < 0.6) or place == 0,
            collaborative=bool(rng.random() < 0.02) and place > 0,
        )


def _draw_taste(pools: tuple[Pool, ...], rng: np.random.Generator) -> _Taste:
    # The further scenes are mostly near the first one in the ring: tastes cluster.
    n_scenes = int(rng.choice([1, 2, 3, 4], p=[0.25, 0.4, 0.25, 0.1]))
    first = int(rng.integers(len(pools)))
    order = dict.fromkeys([first])
    while len(order) < n_scenes:
        near = first + int(rng.integers(-3, 4))
        order[(near if rng.random() < 0.6 else int(rng.integers(len(pools)))) % len(pools)] = None
    weights = np.sort(rng.dirichlet(np.full(n_scenes, 1.5)))[::-1]
    niche = bool(rng.random() < _NICHE_SHARE)
    return _Taste(tuple(pools[place] for place in order), tuple(weights.tolist()), niche)


def _choose_tracks(taste: _Taste, n_tracks: int, rng: np.random.Generator) -> _Chosen:
    """Sample without replacement by Gumbel top-k (Yellott 1977), by personal taste."""
    ids, places, keys = [], [], []
    for place, (pool, weight) in enumerate(zip(taste.pools, taste.weights, strict=True)):
        liking = np.log(rng.gamma(0.4, size=len(pool.log_artist)) + 1e-9)
        popularity = pool.log_artist * (-0.5 if taste.niche else 1.0)
        key = (popularity + liking)[pool.artist_slots] + pool.log_track + rng.gumbel(size=len(pool.track_ids))
        best = np.argsort(-key, kind="stable")[: max(1, round(weight * n_tracks))]
        ids.append(pool.track_ids[best])
        places.append(np.full(len(best), place))
        keys.append(key[best] - key[best[0]] + np.log(weight))
    order = np.argsort(-np.concatenate(keys), kind="stable")
    plays = 1 + rng.poisson(rng.gamma(1.2, 70 / (1 + np.arange(len(order))) ** 0.6))
    return _Chosen(np.concatenate(ids)[order], np.concatenate(places)[order], plays)


def _stray(chosen: _Chosen, stray: float, rng: np.random.Generator) -> tuple[str, ...]:
    keys = np.log(chosen.plays) + rng.normal(0, stray, len(chosen.plays))
    return tuple(chosen.ids[np.argsort(-keys, kind="stable")[:_N_TOP]].tolist())


def _saved(chosen: _Chosen, rng: np.random.Generator) -> tuple[Row, ...]:
    kept = chosen.ids[rng.random(len(chosen.ids)) < 0.45]
    return tuple(reversed(_rows_over_time(kept[rng.permutation(len(kept))].tolist(), rng)))


def _recent(chosen: _Chosen, rng: np.random.Generator) -> tuple[Row, ...]:
    share = chosen.plays / chosen.plays.sum()
    ids = rng.choice(chosen.ids, size=_N_RECENT, p=share).tolist()
    ages = np.cumsum(rng.integers(200, 9_000, size=_N_RECENT)).tolist()
    return tuple(Row(item_id, EPOCH_S - age) for item_id, age in zip(ids, ages, strict=True))


def _rows_over_time(ids: list[str], rng: np.random.Generator) -> list[Row]:
    ages = np.sort(rng.integers(DAY_S, 1_500 * DAY_S, size=len(ids)))[::-1].tolist()
    return [Row(item_id, EPOCH_S - age) for item_id, age in zip(ids, ages, strict=True)]


def _with_odd_row(rows: list[Row], rng: np.random.Generator) -> tuple[Row, ...]:
    odd = {0: None, 1: EPISODE_ID, 2: LOCAL_FILE_ID}
    choice = int(rng.integers(200))
    return (*rows, Row(odd[choice], EPOCH_S - DAY_S)) if choice in odd else tuple(rows)
