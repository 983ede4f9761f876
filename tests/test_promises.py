"""Every promise with a number: the sentence that makes it, and that the code behaves so.

The numbers are written out here on purpose. A test that imports the constant it checks still passes when
somebody changes the constant; these do not.
"""

import inspect
import os
from collections.abc import Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from sqlalchemy import insert

from emulator.settings import EmulatorSettings
from matcher.browsing import rarity
from matcher.browsing.feedback import FeedbackAction
from matcher.browsing.map_view import points_in
from matcher.browsing.service import MatchFilters, Order
from matcher.domain.alias import chosen_alias
from matcher.domain.calibration import Calibration
from matcher.domain.consent import Sharing, Standing
from matcher.domain.library import build_profile
from matcher.domain.listening import Hearing, Listening, Part, Source
from matcher.domain.noise import FEWEST_TITLES, unbroken
from matcher.domain.noise.loops import MOST_PER_MEDIAN, cut_loops
from matcher.domain.profile import ListenerProfile
from matcher.domain.weights import HALF_LIFE_MONTHS, NOISE_WEIGHT
from matcher.errors import AliasRefused, GroupSize
from matcher.groups.discovery import ItemSpace
from matcher.groups.joint_playlist import fair_playlist
from matcher.people.disclosure import reveal
from matcher.picking import artists as picking
from matcher.ports import PREVIOUS_MODEL_KEPT, Listener
from matcher.scoring.exposure import bound
from matcher.scoring.near_duplicates import are_near_duplicates
from matcher.scoring.overlap import count_items
from matcher.scoring.taste_map import about, map_points
from matcher.taste.facet_cache import FacetCache, FacetSet
from sources.delimited import ALWAYS_BYTES, MOST_GROWTH
from sources.exports.archive import MOST_FILES
from sources.exports.json_rows import LARGEST_ROW
from sources.exports.plays import MOST_A_DAY, weight_of
from sources.scrobbles import lastfm, listenbrainz
from sources.scrobbles.calls import Politeness
from sources.scrobbles.lastfm import POLITENESS
from spotify_client.calls.grants import reconnect_by
from spotify_client.parsing.parse import SAVED_WEIGHT
from spotify_client.signing_in.auth import SpotifyLogin
from storage.sql.schema import attribute_cache, audit
from storage.stores.lifetime.retention import PostgresRetention, RetentionTimes
from storage.stores.listeners.listeners import PostgresListenerStore
from tests.fakes.spotify import FakeCooldownStore
from tests.fakes.stores import FakeSessionStore
from tests.matcher.domain.test_consent import MATCH
from tests.matcher.groups import test_group as test_groups
from tests.matcher.groups.test_discovery import NOBODY, taste
from tests.matcher.matching.test_service import FakeEmbedder
from tests.matcher.scoring.test_taste_map import CHART
from tests.people_world import world_in_memory
from tests.pythons import ROOT
from tests.spotify_client import conftest as spotify
from tests.spotify_client.conftest import make_grant, make_settings
from tests.spotify_client.test_incremental import Library, items_read, page, track
from tests.storage.stores.lifetime.test_retention import kept, read, sign_in
from towers.config import TowerConfig
from towers.training.cohort import MEMBERS
from towers.training.picking import FEWEST_ARTISTS
from towers.training.ranker import LEAST_OVERLAP, LEAST_SHARE, STRANGERS_QUANTILE
from towers.training.shares import FLOORS
from towers.training.taste_map import MIN_HEARING
from towers.training.train_model import hold_out
from towers.training.train_towers import MIN_NAMES
from ui import texts
from ui.charts.heat import heat_map
from ui.pages.doors import words as door_words
from ui.pages.groups import words as groups_words
from ui.pages.map import words as map_words
from ui.pages.matches import paging
from ui.pages.matches import words as matches_words
from ui.pages.matches.query_parameters import QueryParameters
from ui.pages.privacy import words as privacy_words
from ui.pages.taste import own_card_words
from ui.pages.taste import words as taste_words
from ui.pages.taste.own_card import card_of
from ui.shared import session_watch
from ui.texts import problems
from wiring.daily_cache import DailyCache
from wiring.doors.forms import UPLOADS_PER_ADDRESS
from wiring.lookalikes import skeleton
from wiring.models import FOLLOW_S
from wiring.settings import Settings
from wiring.signing_in import recovery_keys
from wiring.signing_in.sessions import Sessions
from wiring.syncs import SyncBoard
from wiring.uploads import DISK_RESERVE

