"""The story of a taste: what its five cards say, from one's own figures."""

from dataclasses import replace

import pytest

from matcher.browsing.rarity import heard_in
from matcher.browsing.story import Stories
from matcher.domain.listening import Source
from matcher.domain.profile import Item, ListenerProfile
from matcher.errors import NotSynced
from tests.fakes.stores import FakePositionStore
from tests.matcher.browsing.test_service import Town, town  # noqa: F401 - a fixture


@pytest.fixture
def stories(town: Town) -> Stories:  # noqa: F811
    service = town.world.service
    return Stories(town.browsing, heard_in(FakePositionStore(service.store)), service.model)


def of_decades(**plays: float) -> ListenerProfile:
    items = tuple(
        Item(f"artist {year}", "", amount, "saved", int(year.removeprefix("y")))
        for year, amount in plays.items()
    )
    return ListenerProfile("me", Source.TABLE, items)


def test_it_tells_of_the_nearest_as_far_as_strangers_may_see(town, stories):  # noqa: F811
    bob = town.join("bob", "Low", "Can")
    found = stories.tell(town.ada)
    assert found.nearest.listener_id == bob
    assert found.nearest.percent is None


def test_what_is_still_being_read_has_a_story_too(town, stories):  # noqa: F811
    new = town.world.sign_in("new")
    with pytest.raises(NotSynced):
        stories.tell(new)
    so_far = replace(town.browsing.profile_of(town.ada), listener_id=new)
    assert stories.tell(new, so_far).portrait == stories.portrait(so_far)


def test_telling_it_is_no_look(town, stories):  # noqa: F811
    town.join("bob", "Low")
    stories.tell(town.ada)
    assert town.browsing.history.what_changed(town.ada, frozenset()) is None


def test_nobody_near_is_no_card(town, stories):  # noqa: F811
    assert stories.tell(town.ada).nearest is None


def test_a_decade_is_named_from_three_in_ten(stories):
    named = stories.portrait(of_decades(y1960=3, y1970=2.9, y1990=2, y2010=2.1))
    assert (named.decade, named.decade_share) == (1960, pytest.approx(0.3))
    assert stories.portrait(of_decades(y1960=2.9, y1970=2.9, y1990=2.1, y2010=2.1)).decade is None


def test_at_most_two_tags_are_named_and_no_faint_one(stories):
    of = stories.portrait
    profile = of_decades(y1960=1)
    assert of(replace(profile, tags={"jazz": 0.5, "folk": 0.3, "rock": 0.2})).tags == ("jazz", "folk")
    assert of(replace(profile, tags={"jazz": 0.9, "folk": 0.1})).tags == ("jazz",)
    assert of(profile).tags == ()
