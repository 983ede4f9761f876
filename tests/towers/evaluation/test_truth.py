"""P7: the truth of a synthetic world, on tastes whose cosines are known."""

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.domain.profile import ListenerProfile
from towers.evaluation.truth import TrueTastes, shown_by, true_likeness, truth_figures

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


def test_the_tastes_of_some_stand_in_their_order():
    some = TRUTH.of(["eve", "ann"])
    assert some.listener_ids == ["eve", "ann"]
    assert some.scenes.tolist() == [[0.5, 0.5], [1.0, 0.0]]
    assert some.sound.tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_somebody_without_a_true_taste_is_told_of():
    with pytest.raises(ValueError, match="1 of 2 listeners have no true taste"):
        TRUTH.of(["ann", "a real person"])


def test_the_ten_best_are_shown_and_nobody_to_themselves():
    ids = [f"{n}" for n in range(13)]
    scores = np.tile(np.arange(13.0), (13, 1))
    shown = shown_by(scores, ids)
    assert shown["0"] == [f"{n}" for n in range(12, 2, -1)]
    assert shown["12"] == [f"{n}" for n in range(11, 1, -1)]
    assert shown_by(np.zeros((1, 1)), ["0"]) == {"0": []}


def test_every_system_is_told_by_the_truth():
    profiles = [ListenerProfile(key, Source.SYNTHETIC) for key in TRUTH.listener_ids]
    true = TRUTH.scenes @ TRUTH.scenes.T
    systems = {"right": lambda queries, candidates: true, "wrong": lambda queries, candidates: -true}
    found, beside = truth_figures(TRUTH, systems, profiles, {"eve"})
    # of four listeners all others are shown, whatever the order
    assert found["right"] == found["wrong"]
    assert found["right"].keys() == {"all", "unseen"}
    assert found["right"]["unseen"] == pytest.approx(HALF)
    assert beside["wrong"]["all, possible"] == pytest.approx(found["right"]["all"])
