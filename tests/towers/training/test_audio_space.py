"""Learning the audio space, on tracks whose means say nothing."""

import numpy as np
import pytest

from matcher.domain.audio import AudioAttributes
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.scoring.audio_similarity import audio_similarity, measure_scale
from towers.config import TowerConfig
from towers.features.vocabulary import Field, build_vocabulary
from towers.serving.bundle import pipeline_of
from towers.training.audio_space import learn_audio_space
from towers.training.splits import ItemMetadata
from towers.training.train_model import train_bundle

N_LISTENERS, N_TRACKS = 16, 25


def make_listener(number, first_track, rng):
    """Of even listeners happy tracks are loud, of odd ones calm; all have the same mean and spread."""
    sign = 1 if number % 2 == 0 else -1
    values, hearings = {}, []
    for track in range(first_track, first_track + N_TRACKS):
        energy = rng.normal(0.0, 0.15)
        key = f"artist {number}|song {track}"
        values[key] = AudioAttributes(
            {
                name: float(np.clip(0.5 + one, 0, 1))
                for name, one in (("energy", energy), ("valence", sign * energy))
            }
        )
        hearings.append(Hearing(Part.PLAYS, f"Artist {number}", track_name=f"Song {track}"))
    return build_profile(Listening(f"l{number}", Source.SYNTHETIC, tuple(hearings)), values), values


@pytest.fixture(scope="module")
def world():
    rng = np.random.default_rng(0)
    made = [make_listener(number, 0, rng) for number in range(N_LISTENERS)]
    attributes = {key: one for _, values in made for key, one in values.items()}
    return [profile for profile, _ in made], attributes


@pytest.fixture(scope="module")
def vocabulary(world):
    return build_vocabulary(world[0], TowerConfig(n_buckets=8))


@pytest.fixture(scope="module")
def table(vocabulary):
    """Artists of one sort lie near each other."""
    rng = np.random.default_rng(1)
    rows = rng.normal(0.0, 0.2, (vocabulary.n_tokens, 6)).astype(np.float32)
    for number in range(N_LISTENERS):
        rows[vocabulary.token(Field.ARTIST, f"artist {number}"), number % 2] += 1.0
    return rows


def learned(world, vocabulary, table, dim=1):
    return learn_audio_space(*world, vocabulary, table, dim)


def apart(rows, sides):
    """Mean similarity within a side less that across."""
    scores = np.array([audio_similarity(row, rows) for row in rows])
    same = np.equal.outer(sides, sides)
    return scores[same].mean() - scores[~same].mean()


def test_listeners_nobody_has_heard_lie_by_how_attributes_go_together(world, vocabulary, table):
    rng = np.random.default_rng(2)
    unknown = [make_listener(number, 1_000, rng)[0] for number in range(100, 120)]
    sides = np.arange(20) % 2
    space = learned(world, vocabulary, table)
    encoded = np.array([space.encode(one.audio) for one in unknown])
    scale = measure_scale([one.audio for one in world[0]])
    summarised = np.array([scale.standardise(one.audio) for one in unknown])
    assert apart(encoded, sides) > 0.5
    assert abs(apart(summarised, sides)) < 0.1


def test_the_same_data_give_the_same_space(world, vocabulary, table):
    one, again = (learned(world, vocabulary, table, dim=8) for _ in range(2))
    assert one.projection.shape[1] == 8
    np.testing.assert_array_equal(one.projection, again.projection)
    np.testing.assert_array_equal(one.centre, again.centre)


def test_too_few_tracks_or_no_dimensions_give_no_space(world, vocabulary, table):
    profiles, attributes = world
    assert learn_audio_space(profiles[:4], attributes, vocabulary, table, 8) is None
    assert learn_audio_space(profiles, {}, vocabulary, table, 8) is None
    assert learn_audio_space(profiles, attributes, vocabulary, table, 0) is None


def test_items_that_are_all_alike_do_not_stop_it(world, vocabulary):
    same = np.ones((vocabulary.n_tokens, 6), np.float32)
    space = learn_audio_space(*world, vocabulary, same, 4)
    assert np.isfinite(space.projection).all()


@pytest.mark.parametrize(("audio_dim", "refit_below"), [(3, 0), (3, 100), (0, 100)])
def test_a_trained_model_has_the_space_that_the_configuration_wants(world, audio_dim, refit_below):
    profiles, attributes = world
    config = TowerConfig(
        dim=8,
        table_dim=8,
        epochs=1,
        min_steps=1,
        n_buckets=8,
        ridge=1.0,
        audio_dim=audio_dim,
        refit_below=refit_below,
    )
    space = pipeline_of(train_bundle(profiles, config, ItemMetadata({}, attributes))).ranker.space
    assert (space.projection.shape[1] if space else 0) == audio_dim
