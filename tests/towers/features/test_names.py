"""Names: n-grams and the vectors made of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from towers.features.names import NameVectors, is_name, ngrams

N_ROWS = 32_768


def vectors(dim: int = 8) -> NameVectors:
    rows = np.random.default_rng(0).normal(size=(N_ROWS, dim)).astype(np.float16)
    return NameVectors(rows, 0.25)


@pytest.mark.parametrize(
    ("key", "expected"), [("abba", True), ("abba|sos", True), ("#4x", False), ("", False)]
)
def test_an_id_is_no_name(key, expected):
    assert is_name(key) is expected


def test_a_word_has_n_grams_of_three_to_five_characters_with_its_borders():
    # " abba " has 4 of three, 3 of four, 2 of five
    assert len(ngrams("abba")) == 9


def test_borders_belong_to_the_word():
    shared = set(ngrams("can")) & set(ngrams("xcanx"))
    assert len(shared) == 1  # "can" itself


def test_artist_and_title_of_a_track_are_words_like_any():
    assert ngrams("abba|sos") == ngrams("abba sos")


def test_repeated_n_grams_are_damped():
    (weight,) = set(ngrams("la la la").values())
    assert weight == pytest.approx(1 + np.log(3))


@given(st.text(max_size=300))
def test_any_name_has_a_finite_vector_of_the_length_or_none(key):
    (found,) = vectors().of([key])
    assert np.linalg.norm(found) == pytest.approx(0.25 if ngrams(key) else 0.0, abs=1e-6)


def test_a_very_long_name_counts_by_its_beginning():
    assert ngrams("abc " * 1_000_000) == ngrams("abc " * 50)


def test_alike_names_lie_near_each_other():
    one, guest, other = vectors(256).of(["dj krush", "dj krush and toshinori", "black sabbath"])
    assert one @ guest > 4 * abs(one @ other)


def test_no_names_give_no_vectors():
    assert vectors().of([]).shape == (0, 8)


def test_arrays_bring_them_back():
    one = vectors()
    again = NameVectors.from_arrays(one.to_arrays())
    np.testing.assert_array_equal(again.of(["abba"]), one.of(["abba"]))


@pytest.mark.parametrize(
    ("rows", "length"),
    [
        (np.zeros((5, 8), np.float16), 0.5),
        (np.zeros(N_ROWS, np.float16), 0.5),
        (np.full((N_ROWS, 8), np.nan, np.float16), 0.5),
        (np.zeros((N_ROWS, 8), np.float16), 0.0),
        (np.zeros((N_ROWS, 8), np.float16), 1.0),
        (np.zeros((N_ROWS, 8), np.float16), np.nan),
    ],
)
def test_what_does_not_fit_is_refused(rows, length):
    with pytest.raises(ValueError, match="name"):
        NameVectors(rows, length)