_server, script, clock, room_of, room = (
    spotify._server,
    spotify.script,
    spotify.clock,
    spotify.room_of,
    spotify.room,
)
"""Fixtures: a scripted Spotify over HTTP, and our client before it."""

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)


def says(where: str | Mapping[str, Any] | tuple[Any, ...], sentence: str) -> bool:
    """Whether a document, named by its path, or a text of the pages holds the sentence."""
    text = where if isinstance(where, str) else repr(where)
    if text.endswith(".md"):
        text = (ROOT / text).read_text("utf-8")
    return sentence in " ".join(text.replace("**", "").split())


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


# ---- what others see ------------------------------------------------------------------------------------


def test_dots_on_the_map_come_by_twenty_five_listeners():
    assert says(map_words.SHOWN, "dots come by twenty-five")
    assert says("docs/adr/0009-the-taste-map.md", "rounded down to whole times twenty-five")
    spot = [[0.01, 0.01]]
    counts = [len(map_points(np.array(spot * n, np.float32))) for n in (24, 25, 49, 50)]
    assert counts == [0, 25, 25, 50]


def test_a_match_on_the_map_stands_in_the_middle_of_a_cell_of_a_twentieth():
    assert says("docs/adr/0009-the-taste-map.md", "in the middle of a cell of 0.05")
    assert about((0.001, 0.049)) == pytest.approx((0.025, 0.025))
    assert about((0.051, -0.001)) == pytest.approx((0.075, -0.025))


def test_the_crowd_on_the_map_is_counted_once_a_day():
    assert says("docs/adr/0009-the-taste-map.md", "stays in the crowd for up to a day")
    assert says(map_words.SHOWN, "are counted once a day")
    clock, asked = Clock(), []
    crowd = DailyCache(lambda *_: asked.append(1) or np.zeros((25, 2), np.float32), clock)
    for hours in (0, 1, 24):
        clock.now += hours * 3600 * SECOND
        crowd(None, "v")
    assert len(asked) == 2


def test_the_crowd_on_the_map_is_three_thousand_at_most():
    assert says("docs/adr/0009-the-taste-map.md", "are sampled, at most 3,000")
    asked = []

    class Store:
        def sample_products(self, axes, model_version, n):
            asked.append(n)
            return np.zeros((0, 2), np.float32)

    points_in(Store())(CHART, "v")
    assert asked == [3_000]


def test_here_lately_is_within_thirty_days():
    assert says(texts.card.LATELY_MORE, "within the last 30 days")
    assert matches_words.LATELY == "Here in the last 30 days"
    for days, lately in ((30, True), (31, False)):
        other = Standing("x", "X", Source.TABLE, active_at_utc=NOON - days * DAY)
        assert reveal(MATCH, other, 1, NOON).lately is lately


def test_an_alias_has_3_to_30_characters():
    assert says(privacy_words.ALIAS_RULES, "3 to 30 characters")
    assert says(texts.problems.PROBLEMS, "An alias has 3 to 30 characters")
    assert [chosen_alias(one, skeleton) for one in ("abc", "ab" * 15)] == ["abc", "ab" * 15]
    for wrong in ("ab", "ab" * 15 + "c"):
        with pytest.raises(AliasRefused):
            chosen_alias(wrong, skeleton)


def test_the_card_of_ones_own_taste_has_five_artists():
    assert says(own_card_words.MORE, "five artists you hear most")
    me = taste("me", *(f"Artist {n}: Song" for n in range(9)))
    listener = Listener("me", "Alias", Source.TABLE, discoverable=True)
    assert len(card_of(listener, me.profile, Sharing()).artists) == 5


# ---- groups and playlists -------------------------------------------------------------------------------


