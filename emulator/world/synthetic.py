"""Synthetic world: invented scenes, artists and listeners, labelled as synthetic."""

from dataclasses import dataclass, replace

import numpy as np

from emulator.world.catalogue import Catalogue, make_catalogue
from emulator.world.ids import base62_id
from emulator.world.libraries import DAY_S, LibraryMaker, playlist_id
from emulator.world.music import (
    EPOCH_S,
    TIME_RANGES,
    Episode,
    Item,
    Library,
    Listener,
    LocalFile,
    Row,
    Scene,
    World,
)
from emulator.world.names import NameMaker
from emulator.world.recordings import Recordings, make_recordings
from emulator.world.scenes import SCENES
from emulator.world.tastes import Chosen, Taste, choose_tracks, draw_taste
from sources.collector import collector_paused

EPISODE_ID = base62_id("episode", "synthetic")
LOCAL_FILE_ID = "local:synthetic"
_ODD_ITEMS: dict[str, Item] = {
    EPISODE_ID: Episode(EPISODE_ID, "How a lantern is tuned", "The Synthetic Hour", 1_830_000),
    LOCAL_FILE_ID: LocalFile("Rehearsal, second take", "Somebody's Cousin", "", 201_000),
}
_ODD_IDS = (None, EPISODE_ID, LOCAL_FILE_ID)
# So that half as many are heard, as in real tables; and at least as many as fill the scenes.
_ARTISTS_EACH, _LEAST_ARTISTS = 24, 1200
_HEADS = (20, 8)  # so many artists of each scene, with so many tracks, are in the world, heard or not


def synthetic_world(n_listeners: int = 2000, seed: int = 7, *, n_artists: int | None = None) -> World:
    """Make an invented world; equal arguments give an equal world on every machine.

    Its statistics are near those of real tables (docs/results/world.md). Artists and tracks that nobody hears
    are left out, but for the most popular. With `n_artists` given, listener number i does not depend on how
    many others there are; by default there are 24 artists per listener, and at least 1,200.

    Three special listeners are added: ``syn-quiet`` without music, ``syn-solo`` with one song, and
    ``syn-odd`` with every kind of playlist row.

    Raises:
        ValueError: a number is negative, or there are too few artists to fill the scenes.
    """
    n_artists = max(_ARTISTS_EACH * n_listeners, _LEAST_ARTISTS) if n_artists is None else n_artists
    if n_listeners < 0 or seed < 0 or n_artists < 3 * len(SCENES):
        raise ValueError(f"need n_listeners >= 0, seed >= 0 and n_artists >= {3 * len(SCENES)}")
    with collector_paused():
        return _world(n_listeners, seed, n_artists)


def _world(n_listeners: int, seed: int, n_artists: int) -> World:
    catalogue = make_catalogue(SCENES, n_artists, seed)
    tastes = [_Drawn.of(catalogue, seed, number) for number in range(n_listeners + 1)]
    heard = np.concatenate([drawn.chosen.tracks for drawn in tastes] + [catalogue.heads(*_HEADS)])
    recordings = make_recordings(catalogue, heard, seed)
    maker = LibraryMaker(seed, n_listeners, recordings, _ODD_IDS)
    odd, *listeners = [drawn.listener(maker) for drawn in tastes]
    listeners += [_quiet(), _solo(recordings, SCENES[0]), _odd(odd, n_listeners, seed)]
    return World(
        label="synthetic listeners",
        listeners={listener.id: listener for listener in listeners},
        items={**recordings.tracks, **_ODD_ITEMS},
        artists=recordings.artists,
        scenes={scene.name: scene for scene in SCENES},
    )


def _quiet() -> Listener:
    return Listener("syn-quiet", "Quiet Quinn (synthetic, no music yet)", Library())


def _solo(recordings: Recordings, scene: Scene) -> Listener:
    track = next(iter(recordings.tracks.values()))
    top = dict.fromkeys(TIME_RANGES, (track.id,))
    artists = dict.fromkeys(TIME_RANGES, (track.artists[0].id,))
    row = Row(track.id, EPOCH_S - DAY_S)
    library = Library(
        saved=(row,), recent=(row,), top_track_ids=top, top_artist_ids=artists, plays={track.id: 3}
    )
    return Listener("syn-solo", "Solo Sol (synthetic, one song)", library, (scene.name,), (1.0,))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A listener's number, name, taste and tracks, with the generator that drew them."""

    number: int
    name: str
    taste: Taste
    chosen: Chosen
    rng: np.random.Generator

    @classmethod
    def of(cls, catalogue: Catalogue, seed: int, number: int) -> "_Drawn":
        rng = np.random.default_rng([seed, 2, number])
        name, taste = NameMaker(rng).person(), draw_taste(catalogue, rng)
        return cls(number, name, taste, choose_tracks(taste, rng), rng)

    def listener(self, maker: LibraryMaker) -> Listener:
        key, taste = f"syn-{self.number:04d}", self.taste
        library = maker.make(self.number, key, taste, self.chosen, self.rng)
        scenes = tuple(pool.scene.name for pool in taste.pools)
        name = f"{self.name} (synthetic)"
        return Listener(key, name, library, scenes, taste.weights, taste.niche, taste.sound)


def _odd(made: Listener, n_listeners: int, seed: int) -> Listener:
    """A listener whose first playlist has a removed item, an episode and a local file."""
    key = "syn-odd"
    mine = [replace(playlist, owner_id=key) for playlist in made.library.playlists]
    mine[0] = replace(mine[0], rows=(*(Row(item_id, EPOCH_S - 60) for item_id in _ODD_IDS), *mine[0].rows))
    followed = (playlist_id(seed, 1, 0),) if n_listeners else ()
    library = replace(made.library, playlists=(*mine,), followed_ids=followed)
    return replace(made, id=key, name="Odd Otti (synthetic, every kind of row)", library=library)
