"""Who sees what of whom in which state, as a table of cases."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.calibration import Band, Halves, Percent
from matcher.domain.consent import Relation, SeenItem, SeenMatch, Sharing, Standing
from matcher.domain.listening import Source
from matcher.matching.service import Match
from matcher.people.disclosure import reveal
from matcher.ports import Listener
from matcher.scoring.explain import Explanation, SharedItem

LINK = "https://open.spotify.com/user/bob"
STRANGERS, ASKED, ASKING, CONNECTED = Relation
PARTS = {"towers": 0.3, "artists": 0.3, "tracks": 0.15, "tags": 0.05}
MATCH = Match(
    Listener("bob", "Velvet Heron 482", Source.SPOTIFY_API, discoverable=True),
    rank=7,
    score=0.8,
    percent=Percent(83.0, 71.5, 90.25, Halves(50.0, 70.0, 85.0), Band.CLOSE),
    explanation=Explanation(
        parts=PARTS,
        artists=(SharedItem("low", "Low", "", 0.9), SharedItem("can", "Can", "", 0.4)),
        tracks=(
            SharedItem("low|words", "Words", "Low", 0.5),
            SharedItem("low|two-step", "Two-Step", "Low", 0.4),
            SharedItem("can|vitamin c", "Vitamin C", "Can", 0.3),
        ),
        tags=(SharedItem("slowcore", "slowcore", "", 0.8),),
    ),
    few=frozenset({("artists", "low"), ("tags", "slowcore"), ("tracks", "low|words")}),
)
"""Both share two artists, of which one is strong on both sides."""
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
ALL_TRACKS = ["Words", "Two-Step", "Vitamin C"]


DEFAULTS = Sharing()


def standing(relation: Relation, sharing: Sharing = DEFAULTS) -> Standing:
    return Standing("bob", "Velvet Heron 482", Source.SPOTIFY_API, relation, sharing, LINK)


# relation, what the other shares: artists, tags, tracks, exact figures, link that are seen
BEFORE = [
    (Sharing(), ["Low"], ["slowcore"]),
    (Sharing(artists=False), [], ["slowcore"]),
    (Sharing(tags=False), ["Low"], []),
    (Sharing(tracks=False, profile_link=False), ["Low"], ["slowcore"]),
    (Sharing(artists=False, tracks=False, tags=False, profile_link=False), [], []),
]
CASES = [
    (relation, sharing, artists, tags, [], False, None)
    for relation in (STRANGERS, ASKED, ASKING)
    for sharing, artists, tags in BEFORE
] + [
    (CONNECTED, Sharing(), ["Low", "Can"], ["slowcore"], ALL_TRACKS, True, LINK),
    (CONNECTED, Sharing(artists=False), [], ["slowcore"], [], True, LINK),
    (CONNECTED, Sharing(tracks=False), ["Low", "Can"], ["slowcore"], [], True, LINK),
    (CONNECTED, Sharing(tags=False), ["Low", "Can"], [], ALL_TRACKS, True, LINK),
    (CONNECTED, Sharing(profile_link=False), ["Low", "Can"], ["slowcore"], ALL_TRACKS, True, None),
    (CONNECTED, Sharing(False, False, False, False), [], [], [], True, None),
]


@pytest.mark.parametrize(("relation", "sharing", "artists", "tags", "tracks", "exact", "link"), CASES)
def test_who_sees_what(relation, sharing, artists, tags, tracks, exact, link):
    seen = reveal(MATCH, standing(relation, sharing), rank=1)
    assert (seen.alias, seen.band, seen.rank) == ("Velvet Heron 482", Band.CLOSE, 1)
    assert [item.name for item in seen.artists] == artists
    assert [item.name for item in seen.tags] == tags
    assert [item.name for item in seen.tracks] == tracks
    assert (seen.percent, seen.parts) == ((MATCH.percent, PARTS) if exact else (None, None))
    assert seen.score == (pytest.approx(0.8) if exact else None)
    assert seen.profile_url == link


@pytest.mark.parametrize("relation", [STRANGERS, ASKED, ASKING])
def test_nothing_is_named_to_strangers_that_is_not_among_the_few(relation):
    seen = reveal(replace(MATCH, few=frozenset()), standing(relation), rank=1)
    assert (seen.artists, seen.tags, seen.tracks) == ((), (), ())
    assert seen.reasons == ("towers",)


@pytest.mark.parametrize("relation", [STRANGERS, ASKED, ASKING])
def test_no_figure_of_the_match_is_anywhere_in_it_before_both_agree(relation):
    shown = repr(reveal(MATCH, standing(relation), rank=1))
    figures = [MATCH.score, *vars_of(MATCH.percent), *PARTS.values()]
    items = (*MATCH.explanation.artists, *MATCH.explanation.tracks, *MATCH.explanation.tags)
    figures += [item.strength for item in items]
    assert not [figure for figure in figures if str(figure) in shown]
    assert LINK not in shown


def vars_of(percent):
    return percent.value, percent.low, percent.high


def test_once_both_agree_a_track_has_its_artist():
    assert reveal(MATCH, standing(CONNECTED), rank=1).tracks[0].artist == "Low"


def test_an_account_without_a_link_shows_none():
    assert reveal(MATCH, replace(standing(CONNECTED), profile_url=""), rank=1).profile_url is None


@pytest.mark.parametrize("relation", [STRANGERS, ASKED, ASKING])
@pytest.mark.parametrize(
    "leak",
    [
        {"percent": MATCH.percent},
        {"parts": PARTS},
        {"parts": {}},
        {"profile_url": LINK},
        {"sounds": True},
        {"n_more": 0},
        {"n_more_tracks": 0},
        {"cards": True},
        {"tracks": (SeenItem("low|words", "Words"),)},
    ],
)
def test_what_pages_get_cannot_hold_more_than_is_agreed_to(relation, leak):
    seen = reveal(MATCH, standing(relation), rank=1)
    with pytest.raises(ValueError, match="before both agree"):
        replace(seen, **leak)


def test_every_field_that_can_be_withheld_is_guarded():
    open_ones = {"listener_id", "alias", "source", "rank", "relation", "band", "artists", "tags"}
    open_ones |= {
        "reasons",
        "n_about",
        "lately",
        "is_near_duplicate",
        "is_double",
        "is_made_up",
        "is_open_data",
    }
    guarded = {"tracks", "percent", "parts", "profile_url", "sounds", "n_more", "n_more_tracks", "cards"}
    assert {one.name for one in fields(SeenMatch)} == open_ones | guarded


FLAGS = st.builds(
    Sharing,
    *[st.booleans()] * 5,
    hidden_facets=st.frozensets(st.sampled_from(["saved", "playlists:secret", "playlists:gone"])),
)


@given(sharing=FLAGS, relation=st.sampled_from(Relation))
def test_agreeing_never_shows_less_and_sharing_less_never_shows_more(sharing, relation):
    seen = reveal(MATCH, standing(relation, sharing), rank=1)
    everything = reveal(MATCH, standing(CONNECTED), rank=1)
    agreed = reveal(MATCH, standing(CONNECTED, sharing), rank=1)
    for kind in ("artists", "tracks", "tags"):
        names = {item.key for item in getattr(seen, kind)}
        assert names <= {item.key for item in getattr(agreed, kind)}
        assert {item.key for item in getattr(agreed, kind)} <= {i.key for i in getattr(everything, kind)}


@pytest.mark.parametrize("relation", list(Relation))
def test_the_strongest_parts_are_reasons_as_far_as_their_items_are_shown(relation):
    crowded = replace(MATCH, explanation=replace(MATCH.explanation, parts={**PARTS, "audio": -0.4}))
    tracks = ("tracks",) if relation is CONNECTED else ("tags",)
    assert reveal(crowded, standing(relation), 1).reasons == ("artists", "towers", *tracks)
    assert reveal(crowded, standing(relation, Sharing(False, False, False)), 1).reasons == ("towers",)


def test_a_small_part_is_a_reason_too_where_there_are_not_three_larger_ones():
    parts = {"towers": 0.8, "artists": 0.01, "tags": 0.002, "audio": 0.0004}
    lopsided = replace(MATCH, explanation=replace(MATCH.explanation, parts=parts))
    assert reveal(lopsided, standing(STRANGERS), 1).reasons == ("towers", "artists", "tags")


def test_what_counts_for_nothing_is_no_reason():
    parts = {"towers": 0.8, "artists": 0.0004, "tags": -0.1, "audio": 0.0}
    lopsided = replace(MATCH, explanation=replace(MATCH.explanation, parts=parts))
    assert reveal(lopsided, standing(STRANGERS), 1).reasons == ("towers",)


def test_how_much_more_there_is_is_exact_and_for_the_connected_alone():
    larger = replace(MATCH, n_items=500, n_artists=69)
    assert reveal(larger, standing(CONNECTED), 1).n_more == 67
    assert reveal(larger, standing(STRANGERS), 1).n_more is None


@pytest.mark.parametrize(
    ("n", "about"), [(0, 0), (4, 0), (5, 10), (14, 10), (15, 20), (25, 30), (69, 70), (1_204, 1_200)]
)
def test_how_many_artists_there_are_is_told_to_the_nearest_ten(n, about):
    found = [reveal(replace(MATCH, n_artists=n), standing(one), 1) for one in (STRANGERS, CONNECTED)]
    assert [one.n_about for one in found] == [about, about]


def test_how_many_artists_there_are_counts_only_what_is_shown():
    assert reveal(MATCH, standing(STRANGERS, Sharing(artists=False)), 1).n_about is None
    assert reveal(replace(MATCH, n_artists=None), standing(STRANGERS), 1).n_about is None


def test_the_rounded_figure_does_not_move_with_what_is_shared():
    """Leaving out one shared artist after another made "about 40" the exact number, step by step."""
    larger, told = replace(MATCH, n_artists=36), set()
    for n in range(len(MATCH.explanation.artists) + 1):
        left = replace(MATCH.explanation, artists=MATCH.explanation.artists[:n])
        seen = reveal(replace(larger, explanation=left), standing(STRANGERS), 1)
        told.add((seen.n_about, seen.n_more))
    assert told == {(40, None)}


def test_how_many_more_tracks_there_are_is_told_to_the_connected_alone():
    larger = replace(MATCH, n_items=500, n_artists=69)
    assert reveal(larger, standing(CONNECTED), 1).n_more_tracks == 428
    assert reveal(larger, standing(STRANGERS), 1).n_more_tracks is None
    assert reveal(larger, standing(CONNECTED, Sharing(tracks=False)), 1).n_more_tracks is None


def test_how_much_more_there_is_is_untold_where_artists_were_not_counted():
    uncounted = replace(MATCH, n_items=500, n_artists=None)
    assert reveal(uncounted, standing(CONNECTED), 1).n_more is None
    assert reveal(uncounted, standing(CONNECTED), 1).n_more_tracks is None


def test_how_much_more_there_is_is_not_told_of_whoever_shares_no_artists():
    assert reveal(MATCH, standing(CONNECTED, Sharing(artists=False)), 1).n_more is None


def test_who_was_here_in_the_last_month_was_here_lately():
    one, now = replace(standing(STRANGERS), active_at_utc=NOON), NOON + timedelta(days=30)
    assert reveal(MATCH, one, 1, now).lately
    assert not reveal(MATCH, one, 1, now + timedelta(days=1)).lately
    assert not reveal(MATCH, one, 1).lately
    assert not reveal(MATCH, standing(STRANGERS), 1, now).lately


@pytest.mark.parametrize(
    ("relation", "sharing", "sounds"),
    [
        (CONNECTED, Sharing(), True),
        (CONNECTED, Sharing(artists=False), False),
        (STRANGERS, Sharing(), False),
        (ASKING, Sharing(), False),
    ],
)
def test_how_it_sounds_is_for_the_connected_where_nothing_is_kept_back(relation, sharing, sounds):
    assert reveal(MATCH, standing(relation, sharing), 1).sounds is sounds


@pytest.mark.parametrize(
    ("relation", "sharing", "cards"),
    [
        (CONNECTED, Sharing(), False),
        (CONNECTED, Sharing(cards=True), True),
        (STRANGERS, Sharing(cards=True), False),
        (ASKED, Sharing(cards=True), False),
        (ASKING, Sharing(cards=True), False),
    ],
)
def test_alias_and_percent_go_on_cards_of_the_connected_who_allow_it(relation, sharing, cards):
    assert reveal(MATCH, standing(relation, sharing), 1).cards is cards


def test_the_made_up_allow_cards_as_they_agree_to_everything():
    made_up = replace(standing(CONNECTED), is_made_up=True)
    assert reveal(MATCH, made_up, 1).cards
    assert not reveal(MATCH, replace(made_up, relation=STRANGERS), 1).cards


@pytest.mark.parametrize("made_up", [True, False])
def test_whether_somebody_is_made_up_is_told_to_everybody(made_up):
    assert reveal(MATCH, replace(standing(STRANGERS), is_made_up=made_up), 1).is_made_up is made_up
