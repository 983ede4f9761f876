import json

import numpy as np
import pytest

from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from towers.evaluation.protocols import (
    N_MATCHED,
    by_thirds,
    friend_figures,
    friendships,
    items_of,
    mainstreamness,
    same_label_at_10,
    same_person,
    spread,
)


def heard(listener_id, *tracks):
    items = tuple(Item("", track, 1.0, "plays") for track in tracks)
    return ListenerProfile(listener_id, Source.TABLE, items=items)


def test_finding_ones_other_half_is_worked_out_from_ranks():
    # ranks 1, 2 and 3 of three
    scores = np.array([[0.9, 0.1, 0.2], [0.8, 0.5, 0.3], [0.6, 0.5, 0.4]])
    assert same_person(scores) == pytest.approx({"mrr": (1 + 1 / 2 + 1 / 3) / 3, "r@1": 1 / 3, "r@10": 1.0})


def test_the_tenth_is_found_and_the_eleventh_is_not():
    scores = np.zeros((12, 12))
    scores[0, :10] = np.linspace(1.0, 2.0, 10)  # the true one is tenth
    scores[1, 2:] = 1.0  # ten are better, the true one is eleventh
    scores[1, 1] = 0.5
    assert same_person(scores)["r@10"] == pytest.approx(1 / 12)


def test_a_tie_is_not_a_hit():
    assert same_person(np.ones((4, 4))) == {"mrr": 0.25, "r@1": 0.0, "r@10": 1.0}


def test_a_score_that_is_no_number_is_no_hit():
    scores = np.eye(12)
    scores[0, 0] = np.nan
    assert same_person(scores)["r@10"] == pytest.approx(11 / 12)


def test_thirds_are_niche_middle_and_mainstream():
    # six queries; the two most mainstream find themselves first, the two niche ones last
    scores = np.zeros((6, 6))
    scores[2, 2] = scores[4, 4] = 1.0
    mainstream = np.array([0.1, 0.5, 0.9, 0.2, 0.8, 0.4])
    found = by_thirds(scores, mainstream)
    assert list(found) == ["niche", "middle", "mainstream"]
    assert found["mainstream"]["mrr"] == 1.0
    assert found["niche"]["mrr"] == found["middle"]["mrr"] == pytest.approx(1 / 6)


@pytest.mark.parametrize("n", [1, 2])
def test_thirds_of_fewer_than_three_are_still_three(n):
    assert list(by_thirds(np.eye(n), np.arange(n, dtype=float))) == ["niche", "middle", "mainstream"]


def test_mainstreamness_is_the_mean_log_of_how_many_hear_the_items():
    known = [heard("k1", "a", "b"), heard("k2", "a"), heard("k3", "a")]
    found = mainstreamness([heard("x", "a"), heard("y", "a", "b"), heard("z", "never")], known)
    np.testing.assert_allclose(found, [np.log(4), (np.log(4) + np.log(2)) / 2, 0.0])


def test_a_profile_without_items_is_not_mainstream():
    assert mainstreamness([heard("x")], [heard("k", "a")]).tolist() == [0.0]


def test_items_are_tracks_or_else_artists():
    artist = ListenerProfile("x", Source.TABLE, items=(Item("low", "", 1.0, "plays"),))
    assert items_of(artist) == ["low"]
    assert items_of(heard("x", "a", "b")) == ["a", "b"]


def test_friendship_counts_from_both_sides_and_never_with_oneself():
    found = friendships([("a", "b"), ("a", "a")], ["a", "b", "c"])
    assert found.among.tolist() == [[False, True, False], [True, False, False], [False, False, False]]
    assert found.degrees.tolist() == [1, 1, 0]


def test_a_friendship_said_twice_is_one():
    found = friendships([("a", "b"), ("b", "a"), ("a", "b")], ["a", "b"])
    assert found.degrees.tolist() == [1, 1]


def test_friends_who_are_not_there_count_for_degrees_only():
    found = friendships([("a", "elsewhere"), ("a", "b")], ["a", "b"])
    assert found.degrees.tolist() == [2, 1]
    assert found.among.sum() == 2


def friends_of_first(n, degrees=None):
    """Listener 0 and 1 are friends, nobody else is; degrees as told."""
    found = friendships([("0", "1")], [str(place) for place in range(n)])
    if degrees is None:
        return found
    return type(found)(found.among, np.asarray(degrees))


