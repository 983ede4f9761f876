"""Nothing in a chart is anything but a chart, whatever the names in it."""

import re
from xml.etree import ElementTree

import pytest

from tests.ui.charts import gallery
from tests.ui.html.test_hostile_text import HOSTILE
from ui.charts import svg

NAMES = [
    *HOSTILE,
    "line\n\n# heading\n\n**bold**",
    ":material/delete: :smile: $x$ `code`",
    "a\u2028b\x00c",
]
KINDS = sorted(gallery.EMPTY)


def shown(html: str) -> list[ElementTree.Element]:
    """The chart's elements; parsing as XML proves that what is opened is closed."""
    return list(ElementTree.fromstring(f"<div>{html}</div>").iter())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_names_add_no_element_and_no_attribute(kind: str, name: str):
    def skeleton(one: str) -> list[tuple[str, list[str]]]:
        return [(part.tag, sorted(part.attrib)) for part in shown(gallery.filled(one, one)[kind])]

    assert skeleton(name) == skeleton("Velvet Heron 482")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_one_line_that_markdown_takes_as_it_is(kind: str, name: str):
    chart = gallery.filled(name, name)[kind]
    assert chart.startswith("<figure ")
    assert chart.splitlines() == [chart]
    assert not re.search(r":\w+[:/]", chart)


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_has_a_title_a_description_and_marks_one_can_reach(kind: str):
    parts = shown(gallery.filled()[kind])
    drawing = next(part for part in parts if part.tag == "svg")
    # a title would be shown beside the pointer all over a map, which has a readout of its own
    assert [child.tag for child in drawing][:2] == (["desc", "g"] if kind == "map" else ["title", "desc"])
    assert drawing.get("aria-label")
    assert drawing.find("desc").text
    marks = [part for part in parts if part.get("class") == "es-mark"]
    assert marks
    assert all(one.get("tabindex") == "0" for one in marks)
    assert all(one.get("aria-label") or one.find("title").text for one in marks)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_to_show_is_said(kind: str):
    chart = gallery.EMPTY[kind]()
    assert svg.texts.NOTHING in chart
    assert "<svg" not in chart


@pytest.mark.parametrize("kind", KINDS)
def test_no_colour_is_fixed_so_that_a_chart_follows_the_theme(kind: str):
    assert not re.search(r"#[0-9a-f]{3,6}|rgb|fill=|stroke=", gallery.filled()[kind], re.IGNORECASE)


def test_a_long_name_ends_in_an_ellipsis_and_is_whole_in_the_title():
    long = "Z" * 500
    chart = gallery.filled(long)["map"]
    assert "Z…" in chart
    assert long in chart


@pytest.mark.parametrize(("value", "written"), [(1.25, "1.2"), (-0.01, "0"), (300.0, "300"), (1e6, "1e+06")])
def test_coordinates_are_short(value: float, written: str):
    assert svg.number(value) == written
