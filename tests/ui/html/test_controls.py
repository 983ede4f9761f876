"""Buttons that are HTML: only what was drawn can be pressed, whatever a browser says."""

from collections.abc import Callable

import pytest

from harness.pressing import told
from tests.ui.conftest import Visit, press, sent
from tests.ui.html.test_hostile_text import HOSTILE, Tags
from tests.ui.pages.matches.test_page import FIRST, people
from ui.html import controls as presses
from ui.request import Request as Run


def as_it_is(value: object) -> object:
    return value


def a_run() -> Run:
    return Run(application=None, cookie="", listener_id="ada")  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "nobody", "hide_", 7, None, True, ["a"], {"key": "a"}, "x" * 10_000])
@pytest.mark.parametrize("as_told", [as_it_is, told], ids=["bare", "numbered"])
def test_what_was_not_drawn_cannot_be_pressed(
    visit: Visit, value: object, as_told: Callable[[object], object]
):
    application = people()
    page = sent(visit(application), as_told(value))
    assert not page.exception
    assert application.people.contacts("ada") == []
    assert application.people.blocked("ada") == []


def test_what_was_on_the_page_before_cannot_be_pressed_any_more(visit: Visit):
    application = people()
    page = visit(application)
    press(page, f"hide_{FIRST}")
    sent(page, told(f"connect_card_{FIRST}"))
    assert application.people.contacts("ada") == []


@pytest.mark.parametrize("number", [0, -1, "1", 1.0, True, None, 1 << 53, float("inf")], ids=repr)
def test_a_press_without_a_number_of_ours_is_none(visit: Visit, number: object):
    application = people()
    sent(visit(application), [[number, f"connect_card_{FIRST}"]])
    assert application.people.contacts("ada") == []


def test_two_choices_that_come_in_one_run_are_both_made(visit: Visit):
    page = sent(visit(people()), told("lately", "order_1"))
    assert (page.query_params["lately"], page.query_params["order"]) == ("1", "discover")


def test_a_press_that_is_told_again_with_the_next_one_is_done_once(visit: Visit):
    (first,), (second,) = told("lately"), told("order_1")
    page = sent(visit(people()), [first])
    page = sent(page, [first, second])
    assert (page.query_params["lately"], page.query_params["order"]) == ("1", "discover")


@pytest.mark.parametrize("text", HOSTILE)
def test_label_key_and_what_is_to_be_known_are_text(text: str):
    run = a_run()
    tags = Tags()
    tags.feed(presses.button(run, text, text, lambda: None, more=text))
    tags.feed(presses.switch(run, "name", text, on=True, do=None, more=text))
    tags.feed(presses.menu(run, text, text, {0: text, 1: text}, 1, lambda _: None))
    tags.feed(presses.choices(run, text, text, {text: text}, text, lambda _: None))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe"}


def test_what_rests_cannot_be_pressed():
    run = a_run()
    assert " disabled" in presses.switch(run, "name", "key", on=False, do=None)
    assert " disabled" in presses.button(run, "label", "key", do=None)
    assert run.buttons == {}


def test_what_is_chosen_is_told_by_its_number():
    run, chosen = a_run(), []
    presses.menu(run, "Sort by", "order", {0: "near", -7: "far"}, 0, chosen.append)
    run.buttons["order_-7"]()
    assert chosen == [-7]


@pytest.mark.parametrize(("value", "stands_at"), [(-7, "order_-7"), (0, "order_0"), (5, "order_0")])
def test_a_menu_stands_at_what_is_chosen_or_at_its_first(value: int, stands_at: str):
    menu = presses.menu(a_run(), "Sort by", "order", {0: "near", -7: "far"}, value, lambda _: None)
    assert menu.count(" selected") == 1
    assert f'<option value="{stands_at}" selected>' in menu


def test_of_a_few_side_by_side_one_is_chosen_and_another_can_be():
    run, chosen = a_run(), []
    shown = presses.choices(
        run, "Kind", "kind", {"artist": "Artists", "track": "Tracks"}, "track", chosen.append
    )
    assert shown.count('aria-pressed="true"') == 1
    assert 'data-press="kind_track" aria-pressed="true">Tracks<' in shown
    run.buttons["kind_artist"]()
    assert chosen == ["artist"]


def test_what_a_menu_does_not_offer_cannot_be_chosen(visit: Visit):
    page = sent(visit(people()), told("tag_7"))
    assert not page.exception
    assert not page.query_params
