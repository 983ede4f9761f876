from itertools import combinations

import pytest

from matcher.domain.consent import Sharing
from matcher.domain.listening import Source
from matcher.errors import UnknownListener
from matcher.groups.access import Access
from matcher.ports import Account
from tests.fakes.product_way import choose_sharing
from tests.matcher.matching.test_service import NOW
from tests.matcher.people.test_service import OUT_OF_SIGHT, connect
from tests.people_world import World, world_in_memory


@pytest.fixture
def world() -> World:
    return world_in_memory()


@pytest.fixture
def three(world: World) -> list[str]:
    """Ann is connected with Bob and with Cid, who are strangers to each other."""
    ann, bob, cid = (world.join(name, "Low", "Can") for name in ("ann", "bob", "cid"))
    connect(world, ann, bob)
    connect(world, ann, cid)
    return [ann, bob, cid]


@pytest.fixture
def circle(world: World) -> Access:
    return Access(world.people.relations)


def pairs(*ids: str) -> frozenset:
    return frozenset(frozenset(pair) for pair in combinations(ids, 2))


def told(circle: Access, *ids: str) -> frozenset:
    return circle.told_pairs(ids[0], ids[1:])


def test_whether_two_others_are_connected_makes_no_difference(world: World, circle, three):
    ann, bob, cid = three
    assert told(circle, *three) == pairs(ann, bob) | pairs(ann, cid)
    connect(world, bob, cid)
    assert told(circle, *three) == pairs(ann, bob) | pairs(ann, cid)


def test_those_who_have_only_been_asked_are_no_pair(world: World, circle, three):
    bob, cid = three[1:]
    world.people.ask_to_connect(bob, cid)
    assert told(circle, bob, cid) == frozenset()


def test_those_connected_with_me_are_told_without_the_others(world: World, circle, three):
    ann, bob, cid = three
    assert circle.connected_with(ann, three) == {bob, cid}
    assert circle.connected_with(bob, three) == {ann}


def test_synthetic_listeners_are_connected_with_each_other_but_not_with_me_unasked(world: World, circle):
    me = world.join("ann")
    one, other = (world.bring_in(name, Source.SYNTHETIC) for name in ("syn-1", "syn-2"))
    assert told(circle, me, one, other) == pairs(one, other)
    table = world.bring_in("row-1", Source.TABLE)
    assert frozenset((one, table)) not in told(circle, me, one, table)


def test_who_is_signed_in_as_a_synthetic_listener_is_connected_with_nobody_unasked(world: World, circle):
    me = world.join("ann")
    one, other = (world.bring_in(name, Source.SYNTHETIC) for name in ("syn-1", "syn-2"))
    world.service.store.connect(Account("table:syn-1"), Source.SYNTHETIC, "x", NOW)
    world.people.choose_discoverable(one, True)
    assert told(circle, me, one, other) == frozenset()


def test_one_who_looks_may_be_hidden(world: World, circle, three):
    world.people.choose_discoverable(three[0], False)
    assert told(circle, *three) == pairs(three[0], three[1]) | pairs(three[0], three[2])


@pytest.mark.parametrize("state", OUT_OF_SIGHT)
def test_who_is_out_of_sight_is_in_no_pair_and_nothing_of_theirs_is_seen(world, circle, three, state):
    ann, bob, cid = three
    connect(world, bob, cid)
    OUT_OF_SIGHT[state](world.people, ann, bob)
    assert told(circle, *three) == pairs(ann, cid)
    assert not circle.allowed(ann, three)(bob, "artists", "low")
    assert circle.seen(ann, three) == {cid}


def test_nobody_at_all_is_no_pair(circle, three):
    assert circle.told_pairs(three[0], []) == frozenset()


def test_everything_of_ones_own_may_be_seen_and_of_others_what_they_share(world: World, circle, three):
    ann, bob, _ = three
    choose_sharing(world.people, bob, Sharing(artists=False))
    allowed = circle.allowed(ann, three)
    assert allowed(ann, "artists", "low")
    assert not allowed(bob, "artists", "low")
    assert not allowed(bob, "tracks", "low|song")
    assert allowed(bob, "tags", "slowcore")


def test_tracks_of_strangers_may_not_be_seen(world: World, circle, three):
    _, bob, cid = three
    assert circle.allowed(bob, [cid])(cid, "artists", "low")
    assert not circle.allowed(bob, [cid])(cid, "tracks", "low|song")


def test_the_erased_look_at_nobody(world: World, circle, three):
    world.people.erase(three[0])
    with pytest.raises(UnknownListener):
        told(circle, *three)