@pytest.fixture
def eleven():
    room = test_groups.Room()
    for n in range(11):
        room.add(f"n{n}", "Low: A", f"Can: {n}")
    return room


def outcome(call):
    try:
        return call() is not None
    except GroupSize:
        return False


def test_a_group_is_three_to_ten_and_a_playlist_two_to_ten(eleven):
    assert says(texts.problems.PROBLEMS, "A group is three to ten listeners, a joint playlist two to ten.")
    assert says(groups_words.LEAD, "two to nine listeners you are connected with")
    assert says(groups_words.CHOOSE_HELP, "Two at least, nine at most.")
    names = [f"n{n}" for n in range(11)]
    groups = [n for n in range(1, 12) if outcome(lambda n=n: eleven.group(*names[:n]))]
    assert groups == [3, 4, 5, 6, 7, 8, 9, 10]
    me, others = eleven.ids["n0"], eleven.of(*names[1:])
    made = [n for n in range(1, 12) if outcome(lambda n=n: eleven.groups.make_playlist(me, others[: n - 1]))]
    assert made == [2, 3, 4, 5, 6, 7, 8, 9, 10]


def test_a_joint_playlist_has_at_most_two_tracks_by_one_artist():
    assert says(texts.playlist.FOR_TWO_MORE, "At most two by one artist.")
    assert says(texts.playlist.FOR_ALL_MORE, "At most two by one artist.")
    pair = [taste(who, *(f"Low: {who} {n}" for n in range(9)), f"{who}: Song") for who in ("me", "you")]
    found = fair_playlist(pair, ItemSpace(FakeEmbedder()), NOBODY)
    assert [one.artist for one in found.tracks].count("Low") == 2


def test_a_heat_map_shows_at_most_twelve():
    assert says("docs/screens.md", "a square matrix of at most 12")
    for n, drawn in ((12, True), (13, False)):
        names, shares = [f"n{k}" for k in range(n)], [[0.5] * n for _ in range(n)]
        with nullcontext() if drawn else pytest.raises(ValueError, match="at most 12"):
            heat_map("Near", names, shares)


# ---- matches --------------------------------------------------------------------------------------------


def test_a_list_has_ten_on_a_page_and_fifty_at_most_out_of_a_hundred():
    assert says("docs/screens.md", "A list of matches has ten on a page and fifty at most.")
    assert says("docs/screens.md", "from the hundred nearest")
    assert paging.LENGTH == 10
    assert max(paging.paged(MatchFilters(), QueryParameters(page=number)).top_n for number in range(99)) == 50
    for match_filters in (MatchFilters(tag=1), MatchFilters(lately=True), MatchFilters(order=Order.DISCOVER)):
        assert match_filters.n_looked_through == 100


def test_four_hundred_are_retrieved_by_vector(monkeypatch):
    assert says("docs/adr/0007-retrieval.md", "400 more come by vector each time")
    asked = []

    def retrieve(question, n, *_):
        asked.append(n)
        raise InterruptedError

    world = world_in_memory()
    me = world.sign_in("me")
    world.refresh(me, "Low", "Can")
    monkeypatch.setattr(world.service.store, "retrieve", retrieve)
    with pytest.raises(InterruptedError):
        world.service.find_matches(me, 20)
    assert asked == [400]


def test_libraries_alike_to_eight_tenths_of_twenty_items_are_clones():
    assert says("docs/adr/0008-fair-exposure.md", "from 0.8 on of 20 items or more makes a clone")
    twenty = frozenset(range(20))
    assert are_near_duplicates(twenty, twenty)
    assert not are_near_duplicates(frozenset(range(19)), frozenset(range(19)))
    assert are_near_duplicates(frozenset(range(25)), twenty)
    assert not are_near_duplicates(frozenset(range(26)), twenty)


def test_strangers_have_0_percent_and_ones_own_library_100():
    assert says(
        "README.md", "0 % is what two strangers have in common on average, 100 % one's own library once more"
    )
    assert Calibration().percent(0.0, 50, 50).value == 0.0
    assert Calibration().percent(1.0, 50, 50).value == 100.0


