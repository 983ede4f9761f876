"""P7: the truth of a synthetic world, on tastes whose cosines are known."""

import numpy as np
import pytest

from towers.evaluation.truth import TrueTastes, true_likeness

# ann and bob hear one scene, cem another, and eve both
TRUTH = TrueTastes(
    ["ann", "bob", "cem", "eve"],
    np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]),
    np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0], [0.0, 0.0]]),
)
HALF = np.sqrt(0.5)


def test_the_cosine_is_that_of_the_scenes():
    assert true_likeness(TRUTH, {"ann": ["bob"]}, ())["all"] == pytest.approx(1)
    assert true_likeness(TRUTH, {"ann": ["cem"]}, ())["all"] == pytest.approx(0)
    assert true_likeness(TRUTH, {"ann": ["eve", "bob"]}, ())["all"] == pytest.approx((1 + HALF) / 2)


def test_the_mean_is_over_listeners_and_not_over_pairs():
    found = true_likeness(TRUTH, {"ann": ["bob"], "cem": ["ann", "bob", "eve"]}, ())
    assert found["all"] == pytest.approx((1 + HALF / 3) / 2)


def test_unseen_listeners_have_figures_of_their_own():
    found = true_likeness(TRUTH, {"ann": ["bob"], "cem": ["ann"]}, {"cem"})
    assert (found["all"], found["unseen"]) == pytest.approx((0.5, 0))


def test_without_unseen_listeners_there_is_no_figure_of_them():
    assert not any(name.startswith("unseen") for name in true_likeness(TRUTH, {"ann": ["bob"]}, {"bob"}))


def test_oneself_and_listeners_without_a_true_taste_are_skipped():
    found = true_likeness(TRUTH, {"ann": ["ann", "a real person", "cem"], "a real person": ["ann"]}, ())
    assert found["all"] == pytest.approx(0)


def test_nobody_shown_counts_as_unlike():
    found = true_likeness(TRUTH, {"ann": []}, ())
    assert found["all"] == 0
    assert "all, sound" not in found


def test_only_the_first_ten_count():
    n = 13
    truth = TrueTastes(
        [f"{i}" for i in range(n)], np.array([[1.0, 0.0]] * 11 + [[0.0, 1.0]] * 2), np.ones((n, 1))
    )
    assert true_likeness(truth, {"0": [f"{i}" for i in range(1, n)]}, ())["all"] == pytest.approx(1)


def test_the_possible_and_the_random_stand_beside_it():
    found = true_likeness(TRUTH, {"ann": ["cem"]}, ())
    assert found["all, possible"] == found["all, random"] == pytest.approx((1 + 0 + HALF) / 3)


def test_the_distance_in_sound_is_the_mean_of_those_shown():
    assert true_likeness(TRUTH, {"ann": ["bob", "cem"]}, ())["all, sound"] == pytest.approx((5 + 1) / 2)


def test_nobody_asked_about_has_no_figures():
    assert true_likeness(TRUTH, {}, ()) == {}


@pytest.mark.parametrize(
    ("ids", "scenes", "sound"),
    [
        (["a"], np.ones((2, 1)), np.ones((1, 1))),
        (["a"], np.ones((1, 1)), np.ones((2, 1))),
        (["a", "a"], np.ones((2, 1)), np.ones((2, 1))),
        (["a"], np.zeros((1, 1)), np.ones((1, 1))),
    ],
)
def test_tastes_that_do_not_fit_are_refused(ids, scenes, sound):
    with pytest.raises(ValueError, match="taste"):
        TrueTastes(ids, scenes, sound)
