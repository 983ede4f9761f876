from pathlib import Path

STYLE = (Path(__file__).parents[2] / "ui" / "style.css").read_text("utf-8")


def test_every_block_is_closed_before_the_next_section_begins():
    open_blocks = 0
    for number, line in enumerate(STYLE.splitlines(), start=1):
        if line.startswith("/* ----"):
            assert open_blocks == 0, f"line {number} stands inside a block that was never closed"
        open_blocks += line.count("{") - line.count("}")
    assert open_blocks == 0