def test_an_interval_holds_in_eight_cases_of_ten():
    assert says(texts.card.PERCENT_BETWEEN, "in eight cases of ten")
    found = Calibration(noise=1.0).percent(0.5, 1, 1)
    assert found.high - found.value == pytest.approx(NormalDist().inv_cdf(0.9), abs=1e-4)


def test_near_is_nearer_than_99_in_100_pairs_of_strangers():
    assert says(texts.card.BAND_MEANING["near"], "Nearer than 99 in 100 pairs of strangers.")
    assert STRANGERS_QUANTILE == 0.99


def test_nobody_is_in_more_than_a_twentieth_of_top_tens():
    assert says("README.md", "no profile should stand in more than a twentieth of others' top tens")
    assert says("README.md", "with 2.7 % on one split; the other does not, with 6.3 ± 1.1 % on five")
    assert says("docs/results/aotm-playlists.md", "| pipeline | 0.063 ± 0.011 | 0.050 ± 0.000 |")
    assert says("docs/adr/0013-the-likeness.md", "| 3.4 %; 2.4 % | 4.1 %; 2.7 % |")
    assert bound(1_000) == pytest.approx(0.05)
    assert bound(5_000) == pytest.approx(0.05)
    assert bound(100) == pytest.approx(0.5)


def test_the_model_card_says_who_is_held_out_and_what_a_model_holds():
    assert says("docs/model-card.md", "5 %, at least 150 and at most 1,000, never more than a fifth")
    sizes = {100: 20, 600: 120, 2_000: 150, 10_000: 500, 40_000: 1_000}
    for n, n_held_out in sizes.items():
        listeners = [ListenerProfile(f"{one}", Source.TABLE) for one in range(n)]
        assert len(hold_out(listeners, 0)[1]) == n_held_out
    assert says("docs/model-card.md", "With fewer than 8,000 listeners in all")
    assert says("docs/model-card.md", "every artist, track and tag that even one training listener had")
    words = Hearing(Part.PLAYS, artist_name="Low", track_name="Words")
    one = build_profile(Listening("one", Source.TABLE, (words,), {"low": {"slow": 1.0}}))
    counts = {"artists": {"low": 1}, "tracks": {"low|words": 1}, "tags": {"slow": 1}}
    assert count_items([one]).counts == counts
    assert says("docs/model-card.md", "words of playlist names from two listeners on")
    assert (TowerConfig().refit_below, TowerConfig().min_listeners_word) == (8_000, 2)
    assert says("docs/model-card.md", "means of five training listeners")
    assert says("docs/model-card.md", "named by artists that at least five hear")
    assert MEMBERS == MIN_HEARING == 5


def test_what_counts_in_an_export_and_what_is_refused():
    assert says("docs/sources.md", "| a play of 30 seconds or more | 1 |")
    assert (weight_of(30_000, False), weight_of(29_999, False), weight_of(0, False)) == (1.0, 0.1, 0.0)
    assert says(
        "docs/sources.md", "| the same, but skipped (`skipped`, or ended with the forward button) | 0.5 |"
    )
    assert weight_of(30_000, True) == 0.5
    assert says("docs/sources.md", "| a play under 30 seconds | 0.1 |")
    assert says("docs/sources.md", "a followed artist | 2, as by live Spotify")
    assert SAVED_WEIGHT == 2.0
    assert says(
        "docs/sources.md", "more than 100 times (and 64 MiB) larger unpacked, has more than 1,000 files"
    )
    assert (MOST_GROWTH, ALWAYS_BYTES, MOST_FILES) == (100, 67_108_864, 1_000)
    assert says(
        "docs/sources.md", "a row of more than 8 million characters, or more than 20,000 plays on one day"
    )
    assert pytest.approx(8e6, rel=0.05) == LARGEST_ROW
    assert MOST_A_DAY == 20_000


def test_what_is_played_on_end():
    told = "runs of six hours or more without another artist, 18 hours together, if they hold half"
    assert says("docs/sources.md", told)
    assert says("docs/adr/0023-unbroken-runs.md", "no pause over 70 minutes")
    assert (unbroken.LEAST_RUN_S, unbroken.LEAST_TOGETHER_S) == (21_600, 64_800)
    assert (unbroken.LEAST_SHARE, unbroken.LONGEST_PAUSE_S) == (0.5, 4_200)


