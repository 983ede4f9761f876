"""The account that comes back from Spotify is the one that went, or nothing changes."""

import pytest

from spotify_client.settings import PLAYLIST_SCOPES
from wiring.signing_in.sessions import hash_of

ANN, BOB = "syn-0001", "syn-0002"


def kept(browser, database):
    """Everything that another account must leave as it is: all rows but those of trips on their way."""
    with database.transaction() as connection:
        return [
            connection.exec_driver_sql(f"SELECT t::text FROM {table} t ORDER BY 1").scalars().all()
            for table in ("listeners", "grants", "sessions", "sharing", "connections", "audit")
        ]


@pytest.fixture
def ann(open_browser):
    """A browser in which Ann is signed in."""
    browser = open_browser()
    assert browser.travel(ANN) == "/"
    assert browser.account == "spotify:syn-0001"
    return browser


@pytest.mark.parametrize("why", [{"for": "playlist", "back": "/groups"}, {"back": "/groups"}])
def test_another_account_that_comes_back_changes_nothing_and_is_told(ann, database, why):
    before = kept(ann, database)
    assert ann.travel(BOB, **why) == "/groups?problem=OtherAccount"
    assert kept(ann, database) == before
    assert ann.account == "spotify:syn-0001"
    assert not ann.app.playlists.may_make(ann.listener_id)


def test_the_same_account_comes_back_with_the_permission(ann):
    assert ann.travel(ANN, **{"for": "playlist", "back": "/groups"}) == "/groups"
    assert ann.account == "spotify:syn-0001"
    assert ann.app.grants.scopes(ann.listener_id) >= set(PLAYLIST_SCOPES)


def test_spotify_shows_whoever_is_signed_in_here_as_whom_they_are_there(ann, open_browser):
    assert ann.leave(**{"for": "playlist"})["show_dialog"] == "true"
    assert "show_dialog" not in open_browser().leave()


def test_another_account_that_is_known_here_is_no_way_in_either(ann, open_browser, database):
    open_browser().travel(BOB)
    before = kept(ann, database)
    assert ann.travel(BOB).endswith("?problem=OtherAccount")
    assert kept(ann, database) == before


def test_after_signing_out_another_account_may_sign_in(ann):
    ann.get("/logout", token=ann.app.sign_out_path(ann.cookies.cookies["earshot_session"]).partition("=")[2])
    assert ann.account == ""
    assert ann.travel(BOB) == "/"
    assert ann.account == "spotify:syn-0002"


def test_a_trip_that_began_before_somebody_else_signed_in_takes_nobody_s_place(ann, database):
    asked = ann.leave(**{"for": "playlist"})
    ann.get("/logout", token=ann.app.sign_out_path(ann.cookies.cookies["earshot_session"]).partition("=")[2])
    login = ann.cookies.cookies.copy()
    ann.travel(BOB)
    ann.cookies.cookies.update(login)
    before = kept(ann, database)
    assert ann.agree(asked, ANN) == "/?problem=OtherAccount"
    assert kept(ann, database) == before
    assert ann.account == "spotify:syn-0002"


def test_whoever_is_erased_on_the_way_does_not_come_back(ann):
    asked = ann.leave(**{"for": "playlist"})
    ann.app.people.erase(ann.listener_id)
    assert ann.agree(asked, ANN) == "/?problem=StateMismatch"
    browser_hash = hash_of(ann.cookies.cookies["earshot_login"])
    assert ann.app.pending_logins.take(asked["state"], browser_hash, ann.app.clock()) is None
