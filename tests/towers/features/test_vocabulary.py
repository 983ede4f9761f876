"""Vocabulary and configuration: what is known, and that it survives being written down."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from towers.config import DISTANCES, TowerConfig
from towers.features.vocabulary import Field, Vocabulary, build_vocabulary

CONFIG = TowerConfig(n_buckets=32, n_hashes=3)


def heard(*pairs: tuple[str, str]) -> ListenerProfile:
    return ListenerProfile(
        "x", Source.TABLE, items=tuple(Item(artist, track, 1.0, "plays") for artist, track in pairs)
    )


@pytest.fixture
def vocabulary() -> Vocabulary:
    return build_vocabulary([heard(("abba", "abba|sos")), heard(("abba", "abba|sos"), ("can", ""))], CONFIG)


def test_what_more_listeners_hear_comes_first(vocabulary):
    assert vocabulary.keys[Field.ARTIST] == ("abba", "can")


def test_too_few_listeners_keep_an_item_out():
    config = dataclasses.replace(CONFIG, min_listeners=2)
    kept = build_vocabulary([heard(("abba", "")), heard(("abba", ""), ("can", ""))], config)
    assert kept.keys[Field.ARTIST] == ("abba",)


def test_no_more_artists_than_allowed_are_kept():
    config = dataclasses.replace(CONFIG, max_artists=1)
    assert build_vocabulary([heard(("abba", ""), ("can", ""))], config).keys[Field.ARTIST] == ("abba",)


def test_a_track_is_its_artist_and_itself(vocabulary):
    abba, sos = vocabulary.token(Field.ARTIST, "abba"), vocabulary.token(Field.TRACK, "abba|sos")
    assert vocabulary.tokens_of(Item("abba", "abba|sos", 1.0, "plays")) == (
        (Field.ARTIST, abba),
        (Field.TRACK, sos),
    )


def test_an_unknown_track_is_only_its_artist(vocabulary):
    abba = vocabulary.token(Field.ARTIST, "abba")
    assert vocabulary.tokens_of(Item("abba", "abba|new", 1.0, "plays")) == ((Field.ARTIST, abba),)


def test_unknown_things_are_spread_over_several_buckets_each_its_own(vocabulary):
    spread = {vocabulary.buckets(f"nobody {number}") for number in range(100)}
    assert len(spread) > 95
    assert all(vocabulary.first_bucket <= one < vocabulary.n_tokens for found in spread for one in found)


def test_it_reads_back_what_it_wrote(vocabulary):
    again = Vocabulary.from_json(vocabulary.to_json(), vocabulary.idf)
    assert again.keys == vocabulary.keys
    assert again.buckets("nobody") == vocabulary.buckets("nobody")


def test_idf_that_does_not_fit_is_refused(vocabulary):
    with pytest.raises(ValueError, match="idf"):
        Vocabulary.from_json(vocabulary.to_json(), vocabulary.idf[1:])


def test_a_key_that_stands_twice_is_refused(vocabulary):
    text = vocabulary.to_json().replace('"can"', '"abba"')
    with pytest.raises(ValueError, match="twice"):
        Vocabulary.from_json(text, vocabulary.idf)


@given(
    dim=st.integers(3, 512),
    seed=st.integers(0, 2**31),
    temperature=st.floats(0.01, 10),
    distance=st.sampled_from(DISTANCES),
    pair_share=st.floats(0, 1),
)
def test_a_configuration_reads_back_what_it_wrote(dim, seed, temperature, distance, pair_share):
    config = TowerConfig(
        dim=dim, seed=seed, temperature=temperature, distance=distance, pair_share=pair_share
    )
    assert TowerConfig.from_json(config.to_json()) == config


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"dim": 0}',
        '{"dim": "64"}',
        '{"dim": true}',
        '{"dim": 1.5}',
        '{"train_items": 1}',
        '{"colour": 1}',
        '{"share_low": 0.8}',
        '{"drop_part": 1.5}',
        '{"by_facet": 0.9, "by_artist": 0.9}',
        '{"n_hashes": 9}',
        '{"distance": "manhattan"}',
        '{"distance": 1}',
        '{"distance": "euclidean", "dim": 2}',
        '{"dim": "cosine"}',
        '{"pair_share": 1.5}',
        '{"temperature": NaN}',
    ],
)
def test_a_configuration_that_makes_no_sense_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        TowerConfig.from_json(text)