def test_how_plays_fade_and_what_hardly_counts():
    assert says("docs/sources.md", "three years before a listener's last month with plays they count half")
    assert HALF_LIFE_MONTHS == 36
    assert says("docs/sources.md", "plays count up to 50 times the listener's median")
    assert MOST_PER_MEDIAN == 50
    assert says("docs/sources.md", "for children counts a thousandth of a play")
    assert NOISE_WEIGHT == 0.001
    assert says(
        "docs/sources.md", "by three titles, if they are half or more of what one listener has of them"
    )
    assert FEWEST_TITLES == 3


def test_training_warns_below_30_and_5_percent():
    assert says("docs/adr/0017-two-tasks.md", "Training warns below 30 % for the towers and 5 % for audio.")
    assert dict(FLOORS) == {"towers": 0.3, "audio": 0.05}


def test_feedback_actions_are_scored_0_1_and_5():
    assert says("docs/data.md", "0 dismissed, 1 opened, 5 connected")
    assert says("docs/real-data.md", "the score 0 (ignored), 1 (clicked) or 5 (strong")
    assert [
        int(action) for action in (FeedbackAction.DISMISSED, FeedbackAction.OPENED, FeedbackAction.CONNECTED)
    ] == [0, 1, 5]


def test_facets_are_remembered_for_ten_minutes_128_in_all_and_four_each():
    assert says(
        "docs/data.md",
        "the last 128 sets of facets of listeners who opened their matches, of each the last four",
    )
    assert says("docs/data.md", "for at most ten minutes after that")
    memory, facets = FacetCache(), FacetSet((), ())
    for n in range(5):
        memory.keep("me", f"m{n}", facets, NOON)
    assert [memory.recall("me", f"m{n}", NOON) is not None for n in range(5)] == [False, *[True] * 4]
    assert memory.recall("me", "m4", NOON + timedelta(minutes=10) - SECOND)
    assert memory.recall("me", "m4", NOON + timedelta(minutes=10)) is None
    for n in range(200):
        memory.keep(f"l{n}", "m", facets, NOON)
    assert sum(memory.recall(f"l{n}", "m", NOON) is not None for n in range(200)) == 128


# ---- how long -------------------------------------------------------------------------------------------


def test_a_session_lasts_thirty_days_after_the_last_visit_and_180_at_most():
    assert says(
        privacy_words.SESSIONS_LEAD, "for thirty days after your last visit, and for 180 days at most"
    )
    assert says("docs/data.md", "thirty days after the last visit, at most 180 after it began")
    clock = Clock()
    sessions = Sessions(FakeSessionStore(), clock)
    token = sessions.begin("ada")
    clock.now += 30 * DAY - SECOND
    assert sessions.is_open(token, "ada")
    clock.now += SECOND
    assert not sessions.is_open(token, "ada")
    clock.now = NOON
    token = sessions.begin("ada")
    for _ in range(12):
        clock.now += 15 * DAY - SECOND
        assert sessions.listener_of(token) == "ada"
    clock.now = NOON + 180 * DAY
    assert sessions.listener_of(token) is None


def test_a_log_in_is_valid_for_ten_minutes():
    assert says("docs/data.md", "at most ten minutes valid")
    pending, _ = SpotifyLogin(make_settings(), Clock(), FakeCooldownStore(), lambda _: None).begin("browser")
    assert pending.expires_at_utc == NOON + timedelta(minutes=10)


def test_spotifys_permission_lasts_six_months():
    assert says("README.md", "Grants end after six months")
    assert says(texts.frame.RECONNECT_BY, "lasts six months")
    assert reconnect_by(make_grant("ann", NOON)) == datetime(2027, 5, 21, 12, tzinfo=UTC)


