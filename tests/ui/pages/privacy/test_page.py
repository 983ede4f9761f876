"""The screen “Privacy”: each control does what it says, and says what it did."""

from datetime import UTC, datetime, timedelta

import pytest

from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.listening import Source
from matcher.errors import AliasRefused, AliasTaken, GrantRevoked
from matcher.ports import Account
from tests.matcher.taste.test_service import NOON, Library, listed, saved
from tests.ui.conftest import Visit, html_of, labels_of, press, switches_of
from tests.ui.html.test_hostile_text import HOSTILE, Tags
from tests.ui.living import LINK, MINE, LivingApplication
from ui import messages
from ui.pages.privacy import words
from ui.pages.privacy.account import name_of
from ui.screen import SCRIPTS
from ui.texts.grammar import at
from wiring.signing_in.sessions import hash_of

ARABIC = "مرحبا بالعالم"


@pytest.fixture
def app():
    return LivingApplication()


@pytest.fixture
def page(visit: Visit, app):
    return visit(app, screen="privacy")


def labels(page):
    return [*(one.label for one in page.button), *labels_of(page).values()]


TO_THE_TOP, *_ = SCRIPTS


def scripts_of(page):
    return "".join(one.body for one in page.html if one.body.startswith("<script>"))


def facet_switch(page, n):
    """The key of the nth switch of a part."""
    return [key for key in switches_of(page) if key.startswith("on_facet_")][n]


def press_first(page, start):
    """Press the first button that is HTML whose key begins so."""
    press(page, next(key for key in labels_of(page) if key.startswith(start)))


# ---- being found -------------------------------------------------------------------------------------


def test_everybody_begins_hidden_and_is_told_so(page):
    assert words.HIDDEN in html_of(page)
    assert not switches_of(page)["on_discoverable"]
    assert words.PAUSE not in labels(page)


def test_what_being_found_means_is_said(page):
    assert all(one in html_of(page) for one in words.MEANINGS)


def test_the_page_says_in_numbers_what_strangers_see(page):
    told = html_of(page)
    assert "at most 10 of each, never more than a third of yours" in told
    assert "among their 30 strongest" in told


def test_what_is_lost_by_switching_off_is_said(page):
    told = html_of(page)
    assert "nobody finds you by an artist, a track, a playlist’s name or how your music sounds" in told
    assert "nobody finds you by a genre or mood" in told
    assert "only those you connect with see which" in told


def test_whoever_shows_nothing_is_told_that_nobody_can_find_them(page, app):
    press(page, "on_discoverable")
    assert words.VISIBLE in html_of(page)
    press(page, "on_artists")
    press(page, "on_tags")
    assert "Nobody can find you." in html_of(page)
    assert words.VISIBLE not in html_of(page)


def test_the_switch_lets_oneself_be_found_and_hides_again(page, app):
    press(page, "on_discoverable")
    assert app.choices.discoverable
    assert words.VISIBLE in html_of(page)
    press(page, "on_discoverable")
    assert not app.choices.discoverable


def test_the_switch_shows_what_another_tab_chose(page, app):
    app.people.choose_discoverable(app.ada, True)
    assert switches_of(page.run())["on_discoverable"]


def test_a_pause_takes_out_of_sight_and_ends(page, app):
    press(page, "on_discoverable")
    page.button(key="pause").click().run()
    assert app.choices.paused
    assert words.PAUSED in html_of(page)
    page.button(key="resume").click().run()
    assert not app.choices.paused


# ---- alias -------------------------------------------------------------------------------------------


def change_alias(page, wanted):
    page.text_input(key="alias_wanted").set_value(wanted)
    next(one for one in page.button if one.label == words.ALIAS_CHANGE).click()
    return page.run()


def test_an_alias_is_changed_and_the_change_is_told(page, app):
    shown = html_of(change_alias(page, "  Quiet   Storm "))
    assert app.choices.alias == "Quiet Storm"
    assert words.ALIAS_CHANGED_MORE in shown


def test_the_rules_of_an_alias_stand_beside_it(page):
    assert words.ALIAS_RULES in html_of(page)


@pytest.mark.parametrize("wanted", [*sorted(set(HOSTILE) - {ARABIC}), "", "🎧🎧🎧", "Earshot"])
def test_an_alias_that_will_not_do_changes_nothing_and_is_never_shown_as_anything_but_text(page, app, wanted):
    before = app.choices.alias
    shown = html_of(change_alias(page, wanted))
    assert app.choices.alias == before
    assert messages.MESSAGES[AliasRefused].title in shown
    tags = Tags()
    tags.feed(shown)
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe"}


def test_an_alias_from_right_to_left_is_kept_and_isolated(page, app):
    change_alias(page, ARABIC)
    assert app.choices.alias == ARABIC


