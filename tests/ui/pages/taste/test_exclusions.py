"""The screen “My taste”: facets, leaving out with its effect, undoing."""

import pytest

from matcher.browsing.feedback import FeedbackAction
from matcher.domain.exclusions import NOISE_COUNTS, Exclusion, Kind
from matcher.domain.listening import Hearing, Part
from tests.matcher.taste.test_service import NOON, Library, listed, saved
from tests.ui.conftest import Visit, html_of, labels_of, press
from tests.ui.html.test_hostile_text import HOSTILE, Tags
from tests.ui.living import MINE, LivingApplication
from tests.ui.test_pages import LOGO
from ui import texts
from ui.html import markup
from ui.pages.taste import words

SLEEP = Exclusion(Kind.FACET, "playlists:sleep")


@pytest.fixture
def app():
    return LivingApplication()


@pytest.fixture
def page(visit: Visit, app):
    return visit(app, screen="taste")


def exclusions(app):
    return set(app.taste_store.exclusions(app.ada))


def look_at(page, kind):
    press(page, f"kind_{kind}")
    return page


def entries(page):
    """Keys of the buttons that leave something out."""
    return [key for key in labels_of(page) if key.startswith("leave_")]


def nearest(page):
    return next(one.body for one in page.html if words.NEAREST in one.body)


def aliases(app):
    return [one.alias for one in app.browsing.nearest(app.ada, 10)]


def near_artists(app):
    """The first word of what is shared with the nearest listener, whether a stranger may be told or not."""
    shared = app.service.find_matches(app.ada, 1).matches[0].explanation.artists
    return min(one.name.split()[0] for one in shared)


def heard(artist, month, track="Song"):
    when = NOON.replace(year=int(month[:4]), month=int(month[5:]))
    return Hearing(Part.SAVED, artist, track_name=track, heard_at_utc=when)


# ---- what is shown -----------------------------------------------------------------------------------


def test_evidence_tells_where_from_and_when(page):
    shown = html_of(page)
    assert "Your profile rests on 11 tracks by 9 artists" in shown
    assert "Read from the local Spotify on 21 November 2026 at 12:00 UTC." in shown


def test_real_data_is_attributed_and_demo_data_is_not(visit: Visit, app):
    assert LOGO not in html_of(visit(app, screen="taste"))
    live = html_of(visit(LivingApplication(demo=False), screen="taste"))
    assert LOGO in live
    assert 'href="https://open.spotify.com/artist/low"' in live
    assert "Read from Spotify on" in live


def test_facets_tell_their_size_and_lead_to_matches_on_them(page, app):
    shown = html_of(page)
    assert "6 artists, 6 tracks · 55 % of your listening" in shown
    facets = app.tastes.facets_of(app.ada)
    assert shown.count(f">{words.MATCH_ON}</a>") == len(facets)
    assert all(f'href="/?facet={one.facet_id.replace(":", "%3A")}"' in shown for one in facets)


def test_the_ten_nearest_stand_beside_what_can_be_left_out(page, app):
    assert all(alias in nearest(page) for alias in aliases(app))


def test_whom_i_hid_does_not_stand_beside_it(page, app):
    first, second = app.browsing.nearest(app.ada, 2)
    app.browsing.note(app.ada, first.listener_id, FeedbackAction.DISMISSED)
    shown = nearest(page.run())
    assert first.alias not in shown
    assert second.alias in shown


# ---- leaving out -------------------------------------------------------------------------------------


def test_an_artist_is_left_out_and_taken_back(page, app):
    page.text_input(key="taste_find_artist").set_value("neu").run()
    (button,) = entries(page)
    press(page, button)
    assert exclusions(app) == {Exclusion(Kind.ARTIST, "neu")}
    assert words.NOW_OUT in html_of(page)
    press(page, next(key for key in labels_of(page) if key.startswith("back_")))
    assert exclusions(app) == set()
    assert words.BACK_IN in html_of(page)


def test_a_track_is_left_out(page, app):
    look_at(page, Kind.TRACK).text_input(key="taste_find_track").set_value("hallo").run()
    press(page, entries(page)[0])
    assert [one.kind for one in exclusions(app)] == [Kind.TRACK]
    assert "neu" not in app.store.profile(app.ada).artists


def test_a_playlist_is_left_out_and_the_matches_move(page, app):
    look_at(page, Kind.FACET).text_input(key="taste_find_facet").set_value("sleep").run()
    before = near_artists(app)
    press(page, entries(page)[0])
    assert exclusions(app) == {SLEEP}
    assert (before, near_artists(app)) == ("Nursery", "Can")
    first = app.browsing.nearest(app.ada, 1)[0].alias
    assert nearest(page).index(first) == min(map(nearest(page).index, aliases(app)))


def test_what_moved_is_told(page):
    look_at(page, Kind.FACET).text_input(key="taste_find_facet").set_value("sleep").run()
    press(page, entries(page)[0])
    assert "Your profile rests on 5 tracks now (11 before);" in html_of(page)


def test_what_moved_is_told_once(page):
    page.text_input(key="taste_find_artist").set_value("neu").run()
    press(page, entries(page)[0])
    assert words.NOW_OUT not in html_of(page.run())


def test_months_are_left_out(visit: Visit):
    app = LivingApplication(hearings=(*MINE, heard("Low", "2026-01"), heard("Can", "2026-03")))
    page = look_at(visit(app, screen="taste"), Kind.PERIOD)
    page.selectbox(key="taste_from").set_value("2026-01").run()
    press(page, "leave_months")
    assert exclusions(app) == {Exclusion(Kind.PERIOD, "2026-01..2026-03")}
    assert "January 2026 to March 2026" in html_of(page)


