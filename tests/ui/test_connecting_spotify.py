"""Pages of somebody with a recovery key, before and after Spotify is connected."""

from dataclasses import dataclass

import pytest

from matcher.domain.listening import Source
from matcher.ports import Account
from tests.matcher.taste.test_service import Library, saved
from tests.ui.conftest import Visit, html_of, labels_of, press, switches_of
from tests.ui.living import LINK, LivingApplication
from ui import texts
from ui.front import connect
from ui.pages.doors import words as door_words
from ui.pages.privacy import words
from ui.pages.taste import words as taste_words

COOKIE = "cookie-of-bob"
WAY = 'href="/spotify"'


@dataclass
class Bob:
    """Somebody with a recovery key and a file, on pages of an application in memory."""

    app: LivingApplication
    key: str
    visit: Visit

    def page(self, screen):
        return self.visit(self.app, screen=screen, cookie=COOKIE)

    def connect(self):
        self.app.service.change_account(self.key, Account("spotify:bob", LINK))
        self.app.service.refresh_listener(self.key, Library(saved("Neu!"), source=Source.SPOTIFY_API))
        return self


@pytest.fixture
def bob(visit: Visit):
    app = LivingApplication()
    me = app.come_by_file(COOKIE)
    app.service.refresh_listener(me, Library(saved("Low"), saved("Can"), source=Source.FILE))
    return Bob(app, me, visit)


@pytest.mark.parametrize("screen", ["taste", "privacy"])
def test_spotify_can_be_connected_where_sources_and_account_are_told(bob: Bob, screen):
    shown = html_of(bob.page(screen))
    assert WAY in shown
    assert texts.frame.CONNECT_DEMO in shown
    assert WAY not in html_of(bob.connect().page(screen))


def test_who_has_no_music_yet_can_connect_it_too(visit: Visit):
    app = LivingApplication()
    app.come_by_file(COOKIE)
    assert WAY in html_of(visit(app, cookie=COOKIE))


@pytest.mark.parametrize("screen", ["taste", "privacy"])
def test_who_came_with_spotify_is_not_asked(visit: Visit, screen):
    assert WAY not in html_of(visit(LivingApplication(), screen=screen))


def test_privacy_tells_both_that_sign_in(bob: Bob):
    shown = html_of(bob.connect().page("privacy"))
    assert words.BOTH_LEAD in shown
    assert words.KEY_NEW in shown
    assert LINK in shown
    assert f"{words.ERASE_LEAD_KEY} {words.ERASE_KEPT}" in shown
    assert words.DISCONNECT_LEAD_KEY in shown


def test_the_profile_link_is_off_until_it_is_switched_on(bob: Bob):
    assert "on_profile_link" not in switches_of(bob.page("privacy"))
    page = bob.connect().page("privacy")
    assert not switches_of(page)["on_profile_link"]
    press(page, "on_profile_link")
    assert bob.app.people.choices(bob.key).sharing.profile_link


def test_disconnecting_leaves_the_key_and_says_so(bob: Bob):
    page = bob.connect().page("privacy")
    press(page, "ask_disconnect")
    assert words.DISCONNECT_SURE_KEY in html_of(page)
    press(page, "yes_disconnect")
    assert words.DISCONNECTED_MORE_KEY in html_of(page)
    assert bob.app.service.account_of(bob.key).by_key_alone
    assert [one.origin for one in bob.app.tastes.sources(bob.key)] == ["file"]
    again = html_of(page.run())
    assert words.DISCONNECT not in again
    assert WAY in again


def test_removing_spotify_s_music_says_that_it_disconnects(bob: Bob):
    page = bob.connect().page("taste")
    press(page, "ask_source_spotify_api")
    assert taste_words.REMOVE_DISCONNECTS in html_of(page)
    press(page, "yes_source_spotify_api")
    assert not bob.app.has_spotify(bob.key)
    assert WAY in html_of(page)


def test_removing_other_music_leaves_spotify_connected(bob: Bob):
    page = bob.connect().page("taste")
    press(page, "ask_source_file")
    assert taste_words.REMOVE_DISCONNECTS not in html_of(page)
    press(page, "yes_source_file")
    assert bob.app.has_spotify(bob.key)


def test_who_has_spotify_alone_removes_its_music_and_stays_connected(visit: Visit):
    app = LivingApplication()
    app.service.refresh_listener(app.ada, Library(saved("Low"), source=Source.FILE))
    page = visit(app, screen="taste")
    (key,) = [one for one in labels_of(page) if one.startswith("ask_source_") and "file" not in one]
    press(page, key)
    assert taste_words.REMOVE_DISCONNECTS not in html_of(page)
    press(page, key.replace("ask_", "yes_"))
    assert app.has_spotify(app.ada)
    assert app.grants.is_kept(app.ada)


def test_the_question_is_a_form_of_our_own_that_says_what_follows():
    page = connect(False, "proof")
    assert '<form class="es-act es-middle" method="post" action="/spotify">' in page
    assert 'name="token" value="proof"' in page
    assert all(one in page for one in door_words.CONNECT_MORE)
    assert door_words.CONNECT_YES in page
    assert door_words.CONNECT_YES_DEMO in connect(True, "proof")