def test_an_alias_that_another_has_is_refused(page, app):
    other = app.bring("bob")
    app.people.choose_alias(other, "Quiet Storm")
    shown = html_of(change_alias(page, "quiet storm"))
    assert messages.MESSAGES[AliasTaken].title in shown
    assert app.choices.alias != "quiet storm"


# ---- account


@pytest.mark.parametrize(
    ("demo", "source"), [(True, "at the local Spotify of this demo"), (False, "at Spotify")]
)
def test_which_account_this_is_is_shown_with_its_source(visit: Visit, demo, source):
    shown = html_of(visit(LivingApplication(demo=demo), screen="privacy"))
    panel = shown.split(words.ACCOUNT_LEAD)[1].split("</ul>")[0]
    assert ">ada</bdi>" in panel
    assert f"<small>{source}</small>" in panel
    assert f'href="{LINK}"' in panel


@pytest.mark.parametrize(
    ("account", "name"),
    [
        (Account("spotify:aB3dE5", "https://open.spotify.com/user/ann%20lee"), "ann lee"),
        (Account("spotify:aB3dE5"), "aB3dE5"),
        (Account("spotify:" + "x" * 400), ""),
        (Account("sha256:abcdef"), ""),
    ],
)
def test_an_account_is_called_by_its_name_at_spotify_or_by_its_id(account, name):
    assert name_of(account) == name


def test_who_signs_in_with_a_key_can_make_a_new_one_and_is_asked_nothing_of_spotify(visit: Visit, app):
    app.come_by_file("a cookie", saved("Low"))
    shown = html_of(visit(app, cookie="a cookie", screen="privacy"))
    panel = shown.split(words.KEY_LEAD)[1].split("</ul>")[0]
    assert 'href="/new-key"' in panel
    assert "made on 21 November 2026" in panel
    assert words.DISCONNECT not in shown
    assert words.SHARE_LINK not in shown
    assert words.ACCOUNT_LEAD not in shown
    assert words.ERASE_LEAD_KEY in shown


def test_a_hostile_account_name_is_text(visit: Visit, app):
    app.service.connect_listener(Account("spotify:ada", "https://open.spotify.com/user/%3Cimg%20src=x%3E"))
    tags = Tags()
    tags.feed(html_of(visit(app, screen="privacy")))
    assert "img" not in tags.seen


@pytest.mark.parametrize("screen", ["", "taste", "groups"])
def test_the_account_is_shown_nowhere_else(visit: Visit, app, screen):
    assert words.ACCOUNT_LEAD not in html_of(visit(app, screen=screen))


# ---- what is shared ----------------------------------------------------------------------------------


def test_a_place_on_cards_is_allowed_only_by_choice(page, app):
    assert not switches_of(page)["on_cards"]
    press(page, "on_cards")
    assert app.choices.sharing.cards
    press(page, "on_cards")
    assert not app.choices.sharing.cards


@pytest.mark.parametrize("kind", ["artists", "tags", "tracks", "profile_link"])
def test_each_kind_is_kept_back_and_shared_again(page, app, kind):
    press(page, f"on_{kind}")
    assert not getattr(app.choices.sharing, kind)
    press(page, f"on_{kind}")
    assert getattr(app.choices.sharing, kind)


def test_tracks_rest_while_artists_are_kept_back_and_keep_what_was_chosen(page, app):
    press(page, "on_artists")
    assert not switches_of(page)["on_tracks"]
    press(page, "on_tracks")
    assert app.choices.sharing.tracks


def test_a_part_is_kept_back_and_shown_again(page, app):
    press(page, facet_switch(page, 2))
    assert app.choices.sharing.hidden_facets == {"playlists:sleep"}
    press(page, facet_switch(page, 2))
    assert app.choices.sharing.hidden_facets == frozenset()


@pytest.mark.parametrize("text", HOSTILE)
def test_names_of_playlists_are_text_in_their_switches(visit: Visit, text):
    app = LivingApplication(hearings=(*MINE, saved("Low"), listed("Can", text)))
    page = visit(app, screen="privacy")
    tags = Tags()
    tags.feed(html_of(page))
    assert tags.open == []
    assert not tags.seen & {"img", "script", "iframe"}


def test_many_parts_are_shown_when_asked_for(visit: Visit):
    many = [listed("Can", f"list {n}") for n in range(20)]
    page = visit(LivingApplication(hearings=(*MINE, *many)), screen="privacy")
    n_before = len(switches_of(page))
    page.button(key="more_facets").click().run()
    assert len(switches_of(page)) > n_before


# ---- one's own data ----------------------------------------------------------------------------------


