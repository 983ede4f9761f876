"""Buttons that are HTML: only what was drawn can be pressed, whatever a browser says."""

import pytest

from tests.ui.conftest import Visit, press, sent
from tests.ui.test_matches import FIRST, people
from tests.ui.test_privacy import HOSTILE, Tags
from ui.components import press as presses
from ui.visit import Visit as Run


def a_run() -> Run:
    return Run(application=None, cookie="", listener_id="ada")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "nobody", "hide_", 7, None, True, ["a"], {"key": "a"}, "x" * 10_000])
def test_what_was_not_drawn_cannot_be_pressed(visit: Visit, value: object):
    application = people()
    page = sent(visit(application), value)
    assert not page.exception
    assert application.people.contacts("ada") == []
    assert application.people.blocked("ada") == []


def test_what_was_on_the_page_before_cannot_be_pressed_any_more(visit: Visit):
    application = people()
    page = visit(application)
    press(page, f"hide_{FIRST}")
    sent(page, f"connect_card_{FIRST}")
    assert application.people.contacts("ada") == []


@pytest.mark.parametrize("text", HOSTILE)
def test_label_key_and_what_is_to_be_known_are_text(text: str):
    run = a_run()
    tags = Tags()
    tags.feed(presses.button(run, text, text, lambda: None, more=text))
    tags.feed(presses.switch(run, "name", text, on=True, do=None, more=text))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe"}


def test_a_switch_that_rests_cannot_be_pressed():
    run = a_run()
    assert " disabled" in presses.switch(run, "name", "key", on=False, do=None)
    assert run.buttons == {}
