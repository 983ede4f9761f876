"""Leaving out over a real reading and a real database: months from the local Spotify, and no call more."""

import numpy as np
import pytest

from matcher.domain.exclusions import Exclusion, Kind
from matcher.errors import NotInLibrary


@pytest.fixture
def signed_in(earshot):
    running = earshot()
    me = running.sign_in()
    running.refresh(me)
    return running, me, running.replica.service.tastes


def test_everything_but_top_lists_albums_and_followed_artists_is_known_by_its_month(signed_in):
    _, me, tastes = signed_in
    months = tastes.look(me, Kind.PERIOD).entries
    dated = sum(one.n_items for one in months)
    undated = sum(
        one.n_items
        for one in tastes.look(me, Kind.FACET).entries
        if one.thing.value.startswith(("top_", "albums", "followed"))
    )
    assert dated + undated == sum(one.n_items for one in tastes.look(me, Kind.FACET).entries)
    assert len(months) > 12


def test_a_refresh_that_reuses_what_is_known_keeps_the_months(signed_in):
    running, me, tastes = signed_in
    before = tastes.look(me, Kind.PERIOD).entries
    assert not running.refresh(me).changed
    assert tastes.look(me, Kind.PERIOD).entries == before


def test_leaving_out_and_undoing_calls_nobody_and_comes_back_to_the_digit(signed_in):
    running, me, tastes = signed_in
    before = running.kept(me)
    playlist = next(
        one for one in tastes.look(me, Kind.FACET).entries if one.thing.value.startswith("playlists:")
    )
    running.forget_calls()
    assert tastes.leave_out(me, playlist.thing).changed
    assert running.kept(me) != before
    tastes.undo(me, playlist.thing)
    assert running.kept(me) == before
    assert running.calls() == []


def test_a_refresh_in_another_process_leaves_out_what_was_left_out_here(signed_in):
    running, me, tastes = signed_in
    strongest = tastes.look(me, Kind.ARTIST).entries[0]
    tastes.leave_out(me, strongest.thing)
    vector = running.kept(me)[1]
    outcome = running.another().refresh(me)
    assert strongest.thing.value not in outcome.profile.artists
    np.testing.assert_array_equal(running.kept(me)[1], vector)


def test_nobody_can_leave_out_what_they_do_not_have(signed_in):
    _, me, tastes = signed_in
    with pytest.raises(NotInLibrary):
        tastes.leave_out(me, Exclusion(Kind.ARTIST, "'; DROP TABLE exclusions; --"))