def test_sessions_end_by_plain_links_that_carry_proof(page):
    shown = html_of(page)
    assert 'href="/logout?token=proof-of-cookie-of-ada"' in shown
    assert 'href="/logout?token=proof-of-cookie-of-ada&amp;everywhere=1"' in shown


def another_browser(app, cookie="cookie-of-ada-elsewhere"):
    app.sessions_kept.begin(hash_of(cookie), app.ada, NOON - timedelta(days=3), NOON + timedelta(days=29))
    return cookie


def test_every_browser_is_listed_with_when_it_was_used(page, app):
    assert words.SESSION_THERE not in html_of(page)
    another_browser(app)
    shown = html_of(page.run())
    assert shown.count(words.SESSION_HERE) == shown.count(words.SESSION_THERE) == 1
    assert at(words.SIGNED_IN, NOON - timedelta(days=3)) in shown
    assert at(words.SEEN, NOON - timedelta(days=1)) in shown


def test_signing_out_there_ends_that_browser_and_not_this_one(page, app):
    there = another_browser(app)
    press(page.run(), "sign_out_there_1")
    assert app.sessions.listener_of(there) is None
    assert app.sessions.listener_of("cookie-of-ada") == app.ada
    assert words.SIGNED_OUT_THERE in html_of(page)
    assert words.SESSION_THERE not in html_of(page)


def test_no_page_holds_what_a_session_is_kept_under(page, app):
    there = another_browser(app)
    shown = html_of(page.run())
    keys = " ".join(one.key for one in page.button if one.key)
    assert hash_of(there) not in shown + keys
    assert hash_of("cookie-of-ada") not in shown + keys


def test_what_is_kept_is_a_table_with_the_way_to_all_of_it(page):
    shown = html_of(page)
    assert all(what in shown for what, _, _ in words.KEPT_ROWS)
    assert 'href="/kept"' in shown


def test_the_export_is_a_link_and_nothing_is_made_before_it_is_asked_for(page, app):
    assert 'href="/export?token=proof-for-cookie-of-ada"' in html_of(page)
    assert ("export", app.ada) not in app.kept.audit


def test_disconnecting_asks_once_more_and_wipes_the_grant_alone(page, app):
    press(page, "ask_disconnect")
    assert app.grants.is_kept(app.ada)
    press(page, "yes_disconnect")
    assert not app.grants.is_kept(app.ada)
    assert app.syncs.stopped == [app.ada]
    assert app.store.profile(app.ada) is not None
    assert words.DISCONNECTED_MORE in html_of(page)
    with pytest.raises(GrantRevoked):
        app.grants.access_token(app.ada)


def test_whoever_is_disconnected_is_told_and_not_asked(page, app):
    app.grants.disconnect(app.ada)
    assert words.NOT_CONNECTED in html_of(page.run())
    assert words.DISCONNECT_BUTTON not in labels(page)


def test_whoever_was_never_read_can_still_leave(visit: Visit, app):
    app.sessions_kept.begin("hash", app.ada, app.clock(), app.clock())
    new = LivingApplication(hearings=())
    page = visit(new, screen="privacy")
    assert words.NO_FACETS in html_of(page)
    assert words.ERASE_BUTTON in labels(page)


# ---- erasing -----------------------------------------------------------------------------------------


def erase(page, typed):
    page.text_input(key="erase_typed").set_value(typed)
    next(one for one in page.button if one.label == words.ERASE_BUTTON).click()
    return page.run()


@pytest.mark.parametrize("typed", ["", "erase", "yes", "<script>", "erase everything!"])
def test_nothing_is_erased_before_the_words_are_typed(page, app, typed):
    shown = html_of(erase(page, typed))
    assert app.service.listener(app.ada) is not None
    assert words.NOT_ERASED in shown


@pytest.mark.parametrize("typed", ["erase everything", " Erase  Everything "])
def test_erasing_ends_the_session_and_shows_the_receipt(page, app, typed):
    alias = app.choices.alias
    shown = html_of(erase(page, typed))
    assert app.service.listener(app.ada) is None
    assert not app.grants.is_kept(app.ada)
    assert app.sessions.listener_of("cookie-of-ada") is None
    assert words.RECEIPT_TITLE in shown
    assert words.TABLES["sessions"] in shown
    assert alias not in shown


def test_the_receipt_counts_what_was_erased(page, app):
    shown = html_of(erase(page, "erase everything"))
    assert f"{words.TABLES['listeners']}</th><td>1</td>" in shown
    assert f"{words.TABLES['grants']}</th><td>1</td>" in shown


def test_the_receipt_names_only_what_was_there(page, app):
    shown = html_of(erase(page, "erase everything"))
    assert "<td>0</td>" not in shown
    assert words.TABLES["blocks"] not in shown


