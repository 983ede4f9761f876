from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from matcher.browsing.map_view import MapViews, points_in
from matcher.domain.listening import Source
from matcher.errors import MapMissing, NotSynced
from matcher.groups.access import Access
from matcher.pipeline import Pipeline
from matcher.ports import Account
from matcher.scoring.taste_map import CELLS, EDGE, Community, TasteMap, about, map_points
from tests.fakes.people import FakePeople
from tests.fakes.product_way import nearest, save_profile
from tests.fakes.stores import FakeListenerStore, FakePositionStore
from tests.matcher.matching.test_service import CALIBRATION, RANKER, FakeEmbedder
from tests.storage.contracts.worlds import candidates, profile, random_units
from wiring.daily_cache import DailyCache

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AXES = np.zeros((2, 8))
AXES[0, 0] = AXES[1, 1] = 1.0
CHART = TasteMap(np.zeros(8), AXES, (Community((0.1, 0.2), ("Low", "Can"), 0.4, ("drone",)),))

positions = arrays.arrays(
    np.float32, st.tuples(st.integers(0, 90), st.just(2)), elements=st.floats(-1.25, 1.25, width=32)
)


def test_a_listener_is_placed_by_one_matrix_product():
    stored = np.zeros((1, 8), np.float32)
    stored[0, :2] = 0.25, -0.5
    np.testing.assert_allclose(CHART.place(stored), [[0.25, -0.5]])


def test_products_made_elsewhere_place_alike():
    chart = TasteMap(np.full(8, 0.1), AXES * 1.5)
    stored = random_units(20, 8)
    np.testing.assert_allclose(chart.settle(stored @ (AXES * 1.5).T), chart.place(stored), atol=1e-6)


def test_nobody_lies_beyond_the_edge():
    far = np.full((1, 8), 50.0, np.float32)
    np.testing.assert_allclose(CHART.place(far), [[EDGE, EDGE]])


def test_a_map_comes_back_from_json():
    back = TasteMap.from_json(CHART.to_json())
    assert back.communities == CHART.communities
    np.testing.assert_array_equal(back.axes, CHART.axes)


def test_a_map_of_a_model_of_before_has_no_tags():
    kept = CHART.to_json()
    del kept["communities"][0]["tags"]
    assert TasteMap.from_json(kept).communities[0].tags == ()


@pytest.mark.parametrize(
    ("centre", "axes"),
    [(np.zeros(8), np.zeros((2, 7))), (np.zeros((1, 8)), AXES), (np.full(8, np.nan), AXES)],
)
def test_a_map_that_does_not_hang_together_is_refused(centre, axes):
    with pytest.raises(ValueError, match="map"):
        TasteMap(centre, axes)


@given(positions)
def test_points_of_a_crowd_come_by_twenty_five_in_a_cell(found):
    points = map_points(found)
    assert len(points) <= len(found)
    fits = []
    for width in CELLS:
        counts = np.unique(np.floor(points / width), axis=0, return_counts=True)[1]
        fits.append((counts % 25 == 0).all())
    assert any(fits)


@pytest.mark.parametrize(("n", "drawn"), [(24, 0), (25, 25), (26, 25), (49, 25), (50, 50)])
def test_one_more_shows_only_where_twenty_five_are_full(n, drawn):
    assert len(map_points(np.full((n, 2), 0.51, np.float32))) == drawn


@given(positions, st.randoms())
def test_a_crowd_does_not_tell_who_came_first(found, random):
    order = list(range(len(found)))
    random.shuffle(order)
    np.testing.assert_array_equal(map_points(found), map_points(found[order]))


def test_one_alone_is_not_drawn_among_many():
    crowd = np.tile(np.array([[0.51, 0.51]], np.float32), (50, 1))
    loner = np.array([[-0.9, -0.9]], np.float32)
    assert (map_points(np.concatenate([crowd, loner])) > 0).all()
    assert len(map_points(loner)) == 0


def test_where_somebody_moves_within_a_cell_nothing_is_seen():
    crowd = np.tile(np.array([[0.515, 0.515]], np.float32), (30, 1))
    moved = crowd.copy()
    moved[0] = 0.525
    np.testing.assert_array_equal(map_points(crowd), map_points(moved))