def test_the_auc_of_friends_is_worked_by_hand():
    # 0 and 1 are friends; to 0 one of four strangers is nearer than 1; to 1 none is nearer than 0
    scores = np.zeros((6, 6))
    scores[0] = [9.0, 0.5, 0.9, 0.1, 0.2, 0.3]
    scores[1] = [0.8, 9.0, 0.1, 0.2, 0.3, 0.4]
    found = friend_figures(scores, friends_of_first(6))
    assert found["auc"] == pytest.approx((3 / 4 + 1) / 2)
    assert found["r@20"] == 1.0


def test_a_friend_who_ties_with_strangers_is_not_found():
    assert friend_figures(np.ones((30, 30)), friends_of_first(30)) == {
        "r@20": 0.0,
        "auc": 0.0,
        "degree-matched auc": 0.0,
    }


def test_the_twentieth_is_found_and_the_one_after_is_not():
    scores = np.zeros((40, 40))
    scores[0, 2:21] = scores[1, 2:22] = 1.0  # 19 strangers before the friend of 0, 20 before that of 1
    scores[0, 1] = scores[1, 0] = 0.5
    assert friend_figures(scores, friends_of_first(40))["r@20"] == 0.5


def test_a_listeners_score_with_itself_is_not_looked_at():
    rng = np.random.default_rng(0)
    scores = rng.random((30, 30))
    other = scores.copy()
    np.fill_diagonal(other, 1e9)
    assert friend_figures(scores, friends_of_first(30)) == friend_figures(other, friends_of_first(30))


def test_degree_matched_strangers_are_those_with_as_many_friends():
    # the friend has 50 friends; 20 strangers have as many and score above, 20 loners score below
    n = 2 + 2 * N_MATCHED
    scores = np.zeros((n, n))
    scores[0, 1] = scores[1, 0] = 0.5
    scores[:2, 2 : 2 + N_MATCHED] = 1.0
    degrees = [50, 50, *[50] * N_MATCHED, *[1] * N_MATCHED]
    found = friend_figures(scores, friends_of_first(n, degrees))
    assert found["auc"] == 0.5
    assert found["degree-matched auc"] == 0.0


def test_popular_people_do_not_flatter_the_degree_matched_auc():
    # everybody is scored by how many friends they have: friends do win, matched ones do not
    rng = np.random.default_rng(0)
    degrees = rng.integers(1, 6, 200)
    degrees[:2] = 5
    scores = np.tile(degrees.astype(float), (200, 1))
    found = friend_figures(scores, friends_of_first(200, degrees))
    assert found["auc"] > 0.7
    assert found["degree-matched auc"] == 0.0


@pytest.mark.filterwarnings("ignore:Mean of empty slice", "ignore:invalid value")
def test_who_has_only_friends_spoils_no_figure():
    found = friend_figures(np.eye(2), friends_of_first(2))
    assert np.isfinite(list(found.values())).all()


def test_without_friends_the_figures_are_still_json():
    found = friend_figures(np.eye(3), friendships([], ["a", "b", "c"]))
    json.dumps(found, allow_nan=False)


def test_precision_of_labels_is_worked_by_hand():
    # 12 listeners, six folk and six doom, each nearest to its own: 5 of the 10 nearest are
    labels = ["folk"] * 6 + ["doom"] * 6
    scores = np.equal.outer(np.array(labels), np.array(labels)).astype(float)
    assert same_label_at_10(scores, labels) == 0.5


def test_oneself_does_not_count_for_ones_label():
    labels = [str(place) for place in range(12)]
    assert same_label_at_10(np.eye(12), labels) == 0.0


def test_oneself_does_not_count_among_few_either():
    assert same_label_at_10(np.eye(4), list("abcd")) == 0.0


def test_labels_leave_the_scores_as_they_were():
    scores = np.ones((12, 12))
    same_label_at_10(scores, ["x"] * 12)
    assert (scores == 1.0).all()


def test_the_spread_is_mean_and_deviation_over_seeds():
    assert spread([{"mrr": 0.2}, {"mrr": 0.4}]) == {
        "mrr": {"mean": pytest.approx(0.3), "std": pytest.approx(0.1)}
    }


def test_the_spread_of_nothing_is_nothing():
    assert spread([]) == {}
