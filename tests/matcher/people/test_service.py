"""The use cases between listeners, over the fakes."""

import json
from dataclasses import replace

import pytest

from matcher.domain.consent import Relation, Sharing
from matcher.domain.exclusions import Exclusion, Kind
from matcher.domain.listening import Source
from matcher.errors import AliasRefused, AliasTaken, NoCandidates, NotSynced, RequestDeclined, UnknownListener
from matcher.ports import ReportReason
from tests.fakes.product_way import choose_sharing
from tests.people_world import LINK, World, world_in_memory


@pytest.fixture
def world() -> World:
    return world_in_memory()


@pytest.fixture
def pair(world: World) -> tuple[str, str]:
    return world.join("ann", "Low", "Can"), world.join("bob", "Low", "Low", "Can", "Neu!")


def seen(world: World, me: str, other: str):
    """What `me` sees of `other` among the matches; None where they are not there."""
    try:
        found = world.see_matches(me)
    except NoCandidates:
        return None
    return next((one for one in found if one.listener_id == other), None)


def connect(world: World, one: str, other: str) -> None:
    world.people.ask_to_connect(one, other)
    world.people.agree_to_connect(other, one)


def test_strangers_see_alias_band_and_a_third_of_the_artists(world: World, pair):
    me, other = pair
    match = seen(world, me, other)
    assert match.alias == world.people.choices(other).alias
    assert match.relation is Relation.STRANGERS
    assert {item.name for item in match.artists} == {"Low"}
    assert (match.percent, match.parts, match.score, match.profile_url) == (None, None, None, None)


@pytest.mark.parametrize("sizes", [(25, 29, 34), (35, 40, 44)])
def test_leaving_out_one_artist_after_another_tells_no_exact_number(world: World, sizes: tuple[int, ...]):
    """Of strangers whose libraries round alike the same is told, whatever the one who looks leaves out."""
    names = [f"artist {n}" for n in range(50)]
    me, others = world.join("ann", *names), [world.join(f"b{n}", *names[:n]) for n in sizes]
    told = {other: [] for other in others}
    for name in names[:30]:
        world.service.tastes.leave_out(me, Exclusion(Kind.ARTIST, name))
        for other in others:
            match = seen(world, me, other)
            told[other].append(match and (match.n_about, match.n_more, match.n_more_tracks))
    figures = [{one for one in told[other] if one} for other in others]
    assert figures == [{(round(sizes[1] / 10) * 10, None, None)}] * 3


def test_the_connected_see_percent_parts_and_link_on_both_sides(world: World, pair):
    me, other = pair
    connect(world, me, other)
    mine, theirs = seen(world, me, other), seen(world, other, me)
    assert mine.percent == theirs.percent
    assert mine.score == pytest.approx(theirs.score)
    assert sum(mine.parts.values()) == pytest.approx(mine.score)
    assert (mine.profile_url, theirs.profile_url) == (LINK + "bob", LINK + "ann")


def test_a_withdrawn_agreement_takes_the_percent_away_at_once(world: World, pair):
    me, other = pair
    connect(world, me, other)
    world.people.withdraw(other, me)
    assert seen(world, me, other).percent is None


OUT_OF_SIGHT = {
    "hidden": lambda people, me, other: people.choose_discoverable(other, False),
    "paused": lambda people, me, other: people.pause(other),
    "blocked by me": lambda people, me, other: people.block(me, other),
    "blocked by them": lambda people, me, other: people.block(other, me),
    "erased": lambda people, me, other: people.erase(other),
}


@pytest.mark.parametrize("relation", [Relation.STRANGERS, Relation.ASKED_BY_ME, Relation.CONNECTED])
@pytest.mark.parametrize("state", OUT_OF_SIGHT)
def test_nobody_out_of_sight_is_seen_however_they_stood(world: World, pair, state, relation):
    me, other = pair
    if relation is not Relation.STRANGERS:
        world.people.ask_to_connect(me, other)
    if relation is Relation.CONNECTED:
        world.people.agree_to_connect(other, me)
    assert seen(world, me, other).relation is relation
    OUT_OF_SIGHT[state](world.people, me, other)
    assert seen(world, me, other) is None


@pytest.mark.parametrize("state", OUT_OF_SIGHT)
def test_nobody_is_shown_who_went_out_of_sight_while_matches_were_sought(world: World, pair, state):
    me, other = pair
    third = world.join("cid", "Low")
    found = world.service.find_matches(me, 20)
    assert other in {one.listener.listener_id for one in found.matches}
    OUT_OF_SIGHT[state](world.people, me, other)
    shown = world.people.show(me, found)
    assert [one.listener_id for one in shown] == [third]
    assert [one.rank for one in shown] == [1]


def test_when_everybody_went_out_of_sight_nobody_is_left(world: World, pair):
    me, other = pair
    found = world.service.find_matches(me, 20)
    world.people.choose_discoverable(other, False)
    with pytest.raises(NoCandidates):
        world.people.show(me, found)


