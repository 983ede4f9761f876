"""From values to coordinates."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.charts.gallery import a_summary
from ui import charts, texts
from ui.charts import audio
from ui.charts.bars import PLOT
from ui.charts.heat import LABELS, MOST, cell_size
from ui.charts.overlap import circles_of, common_area
from ui.charts.radar import CENTRE, RADIUS, point
from ui.charts.scatter import STEEPEST, WIDTH, Frame
from ui.charts.spread import LABELS as SPREAD_LABELS
from ui.charts.spread import x_of
from ui.charts.waterfall import LABELS as WATERFALL_LABELS
from ui.charts.waterfall import VALUES

numbers = st.integers(0, 10_000)


def rows_of(chart: str, tag: str, css: str) -> list[dict[str, float]]:
    """Numeric attributes of the elements with this class, in order."""
    found = re.findall(rf'<{tag} class="{css}" ([^>]*)/>', chart)
    return [{key: float(value) for key, value in re.findall(r'(\w+)="(-?[\d.]+)"', one)} for one in found]


# ---- radar -------------------------------------------------------------------------------------------


def test_the_first_axis_points_up_and_the_others_follow_clockwise():
    top, right, bottom, left = (point(place, 4, 1.0) for place in range(4))
    middle_x, middle_y = CENTRE
    assert top == pytest.approx((middle_x, middle_y - RADIUS))
    assert right == pytest.approx((middle_x + RADIUS, middle_y))
    assert bottom == pytest.approx((middle_x, middle_y + RADIUS))
    assert left == pytest.approx((middle_x - RADIUS, middle_y))


@pytest.mark.parametrize(("share", "reach"), [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (7.0, 1.0), (-3.0, 0.0)])
def test_a_share_is_that_far_from_the_middle_and_never_beyond_the_rim(share: float, reach: float):
    assert math.dist(point(1, 5, share), CENTRE) == pytest.approx(reach * RADIUS)


def test_an_outline_of_another_length_is_refused():
    with pytest.raises(ValueError, match="one share for each axis"):
        charts.radar("Sound", [charts.Axis("a")] * 3, [charts.Outline("me", [0.5])])


def test_an_unknown_share_is_left_out_and_said():
    chart = charts.radar("Sound", [charts.Axis(n) for n in "abcd"], [charts.Outline("", [0.5, None, 0.2, 1])])
    outline = chart[chart.index("es-outline") :]
    assert outline.count("<circle") == 3
    assert "b&#58; not known" in chart


def test_audio_is_told_in_its_own_units():
    assert audio.worded("tempo", 121.4) == "121 BPM"
    assert audio.worded("loudness", -8.2) == "−8 dB"
    assert audio.worded("energy", 0.62) == "62 %"


@pytest.mark.parametrize(("value", "share"), [(60, 0.0), (120, 0.5), (180, 1.0), (20, 0.0), (300, 1.0)])
def test_tempo_is_drawn_over_the_range_in_which_music_lies(value: float, share: float):
    assert audio.share("tempo", value) == share


# ---- waterfall ---------------------------------------------------------------------------------------


def test_each_part_begins_where_the_one_before_it_ends_and_the_sum_begins_at_nothing():
    parts = [charts.Part("a", 0.4), charts.Part("b", -0.1), charts.Part("c", 0.3)]
    chart = charts.waterfall("Score", parts)
    (a, c), (b,), (whole,) = (rows_of(chart, "rect", f"es-{kind}") for kind in ("plus", "minus", "sum"))
    assert a["x"] + a["width"] == pytest.approx(b["x"] + b["width"], abs=0.11)
    assert b["x"] == pytest.approx(c["x"], abs=0.11)
    assert whole["x"] == a["x"]
    assert whole["x"] + whole["width"] == pytest.approx(c["x"] + c["width"], abs=0.11)
    assert a["width"] / b["width"] == pytest.approx(4, rel=0.02)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8))
def test_every_bar_lies_between_labels_and_values(values: list[float]):
    chart = charts.waterfall("Score", [charts.Part("part", value) for value in values])
    bars_drawn = [row for kind in ("plus", "minus", "sum") for row in rows_of(chart, "rect", f"es-{kind}")]
    assert len(bars_drawn) == len(values) + 1
    assert all(row["x"] >= WATERFALL_LABELS - 0.1 for row in bars_drawn)
    assert all(row["x"] + row["width"] <= 360 - VALUES + 1.1 for row in bars_drawn)


@pytest.mark.parametrize("label", texts.card.COMPONENTS.values())
def test_no_part_of_a_score_is_cut_in_its_name(label: str):
    assert f">\u2068{label}\u2069</text>" in charts.waterfall("Score", [charts.Part(label, 0.4)])


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=8))
def test_every_waterfall_has_a_scale_of_round_values_with_nothing_on_it(values: list[float]):
    chart = charts.waterfall("Score", [charts.Part("part", value) for value in values])
    marks = re.findall(r'es-scale" x="([\d.]+)"[^>]*>([^<]+)<', chart)
    assert "0" in [value for _, value in marks]
    assert len(marks) <= 7
    assert all(WATERFALL_LABELS - 0.1 <= float(x) <= 360 - VALUES + 0.1 for x, _ in marks)


def test_the_sum_says_what_it_means():
    assert texts.charts.TOTAL_MEANING in charts.waterfall("Score", [charts.Part("part", 0.4)])


# ---- overlap -----------------------------------------------------------------------------------------


@given(numbers, numbers, st.floats(0, 1))
def test_areas_are_proportional_to_the_numbers(n_left: int, n_right: int, part: float):
    n_shared = round(min(n_left, n_right) * part)
    circles = circles_of(n_left, n_right, n_shared, 50.0)
    unit = math.pi * 50.0**2 / max(n_left, n_right, 1)
    assert math.pi * circles.left**2 == pytest.approx(n_left * unit)
    assert math.pi * circles.right**2 == pytest.approx(n_right * unit)
    common = common_area(circles.left, circles.right, circles.apart)
    assert common == pytest.approx(n_shared * unit, rel=1e-4, abs=1e-3 * math.pi * 50.0**2)


def test_every_number_under_the_records_says_what_it_counts():
    chart = charts.overlap("o", charts.Heap("a", 1210), charts.Heap("b", 96), 37, "artists")
    assert re.findall(r'class="es-(?:number [a-z-]+|scale)"[^>]*>([^<]+)<', chart) == [
        *("1,210", "artists"),
        *("37", "shared"),
        *("96", "artists"),
    ]


def test_nothing_shared_stands_apart():
    circles = circles_of(10, 5, 0, 50.0)
    assert circles.apart > circles.left + circles.right


@pytest.mark.parametrize(("left", "right", "shared"), [(3, 2, 4), (-1, 2, 0), (2, 2, -1)])
def test_what_cannot_be_is_refused(left: int, right: int, shared: int):
    with pytest.raises(ValueError, match="shared"):
        charts.overlap("o", charts.Heap("a", left), charts.Heap("b", right), shared, "artists")


@given(numbers, numbers, st.floats(0, 1))
def test_both_records_stay_inside_the_picture(n_left: int, n_right: int, part: float):
    n_shared = round(min(n_left, n_right) * part)
    chart = charts.overlap("o", charts.Heap("a", n_left), charts.Heap("b", n_right), n_shared, "artists")
    for css in ("es-mine es-disc-rim", "es-theirs es-disc-rim"):
        for row in rows_of(chart, "circle", css):
            assert row["cx"] - row["r"] >= 0
            assert row["cx"] + row["r"] <= 360


# ---- columns, spreads, matrix ------------------------------------------------------------------------


def test_columns_are_as_high_as_their_values():
    chart = charts.bars("b", [charts.Bar("a", 10, "10"), charts.Bar("b", 5, "5"), charts.Bar("c", 0, "0")])
    heights = [row["height"] for row in rows_of(chart, "rect", "es-plus")]
    assert heights == [PLOT, PLOT / 2, 0]


def test_columns_stand_on_one_line_from_left_to_right():
    chart = charts.bars("h", [charts.Bar(str(n), n + 1, str(n)) for n in range(5)])
    columns = rows_of(chart, "rect", "es-plus")
    assert len({row["y"] + row["height"] for row in columns}) == 1
    assert [row["x"] for row in columns] == sorted(row["x"] for row in columns)


def test_quantiles_are_drawn_in_their_order():
    assert [x_of(share) for share in (0, 0.5, 1)] == sorted(x_of(share) for share in (0, 0.5, 1))
    assert x_of(-1) == SPREAD_LABELS
    assert x_of(2) == x_of(1) < 360


def test_a_spread_tells_its_range_and_what_is_spread():
    (row,) = (one for one in audio.spreads(a_summary()) if one.label == "Tempo")
    assert (row.ends, row.meaning) == (("60 BPM", "180 BPM"), "beats a minute (BPM)")
    chart = charts.spread("s", [row], "Dot: the median.")
    for told in (">60 BPM</text>", ">180 BPM</text>", "beats a minute (BPM)", "<p>Dot&#58; the median.</p>"):
        assert told in chart


def test_a_spread_has_five_quantiles():
    with pytest.raises(ValueError, match="five"):
        charts.Spread("energy", [0.1, 0.9], "tip")


@pytest.mark.parametrize("n", range(1, MOST + 1))
def test_a_matrix_fits_across(n: int):
    assert LABELS + cell_size(n) * n <= 360


def test_a_matrix_must_be_square():
    with pytest.raises(ValueError, match="one row and one column"):
        charts.heat_map("h", ["a", "b"], [[None, 0.5]])


def test_a_cell_is_as_deep_as_its_share():
    chart = charts.heat_map("h", ["a", "b"], [[None, 0.25], [1.5, None]])
    assert re.findall(r"--depth:([\d.]+)", chart) == ["0.25", "1"]
    assert chart.count("es-blank") == 2


# ---- map ---------------------------------------------------------------------------------------------

places = st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))


@given(st.lists(places, min_size=1, max_size=30))
def test_every_point_lies_on_the_map(points: list[tuple[float, float]]):
    frame = Frame.around(points)
    placed = [frame.place(point) for point in points]
    assert all(-0.01 <= x <= WIDTH + 0.01 and -0.01 <= y <= frame.height + 0.01 for x, y in placed)
    assert frame.height <= STEEPEST + 0.01


def test_up_is_up_and_distances_are_true():
    frame = Frame.around([(0, 0), (3, 4)])
    low, high = frame.place((0, 0)), frame.place((3, 4))
    assert high[1] < low[1]
    assert (low[1] - high[1]) / (high[0] - low[0]) == pytest.approx(4 / 3)


def test_thousands_of_points_are_one_element_and_what_is_not_finite_is_left_out():
    cloud = [(float(n % 97), float(n % 89)) for n in range(5000)] + [(math.nan, 1.0), (math.inf, 0.0)]
    chart = charts.scatter("m", cloud, [charts.Spot(1, 1, "me", "me")], "many")
    assert chart.count("<path") == 1
    assert chart.count("h0") == 5000
    assert len(chart) < 100_000
