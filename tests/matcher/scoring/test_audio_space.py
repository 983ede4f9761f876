import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.audio import N_MOMENTS, SUMMARISED, AudioAttributes, summarise_audio
from matcher.domain.json_codec import profile_from_json, profile_to_json
from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from matcher.scoring.audio_similarity import audio_similarity
from matcher.scoring.audio_space import LENGTH, AudioSpace
from tests.matcher.strategies import attributes

RNG = np.random.default_rng(0)
SPACE = AudioSpace(RNG.normal(size=N_MOMENTS), RNG.normal(size=(N_MOMENTS, 5)))
ENERGY, TEMPO, MODE = (SUMMARISED.index(name) for name in ("energy", "tempo", "mode"))

tracks = st.lists(st.tuples(attributes(), st.floats(0.1, 10)), min_size=1, max_size=6)


def moment(one, other):
    """Place of the product of two attributes among the moments."""
    pairs = list(zip(*np.triu_indices(len(SUMMARISED)), strict=True))
    return len(SUMMARISED) + pairs.index((min(one, other), max(one, other)))


def similarity(one, other):
    return float(audio_similarity(SPACE.encode(one), SPACE.encode(other)[np.newaxis])[0])


def log_odds(share):
    return math.log((share + 1e-3) / (1.001 - share))


def test_moments_are_weighted_means_of_attributes_and_of_their_products():
    loud, calm = ({"energy": 0.9, "tempo": 100.0}, {"energy": 0.2, "tempo": 60.0})
    found = summarise_audio([(AudioAttributes(loud), 3.0), (AudioAttributes(calm), 1.0)]).moments
    assert found[TEMPO] == pytest.approx(90.0)
    assert found[ENERGY] == pytest.approx((3 * log_odds(0.9) + log_odds(0.2)) / 4, abs=1e-6)
    expected = (3 * 100 * log_odds(0.9) + 60 * log_odds(0.2)) / 4
    assert found[moment(ENERGY, TEMPO)] == pytest.approx(expected, abs=1e-6)


def test_a_moment_counts_the_tracks_that_know_both_attributes():
    found = summarise_audio(
        [
            (AudioAttributes({"energy": 0.5, "tempo": 100.0}), 1.0),
            (AudioAttributes({"tempo": 200.0}), 1.0),
            (None, 1.0),
        ]
    ).moments
    assert found[TEMPO] == pytest.approx(150.0)
    assert found[moment(TEMPO, TEMPO)] == pytest.approx(25_000.0)
    assert found[moment(ENERGY, TEMPO)] == pytest.approx(100.0 * log_odds(0.5), abs=1e-6)
    assert found[MODE] is None
    assert found[moment(MODE, TEMPO)] is None


@given(tracks)
def test_moments_are_finite_at_every_bound_or_unknown(rows):
    found = summarise_audio(rows)
    if found is not None:
        assert len(found.moments) == N_MOMENTS
        assert all(value is None or math.isfinite(value) for value in found.moments)


@given(tracks, st.randoms())
def test_the_encoding_is_the_same_in_any_order_of_tracks(rows, random):
    found = SPACE.encode(summarise_audio(rows))
    again = list(rows)
    random.shuffle(again)
    np.testing.assert_allclose(found, SPACE.encode(summarise_audio(again)), rtol=1e-4, atol=1e-4)


@given(tracks)
def test_a_library_sounds_wholly_like_itself(rows):
    found = summarise_audio(rows)
    if found is not None and found.attributes:
        assert similarity(found, found) == 1.0
        assert np.sqrt(np.mean(SPACE.encode(found) ** 2)) == pytest.approx(LENGTH)


@given(tracks, tracks)
def test_similarity_is_symmetric_and_lies_between_zero_and_one(rows, others):
    one, other = summarise_audio(rows), summarise_audio(others)
    assert 0.0 <= similarity(one, other) <= 1.0
    assert similarity(one, other) == similarity(other, one)


def test_the_similarity_falls_with_the_cosine():
    one = np.array([1.0, 0.0]) * LENGTH * math.sqrt(2)
    across = np.array([0.0, 1.0]) * LENGTH * math.sqrt(2)
    assert audio_similarity(one, across[np.newaxis])[0] == pytest.approx(math.exp(-(LENGTH**2)))


def test_without_audio_or_moments_the_encoding_is_unknown():
    dated = replace(summarise_audio([(AudioAttributes({"energy": 0.5}), 1.0)]), moments=())
    assert np.isnan(SPACE.encode(None)).all()
    assert np.isnan(SPACE.encode(dated)).all()


def test_an_unknown_attribute_counts_as_average():
    space = AudioSpace(np.zeros(N_MOMENTS), np.eye(N_MOMENTS)[:, [TEMPO, MODE]])
    found = space.encode(summarise_audio([(AudioAttributes({"tempo": 100.0}), 1.0)]))
    np.testing.assert_allclose(found, [LENGTH * math.sqrt(2), 0.0])


def test_who_sounds_as_the_average_has_no_direction():
    average = np.zeros(N_MOMENTS)
    average[TEMPO] = 100.0
    space = AudioSpace(average, np.eye(N_MOMENTS)[:, [TEMPO]])
    found = space.encode(summarise_audio([(AudioAttributes({"tempo": 100.0}), 1.0)]))
    assert found.tolist() == [0.0]


def test_arrays_restore_the_space():
    again = AudioSpace.from_arrays(SPACE.to_arrays())
    np.testing.assert_array_equal(again.centre, SPACE.centre)
    np.testing.assert_array_equal(again.projection, SPACE.projection)


@pytest.mark.parametrize(
    ("centre", "projection"),
    [
        (np.zeros(3), np.zeros((N_MOMENTS, 2))),
        (np.zeros(N_MOMENTS), np.zeros((3, 2))),
        (np.zeros(N_MOMENTS), np.zeros((N_MOMENTS, 0))),
        (np.zeros(N_MOMENTS), np.full((N_MOMENTS, 2), np.nan)),
    ],
)
def test_a_space_that_does_not_fit_is_refused(centre, projection):
    with pytest.raises(ValueError, match="audio space"):
        AudioSpace(centre, projection)


def test_moments_are_stored_with_the_profile():
    audio = summarise_audio([(AudioAttributes({"energy": 0.5}), 1.0)])
    kept = json.loads(json.dumps(profile_to_json(ListenerProfile("x", Source.TABLE, audio=audio))))
    assert profile_from_json("x", kept).audio == audio


def test_a_profile_stored_before_there_were_moments_is_read():
    audio = summarise_audio([(AudioAttributes({"energy": 0.5}), 1.0)])
    kept = profile_to_json(ListenerProfile("x", Source.TABLE, audio=audio))
    del kept["audio"]["moments"]
    assert profile_from_json("x", kept).audio == replace(audio, moments=())
