import zlib
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from matcher.domain.calibration import Calibration
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.vectors import TowerVectors
from matcher.errors import UntrainableSource
from matcher.pipeline import Pipeline
from matcher.scoring.components import COMPONENTS, TAGS_SHARE, components
from matcher.scoring.ranker import Ranker
from towers.training import train_model
from towers.training.ranker import fit_weights, landmarks_by_size, learn_ranker, measure_chance
from towers.training.splits import ItemMetadata, split_halves
from towers.training.train_model import hold_out, train_bundle

TOWERS, ARTISTS, TRACKS, TAGS, AUDIO = (
    COMPONENTS.index(name) for name in ("towers", "artists", "tracks", "tags", "audio")
)
N = 60


@cache
def _direction(key):
    found = np.random.default_rng(zlib.crc32(key.encode())).normal(size=FakeEmbedder.dim)
    return (found / np.linalg.norm(found)).astype(np.float32)


class FakeEmbedder:
    """A small real embedder: the mean direction of a listener's artists, each drawn from its name."""

    dim = 16
    model_version = "fake"

    def embed(self, profiles):
        rows = np.zeros((len(profiles), self.dim), np.float32)
        for row, profile in enumerate(profiles):
            rows[row] = np.sum([_direction(key) for key in profile.artists], axis=0) + 1e-3
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return TowerVectors(rows, rows)


