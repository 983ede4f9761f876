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


def rows_of(*keys: str) -> list[set[int]]:
    found = ngrams(keys)
    return [set(found.row[found.name == place].tolist()) for place in range(len(keys))]


def test_a_word_has_n_grams_of_three_to_five_characters_with_its_borders():
    # " abba " has 4 of three, 3 of four, 2 of five
    assert len(ngrams(["abba"]).row) == 9


def test_borders_belong_to_the_word():
    word, inside = rows_of("can", "xcanx")
    assert len(word & inside) == 1  # "can" itself


def test_artist_and_title_of_a_track_are_words_like_any():
    track, words = rows_of("abba|sos", "abba sos")
    assert track == words


def test_no_n_gram_reaches_over_two_words_or_two_names():
    (both,), apart = rows_of("ab cd"), rows_of("ab", "cd")
    assert both == apart[0] | apart[1]


def test_repeated_n_grams_are_damped():
    found = ngrams(["la la la"])
    np.testing.assert_allclose(found.weight, 1 + np.log(3), rtol=1e-6)


def test_names_without_words_have_none_and_do_not_shift_the_others():
    found = rows_of("", "abba", "|", "can", "\0", "")
    assert [bool(rows) for rows in found] == [False, True, False, True, False, False]
    assert [found[1], found[3]] == rows_of("abba", "can")


def test_n_grams_are_spread_over_all_rows():
    keys = [f"{a}{b}{c}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"]
    rows = ngrams(keys).row
    n_distinct = len(set(rows.tolist()))
    assert rows.min() < 100
    assert rows.max() > N_ROWS - 100
    # 1,000 words have 1,000 + 2 * 100 + 1,000 * 2 + 1,000 distinct n-grams; few may share a row
    assert 0.9 * 4_200 * (1 - 4_200 / (2 * N_ROWS)) < n_distinct <= 4_200


@given(st.text(max_size=300))
def test_any_name_has_a_finite_vector_of_the_length_or_none(key):
    (found,) = vectors().of([key])
    assert np.linalg.norm(found) == pytest.approx(0.25 if len(ngrams([key]).row) else 0.0, abs=1e-6)


def test_a_very_long_name_counts_by_its_beginning():
    assert len(ngrams(["abc " * 1_000_000]).row) == len(ngrams(["abc " * 50]).row)


def test_alike_names_lie_near_each_other():
    one, guest, other = vectors(256).of(["dj krush", "dj krush and toshinori", "black sabbath"])
    assert one @ guest > 4 * abs(one @ other)


def test_a_vector_is_the_same_in_any_company_and_the_second_time():
    names = vectors()
    keys = ["abba", "", "dj krush|kemuri", "кино", "abba"]
    together = names.of(keys)
    np.testing.assert_allclose(together, [vectors().of([key])[0] for key in keys], atol=1e-6)
    np.testing.assert_array_equal(names.of(keys[::-1]), together[::-1])


def test_more_names_than_are_kept_are_right(monkeypatch):
    monkeypatch.setattr("towers.features.names._CACHED", 3)
    names = vectors()
    for some in (["a", "b"], ["b", "c", "d"], ["a", "d", "e", "f"], ["b"]):
        np.testing.assert_allclose(names.of(some), vectors().of(some), atol=1e-6)


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
