"""Features: what the towers are fed."""

import dataclasses
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.domain.audio import RANGES, AudioAttributes, summarise_audio
from matcher.domain.listening import Part, Source
from matcher.domain.profile import Facet, Item, ListenerProfile
from towers.config import TowerConfig
from towers.features.feature_maker import (
    AUDIO_WIDTH,
    N_AUDIO,
    N_FIELDS,
    AudioStandardiser,
    FeatureBatch,
    FeatureMaker,
    audio_figures,
    damp,
    fit_audio_standardiser,
)
from towers.features.vocabulary import Field, build_vocabulary
from towers.serving.embedder import LiteRtEmbedder


def a_maker(profiles: list[ListenerProfile], **changes) -> FeatureMaker:
    config = TowerConfig(n_buckets=16, bag_width=8, min_listeners_word=1, **changes)
    figures = audio_figures(profile.audio for profile in profiles)
    return FeatureMaker(
        build_vocabulary(profiles, config),
        fit_audio_standardiser(figures),
        config.idf_power,
        config.bag_width,
    )


def a_profile(*items: tuple[str, str, float], **rest) -> ListenerProfile:
    made = tuple(Item(artist, track, plays, "plays") for artist, track, plays in items)
    return ListenerProfile("x", Source.TABLE, items=made, **rest)


def bag(batch: FeatureBatch, field: Field, row: int = 0) -> dict[int, float]:
    pairs = zip(batch.tokens[row, field].tolist(), batch.weights[row, field].tolist(), strict=True)
    return {token: weight for token, weight in pairs if weight > 0}


names = st.sampled_from(["abba", "blur", "can", "dj krush", "unheard"])
items = st.builds(
    lambda artist, song, plays, facet, decade: Item(
        artist, f"{artist}|{song}" if song else "", plays, facet, decade
    ),
    names,
    st.sampled_from(["", "one", "two", "unheard"]),
    st.floats(min_value=0, max_value=1e300, exclude_min=True),
    st.sampled_from(["plays", "playlists:p"]),
    st.none() | st.sampled_from([1970, 1990, 2150]),
)
sounds = st.none() | st.dictionaries(
    st.sampled_from(sorted(RANGES)), st.floats(0, 1), min_size=1, max_size=4
).map(lambda values: summarise_audio([(AudioAttributes(values), 1.0)]))
any_profile = st.builds(
    lambda found, tags, audio: ListenerProfile(
        "x",
        Source.TABLE,
        items=tuple(found),
        facets={"playlists:p": Facet(Part.PLAYLISTS, "Rainy jazz")},
        tags=tags,
        audio=audio,
    ),
    st.lists(items, max_size=30),
    st.dictionaries(st.sampled_from(["tag 1", "tag 2", "unheard"]), st.floats(1e-300, 1)),
    sounds,
)


@given(profile=any_profile, seed=st.integers(0, 99))
def test_the_order_of_items_makes_no_difference(profile, seed):
    maker = a_maker([a_profile(("abba", "abba|one", 1), ("can", "", 1))])
    shuffled = list(profile.items)
    random.Random(seed).shuffle(shuffled)
    other = maker.make([dataclasses.replace(profile, items=tuple(shuffled))])
    one = maker.make([profile])
    for field in Field:
        assert bag(other, field) == pytest.approx(bag(one, field), rel=1e-5, abs=1e-6)


@given(profile=any_profile)
def test_features_are_finite_and_bags_sum_to_one_or_are_empty(profile):
    maker = a_maker([a_profile(("abba", "abba|one", 1), ("can", "", 1))])
    batch = maker.make([profile])
    sums = batch.weights.sum(axis=2)
    assert np.isfinite(batch.audio).all()
    assert (np.isclose(sums, 1, atol=1e-5) | (sums == 0)).all()
    assert batch.tokens.max() < maker.vocabulary.n_tokens


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(profile=any_profile)
def test_any_profile_gets_finite_vectors_of_unit_length(trained, profile):
    stored = _embedder(trained).embed([profile]).stored
    np.testing.assert_allclose(np.linalg.norm(stored, axis=1), 1.0, atol=1e-5)


def _embedder(trained, found={}) -> LiteRtEmbedder:  # noqa: B006 - one embedder for all examples
    return found.setdefault(id(trained), LiteRtEmbedder(trained.artefact))


def test_weights_are_damped_plays_times_idf_worked_by_hand():
    # 2 listeners; abba stands in both: idf = ln(3/3) + 1 = 1; blur in one: idf = ln(3/2) + 1 = 1.405
    listeners = [a_profile(("abba", "", 1)), a_profile(("abba", "", 3), ("blur", "", 1))]
    maker = a_maker(listeners, idf_power=1.0)
    abba, blur = (maker.vocabulary.token(Field.ARTIST, name) for name in ("abba", "blur"))
    # log2(1 + 3) * 1 = 2, log2(1 + 1) * 1.405 = 1.405
    total = 2 + 1 + np.log(1.5)
    found = bag(maker.make(listeners[1:]), Field.ARTIST)
    assert found == pytest.approx({abba: 2 / total, blur: (1 + np.log(1.5)) / total})


