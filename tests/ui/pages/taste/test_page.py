"""The screen “My taste”, and what holds of screens in general."""

import pytest

from matcher.errors import StorageUnreachable
from tests.ui.charts.gallery import a_summary
from tests.ui.conftest import Visit, html_of
from tests.ui.fakes import FakeService, FakeStore, a_match_list, a_profile, an_application
from tests.ui.html.test_hostile_text import HOSTILE, Tags
from ui import messages, texts
from ui.pages.taste import words as taste_words
from ui.screens import SCREENS


def with_profile(**more: object):
    application = an_application()
    application.service = FakeService(a_match_list([]), store=FakeStore({"ada": a_profile(**more)}))
    return application


def pictures(page) -> str:
    return "\n".join(one.value for one in page.markdown)


def test_my_taste_says_what_it_rests_on_and_what_was_read(visit: Visit):
    shown = html_of(visit(with_profile(), screen="taste"))
    assert "Your profile rests on 3 tracks by 3 artists; no audio attributes." in shown
    assert "Saved tracks</span><span>read" in shown
    assert "Recently played</span><span>not permitted" in shown


def test_artists_come_most_heard_first(visit: Visit):
    shown = html_of(visit(with_profile(), screen="taste"))
    assert shown.index("Artist 1") < shown.index("Artist 2") < shown.index("Artist 3")


def test_sound_is_drawn_where_it_is_known(visit: Visit):
    page = visit(with_profile(audio=a_summary()), screen="taste")
    assert "es-radar" in pictures(page)
    assert "es-spread" in pictures(page)
    assert taste_words.NO_AUDIO not in html_of(page)


def test_without_audio_attributes_the_page_says_so(visit: Visit):
    page = visit(with_profile(), screen="taste")
    assert taste_words.NO_AUDIO in html_of(page)
    assert "es-radar" not in pictures(page)


def test_decades_without_music_are_columns_too(visit: Visit):
    drawn = pictures(visit(with_profile(), screen="taste"))
    assert all(f"{decade}s" in drawn for decade in (1990, 2000, 2010))


@pytest.mark.parametrize("text", HOSTILE)
def test_artists_are_text_and_nothing_else(visit: Visit, text: str):
    tags = Tags()
    tags.feed(html_of(visit(with_profile(names={"artist 1": text}), screen="taste")))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe"}
    assert not any(name.startswith("on") for name in tags.attributes)


# ---- every screen ------------------------------------------------------------------------------------


def test_addresses_are_distinct_and_one_is_the_first():
    assert len({one.path for one in SCREENS}) == len(SCREENS)
    assert [one.path for one in SCREENS].count("") == 1


@pytest.mark.parametrize("path", [one.path for one in SCREENS if one.path])
def test_a_screen_without_a_session_shows_the_way_in_and_asks_for_nothing(visit: Visit, path: str):
    application = with_profile()
    page = visit(application, cookie=None, screen=path)
    assert 'href="/login"' in html_of(page)
    assert application.service.asked == []


def test_a_screen_that_needs_a_profile_shows_the_first_reading_instead(visit: Visit):
    application = an_application()
    assert texts.sync.FINDING_TITLE in html_of(visit(application, screen="taste"))
    assert application.syncs.started == ["ada"]


def test_a_screen_that_fails_says_why_in_its_frame(visit: Visit, monkeypatch: pytest.MonkeyPatch):
    def away(self, listener_id: str):
        raise StorageUnreachable("x")

    monkeypatch.setattr(FakeStore, "profile", away)
    shown = html_of(visit(with_profile(), screen="taste"))
    assert messages.MESSAGES[StorageUnreachable].title in shown
    assert texts.frame.SIGN_OUT in shown