def test_the_receipt_is_saved_as_a_text_with_the_same_counts_and_no_name(page, app):
    alias = app.choices.alias
    shown = html_of(erase(page, "erase everything"))
    saved = shown.partition('data-text="')[2].partition('"')[0]
    assert f"{words.TABLES['listeners']}: 1\n" in saved
    assert f"{words.RECEIPT_ALL}: " in saved
    assert words.TABLES["blocks"] not in saved
    assert alias not in saved
    assert f'data-save="{words.RECEIPT_FILE}"' in shown


def test_the_receipt_begins_at_its_head(page):
    assert TO_THE_TOP not in scripts_of(page)
    assert TO_THE_TOP in scripts_of(erase(page, "erase everything"))


def test_every_part_says_in_a_line_how_it_stands(page, app):
    assert f'<small id="es-state-found">{words.FOUND_LINES["hidden"]}</small>' in html_of(page)
    assert "</bdi></small>" in html_of(page)
    press(page, "on_discoverable")
    assert f'<small id="es-state-found">{words.FOUND_LINES["visible"]}</small>' in html_of(page)
    press(page, "on_artists")
    assert '<small id="es-state-sharing">tags</small>' in html_of(page)
    press(page, "on_tags")
    assert '<small id="es-state-sharing">no music</small>' in html_of(page)
    assert f'<small id="es-state-found">{words.FOUND_LINES["nothing"]}</small>' in html_of(page)


def test_the_receipt_says_what_outlasts_the_erasure_and_until_when(page):
    shown = html_of(erase(page, "erase everything"))
    year = (datetime.now(UTC) + timedelta(days=365)).year
    assert "a fingerprint of your account, for blocks, reports and declined requests" in shown
    assert str(year) in shown.partition("Kept until ")[2].partition(":")[0]


def test_the_receipt_stays_through_a_rerun_and_leads_to_the_first_page_without_the_cookie(page):
    shown = html_of(erase(page, "erase everything").run())
    assert words.RECEIPT_TITLE in shown
    assert 'href="/logout?token=proof-of-cookie-of-ada"' in shown


def test_another_tab_shows_the_way_in_after_an_erasure(visit: Visit, app):
    one, other = visit(app, screen="privacy"), visit(app, screen="taste")
    erase(one, "erase everything")
    shown = html_of(other.run())
    assert 'href="/login"' in shown
    assert words.RECEIPT_TITLE not in shown


@pytest.mark.parametrize("key", ["on_discoverable", "on_artists"])
def test_a_switch_of_a_session_that_ended_elsewhere_changes_nothing(page, app, key):
    before = app.choices
    app.sessions.end("cookie-of-ada")
    press(page, key)
    assert app.choices == before
    assert 'href="/login"' in html_of(page)


def test_erasing_from_a_session_that_ended_elsewhere_erases_nothing(page, app):
    app.sessions.end("cookie-of-ada")
    shown = html_of(erase(page, "erase everything"))
    assert app.service.listener(app.ada) is not None
    assert words.RECEIPT_TITLE not in shown


def test_what_was_told_to_somebody_does_not_outlive_their_session(page, app):
    page.text_input(key="alias_wanted").set_value("Quiet Storm")
    app.sessions.end("cookie-of-ada")
    page.run()
    assert not [key for key in page.session_state.to_dict() if key.startswith("told_")]


def test_left_out_things_go_with_an_erasure(page, app):
    app.tastes.leave_out(app.ada, Exclusion(Kind.ARTIST, "low"))
    erase(page, "erase everything")
    assert app.taste_store.exclusions(app.ada) == {}


# ---- training ----------------------------------------------------------------------------------------


def training_switches(page):
    return {key: on for key, on in switches_of(page).items() if key.startswith("on_training")}


def test_spotify_s_web_api_has_no_switch_and_why_is_said(page):
    assert training_switches(page) == {}
    assert words.NO_TRAINING in html_of(page)
    assert words.TRAINING_SPOTIFY in html_of(page)


def test_training_is_off_until_it_is_switched_on_for_a_source_and_can_be_withdrawn(visit: Visit, app):
    me = app.come_by_file("cookie-of-bob")
    app.service.refresh_listener(me, Library(saved("Low"), saved("Can"), source=Source.FILE))
    assert app.people.training(me) == {"file": False}
    for wanted in (True, False):
        page = visit(app, screen="privacy", cookie="cookie-of-bob")
        assert "Train on a file of your own" in html_of(page)
        ((key, on),) = training_switches(page).items()
        assert on is not wanted
        press(page, key)
        assert app.people.training(me) == {"file": wanted}
