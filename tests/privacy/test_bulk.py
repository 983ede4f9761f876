"""Libraries made to see much of somebody who has agreed to nothing: wide ones, and many in a row."""

import pytest

from matcher.browsing.service import MatchFilters
from tests.privacy.advantage import FEWEST_VICTIMS
from tests.privacy.town import ARTISTS_EACH, N_COMMUNITIES, Heard, artist


def _slice(*communities: int) -> tuple[Heard, ...]:
    return tuple(
        Heard(artist(one, place), "Song 0", 1.0) for one in communities for place in range(ARTISTS_EACH)
    )


@pytest.fixture
def victims(town):
    found = {town.join(taste): {one.artist for one in taste} for taste in town.victims}
    assert len(found) >= FEWEST_VICTIMS
    return found


def _named(town, viewer) -> dict[str, set[str]]:
    """The artists that a stranger is told of anybody in the list, by listener id."""
    town.clock.wait()
    seen = town.app.browsing.look(viewer, MatchFilters(200)).matches
    return {one.listener_id: {item.name for item in one.artists} for one in seen}


def _on_page(town, viewer, key) -> set[str]:
    return {item.name for item in town.app.browsing.look_closely(viewer, key).match.artists}


def _bound(heard: set[str]) -> int:
    """At most ten, and at most a third of what the other hears."""
    return min(10, len(heard) // 3)


def test_a_wide_library_is_told_no_more_than_a_few_of_anybody(town, victims):
    viewer = town.join(_slice(*range(N_COMMUNITIES)))
    told = _named(town, viewer)
    for key, heard in victims.items():
        assert len(told[key] | _on_page(town, viewer, key)) <= _bound(heard)


def test_a_wide_library_is_told_no_more_than_a_narrow_one(town, victims):
    wide, narrow = town.join(_slice(*range(N_COMMUNITIES))), town.join(_slice(0))
    for key, taste in zip(victims, town.victims, strict=True):
        town.read(narrow, taste)
        assert len(_on_page(town, wide, key)) <= len(_on_page(town, narrow, key)) <= _bound(victims[key])


def test_many_libraries_in_a_row_or_many_accounts_are_told_no_more_than_one(town, victims):
    told = {key: set() for key in victims}
    viewer = town.join(_slice(*range(N_COMMUNITIES)))
    for community in range(N_COMMUNITIES):
        found = _named(town, viewer)
        for key in victims:
            told[key] |= found.get(key, set())
        town.read(viewer, _slice(community))
    assert max(len(told[key]) - _bound(heard) for key, heard in victims.items()) <= 0


def test_a_stranger_reads_reasons_in_what_they_have_and_see_already(town, victims):
    # an artist of each sort: those that lie near would say of everybody at once what they hear
    viewer = town.join(_slice(*range(N_COMMUNITIES)))
    mine = {artist(one, place) for one in range(N_COMMUNITIES) for place in range(ARTISTS_EACH)}
    n_tagged = 0
    for key in victims:
        page = town.app.browsing.look_closely(viewer, key)
        assert (page.effects, page.near, page.their_sound) == ({}, (), None)
        assert set(page.tagged) <= mine
        assert page.match.tags or not page.tagged
        n_tagged += len(page.tagged)
    assert n_tagged > 0


def test_what_a_stranger_reads_is_the_same_of_all_who_show_the_same_tags(town, victims):
    viewer = town.join(_slice(*range(N_COMMUNITIES)))
    seen = {}
    for key in victims:
        page = town.app.browsing.look_closely(viewer, key)
        tags = tuple(tag.key for tag in page.match.tags)
        assert seen.setdefault(tags, (page.tagged, page.traits)) == (page.tagged, page.traits)
    assert len(seen) < len(victims)
