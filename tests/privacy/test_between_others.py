"""What others do and who they know: whether two are connected, who looked, blocked, reported or dismissed."""

import pytest

from matcher.browsing.feedback import FeedbackAction
from matcher.browsing.service import MatchFilters
from matcher.errors import NotConnected, UnknownListener
from matcher.ports import ReportReason
from tests.privacy.advantage import MOST, advantage, seen


@pytest.fixture
def circle(town):
    """One who looks, connected with another and with every victim."""
    me, other = town.join(town.others[0]), town.join(town.others[1])
    victims = [town.join(taste) for taste in town.victims]
    for key in (other, *victims):
        town.connect(me, key)
    return me, other, victims


def test_a_group_does_not_tell_whether_two_others_are_connected(town, circle):
    me, other, victims = circle

    def looks():
        return [seen(lambda key=key: town.app.groups.look_at_group(me, [other, key])) for key in victims]

    before = looks()
    for key in victims:
        town.connect(other, key)
    assert advantage(list(zip(before, looks(), strict=True))) <= MOST


def test_a_file_of_ones_own_data_does_not_tell_what_others_do(town):
    """By an account with the very library of the one in question, so that it is the first they are shown."""
    me = town.join(town.victims[0])
    victims = {town.join(taste): taste for taste in town.victims}
    people, browsing = town.app.people, town.app.browsing
    actions = (
        lambda key: browsing.look(key, MatchFilters()),
        lambda key: browsing.note(key, me, FeedbackAction.DISMISSED),
        lambda key: people.report(key, me, ReportReason.OTHER),
        lambda key: people.block(key, me),
    )

    def file():
        found = people.personal_data.export(me, town.clock())
        return repr({name: rows for name, rows in found.items() if name not in ("exported_at_utc", "audit")})

    pairs = []
    for key, taste in victims.items():
        town.read(me, taste)
        before = file()
        for does in actions:
            does(key)
        pairs.append((before, file()))
    assert advantage(pairs) <= MOST


def test_the_map_shows_nobody_who_may_not_be_seen(town, circle):
    me, _, victims = circle
    people = town.app.people
    ways = (people.pause, lambda key: people.block(me, key), lambda key: people.block(key, me))
    assert len(town.app.map_view.draw_for(me, victims).matches) == len(victims)
    for number, key in enumerate(victims):
        ways[number % len(ways)](key)
    assert town.app.map_view.draw_for(me, victims).matches == ()


def test_who_was_connected_once_sees_what_a_stranger_sees(town, circle):
    me, other, victims = circle
    stranger = town.join(town.others[0])
    groups = town.app.groups
    for key in victims:
        town.app.people.withdraw(key, me)
        with pytest.raises(NotConnected):
            groups.discover_through(me, key)
        with pytest.raises(NotConnected):
            groups.make_playlist(me, [key])
        with pytest.raises(NotConnected):
            groups.look_at_group(me, [other, key])

    def page(viewer, key):
        return seen(lambda: town.app.browsing.look_closely(viewer, key).match)

    assert advantage([(page(me, key), page(stranger, key)) for key in victims]) <= MOST
    with pytest.raises(UnknownListener):
        town.app.browsing.look_closely(me, "nobody")