class SceneEmbedder(FakeEmbedder):
    """The scenes of a listener's artists, whose numbers begin with the scene's."""

    def embed(self, profiles):
        rows = np.zeros((len(profiles), self.dim), np.float32)
        for row, profile in enumerate(profiles):
            for key in profile.artists:
                rows[row, int(key.split()[1]) // 100] += 1.0
                rows[row] += 0.3 * _direction(key)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return TowerVectors(rows, rows)


def listeners(n, n_items=24, seed=0, source=Source.TABLE):
    """Each hears a dozen of 60 artists, and of each some of 20 songs."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(n):
        mine = rng.choice(60, 12, replace=False)
        hearings = {
            (artist, song): Hearing(Part.PLAYS, f"Artist {artist}", track_name=f"Song {song}")
            for artist, song in zip(
                rng.choice(mine, 3 * n_items), rng.integers(0, 20, 3 * n_items), strict=True
            )
        }
        chosen = tuple(list(hearings.values())[:n_items])
        found.append(build_profile(Listening(f"{seed}-{number}", source, chosen)))
    return found


def repeating(n, seed=0):
    """Two playlists each, of the same dozen artists of one of six scenes; an artist is heard in one scene."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(n):
        scene = int(rng.integers(6))
        mine = rng.choice(60, 12, replace=False) + 100 * scene
        rows = [
            Hearing(
                Part.PLAYLISTS, f"Artist {artist}", track_name=f"Song {playlist}", facet_id=f"P{playlist}"
            )
            for playlist in range(2)
            for artist in mine
        ]
        found.append(build_profile(Listening(f"{seed}-{number}", Source.TABLE, tuple(rows))))
    return found


def batch(seed=0, **columns):
    """Noise in every component but those that are told."""
    values = np.random.default_rng(seed).random((N, N, len(COMPONENTS)))
    for name, column in columns.items():
        values[..., COMPONENTS.index(name)] = column
    return values


def telling(seed=0):
    """A component that is high on the diagonal."""
    return np.random.default_rng(seed + 100).random((N, N)) * 0.5 + np.eye(N)


def strengths(weights, values):
    """What each component moves: its weight times its spread."""
    return {name: weights[name] * float(values[..., place].std()) for place, name in enumerate(COMPONENTS)}


@pytest.mark.parametrize(
    ("name", "most"), [("towers", 0.4), ("artists", 0.1), ("tracks", 0.1), ("audio", 0.4)]
)
def test_what_tells_people_apart_gets_the_weight_and_noise_next_to_none(name, most):
    values = batch(**{name: telling()})
    found = strengths(fit_weights([values]), values)
    others = [one for other, one in found.items() if other not in (name, "tags")]
    assert max(others) <= most * found[name] * (1 + 1e-9)


def test_no_weight_is_below_zero_even_where_less_means_more():
    found = fit_weights([batch(artists=1.0 - telling(), tracks=telling())])
    assert all(weight >= 0 for weight in found.values())
    assert found["artists"] < found["tracks"] / 5


def test_shared_items_never_count_next_to_nothing():
    values = batch(towers=telling(), artists=1.0 - telling(), tracks=1.0 - telling(1))
    found = strengths(fit_weights([values]), values)
    shared = sorted((found["artists"], found["tracks"]))
    assert shared == pytest.approx([0.1 * found["towers"], 0.4 * found["towers"]])


def test_the_stronger_kind_of_shared_items_counts_two_fifths_where_there_is_one_kind():
    values = batch(towers=telling(), artists=1.0 - telling(), tracks=0.0)
    found = strengths(fit_weights([values]), values)
    assert found["artists"] == pytest.approx(0.4 * found["towers"])


def test_where_nothing_tells_people_apart_the_prior_stays():
    values = np.repeat((1.0 - telling())[..., np.newaxis], len(COMPONENTS), axis=2)
    assert fit_weights([values]) == {"towers": 1.0, "artists": 0.1, "tracks": 0.1, "tags": 0.0, "audio": 0.0}


def test_a_component_that_never_varies_gets_no_weight():
    assert fit_weights([batch(audio=0.0, tracks=telling())])["audio"] == 0.0


def test_every_component_has_a_weight():
    assert set(fit_weights([batch(tracks=telling())])) == set(COMPONENTS)


def test_the_tags_get_a_share_of_what_the_artists_get():
    values = batch(artists=telling(), tags=telling(1))
    found = strengths(fit_weights([values]), values)
    assert found["tags"] == pytest.approx(TAGS_SHARE * found["artists"])


def test_a_true_pair_typically_has_a_raw_sum_of_one():
    values = batch(tracks=telling())
    weights = fit_weights([values])
    raw = values @ np.array([weights[name] for name in COMPONENTS])
    assert np.mean(np.diagonal(raw)) == pytest.approx(1.0)


def test_the_order_of_batches_makes_no_difference():
    one, other = batch(0, tracks=telling(0)), batch(1, tracks=telling(1))
    assert fit_weights([one, other]) == pytest.approx(fit_weights([other, one]), rel=1e-3, abs=1e-6)


def test_weights_stay_moderate_where_most_true_pairs_share_nothing():
    # four in ten listeners share tracks with themselves; the towers mislead and get no weight
    shared = np.diag(np.where(np.arange(N) % 5 < 2, 1.0, 0.0))
    values = np.zeros((N, N, len(COMPONENTS)))
    values[..., TOWERS], values[..., TRACKS] = 1.0 - 0.5 * np.eye(N), shared
    assert max(fit_weights([values]).values()) < 1e4


def test_chance_is_the_mean_of_strangers_in_units_of_what_is_expected():
    values, units = np.full((3, 3, len(COMPONENTS)), 0.6), np.full((3, 3, len(COMPONENTS)), 2.0)
    values[np.arange(3), np.arange(3)] = 99.0  # halves of one listener are no strangers
    units[..., AUDIO] = 0.0  # nobody has data for it
    found = measure_chance([values, values], [units, units])
    assert found.pop("audio") == 0.0
    assert list(found.values()) == pytest.approx([0.3] * (len(COMPONENTS) - 1))


def test_landmarks_are_quartiles_of_halves_of_about_a_size():
    sizes = np.repeat([4, 40], 50)
    percents = np.concatenate([np.linspace(0, 20, 50), np.linspace(40, 80, 50)])
    at, halves = landmarks_by_size(sizes, percents)
    assert at == (4.0, 40.0)
    assert halves[0] == pytest.approx((5.0, 10.0, 15.0))
    assert halves[1] == pytest.approx((50.0, 60.0, 70.0))


@pytest.fixture(scope="module")
def learned():
    return learn_ranker(FakeEmbedder(), listeners(200), listeners(150, seed=1), ItemMetadata(), seed=0)


def halves(profiles, seed=7):
    rng = np.random.default_rng(seed)
    drawn = (split_halves(one, rng, ItemMetadata()) for one in profiles)
    return [one for one in drawn if one is not None]


def scored(learned, pairs):
    pipeline = Pipeline(FakeEmbedder(), learned.ranker, learned.calibration)
    return pipeline.scores([one for one, _ in pairs], [other for _, other in pairs])


def test_strangers_never_seen_have_0_percent_on_average(learned):
    scores = scored(learned, halves(listeners(150, seed=2)))
    same = np.eye(len(scores), dtype=bool)
    assert abs(100 * scores[~same].mean()) < 2
    assert scores[same].mean() > scores[~same].mean() + 0.1


def test_ones_own_library_has_100_percent(learned):
    whole = listeners(20, seed=2)
    pipeline = Pipeline(FakeEmbedder(), learned.ranker, learned.calibration)
    assert np.diagonal(pipeline.scores(whole, whole)) == pytest.approx(np.ones(20), abs=1e-9)


def test_the_landmark_is_where_halves_of_people_never_seen_lie(learned):
    pairs = halves(listeners(150, seed=2))
    found = 100 * np.diagonal(scored(learned, pairs))
    sizes = [min(len(half.artists) + len(half.tracks) for half in pair) for pair in pairs]
    foretold = [learned.calibration.halves_of(size).median for size in sizes]
    assert abs(np.median(found - foretold)) < 5


def test_one_in_a_hundred_pairs_of_strangers_is_near(learned):
    scores = 100 * scored(learned, halves(listeners(150, seed=2)))
    strangers = scores[~np.eye(len(scores), dtype=bool)]
    assert 0.002 < (strangers >= learned.calibration.strangers).mean() < 0.03


def test_one_in_a_hundred_pairs_of_whole_strangers_is_closer_than_0(learned):
    weighed = Pipeline(FakeEmbedder(), learned.ranker, learned.calibration).weigh(listeners(200))
    cosines = [
        components(one, other)["towers"] for n, one in enumerate(weighed) for other in weighed[n + 1 :]
    ]
    assert 0.005 < np.mean(np.array(cosines) > 0) < 0.015


def heard_at_random(n, seed):
    """Two playlists each with three artists in common, who are put into them any number of times."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(n):
        drawn = rng.choice(200, 19, replace=False)
        rows = [
            Hearing(
                Part.PLAYLISTS, f"Artist {artist}", track_name=f"{playlist}-{song}", facet_id=f"P{playlist}"
            )
            for playlist, artists in enumerate((drawn[:11], np.append(drawn[:3], drawn[11:])))
            for artist in artists
            for song in range(rng.choice((1, 1, 1, 40)))
        ]
        found.append(build_profile(Listening(f"{seed}-{number}", Source.TABLE, tuple(rows))))
    return found


def test_plays_count_nothing_where_they_tell_nothing_of_the_other_half():
    learned = learn_ranker(
        FakeEmbedder(), heard_at_random(100, 0), heard_at_random(40, 1), ItemMetadata(), seed=0
    )
    assert learned.ranker.plays_power == 0.0


def test_plays_count_as_before_where_nobody_has_two_playlists(learned):
    assert learned.ranker.plays_power == 0.5


def test_taste_counts_where_people_repeat_all_their_artists():
    # halves by playlist find them by their artists alone; halves without common ones need their taste
    embedder = SceneEmbedder()
    ranker = learn_ranker(embedder, repeating(200), repeating(150, seed=1), ItemMetadata(), seed=0).ranker
    mine, *_ = Pipeline(embedder, ranker, Calibration()).weigh(repeating(1, seed=2))
    parts = ranker.parts(mine, mine)
    assert parts["towers"] > 0.15
    assert parts["artists"] > 0.15


def test_thin_profiles_make_for_a_wider_interval(learned):
    assert learned.calibration.noise > 0


def test_items_are_counted_in_those_the_towers_know(learned):
    assert learned.ranker.frequencies.n_listeners == 200


def test_the_same_seed_learns_the_same(learned):
    again = learn_ranker(FakeEmbedder(), listeners(200), listeners(150, seed=1), ItemMetadata(), seed=0)
    assert again.ranker.to_json() == learned.ranker.to_json()
    assert again.calibration == learned.calibration


@pytest.mark.parametrize("held_out", [[], listeners(3, seed=1)], ids=["nobody", "three"])
def test_too_few_to_learn_from_keep_the_prior(held_out):
    found = learn_ranker(FakeEmbedder(), listeners(20), held_out, ItemMetadata(), seed=0)
    assert found.n_pairs < 20
    assert dict(found.ranker.weights) == {"towers": 1.0, "artists": 0.1, "tracks": 0.1}


def test_without_held_out_listeners_the_landmarks_are_those_of_the_others():
    found = learn_ranker(FakeEmbedder(), listeners(20), [], ItemMetadata(), seed=0)
    assert found.calibration != Calibration()
    assert found.calibration.halves_of(15).median > 0


def test_the_prior_can_score():
    found = learn_ranker(FakeEmbedder(), listeners(20), [], ItemMetadata(), seed=0)
    assert isinstance(found.ranker, Ranker)
    assert np.isfinite(scored(found, halves(listeners(5, seed=3)))).all()


def test_listeners_of_five_items_can_be_learned_from():
    learn_ranker(FakeEmbedder(), listeners(50), listeners(200, n_items=5, seed=1), ItemMetadata(), seed=0)


def test_the_held_out_are_nobody_the_towers_know():
    profiles = listeners(300)
    known, held_out = hold_out(profiles, 0)
    assert len(held_out) == 60
    assert sorted(one.listener_id for one in known + held_out) == sorted(one.listener_id for one in profiles)


@pytest.mark.parametrize(("n", "n_held_out"), [(0, 0), (4, 0), (5, 1), (100, 20), (1_000, 150), (4_000, 200)])
def test_how_many_are_held_out(n, n_held_out):
    nobody = listeners(1)
    assert len(hold_out(nobody * n, 0)[1]) == n_held_out


class Trained:
    """What the stub of the training gives."""

    artefact = None


def test_held_out_rows_from_the_web_api_are_refused_too(monkeypatch, tiny_config):
    # the towers' own guard sees the known ones only; with many listeners there is no second training
    profiles = listeners(40)
    fetched = hold_out(profiles, 0)[1][0]
    place = profiles.index(fetched)
    profiles[place] = type(fetched)(fetched.listener_id, Source.SPOTIFY_API, fetched.items)
    config = replace(tiny_config, refit_below=0)
    monkeypatch.setattr(train_model, "train_towers", lambda *args, **kwargs: Trained)
    monkeypatch.setattr(train_model, "LiteRtEmbedder", lambda artefact: FakeEmbedder())
    monkeypatch.setattr(train_model, "with_ranker", lambda *args: args)
    with pytest.raises(UntrainableSource):
        train_bundle(profiles, config, ItemMetadata())
