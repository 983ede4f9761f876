"""Which page is shown in which state, and what it says."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matcher.domain.consent import Sharing
from matcher.domain.listening import Part, PartStatus, Source
from matcher.errors import (
    AccessDenied,
    EarshotError,
    GrantRevoked,
    ModelMissing,
    NoCandidates,
    NoMusic,
    NotSynced,
    RateLimited,
    StateMismatch,
    Stopped,
    StorageUnreachable,
)
from matcher.ports import Progress
from tests.fakes.product_way import choose_sharing
from tests.ui.conftest import Visit, choose, html_of, press, rests
from tests.ui.fakes import (
    NOON,
    FakeSessions,
    FakeSyncs,
    a_match,
    a_match_list,
    a_profile,
    an_application,
)
from ui import messages, texts
from ui.pages.landing import words as landing_words
from ui.pages.matches import words as matches_words
from wiring.syncs import SyncState, SyncStatus

LOGO = '<span class="es-spotify" role="img" aria-label="Spotify"></span>'
RUNNING = SyncState(
    SyncStatus.RUNNING, NOON, {"playlists": Progress(Part.PLAYLISTS, 3, 12, calls_used=23, calls_budget=60)}
)


def syncs(state: SyncState) -> FakeSyncs:
    return FakeSyncs({"ada": state})


def failed(error: EarshotError) -> FakeSyncs:
    return syncs(SyncState(SyncStatus.FAILED, NOON, error=error))


def buttons(page) -> list[str]:
    return [button.label for button in page.button]


# ---- signed out --------------------------------------------------------------------------------------


def test_who_is_signed_out_is_invited_to_the_local_spotify_in_the_demo(visit: Visit):
    shown = html_of(visit(an_application(), cookie=None))
    assert 'href="/login"' in shown
    assert texts.frame.SIGN_IN_DEMO in shown
    assert texts.frame.DEMO_BANNER in shown


def test_who_is_signed_out_is_invited_to_spotify_when_live(visit: Visit):
    shown = html_of(visit(an_application(demo=False), cookie=None))
    assert texts.frame.SIGN_IN in shown
    assert texts.frame.DEMO_BANNER not in shown


def test_the_landing_page_says_what_is_read_and_what_others_see(visit: Visit):
    shown = html_of(visit(an_application(), cookie=None))
    assert all(title in shown for title, _ in landing_words.PROMISES)


def test_an_unknown_cookie_is_signed_out(visit: Visit):
    application = an_application()
    assert 'href="/login"' in html_of(visit(application, cookie="forged"))
    assert application.service.asked == []


def test_a_problem_with_signing_in_is_told_and_sign_in_still_offered(visit: Visit):
    shown = html_of(visit(an_application(), cookie=None, problem="AccessDenied"))
    assert messages.MESSAGES[AccessDenied].title in shown
    assert 'href="/login"' in shown


@pytest.mark.parametrize("forged", ["<script>alert(1)</script>", "KeyError", "ring 0900-SCAM"])
def test_any_other_problem_in_the_address_is_not_repeated(visit: Visit, forged: str):
    shown = html_of(visit(an_application(), cookie=None, problem=forged))
    assert forged not in shown
    assert 'role="alert"' not in shown


def test_a_database_that_is_away_is_told(visit: Visit):
    application = an_application(sessions=FakeSessions(error=StorageUnreachable("x")))
    assert messages.MESSAGES[StorageUnreachable].title in html_of(visit(application))


def test_an_application_that_cannot_be_built_is_told(visit: Visit):
    assert messages.MESSAGES[StorageUnreachable].title in html_of(visit(StorageUnreachable("x")))


# ---- finding your people -----------------------------------------------------------------------------


def test_the_first_visit_begins_to_read_by_itself(visit: Visit):
    application = an_application(NotSynced("x"))
    shown = html_of(visit(application))
    assert application.syncs.started == ["ada"]
    assert texts.sync.FINDING_TITLE in shown


def test_a_reload_watches_the_same_reading(visit: Visit):
    application = an_application(NotSynced("x"), syncs=syncs(RUNNING))
    shown = html_of(visit(application))
    assert application.syncs.started == []
    assert "Playlists" in shown
    assert "3 of 12" in shown
    assert "Calls used 23 of 60" in shown


def reading_on(**more):
    """A first reading of which one part is there already, with somebody to be matched with."""
    application = an_application()
    application.service.found_unread = True
    so_far = a_profile(parts={Part.TOP_ARTISTS: PartStatus.OK})
    application.syncs = syncs(replace(RUNNING, so_far=so_far, **more))
    return application, so_far


def test_first_matches_are_shown_while_the_rest_is_read(visit: Visit):
    application, so_far = reading_on()
    page = visit(application)
    shown = html_of(page)
    assert texts.sync.FIRST_TITLE in shown
    assert shown.count('<article class="es-card"') == 3
    assert "3 of 12" in shown
    assert buttons(page) == [texts.sync.STOP, texts.story.SKIP]
    assert application.service.asked_with[-1] is so_far


def test_the_story_fills_in_one_layout_while_the_rest_is_read(visit: Visit):
    application, so_far = reading_on()
    application.syncs = syncs(replace(RUNNING))
    waiting = html_of(visit(application))
    assert waiting.count(texts.story.LISTENING) == 5
    application.syncs = syncs(replace(RUNNING, so_far=so_far))
    told = html_of(visit(application))
    assert texts.story.LISTENING not in told
    for shown in (waiting, told):
        assert shown.count('<li class="es-story-') == 5
        assert texts.sync.FINDING_TITLE in shown


def test_the_story_can_be_skipped(visit: Visit):
    application, _ = reading_on()
    page = visit(application)
    page.button(key="skip_story").click().run()
    assert 'class="es-story"' not in html_of(page)
    assert texts.sync.FIRST_TITLE in html_of(page)


def test_after_the_first_reading_a_line_leads_to_the_story_until_it_is_opened(visit: Visit):
    application, _ = reading_on()
    page = visit(application)
    application.service.found_unread, application.syncs.states = False, {}
    for _ in range(2):
        page.run()
        assert texts.story.WAITS in html_of(page)


def test_a_look_ahead_is_not_remembered(visit: Visit):
    application, _ = reading_on()
    visit(application)
    assert application.meeting.n_looks == 0


def test_first_matches_go_through_consent(visit: Visit):
    application, _ = reading_on()
    choose_sharing(application.people, "listener-1", Sharing(False, False, False, False))
    shown = html_of(visit(application))
    assert "87 %" not in shown
    assert "Artist 1" in shown
    rows = shown[shown.index('<article class="es-card"') :]
    assert rows.count(texts.card.REASONS["towers"]) == 1


def test_where_nobody_can_be_found_the_reading_is_watched_as_before(visit: Visit):
    application, _ = reading_on()
    application.service.found = NoCandidates("x")
    assert texts.sync.FINDING_TITLE in html_of(visit(application))


def test_a_failed_reading_says_why_and_waits_for_the_listener(visit: Visit):
    application = an_application(NotSynced("x"), syncs=failed(RateLimited("x", NOON)))
    page = visit(application)
    assert "12:00 UTC" in html_of(page)
    assert buttons(page) == [texts.frame.RETRY]
    assert application.syncs.started == []


def test_retry_reads_again(visit: Visit):
    application = an_application(NotSynced("x"), syncs=failed(NoMusic("x")))
    page = visit(application)
    page.button(key="retry").click().run()
    assert application.syncs.started == ["ada"]
    assert texts.sync.FINDING_TITLE in html_of(page)


def test_when_reading_ends_the_matches_take_its_place(visit: Visit):
    application = an_application(NotSynced("x"))

    class EndsWhileWatched(FakeSyncs):
        def state(self, listener_id: str) -> SyncState | None:
            now = super().state(listener_id)
            self.states[listener_id] = SyncState(SyncStatus.DONE, NOON, changed=True)
            application.service.found = a_match_list([a_match()]) if now is not RUNNING else NotSynced("x")
            return now

    application.syncs = EndsWhileWatched({"ada": RUNNING})
    shown = html_of(visit(application))
    assert "Quiet Otter 101" in shown


def test_watching_stops_when_the_session_ends(visit: Visit):
    application = an_application(NotSynced("x"), syncs=syncs(RUNNING))

    class EndsAfterOneLook(FakeSessions):
        def listener_of(self, cookie: str | None) -> str | None:
            found = super().listener_of(cookie)
            self.listener_by_cookie.clear()
            return found

        def is_open(self, cookie: str, listener_id: str) -> bool:
            return True

    application.sessions = EndsAfterOneLook()
    shown = html_of(visit(application))
    assert 'href="/login"' in shown
    assert "3 of 12" not in shown


@pytest.mark.parametrize("error", [ModelMissing("x"), StorageUnreachable("x"), EarshotError("unexpected")])
def test_whatever_stopped_the_first_reading_it_can_be_tried_again(visit: Visit, error: EarshotError):
    page = visit(an_application(NotSynced("x"), syncs=failed(error)))
    assert messages.message_for(error).title in html_of(page)
    assert buttons(page) == [texts.frame.RETRY]


def test_after_signing_in_again_reading_begins_anew(visit: Visit):
    application = an_application(NotSynced("x"), syncs=failed(GrantRevoked("x")))
    visit(application)
    assert texts.sync.FINDING_TITLE in html_of(visit(application))
    assert application.syncs.started == ["ada"]


def test_a_withdrawn_permission_leads_to_sign_in(visit: Visit):
    page = visit(an_application(NotSynced("x"), syncs=failed(GrantRevoked("x"))))
    assert 'href="/login"' in html_of(page)
    assert buttons(page) == []


def test_a_reading_that_left_no_profile_does_not_begin_again_by_itself(visit: Visit):
    done = SyncState(SyncStatus.DONE, NOON, changed=True)
    application = an_application(NotSynced("x"), syncs=syncs(done))
    assert messages.MESSAGES[NotSynced].title in html_of(visit(application))
    assert application.syncs.started == []


def test_the_end_of_the_first_reading_is_not_told_as_a_change(visit: Visit):
    application = an_application(NotSynced("x"), syncs=syncs(SyncState(SyncStatus.RUNNING, NOON)))
    page = visit(application)
    done = SyncState(SyncStatus.DONE, NOON, changed=True)
    application.service, application.syncs = an_application().service, syncs(done)
    assert texts.sync.CHANGED not in html_of(page.run())


# ---- stopping a reading -------------------------------------------------------------------------------


def test_a_running_reading_can_be_stopped(visit: Visit):
    application = an_application(NotSynced("x"), syncs=syncs(RUNNING))
    visit(application).button(key="stop_reading").click().run()
    assert application.syncs.stopped == ["ada"]


def test_a_reading_that_is_stopping_says_so_and_is_not_stopped_twice(visit: Visit):
    page = visit(an_application(NotSynced("x"), syncs=syncs(replace(RUNNING, stopping=True))))
    button = page.button(key="stop_reading")
    assert button.disabled
    assert button.label == texts.sync.STOPPING


def test_a_first_reading_that_was_stopped_waits_to_be_taken_up(visit: Visit):
    application = an_application(NotSynced("x"), syncs=failed(Stopped("x")))
    page = visit(application)
    assert messages.MESSAGES[Stopped].title in html_of(page)
    assert buttons(page) == [texts.sync.RESUME]
    assert application.syncs.started == []
    page.button(key="retry").click().run()
    assert application.syncs.started == ["ada"]


def test_a_stopped_refresh_leaves_the_matches_and_is_no_alarm(visit: Visit):
    shown = html_of(visit(an_application(syncs=failed(Stopped("x")))))
    assert messages.MESSAGES[Stopped].title in shown
    assert "Quiet Otter 101" in shown
    assert 'role="alert"' not in shown


# ---- matches -----------------------------------------------------------------------------------------


def test_the_page_says_who_i_am_and_what_it_rests_on(visit: Visit):
    shown = html_of(visit(an_application()))
    assert "Velvet Heron 482" in shown
    assert texts.card.evidence(812, 210, 0.61) in shown
    assert "21 November 2026 at 12:00 UTC" in shown


def test_synthetic_listeners_are_labelled_and_people_are_not(visit: Visit):
    synthetic = html_of(visit(an_application(a_match_list([a_match(source=Source.SYNTHETIC)]))))
    person = html_of(visit(an_application(a_match_list([a_match(source=Source.TABLE)]))))
    assert f'title="{texts.card.SYNTHETIC_MORE}"' in synthetic
    assert f'title="{texts.card.SYNTHETIC_MORE}"' not in person


@pytest.mark.parametrize(
    ("field", "told"), [("is_near_duplicate", texts.card.CLONE_MORE), ("is_double", texts.card.DOUBLE_MORE)]
)
def test_libraries_that_are_nearly_the_same_are_flagged(visit: Visit, field: str, told: str):
    flagged = replace(a_match(), **{field: True})
    assert f'title="{told}"' in html_of(visit(an_application(a_match_list([flagged]))))
    assert f'title="{told}"' not in html_of(visit(an_application()))


def test_where_there_is_nothing_to_name_a_reason_is_told_once(visit: Visit):
    strangers = [a_match(rank, n_shared=0) for rank in (1, 2)]
    shown = html_of(visit(an_application(a_match_list(strangers))))
    assert shown.count(texts.card.REASONS["towers"]) == 1
    assert texts.card.LITTLE_TO_NAME.format(rank=2) in shown


def test_sign_out_is_a_link_with_its_proof(visit: Visit):
    assert 'href="/logout?token=proof-of-cookie-of-ada"' in html_of(visit(an_application()))


def ranks(page):
    return [int(one) for one in re.findall(r'<span class="es-rank"[^>]*>(\d+)<', html_of(page))]


def test_matches_come_by_pages_of_ten_as_far_as_fifty(visit: Visit):
    page = visit(an_application(a_match_list([a_match(n) for n in range(1, 61)])))
    assert ranks(page) == list(range(1, 11))
    assert rests(page, "page_before")
    for first in (11, 21, 31, 41):
        press(page, "page_after")
        assert ranks(page) == list(range(first, first + 10))
        assert f"{first} to {first + 9}" in html_of(page)
    assert rests(page, "page_after")
    press(page, "page_before")
    assert ranks(page) == list(range(31, 41))


def test_a_last_page_may_be_shorter(visit: Visit):
    page = visit(an_application(a_match_list([a_match(n) for n in range(1, 14)], n_candidates=13)))
    press(page, "page_after")
    assert ranks(page) == [11, 12, 13]
    assert rests(page, "page_after")


def test_where_one_page_holds_all_there_is_none_to_turn(visit: Visit):
    page = visit(an_application(a_match_list([a_match(n) for n in range(1, 11)], n_candidates=10)))
    assert matches_words.AFTER not in buttons(page)


def test_when_a_page_is_gone_the_last_one_is_shown(visit: Visit):
    application = an_application(a_match_list([a_match(n) for n in range(1, 61)]))
    page = visit(application)
    press(page, "page_after")
    application.service.found = a_match_list([a_match(n) for n in range(1, 6)], n_candidates=5)
    page.run()
    assert ranks(page) == list(range(1, 6))


def test_another_filter_begins_at_the_first_page(visit: Visit):
    page = visit(an_application(a_match_list([a_match(n) for n in range(1, 61)])))
    press(page, "page_after")
    choose(page, "order", 1)
    assert ranks(page) == list(range(1, 11))


def test_refresh_reads_again_in_place(visit: Visit):
    application = an_application()
    page = visit(application)
    page.button(key="refresh").click().run()
    shown = html_of(page)
    assert application.syncs.started == ["ada"]
    assert texts.sync.REFRESHING in shown
    assert "Quiet Otter 101" in shown
    assert texts.sync.REFRESH not in buttons(page)


@pytest.mark.parametrize(("changed", "told"), [(True, texts.sync.CHANGED), (False, texts.sync.UNCHANGED)])
def test_how_a_refresh_ended_is_told_once(visit: Visit, changed: bool, told: str):
    application = an_application(syncs=syncs(SyncState(SyncStatus.DONE, NOON, changed=changed)))
    page = visit(application)
    assert told in html_of(page)
    assert told not in html_of(page.run())


def test_a_library_read_a_moment_ago_rests_until_then(visit: Visit):
    page = visit(an_application(again_at=NOON.replace(minute=5)))
    (button,) = [one for one in page.button if one.key == "refresh_later"]
    assert button.disabled
    assert "12:05 UTC" in button.label
    assert not [one for one in page.button if one.key == "refresh"]


def test_from_the_fifth_month_on_the_page_says_when_permission_ends(visit: Visit):
    shown = html_of(visit(an_application(reconnect_by=NOON)))
    assert texts.grammar.at(texts.frame.RECONNECT_BY, NOON) in shown
    assert 'href="/login"' in shown
    assert "six months" not in html_of(visit(an_application()))


def test_what_could_not_be_read_is_told_with_how_the_refresh_ended(visit: Visit):
    state = SyncState(
        SyncStatus.DONE,
        NOON,
        {"playlists": Progress(Part.PLAYLISTS, 9, 9, 20, 60, n_skipped=2)},
        changed=True,
        parts={Part.SAVED: PartStatus.FAILED, Part.RECENT: PartStatus.DENIED, Part.TOP_TRACKS: PartStatus.OK},
    )
    shown = html_of(visit(an_application(syncs=syncs(state))))
    assert "Saved tracks could not be read this time; what was known before is kept." in shown
    assert "Recently played may not be read" in shown
    assert "2 playlists could not be read and were skipped." in shown
    assert "Calls used 20 of 60." in shown


def test_a_refresh_that_failed_leaves_the_matches(visit: Visit):
    shown = html_of(visit(an_application(syncs=failed(RateLimited("x", NOON)))))
    assert messages.MESSAGES[RateLimited].title in shown
    assert "Quiet Otter 101" in shown


def test_a_refresh_without_permission_leads_to_sign_in(visit: Visit):
    assert 'href="/login"' in html_of(visit(an_application(syncs=failed(GrantRevoked("x")))))


def test_a_problem_with_signing_in_again_is_told_above_the_matches(visit: Visit):
    shown = html_of(visit(an_application(), problem="StateMismatch"))
    assert messages.MESSAGES[StateMismatch].title in shown
    assert 'href="/login"' in shown
    assert "Quiet Otter 101" in shown


@pytest.mark.parametrize("error", [NoCandidates("x"), ModelMissing("x")])
def test_no_matches_is_explained_with_the_way_out_open(visit: Visit, error: EarshotError):
    page = visit(an_application(error))
    assert messages.message_for(error).title in html_of(page)
    assert texts.frame.SIGN_OUT in html_of(page)
    assert buttons(page) == [texts.frame.RELOAD]


def test_an_erased_listener_is_told_so(visit: Visit):
    application = an_application()
    application.service.listeners.clear()
    shown = html_of(visit(application))
    assert "Quiet Otter" not in shown
    assert 'href="/login"' in shown


@pytest.mark.parametrize("screen", ["", "match", "taste"])
def test_spotify_is_named_as_the_source_on_every_screen_when_live(visit: Visit, screen: str):
    query = {"listener": "listener-1"} if screen == "match" else {}
    application = an_application(demo=False)
    application.service.store.profiles["ada"] = a_profile()
    assert html_of(visit(application, screen=screen, **query)).count(LOGO) == 1


def test_nothing_is_attributed_where_nobody_is_signed_in(visit: Visit):
    assert LOGO not in html_of(visit(an_application(demo=False), cookie=None))


def test_shared_artists_lead_to_spotify_when_live_and_nowhere_in_the_demo(visit: Visit):
    link = '<a class="es-out" href="https://open.spotify.com/artist/one" target="_blank">'
    assert html_of(visit(an_application(demo=False))).count(link) == 2
    assert "es-out" not in html_of(visit(an_application()))


def test_the_demo_does_not_claim_to_be_spotify(visit: Visit):
    shown = html_of(visit(an_application()))
    assert texts.frame.SPOTIFY_HOME not in shown
    assert LOGO not in shown


# ---- a pause of Spotify's ---------------------------------------------------------------------------


def test_while_spotify_allows_no_call_matches_stay_and_the_button_rests(visit: Visit):
    until = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=20)
    page = visit(an_application(rests_until=until, again_at=until))
    shown = html_of(page)
    assert texts.grammar.at(texts.sync.RESTING, until) in shown
    assert "Quiet Otter 101" in shown
    (button,) = [one for one in page.button if one.key == "refresh_later"]
    assert button.label == texts.grammar.at(texts.sync.REFRESH_ON, until)
    assert button.disabled


def test_a_sign_in_whose_place_is_kept_says_when_and_offers_both_ways(visit: Visit):
    until = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=2)
    query = {"problem": "SignInWaits", "until": str(int(until.timestamp()))}
    shown = html_of(visit(an_application(), cookie=None, **query))
    assert texts.grammar.at(texts.problems.PLACE_FROM, until) in shown
    notice = shown.split("es-notice")[1].split("</section>")[0]
    assert 'href="/login"' in notice
    assert 'href="/login?anew=1"' in notice