@given(st.floats(-1.25, 1.25), st.floats(-1.25, 1.25))
def test_about_is_near_and_tells_nothing_finer(x, y):
    near = about((x, y))
    assert abs(near[0] - x) <= 0.026
    assert abs(near[1] - y) <= 0.026
    assert about(near) == pytest.approx(near)


# ---- the use case ------------------------------------------------------------------------------------


class Room:
    """Listeners on a map: a hundred and twenty who may be found, me, and one in hiding."""

    def __init__(self, chart=CHART):
        self.store, self.chart = FakeListenerStore(), chart
        self.store.add_candidates(
            candidates(random_units(120, 8)), [f"Alias {n}" for n in range(120)], "v1", NOW
        )
        self.me, self.hidden = (self._signed_in(name) for name in ("me", "hidden"))
        circle = Access(FakePeople(self.store))
        self.map_view = MapViews(self.store, circle, points_in(FakePositionStore(self.store)), self.model)
        self.found = [one.listener_id for one in nearest(self.store, random_units(1, 8)[0], 5, "v1", self.me)]

    def _signed_in(self, name):
        key = self.store.connect(Account(name), Source.TABLE, name, NOW).listener_id
        save_profile(self.store, key, profile(), random_units(1, 8, seed=len(name))[0], "v1", NOW)
        return key

    def model(self):
        return Pipeline(FakeEmbedder("v1"), RANKER, CALIBRATION, self.chart)


def test_the_map_shows_me_my_matches_a_crowd_and_the_communities():
    room = Room()
    view = room.map_view.draw_for(room.me, room.found)
    assert [one for one, _ in view.matches] == room.found
    assert view.me == pytest.approx(tuple(CHART.place(room.store.own_vector(room.me, "v1")[None])[0]))
    assert view.communities == CHART.communities
    assert 0 < len(view.crowd) <= 120


def test_a_match_is_only_drawn_about_where_they_are():
    room = Room()
    for key, place in room.map_view.draw_for(room.me, room.found).matches:
        exact = CHART.place(room.store.vectors([key], "v1").get(key)[None])[0]
        assert place == about(exact)


def test_a_part_of_my_taste_is_placed_by_itself_and_only_when_asked_for():
    room = Room()
    part = profile()
    view = room.map_view.draw_for(room.me, room.found, part)
    assert view.part == pytest.approx(tuple(CHART.place(FakeEmbedder("v1").embed([part]).stored)[0]))
    assert room.map_view.draw_for(room.me, room.found).part is None


def test_who_is_hidden_is_not_drawn_even_where_they_are_asked_for():
    room = Room()
    assert room.map_view.draw_for(room.me, [room.hidden, "nobody"]).matches == ()


def test_a_model_without_a_map_says_so():
    room = Room(chart=None)
    with pytest.raises(MapMissing):
        room.map_view.draw_for(room.me)


def test_who_was_not_read_yet_has_no_place():
    room = Room()
    new = room.store.connect(Account("new"), Source.TABLE, "x", NOW).listener_id
    with pytest.raises(NotSynced):
        room.map_view.draw_for(new)


def a_crowd_of(n):
    """A remembered crowd of so many points, how often it was asked for, and the time."""
    asked, now = [], [NOW]

    def crowd(chart, version):
        asked.append(version)
        return np.zeros((n, 2), np.float32)

    return DailyCache(crowd, lambda: now[0]), asked, now


def test_the_crowd_is_counted_once_a_day_and_version():
    remembered, asked, now = a_crowd_of(25)
    for version in ("v1", "v1", "v2"):
        remembered(CHART, version)
    now[0] += timedelta(hours=11, minutes=59)  # NOW is noon
    remembered(CHART, "v2")
    assert asked == ["v1", "v2"]
    now[0] += timedelta(minutes=1)
    remembered(CHART, "v2")
    assert asked == ["v1", "v2", "v2"]


def test_where_nobody_is_drawn_it_is_counted_again_after_a_minute():
    remembered, asked, now = a_crowd_of(0)
    for wait_s in (0, 59, 1):
        now[0] += timedelta(seconds=wait_s)
        remembered(CHART, "v1")
    assert asked == ["v1", "v1"]