def test_months_the_wrong_way_round_are_told_and_offer_nothing(visit: Visit):
    app = LivingApplication(hearings=(*MINE, heard("Low", "2026-01"), heard("Can", "2026-03")))
    page = look_at(visit(app, screen="taste"), Kind.PERIOD)
    page.selectbox(key="taste_to").set_value("2026-01").run()
    assert words.WRONG_MONTHS in html_of(page)
    assert entries(page) == []


def test_a_library_without_months_says_so(page):
    assert words.NO_MONTHS in html_of(look_at(page, Kind.PERIOD))


def test_leaving_everything_out_is_refused_and_told(visit: Visit):
    app = LivingApplication(hearings=(saved("Low"),))
    page = visit(app, screen="taste")
    press(page, entries(page)[0])
    assert texts.problems.PROBLEMS["NothingLeft"][0] in html_of(page)
    assert exclusions(app) == set()


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_searched_for_finds_nothing_and_is_not_repeated(page, text):
    page.text_input(key="taste_find_artist").set_value(text).run()
    shown = html_of(page)
    assert words.NOTHING_FOUND in shown
    assert text not in shown


@pytest.mark.parametrize("text", HOSTILE)
def test_names_from_outside_are_text_everywhere(visit: Visit, text):
    hearings = (*MINE, *(listed(f"{text} {n}", text, text) for n in range(6)))
    app = LivingApplication(hearings=hearings)
    app.tastes.leave_out(app.ada, Exclusion(Kind.ARTIST, "low"))
    for kind in (Kind.ARTIST, Kind.TRACK, Kind.FACET):
        page = look_at(visit(app, screen="taste"), kind)
        tags = Tags()
        tags.feed(html_of(page))
        assert tags.open == []
        assert not tags.seen & {"img", "script", "iframe"}
        assert not any(name.startswith("on") for name in tags.attributes)
        assert not any(text in label for label in labels_of(page).values())


# ---- loops -------------------------------------------------------------------------------------------


def test_something_on_repeat_is_told_kindly_and_left_out_at_a_click(visit: Visit):
    loop = Hearing(Part.SAVED, "Low", track_name="Lullaby", plays=5000)
    app = LivingApplication(hearings=(*MINE, loop))
    page = visit(app, screen="taste")
    assert words.LOOP in html_of(page)
    page.button(key="leave_loop").click().run()
    assert [one.kind for one in exclusions(app)] == [Kind.TRACK]
    assert words.LOOP + ":" not in html_of(page)


def test_without_a_loop_nothing_is_said_of_it(page):
    assert words.LOOP + ":" not in html_of(page)


# ---- noise -------------------------------------------------------------------------------------------

FOR_THE_NIGHT = tuple(
    Hearing(Part.SAVED, "Rain Sounds XL", track_name=f"Rain {n}", plays=20.0) for n in range(12)
)


@pytest.fixture
def night(visit: Visit):
    app = LivingApplication(hearings=(*MINE, *FOR_THE_NIGHT))
    return app, visit(app, screen="taste")


def test_what_is_no_taste_is_told_and_left_out_at_a_click(night):
    app, page = night
    assert words.NOISE + ":" in html_of(page)
    assert words.NOISE_HARDLY in html_of(page)
    page.button(key="leave_noise").click().run()
    assert exclusions(app) == {Exclusion(Kind.ARTIST, "rain sounds xl")}
    assert words.NOW_OUT in html_of(page)
    assert words.NOISE + ":" not in html_of(page)


def test_what_is_no_taste_counts_at_a_click_and_hardly_at_another(night):
    app, page = night
    assert app.store.profile(app.ada).artists["rain sounds xl"] == pytest.approx(0.012)
    page.button(key="count_noise").click().run()
    assert exclusions(app) == {NOISE_COUNTS}
    assert app.store.profile(app.ada).artists["rain sounds xl"] == 240.0
    assert words.NOISE_AS_ALL in html_of(page)
    assert words.NO_EXCLUSIONS in html_of(page)
    page.button(key="count_noise").click().run()
    assert exclusions(app) == set()
    assert app.store.profile(app.ada).artists["rain sounds xl"] == pytest.approx(0.012)


def test_what_is_played_for_hours_on_end_is_told_with_its_reason(visit: Visit):
    app = LivingApplication()
    air = Hearing(Part.PLAYS, "Calm <Air>", track_name="Air", plays=90.0)
    app.service.refresh_listener(app.ada, Library(*MINE, air, unbroken={"calm air": 9}))
    page = visit(app, screen="taste")
    assert f"You played {markup.name('Calm <Air>')} for 9 hours on end." in html_of(page)
    page.button(key="count_noise").click().run()
    assert app.store.profile(app.ada).artists["calm air"] == 90.0


def test_without_noise_nothing_is_said_of_it(page):
    assert words.NOISE + ":" not in html_of(page)


# ---- what may be missing -----------------------------------------------------------------------------


def test_without_a_library_the_rest_is_shown_and_why(page, app):
    app.taste_store._libraries.clear()
    shown = html_of(page.run())
    assert words.EXPIRED in shown
    assert words.ARTISTS in shown
    assert app.syncs.started == []


def test_with_nobody_to_be_matched_with_the_page_says_so(page, app):
    for key in list(app.store.rows):
        if key != app.ada:
            app.store.forget(key)
    assert words.NEAREST_NONE in html_of(page.run())


def test_a_button_of_a_session_that_ended_elsewhere_leaves_nothing_out(page, app):
    app.sessions.end("cookie-of-ada")
    press(page, entries(page)[0])
    assert exclusions(app) == set()
    assert 'href="/login"' in html_of(page)
