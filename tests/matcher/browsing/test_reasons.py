"""One reason for each match of a list: it tells the match from the others, and tells nothing more."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.browsing.reasons import Reason, tell_apart
from matcher.domain.calibration import Band, Halves, Percent
from matcher.domain.consent import Relation, SeenItem, SeenMatch, Standing
from matcher.domain.listening import Source
from matcher.matching.service import Match
from matcher.people.disclosure import reveal
from matcher.ports import Listener
from matcher.scoring.explain import Explanation, SharedItem


def seen(
    rank: int = 1, artists: str = "", tags: str = "", reasons: tuple[str, ...] = ("towers",)
) -> SeenMatch:
    """A stranger; each letter is a shared artist or tag, the strongest first."""
    named = [tuple(SeenItem(one, one) for one in each) for each in (artists, tags)]
    return SeenMatch(
        f"listener-{rank}",
        f"Alias {rank}",
        Source.TABLE,
        rank,
        Relation.STRANGERS,
        Band.CLOSE,
        artists=named[0],
        tags=named[1],
        reasons=reasons,
    )


def named(reason: Reason) -> tuple[str, str]:
    return tuple("".join(one.key for one in each) for each in (reason.artists, reason.tags))


letters = st.text("abcdef", max_size=4).map(lambda text: "".join(dict.fromkeys(text)))
components = st.sets(st.sampled_from(["towers", "audio", "tracks"])).map(lambda one: tuple(sorted(one)))
lists = st.lists(st.tuples(letters, letters, components), max_size=12).map(
    lambda rows: [seen(rank, *row) for rank, row in enumerate(rows, start=1)]
)


def test_what_only_one_of_them_shares_is_said_of_that_one():
    first, second = tell_apart([seen(1, "abc"), seen(2, "abd")])
    assert "c" in named(first)[0]
    assert "d" in named(second)[0]


def test_alone_in_a_list_the_two_strongest_artists_are_named():
    assert named(*tell_apart([seen(1, "abc", "xyz")])) == ("ab", "")


def test_an_artist_whom_all_share_gives_way_to_a_tag_that_one_has():
    first, second = tell_apart([seen(1, "a", "x"), seen(2, "a", "y")])
    assert named(first)[1] == "x"
    assert named(second)[1] == "y"


def test_whoever_has_the_least_to_say_chooses_first():
    first, second = tell_apart([seen(1, "ab"), seen(2, "a")])
    assert named(second) == ("a", "")
    assert named(first) != ("a", "")


def test_of_two_who_share_one_and_the_same_only_one_says_so():
    reasons = tell_apart([seen(1, "a", reasons=()), seen(2, "a", reasons=())])
    assert [named(one) for one in reasons] == [("a", ""), ("", "")]
    assert not reasons[1].component


def test_with_nothing_to_name_the_strongest_component_that_is_free_is_told():
    reasons = tell_apart([seen(1, reasons=("audio", "towers")), seen(2, reasons=("audio", "towers"))])
    assert [one.component for one in reasons] == ["audio", "towers"]


def test_names_that_are_spelled_alike_are_the_same_words():
    one, other = seen(1), seen(2)
    one = replace(one, artists=(SeenItem("low", "Low"),), reasons=())
    other = replace(other, artists=(SeenItem("low (band)", "LOW"),), reasons=())
    assert [bool(reason.artists) for reason in tell_apart([one, other])] == [True, False]


def test_two_who_are_spelled_alike_are_not_named_together():
    one = replace(seen(1), artists=(SeenItem("low", "Low"), SeenItem("low (band)", "LOW")))
    assert len(tell_apart([one])[0].artists) == 1


def test_two_tags_together_go_before_one_alone():
    assert [named(one) for one in tell_apart([seen(1, "", "xy"), seen(2, "", "xy")])] == [
        ("", "xy"),
        ("", "x"),
    ]


@given(lists)
def test_no_two_rows_say_the_same(matches):
    told = [one.words for one in tell_apart(matches) if one != Reason()]
    assert len(set(told)) == len(told)


@given(lists)
def test_only_what_the_viewer_may_see_is_named_and_one_reason_at_most(matches):
    for match, one in zip(matches, tell_apart(matches), strict=True):
        assert set(one.artists) <= set(match.artists)
        assert set(one.tags) <= set(match.tags)
        assert one.component in ("", *match.reasons)
        assert len(one.artists) + len(one.tags) + bool(one.component) <= 2
        assert not (one.component and (one.artists or one.tags))


@given(lists)
def test_a_row_is_without_words_only_where_all_of_its_own_are_taken(matches):
    reasons = tell_apart(matches)
    for match, one in zip(matches, reasons, strict=True):
        if one == Reason():
            alone = tell_apart([match])[0]
            assert alone == Reason() or alone.words in {other.words for other in reasons}


def a_match(rank: int, hidden: str, n_artists: int, score: float) -> Match:
    """Shares a, b and c, of which a stranger may see a and b, and beside them whatever is in `hidden`."""
    artists = tuple(SharedItem(key, key, "", 1 / place) for place, key in enumerate("abc" + hidden, start=1))
    parts = {"towers": score, "artists": score / 2}
    percent = Percent(score * 100, 1.0, 99.0, Halves(50.0, 70.0, 90.0), Band.CLOSE)
    return Match(
        Listener(f"listener-{rank}", f"Alias {rank}", Source.TABLE, True),
        rank,
        score,
        percent,
        Explanation(parts, artists, (), (SharedItem("dub", "dub", "", 1.0),)),
        n_items=2 * n_artists,
        n_artists=n_artists,
        few=frozenset({("artists", "a"), ("artists", "b"), ("tags", "dub")}),
    )


def shown(match: Match) -> SeenMatch:
    """What a stranger sees."""
    listener = match.listener
    return reveal(match, Standing(listener.listener_id, listener.alias, listener.source), match.rank)


@pytest.mark.parametrize("hidden", ["", "d", "defg"])
def test_who_probes_learns_nothing_of_what_is_not_disclosed_from_which_reason_is_chosen(hidden):
    """Two share a and b openly with the viewer; what else they share, and how much, changes no word."""
    before = tell_apart([shown(a_match(1, "", 40, 0.5)), shown(a_match(2, "", 40, 0.5))])
    after = tell_apart([shown(a_match(1, hidden, 43, 0.6)), shown(a_match(2, hidden[::-1], 38, 0.4))])
    assert after == before


@pytest.mark.parametrize("hidden", ["", "d", "defg"])
def test_how_many_are_new_does_not_move_with_what_is_shared_but_not_disclosed(hidden):
    assert shown(a_match(1, hidden, 40, 0.5)).n_new == 40


def test_how_many_are_new_is_less_by_those_that_are_named():
    six = replace(seen(1, "abcdef"), n_about=40)
    assert six.n_new == 30
    assert replace(six, n_about=None).n_new is None
    assert replace(six, n_about=0).n_new == 0