@pytest.mark.parametrize("field", Field)
def test_plays_are_damped_and_shares_stay_as_they_are(field):
    amounts = np.array([0.0, 0.25, 1.0, 3.0])
    expected = amounts if field in (Field.TAG, Field.DECADE) else [0.0, np.log2(1.25), 1.0, 2.0]
    np.testing.assert_allclose(damp(amounts, np.full(4, field)), expected, rtol=1e-15)


def test_only_the_heaviest_entries_are_kept_heaviest_first():
    crowd = a_profile(*((f"artist {place}", "", 1.0 + place) for place in range(20)))
    maker = a_maker([crowd])
    tokens = maker.make([crowd]).tokens[0, Field.ARTIST]
    expected = [maker.vocabulary.token(Field.ARTIST, f"artist {place}") for place in range(19, 11, -1)]
    assert tokens.tolist() == expected


def test_unknown_artists_go_to_hash_buckets_and_known_ones_do_not():
    maker = a_maker([a_profile(("abba", "abba|one", 1))])
    batch = maker.make([a_profile(("abba", "abba|two", 1)), a_profile(("unheard", "unheard|one", 1))])
    assert bag(batch, Field.HASHED, 0) == {}
    assert set(bag(batch, Field.HASHED, 1)) == set(maker.vocabulary.buckets("unheard"))


def test_missing_audio_is_masked_and_known_audio_is_not():
    sound = summarise_audio([(AudioAttributes({"energy": 0.5}), 1.0)])
    maker = a_maker([a_profile(("abba", "", 1), audio=sound)])
    audio = maker.make([a_profile(), a_profile(audio=sound)]).audio
    masks = audio[:, AUDIO_WIDTH - N_AUDIO :]
    assert audio[0].tolist() == [0.0] * AUDIO_WIDTH
    assert masks[1].sum() == 1


def test_audio_that_no_training_listener_had_is_not_looked_at():
    maker = a_maker([a_profile(("abba", "", 1))])
    sound = summarise_audio([(AudioAttributes({"energy": 0.5}), 1.0)])
    assert np.isnan(maker.standardiser.centre).all()
    assert not maker.make([a_profile(audio=sound)]).audio.any()


def test_no_profiles_give_arrays_of_length_zero():
    batch = a_maker([a_profile(("abba", "", 1))]).make([])
    assert batch.tokens.shape == (0, N_FIELDS, 8)
    assert batch.audio.shape == (0, AUDIO_WIDTH)


def test_shapes_that_do_not_belong_together_are_refused():
    with pytest.raises(ValueError, match="bags"):
        FeatureBatch(
            np.zeros((1, 2, 3), np.int32), np.zeros((1, 2, 3), np.float32), np.zeros((1, 1), np.float32)
        )
    with pytest.raises(ValueError, match="audio"):
        AudioStandardiser(np.zeros((1, 1)), np.ones((1, 1)))


def test_items_without_a_token_are_in_the_bags_by_name_if_wanted():
    known = a_profile(("abba", "abba|sos", 1))
    maker = dataclasses.replace(a_maker([known, known]), with_names=True)
    batch = maker.make([a_profile(("abba", "abba|sos", 1), ("can", "can|sos", 3), ("", "#4x", 1))])
    n_tokens = maker.vocabulary.n_tokens
    assert batch.names == ("can", "can|sos")
    assert set(bag(batch, Field.ARTIST)) == {maker.vocabulary.token(Field.ARTIST, "abba"), n_tokens}
    assert set(bag(batch, Field.TRACK)) == {maker.vocabulary.token(Field.TRACK, "abba|sos"), n_tokens + 1}


def test_a_name_weighs_as_much_as_an_item_nobody_had():
    known = a_profile(("abba", "", 1))
    maker = dataclasses.replace(a_maker([known, known]), with_names=True)
    found = bag(maker.make([a_profile(("abba", "", 1), ("can", "", 1))]), Field.ARTIST)
    token = maker.vocabulary.token(Field.ARTIST, "abba")
    rarest = maker.token_weights[maker.vocabulary.first_bucket]
    assert found[maker.vocabulary.n_tokens] / found[token] == pytest.approx(
        rarest / maker.token_weights[token]
    )


def test_of_very_many_names_those_with_most_plays_are_used():
    known = a_profile(("abba", "", 1))
    maker = dataclasses.replace(a_maker([known, known]), with_names=True, bag_width=512)
    many = a_profile(*((f"unheard {n}", "", n) for n in range(1, 301)))
    assert set(maker.make([many]).names) == {f"unheard {n}" for n in range(101, 301)}
