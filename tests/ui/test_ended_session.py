from collections.abc import Callable

import pytest

from tests.ui.company import in_company
from tests.ui.conftest import Visit, html_of
from tests.ui.fakes import FakeApplication, an_application
from tests.ui.test_taste import with_profile

SCREENS = [
    ("", an_application, "Quiet Otter"),
    ("taste", with_profile, "Artist 1"),
    ("map", in_company, "Quiet Otter"),
    ("groups", in_company, "Quiet Otter"),
]


@pytest.mark.parametrize(("screen", "make", "told"), SCREENS, ids=[one[0] or "matches" for one in SCREENS])
def test_a_session_that_ended_elsewhere_empties_the_screen_at_the_next_run(
    visit: Visit, screen: str, make: Callable[[], FakeApplication], told: str
):
    application = make()
    page = visit(application, screen=screen)
    assert told in html_of(page)
    application.sessions.listener_by_cookie.clear()
    shown = html_of(page.run())
    assert told not in shown
    assert 'href="/login"' in shown
