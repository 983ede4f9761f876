"""Pages of somebody who brings files: nothing of Spotify is offered, but the way to a newer file."""

import pytest

from matcher.errors import InputError, NotSynced, Stopped
from tests.ui.conftest import Visit, html_of
from tests.ui.fakes import NOON, an_application
from tests.ui.living import LivingApplication
from ui import texts
from ui.front import file, signed_out
from ui.pages.doors import words as door_words
from ui.pages.taste import words as taste_words
from ui.shared.progress_steps import steps_of
from wiring.syncs import SyncState, SyncStatus


def labels(page):
    return [one.label for one in page.button]


def test_matches_offer_a_newer_file_in_place_of_a_refresh(visit: Visit):
    page = visit(an_application(by_file=True, rests_until=NOON))
    assert f'href="/file">{texts.sync.BRING}' in html_of(page)
    assert texts.sync.REFRESH not in labels(page)
    assert texts.sync.RESTING[:30] not in html_of(page)


def test_who_has_brought_nothing_yet_is_led_to_a_file_and_nothing_is_read(visit: Visit):
    app = an_application(NotSynced("not read yet"), by_file=True)
    shown = html_of(visit(app))
    assert texts.sync.BRING_LEAD in shown
    assert 'href="/file"' in shown
    assert app.syncs.started == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (InputError("cat.png is an image; bring <b>music</b>"), "Cat.png is an image; bring &lt;b&gt;"),
        (Stopped("the listener ended it"), texts.sync.BRING_AGAIN),
    ],
)
def test_what_was_wrong_with_a_file_is_told_with_the_way_to_another(visit: Visit, error, told):
    app = an_application(NotSynced("not read yet"), by_file=True)
    app.syncs.states["ada"] = SyncState(SyncStatus.FAILED, NOON, error=error, of_file=True)
    page = visit(app)
    assert told in html_of(page)
    assert 'href="/file"' in html_of(page)
    assert texts.frame.RETRY not in labels(page)


def test_a_file_that_fails_later_leaves_the_matches_and_says_why(visit: Visit):
    app = an_application(by_file=True)
    app.syncs.states["ada"] = SyncState(SyncStatus.FAILED, NOON, error=InputError("no music in a.zip"))
    shown = html_of(visit(app))
    assert "No music in a.zip." in shown
    assert "es-card" in shown


def test_the_steps_of_a_file_are_its_own():
    steps = steps_of(SyncState(SyncStatus.RUNNING, NOON, of_file=True))
    assert next(one.label for one in steps) == texts.sync.STEPS["file"]
    assert texts.sync.STEPS["playlists"] not in [one.label for one in steps]


def test_my_taste_leads_to_a_file(visit: Visit):
    shown = html_of(visit(LivingApplication(), screen="taste"))
    assert f'href="/file">{taste_words.BRING}' in shown


def test_the_landing_page_leads_with_the_file_then_the_name_the_key_and_spotify():
    page = signed_out(False)
    places = [
        page.index(one) for one in ('action="/file"', 'action="/name"', 'action="/key"', 'href="/login"')
    ]
    assert places == sorted(places)


def test_a_landing_page_inside_streamlit_leads_to_our_own_pages(visit: Visit):
    shown = html_of(visit(an_application(), cookie=None))
    assert "<form" not in shown
    assert all(f'href="{path}"' in shown for path in ("/file", "/name", "/key", "/login"))


def test_the_page_for_a_file_says_that_it_replaces_only_to_who_has_one():
    assert door_words.FILE_LEAD_AGAIN not in file(True, "", False)
    assert door_words.FILE_LEAD_AGAIN in file(True, "", True)


def test_the_demo_leads_to_files_to_try_it_with():
    samples = "http://127.0.0.1:9911/account/privacy"
    for page in (signed_out(True, samples), file(True, samples, False)):
        assert f'href="{samples}"' in page
    assert door_words.SAMPLE not in signed_out(False)


def test_without_spotify_there_are_the_other_doors_alone():
    page = signed_out(False, spotify=False)
    assert 'action="/file"' in page
    assert 'action="/key"' in page
    assert 'href="/login"' not in page
