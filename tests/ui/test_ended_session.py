from collections.abc import Callable

import pytest

from matcher.errors import StorageUnreachable
from tests.ui.company import in_company
from tests.ui.conftest import Visit, html_of
from tests.ui.fakes import FakeApplication, FakeSessions, an_application
from tests.ui.pages.taste.test_page import with_profile

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


class EndsAfterTheFirstLook(FakeSessions):
    """Somebody signs out elsewhere once the page is drawn."""

    def is_open(self, cookie: str, listener_id: str) -> bool:
        self.listener_by_cookie.clear()
        return super().is_open(cookie, listener_id)


@pytest.mark.parametrize(("screen", "make", "told"), SCREENS, ids=[one[0] or "matches" for one in SCREENS])
def test_a_screen_left_alone_is_emptied_by_the_look_at_the_session(
    visit: Visit, screen: str, make: Callable[[], FakeApplication], told: str
):
    application = make()
    application.sessions = EndsAfterTheFirstLook()
    shown = html_of(visit(application, screen=screen))
    assert told not in shown
    assert 'href="/login"' in shown


def test_a_database_that_is_away_empties_no_screen(visit: Visit):
    class Away(FakeSessions):
        def is_open(self, cookie: str, listener_id: str) -> bool:
            raise StorageUnreachable("x")

    application = an_application()
    application.sessions = Away()
    assert "Quiet Otter" in html_of(visit(application))
