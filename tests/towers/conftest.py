"""A small world of communities, and towers trained on it once for all tests of this room."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.profile import ListenerProfile
from matcher.domain.vectors import TowerVectors
from towers.config import TowerConfig
from towers.features.feature_maker import FeatureBatch
from towers.features.pooling import pool_features
from towers.training.train_towers import TrainedTowers, train_towers

N_COMMUNITIES = 8
ARTISTS_EACH = 12
TRACKS_EACH = 5


@dataclass(frozen=True)
class World:
    """Listeners of eight communities, each with artists, tags and a sound of its own; a fifth strays."""

    listenings: tuple[Listening, ...]
    community_of: dict[str, int]
    artist_tags: dict[str, dict[str, float]]
    attributes: dict[str, AudioAttributes]

    def profile(self, listening: Listening) -> ListenerProfile:
        known = {
            key: self.attributes[key] for key in build_profile(listening).tracks if key in self.attributes
        }
        return build_profile(listening, known)

    def halves(self, listening: Listening, seed: int = 0) -> tuple[ListenerProfile, ListenerProfile]:
        """Two halves without a common track."""
        order = np.random.default_rng(seed).permutation(len(listening.hearings))
        middle = len(order) // 2
        return tuple(self._part(listening, part) for part in (order[:middle], order[middle:]))

    def _part(self, listening: Listening, places: Sequence[int]) -> ListenerProfile:
        hearings = tuple(listening.hearings[place] for place in places)
        return self.profile(
            Listening(listening.listener_id, listening.source, hearings, listening.artist_tags)
        )


def make_world(n_listeners: int = 400, seed: int = 0) -> World:
    rng = np.random.default_rng(seed)
    tags = {
        f"artist {community} {place}": {
            f"tag {community}": 3.0,
            f"tag {(community + 1) % N_COMMUNITIES}": 1.0,
        }
        for community in range(N_COMMUNITIES)
        for place in range(ARTISTS_EACH)
    }
    attributes = {
        f"artist {community} {place}|song {song}": AudioAttributes(
            {
                "energy": float(np.clip(rng.normal((community + 0.5) / N_COMMUNITIES, 0.05), 0, 1)),
                "tempo": 120.0,
            }
        )
        for community in range(N_COMMUNITIES)
        for place in range(ARTISTS_EACH)
        for song in range(TRACKS_EACH)
    }
    listenings, community_of = [], {}
    for number in range(n_listeners):
        listener_id, community = f"listener-{number}", number % N_COMMUNITIES
        community_of[listener_id] = community
        listenings.append(
            Listening(listener_id, Source.SYNTHETIC, tuple(_hearings(rng, community)), artist_tags=tags)
        )
    return World(tuple(listenings), community_of, tags, attributes)


def _hearings(rng: np.random.Generator, community: int) -> list[Hearing]:
    mine = rng.choice(ARTISTS_EACH, 5, replace=False)
    found = {}
    for _ in range(24):
        stray = rng.random() < 0.2
        where = int(rng.integers(N_COMMUNITIES)) if stray else community
        artist = int(rng.integers(ARTISTS_EACH)) if stray else int(rng.choice(mine))
        song, playlist = int(rng.integers(TRACKS_EACH)), int(rng.integers(3))
        found[where, artist, song] = Hearing(
            Part.PLAYLISTS,
            artist_name=f"Artist {where} {artist}",
            track_name=f"Song {song}",
            facet_id=f"p{playlist}",
            facet_name=f"Mood {community}" if playlist else "Everything",
            plays=float(rng.integers(1, 20)),
            release_year=1960 + 10 * where // 2,
        )
    return list(found.values())


TINY = TowerConfig(
    dim=16,
    table_dim=16,
    epochs=6,
    batch_size=128,
    learning_rate=1e-2,
    n_buckets=64,
    bag_width=64,
    holdout_share=0.1,
)


def embed_with_tensorflow(trained: TrainedTowers, features: FeatureBatch) -> TowerVectors:
    """Vectors of the exported towers in TensorFlow, without LiteRT."""
    pooled = pool_features(trained.artefact.items, features, trained.artefact.config.ridge)
    vectors = trained.serving.embed(pooled, features.audio)
    return TowerVectors(vectors["user"].numpy(), vectors["candidate"].numpy())


@pytest.fixture(scope="session")
def tiny_config() -> TowerConfig:
    return TINY


@pytest.fixture(scope="session")
def world() -> World:
    return make_world()


@pytest.fixture(scope="session")
def held_out(world: World) -> tuple[Listening, ...]:
    """Listeners the towers have never seen."""
    return world.listenings[300:]


@pytest.fixture(scope="session")
def profiles(world: World) -> list[ListenerProfile]:
    """The training listeners."""
    return [world.profile(one) for one in world.listenings[:300]]


@pytest.fixture(scope="session")
def retrain(world: World, profiles: list[ListenerProfile]) -> Callable[[TowerConfig], TrainedTowers]:
    """Trains on the world's training listeners."""

    def run(config: TowerConfig) -> TrainedTowers:
        return train_towers(profiles, config, artist_tags=world.artist_tags, attributes=world.attributes)

    return run


@pytest.fixture(scope="session")
def trained(retrain: Callable[[TowerConfig], TrainedTowers]) -> TrainedTowers:
    return retrain(TINY)
