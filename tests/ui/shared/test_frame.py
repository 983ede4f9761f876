"""The bar: where one is, and what is new."""

from tests.ui.conftest import Visit, html_of
from tests.ui.living import LivingApplication
from ui.screens import SCREENS
from ui.shared import frame


def test_the_bar_counts_what_is_new_beside_people():
    shown = frame.top_bar(True, "/logout", SCREENS, SCREENS[0], n_news=3)
    badge = (
        '<b class="es-badge" data-news="3">3<span class="es-aloud"> new requests and agreements</span></b>'
    )
    assert f'href="/people">People{badge}' in shown
    assert shown.count("es-badge") == 1


def test_without_news_there_is_no_mark():
    assert "es-badge" not in frame.top_bar(True, "/logout", SCREENS, SCREENS[0])


def test_a_request_is_counted_on_every_page_until_people_was_opened(visit: Visit):
    app = LivingApplication()
    bob = app.bring("bob")
    app.people.choose_discoverable(app.ada, True)
    app.people.ask_to_connect(bob, app.ada)
    for path in ("", "taste", "privacy"):
        assert 'data-news="1"' in html_of(visit(app, screen=path))
    visit(app, screen="people")
    assert "es-badge" not in html_of(visit(app, screen=""))
