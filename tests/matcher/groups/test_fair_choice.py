import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from matcher.groups.fair_choice import choose_by_average, choose_fairly, satisfaction

likings = arrays.arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.integers(0, 8)),
    elements=st.integers(0, 20).map(lambda n: n / 20),
)


def test_the_least_satisfied_is_served_before_the_average():
    liking = np.array([[1.0, 0.9, 0.2], [1.0, 0.9, 0.2], [0.0, 0.1, 0.9]])
    fair, plain = choose_fairly(liking, 2), choose_by_average(liking, 2)
    assert set(plain) == {0, 1}
    assert 2 in fair
    assert satisfaction(liking, fair, 2).min() > satisfaction(liking, plain, 2).min()


def test_two_who_like_nothing_in_common_take_turns():
    liking = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]])
    assert [column // 2 for column in choose_fairly(liking, 4)] == [0, 1, 0, 1]


def test_what_everybody_likes_comes_first():
    liking = np.array([[1.0, 0.8, 0.0], [0.0, 0.8, 1.0]])
    assert choose_fairly(liking, 1).tolist() == [1]


def test_no_more_than_so_many_of_one_group():
    liking = np.ones((2, 6))
    chosen = choose_fairly(liking, 6, ["low", "low", "low", "can", "", ""], most_each=2)
    assert sorted(chosen.tolist()) == [0, 1, 3, 4, 5]


@given(likings, st.integers(-1, 10))
def test_a_choice_has_no_item_twice_and_as_many_as_there_are(liking, n):
    chosen = choose_fairly(liking, n)
    assert len(set(chosen.tolist())) == len(chosen) == max(0, min(n, liking.shape[1]))


@given(likings, st.integers(1, 8))
def test_satisfaction_lies_between_nothing_and_everything(liking, n):
    gained = satisfaction(liking, choose_fairly(liking, n), n)
    assert (gained >= 0).all()
    assert (gained <= 1 + 1e-9).all()


@given(likings, st.integers(1, 8), st.randoms())
def test_the_order_of_the_members_makes_no_difference(liking, n, random):
    order = list(range(len(liking)))
    random.shuffle(order)
    np.testing.assert_array_equal(choose_fairly(liking, n), choose_fairly(liking[order], n))


@given(likings)
def test_one_item_is_chosen_by_its_least_satisfied_listener(liking):
    if liking.shape[1]:
        share = liking / np.maximum(liking.max(axis=1, keepdims=True), 1e-12)
        (chosen,) = choose_fairly(liking, 1)
        assert share[:, chosen].min() >= share.min(axis=0).max() - 1e-9


def test_the_average_is_taken_over_members_and_orders_the_items():
    liking = np.array([[0.1, 0.9, 0.5], [0.1, 0.9, 0.5]])
    assert choose_by_average(liking, 2).tolist() == [1, 2]