def test_lists_go_after_seven_days_people_after_thirty(database):
    assert says("README.md", "Whoever does not come back for thirty days")
    assert says("README.md", "lists read from Spotify go seven days after the last refresh")
    assert says(privacy_words.KEPT_ROWS, "seven days after the last refresh")
    assert says(privacy_words.KEPT_ROWS, "nobody is kept who does not come back")
    store, retention = (
        PostgresListenerStore(database),
        PostgresRetention(database, RetentionTimes(), most_skew=timedelta.max),
    )
    me = sign_in(store)
    read(store, me, NOON)
    assert retention.purge(NOON + 7 * DAY)["readings"] == 0
    assert retention.purge(NOON + 7 * DAY + SECOND)["readings"] == 1
    assert retention.purge(NOON + 30 * DAY)["listeners"] == 0
    assert retention.purge(NOON + 31 * DAY)["listeners"] == 0  # found gone: a day of grace begins
    assert retention.purge(NOON + 32 * DAY)["listeners"] == 1


def test_the_audit_goes_after_a_year(database):
    assert says("docs/data.md", "| the audit | after a year |")
    store, retention = (
        PostgresListenerStore(database),
        PostgresRetention(database, RetentionTimes(), most_skew=timedelta.max),
    )
    sign_in(store)
    retention.purge(NOON + 39 * DAY)
    retention.purge(NOON + 40 * DAY)
    assert kept(store, audit) == 1
    retention.purge(NOON + (40 + 365) * DAY)
    assert kept(store, audit) == 1
    found = retention.purge(NOON + (40 + 365) * DAY + SECOND)
    assert found["audit"] == 1


@pytest.mark.parametrize(("provenance", "days"), [("reccobeats", 30), ("spotify", 7)])
def test_answers_about_tracks_are_kept_for_thirty_days_and_spotifys_for_seven(database, provenance, days):
    assert says(
        "docs/data.md", "| answers of services about tracks | after thirty days; Spotify's own after seven |"
    )
    with database.transaction() as connection:
        row = {"lookup_key": "k", "attributes": {}, "provenance": provenance, "fetched_at_utc": NOON}
        connection.execute(insert(attribute_cache).values(**row))
    retention = PostgresRetention(database, RetentionTimes(), most_skew=timedelta.max)
    assert retention.purge(NOON + days * DAY)["attribute_cache"] == 0
    assert retention.purge(NOON + days * DAY + SECOND)["attribute_cache"] == 1


def test_an_ended_session_is_noticed_within_five_seconds():
    assert says("docs/screens.md", "looks every five seconds whether the session lasts")
    assert says("CHANGELOG.md", "without a reload and within 10 seconds in a tab in front")
    assert session_watch.EVERY_S == 5.0


# ---- how much of Spotify --------------------------------------------------------------------------------

CALLS = "Earshot makes at most 60 calls a refresh"
NEWEST = (
    "then the ten newest playlists of your own, then saved tracks up to 500), "
    "twelve where nothing has changed"
)


def test_a_refresh_reads_ten_playlists_and_500_saved_tracks_with_at_most_60_calls(room, script):
    assert says("README.md", CALLS)
    assert says("README.md", NEWEST)
    Library(script, n_playlists=14, n_saved=700)
    listening = room.fetch()
    assert len(script.seen) <= 60
    assert items_read(script) == [f"p{n}" for n in range(10)]
    assert sum(one.part is Part.SAVED for one in listening.hearings) == 500


def test_the_sixty_first_call_is_never_made(room, script):
    Library(script, n_playlists=14, n_saved=700)

    def endless(seen):
        following = f"{script.base}{seen.path}?offset={int(seen.query.get('offset', 0)) + 50}"
        return page([{"item": track(n)} for n in range(50)], following, 10_000)

    for n in range(14):
        script.on(f"/v1/playlists/p{n}/items", endless)
    room.fetch()
    assert len(script.seen) == 60


def test_five_listeners_are_on_the_list_of_a_new_app():
    assert says("README.md", "New apps are in Development Mode: at most five people")
    EmulatorSettings(allow_list=tuple("abcde"))
    with pytest.raises(ValueError, match="5"):
        EmulatorSettings(allow_list=tuple("abcdef"))


# ---- settings -------------------------------------------------------------------------------------------

