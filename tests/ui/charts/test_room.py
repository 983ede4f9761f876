"""Names and dots of a map find room, or are left out."""

from itertools import combinations
from math import dist

from hypothesis import given
from hypothesis import strategies as st

from ui import charts
from ui.charts.apart import apart
from ui.charts.labels import NARROW, WIDE, ZOOMS, Anchor, _square, _written, place, place_by_zoom
from ui.charts.scatter import _by_importance

PAGE = (480.0, 300.0)
points = st.lists(st.tuples(st.floats(0, 480), st.floats(0, 300)), max_size=20)
anchors = st.lists(
    st.builds(
        Anchor,
        st.floats(0, 480),
        st.floats(0, 300),
        st.sampled_from([0.0, 7.5]),
        st.text(min_size=1, max_size=34),
    ),
    max_size=20,
)


@given(points)
def test_no_two_dots_cover_each_other(found):
    assert all(dist(*two) >= 17.0 - 1e-6 for two in combinations(apart(found, 17.0, PAGE), 2))


@given(points)
def test_the_first_dot_stays_where_it_is(found):
    assert apart(found, 17.0, PAGE)[:1] == found[:1]


def test_dots_with_room_stay_where_they_are():
    found = [(100.0, 100.0), (140.0, 100.0), (100.0, 140.0)]
    assert apart(found, 17.0, PAGE) == found


@given(anchors)
def test_no_name_lies_over_another_or_over_a_dot_on_any_screen(found):
    labels = place(found, *PAGE)
    dots = [_square(one) for one in found if one.radius]
    for size, shown in ((WIDE, labels), (NARROW, [one if one and one.narrow else None for one in labels])):
        boxes = [
            _written(anchor.label, at.x, at.y, at.anchor, size)
            for anchor, at in zip(found, shown, strict=True)
            if at
        ]
        assert not any(one.meets(other) for one, other in combinations(boxes, 2))
        assert all(one.left >= 0 and one.right <= 480 and one.top >= 0 and one.bottom <= 300 for one in boxes)
        assert not any(box.meets(dot) for box in boxes for dot in dots)


@given(anchors)
def test_a_name_that_comes_with_the_zoom_lies_over_no_other_and_those_before_stay(found):
    labels, first = place_by_zoom(found, *PAGE), place(found, *PAGE)
    assert [one for one in labels if one and one.zoom == 1] == [one for one in first if one]
    for zoom in ZOOMS:
        boxes = [
            (
                at.zoom,
                _written(dot.label, dot.x * (zoom - 1) + at.x, dot.y * (zoom - 1) + at.y, at.anchor, 11.4),
            )
            for dot, at in zip(found, labels, strict=True)
            if at and at.zoom <= zoom
        ]
        pairs = [(one, other) for (n, one), (m, other) in combinations(boxes, 2) if zoom in (n, m)]
        assert not any(one.meets(other) for one, other in pairs)


def test_a_name_without_room_is_shown_once_the_map_is_zoomed():
    crowded = [Anchor(240.0 + 18 * n, 150.0, 7.5, "A rather long name") for n in range(-6, 7)]
    labels = place_by_zoom(crowded, *PAGE)
    assert {one.zoom for one in labels if one} > {1}


def test_a_name_between_dots_on_four_sides_stands_at_a_corner():
    around = [(240.0 + 30 * dx, 150.0 + 17 * dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    (label, *_) = place([Anchor(x, y, 7.5, "Warm Jackdaw") for x, y in ((240.0, 150.0), *around)], *PAGE)
    assert label is not None


@given(st.text(min_size=1, max_size=34), st.sampled_from([0.0, 7.5]))
def test_a_name_with_room_is_shown_on_every_screen(name, radius):
    (label,) = place([Anchor(2_400.0, 1_500.0, radius, name)], 4_800.0, 3_000.0)
    assert label is not None
    assert label.narrow


def test_names_of_the_important_find_room_first():
    here = [charts.Spot(0, 0, "Quiet Otter 1"), charts.Spot(0, 0, "you", "me"), charts.Spot(1, 1, "there")]
    chart = charts.scatter("m", [], here, "three")
    assert 'class="es-label es-me"' in chart


def test_the_nearest_matches_are_named_before_places_and_these_before_other_matches():
    here = [charts.Spot(0, 0, "there", "place"), *(charts.Spot(0, 0, f"Otter {n}") for n in range(12))]
    assert [one.label for one in _by_importance(here)] == [
        *(f"Otter {n}" for n in range(10)),
        *("there", "Otter 10", "Otter 11"),
    ]


def test_a_place_does_not_take_the_room_of_the_nearest_match():
    corners = [charts.Spot(0, 0, "", "me"), charts.Spot(10, 10, "", "me")]
    at = charts.Spot(5, 5, "Quiet Otter 101"), charts.Spot(5.4, 5, "A place with a long name", "place")
    assert 'class="es-label es-match' in charts.scatter("m", [], [*corners, *at], "two")


def test_a_dot_that_leads_somewhere_is_a_link_in_the_same_tab():
    chart = charts.scatter("m", [], [charts.Spot(0, 0, "a", badge="1", href='/match?listener="x')], "one")
    assert '<a class="es-mark" href="/match?listener=&#34;x" target="_self" aria-label="a">' in chart
    assert ">1</text>" in chart


def test_almost_nothing_and_almost_everything_are_not_rounded_away():
    chart = charts.heat_map("h", ["a", "b"], [[None, 0.001], [0.9999, None]])
    assert ">&lt;1 %</text>" in chart
    assert ">99 %</text>" in chart


def test_a_figure_without_room_for_its_sign_goes_without():
    n = 10
    chart = charts.heat_map("h", ["a"] * n, [[0.42] * n] * n)
    assert ">42</text>" in chart
