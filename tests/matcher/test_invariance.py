"""What makes no difference to music makes no difference to a profile, and so to its matches."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.domain.library import build_profile
from matcher.scoring.overlap import count_items, overlap, weigh_profile
from tests.matcher.strategies import listenings


def overlaps(one, other):
    frequencies = count_items([one, other])
    mine, theirs = weigh_profile(one, frequencies), weigh_profile(other, frequencies)
    return {kind: overlap(mine[kind], theirs[kind]) for kind in mine}


@given(listenings(), listenings(), st.randoms())
def test_permuting_rows_changes_no_overlap(one, other, rng):
    rows = list(one.hearings)
    rng.shuffle(rows)
    shuffled = build_profile(replace(one, hearings=tuple(rows)))
    there = build_profile(other)
    assert overlaps(shuffled, there) == pytest.approx(overlaps(build_profile(one), there))


@given(listenings(), listenings())
def test_splitting_a_row_into_two_changes_no_overlap(one, other):
    rows = [half for row in one.hearings for half in (replace(row, plays=row.plays / 2),) * 2]
    split = build_profile(replace(one, hearings=tuple(rows)))
    there = build_profile(other)
    assert overlaps(split, there) == pytest.approx(overlaps(build_profile(one), there))


@given(listenings(), listenings())
def test_renaming_listeners_and_playlists_by_id_changes_no_overlap(one, other):
    rows = tuple(replace(row, facet_id=row.facet_id and "new-" + row.facet_id) for row in one.hearings)
    renamed = build_profile(replace(one, listener_id="somebody else", hearings=rows))
    there = build_profile(other)
    assert overlaps(renamed, there) == pytest.approx(overlaps(build_profile(one), there))
