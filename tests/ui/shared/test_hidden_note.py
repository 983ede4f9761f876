"""The note to those who cannot be found."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.conftest import html_of
from ui.texts import connecting as words


def note(discoverable, paused):
    def draw(discoverable, paused):
        from matcher.domain.consent import Sharing
        from matcher.ports import Choices
        from ui import screen, screens
        from ui.shared import hidden_note

        screen.current(screens.SCREENS)
        hidden_note.show(Choices("x", discoverable, paused, Sharing()))

    return html_of(AppTest.from_function(draw, args=(discoverable, paused)).run())


@pytest.mark.parametrize(
    ("discoverable", "paused", "told"),
    [(False, False, words.NOTE_HIDDEN), (False, True, words.NOTE_HIDDEN), (True, True, words.NOTE_PAUSED)],
)
def test_the_hidden_and_the_paused_are_told_that_nobody_finds_them(discoverable, paused, told):
    assert told in note(discoverable, paused)


def test_whoever_can_be_found_is_told_nothing():
    assert note(True, False) == ""
