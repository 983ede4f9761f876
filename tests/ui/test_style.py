"""The style sheets: well formed, and without rules that nothing uses."""

import re
from pathlib import Path

import pytest

UI = Path(__file__).parents[2] / "ui"
PARTS = sorted((UI / "style").glob("*.css"))
MADE_FROM_VALUES = {
    "es-done",
    "es-active",
    "es-skipped",
    "es-visible",
    "es-disc-rim",
    "es-disc-groove",
    "es-as-story",
    "es-as-square",
    "es-as-wide",
    "es-layer-me",
} | {
    "es-square",
    "es-wide",
}
"""Classes that code puts together, such as from the stage of a step."""


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_block_is_closed_before_the_next_section_begins(part):
    open_blocks = 0
    for number, line in enumerate(part.read_text("utf-8").splitlines(), start=1):
        if line.startswith("/* ----"):
            assert open_blocks == 0, f"line {number} stands inside a block that was never closed"
        open_blocks += line.count("{") - line.count("}")
    assert open_blocks == 0


def test_every_class_that_is_styled_is_drawn_by_somebody():
    styled = set(re.findall(r"\.(es-[a-z-]+)", "".join(part.read_text("utf-8") for part in PARTS)))
    drawn = "\n".join(one.read_text("utf-8") for end in ("*.py", "*.js") for one in UI.rglob(end))
    assert {one for one in styled - MADE_FROM_VALUES if one not in drawn} == set()


def test_no_part_can_end_the_style_element_it_is_put_into():
    assert not [part.name for part in PARTS if "<" in part.read_text("utf-8")]
