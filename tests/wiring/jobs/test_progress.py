"""What a command shows while it works."""

import io

from rich.console import Console

from wiring.jobs.progress import share_bar


def shown(*shares):
    text = io.StringIO()
    console = Console(file=text, force_terminal=True, width=80, legacy_windows=False)
    with share_bar(console, "Reading files") as advance:
        for share in shares:
            advance(share)
    return text.getvalue()


def test_a_share_is_shown_with_the_time_left():
    text = shown(0.25)
    assert "Reading files" in text
    assert "25%" in text
    assert "left" in text


def test_without_a_share_no_per_cent_is_invented():
    assert "%" not in shown()


def test_all_of_it_is_a_hundred_per_cent():
    assert "100%" in shown(0.5, 1.0)