DEFAULTS = {
    "| `EARSHOT_SPOTIFY` | `true` |": ("spotify", True),
    "| `EARSHOT_UPLOAD_MB` | `1500` |": ("upload_mb", 1500),
    "| `EARSHOT_UPLOADS_AT_ONCE` | `8` |": ("uploads_at_once", 8),
    "| `EARSHOT_UPLOADS_PER_HOUR` | `20` |": ("uploads_per_hour", 20),
    "| `EARSHOT_CALLS_BUDGET` | `60` |": ("calls_budget", 60),
    "| `EARSHOT_IDLE_DAYS` | `30` |": ("idle_days", 30),
    "| `EARSHOT_HOST`, `EARSHOT_PORT` | `127.0.0.1`, `8501` |": ("port", 8501),
    "| `EARSHOT_REFRESH_INTERVAL_S` | `0` in the demo, `600` live |": ("refresh_interval", timedelta(0)),
    "| `EARSHOT_RECCOBEATS` | `false` |": ("reccobeats", False),
    "| `EARSHOT_SPOTIFY_AUDIO_FEATURES` | `false` |": ("spotify_audio_features", False),
    "| `EARSHOT_ACCEPT_SPOTIFY_TERMS` | `false` |": ("accept_spotify_terms", False),
    "| `EARSHOT_MODE` | `demo` |": ("mode", "demo"),
    "| `EARSHOT_PUBLIC_URL` | `http://127.0.0.1:8501` |": ("public_url", "http://127.0.0.1:8501"),
    "| `EARSHOT_EMULATOR_URL` | `http://127.0.0.1:9911` |": ("emulator_url", "http://127.0.0.1:9911"),
}


@pytest.mark.parametrize("row", DEFAULTS)
def test_a_setting_is_by_default_what_the_table_says(row, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("EARSHOT_")]:
        monkeypatch.delenv(name)
    assert says("docs/settings.md", row)
    name, value = DEFAULTS[row]
    assert getattr(Settings(), name) == value


def test_live_refreshes_are_ten_minutes_apart():
    live = Settings(mode="live", spotify_client_id="x", accept_spotify_terms=True)
    assert live.refresh_interval == timedelta(seconds=600)


def test_idle_days_are_1_to_180():
    assert says("docs/settings.md", "1 to 180")
    for days in (1, 180):
        Settings(idle_days=days)
    for days in (0, 181):
        with pytest.raises(ValidationError):
            Settings(idle_days=days)


def test_uploads_are_two_at_a_time_of_an_address_and_two_are_read_at_a_time():
    assert says("docs/settings.md", "how often one address may upload; two at a time")
    assert says("docs/settings.md", "Two are read at a time")
    assert UPLOADS_PER_ADDRESS == 2
    assert inspect.signature(SyncBoard).parameters["n_files"].default == 2


def test_twenty_names_an_hour_are_taken_from_one_address():
    assert says("docs/threat-model.md", "twenty names an hour from one address")
    assert Settings.model_fields["uploads_per_hour"].default == 20


def test_five_to_fifteen_artists_of_five_listeners_each_are_picked_among_thirty_at_least():
    assert says(door_words.__dict__, "Five are enough, fifteen are better")
    assert says("docs/sources.md", "Five picks are enough, fifteen are the most")
    assert says("docs/sources.md", "heard by fewer than five of the listeners")
    assert says("docs/sources.md", "fewer than 30 artists of five listeners each")
    assert (picking.FEWEST, picking.MOST, picking.LEAST_LISTENERS, FEWEST_ARTISTS) == (5, 15, 5, 30)


def test_what_was_read_from_spotify_is_kept_for_seven_days():
    assert says("docs/sources.md", "What was read from Spotify is kept for seven days")
    assert says(taste_words.__dict__, "kept for seven days")
    assert RetentionTimes().unconfirmed == timedelta(days=7)


def test_uploads_leave_a_gigabyte_free():
    assert says("docs/settings.md", "1 GB is always left free")
    assert DISK_RESERVE >= 1_000_000_000