def test_the_erased_are_shown_nothing(world: World, pair):
    me, _ = pair
    found = world.service.find_matches(me, 20)
    world.people.erase(me)
    with pytest.raises(UnknownListener):
        world.people.show(me, found)


def test_before_the_first_reading_there_is_nothing_to_see(world: World):
    with pytest.raises(NotSynced):
        world.see_matches(world.sign_in("ann"))


def test_one_can_look_while_hidden_or_paused(world: World, pair):
    me, other = pair
    world.people.choose_discoverable(me, False)
    world.people.pause(me)
    assert seen(world, me, other) is not None
    assert seen(world, other, me) is None
    world.people.resume(me)
    world.people.choose_discoverable(me, True)
    assert seen(world, other, me) is not None


def test_nobody_is_found_by_what_stands_in_a_hidden_facet_alone(world: World, pair):
    me, other = pair
    assert world.people.facets(other) == {"saved": ("", True)}
    assert world.people.hide_facet(other, "saved")
    assert world.people.facets(other) == {"saved": ("", False)}
    assert seen(world, me, other) is None
    assert seen(world, other, me) is not None
    assert world.people.show_facet(other, "saved")
    assert seen(world, me, other).artists != ()


def test_a_facet_that_is_not_there_cannot_be_hidden(world: World, pair):
    assert not world.people.hide_facet(pair[0], "playlists:unknown")
    assert world.people.choices(pair[0]).sharing.hidden_facets == frozenset()


def test_what_is_not_shared_is_not_seen(world: World, pair):
    me, other = pair
    connect(world, me, other)
    assert choose_sharing(world.people, other, Sharing(tracks=False, profile_link=False))
    match = seen(world, me, other)
    assert (len(match.artists), match.tracks, match.profile_url) == (2, (), None)
    assert match.percent is not None
    assert choose_sharing(world.people, other, Sharing(artists=False))
    assert seen(world, me, other) is None


def test_sharing_leaves_hidden_facets_hidden(world: World, pair):
    me, _ = pair
    world.people.hide_facet(me, "saved")
    choose_sharing(world.people, me, replace(Sharing(), tags=False))
    assert world.people.choices(me).sharing.hidden_facets == {"saved"}


def test_an_alias_is_tidied_and_shown_to_others(world: World, pair):
    me, other = pair
    assert world.people.choose_alias(other, "  quiet   Fox ") == "quiet Fox"
    assert seen(world, me, other).alias == "quiet Fox"


def test_an_alias_is_refused_or_taken(world: World, pair):
    me, other = pair
    with pytest.raises(AliasRefused):
        world.people.choose_alias(me, "<script>")
    world.people.choose_alias(other, "Quiet Fox")
    with pytest.raises(AliasTaken):
        world.people.choose_alias(me, "quiet fox")


def test_synthetic_listeners_agree_and_open_tables_never_answer(world: World):
    me = world.join("ann", "Low", "Can")
    synthetic, table = (world.bring_in(str(one), one) for one in (Source.SYNTHETIC, Source.TABLE))
    assert world.people.ask_to_connect(me, synthetic) is Relation.CONNECTED
    assert world.people.ask_to_connect(me, table) is Relation.ASKED_BY_ME
    assert seen(world, me, synthetic).source is Source.SYNTHETIC
    assert seen(world, me, synthetic).percent is not None
    assert seen(world, me, table).percent is None


def test_contacts_and_blocked_are_listed_apart(world: World, pair):
    me, other = pair
    world.people.ask_to_connect(other, me)
    assert [one.relation for one in world.people.contacts(me)] == [Relation.ASKED_BY_THEM]
    world.people.report(me, other, ReportReason.HARASSMENT)
    world.people.block(me, other)
    assert world.people.contacts(me) == []
    assert [one.listener_id for one in world.people.blocked(me)] == [other]
    assert world.people.unblock(me, other)
    assert world.people.blocked(me) == []


def test_nobody_has_choices_who_is_not_there(world: World):
    with pytest.raises(UnknownListener):
        world.people.choices("00000000-0000-4000-8000-000000000000")


def test_an_export_is_json_that_can_be_read(world: World, pair):
    text = world.people.export(pair[0])
    assert json.loads(text)["listeners"][0]["alias"] == world.people.choices(pair[0]).alias


def test_an_erasure_gives_a_receipt(world: World, pair):
    me, other = pair
    connect(world, me, other)
    assert world.people.erase(me).erased["connections"] == 1
    assert me not in world.dump()
    assert world.people.contacts(other) == []


def test_an_export_writes_letters_as_they_are(world: World, pair):
    world.people.choose_alias(pair[0], "Großer Fuchs")
    assert "Großer Fuchs" in world.people.export(pair[0])


def test_a_declined_request_is_refused_with_words(world: World, pair):
    me, other = pair
    world.people.ask_to_connect(me, other)
    world.people.withdraw(other, me)
    with pytest.raises(RequestDeclined, match="declined"):
        world.people.ask_to_connect(me, other)
