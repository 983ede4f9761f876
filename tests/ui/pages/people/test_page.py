"""The page of people: each control does what it says, and says what it did."""

import pytest

from matcher.browsing.feedback import FeedbackAction
from matcher.domain.consent import Relation
from tests.ui.conftest import Visit, html_of, labels_of, press
from tests.ui.living import LINK, LivingApplication
from ui import texts
from ui.pages.people import words


@pytest.fixture
def app():
    return LivingApplication()


def press_first(page, start):
    """Press the first button that is HTML whose key begins so."""
    press(page, next(key for key in labels_of(page) if key.startswith(start)))


def test_who_asks_is_agreed_to(visit: Visit, app):
    bob = app.bring("bob")
    app.people.choose_discoverable(app.ada, True)
    app.people.ask_to_connect(bob, app.ada)
    page = visit(app, screen="people")
    press_first(page, "agree_")
    assert [one.relation for one in app.people.contacts(app.ada)] == [Relation.CONNECTED]
    shown = html_of(page)
    assert texts.connecting.CONNECTED_MORE[True, True] in shown
    assert LINK in shown


@pytest.mark.parametrize("mine", [True, False])
@pytest.mark.parametrize("theirs", [True, False])
def test_what_is_said_after_agreeing_is_what_is_then_seen(visit: Visit, app, mine, theirs):
    bob = app.bring("bob")
    app.people.choose_discoverable(app.ada, True)
    app.people.ask_to_connect(bob, app.ada)
    app.people.choose_discoverable(app.ada, mine)
    app.people.choose_discoverable(bob, theirs)
    page = visit(app, screen="people")
    press_first(page, "agree_")
    assert texts.connecting.CONNECTED_MORE[mine, theirs] in html_of(page)
    assert (bob in app.people.relations.standings(app.ada, [bob])) is theirs
    assert (app.ada in app.people.relations.standings(bob, [app.ada])) is mine


def test_agreeing_with_somebody_who_has_left_is_told_as_theirs(visit: Visit, app):
    bob = app.bring("bob")
    app.people.choose_discoverable(app.ada, True)
    app.people.ask_to_connect(bob, app.ada)
    page = visit(app, screen="people")
    app.people.erase(bob)
    press_first(page, "agree_")
    assert texts.problems.ANOTHER_GONE[0] in html_of(page)
    assert 'class="es-primary"' not in html_of(page)


def test_who_asks_is_declined(visit: Visit, app):
    bob = app.bring("bob")
    app.people.choose_discoverable(app.ada, True)
    app.people.ask_to_connect(bob, app.ada)
    page = visit(app, screen="people")
    press_first(page, "decline_")
    assert app.people.contacts(app.ada) == []
    assert "They cannot ask you again for thirty days" in html_of(page)


def test_a_request_is_taken_back(visit: Visit, app):
    app.people.ask_to_connect(app.ada, app.bring("bob"))
    page = visit(app, screen="people")
    press_first(page, "take_back_")
    assert app.people.contacts(app.ada) == []


def test_a_connection_ends_only_after_asking_once_more(visit: Visit, app):
    bob = app.bring("bob")
    app.people.ask_to_connect(app.ada, bob)
    app.people.agree_to_connect(bob, app.ada)
    page = visit(app, screen="people")
    press_first(page, "ask_end_")
    assert words.END_SURE in html_of(page)
    assert app.people.contacts(app.ada)
    press(page, f"no_end_{bob}")
    assert app.people.contacts(app.ada)
    press_first(page, "ask_end_")
    press(page, f"yes_end_{bob}")
    assert app.people.contacts(app.ada) == []


def test_a_request_that_was_taken_back_meanwhile_is_told(visit: Visit, app):
    bob = app.bring("bob")
    app.people.choose_discoverable(app.ada, True)
    app.people.ask_to_connect(bob, app.ada)
    page = visit(app, screen="people")
    app.people.withdraw(bob, app.ada)
    press_first(page, "agree_")
    assert texts.problems.PROBLEMS["NotAsked"][0] in html_of(page)


def test_a_block_is_taken_back(visit: Visit, app):
    bob = app.bring("bob")
    app.people.block(app.ada, bob)
    page = visit(app, screen="people")
    assert app.service.listener(bob).alias in html_of(page)
    press_first(page, "unblock_")
    assert app.people.blocked(app.ada) == []


def test_nobody_yet_is_said_with_what_to_do(visit: Visit, app):
    shown = html_of(visit(app, screen="people"))
    assert words.NO_REQUESTS in shown
    assert words.NO_CONNECTED in shown
    assert words.WAITING not in shown


def test_hidden_listeners_are_counted_and_shown_again(visit: Visit, app):
    (first,) = app.browsing.nearest(app.ada, 1)
    app.browsing.note(app.ada, first.listener_id, FeedbackAction.DISMISSED)
    page = visit(app, screen="people")
    assert words.HIDDEN_MORE.format(n=1) in html_of(page)
    press_first(page, "unhide")
    assert words.UNHIDDEN in html_of(page)
    assert app.browsing.dismissed(app.ada) == frozenset()


def test_every_button_says_of_whom(visit: Visit, app):
    bob, cy = app.bring("bob"), app.bring("cy")
    app.people.choose_discoverable(app.ada, True)
    app.people.ask_to_connect(bob, app.ada)
    app.people.block(app.ada, cy)
    shown = html_of(visit(app, screen="people"))
    for label, other in ((words.AGREE, bob), (words.DECLINE, bob), (words.UNBLOCK, cy)):
        alias = app.service.listener(other).alias
        assert f'aria-label="{texts.card.named(label, alias)}"' in shown