def test_a_recovery_key_is_160_bits_in_36_letters_and_digits():
    assert says("docs/data.md", "160 random bits")
    assert says(problems.__dict__, "A recovery key has 36 letters and digits")
    key = recovery_keys.written(bytes(20))  # 8 bits each
    assert len(key.replace("-", "")) == 36
    assert len(recovery_keys.read(key)) == 20


def test_a_reading_by_name_takes_sixty_calls_and_waits_for_15_seconds_at_most():
    assert says("docs/sources.md", "at most sixty calls for one reading")
    assert says("docs/sources.md", "a pause of more than 15 seconds ends a reading")
    assert says("docs/sources.md", "at Last.fm four calls a second")
    assert (Politeness().max_calls, Politeness().max_wait_s) == (60, 15.0)
    assert (POLITENESS.max_calls, POLITENESS.max_wait_s, POLITENESS.gap_s) == (60, 15.0, 0.25)


def test_three_calls_are_for_totals_and_the_rest_for_pages_of_plays():
    assert says(
        "docs/sources.md", "three calls give the taste (a thousand artists and a thousand tracks at most)"
    )
    assert says("docs/sources.md", "a thousand at a time: the latest sixty thousand or so")
    assert says("docs/sources.md", "two hundred at a time: the latest eleven thousand or so")
    assert (listenbrainz.MOST_LISTENS, listenbrainz.MOST_RANKED) == (1_000, 1_000)
    assert (lastfm.MOST_PLAYS, lastfm.MOST_RANKED) == (200, 1_000)
    assert pytest.approx(60_000, rel=0.1) == 57 * 1_000
    assert pytest.approx(11_000, rel=0.1) == 57 * 200


def test_the_towers_are_trained_as_the_decisions_say():
    config = TowerConfig()
    assert says("docs/adr/0018-names.md", "a third (0.35) of the length that an item of one listener has")
    assert says("docs/adr/0018-names.md", "fewer than a hundred")
    assert says("docs/adr/0018-names.md", "8 MB in the model")
    assert config.names == 0.35
    assert MIN_NAMES == 100
    assert 32_768 * config.table_dim * 2 == pytest.approx(8e6, rel=0.1)
    assert says("docs/adr/0019-between-start-and-trained.md", "(`start_share` 0.5)")
    assert config.start_share == 0.5
    assert says("docs/adr/0021-two-jobs.md", "probability of one half (`hide_part`)")
    assert config.hide_part == 0.5


def test_shared_items_count_two_fifths_and_a_tenth_at_least():
    assert says(
        "docs/adr/0017-two-tasks.md", "two fifths for the stronger of shared artists and tracks, and a tenth"
    )
    assert (LEAST_OVERLAP, LEAST_SHARE) == (0.4, 0.1)


def test_loops_are_cut_off_from_ten_items_on():
    assert says("docs/adr/0008-fair-exposure.md", "from ten items on")
    nine, ten = ({f"{n}": 1.0 for n in range(n_others)} | {"loop": 1e6} for n_others in (8, 9))
    assert cut_loops(nine)["loop"] == 1e6
    assert cut_loops(ten)["loop"] == 50.0


def test_the_model_before_can_come_back_for_seven_days():
    assert says("docs/adr/0024-models-by-state.md", "for seven days after it served last")
    assert says("docs/data.md", "seven days after it served last its vectors are deleted")
    assert timedelta(days=7) == PREVIOUS_MODEL_KEPT == RetentionTimes().retired_models


def test_processes_ask_every_two_seconds_what_serves():
    assert says("docs/adr/0024-models-by-state.md", "every two seconds")
    assert FOLLOW_S == 2


def test_rarities_of_the_story_tell_fewer_than_eight_apart_from_none_nowhere():
    assert says("CHANGELOG.md", "fewer than 8 listeners are never told apart")
    assert says("docs/threat-model.md", "fewer than 8 are told as none would be")
    assert says("docs/threat-model.md", "nothing among fewer than 100 listeners")
    assert (rarity.LEAST, rarity.FEWEST) == (8, 100)


def test_a_switch_of_models_is_followed_within_five_seconds():
    assert says("CHANGELOG.md", "every process follows within 5 seconds")
    assert FOLLOW_S <= 5
