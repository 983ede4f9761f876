"""Vectors of artists: made once of the same, and never another's."""

from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.audio import AudioAttributes
from matcher.domain.library import Library
from matcher.domain.listening import Source
from matcher.domain.profile import Row, items_of
from matcher.domain.vectors import TowerVectors
from matcher.taste.artist_vectors import ArtistVectors

DIM = 4


class TellingEmbedder:
    """Gives every profile a vector that tells all that is in it, and counts those it was given."""

    def __init__(self, model_version="v1"):
        self.model_version, self.dim, self.n_made = model_version, DIM, 0

    def embed(self, profiles):
        self.n_made += len(profiles)
        texts = [f"{self.model_version} {one}" for one in profiles]
        rows = [np.frombuffer(sha256(text.encode()).digest(), np.uint8)[: 2 * DIM] for text in texts]
        rows = np.array(rows, np.float32).reshape(len(profiles), 2, DIM)
        return TowerVectors(rows[:, 0], rows[:, 1])


def row(artist, song, plays=1.0, facet="saved", decade=None):
    return Row(artist, f"{artist}|{song}", plays, facet, decade)


LIBRARY = Library(
    "me",
    Source.TABLE,
    rows=(row("can", "vitamin c"), row("can", "halleluwah", 3.0), row("low", "words"), row("neu", "hero")),
    artist_tags={"low": {"slowcore": 1.0, "rock": 0.5}, "can": {"krautrock": 1.0}},
    attributes={
        "low|words": AudioAttributes({"energy": 0.2}),
        "can|vitamin c": AudioAttributes({"energy": 0.7}),
    },
)


def artists_of(library):
    items = items_of(library.rows)
    return [[item for item in items if item.artist == artist] for artist in sorted(library.artists)]


def made(vectors, library, embedder):
    return vectors.of(library, artists_of(library), embedder)


@pytest.fixture
def vectors():
    found = ArtistVectors()
    made(found, LIBRARY, TellingEmbedder())
    return found


def test_vectors_of_the_same_are_made_once(vectors):
    embedder = TellingEmbedder()
    again = made(vectors, LIBRARY, embedder)
    assert embedder.n_made == 0
    np.testing.assert_array_equal(again, made(ArtistVectors(), LIBRARY, embedder))


def test_an_artist_who_is_left_out_leaves_the_others_vectors_as_they_are(vectors):
    embedder = TellingEmbedder()
    less = LIBRARY.of(one for one in LIBRARY.rows if one.artist != "low")
    assert made(vectors, less, embedder).shape == (2, 2 * DIM)
    assert embedder.n_made == 0


LOUDER = tuple(replace(one, plays=9.0) if one.artist == "can" else one for one in LIBRARY.rows)
OLDER = tuple(replace(one, decade=1970) if one.artist == "can" else one for one in LIBRARY.rows)


@pytest.mark.parametrize(
    "other",
    [
        LIBRARY.of(LIBRARY.rows[1:]),
        LIBRARY.of(LOUDER),
        LIBRARY.of(OLDER),
        replace(LIBRARY, artist_tags={**LIBRARY.artist_tags, "neu": {"krautrock": 1.0}}),
        replace(LIBRARY, artist_tags={**LIBRARY.artist_tags, "low": {"rock": 0.5, "slowcore": 1.0}}),
        replace(
            LIBRARY, attributes={**LIBRARY.attributes, "can|halleluwah": AudioAttributes({"energy": 0.7})}
        ),
    ],
    ids=["a song less", "more plays", "a decade", "a tag", "tags in another order", "a sound"],
)
def test_only_the_artist_is_embedded_again_of_whom_anything_is_another(vectors, other):
    embedder = TellingEmbedder()
    found = made(vectors, other, embedder)
    assert embedder.n_made == 1
    np.testing.assert_array_equal(found, made(ArtistVectors(), other, TellingEmbedder()))


def test_a_sound_that_is_known_of_another_song_counts_as_another(vectors):
    moved = {"low|words": LIBRARY.attributes["low|words"], "can|halleluwah": AudioAttributes({"energy": 0.7})}
    embedder = TellingEmbedder()
    made(vectors, replace(LIBRARY, attributes=moved), embedder)
    assert embedder.n_made == 1


def test_of_another_model_all_are_made_anew(vectors):
    embedder = TellingEmbedder("v2")
    found = made(vectors, LIBRARY, embedder)
    assert embedder.n_made == 3
    np.testing.assert_array_equal(found, made(ArtistVectors(), LIBRARY, TellingEmbedder("v2")))


def test_only_those_made_last_are_remembered(vectors):
    embedder = TellingEmbedder()
    made(vectors, LIBRARY.of(LIBRARY.rows[:2]), embedder)
    made(vectors, LIBRARY, embedder)
    assert embedder.n_made == 2


rows = st.builds(
    row,
    st.sampled_from(["can", "low", "neu"]),
    st.sampled_from(["words", "hero"]),
    st.sampled_from([1.0, 2.0]),
    st.sampled_from(["saved", "playlists:sleep"]),
    st.sampled_from([None, 1970]),
)
libraries = st.lists(rows, min_size=1, max_size=8, unique_by=lambda one: (one.track, one.facet)).map(
    lambda found: LIBRARY.of(sorted(found, key=lambda one: (one.artist, one.track, one.facet)))
)


@given(st.lists(libraries, min_size=1, max_size=6))
def test_vectors_are_the_same_whatever_was_made_before(seen):
    vectors = ArtistVectors()
    for library in seen:
        found = made(vectors, library, TellingEmbedder())
        np.testing.assert_array_equal(found, made(ArtistVectors(), library, TellingEmbedder()))
